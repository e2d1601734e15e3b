/*
 * weft_graph.c - building a graph: operators, constants, sources without a file.
 *
 * Needs: graph/, pass/infer, io/store. Reads files' descriptions; computes nothing.
 */
#include "conductor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/grid.h"
#include "base/pixel.h"
#include "graph/apply.h"
#include "graph/catalog.h"
#include "pass/pass.h"

static void warn_stderr(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "warning: %s\n", text);
}

/* Describe a node just added; one that is refused leaves the graph as it was. */
WeftNode wf_described(WeftGraph *graph, WeftNode node, WeftErr *err)
{
    if (node == WEFT_NONE)
        return WEFT_NONE;
    if (!wf_infer_node(graph->nodes, node, err)) {
        wf_graph_drop(graph->nodes, node);
        return WEFT_NONE;
    }
    return node;
}

/* apply() adds constants for numbers before the operator's own node: describe all of them. Where
 * one is refused none stays. */
static WeftNode described_from(WeftGraph *graph, int first, WeftNode node, WeftErr *err)
{
    bool done = node != WEFT_NONE;

    for (WeftNode n = first; done && n <= node; n++)
        done = wf_infer_node(graph->nodes, n, err);
    while (!done && graph->nodes->count > first)
        wf_graph_drop(graph->nodes, graph->nodes->count - 1);
    return done ? node : WEFT_NONE;
}

static WeftNode apply_op(WeftGraph *graph, const WeftOp *op, const WeftNode *inputs,
                         int input_count, const WeftArg *args, int arg_count, WeftErr *err)
{
    int first = graph->nodes->count;

    if (!op) {
        wf_err_at(err, &graph->nodes->place, NULL);
        return WEFT_NONE;
    }
    return described_from(
        graph, first, wf_apply(graph->nodes, op, inputs, input_count, args, arg_count, err), err);
}

/* Hidden operators too. */
WeftNode wf_applied(WeftGraph *graph, const char *name, const WeftNode *inputs, int input_count,
                    const WeftArg *args, int arg_count, WeftErr *err)
{
    return apply_op(graph, wf_catalog_find(name, err), inputs, input_count, args, arg_count, err);
}

/* The node, whose values are in that unit. */
WeftNode wf_measured(WeftGraph *graph, WeftNode node, const char *unit, WeftErr *err)
{
    const char *own = node == WEFT_NONE ? NULL : wf_graph_unit(graph->nodes, unit, err);

    if (!own)
        return WEFT_NONE;
    graph->nodes->nodes[node].unit = own;
    return node;
}

/* ------------------------------------------------------------------------------- sources */

/* A caller's grid as the graph holds it. NULL with err set. */
static const WeftGrid *own_grid(WeftGraph *graph, const WeftGrid *grid, WeftErr *err)
{
    WeftGrid full = *grid;

    full.flat = grid->crs ? wf_stores_flat(graph->stores, grid->crs) : NULL;
    return wf_graph_grid(graph->nodes, &full, err);
}

static WeftNode lonlat(WeftGraph *graph, int band, const WeftGrid *grid, WeftErr *err)
{
    WfSource source;
    bool dropped;
    int store = wf_stores_add_lonlat(graph->stores, grid, err);

    if (store < 0 || !wf_stores_source(graph->stores, store, band, false, &source, &dropped, err)) {
        wf_err_at(err, &graph->nodes->place, band == 1 ? "lon" : "lat");
        return WEFT_NONE;
    }
    return wf_measured(graph,
                       wf_described(graph, wf_graph_load(graph->nodes, &source, grid, err), err),
                       wf_stores_file(graph->stores, store)->bands[band - 1].unit, err);
}

enum { GIVEN_MAX = 32 };

/* A cell is as high as its longer side from south to north, and as wide as its area then asks for:
 * turned by right angles or not, that is the cell itself. */
static int area_args(const WeftGrid *grid, WeftArg *args)
{
    WfGround ground = wf_grid_ground(grid);
    const double *t = grid->transform;
    double plane = fabs(t[1] * t[5] - t[2] * t[4]), unit = ground.unit;
    double height = fmax(fabs(t[4]), fabs(t[5])) * unit;
    double numbers[] = { plane * unit * unit, 0, 0, 0, 0, 0 };

    if (ground.geographic) {
        double width = plane * unit * unit / height, a = ground.a;

        memcpy(numbers,
               (double[]) { width * a * a * (1 - ground.e2), height, t[3] * unit, t[4] * unit,
                            t[5] * unit, ground.e2 },
               sizeof numbers);
    }
    for (int i = 0; i < 6; i++)
        args[i] = (WeftArg) { .node = WEFT_NONE, .number = numbers[i] };
    return 6;
}

/* What an operator takes from the grid. */
static int grid_args(const char *name, const WeftGrid *grid, WeftArg *args)
{
    int axis = strcmp(name, "x") == 0 ? 0 : strcmp(name, "y") == 0 ? 3 : -1;

    if (strcmp(name, "area") == 0)
        return area_args(grid, args);
    for (int i = 0; axis >= 0 && i < 3; i++)
        args[i] = (WeftArg) { .node = WEFT_NONE, .number = grid->transform[axis + i] };
    return axis >= 0 ? 3 : 0;
}

static bool refuse_area(WeftGraph *graph, WeftErr *err)
{
    wf_fail(err, WEFT_EGRID, "the raster is not georeferenced: its cells have no area");
    return wf_err_at(err, &graph->nodes->place, "area");
}

