/*
 * fold.c - constants, and algebra that is exact in floating point.
 *
 * Needs: an inferred and lowered graph. Numbers without a grid are computed once, in f64; constants
 * on a grid as their pixels would be. The rules hold for every value: NaN, infinities and -0
 * included. What stands for a node has its type and grid and is held as it was; where a rule would
 * change that, the node stays.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"
#include "graph/native.h"
#include "pass/fold.h"
#include "pass/pass.h"
#include "pass/rebuild.h"

/* What a rule asks of an operand. */
typedef enum Test {
    IS_NUMBER, /* the constant `value`, to the bit */
    IS_TRUE,
    IS_FALSE,
    IS_NULL,         /* a constant without a value */
    IS_POWER_OF_TWO, /* a constant whose inverse is as exact as itself */
    IS_RESULT_OF,    /* of the operator `inner` */
    IS_VALID,        /* proven never to be invalid */
    IS_FINITE,       /* and never infinite either */
    IS_WHOLE,        /* integer-valued */
    IS_HELD          /* all its values are values of the node's type */
} Test;

/* What stands for the node. */
typedef enum Give {
    GIVE_OPERAND, /* operand `which` */
    GIVE_INNER,   /* the input of operand `which` */
    GIVE_TRUE,
    GIVE_FALSE,
    GIVE_SKIP, /* the same operator on the input of operand `which` */
    GIVE_TIMES /* operand `which` times the inverse of the constant */
} Give;

typedef struct Rule {
    const char *op;
    int operand;
    Test test;
    double value;
    const char *inner;
    Give give;
    int which;
} Rule;

static const Rule rules[] = {
    /* x * 1, 1 * x, x / 1, x - 0, x^1; x + 0 is not x for -0 */
    { .op = "mul", .operand = 1, .test = IS_NUMBER, .value = 1, .give = GIVE_OPERAND, .which = 0 },
    { .op = "mul", .operand = 0, .test = IS_NUMBER, .value = 1, .give = GIVE_OPERAND, .which = 1 },
    { .op = "div", .operand = 1, .test = IS_NUMBER, .value = 1, .give = GIVE_OPERAND, .which = 0 },
    { .op = "sub", .operand = 1, .test = IS_NUMBER, .value = 0, .give = GIVE_OPERAND, .which = 0 },
    { .op = "pow", .operand = 1, .test = IS_NUMBER, .value = 1, .give = GIVE_OPERAND, .which = 0 },
    { .op = "div", .operand = 1, .test = IS_POWER_OF_TWO, .give = GIVE_TIMES, .which = 0 },

    /* signs */
    { .op = "neg", .operand = 0, .test = IS_RESULT_OF, .inner = "neg", .give = GIVE_INNER },
    { .op = "abs", .operand = 0, .test = IS_RESULT_OF, .inner = "abs", .give = GIVE_OPERAND },
    { .op = "abs", .operand = 0, .test = IS_RESULT_OF, .inner = "neg", .give = GIVE_SKIP },

    /* three-valued logic: what is false whatever x is, is false where x is invalid */
    { .op = "not", .operand = 0, .test = IS_RESULT_OF, .inner = "not", .give = GIVE_INNER },
    { .op = "and", .operand = 0, .test = IS_FALSE, .give = GIVE_FALSE },
    { .op = "and", .operand = 1, .test = IS_FALSE, .give = GIVE_FALSE },
    { .op = "and", .operand = 0, .test = IS_TRUE, .give = GIVE_OPERAND, .which = 1 },
    { .op = "and", .operand = 1, .test = IS_TRUE, .give = GIVE_OPERAND, .which = 0 },
    { .op = "or", .operand = 0, .test = IS_TRUE, .give = GIVE_TRUE },
    { .op = "or", .operand = 1, .test = IS_TRUE, .give = GIVE_TRUE },
    { .op = "or", .operand = 0, .test = IS_FALSE, .give = GIVE_OPERAND, .which = 1 },
    { .op = "or", .operand = 1, .test = IS_FALSE, .give = GIVE_OPERAND, .which = 0 },
    { .op = "xor", .operand = 0, .test = IS_FALSE, .give = GIVE_OPERAND, .which = 1 },
    { .op = "xor", .operand = 1, .test = IS_FALSE, .give = GIVE_OPERAND, .which = 0 },

    /* choice and validity */
    { .op = "where", .operand = 0, .test = IS_TRUE, .give = GIVE_OPERAND, .which = 1 },
    { .op = "where", .operand = 0, .test = IS_FALSE, .give = GIVE_OPERAND, .which = 2 },
    { .op = "mask", .operand = 1, .test = IS_TRUE, .give = GIVE_OPERAND, .which = 0 },
    { .op = "fill", .operand = 0, .test = IS_VALID, .give = GIVE_OPERAND, .which = 0 },
    { .op = "coalesce", .operand = 0, .test = IS_VALID, .give = GIVE_OPERAND, .which = 0 },
    { .op = "coalesce", .operand = 0, .test = IS_NULL, .give = GIVE_OPERAND, .which = 1 },
    { .op = "coalesce", .operand = 1, .test = IS_NULL, .give = GIVE_OPERAND, .which = 0 },
    { .op = "isvalid", .operand = 0, .test = IS_VALID, .give = GIVE_TRUE },
    { .op = "isvalid", .operand = 0, .test = IS_NULL, .give = GIVE_FALSE },
    { .op = "level", .operand = 0, .test = IS_FINITE, .give = GIVE_OPERAND, .which = 0 },

    /* rounding and casts that change nothing */
    { .op = "floor", .operand = 0, .test = IS_WHOLE, .give = GIVE_OPERAND },
    { .op = "ceil", .operand = 0, .test = IS_WHOLE, .give = GIVE_OPERAND },
    { .op = "round", .operand = 0, .test = IS_WHOLE, .give = GIVE_OPERAND },
    { .op = "trunc", .operand = 0, .test = IS_WHOLE, .give = GIVE_OPERAND },
    { .op = "cast", .operand = 0, .test = IS_HELD, .give = GIVE_OPERAND },
};

