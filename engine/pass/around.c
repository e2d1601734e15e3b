/*
 * around.c - the cells around a pixel: what those outside and the invalid ones count as.
 *
 * Needs: an inferred input. Writes new nodes.
 */
#include "pass/around.h"

#include <math.h>

static const char *const edges_names[] = {
    [WF_BEYOND_INVALID] = "invalid",   [WF_BEYOND_NEAREST] = "nearest",
    [WF_BEYOND_REFLECT] = "reflect",   [WF_BEYOND_MIRROR] = "mirror",
    [WF_BEYOND_CONSTANT] = "constant", [WF_BEYOND_WRAP] = "wrap",
    [WF_BEYOND_SHRINK] = "invalid",
};

static WfCells cells_of(const WfAround *around)
{
    if (around->sure && wf_around_stands(around->beyond))
        return WF_CELLS_ALL;
    if (around->focal->missing == WF_MISSING_PROPAGATE)
        return around->beyond == WF_BEYOND_SHRINK ? WF_CELLS_INSIDE : WF_CELLS_ALL;
    return around->sure ? WF_CELLS_INSIDE : WF_CELLS_COUNTED;
}

void wf_around_start(WfAround *around, WfGraph *graph, WeftNode input, const WfFocal *focal,
                     WeftErr *err)
{
    *around = (WfAround) { .build = { .graph = graph, .err = err },
                           .focal = focal,
                           .input = input,
                           .sure = graph->nodes[input].range.valid,
                           .beyond = focal->beyond,
                           .constant = focal->beyond == WF_BEYOND_CONSTANT ? focal->constant : 0 };
    if (isnan(around->constant)) {
        around->beyond = WF_BEYOND_INVALID;
        around->constant = 0;
    }
    if (around->beyond == WF_BEYOND_INVALID &&
        (focal->missing == WF_MISSING_SKIP || focal->missing == WF_MISSING_CENTER))
        around->beyond = WF_BEYOND_SHRINK; /* what is skipped is no part of the window */
    around->whole = graph->nodes[input].range.whole && around->constant == floor(around->constant);
    around->wide = graph->nodes[input].wide || (around->whole && fabs(around->constant) > 0x1p24);
    for (int i = 0; i < focal->width * focal->height; i++)
        around->members += focal->weights[i] != 0;
    around->middle = wf_around_has(around, 0, 0);
    around->cells = cells_of(around);
}

/* ------------------------------------------------------------------ cells */

static WeftNode at(const WfAround *around, WeftNode node, int dx, int dy, WfBeyond beyond)
{
    return wf_build_neighbour(&around->build, node, dx, dy, edges_names[beyond],
                              beyond == around->beyond ? around->constant : 0);
}

WeftNode wf_around_raw(const WfAround *around, int dx, int dy)
{
    return at(around, around->input, dx, dy, around->beyond);
}

WeftNode wf_around_worth(const WfAround *around, WfWorth worth, int dx, int dy)
{
    const WfBuild *build = &around->build;
    WeftNode node = around->input;

    if (worth == WF_WORTH_VALUE && around->cells == WF_CELLS_INSIDE)
        return wf_build_neighbour(build, node, dx, dy, edges_names[WF_BEYOND_CONSTANT], 0);
    if (worth == WF_WORTH_FILLED && around->beyond == WF_BEYOND_SHRINK)
        return wf_build_neighbour(build,
                                  wf_build_1(build, "not", wf_build_1(build, "isvalid", node)), dx,
                                  dy, edges_names[WF_BEYOND_CONSTANT], 0);
    if (worth == WF_WORTH_INSIDE && !around->sure)
        node = wf_build_1(build, "isvalid", node); /* itself valid everywhere */
    node = at(around, node, dx, dy, around->beyond);
    if (worth == WF_WORTH_FILLED)
        return wf_build_1(build, "not", wf_build_1(build, "isvalid", node));
    if (worth != WF_WORTH_VALUE)
        return wf_build_1(build, "isvalid", node);
    if (around->cells == WF_CELLS_ALL)
        return node;
    return wf_build_2(build, "coalesce", node, wf_build_number(build, 0));
}

WeftNode wf_around_widen(const WfAround *around, WeftNode node)
{
    if (node == WEFT_NONE || around->build.graph->nodes[node].wide)
        return node;
    return wf_build_1(&around->build, "widen", node);
}

WeftNode wf_around_term(const WfAround *around, WfWorth worth, int dx, int dy, bool exact)
{
    WeftNode node = wf_around_worth(around, worth, dx, dy);

    return exact && (worth != WF_WORTH_VALUE || around->whole) ? node
                                                               : wf_around_widen(around, node);
}

WeftNode wf_around_held(const WfAround *around, WeftNode result)
{
    const WfNode *nodes = around->build.graph->nodes;

    if (result == WEFT_NONE || around->wide || !nodes[result].wide || nodes[result].range.whole)
        return result;
    return wf_build_1(&around->build, "narrow", result);
}
