/*
 * leaf.c - sums and extremes of 64 pixels.
 *
 * The tree: sixteen lanes of four pixels each (i, i + 16, i + 32, i + 48, from the left), then
 * lanes in pairs: four apart by eight and by four, then neighbours. Invalid pixels add 0, so that a
 * leaf of valid ones gives the same bits with and without the test.
 */
#include "leaf.h"

#include <math.h>

typedef double Four __attribute__((vector_size(32), may_alias));
typedef int64_t FourInt __attribute__((vector_size(32), may_alias));
typedef float FourFloat __attribute__((vector_size(16), may_alias));
typedef float Unaligned __attribute__((vector_size(16), aligned(4), may_alias));
typedef double UnalignedWide __attribute__((vector_size(32), aligned(8), may_alias));

static bool any(FourInt mask)
{
    return (mask[0] | mask[1] | mask[2] | mask[3]) != 0;
}

static void load_full(WfLeaf *leaf, const void *row, bool wide, int64_t at)
{
    const float *narrow = (const float *)row + at;
    const double *doubles = (const double *)row + at;
    FourInt invalid = { 0 };

    for (int i = 0; i < LEAF; i += 4) {
        Four v = wide ? (Four) * (const UnalignedWide *)(doubles + i)
                      : __builtin_convertvector(*(const Unaligned *)(narrow + i), Four);

        invalid |= v != v;
        *(Four *)(leaf->x + i) = v;
    }
    leaf->whole = !any(invalid);
}

void wf_leaf_load(WfLeaf *leaf, const void *row, bool wide, int64_t at, int64_t cols)
{
    leaf->count = cols - at < LEAF ? (int)(cols - at) : LEAF;
    if (leaf->count == LEAF) {
        load_full(leaf, row, wide, at);
        return;
    }
    leaf->whole = false;
    for (int i = 0; i < LEAF; i++)
        leaf->x[i] = i >= leaf->count ? (double)NAN
                     : wide           ? ((const double *)row)[at + i]
                                      : (double)((const float *)row)[at + i];
}

bool wf_leaf_even(const WfLeaf *leaf)
{
    const double first = leaf->x[0];
    const Four all = { first, first, first, first };
    FourInt other = { 0 };

    if (leaf->count < LEAF) {
        for (int i = 1; i < leaf->count; i++)
            if (leaf->x[i] != first)
                return false;
        return first == first;
    }
    for (int i = 0; i < LEAF; i += 4)
        other |= *(const Four *)(leaf->x + i) != all;
    return !any(other);
}

static inline __attribute__((always_inline)) WfMoments moments(const double *x, double first,
                                                               bool whole)
{
    const Four c = { first, first, first, first };
    Four sum[4] = { 0 }, squares[4] = { 0 };
    FourInt count = { 0 };

    for (int i = 0; i < LEAF / 4; i++) {
        Four v = *(const Four *)(x + 4 * i), d = v - c;

        if (!whole) {
            FourInt valid = v == v;

            d = (Four)((FourInt)d & valid);
            count -= valid;
        }
        sum[i % 4] += d;
        squares[i % 4] += d * d;
    }
    for (int i = 0; i < 2; i++) {
        sum[i] += sum[i + 2];
        squares[i] += squares[i + 2];
    }
    sum[0] += sum[1];
    squares[0] += squares[1];
    return (WfMoments) {
        .count = whole ? LEAF : (unsigned)(count[0] + count[1] + count[2] + count[3]),
        .first = first,
        .sum = (sum[0][0] + sum[0][1]) + (sum[0][2] + sum[0][3]),
        .squares = (squares[0][0] + squares[0][1]) + (squares[0][2] + squares[0][3]),
    };
}

WfMoments wf_leaf_moments(const WfLeaf *leaf)
{
    int first = 0;

    if (leaf->whole)
        return moments(leaf->x, leaf->x[0], true);
    while (first < leaf->count && isnan(leaf->x[first]))
        first++;
    return first < leaf->count ? moments(leaf->x, leaf->x[first], false) : (WfMoments) { 0 };
}

WfMoments wf_run_moments(const double *x, int count)
{
    WfMoments made = { 0 };
    int i = 0;

    while (i < count && isnan(x[i]))
        i++;
    if (i < count)
        made.first = x[i];
    for (; i < count; i++) {
        double d = isnan(x[i]) ? 0 : x[i] - made.first;

        made.count += !isnan(x[i]);
        made.sum += d;
        made.squares += d * d;
    }
    return made;
}

unsigned wf_run_valid(const double *x, int count)
{
    unsigned valid = 0;

    for (int i = 0; i < count; i++)
        valid += x[i] == x[i];
    return valid;
}

/* v < low ? v : low and v > high ? v : high, which keep what is there where v is NaN. */
#ifdef __AVX__
#define LESSER(v, low) ((Four)__builtin_ia32_minpd256((v), (low)))
#define GREATER(v, high) ((Four)__builtin_ia32_maxpd256((v), (high)))
#else
#define CHOOSE(mask, a, b) ((Four)(((FourInt)(a) & (mask)) | ((FourInt)(b) & ~(mask))))
#define LESSER(v, low) CHOOSE((v) < (low), v, low)
#define GREATER(v, high) CHOOSE((v) > (high), v, high)
#endif

void wf_leaf_extremes(const WfLeaf *leaf, double *low, double *high)
{
    const Four none = { INFINITY, INFINITY, INFINITY, INFINITY };
    Four lo[4] = { none, none, none, none }, hi[4] = { -none, -none, -none, -none };

    for (int i = 0; i < LEAF / 4; i++) {
        Four v = *(const Four *)(leaf->x + 4 * i);

        lo[i % 4] = LESSER(v, lo[i % 4]);
        hi[i % 4] = GREATER(v, hi[i % 4]);
    }
    for (int i = 2; i; i /= 2)
        for (int k = 0; k < i; k++) {
            lo[k] = LESSER(lo[k + i], lo[k]);
            hi[k] = GREATER(hi[k + i], hi[k]);
        }
    *low = lo[0][0];
    *high = hi[0][0];
    for (int i = 1; i < 4; i++) {
        *low = lo[0][i] < *low ? lo[0][i] : *low;
        *high = hi[0][i] > *high ? hi[0][i] : *high;
    }
}

void wf_run_extremes(const double *x, int count, double *low, double *high)
{
    Four lo = { INFINITY, INFINITY, INFINITY, INFINITY }, hi = -lo;
    int i = 0;

    for (; i + 4 <= count; i += 4) {
        Four v = (Four) * (const UnalignedWide *)(x + i);

        lo = LESSER(v, lo);
        hi = GREATER(v, hi);
    }
    *low = INFINITY;
    *high = -INFINITY;
    for (int k = 0; i && k < 4; k++) {
        *low = lo[k] < *low ? lo[k] : *low;
        *high = hi[k] > *high ? hi[k] : *high;
    }
    for (; i < count; i++) {
        *low = x[i] < *low ? x[i] : *low;
        *high = x[i] > *high ? x[i] : *high;
    }
}
