/*
 * forms.c - which kernels have a plain form, for turns in which nothing that they read is odd.
 *
 * Needs: fuse; a graph that pass/plain has seen (else no kernel has one). Writes the kernels' plain
 * nodes, and what has to be known of the rings' rows. A form is worth having where it saves more
 * than it costs to look through the rows; a ring that plain turns fill with one number always is,
 * for what reads it needs no ring then.
 */
#include "plan/parts.h"
#include "plan/read.h"

#include <math.h>

enum { WORTH = 4 }; /* operators a pixel that a plain form saves at least */

typedef struct Forms {
    WfPlan *plan;
    const WfKernel *kernel;
    bool *wanted; /* nodes of the kernel's plain form */
    WeftNode low, high;
} Forms;

static const WfNode *node_of(const WfPlan *plan, WeftNode node)
{
    return &plan->graph->nodes[node];
}

/* ------------------------------------------------------------------ nodes */

static void want(Forms *f, WeftNode node)
{
    f->wanted[node] = true;
    f->high = node > f->high ? node : f->high;
    f->low = node < f->low ? node : f->low;
}

static void want_ends(Forms *f)
{
    const WfGraph *graph = f->plan->graph;
    const WfKernel *kernel = f->kernel;

    for (WeftNode n = f->low; n <= f->high; n++)
        f->wanted[n] = false;
    f->low = graph->count;
    f->high = 0;
    for (int j = 0; j < kernel->ring_count; j++)
        want(f, wf_graph_plain(graph, f->plan->rings[kernel->rings[j]].node));
    for (int j = 0; j < kernel->output_count; j++)
        want(f, wf_graph_plain(graph, f->plan->outputs[kernel->outputs[j]].node));
    for (int w = 0; w < kernel->watch_count; w++)
        want(f, wf_graph_plain(graph, kernel->watches[w].node));
}

/* Mark all nodes of the plain form. False: it would read what the kernel does not, tables of what
 * others compute for it included. */
static bool mark(Forms *f)
{
    want_ends(f);
    for (WeftNode n = f->high; n >= f->low; n--) {
        const WfNode *node = node_of(f->plan, n);
        WfRead read;

        if (!f->wanted[n])
            continue;
        if (!wf_read_find(f->plan, f->kernel, n, &read, NULL))
            return false;
        if (read.input < 0 && node->table && wf_plan_table(f->plan, f->kernel, node) < 0)
            return false;
        if (node->op->shape == WEFT_SCALAR)
            continue;
        for (int i = 0; i < node->input_count && read.input < 0; i++)
            want(f, node->inputs[i]);
    }
    return true;
}

/* ------------------------------------------------------------------ worth */

/* Tests that come on top where inputs may be invalid: one looks at two inputs. */
static int test_cost(const WfPlan *plan, const WfNode *node)
{
    int unsure = 0;

    for (int i = 0; i < node->input_count && node->op->invalid != WEFT_CARRIES; i++)
        unsure += !node_of(plan, node->inputs[i])->range.valid;
    return (unsure + 1) / 2;
}

static int cost(const WfPlan *plan, const WfKernel *kernel, WeftNode n)
{
    const WfNode *node = node_of(plan, n), *below = node;
    const WfSource *source;
    WfRead read;

    if (node->op->shape == WEFT_CONSTANT || node->op->shape == WEFT_SCALAR ||
        !wf_read_find(plan, kernel, n, &read, NULL))
        return 0;
    if (read.input < 0)
        return 1 + test_cost(plan, node);
    below = node_of(plan, read.node);
    if (below->op->shape != WEFT_LOAD || node->range.valid)
        return 0;
    source = &plan->graph->sources[below->source];
    return source->has_nodata && !isnan(source->nodata);
}

static bool is_worth(const Forms *f, bool same)
{
    int saved = 0;

    for (int i = 0; i < f->kernel->node_count; i++)
        saved += cost(f->plan, f->kernel, f->kernel->nodes[i]);
    for (WeftNode n = f->low; n <= f->high; n++)
        if (f->wanted[n])
            saved -= cost(f->plan, f->kernel, n);
    return saved >= WORTH || (same && saved > 0);
}

/* ------------------------------------------------------------------ kernels */

