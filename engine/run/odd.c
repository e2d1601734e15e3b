/*
 * odd.c - whether rows hold pixels for which a kernel's plain form was not made.
 *
 * Reads rows, writes nothing. The loops over CHUNK pixels have no exits, so that the compiler makes
 * vectors of them.
 */
#include "run/odd.h"

#include <math.h>

#include "base/pixel.h"

enum { CHUNK = 64 };

bool wf_odd_number(double v)
{
    return !(fabs(v) <= WF_PLAIN_LIMIT);
}

/* One function for each type; count_type is as wide as a pixel, so that vectors match. */
#define ODD_IN(name, ctype, count_type, is_fair)                        \
    static bool odd_##name(const ctype *v, int64_t count, ctype nodata) \
    {                                                                   \
        (void)nodata;                                                   \
        for (; count >= CHUNK; v += CHUNK, count -= CHUNK) {            \
            count_type fair = 1;                                        \
                                                                        \
            for (int i = 0; i < CHUNK; i++)                             \
                fair &= (is_fair);                                      \
            if (!fair)                                                  \
                return true;                                            \
        }                                                               \
        for (int i = 0; i < count; i++)                                 \
            if (!(is_fair))                                             \
                return true;                                            \
        return false;                                                   \
    }
#define NOT_NODATA (v[i] != nodata)
#define WITHIN(limit) (v[i] <= (limit)) & (v[i] >= -(limit))
ODD_IN(u8, uint8_t, int, NOT_NODATA)
ODD_IN(i8, int8_t, int, NOT_NODATA)
ODD_IN(u16, uint16_t, int, NOT_NODATA)
ODD_IN(i16, int16_t, int, NOT_NODATA)
ODD_IN(u32, uint32_t, int, NOT_NODATA)
ODD_IN(i32, int32_t, int, NOT_NODATA)
ODD_IN(u64, uint64_t, int64_t, NOT_NODATA &(v[i] <= (uint64_t)1 << 60))
ODD_IN(i64, int64_t, int64_t, NOT_NODATA &WITHIN((int64_t)1 << 60))
ODD_IN(f32, float, int, NOT_NODATA &(fabsf(v[i]) <= (float)WF_PLAIN_LIMIT))
ODD_IN(f64, double, int64_t, NOT_NODATA &(fabs(v[i]) <= WF_PLAIN_LIMIT))
ODD_IN(real32, float, int, fabsf(v[i]) <= (float)WF_PLAIN_LIMIT)
ODD_IN(real64, double, int64_t, fabs(v[i]) <= WF_PLAIN_LIMIT)

bool wf_odd_possible(WeftType type, const WfSource *source)
{
    if (!wf_pixel(type)->whole || wf_pixel(type)->bytes == 8)
        return true;
    return source->has_nodata && wf_pixel_holds(type, source->nodata);
}

/* A pixel that is nodata, as another one: 2^60 and more are odd in any case. */
static bool any_odd(WeftType type, const WfSource *source, const void *v, int64_t count)
{
    bool has = source && source->has_nodata;
    double real = has ? source->nodata : NAN;
    bool compared = has && !wf_odd_number(real);
    uint64_t huge = has ? source->nodata_bits : INT64_MAX;

    switch (type) {
    case WEFT_U8:
    case WEFT_BOOL:
        return odd_u8(v, count, (uint8_t)real);
    case WEFT_I8:
        return odd_i8(v, count, (int8_t)real);
    case WEFT_U16:
        return odd_u16(v, count, (uint16_t)real);
    case WEFT_I16:
        return odd_i16(v, count, (int16_t)real);
    case WEFT_U32:
        return odd_u32(v, count, (uint32_t)real);
    case WEFT_I32:
        return odd_i32(v, count, (int32_t)real);
    case WEFT_U64:
        return odd_u64(v, count, huge);
    case WEFT_I64:
        return odd_i64(v, count, (int64_t)huge);
    case WEFT_F32:
        return compared ? odd_f32(v, count, (float)real) : odd_real32(v, count, 0);
    default:
        return compared ? odd_f64(v, count, real) : odd_real64(v, count, 0);
    }
}

uint64_t wf_odd_pieces(WeftType type, const WfSource *source, const void *pixels, int64_t count,
                       int64_t piece)
{
    const char *at = pixels;
    uint64_t odd = 0;

    if (source && !wf_odd_possible(type, source))
        return 0;
    for (int p = 0; p < WF_PIECES && count > 0; p++, count -= piece) {
        if (any_odd(type, source, at, count < piece ? count : piece))
            odd |= (uint64_t)1 << p;
        at += (size_t)piece * (size_t)wf_pixel(type)->bytes;
    }
    return odd;
}
