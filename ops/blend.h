/*
 * blend.h - the value between two.
 */
#ifndef WEFT_BLEND_H
#define WEFT_BLEND_H

#include "kernel.h"

/* From low (0) to high (1). Equal ones may be infinite, and where nothing of high is wanted it may
 * be, too. No rounding goes beyond either, so that ranges stay true. */
FOLDS px blend_of(px low, px high, px between)
{
    double a = (double)low, b = (double)high, v = __builtin_fma(b - a, (double)between, a);
    double least = a < b ? a : b, most = a < b ? b : a;

    v = v < least ? least : v;
    v = v > most ? most : v;
    return ((between == 0) | (low == high)) ? low : (px)v;
}

#endif
