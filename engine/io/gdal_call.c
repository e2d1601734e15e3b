/*
 * gdal_call.c - calling GDAL: set-up, pixel types, and its messages as errors of ours.
 *
 * Needs nothing. Sets up GDAL for the whole process, once; its block cache is process-wide.
 */
#include "io/gdal_call.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CACHE_BYTES = 16 << 20 };

static const struct {
    GDALDataType data;
    WeftType type;
} types[] = {
    { GDT_Byte, WEFT_U8 },    { GDT_UInt16, WEFT_U16 },  { GDT_Int16, WEFT_I16 },
    { GDT_UInt32, WEFT_U32 }, { GDT_Int32, WEFT_I32 },   { GDT_UInt64, WEFT_U64 },
    { GDT_Int64, WEFT_I64 },  { GDT_Float32, WEFT_F32 }, { GDT_Float64, WEFT_F64 },
#if GDAL_VERSION_NUM >= 3070000
    { GDT_Int8, WEFT_I8 },
#endif
};

enum { TYPE_COUNT = sizeof types / sizeof *types };

static void start(void)
{
    GDALAllRegister();
    if (!CPLGetConfigOption("GDAL_CACHEMAX", NULL))
        GDALSetCacheMax64(0);
}

static void allow_cache(void)
{
    if (!CPLGetConfigOption("GDAL_CACHEMAX", NULL))
        GDALSetCacheMax64(CACHE_BYTES);
}

/* Decoders that go on after damage only warn. */
static bool tells_damage(const char *text)
{
    static const char *const words[] = { "orrupt", "remature", "truncat", "bogus" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

/* Reasons of the system that GDAL's drivers may keep to themselves. */
static bool is_full(int reason)
{
    return reason == ENOSPC || reason == EDQUOT || reason == EFBIG || reason == EROFS;
}

static void CPL_STDCALL collect(CPLErr class, CPLErrorNum number, const char *text)
{
    WfCall *call = CPLGetErrorHandlerUserData();

    if (class == CE_Debug) {
        CPLDefaultErrorHandler(class, number, text);
        return;
    }
    if (class == CE_None || call->failed)
        return;
    if (class >= CE_Failure || call->text[0] == '\0')
        snprintf(call->text, sizeof call->text, "%s", text);
    call->failed = class >= CE_Failure;
    call->full = call->failed && is_full(errno) ? errno : 0;
    call->damaged = call->damaged || tells_damage(text);
    call->memory = call->failed && number == CPLE_OutOfMemory;
}

/* What follows the name of the function that speaks, as in "TIFFFillTile:Read error" and
 * "VRTBand::Read:No source". */
static const char *after_speaker(const char *text)
{
    const char *end = text;

    while (isalnum((unsigned char)*end) || *end == '_' || (end > text && !strncmp(end, "::", 2)))
        end += *end == ':' ? 2 : 1;
    return end > text && *end == ':' && isalpha((unsigned char)end[1]) ? end + 1 : text;
}

/* libtiff says "at scanline 4294967295;" where it does not know the place; better nothing. */
static void cut_unknown_place(char *text)
{
    char *from = strstr(text, " at "), *to = from ? strchr(from, ';') : NULL;
    const char *unknown = from ? strstr(from, "4294967295") : NULL;

    if (to && unknown && unknown < to)
        memmove(from, to, strlen(to) + 1);
}

/* GDAL's words as part of a line: without the path or a function's name in front, line breaks and
 * the full stop. */
static void clean(const char *text, const char *path, char *out, size_t size)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *const fronts[] = { path, slash ? slash + 1 : NULL };
    size_t length;

    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++) {
        size_t front = fronts[i] ? strlen(fronts[i]) : 0;

        if (front > 0 && strncmp(text, fronts[i], front) == 0 &&
            (text[front] == ':' || text[front] == ',')) {
            text += front + 1;
            text += strspn(text, " ");
        }
    }
    snprintf(out, size, "%s", after_speaker(text));
    cut_unknown_place(out);
    for (char *c = out; *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
    length = strlen(out);
    while (length > 0 && (out[length - 1] == '.' || out[length - 1] == ' '))
        out[--length] = '\0';
}

void wf_gdal_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, start);
}

void wf_gdal_allow_cache(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, allow_cache);
}

void wf_call_begin(WfCall *call)
{
    *call = (WfCall) { .failed = false };
    errno = 0;
    CPLPushErrorHandlerEx(collect, call);
}

void wf_call_end(WfCall *call)
{
    (void)call;
    CPLPopErrorHandler();
    CPLErrorReset();
}

bool wf_call_fail(const WfCall *call, WeftErr *err, const char *path, const char *what, ...)
{
    char said[sizeof call->text], doing[512];
    const char *full = call->full ? strerror(call->full) : "";
    va_list rest;

    va_start(rest, what);
    vsnprintf(doing, sizeof doing, what, rest);
    va_end(rest);
    clean(call->text, path, said, sizeof said);
    if (strstr(said, full))
        full = "";
    return wf_fail(err,
                   call->memory ? WEFT_EMEM
                   : call->code ? call->code
                                : WEFT_EIO,
                   "%s%s%s%s%s", doing, said[0] ? ": " : "", said, *full ? ": " : "", full);
}

WeftType wf_gdal_type(GDALRasterBandH band)
{
    GDALDataType data = GDALGetRasterDataType(band);
    const char *kind = GDALGetMetadataItem(band, "PIXELTYPE", "IMAGE_STRUCTURE");

    if (data == GDT_Byte && kind && strcasecmp(kind, "SIGNEDBYTE") == 0)
        return WEFT_I8;
    for (int i = 0; i < TYPE_COUNT; i++)
        if (types[i].data == data)
            return types[i].type;
    return WEFT_AUTO;
}

GDALDataType wf_gdal_data_type(WeftType type)
{
    for (int i = 0; i < TYPE_COUNT; i++)
        if (types[i].type == type)
            return types[i].data;
    return GDT_Byte; /* bool, and i8 where GDAL has no such type */
}

bool wf_gdal_signed_byte(WeftType type)
{
    return type == WEFT_I8 && wf_gdal_data_type(type) == GDT_Byte;
}

CPLErr wf_gdal_nodata(GDALRasterBandH band, WeftType type, double value)
{
    if (type == WEFT_I64)
        return GDALSetRasterNoDataValueAsInt64(band, (int64_t)value);
    if (type == WEFT_U64)
        return GDALSetRasterNoDataValueAsUInt64(band, (uint64_t)value);
    return GDALSetRasterNoDataValue(band, type == WEFT_F32 ? (double)(float)value : value);
}

bool wf_gdal_add_masks(GDALDatasetH data, int count)
{
    CPLErr done = CE_None;

    if (count == 0)
        return true;
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", count == 1 ? "YES" : "NO");
    if (count == 1)
        done = GDALCreateDatasetMaskBand(data, GMF_PER_DATASET);
    for (int i = 1; done == CE_None && count > 1 && i <= count; i++)
        done = GDALCreateMaskBand(GDALGetRasterBand(data, i), 0);
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", NULL);
    return done == CE_None;
}
