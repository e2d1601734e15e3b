/* check_table.c - tables of a graph: each once, in both pixel types, shared with copies. */
#include "harness.h"

#include <math.h>

#include "tables.h"

static const double cells[] = { 1, 0.1, 2, -5, 3, NAN }; /* row by row */

START_TEST(equal_tables_are_one)
{
    WfGraph *g = bands_graph();
    const WfTable *a = wf_graph_table(g, cells, 3, 2, true, &bands_err);

    ck_assert_ptr_nonnull(a);
    ck_assert_ptr_eq(wf_graph_table(g, cells, 3, 2, true, &bands_err), a);
    ck_assert_ptr_ne(wf_graph_table(g, cells, 2, 3, true, &bands_err), a);
    ck_assert_ptr_ne(wf_graph_table(g, cells, 2, 2, true, &bands_err), a);
    wf_graph_free(g);
}
END_TEST

START_TEST(cells_are_held_in_both_types)
{
    WfGraph *g = bands_graph();
    const WfTable *t = wf_graph_table(g, cells, 3, 2, true, &bands_err);

    ck_assert(t->wide[3] == 0.1);
    ck_assert(t->narrow[3] == 0.1f);
    ck_assert(isnan(t->narrow[5]));
    wf_graph_free(g);
}
END_TEST

START_TEST(a_table_of_reductions_is_held_in_one_type)
{
    WfGraph *g = bands_graph();
    const WfTable *t = wf_graph_table(g, cells, 3, 2, false, &bands_err);

    ck_assert(t->wide[3] == 0.1);
    ck_assert_ptr_null(t->narrow);
    ck_assert_ptr_ne(wf_graph_table(g, cells, 3, 2, true, &bands_err), t);
    wf_graph_free(g);
}
END_TEST

START_TEST(columns_have_ranges)
{
    WfGraph *g = bands_graph();
    const WfTable *t = wf_graph_table(g, cells, 3, 2, true, &bands_err);

    ck_assert(t->ranges[0].lo == 1 && t->ranges[0].hi == 3);
    ck_assert(t->ranges[0].whole && t->ranges[0].valid);
    ck_assert(t->ranges[1].lo == -5 && t->ranges[1].hi >= 0.1f && t->ranges[1].hi >= 0.1);
    ck_assert(!t->ranges[1].whole && !t->ranges[1].valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_copied_graph_shares_them_and_outlives_the_original)
{
    WfGraph *g = bands_graph(), *copy;
    WeftNode root = tables_steps(g, bands_load(g, WEFT_U8), 5);
    const WfTable *old = g->nodes[root].table;

    copy = wf_graph_copy(g, &root, 1, &bands_err);
    ck_assert_ptr_nonnull(copy);
    ck_assert_ptr_eq(copy->nodes[root].table, old);
    wf_graph_free(g);
    ck_assert_int_eq(copy->nodes[root].table->rows, 5);
    ck_assert_int_eq(copy->nodes[root].table->columns, 3);
    bands_sound(copy);
    wf_graph_free(copy);
}
END_TEST

START_TEST(nodes_of_equal_tables_are_shared_and_others_not)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_U8), roots[3];
    bool changed;

    roots[0] = tables_steps(g, x, 5);
    roots[1] = tables_steps(g, x, 5);
    roots[2] = tables_steps(g, x, 6);
    ck_assert(wf_pass_share(g, roots, 3, &changed, &bands_err));
    ck_assert_int_eq(roots[0], roots[1]);
    ck_assert_int_ne(roots[0], roots[2]);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("table", equal_tables_are_one, cells_are_held_in_both_types,
           a_table_of_reductions_is_held_in_one_type, columns_have_ranges,
           a_copied_graph_shares_them_and_outlives_the_original,
           nodes_of_equal_tables_are_shared_and_others_not)
