/*
 * cast.c - values as a type holds them.
 *
 * Point operator. To an integer type: rounded, then made to fit; to f32: rounded to the nearest
 * float, beyond the greatest of them infinite; to bool: not zero. What had to be made to fit is
 * counted, unless its lowest bits were asked for. Invalid in, invalid out.
 *
 * u64 and i64 end at the last f64 below 2^64 and 2^63.
 */
#include "type.h"

enum { HALF_AWAY, HALF_EVEN, FLOOR, TRUNC };
enum { SATURATE, ERROR, WRAP, INVALIDATE };

FOLDS px rounded(px v, px how)
{
    return how == HALF_AWAY   ? half_away(v)
           : how == HALF_EVEN ? px_roundeven(v)
           : how == FLOOR     ? px_floor(v)
                              : px_trunc(v);
}

static px limited(px v, px low, px high)
{
    return v < low ? low : v > high ? high : v;
}

/* v modulo the number of values of the type: the lowest bits, read with their sign. */
FOLDS px wrapped(px v, px type)
{
    px size = px_two_to((px)(type_bits(type) + type_signed(type)));
    px lowest = v - px_floor(v / size) * size;

    return lowest > type_high(type) && type_signed(type) ? lowest - size : lowest;
}

FOLDS int outside(px v, px type)
{
    return v < type_low(type) || v > type_high(type);
}

FOLDS px fitted(px v, px type, px overflow)
{
    px low = type_low(type), high = type_high(type);

    if (overflow == WRAP)
        return outside(v, type) ? limited(wrapped(v, type), low, high) : v;
    if (overflow == INVALIDATE)
        return outside(v, type) ? INVALID : v;
    return limited(v, low, high);
}

KERNEL(cast)(px v, px type, px round, px overflow)
{
    if (type == WEFT_BOOL)
        return v != 0;
    if (type == WEFT_F32)
        return (px)(float)v;
    if (type_bits(type) == 0)
        return v;
    return fitted(rounded(v, round), type, overflow);
}

WATCH(cast)(px v, px type, px round, px overflow)
{
    return overflow != WRAP && type != WEFT_BOOL && type_bits(type) > 0 &&
           outside(rounded(v, round), type);
}

static double rounded_end(double v, int how)
{
    return how == HALF_AWAY   ? __builtin_round(v)
           : how == HALF_EVEN ? __builtin_roundeven(v)
           : how == FLOOR     ? __builtin_floor(v)
                              : __builtin_trunc(v);
}

static double first_of(int type)
{
    return type_signed((px)type) ? -__builtin_exp2(type_bits((px)type)) : 0;
}
static double last_of(int type)
{
    int bits = type_bits((px)type);

    return __builtin_exp2(bits) - (bits > 53 ? __builtin_exp2(bits - 53) : 1);
}

RANGE(cast)(const WeftRange *in, int count)
{
    WeftRange v = range_in(in[0]), r;
    int type = (int)in[1].lo, how = (int)in[2].lo, overflow = (int)in[3].lo;
    bool inside;

    if (type == WEFT_BOOL)
        return range_bool(true);
    if (type_bits((px)type) == 0)
        return type == WEFT_F32 ? range_of(v.lo, v.hi, false, true)
                                : (WeftRange) { .lo = in[0].lo, .hi = in[0].hi, .valid = true };
    r = range_of(rounded_end(v.lo, how), rounded_end(v.hi, how), true, true);
    inside = range_within(r, first_of(type), last_of(type));
    if (overflow == WRAP && !inside)
        return range_of(first_of(type), last_of(type), true, range_finite(v));
    r.lo = fmin(fmax(r.lo, first_of(type)), last_of(type));
    r.hi = fmax(fmin(r.hi, last_of(type)), first_of(type));
    r.valid = overflow != INVALIDATE || inside;
    return r;
}

WATCHED(cast);
OP(cast, .brief = "values as a type holds them", .family = "types",
   .help = "overflow says what becomes of values outside the type: its nearest value (saturate; "
           "error too, and the run fails), the lowest bits (wrap), or nothing (invalid). All "
           "but the wrapped are counted.",
   .arguments = "x", .inputs = 1, .gives = WEFT_GIVES_TYPE, .same_unit = true, .range = range_cast,
   .example = "cast({-300, 0.5, 2.5, 255.4, 1e9, null}, \"u8\") -> {0, 1, 3, 255, 255, null}",
   COUNTS(cast, "clipped"),
   PARAMS({ .name = "type",
            .help = "u8 i8 u16 i16 u32 i32 u64 i64 f32 f64 bool",
            .kind = WEFT_PARAM_TYPE },
          { .name = "round",
            .help = "how to get whole numbers",
            .kind = WEFT_PARAM_CHOICE,
            .optional = true,
            .option = true,
            .choices = "half_away|half_even|floor|trunc" },
          { .name = "overflow",
            .help = "what to do with values outside the type",
            .kind = WEFT_PARAM_CHOICE,
            .optional = true,
            .option = true,
            .choices = "saturate|error|wrap|invalid" }));
