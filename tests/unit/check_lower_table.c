/* check_lower_table.c - reclass and interpolate become lookups that suit their pixels. */
#include "harness.h"

#include <math.h>

#include "fields.h"
#include "tables.h"

static void lower(WfGraph *g, WeftNode *root)
{
    bool changed = false;

    ck_assert_msg(wf_pass_lower(g, root, 1, &changed, &bands_err), "%s", bands_err.message);
    ck_assert(changed);
    bands_sound(g);
}

/* A lowered node on one pixel. */
static double value_at(const WfGraph *g, WeftNode root, double pixel)
{
    double bands[24], *values, v; /* of two sources at most */

    for (int i = 0; i < 24; i++)
        bands[i] = pixel;
    values = fields_values(g, root, bands, 4, 3);
    v = values[root * 12];
    free(values);
    return v;
}

START_TEST(integers_in_a_modest_interval_are_looked_up)
{
    static const WeftType types[] = { WEFT_U8, WEFT_I16, WEFT_I32, WEFT_U32 };

    for (int i = 0; i < 4; i++) {
        WfGraph *g = bands_graph();
        WeftNode root = tables_steps(g, bands_load(g, types[i]), 100);

        lower(g, &root);
        ck_assert_str_eq(bands_name(g, root), "lookup");
        ck_assert_int_le(g->nodes[root].table->rows, 104);
        for (int v = 0; v < 103; v++) {
            double got = value_at(g, root, v);

            ck_assert(v > 100 ? isnan(got) : got == 10 * (v < 100 ? v : 99));
        }
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(real_pixels_are_searched_for)
{
    for (int wide = 0; wide < 2; wide++) {
        WfGraph *g = bands_graph();
        WeftNode root = tables_steps(g, bands_load(g, wide ? WEFT_F64 : WEFT_F32), 1000);

        lower(g, &root);
        ck_assert_str_eq(bands_name(g, root), "stairs");
        ck_assert_int_eq(g->nodes[root].table->rows, 1024);
        for (int v = 0; v < 1000; v++) {
            ck_assert(value_at(g, root, v) == 10 * v);
            ck_assert(value_at(g, root, nextafterf((float)v + 1, 0)) == 10 * v);
        }
        ck_assert(value_at(g, root, 1000) == 9990);
        ck_assert(isnan(value_at(g, root, 1000.5)) && isnan(value_at(g, root, -1e-30)));
        ck_assert(isnan(value_at(g, root, INFINITY)) && isnan(value_at(g, root, NAN)));
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(integers_far_apart_are_searched_for)
{
    static const double rules[] = { 0, 1, 1, 1000, 1001, 2, 1e9, 1e9 + 1, 3, 5, 6, 4, 7, 8, 5 };
    WfGraph *g = bands_graph();
    WeftNode root = tables_reclass(g, bands_load(g, WEFT_I32), rules, 5, 3, NULL);

    lower(g, &root);
    ck_assert_str_eq(bands_name(g, root), "stairs");
    ck_assert(value_at(g, root, 1e9) == 3 && isnan(value_at(g, root, 1e9 - 1)));
    wf_graph_free(g);
}
END_TEST

START_TEST(the_result_has_the_smallest_type_of_its_values)
{
    WeftArg keep = tables_number("keep", 1), invalid = tables_number("invalid", 70000);
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_F64), wide = bands_load(g, WEFT_U16);
    static const double rules[] = { 0, 5, 200 };

    ck_assert_int_eq(g->nodes[tables_reclass(g, x, rules, 1, 3, NULL)].type, WEFT_U8);
    ck_assert_int_eq(g->nodes[tables_reclass(g, x, rules, 1, 3, &keep)].type, WEFT_F64);
    ck_assert_int_eq(g->nodes[tables_reclass(g, wide, rules, 1, 3, &keep)].type, WEFT_U16);
    ck_assert_int_eq(g->nodes[tables_reclass(g, x, rules, 1, 3, &invalid)].type, WEFT_I32);
    wf_graph_free(g);
}
END_TEST

START_TEST(pixels_keep_their_value_and_invalid_ones_get_one)
{
    WeftArg keep = tables_number("keep", 1), invalid = tables_number("invalid", 70000);
    static const double rules[] = { 0, 5, 200 };

    for (int type = WEFT_U8; type <= WEFT_F64; type++) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_gaps(g, (WeftType)type, 77), kept, filled;

        kept = tables_reclass(g, x, rules, 1, 3, &keep);
        lower(g, &kept);
        ck_assert(value_at(g, kept, 3) == 200 && value_at(g, kept, 6) == 6);
        ck_assert(isnan(value_at(g, kept, NAN)));
        x = bands_gaps(g, (WeftType)type, 77);
        filled = tables_reclass(g, x, rules, 1, 3, &invalid);
        lower(g, &filled);
        ck_assert(isnan(value_at(g, filled, 6)));
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_curve_of_integers_is_looked_up_and_meets_the_other)
{
    static const double points[] = { 3, 1.5, 10, 7.25, 10, -2, 90, 1e6, 91, 0 };
    WeftArg arg = tables_cells("points", points, 5, 2);
    WfGraph *g = bands_graph(), *h = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8), b = bands_load(h, WEFT_F32);

    a = wf_infer_apply(g, "interpolate", &a, 1, &arg, 1, &bands_err);
    b = wf_infer_apply(h, "interpolate", &b, 1, &arg, 1, &bands_err);
    lower(g, &a);
    lower(h, &b);
    ck_assert_str_eq(bands_name(g, a), "lookup");
    ck_assert_str_eq(bands_name(h, b), "polyline");
    for (int v = 0; v < 256; v++)
        ck_assert(value_at(g, a, v) == value_at(h, b, v));
    for (int i = 0; i < 5; i++)
        ck_assert(value_at(h, b, points[2 * i]) == points[2 * (i == 1 ? 2 : i) + 1]);
    ck_assert(value_at(h, b, INFINITY) == 0 && value_at(h, b, -INFINITY) == 1.5);
    wf_graph_free(g);
    wf_graph_free(h);
}
END_TEST

CHECK_MAIN("lower_table", integers_in_a_modest_interval_are_looked_up, real_pixels_are_searched_for,
           integers_far_apart_are_searched_for, the_result_has_the_smallest_type_of_its_values,
           pixels_keep_their_value_and_invalid_ones_get_one,
           a_curve_of_integers_is_looked_up_and_meets_the_other)
