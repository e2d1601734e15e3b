/* check_rules.c - tables of reclass and interpolate: sound ones are taken, others refused. */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "graph/rules.h"
#include "tables.h"

enum { LEFT, RIGHT, BOTH, NEITHER };

/* What is said of rules, or "" where they are taken. */
static const char *complaint(const double *rules, int64_t rows, int columns, const char *closed)
{
    WfGraph *g = bands_graph();
    WeftArg further = { .name = "closed", .node = WEFT_NONE, .text = closed };
    WeftNode node;

    bands_err = (WeftErr) { 0 };
    node =
        tables_reclass(g, bands_load(g, WEFT_F32), rules, rows, columns, closed ? &further : NULL);
    ck_assert_int_eq(node == WEFT_NONE, bands_err.code != WEFT_OK);
    wf_graph_free(g);
    return bands_err.message;
}

#define RULES(...) ((const double[]) { __VA_ARGS__ })

START_TEST(ranges_that_touch_are_taken)
{
    ck_assert_str_eq(complaint(RULES(10, 20, 2, 0, 10, 1), 2, 3, NULL), "");
    ck_assert_str_eq(complaint(RULES(10, 20, 2, 0, 10, 1), 2, 3, "right"), "");
    ck_assert_str_eq(complaint(RULES(10, 20, 2, 0, 10, 1), 2, 3, "neither"), "");
    ck_assert_str_eq(complaint(RULES(-INFINITY, 0, 2, 0, INFINITY, 1), 2, 3, NULL), "");
}
END_TEST

START_TEST(both_rules_of_an_overlap_are_named)
{
    ck_assert_ptr_nonnull(strstr(complaint(RULES(0, 10, 1, 30, 40, 5, 5, 15, 2), 3, 3, NULL),
                                 "rules 1, {0, 10, 1}, and 3, {5, 15, 2}, overlap"));
    ck_assert_ptr_nonnull(strstr(complaint(RULES(0, 10, 1, 10, 15, 2), 2, 3, "both"), "overlap"));
    ck_assert_ptr_nonnull(strstr(complaint(RULES(0, 50, 1, 10, 15, 2), 2, 3, NULL), "overlap"));
    ck_assert_ptr_nonnull(strstr(complaint(RULES(7, 50, 7, 15), 2, 2, NULL),
                                 "rules 1, [7] = 50, and 2, [7] = 15, overlap"));
}
END_TEST

START_TEST(a_rule_without_values_is_refused)
{
    ck_assert_ptr_nonnull(strstr(complaint(RULES(9, 5, 1), 1, 3, NULL), "lies above its upper"));
    ck_assert_ptr_nonnull(strstr(complaint(RULES(5, 5, 1, 6, 7, 1), 2, 3, NULL), "holds no value"));
    ck_assert_ptr_nonnull(strstr(complaint(RULES(NAN, 5, 1), 1, 3, NULL), "not a number"));
    ck_assert_str_eq(complaint(RULES(5, 5, 1), 1, 3, "both"), "");
}
END_TEST

START_TEST(the_outermost_range_holds_both_ends)
{
    static const double rules[] = { 10, 20, 2, 0, 10, 1 };
    WfGraph *g = bands_graph();
    double settings[] = { NAN, 0, LEFT, 1, NAN };
    const WfTable *table = wf_graph_table(g, rules, 2, 3, true, &bands_err);
    WfRule *read;

    for (int closed = LEFT; closed <= RIGHT; closed++) {
        settings[2] = closed;
        read = wf_rules_read(table, settings, &bands_err);
        ck_assert_int_eq(read[0].number, 2);
        ck_assert(read[0].has_low);
        ck_assert_int_eq(read[0].has_high, closed == RIGHT);
        ck_assert_int_eq(read[1].has_low, closed == LEFT);
        ck_assert(read[1].has_high);
        wf_free(read);
    }
    wf_graph_free(g);
}
END_TEST

static const char *curve_complaint(const double *points, int64_t rows)
{
    WfGraph *g = bands_graph();
    WeftArg arg = tables_cells("points", points, rows, 2);
    WeftNode x;

    bands_err = (WeftErr) { 0 };
    x = bands_load(g, WEFT_F32);
    wf_infer_apply(g, "interpolate", &x, 1, &arg, 1, &bands_err);
    wf_graph_free(g);
    return bands_err.message;
}

/* Whether a reclass of pixels of a type that are never invalid is never invalid either. */
static bool covers(WeftType type, const double *rules, int64_t rows, int columns)
{
    WfGraph *g = bands_graph();
    WeftNode node = tables_reclass(g, bands_load(g, type), rules, rows, columns, NULL);
    bool valid = g->nodes[node].range.valid;

    wf_graph_free(g);
    return valid;
}

START_TEST(rules_that_name_every_integer_leave_none_invalid)
{
    ck_assert(covers(WEFT_U8, RULES(100, 255, 2, 0, 100, 1), 2, 3));
    ck_assert(covers(WEFT_U8, RULES(99.5, 300, 2, -1, 99.25, 1), 2, 3));
    ck_assert(covers(WEFT_U8, RULES(-INFINITY, INFINITY, 7), 1, 3));
    ck_assert(!covers(WEFT_U8, RULES(100, 254, 2, 0, 100, 1), 2, 3));
    ck_assert(!covers(WEFT_U8, RULES(101, 255, 2, 0, 100, 1), 2, 3));
    ck_assert(!covers(WEFT_U8, RULES(100, 255, NAN, 0, 100, 1), 2, 3));
    ck_assert(!covers(WEFT_U8, RULES(1, 2, 3, 4), 2, 2));
    ck_assert(!covers(WEFT_F32, RULES(-INFINITY, INFINITY, 7), 1, 3)); /* may be NaN itself */
}
END_TEST

START_TEST(points_go_forward_and_are_finite)
{
    ck_assert_str_eq(curve_complaint(RULES(0, 1, 5, 2, 5, 3), 3), "");
    ck_assert_ptr_nonnull(strstr(curve_complaint(RULES(0, 1, 5, 2, 4, 3), 3), "point 3"));
    ck_assert_ptr_nonnull(strstr(curve_complaint(RULES(0, 1, INFINITY, 2), 2), "not finite"));
    ck_assert_ptr_nonnull(strstr(curve_complaint(RULES(0, NAN), 1), "not finite"));
    ck_assert_ptr_nonnull(strstr(curve_complaint(RULES(0, 1), 0), "empty"));
}
END_TEST

START_TEST(rows_of_another_width_are_refused)
{
    ck_assert_ptr_nonnull(strstr(complaint(RULES(0, 1, 2, 3), 1, 4, NULL), "has 4 numbers"));
    ck_assert_ptr_nonnull(strstr(complaint(RULES(0), 1, 1, NULL), "has 1 numbers"));
}
END_TEST

CHECK_MAIN("rules", rules_that_name_every_integer_leave_none_invalid, ranges_that_touch_are_taken,
           both_rules_of_an_overlap_are_named, a_rule_without_values_is_refused,
           the_outermost_range_holds_both_ends, points_go_forward_and_are_finite,
           rows_of_another_width_are_refused)
