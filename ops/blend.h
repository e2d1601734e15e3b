/*
 * blend.h - a value between two.
 */
#ifndef WEFT_BLEND_H
#define WEFT_BLEND_H

#include "kernel.h"

/* From low (0) to high (1). No rounding goes beyond either, so that ranges stay true. Where their
 * difference is no double, weights take its place: so between a finite and an infinite one lies the
 * infinite one, and nothing between two of different signs. */
FOLDS px blend_of(px low, px high, px between)
{
    double a = (double)low, b = (double)high, t = (double)between, step = b - a;
    double near = __builtin_fma(step, t, a), apart = a * (1 - t) + b * t;
    double infinite = a - a == 0 ? b : a + b;
    double far = ((a - a == 0) & (b - b == 0)) ? apart : infinite;
    double v = step - step == 0 ? near : far;
    double least = a < b ? a : b, most = a < b ? b : a;

    v = v < least ? least : v;
    v = v > most ? most : v;
    v = between == 1 ? b : v;
    return ((between == 0) | (low == high)) ? low : (px)v;
}

/* The mean of two, also where their sum is no double. */
FOLDS double halfway_of(double a, double b)
{
    double sum = a + b, halves = a / 2 + b / 2;

    return sum - sum == 0 ? sum / 2 : halves;
}

#endif
