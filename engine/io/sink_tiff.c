/*
 * sink_tiff.c - GeoTIFF without compression: laid out by GDAL, written by all workers.
 *
 * GDAL lays the tiles one after another and leaves them to be filled; the offsets in the file's
 * directory are read back, and each tile is one write at its offset. What a tile has beyond the
 * raster is zero. Nodata is set last: set before, it would make GDAL fill every tile.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/gdal_call.h"
#include "io/sink_kind.h"

enum { PIECES = 1024 }; /* of memory in one write: what Linux takes */

static const char zeros[1 << 16]; /* as long as the longest row of a tile */

/* Pieces of memory that lie one after another in the file. */
typedef struct Gather {
    int fd;
    int64_t offset;
    struct iovec pieces[PIECES];
    int count;
} Gather;

static bool read_offsets(WfSink *sink, GDALDatasetH data, WeftErr *err)
{
    int64_t *offset = sink->offsets;
    char key[64];

    for (int band = 1; band <= sink->band_count; band++) {
        GDALRasterBandH handle = GDALGetRasterBand(data, band);

        for (int64_t y = 0; y < wf_sink_rows(sink); y++)
            for (int64_t x = 0; x < wf_sink_columns(sink); x++) {
                const char *value;

                snprintf(key, sizeof key, "BLOCK_OFFSET_%lld_%lld", (long long)x, (long long)y);
                value = GDALGetMetadataItem(handle, key, "TIFF");
                *offset = value ? strtoll(value, NULL, 10) : 0;
                if (*offset++ <= 0)
                    return wf_fail(err, WEFT_EBUG, "%s: GDAL gave block (%lld, %lld) no place",
                                   sink->path, (long long)x, (long long)y);
            }
    }
    return true;
}

static bool find_offsets(WfSink *sink, WeftErr *err)
{
    static const char *const drivers[] = { "GTiff", NULL };
    GDALDatasetH data;
    WfCall call;
    bool done = false;

    wf_call_begin(&call);
    data = GDALOpenEx(sink->raw.path, GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, NULL, NULL);
    if (data) {
        done = read_offsets(sink, data, err);
        GDALClose(data);
    }
    wf_call_end(&call);
    return done || wf_call_fail(&call, err, sink->raw.path, "cannot write %s", sink->path);
}

/* pwritev may write less than it is given. */
static bool flush(Gather *gather)
{
    struct iovec *piece = gather->pieces;
    int count = gather->count;

    while (count > 0) {
        ssize_t written = pwritev(gather->fd, piece, count, gather->offset);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written == 0 ? ENOSPC : errno;
            return false;
        }
        gather->offset += written;
        while (count > 0 && (size_t)written >= piece->iov_len) {
            written -= (ssize_t)piece->iov_len;
            piece++;
            count--;
        }
        if (count > 0) {
            piece->iov_base = (char *)piece->iov_base + written;
            piece->iov_len -= (size_t)written;
        }
    }
    gather->count = 0;
    return true;
}

/* Memory that goes on where the last piece ended makes it longer. */
static bool add_piece(Gather *gather, const char *from, size_t bytes)
{
    struct iovec *last = gather->count ? &gather->pieces[gather->count - 1] : NULL;

    if (bytes == 0)
        return true;
    if (last && (char *)last->iov_base + last->iov_len == from && from != zeros) {
        last->iov_len += bytes;
        return true;
    }
    if (gather->count == PIECES && !flush(gather))
        return false;
    gather->pieces[gather->count++] = (struct iovec) { (void *)from, bytes };
    return true;
}

static bool write_block(const WfSink *sink, int64_t offset, WfRect block, const char *from,
                        size_t stride)
{
    size_t size = (size_t)wf_pixel(sink->type)->bytes;
    size_t row_bytes = (size_t)sink->make.block_width * size;
    size_t filled = (size_t)wf_rect_width(block) * size;
    int64_t height = wf_rect_height(block);
    Gather gather;

    gather.fd = sink->fd;
    gather.offset = offset;
    gather.count = 0;
    for (int64_t row = 0; row < height; row++)
        if (!add_piece(&gather, from + (size_t)row * stride, filled) ||
            !add_piece(&gather, zeros, row_bytes - filled))
            return false;
    for (int64_t row = height; row < sink->make.block_height; row++)
        if (!add_piece(&gather, zeros, row_bytes))
            return false;
    return flush(&gather);
}

bool wf_tiff_open(WfSink *sink, const WfSinkFile *file, WeftErr *err)
{
    size_t count = (size_t)(wf_sink_columns(sink) * wf_sink_rows(sink)) * (size_t)sink->band_count;
    GDALDatasetH data;

    sink->offsets = wf_calloc(count, sizeof *sink->offsets, err);
    if (!sink->offsets)
        return false;
    data = wf_gdal_create(sink, file, err);
    if (!data || !wf_gdal_close(sink, data, err) || !find_offsets(sink, err))
        return false;
    sink->fd = sink->raw.lock;
    return true;
}

bool wf_tiff_write(WfSink *sink, int band, WfRect rect, const char *pixels, size_t stride,
                   WeftErr *err)
{
    int width = sink->make.block_width, height = sink->make.block_height;
    WfRect blocks = wf_rect_cells(rect, width, height);
    size_t size = (size_t)wf_pixel(sink->type)->bytes;

    for (int64_t y = blocks.y0; y < blocks.y1; y++)
        for (int64_t x = blocks.x0; x < blocks.x1; x++) {
            WfRect block = wf_rect_meet(
                rect, (WfRect) { x * width, y * height, (x + 1) * width, (y + 1) * height });
            int64_t number = (band * wf_sink_rows(sink) + y) * wf_sink_columns(sink) + x;
            const char *from = pixels + (size_t)(block.y0 - rect.y0) * stride +
                               (size_t)(block.x0 - rect.x0) * size;

            if (!write_block(sink, sink->offsets[number], block, from, stride))
                return wf_fail(err, WEFT_EIO, "cannot write %s: %s", sink->path, strerror(errno));
        }
    return true;
}

/* What a file system has kept to itself until now it says when a descriptor is closed, also one of
 * several. */
static bool close_once(int file)
{
    int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);

    return copy >= 0 && close(copy) == 0;
}

bool wf_tiff_finish(WfSink *sink, WeftErr *err)
{
    static const char *const drivers[] = { "GTiff", NULL };
    bool closed = close_once(sink->fd);
    GDALDatasetH data;
    WfCall call;
    bool done;

    sink->fd = -1;
    if (!closed)
        return wf_fail(err, WEFT_EIO, "cannot write %s: %s", sink->path, strerror(errno));
    if (!sink->has_nodata)
        return true;
    wf_call_begin(&call);
    data = GDALOpenEx(sink->raw.path, GDAL_OF_RASTER | GDAL_OF_UPDATE | GDAL_OF_VERBOSE_ERROR,
                      drivers, NULL, NULL);
    wf_call_end(&call);
    if (!data)
        return wf_call_fail(&call, err, sink->raw.path, "cannot finish %s", sink->path);
    done = wf_gdal_set_nodata(sink, data, err);
    return wf_gdal_close(sink, data, done ? err : NULL) && done;
}
