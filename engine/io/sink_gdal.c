/*
 * sink_gdal.c - files through GDAL: a new GeoTIFF, its writer behind a lock, copies to other
 * formats.
 *
 * Needs a WfMake. Blocks are given to GDAL whole, past its block cache. Writes the temporary files
 * of the sink.
 */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <string.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/gdal_call.h"
#include "io/meta.h"
#include "io/sink_kind.h"

static GDALDatasetH create(const WfSink *sink, const WfSinkFile *file, WeftErr *err)
{
    GDALDatasetH data;
    WfCall call;
    bool done;

    wf_call_begin(&call);
    data = GDALCreate(GDALGetDriverByName("GTiff"), sink->raw.path, (int)sink->width,
                      (int)sink->height, sink->band_count, wf_gdal_data_type(sink->type),
                      sink->make.create);
    done = data && wf_meta_write(data, file) && !call.failed;
    wf_call_end(&call);
    if (done)
        return data;
    wf_call_fail(&call, err, sink->raw.path, "cannot write %s", sink->path);
    if (data)
        wf_gdal_close(sink, data, NULL);
    return NULL;
}

/* GDAL makes the file itself, so it is held only afterwards, and made again where somebody has
 * removed it between. */
GDALDatasetH wf_gdal_create(WfSink *sink, const WfSinkFile *file, WeftErr *err)
{
    bool lost = true;

    while (lost) {
        GDALDatasetH data = NULL;

        if (wf_temporary_new(&sink->raw, sink->final, sink->make.copy ? ".tif" : NULL, err))
            data = create(sink, file, err);
        if (!data)
            return NULL;
        if (wf_temporary_hold(&sink->raw, &lost, err))
            return data;
        wf_gdal_close(sink, data, NULL);
        wf_temporary_drop(&sink->raw);
    }
    return NULL;
}

bool wf_gdal_set_nodata(const WfSink *sink, GDALDatasetH data, WeftErr *err)
{
    CPLErr done = CE_None;
    WfCall call;

    if (!sink->has_nodata)
        return true;
    wf_call_begin(&call);
    for (int i = 1; done == CE_None && i <= sink->band_count; i++)
        done = wf_gdal_nodata(GDALGetRasterBand(data, i), sink->type, sink->nodata);
    wf_call_end(&call);
    return (done == CE_None && !call.failed) ||
           wf_call_fail(&call, err, sink->raw.path, "cannot set nodata of %s", sink->path);
}

bool wf_gdal_close(const WfSink *sink, GDALDatasetH data, WeftErr *err)
{
    WfCall call;

    wf_call_begin(&call);
    GDALFlushCache(data);
    GDALClose(data);
    wf_call_end(&call);
    return !call.failed || wf_call_fail(&call, err, sink->raw.path, "cannot write %s", sink->path);
}

/* ------------------------------------------------------------------------------- writer */

static bool add_masks(WfSink *sink, WeftErr *err)
{
    int width = 0, height = 0;
    WfCall call;
    bool done;

    wf_call_begin(&call);
    done = wf_gdal_add_masks(sink->data, sink->mask_count);
    if (done)
        GDALGetBlockSize(GDALGetMaskBand(GDALGetRasterBand(sink->data, 1)), &width, &height);
    wf_call_end(&call);
    if (!done || call.failed)
        return wf_call_fail(&call, err, sink->raw.path, "cannot add a mask to %s", sink->path);
    return (width == sink->make.block_width && height == sink->make.block_height) ||
           wf_fail(err, WEFT_EBUG, "the mask of %s has blocks of another size", sink->path);
}

static CPLErr write_block(WfSink *sink, GDALRasterBandH band, int size, int64_t x, int64_t y,
                          WfRect rect, const char *pixels, size_t stride)
{
    int width = sink->make.block_width, height = sink->make.block_height;
    WfRect block =
        wf_rect_meet(rect, (WfRect) { x * width, y * height, (x + 1) * width, (y + 1) * height });
    size_t row_bytes = (size_t)width * (size_t)size;
    size_t filled = (size_t)wf_rect_width(block) * (size_t)size;
    const char *from = pixels + (size_t)(block.y0 - rect.y0) * stride +
                       (size_t)(block.x0 - rect.x0) * (size_t)size;

    for (int row = 0; row < height; row++) {
        char *to = sink->block + (size_t)row * row_bytes;
        size_t copied = row < wf_rect_height(block) ? filled : 0;

        memcpy(to, from + (copied ? (size_t)row * stride : 0), copied);
        memset(to + copied, 0, row_bytes - copied);
    }
    return GDALWriteBlock(band, (int)x, (int)y, sink->block);
}

