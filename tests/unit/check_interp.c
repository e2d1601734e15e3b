/* The reference engine, against values worked out by hand. */
#include "harness.h"
#include "planless.h"

#include <math.h>

#include "code/interp.h"

#define INPUTS(...) ((WeftNode[]) { __VA_ARGS__ })

static PlanlessFrame *run(const Planless *p, PlanlessFrame *f)
{
    WfInterp *interp = wf_interp_new(&p->plan, 0, NULL);

    ck_assert_ptr_nonnull(interp);
    f->frame.closure = interp;
    wf_interp_run(&f->frame);
    wf_interp_free(interp);
    return f;
}

/* The pixel that a band of one type holds, read with a nodata value into an f64 output. */
static double read_as(WeftType type, const void *pixel, bool wide, const double *nodata)
{
    Planless *p = planless_new();
    PlanlessFrame *f;
    double v;

    planless_output(p, planless_load(p, type, wide, nodata), WEFT_F64);
    f = planless_frame(p, 0, 1);
    memcpy(f->in[0], pixel, (size_t)wf_pixel(type)->bytes);
    v = ((double *)run(p, f)->out[0])[0];
    planless_frame_free(f);
    planless_free(p);
    return v;
}

START_TEST(pixels_of_each_type_are_read)
{
    ck_assert_double_eq(read_as(WEFT_U8, &(uint8_t) { 200 }, false, NULL), 200);
    ck_assert_double_eq(read_as(WEFT_I8, &(int8_t) { -100 }, false, NULL), -100);
    ck_assert_double_eq(read_as(WEFT_U16, &(uint16_t) { 65535 }, false, NULL), 65535);
    ck_assert_double_eq(read_as(WEFT_I16, &(int16_t) { -32768 }, false, NULL), -32768);
    ck_assert_double_eq(read_as(WEFT_U32, &(uint32_t) { 4294967295 }, true, NULL), 4294967295);
    ck_assert_double_eq(read_as(WEFT_I32, &(int32_t) { INT32_MIN }, true, NULL), -2147483648.0);
    ck_assert_double_eq(read_as(WEFT_U64, &(uint64_t) { 1ull << 63 }, true, NULL), 0x1p63);
    ck_assert_double_eq(read_as(WEFT_I64, &(int64_t) { -5 }, true, NULL), -5);
    ck_assert_double_eq(read_as(WEFT_F32, &(float) { 0.1f }, false, NULL), 0.1f);
    ck_assert_double_eq(read_as(WEFT_F64, &(double) { 0.1 }, true, NULL), 0.1);
    ck_assert_double_eq(read_as(WEFT_BOOL, &(uint8_t) { 1 }, false, NULL), 1);
}
END_TEST

START_TEST(a_node_held_in_f32_rounds_what_it_reads)
{
    ck_assert_double_eq(read_as(WEFT_U32, &(uint32_t) { 16777217 }, false, NULL), 16777216);
    ck_assert_double_eq(read_as(WEFT_F64, &(double) { 0.1 }, false, NULL), 0.1f);
}
END_TEST

START_TEST(the_nodata_value_is_invalid)
{
    ck_assert_double_nan(read_as(WEFT_U8, &(uint8_t) { 255 }, false, &(double) { 255 }));
    ck_assert_double_nan(read_as(WEFT_I16, &(int16_t) { -9999 }, false, &(double) { -9999 }));
    ck_assert_double_nan(read_as(WEFT_F32, &(float) { 0.1f }, false, &(double) { 0.1 }));
    ck_assert_double_nan(read_as(WEFT_F64, &(double) { NAN }, true, &(double) { 3 }));
    ck_assert_double_nan(read_as(WEFT_I64, &(int64_t) { -7 }, true, &(double) { -7 }));
}
END_TEST

START_TEST(a_value_that_only_rounds_to_nodata_is_valid)
{
    ck_assert_double_eq(read_as(WEFT_F64, &(double) { 0.1 }, true, &(double) { 0.1f }), 0.1);
    ck_assert_double_eq(
        read_as(WEFT_I64, &(int64_t) { (1ll << 53) + 1 }, true, &(double) { 0x1p53 }), 0x1p53);
    ck_assert_double_eq(read_as(WEFT_U8, &(uint8_t) { 1 }, false, &(double) { 1.5 }), 1);
    ck_assert_double_eq(read_as(WEFT_U8, &(uint8_t) { 1 }, false, &(double) { 257 }), 1);
}
END_TEST

START_TEST(stored_floats_have_one_nan)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);
    PlanlessFrame *f;

    planless_output(p, a, WEFT_F32);
    planless_output(p, a, WEFT_F64);
    f = planless_frame(p, 0, 1);
    memcpy(f->in[0], &(uint32_t) { 0xffc12345 }, 4);
    run(p, f);
    ck_assert_uint_eq(*(uint32_t *)f->out[0], 0x7fc00000);
    ck_assert_uint_eq(*(uint64_t *)f->out[1], 0x7ff8000000000000);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

