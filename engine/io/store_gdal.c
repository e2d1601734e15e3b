/*
 * store_gdal.c - raster files through GDAL: opening handles and reading blocks.
 *
 * Needs a description (store_describe.c). A handle serves one thread at a time. Plain bands are
 * read with GDALReadBlock, past GDAL's block cache; masks, virtual files and bands whose blocks are
 * not the store's are read as windows. Writes the pixels it is asked for.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/pixel.h"
#include "io/gdal_call.h"
#include "io/store_kind.h"

/* Never an ordinary file's: the time of a file is not known better than this. */
WfStamp wf_store_stamp(const char *path)
{
    struct stat found;

    if (stat(path, &found) != 0 || !S_ISREG(found.st_mode))
        return (WfStamp) { .size = 0 };
    return (WfStamp) { .device = found.st_dev,
                       .inode = found.st_ino,
                       .size = found.st_size,
                       .seconds = found.st_mtim.tv_sec,
                       .nanoseconds = found.st_mtim.tv_nsec };
}

bool wf_store_same_stamp(const WfStamp *a, const WfStamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->seconds == b->seconds && a->nanoseconds == b->nanoseconds;
}

static bool same_layout(const WfStore *store, GDALDatasetH data)
{
    return GDALGetRasterXSize(data) == store->file.grid.width &&
           GDALGetRasterYSize(data) == store->file.grid.height &&
           GDALGetRasterCount(data) == store->file.band_count;
}

static void *open_file(const WfStore *store, WeftErr *err)
{
    WfStamp now = wf_store_stamp(store->real);
    GDALDatasetH data;
    WfCall call;

    wf_call_begin(&call);
    data = GDALOpenEx(store->file.path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                      NULL, NULL, NULL);
    wf_call_end(&call);
    if (!data) {
        wf_call_fail(&call, err, store->file.path, "cannot open %s again", store->file.path);
        return NULL;
    }
    if (wf_store_same_stamp(&now, &store->stamp) && same_layout(store, data))
        return data;
    GDALClose(data);
    wf_fail(err, WEFT_EIO, "%s has changed since it was opened", store->file.path);
    return NULL;
}

static void close_file(void *handle)
{
    WfCall call;

    wf_call_begin(&call); /* nothing was written, so nothing can be lost */
    GDALClose(handle);
    wf_call_end(&call);
}

/* What RasterIO reads for wf_store_read's `band`: the band itself, or its mask. */
static GDALRasterBandH find_band(GDALDatasetH data, int band)
{
    if (band <= WF_BAND_MASK)
        return GDALGetRasterBand(data, band);
    return GDALGetMaskBand(GDALGetRasterBand(data, band - WF_BAND_MASK));
}

static CPLErr read_window(const WfStore *store, GDALRasterBandH band, const WfBlockAsk *ask,
                          WeftType type, void *pixels)
{
    const WeftFile *file = &store->file;
    int size = wf_pixel(type)->bytes;

    return GDALRasterIOEx(band, GF_Read, (int)ask->x * file->block_width,
                          (int)ask->y * file->block_height, (int)ask->cols, (int)ask->rows, pixels,
                          (int)ask->cols, (int)ask->rows, wf_gdal_data_type(type), size,
                          (GSpacing)size * file->block_width, NULL);
}

static bool read_band(const WfStore *store, GDALDatasetH data, const WfBlockAsk *ask, int i,
                      WeftErr *err)
{
    int number = ask->bands[i];
    bool mask = number > WF_BAND_MASK;
    bool plain = !mask && store->bands[number - 1].plain;
    WeftType type = mask ? WEFT_U8 : store->file.bands[number - 1].type;
    char *pixels = ask->pixels + ask->offsets[i];
    GDALRasterBandH band;
    CPLErr done = CE_Failure;
    WfCall call;

    wf_call_begin(&call);
    band = find_band(data, number);
    if (band && plain)
        done = GDALReadBlock(band, (int)ask->x, (int)ask->y, pixels);
    else if (band)
        done = read_window(store, band, ask, type, pixels);
    wf_call_end(&call);
    if (done == CE_None && !call.failed && !call.damaged)
        return true;
    return wf_call_fail(&call, err, store->file.path, "cannot read block (%lld, %lld) of %s%d",
                        (long long)ask->x, (long long)ask->y, mask ? "the mask of band " : "band ",
                        mask ? number - WF_BAND_MASK : number);
}

static bool read_file(const WfStore *store, void *handle, const WfBlockAsk *ask, WeftErr *err)
{
    for (int i = 0; i < ask->band_count; i++)
        if (!read_band(store, handle, ask, i, err))
            return false;
    return true;
}

const WfStoreKind wf_store_gdal = { .open = open_file, .close = close_file, .read = read_file };
