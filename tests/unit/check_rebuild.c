/* check_rebuild.c - writing a graph anew. */
#include "harness.h"

#include "bands.h"
#include "pass/rebuild.h"

START_TEST(kept_nodes_read_what_stands_for_their_inputs)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U8);
    WeftNode root = bands_op(g, "add", 2, a, b);
    WfRebuild r;

    ck_assert(wf_rebuild_start(&r, g, &bands_err));
    ck_assert_int_eq(g->count, 0);
    ck_assert_int_eq(wf_rebuild_keep(&r, a, &bands_err), 0);
    r.map[b] = r.map[a];
    ck_assert_int_eq(wf_rebuild_keep(&r, root, &bands_err), 1);
    ck_assert(wf_rebuild_end(&r, &root, 1, true));
    ck_assert_int_eq(root, 1);
    ck_assert_int_eq(bands_input(g, root, 0), 0);
    ck_assert_int_eq(bands_input(g, root, 1), 0);
    bands_sound(g);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_rebuild_given_up_leaves_all_as_it_was)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8), root = bands_op(g, "neg", 1, a);
    WfRebuild r;

    ck_assert(wf_rebuild_start(&r, g, &bands_err));
    wf_rebuild_keep(&r, a, &bands_err);
    ck_assert(!wf_rebuild_end(&r, &root, 1, false));
    ck_assert_int_eq(root, 1);
    ck_assert_int_eq(g->count, 2);
    ck_assert_str_eq(bands_name(g, root), "neg");
    bands_sound(g);
    wf_graph_free(g);
}
END_TEST

START_TEST(the_graphs_place_comes_back)
{
    WfGraph *g = bands_graph();
    WeftNode root = bands_load(g, WEFT_U8);
    WfPlaceOf place = { .file = "later.lua", .line = 99, .calls = "" };
    WfRebuild r;

    wf_graph_at(g, &place);
    ck_assert(wf_rebuild_start(&r, g, &bands_err));
    wf_rebuild_keep(&r, root, &bands_err);
    wf_rebuild_end(&r, &root, 1, true);
    ck_assert_int_eq(g->place.line, 99);
    ck_assert_int_eq(g->nodes[root].place.line, 7);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("rebuild", kept_nodes_read_what_stands_for_their_inputs,
           a_rebuild_given_up_leaves_all_as_it_was, the_graphs_place_comes_back)
