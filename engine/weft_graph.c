/*
 * weft_graph.c - building a graph: operators, constants, files.
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

static void warn(WeftGraph *graph, const char *format, const char *path, int band)
{
    char text[512];

    snprintf(text, sizeof text, format, path, band);
    graph->warn(graph->warn_context, text);
}

/* Describe a node just added; one that is refused leaves the graph as it was. */
static WeftNode described(WeftGraph *graph, WeftNode node, WeftErr *err)
{
    if (node == WEFT_NONE)
        return WEFT_NONE;
    if (!wf_infer_node(graph->nodes, node, err)) {
        wf_graph_drop(graph->nodes, node);
        return WEFT_NONE;
    }
    return node;
}

/* apply() adds constants for numbers before the operator's own node: describe all of them. */
static WeftNode described_from(WeftGraph *graph, int first, WeftNode node, WeftErr *err)
{
    if (node == WEFT_NONE)
        return WEFT_NONE;
    for (WeftNode n = first; n < node; n++)
        if (!wf_infer_node(graph->nodes, n, err))
            return WEFT_NONE;
    return described(graph, node, err);
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
static WeftNode apply(WeftGraph *graph, const char *name, const WeftNode *inputs, int input_count,
                      const WeftArg *args, int arg_count, WeftErr *err)
{
    return apply_op(graph, wf_catalog_find(name, err), inputs, input_count, args, arg_count, err);
}

static WeftNode apply_number(WeftGraph *graph, const char *name, WeftNode input, double number,
                             bool integer, WeftErr *err)
{
    WeftNode inputs[2] = { input, weft_constant(graph, number, integer, NULL, err) };

    return inputs[1] == WEFT_NONE ? WEFT_NONE : apply(graph, name, inputs, 2, NULL, 0, err);
}

/* ------------------------------------------------------------------------------- files */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_options(const WeftOpen *a, const WeftOpen *b)
{
    return same_text(a->crs, b->crs) && a->has_nodata == b->has_nodata &&
           (!a->has_nodata || a->nodata == b->nodata || (isnan(a->nodata) && isnan(b->nodata))) &&
           a->raw == b->raw && a->lossy == b->lossy && a->unmasked == b->unmasked &&
           a->mask == b->mask;
}

/* Told once for each file, however often it is opened. */
static void tell_doubt(WeftGraph *graph, int store)
{
    const char *doubt = wf_stores_doubt(graph->stores, store);

    for (int i = 0; doubt && i < graph->opened_count; i++)
        if (graph->opened[i]->store == store)
            return;
    if (doubt)
        graph->warn(graph->warn_context, doubt);
}

static WfOpened *find_opened(WeftGraph *graph, int store, const WeftOpen *options)
{
    for (int i = 0; i < graph->opened_count; i++)
        if (graph->opened[i]->store == store && same_options(&graph->opened[i]->options, options))
            return graph->opened[i];
    return NULL;
}

char *weft_grid_doubt(const WeftGrid *grid)
{
    WfText text = { 0 };
    WeftErr err = { 0 };

    if (wf_grid_doubt(grid, &text))
        return wf_text_take(&text, &err);
    wf_text_free(&text);
    return NULL;
}

/* Once for each file and CRS. */
static void tell_coordinates(WeftGraph *graph, const WfOpened *opened)
{
    WfText text = { 0 };
    int i = 0;

    while (graph->opened[i]->store != opened->store ||
           !same_text(graph->opened[i]->options.crs, opened->options.crs))
        i++;
    wf_text_add(&text, "%s: ", opened->file.path);
    if (graph->opened[i] == opened && wf_grid_doubt(&opened->file.grid, &text) && !text.failed)
        graph->warn(graph->warn_context, text.text);
    wf_text_free(&text);
}

static WfOpened *add_opened(WeftGraph *graph, int store, const WeftOpen *options, WeftErr *err)
{
    WfArena *arena = graph->nodes->arena;
    const WeftFile *file = wf_stores_file(graph->stores, store);
    WfOpened *opened = wf_arena_zalloc(arena, sizeof *opened, err);

    if (!opened)
        return NULL;
    opened->bands = wf_arena_zalloc(arena, (size_t)file->band_count * sizeof(WeftNode), err);
    if (!opened->bands)
        return NULL;
    for (int i = 0; i < file->band_count; i++)
        opened->bands[i] = WEFT_NONE;
    opened->file = *file;
    opened->store = store;
    opened->options = *options;
    if (options->crs) {
        opened->file.grid.crs = wf_stores_crs(graph->stores, options->crs, err);
        opened->options.crs = wf_arena_strdup(arena, options->crs, err);
        if (!opened->file.grid.crs || !opened->options.crs)
            return NULL;
        opened->file.grid.flat = wf_stores_flat(graph->stores, opened->file.grid.crs);
    }
    if (!wf_grow(&graph->opened, graph->opened_count, &graph->opened_room, sizeof(WfOpened *), err))
        return NULL;
    graph->opened[graph->opened_count++] = opened;
    return opened;
}

const WeftFile *weft_open(WeftGraph *graph, const char *path, const WeftOpen *options, WeftErr *err)
{
    static const WeftOpen plain = { .mask = WEFT_NONE };
    WfOpened *opened;
    int store = wf_stores_open(graph->stores, path, err);

    if (store < 0) {
        wf_err_at(err, &graph->nodes->place, "open");
        return NULL;
    }
    options = options ? options : &plain;
    opened = find_opened(graph, store, options);
    if (!opened) {
        tell_doubt(graph, store);
        opened = add_opened(graph, store, options, err);
        if (opened)
            tell_coordinates(graph, opened);
    }
    if (!opened)
        wf_err_at(err, &graph->nodes->place, "open");
    return opened ? &opened->file : NULL;
}

/* The nodata a script names instead of the file's. */
static bool override_nodata(WfSource *source, const WeftOpen *options)
{
    bool fits = wf_pixel_holds(source->type, options->nodata);

    source->has_nodata = fits;
    source->nodata = options->nodata;
    if (fits && source->type == WEFT_I64)
        source->nodata_bits = (uint64_t)(int64_t)options->nodata;
    if (fits && source->type == WEFT_U64)
        source->nodata_bits = (uint64_t)options->nodata;
    return fits;
}

/* The node, whose values are in that unit. */
static WeftNode measured(WeftGraph *graph, WeftNode node, const char *unit, WeftErr *err)
{
    const char *own = node == WEFT_NONE ? NULL : wf_graph_unit(graph->nodes, unit, err);

    if (!own)
        return WEFT_NONE;
    graph->nodes->nodes[node].unit = own;
    return node;
}

static WeftNode load(WeftGraph *graph, const WfOpened *opened, int band, bool mask, WeftErr *err)
{
    WfSource source = { .store = opened->store };
    bool dropped = false;
    const WeftOpen *options = &opened->options;

    if (!wf_stores_source(graph->stores, opened->store, band, mask, &source, &dropped, err))
        return WEFT_NONE;
    if (!mask && options->has_nodata)
        dropped = !override_nodata(&source, options);
    if (dropped)
        warn(graph, "%s: band %d cannot hold its nodata value, which is ignored", opened->file.path,
             band);
    source.lossy = options->lossy;
    return described(graph, wf_graph_load(graph->nodes, &source, &opened->file.grid, err), err);
}

/* Where the script's own mask is true; without one, where the file's mask or alpha band is not 0.
 */
static WeftNode masked(WeftGraph *graph, const WfOpened *opened, int band, WeftNode node,
                       WeftErr *err)
{
    WeftNode mask = opened->options.mask;
    bool own = mask != WEFT_NONE;

    if (node == WEFT_NONE || (!own && (opened->options.unmasked ||
                                       !wf_stores_has_mask(graph->stores, opened->store, band))))
        return node;
    if (!own) {
        mask = load(graph, opened, band, true, err);
        mask = mask == WEFT_NONE ? mask : apply_number(graph, "ne", mask, 0, true, err);
    }
    if (mask == WEFT_NONE)
        return mask;
    return apply(graph, "mask", (WeftNode[]) { node, mask }, 2, NULL, 0, err);
}

static bool has_scale(const WeftBand *band)
{
    return band->scale != 1 || band->offset != 0;
}

/* A band's unit is that of its scaled values, which have no scale any more: numbers as they are
 * stored have none. */
static WeftNode scaled(WeftGraph *graph, const WfOpened *opened, const WeftBand *band,
                       WeftNode node, WeftErr *err)
{
    const WfMeaning meaning = { .unit = band->unit, .interp = band->interp, .scale = 1 };

    if (opened->options.raw || !has_scale(band))
        return node;
    if (node != WEFT_NONE && band->scale != 1)
        node = apply_number(graph, "mul", node, band->scale, false, err);
    if (node != WEFT_NONE && band->offset != 0)
        node = apply_number(graph, "add", node, band->offset, false, err);
    if (node == WEFT_NONE)
        return WEFT_NONE;
    graph->nodes->nodes[node].meaning = wf_graph_meaning(graph->nodes, &meaning, err);
    if (!graph->nodes->nodes[node].meaning)
        return WEFT_NONE;
    return measured(graph, node, band->unit, err);
}

WeftNode weft_band(WeftGraph *graph, const WeftFile *file, int band, WeftErr *err)
{
    WfOpened *opened = (WfOpened *)file;
    const WeftBand *about;
    WeftNode node;

    if (band < 1 || band > file->band_count) {
        wf_fail(err, WEFT_ENAME, "%s has %d band%s, there is no band %d", file->path,
                file->band_count, file->band_count == 1 ? "" : "s", band);
        wf_err_at(err, &graph->nodes->place, NULL);
        return WEFT_NONE;
    }
    if (opened->bands[band - 1] != WEFT_NONE)
        return opened->bands[band - 1];
    about = &file->bands[band - 1];
    graph->nodes->place.by = "open";
    node = load(graph, opened, band, false, err);
    if (!has_scale(about))
        node = measured(graph, node, about->unit, err);
    if (node != WEFT_NONE && !opened->options.lossy &&
        (about->type == WEFT_I64 || about->type == WEFT_U64))
        node = apply(graph, "exact53", &node, 1, NULL, 0, err);
    node = masked(graph, opened, band, node, err);
    node = scaled(graph, opened, about, node, err);
    graph->nodes->place.by = NULL;
    opened->bands[band - 1] = node;
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
    return measured(graph, described(graph, wf_graph_load(graph->nodes, &source, grid, err), err),
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
    WeftNode node = apply(graph, op, inputs, input_count, args, arg_count, err);

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

    return apply(graph, "cell", &reduction, 1, args, 2, err);
}

WeftNode weft_constant(WeftGraph *graph, double value, bool integer, const WeftGrid *grid,
                       WeftErr *err)
{
    if (grid && !(grid = own_grid(graph, grid, err)))
        return WEFT_NONE;
    return described(graph, wf_graph_constant(graph->nodes, value, integer, grid, err), err);
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
