/*
 * lower.c - operators written in terms of others: chains, small powers, statistics that skip.
 *
 * Needs: an inferred graph. A node is replaced by nodes that both engines run, so that they agree
 * to the bit; what stands for it is held as it was. Sums of real numbers are kept in f64.
 */
#include <math.h>
#include <string.h>

#include "graph/catalog.h"
#include "pass/lower_neighbour.h"
#include "pass/lower_table.h"
#include "pass/lower_terrain.h"
#include "pass/pass.h"
#include "pass/ranked.h"
#include "pass/rebuild.h"

/* Gives what stands for a node with these inputs, or WEFT_NONE: with err set, or to keep it. */
typedef WeftNode Lower(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err);

static WeftNode apply_1(WfGraph *graph, const char *op, WeftNode a, WeftErr *err)
{
    return a == WEFT_NONE ? a : wf_infer_apply(graph, op, &a, 1, NULL, 0, err);
}

static WeftNode apply_2(WfGraph *graph, const char *op, WeftNode a, WeftNode b, WeftErr *err)
{
    WeftNode inputs[] = { a, b };

    if (a == WEFT_NONE || b == WEFT_NONE)
        return WEFT_NONE;
    return wf_infer_apply(graph, op, inputs, 2, NULL, 0, err);
}

static WeftNode integer(WfGraph *graph, int value, WeftErr *err)
{
    return wf_infer_constant(graph, value, true, false, NULL, err);
}

/* ------------------------------------------------------------------ chains and powers */

/* f(a, b, c) becomes f(f(a, b), c), each with the numbers and settings of the whole. */
static WeftNode lower_chain(WfGraph *graph, const WfNode *node, const WeftNode *inputs,
                            WeftErr *err)
{
    int numbers = wf_catalog_number_count(node->op), values = node->input_count - numbers;
    WeftNode pair[WEFT_ARGS_MAX];

    if (!node->op->chain || node->op->inputs != 2 || values <= 2 || numbers + 2 > WEFT_ARGS_MAX)
        return WEFT_NONE;
    memcpy(pair + 2, inputs + values, (size_t)numbers * sizeof *pair);
    pair[0] = inputs[0];
    for (int i = 1; i < values; i++) {
        pair[1] = inputs[i];
        pair[0] = wf_graph_add(graph, node->op, pair, 2 + numbers, node->settings,
                               node->setting_count, err);
        if (pair[0] == WEFT_NONE || !wf_infer_node(graph, pair[0], err))
            return WEFT_NONE;
    }
    return pair[0];
}

/* x^2 ... x^8 are products, by squaring: the kernel of pow multiplies in the same order. */
static WeftNode lower_pow(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err)
{
    const WfNode *exponent = &graph->nodes[inputs[node->input_count - 1]];
    WeftNode square = inputs[0], power = WEFT_NONE;

    if (exponent->op->shape != WEFT_CONSTANT || exponent->grid || !(exponent->value >= 2) ||
        !(exponent->value <= 8) || exponent->value != floor(exponent->value))
        return WEFT_NONE;
    for (int n = (int)exponent->value; n; n /= 2) {
        if (n % 2)
            power = power == WEFT_NONE ? square : apply_2(graph, "mul", power, square, err);
        if (n > 1)
            square = apply_2(graph, "mul", square, square, err);
        if (square == WEFT_NONE || (n % 2 && power == WEFT_NONE))
            return WEFT_NONE;
    }
    return power;
}

/* ------------------------------------------------------------------ statistics that skip */

static WeftNode lower_count(WfGraph *graph, const WfNode *node, const WeftNode *inputs,
                            WeftErr *err)
{
    WeftNode count = integer(graph, 0, err);

    for (int i = 0; i < node->input_count && count != WEFT_NONE; i++)
        count = apply_2(graph, "add", count, apply_1(graph, "isvalid", inputs[i], err), err);
    return count;
}

/* The sum of the valid ones, 0 where there is none; wide: in f64. */
static WeftNode add_valid(WfGraph *graph, const WfNode *node, const WeftNode *inputs, bool wide,
                          WeftErr *err)
{
    const WfBuild build = { .graph = graph, .err = err };
    WeftNode sum = WEFT_NONE;

    for (int i = 0; i < node->input_count; i++) {
        WeftNode value = wide ? wf_build_1(&build, "widen", inputs[i]) : inputs[i];
        WeftNode term = wf_build_term(&build, inputs[i], value);

        sum = i ? wf_build_2(&build, "add", sum, term) : term;
    }
    return sum;
}

