/*
 * focal.c - statistics of the window around each pixel, written as nodes at an offset.
 *
 * Needs: an inferred input. Writes new nodes: neighbours, rings that go on beyond the raster, and
 * point operators.
 */
#include "pass/focal.h"

#include <assert.h>
#include <math.h>

#include "pass/counted.h"
#include "pass/doubling.h"
#include "pass/linear.h"
#include "pass/moments.h"
#include "pass/pass.h"
#include "pass/ranked.h"
#include "pass/sliding.h"

/* ------------------------------------------------------------------ sums */

static bool any_negative(const WfFocal *focal)
{
    for (int i = 0; i < focal->width * focal->height; i++)
        if (focal->weights[i] < 0)
            return true;
    return false;
}

/* Weights of the cells that a sum is made of, with those that are filled. */
static WeftNode weights_of(const WfAround *around)
{
    bool total = wf_around_fills(around);

    if (around->cells == WF_CELLS_ALL || (total && around->beyond != WF_BEYOND_SHRINK))
        return wf_build_number(&around->build, wf_linear_weight(around));
    if (total && !around->sure)
        return wf_linear_sum(around, WF_WORTH_INSIDE);
    return wf_linear_sum(around, WF_WORTH_VALID);
}

/* The sum over the weight, held as the cells are. Where that is f32, an f64 sum times the inverse
 * is as good: of a weight that is known, it is no division for each pixel. */
static WeftNode over(const WfAround *around, WeftNode sum, WeftNode weight)
{
    const WfBuild *b = &around->build;

    if (sum == WEFT_NONE || around->wide || !b->graph->nodes[sum].wide)
        return wf_build_2(b, "div", sum, weight);
    weight = wf_build_2(b, "div", wf_build_number(b, 1), wf_around_widen(around, weight));
    return wf_around_held(around, wf_build_2(b, "mul", sum, weight));
}

static WeftNode weighted(const WfAround *around)
{
    const WfBuild *b = &around->build;
    const WfFocal *focal = around->focal;
    WeftNode sum = wf_linear_filled(around), weight, result;
    bool mean = focal->stat == WF_STAT_MEAN, constant = around->cells == WF_CELLS_ALL;

    if (!mean)
        return wf_around_finish(around, wf_around_held(around, sum), true, false);
    if (constant && fabs(wf_linear_weight(around) - 1) < 1e-12)
        return wf_around_finish(around, wf_around_held(around, sum), true, true);
    weight = weights_of(around);
    result = over(around, sum, weight);
    if (!constant && any_negative(focal))
        result = wf_build_2(b, "mask", result, wf_build_2(b, "ne", weight, wf_build_number(b, 0)));
    return wf_around_finish(around, result, true, true);
}

static WeftNode plain_sum(const WfAround *around)
{
    WeftNode sum = wf_fold_sum(around, WF_WORTH_VALUE);

    if (!wf_around_fills(around))
        return sum;
    return wf_around_fill(
        around, sum,
        wf_build_2(&around->build, "sub", wf_around_total(around), wf_around_valid(around)));
}

static WeftNode mean(const WfAround *around)
{
    WeftNode count = wf_around_fills(around) ? wf_around_total(around) : wf_around_count(around);

    return wf_around_finish(around, over(around, plain_sum(around), count), true, true);
}

/* ------------------------------------------------------------------ counts */

/* A number that is the same everywhere, as a raster. */
static WeftNode spread(const WfAround *around, WeftNode node)
{
    const WfBuild *b = &around->build;
    WfGraph *graph = b->graph;

    if (node == WEFT_NONE || graph->nodes[node].grid)
        return node;
    return wf_infer_constant(graph, graph->nodes[node].value, true, false,
                             graph->nodes[around->input].grid, b->err);
}

static WeftNode count(const WfAround *around)
{
    bool filled = around->focal->missing == WF_MISSING_FILL_CENTER;
    WeftNode number = filled ? wf_around_total(around) : wf_around_valid(around);

    return wf_around_finish(around, spread(around, number), false, true);
}

/* Cells outside are cells, unless the window shrinks. */
static WeftNode pixels(const WfAround *around)
{
    WeftNode number = around->focal->beyond == WF_BEYOND_SHRINK
                          ? wf_around_total(around)
                          : wf_build_number(&around->build, around->members);

    return wf_around_finish(around, spread(around, number), false, true);
}

