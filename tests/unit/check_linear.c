/* check_linear.c - weights that are a product, and few of them. */
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

CHECK_MAIN("linear", weights_that_are_a_product_take_two_passes, few_weights_take_one_loop)
