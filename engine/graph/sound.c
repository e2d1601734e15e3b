/*
 * sound.c - whether a graph is sound.
 *
 * Reads the graph and the catalog.
 */
#include "graph/sound.h"

#include "graph/catalog.h"
#include "graph/sight.h"

static bool unsound(WeftErr *err, WeftNode node, const char *what)
{
    return wf_fail(err, WEFT_EBUG, "the graph is damaged: node %%%d %s", (int)node, what);
}

/* A band that is kept waits for what it is made from. */
static int wanted_inputs(const WfGraph *graph, const WfNode *node)
{
    bool kept = node->source >= 0 && node->source < graph->source_count &&
                graph->sources[node->source].store < 0;

    return node->op->inputs + (kept && node->op->shape == WEFT_LOAD);
}

static bool check_counts(const WfGraph *graph, const WfNode *node)
{
    const WeftOp *op = node->op;
    int values = node->input_count - wf_catalog_number_count(op);

    return wf_window_settings(node) == wf_catalog_setting_count(op) &&
           (op->more ? values >= op->inputs : values == wanted_inputs(graph, node));
}

static bool check_table(const WfNode *node)
{
    const WeftParam *param = wf_catalog_table(node->op);

    return node->table ? param != NULL : !param || param->optional;
}

bool wf_graph_sound(const WfGraph *graph, WeftErr *err)
{
    for (WeftNode n = 0; n < graph->count; n++) {
        const WfNode *node = &graph->nodes[n];

        if (!node->op)
            return unsound(err, n, "has no operator");
        for (int i = 0; i < node->input_count; i++)
            if (node->inputs[i] < 0 || node->inputs[i] >= n)
                return unsound(err, n, "reads a node that is not older");
        if (!check_counts(graph, node) || !check_table(node))
            return unsound(err, n, "has a wrong number of inputs, settings or tables");
        for (int i = node->input_count - wf_catalog_number_count(node->op); i < node->input_count;
             i++)
            if (graph->nodes[node->inputs[i]].grid)
                return unsound(err, n, "has a raster for a number");
        if ((node->op->shape == WEFT_LOAD) != (node->source >= 0) ||
            node->source >= graph->source_count)
            return unsound(err, n, "has no source, or one too many");
        if (node->op->shape == WEFT_LOAD && !node->grid)
            return unsound(err, n, "is a band without a grid");
    }
    return true;
}
