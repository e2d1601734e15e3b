/*
 * pixel.c - what each WeftType is: its name, bytes and range. The only such table.
 */
#include "base/pixel.h"

#include "base/err.h"
#include "base/text.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>
#include <strings.h>

static const WfPixel table[WEFT_TYPE_COUNT] = {
    [WEFT_AUTO] = { .name = "auto" },
    [WEFT_U8] = { .name = "u8", .bytes = 1, .lo = 0, .hi = 255, .whole = true },
    [WEFT_I8] = { .name = "i8", .bytes = 1, .lo = -128, .hi = 127, .whole = true },
    [WEFT_U16] = { .name = "u16", .bytes = 2, .lo = 0, .hi = 65535, .whole = true },
    [WEFT_I16] = { .name = "i16", .bytes = 2, .lo = -32768, .hi = 32767, .whole = true },
    [WEFT_U32] = { .name = "u32", .bytes = 4, .lo = 0, .hi = 0x1p32 - 1, .whole = true },
    [WEFT_I32] = { .name = "i32", .bytes = 4, .lo = -0x1p31, .hi = 0x1p31 - 1, .whole = true },
    [WEFT_U64] = { .name = "u64", .bytes = 8, .lo = 0, .hi = 0x1p64 - 2048, .whole = true },
    [WEFT_I64] = { .name = "i64", .bytes = 8, .lo = -0x1p63, .hi = 0x1p63 - 1024, .whole = true },
    [WEFT_F32] = { .name = "f32", .bytes = 4, .lo = -FLT_MAX, .hi = FLT_MAX },
    [WEFT_F64] = { .name = "f64", .bytes = 8, .lo = -DBL_MAX, .hi = DBL_MAX },
    [WEFT_BOOL] = { .name = "bool", .bytes = 1, .lo = 0, .hi = 1, .whole = true },
};

static const char *type_name_at(const void *list, int i)
{
    return ((const WfPixel *)list)[i].name;
}

const WfPixel *wf_pixel(WeftType type)
{
    assert(type > WEFT_AUTO && type < WEFT_TYPE_COUNT);
    return &table[type];
}

WeftType wf_pixel_smallest(double lo, double hi)
{
    static const WeftType order[] = { WEFT_U8, WEFT_I16, WEFT_U16, WEFT_I32, WEFT_U32, WEFT_I64 };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const WfPixel *pixel = wf_pixel(order[i]);

        if (lo >= pixel->lo && hi <= pixel->hi)
            return order[i];
    }
    return WEFT_F64;
}

bool wf_pixel_holds(WeftType type, double v)
{
    const WfPixel *pixel = wf_pixel(type);

    if (type == WEFT_F64)
        return true;
    if (type == WEFT_F32) /* beyond this rounding to the nearest f32 gives an infinity */
        return !isfinite(v) || fabs(v) < FLT_MAX + 0x1p103;
    return v >= pixel->lo && v <= pixel->hi && trunc(v) == v;
}

const char *weft_type_name(WeftType type)
{
    return (unsigned)type < WEFT_TYPE_COUNT ? table[type].name : "unknown";
}

/* GDAL's names of types, and numpy's, which differ in case alone. */
static WeftType foreign_type(const char *name)
{
    static const struct {
        const char *name;
        WeftType type;
    } names[] = {
        { "byte", WEFT_U8 },     { "uint8", WEFT_U8 },    { "int8", WEFT_I8 },
        { "uint16", WEFT_U16 },  { "int16", WEFT_I16 },   { "uint32", WEFT_U32 },
        { "int32", WEFT_I32 },   { "uint64", WEFT_U64 },  { "int64", WEFT_I64 },
        { "float32", WEFT_F32 }, { "float64", WEFT_F64 },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(names[i].name, name) == 0)
            return names[i].type;
    return WEFT_AUTO;
}

WeftType weft_type_of(const char *name, WeftErr *err)
{
    WeftType foreign = foreign_type(name);
    const char *near;

    for (int type = 0; type < WEFT_TYPE_COUNT; type++)
        if (strcmp(table[type].name, name) == 0)
            return (WeftType)type;
    if (foreign != WEFT_AUTO)
        return foreign;
    wf_fail(err, WEFT_ENAME, "there is no pixel type \"%.60s\"", name);
    near = wf_nearest(name, table + 1, WEFT_TYPE_COUNT - 1, type_name_at);
    if (near)
        wf_hint(err, "did you mean \"%s\"? types are u8 i8 u16 i16 u32 i32 u64 i64 f32 f64 bool",
                near);
    wf_hint(err, "types are u8 i8 u16 i16 u32 i32 u64 i64 f32 f64 bool");
    return WEFT_AUTO;
}
