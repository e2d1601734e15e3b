/* check_describe.c - range, type and width of results, from those of the operands. */
#include "harness.h"

#include <float.h>
#include <math.h>

#include "base/pixel.h"
#include "pass/describe.h"

static WfOperand whole_raster(double lo, double hi)
{
    WfOperand o = wf_describe_file(WEFT_I64, true, false);

    o.range.lo = lo;
    o.range.hi = hi;
    o.wide = fmax(-lo, hi) > 0x1p24;
    return o;
}

static WfOperand describe(const WeftOp *op, WfOperand a, WfOperand b)
{
    WfOperand operands[] = { a, b };
    WeftRange ranges[2];

    return wf_describe(op, operands, 2, 2, NULL, 0, NULL, ranges);
}

static WeftRange sum_range(const WeftRange *in, int count)
{
    WeftRange r = { .whole = true, .valid = true };

    for (int i = 0; i < count; i++) {
        r.lo += in[i].lo;
        r.hi += in[i].hi;
        r.whole &= in[i].whole;
    }
    return r;
}

static WeftRange nan_range(const WeftRange *in, int count)
{
    (void)in;
    (void)count;
    return (WeftRange) { .lo = NAN, .hi = NAN, .whole = true, .valid = true };
}

static const WeftOp sum = { .gives = WEFT_GIVES_ARITH, .range = sum_range };
static const WeftOp real_sum = { .gives = WEFT_GIVES_REAL, .range = sum_range };
static const WeftOp keep = { .gives = WEFT_GIVES_KEEP };
static const WeftOp bare = { .gives = WEFT_GIVES_ARITH };

