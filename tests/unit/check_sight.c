/* check_sight.c - windows, parameters and tables that nodes of functions on rows keep. */
#include "bands.h"
#include "plan/plan.h"
#include "graph/sight.h"
#include "harness.h"

static size_t room_of(const WeftRows *turn)
{
    return (size_t)(turn->rows * turn->width);
}

static const WeftParam params[] = { { .name = "a", .kind = WEFT_PARAM_REAL },
                                    { .name = "b", .kind = WEFT_PARAM_REAL },
                                    { .name = NULL } };
static const WeftOp shift_op = { .name = "neighbour", .shape = WEFT_FOCAL, .inputs = 1 };
static const WeftOp rows_op = {
    .name = "rows", .shape = WEFT_ROWS, .inputs = 2, .params = params, .room = { room_of, room_of }
};

static const WeftWindow windows[] = {
    { .left = 1, .up = 2, .right = 3, .down = 4, .edges = WF_EDGES_CONSTANT, .constant = 2.5 },
    { .left = 5, .up = 6, .right = 7, .down = 8, .edges = WF_EDGES_MIRROR },
};
static const double settings[] = { 10, 20 }, table[] = { 7, 8, 9 };

static WfNode *rows_node(WfGraph *graph, int table_count)
{
    WeftNode inputs[] = { bands_load(graph, WEFT_U8), bands_load(graph, WEFT_F32) };
    WeftNode node = wf_window_add(graph, &rows_op, inputs, 2, settings, windows, table, table_count,
                                  &bands_err);

    return &graph->nodes[bands_sure(node)];
}

static void check_window(WeftWindow got, WeftWindow right)
{
    ck_assert_int_eq(got.left, right.left);
    ck_assert_int_eq(got.up, right.up);
    ck_assert_int_eq(got.right, right.right);
    ck_assert_int_eq(got.down, right.down);
    ck_assert_int_eq(got.edges, right.edges);
    ck_assert_double_eq(got.constant, right.constant);
}

START_TEST(each_input_keeps_its_window)
{
    WfGraph *graph = bands_graph();
    WfNode *node = rows_node(graph, 3);

    for (int i = 0; i < 2; i++)
        check_window(wf_window_of(node, i), windows[i]);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_neighbour_reaches_to_its_side_only)
{
    WfGraph *graph = bands_graph();
    WeftNode input = bands_load(graph, WEFT_U8);
    double offset[] = { -2, 3, WF_EDGES_REFLECT, 0 };
    WeftNode node = bands_sure(wf_graph_add(graph, &shift_op, &input, 1, offset, 4, &bands_err));

    check_window(wf_window_of(&graph->nodes[node], 0),
                 (WeftWindow) { .left = 2, .down = 3, .edges = WF_EDGES_REFLECT });
    wf_graph_free(graph);
}
END_TEST

START_TEST(settings_are_the_parameters_alone)
{
    WfGraph *graph = bands_graph();
    WfNode *node = rows_node(graph, 3);

    ck_assert_int_eq(wf_window_settings(node), 2);
    ck_assert_double_eq(node->settings[1], 20);
    wf_graph_free(graph);
}
END_TEST

START_TEST(the_table_follows_all_windows)
{
    WfGraph *graph = bands_graph();
    int count;
    const double *cells = wf_window_table(rows_node(graph, 3), &count);

    ck_assert_int_eq(count, 3);
    ck_assert_mem_eq(cells, table, sizeof table);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_table_may_be_empty)
{
    WfGraph *graph = bands_graph();
    int count;

    wf_window_table(rows_node(graph, 0), &count);
    ck_assert_int_eq(count, 0);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_turn_knows_all_inputs_and_the_table)
{
    WfGraph *graph = bands_graph();
    WeftWindow own[2];
    WeftRows turn = wf_window_turn(rows_node(graph, 3), own);

    ck_assert_int_eq(turn.input_count, 2);
    ck_assert_int_eq(turn.table_count, 3);
    check_window(turn.windows[1], windows[1]);
    wf_graph_free(graph);
}
END_TEST

START_TEST(room_is_whole_cache_lines)
{
    WfGraph *graph = bands_graph();

    ck_assert_uint_eq(wf_window_own_room(rows_node(graph, 3), 3, 50), 192);
    wf_graph_free(graph);
}
END_TEST

START_TEST(results_held_otherwise_take_rows_of_doubles_and_pointers)
{
    WfGraph *graph = bands_graph();
    WfNode *node = rows_node(graph, 3);
    size_t same;

    node->wide = node->wide_inside = true;
    same = wf_window_room(node, 1, 3, 8);
    node->wide = false;
    ck_assert_uint_eq(wf_window_room(node, 1, 3, 8) - same, 3 * 8 * sizeof(double) + 64);
    ck_assert_uint_eq(wf_window_room(node, 2, 3, 8) - same, 6 * 8 * sizeof(double) + 64);
    wf_graph_free(graph);
}
END_TEST

START_TEST(memory_that_fails_is_said)
{
    WfGraph *graph = bands_graph();
    WeftNode inputs[] = { bands_load(graph, WEFT_U8), bands_load(graph, WEFT_F32) };
    WeftErr err = { 0 };

    wf_mem_fail_at(1);
    ck_assert_int_eq(wf_window_add(graph, &rows_op, inputs, 2, settings, windows, table, 3, &err),
                     WEFT_NONE);
    wf_mem_fail_at(0);
    ck_assert_int_eq(err.code, WEFT_EMEM);
    wf_graph_free(graph);
}
END_TEST

CHECK_MAIN("sight", each_input_keeps_its_window, a_neighbour_reaches_to_its_side_only,
           settings_are_the_parameters_alone, the_table_follows_all_windows, a_table_may_be_empty,
           a_turn_knows_all_inputs_and_the_table, room_is_whole_cache_lines,
           results_held_otherwise_take_rows_of_doubles_and_pointers, memory_that_fails_is_said)
