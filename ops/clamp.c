/*
 * clamp.c - hold values inside a closed range.
 *
 * Point operator; units are the input's. Invalid in, invalid out.
 */
#include "range.h"

KERNEL(clamp)(px v, px low, px high)
{
    return v < low ? low : v > high ? high : v;
}

RANGE(clamp)(const WeftRange *in, int count)
{
    WeftRange r = range_join(range_join(in[0], in[1], true), in[2], true);

    if (in[1].hi <= in[2].lo) { /* low is never above high */
        r.lo = fmin(fmax(in[0].lo, in[1].lo), in[2].lo);
        r.hi = fmax(fmin(in[0].hi, in[2].hi), in[1].hi);
    }
    return r;
}

OP(clamp, .brief = "hold values inside [low, high]", .family = "scaling",
   .formula = "x < low ? low : x > high ? high : x", .arguments = "x", .inputs = 1,
   .gives = WEFT_GIVES_KEEP, .range = range_clamp,
   .example = "clamp({-2, 0.5, 9, null}, 0, 1) -> {0, 0.5, 1, null}",
   PARAMS({ .name = "low", .help = "smallest value kept" },
          { .name = "high", .help = "largest value kept", .over = "low" }));
