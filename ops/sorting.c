/*
 * sorting.c - the steps of a sorting network, for medians and percentiles.
 *
 * Hidden point operators, put in by pass/lower. Invalid pixels sort behind all others.
 */
#include "blend.h"
#include "range.h"

static int in_order(px a, px b)
{
    return a < b || isinvalid(b);
}

KERNEL(sortlo)(px a, px b)
{
    return in_order(a, b) ? a : b;
}

RANGE(sortlo)(const WeftRange *in, int count)
{
    return range_join(in[0], in[1], in[0].valid || in[1].valid);
}

OP(sortlo, .brief = "the first of two in order", .family = "sorting", .inputs = 2, .hidden = true,
   .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .range = range_sortlo);

KERNEL(sorthi)(px a, px b)
{
    return in_order(a, b) ? b : a;
}

RANGE(sorthi)(const WeftRange *in, int count)
{
    return range_join(in[0], in[1], in[0].valid && in[1].valid);
}

OP(sorthi, .brief = "the second of two in order", .family = "sorting", .inputs = 2, .hidden = true,
   .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .range = range_sorthi);

KERNEL(halfway)(px a, px b)
{
    return (px)halfway_of((double)a, (double)b);
}

RANGE(halfway)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]);

    return range_of((a.lo + b.lo) / 2, (a.hi + b.hi) / 2, false,
                    range_finite(a) || range_finite(b));
}

OP(halfway, .brief = "mean of two", .family = "sorting", .inputs = 2, .hidden = true,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .same_unit = true, .range = range_halfway);

KERNEL(blend)(px low, px high, px between)
{
    return blend_of(low, high, between);
}

/* Half of the way from an infinity is no number. */
RANGE(blend)(const WeftRange *in, int count)
{
    WeftRange low = range_in(in[0]), both = range_join(low, range_in(in[1]), false);

    return range_of(both.lo, both.hi, false, range_finite(low));
}

OP(blend, .brief = "between two", .family = "sorting", .inputs = 3, .hidden = true,
   .invalid = WEFT_SPREADS, .gives = WEFT_GIVES_REAL, .same_unit = true, .range = range_blend);
