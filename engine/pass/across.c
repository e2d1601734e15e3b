/*
 * across.c - statistics of each pixel across rasters, written as nodes.
 *
 * All values of a pixel meet in registers, vectorised across pixels. Sums of real numbers, and all
 * differences from a mean, are in f64, from the left in the order of the list. Needs: inferred
 * inputs. Writes new nodes: point operators, and functions on rows where a network would be too
 * long or whole vectors of bands are meant.
 */
#include "pass/across.h"

#include "graph/catalog.h"
#include "graph/sight.h"
#include "pass/build.h"
#include "pass/pass.h"
#include "pass/ranked.h"
#include "pass/trend.h"

typedef struct Across {
    WfBuild build;
    const WfSeries *series;
    bool sure;  /* no pixel of any input is invalid */
    bool whole; /* all inputs are integer-valued */
    bool wide;  /* a real result is f64 */
} Across;

static const WfNode *input_at(const Across *a, int i)
{
    return &a->build.graph->nodes[a->series->inputs[i]];
}

/* A real result is held as semantics 2.2 says of the inputs, in whatever it was computed. */
static WeftNode held(const Across *a, WeftNode node)
{
    if (node == WEFT_NONE || a->wide || !a->build.graph->nodes[node].wide)
        return node;
    return wf_build_1(&a->build, "narrow", node);
}

/* op(op(op(first, second), third), ...) */
static WeftNode chain(const Across *a, const char *op)
{
    WeftNode node = a->series->inputs[0];

    for (int i = 1; i < a->series->count; i++)
        node = wf_build_2(&a->build, op, node, a->series->inputs[i]);
    return node;
}

/* A number that is the same everywhere, as a raster. */
static WeftNode everywhere(const Across *a, int number)
{
    return wf_infer_constant(a->build.graph, number, true, false, input_at(a, 0)->grid,
                             a->build.err);
}

/* ------------------------------------------------------------------ counts and sums */

static WeftNode count(const Across *a)
{
    WeftNode number;

    if (a->sure)
        return everywhere(a, a->series->count);
    number = wf_build_number(&a->build, 0);
    for (int i = 0; i < a->series->count; i++)
        number = wf_build_2(&a->build, "add", number,
                            wf_build_1(&a->build, "isvalid", a->series->inputs[i]));
    return number;
}

/* The sum of a term of each raster, in their order; i is how many went before. */
static WeftNode add_term(const Across *a, WeftNode sum, int i, WeftNode value)
{
    WeftNode term = wf_build_term(&a->build, a->series->inputs[i], value);

    return i ? wf_build_2(&a->build, "add", sum, term) : term;
}

/* 0 where all are invalid. Exact where all are integers, else in f64. */
static WeftNode total(const Across *a)
{
    WeftNode node = WEFT_NONE;

    for (int i = 0; i < a->series->count; i++) {
        WeftNode input = a->series->inputs[i];

        node = add_term(a, node, i, a->whole ? input : wf_build_1(&a->build, "widen", input));
    }
    return node;
}

static WeftNode sum(const Across *a)
{
    const WfBuild *b = &a->build;

    if (a->sure)
        return total(a);
    return wf_build_2(b, "mask", total(a), wf_build_2(b, "ne", count(a), wf_build_number(b, 0)));
}

static WeftNode mean(const Across *a)
{
    return wf_build_2(&a->build, "div", total(a), count(a));
}

/* The second of two passes: what is left of each value beside the mean. */
static WeftNode variance(const Across *a)
{
    const WfBuild *b = &a->build;
    WeftNode middle = wf_build_2(b, "div", wf_build_1(b, "widen", total(a)), count(a));
    WeftNode squares = WEFT_NONE, number = count(a);

    for (int i = 0; i < a->series->count; i++) {
        WeftNode apart = wf_build_2(b, "sub", wf_build_1(b, "widen", a->series->inputs[i]), middle);

        squares = add_term(a, squares, i, wf_build_2(b, "mul", apart, apart));
    }
    if (a->series->ddof) /* not below 0, which is no divisor either: of no value there is none */
        number = wf_build_2(b, "max", wf_build_2(b, "sub", number, wf_build_number(b, 1)),
                            wf_build_number(b, 0));
    return wf_build_2(b, "div", squares, number);
}

