/* check_native.c - kernels are called with the right arguments, in the right type. */
#include "harness.h"

#include <math.h>

#include "graph/native.h"

static float none_f32(void)
{
    return 7;
}

static float digits_f32(float a, float b, float c)
{
    return 100 * a + 10 * b + c;
}

static double digits_f64(double a, double b, double c)
{
    return 100 * a + 10 * b + c;
}

static double ten_f64(double a, double b, double c, double d, double e, double f, double g,
                      double h, double i, double j)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
}

static float ten_f32(float a, float b, float c, float d, float e, float f, float g, float h,
                     float i, float j)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
}

#define REALS_6(px, a) px a##1, px a##2, px a##3, px a##4, px a##5, px a##6
#define WEIGHED_6(a, w)                                                                       \
    ((w) * a##1 + ((w) + 1) * a##2 + ((w) + 2) * a##3 + ((w) + 3) * a##4 + ((w) + 4) * a##5 + \
     ((w) + 5) * a##6)
#define MOST(px, name)                                                                  \
    static px name(REALS_6(px, a), REALS_6(px, b), REALS_6(px, c), REALS_6(px, d))      \
    {                                                                                   \
        return WEIGHED_6(a, 1) + WEIGHED_6(b, 7) + WEIGHED_6(c, 13) + WEIGHED_6(d, 19); \
    }
MOST(float, most_f32)
MOST(double, most_f64)

static double place_f64(int64_t col, int64_t row, double a)
{
    return (double)col + 10 * (double)row + 100 * a;
}

static float place_f32(int64_t col, int64_t row, float a)
{
    return (float)col + 10 * (float)row + 100 * a;
}

static float third_f32(float a)
{
    return a / 3;
}

static double third_f64(double a)
{
    return a / 3;
}

static float invalid_f32(float a)
{
    return isnan(a) ? 1 : 0;
}

static double invalid_f64(double a)
{
    return isnan(a) ? 1 : 0;
}

static const WeftOp third = {
    .name = "third",
    .inputs = 1,
    .kernel = { (WeftKernel)third_f32, (WeftKernel)third_f64 },
    .watch = { (WeftKernel)invalid_f32, (WeftKernel)invalid_f64 },
};

static const WeftOp digits = {
    .name = "digits",
    .inputs = 1,
    .kernel = { (WeftKernel)digits_f32, (WeftKernel)digits_f64 },
    .params = (const WeftParam[]) { { .name = "factor", .kind = WEFT_PARAM_REAL },
                                    { .name = "low" },
                                    { .name = NULL } },
};

static const WeftOp place = {
    .name = "place",
    .shape = WEFT_INDEX,
    .kernel = { (WeftKernel)place_f32, (WeftKernel)place_f64 },
    .params = (const WeftParam[]) { { .name = "a", .kind = WEFT_PARAM_REAL }, { .name = NULL } },
};

static const WeftOp decides = {
    .name = "decides",
    .inputs = 1,
    .invalid = WEFT_DECIDES,
    .kernel = { (WeftKernel)invalid_f32, (WeftKernel)invalid_f64 },
};

START_TEST(a_kernel_without_arguments_is_called)
{
    ck_assert_double_eq(wf_native_call((WeftKernel)none_f32, false, NULL, 0), 7);
}
END_TEST

START_TEST(arguments_keep_their_order)
{
    double args[] = { 1, 2, 3 };

    ck_assert_double_eq(wf_native_call((WeftKernel)digits_f32, false, args, 3), 123);
    ck_assert_double_eq(wf_native_call((WeftKernel)digits_f64, true, args, 3), 123);
}
END_TEST

START_TEST(ten_arguments_arrive)
{
    double args[] = { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 };

    ck_assert_double_eq(wf_native_call((WeftKernel)ten_f64, true, args, 10), 220);
    ck_assert_double_eq(wf_native_call((WeftKernel)ten_f32, false, args, 10), 220);
}
END_TEST

START_TEST(as_many_arguments_arrive_as_there_may_be)
{
    double args[WEFT_ARGS_MAX], sum = 0;

    for (int i = 0; i < WEFT_ARGS_MAX; i++) {
        args[i] = WEFT_ARGS_MAX - i;
        sum += args[i] * (i + 1);
    }
    ck_assert_double_eq(wf_native_call((WeftKernel)most_f64, true, args, WEFT_ARGS_MAX), sum);
    ck_assert_double_eq(wf_native_call((WeftKernel)most_f32, false, args, WEFT_ARGS_MAX), sum);
}
END_TEST

START_TEST(arguments_of_a_narrow_kernel_are_rounded)
{
    double v = 0.1;

    ck_assert_double_eq(wf_native_call((WeftKernel)third_f32, false, &v, 1), 0.1f / 3);
    ck_assert_double_eq(wf_native_call((WeftKernel)third_f64, true, &v, 1), 0.1 / 3);
}
END_TEST

START_TEST(an_index_kernel_is_given_its_place_first)
{
    WfNode node = { .op = &place, .settings = (double[]) { 7 }, .setting_count = 1 };
    double v = 7;

    ck_assert_double_eq(wf_native_call_at((WeftKernel)place_f32, false, 2, 3, &v, 1), 732);
    node.wide = node.wide_inside = true;
    ck_assert_double_eq(wf_native_node(&node, NULL, 2, 3), 732);
}
END_TEST

START_TEST(settings_follow_inputs)
{
    WfNode node = { .op = &digits, .input_count = 2, .setting_count = 1 };

    node.settings = (double[]) { 3 };
    ck_assert_double_eq(wf_native_node(&node, (double[]) { 1, 2 }, 0, 0), 123);
}
END_TEST

START_TEST(a_node_computes_and_is_held_in_its_own_types)
{
    WfNode node = { .op = &third, .input_count = 1 };
    double v = 0.1;

    ck_assert_double_eq(wf_native_node(&node, &v, 0, 0), 0.1f / 3);
    node.wide_inside = true;
    ck_assert_double_eq(wf_native_node(&node, &v, 0, 0), (float)(0.1 / 3));
    node.wide = true;
    ck_assert_double_eq(wf_native_node(&node, &v, 0, 0), 0.1 / 3);
}
END_TEST

START_TEST(invalid_spreads_from_inputs_and_numbers)
{
    WfNode node = { .op = &digits, .input_count = 2, .setting_count = 1 };

    node.settings = (double[]) { 3 };
    ck_assert_double_nan(wf_native_node(&node, (double[]) { NAN, 2 }, 0, 0));
    ck_assert_double_nan(wf_native_node(&node, (double[]) { 1, NAN }, 0, 0));
}
END_TEST

START_TEST(a_kernel_that_decides_is_given_invalid)
{
    WfNode node = { .op = &decides, .input_count = 1 };

    ck_assert_double_eq(wf_native_node(&node, (double[]) { NAN }, 0, 0), 1);
}
END_TEST

START_TEST(a_constant_keeps_all_its_digits)
{
    WfNode node = { .op = &wf_op_constant, .value = 0.1 };

    ck_assert_double_eq(wf_native_node(&node, NULL, 0, 0), 0.1);
}
END_TEST

START_TEST(a_watch_answers_for_the_pixel)
{
    WfNode node = { .op = &third, .input_count = 1 };

    ck_assert(wf_native_watch(&node, (double[]) { NAN }));
    node.wide_inside = true;
    ck_assert(!wf_native_watch(&node, (double[]) { 2 }));
}
END_TEST

CHECK_MAIN("native", a_kernel_without_arguments_is_called, arguments_keep_their_order,
           ten_arguments_arrive, as_many_arguments_arrive_as_there_may_be,
           arguments_of_a_narrow_kernel_are_rounded, an_index_kernel_is_given_its_place_first,
           settings_follow_inputs, a_node_computes_and_is_held_in_its_own_types,
           invalid_spreads_from_inputs_and_numbers, a_kernel_that_decides_is_given_invalid,
           a_constant_keeps_all_its_digits, a_watch_answers_for_the_pixel)
