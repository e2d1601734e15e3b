/*
 * windows.c - steps of statistics over a window.
 *
 * Hidden point operators, put in by pass/focal.
 */
#include "range.h"

KERNEL(fma)(px a, px b, px c)
{
    return px_fma(a, b, c);
}

/* Nothing times infinity counts as nothing: at an end that no value reaches it says the same. */
static double range_product(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

RANGE(fma)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]), c = range_in(in[2]);
    bool finite = range_finite(a) && range_finite(b) && range_finite(c);
    WeftRange ab = range_corners(range_product(a.lo, b.lo), range_product(a.lo, b.hi),
                                 range_product(a.hi, b.lo), range_product(a.hi, b.hi),
                                 a.whole && b.whole, true);

    return range_of(ab.lo + c.lo, ab.hi + c.hi, ab.whole && c.whole, finite);
}

OP(fma, .brief = "a * b + c, rounded once", .family = "lowered", .inputs = 3, .hidden = true,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_ARITH, .range = range_fma,
   .example = "fma({2, 3, null}, {5, 1, 1}, {1, -1, 1}) -> {11, 2, null}");

/* What an invalid pixel gives is one of the two: whoever needs to know looks at it elsewhere. */
RANGE(either)(const WeftRange *in, int count)
{
    return range_join(in[0], in[1], in[0].valid && in[1].valid);
}

KERNEL(lesser)(px a, px b)
{
    return a < b ? a : b;
}

OP(lesser, .brief = "the least of two valid ones", .family = "sorting", .inputs = 2, .hidden = true,
   .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .range = range_either);

KERNEL(greater)(px a, px b)
{
    return a < b ? b : a;
}

OP(greater, .brief = "the greatest of two valid ones", .family = "sorting", .inputs = 2,
   .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .range = range_either);

KERNEL(turn)(px v, px end)
{
    return isinvalid(v) ? -end : end;
}

RANGE(turn)(const WeftRange *in, int count)
{
    return range_unknown(in[1].valid);
}

OP(turn, .brief = "the other end where a pixel is invalid", .family = "sorting", .inputs = 2,
   .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL, .aside = 1,
   .range = range_turn);
