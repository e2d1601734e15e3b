/*
 * phases.c - what must wait for what: phases that run one after another.
 *
 * Needs: an inferred, trimmed graph. Reads it; writes a phasing in its arena, and cuts loads of
 * what is kept off from it.
 */
#include "pass/phases.h"

#include <math.h>

#include "graph/catalog.h"

/* What a reduction knows of its inputs and arguments before anything runs. */
static bool set_up(WfGraph *graph, WfReducing *reducing, WeftErr *err)
{
    const WfNode *node = &graph->nodes[reducing->node];
    int numbers = wf_catalog_number_count(node->op), inputs = node->input_count - numbers;
    WeftRange *ranges = wf_arena_zalloc(graph->arena, (size_t)inputs * sizeof *ranges, err);
    bool *wide = wf_arena_zalloc(graph->arena, (size_t)inputs * sizeof *wide, err);
    const WeftGrid *grid = graph->nodes[node->inputs[0]].grid;

    reducing->numbers =
        wf_arena_zalloc(graph->arena, (size_t)(numbers + 1) * sizeof *reducing->numbers, err);
    if (!ranges || !wide || !reducing->numbers)
        return false;
    for (int i = 0; i < inputs; i++) {
        ranges[i] = graph->nodes[node->inputs[i]].range;
        wide[i] = graph->nodes[node->inputs[i]].wide;
    }
    for (int i = 0; i < numbers; i++) {
        const WfNode *number = &graph->nodes[node->inputs[inputs + i]];

        reducing->numbers[i] = number->op->shape == WEFT_CONSTANT ? number->value : NAN;
    }
    reducing->setup = (WeftReduceSetup) {
        .input_count = inputs,
        .ranges = ranges,
        .wide = wide,
        .numbers = reducing->numbers,
        .settings = node->settings,
        .table = node->table ? node->table->wide : NULL,
        .table_count = node->table ? node->table->rows * node->table->columns : 0,
        .width = grid->width,
        .height = grid->height,
    };
    return true;
}

static int later(int a, int b)
{
    return a > b ? a : b;
}

static const WfReducing *reducing_of(const WfPhasing *phasing, WeftNode node)
{
    for (int r = 0; r < phasing->reducing_count; r++)
        if (phasing->reducings[r].node == node)
            return &phasing->reducings[r];
    return NULL;
}

static bool add_reducing(WfGraph *graph, WfPhasing *phasing, WeftNode number, WeftErr *err)
{
    const WeftOp *op = graph->nodes[number].op;
    WfReducing *reducing = &phasing->reducings[phasing->reducing_count++];

    *reducing = (WfReducing) { .node = number, .first = phasing->depth[number], .passes = 1 };
    if (!set_up(graph, reducing, err))
        return false;
    if (op->reduce->passes)
        reducing->passes = op->reduce->passes(&reducing->setup);
    phasing->count = later(phasing->count, reducing->first + reducing->passes);
    return true;
}

/* From here on the load is that of any file. */
static void add_keeping(WfPhasing *phasing, WfNode *load)
{
    for (int k = 0; k < phasing->keeping_count; k++)
        if (phasing->keepings[k].source == load->source) {
            load->input_count = 0;
            return;
        }
    phasing->keepings[phasing->keeping_count++] =
        (WfKeeping) { .node = load->inputs[0], .source = load->source };
    load->input_count = 0;
}

bool wf_phases_find(WfGraph *graph, WfPhasing *phasing, WeftErr *err)
{
    size_t nodes = (size_t)graph->count + 1;

    *phasing = (WfPhasing) { .count = 1 };
    phasing->depth = wf_arena_zalloc(graph->arena, nodes * sizeof(int), err);
    phasing->reducings = wf_arena_zalloc(graph->arena, nodes * sizeof(WfReducing), err);
    phasing->keepings = wf_arena_zalloc(graph->arena, nodes * sizeof(WfKeeping), err);
    if (!phasing->depth || !phasing->reducings || !phasing->keepings)
        return false;
    for (WeftNode n = 0; n < graph->count; n++) {
        WfNode *node = &graph->nodes[n];
        int *depth = &phasing->depth[n];

        for (int i = 0; i < node->input_count; i++)
            *depth = later(*depth, phasing->depth[node->inputs[i]]);
        if (node->op->shape == WEFT_SCALAR)
            *depth += reducing_of(phasing, node->inputs[0])->passes;
        if (node->op->shape == WEFT_LOAD && node->input_count > 0) {
            ++*depth;
            add_keeping(phasing, node);
        }
        phasing->count = later(phasing->count, *depth + 1);
        if (node->op->shape == WEFT_REDUCE && !add_reducing(graph, phasing, n, err))
            return false;
    }
    return true;
}
