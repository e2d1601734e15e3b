/*
 * keys.h - values as integers of the same order, found digit by digit.
 *
 * Integers of a known range count from its lower end; other values are the bits of an f32 or f64,
 * turned so that they ascend. A pass finds one digit, the upper ones first.
 */
#ifndef WEFT_KEYS_H
#define WEFT_KEYS_H

#include "reduce.h"

typedef struct WfKeys {
    bool whole, wide;
    double low, high;  /* of whole ones */
    int passes, digit; /* bits of a digit */
} WfKeys;

/* A digit has at most digit_max bits. */
static inline WfKeys wf_keys(WeftRange range, bool wide, int digit_max)
{
    WfKeys keys = { .wide = wide, .low = range.lo, .high = range.hi };
    int bits = wide ? 64 : 32;

    keys.whole = range.whole && range.hi - range.lo < 0x1p53;
    if (keys.whole)
        bits = range.hi > range.lo ? 64 - __builtin_clzll((uint64_t)(range.hi - range.lo)) : 1;
    keys.passes = (bits + digit_max - 1) / digit_max;
    keys.digit = (bits + keys.passes - 1) / keys.passes;
    return keys;
}

/* The number of lower bits that a pass leaves for later ones. */
static inline int wf_keys_shift(const WfKeys *keys, int pass)
{
    return keys->digit * (keys->passes - 1 - pass);
}

/* Of a valid value. One outside of its range counts as the end that is near. */
static inline uint64_t wf_key(const WfKeys *keys, double v)
{
    uint64_t bits;
    uint32_t narrow;
    float f;

    if (keys->whole) {
        v = v > keys->high ? keys->high : v;
        return v > keys->low ? (uint64_t)(v - keys->low) : 0;
    }
    v += 0.0; /* no negative zero */
    if (!keys->wide) {
        f = (float)v;
        __builtin_memcpy(&narrow, &f, sizeof narrow);
        return narrow >> 31 ? (uint32_t)~narrow : narrow | UINT32_C(1) << 31;
    }
    __builtin_memcpy(&bits, &v, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static inline double wf_key_value(const WfKeys *keys, uint64_t key)
{
    uint64_t bits = key >> 63 ? key ^ UINT64_C(1) << 63 : ~key;
    uint32_t narrow = (uint32_t)key >> 31 ? (uint32_t)key ^ UINT32_C(1) << 31 : ~(uint32_t)key;
    double v;
    float f;

    if (keys->whole)
        return keys->low + (double)key;
    __builtin_memcpy(&f, &narrow, sizeof f);
    __builtin_memcpy(&v, &bits, sizeof v);
    return keys->wide ? v : (double)f;
}

#endif
