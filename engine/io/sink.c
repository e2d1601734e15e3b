/*
 * sink.c - the outputs of a run: added, written to, and then all whole or none there.
 *
 * Needs the ways of sink_kind.h. While tiles are written nothing here is changed. Writes files
 * under temporary names and renames them.
 */
#include "io/sink.h"

#include <string.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/leftover.h"
#include "io/meta.h"
#include "io/refuse.h"
#include "io/sink_kind.h"

struct WfSinks {
    WfSink **sinks;
    int count, room;
    WeftWarn *warn; /* or NULL */
    void *warn_context;
    const atomic_bool *cancel; /* or NULL */
};

static void free_sink(WfSink *sink)
{
    if (sink->data)
        wf_gdal_close(sink, sink->data, NULL);
    if (sink->locks)
        pthread_mutex_destroy(&sink->lock);
    wf_temporary_drop(&sink->raw);
    wf_temporary_drop(&sink->ready);
    wf_make_free(&sink->make);
    wf_free(sink->offsets);
    wf_free(sink->block);
    wf_free(sink->path);
    wf_free(sink->final);
    wf_free(sink);
}

static WfSink *new_sink(WfSinks *sinks, WeftErr *err)
{
    WfSink *sink;

    if (!wf_grow(&sinks->sinks, sinks->count, &sinks->room, sizeof(WfSink *), err))
        return NULL;
    sink = wf_zalloc(sizeof *sink, err);
    if (sink)
        sink->fd = -1;
    return sink;
}

static int add_sink(WfSinks *sinks, WfSink *sink)
{
    sinks->sinks[sinks->count] = sink;
    return sinks->count++;
}

static bool open_sink(const WfSinks *sinks, WfSink *sink, const WfSinkFile *file, WeftErr *err)
{
    char final[WF_PATH_MAX];

    sink->file = file;
    if (!wf_make_plan(&sink->make, file, NULL, err) || !wf_site_find(file->path, final, err))
        return false;
    sink->path = wf_strdup(file->path, err);
    sink->final = wf_strdup(final, err);
    if (!sink->path || !sink->final)
        return false;
    sink->width = file->grid->width;
    sink->height = file->grid->height;
    sink->band_count = file->band_count;
    sink->type = file->type;
    sink->has_nodata = file->has_nodata;
    sink->nodata = file->nodata;
    sink->mask_count = file->mask_count;
    sink->keep = file->keep;
    sink->durable = file->durable;
    wf_leftover_clear(sink->final, sinks->warn, sinks->warn_context);
    return sink->make.direct ? wf_tiff_open(sink, file, err) : wf_writer_open(sink, file, err);
}

/* The rectangle begins on a block, ends on one or with the raster, and is of the sink's type. */
static bool check_write(const WfSink *sink, int band, WfRect rect, WeftType type, WeftErr *err)
{
    int width = sink->make.block_width, height = sink->make.block_height;
    bool mask = band >= sink->band_count && band < sink->band_count + sink->mask_count;
    WeftType wanted = mask ? WEFT_U8 : sink->type;
    bool same = type == wanted || (type == WEFT_U8 && wanted == WEFT_BOOL) ||
                (type == WEFT_BOOL && wanted == WEFT_U8);

    if (same && band >= 0 && (band < sink->band_count || mask) && !wf_rect_empty(rect) &&
        rect.x0 % width == 0 && rect.y0 % height == 0 && rect.x1 <= sink->width &&
        rect.y1 <= sink->height && (rect.x1 % width == 0 || rect.x1 == sink->width) &&
        (rect.y1 % height == 0 || rect.y1 == sink->height))
        return true;
    return wf_fail(err, WEFT_EBUG, "%s: a tile does not fit the blocks of band %d", sink->path,
                   band + 1);
}

