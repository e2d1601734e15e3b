/*
 * check_edges.c - which pixel stands for one beyond the raster's edge.
 */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "run/edges.h"

/* Folding step by step, as the semantics draw it. */
static int64_t walk(WfEdges edges, int64_t i, int64_t size)
{
    while (i < 0 || i >= size) {
        if (edges == WF_EDGES_NEAREST || (edges == WF_EDGES_MIRROR && size == 1))
            return i < 0 ? 0 : size - 1;
        if (edges == WF_EDGES_REFLECT)
            i = i < 0 ? -1 - i : 2 * size - 1 - i;
        else
            i = i < 0 ? -i : 2 * size - 2 - i;
    }
    return i;
}

START_TEST(padding_of_four_cells_is_as_in_the_semantics)
{
    static const struct {
        WfEdges edges;
        int64_t cells[6]; /* four out to one out, first cell, one beyond the last */
    } rows[] = {
        { WF_EDGES_NEAREST, { 0, 0, 0, 0, 0, 3 } },
        { WF_EDGES_REFLECT, { 3, 2, 1, 0, 0, 3 } },
        { WF_EDGES_MIRROR, { 2, 3, 2, 1, 0, 2 } },
    };

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        for (int i = 0; i < 5; i++)
            ck_assert_int_eq(wf_edges_index(rows[k].edges, i - 4, 4), rows[k].cells[i]);
        ck_assert_int_eq(wf_edges_index(rows[k].edges, 4, 4), rows[k].cells[5]);
    }
}
END_TEST

START_TEST(folding_repeats_for_any_size)
{
    static const WfEdges rules[] = { WF_EDGES_NEAREST, WF_EDGES_REFLECT, WF_EDGES_MIRROR };

    for (int k = 0; k < 3; k++) {
        for (int64_t size = 1; size < 9; size++) {
            for (int64_t i = -60; i < 60; i++)
                ck_assert_int_eq(wf_edges_index(rules[k], i, size), walk(rules[k], i, size));
        }
    }
}
END_TEST

START_TEST(constants_have_no_index_and_rings_that_go_on_keep_theirs)
{
    ck_assert(wf_edges_index(WF_EDGES_INVALID, -1, 4) == WF_NO_INDEX);
    ck_assert(wf_edges_index(WF_EDGES_CONSTANT, 4, 4) == WF_NO_INDEX);
    ck_assert_int_eq(wf_edges_index(WF_EDGES_CONSTANT, 3, 4), 3);
    ck_assert_int_eq(wf_edges_index(WF_EDGES_EXTEND, -7, 4), -7);
    ck_assert_int_eq(wf_edges_index(WF_EDGES_EXTEND, 9, 4), 9);
}
END_TEST

START_TEST(modulo_is_never_negative)
{
    ck_assert_int_eq(wf_edges_modulo(-1, 5), 4);
    ck_assert_int_eq(wf_edges_modulo(-5, 5), 0);
    ck_assert_int_eq(wf_edges_modulo(-6, 5), 4);
    ck_assert_int_eq(wf_edges_modulo(7, 5), 2);
}
END_TEST

/* The pixel of an input of a type, of a file with or without a nodata value. */
static void pixel_of(WeftType type, WfEdges edges, double constant, double nodata, uint64_t bits,
                     char to[8])
{
    WfSource source = { .type = type, .has_nodata = true, .nodata = nodata, .nodata_bits = bits };
    WfGraph graph = { .sources = &source, .source_count = 1 };
    WfPlan plan = { .graph = &graph };
    WfPlanInput input = { .type = type, .edges = edges, .constant = constant };

    memset(to, 0x55, 8);
    wf_edges_pixel(&plan, &input, to);
}

#define CHECK_PIXEL(type, edges, constant, nodata, bits, ctype, expected) \
    do {                                                                  \
        char to[8];                                                       \
        ctype got;                                                        \
                                                                          \
        pixel_of(type, edges, constant, nodata, bits, to);                \
        memcpy(&got, to, sizeof got);                                     \
        ck_assert(got == (expected));                                     \
        for (size_t i = sizeof got; i < 8; i++)                           \
            ck_assert_int_eq(to[i], 0x55);                                \
    } while (0)

START_TEST(invalid_is_the_exact_nodata_value_in_integer_rows)
{
    CHECK_PIXEL(WEFT_U8, WF_EDGES_INVALID, 0, 255, 0, uint8_t, 255);
    CHECK_PIXEL(WEFT_I8, WF_EDGES_INVALID, 0, -128, 0, int8_t, -128);
    CHECK_PIXEL(WEFT_U16, WF_EDGES_INVALID, 0, 65535, 0, uint16_t, 65535);
    CHECK_PIXEL(WEFT_I16, WF_EDGES_INVALID, 0, -32768, 0, int16_t, -32768);
    CHECK_PIXEL(WEFT_U32, WF_EDGES_INVALID, 0, 4294967295.0, 0, uint32_t, 4294967295u);
    CHECK_PIXEL(WEFT_I32, WF_EDGES_INVALID, 0, -9999, 0, int32_t, -9999);
    CHECK_PIXEL(WEFT_U64, WF_EDGES_INVALID, 0, 18446744073709551615.0, UINT64_MAX, uint64_t,
                UINT64_MAX);
    CHECK_PIXEL(WEFT_I64, WF_EDGES_INVALID, 0, -9223372036854775807.0, (uint64_t)-INT64_MAX,
                int64_t, -INT64_MAX);
}
END_TEST

START_TEST(invalid_is_nan_in_float_rows_whatever_the_nodata_value)
{
    char to[8];
    float narrow;
    double wide;

    pixel_of(WEFT_F32, WF_EDGES_INVALID, 0, -9999, 0, to);
    memcpy(&narrow, to, sizeof narrow);
    ck_assert(isnan(narrow));
    pixel_of(WEFT_F64, WF_EDGES_INVALID, 0, -9999, 0, to);
    memcpy(&wide, to, sizeof wide);
    ck_assert(isnan(wide));
}
END_TEST

START_TEST(a_constant_is_in_the_rows_type)
{
    CHECK_PIXEL(WEFT_F32, WF_EDGES_CONSTANT, 0.1, 0, 0, float, 0.1f);
    CHECK_PIXEL(WEFT_F64, WF_EDGES_CONSTANT, 0.1, 0, 0, double, 0.1);
    CHECK_PIXEL(WEFT_I16, WF_EDGES_CONSTANT, -3, 7, 7, int16_t, -3);
}
END_TEST

CHECK_MAIN("edges", padding_of_four_cells_is_as_in_the_semantics, folding_repeats_for_any_size,
           constants_have_no_index_and_rings_that_go_on_keep_theirs, modulo_is_never_negative,
           invalid_is_the_exact_nodata_value_in_integer_rows,
           invalid_is_nan_in_float_rows_whatever_the_nodata_value, a_constant_is_in_the_rows_type)
