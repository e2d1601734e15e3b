/* check_odd.c - which pieces of a row hold odd pixels, for each type. */
#include "harness.h"

#include <math.h>

#include "base/pixel.h"
#include "run/odd.h"

static void put(WeftType type, void *row, int i, double v)
{
    switch (type) {
    case WEFT_F32:
        ((float *)row)[i] = (float)v;
        break;
    case WEFT_F64:
        ((double *)row)[i] = v;
        break;
    default: /* little endian: the lowest bytes of the integer */
        for (int b = 0; b < wf_pixel(type)->bytes; b++)
            ((unsigned char *)row)[i * wf_pixel(type)->bytes + b] =
                (unsigned char)((uint64_t)(int64_t)v >> 8 * b);
    }
}

static uint64_t pieces(WeftType type, const WfSource *source, int at, double v)
{
    double row[1000];

    for (int i = 0; i < 1000; i++)
        put(type, row, i, 3);
    if (at >= 0)
        put(type, row, at, v);
    return wf_odd_pieces(type, source, row, 1000, 256);
}

START_TEST(nodata_is_found_in_its_piece_of_every_type)
{
    static const int places[] = { 0, 63, 64, 255, 256, 700, 767, 768, 999 };

    for (int type = WEFT_U8; type < WEFT_BOOL; type++) {
        WfSource source = { .has_nodata = true, .nodata = 7, .nodata_bits = 7 };

        ck_assert_uint_eq(pieces((WeftType)type, &source, -1, 0), 0);
        for (size_t k = 0; k < sizeof places / sizeof *places; k++)
            ck_assert_uint_eq(pieces((WeftType)type, &source, places[k], 7),
                              (uint64_t)1 << places[k] / 256);
    }
}
END_TEST

START_TEST(floats_are_odd_where_invalid_or_huge)
{
    static const double odd[] = { NAN, INFINITY, -INFINITY, 0x1p61, -0x1p61 };
    static const double fair[] = { 0, -0.0, 0x1p60, -0x1p60, 1e-30 };

    for (int k = 0; k < 5; k++) {
        ck_assert_uint_eq(pieces(WEFT_F32, NULL, 300, odd[k]), 2);
        ck_assert_uint_eq(pieces(WEFT_F64, NULL, 999, odd[k]), 8);
        ck_assert_uint_eq(pieces(WEFT_F32, NULL, 300, fair[k]), 0);
        ck_assert_uint_eq(pieces(WEFT_F64, NULL, 999, fair[k]), 0);
        ck_assert_int_eq(wf_odd_number(odd[k]), 1);
        ck_assert_int_eq(wf_odd_number(fair[k]), 0);
    }
}
END_TEST

START_TEST(a_negative_zero_is_nodata_where_zero_is)
{
    WfSource source = { .has_nodata = true };

    ck_assert_uint_eq(pieces(WEFT_F32, &source, 10, -0.0), 1);
    ck_assert_uint_eq(pieces(WEFT_F64, &source, 10, -0.0), 1);
}
END_TEST

START_TEST(integers_without_nodata_are_never_odd)
{
    WfSource none = { 0 }, foreign = { .has_nodata = true, .nodata = -9999 };

    ck_assert(!wf_odd_possible(WEFT_U8, &none));
    ck_assert(!wf_odd_possible(WEFT_U16, &foreign));
    ck_assert(wf_odd_possible(WEFT_I16, &foreign));
    ck_assert(wf_odd_possible(WEFT_F32, &none));
    ck_assert(wf_odd_possible(WEFT_I64, &none));
}
END_TEST

CHECK_MAIN("odd", nodata_is_found_in_its_piece_of_every_type, floats_are_odd_where_invalid_or_huge,
           a_negative_zero_is_nodata_where_zero_is, integers_without_nodata_are_never_odd)
