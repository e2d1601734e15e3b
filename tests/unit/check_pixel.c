/* check_pixel.c - names, sizes and ranges of the pixel types. */
#include "harness.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/pixel.h"

START_TEST(names_lead_back_to_types)
{
    for (int type = 0; type < WEFT_TYPE_COUNT; type++) {
        WeftErr err = { 0 };

        ck_assert_int_eq(weft_type_of(weft_type_name((WeftType)type), &err), type);
        ck_assert_int_eq(err.code, WEFT_OK);
    }
}
END_TEST

START_TEST(types_have_the_names_of_gdal_and_numpy_too)
{
    WeftErr err = { 0 };

    ck_assert_int_eq(weft_type_of("Byte", &err), WEFT_U8);
    ck_assert_int_eq(weft_type_of("UInt16", &err), WEFT_U16);
    ck_assert_int_eq(weft_type_of("int64", &err), WEFT_I64);
    ck_assert_int_eq(weft_type_of("Float64", &err), WEFT_F64);
    ck_assert_int_eq(err.code, WEFT_OK);
}
END_TEST

START_TEST(an_unknown_type_is_an_error_with_the_names)
{
    WeftErr err = { 0 };

    ck_assert_int_eq(weft_type_of("Float46", &err), WEFT_AUTO);
    ck_assert_int_eq(err.code, WEFT_ENAME);
    ck_assert_ptr_nonnull(strstr(err.hint, "f64"));
}
END_TEST

START_TEST(smallest_types_hold_their_range_exactly)
{
    ck_assert_int_eq(wf_pixel_smallest(0, 255), WEFT_U8);
    ck_assert_int_eq(wf_pixel_smallest(0, 256), WEFT_I16);
    ck_assert_int_eq(wf_pixel_smallest(0, 40000), WEFT_U16);
    ck_assert_int_eq(wf_pixel_smallest(-1, 32768), WEFT_I32);
    ck_assert_int_eq(wf_pixel_smallest(0, 0x1p32 - 1), WEFT_U32);
    ck_assert_int_eq(wf_pixel_smallest(-1, 0x1p32), WEFT_I64);
    ck_assert_int_eq(wf_pixel_smallest(0, INFINITY), WEFT_F64);
    ck_assert_int_eq(wf_pixel_smallest(NAN, NAN), WEFT_F64);
}
END_TEST

START_TEST(integer_types_hold_whole_numbers_inside)
{
    ck_assert(wf_pixel_holds(WEFT_U8, 255));
    ck_assert(!wf_pixel_holds(WEFT_U8, 256));
    ck_assert(!wf_pixel_holds(WEFT_U8, 1.5));
    ck_assert(!wf_pixel_holds(WEFT_U16, -9999));
    ck_assert(!wf_pixel_holds(WEFT_I32, NAN));
    ck_assert(!wf_pixel_holds(WEFT_BOOL, 2));
    ck_assert(wf_pixel_holds(WEFT_I64, -0x1p63));
    ck_assert(!wf_pixel_holds(WEFT_I64, 0x1p63));
    ck_assert(!wf_pixel_holds(WEFT_U64, 0x1p64));
}
END_TEST

START_TEST(f32_holds_what_rounds_to_a_float)
{
    ck_assert(wf_pixel_holds(WEFT_F32, 0.1));
    ck_assert(wf_pixel_holds(WEFT_F32, NAN));
    ck_assert(wf_pixel_holds(WEFT_F32, -(double)FLT_MAX));
    ck_assert(wf_pixel_holds(WEFT_F32, 3.4028235e38)); /* a common nodata, just above FLT_MAX */
    ck_assert(!wf_pixel_holds(WEFT_F32, 1e39));
    for (double v = FLT_MAX; v < 3.5e38; v += 0x1p101)
        ck_assert_int_eq(wf_pixel_holds(WEFT_F32, v), isfinite((float)v) != 0);
}
END_TEST

START_TEST(f64_holds_everything)
{
    ck_assert(wf_pixel_holds(WEFT_F64, -DBL_MAX));
    ck_assert(wf_pixel_holds(WEFT_F64, NAN));
}
END_TEST

CHECK_MAIN("pixel", names_lead_back_to_types, types_have_the_names_of_gdal_and_numpy_too,
           an_unknown_type_is_an_error_with_the_names, smallest_types_hold_their_range_exactly,
           integer_types_hold_whole_numbers_inside, f32_holds_what_rounds_to_a_float,
           f64_holds_everything)
