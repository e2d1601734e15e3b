/*
 * search.h - finding a pixel's place among sorted limits, for kernels with a table.
 *
 * The first column of such a table holds the limits: place k begins where v >= table[k], and place
 * 0 below all of them. Limits that are not needed are NaN. Every pixel takes as many steps as any
 * other, so that the loop stays one straight line: `steps` is constant once the kernel is inlined.
 */
#ifndef WEFT_SEARCH_H
#define WEFT_SEARCH_H

#include "kernel.h"

enum { SEARCH_STEPS = 20 };

/* The place of v among 2^steps. */
FOLDS px_int search(px v, const px *table, px steps)
{
    px_int at = 0;

#define STEP(k)      \
    if (steps > (k)) \
    at += table[at + ((px_int)1 << (k))] <= v ? (px_int)1 << (k) : 0
    STEP(19);
    STEP(18);
    STEP(17);
    STEP(16);
    STEP(15);
    STEP(14);
    STEP(13);
    STEP(12);
    STEP(11);
    STEP(10);
    STEP(9);
    STEP(8);
    STEP(7);
    STEP(6);
    STEP(5);
    STEP(4);
    STEP(3);
    STEP(2);
    STEP(1);
    STEP(0);
#undef STEP
    return at;
}

#endif