START_TEST(integers_are_held_by_their_interval)
{
    static const struct {
        double lo, hi;
        WeftType type;
        bool wide, inexact;
    } cases[] = {
        { 0, 255, WEFT_U8, false, false },         { 0, 256, WEFT_I16, false, false },
        { 0, 32768, WEFT_U16, false, false },      { -1, 255, WEFT_I16, false, false },
        { -1, 40000, WEFT_I32, false, false },     { 0, 0x1p24, WEFT_I32, false, false },
        { 0, 0x1p24 + 1, WEFT_I32, true, false },  { -0x1p24, 0, WEFT_I32, false, false },
        { -0x1p24 - 1, 0, WEFT_I32, true, false }, { 0, 0x1p32 - 1, WEFT_U32, true, false },
        { 0, 0x1p32, WEFT_I64, true, false },      { 0, 0x1p53, WEFT_I64, true, false },
        { 0, 0x1p53 + 2, WEFT_F64, true, true },   { -0x1p53 - 2, 0, WEFT_F64, true, true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfOperand r = describe(&sum, whole_raster(cases[i].lo, cases[i].hi), whole_raster(0, 0));

        ck_assert_msg(r.type == cases[i].type, "case %zu: %s", i, weft_type_name(r.type));
        ck_assert_msg(r.wide == cases[i].wide, "case %zu", i);
        ck_assert_msg(r.inexact == cases[i].inexact, "case %zu", i);
        ck_assert(r.range.whole);
    }
}
END_TEST

START_TEST(a_real_result_is_f64_beside_a_wide_integer)
{
    WfOperand f32 = wf_describe_file(WEFT_F32, false, false);

    ck_assert_int_eq(describe(&real_sum, f32, whole_raster(0, 0x1p24)).type, WEFT_F32);
    ck_assert_int_eq(describe(&real_sum, f32, whole_raster(0, 0x1p24 + 1)).type, WEFT_F64);
}
END_TEST

START_TEST(a_real_result_is_f64_beside_an_f64)
{
    WfOperand f32 = wf_describe_file(WEFT_F32, false, false);
    WfOperand f64 = wf_describe_file(WEFT_F64, false, false);

    ck_assert_int_eq(describe(&real_sum, f32, f32).type, WEFT_F32);
    ck_assert_int_eq(describe(&real_sum, f32, f64).type, WEFT_F64);
}
END_TEST

START_TEST(real_numbers_never_widen)
{
    WfOperand f32 = wf_describe_file(WEFT_F32, false, false);
    WfOperand r = describe(&sum, f32, wf_describe_constant(1e30, false, false, true));

    ck_assert_int_eq(r.type, WEFT_F32);
    ck_assert(!r.wide && !r.wide_inside);
}
END_TEST

START_TEST(integer_numbers_widen_by_their_value)
{
    WfOperand f32 = wf_describe_file(WEFT_F32, false, false);

    ck_assert(!describe(&sum, f32, wf_describe_constant(0x1p24, true, false, true)).wide);
    ck_assert(describe(&sum, f32, wf_describe_constant(0x1p24 + 1, true, false, true)).wide);
}
END_TEST

START_TEST(results_of_numbers_are_numbers_in_f64)
{
    WfOperand r = describe(&sum, wf_describe_constant(1, true, false, true),
                           wf_describe_constant(0.5, false, false, true));

    ck_assert(r.number && r.wide && r.wide_inside);
    ck_assert_double_eq(r.range.lo, 1.5);
    ck_assert_int_eq(r.type, WEFT_F64);
}
END_TEST

START_TEST(a_number_written_as_an_integer_keeps_integers)
{
    WfOperand u8 = wf_describe_file(WEFT_U8, true, false);

    ck_assert_int_eq(describe(&sum, u8, wf_describe_constant(3, true, false, true)).type, WEFT_I16);
    ck_assert_int_eq(describe(&sum, u8, wf_describe_constant(3, false, false, true)).type,
                     WEFT_F32);
}
END_TEST

START_TEST(a_wide_operand_makes_the_kernel_compute_in_f64)
{
    static const WeftOp test = { .gives = WEFT_GIVES_BOOL };
    WfOperand r = describe(&test, whole_raster(0, 0x1p31), whole_raster(0, 5));

    ck_assert(!r.wide && r.wide_inside);
    ck_assert_int_eq(r.type, WEFT_BOOL);
    ck_assert(r.range.boolean);
}
END_TEST

START_TEST(keep_gives_the_common_type)
{
    static const struct {
        WeftType a, b, common;
    } cases[] = {
        { WEFT_U8, WEFT_U8, WEFT_U8 },    { WEFT_I8, WEFT_I8, WEFT_I8 },
        { WEFT_U8, WEFT_I8, WEFT_I16 },   { WEFT_U16, WEFT_I16, WEFT_I32 },
        { WEFT_U32, WEFT_I8, WEFT_I64 },  { WEFT_U8, WEFT_I32, WEFT_I32 },
        { WEFT_U64, WEFT_I64, WEFT_F64 }, { WEFT_U16, WEFT_F32, WEFT_F32 },
        { WEFT_I32, WEFT_F32, WEFT_F64 }, { WEFT_F32, WEFT_F64, WEFT_F64 },
        { WEFT_BOOL, WEFT_U8, WEFT_U8 },  { WEFT_BOOL, WEFT_BOOL, WEFT_BOOL },
        { WEFT_BOOL, WEFT_I8, WEFT_I8 },  { WEFT_U32, WEFT_U16, WEFT_U32 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfOperand a = wf_describe_file(cases[i].a, true, false);
        WfOperand b = wf_describe_file(cases[i].b, true, false);

        ck_assert_int_eq(wf_describe_common(cases[i].a, cases[i].b), cases[i].common);
        ck_assert_int_eq(wf_describe_common(cases[i].b, cases[i].a), cases[i].common);
        ck_assert_msg(describe(&keep, a, b).type == cases[i].common, "case %zu", i);
    }
}
END_TEST

START_TEST(keep_grows_for_a_number_beyond_the_type)
{
    WfOperand u8 = wf_describe_file(WEFT_U8, true, false);

    ck_assert_int_eq(describe(&keep, u8, wf_describe_constant(255, true, false, true)).type,
                     WEFT_U8);
    ck_assert_int_eq(describe(&keep, u8, wf_describe_constant(-1, true, false, true)).type,
                     WEFT_I16);
    ck_assert_int_eq(describe(&keep, u8, wf_describe_constant(0.5, false, false, true)).type,
                     WEFT_F32);
}
END_TEST

START_TEST(null_takes_no_part_in_type_or_range)
{
    WfOperand u8 = wf_describe_file(WEFT_U8, true, false);
    WfOperand r = describe(&keep, u8, wf_describe_constant(NAN, false, false, true));

    ck_assert_int_eq(r.type, WEFT_U8);
    ck_assert_double_eq(r.range.lo, 0);
    ck_assert_double_eq(r.range.hi, 255);
    ck_assert(!r.range.valid);
}
END_TEST

START_TEST(an_unknown_range_is_unbounded)
{
    static const WeftOp odd = { .gives = WEFT_GIVES_ARITH, .range = nan_range };
    WfOperand r = describe(&odd, whole_raster(0, 1), whole_raster(0, 1));

    ck_assert_double_eq(r.range.lo, -INFINITY);
    ck_assert_double_eq(r.range.hi, INFINITY);
    ck_assert(r.inexact && r.type == WEFT_F64);
}
END_TEST

START_TEST(without_a_range_function_nothing_is_proven_valid)
{
    WfOperand r = describe(&bare, whole_raster(0, 1), whole_raster(0, 1));

    ck_assert(!r.range.valid);
    ck_assert(r.range.whole); /* integers from integers all the same */
}
END_TEST

START_TEST(an_invalid_operand_spreads_unless_the_kernel_decides)
{
    static const WeftOp decides = { .gives = WEFT_GIVES_ARITH,
                                    .range = sum_range,
                                    .invalid = WEFT_DECIDES };
    WfOperand gaps = wf_describe_file(WEFT_U8, false, false);

    ck_assert(!describe(&sum, gaps, whole_raster(0, 1)).range.valid);
    ck_assert(describe(&decides, gaps, whole_raster(0, 1)).range.valid);
}
END_TEST

START_TEST(ends_of_real_ranges_move_outward_to_floats)
{
    WfOperand u8 = wf_describe_file(WEFT_U8, true, false);
    WfOperand r = describe(&sum, u8, wf_describe_constant(0.1, false, false, true));

    ck_assert_double_le(r.range.lo, (double)0.1f);
    ck_assert_double_le(r.range.lo, 0.1);
    ck_assert_double_ge(r.range.hi, 255.1);
    ck_assert_double_eq(r.range.hi, (double)(float)r.range.hi);
}
END_TEST

START_TEST(real_ranges_beyond_f32_reach_infinity)
{
    WfOperand u8 = wf_describe_file(WEFT_U8, true, false);
    WfOperand r = describe(&sum, u8, wf_describe_constant(1e300, false, false, true));

    ck_assert_double_eq(r.range.hi, INFINITY);
}
END_TEST

START_TEST(files_have_their_types_range)
{
    ck_assert_double_eq(wf_describe_file(WEFT_I16, true, false).range.lo, -32768);
    ck_assert_double_eq(wf_describe_file(WEFT_U64, true, false).range.hi, 0x1p64);
    ck_assert_double_eq(wf_describe_file(WEFT_F32, true, false).range.hi, INFINITY);
    ck_assert(!wf_describe_file(WEFT_F32, true, false).range.valid); /* NaN may be in it */
    ck_assert(wf_describe_file(WEFT_U8, true, false).range.valid);
    ck_assert(wf_describe_file(WEFT_I64, true, true).inexact);
    ck_assert(!wf_describe_file(WEFT_I64, true, false).inexact);
    ck_assert(wf_describe_file(WEFT_U32, true, false).wide);
    ck_assert(!wf_describe_file(WEFT_U16, true, false).wide);
}
END_TEST

START_TEST(a_real_constant_on_a_grid_is_f32)
{
    WfOperand r = wf_describe_constant(0.1, false, false, false);

    ck_assert(!r.wide);
    ck_assert_int_eq(r.type, WEFT_F32);
}
END_TEST

CHECK_MAIN("describe", integers_are_held_by_their_interval,
           a_real_result_is_f64_beside_a_wide_integer, a_real_result_is_f64_beside_an_f64,
           real_numbers_never_widen, integer_numbers_widen_by_their_value,
           results_of_numbers_are_numbers_in_f64, a_number_written_as_an_integer_keeps_integers,
           a_wide_operand_makes_the_kernel_compute_in_f64, keep_gives_the_common_type,
           keep_grows_for_a_number_beyond_the_type, null_takes_no_part_in_type_or_range,
           an_unknown_range_is_unbounded, without_a_range_function_nothing_is_proven_valid,
           an_invalid_operand_spreads_unless_the_kernel_decides,
           ends_of_real_ranges_move_outward_to_floats, real_ranges_beyond_f32_reach_infinity,
           files_have_their_types_range, a_real_constant_on_a_grid_is_f32)