/* ------------------------------------------------------------------ tests */

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* 2^k and 2^-k are normal numbers of the pixel type. */
static bool inverse_is_exact(double v, bool wide)
{
    int exponent;
    double fraction = frexp(fabs(v), &exponent);

    return fraction == 0.5 && abs(exponent - 1) <= (wide ? 1022 : 126);
}

static bool passes(const WfNode *node, const WfNode *operand, const Rule *rule)
{
    bool constant = operand->op->shape == WEFT_CONSTANT;
    const WeftRange *r = &operand->range;

    switch (rule->test) {
    case IS_NUMBER:
        return constant && same_bits(operand->value, rule->value);
    case IS_TRUE:
        return constant && r->boolean && operand->value == 1;
    case IS_FALSE:
        return constant && r->boolean && operand->value == 0;
    case IS_NULL:
        return constant && isnan(operand->value);
    case IS_POWER_OF_TWO:
        return constant && inverse_is_exact(operand->value, node->wide_inside);
    case IS_RESULT_OF:
        return strcmp(operand->op->name, rule->inner) == 0;
    case IS_VALID:
        return r->valid;
    case IS_FINITE:
        return r->valid && isfinite(r->lo) && isfinite(r->hi);
    case IS_WHOLE:
        return r->whole;
    case IS_HELD:
        return !wf_pixel(node->type)->whole ||
               (r->whole && r->lo >= wf_pixel(node->type)->lo && r->hi <= wf_pixel(node->type)->hi);
    }
    return false;
}

/* ------------------------------------------------------------------ replacement */

static bool held_alike(const WfNode *a, const WfNode *b)
{
    return a->grid == b->grid && a->type == b->type && a->wide == b->wide &&
           a->range.whole == b->range.whole && a->range.boolean == b->range.boolean;
}

/* A number that stands for a raster is spread over its grid, and rounded as that was. */
static WeftNode on_grid(WfGraph *graph, WeftNode node, const WeftGrid *grid, WeftErr *err)
{
    const WfNode *number = &graph->nodes[node];
    double value = number->range.whole ? number->value : (double)(float)number->value;

    if (number->grid || !grid || number->op->shape != WEFT_CONSTANT)
        return node;
    return wf_infer_constant(graph, value, number->integer, number->range.boolean, grid, err);
}

static WeftNode times_inverse(WfGraph *graph, const WfNode *node, const Rule *rule, WeftErr *err)
{
    double value = graph->nodes[node->inputs[rule->operand]].value;
    WeftNode inputs[] = { node->inputs[rule->which],
                          wf_infer_constant(graph, 1 / value, false, false, NULL, err) };

    return inputs[1] == WEFT_NONE ? WEFT_NONE
                                  : wf_infer_apply(graph, "mul", inputs, 2, NULL, 0, err);
}

