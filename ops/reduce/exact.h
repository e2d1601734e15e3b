/*
 * exact.h - sums of doubles, and of products of doubles, without rounding.
 *
 * A sum is an integer in two's complement over some 64-bit limbs of one fixed grid: limb i counts
 * units of 2^(64 i). Adding is exact, so that the order does not matter. Four limbs are kept in
 * place, which is enough for values of like size; where more are needed they come from a pool that
 * many sums share.
 */
#ifndef WEFT_EXACT_H
#define WEFT_EXACT_H

#include "packing.h"
#include "reduce.h"

enum { EXACT_LIMBS = 4, EXACT_WIDE_MAX = 128 };
/* Limbs of the grid that can be in use: from the least weight times two of the least doubles to
 * 2^64 times the square of the greatest. */
enum { EXACT_LOWEST = -52, EXACT_HIGHEST = 36 };
enum { EXACT_PLUS = 1, EXACT_MINUS = 2 }; /* an infinity of that sign was added */

/* Zeroed: a sum of nothing. */
typedef struct WfExact {
    uint64_t limb[EXACT_LIMBS]; /* lowest first; of a wide one, limb[0] is its place in the pool */
    int16_t low;                /* place of the lowest limb in the grid */
    uint16_t wide;              /* limbs of a wide one, otherwise 0 */
    bool inside;                /* not wide, and something was added */
    uint8_t special;
} WfExact;

typedef struct WfLimbs {
    WeftRoom *room;
    uint64_t *limb;
    size_t used, size;
} WfLimbs;

void wf_limbs_free(WfLimbs *pool);
/* The most bytes that a sum of so many limbs can take from a pool; 0 where four do. */
int64_t wf_limbs_most(int limbs);

typedef unsigned __int128 WfWide;

/* A finite double as mantissa * 2^exponent. */
typedef struct WfFactor {
    uint64_t mantissa;
    int exponent;
    bool negative;
} WfFactor;

static inline WfFactor wf_factor(double v)
{
    uint64_t bits;
    int exponent;

    __builtin_memcpy(&bits, &v, sizeof bits);
    exponent = (int)(bits >> 52 & 0x7ff);
    return (WfFactor) {
        .mantissa = (bits & 0xfffffffffffff) | (uint64_t)(exponent != 0) << 52,
        .exponent = exponent - 1075 + (exponent == 0),
        .negative = bits >> 63,
    };
}

/* Add or subtract `count` limbs, the lowest of which lies at `low`. False: there is no room. */
bool wf_exact_add(WfExact *sum, WfLimbs *pool, const uint64_t *term, int count, int low,
                  bool negative);
/* The same of a sum of another pool. */
bool wf_exact_merge(WfExact *sum, WfLimbs *pool, const WfExact *other, const WfLimbs *others);
void wf_exact_special(WfExact *sum, double infinity);

/* Where a window of four limbs does not do. */
bool wf_exact_enter_slow(WfExact *sum, WfLimbs *pool, WfWide value, int exponent, bool negative);

/* limb += term, with what is carried over; limbs are stored one by one, as they are read. */
static inline __attribute__((always_inline)) uint64_t wf_exact_carry(uint64_t *limb, uint64_t term,
                                                                     uint64_t carry)
{
    WfWide next = (WfWide)*limb + term + carry;

    *limb = (uint64_t)next;
    return (uint64_t)(next >> 64);
}

/* Make room on top again. */
bool wf_exact_widen(WfExact *sum, WfLimbs *pool);

/* Add value * 2^exponent, or subtract it. */
static inline __attribute__((always_inline)) bool wf_exact_enter(WfExact *sum, WfLimbs *pool,
                                                                 WfWide value, int exponent,
                                                                 bool negative)
{
    int place = (exponent >> 6) - sum->low, shift = exponent & 63;
    WfWide low = value << shift;
    uint64_t a = (uint64_t)low, b = (uint64_t)(low >> 64), carry = negative;
    uint64_t c = (uint64_t)(value >> 64) >> 1 >> (63 - shift), sign = -carry;

    if (!sum->inside ||
        (place != 0 && !(place == 1 && !(c >> 62)) && !(place == 2 && !c && !(b >> 62))))
        return wf_exact_enter_slow(sum, pool, value, exponent, negative);
    if (place == 0) {
        carry = wf_exact_carry(&sum->limb[0], a ^ sign, carry);
        carry = wf_exact_carry(&sum->limb[1], b ^ sign, carry);
        carry = wf_exact_carry(&sum->limb[2], c ^ sign, carry);
        wf_exact_carry(&sum->limb[3], sign, carry);
    } else if (place == 1) {
        carry = wf_exact_carry(&sum->limb[1], a ^ sign, carry);
        carry = wf_exact_carry(&sum->limb[2], b ^ sign, carry);
        wf_exact_carry(&sum->limb[3], c ^ sign, carry);
    } else {
        carry = wf_exact_carry(&sum->limb[2], a ^ sign, carry);
        wf_exact_carry(&sum->limb[3], b ^ sign, carry);
    }
    return !((sum->limb[3] ^ sum->limb[3] << 1) >> 63) || wf_exact_widen(sum, pool);
}

/* Add times * a * b; finite, times below 2^21. */
static inline bool wf_exact_product(WfExact *sum, WfLimbs *pool, double a, double b, unsigned times)
{
    WfFactor x = wf_factor(a), y = wf_factor(b);

    return wf_exact_enter(sum, pool, (WfWide)x.mantissa * y.mantissa * times,
                          x.exponent + y.exponent, x.negative != y.negative);
}

/* Add times * v; finite. */
static inline bool wf_exact_value(WfExact *sum, WfLimbs *pool, double v, unsigned times)
{
    WfFactor x = wf_factor(v);

    return wf_exact_enter(sum, pool, (WfWide)x.mantissa * times, x.exponent, x.negative);
}

/* A number as mantissa * 2^exponent, 0.5 <= |mantissa| <= 1 or 0: doubles beyond their range. */
typedef struct WfScaled {
    double mantissa;
    int64_t exponent;
} WfScaled;

/* The sum, rounded once. Infinite or NaN where infinities were added. */
WfScaled wf_exact_round(const WfExact *sum, const WfLimbs *pool);
/* weight * squares - sum * sum, rounded once; NaN where infinities were added. */
WfScaled wf_exact_spread(const WfExact *weight, const WfExact *squares, const WfExact *sum,
                         const WfLimbs *pool);
WfScaled wf_scaled(double v);
WfScaled wf_scaled_divide(WfScaled a, WfScaled b);
double wf_scaled_value(WfScaled v);
double wf_scaled_root(WfScaled v); /* of one that is not negative */

/* The same sum has the same bytes, whatever its window. */
void wf_exact_pack(const WfExact *sum, const WfLimbs *pool, WfPack *pack);
bool wf_exact_unpack(WfExact *sum, WfLimbs *pool, WfUnpack *pack);

#endif
