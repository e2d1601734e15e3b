/*
 * ranked.c - statistics of a window's cells in order of size, by a sorting network.
 *
 * Where cells are skipped a median fills them with both infinities in turn, which leaves the
 * middle where it was; a percentile with one of them, and its rank follows from the count.
 * Needs: an inferred input. Writes new nodes.
 */
#include "pass/ranked.h"

#include <assert.h>
#include <math.h>

#include "pass/network.h"
#include "pass/pass.h"

typedef struct Ranked {
    const WfAround *around;
    const WfBuild *b;
    WeftNode cell[WF_FOCAL_SORTED]; /* sorted from some point on */
    int count;
    bool skips; /* some may be invalid */
} Ranked;

static void take_cells(Ranked *ranked)
{
    const WfAround *around = ranked->around;
    int rows = around->focal->height / 2, columns = around->focal->width / 2;

    for (int dy = -rows; dy <= rows; dy++)
        for (int dx = -columns; dx <= columns; dx++)
            if (wf_around_has(around, dx, dy))
                ranked->cell[ranked->count++] = wf_around_cell(around, dx, dy);
}

/* Sort cells of which none is invalid, or of which it does not matter. */
static bool sort_valid(Ranked *ranked)
{
    return wf_network_sort(ranked->b, ranked->cell, ranked->count, "lesser", "greater");
}

/* A statistic is real even where the cells are integers. */
static WeftNode real(const Ranked *ranked, WeftNode node)
{
    if (node == WEFT_NONE || !ranked->b->graph->nodes[node].range.whole)
        return node;
    return wf_build_2(ranked->b, "halfway", node, node);
}

/* ------------------------------------------------------------------ median */

static WeftNode median_of_all(Ranked *ranked)
{
    int middle = ranked->count / 2;

    if (!sort_valid(ranked))
        return WEFT_NONE;
    if (ranked->count % 2)
        return real(ranked, ranked->cell[middle]);
    return wf_build_2(ranked->b, "halfway", ranked->cell[middle - 1], ranked->cell[middle]);
}

/* The first invalid cell becomes -infinity. An odd number of them leaves one too many of these,
 * so that the middle lies between two cells where it had been one, or the other way round. */
static WeftNode median_of_some(Ranked *ranked)
{
    const WfBuild *b = ranked->b;
    WeftNode end = wf_build_number(b, -INFINITY), even, between;
    int middle = ranked->count / 2;

    for (int i = 0; i < ranked->count; i++) {
        WeftNode next = wf_build_2(b, "turn", ranked->cell[i], end);

        ranked->cell[i] = wf_build_2(b, "coalesce", ranked->cell[i], end);
        end = next;
    }
    if (!sort_valid(ranked))
        return WEFT_NONE;
    even = wf_build_2(b, "lt", end, wf_build_number(b, 0));
    if (ranked->count % 2 == 0) {
        between = wf_build_2(b, "halfway", ranked->cell[middle - 1], ranked->cell[middle]);
        return wf_build_3(b, "where", even, between, ranked->cell[middle]);
    }
    between = wf_build_2(b, "halfway", ranked->cell[middle], ranked->cell[middle + 1]);
    return wf_build_3(b, "where", even, ranked->cell[middle], between);
}

/* ------------------------------------------------------------------ percentiles */

/* Between which ranks of n values a percentile lies, and where (linear, Hyndman and Fan's 7th). */
typedef struct Rank {
    int lo, hi;
    double between;
} Rank;

static Rank rank_of(double percent, int n)
{
    double place = (n - 1) * percent / 100;
    Rank rank = { .lo = (int)floor(place) };

    rank.hi = rank.lo + 1 < n ? rank.lo + 1 : rank.lo;
    rank.between = place - rank.lo;
    return rank;
}

static WeftNode blend(const WfBuild *b, WeftNode lo, WeftNode hi, WeftNode between)
{
    return wf_build_3(b, "fma", wf_build_2(b, "sub", hi, lo), between, lo);
}

static WeftNode percentile_of_all(Ranked *ranked)
{
    Rank rank = rank_of(ranked->around->focal->percent, ranked->count);

    if (!sort_valid(ranked))
        return WEFT_NONE;
    if (rank.between == 0)
        return real(ranked, ranked->cell[rank.lo]);
    return blend(ranked->b, ranked->cell[rank.lo], ranked->cell[rank.hi],
                 wf_build_number(ranked->b, rank.between));
}

static WeftNode choose(const WfBuild *b, WeftNode enough, bool change, WeftNode a, WeftNode other)
{
    return change ? wf_build_3(b, "where", enough, a, other) : other;
}

/* rank_of's place between two ranks, in f64, for a number of values that differs by pixel. */
static WeftNode between_of(const WfBuild *b, double percent, WeftNode number)
{
    WeftNode last = wf_build_2(b, "sub", wf_build_1(b, "widen", number), wf_build_number(b, 1));
    WeftNode place = wf_build_2(b, "div", wf_build_2(b, "mul", last, wf_build_number(b, percent)),
                                wf_build_number(b, 100));

    return wf_build_2(b, "sub", place, wf_build_1(b, "floor", place));
}

