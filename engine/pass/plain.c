/*
 * plain.c - what each node is where nothing that its kernel reads is odd.
 *
 * A float pixel may always be invalid, so a window that skips invalid pixels counts them at every
 * pixel. Where a row is known to have none, the counts are constants and the tests are gone: the
 * same bits for less. Needs: a graph through all other passes. Adds nodes, changes none; writes
 * graph->plain.
 *
 * Pixels of files are taken to be valid and within WF_PLAIN_LIMIT, and so are nodes that windows
 * look at, as their rows are read again (from a ring): of such a node one thing is what its own
 * kernel computes, another what its readers read. Ranges follow anew, constants are computed as the
 * pixels would be, in the type of the node, and the rules of fold.c do the rest.
 */
#include <math.h>
#include <string.h>

#include "graph/catalog.h"
#include "graph/native.h"
#include "pass/fold.h"
#include "pass/pass.h"
#include "pass/rebuild.h"

/* Settings of the operator neighbour, and the place of "constant" among its edges. */
enum { DCOL, DROW, EDGES, CONSTANT, SETTINGS };
enum { EDGES_CONSTANT = 4, EDGES_EXTEND };

typedef struct Plain {
    WfGraph *graph;
    int count;      /* nodes there were */
    bool *windowed; /* nodes that others look at around a pixel */
    WeftNode *own;  /* what a kernel of the node computes */
    WeftNode *use;  /* what takes its place in others */
    WeftErr *err;
} Plain;

/* Operators that skip invalid inputs, and what they are where both are valid. */
static const struct {
    const char *skips, *plain;
    bool swapped;
} forms[] = {
    { .skips = "nmin", .plain = "min" },
    { .skips = "nmax", .plain = "max" },
    { .skips = "nsum", .plain = "add" },
    { .skips = "sortlo", .plain = "min" },
    { .skips = "sorthi", .plain = "max", .swapped = true },
};

static bool is_constant(const Plain *p, WeftNode node)
{
    return p->graph->nodes[node].op->shape == WEFT_CONSTANT;
}

static WeftRange not_odd(WeftRange range)
{
    range.valid = true;
    if (range.lo <= WF_PLAIN_LIMIT && range.hi >= -WF_PLAIN_LIMIT) {
        range.lo = fmax(range.lo, -WF_PLAIN_LIMIT);
        range.hi = fmin(range.hi, WF_PLAIN_LIMIT);
    }
    return range;
}

/* ------------------------------------------------------------------ what is read */

/* Pixels of a ring: what its kernel makes of such as are not odd, or any that are not odd
 * themselves. */
static WeftRange of_ring(const Plain *p, WeftNode n)
{
    WeftRange range = not_odd(p->graph->nodes[n].range), own = p->graph->nodes[p->own[n]].range;

    if (own.valid) {
        range.lo = fmin(range.lo, own.lo);
        range.hi = fmax(range.hi, own.hi);
    }
    return range;
}

/* A node that reads the same pixels as another one does, which are not odd. */
static WeftNode read_again(const Plain *p, WeftNode n, WeftRange range)
{
    WfNode node = p->graph->nodes[n];
    WeftNode copy = wf_rebuild_copy(p->graph, &node, node.inputs, p->err);

    if (copy != WEFT_NONE)
        p->graph->nodes[copy].range = range;
    return copy;
}

/* The raster of another kernel, at the pixel itself. */
static WeftNode read_ring(const Plain *p, WeftNode n)
{
    const double settings[SETTINGS] = { [EDGES] = EDGES_EXTEND };
    WfNode node = p->graph->nodes[n];
    const WeftOp *op = wf_catalog_find("neighbour", p->err);
    WeftNode copy = op ? wf_graph_add(p->graph, op, &n, 1, settings, SETTINGS, p->err) : WEFT_NONE;
    WfNode *made = &p->graph->nodes[copy];

    if (copy == WEFT_NONE)
        return WEFT_NONE;
    made->grid = node.grid;
    made->place = node.place;
    made->range = of_ring(p, n);
    made->type = node.type;
    made->wide = node.wide;
    made->wide_inside = node.wide_inside;
    return copy;
}