bool wf_writer_open(WfSink *sink, const WfSinkFile *file, WeftErr *err)
{
    size_t size = (size_t)wf_pixel(sink->type)->bytes;

    sink->block =
        wf_calloc((size_t)sink->make.block_width * (size_t)sink->make.block_height, size, err);
    if (!sink->block)
        return false;
    if (pthread_mutex_init(&sink->lock, NULL) != 0)
        return wf_fail(err, WEFT_EMEM, "no memory for a lock");
    sink->locks = true;
    sink->data = wf_gdal_create(sink, file, err);
    return sink->data && wf_gdal_set_nodata(sink, sink->data, err) &&
           (!sink->mask_count || add_masks(sink, err));
}

bool wf_writer_write(WfSink *sink, int number, WfRect rect, const char *pixels, size_t stride,
                     WeftErr *err)
{
    bool mask = number >= sink->band_count;
    int size = mask ? 1 : wf_pixel(sink->type)->bytes;
    WfRect blocks = wf_rect_cells(rect, sink->make.block_width, sink->make.block_height);
    GDALRasterBandH band;
    WfCall *broken = &sink->broken, call;
    CPLErr done = CE_None;

    pthread_mutex_lock(&sink->lock);
    wf_call_begin(&call);
    band = GDALGetRasterBand(sink->data, (mask ? number - sink->band_count : number) + 1);
    band = mask ? GDALGetMaskBand(band) : band;
    for (int64_t y = blocks.y0; !broken->failed && y < blocks.y1; y++)
        for (int64_t x = blocks.x0; !broken->failed && x < blocks.x1; x++) {
            done = write_block(sink, band, size, x, y, rect, pixels, stride);
            if (done != CE_None || call.failed) {
                *broken = call;
                broken->failed = true;
            }
        }
    wf_call_end(&call);
    call = *broken;
    pthread_mutex_unlock(&sink->lock);
    return !call.failed || wf_call_fail(&call, err, sink->raw.path, "cannot write %s", sink->path);
}

bool wf_writer_finish(WfSink *sink, WeftErr *err)
{
    GDALDatasetH data = sink->data;

    sink->data = NULL;
    return wf_gdal_close(sink, data, err);
}

/* ------------------------------------------------------------------------------- copies */

/* A view of the GeoTIFF that says what a GeoTIFF cannot: colours of any band, names of classes. */
static GDALDatasetH view_of(GDALDatasetH from, const WfSinkFile *file)
{
    GDALDatasetH view =
        GDALCreateCopy(GDALGetDriverByName("VRT"), "", from, FALSE, NULL, NULL, NULL);

    if (!view || wf_meta_write(view, file))
        return view;
    GDALClose(view);
    return NULL;
}

/* Asked by drivers now and then: is it to go on? */
static int CPL_STDCALL go_on(double done, const char *message, void *context)
{
    const atomic_bool *cancel = context;

    (void)done;
    (void)message;
    return !cancel || !atomic_load_explicit(cancel, memory_order_relaxed);
}

bool wf_gdal_copy(const WfMake *make, const WfSinkFile *file, const char *raw, const char *path,
                  const atomic_bool *cancel)
{
    GDALDatasetH from = GDALOpenEx(raw, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                   NULL, NULL, NULL);
    GDALDatasetH view = from && file->meanings ? view_of(from, file) : NULL, to = NULL;

    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
    if (from && (view || !file->meanings))
        to = GDALCreateCopy(make->driver, path, view ? view : from, FALSE, make->options, go_on,
                            (void *)cancel);
    if (to)
        GDALClose(to);
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", NULL);
    if (view)
        GDALClose(view);
    if (from)
        GDALClose(from);
    return to != NULL;
}

bool wf_copy_finish(WfSink *sink, const atomic_bool *cancel, WeftErr *err)
{
    WfCall call;
    bool done;

    if (!wf_temporary_apart(&sink->ready, sink->final, err))
        return false;
    if (sink->file->meanings)
        wf_gdal_allow_cache();
    wf_call_begin(&call);
    done = wf_gdal_copy(&sink->make, sink->file, sink->raw.path, sink->ready.path, cancel);
    wf_call_end(&call);
    if (!go_on(1, NULL, (void *)cancel))
        return wf_fail(err, WEFT_ECANCEL, "interrupted");
    if (!done || call.failed)
        return wf_call_fail(&call, err, sink->ready.path, "cannot write %s as %s", sink->path,
                            GDALGetDriverShortName(sink->make.driver));
    wf_temporary_drop(&sink->raw);
    return true;
}
