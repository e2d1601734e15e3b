/*
 * exact.c - sums of doubles without rounding: windows that move and grow.
 *
 * A window always has room on top: |sum| < 2^(64 limbs - 2), so that adding a term of the same
 * bound cannot overflow, and the window is widened afterwards where the bound is passed.
 */
#include "exact.h"

#include <math.h>
#include <string.h>

void wf_limbs_free(WfLimbs *pool)
{
    wf_room_free(pool->room, pool->limb);
    *pool = (WfLimbs) { .room = pool->room };
}

int64_t wf_limbs_most(int limbs)
{
    int64_t size = EXACT_LIMBS;

    while (size < limbs)
        size *= 2;
    /* Windows left behind, and a pool that doubles. */
    return size > EXACT_LIMBS ? 4 * size * (int64_t)sizeof(uint64_t) : 0;
}

static uint64_t *limbs_of(WfExact *sum, WfLimbs *pool)
{
    return sum->wide ? pool->limb + sum->limb[0] : sum->limb;
}
static const uint64_t *limbs_read(const WfExact *sum, const WfLimbs *pool)
{
    return sum->wide ? pool->limb + sum->limb[0] : sum->limb;
}
static int size_of(const WfExact *sum)
{
    return sum->wide ? sum->wide : sum->inside ? EXACT_LIMBS : 0;
}

/* A place for so many limbs. */
static bool pool_take(WfLimbs *pool, int count, uint64_t *place)
{
    if (pool->size - pool->used < (size_t)count) {
        size_t size = pool->size ? 2 * pool->size : 16;
        uint64_t *limb;

        while (size - pool->used < (size_t)count)
            size *= 2;
        limb = wf_room_grow(pool->room, pool->limb, size * sizeof *limb);
        if (!limb)
            return false;
        pool->limb = limb;
        pool->size = size;
    }
    *place = pool->used;
    pool->used += (size_t)count;
    return true;
}

/* The top two bits agree. */
static bool is_roomy(uint64_t top)
{
    return !((top ^ top << 1) >> 63);
}

/* Limbs [*from, *to) that hold the sum with room on top; from == to: it is 0. */
static void find_extent(const uint64_t *limb, int size, int *from, int *to)
{
    uint64_t sign = size && limb[size - 1] >> 63 ? UINT64_MAX : 0;

    for (*from = 0; *from < size && !limb[*from];)
        ++*from;
    for (*to = size; *to > *from && limb[*to - 1] == sign;)
        --*to;
    if (*to == *from)
        *to += sign != 0;
    else if (!is_roomy(limb[*to - 1]) || limb[*to - 1] >> 63 != (sign & 1))
        ++*to;
}

/* Move or widen the window so that it also has the limbs of the grid [from, to). */
static bool reach(WfExact *sum, WfLimbs *pool, int from, int to)
{
    int size = size_of(sum), begin, end, wanted = size > EXACT_LIMBS ? size : EXACT_LIMBS, low;
    uint64_t made[EXACT_WIDE_MAX], sign, place;
    const uint64_t *limb = limbs_read(sum, pool);

    find_extent(limb, size, &begin, &end);
    sign = end > begin && limb[size - 1] >> 63 ? UINT64_MAX : 0;
    if (begin < end) {
        from = from < sum->low + begin ? from : sum->low + begin;
        to = to > sum->low + end ? to : sum->low + end;
    }
    while (wanted < to - from)
        wanted *= 2;
    low = from - (wanted - (to - from)) / 2;
    for (int i = 0; i < wanted; i++) {
        int old = low + i - sum->low;

        made[i] = old < begin || begin == end ? 0 : old < size ? limb[old] : sign;
    }
    if (wanted > size && wanted > EXACT_LIMBS) {
        if (!pool_take(pool, wanted, &place))
            return false;
        sum->limb[0] = place;
        sum->wide = (uint16_t)wanted;
    }
    sum->inside = !sum->wide;
    sum->low = (int16_t)low;
    memcpy(limbs_of(sum, pool), made, (size_t)wanted * sizeof *made);
    return true;
}

/* sum +- term, which begins `at` limbs above the sum's lowest. */
static void add_limbs(uint64_t *sum, int size, const uint64_t *term, int count, int at,
                      bool negative)
{
    uint64_t sign = negative ? UINT64_MAX : 0, carry = negative;

    for (int i = at; i < size; i++) {
        WfWide next = (WfWide)sum[i] + ((i - at < count ? term[i - at] : 0) ^ sign) + carry;

        sum[i] = (uint64_t)next;
        carry = (uint64_t)(next >> 64);
    }
}

