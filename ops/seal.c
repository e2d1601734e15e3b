/*
 * seal.c - the last steps before a pixel is stored, and a check after it was read.
 *
 * Hidden point operators, put in by pass/settle and the reading of files. A sentinel is the value
 * that stands for invalid in a file. These see invalid pixels themselves.
 */
#include "type.h"

enum { COLLIDE_ERROR, COLLIDE_NUDGE };

/* The next float up; down from the greatest one and from infinity. */
FOLDS float float_beside(float v)
{
    union {
        float value;
        int32_t bits;
    } next = { .value = v };

    if (v == 0)
        next.bits = 1;
    else
        next.bits += v > 0 && v < 0x1.fffffep127f ? 1 : -1;
    return next.value;
}

FOLDS double double_beside(double v)
{
    union {
        double value;
        int64_t bits;
    } next = { .value = v };

    if (v == 0)
        next.bits = 1;
    else
        next.bits += v > 0 && v < 0x1.fffffffffffffp1023 ? 1 : -1;
    return next.value;
}

/* The next value of a type; the one before its last. Beyond 2^53 integers go by f64. */
FOLDS px beside(px v, px type)
{
    px next = v + 1 > v ? v + 1 : (px)double_beside((double)v);
    px before = v - 1 < v ? v - 1 : v - px_two_to((px)(type_bits(type) - PX_MANTISSA));

    if (type == WEFT_F32 || (type == WEFT_F64 && sizeof(px) == sizeof(float)))
        return (px)float_beside((float)v);
    if (type == WEFT_F64)
        return (px)double_beside((double)v);
    return v >= type_high(type) ? before : next;
}

KERNEL(collide)(px v, px sentinel, px mode, px type)
{
    return v == sentinel && mode == COLLIDE_NUDGE ? beside(sentinel, type) : v;
}

WATCH(collide)(px v, px sentinel, px mode, px type)
{
    return v == sentinel;
}

/* A nudge leads out of a range that ends at the sentinel. */
RANGE(collide)(const WeftRange *in, int count)
{
    WeftRange r = in[0];
    double room = in[2].lo != COLLIDE_NUDGE ? 0 : fmax(1, fabs(in[1].lo) * 0x1p-23);

    if (range_has(r, in[1].lo)) {
        r.lo -= room;
        r.hi += room;
    }
    r.whole = r.whole && type_bits((px)in[3].lo) > 0;
    return r;
}

WATCHED(collide);
OP(collide, .brief = "keep valid values apart from the sentinel", .family = "storing",
   .arguments = "x", .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_TYPE,
   .same_unit = true, .range = range_collide, COUNTS(collide, "collisions"),
   PARAMS({ .name = "sentinel", .help = "what stands for invalid in the file" },
          { .name = "mode",
            .help = "nudge: to the next value of the type; the others only count",
            .kind = WEFT_PARAM_CHOICE,
            .choices = "error|nudge|allow" },
          { .name = "type", .help = "of the file", .kind = WEFT_PARAM_TYPE }));

KERNEL(lost)(px v, px mask)
{
    return v;
}

WATCH(lost)(px v, px mask)
{
    return !isinvalid(v) && !(mask > 0);
}

RANGE(lost)(const WeftRange *in, int count)
{
    return in[0];
}

WATCHED(lost);
OP(lost, .brief = "values that the mask of all bands hides", .family = "storing",
   .arguments = "x, mask", .inputs = 2, .hidden = true, .invalid = WEFT_DECIDES,
   .gives = WEFT_GIVES_KEEP, .bools = 2, .aside = 2, .range = range_lost, COUNTS(lost, "lost"));

KERNEL(seal)(px v, px sentinel)
{
    return isinvalid(v) ? sentinel : v;
}

WATCH(seal)(px v, px sentinel)
{
    return isinvalid(v);
}

RANGE(seal)(const WeftRange *in, int count)
{
    return in[0].valid ? in[0] : range_join(in[0], in[1], in[1].valid);
}

WATCHED(seal);
OP(seal, .brief = "the sentinel where there is no value", .family = "storing", .arguments = "x",
   .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_KEEP,
   .range = range_seal, COUNTS(seal, "invalid"),
   PARAMS({ .name = "sentinel", .help = "what stands for invalid in the file" }));

KERNEL(exact53)(px v)
{
    return v;
}

/* What is read as 2^53 may have been the integer above. */
WATCH(exact53)(px v)
{
    return px_abs(v) >= PX(RANGE_EXACT);
}

/* A run in which the watch counts anything fails. */
RANGE(exact53)(const WeftRange *in, int count)
{
    WeftRange r = in[0];

    r.lo = fmax(r.lo, -RANGE_EXACT);
    r.hi = fmin(r.hi, RANGE_EXACT);
    r.valid = true;
    return r;
}

WATCHED(exact53);
OP(exact53, .brief = "64-bit integers that f64 holds exactly", .family = "storing",
   .arguments = "x", .inputs = 1, .hidden = true, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_KEEP,
   .range = range_exact53, COUNTS(exact53, "beyond 2^53"));
