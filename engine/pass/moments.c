/*
 * moments.c - variance of a window's cells, without subtracting large numbers.
 *
 * What is known of some cells is their sum s and the sum m of squared differences from their mean
 * (and their number n, where cells are skipped), in f64. Two such are joined as
 * m = ma + mb + (nb sa - na sb)^2 / (na nb (na + nb))   (Chan, Golub, LeVeque 1979),
 * so that a variance of 1 around 1e6 keeps its digits. Needs: an inferred input. Writes new nodes.
 */
#include "pass/moments.h"

#include "pass/counted.h"
#include "pass/doubling.h"

enum { SUM, SQUARES, NUMBER };

static bool is_zero(const WfFold *fold, WeftNode node)
{
    const WfGraph *graph = fold->around->build.graph;

    return node != WEFT_NONE && !graph->nodes[node].grid && graph->nodes[node].value == 0;
}

static WeftNode plus(const WfFold *fold, WeftNode a, WeftNode b)
{
    return is_zero(fold, a)   ? b
           : is_zero(fold, b) ? a
                              : wf_build_2(&fold->around->build, "add", a, b);
}

static WeftNode times(const WfFold *fold, WeftNode a, double factor)
{
    const WfBuild *b = &fold->around->build;

    return factor == 1 ? a : wf_build_2(b, "mul", a, wf_build_number(b, factor));
}

static WfState all_cell(const WfFold *fold, int dx, int dy)
{
    const WfBuild *b = &fold->around->build;
    WeftNode value = wf_build_1(b, "widen", wf_around_raw(fold->around, dx, dy));

    return (WfState) { .part = { value, wf_build_number(b, 0) }, .cells = 1 };
}

static WfState all_join(const WfFold *fold, const WfState *a, const WfState *b)
{
    const WfBuild *build = &fold->around->build;
    double na = (double)a->cells, nb = (double)b->cells, equal = na == nb;
    WeftNode apart = wf_build_2(build, "sub", times(fold, a->part[SUM], equal ? 1 : nb),
                                times(fold, b->part[SUM], equal ? 1 : na));
    WeftNode square = wf_build_2(build, "mul", apart, apart), share;
    WfState both = { .cells = a->cells + b->cells };

    share = wf_build_2(build, "div", square,
                       wf_build_number(build, equal ? na + nb : na * nb * (na + nb)));
    both.part[SUM] = wf_build_2(build, "add", a->part[SUM], b->part[SUM]);
    both.part[SQUARES] = plus(fold, share, plus(fold, a->part[SQUARES], b->part[SQUARES]));
    return both;
}

static WfState some_cell(const WfFold *fold, int dx, int dy)
{
    const WfBuild *b = &fold->around->build;
    WeftNode cell = wf_around_raw(fold->around, dx, dy), zero = wf_build_number(b, 0);

    return (WfState) { .part = { wf_build_1(b, "widen", wf_build_2(b, "coalesce", cell, zero)),
                                 zero, wf_build_1(b, "isvalid", cell) },
                       .cells = 1 };
}

static WfState some_join(const WfFold *fold, const WfState *a, const WfState *b)
{
    const WfBuild *build = &fold->around->build;
    WeftNode na = a->part[NUMBER], nb = b->part[NUMBER];
    WeftNode apart = wf_build_2(build, "sub", wf_build_2(build, "mul", nb, a->part[SUM]),
                                wf_build_2(build, "mul", na, b->part[SUM]));
    WeftNode square = wf_build_2(build, "mul", apart, apart), number, weight, share;
    WfState both = { .cells = a->cells + b->cells };

    number = wf_build_2(build, "add", na, nb);
    weight = wf_build_2(build, "mul", wf_build_2(build, "mul", na, nb), number);
    share = wf_build_2(build, "div", square,
                       wf_build_2(build, "max", weight, wf_build_number(build, 1)));
    both.part[SUM] = wf_build_2(build, "add", a->part[SUM], b->part[SUM]);
    both.part[SQUARES] = plus(fold, share, plus(fold, a->part[SQUARES], b->part[SQUARES]));
    both.part[NUMBER] = number;
    return both;
}

/* Join as many cells with the centre's value as are to be filled with it. */
static WfState fill_center(const WfFold *fold, const WfState *state)
{
    const WfAround *around = fold->around;
    const WfBuild *b = &around->build;
    WeftNode zero = wf_build_number(b, 0), missing, sum;
    WfState center;

    missing = wf_build_2(b, "sub", wf_around_total(around), state->part[NUMBER]);
    sum = wf_build_2(b, "mul", wf_build_1(b, "widen", around->input), missing);
    sum = wf_build_3(b, "where", wf_build_2(b, "gt", missing, zero), sum, zero);
    center = (WfState) { .part = { sum, zero, missing } };
    return some_join(fold, state, &center);
}

WeftNode wf_moments_var(const WfAround *around)
{
    const WfBuild *b = &around->build;
    bool all = around->cells == WF_CELLS_ALL;
    WfFold fold = { .around = around,
                    .cell = all ? all_cell : some_cell,
                    .join = all ? all_join : some_join,
                    .parts = all ? 2 : 3 };
    WfState state = wf_fold_window(&fold);
    WeftNode number;

    if (around->focal->missing == WF_MISSING_FILL_CENTER && !all)
        state = fill_center(&fold, &state);
    if (is_zero(&fold, state.part[SQUARES])) /* one cell: as a raster, and invalid where it is */
        state.part[SQUARES] = wf_build_2(b, "sub", state.part[SUM], state.part[SUM]);
    number = all ? wf_build_number(b, around->members) : state.part[NUMBER];
    if (around->focal->ddof)
        number = wf_build_2(b, "max", wf_build_2(b, "sub", number, wf_build_number(b, 1)),
                            wf_build_number(b, 0));
    return wf_build_2(b, "div", state.part[SQUARES], number);
}
