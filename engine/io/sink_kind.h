/*
 * sink_kind.h - what a sink is inside io/, and the ways a file is made.
 *
 * direct  a GeoTIFF is laid out by GDAL; all workers write its blocks at their offsets
 * else    blocks go through GDAL's GeoTIFF writer, one at a time
 * copy    either of these makes a plain GeoTIFF, of which the driver makes the file at the end
 */
#ifndef WF_SINK_KIND_H
#define WF_SINK_KIND_H

#include <gdal.h>
#include <pthread.h>
#include <stdatomic.h>

#include "io/gdal_call.h"
#include "io/kept.h"
#include "io/sink_file.h"
#include "io/temporary.h"

typedef struct WfMake {
    GDALDriverH driver; /* of the file */
    bool direct, copy;
    bool declined;                 /* exact pixels: the user has asked for less */
    int block_width, block_height; /* of the GeoTIFF that is written first */
    char **create;                 /* its creation options */
    char **options;                /* copy: the driver's */
} WfMake;

/* Everything that can be known before a file is made, and all that can be wrong. With a layout a
 * format that is no plain GeoTIFF is tried: what came of it goes there. */
bool wf_make_plan(WfMake *make, const WfSinkFile *file, WfLayout *layout, WeftErr *err);
bool wf_make_try(const WfMake *make, const WfSinkFile *file, WfLayout *layout, WeftErr *err);
void wf_make_free(WfMake *make); /* takes a half-made one */

typedef struct WfSink {
    bool memory;
    WeftRead read; /* memory */
    WfKept *kept;  /* or NULL: all goes there */

    const WfSinkFile *file; /* the caller's */
    char *path;             /* as the user wrote it */
    char *final;            /* with links followed */
    WfMake make;
    WfTemporary raw;   /* the GeoTIFF that is written */
    WfTemporary ready; /* copy: the file itself */
    int64_t width, height;
    int band_count; /* without the mask */
    WeftType type;
    int mask_count;
    bool has_nodata, keep, durable, placed;
    double nodata;

    int fd;            /* direct: the descriptor of raw; -1: none any more */
    int64_t *offsets;  /* direct: of block (x, y) of band b at (b * rows + y) * columns + x */
    GDALDatasetH data; /* writer; NULL: closed */
    pthread_mutex_t lock;
    bool locks;    /* lock is there */
    WfCall broken; /* writer, under the lock: why a block was not written; later ones fail alike */
    char *block;   /* writer: one block on its way to GDAL */
} WfSink;

/* Columns and rows of blocks. */
static inline int64_t wf_sink_columns(const WfSink *sink)
{
    return (sink->width + sink->make.block_width - 1) / sink->make.block_width;
}

static inline int64_t wf_sink_rows(const WfSink *sink)
{
    return (sink->height + sink->make.block_height - 1) / sink->make.block_height;
}

/* A new GeoTIFF with georeference and names, held under a temporary name; NULL with err set. */
GDALDatasetH wf_gdal_create(WfSink *sink, const WfSinkFile *file, WeftErr *err);
bool wf_gdal_set_nodata(const WfSink *sink, GDALDatasetH data, WeftErr *err);
/* Close what was written: an error that GDAL kept until then is one of ours. */
bool wf_gdal_close(const WfSink *sink, GDALDatasetH data, WeftErr *err);

/* The first file: laid out, written (type and rectangle are right), whole. */
bool wf_tiff_open(WfSink *sink, const WfSinkFile *file, WeftErr *err);
bool wf_tiff_write(WfSink *sink, int band, WfRect rect, const char *pixels, size_t stride,
                   WeftErr *err);
bool wf_tiff_finish(WfSink *sink, WeftErr *err);

bool wf_writer_open(WfSink *sink, const WfSinkFile *file, WeftErr *err);
bool wf_writer_write(WfSink *sink, int band, WfRect rect, const char *pixels, size_t stride,
                     WeftErr *err);
bool wf_writer_finish(WfSink *sink, WeftErr *err);

/* The file at `path` by the driver from the GeoTIFF at `raw`; what GDAL says is the caller's. It
 * stops once *cancel is set (NULL: it cannot be). */
bool wf_gdal_copy(const WfMake *make, const WfSinkFile *file, const char *raw, const char *path,
                  const atomic_bool *cancel);
/* The file itself from the whole GeoTIFF, unless that is cancelled meanwhile (NULL: it cannot be).
 */
bool wf_copy_finish(WfSink *sink, const atomic_bool *cancel, WeftErr *err);

/* Gives the bytes stored. */
int64_t wf_memory_write(const WeftRead *read, int band, WfRect rect, WeftType type,
                        const char *pixels, size_t stride);

#endif