bool wf_exact_widen(WfExact *sum, WfLimbs *pool)
{
    int top = sum->low + size_of(sum);

    return reach(sum, pool, top, top + 1);
}

bool wf_exact_add(WfExact *sum, WfLimbs *pool, const uint64_t *term, int count, int low,
                  bool negative)
{
    int size, top;

    while (count && !term[count - 1])
        count--;
    for (; count && !*term; count--, low++)
        term++;
    if (!count)
        return true;
    size = size_of(sum);
    top = low + count + (term[count - 1] >> 62 != 0);
    if ((low < sum->low || top > sum->low + size) && !reach(sum, pool, low, top))
        return false;
    size = size_of(sum);
    add_limbs(limbs_of(sum, pool), size, term, count, low - sum->low, negative);
    return is_roomy(limbs_of(sum, pool)[size - 1]) || reach(sum, pool, low, sum->low + size + 1);
}

/* A window for a first value: lower limbs too, where there is room on top for 2^40 such values. */
static void start(WfExact *sum, WfWide value, int exponent)
{
    int top = exponent & 63;

    top += value >> 64 ? 128 - __builtin_clzll((uint64_t)(value >> 64))
                       : 64 - __builtin_clzll((uint64_t)value);
    sum->low = (int16_t)((exponent >> 6) - (top <= 64 * (EXACT_LIMBS - 1) - 42));
    sum->inside = true;
}

bool wf_exact_enter_slow(WfExact *sum, WfLimbs *pool, WfWide value, int exponent, bool negative)
{
    int shift = exponent & 63;
    WfWide low = value << shift, high = value >> 1 >> (127 - shift);
    uint64_t term[3] = { (uint64_t)low, (uint64_t)(low >> 64), (uint64_t)high };

    if (value && !size_of(sum))
        start(sum, value, exponent);
    return wf_exact_add(sum, pool, term, 3, exponent >> 6, negative);
}

void wf_exact_special(WfExact *sum, double infinity)
{
    sum->special |= infinity > 0 ? EXACT_PLUS : EXACT_MINUS;
}

/* ------------------------------------------------------------------ magnitudes */

enum { BIG_LIMBS = 2 * EXACT_WIDE_MAX + 2 };

typedef struct Big {
    int low, count; /* limbs; no zero at either end */
    bool negative;
    uint64_t limb[BIG_LIMBS];
} Big;

static void trim(Big *big)
{
    int zeros = 0;

    while (big->count && !big->limb[big->count - 1])
        big->count--;
    while (zeros < big->count && !big->limb[zeros])
        zeros++;
    big->count -= zeros;
    big->low += zeros;
    memmove(big->limb, big->limb + zeros, (size_t)big->count * sizeof *big->limb);
}

static void read_big(const WfExact *sum, const WfLimbs *pool, Big *big)
{
    const uint64_t *limb = limbs_read(sum, pool);
    uint64_t sign, carry;

    big->low = sum->low;
    big->count = size_of(sum);
    big->negative = big->count && limb[big->count - 1] >> 63;
    sign = big->negative ? UINT64_MAX : 0;
    carry = big->negative;
    for (int i = 0; i < big->count; i++) {
        big->limb[i] = (limb[i] ^ sign) + carry;
        carry = carry && !big->limb[i];
    }
    trim(big);
}

/* a - b; 0 where that is negative. Neither is. Where a number is 0 its place means nothing. */
static void subtract(const Big *a, const Big *b, Big *difference)
{
    int low = a->low < b->low ? a->low : b->low;
    int top = a->low + a->count > b->low + b->count ? a->low + a->count : b->low + b->count;

    if (!a->count || !b->count) {
        *difference = a->count ? *a : (Big) { .count = 0 };
        return;
    }
    *difference = (Big) { .low = low, .count = top - low + 1 };
    add_limbs(difference->limb, difference->count, a->limb, a->count, a->low - low, false);
    add_limbs(difference->limb, difference->count, b->limb, b->count, b->low - low, true);
    if (difference->limb[difference->count - 1] >> 63)
        difference->count = 0;
    trim(difference);
}

static void multiply(const Big *a, const Big *b, Big *product)
{
    product->low = a->low + b->low;
    product->count = a->count + b->count;
    product->negative = a->negative != b->negative;
    memset(product->limb, 0, (size_t)product->count * sizeof *product->limb);
    for (int i = 0; i < a->count; i++) {
        uint64_t carry = 0;

        for (int k = 0; k < b->count; k++) {
            WfWide next = (WfWide)a->limb[i] * b->limb[k] + product->limb[i + k] + carry;

            product->limb[i + k] = (uint64_t)next;
            carry = (uint64_t)(next >> 64);
        }
        product->limb[i + b->count] = carry;
    }
    trim(product);
}

