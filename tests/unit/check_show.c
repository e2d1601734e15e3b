/* check_show.c - a graph as text is aligned, complete and the same every time. */
#include "harness.h"

#include <math.h>

#include "graph/show.h"

static const WeftOp sum = { .name = "sum", .inputs = 2 };
static const WeftOp form = {
    .name = "form",
    .inputs = 1,
    .params =
        (const WeftParam[]) {
            { .name = "type", .kind = WEFT_PARAM_TYPE },
            { .name = "round", .kind = WEFT_PARAM_CHOICE, .choices = "up|down" },
            { .name = "exact", .kind = WEFT_PARAM_FLAG },
            { .name = NULL },
        },
};

static WfGraph *sample(void)
{
    WfGraph *graph = wf_graph_new(NULL);
    WeftGrid grid = { .width = 300, .height = 200 };
    WfSource source = { .path = "n\"r.tif", .band = 1, .type = WEFT_U16 };

    wf_graph_load(graph, &source, &grid, NULL);
    wf_graph_constant(graph, 2, false, NULL, NULL);
    wf_graph_at(graph, &(WfPlaceOf) { .file = "a.lua", .line = 4 });
    wf_graph_add(graph, &sum, (WeftNode[]) { 0, 1 }, 2, NULL, 0, NULL);
    wf_graph_add(graph, &form, (WeftNode[]) { 2 }, 1, (double[]) { WEFT_U8, 1, 1 }, 3, NULL);
    graph->nodes[0].range = (WeftRange) { .lo = 0, .hi = 65535, .valid = true };
    graph->nodes[0].type = WEFT_U16;
    graph->nodes[2].range = (WeftRange) { .lo = -(double)INFINITY, .hi = 65537 };
    graph->nodes[2].wide = graph->nodes[2].wide_inside = true;
    graph->nodes[3].grid = graph->nodes[2].grid = graph->nodes[0].grid;
    return graph;
}

START_TEST(a_graph_is_shown_in_columns)
{
    WfGraph *graph = sample();
    WfText text = { 0 };
    WeftNode root = 3;

    wf_graph_show(graph, &root, 1, &text);
    ck_assert_str_eq(
        text.text,
        "%0 = load \"n\"r.tif\" band 1                u16   [0, 65535] valid  300 x 200\n"
        "%1 = constant 2.0                         auto  [0, 0]\n"
        "%2 = sum %0, %1                           auto  [-inf, 65537]     f64  "
        "a.lua:4\n"
        "%3 = form %2, type=u8, round=down, exact  auto  [0, 0]            300 x 200  "
        "a.lua:4\n"
        "roots %3\n");
    wf_text_free(&text);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_graph_for_graphviz_has_a_node_a_line)
{
    WfGraph *graph = sample();
    WfText text = { 0 };
    WeftNode root = 3;

    wf_graph_dot(graph, &root, 1, &text);
    ck_assert_str_eq(text.text,
                     "digraph weft {\n"
                     "  node [shape=box];\n"
                     "  n0 [label=\"load \\\"n\\\"r.tif\\\" band 1\"];\n"
                     "  n1 [label=\"constant 2.0\"];\n"
                     "  n2 [label=\"sum\"]; n0 -> n2; n1 -> n2;\n"
                     "  n3 [label=\"form type=u8, round=down, exact\", peripheries=2]; n2 -> n3;\n"
                     "}\n");
    wf_text_free(&text);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_text_without_memory_is_failed)
{
    WfGraph *graph = sample();

    for (int n = 1; n < 20; n++) {
        WfText text = { 0 };

        wf_mem_fail_at(n);
        wf_graph_show(graph, NULL, 0, &text);
        wf_mem_fail_at(0);
        ck_assert(text.failed);
        wf_text_free(&text);
    }
    wf_graph_free(graph);
}
END_TEST

CHECK_MAIN("show", a_graph_is_shown_in_columns, a_graph_for_graphviz_has_a_node_a_line,
           a_text_without_memory_is_failed)
