/*
 * leaf.h - 64 pixels of a row, from a column that is a multiple of 64: what sums begin with.
 *
 * A leaf is summed in f64 by one fixed tree, so that its sum does not depend on tiles; sums of
 * leaves are exact (exact.h).
 */
#ifndef WEFT_LEAF_H
#define WEFT_LEAF_H

#include "reduce.h"

enum { LEAF = 64 };

typedef struct WfLeaf {
    double x[LEAF] __attribute__((aligned(64))); /* NaN beyond count */
    int count;                                   /* pixels of the raster */
    bool whole;                                  /* LEAF pixels, all valid */
} WfLeaf;

/* Pixels from `at` up to `cols` of a row of f32, or of f64 (wide). */
void wf_leaf_load(WfLeaf *leaf, const void *row, bool wide, int64_t at, int64_t cols);
/* All pixels have the value of the first. */
bool wf_leaf_even(const WfLeaf *leaf);

/* About valid pixels: how many, and sums of d and d^2, where d is the difference from the first
 * of them: so squares do not cancel. */
typedef struct WfMoments {
    unsigned count;
    double first, sum, squares;
} WfMoments;

WfMoments wf_leaf_moments(const WfLeaf *leaf);
/* The same of some of its pixels, summed from the left. */
WfMoments wf_run_moments(const double *x, int count);
unsigned wf_run_valid(const double *x, int count);

/* The least and the greatest of the valid ones; infinite, the wrong way round, without any. */
void wf_leaf_extremes(const WfLeaf *leaf, double *low, double *high);
void wf_run_extremes(const double *x, int count, double *low, double *high);

#endif