/* Everything but the final name. */
static bool finish(WfSink *sink, const atomic_bool *cancel, WeftErr *err)
{
    bool done = wf_io_allow(WF_REFUSE_WRITE, sink->path, err) &&
                (sink->make.direct ? wf_tiff_finish(sink, err) : wf_writer_finish(sink, err));

    if (!done || (sink->make.copy && !wf_copy_finish(sink, cancel, err)))
        return false;
    wf_meta_mend(sink->make.copy ? sink->ready.path : sink->raw.path, sink->file);
    return !sink->durable || wf_temporary_sync(sink->make.copy ? &sink->ready : &sink->raw, err);
}

static bool place(WfSink *sink, WeftErr *err)
{
    return wf_io_allow(WF_REFUSE_WRITE, sink->path, err) &&
           wf_temporary_place(sink->make.copy ? &sink->ready : &sink->raw, sink->final, sink->keep,
                              err) &&
           (!sink->durable || wf_temporary_sync_folder(sink->final, err));
}

WfSinks *wf_sinks_new(WeftErr *err)
{
    return wf_zalloc(sizeof(WfSinks), err);
}

void wf_sinks_warn(WfSinks *sinks, WeftWarn *warn, void *context)
{
    sinks->warn = warn;
    sinks->warn_context = context;
}

void wf_sinks_cancel(WfSinks *sinks, const atomic_bool *cancel)
{
    sinks->cancel = cancel;
}

void wf_sinks_free(WfSinks *sinks)
{
    if (!sinks)
        return;
    for (int i = 0; i < sinks->count; i++)
        free_sink(sinks->sinks[i]);
    wf_free(sinks->sinks);
    wf_free(sinks);
}

int wf_sinks_add_file(WfSinks *sinks, const WfSinkFile *file, WeftErr *err)
{
    WfSink *sink = new_sink(sinks, err);

    if (!sink)
        return -1;
    if (open_sink(sinks, sink, file, err))
        return add_sink(sinks, sink);
    wf_err_path(err, file->path, -1);
    free_sink(sink);
    return -1;
}

int wf_sinks_add_memory(WfSinks *sinks, const WeftRead *read, WeftErr *err)
{
    WfSink *sink = new_sink(sinks, err);

    if (!sink)
        return -1;
    sink->memory = true;
    sink->read = *read;
    return add_sink(sinks, sink);
}

int wf_sinks_add_kept(WfSinks *sinks, WfKept *kept, WeftErr *err)
{
    WfSink *sink = new_sink(sinks, err);

    if (!sink)
        return -1;
    sink->kept = kept;
    return add_sink(sinks, sink);
}

bool wf_sink_write(WfSinks *sinks, int number, int band, WfRect rect, WeftType type,
                   const void *pixels, size_t stride, int64_t *bytes, WeftErr *err)
{
    WfSink *sink = sinks->sinks[number];
    bool done;

    *bytes = 0;
    if (sink->memory) {
        *bytes = wf_memory_write(&sink->read, band, rect, type, pixels, stride);
        return true;
    }
    if (sink->kept) {
        *bytes = wf_rect_area(rect) * wf_pixel(type)->bytes;
        return wf_kept_write(sink->kept, rect, pixels, stride, err);
    }
    done = check_write(sink, band, rect, type, err) &&
           wf_io_allow(WF_REFUSE_WRITE, sink->path, err) &&
           (sink->make.direct ? wf_tiff_write(sink, band, rect, pixels, stride, err)
                              : wf_writer_write(sink, band, rect, pixels, stride, err));
    if (!done)
        return wf_err_path(err, sink->path, -1);
    *bytes = wf_rect_area(rect) * wf_pixel(type)->bytes;
    return true;
}

static bool is_file(const WfSink *sink)
{
    return !sink->memory && !sink->kept;
}

bool wf_sinks_commit(WfSinks *sinks, WeftErr *err)
{
    for (int i = 0; i < sinks->count; i++)
        if (is_file(sinks->sinks[i]) && !finish(sinks->sinks[i], sinks->cancel, err))
            return wf_err_path(err, sinks->sinks[i]->path, -1);
    for (int i = 0; i < sinks->count; i++)
        if (is_file(sinks->sinks[i]) && !place(sinks->sinks[i], err))
            return wf_err_path(err, sinks->sinks[i]->path, -1);
    return true;
}
