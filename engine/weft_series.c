/*
 * weft_series.c - rasters and a statistic across them, as a caller names it, to pass/across.
 *
 * Checks names, numbers and grids. Writes new nodes.
 */
#include "conductor.h"

#include <math.h>

#include "base/grid.h"
#include "pass/across.h"
#include "pass/inherit.h"
#include "pass/pass.h"

static bool check_grids(const WfGraph *graph, const WeftNode *inputs, int count, WeftErr *err)
{
    const WeftGrid *all = NULL;
    int from = 0; /* the raster that `all` is the grid of */

    for (int i = 0; i < count; i++) {
        if (inputs[i] < 0 || inputs[i] >= graph->count || !graph->nodes[inputs[i]].grid)
            return wf_fail(err, WEFT_EARG, "raster %d of the list is a number", i + 1);
        const WeftGrid *grid = graph->nodes[inputs[i]].grid;
        const WeftGrid *before = all ? all : grid;

        all = wf_grid_join(before, grid);
        if (all && all != before)
            from = i;
        if (!all) {
            WfText how = { 0 }, mend = { 0 };

            wf_grid_difference(before, grid, &how, &mend);
            wf_fail(err, WEFT_EGRID, "rasters %d and %d of the list lie on different grids: %s",
                    from + 1, i + 1, how.text ? how.text : "");
            wf_hint(err, "%s", mend.text ? mend.text : "");
            wf_text_free(&how);
            wf_text_free(&mend);
            return false;
        }
    }
    return true;
}

/* The places in the list where the caller gives no x. */
static bool check_x(WfSeries *series, const double *given, double **made, WeftErr *err)
{
    series->x = given;
    if (!given) {
        series->x = *made = wf_calloc((size_t)series->count, sizeof **made, err);
        for (int i = 0; *made && i < series->count; i++)
            (*made)[i] = i + 1;
        return *made != NULL;
    }
    for (int i = 0; i < series->count; i++)
        if (!isfinite(given[i]))
            return wf_fail(err, WEFT_EARG, "x of raster %d is not finite", i + 1);
    return true;
}

/* Statistics of vectors give several bands, the others one. */
static bool check_vectors(const char *name, WfStat stat, bool wanted, WeftErr *err)
{
    if ((stat >= WF_STAT_MEDOID) == wanted)
        return true;
    return wf_fail(err, WEFT_EARG, "%s is %s statistic of vectors", name, wanted ? "no" : "a");
}

static bool check(const WfGraph *graph, WfSeries *series, const WeftSeries *asked, double **x,
                  WeftErr *err)
{
    if (series->count < 1)
        return wf_fail(err, WEFT_EARG, "the list is empty");
    if (!asked->stat)
        return wf_fail(err, WEFT_EARG, "the statistic is missing");
    if (asked->ddof != 0 && asked->ddof != 1)
        return wf_fail(err, WEFT_EARG, "ddof must be 0 or 1, not %d", asked->ddof);
    return wf_stat_find(asked->stat, WF_STAT_GEOMEDIAN, "statistic", &series->stat,
                        &series->percent, err) &&
           check_vectors(asked->stat, series->stat, false, err) &&
           check_grids(graph, series->inputs, series->count, err) &&
           check_x(series, asked->x, x, err);
}

/* The node; or the graph as it was before. */
static WeftNode finish(WfGraph *graph, int before, WeftNode node, const char *op, WeftErr *err)
{
    if (node != WEFT_NONE)
        return node;
    while (graph->count > before)
        wf_graph_drop(graph, graph->count - 1);
    wf_err_at(err, &graph->place, op);
    return WEFT_NONE;
}

/* What a result has of the rasters it is made of: their unit, and where it is one of their values
 * what these have of their files. */
static void inherit(WfGraph *graph, WeftNode node, WfStat stat, const WeftNode *inputs, int count)
{
    WfStatGives gives = wf_stat_gives(stat);
    bool sure = true;

    graph->nodes[node].unit = wf_stat_same_unit(stat) ? wf_infer_unit(graph, inputs, count) : "";
    for (int i = 0; i < count; i++)
        sure &= graph->nodes[inputs[i]].range.valid;
    if (gives == WF_STAT_GIVES_VALUE || (gives == WF_STAT_GIVES_MIDDLE && count % 2))
        wf_inherit_values(graph, node, inputs, count, gives == WF_STAT_GIVES_MIDDLE && !sure);
}

WeftNode weft_series(WeftGraph *graph, const WeftNode *inputs, int count, const WeftSeries *asked,
                     WeftErr *err)
{
    WfSeries series = { .inputs = inputs, .count = count, .ddof = asked->ddof };
    int before = graph->nodes->count;
    WeftNode node = WEFT_NONE;
    double *x = NULL;

    if (check(graph->nodes, &series, asked, &x, err))
        node = wf_across_apply(graph->nodes, &series, err);
    if (node >= before) /* it may be one of the rasters */
        inherit(graph->nodes, node, series.stat, inputs, count);
    wf_free(x);
    return finish(graph->nodes, before, node, "series", err);
}

bool weft_series_vectors(WeftGraph *graph, const WeftNode *inputs, int count, int bands,
                         const char *stat, WeftNode *results, WeftErr *err)
{
    int before = graph->nodes->count;
    bool done = false;
    double percent;
    WfStat found;

    if (count < 1 || bands < 1)
        wf_fail(err, WEFT_EARG, "the list is empty");
    else if (wf_stat_find(stat, WF_STAT_GEOMEDIAN, "statistic", &found, &percent, err) &&
             check_vectors(stat, found, true, err) &&
             check_grids(graph->nodes, inputs, count * bands, err))
        done = wf_across_vectors(graph->nodes, inputs, count, bands, found, results, err);
    for (int k = 0; done && k < bands; k++)
        if (results[k] >= before)
            inherit(graph->nodes, results[k], found, inputs + k * count, count);
    finish(graph->nodes, before, done ? results[0] : WEFT_NONE, "series", err);
    return done;
}

WeftNode weft_pick(WeftGraph *graph, const WeftNode *inputs, int count, WeftNode index,
                   WeftErr *err)
{
    int before = graph->nodes->count;
    WeftNode node = WEFT_NONE;

    if (count < 1)
        wf_fail(err, WEFT_EARG, "the list is empty");
    else if (check_grids(graph->nodes, inputs, count, err))
        node = wf_across_pick(graph->nodes, inputs, count, index, err);
    return finish(graph->nodes, before, node, "pick", err);
}
