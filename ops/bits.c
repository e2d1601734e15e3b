/*
 * bits.c - integers as rows of bits.
 *
 * Point operators on integer-valued rasters. A negative number stands for its two's complement with
 * ones all the way up, so results do not depend on the width of a type. Invalid in, invalid out.
 *
 * Shifts and bit fields are exact scalings by powers of two. The others go through integers: 32
 * bits of an f32 pixel, 64 of an f64 one; beyond these they are invalid.
 */
#include "range.h"

enum { SHIFT_MOST = 63 };

/* The ends of what the conversions below can take. */
#ifdef PX_DOUBLE
#define WORD_LIMIT PX(0x1p63)
#else
#define WORD_LIMIT PX(0x1p31)
#endif

static int fits(px v)
{
    return v >= -WORD_LIMIT && v < WORD_LIMIT;
}

/* A number that fits; 0 for others. Processors convert vectors of f64 to and from signed 32-bit
 * integers only, so f64 goes in two halves, the lower one shifted by 2^31. */
static px_int integer_of(px v)
{
    px number = fits(v) ? v : 0;
#ifdef PX_DOUBLE
    px high = px_floor(number * 0x1p-32), low = number - high * 0x1p32;

    return (px_int)(int32_t)high * 0x100000000 + ((px_int)(int32_t)(low - 0x1p31) + 0x80000000);
#else
    return (px_int)number;
#endif
}

static px number_of(px_int v)
{
#ifdef PX_DOUBLE
    px high = (px)(int32_t)(v >> 32), low = (px)(int32_t)((v & 0xffffffff) - 0x80000000) + 0x1p31;

    return high * 0x1p32 + low;
#else
    return (px)v;
#endif
}

/* The least 2^k above v, for v >= 0. */
static double power_above(double v)
{
    double power = 1;

    while (power <= v && power < RANGE_INFINITY)
        power *= 2;
    return power;
}

/* Numbers of as many bits as the operands have; negative ones where one operand may be. */
static WeftRange as_many_bits(WeftRange a, WeftRange b)
{
    double most = fmax(a.lo < 0 ? -a.lo - 1 : 0, b.lo < 0 ? -b.lo - 1 : 0);
    double power;

    most = fmax(most, fmax(a.hi, b.hi));
    power = power_above(most);
    return (WeftRange) { .lo = a.lo < 0 || b.lo < 0 ? -power : 0,
                         .hi = power - 1,
                         .whole = true,
                         .valid = range_size(a) <= RANGE_EXACT && range_size(b) <= RANGE_EXACT };
}

KERNEL (bitand)(px a, px b)
{
    px number = number_of(integer_of(a) & integer_of(b));

    return fits(a) && fits(b) ? number : INVALID;
}

RANGE (bitand)(const WeftRange *in, int count)
{
    WeftRange r = as_many_bits(in[0], in[1]);
    bool a = in[0].lo >= 0, b = in[1].lo >= 0;

    r.lo = a || b ? 0 : r.lo;
    r.hi = a && b ? fmin(in[0].hi, in[1].hi) : a ? in[0].hi : b ? in[1].hi : r.hi;
    return r;
}

OP(bitand, .brief = "bits set in both", .family = "bits", .formula = "a & b", .inputs = 2,
   .gives = WEFT_GIVES_INTEGER, .wholes = 3, .logic = "and", .range = range_bitand,
   .example = "bitand({12, -1, 255, null}, {10, 7, 256, 1}) -> {8, 7, 0, null}");

KERNEL(bitor)(px a, px b)
{
    px number = number_of(integer_of(a) | integer_of(b));

    return fits(a) && fits(b) ? number : INVALID;
}

RANGE(bitor)(const WeftRange *in, int count)
{
    return as_many_bits(in[0], in[1]);
}

OP(bitor, .brief = "bits set in at least one", .family = "bits", .formula = "a | b", .inputs = 2,
   .gives = WEFT_GIVES_INTEGER, .wholes = 3, .logic = "or", .range = range_bitor,
   .example = "bitor({12, -8, 255, null}, {10, 7, 256, 1}) -> {14, -1, 511, null}");

KERNEL(bitxor)(px a, px b)
{
    px number = number_of(integer_of(a) ^ integer_of(b));

    return fits(a) && fits(b) ? number : INVALID;
}

OP(bitxor, .brief = "bits set in exactly one", .family = "bits", .formula = "a ^^ b", .inputs = 2,
   .gives = WEFT_GIVES_INTEGER, .wholes = 3, .logic = "xor", .range = range_bitor,
   .example = "bitxor({12, -1, 255, null}, {10, 7, 256, 1}) -> {6, -8, 511, null}");

