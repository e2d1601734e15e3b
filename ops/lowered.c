/*
 * lowered.c - statistics of several rasters that pass/lower writes in terms of other operators,
 * and hidden ones it needs for that: changes of pixel type.
 *
 * Point operators. Those with an n skip invalid pixels. A mean is the sum in f64, from the left,
 * over the count; a median the middle of the sorted, or the mean in f64 of the middle two.
 */
#include "range.h"

/* How many inputs may be missing, and what the others may be. */
RANGE(valid)(const WeftRange *in, int count)
{
    WeftRange all = in[0];
    bool any = in[0].valid, finite = range_finite(in[0]);

    for (int i = 1; i < count; i++) {
        any = any || in[i].valid;
        finite = finite && range_finite(in[i]);
        all = range_join(all, in[i], false);
    }
    return range_loose(all.lo, all.hi, any && finite);
}

RANGE(count)(const WeftRange *in, int count)
{
    WeftRange r = { .hi = count, .whole = true, .valid = true };

    for (int i = 0; i < count; i++)
        r.lo += in[i].valid;
    return r;
}

LOWERED(ncount, .brief = "how many are valid", .family = "several", .inputs = 1, .more = true,
        .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_INTEGER, .range = range_count,
        .example = "ncount({1, null, null}, {2, 3, null}) -> {2, 1, 0}");

LOWERED(nmean, .brief = "the mean of the valid ones", .family = "several", .inputs = 1,
        .more = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL, .same_unit = true,
        .range = range_valid, .example = "nmean({1, 5, null}, {4, null, null}) -> {2.5, 5, null}");

LOWERED(nmedian, .brief = "the median of the valid ones", .family = "several", .inputs = 1,
        .more = true, .help = "Of an even count the mean of the middle two.",
        .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL, .same_unit = true, .range = range_valid,
        .example = "nmedian({1, 5, null}, {9, null, null}, {2, 8, null}) -> {2, 6.5, null}");

KERNEL(widen)(px v)
{
    return v;
}

RANGE(same)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    r.valid = true;
    return r;
}

OP(widen, .brief = "the same number, held in f64", .family = "lowered", .inputs = 1, .hidden = true,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_DOUBLE, .same_unit = true, .range = range_same,
   .example = "widen({1.5, null}) -> {1.5, null}");

KERNEL(narrow)(px v)
{
    return v;
}

OP(narrow, .brief = "the same number, rounded to f32", .family = "lowered", .inputs = 1,
   .hidden = true, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .same_unit = true, .aside = 1,
   .range = range_same, .example = "narrow({1.5, null}) -> {1.5, null}");

KERNEL(level)(px v)
{
    return v - v == 0 ? v : 0;
}

RANGE(level)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_finite(r) && r.valid ? r : range_join(r, range_of(0, 0, true, true), true);
}

OP(level, .brief = "the same number, 0 where it is invalid or infinite", .family = "lowered",
   .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP,
   .range = range_level, .example = "level({1.5, null}) -> {1.5, 0}");
