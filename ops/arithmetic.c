/*
 * arithmetic.c - sums, differences, products, quotients and signs.
 *
 * Point operators. Integer-valued operands give exact integers as long as the result stays within
 * 2^53: the engine picks a pixel type that holds it, so nothing wraps. Invalid in, invalid out;
 * infinity minus infinity and zero times infinity are invalid as well.
 */
#include "range.h"

static bool opposite_infinities(WeftRange a, WeftRange b)
{
    return (a.hi == RANGE_INFINITY && b.lo == -RANGE_INFINITY) ||
           (a.lo == -RANGE_INFINITY && b.hi == RANGE_INFINITY);
}

static WeftRange range_negative(WeftRange r)
{
    return (WeftRange) { .lo = -r.hi, .hi = -r.lo, .whole = r.whole, .valid = true };
}

static WeftRange range_sum(WeftRange a, WeftRange b)
{
    return range_of(a.lo + b.lo, a.hi + b.hi, a.whole && b.whole, !opposite_infinities(a, b));
}

/* Nothing times infinity counts as nothing: at an end that no value reaches it says the same. */
static double product(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

KERNEL(add)(px a, px b)
{
    return a + b;
}

RANGE(add)(const WeftRange *in, int count)
{
    return range_sum(range_in(in[0]), range_in(in[1]));
}

OP(add, .brief = "sum", .family = "arithmetic", .formula = "a + b", .inputs = 2,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_ARITH, .same_unit = true, .range = range_add,
   .example = "add({200, 10, null}, {100, 20, 5}) -> {300, 30, null}");

KERNEL(sub)(px a, px b)
{
    return a - b;
}

RANGE(sub)(const WeftRange *in, int count)
{
    return range_sum(range_in(in[0]), range_negative(range_in(in[1])));
}

OP(sub, .brief = "difference", .family = "arithmetic", .formula = "a - b", .inputs = 2,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_ARITH, .same_unit = true, .range = range_sub,
   .example = "sub({200, 10, null}, {100, 20, 5}) -> {100, -10, null}");

KERNEL(mul)(px a, px b)
{
    return a * b;
}

RANGE(mul)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]);
    bool valid = !(range_has(a, 0) && !range_finite(b)) && !(range_has(b, 0) && !range_finite(a));

    return range_corners(product(a.lo, b.lo), product(a.lo, b.hi), product(a.hi, b.lo),
                         product(a.hi, b.hi), a.whole && b.whole, valid);
}

OP(mul, .brief = "product", .family = "arithmetic", .formula = "a * b", .inputs = 2,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_ARITH, .range = range_mul,
   .example = "mul({200, -3, null}, {300, 0.5, 5}) -> {60000, -1.5, null}");

KERNEL(div)(px a, px b, px ieee)
{
    px quotient = a / b;

    return b == 0 && ieee == 0 ? INVALID : quotient;
}

RANGE(div)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]);
    bool ieee = in[2].lo != 0, zero = range_has(b, 0);
    bool valid = (!zero || (ieee && !range_has(a, 0))) && (range_finite(a) || range_finite(b));

    if (zero)
        return range_unknown(valid);
    return range_corners(a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi, false, valid);
}

OP(div, .brief = "quotient, always real", .family = "arithmetic", .formula = "a / b",
   .help = "Division by zero is invalid, unless ieee lets infinities through.", .inputs = 2,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_div,
   .example = "div({7, -7, 1, null}, {2, 2, 0, 1}) -> {3.5, -3.5, null, null}",
   PARAMS({ .name = "ieee",
            .help = "division by zero gives infinity",
            .kind = WEFT_PARAM_FLAG,
            .optional = true,
            .option = true }));

KERNEL(neg)(px v)
{
    return -v;
}

RANGE(neg)(const WeftRange *in, int count)
{
    return range_negative(in[0]);
}

OP(neg, .brief = "the number with the other sign", .family = "arithmetic", .formula = "-a",
   .inputs = 1, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_ARITH, .same_unit = true,
   .range = range_neg, .example = "neg({2, -0.5, null}) -> {-2, 0.5, null}");

KERNEL(abs)(px v)
{
    return px_abs(v);
}

RANGE(abs)(const WeftRange *in, int count)
{
    WeftRange r = in[0];
    double lo = range_has(r, 0) ? 0 : fmin(fabs(r.lo), fabs(r.hi));

    return (WeftRange) { .lo = lo, .hi = range_size(r), .whole = r.whole, .valid = true };
}

OP(abs, .brief = "magnitude, without the sign", .family = "arithmetic", .formula = "|a|",
   .inputs = 1, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_ARITH, .same_unit = true,
   .range = range_abs, .example = "abs({2, -0.5, null}) -> {2, 0.5, null}");

KERNEL(sign)(px v)
{
    return v > 0 ? 1 : v < 0 ? -1 : v == 0 ? 0 : v;
}

RANGE(sign)(const WeftRange *in, int count)
{
    return (WeftRange) {
        .lo = in[0].lo >= 0 ? 0 : -1, .hi = in[0].hi <= 0 ? 0 : 1, .whole = true, .valid = true
    };
}

OP(sign, .brief = "-1, 0 or 1: below, at or above zero", .family = "arithmetic", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_INTEGER, .range = range_sign,
   .example = "sign({-7.5, 0, 3, null}) -> {-1, 0, 1, null}");
