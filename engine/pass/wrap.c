/*
 * wrap.c - edges that wrap: rasters that go on beyond their edges as if laid side by side.
 *
 * A file is read so: pixels beyond its edge are those of the opposite side. What is made of such
 * files pixel by pixel, or by neighbours that wrap themselves, goes on in the same way, so that its
 * ring may be computed beyond the raster; then each file in it is read with wrapped edges there.
 * Anything else is kept whole by an earlier phase and read like a file: a load that has as an input
 * what it waits for.
 * Needs: an inferred, lowered graph. Writes neighbours of files, under `wrap`, and of rings, under
 * `extend`.
 */
#include "graph/sight.h"
#include "pass/build.h"
#include "pass/pass.h"
#include "pass/rebuild.h"

/* Places among the edges of the operator neighbour. */
enum { EDGES_EXTEND = 5, EDGES_WRAP };

typedef struct Wrap {
    WfRebuild r;
    WeftNode *beyond; /* of an old node: its like that goes on beyond the raster; WEFT_NONE: not
                       * made yet, or there is none */
    WeftNode *kept;   /* of an old node: what reads it from where it is kept; or WEFT_NONE */
    int kept_count;
    WeftErr *err;
} Wrap;

static bool has_window(const WfNode *node)
{
    return node->op->shape == WEFT_FOCAL || node->op->shape == WEFT_ROWS;
}

static bool wraps(const WfNode *node, int i)
{
    return has_window(node) && wf_window_of(node, i).edges == EDGES_WRAP;
}

static bool any_wraps(const WfNode *node)
{
    for (int i = 0; has_window(node) && i < node->input_count; i++)
        if (wraps(node, i))
            return true;
    return false;
}

/* The raster is the whole file. */
static bool is_file(const WfGraph *graph, const WfNode *node)
{
    const WfSource *source;

    if (node->op->shape != WEFT_LOAD)
        return false;
    source = &graph->sources[node->source];
    return source->dx == 0 && source->dy == 0 && source->width == node->grid->width &&
           source->height == node->grid->height;
}

/* What looks around a pixel goes on where all that it looks at does. */
static bool looks_on(const WfNode *node)
{
    if (!has_window(node))
        return false;
    for (int i = 0; i < node->input_count; i++)
        if (!wraps(node, i) && wf_window_of(node, i).edges != EDGES_EXTEND)
            return false;
    return true;
}

/* Whether an old node could go on beyond the raster. */
static bool goes_on(const Wrap *w, WeftNode n)
{
    const WfNode *node = &w->r.old[n];
    bool good = !node->grid || node->op->shape == WEFT_CONSTANT || node->op->shape == WEFT_POINT ||
                is_file(w->r.graph, node) || looks_on(node);

    for (int i = 0; good && node->grid && i < node->input_count; i++)
        good = goes_on(w, node->inputs[i]);
    return good;
}

static WeftNode go_on(Wrap *w, WeftNode n);

/* What stands for an input of an old node: it goes on where edges wrap, or where all does. A
 * neighbour of a file needs no ring. */
static WeftNode input_of(Wrap *w, const WfNode *node, int i, bool all, bool *ring)
{
    WeftNode input = node->inputs[i];
    bool kept = w->kept[input] != WEFT_NONE;
    bool file = kept || is_file(w->r.graph, &w->r.old[input]);
    bool direct = node->op->shape == WEFT_FOCAL && file;

    *ring = has_window(node) && (all || wraps(node, i)) && !(wraps(node, i) && direct);
    if (*ring || (all && !has_window(node)))
        return go_on(w, input);
    return kept && wraps(node, i) ? w->kept[input] : w->r.map[input];
}

/* A copy of an old node that reads what goes on. */
static WeftNode copy_of(Wrap *w, const WfNode *node, bool all)
{
    WeftNode *inputs = wf_calloc((size_t)node->input_count + 1, sizeof *inputs, w->err), made;
    bool *rings = wf_calloc((size_t)node->input_count + 1, sizeof *rings, w->err);
    bool good = inputs && rings;

    for (int i = 0; good && i < node->input_count; i++) {
        inputs[i] = input_of(w, node, i, all, &rings[i]);
        good = inputs[i] != WEFT_NONE;
    }
    made = good ? wf_rebuild_copy(w->r.graph, node, inputs, w->err) : WEFT_NONE;
    for (int i = 0; made != WEFT_NONE && i < node->input_count; i++)
        if (rings[i])
            wf_window_set_edges(&w->r.graph->nodes[made], i, EDGES_EXTEND);
    wf_free(inputs);
    wf_free(rings);
    return made;
}