START_TEST(an_invalid_pixel_stored_as_an_integer_is_0)
{
    Planless *p = planless_new();
    PlanlessFrame *f;

    planless_output(p, planless_load(p, WEFT_F32, false, NULL), WEFT_I16);
    f = planless_frame(p, 0, 2);
    ((float *)f->in[0])[0] = NAN;
    ((float *)f->in[0])[1] = -32768;
    ((int16_t *)f->out[0])[0] = 5;
    run(p, f);
    ck_assert_int_eq(((int16_t *)f->out[0])[0], 0);
    ck_assert_int_eq(((int16_t *)f->out[0])[1], -32768);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

START_TEST(a_constant_is_rounded_where_it_is_used)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F64, true, NULL), tenth = planless_constant(p, 0.1);
    PlanlessFrame *f;

    planless_output(p, planless_op(p, "add", true, INPUTS(a, tenth)), WEFT_F64);
    planless_output(p, tenth, WEFT_F64);
    f = run(p, planless_frame(p, 0, 1));
    ck_assert_double_eq(((double *)f->out[0])[0], 0.1);
    ck_assert_double_eq(((double *)f->out[1])[0], 0.1f);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

START_TEST(places_count_from_the_corner_of_the_raster)
{
    Planless *p = planless_new();
    PlanlessFrame *f;

    planless_output(p, planless_op(p, "col", false, NULL), WEFT_F32);
    planless_output(p, planless_op(p, "row", false, NULL), WEFT_F32);
    f = run(p, planless_frame(p, 0, 70));
    ck_assert_float_eq(((float *)f->out_rows[0][2])[69] - ((float *)f->out_rows[0][2])[0], 69);
    ck_assert_float_eq(((float *)f->out_rows[1][2])[69] - ((float *)f->out_rows[1][0])[0], 2);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

/* Floats to u8: those that are clipped are counted. */
static Planless *watched_cast(void)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);
    WeftNode cast = planless_op_with(p, "cast", false, INPUTS(a), (double[]) { WEFT_U8, 0, 0 });

    planless_output(p, cast, WEFT_U8);
    planless_watch(p, cast);
    return p;
}

START_TEST(watches_count_pixels_below_width_and_keep_the_first)
{
    Planless *p = watched_cast();
    PlanlessFrame *f = planless_frame(p, 0, 10);

    ((float *)f->in_rows[0][1])[4] = 256;
    ((float *)f->in_rows[0][1])[9] = -1;
    ((float *)f->in_rows[0][2])[0] = 1e9f;
    ((float *)f->in_rows[0][0])[10] = 300; /* padding */
    run(p, f);
    ck_assert_int_eq(f->watch[0].count, 3);
    ck_assert_int_eq(f->watch[0].first, (11 + 1) * 1000 + 7 + 4);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

START_TEST(watches_add_to_what_is_there)
{
    Planless *p = watched_cast();
    PlanlessFrame *f = planless_frame(p, 0, 10);

    ((float *)f->in[0])[0] = -1;
    f->watch[0] = (WfWatch) { .count = 5, .first = 3 };
    run(p, f);
    ck_assert_int_eq(f->watch[0].count, 6);
    ck_assert_int_eq(f->watch[0].first, 3);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

START_TEST(a_band_that_is_no_input_is_an_error)
{
    Planless *p = planless_new();
    WeftErr err = { 0 };

    planless_output(p, planless_load(p, WEFT_U8, false, NULL), WEFT_U8);
    p->kernels[0].input_count = 0;
    ck_assert_ptr_null(wf_interp_new(&p->plan, 0, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    planless_free(p);
}
END_TEST

START_TEST(running_out_of_memory_leaks_nothing)
{
    Planless *p = planless_new();
    WfInterp *interp = NULL;

    planless_output(p, planless_load(p, WEFT_U8, false, NULL), WEFT_U8);
    for (int n = 1; !interp; n++) {
        WeftErr err = { 0 };

        wf_mem_fail_at(n);
        interp = wf_interp_new(&p->plan, 0, &err);
        ck_assert(interp || err.code == WEFT_EMEM);
        ck_assert_int_lt(n, 20);
    }
    wf_mem_fail_at(0);
    wf_interp_free(interp);
    planless_free(p);
}
END_TEST

CHECK_MAIN("interp", pixels_of_each_type_are_read, a_node_held_in_f32_rounds_what_it_reads,
           the_nodata_value_is_invalid, a_value_that_only_rounds_to_nodata_is_valid,
           stored_floats_have_one_nan, an_invalid_pixel_stored_as_an_integer_is_0,
           a_constant_is_rounded_where_it_is_used, places_count_from_the_corner_of_the_raster,
           watches_count_pixels_below_width_and_keep_the_first, watches_add_to_what_is_there,
           a_band_that_is_no_input_is_an_error, running_out_of_memory_leaks_nothing)
