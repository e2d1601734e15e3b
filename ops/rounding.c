/*
 * rounding.c - the whole number near a real one.
 *
 * Point operators, exact; infinities stay. Invalid in, invalid out.
 */
#include "rounding.h"

KERNEL(floor)(px v)
{
    return px_floor(v);
}

RANGE(floor)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_of(__builtin_floor(r.lo), __builtin_floor(r.hi), true, true);
}

OP(floor, .brief = "the next whole number down", .family = "rounding", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_INTEGER, .same_unit = true, .range = range_floor,
   .example = "floor({2.7, -2.1, 3, null}) -> {2, -3, 3, null}");

KERNEL(ceil)(px v)
{
    return px_ceil(v);
}

RANGE(ceil)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_of(__builtin_ceil(r.lo), __builtin_ceil(r.hi), true, true);
}

OP(ceil, .brief = "the next whole number up", .family = "rounding", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_INTEGER, .same_unit = true, .range = range_ceil,
   .example = "ceil({2.1, -2.7, 3, null}) -> {3, -2, 3, null}");

KERNEL(round)(px v)
{
    return half_away(v);
}

RANGE(round)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_of(__builtin_round(r.lo), __builtin_round(r.hi), true, true);
}

OP(round, .brief = "the nearest whole number, halves away from zero", .family = "rounding",
   .inputs = 1, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_INTEGER, .same_unit = true,
   .range = range_round,
   .example = "round({2.5, -2.5, 0.49999997, -1.2, null}) -> {3, -3, 0, -1, null}");

KERNEL(trunc)(px v)
{
    return px_trunc(v);
}

RANGE(trunc)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_of(__builtin_trunc(r.lo), __builtin_trunc(r.hi), true, true);
}

OP(trunc, .brief = "the whole part, toward zero", .family = "rounding", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_INTEGER, .same_unit = true, .range = range_trunc,
   .example = "trunc({2.7, -2.7, 3, null}) -> {2, -2, 3, null}");
