/*
 * floored.c - division that rounds down, and its remainder.
 *
 * Point operators. As in Lua and Python: the quotient is floored and the remainder has the sign of
 * the divisor. Exact for integers up to 2^24 in f32 and 2^53 in f64. A divisor of zero, or an
 * infinite dividend, is invalid.
 *
 * a - q * b is exactly a float for the rounded quotient and for that truncated, so one fused
 * multiply-add finds it without error (Boldo and Daumas, Representable correcting terms, 2003).
 */
#include "range.h"

/* a - q * b; what is left of a finite a by an infinite b is a. */
static px rest(px a, px q, px b)
{
    px left = px_fma(-q, b, a);

    return px_abs(b) == PX(__builtin_inf()) ? a : left;
}

/* A remainder r belongs on the other side of zero. */
static int strays(px r, px b)
{
    return (r < 0 && b > 0) || (r > 0 && b < 0);
}

KERNEL(floordiv)(px a, px b)
{
    px q = px_floor(a / b);
    px r = rest(a, q, b);
    px below = q - 1; /* for an a / b that was rounded up to a whole number */
    px floored = strays(r, b) ? below : q;

    return b == 0 || isinvalid(r) ? INVALID : floored;
}

/* Quotients beyond 2^22 are rounded in f32. */
static double rough(double q, double toward)
{
    double room = fabs(q) / (1 << 20);

    if (!(fabs(q) > 1 << 22))
        return q;
    q += toward * room;
    return toward < 0 ? range_down(q) : range_up(q);
}

RANGE(floordiv)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]), q;
    bool exact = a.whole && b.whole && range_size(a) <= RANGE_EXACT;

    if (range_has(b, 0)) { /* that is invalid; whole divisors are at least 1 apart from it */
        double size = range_size(a);

        return b.whole && exact ? range_of(b.lo < 0 ? -size : fmin(a.lo, 0),
                                           b.lo < 0 ? size : fmax(a.hi, 0), true, false)
                                : range_of(-RANGE_INFINITY, RANGE_INFINITY, true, false);
    }
    q = range_corners(a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi, exact, range_finite(a));
    q.whole = true;
    q.lo = __builtin_floor(exact ? q.lo : rough(q.lo, -1));
    q.hi = __builtin_floor(exact ? q.hi : rough(q.hi, 1));
    if (a.lo < 0 || b.lo < 0) /* over an infinite or a huge divisor */
        q.lo = q.lo > -1 && q.lo <= 0 ? -1 : q.lo;
    return q;
}

OP(floordiv, .brief = "quotient rounded down", .family = "arithmetic", .formula = "floor(a / b)",
   .help = "A divisor of zero is invalid.", .inputs = 2, .gives = WEFT_GIVES_INTEGER,
   .range = range_floordiv,
   .example = "floordiv({7, -7, 7.5, 1}, {2, 2, -2, 0}) -> {3, -4, -4, null}");

KERNEL(mod)(px a, px b)
{
    px near = rest(a, px_trunc(a / b), b);
    px r = rest(near, px_trunc(near / b), b); /* again, where a / b passes the mantissa */
    px other = r + b;
    px floored = strays(r, b) ? other : r;

    return px_abs(r) < px_abs(b) ? floored : INVALID;
}

/* Dividends the two steps of the kernel can bring down to the divisor. */
static bool reducible(WeftRange a, WeftRange b)
{
    double least = fmin(fabs(b.lo), fabs(b.hi));

    if (a.whole && b.whole && range_size(a) <= RANGE_EXACT)
        return true;
    return range_finite(a) && range_size(a) < least * 0x1p44;
}

RANGE(mod)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]);
    bool whole = a.whole && b.whole, valid = !range_has(b, 0) && reducible(a, b);
    double lo = b.lo < 0 ? b.lo + whole : 0, hi = b.hi > 0 ? b.hi - whole : 0;

    if (a.lo >= 0 && b.lo >= 0)
        hi = fmin(a.hi, hi);
    return range_of(lo, hi, whole, valid);
}

OP(mod, .brief = "remainder of the quotient rounded down", .family = "arithmetic",
   .formula = "a - b * floor(a / b)",
   .help = "It has the sign of the divisor. A divisor of zero is invalid, and so may be a "
           "quotient beyond 2^46, where f32 knows nothing of the remainder.",
   .inputs = 2, .gives = WEFT_GIVES_ARITH, .same_unit = true, .range = range_mod,
   .example = "mod({7, -7, -7.5, 1}, {2, 2, 2, 0}) -> {1, 1, 0.5, null}");
