/*
 * picture.c - RGBA pixels as a file of the format that its name says: PNG, JPEG, WEBP, TIFF ...
 *
 * Needs nothing. Writes the file under a temporary name, then renames it. What a format can hold is
 * tried on a few pixels, in memory or under that name.
 */
#include "io/picture.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "io/format.h"
#include "io/gdal_call.h"
#include "io/leftover.h"
#include "io/site.h"
#include "io/temporary.h"

enum { CHANNELS = 4, OPAQUE = 3, TRIAL = 16, WHITE = 255 };

/* A raster of the first `channels` of pixels that are the caller's memory; NULL if GDAL fails. */
static GDALDatasetH wrap(const uint8_t *rgba, int width, int height, int channels)
{
    static const GDALColorInterp meanings[CHANNELS] = { GCI_RedBand, GCI_GreenBand, GCI_BlueBand,
                                                        GCI_AlphaBand };
    GDALDatasetH data =
        GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 0, GDT_Byte, NULL);

    for (int i = 0; data && i < channels; i++) {
        char pointer[64] = "DATAPOINTER=", line[64];
        char *options[] = { pointer, "PIXELOFFSET=4", line, NULL };
        int end = CPLPrintPointer(pointer + 12, (void *)(rgba + i), (int)sizeof pointer - 13);

        pointer[12 + end] = '\0';
        snprintf(line, sizeof line, "LINEOFFSET=%lld", (long long)width * CHANNELS);
        if (GDALAddBand(data, GDT_Byte, options) != CE_None) {
            GDALClose(data);
            return NULL;
        }
        GDALSetRasterColorInterpretation(GDALGetRasterBand(data, i + 1), meanings[i]);
    }
    return data;
}

/* Nothing of it goes to a file of GDAL's own beside it. */
static bool copy(GDALDriverH driver, const char *path, GDALDatasetH from, WfCall *call)
{
    static const char beside[] = "GDAL_PAM_ENABLED";
    const char *set = CPLGetThreadLocalConfigOption(beside, NULL);
    char *before = set ? CPLStrdup(set) : NULL;
    GDALDatasetH to;

    wf_call_begin(call);
    CPLSetThreadLocalConfigOption(beside, "NO");
    to = from ? GDALCreateCopy(driver, path, from, FALSE, NULL, NULL, NULL) : NULL;
    if (to)
        GDALClose(to);
    CPLSetThreadLocalConfigOption(beside, before);
    wf_call_end(call);
    CPLFree(before);
    return to && !call->failed;
}

/* Whether a file of the driver gives these channels back as what they are. */
static bool keeps(GDALDriverH driver, const char *path, int channels)
{
    static const uint8_t pixels[TRIAL * TRIAL * CHANNELS];
    GDALDatasetH from = wrap(pixels, TRIAL, TRIAL, channels), to = NULL;
    WfCall call;
    bool kept = copy(driver, path, from, &call);

    GDALClose(from);
    wf_call_begin(&call);
    if (kept)
        to = GDALOpen(path, GA_ReadOnly);
    kept = to && GDALGetRasterCount(to) == channels &&
           (channels < CHANNELS ||
            GDALGetRasterColorInterpretation(GDALGetRasterBand(to, channels)) == GCI_AlphaBand);
    GDALClose(to);
    wf_call_end(&call);
    return kept;
}

/* The pixels as they look on white paper. The caller frees them. */
static uint8_t *on_white(const uint8_t *rgba, int width, int height, WeftErr *err)
{
    size_t bytes = (size_t)width * (size_t)height * CHANNELS;
    uint8_t *drawn = wf_realloc(NULL, bytes, 1, err);

    for (size_t i = 0; drawn && i < bytes; i++) {
        int part = rgba[i / CHANNELS * CHANNELS + OPAQUE];

        drawn[i] = (uint8_t)((rgba[i] * part + WHITE * (WHITE - part) + WHITE / 2) / WHITE);
    }
    return drawn;
}

static bool write_pixels(GDALDriverH driver, const char *name, const char *path,
                         const uint8_t *rgba, int width, int height, int channels, WeftErr *err)
{
    GDALDatasetH from = wrap(rgba, width, height, channels);
    WfCall call;
    bool done = copy(driver, path, from, &call);

    GDALClose(from);
    return done || wf_call_fail(&call, err, path, "cannot write %s", name);
}

/* How many channels a file of the driver keeps: with alpha where it has it. 0 with err set. */
static int try_channels(GDALDriverH driver, const char *path, WeftErr *err)
{
    for (int channels = CHANNELS; channels >= OPAQUE; channels--)
        if (keeps(driver, path, channels))
            return channels;
    wf_fail(err, WEFT_EARG, "format %s cannot hold a picture in red, green and blue",
            GDALGetDriverShortName(driver));
    wf_hint(err, "a .png can, with what is invalid transparent; so can .jpg and .tif");
    return 0;
}

static bool draw(GDALDriverH driver, const char *name, const char *path, const uint8_t *rgba,
                 int width, int height, WeftErr *err)
{
    int channels = try_channels(driver, path, err);
    uint8_t *drawn = channels == OPAQUE ? on_white(rgba, width, height, err) : NULL;
    bool done =
        channels && (drawn || channels == CHANNELS) &&
        write_pixels(driver, name, path, drawn ? drawn : rgba, width, height, channels, err);

    wf_free(drawn);
    return done;
}

static GDALDriverH find_driver(const char *path, const char *format, WeftErr *err)
{
    wf_gdal_start();
    return wf_site_check(path, false, err) ? wf_format_driver(format, path, err) : NULL;
}

/* In memory, where the driver can write there, under a name that ends alike. */
static bool try_in_memory(GDALDriverH driver, const char *name, WeftErr *err)
{
    const char *slash = strrchr(name, '/'), *dot = strrchr(slash ? slash : name, '.');
    char folder[64], path[100];
    bool able;

    if (!GDALGetMetadataItem(driver, GDAL_DCAP_VIRTUALIO, NULL))
        return true;
    snprintf(folder, sizeof folder, "/vsimem/weft-%p", (const void *)&able);
    snprintf(path, sizeof path, "%s/trial%.16s", folder, dot ? dot : "");
    able = try_channels(driver, path, err);
    VSIRmdirRecursive(folder);
    return able;
}

bool wf_picture_check(const char *path, const char *format, WeftErr *err)
{
    GDALDriverH driver = find_driver(path, format, err);

    return (driver && try_in_memory(driver, path, err)) || wf_err_path(err, path, -1);
}

bool wf_picture_write(const char *path, const char *format, const uint8_t *rgba, int width,
                      int height, WeftWarn *warn, void *context, WeftErr *err)
{
    char final[WF_PATH_MAX];
    WfTemporary temporary;
    GDALDriverH driver;
    bool done;

    if (width < 1 || height < 1)
        return wf_fail(err, WEFT_EARG, "a picture of %d x %d pixels cannot be written", width,
                       height);
    driver = find_driver(path, format, err);
    if (!driver || !wf_site_find(path, final, err))
        return wf_err_path(err, path, -1);
    wf_leftover_clear(final, warn, context);
    if (!wf_temporary_apart(&temporary, final, err))
        return wf_err_path(err, path, -1);
    done = draw(driver, path, temporary.path, rgba, width, height, err) &&
           wf_temporary_place(&temporary, final, false, err);
    wf_temporary_drop(&temporary);
    return done || wf_err_path(err, path, -1);
}
