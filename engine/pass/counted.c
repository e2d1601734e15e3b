/*
 * counted.c - how many of the cells around a pixel count, and what that makes of a result.
 *
 * Needs: an inferred input. Writes new nodes. Cells are counted only where neither the rules nor
 * the input's range say how many there are; those inside the raster follow from row and column.
 */
#include "pass/counted.h"

#include "graph/catalog.h"
#include "pass/doubling.h"
#include "pass/pass.h"

/* ------------------------------------------------------------------ inside the raster */

static WeftNode place(const WfAround *around, const char *name)
{
    WfGraph *graph = around->build.graph;
    WeftErr *err = around->build.err;
    const WeftOp *op = wf_catalog_find(name, err);
    WeftNode node = op ? wf_graph_add(graph, op, NULL, 0, NULL, 0, err) : WEFT_NONE;

    if (node == WEFT_NONE)
        return WEFT_NONE;
    graph->nodes[node].grid = graph->nodes[around->input].grid;
    return wf_infer_node(graph, node, err) ? node : WEFT_NONE;
}

/* How many of the cells from ... to, counted from the pixel's own, are at 0 ... size - 1. */
static WeftNode length_inside(const WfAround *around, WeftNode own, int from, int to, int64_t size)
{
    const WfBuild *b = &around->build;
    WeftNode last = wf_build_2(b, "min", wf_build_2(b, "add", own, wf_build_number(b, to)),
                               wf_build_number(b, (double)(size - 1)));
    WeftNode first = wf_build_2(b, "max", wf_build_2(b, "add", own, wf_build_number(b, from)),
                                wf_build_number(b, 0));
    WeftNode length =
        wf_build_2(b, "add", wf_build_2(b, "sub", last, first), wf_build_number(b, 1));

    return wf_build_2(b, "max", length, wf_build_number(b, 0));
}

static WeftNode row_inside(const WfAround *around, WeftNode col, int dy)
{
    int last = around->focal->width / 2;
    int64_t width = around->build.graph->nodes[around->input].grid->width;
    WeftNode sum = wf_build_number(&around->build, 0);

    for (int from = -last, to; from <= last; from = to + 1) {
        to = from;
        if (!wf_around_has(around, from, dy))
            continue;
        while (to < last && wf_around_has(around, to + 1, dy))
            to++;
        sum = wf_build_2(&around->build, "add", sum, length_inside(around, col, from, to, width));
    }
    return sum;
}

static bool same_rows(const WfAround *around, int a, int b)
{
    for (int dx = -(around->focal->width / 2); dx <= around->focal->width / 2; dx++)
        if (wf_around_has(around, dx, a) != wf_around_has(around, dx, b))
            return false;
    return true;
}

/* Cells of the window that are inside, from where the pixel is: rows that are alike at once. */
static WeftNode count_inside(const WfAround *around)
{
    const WfBuild *b = &around->build;
    int64_t height = b->graph->nodes[around->input].grid->height;
    int last = around->focal->height / 2;
    WeftNode col = place(around, "col"), row = place(around, "row"), sum = wf_build_number(b, 0);

    for (int from = -last, to; from <= last; from = to + 1) {
        WeftNode rows;

        for (to = from; to < last && same_rows(around, from, to + 1);)
            to++;
        rows = length_inside(around, row, from, to, height);
        sum = wf_build_2(b, "add", sum, wf_build_2(b, "mul", rows, row_inside(around, col, from)));
    }
    return sum;
}

/* ------------------------------------------------------------------ counts */

WeftNode wf_around_total(const WfAround *around)
{
    return around->beyond == WF_BEYOND_SHRINK ? count_inside(around)
                                              : wf_build_number(&around->build, around->members);
}

WeftNode wf_around_valid(const WfAround *around)
{
    if (!around->sure)
        return wf_fold_sum(around, WF_WORTH_VALID);
    return wf_around_stands(around->beyond) ? wf_build_number(&around->build, around->members)
                                            : count_inside(around);
}

WeftNode wf_around_count(const WfAround *around)
{
    switch (around->cells) {
    case WF_CELLS_ALL:
        return wf_build_number(&around->build, around->members);
    case WF_CELLS_INSIDE:
        return count_inside(around);
    case WF_CELLS_COUNTED:
        return wf_around_valid(around);
    }
    return WEFT_NONE;
}

/* Whether this cell of the pixel's window is inside. */
static WeftNode is_inside(const WfAround *around, int dx, int dy)
{
    const WfBuild *b = &around->build;
    const WeftGrid *grid = b->graph->nodes[around->input].grid;
    WeftNode columns = length_inside(around, place(around, "col"), dx, dx, grid->width);
    WeftNode rows = length_inside(around, place(around, "row"), dy, dy, grid->height);

    return wf_build_2(b, "gt", wf_build_2(b, "mul", columns, rows), wf_build_number(b, 0));
}

WeftNode wf_around_cell(const WfAround *around, int dx, int dy)
{
    const WfBuild *b = &around->build;
    WeftNode raw = wf_around_raw(around, dx, dy), filled;

    if (around->focal->missing != WF_MISSING_FILL_CENTER || around->cells == WF_CELLS_ALL)
        return raw;
    if (around->beyond == WF_BEYOND_SHRINK && around->sure)
        return raw;
    filled = wf_build_2(b, "coalesce", raw, around->input);
    if (around->beyond != WF_BEYOND_SHRINK)
        return filled;
    return wf_build_3(b, "where", is_inside(around, dx, dy), filled, raw);
}

WeftNode wf_around_fill(const WfAround *around, WeftNode sum, WeftNode missing)
{
    const WfBuild *b = &around->build;
    WeftNode filled = wf_build_3(b, "fma", around->input, missing, sum);

    return wf_build_3(b, "where", wf_build_2(b, "ne", missing, wf_build_number(b, 0)), filled, sum);
}

/* ------------------------------------------------------------------ the result */

static WeftNode keep_where(const WfAround *around, WeftNode result, const char *comparison,
                           WeftNode count, WeftNode wanted)
{
    return wf_build_2(&around->build, "mask", result,
                      wf_build_2(&around->build, comparison, count, wanted));
}

WeftNode wf_around_finish(const WfAround *around, WeftNode result, bool spreads, bool empty)
{
    const WfBuild *b = &around->build;
    const WfFocal *focal = around->focal;
    bool clean = around->sure && around->beyond != WF_BEYOND_INVALID;
    bool enough =
        focal->min_valid <= 1 && (empty || (focal->missing == WF_MISSING_CENTER && around->middle));

    if (focal->missing == WF_MISSING_PROPAGATE)
        return spreads || clean ? result
                                : keep_where(around, result, "eq", wf_around_valid(around),
                                             wf_around_total(around));
    if (focal->missing != WF_MISSING_SKIP && !around->sure)
        result = wf_build_2(b, "mask", result, wf_build_1(b, "isvalid", around->input));
    if (focal->missing != WF_MISSING_FILL_CENTER && around->cells != WF_CELLS_ALL && !enough)
        result = keep_where(around, result, "ge", wf_around_valid(around),
                            wf_build_number(b, focal->min_valid));
    return result;
}
