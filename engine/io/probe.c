/*
 * probe.c - a small raster with values that an output's bands may have, and its like once read
 * back.
 *
 * Values are ends of the bands' ranges and others between them, such that roundings, lost digits
 * and missing bits show. Pixels are compared as weft reads them. Needs GDAL datasets; writes their
 * pixels.
 */
#include "io/probe.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/gdal_call.h"

enum { SIDE = 64, VALUES = 48, INVALID_EVERY = 5 };

/* ------------------------------------------------------------------------------- values */

static const double samples[] = {
    0,           1,     -1,        2,          7,          0.1,        -0.1,  1.0 / 3, 100,
    127,         128,   200,       254,        255,        256,        1000,  -1000,   12345.678,
    -98765.4321, 30000, 32767,     32768,      -32768,     40000,      65534, 65535,   65536,
    1e6 + 0.25,  1e-3,  123456789, -123456789, 2147483647, 4294967295, 1e-30, 3e30,
};

typedef struct Values {
    double v[VALUES];
    int count;
} Values;

static double as_stored(WeftType type, double v)
{
    if (type == WEFT_F32)
        return (double)(float)v;
    return wf_pixel(type)->whole ? trunc(v) : v;
}

static bool is_alpha(const WfSinkFile *file, int band)
{
    return file->alpha && file->meanings && wf_meaning_is_alpha(file->meanings[band]);
}

/* Values that mean nothing are no valid ones. */
static void add_value(const WfSinkFile *file, int band, Values *values, double v, double lo,
                      double hi)
{
    v = as_stored(file->type, v);
    if (!(v >= lo && v <= hi) || fabs(v) > 0x1p53 || values->count == VALUES ||
        (file->has_nodata && v == file->nodata) || (is_alpha(file, band) && v == 0))
        return;
    values->v[values->count++] = v;
}

static void list_values(const WfSinkFile *file, int band, Values *values)
{
    const WfPixel *pixel = wf_pixel(file->type);
    const WeftRange *range = file->ranges ? &file->ranges[band] : NULL;
    double lo = range ? fmax(range->lo, pixel->lo) : pixel->lo;
    double hi = range ? fmin(range->hi, pixel->hi) : pixel->hi;
    bool known = pixel->whole || (fabs(lo) < 1e30 && fabs(hi) < 1e30);

    values->count = 0;
    for (int i = 0; known && i < 2; i++) {
        add_value(file, band, values, lo + i, lo, hi);
        add_value(file, band, values, hi - i, lo, hi);
    }
    if (known)
        add_value(file, band, values, lo + (hi - lo) / 3, lo, hi);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (!(range && range->whole) || samples[i] == trunc(samples[i]))
            add_value(file, band, values, samples[i], lo, hi);
    if (!values->count) /* the range is one value that stands for nothing */
        values->v[values->count++] = is_alpha(file, band) ? pixel->hi : as_stored(file->type, lo);
}

/* Nothing can be said of invalid pixels without a sentinel, a mask or an alpha band. */
static bool has_gaps(const WfSinkFile *file)
{
    return file->has_nodata || file->mask_count || file->alpha;
}

bool wf_probe_new(WfProbe *probe, const WfSinkFile *file, WeftErr *err)
{
    const WeftGrid *grid = file->grid;
    int64_t pixels;
    Values values;

    *probe = (WfProbe) { .file = file,
                         .width = grid->width < SIDE ? (int)grid->width : SIDE,
                         .height = grid->height < SIDE ? (int)grid->height : SIDE };
    pixels = (int64_t)probe->width * probe->height;
    probe->values = wf_calloc((size_t)(pixels * file->band_count), sizeof *probe->values, err);
    for (int band = 0; probe->values && band < file->band_count; band++) {
        double *v = probe->values + band * pixels;
        int gap = file->mask_count > 1 ? band : 0; /* a mask for each band: other pixels in each */

        list_values(file, band, &values);
        for (int64_t i = 0; i < pixels; i++)
            v[i] = has_gaps(file) && (i + gap) % INVALID_EVERY == 0
                       ? NAN
                       : values.v[(i - i / INVALID_EVERY + 3 * band) % values.count];
    }
    return probe->values != NULL;
}

void wf_probe_free(WfProbe *probe)
{
    wf_free(probe->values);
    probe->values = NULL;
}

/* ------------------------------------------------------------------------------- pixels of GDAL */

/* GDAL before 3.7 takes signed bytes for others that are not. */
static CPLErr transfer(GDALRasterBandH band, GDALRWFlag way, double *pixels, int width, int height,
                       bool signed_bytes)
{
    CPLErr done = CE_None;

    for (int i = 0; way == GF_Write && signed_bytes && i < width * height; i++)
        pixels[i] = pixels[i] < 0 ? pixels[i] + 256 : pixels[i];
    done = GDALRasterIO(band, way, 0, 0, width, height, pixels, width, height, GDT_Float64, 0, 0);
    for (int i = 0; way == GF_Read && signed_bytes && i < width * height; i++)
        pixels[i] = pixels[i] > 127 ? pixels[i] - 256 : pixels[i];
    return done;
}

