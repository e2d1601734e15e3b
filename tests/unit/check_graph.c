/* check_graph.c - nodes are kept in order, grids and sources once, copies stand alone. */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "graph/graph.h"
#include "graph/sound.h"

static const WeftOp sum = { .name = "sum", .inputs = 2 };
static const WeftOp limit = {
    .name = "limit",
    .inputs = 1,
    .params = (const WeftParam[]) { { .name = "high" },
                                    { .name = "mode", .kind = WEFT_PARAM_CHOICE, .choices = "a|b" },
                                    { .name = NULL } },
};

static const WeftGrid grid = {
    .width = 300,
    .height = 200,
    .transform = { 0, 10, 0, 0, 0, -10 },
    .georeferenced = true,
    .crs = "PROJCRS[\"here\"]",
};

static WfSource source_of(const char *path, int band)
{
    return (WfSource) {
        .path = path,
        .band = band,
        .type = WEFT_U16,
        .width = 300,
        .height = 200,
        .has_nodata = true,
        .nodata = (double)NAN,
    };
}

static WeftNode load(WfGraph *graph, const char *path, int band)
{
    WfSource source = source_of(path, band);

    return wf_graph_load(graph, &source, &grid, NULL);
}

static WeftNode apply_sum(WfGraph *graph, WeftNode a, WeftNode b)
{
    return wf_graph_add(graph, &sum, (WeftNode[]) { a, b }, 2, NULL, 0, NULL);
}

/* %0 unused, %1 and %2 loaded, %3 = 2, %4 = %1 + %2, %5 = limit(%4, 2, "b") */
static WfGraph *sample(void)
{
    WfGraph *graph = wf_graph_new(NULL);
    WeftNode a, b, two, all;

    wf_graph_at(graph, &(WfPlaceOf) { .file = "s.lua", .line = 3, .calls = "main.lua:9" });
    load(graph, "unused.tif", 1);
    a = load(graph, "a.tif", 1);
    b = load(graph, "a.tif", 2);
    two = wf_graph_constant(graph, 2, true, NULL, NULL);
    all = apply_sum(graph, a, b);
    wf_graph_add(graph, &limit, (WeftNode[]) { all, two }, 2, (double[]) { 1 }, 1, NULL);
    return graph;
}

START_TEST(nodes_are_numbered_in_order)
{
    WfGraph *graph = sample();

    ck_assert_int_eq(graph->count, 6);
    ck_assert_int_eq(graph->nodes[4].inputs[0], 1);
    ck_assert_int_eq(graph->nodes[4].inputs[1], 2);
    ck_assert_double_eq(graph->nodes[5].settings[0], 1);
    ck_assert_int_eq(graph->nodes[5].source, -1);
    ck_assert(wf_graph_sound(graph, NULL));
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_node_knows_where_it_was_made)
{
    WfGraph *graph = sample();

    wf_graph_at(graph, &(WfPlaceOf) { .file = "s.lua", .line = 4 });
    apply_sum(graph, 1, 2);
    ck_assert_str_eq(graph->nodes[5].place.calls, "main.lua:9");
    ck_assert_int_eq(graph->nodes[6].place.line, 4);
    ck_assert_str_eq(graph->nodes[6].place.calls, "");
    ck_assert_ptr_eq(graph->nodes[5].place.file, graph->nodes[6].place.file);
    wf_graph_free(graph);
}
END_TEST

START_TEST(equal_grids_are_kept_once)
{
    WfGraph *graph = wf_graph_new(NULL);
    char crs[] = "PROJCRS[\"here\"]";
    WeftGrid same = grid, other = grid;
    const WeftGrid *first = wf_graph_grid(graph, &grid, NULL);

    same.crs = crs;
    other.transform[0] = 1e-9;
    ck_assert_ptr_eq(wf_graph_grid(graph, &same, NULL), first);
    ck_assert_ptr_ne(wf_graph_grid(graph, &other, NULL), first);
    ck_assert_ptr_ne(first->crs, grid.crs);
    wf_graph_free(graph);
}
END_TEST

START_TEST(equal_sources_are_kept_once)
{
    WfGraph *graph = wf_graph_new(NULL);
    WeftNode a = load(graph, "a.tif", 1), b = load(graph, "a.tif", 1), c = load(graph, "a.tif", 2);

    ck_assert_int_eq(graph->nodes[a].source, graph->nodes[b].source);
    ck_assert_int_ne(graph->nodes[a].source, graph->nodes[c].source);
    ck_assert_int_eq(graph->source_count, 2);
    wf_graph_free(graph);
}
END_TEST

