/*
 * wrap.c - edges that wrap: rasters that go on beyond their edges as if laid side by side.
 *
 * A file is read so: pixels beyond its edge are those of the opposite side. What is made of such
 * files pixel by pixel, or by neighbours that wrap themselves, goes on in the same way, so that its
 * ring may be computed beyond the raster; then each file in it is read with wrapped edges there.
 * Needs: an inferred, lowered graph. Writes neighbours of files, under `wrap`, and of rings, under
 * `extend`.
 */
#include "pass/build.h"
#include "pass/pass.h"
#include "pass/rebuild.h"

/* Settings of the operator neighbour, and places among its edges. */
enum { DCOL, DROW, EDGES, CONSTANT };
enum { EDGES_EXTEND = 5, EDGES_WRAP };

typedef struct Wrap {
    WfRebuild r;
    WeftNode *beyond; /* of an old node: its like that goes on beyond the raster; WEFT_NONE: not
                       * made yet, or there is none */
    WeftErr *err;
} Wrap;

static bool is_neighbour(const WfNode *node, int edges)
{
    return node->op->shape == WEFT_FOCAL && (int)node->settings[EDGES] == edges;
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

/* Whether an old node could go on beyond the raster; the first that could not in *odd. */
static bool goes_on(const Wrap *w, WeftNode n, WeftNode *odd)
{
    const WfNode *node = &w->r.old[n];
    bool good = !node->grid || node->op->shape == WEFT_CONSTANT || node->op->shape == WEFT_POINT ||
                is_file(w->r.graph, node) || is_neighbour(node, EDGES_WRAP) ||
                is_neighbour(node, EDGES_EXTEND);

    if (!good)
        *odd = n;
    for (int i = 0; good && node->grid && i < node->input_count; i++)
        good = goes_on(w, node->inputs[i], odd);
    return good;
}

static WeftNode shifted(Wrap *w, const WfNode *node, WeftNode input, int edges)
{
    WfNode image = *node;
    double settings[CONSTANT + 1] = { node->settings[DCOL], node->settings[DROW], edges, 0 };

    image.settings = settings;
    return wf_rebuild_copy(w->r.graph, &image, &input, w->err);
}

static WeftNode go_on(Wrap *w, WeftNode n);

static WeftNode go_on_with(Wrap *w, const WfNode *node)
{
    WeftNode *inputs = wf_calloc((size_t)node->input_count + 1, sizeof *inputs, w->err), made;

    for (int i = 0; inputs && i < node->input_count; i++) {
        inputs[i] = go_on(w, node->inputs[i]);
        if (inputs[i] == WEFT_NONE) {
            wf_free(inputs);
            return WEFT_NONE;
        }
    }
    made = inputs ? wf_rebuild_copy(w->r.graph, node, inputs, w->err) : WEFT_NONE;
    wf_free(inputs);
    return made;
}

/* The like of an old node that could go on. */
static WeftNode go_on(Wrap *w, WeftNode n)
{
    const WfNode *node = &w->r.old[n];
    const WfBuild build = { .graph = w->r.graph, .err = w->err };
    WeftNode below;

    if (w->beyond[n] != WEFT_NONE)
        return w->beyond[n];
    if (!node->grid || node->op->shape == WEFT_CONSTANT) {
        w->beyond[n] = w->r.map[n];
    } else if (node->op->shape == WEFT_LOAD) {
        w->beyond[n] = wf_build_neighbour(&build, w->r.map[n], 0, 0, "wrap", 0);
    } else if (node->op->shape == WEFT_POINT) {
        w->beyond[n] = go_on_with(w, node);
    } else if (is_file(w->r.graph, &w->r.old[node->inputs[0]])) {
        w->beyond[n] = shifted(w, node, w->r.map[node->inputs[0]], EDGES_WRAP);
    } else {
        below = go_on(w, node->inputs[0]);
        w->beyond[n] = below == WEFT_NONE ? below : shifted(w, node, below, EDGES_EXTEND);
    }
    return w->beyond[n];
}

static bool refuse(const Wrap *w, const WfNode *node, WeftNode odd)
{
    const WfNode *cause = &w->r.old[odd];

    wf_fail(w->err, WEFT_EARG, "edges=\"wrap\" of a raster that %s is part of, which does not wrap",
            cause->op->name);
    wf_hint(w->err, "give that edges=\"wrap\" too; or save the raster first, and open the file");
    return wf_err_at(w->err, &node->place, node->op->name);
}

static bool wrap_node(Wrap *w, WeftNode n)
{
    const WfNode *node = &w->r.old[n];
    WeftNode odd = WEFT_NONE;

    if (!is_neighbour(node, EDGES_WRAP) || is_file(w->r.graph, &w->r.old[node->inputs[0]]))
        return wf_rebuild_keep(&w->r, n, w->err) != WEFT_NONE;
    if (!goes_on(w, n, &odd))
        return refuse(w, node, odd);
    w->r.changed = true;
    w->r.map[n] = go_on(w, n);
    return w->r.map[n] != WEFT_NONE;
}

static bool wrap_nodes(Wrap *w)
{
    for (WeftNode n = 0; n < w->r.old_count; n++)
        if (!wrap_node(w, n))
            return false;
    return true;
}

static bool any_wraps(const WfGraph *graph)
{
    for (WeftNode n = 0; n < graph->count; n++)
        if (is_neighbour(&graph->nodes[n], EDGES_WRAP))
            return true;
    return false;
}

bool wf_pass_wrap(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err)
{
    Wrap w = { .err = err };
    bool done = false;

    *changed = false;
    if (!any_wraps(graph))
        return true;
    w.beyond = wf_calloc((size_t)graph->count + 1, sizeof *w.beyond, err);
    for (WeftNode n = 0; w.beyond && n < graph->count; n++)
        w.beyond[n] = WEFT_NONE;
    if (w.beyond && wf_rebuild_start(&w.r, graph, err))
        done = wf_rebuild_end(&w.r, roots, root_count, wrap_nodes(&w));
    *changed = done && w.r.changed;
    wf_free(w.beyond);
    return done;
}
