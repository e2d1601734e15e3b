/*
 * read.c - which of a kernel's inputs holds a node's pixels.
 *
 * A node that has a ring, be it a neighbour itself, is read from there by others than the kernel
 * that fills it. A neighbour is read under its own rule of edges from the input that has this rule;
 * its offset lies in that input's window. Reads the plan; writes nothing.
 */
#include "plan/read.h"

#include <string.h>

#include "graph/sight.h"

/* A neighbour's settings, in the order of its parameters. */
enum { DCOL, DROW, EDGES, CONSTANT };

static bool holds(const WfPlan *plan, const WfPlanInput *input, WeftNode number)
{
    const WfNode *node = &plan->graph->nodes[number];

    if (input->ring >= 0)
        return input->node == number;
    return node->op->shape == WEFT_LOAD && input->source == node->source;
}

static bool has_rule(const WfPlanInput *input, WfEdges edges, double constant)
{
    return input->edges == edges && (edges != WF_EDGES_CONSTANT ||
                                     memcmp(&input->constant, &constant, sizeof constant) == 0);
}

/* The input for (node, edges, constant); edges -1: under any rule. -1. */
static int find(const WfPlan *plan, const WfKernel *kernel, WeftNode node, int edges,
                double constant)
{
    for (int k = 0; k < kernel->input_count; k++) {
        const WfPlanInput *input = &plan->inputs[kernel->inputs[k]];

        if (holds(plan, input, node) && (edges < 0 || has_rule(input, (WfEdges)edges, constant)))
            return k;
    }
    return -1;
}

static int find_unshifted(const WfPlan *plan, const WfKernel *kernel, WeftNode node)
{
    int k;

    if (!kernel->extended)
        return find(plan, kernel, node, -1, 0);
    k = find(plan, kernel, node, WF_EDGES_EXTEND, 0);
    return k >= 0 ? k : find(plan, kernel, node, WF_EDGES_NEAREST, 0);
}

static bool find_neighbour(const WfPlan *plan, const WfKernel *kernel, const WfNode *node,
                           WfRead *read, WeftErr *err)
{
    const double *s = node->settings;
    const WfPlanInput *input;

    if (node->input_count != 1 || node->setting_count != CONSTANT + 1)
        return wf_fail(err, WEFT_EBUG, "a kernel has a node of %s, which was to be lowered",
                       node->op->name);
    *read = (WfRead) { .node = node->inputs[0],
                       .dcol = (int)s[DCOL],
                       .drow = (int)s[DROW],
                       .valid = node->range.valid };
    read->input = find(plan, kernel, read->node, (int)s[EDGES], s[CONSTANT]);
    if (read->input < 0 && !read->dcol && !read->drow)
        read->input = find_unshifted(plan, kernel, read->node);
    if (read->input < 0)
        return wf_fail(err, WEFT_EBUG, "a neighbour's raster is no input of its kernel");
    input = &plan->inputs[kernel->inputs[read->input]];
    if (-read->dcol > input->window.left || read->dcol > input->window.right ||
        -read->drow > input->window.up || read->drow > input->window.down)
        return wf_fail(err, WEFT_EBUG, "a neighbour at %d, %d lies outside its kernel's window",
                       read->dcol, read->drow);
    return true;
}

bool wf_read_find(const WfPlan *plan, const WfKernel *kernel, WeftNode node, WfRead *read,
                  WeftErr *err)
{
    const WfNode *n = &plan->graph->nodes[node];

    *read = (WfRead) { .input = -1, .node = node, .valid = n->range.valid };
    if (n->op->shape == WEFT_CONSTANT)
        return true;
    read->input = find_unshifted(plan, kernel, node);
    if (read->input >= 0)
        return true;
    if (n->op->shape == WEFT_ROWS)
        return wf_fail(err, WEFT_EBUG, "%s is to have a kernel of its own", n->op->name);
    if (n->op->shape == WEFT_FOCAL)
        return find_neighbour(plan, kernel, n, read, err);
    return n->op->shape != WEFT_LOAD ||
           wf_fail(err, WEFT_EBUG, "a kernel reads a band that is none of its inputs");
}

bool wf_read_window(const WfPlan *plan, const WfKernel *kernel, WeftNode number, int i, int *input,
                    WeftErr *err)
{
    const WfNode *node = &plan->graph->nodes[number];
    WeftWindow window = wf_window_of(node, i);
    const WfPlanInput *in;

    *input = find(plan, kernel, node->inputs[i], window.edges, window.constant);
    if (*input < 0)
        return wf_fail(err, WEFT_EBUG, "input %d of %s is no input of its kernel", i + 1,
                       node->op->name);
    in = &plan->inputs[kernel->inputs[*input]];
    if (window.left > in->window.left || window.right > in->window.right ||
        window.up > in->window.up || window.down > in->window.down ||
        in->type != (node->wide_inside ? WEFT_F64 : WEFT_F32))
        return wf_fail(err, WEFT_EBUG, "input %d of %s has other rows than it takes", i + 1,
                       node->op->name);
    return true;
}
