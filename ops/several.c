/*
 * several.c - least, greatest and sum of several rasters.
 *
 * Point operators on two inputs; with more they are chained from the left. min and max are invalid
 * where any input is; those with an n skip invalid pixels, and are invalid where all inputs are.
 * They compare and select (never fmin, fmax), so that every engine gives the same bits.
 */
#include "range.h"

KERNEL(min)(px a, px b)
{
    return a < b ? a : b;
}

RANGE(min)(const WeftRange *in, int count)
{
    WeftRange r = range_join(in[0], in[1], true);

    r.hi = fmin(in[0].hi, in[1].hi);
    return r;
}

OP(min, .brief = "the least of several", .family = "several", .formula = "a < b ? a : b",
   .help = "Invalid where any is; nmin skips invalid.", .inputs = 2, .more = true, .chain = true,
   .gives = WEFT_GIVES_KEEP, .range = range_min,
   .example = "min({1, 5, null}, {3, 2, 1}) -> {1, 2, null}");

KERNEL(max)(px a, px b)
{
    return a > b ? a : b;
}

RANGE(max)(const WeftRange *in, int count)
{
    WeftRange r = range_join(in[0], in[1], true);

    r.lo = fmax(in[0].lo, in[1].lo);
    return r;
}

OP(max, .brief = "the greatest of several", .family = "several", .formula = "a > b ? a : b",
   .help = "Invalid where any is; nmax skips invalid.", .inputs = 2, .more = true, .chain = true,
   .gives = WEFT_GIVES_KEEP, .range = range_max,
   .example = "max({1, 5, null}, {3, 2, 1}) -> {3, 5, null}");

RANGE(any)(const WeftRange *in, int count)
{
    return range_join(in[0], in[1], in[0].valid || in[1].valid);
}

KERNEL(nmin)(px a, px b)
{
    return a < b || isinvalid(b) ? a : b;
}

OP(nmin, .brief = "the least of the valid ones", .family = "several", .inputs = 2, .more = true,
   .chain = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .range = range_any,
   .example = "nmin({1, 5, null, null}, {3, null, 1, null}) -> {1, 5, 1, null}");

KERNEL(nmax)(px a, px b)
{
    return a > b || isinvalid(b) ? a : b;
}

OP(nmax, .brief = "the greatest of the valid ones", .family = "several", .inputs = 2, .more = true,
   .chain = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .range = range_any,
   .example = "nmax({1, 5, null, null}, {3, null, 1, null}) -> {3, 5, 1, null}");

KERNEL(nsum)(px a, px b)
{
    px sum = a + b;

    return isinvalid(a) ? b : isinvalid(b) ? a : sum;
}

/* The sum, or one alone where the other is invalid. */
RANGE(nsum)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]);
    WeftRange sum = range_of(a.lo + b.lo, a.hi + b.hi, a.whole && b.whole, true);
    bool sums = range_finite(a) || range_finite(b); /* else there may be infinity - infinity */

    if (!a.valid)
        sum = range_join(sum, b, true);
    if (!b.valid)
        sum = range_join(sum, a, true);
    sum.boolean = false;
    sum.valid = (a.valid || b.valid) && sums;
    return sum;
}

OP(nsum, .brief = "the sum of the valid ones", .family = "several", .inputs = 2, .more = true,
   .chain = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_ARITH, .same_unit = true,
   .range = range_nsum,
   .example = "nsum({1, 5, null, null}, {3, null, 1, null}) -> {4, 5, 1, null}");
