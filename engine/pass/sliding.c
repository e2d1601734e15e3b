/*
 * sliding.c - statistics of windows of any size, as one native function on rows each.
 *
 * The function is told the window as runs of cells, and the rules (ops/rows/cells.h). Needs: an
 * inferred input. Writes new nodes.
 */
#include "pass/sliding.h"

#include "graph/catalog.h"
#include "graph/sight.h"
#include "pass/pass.h"

static const char *const names[] = {
    [WF_STAT_MEDIAN] = "window_median",   [WF_STAT_PERCENTILE] = "window_percentile",
    [WF_STAT_MODE] = "window_mode",       [WF_STAT_MINORITY] = "window_minority",
    [WF_STAT_VARIETY] = "window_variety", [WF_STAT_FIRST] = "window_first",
    [WF_STAT_LAST] = "window_last",       [WF_STAT_ARGMIN] = "window_argmin",
    [WF_STAT_ARGMAX] = "window_argmax",
};

/* Runs of cells, row by row, three numbers each: row, first and last column from the pixel. Gives
 * their number; runs NULL: only that. */
static int list_runs(const WfAround *around, double *runs)
{
    int rows = around->focal->height / 2, columns = around->focal->width / 2, count = 0;

    for (int dy = -rows; dy <= rows; dy++)
        for (int from = -columns, to; from <= columns; from = to + 1) {
            to = from;
            if (!wf_around_has(around, from, dy))
                continue;
            while (to < columns && wf_around_has(around, to + 1, dy))
                to++;
            if (runs) {
                runs[3 * count] = dy;
                runs[3 * count + 1] = from;
                runs[3 * count + 2] = to;
            }
            count++;
        }
    return count;
}

/* Every pixel has a result, whatever the values are. */
static bool is_sure(const WfAround *around)
{
    const WfFocal *focal = around->focal;
    bool counts = focal->missing == WF_MISSING_SKIP || focal->missing == WF_MISSING_CENTER;

    if (!around->sure || around->beyond == WF_BEYOND_INVALID)
        return false;
    return around->beyond != WF_BEYOND_SHRINK ||
           (around->middle && (!counts || focal->min_valid <= 1));
}

/* Where the constant outside is more than the input can hold, the input is widened. */
static WeftNode held_wide_enough(const WfAround *around)
{
    const WfBuild *b = &around->build;
    const WfNode *nodes;
    WeftNode beside;

    if (around->beyond != WF_BEYOND_CONSTANT)
        return around->input;
    beside = wf_build_neighbour(b, around->input, 1, 0, "constant", around->constant);
    if (beside == WEFT_NONE)
        return WEFT_NONE;
    nodes = b->graph->nodes;
    return nodes[beside].wide && !nodes[around->input].wide ? wf_build_1(b, "widen", around->input)
                                                            : around->input;
}

static WeftNode add(const WfAround *around, WeftNode input, const double *runs, int run_count)
{
    const WfBuild *b = &around->build;
    const WfFocal *focal = around->focal;
    const WeftOp *op = wf_catalog_find(names[focal->stat], b->err);
    bool shrinks = around->beyond == WF_BEYOND_SHRINK;
    const double params[] = { focal->missing,  focal->min_valid, shrinks,
                              around->members, is_sure(around),  focal->percent };
    const WeftWindow window = {
        .left = focal->width / 2,
        .up = focal->height / 2,
        .right = focal->width / 2,
        .down = focal->height / 2,
        .edges = shrinks ? WF_BEYOND_INVALID : (int)around->beyond,
        .constant = around->constant,
    };
    WeftNode node =
        op ? wf_window_add(b->graph, op, &input, 1, params, &window, runs, 3 * run_count, b->err)
           : WEFT_NONE;

    return node != WEFT_NONE && wf_infer_node(b->graph, node, b->err) ? node : WEFT_NONE;
}

WeftNode wf_sliding_stat(const WfAround *around)
{
    WeftNode input = held_wide_enough(around), node;
    int count = list_runs(around, NULL);
    double *runs =
        input == WEFT_NONE ? NULL : wf_calloc((size_t)count * 3, sizeof *runs, around->build.err);

    if (!runs)
        return WEFT_NONE;
    list_runs(around, runs);
    node = add(around, input, runs, count);
    wf_free(runs);
    return node;
}