/* The like of an old node that could go on. */
static WeftNode go_on(Wrap *w, WeftNode n)
{
    const WfNode *node = &w->r.old[n];
    const WfBuild build = { .graph = w->r.graph, .err = w->err };

    if (w->beyond[n] != WEFT_NONE)
        return w->beyond[n];
    if (!node->grid || node->op->shape == WEFT_CONSTANT)
        w->beyond[n] = w->r.map[n];
    else if (w->kept[n] != WEFT_NONE)
        w->beyond[n] = wf_build_neighbour(&build, w->kept[n], 0, 0, "wrap", 0);
    else if (node->op->shape == WEFT_LOAD)
        w->beyond[n] = wf_build_neighbour(&build, w->r.map[n], 0, 0, "wrap", 0);
    else
        w->beyond[n] = copy_of(w, node, true);
    return w->beyond[n];
}

/* A load of what an earlier phase keeps of an old node; its values are held as there. */
static bool keep(Wrap *w, WeftNode n)
{
    const WfNode *from = &w->r.old[n];
    const WfSource source = { .store = -1,
                              .path = "a temporary file",
                              .band = ++w->kept_count,
                              .type = from->wide ? WEFT_F64 : WEFT_F32,
                              .width = from->grid->width,
                              .height = from->grid->height };
    WeftNode load;
    WfNode *node;

    w->r.graph->place = from->place;
    load = wf_graph_load(w->r.graph, &source, from->grid, w->err);
    if (load == WEFT_NONE)
        return false;
    node = &w->r.graph->nodes[load];
    node->inputs = wf_arena_zalloc(w->r.graph->arena, sizeof *node->inputs, w->err);
    if (!node->inputs)
        return false;
    node->inputs[0] = w->r.map[n];
    node->input_count = 1;
    node->range = from->range;
    node->type = from->type;
    node->wide = from->wide;
    node->wide_inside = from->wide_inside;
    node->inexact = from->inexact;
    w->kept[n] = load;
    return true;
}

static bool wrap_node(Wrap *w, WeftNode n)
{
    const WfNode *node = &w->r.old[n];

    if (!any_wraps(node))
        return wf_rebuild_keep(&w->r, n, w->err) != WEFT_NONE;
    for (int i = 0; i < node->input_count; i++)
        if (wraps(node, i) && w->kept[node->inputs[i]] == WEFT_NONE &&
            !goes_on(w, node->inputs[i]) && !keep(w, node->inputs[i]))
            return false;
    w->r.changed = true;
    w->r.map[n] = copy_of(w, node, false);
    return w->r.map[n] != WEFT_NONE;
}

static bool wrap_nodes(Wrap *w)
{
    for (WeftNode n = 0; n < w->r.old_count; n++)
        if (!wrap_node(w, n))
            return false;
    return true;
}

static bool is_concerned(const WfGraph *graph)
{
    for (WeftNode n = 0; n < graph->count; n++)
        if (any_wraps(&graph->nodes[n]))
            return true;
    return false;
}

bool wf_pass_wrap(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err)
{
    Wrap w = { .err = err };
    bool done = false;

    *changed = false;
    if (!is_concerned(graph))
        return true;
    w.beyond = wf_calloc((size_t)graph->count + 1, sizeof *w.beyond, err);
    w.kept = wf_calloc((size_t)graph->count + 1, sizeof *w.kept, err);
    for (WeftNode n = 0; w.beyond && w.kept && n < graph->count; n++)
        w.beyond[n] = w.kept[n] = WEFT_NONE;
    if (w.beyond && w.kept && wf_rebuild_start(&w.r, graph, err))
        done = wf_rebuild_end(&w.r, roots, root_count, wrap_nodes(&w));
    *changed = done && w.r.changed;
    wf_free(w.beyond);
    wf_free(w.kept);
    return done;
}
