/*
 * validity.c - what can be proven of where bands are invalid, before any pixel is known.
 *
 * A node is invalid where any of its reasons holds: a file's pixel is nodata, a condition of `mask`
 * is not true, an operator has no result for valid inputs. Reasons go from inputs to results; two
 * bands with equal sets of reasons are invalid at the same pixels. Equal nodes count as one
 * (wf_share_numbers). Needs: an inferred graph. Writes nothing but its result.
 */
#include "pass/validity.h"

#include <stdlib.h>
#include <string.h>

#include "graph/catalog.h"
#include "pass/describe.h"
#include "pass/share.h"

enum { REASONS = 64 }; /* a node with more is a reason itself */

/* Sorted. A number of a node, or where that must be true, the number and `conditions`. */
typedef struct Reasons {
    WeftNode *list;
    int count;
} Reasons;

typedef struct Validity {
    const WfGraph *graph;
    WfArena *arena;
    WeftNode *number; /* of each node, that of the oldest equal one */
    Reasons *reasons; /* of each node */
    WeftNode conditions;
    WeftErr *err;
} Validity;

/* ------------------------------------------------------------------ sets */

static int compare(const void *a, const void *b)
{
    WeftNode x = *(const WeftNode *)a, y = *(const WeftNode *)b;

    return (x > y) - (x < y);
}

static bool same_reasons(const Reasons *a, const Reasons *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->list, b->list, (size_t)a->count * sizeof *a->list) == 0);
}

/* A set gathered from inputs. */
typedef struct Gather {
    WeftNode list[REASONS];
    int count;
    bool full;
} Gather;

static void add_reason(Gather *g, WeftNode reason)
{
    for (int i = 0; i < g->count; i++)
        if (g->list[i] == reason)
            return;
    if (g->count == REASONS)
        g->full = true;
    else
        g->list[g->count++] = reason;
}

static void add_reasons(Gather *g, const Reasons *reasons)
{
    for (int i = 0; i < reasons->count; i++)
        add_reason(g, reasons->list[i]);
}

static bool store(Validity *v, WeftNode node, Gather *g)
{
    Reasons *reasons = &v->reasons[node];

    if (g->full) {
        g->count = 1;
        g->list[0] = v->number[node];
    }
    qsort(g->list, (size_t)g->count, sizeof *g->list, compare);
    reasons->count = g->count;
    if (g->count == 0)
        return true;
    reasons->list = wf_arena_zalloc(v->arena, (size_t)g->count * sizeof *reasons->list, v->err);
    if (reasons->list)
        memcpy(reasons->list, g->list, (size_t)g->count * sizeof *reasons->list);
    return reasons->list != NULL;
}

/* ------------------------------------------------------------------ reasons of a node */

/* Whether valid inputs can give an invalid result. */
static bool loses(Validity *v, const WfNode *node, bool *answer)
{
    size_t count = (size_t)node->input_count,
           columns = node->table ? (size_t)node->table->columns : 0;
    WfOperand *operands = wf_calloc(count + 1, sizeof *operands, v->err);
    WeftRange *ranges =
        wf_calloc(count + (size_t)node->setting_count + columns + 1, sizeof *ranges, v->err);
    bool done = operands && ranges;

    for (size_t i = 0; done && i < count; i++) {
        const WfNode *in = &v->graph->nodes[node->inputs[i]];

        operands[i] = (WfOperand) {
            .range = in->range, .type = in->type, .wide = in->wide, .number = !in->grid
        };
        operands[i].range.valid = true;
    }
    if (done)
        *answer =
            !wf_describe(node->op, operands, node->input_count - wf_catalog_number_count(node->op),
                         (int)count, node->settings, node->setting_count, node->table, ranges)
                 .range.valid;
    wf_free(operands);
    wf_free(ranges);
    return done;
}

static bool find_reasons(Validity *v, WeftNode number)
{
    const WfNode *node = &v->graph->nodes[number];
    bool spreads = node->op->invalid != WEFT_DECIDES && node->op->shape == WEFT_POINT, own = true;
    Gather g = { .count = 0 };

    if (node->range.valid)
        return true;
    if (spreads && !loses(v, node, &own))
        return false;
    for (int i = 0; i < node->input_count; i++)
        if (i < 32 && node->op->filters >> i & 1)
            add_reason(&g, v->conditions + v->number[node->inputs[i]]);
        else if (spreads || node->op->filters)
            add_reasons(&g, &v->reasons[node->inputs[i]]);
    if (own && !node->op->filters)
        add_reason(&g, v->number[number]);
    return store(v, number, &g);
}

/* ------------------------------------------------------------------ alpha bands */

/* The condition "this band is not 0". */
static bool is_seen(const Validity *v, WeftNode reason, WeftNode alpha)
{
    const WfNode *cond, *zero;

    if (reason < v->conditions)
        return false;
    cond = &v->graph->nodes[reason - v->conditions];
    if (strcmp(cond->op->name, "ne") != 0 || v->number[cond->inputs[0]] != v->number[alpha])
        return false;
    zero = &v->graph->nodes[cond->inputs[1]];
    return zero->op->shape == WEFT_CONSTANT && zero->value == 0;
}

static void judge_alpha(const Validity *v, const WeftNode *bands, int count, int alpha,
                        WfValidity *validity)
{
    validity->alpha = validity->veiled = alpha >= 0 &&
                                         v->graph->nodes[bands[alpha]].op->shape == WEFT_LOAD &&
                                         v->graph->nodes[bands[alpha]].range.valid;
    for (int i = 0; validity->veiled && i < count; i++) {
        const Reasons *reasons = &v->reasons[bands[i]];
        bool seen = i == alpha;

        for (int r = 0; r < reasons->count; r++) {
            if (is_seen(v, reasons->list[r], bands[alpha]))
                seen = true;
            else
                validity->alpha = false;
        }
        validity->veiled = seen;
    }
    validity->alpha = validity->alpha && validity->veiled;
}

/* ------------------------------------------------------------------ shared */

static bool prove(Validity *v, const WeftNode *bands, int count, int alpha, WfValidity *validity)
{
    WeftNode last = 0;

    for (int i = 0; i < count; i++)
        last = bands[i] > last ? bands[i] : last;
    for (WeftNode n = 0; n <= last; n++)
        if (!find_reasons(v, n))
            return false;
    validity->same = true;
    for (int i = 1; i < count; i++)
        validity->same &= same_reasons(&v->reasons[bands[0]], &v->reasons[bands[i]]);
    judge_alpha(v, bands, count, alpha, validity);
    return true;
}

bool wf_validity_of(const WfGraph *graph, const WeftNode *bands, int count, int alpha,
                    WfValidity *validity, WeftErr *err)
{
    Validity v = { .graph = graph, .conditions = graph->count, .err = err };
    bool done = false;

    *validity = (WfValidity) { .same = count == 1 };
    v.arena = wf_arena_new(err);
    if (v.arena) {
        v.number = wf_arena_zalloc(v.arena, (size_t)graph->count * sizeof *v.number, err);
        v.reasons = wf_arena_zalloc(v.arena, (size_t)graph->count * sizeof *v.reasons, err);
        done = v.number && v.reasons && wf_share_numbers(graph, v.number, err) &&
               prove(&v, bands, count, alpha, validity);
    }
    wf_arena_free(v.arena);
    return done;
}