START_TEST(only_the_newest_node_is_dropped)
{
    WfGraph *graph = sample();

    wf_graph_drop(graph, 2);
    ck_assert_int_eq(graph->count, 6);
    wf_graph_drop(graph, 5);
    ck_assert_int_eq(graph->count, 5);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_copy_holds_what_roots_need)
{
    WfGraph *graph = sample();
    WeftNode roots[] = { 5, 2, 5 };
    WfGraph *copy = wf_graph_copy(graph, roots, 3, NULL);

    ck_assert_int_eq(copy->count, 5);
    ck_assert_int_eq(copy->source_count, 2);
    ck_assert_int_eq(roots[0], 4);
    ck_assert_int_eq(roots[1], 1);
    ck_assert_int_eq(roots[2], 4);
    ck_assert_int_eq(copy->nodes[4].inputs[0], 3);
    ck_assert(wf_graph_sound(copy, NULL));
    wf_graph_free(graph);
    wf_graph_free(copy);
}
END_TEST

START_TEST(a_copy_outlives_its_original)
{
    WfGraph *graph = sample(), *copy;
    WeftNode root = 5;

    graph->nodes[5].range = (WeftRange) { .lo = 1, .hi = 2, .valid = true };
    graph->nodes[5].wide = true;
    graph->ieee = true;
    copy = wf_graph_copy(graph, &root, 1, NULL);
    wf_graph_free(graph);
    ck_assert_str_eq(copy->sources[0].path, "a.tif");
    ck_assert_str_eq(copy->nodes[0].grid->crs, "PROJCRS[\"here\"]");
    ck_assert_str_eq(copy->nodes[4].place.file, "s.lua");
    ck_assert_str_eq(copy->nodes[4].place.calls, "main.lua:9");
    ck_assert_double_eq(copy->nodes[2].value, 2);
    ck_assert_double_eq(copy->nodes[4].range.hi, 2);
    ck_assert(copy->nodes[4].wide && copy->ieee);
    wf_graph_free(copy);
}
END_TEST

START_TEST(a_copy_of_nothing_is_empty)
{
    WfGraph *graph = wf_graph_new(NULL), *copy = wf_graph_copy(graph, NULL, 0, NULL);

    ck_assert_int_eq(copy->count, 0);
    wf_graph_free(copy);
    wf_graph_free(graph);
    wf_graph_free(NULL);
}
END_TEST

START_TEST(equal_units_are_kept_once)
{
    WfGraph *graph = wf_graph_new(NULL);
    char feet[] = "ft";
    const char *unit = wf_graph_unit(graph, feet, NULL);

    ck_assert_ptr_eq(unit, wf_graph_unit(graph, "ft", NULL));
    ck_assert_ptr_ne(unit, feet);
    ck_assert_str_eq(wf_graph_unit(graph, NULL, NULL), "");
    ck_assert_int_eq(graph->unit_count, 1);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_copy_has_units_of_its_own)
{
    WfGraph *graph = sample(), *copy;
    WeftNode root = 4;

    graph->nodes[4].unit = wf_graph_unit(graph, "ft", NULL);
    copy = wf_graph_copy(graph, &root, 1, NULL);
    wf_graph_free(graph);
    ck_assert_str_eq(copy->nodes[root].unit, "ft");
    wf_graph_free(copy);
}
END_TEST

START_TEST(a_copy_without_memory_fails_cleanly)
{
    WfGraph *graph = sample(), *copy = NULL;

    for (int n = 1; !copy; n++) {
        WeftErr err = { 0 };
        WeftNode root = 5;

        graph->nodes[5].unit = wf_graph_unit(graph, "ft", NULL);
        wf_mem_fail_at(n);
        copy = wf_graph_copy(graph, &root, 1, &err);
        wf_mem_fail_at(0);
        ck_assert_int_eq(err.code, copy ? WEFT_OK : WEFT_EMEM);
        ck_assert_int_eq(root, copy ? 4 : 5);
    }
    wf_graph_free(copy);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_reader_older_than_its_input_is_found)
{
    WfGraph *graph = sample();
    WeftErr err = { 0 };

    graph->nodes[4].inputs[1] = 4;
    ck_assert(!wf_graph_sound(graph, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_wrong_number_of_inputs_is_found)
{
    WfGraph *graph = sample();

    graph->nodes[4].input_count = 1;
    ck_assert(!wf_graph_sound(graph, NULL));
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_raster_for_a_number_is_found)
{
    WfGraph *graph = sample();

    graph->nodes[3].grid = graph->nodes[1].grid;
    ck_assert(!wf_graph_sound(graph, NULL));
    wf_graph_free(graph);
}
END_TEST

CHECK_MAIN("graph", nodes_are_numbered_in_order, a_node_knows_where_it_was_made,
           equal_grids_are_kept_once, equal_sources_are_kept_once, only_the_newest_node_is_dropped,
           a_copy_holds_what_roots_need, a_copy_outlives_its_original, a_copy_of_nothing_is_empty,
           equal_units_are_kept_once, a_copy_has_units_of_its_own,
           a_copy_without_memory_fails_cleanly, a_reader_older_than_its_input_is_found,
           a_wrong_number_of_inputs_is_found, a_raster_for_a_number_is_found)
