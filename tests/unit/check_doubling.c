/* check_doubling.c - what a statistic of long windows costs in nodes. */
#include "harness.h"

#include "shapes.h"

START_TEST(cost_grows_with_the_logarithm_of_the_length)
{
    static double weights[255 * 255];
    WfFocal f = { .stat = WF_STAT_MEAN, .weights = weights, .beyond = WF_BEYOND_REFLECT };
    int few, many;

    for (int i = 0; i < 255 * 255; i++)
        weights[i] = 1;
    f.width = f.height = 5;
    few = shapes_nodes(WEFT_U8, false, &f, "neighbour");
    ck_assert_int_eq(few, 10);
    f.width = f.height = 101;
    many = shapes_nodes(WEFT_U8, false, &f, "neighbour");
    ck_assert_int_le(many, 3 * few + 4);
    f.width = f.height = 255;
    ck_assert_int_le(shapes_nodes(WEFT_U8, false, &f, "neighbour"), 5 * few);
}
END_TEST

START_TEST(skipping_costs_at_most_twice)
{
    static const WfStat stats[] = { WF_STAT_MEAN, WF_STAT_SUM, WF_STAT_MIN, WF_STAT_MAX };
    Shape s;

    for (int shape = 2; shape <= 5; shape++)
        for (size_t i = 0; i < sizeof stats / sizeof *stats; i++) {
            WfFocal f;
            int plainly, skipping;

            shapes_make(&s, shape);
            f = shapes_focal(&s, stats[i]);
            f.beyond = WF_BEYOND_REFLECT;
            f.missing = WF_MISSING_PROPAGATE;
            plainly = shapes_nodes(WEFT_F32, true, &f, "neighbour");
            f.missing = WF_MISSING_CENTER;
            skipping = shapes_nodes(WEFT_F32, true, &f, "neighbour");
            ck_assert_int_le(skipping, 2 * plainly);
        }
}
END_TEST

CHECK_MAIN("doubling", cost_grows_with_the_logarithm_of_the_length, skipping_costs_at_most_twice)