static bool keep(const Forms *f, WfKernel *kernel, WeftErr *err)
{
    int count = 0;

    for (WeftNode n = f->low; n <= f->high; n++)
        count += f->wanted[n];
    kernel->plain_nodes =
        wf_arena_zalloc(f->plan->arena, (size_t)count * sizeof *kernel->plain_nodes, err);
    if (!kernel->plain_nodes)
        return false;
    for (WeftNode n = f->low; n <= f->high; n++)
        if (f->wanted[n])
            kernel->plain_nodes[kernel->plain_count++] = n;
    return true;
}

static void describe_ring(const WfPlan *plan, WfRing *ring)
{
    const WfNode *node = node_of(plan, ring->node);
    const WfNode *plain = node_of(plan, wf_graph_plain(plan->graph, ring->node));

    ring->never = node->range.valid && fabs(node->range.lo) <= WF_PLAIN_LIMIT &&
                  fabs(node->range.hi) <= WF_PLAIN_LIMIT;
    ring->proven = plain->range.valid;
    ring->same = plain->op->shape == WEFT_CONSTANT && plain != node;
}

/* Where the ring holds its one number, the file's pixel at the same place is not odd. */
static bool sees_to(const WfPlan *plan, int ring, int source)
{
    const WfKernel *filler = &plan->kernels[plan->rings[ring].kernel];

    if (!plan->rings[ring].same)
        return false;
    for (int i = 0; i < filler->input_count; i++) {
        const WfPlanInput *input = &plan->inputs[filler->inputs[i]];

        if (input->ring >= 0 ? sees_to(plan, input->ring, source) : input->source == source)
            return true;
    }
    return false;
}

/* A band that the plain form does not read need not be looked through again, if the kernel reads
 * just its own pixels and the ring of what counts them. */
static bool is_asked(const WfPlan *plan, const WfKernel *kernel, int k)
{
    const WfPlanInput *input = &plan->inputs[kernel->inputs[k]];
    WfReach none = { 0 };

    if (kernel->plain_inputs[k].read || input->ring >= 0 || kernel->extended ||
        !wf_reach_same(input->window, none))
        return true;
    for (int i = 0; i < kernel->input_count; i++) {
        int ring = plan->inputs[kernel->inputs[i]].ring;

        if (ring >= 0 && sees_to(plan, ring, input->source))
            return false;
    }
    return true;
}

static bool describe_inputs(WfPlan *plan, WfKernel *kernel, WeftErr *err)
{
    WfRead read;

    kernel->plain_inputs = wf_arena_zalloc(
        plan->arena, (size_t)kernel->input_count * sizeof *kernel->plain_inputs, err);
    if (!kernel->plain_inputs)
        return false;
    for (int i = 0; i < kernel->plain_count; i++)
        if (wf_read_find(plan, kernel, kernel->plain_nodes[i], &read, NULL) && read.input >= 0)
            kernel->plain_inputs[read.input].read = true;
    for (int k = 0; k < kernel->input_count; k++) {
        int ring = plan->inputs[kernel->inputs[k]].ring;

        kernel->plain_inputs[k].asked = is_asked(plan, kernel, k);
        if (ring >= 0)
            plan->rings[ring].asked = true;
    }
    return true;
}

static bool find_form(Forms *f, WfKernel *kernel, WeftErr *err)
{
    bool same = kernel->ring_count == 1 && f->plan->rings[kernel->rings[0]].same;

    f->kernel = kernel;
    if (kernel->input_count == 0 || !mark(f) || !is_worth(f, same))
        return true;
    return keep(f, kernel, err) && describe_inputs(f->plan, kernel, err);
}

bool wf_forms(WfPlan *plan, WeftErr *err)
{
    Forms f = { .plan = plan, .high = -1 };
    bool done = true;

    if (!plan->graph->plain)
        return true;
    f.wanted = wf_calloc((size_t)plan->graph->count + 1, sizeof *f.wanted, err);
    if (!f.wanted)
        return false;
    for (int r = 0; r < plan->ring_count; r++)
        describe_ring(plan, &plan->rings[r]);
    for (int k = 0; k < plan->kernel_count && done; k++)
        done = find_form(&f, &plan->kernels[k], err);
    wf_free(f.wanted);
    return done;
}
