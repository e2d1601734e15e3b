/* check_linear.c - weights that are a product, few of them, and such as add up to 0. */
#include "harness.h"

#include "shapes.h"

START_TEST(weights_that_are_a_product_take_two_passes)
{
    Shape s;
    WfFocal f;

    shapes_make(&s, 10);
    f = shapes_focal(&s, WF_STAT_SUM);
    f.beyond = WF_BEYOND_REFLECT;
    f.missing = WF_MISSING_PROPAGATE;
    ck_assert_int_eq(shapes_nodes(WEFT_F32, true, &f, "neighbour"), 18);
    s.weights[0] *= 2;
    ck_assert_int_eq(shapes_nodes(WEFT_F32, true, &f, "neighbour"), 81);
}
END_TEST

START_TEST(few_weights_take_one_loop)
{
    Shape s = { .width = 3, .height = 3, .weights = { -1, 0, 1, -2, 0, 2, -1, 0, 1 } };
    WfFocal f = shapes_focal(&s, WF_STAT_SUM);

    f.missing = WF_MISSING_PROPAGATE;
    f.beyond = WF_BEYOND_REFLECT;
    ck_assert_int_eq(shapes_nodes(WEFT_F32, true, &f, "neighbour"), 6);
}
END_TEST

/* Every pixel of a flat raster, at a height whose multiples f32 does not hold. */
static void check_flat(const WfFocal *f, WeftType type, double height, double wanted,
                       const char *name)
{
    Windows *w = windows_new(type, 20, 19, false);
    WeftNode node;

    for (int i = 0; i < 20 * 19; i++)
        w->pixel[i] = height;
    node = shapes_apply(w, f);
    for (int i = 0; i < 20 * 19; i++) {
        double got = windows_at(w, node, i % 20, i / 20, 15);

        ck_assert_msg(got == wanted, "%s, edges %d, invalid %d: %.17g at (%d, %d)", name, f->beyond,
                      f->missing, got, i % 20, i / 20);
    }
    windows_free(w);
}

START_TEST(weights_that_add_up_to_0_give_0_on_flat_ground)
{
    static const WfBeyond beyond[] = { WF_BEYOND_REFLECT, WF_BEYOND_NEAREST, WF_BEYOND_WRAP };
    static const double heights[] = { 12345679, (float)1000000.1, (float)-0.1 };

    for (int shape = 0; shape < SHAPES_VANISHING; shape++)
        for (int edges = 0; edges < 3; edges++)
            for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++)
                for (int h = 0; h < 3; h++) {
                    Shape s;
                    WfFocal f;

                    shapes_vanishing(&s, shape);
                    f = shapes_focal(&s, WF_STAT_SUM);
                    f.beyond = beyond[edges];
                    f.missing = (WfMissing)missing;
                    check_flat(&f, WEFT_F32, heights[h], 0, s.name);
                    check_flat(&f, WEFT_F64, heights[h] / 3, 0, s.name);
                }
}
END_TEST

START_TEST(means_of_flat_ground_are_its_height)
{
    static const double heights[] = { 12345679, (float)1000000.1, (float)-0.1 };

    for (int shape = 0; shape < 11; shape++)
        for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++)
            for (int h = 0; h < 3; h++) {
                Shape s;
                WfFocal f;

                shapes_make(&s, shape);
                f = shapes_focal(&s, WF_STAT_MEAN);
                f.missing = (WfMissing)missing;
                f.beyond = missing == WF_MISSING_PROPAGATE ? WF_BEYOND_MIRROR : WF_BEYOND_SHRINK;
                if (h % 2 || shape < 8) /* annuli have no cell in corners */
                    check_flat(&f, WEFT_F32, heights[h], heights[h], s.name);
            }
}
END_TEST

static int nodes_of(WeftType type, WfStat stat, bool vanishing, const char *op)
{
    Shape s = { .width = 3, .height = 3, .weights = { -1, 0, 1, -2, 0, 2, -1, 0, 1 } };
    WfFocal f;

    if (!vanishing)
        shapes_rectangle(&s, 15, 15);
    f = shapes_focal(&s, stat);
    f.beyond = WF_BEYOND_REFLECT;
    f.missing = WF_MISSING_PROPAGATE;
    return shapes_nodes(type, true, &f, op);
}

START_TEST(integers_add_up_as_they_are)
{
    ck_assert_int_eq(nodes_of(WEFT_U8, WF_STAT_MEAN, false, "widen"), 0);
    ck_assert_int_gt(nodes_of(WEFT_F32, WF_STAT_MEAN, false, "widen"), 0);
    ck_assert_int_eq(nodes_of(WEFT_F64, WF_STAT_MEAN, false, "widen"), 0);
    ck_assert_int_eq(nodes_of(WEFT_I16, WF_STAT_SUM, true, "sub"), 0);
}
END_TEST

START_TEST(opposite_weights_share_a_difference)
{
    ck_assert_int_eq(nodes_of(WEFT_F32, WF_STAT_SUM, true, "sub"), 3);
    ck_assert_int_eq(nodes_of(WEFT_F32, WF_STAT_SUM, true, "level"), 0);
}
END_TEST

/* An infinite cell makes the sum infinite, wherever it is in the window. */
START_TEST(infinities_are_not_lost_in_differences)
{
    Shape s;
    WfFocal f;

    shapes_vanishing(&s, 2);
    f = shapes_focal(&s, WF_STAT_SUM);
    f.beyond = WF_BEYOND_REFLECT;
    for (int i = 0; i < 9; i++) {
        Windows *w = windows_new(WEFT_F32, 9, 9, false);
        WeftNode node;
        double got;

        w->pixel[(3 + i / 3) * 9 + 3 + i % 3] = INFINITY;
        node = shapes_apply(w, &f);
        got = windows_at(w, node, 4, 4, 2);
        if (s.weights[i] == 0)
            ck_assert(isfinite(got));
        else
            ck_assert_double_eq(got, s.weights[i] * INFINITY);
        windows_free(w);
    }
}
END_TEST

START_TEST(memory_that_fails_is_said)
{
    for (int shape = 2; shape < SHAPES_VANISHING; shape += 2)
        for (int64_t n = 1; n < 100000; n += 1 + n / 8) {
            Windows *w = windows_new(WEFT_F32, 9, 7, true);
            WeftErr err = { 0 };
            WfFocal f;
            Shape s;
            WeftNode node;

            shapes_vanishing(&s, shape);
            f = shapes_focal(&s, WF_STAT_SUM);
            f.missing = WF_MISSING_FILL_CENTER;
            wf_mem_fail_at(n);
            node = wf_focal_apply(w->graph, w->input, &f, &err);
            wf_mem_fail_at(0);
            ck_assert((node == WEFT_NONE) == (err.code == WEFT_EMEM));
            windows_free(w);
            if (node != WEFT_NONE)
                break;
        }
}
END_TEST

CHECK_MAIN("linear", weights_that_are_a_product_take_two_passes, few_weights_take_one_loop,
           weights_that_add_up_to_0_give_0_on_flat_ground, means_of_flat_ground_are_its_height,
           integers_add_up_as_they_are, opposite_weights_share_a_difference,
           infinities_are_not_lost_in_differences, memory_that_fails_is_said)
