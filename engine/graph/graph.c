/*
 * graph.c - nodes in an array; inputs always older than users.
 *
 * Needs: nothing but base/. Nodes, their lists, grids and texts lie in the graph's arena; only the
 * growing arrays are freed one by one.
 */
#include "graph/graph.h"

#include <limits.h>
#include <string.h>

const WeftOp wf_op_constant = {
    .name = "constant",
    .brief = "one number",
    .shape = WEFT_CONSTANT,
    .gives = WEFT_GIVES_KEEP,
};

const WeftOp wf_op_load = {
    .name = "load",
    .brief = "a band of a file",
    .shape = WEFT_LOAD,
    .gives = WEFT_GIVES_KEEP,
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static bool same_grid(const WeftGrid *a, const WeftGrid *b)
{
    return a == b || (a->width == b->width && a->height == b->height &&
                      a->georeferenced == b->georeferenced &&
                      memcmp(a->transform, b->transform, sizeof a->transform) == 0 &&
                      same_text(a->crs, b->crs) && same_text(a->flat, b->flat) &&
                      a->control == b->control);
}

static bool same_meaning(const WfMeaning *a, const WfMeaning *b)
{
    return a == b || (a && b && wf_meaning_same(a, b));
}

static bool same_source(const WfSource *a, const WfSource *b)
{
    return a->store == b->store && a->band == b->band && a->type == b->type &&
           a->width == b->width && a->height == b->height && a->block_width == b->block_width &&
           a->block_height == b->block_height && a->dx == b->dx && a->dy == b->dy &&
           a->has_nodata == b->has_nodata && same_bits(a->nodata, b->nodata) &&
           a->nodata_bits == b->nodata_bits && a->lossy == b->lossy &&
           same_meaning(a->meaning, b->meaning) && same_text(a->path, b->path);
}

/* The graph's copy of a text, which is the last one used or a new one; NULL becomes "". */
static const char *own_text(WfGraph *graph, const char *last, const char *text, WeftErr *err)
{
    if (!text || !*text)
        return "";
    return same_text(last, text) ? last : wf_arena_strdup(graph->arena, text, err);
}

static bool set_place(WfGraph *graph, const WfPlaceOf *place, WeftErr *err)
{
    const char *file = own_text(graph, graph->place.file, place->file, err);
    const char *calls = own_text(graph, graph->place.calls, place->calls, err);

    if (!file || !calls)
        return false;
    graph->place = *place;
    graph->place.file = file;
    graph->place.calls = calls;
    return true;
}

WfGraph *wf_graph_new(WeftErr *err)
{
    WfGraph *graph = wf_zalloc(sizeof *graph, err);

    if (!graph)
        return NULL;
    graph->place = (WfPlaceOf) { .file = "", .calls = "" };
    graph->arena = wf_arena_new(err);
    if (!graph->arena) {
        wf_free(graph);
        return NULL;
    }
    return graph;
}

void wf_graph_free(WfGraph *graph)
{
    if (!graph)
        return;
    wf_free(graph->nodes);
    wf_free(graph->sources);
    wf_free(graph->grids);
    wf_free(graph->meanings);
    wf_free(graph->units);
    wf_graph_free_tables(graph);
    wf_arena_free(graph->arena);
    wf_free(graph);
}

void wf_graph_at(WfGraph *graph, const WfPlaceOf *place)
{
    /* A place only serves messages: without memory the nodes have none. */
    if (!set_place(graph, place, NULL))
        graph->place = (WfPlaceOf) { .file = "", .calls = "" };
}

WeftNode wf_graph_add(WfGraph *graph, const WeftOp *op, const WeftNode *inputs, int input_count,
                      const double *settings, int setting_count, WeftErr *err)
{
    size_t input_bytes = (size_t)input_count * sizeof *inputs;
    size_t setting_bytes = (size_t)setting_count * sizeof *settings;
    WfNode *node;

    if (!wf_grow(&graph->nodes, graph->count, &graph->room, sizeof *graph->nodes, err))
        return WEFT_NONE;
    node = &graph->nodes[graph->count];
    *node = (WfNode) {
        .op = op,
        .input_count = input_count,
        .setting_count = setting_count,
        .source = -1,
        .place = graph->place,
    };
    if (input_count) {
        node->inputs = wf_arena_zalloc(graph->arena, input_bytes, err);
        if (!node->inputs)
            return WEFT_NONE;
        memcpy(node->inputs, inputs, input_bytes);
    }
    if (setting_count) {
        node->settings = wf_arena_zalloc(graph->arena, setting_bytes, err);
        if (!node->settings)
            return WEFT_NONE;
        memcpy(node->settings, settings, setting_bytes);
    }
    return graph->count++;
}

WeftNode wf_graph_constant(WfGraph *graph, double value, bool integer, const WeftGrid *grid,
                           WeftErr *err)
{
    const WeftGrid *own = grid ? wf_graph_grid(graph, grid, err) : NULL;
    WeftNode node;

    if (grid && !own)
        return WEFT_NONE;
    node = wf_graph_add(graph, &wf_op_constant, NULL, 0, NULL, 0, err);
    if (node == WEFT_NONE)
        return WEFT_NONE;
    graph->nodes[node].value = value;
    graph->nodes[node].integer = integer;
    graph->nodes[node].grid = own;
    return node;
}

const WfMeaning *wf_graph_meaning(WfGraph *graph, const WfMeaning *meaning, WeftErr *err)
{
    const WfMeaning *own;

    for (int i = graph->meaning_count - 1; i >= 0; i--)
        if (wf_meaning_same(graph->meanings[i], meaning))
            return graph->meanings[i];
    if (!wf_grow(&graph->meanings, graph->meaning_count, &graph->meaning_room,
                 sizeof *graph->meanings, err))
        return NULL;
    own = wf_meaning_copy(graph->arena, meaning, err);
    if (own)
        graph->meanings[graph->meaning_count++] = own;
    return own;
}

static int own_source(WfGraph *graph, const WfSource *source, WeftErr *err)
{
    const WfMeaning *meaning = NULL;
    const char *path = NULL;

    for (int i = 0; i < graph->source_count; i++)
        if (same_source(&graph->sources[i], source))
            return i;
    if (!wf_grow(&graph->sources, graph->source_count, &graph->source_room, sizeof *graph->sources,
                 err))
        return -1;
    if (source->path) {
        path = wf_arena_strdup(graph->arena, source->path, err);
        if (!path)
            return -1;
    }
    if (source->meaning && !(meaning = wf_graph_meaning(graph, source->meaning, err)))
        return -1;
    graph->sources[graph->source_count] = *source;
    graph->sources[graph->source_count].path = path;
    graph->sources[graph->source_count].meaning = meaning;
    return graph->source_count++;
}

WeftNode wf_graph_load(WfGraph *graph, const WfSource *source, const WeftGrid *grid, WeftErr *err)
{
    int entry = own_source(graph, source, err);
    const WeftGrid *own = entry < 0 ? NULL : wf_graph_grid(graph, grid, err);
    WeftNode node;

    if (!own)
        return WEFT_NONE;
    node = wf_graph_add(graph, &wf_op_load, NULL, 0, NULL, 0, err);
    if (node == WEFT_NONE)
        return WEFT_NONE;
    graph->nodes[node].source = entry;
    graph->nodes[node].grid = own;
    return node;
}

void wf_graph_drop(WfGraph *graph, WeftNode node)
{
    if (node == graph->count - 1)
        graph->count--;
}

const WeftGrid *wf_graph_grid(WfGraph *graph, const WeftGrid *grid, WeftErr *err)
{
    WeftGrid *own;

    for (int i = 0; i < graph->grid_count; i++)
        if (same_grid(graph->grids[i], grid))
            return graph->grids[i];
    if (!wf_grow(&graph->grids, graph->grid_count, &graph->grid_room, sizeof *graph->grids, err))
        return NULL;
    own = wf_arena_zalloc(graph->arena, sizeof *own, err);
    if (!own)
        return NULL;
    *own = *grid;
    if (grid->crs && !(own->crs = wf_arena_strdup(graph->arena, grid->crs, err)))
        return NULL;
    if (grid->flat && !(own->flat = wf_arena_strdup(graph->arena, grid->flat, err)))
        return NULL;
    graph->grids[graph->grid_count++] = own;
    return own;
}

const char *wf_graph_unit(WfGraph *graph, const char *unit, WeftErr *err)
{
    const char *own;

    if (!unit || !*unit)
        return "";
    for (int i = 0; i < graph->unit_count; i++)
        if (same_text(graph->units[i], unit))
            return graph->units[i];
    if (!wf_grow(&graph->units, graph->unit_count, &graph->unit_room, sizeof *graph->units, err))
        return NULL;
    own = wf_arena_strdup(graph->arena, unit, err);
    if (own)
        graph->units[graph->unit_count++] = own;
    return own;
}

/* Copy one node whose inputs are copied already; map gives their new numbers. */
static WeftNode copy_node(WfGraph *copy, const WfGraph *graph, WeftNode number, const WeftNode *map,
                          WeftErr *err)
{
    const WfNode *old = &graph->nodes[number];
    WfNode *node;
    WeftNode added;

    if (!set_place(copy, &old->place, err))
        return WEFT_NONE;
    added = wf_graph_add(copy, old->op, old->inputs, old->input_count, old->settings,
                         old->setting_count, err);
    if (added == WEFT_NONE)
        return WEFT_NONE;
    node = &copy->nodes[added];
    for (int i = 0; i < node->input_count; i++)
        node->inputs[i] = map[old->inputs[i]];
    node->value = old->value;
    node->integer = old->integer;
    node->range = old->range;
    node->type = old->type;
    node->wide = old->wide;
    node->wide_inside = old->wide_inside;
    node->inexact = old->inexact;
    node->origin = old->origin;
    if (old->meaning && !(node->meaning = wf_graph_meaning(copy, old->meaning, err)))
        return WEFT_NONE;
    if (old->unit && !(node->unit = wf_graph_unit(copy, old->unit, err)))
        return WEFT_NONE;
    if (old->grid && !(node->grid = wf_graph_grid(copy, old->grid, err)))
        return WEFT_NONE;
    if (old->table && !(node->table = wf_graph_table_of(copy, old->table, err)))
        return WEFT_NONE;
    if (old->source >= 0 &&
        (node->source = own_source(copy, &graph->sources[old->source], err)) < 0)
        return WEFT_NONE;
    return added;
}

WfGraph *wf_graph_copy(const WfGraph *graph, WeftNode *roots, int root_count, WeftErr *err)
{
    WfGraph *copy = wf_graph_new(err);
    WeftNode *map = wf_calloc((size_t)graph->count, sizeof *map, err);

    if (!copy || !map)
        goto fail;
    for (int i = 0; i < root_count; i++) /* 1: needed, until it has its new number */
        map[roots[i]] = 1;
    for (WeftNode n = graph->count - 1; n >= 0; n--)
        for (int i = 0; map[n] && i < graph->nodes[n].input_count; i++)
            map[graph->nodes[n].inputs[i]] = 1;
    for (WeftNode n = 0; n < graph->count; n++) {
        if (!map[n])
            continue;
        map[n] = copy_node(copy, graph, n, map, err);
        if (map[n] == WEFT_NONE)
            goto fail;
    }
    copy->ieee = graph->ieee;
    wf_graph_at(copy, &graph->place);
    for (int i = 0; i < root_count; i++)
        roots[i] = map[roots[i]];
    wf_free(map);
    return copy;
fail:
    wf_free(map);
    wf_graph_free(copy);
    return NULL;
}