static WeftNode lower_mean(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err)
{
    WeftNode sum = add_valid(graph, node, inputs, true, err);

    return apply_2(graph, "div", sum, lower_count(graph, node, inputs, err), err);
}

/* The kernel takes two. In a chain of it an infinity less an infinity would count as missing. */
static WeftNode lower_sum(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err)
{
    WeftNode sum, count;

    if (node->input_count <= 2)
        return WEFT_NONE;
    sum = add_valid(graph, node, inputs, !node->range.whole, err);
    count = lower_count(graph, node, inputs, err);
    return apply_2(graph, "mask", sum, apply_2(graph, "ne", count, integer(graph, 0, err), err),
                   err);
}

static WeftNode lower_median(WfGraph *graph, const WfNode *node, const WeftNode *inputs,
                             WeftErr *err)
{
    WfBuild build = { .graph = graph, .err = err };
    WfRanked ranked = { .build = &build, .count = node->input_count };
    WeftNode median;

    ranked.cell = wf_calloc((size_t)ranked.count, sizeof *ranked.cell, err);
    if (!ranked.cell)
        return WEFT_NONE;
    for (int i = 0; i < ranked.count; i++) {
        ranked.cell[i] = inputs[i];
        ranked.skips |= !graph->nodes[inputs[i]].range.valid;
    }
    median = wf_ranked_of(&ranked, WF_STAT_MEDIAN, 0);
    wf_free(ranked.cell);
    return median;
}

/* ------------------------------------------------------------------ the walk */

static const struct {
    const char *op;
    Lower *lower;
} table[] = {
    { .op = "ncount", .lower = lower_count },
    { .op = "nmean", .lower = lower_mean },
    { .op = "nsum", .lower = lower_sum },
    { .op = "nmedian", .lower = lower_median },
    { .op = "pow", .lower = lower_pow },
    { .op = "reclass", .lower = wf_lower_reclass },
    { .op = "interpolate", .lower = wf_lower_interpolate },
    { .op = "neighbour", .lower = wf_lower_neighbour },
    { .op = "slope", .lower = wf_lower_terrain },
    { .op = "aspect", .lower = wf_lower_terrain },
    { .op = "hillshade", .lower = wf_lower_terrain },
    { .op = "tri", .lower = wf_lower_terrain },
    { .op = "tpi", .lower = wf_lower_terrain },
    { .op = "roughness", .lower = wf_lower_terrain },
    { .op = "curvature", .lower = wf_lower_terrain },
};

static Lower *lower_of(const WfNode *node)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].op, node->op->name) == 0)
            return table[i].lower;
    return lower_chain;
}

/* The new node is held as the old one was, and keeps what was known of it. */
static WeftNode conform(WfGraph *graph, const WfNode *node, WeftNode lowered, WeftErr *err)
{
    WfNode *made;

    if (graph->nodes[lowered].wide != node->wide)
        lowered = apply_1(graph, node->wide ? "widen" : "narrow", lowered, err);
    if (lowered == WEFT_NONE)
        return WEFT_NONE;
    made = &graph->nodes[lowered];
    made->range = node->range;
    made->type = node->type;
    made->inexact = node->inexact;
    return lowered;
}

static bool lower_node(WfRebuild *r, int old, WeftErr *err)
{
    const WfNode *node = &r->old[old];
    Lower *lower = lower_of(node);
    WeftNode *inputs = wf_calloc((size_t)node->input_count + 1, sizeof *inputs, err);
    WeftNode lowered;
    WeftErr problem = { 0 };

    if (!inputs)
        return false;
    for (int i = 0; i < node->input_count; i++)
        inputs[i] = r->map[node->inputs[i]];
    r->graph->place = node->place;
    lowered = lower(r->graph, node, inputs, &problem);
    wf_free(inputs);
    if (problem.code != WEFT_OK) {
        if (err && err->code == WEFT_OK)
            *err = problem;
        return false;
    }
    if (lowered == WEFT_NONE)
        return wf_rebuild_keep(r, old, err) != WEFT_NONE;
    r->map[old] = conform(r->graph, node, lowered, err);
    r->changed = true;
    return r->map[old] != WEFT_NONE;
}

static bool lower_nodes(WfRebuild *r, WeftErr *err)
{
    for (int i = 0; i < r->old_count; i++)
        if (!lower_node(r, i, err))
            return false;
    return true;
}

bool wf_pass_lower(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err)
{
    WfRebuild r;

    *changed = false;
    if (!wf_rebuild_start(&r, graph, err) ||
        !wf_rebuild_end(&r, roots, root_count, lower_nodes(&r, err)))
        return false;
    *changed = r.changed;
    return true;
}