static WeftNode replacement(WfGraph *graph, const WfNode *node, const Rule *rule, WeftErr *err)
{
    WeftNode which = node->inputs[rule->which], made;

    switch (rule->give) {
    case GIVE_OPERAND:
        return on_grid(graph, which, node->grid, err);
    case GIVE_INNER:
        return on_grid(graph, graph->nodes[which].inputs[0], node->grid, err);
    case GIVE_TRUE:
    case GIVE_FALSE:
        return wf_infer_constant(graph, rule->give == GIVE_TRUE, true, true, node->grid, err);
    case GIVE_SKIP:
        made = wf_rebuild_copy(graph, node, &graph->nodes[which].inputs[0], err);
        return made != WEFT_NONE && wf_infer_node(graph, made, err) ? made : WEFT_NONE;
    case GIVE_TIMES:
        return times_inverse(graph, node, rule, err);
    }
    return WEFT_NONE;
}

/* Apply a rule to the newest node: *node becomes what stands for it, or stays. */
static bool apply_rule(WfGraph *graph, WeftNode *node, const Rule *rule, WeftErr *err)
{
    WfNode old = graph->nodes[*node];
    WeftNode made;

    assert(*node == graph->count - 1);
    wf_graph_drop(graph, *node);
    graph->place = old.place;
    made = replacement(graph, &old, rule, err);
    if (made == WEFT_NONE)
        return false;
    if (!held_alike(&graph->nodes[made], &old)) {
        while (graph->count > *node)
            wf_graph_drop(graph, graph->count - 1);
        made = wf_rebuild_copy(graph, &old, old.inputs, err);
    }
    *node = made;
    return made != WEFT_NONE;
}

bool wf_fold_simplify(WfGraph *graph, WeftNode *node, WeftErr *err)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const WfNode *now = &graph->nodes[*node];
        const Rule *rule = &rules[i];
        const WeftOp *op = now->op;

        if (strcmp(rule->op, op->name) != 0 || rule->operand >= now->input_count ||
            !passes(now, &graph->nodes[now->inputs[rule->operand]], rule))
            continue;
        if (!apply_rule(graph, node, rule, err))
            return false;
        if (*node != graph->count - 1) /* an older node: nothing is left to simplify */
            return true;
    }
    return true;
}

/* ------------------------------------------------------------------ constants */

/* What counts pixels has to see each of them. */
static bool is_computable(const WfGraph *graph, const WfNode *node)
{
    if (node->op->shape != WEFT_POINT || !node->op->kernel[1] || (node->grid && node->op->watch[1]))
        return false;
    for (int i = 0; i < node->input_count; i++)
        if (graph->nodes[node->inputs[i]].op->shape != WEFT_CONSTANT)
            return false;
    return true;
}

/* A constant from constants; an integer where the operator gives one for integers. On a grid the
 * node stays where a constant would be held otherwise. */
static bool compute(WfGraph *graph, WeftNode *node, WeftErr *err)
{
    WfNode old = graph->nodes[*node];
    double *values = wf_calloc((size_t)old.input_count + 1, sizeof *values, err), value;

    if (!values)
        return false;
    for (int i = 0; i < old.input_count; i++)
        values[i] = graph->nodes[old.inputs[i]].value;
    value = wf_native_node(&old, values, 0, 0);
    wf_free(values);
    wf_graph_drop(graph, *node);
    graph->place = old.place;
    *node = wf_infer_constant(graph, value, old.range.whole && value == floor(value),
                              old.range.boolean, old.grid, err);
    if (*node == WEFT_NONE || !old.grid || held_alike(&graph->nodes[*node], &old))
        return *node != WEFT_NONE;
    wf_graph_drop(graph, *node);
    *node = wf_rebuild_copy(graph, &old, old.inputs, err);
    return *node != WEFT_NONE;
}

/* ------------------------------------------------------------------ the walk */

static bool fold_node(WfRebuild *r, int old, WeftErr *err)
{
    WeftNode node = wf_rebuild_keep(r, old, err);
    const WeftOp *op;

    if (node == WEFT_NONE)
        return false;
    op = r->graph->nodes[node].op;
    if (is_computable(r->graph, &r->graph->nodes[node]) && !compute(r->graph, &node, err))
        return false;
    if (!wf_fold_simplify(r->graph, &node, err))
        return false;
    r->changed |= node != r->map[old] || r->graph->nodes[node].op != op ||
                  r->graph->nodes[node].input_count != r->old[old].input_count;
    r->map[old] = node;
    return true;
}

static bool fold_nodes(WfRebuild *r, WeftErr *err)
{
    for (int i = 0; i < r->old_count; i++)
        if (!fold_node(r, i, err))
            return false;
    return true;
}

bool wf_pass_fold(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err)
{
    WfRebuild r;

    *changed = false;
    if (!wf_rebuild_start(&r, graph, err) ||
        !wf_rebuild_end(&r, roots, root_count, fold_nodes(&r, err)))
        return false;
    *changed = r.changed;
    return true;
}