/* ------------------------------------------------------------------ least and greatest */

static WeftNode least(const Across *a)
{
    return chain(a, a->sure ? "min" : "nmin");
}

static WeftNode greatest(const Across *a)
{
    return chain(a, a->sure ? "max" : "nmax");
}

/* The number, from 1, of the first raster that has this value. */
static WeftNode place_of(const Across *a, WeftNode value)
{
    const WfBuild *b = &a->build;
    int last = a->series->count;
    WeftNode no = wf_infer_constant(b->graph, 0, true, true, NULL, b->err);
    WeftNode place = wf_build_2(b, "mask", everywhere(a, last), wf_build_1(b, "isvalid", value));

    for (int i = last - 1; i > 0; i--) {
        WeftNode same = wf_build_2(b, "eq", a->series->inputs[i - 1], value);

        place = wf_build_3(b, "where", wf_build_2(b, "coalesce", same, no), wf_build_number(b, i),
                           place);
    }
    return place;
}

/* ------------------------------------------------------------------ first and last */

static WeftNode last(const Across *a)
{
    int i = a->series->count - 1;
    WeftNode node = a->series->inputs[i];

    while (--i >= 0)
        node = wf_build_2(&a->build, "coalesce", node, a->series->inputs[i]);
    return node;
}

/* ------------------------------------------------------------------ order */

static bool is_ranked(WfStat stat)
{
    return stat == WF_STAT_MAD || (stat >= WF_STAT_MEDIAN && stat <= WF_STAT_VARIETY);
}

static WeftNode ranked(const Across *a, WfStat stat, const WeftNode *values)
{
    WeftNode cell[WF_RANKED_MAX];
    WfRanked ranked = {
        .build = &a->build, .cell = cell, .count = a->series->count, .wide = a->wide
    };

    for (int i = 0; i < ranked.count; i++) {
        cell[i] = values[i];
        ranked.skips |= cell[i] != WEFT_NONE && !a->build.graph->nodes[cell[i]].range.valid;
    }
    return wf_ranked_of(&ranked, stat, a->series->percent);
}

/* One of ops/rows/many*.c on all inputs. */
static WeftNode by_rows(const WfBuild *b, const char *name, const WeftNode *inputs, int count,
                        const double *params)
{
    const WeftOp *op = wf_catalog_find(name, b->err);
    WeftWindow *windows = op ? wf_calloc((size_t)count, sizeof *windows, b->err) : NULL;
    WeftNode node = WEFT_NONE;

    if (!windows)
        return WEFT_NONE;
    node = wf_window_add(b->graph, op, inputs, count, params, windows, NULL, 0, b->err);
    wf_free(windows);
    return node != WEFT_NONE && wf_infer_node(b->graph, node, b->err) ? node : WEFT_NONE;
}

static WeftNode deviation_by_rows(const Across *a)
{
    const WfBuild *b = &a->build;
    int count = a->series->count;
    WeftNode *wide = wf_calloc((size_t)count, sizeof *wide, b->err), node = wide ? 0 : WEFT_NONE;

    for (int i = 0; i < count && node != WEFT_NONE; i++)
        node = wide[i] = wf_build_1(b, "widen", a->series->inputs[i]);
    if (node != WEFT_NONE)
        node = by_rows(b, "many_mad", wide, count, NULL);
    wf_free(wide);
    return held(a, node);
}

static WeftNode ranked_by_rows(const Across *a)
{
    static const char *const names[] = {
        [WF_STAT_MEDIAN] = "many_median",   [WF_STAT_PERCENTILE] = "many_percentile",
        [WF_STAT_MODE] = "many_mode",       [WF_STAT_MINORITY] = "many_minority",
        [WF_STAT_VARIETY] = "many_variety",
    };

    if (a->series->stat == WF_STAT_MAD)
        return deviation_by_rows(a);
    return by_rows(&a->build, names[a->series->stat], a->series->inputs, a->series->count,
                   &a->series->percent);
}

/* The median of what the values lie away from their median, which is found in f64 where it may lie
 * between two real ones. */