/* A node's own number, held as it is, on its grid. */
static WeftNode make_constant(const Plain *p, const WfNode *node, double value)
{
    WeftNode made;
    WfNode *constant;

    p->graph->place = node->place;
    made = wf_infer_constant(p->graph, value, node->range.whole, node->range.boolean, node->grid,
                             p->err);
    if (made == WEFT_NONE)
        return WEFT_NONE;
    constant = &p->graph->nodes[made];
    constant->type = node->type;
    constant->wide = node->wide;
    constant->wide_inside = node->wide_inside;
    constant->range.whole = node->range.whole;
    constant->range.boolean = node->range.boolean;
    return made;
}

/* A neighbour: where all around is one number, it is that. */
static WeftNode neighbour(const Plain *p, WeftNode n)
{
    WfNode node = p->graph->nodes[n];
    WeftNode below = p->own[node.inputs[0]];
    WeftRange range = of_ring(p, node.inputs[0]);

    if ((int)node.settings[EDGES] == EDGES_CONSTANT) {
        range.lo = fmin(range.lo, node.settings[CONSTANT]);
        range.hi = fmax(range.hi, node.settings[CONSTANT]);
    }
    if (below != node.inputs[0] && is_constant(p, below) &&
        (int)node.settings[EDGES] != EDGES_CONSTANT)
        return make_constant(p, &node, p->graph->nodes[below].value);
    return read_again(p, n, range);
}

/* ------------------------------------------------------------------ what is computed */

/* Describe a copy of a node anew, of which only the range may have changed. */
static bool refine(const Plain *p, WeftNode made, const WfNode *node)
{
    WeftRange found, range = node->range;
    WfNode *m;

    if (!wf_infer_node(p->graph, made, p->err))
        return false;
    m = &p->graph->nodes[made];
    found = m->range;
    m->grid = node->grid;
    m->type = node->type;
    m->wide = node->wide;
    m->wide_inside = node->wide_inside;
    m->inexact = node->inexact;
    range.valid |= found.valid;
    if (fmax(range.lo, found.lo) <= fmin(range.hi, found.hi)) {
        range.lo = fmax(range.lo, found.lo);
        range.hi = fmin(range.hi, found.hi);
    }
    m->range = range;
    return true;
}

static bool all_constant(const Plain *p, const WfNode *node)
{
    for (int i = 0; i < node->input_count; i++)
        if (!is_constant(p, node->inputs[i]))
            return false;
    return node->input_count > 0;
}

/* Where all inputs of the newest node are numbers, what each pixel would be; else unchanged. */
static WeftNode compute(const Plain *p, WeftNode made)
{
    WfNode node = p->graph->nodes[made];
    double values[WEFT_ARGS_MAX], value;

    if (!all_constant(p, &node))
        return made;
    for (int i = 0; i < node.input_count; i++)
        values[i] = p->graph->nodes[node.inputs[i]].value;
    value = wf_native_node(&node, values, 0, 0);
    if (isnan(value))
        return made;
    wf_graph_drop(p->graph, made);
    return make_constant(p, &node, value);
}

/* Where both inputs of an operator that skips are valid, the one that does not. */
static bool exchange(const Plain *p, WeftNode made)
{
    WfNode *node = &p->graph->nodes[made];
    size_t i = 0;

    while (i < sizeof forms / sizeof *forms && strcmp(forms[i].skips, node->op->name) != 0)
        i++;
    if (i == sizeof forms / sizeof *forms || !p->graph->nodes[node->inputs[0]].range.valid ||
        !p->graph->nodes[node->inputs[1]].range.valid)
        return true;
    node->op = wf_catalog_find(forms[i].plain, p->err);
    if (forms[i].swapped) {
        WeftNode first = node->inputs[0];

        node->inputs[0] = node->inputs[1];
        node->inputs[1] = first;
    }
    return node->op != NULL;
}

