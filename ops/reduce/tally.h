/*
 * tally.h - the statistics of one value in one group of pixels: a zone, a class, the whole raster.
 *
 * A tally has only the parts that are wanted, so that a million of them stay small. Zeroed, it is
 * one of no pixels.
 */
#ifndef WEFT_TALLY_H
#define WEFT_TALLY_H

#include "exact.h"
#include "leaf.h"

/* Where in a tally each part lies, in bytes; -1: it is not wanted. */
typedef struct WfTallyForm {
    int size;
    int sum, squares, weight;           /* WfExact; weight: the sum of weights, else they are 1 */
    int min, max, argmin, argmax;       /* double, double, int64_t from 1 */
    int first, last, first_at, last_at; /* likewise */
} WfTallyForm;

/* want: a sum of WEFT_WANT_. */
WfTallyForm wf_tally_form(unsigned want, bool weighted);

/* The most bytes that a tally of one input can take from its pool. */
int64_t wf_tally_most(const WfTallyForm *form, const WeftReduceSetup *setup, int input);

/* Pixels of a leaf that belong to one group. */
typedef struct WfRun {
    const WfLeaf *leaf;
    int from, count;
    int64_t index; /* of the leaf's first pixel in the raster, row by row, from 1 */
    double weight; /* finite, not negative; where the form has no weight: 1 */
} WfRun;

/* False: there is no room. */
bool wf_tally_take(const WfTallyForm *form, void *tally, WfLimbs *pool, const WfRun *run);
bool wf_tally_merge(const WfTallyForm *form, void *tally, WfLimbs *pool, const void *other,
                    const WfLimbs *others);
void wf_tally_pack(const WfTallyForm *form, const void *tally, const WfLimbs *pool, WfPack *pack);
bool wf_tally_unpack(const WfTallyForm *form, void *tally, WfLimbs *pool, WfUnpack *pack);

/* Columns of a tally; what is not wanted, or does not exist, is NaN. */
enum {
    TALLY_COUNT,
    TALLY_PIXELS, /* the caller's */
    TALLY_SUM,
    TALLY_MEAN,
    TALLY_MIN,
    TALLY_MAX,
    TALLY_RANGE,
    TALLY_VAR0,
    TALLY_VAR1,
    TALLY_STD0,
    TALLY_STD1,
    TALLY_FIRST,
    TALLY_LAST,
    TALLY_ARGMIN,
    TALLY_ARGMAX,
    TALLY_COLUMNS
};
#define TALLY_HELP                                                                        \
    "count pixels sum mean min max range var0 var1 std0 std1 first last argmin argmax. "  \
    "var1 and std1 divide by n - 1; argmin and argmax are indexes of pixels, row by row " \
    "from 1, of equal ones the first"
void wf_tally_fill(const WfTallyForm *form, const void *tally, const WfLimbs *pool, double pixels,
                   double cells[TALLY_COLUMNS]);
/* The sum alone; NaN of no pixels. */
double wf_tally_sum(const WfTallyForm *form, const void *tally, const WfLimbs *pool);

#endif
