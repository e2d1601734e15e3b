/*
 * comparison.c - is one value above, below or equal to another.
 *
 * Point operators that give bool. Values are compared as they are, without tolerance; invalid in,
 * invalid out, so that nothing equals `null`: isvalid asks for that.
 */
#include "range.h"

RANGE(comparison)(const WeftRange *in, int count)
{
    return range_bool(true);
}

KERNEL(gt)(px a, px b)
{
    return a > b;
}

OP(gt, .brief = "is greater than", .family = "comparison", .formula = "a > b", .inputs = 2,
   .gives = WEFT_GIVES_BOOL, .range = range_comparison,
   .example = "gt({1, 2, 3, null}, {2, 2, 2, 2}) -> {false, false, true, null}");

KERNEL(ge)(px a, px b)
{
    return a >= b;
}

OP(ge, .brief = "is greater than or equal to", .family = "comparison", .formula = "a >= b",
   .inputs = 2, .gives = WEFT_GIVES_BOOL, .range = range_comparison,
   .example = "ge({1, 2, 3, null}, {2, 2, 2, 2}) -> {false, true, true, null}");

KERNEL(lt)(px a, px b)
{
    return a < b;
}

OP(lt, .brief = "is less than", .family = "comparison", .formula = "a < b", .inputs = 2,
   .gives = WEFT_GIVES_BOOL, .range = range_comparison,
   .example = "lt({1, 2, 3, null}, {2, 2, 2, 2}) -> {true, false, false, null}");

KERNEL(le)(px a, px b)
{
    return a <= b;
}

OP(le, .brief = "is less than or equal to", .family = "comparison", .formula = "a <= b",
   .inputs = 2, .gives = WEFT_GIVES_BOOL, .range = range_comparison,
   .example = "le({1, 2, 3, null}, {2, 2, 2, 2}) -> {true, true, false, null}");

KERNEL(eq)(px a, px b)
{
    return a == b;
}

OP(eq, .brief = "is equal to", .family = "comparison", .formula = "a == b", .inputs = 2,
   .gives = WEFT_GIVES_BOOL, .range = range_comparison,
   .example = "eq({1, 2, 3, null}, {2, 2, 2, null}) -> {false, true, false, null}");

KERNEL(ne)(px a, px b)
{
    return a != b;
}

OP(ne, .brief = "is not equal to", .family = "comparison", .formula = "a != b", .inputs = 2,
   .gives = WEFT_GIVES_BOOL, .range = range_comparison,
   .example = "ne({1, 2, 3, null}, {2, 2, 2, 2}) -> {true, false, true, null}");

KERNEL(between)(px v, px lo, px hi)
{
    return v >= lo && v <= hi;
}

OP(between, .brief = "lies in [lo, hi], both ends included", .family = "comparison",
   .formula = "lo <= x and x <= hi", .arguments = "x", .inputs = 1, .gives = WEFT_GIVES_BOOL,
   .range = range_comparison,
   .example = "between({0, 1, 2.5, 4, null}, 1, 4) -> {false, true, true, true, null}",
   PARAMS({ .name = "lo", .help = "least value that counts" },
          { .name = "hi", .help = "greatest value that counts", .over = "lo" }));
