/*
 * sink_mem.c - pixels to the user's memory: every step-th of a window, as f64.
 *
 * Needs nothing. Writes the user's array; rectangles of different tiles touch different elements.
 */
#include <math.h>
#include <string.h>

#include "base/pixel.h"
#include "io/sink_kind.h"

static double one_nan(double v)
{
    const uint64_t bits = 0x7ff8000000000000; /* the one NaN of stored floats */
    double nan;

    memcpy(&nan, &bits, sizeof nan);
    return isnan(v) ? nan : v;
}

#define CONVERT(name, type)                                                      \
    static void name(const char *from, int64_t step, int64_t count, double *out) \
    {                                                                            \
        for (int64_t i = 0; i < count; i++) {                                    \
            type v;                                                              \
                                                                                 \
            memcpy(&v, from + (size_t)(i * step) * sizeof v, sizeof v);          \
            out[i] = one_nan((double)v);                                         \
        }                                                                        \
    }
CONVERT(from_u8, uint8_t)
CONVERT(from_i8, int8_t)
CONVERT(from_u16, uint16_t)
CONVERT(from_i16, int16_t)
CONVERT(from_u32, uint32_t)
CONVERT(from_i32, int32_t)
CONVERT(from_u64, uint64_t)
CONVERT(from_i64, int64_t)
CONVERT(from_f32, float)
CONVERT(from_f64, double)

static void (*const convert[WEFT_TYPE_COUNT])(const char *, int64_t, int64_t, double *) = {
    [WEFT_U8] = from_u8,   [WEFT_I8] = from_i8,   [WEFT_U16] = from_u16, [WEFT_I16] = from_i16,
    [WEFT_U32] = from_u32, [WEFT_I32] = from_i32, [WEFT_U64] = from_u64, [WEFT_I64] = from_i64,
    [WEFT_F32] = from_f32, [WEFT_F64] = from_f64, [WEFT_BOOL] = from_u8,
};

/* The first wanted element at or after pixel `from`, of those at first, first + step ... */
static int64_t element(int64_t from, int64_t first, int64_t step)
{
    return from <= first ? 0 : (from - first + step - 1) / step;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t wf_memory_write(const WeftRead *read, int band, WfRect rect, WeftType type,
                        const char *pixels, size_t stride)
{
    int64_t step = read->step > 1 ? read->step : 1, size = wf_pixel(type)->bytes;
    int64_t c0 = element(rect.x0, read->col, step);
    int64_t c1 = least(element(rect.x1, read->col, step), read->cols);
    int64_t r0 = element(rect.y0, read->row, step);
    int64_t r1 = least(element(rect.y1, read->row, step), read->rows);

    if (c0 >= c1 || r0 >= r1)
        return 0;
    for (int64_t r = r0; r < r1; r++) {
        const char *from = pixels + (size_t)(read->row + r * step - rect.y0) * stride +
                           (size_t)((read->col + c0 * step - rect.x0) * size);

        convert[type](from, step, c1 - c0, read->out + (band * read->rows + r) * read->cols + c0);
    }
    return (c1 - c0) * (r1 - r0) * (int64_t)sizeof(double);
}