static WfScaled round_big(const Big *big)
{
    int top = big->count - 1, zeros;
    uint64_t bits;
    bool rest = false;

    if (!big->count)
        return (WfScaled) { 0 };
    zeros = __builtin_clzll(big->limb[top]);
    bits = big->limb[top] << zeros;
    if (top > 0 && zeros)
        bits |= big->limb[top - 1] >> (64 - zeros);
    rest = top > 0 && zeros ? big->limb[top - 1] << zeros != 0 : top > 0;
    rest = rest || top > 1; /* the lowest limb is not 0 */
    return (WfScaled) {
        .mantissa = (big->negative ? -0x1p-64 : 0x1p-64) * (double)(bits | rest),
        .exponent = 64 * (int64_t)(big->low + big->count) - zeros,
    };
}

/* ------------------------------------------------------------------ results */

WfScaled wf_exact_round(const WfExact *sum, const WfLimbs *pool)
{
    Big big;

    if (sum->special)
        return wf_scaled(sum->special == EXACT_PLUS    ? INFINITY
                         : sum->special == EXACT_MINUS ? -INFINITY
                                                       : NAN);
    read_big(sum, pool, &big);
    return round_big(&big);
}

WfScaled wf_exact_spread(const WfExact *weight, const WfExact *squares, const WfExact *sum,
                         const WfLimbs *pool)
{
    Big a, b, c;

    if (sum->special || squares->special)
        return wf_scaled(NAN);
    read_big(weight, pool, &a);
    read_big(squares, pool, &b);
    multiply(&a, &b, &c);
    read_big(sum, pool, &a);
    multiply(&a, &a, &b);
    subtract(&c, &b, &a);
    return round_big(&a);
}

WfScaled wf_scaled(double v)
{
    int exponent = 0;
    double mantissa = isfinite(v) ? frexp(v, &exponent) : v;

    return (WfScaled) { .mantissa = mantissa, .exponent = exponent };
}

WfScaled wf_scaled_divide(WfScaled a, WfScaled b)
{
    WfScaled quotient = wf_scaled(a.mantissa / b.mantissa);

    quotient.exponent += a.exponent - b.exponent;
    return quotient;
}

double wf_scaled_value(WfScaled v)
{
    int64_t exponent = v.exponent < -9999 ? -9999 : v.exponent > 9999 ? 9999 : v.exponent;

    return ldexp(v.mantissa, (int)exponent);
}

double wf_scaled_root(WfScaled v)
{
    int64_t odd = v.exponent & 1;

    return wf_scaled_value((WfScaled) { .mantissa = sqrt(odd ? 2 * v.mantissa : v.mantissa),
                                        .exponent = (v.exponent - odd) / 2 });
}

/* ------------------------------------------------------------------ merging and the byte form */

bool wf_exact_merge(WfExact *sum, WfLimbs *pool, const WfExact *other, const WfLimbs *others)
{
    Big big;

    read_big(other, others, &big);
    sum->special |= other->special;
    return wf_exact_add(sum, pool, big.limb, big.count, big.low, big.negative);
}

void wf_exact_pack(const WfExact *sum, const WfLimbs *pool, WfPack *pack)
{
    Big big;

    read_big(sum, pool, &big);
    wf_pack_u64(pack, (uint64_t)sum->special | (uint64_t)big.negative << 8 |
                          (uint64_t)big.count << 16 | (uint64_t)(uint16_t)big.low << 32);
    for (int i = 0; i < big.count; i++)
        wf_pack_u64(pack, big.limb[i]);
}

bool wf_exact_unpack(WfExact *sum, WfLimbs *pool, WfUnpack *pack)
{
    uint64_t head = wf_unpack_u64(pack), limb[EXACT_WIDE_MAX];
    int count = (int)(head >> 16 & 0xffff), low = (int16_t)(head >> 32);

    if (head >> 48 || (head & 0xff) > (EXACT_PLUS | EXACT_MINUS) || (head >> 8 & 0xff) > 1 ||
        low < EXACT_LOWEST || low + count > EXACT_HIGHEST)
        pack->bad = true;
    for (int i = 0; !pack->bad && i < count; i++)
        limb[i] = wf_unpack_u64(pack);
    if (pack->bad)
        return false;
    sum->special = (uint8_t)(head & 0xff);
    return wf_exact_add(sum, pool, limb, count, low, head >> 8 & 1);
}
