/*
 * trigonometry.c - angles, in radians, and the hyperbolic functions.
 *
 * Point operators, real. Errors stay below 4 ulp of the pixel's type, for arguments of any size.
 * Outside the domain (the sine of infinity, the arc sine of 2) the result is invalid.
 */
#include "range.h"

#define PI 3.14159265358979323846

/* SLEEF's sine may pass 1 by its error; ranges promise that ours does not. */
static px within_one(px v)
{
    return v > 1 ? 1 : v < -1 ? -1 : v;
}

static WeftRange range_between(double lo, double hi, bool valid)
{
    return (WeftRange) { .lo = lo, .hi = hi, .valid = valid };
}

KERNEL(sin)(px v)
{
    return within_one(MATH(sin)(v));
}

RANGE(sine)(const WeftRange *in, int count)
{
    return range_between(-1, 1, range_finite(range_in(in[0])));
}

OP(sin, .brief = "sine", .family = "trigonometry", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_sine,
   .example = "sin({0, 1.5707964, null}) -> {0, 1, null}");

KERNEL(cos)(px v)
{
    return within_one(MATH(cos)(v));
}

OP(cos, .brief = "cosine", .family = "trigonometry", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_sine,
   .example = "cos({0, 3.1415927, null}) -> {1, -1, null}");

KERNEL(tan)(px v)
{
    return MATH(tan)(v);
}

RANGE(tan)(const WeftRange *in, int count)
{
    return range_unknown(range_finite(range_in(in[0])));
}

OP(tan, .brief = "tangent", .family = "trigonometry", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_tan,
   .example = "tan({0, 1, null}) -> {0, 1.5574077, null}");

static bool in_one(const WeftRange *in)
{
    return range_within(range_in(in[0]), -1, 1);
}

KERNEL(asin)(px v)
{
    return MATH(asin)(v);
}

RANGE(asin)(const WeftRange *in, int count)
{
    return range_loose(-PI / 2, PI / 2, in_one(in));
}

OP(asin, .brief = "angle of a sine, from -pi/2 to pi/2", .family = "trigonometry", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_asin,
   .example = "asin({0, 1, 2, null}) -> {0, 1.5707964, null, null}");

KERNEL(acos)(px v)
{
    return MATH(acos)(v);
}

RANGE(acos)(const WeftRange *in, int count)
{
    return range_loose(0, PI, in_one(in));
}

OP(acos, .brief = "angle of a cosine, from 0 to pi", .family = "trigonometry", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_acos,
   .example = "acos({1, -1, 2, null}) -> {0, 3.1415927, null, null}");

KERNEL(atan)(px v)
{
    return MATH(atan)(v);
}

RANGE(atan)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_loose(__builtin_atan(r.lo), __builtin_atan(r.hi), true);
}

OP(atan, .brief = "angle of a tangent, from -pi/2 to pi/2", .family = "trigonometry", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_atan,
   .example = "atan({0, 0.5, 2, null}) -> {0, 0.4636476, 1.1071488, null}");

KERNEL(atan2)(px y, px x)
{
    return MATH(atan2)(y, x);
}

RANGE(atan2)(const WeftRange *in, int count)
{
    return range_loose(-PI, PI, true);
}

OP(atan2, .brief = "angle of a vector, counter-clockwise from east", .family = "trigonometry",
   .help = "From -pi to pi; 0 for the vector (0, 0).", .arguments = "y, x", .inputs = 2,
   .gives = WEFT_GIVES_REAL, .range = range_atan2,
   .example = "atan2({0, 1, 0, null}, {1, 0, -1, 1}) -> {0, 1.5707964, 3.1415927, null}");

/* SLEEF's sinh and cosh end a little before the type does: beyond that both are exp(|v|) / 2, which
 * is taken in two factors so that it does not overflow early. */
static px half_exp(px v)
{
    px root = MATH(exp)(px_abs(v) * PX(0.5));

    return PX(0.5) * root * root;
}

#ifdef PX_DOUBLE
#define FAR PX(700)
#else
#define FAR PX(85)
#endif

KERNEL(sinh)(px v)
{
    px far = px_copysign(half_exp(v), v), near = MATH(sinh)(v);

    return px_abs(v) > FAR ? far : near;
}

RANGE(sinh)(const WeftRange *in, int count)
{
    WeftRange r = range_in(in[0]);

    return range_loose(__builtin_sinh(r.lo), __builtin_sinh(r.hi), true);
}

OP(sinh, .brief = "hyperbolic sine", .family = "trigonometry", .inputs = 1, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL, .range = range_sinh,
   .example = "sinh({0, 1, null}) -> {0, 1.1752012, null}");

KERNEL(cosh)(px v)
{
    px far = half_exp(v), near = MATH(cosh)(v);

    return px_abs(v) > FAR ? far : near;
}

RANGE(cosh)(const WeftRange *in, int count)
{
    return range_loose(1, __builtin_cosh(range_size(range_in(in[0]))), true);
}

OP(cosh, .brief = "hyperbolic cosine", .family = "trigonometry", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_cosh,
   .example = "cosh({0, 1, null}) -> {1, 1.5430807, null}");

KERNEL(tanh)(px v)
{
    return within_one(MATH(tanh)(v));
}

RANGE(tanh)(const WeftRange *in, int count)
{
    return range_between(-1, 1, true);
}

OP(tanh, .brief = "hyperbolic tangent", .family = "trigonometry", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_tanh,
   .example = "tanh({0, 1, 100, null}) -> {0, 0.7615942, 1, null}");

/* Scaled by a constant above zero. */
static WeftRange scaled(WeftRange in, double by)
{
    in = range_in(in);
    return range_loose(in.lo * by, in.hi * by, true);
}

KERNEL(deg)(px v)
{
    return v * PX(180 / PI);
}

RANGE(deg)(const WeftRange *in, int count)
{
    return scaled(in[0], 180 / PI);
}

OP(deg, .brief = "radians to degrees", .family = "trigonometry", .formula = "a * 180 / pi",
   .inputs = 1, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_deg,
   .example = "deg({0, 3.1415927, null}) -> {0, 180, null}");

KERNEL(rad)(px v)
{
    return v * PX(PI / 180);
}

RANGE(rad)(const WeftRange *in, int count)
{
    return scaled(in[0], PI / 180);
}

OP(rad, .brief = "degrees to radians", .family = "trigonometry", .formula = "a * pi / 180",
   .inputs = 1, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL, .range = range_rad,
   .example = "rad({0, 180, null}) -> {0, 3.1415927, null}");