KERNEL(bitnot)(px v)
{
    return -1 - v;
}

RANGE(bitnot)(const WeftRange *in, int count)
{
    return (WeftRange) { .lo = -1 - in[0].hi, .hi = -1 - in[0].lo, .whole = true, .valid = true };
}

OP(bitnot, .brief = "every bit the other way", .family = "bits", .formula = "-1 - a", .inputs = 1,
   .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_INTEGER, .wholes = 1, .logic = "not",
   .range = range_bitnot, .example = "bitnot({0, 5, -1, null}) -> {-1, -6, 0, null}");

KERNEL(shl)(px v, px by)
{
    px shifted = v * px_two_to(by);

    return by >= 0 && by <= SHIFT_MOST ? shifted : INVALID;
}

static bool shiftable(WeftRange v, WeftRange by)
{
    return range_within(by, 0, SHIFT_MOST) && range_finite(v);
}

static double power_of(double n)
{
    return __builtin_exp2(n < 0 ? 0 : n > SHIFT_MOST ? SHIFT_MOST : n);
}

RANGE(shl)(const WeftRange *in, int count)
{
    WeftRange v = in[0], by = in[1];
    double least = power_of(by.lo), most = power_of(by.hi);

    return range_of(v.lo * (v.lo < 0 ? most : least), v.hi * (v.hi < 0 ? least : most), true,
                    shiftable(v, by));
}

OP(shl, .brief = "shift left", .family = "bits", .formula = "a * 2^by", .arguments = "a, by",
   .help = "No bit is lost at the left: the result grows. A shift outside 0 ... 63 is invalid.",
   .inputs = 2, .gives = WEFT_GIVES_INTEGER, .wholes = 3, .range = range_shl,
   .example = "shl({1, -3, 255, null, 1}, {4, 1, 8, 1, -1}) -> {16, -6, 65280, null, null}");

KERNEL(shr)(px v, px by)
{
    px shifted = px_floor(v * px_two_to(-by));

    return by >= 0 && by <= SHIFT_MOST ? shifted : INVALID;
}

RANGE(shr)(const WeftRange *in, int count)
{
    WeftRange v = in[0], by = in[1];
    double least = power_of(by.lo), most = power_of(by.hi);

    return range_of(__builtin_floor(v.lo / (v.lo < 0 ? least : most)),
                    __builtin_floor(v.hi / (v.hi < 0 ? most : least)), true, shiftable(v, by));
}

OP(shr, .brief = "shift right, rounding down", .family = "bits", .formula = "floor(a / 2^by)",
   .help = "A negative number keeps its sign. A shift outside 0 ... 63 is invalid.",
   .arguments = "a, by", .inputs = 2, .gives = WEFT_GIVES_INTEGER, .wholes = 3, .range = range_shr,
   .example = "shr({16, -3, 65280, null, 1}, {4, 1, 8, 1, 64}) -> {1, -2, 255, null, null}");

KERNEL(bits)(px v, px low, px number)
{
    px shifted = px_floor(v * px_two_to(-low));

    return shifted - px_floor(shifted * px_two_to(-number)) * px_two_to(number);
}

RANGE(bits_field)(const WeftRange *in, int count)
{
    WeftRange shifted = in[0];
    double field = power_of(in[2].lo);

    shifted.lo = __builtin_floor(shifted.lo / power_of(in[1].lo));
    shifted.hi = __builtin_floor(shifted.hi / power_of(in[1].lo));
    if (shifted.lo >= 0 && shifted.hi < field)
        return range_of(shifted.lo, shifted.hi, true, true);
    return range_of(0, field - 1, true, range_finite(in[0]));
}

OP(bits, .brief = "a field of bits as a number", .family = "bits",
   .formula = "(x >> low) & (2^count - 1)", .arguments = "x", .inputs = 1,
   .gives = WEFT_GIVES_INTEGER, .wholes = 1, .range = range_bits_field,
   .example = "bits({21824, 61440, -1, null}, 12, 4) -> {5, 15, 15, null}",
   PARAMS({ .name = "low",
            .help = "number of the field's lowest bit, from 0",
            .kind = WEFT_PARAM_INTEGER,
            .high = 63 },
          { .name = "count",
            .help = "how many bits",
            .kind = WEFT_PARAM_INTEGER,
            .low = 1,
            .high = 53 }));
