/*
 * sink.h - outputs: under a temporary name until whole, then renamed. Numbered from 0 in a WfSinks.
 *
 * A GeoTIFF without compression whose bands are separate is laid out through GDAL and its blocks
 * are written by all workers with pwrite at their offsets; everything else goes through GDAL's own
 * writer behind a lock.
 */
#ifndef WF_SINK_H
#define WF_SINK_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/rect.h"
#include "graph/graph.h"
#include "io/kept.h"
#include "io/sink_file.h"

typedef struct WfSinks WfSinks;

WfSinks *wf_sinks_new(WeftErr *err);
/* Removes the temporaries of sinks that were not committed. Takes NULL. */
void wf_sinks_free(WfSinks *sinks);

/* Told what is removed that killed runs have left beside outputs; before that nobody is. */
void wf_sinks_warn(WfSinks *sinks, WeftWarn *warn, void *context);
/* Copies to other formats, which are made at the end, stop once *cancel is set. */
void wf_sinks_cancel(WfSinks *sinks, const atomic_bool *cancel);

/* Create the temporary beside the final name. Gives the sink's number, or -1. The description must
 * stay until the sinks go. */
int wf_sinks_add_file(WfSinks *sinks, const WfSinkFile *file, WeftErr *err);
/* A window of pixels in memory: see WeftRead. */
int wf_sinks_add_memory(WfSinks *sinks, const WeftRead *read, WeftErr *err);
/* What a later phase reads; it has begun, and is the caller's. */
int wf_sinks_add_kept(WfSinks *sinks, WfKept *kept, WeftErr *err);

/* Write one tile of one band. rect is in pixels of the raster, its corner on the block grid (file
 * sinks); row r is at pixels + r * stride bytes, in the sink's type (memory sinks: `type`). Any
 * thread, disjoint rectangles. *bytes: written. */
bool wf_sink_write(WfSinks *sinks, int sink, int band, WfRect rect, WeftType type,
                   const void *pixels, size_t stride, int64_t *bytes, WeftErr *err);

/* All sinks are whole: set nodata, close, flush where durable, rename all. On failure nothing new
 * stands under a final name that can be helped: every file is finished before the first rename. */
bool wf_sinks_commit(WfSinks *sinks, WeftErr *err);

#endif
