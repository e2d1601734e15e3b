/*
 * exponential.c - roots, powers, exponentials and logarithms.
 *
 * Point operators, real. Errors stay below 4 ulp of the pixel's type. Outside the domain (the root
 * of a negative number, the logarithm of one) the result is invalid; log(0) and a negative power
 * of 0 are too, unless ieee lets infinities through. Overflow is a valid infinity.
 */
#include "range.h"

#define IEEE_PARAM(what)                     \
    PARAMS({ .name = "ieee",                 \
             .help = what " gives infinity", \
             .kind = WEFT_PARAM_FLAG,        \
             .optional = true,               \
             .option = true })

KERNEL(sqrt)(px v)
{
    return px_sqrt(v);
}

RANGE(sqrt)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_of(r.lo > 0 ? __builtin_sqrt(r.lo) : 0, r.hi > 0 ? __builtin_sqrt(r.hi) : 0, false,
                    r.lo >= 0);
}

OP(sqrt, .brief = "square root", .family = "roots and exponentials",
   .help = "Of a negative number it is invalid.", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_sqrt,
   .example = "sqrt({9, 0.25, 0, -1, null}) -> {3, 0.5, 0, null, null}");

KERNEL(cbrt)(px v)
{
    return MATH(cbrt)(v);
}

RANGE(cbrt)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_loose(__builtin_cbrt(r.lo), __builtin_cbrt(r.hi), true);
}

OP(cbrt, .brief = "cube root", .family = "roots and exponentials", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_cbrt,
   .example = "cbrt({27, -8, 0, null}) -> {3, -2, 0, null}");

KERNEL(hypot)(px a, px b)
{
    return MATH(hypot)(a, b);
}

RANGE(hypot)(const WeftRange *in, int count)
{
    WeftRange a = range_in(in[0]), b = range_in(in[1]);

    return range_loose(0, __builtin_hypot(range_size(a), range_size(b)), true);
}

OP(hypot, .brief = "length of a vector", .family = "roots and exponentials",
   .formula = "sqrt(a^2 + b^2)", .inputs = 2, .gives = WEFT_GIVES_REAL, .same_unit = true,
   .range = range_hypot, .example = "hypot({3, -5, null}, {4, 12, 1}) -> {5, 13, null}");

KERNEL(exp)(px v)
{
    return MATH(exp)(v);
}

RANGE(exp)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_loose(__builtin_exp(r.lo), __builtin_exp(r.hi), true);
}

OP(exp, .brief = "e to the power of a number", .family = "roots and exponentials", .formula = "e^a",
   .inputs = 1, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_exp,
   .example = "exp({0, 1, 1000, null}) -> {1, 2.7182817, inf, null}");

KERNEL(exp2)(px v)
{
    return MATH(exp2)(v);
}

RANGE(exp2)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_loose(__builtin_exp2(r.lo), __builtin_exp2(r.hi), true);
}

OP(exp2, .brief = "2 to the power of a number", .family = "roots and exponentials",
   .formula = "2^a", .inputs = 1, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL,
   .range = range_exp2, .example = "exp2({0, 10, -1, null}) -> {1, 1024, 0.5, null}");

/* The logarithms share their domain. */
static int has_log(px v, px ieee)
{
    return v > 0 || (v == 0 && ieee != 0);
}

/* scale: of the natural logarithm. */
static WeftRange range_of_log(const WeftRange *in, double scale)
{
    WeftRange r = range_in(in[0]);
    bool valid = in[1].lo != 0 ? r.lo >= 0 : r.lo > 0;

    return range_loose(r.lo > 0 ? __builtin_log(r.lo) * scale : -RANGE_INFINITY,
                       r.hi > 0 ? __builtin_log(r.hi) * scale : 0, valid);
}

KERNEL(log)(px v, px ieee)
{
    px log = MATH(log)(v);

    return has_log(v, ieee) ? log : INVALID;
}

RANGE(log)(const WeftRange *in, int count)
{
    return range_of_log(in, 1);
}

OP(log, .brief = "natural logarithm", .family = "roots and exponentials",
   .help = "Of 0 and of negative numbers it is invalid.", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_log,
   .example = "log({1, 2.7182817, 0, -2, null}) -> {0, 0.99999994, null, null, null}",
   IEEE_PARAM("log(0)"));

KERNEL(log2)(px v, px ieee)
{
    px log = MATH(log2)(v);

    return has_log(v, ieee) ? log : INVALID;
}

RANGE(log2)(const WeftRange *in, int count)
{
    return range_of_log(in, 1.4426950408889634);
}

OP(log2, .brief = "logarithm to base 2", .family = "roots and exponentials",
   .help = "Of 0 and of negative numbers it is invalid.", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_log2,
   .example = "log2({8, 0.25, 0, -2, null}) -> {3, -2, null, null, null}", IEEE_PARAM("log2(0)"));

KERNEL(log10)(px v, px ieee)
{
    px log = MATH(log10)(v);

    return has_log(v, ieee) ? log : INVALID;
}

RANGE(log10)(const WeftRange *in, int count)
{
    return range_of_log(in, 0.4342944819032518);
}

OP(log10, .brief = "logarithm to base 10", .family = "roots and exponentials",
   .help = "Of 0 and of negative numbers it is invalid.", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_log10,
   .example = "log10({1000, 1, 0, -2, null}) -> {3, 0, null, null, null}", IEEE_PARAM("log10(0)"));