static WeftNode deviation(const Across *a)
{
    const WfBuild *b = &a->build;
    WeftNode values[WF_RANKED_MAX], apart[WF_RANKED_MAX], middle;

    for (int i = 0; i < a->series->count; i++)
        values[i] = a->whole ? a->series->inputs[i] : wf_build_1(b, "widen", a->series->inputs[i]);
    middle = ranked(a, WF_STAT_MEDIAN, values);
    for (int i = 0; i < a->series->count; i++)
        apart[i] = wf_build_1(b, "abs", wf_build_2(b, "sub", values[i], middle));
    return ranked(a, WF_STAT_MEDIAN, apart);
}

/* ------------------------------------------------------------------ shared */

static WeftNode apply(const Across *a)
{
    const WfBuild *b = &a->build;

    switch (a->series->stat) {
    case WF_STAT_COUNT:
        return count(a);
    case WF_STAT_PIXELS:
        return everywhere(a, a->series->count);
    case WF_STAT_SUM:
        return held(a, sum(a));
    case WF_STAT_MEAN:
        return held(a, mean(a));
    case WF_STAT_MIN:
        return least(a);
    case WF_STAT_MAX:
        return greatest(a);
    case WF_STAT_RANGE:
        return wf_build_2(b, "sub", greatest(a), least(a));
    case WF_STAT_VAR:
        return held(a, variance(a));
    case WF_STAT_STD:
        return held(a, wf_build_1(b, "sqrt", variance(a)));
    case WF_STAT_FIRST:
        return chain(a, "coalesce");
    case WF_STAT_LAST:
        return last(a);
    case WF_STAT_ARGMIN:
        return place_of(a, least(a));
    case WF_STAT_ARGMAX:
        return place_of(a, greatest(a));
    case WF_STAT_MAD:
        return held(a, deviation(a));
    case WF_STAT_SLOPE:
    case WF_STAT_INTERCEPT:
    case WF_STAT_R:
    case WF_STAT_P:
        return held(a, wf_trend_of(b, a->series, count(a)));
    default:
        return ranked(a, a->series->stat, a->series->inputs);
    }
}

WeftNode wf_across_apply(WfGraph *graph, const WfSeries *series, WeftErr *err)
{
    Across across = {
        .build = { .graph = graph, .err = err }, .series = series, .sure = true, .whole = true
    };

    for (int i = 0; i < series->count; i++) {
        const WfNode *input = input_at(&across, i);

        across.sure &= input->range.valid;
        across.whole &= input->range.whole;
        across.wide |= input->wide;
    }
    if (is_ranked(series->stat) && series->count > WF_RANKED_MAX)
        return ranked_by_rows(&across);
    return apply(&across);
}

WeftNode wf_across_pick(WfGraph *graph, const WeftNode *inputs, int count, WeftNode index,
                        WeftErr *err)
{
    const WfBuild b = { .graph = graph, .err = err };
    WeftNode is_last = wf_build_2(&b, "eq", index, wf_build_number(&b, count));
    WeftNode node = wf_build_2(&b, "mask", inputs[count - 1], is_last);

    for (int i = count - 1; i > 0; i--)
        node = wf_build_3(&b, "where", wf_build_2(&b, "eq", index, wf_build_number(&b, i)),
                          inputs[i - 1], node);
    return node;
}

bool wf_across_vectors(WfGraph *graph, const WeftNode *inputs, int count, int bands, WfStat stat,
                       WeftNode *results, WeftErr *err)
{
    const WfBuild b = { .graph = graph, .err = err };
    WeftNode *all = wf_calloc((size_t)count * (size_t)bands, sizeof *all, err), place = WEFT_NONE;
    bool done = all != NULL;

    for (int i = 0; done && i < count; i++)
        for (int k = 0; k < bands; k++)
            all[i * bands + k] = inputs[k * count + i];
    if (done && stat == WF_STAT_MEDOID) {
        place = by_rows(&b, "many_medoid", all, count * bands, (double[]) { bands });
        done = place != WEFT_NONE;
    }
    for (int k = 0; done && k < bands; k++) {
        const double params[] = { bands, k };

        results[k] = stat == WF_STAT_MEDOID
                         ? wf_across_pick(graph, inputs + k * count, count, place, err)
                         : by_rows(&b, "many_geomedian", all, count * bands, params);
        done = results[k] != WEFT_NONE;
    }
    wf_free(all);
    return done;
}
