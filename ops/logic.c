/*
 * logic.c - and, or, not, xor on true and false.
 *
 * Point operators on bool. An invalid pixel is neither true nor false: the result is invalid only
 * where it depends on that pixel (three-valued logic, Kleene 1952).
 */
#include "range.h"

/* One input that is never invalid is not enough: the other may decide nothing. */
RANGE(both)(const WeftRange *in, int count)
{
    return range_bool(in[0].valid && in[1].valid);
}

RANGE(one)(const WeftRange *in, int count)
{
    return range_bool(true);
}

KERNEL (and)(px a, px b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

OP(and, .brief = "both are true", .family = "logic",
   .help = "False and anything, even invalid, is false. On integers `&` is bitand.", .inputs = 2,
   .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_BOOL, .bools = 3, .range = range_both,
   .example = "and({true, true, false, true}, {true, false, null, null}) -> "
              "{true, false, false, null}");

KERNEL(or)(px a, px b)
{
    return a == 1 || b == 1 ? 1 : a + b;
}

OP(or, .brief = "at least one is true", .family = "logic",
   .help = "True or anything, even invalid, is true. On integers `|` is bitor.", .inputs = 2,
   .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_BOOL, .bools = 3, .range = range_both,
   .example = "or({true, false, true, false}, {false, false, null, null}) -> "
              "{true, false, true, null}");

KERNEL(not)(px a)
{
    return 1 - a;
}

OP(not, .brief = "is false", .family = "logic", .help = "On integers `~` is bitnot.", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_BOOL, .bools = 1, .range = range_one,
   .example = "not({true, false, null}) -> {false, true, null}");

KERNEL (xor)(px a, px b)
{
    return a != b;
}

OP(xor, .brief = "exactly one is true", .family = "logic", .inputs = 2, .gives = WEFT_GIVES_BOOL,
   .bools = 3, .range = range_one,
   .example = "xor({true, true, false, true}, {true, false, true, null}) -> "
              "{false, true, true, null}");
