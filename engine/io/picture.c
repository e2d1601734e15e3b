/*
 * picture.c - RGBA pixels as a PNG file.
 *
 * Needs nothing. Writes the file under a temporary name, then renames it.
 */
#include "io/picture.h"

#include <cpl_string.h>
#include <stdio.h>

#include "io/gdal_call.h"
#include "io/leftover.h"
#include "io/site.h"
#include "io/temporary.h"

enum { CHANNELS = 4 };

/* A raster that is the caller's memory; NULL if GDAL fails. */
static GDALDatasetH wrap(const uint8_t *rgba, int width, int height)
{
    static const GDALColorInterp meanings[CHANNELS] = { GCI_RedBand, GCI_GreenBand, GCI_BlueBand,
                                                        GCI_AlphaBand };
    GDALDatasetH data =
        GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 0, GDT_Byte, NULL);

    for (int i = 0; data && i < CHANNELS; i++) {
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

bool wf_picture_write(const char *path, const uint8_t *rgba, int width, int height, WeftWarn *warn,
                      void *context, WeftErr *err)
{
    GDALDriverH png;
    GDALDatasetH from, to = NULL;
    char final[WF_PATH_MAX];
    WfTemporary temporary;
    WfCall call;
    bool done = false;

    if (width < 1 || height < 1)
        return wf_fail(err, WEFT_EARG, "a picture of %d x %d pixels cannot be written", width,
                       height);
    wf_gdal_start();
    png = GDALGetDriverByName("PNG");
    if (!png)
        return wf_fail(err, WEFT_EHOST, "this GDAL cannot write PNG");
    if (!wf_site_check(path, false, err) || !wf_site_find(path, final, err))
        return false;
    wf_leftover_clear(final, warn, context);
    if (!wf_temporary_apart(&temporary, final, err))
        return false;
    wf_call_begin(&call);
    from = wrap(rgba, width, height);
    to = from ? GDALCreateCopy(png, temporary.path, from, FALSE, NULL, NULL, NULL) : NULL;
    if (to)
        GDALClose(to);
    if (from)
        GDALClose(from);
    wf_call_end(&call);
    if (!to || call.failed)
        wf_call_fail(&call, err, temporary.path, "cannot write %s", path);
    else
        done = wf_temporary_place(&temporary, final, false, err);
    wf_temporary_drop(&temporary);
    return done;
}