WeftNode weft_generate(WeftGraph *graph, const char *name, const WeftGrid *grid,
                       const WeftArg *args, int arg_count, WeftErr *err)
{
    WeftArg all[GIVEN_MAX];
    const WeftOp *op;
    WeftNode node;
    int first = graph->nodes->count, count;

    grid = own_grid(graph, grid, err);
    if (!grid)
        return WEFT_NONE;
    if (strcmp(name, "lon") == 0 || strcmp(name, "lat") == 0)
        return lonlat(graph, strcmp(name, "lon") == 0 ? 1 : 2, grid, err);
    op = weft_op_find(name, err);
    if (!op) {
        wf_err_at(err, &graph->nodes->place, NULL);
        return WEFT_NONE;
    }
    if (strcmp(name, "area") == 0 && !grid->georeferenced && !refuse_area(graph, err))
        return WEFT_NONE;
    count = grid_args(name, grid, all);
    for (int i = 0; i < arg_count && count < GIVEN_MAX; i++)
        all[count++] = args[i];
    node = wf_apply(graph->nodes, op, NULL, 0, all, count, err);
    if (node == WEFT_NONE)
        return WEFT_NONE;
    graph->nodes->nodes[node].grid = grid;
    return described_from(graph, first, node, err);
}

WeftNode weft_apply(WeftGraph *graph, const char *op, const WeftNode *inputs, int input_count,
                    const WeftArg *args, int arg_count, WeftErr *err)
{
    const WeftOp *found = weft_op_find(op, err);
    WeftNode node = apply_op(graph, found, inputs, input_count, args, arg_count, err);

    if (node != WEFT_NONE && input_count > 0)
        wf_units_tell(graph, found, inputs[0], args, arg_count);
    return node;
}

WeftNode weft_reduce(WeftGraph *graph, const char *op, const WeftNode *inputs, int input_count,
                     const WeftArg *args, int arg_count, WeftErr *err)
{
    WeftNode node = wf_applied(graph, op, inputs, input_count, args, arg_count, err);

    if (node == WEFT_NONE || graph->nodes->nodes[node].op->shape == WEFT_REDUCE)
        return node;
    wf_fail(err, WEFT_EARG, "is no reduction");
    wf_err_at(err, &graph->nodes->place, op);
    return WEFT_NONE;
}

WeftNode weft_cell(WeftGraph *graph, WeftNode reduction, int64_t row, int column, WeftErr *err)
{
    WeftArg args[] = {
        { .name = "row", .node = WEFT_NONE, .number = (double)row, .integer = true },
        { .name = "column", .node = WEFT_NONE, .number = column, .integer = true },
    };

    return wf_applied(graph, "cell", &reduction, 1, args, 2, err);
}

WeftNode weft_constant(WeftGraph *graph, double value, bool integer, const WeftGrid *grid,
                       WeftErr *err)
{
    if (grid && !(grid = own_grid(graph, grid, err)))
        return WEFT_NONE;
    return wf_described(graph, wf_graph_constant(graph->nodes, value, integer, grid, err), err);
}

/* ------------------------------------------------------------------------------- the graph */

WeftGraph *weft_graph_new(WeftErr *err)
{
    WeftGraph *graph = wf_zalloc(sizeof *graph, err);

    if (!graph)
        return NULL;
    graph->warn = warn_stderr;
    graph->nodes = wf_graph_new(err);
    graph->stores = graph->nodes ? wf_stores_new(err) : NULL;
    if (!graph->stores) {
        weft_graph_free(graph);
        return NULL;
    }
    return graph;
}

void weft_graph_free(WeftGraph *graph)
{
    if (!graph)
        return;
    wf_stores_free(graph->stores);
    wf_graph_free(graph->nodes);
    wf_free(graph->opened);
    wf_free(graph->told);
    wf_free(graph);
}

void weft_graph_at(WeftGraph *graph, const char *file, int line, const char *calls)
{
    wf_graph_at(graph->nodes, &(WfPlaceOf) { .file = file, .line = line, .calls = calls });
}

void weft_graph_ieee(WeftGraph *graph, bool on)
{
    graph->nodes->ieee = on;
}

void weft_graph_warn(WeftGraph *graph, WeftWarn *function, void *context)
{
    graph->warn = function ? function : warn_stderr;
    graph->warn_context = context;
}

const char *weft_grid_unit(const WeftGrid *grid, char *buffer, size_t size)
{
    return wf_grid_unit(grid, buffer, size);
}

const WeftGrid *weft_node_grid(const WeftGraph *graph, WeftNode node)
{
    return graph->nodes->nodes[node].grid;
}

WeftType weft_node_type(const WeftGraph *graph, WeftNode node)
{
    return graph->nodes->nodes[node].type;
}

WeftRange weft_node_range(const WeftGraph *graph, WeftNode node)
{
    return graph->nodes->nodes[node].range;
}

bool weft_legend(WeftGraph *graph, WeftNode node, const WeftLegend *legend, WeftErr *err)
{
    WfNode *of = &graph->nodes->nodes[node];
    WfMeaning meaning = of->meaning ? *of->meaning : (WfMeaning) { .scale = 1 };

    meaning.legend = *legend;
    of->meaning = wf_graph_meaning(graph->nodes, &meaning, err);
    return of->meaning != NULL;
}

const char *weft_node_unit(const WeftGraph *graph, WeftNode node)
{
    const char *unit = graph->nodes->nodes[node].unit;

    return unit ? unit : "";
}

const char *weft_crs(WeftGraph *graph, const char *text, WeftErr *err)
{
    const char *crs = wf_stores_crs(graph->stores, text, err);

    if (!crs)
        wf_err_at(err, &graph->nodes->place, NULL);
    return crs;
}
