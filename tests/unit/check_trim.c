/* check_trim.c - nodes nobody reads disappear. */
#include "harness.h"

#include "bands.h"

START_TEST(what_no_root_needs_is_gone)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U8);
    WeftNode root = bands_op(g, "neg", 1, b);
    bool changed = false;

    bands_op(g, "add", 2, a, b);
    ck_assert(wf_pass_trim(g, &root, 1, &changed, &bands_err));
    ck_assert(changed);
    ck_assert_int_eq(g->count, 2);
    ck_assert_int_eq(root, 1);
    ck_assert_str_eq(bands_name(g, root), "neg");
    ck_assert_int_eq(g->sources[g->nodes[0].source].band, 2);
    bands_sound(g);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_graph_without_waste_stays)
{
    WfGraph *g = bands_graph();
    WeftNode roots[2] = { bands_load(g, WEFT_U8) };
    bool changed = true;

    roots[1] = bands_op(g, "neg", 1, roots[0]);
    ck_assert(wf_pass_trim(g, roots, 2, &changed, &bands_err));
    ck_assert(!changed);
    ck_assert_int_eq(g->count, 2);
    ck_assert(roots[0] == 0 && roots[1] == 1);
    wf_graph_free(g);
}
END_TEST

START_TEST(nodes_keep_place_and_description)
{
    WfGraph *g = bands_graph();
    WeftNode waste = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U32);
    WeftNode root = bands_op(g, "add", 2, b, b);
    WfNode before = g->nodes[root];
    bool changed;

    ck_assert_int_eq(waste, 0);
    ck_assert(wf_pass_trim(g, &root, 1, &changed, &bands_err));
    ck_assert_int_eq(g->nodes[root].place.line, 7);
    ck_assert_int_eq(g->nodes[root].type, before.type);
    ck_assert_int_eq(g->nodes[root].wide, before.wide);
    ck_assert_double_eq(g->nodes[root].range.hi, before.range.hi);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("trim", what_no_root_needs_is_gone, a_graph_without_waste_stays,
           nodes_keep_place_and_description)