/* Ranks for each number of valid cells: they only grow with it. */
static WeftNode percentile_of_some(Ranked *ranked)
{
    const WfBuild *b = ranked->b;
    double percent = ranked->around->focal->percent;
    WeftNode number = wf_build_number(b, 0), lo, hi, between = number;
    Rank rank = { 0 };

    for (int i = 0; i < ranked->count; i++) {
        number = wf_build_2(b, "add", number, wf_build_1(b, "isvalid", ranked->cell[i]));
        ranked->cell[i] = wf_build_2(b, "coalesce", ranked->cell[i], wf_build_number(b, INFINITY));
    }
    if (!sort_valid(ranked))
        return WEFT_NONE;
    lo = hi = ranked->cell[0];
    for (int n = 2; n <= ranked->count; n++) {
        Rank next = rank_of(percent, n);
        WeftNode enough = wf_build_2(b, "ge", number, wf_build_number(b, n));

        lo = choose(b, enough, next.lo != rank.lo, ranked->cell[next.lo], lo);
        hi = choose(b, enough, next.hi != rank.hi, ranked->cell[next.hi], hi);
        between = choose(b, enough, next.between != rank.between, wf_build_number(b, next.between),
                         between);
        rank = next;
    }
    if (b->graph->nodes[ranked->around->input].wide)
        between = between_of(b, percent, number);
    return blend(b, lo, hi, between);
}

/* ------------------------------------------------------------------ equal values */

/* Sorted with invalid cells at the end; same[i]: cell i is equal to the one before. */
static bool sort_equal(Ranked *ranked, WeftNode same[WF_FOCAL_SORTED])
{
    const WfBuild *b = ranked->b;
    WeftNode no = wf_infer_constant(b->graph, 0, true, true, NULL, b->err);

    same[0] = no;
    if (!(ranked->skips ? wf_network_sort(b, ranked->cell, ranked->count, "sortlo", "sorthi")
                        : sort_valid(ranked)))
        return false;
    for (int i = 1; i < ranked->count; i++)
        same[i] = wf_build_2(b, "coalesce",
                             wf_build_2(b, "eq", ranked->cell[i], ranked->cell[i - 1]), no);
    return true;
}

/* The least of those that are most, or least, frequent: runs of equal cells are counted. */
static WeftNode frequent(Ranked *ranked, bool most)
{
    const WfBuild *b = ranked->b;
    WeftNode same[WF_FOCAL_SORTED], one = wf_build_number(b, 1), run = one, best, length;

    if (!sort_equal(ranked, same))
        return WEFT_NONE;
    best = ranked->cell[0];
    length = wf_build_number(b, most ? 0 : ranked->count + 1);
    for (int i = 0; i < ranked->count; i++) {
        WeftNode better;

        if (i > 0)
            run = wf_build_2(b, "add", wf_build_2(b, "mul", run, same[i]), one);
        better = wf_build_2(b, most ? "gt" : "lt", run, length);
        better = wf_build_2(b, "and", better, wf_build_1(b, "isvalid", ranked->cell[i]));
        if (!most && i + 1 < ranked->count)
            better = wf_build_2(b, "and", better, wf_build_1(b, "not", same[i + 1]));
        best = wf_build_3(b, "where", better, ranked->cell[i], best);
        length = wf_build_3(b, "where", better, run, length);
    }
    return best;
}

static WeftNode variety(Ranked *ranked)
{
    const WfBuild *b = ranked->b;
    WeftNode same[WF_FOCAL_SORTED], number = wf_build_number(b, 0);

    if (!sort_equal(ranked, same))
        return WEFT_NONE;
    for (int i = 0; i < ranked->count; i++) {
        WeftNode fresh = wf_build_2(b, "and", wf_build_1(b, "isvalid", ranked->cell[i]),
                                    wf_build_1(b, "not", same[i]));

        number = wf_build_2(b, "add", number, fresh);
    }
    return number;
}

/* ------------------------------------------------------------------ shared */

WeftNode wf_ranked_stat(const WfAround *around)
{
    Ranked ranked = { .around = around, .b = &around->build };
    WfStat stat = around->focal->stat;

    assert(around->members <= WF_FOCAL_SORTED);
    take_cells(&ranked);
    ranked.skips =
        around->cells != WF_CELLS_ALL &&
        (around->focal->missing != WF_MISSING_FILL_CENTER || around->beyond == WF_BEYOND_SHRINK);
    if (ranked.count == 1 && stat != WF_STAT_VARIETY)
        return stat == WF_STAT_MODE || stat == WF_STAT_MINORITY ? ranked.cell[0]
                                                                : real(&ranked, ranked.cell[0]);
    switch (stat) {
    case WF_STAT_MEDIAN:
        return ranked.skips ? median_of_some(&ranked) : median_of_all(&ranked);
    case WF_STAT_PERCENTILE:
        return ranked.skips ? percentile_of_some(&ranked) : percentile_of_all(&ranked);
    case WF_STAT_VARIETY:
        return variety(&ranked);
    default:
        return frequent(&ranked, stat == WF_STAT_MODE);
    }
}
