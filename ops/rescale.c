/*
 * rescale.c - from one range to another along a straight line.
 *
 * Point operator, real. lo becomes new_lo, to the bit; values outside [lo, hi] go on along the
 * line, nothing is clamped. lo == hi gives invalid. Invalid in, invalid out. Where a difference is
 * no px, halves are subtracted: halving is exact there.
 */
#include "range.h"

/* 1, or a half where the difference of two is no px. */
FOLDS px part_of(px a, px b)
{
    px difference = a - b;

    return difference - difference == 0 ? 1 : PX(0.5);
}

KERNEL(rescale)(px v, px lo, px hi, px new_lo, px new_hi)
{
    px part = part_of(hi, lo) * part_of(v, lo), new_part = part_of(new_hi, new_lo);
    px share = (v * part - lo * part) / (hi * part - lo * part);
    px moved = new_lo * new_part + share * (new_hi * new_part - new_lo * new_part);

    return lo == hi ? INVALID : moved / new_part;
}

/* A difference that is an f32 of numbers that are. */
static bool near(double a, double b)
{
    const double most = (double)__FLT_MAX__;

    return fabs(a) <= most && fabs(b) <= most && fabs(a - b) <= most;
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
    if (!constant || (float)lo == (float)in[2].lo || !near(lo, in[2].lo) || !near(new_lo, in[4].lo))
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
   PARAMS({ .name = "lo", .help = "value that becomes new_lo", .finite = true },
          { .name = "hi", .help = "value that becomes new_hi", .finite = true },
          { .name = "new_lo", .help = "see lo", .finite = true },
          { .name = "new_hi", .help = "see hi", .finite = true }));
