/*
 * pow.c - powers; whole exponents up to 5 are repeated multiplication.
 *
 * Point operator. A constant exponent folds, so that x^2 is one multiplication. Errors stay below
 * 4 ulp, and an integer that the pixel's type can hold is exact. Invalid: a negative base with a
 * broken exponent, and a negative power of 0 unless ieee lets infinities through. 0^0 is 1.
 */
#include "range.h"

enum { FEW = 5 }; /* the error of five factors stays below 4 ulp */

static int is_few(px n)
{
    return n >= 0 && n <= FEW && px_floor(n) == n;
}

/* v^n for n from 0 to FEW. */
static px multiplied(px v, int32_t n)
{
    px second = v * v, fourth = second * second;

    return (n & 4 ? fourth : 1) * (n & 2 ? second : 1) * (n & 1 ? v : 1);
}

KERNEL(pow)(px a, px b, px ieee)
{
    int few = is_few(b);
    px product = multiplied(a, (int32_t)(few ? b : 0));
    px any = MATH(pow)(a, b);
    px power = few ? product : any;

    return a == 0 && b < 0 && ieee == 0 ? INVALID : power;
}

/* A constant exponent that is a whole number from 0 up. */
static WeftRange whole_power(WeftRange a, double n)
{
    double lo = __builtin_pow(a.lo, n), hi = __builtin_pow(a.hi, n);
    bool even = __builtin_fmod(n, 2) == 0;
    WeftRange r =
        range_loose(even && range_has(a, 0) && n > 0 ? 0 : fmin(lo, hi), fmax(lo, hi), true);

    if (a.whole && range_size(r) <= RANGE_EXACT)
        r = range_of(r.lo == 0 ? 0 : fmin(lo, hi), fmax(lo, hi), true, true);
    r.whole = a.whole;
    return r;
}

RANGE(pow)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]), r;
    bool ieee = in[2].lo != 0, whole = b.whole && b.lo >= 0;
    double most = __builtin_pow(fmax(range_size(a), 1), b.hi);
    bool valid = a.lo > 0 || (a.lo >= 0 && (b.lo >= 0 || ieee)) ||
                 (b.whole && range_finite(b) && (b.lo >= 0 || ieee || !range_has(a, 0)));

    if (b.whole && b.lo == b.hi && b.lo >= 0 && range_finite(b))
        return whole_power(a, b.lo);
    if (!(b.lo >= 0))
        most = RANGE_INFINITY;
    r = range_loose(a.lo >= 0 ? 0 : -most, most, valid);
    r.whole = a.whole && whole;
    return r;
}

OP(pow, .brief = "power", .family = "roots and exponentials", .formula = "a^b",
   .help = "A negative number to a broken power is invalid; so is 0 to a negative one. 0^0 is 1.",
   .inputs = 2, .gives = WEFT_GIVES_ARITH, .range = range_pow,
   .example = "pow({2, 2, -8, 0, 0, null}, {10, -1, 0.5, 0, -1, 0}) -> "
              "{1024, 0.5, null, 1, null, null}",
   PARAMS({ .name = "ieee",
            .help = "a negative power of 0 gives infinity",
            .kind = WEFT_PARAM_FLAG,
            .optional = true,
            .option = true }));