static bool write_band(const WfProbe *probe, GDALDatasetH data, int band, double *buffer)
{
    const WfSinkFile *file = probe->file;
    int pixels = probe->width * probe->height;
    GDALRasterBandH to = GDALGetRasterBand(data, band + 1);

    for (int i = 0; i < pixels; i++) {
        double v = probe->values[(int64_t)band * pixels + i];

        buffer[i] = !isnan(v) ? v : file->has_nodata ? file->nodata : 0;
    }
    return transfer(to, GF_Write, buffer, probe->width, probe->height,
                    wf_gdal_signed_byte(file->type)) == CE_None &&
           (!file->has_nodata || wf_gdal_nodata(to, file->type, file->nodata) == CE_None);
}

static bool write_mask(const WfProbe *probe, GDALDatasetH data, int number, double *buffer)
{
    GDALRasterBandH mask = GDALGetMaskBand(GDALGetRasterBand(data, number + 1));
    int pixels = probe->width * probe->height;

    for (int i = 0; i < pixels; i++)
        buffer[i] = isnan(probe->values[(int64_t)number * pixels + i]) ? 0 : 255;
    return transfer(mask, GF_Write, buffer, probe->width, probe->height, false) == CE_None;
}

bool wf_probe_write(const WfProbe *probe, GDALDatasetH data)
{
    double *buffer = wf_calloc((size_t)probe->width * (size_t)probe->height, sizeof *buffer, NULL);
    bool done = buffer != NULL;

    for (int band = 0; done && band < probe->file->band_count; band++)
        done = write_band(probe, data, band, buffer);
    done = done && wf_gdal_add_masks(data, probe->file->mask_count);
    for (int i = 0; done && i < probe->file->mask_count; i++)
        done = write_mask(probe, data, i, buffer);
    wf_free(buffer);
    return done;
}

/* ------------------------------------------------------------------------------- reading back */

static bool is_nodata(GDALRasterBandH band, WeftType type, double v)
{
    int declared = 0;
    double nodata = type == WEFT_I64   ? (double)GDALGetRasterNoDataValueAsInt64(band, &declared)
                    : type == WEFT_U64 ? (double)GDALGetRasterNoDataValueAsUInt64(band, &declared)
                                       : GDALGetRasterNoDataValue(band, &declared);

    return declared && v == (type == WEFT_F32 ? (double)(float)nodata : nodata);
}

static GDALRasterBandH alpha_of(GDALDatasetH data)
{
    for (int i = GDALGetRasterCount(data); i >= 1; i--) {
        GDALRasterBandH band = GDALGetRasterBand(data, i);

        if (GDALGetRasterColorInterpretation(band) == GCI_AlphaBand)
            return band;
    }
    return NULL;
}

/* Pixels of a band, NaN where weft takes them to be invalid; gone: room for its mask. */
static bool read_band(const WfProbe *probe, GDALDatasetH data, int number, double *v, double *gone)
{
    GDALRasterBandH band = GDALGetRasterBand(data, number + 1), alpha = alpha_of(data), mask = NULL;
    int flags = GDALGetMaskFlags(band), pixels = probe->width * probe->height;
    WeftType type = wf_gdal_type(band);

    if (flags != GMF_NODATA && !(flags & (GMF_ALL_VALID | GMF_ALPHA)))
        mask = GDALGetMaskBand(band);
    else if (alpha != band)
        mask = alpha;
    if (transfer(band, GF_Read, v, probe->width, probe->height, wf_gdal_signed_byte(type)) !=
            CE_None ||
        (mask && transfer(mask, GF_Read, gone, probe->width, probe->height, false) != CE_None))
        return false;
    for (int i = 0; i < pixels; i++)
        if (is_nodata(band, type, v[i]) || (mask && gone[i] == 0))
            v[i] = NAN;
    return true;
}

static void compare(const double *wrote, const double *found, int count, bool alpha,
                    WfProbed *result)
{
    for (int i = 0; i < count; i++) {
        double was = alpha && isnan(wrote[i]) ? 0 : wrote[i];

        if (isnan(was) != isnan(found[i])) {
            result->valid = false;
        } else if (!isnan(was) && was != found[i] && result->same) {
            result->same = false;
            result->wrote = was;
            result->found = found[i];
        }
    }
}

bool wf_probe_compare(const WfProbe *probe, GDALDatasetH data, WfProbed *result)
{
    const WfSinkFile *file = probe->file;
    size_t pixels = (size_t)probe->width * (size_t)probe->height;
    double *buffer;
    bool done;

    *result = (WfProbed) { .valid = true, .same = true };
    if (GDALGetRasterXSize(data) != probe->width || GDALGetRasterYSize(data) != probe->height ||
        GDALGetRasterCount(data) != file->band_count)
        return false;
    buffer = wf_calloc(2 * pixels, sizeof *buffer, NULL);
    done = buffer != NULL;
    for (int band = 0; done && band < file->band_count; band++) {
        done = read_band(probe, data, band, buffer, buffer + pixels);
        if (done)
            compare(probe->values + (size_t)band * pixels, buffer, (int)pixels,
                    is_alpha(file, band), result);
    }
    wf_free(buffer);
    return done;
}