/* ------------------------------------------------------------------ least and greatest */

static WfState raw_cell(const WfFold *fold, int dx, int dy)
{
    return (WfState) { .part = { wf_around_raw(fold->around, dx, dy) }, .cells = 1 };
}

static WfState join_by_op(const WfFold *fold, const WfState *a, const WfState *b)
{
    return (
        WfState) { .part = { wf_build_2(&fold->around->build, fold->op, a->part[0], b->part[0]) },
                   .cells = a->cells + b->cells };
}

/* With every cell, those between it and the centre's column and row are in the window too. */
static bool is_convex(const WfAround *around)
{
    int rows = around->focal->height / 2, columns = around->focal->width / 2;

    for (int dy = -rows; dy <= rows; dy++)
        for (int dx = -columns; dx <= columns; dx++) {
            int nearer_x = dx - (dx > 0) + (dx < 0), nearer_y = dy - (dy > 0) + (dy < 0);

            if (wf_around_has(around, dx, dy) &&
                (!wf_around_has(around, nearer_x, dy) || !wf_around_has(around, dx, nearer_y)))
                return false;
        }
    return true;
}

/* Where the window shrinks, repeating the edge adds only cells that are in it already. */
static WfAround without_shrinking(const WfAround *around)
{
    WfAround near = *around;

    if (near.beyond != WF_BEYOND_SHRINK || !is_convex(around))
        return near;
    near.beyond = WF_BEYOND_NEAREST;
    if (near.sure || near.focal->missing == WF_MISSING_PROPAGATE)
        near.cells = WF_CELLS_ALL;
    return near;
}

static WeftNode extreme(const WfAround *around, bool least, bool *spreads)
{
    const WfBuild *b = &around->build;
    WfAround near = without_shrinking(around);
    WfFold fold = {
        .around = &near, .cell = raw_cell, .join = join_by_op, .parts = 1, .overlap = true
    };
    WeftNode found, missing;

    *spreads = near.cells == WF_CELLS_ALL;
    fold.op = *spreads ? (least ? "min" : "max") : (least ? "nmin" : "nmax");
    found = wf_fold_window(&fold).part[0];
    if (!wf_around_fills(around) || around->middle)
        return found;
    missing = wf_build_2(b, "sub", wf_around_total(around), wf_around_valid(around));
    return wf_build_3(b, "where", wf_build_2(b, "gt", missing, wf_build_number(b, 0)),
                      wf_build_2(b, fold.op, found, around->input), found);
}

static WeftNode extremes(const WfAround *around)
{
    WfStat stat = around->focal->stat;
    bool spreads = false;
    WeftNode least = stat == WF_STAT_MAX ? WEFT_NONE : extreme(around, true, &spreads);
    WeftNode greatest = stat == WF_STAT_MIN ? WEFT_NONE : extreme(around, false, &spreads);
    WeftNode result = stat == WF_STAT_MIN   ? least
                      : stat == WF_STAT_MAX ? greatest
                                            : wf_build_2(&around->build, "sub", greatest, least);

    return wf_around_finish(around, result, spreads, true);
}

/* A network's cost grows faster than the window, and it is compiled for each one. */
static bool slides(const WfAround *around)
{
    WfMethod method = around->focal->method;

    return method == WF_METHOD_ROWS ||
           (method == WF_METHOD_CHOSEN && around->members > WF_FOCAL_SORTED);
}

/* ------------------------------------------------------------------ first and last */

static WfState join_backward(const WfFold *fold, const WfState *a, const WfState *b)
{
    return join_by_op(fold, b, a);
}

/* The first cell of the window, or the last, in reading order. */
static WeftNode end_cell(const WfAround *around, int step)
{
    int size = around->focal->width * around->focal->height, i = step > 0 ? 0 : size - 1;

    while (around->focal->weights[i] == 0)
        i += step;
    return wf_around_cell(around, i % around->focal->width - around->focal->width / 2,
                          i / around->focal->width - around->focal->height / 2);
}

