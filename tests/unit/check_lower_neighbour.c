/* check_lower_neighbour.c - what is known of a neighbour, and which ones stay. */
#include "harness.h"

#include "bands.h"

static WeftNode neighbour(WfGraph *g, WeftNode x, int dcol, int drow, const char *edges,
                          double constant)
{
    WeftArg args[] = { bands_arg(dcol, true),
                       bands_arg(drow, true),
                       { .name = "edges", .node = WEFT_NONE, .text = edges },
                       { .name = "constant", .node = WEFT_NONE, .number = constant } };

    return bands_with(g, "neighbour", x, 4, args);
}

START_TEST(a_neighbour_keeps_the_type_and_may_be_missing)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_U16), edge = neighbour(g, x, 1, 0, "invalid", 0);
    WeftNode near = neighbour(g, x, 1, 0, "nearest", 0);
    WeftNode low = neighbour(g, x, 1, 0, "constant", -1);
    WeftNode real = neighbour(g, x, 1, 0, "constant", 0.5);

    ck_assert_int_eq(g->nodes[edge].type, WEFT_U16);
    ck_assert(!g->nodes[edge].range.valid);
    ck_assert(g->nodes[near].range.valid);
    ck_assert_double_eq(g->nodes[near].range.hi, 65535);
    ck_assert_int_eq(g->nodes[low].type, WEFT_I32);
    ck_assert_double_eq(g->nodes[low].range.lo, -1);
    ck_assert_int_eq(g->nodes[real].type, WEFT_F32);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_neighbour_of_a_number_is_the_number)
{
    WfGraph *g = bands_graph();
    WeftNode five = bands_int(g, 5), root = neighbour(g, five, 1, 0, "constant", 9.5);
    bool changed;

    ck_assert_int_eq(g->nodes[root].type, WEFT_U8);
    ck_assert_ptr_null(g->nodes[root].grid);
    ck_assert(wf_pass_lower(g, &root, 1, &changed, &bands_err));
    ck_assert_str_eq(bands_name(g, root), "constant");
    ck_assert_double_eq(g->nodes[root].value, 5);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_neighbour_at_no_distance_keeps_its_rule)
{
    WfGraph *g = bands_graph();
    WeftNode root = neighbour(g, bands_load(g, WEFT_U8), 0, 0, "mirror", 0);
    bool changed;

    ck_assert(wf_pass_lower(g, &root, 1, &changed, &bands_err));
    ck_assert_str_eq(bands_name(g, root), "neighbour");
    wf_graph_free(g);
}
END_TEST

START_TEST(a_constant_beyond_f32_widens_what_lies_inside)
{
    WfGraph *g = bands_graph();
    WeftNode root = neighbour(g, bands_load(g, WEFT_U8), 1, 0, "constant", 1e9 + 1);
    bool changed;

    ck_assert_int_eq(g->nodes[root].type, WEFT_I32);
    ck_assert(g->nodes[root].wide);
    ck_assert(wf_pass_lower(g, &root, 1, &changed, &bands_err));
    ck_assert_str_eq(bands_name(g, root), "neighbour");
    ck_assert_str_eq(bands_name(g, bands_input(g, root, 0)), "widen");
    ck_assert_int_eq(g->nodes[root].type, WEFT_I32);
    wf_graph_free(g);
}
END_TEST

START_TEST(other_neighbours_stay)
{
    WfGraph *g = bands_graph();
    WeftNode root = neighbour(g, bands_load(g, WEFT_U8), 0, 1, "mirror", 0);
    WeftNode here = neighbour(g, bands_load(g, WEFT_U8), 0, 0, "constant", 300);
    bool changed;

    ck_assert(wf_pass_lower(g, &root, 1, &changed, &bands_err));
    ck_assert(!changed);
    ck_assert_int_eq(bands_count(g, "neighbour"), 2);
    ck_assert_int_eq(g->nodes[here].type, WEFT_I16);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("lower_neighbour", a_neighbour_keeps_the_type_and_may_be_missing,
           a_neighbour_of_a_number_is_the_number, a_neighbour_at_no_distance_keeps_its_rule,
           a_constant_beyond_f32_widens_what_lies_inside, other_neighbours_stay)
