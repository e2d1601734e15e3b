/*
 * ranked.c - statistics of a few values of each pixel in order of size, by a sorting network.
 *
 * Where cells are skipped a median fills them with both infinities in turn, which leaves the
 * middle where it was; a percentile with one of them, and its rank follows from the count.
 * Needs: inferred cells. Writes new nodes.
 */
#include "pass/ranked.h"

#include <assert.h>
#include <math.h>

#include "pass/network.h"
#include "pass/pass.h"

/* A cell that is never invalid, or failed. */
static bool is_sure(const WfRanked *ranked, int cell)
{
    WeftNode node = ranked->cell[cell];

    return node == WEFT_NONE || ranked->build->graph->nodes[node].range.valid;
}

/* Sort cells of which none is invalid, or of which it does not matter. */
static bool sort_valid(WfRanked *ranked)
{
    return wf_network_sort(ranked->build, ranked->cell, ranked->count, "lesser", "greater");
}

/* A statistic is real even where the cells are integers. */
static WeftNode real(const WfRanked *ranked, WeftNode node)
{
    if (node == WEFT_NONE || !ranked->build->graph->nodes[node].range.whole)
        return node;
    return wf_build_2(ranked->build, "halfway", node, node);
}

/* ------------------------------------------------------------------ median */

static WeftNode median_of_all(WfRanked *ranked)
{
    int middle = ranked->count / 2;

    if (!sort_valid(ranked))
        return WEFT_NONE;
    if (ranked->count % 2)
        return real(ranked, ranked->cell[middle]);
    return wf_build_2(ranked->build, "halfway", ranked->cell[middle - 1], ranked->cell[middle]);
}

/* The first invalid cell becomes -infinity. An odd number of them leaves one too many of these,
 * so that the middle lies between two cells where it had been one, or the other way round. */
static WeftNode median_of_some(WfRanked *ranked)
{
    const WfBuild *b = ranked->build;
    WeftNode end = wf_build_number(b, -INFINITY), even, between;
    int middle = ranked->count / 2;

    for (int i = 0; i < ranked->count; i++) {
        WeftNode next;

        if (is_sure(ranked, i))
            continue;
        next = wf_build_2(b, "turn", ranked->cell[i], end);

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

static WeftNode percentile_of_all(WfRanked *ranked, double percent)
{
    Rank rank = rank_of(percent, ranked->count);

    if (!sort_valid(ranked))
        return WEFT_NONE;
    if (rank.between == 0)
        return real(ranked, ranked->cell[rank.lo]);
    return wf_build_3(ranked->build, "blend", ranked->cell[rank.lo], ranked->cell[rank.hi],
                      wf_build_number(ranked->build, rank.between));
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
static WeftNode percentile_of_some(WfRanked *ranked, double percent)
{
    const WfBuild *b = ranked->build;
    WeftNode number = wf_build_number(b, 0), lo, hi, between = number;
    Rank rank = { 0 };
    bool some_sure = false;

    for (int i = 0; i < ranked->count; i++) {
        some_sure |= is_sure(ranked, i);
        number = wf_build_2(b, "add", number, wf_build_1(b, "isvalid", ranked->cell[i]));
        if (!is_sure(ranked, i))
            ranked->cell[i] =
                wf_build_2(b, "coalesce", ranked->cell[i], wf_build_number(b, INFINITY));
    }
    if (!sort_valid(ranked))
        return WEFT_NONE;
    lo = hi = ranked->cell[0];
    for (int n = 2; n <= ranked->count; n++) {
        Rank next = rank_of(percent, n);
        WeftNode enough;

        if (next.lo == rank.lo && next.hi == rank.hi && next.between == rank.between)
            continue;
        enough = wf_build_2(b, "ge", number, wf_build_number(b, n));
        lo = choose(b, enough, next.lo != rank.lo, ranked->cell[next.lo], lo);
        hi = choose(b, enough, next.hi != rank.hi, ranked->cell[next.hi], hi);
        between = choose(b, enough, next.between != rank.between, wf_build_number(b, next.between),
                         between);
        rank = next;
    }
    if (ranked->wide)
        between = between_of(b, percent, number);
    lo = wf_build_3(b, "blend", lo, hi, between);
    return some_sure ? lo
                     : wf_build_3(b, "where", wf_build_2(b, "gt", number, wf_build_number(b, 0)),
                                  lo, wf_build_number(b, NAN));
}

/* ------------------------------------------------------------------ equal values */

/* Sorted with invalid cells at the end; same[i]: cell i is equal to the one before. */
static bool sort_equal(WfRanked *ranked, WeftNode same[WF_RANKED_MAX])
{
    const WfBuild *b = ranked->build;
    WeftNode no = wf_infer_constant(b->graph, 0, true, true, NULL, b->err);

    assert(ranked->count <= WF_RANKED_MAX);
    same[0] = no;
    if (no == WEFT_NONE)
        return false;
    if (!(ranked->skips ? wf_network_sort(b, ranked->cell, ranked->count, "sortlo", "sorthi")
                        : sort_valid(ranked)))
        return false;
    for (int i = 1; i < ranked->count; i++)
        same[i] = wf_build_2(b, "coalesce",
                             wf_build_2(b, "eq", ranked->cell[i], ranked->cell[i - 1]), no);
    return true;
}

/* The least of those that are most, or least, frequent: runs of equal cells are counted. */
static WeftNode frequent(WfRanked *ranked, bool most)
{
    const WfBuild *b = ranked->build;
    WeftNode same[WF_RANKED_MAX], one = wf_build_number(b, 1), run = one, best, length;

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
        if (i + 1 < ranked->count)
            length = wf_build_3(b, "where", better, run, length);
    }
    return best;
}

static WeftNode variety(WfRanked *ranked)
{
    const WfBuild *b = ranked->build;
    WeftNode same[WF_RANKED_MAX], number = wf_build_number(b, 0);

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

WeftNode wf_ranked_of(WfRanked *ranked, WfStat stat, double percent)
{
    if (ranked->count == 1 && stat != WF_STAT_VARIETY)
        return stat == WF_STAT_MODE || stat == WF_STAT_MINORITY ? ranked->cell[0]
                                                                : real(ranked, ranked->cell[0]);
    switch (stat) {
    case WF_STAT_MEDIAN:
        return ranked->skips ? median_of_some(ranked) : median_of_all(ranked);
    case WF_STAT_PERCENTILE:
        return ranked->skips ? percentile_of_some(ranked, percent)
                             : percentile_of_all(ranked, percent);
    case WF_STAT_VARIETY:
        return variety(ranked);
    default:
        return frequent(ranked, stat == WF_STAT_MODE);
    }
}