/* Filled cells are known to the pixel's own kernel only: one by one. */
static WeftNode end_of_filled(const WfAround *around, int step)
{
    const WfFocal *focal = around->focal;
    int size = focal->width * focal->height;
    WeftNode found = end_cell(around, step);

    for (int i = step > 0 ? 0 : size - 1; i >= 0 && i < size; i += step)
        if (focal->weights[i] != 0)
            found = wf_build_2(&around->build, "coalesce", found,
                               wf_around_cell(around, i % focal->width - focal->width / 2,
                                              i / focal->width - focal->height / 2));
    return found;
}

static WeftNode end_of_window(const WfAround *around)
{
    bool first = around->focal->stat == WF_STAT_FIRST;
    int step = first ? 1 : -1;
    WfFold fold = { .around = around,
                    .cell = raw_cell,
                    .join = first ? join_by_op : join_backward,
                    .parts = 1,
                    .overlap = true,
                    .op = "coalesce" };
    WeftNode found;

    if (around->cells == WF_CELLS_ALL ||
        (wf_around_fills(around) && around->beyond != WF_BEYOND_SHRINK))
        found = end_cell(around, step);
    else if (wf_around_fills(around) && slides(around))
        return wf_sliding_stat(around);
    else if (wf_around_fills(around))
        found = end_of_filled(around, step);
    else
        found = wf_fold_window(&fold).part[0];
    return wf_around_finish(around, found, false, true);
}

/* ------------------------------------------------------------------ the others */

/* In f64 while it is made; held as the input is. */
static WeftNode spread_of_values(const WfAround *around)
{
    const WfBuild *b = &around->build;
    const WfFocal *focal = around->focal;
    WeftNode result = wf_moments_var(around);

    if (focal->stat == WF_STAT_STD)
        result = wf_build_1(b, "sqrt", result);
    return wf_around_finish(around, wf_around_held(around, result), around->cells == WF_CELLS_ALL,
                            true);
}

static void take_cells(const WfAround *around, WfRanked *ranked)
{
    int rows = around->focal->height / 2, columns = around->focal->width / 2;

    assert(around->members <= WF_FOCAL_SORTED);
    for (int dy = -rows; dy <= rows; dy++)
        for (int dx = -columns; dx <= columns; dx++)
            if (wf_around_has(around, dx, dy))
                ranked->cell[ranked->count++] = wf_around_cell(around, dx, dy);
}

static WeftNode ranked(const WfAround *around)
{
    const WfFocal *focal = around->focal;
    WeftNode cell[WF_FOCAL_SORTED];
    WfRanked cells = { .build = &around->build,
                       .cell = cell,
                       .wide = around->build.graph->nodes[around->input].wide };

    if (slides(around))
        return wf_sliding_stat(around);
    take_cells(around, &cells);
    cells.skips = around->cells != WF_CELLS_ALL &&
                  (focal->missing != WF_MISSING_FILL_CENTER || around->beyond == WF_BEYOND_SHRINK);
    return wf_around_finish(around, wf_ranked_of(&cells, focal->stat, focal->percent), false,
                            focal->stat != WF_STAT_VARIETY);
}

WeftNode wf_focal_apply(WfGraph *graph, WeftNode input, const WfFocal *focal, WeftErr *err)
{
    WfAround around;

    wf_around_start(&around, graph, input, focal, err);
    switch (focal->stat) {
    case WF_STAT_COUNT:
        return count(&around);
    case WF_STAT_PIXELS:
        return pixels(&around);
    case WF_STAT_SUM:
        return focal->weighted
                   ? weighted(&around)
                   : wf_around_finish(&around, wf_around_held(&around, plain_sum(&around)), true,
                                      false);
    case WF_STAT_MEAN:
        return focal->weighted && !wf_linear_even(&around) ? weighted(&around) : mean(&around);
    case WF_STAT_MIN:
    case WF_STAT_MAX:
    case WF_STAT_RANGE:
        return extremes(&around);
    case WF_STAT_VAR:
    case WF_STAT_STD:
        return spread_of_values(&around);
    case WF_STAT_FIRST:
    case WF_STAT_LAST:
        return end_of_window(&around);
    case WF_STAT_ARGMIN:
    case WF_STAT_ARGMAX:
        return wf_sliding_stat(&around);
    default:
        return ranked(&around);
    }
}
