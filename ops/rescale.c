/*
 * rescale.c - from one range to another along a straight line.
 *
 * Point operator, real. lo becomes new_lo, to the bit; values outside [lo, hi] go on along the
 * line, nothing is clamped. lo == hi gives invalid. Invalid in, invalid out.
 */
#include "range.h"

KERNEL(rescale)(px v, px lo, px hi, px new_lo, px new_hi)
{
    px share = (v - lo) / (hi - lo);
    px moved = new_lo + share * (new_hi - new_lo);

    return lo == hi ? INVALID : moved;
}

/* Known for constant parameters: the line at both ends, with room for rounding at each step. */
RANGE(rescale)(const WeftRange *in, int count)
{
    WeftRange v = range_in(in[0]);
    double lo = in[1].lo, span = in[2].lo - lo, new_lo = in[3].lo, new_span = in[4].lo - new_lo;
    double a, b, room;
    bool constant = true;

    for (int i = 1; i < 5; i++)
        constant = constant && in[i].lo == in[i].hi && range_finite(in[i]);
    if (!constant || (float)lo == (float)in[2].lo)
        return range_unknown(false);
    a = new_lo + (v.lo - lo) / span * new_span;
    b = new_lo + (v.hi - lo) / span * new_span;
    room = (range_size(v) + fabs(lo) + fabs(in[2].lo)) / fabs(span) * fabs(new_span) + fabs(new_lo);
    room *= 1 + (fabs(lo) + fabs(in[2].lo)) / fabs(span);
    room /= 1 << 20;
    return range_of(fmin(a, b) - room, fmax(a, b) + room, false, range_finite(v) && room < 1e30);
}

OP(rescale, .brief = "move [lo, hi] to [new_lo, new_hi], without clamping", .family = "scaling",
   .formula = "new_lo + (x - lo) / (hi - lo) * (new_hi - new_lo)", .arguments = "x", .inputs = 1,
   .gives = WEFT_GIVES_REAL, .range = range_rescale,
   .example = "rescale({0, 5, 10, 20, null}, 0, 10, -1, 1) -> {-1, 0, 1, 3, null}",
   PARAMS({ .name = "lo", .help = "value that becomes new_lo" },
          { .name = "hi", .help = "value that becomes new_hi" },
          { .name = "new_lo", .help = "see lo" }, { .name = "new_hi", .help = "see hi" }));