/* A point operator on what its inputs have become. One that counts pixels is kept as it is. */
static WeftNode operate(const Plain *p, WeftNode n)
{
    WfNode node = p->graph->nodes[n];
    WeftNode inputs[WEFT_ARGS_MAX], made;
    bool changed = false;

    for (int i = 0; i < node.input_count; i++) {
        inputs[i] = p->use[node.inputs[i]];
        changed |= inputs[i] != node.inputs[i];
    }
    if (!changed)
        return n;
    made = wf_rebuild_copy(p->graph, &node, inputs, p->err);
    if (made == WEFT_NONE || !refine(p, made, &node))
        return WEFT_NONE;
    if (node.op->watch[0])
        return made;
    made = compute(p, made);
    if (made == WEFT_NONE || is_constant(p, made))
        return made;
    if (!wf_fold_simplify(p->graph, &made, p->err))
        return WEFT_NONE;
    return made < p->graph->count - 1 || exchange(p, made) ? made : WEFT_NONE;
}

static WeftNode own_of(const Plain *p, WeftNode n)
{
    const WfNode *node = &p->graph->nodes[n];

    switch (node->op->shape) {
    case WEFT_LOAD:
        return node->range.valid ? n : read_again(p, n, not_odd(node->range));
    case WEFT_FOCAL:
        return neighbour(p, n);
    case WEFT_POINT:
        return node->input_count <= WEFT_ARGS_MAX ? operate(p, n) : n;
    default:
        return n;
    }
}

/* ------------------------------------------------------------------ all nodes */

static WeftNode use_of(const Plain *p, WeftNode n)
{
    const WfNode *node = &p->graph->nodes[n];

    if (!p->windowed[n] || !node->grid || node->op->shape == WEFT_LOAD || is_constant(p, p->own[n]))
        return p->own[n];
    return node->range.valid ? n : read_ring(p, n);
}

static bool find_windows(Plain *p)
{
    bool any = false;

    for (WeftNode n = 0; n < p->count; n++) {
        const WfNode *node = &p->graph->nodes[n];

        if (node->op->shape != WEFT_FOCAL && node->op->shape != WEFT_ROWS)
            continue;
        any |= node->op->shape == WEFT_FOCAL;
        for (int i = 0; i < node->input_count; i++)
            p->windowed[node->inputs[i]] = true;
    }
    return any;
}

static bool make_all(Plain *p)
{
    for (WeftNode n = 0; n < p->count; n++) {
        p->own[n] = own_of(p, n);
        if (p->own[n] == WEFT_NONE)
            return false;
        p->use[n] = use_of(p, n);
        if (p->use[n] == WEFT_NONE)
            return false;
    }
    return true;
}

bool wf_plain(WfGraph *graph, WeftErr *err)
{
    size_t count = (size_t)graph->count;
    Plain p = { .graph = graph, .count = graph->count, .err = err };
    WfPlaceOf place = graph->place;
    bool done = false;

    graph->plain = NULL;
    graph->plain_count = 0;
    p.windowed = wf_calloc(count + 1, sizeof *p.windowed, err);
    p.use = wf_calloc(count + 1, sizeof *p.use, err);
    p.own = wf_arena_zalloc(graph->arena, (count + 1) * sizeof *p.own, err);
    if (!p.windowed || !p.use || !p.own)
        goto fail;
    done = !find_windows(&p);
    if (done)
        goto fail;
    done = make_all(&p);
    if (done) {
        graph->plain = p.own;
        graph->plain_count = p.count;
    }
fail:
    graph->place = place;
    wf_free(p.windowed);
    wf_free(p.use);
    return done;
}
