/*
 * choice.c - one value or another, and what to do about invalid pixels.
 *
 * Point operators. They answer for invalid inputs themselves: only what is chosen counts.
 */
#include "range.h"

KERNEL(where)(px cond, px a, px b)
{
    return isinvalid(cond) ? INVALID : cond != 0 ? a : b;
}

RANGE(where)(const WeftRange *in, int count)
{
    return range_join(in[1], in[2], in[0].valid && in[1].valid && in[2].valid);
}

OP(where, .brief = "a where the condition is true, b where it is false", .family = "choice",
   .formula = "cond ? a : b", .help = "Invalid where the condition is.", .arguments = "cond, a, b",
   .inputs = 3, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .bools = 1, .aside = 1,
   .range = range_where,
   .example = "where({true, false, true, null}, {1, 2, null, 4}, {5, null, 7, 8}) -> "
              "{1, null, null, null}");

KERNEL(mask)(px v, px cond)
{
    return cond > 0 ? v : INVALID;
}

RANGE(mask)(const WeftRange *in, int count)
{
    WeftRange r = in[0];

    r.valid = r.valid && in[1].valid && in[1].lo > 0;
    return r;
}

OP(mask, .brief = "keep pixels where the condition is true", .family = "choice",
   .formula = "cond ? x : null", .help = "An invalid condition is not true.",
   .arguments = "x, cond", .inputs = 2, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP,
   .bools = 2, .aside = 2, .filters = 2, .range = range_mask,
   .example = "mask({1, 2, 3, null}, {true, false, null, true}) -> {1, null, null, null}");

KERNEL(isvalid)(px v)
{
    return !isinvalid(v);
}

RANGE(isvalid)(const WeftRange *in, int count)
{
    WeftRange r = range_bool(true);

    r.lo = in[0].valid;
    return r;
}

OP(isvalid, .brief = "there is a value", .family = "choice", .arguments = "x", .inputs = 1,
   .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_BOOL, .range = range_isvalid,
   .example = "isvalid({0, null, inf}) -> {true, false, true}");

KERNEL(coalesce)(px a, px b)
{
    return isinvalid(a) ? b : a;
}

RANGE(coalesce)(const WeftRange *in, int count)
{
    return in[0].valid ? in[0] : range_join(in[0], in[1], in[1].valid);
}

OP(coalesce, .brief = "the first valid of several", .family = "choice", .inputs = 2, .more = true,
   .chain = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP, .range = range_coalesce,
   .example = "coalesce({1, null, null}, {2, 3, null}) -> {1, 3, null}");

KERNEL(fill)(px v, px value)
{
    return isinvalid(v) ? value : v;
}

OP(fill, .brief = "a value where there is none", .family = "choice",
   .formula = "isvalid(x) ? x : value", .arguments = "x", .inputs = 1, .invalid = WEFT_DECIDES,
   .gives = WEFT_GIVES_KEEP, .range = range_coalesce,
   .example = "fill({1, null, 3}, 0) -> {1, 0, 3}",
   PARAMS({ .name = "value", .help = "what invalid pixels become" }));
