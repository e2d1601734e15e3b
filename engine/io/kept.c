/*
 * kept.c - a raster that one phase of a run leaves for a later one, in a file without a name.
 *
 * Blocks lie one after another, row by row, each whole also at the edges. As the file has no name,
 * its space is free when it is closed.
 */
#include "io/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/refuse.h"
#include "io/temporary.h"

struct WfKept {
    char *name;
    WeftGrid grid; /* crs is owned */
    WeftType type;
    int64_t columns, rows; /* of blocks */
    size_t pixel_bytes, block_bytes;
    char folder[WF_PATH_MAX];
    int fd; /* -1: not made yet */
};

WfKept *wf_kept_new(const char *name, const WeftGrid *grid, WeftType type, WeftErr *err)
{
    WfKept *kept = wf_zalloc(sizeof *kept, err);
    bool named;

    if (!kept)
        return NULL;
    kept->fd = -1;
    kept->grid = *grid;
    kept->type = type;
    kept->columns = (grid->width + WF_KEPT_BLOCK - 1) / WF_KEPT_BLOCK;
    kept->rows = (grid->height + WF_KEPT_BLOCK - 1) / WF_KEPT_BLOCK;
    kept->pixel_bytes = (size_t)wf_pixel(type)->bytes;
    kept->block_bytes = WF_KEPT_BLOCK * WF_KEPT_BLOCK * kept->pixel_bytes;
    kept->grid.crs = grid->crs ? wf_strdup(grid->crs, err) : NULL;
    kept->grid.flat = grid->flat ? wf_strdup(grid->flat, err) : NULL;
    kept->name = wf_strdup(name, err);
    named = kept->name && (kept->grid.crs || !grid->crs) && (kept->grid.flat || !grid->flat);
    if (named)
        return kept;
    wf_kept_free(kept);
    return NULL;
}

void wf_kept_free(WfKept *kept)
{
    if (!kept)
        return;
    if (kept->fd >= 0)
        close(kept->fd);
    wf_free((char *)kept->grid.crs);
    wf_free((char *)kept->grid.flat);
    wf_free(kept->name);
    wf_free(kept);
}

int64_t wf_kept_bytes(const WfKept *kept)
{
    return kept->columns * kept->rows * (int64_t)kept->block_bytes;
}

static off_t place_of(const WfKept *kept, int64_t block_x, int64_t block_y)
{
    return (off_t)(block_y * kept->columns + block_x) * (off_t)kept->block_bytes;
}

static bool read_block(void *context, int band, int64_t block_x, int64_t block_y, void *pixels,
                       WeftErr *err)
{
    const WfKept *kept = context;
    off_t place = place_of(kept, block_x, block_y);
    size_t done = 0;

    (void)band;
    while (done < kept->block_bytes) {
        ssize_t got =
            pread(kept->fd, (char *)pixels + done, kept->block_bytes - done, place + (off_t)done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return wf_fail(err, WEFT_EIO, "cannot read the temporary file in %s: %s", kept->folder,
                           got < 0 ? strerror(errno) : "it is too short");
        done += (size_t)got;
    }
    return true;
}

int wf_kept_store(WfKept *kept, WfStores *stores, WeftErr *err)
{
    const WeftBand band = { .name = "", .type = kept->type, .scale = 1, .mask = "none" };
    const WeftFile file = { .path = kept->name,
                            .driver = "temporary",
                            .grid = kept->grid,
                            .band_count = 1,
                            .bands = &band,
                            .block_width = WF_KEPT_BLOCK,
                            .block_height = WF_KEPT_BLOCK,
                            .compression = "none",
                            .interleave = "band",
                            .bytes = -1 };

    return wf_stores_add_memory(stores, &file, read_block, kept, err);
}

static void find_folder(WfKept *kept, const char *beside)
{
    const char *slash = beside ? strrchr(beside, '/') : NULL, *folder = getenv("TMPDIR");

    if (slash)
        snprintf(kept->folder, sizeof kept->folder, "%.*s", (int)(slash - beside) + 1, beside);
    else if (beside)
        snprintf(kept->folder, sizeof kept->folder, ".");
    else
        snprintf(kept->folder, sizeof kept->folder, "%s", folder && *folder ? folder : "/tmp");
}

static bool fail_make(const WfKept *kept, WeftErr *err)
{
    int reason = errno;

    wf_fail(err, WEFT_EIO, "cannot keep %s in a temporary file of %lld MB in %s: %s", kept->name,
            (long long)(wf_kept_bytes(kept) >> 20), kept->folder, strerror(reason));
    return wf_hint(err, "temporary files lie beside the first output; without one, in TMPDIR");
}

/* Not every file system can reserve space; there a full disk shows when a tile is written. */
static bool reserve(const WfKept *kept)
{
    off_t bytes = (off_t)wf_kept_bytes(kept);
    int failed;

    do
        failed = fallocate(kept->fd, 0, 0, bytes);
    while (failed && errno == EINTR);
    return !failed || (errno == EOPNOTSUPP && ftruncate(kept->fd, bytes) == 0);
}

bool wf_kept_begin(WfKept *kept, const char *beside, WeftErr *err)
{
    find_folder(kept, beside);
    if (!wf_io_allow(WF_REFUSE_WRITE, kept->name, err))
        return false;
    kept->fd = wf_temporary_nameless(kept->folder);
    return (kept->fd >= 0 && reserve(kept)) || fail_make(kept, err);
}

/* All bytes of the lines to one place; the lines are used up. */
static bool write_lines(const WfKept *kept, struct iovec *line, int count, off_t place,
                        WeftErr *err)
{
    while (count > 0) {
        ssize_t put = pwritev(kept->fd, line, count, place);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return wf_fail(err, WEFT_EIO, "cannot write the temporary file in %s: %s", kept->folder,
                           strerror(put < 0 ? errno : ENOSPC));
        place += put;
        for (; count > 0 && (size_t)put >= line->iov_len; line++, count--)
            put -= (ssize_t)line->iov_len;
        if (count > 0) {
            line->iov_base = (char *)line->iov_base + put;
            line->iov_len -= (size_t)put;
        }
    }
    return true;
}

/* One block of a tile. Its columns beyond the raster are filled with what lies there: nobody reads
 * them. */
static bool write_block(const WfKept *kept, WfRect part, const char *pixels, size_t stride,
                        WeftErr *err)
{
    static const char beyond[WF_KEPT_BLOCK * sizeof(double)];
    struct iovec lines[2 * WF_KEPT_BLOCK];
    size_t bytes = (size_t)(part.x1 - part.x0) * kept->pixel_bytes;
    size_t rest = WF_KEPT_BLOCK * kept->pixel_bytes - bytes;
    int count = 0;

    for (int64_t row = 0; row < part.y1 - part.y0; row++) {
        lines[count++] = (struct iovec) { (char *)pixels + (size_t)row * stride, bytes };
        if (rest > 0)
            lines[count++] = (struct iovec) { (char *)beyond, rest };
    }
    return write_lines(kept, lines, count,
                       place_of(kept, part.x0 / WF_KEPT_BLOCK, part.y0 / WF_KEPT_BLOCK), err);
}

bool wf_kept_write(const WfKept *kept, WfRect rect, const void *pixels, size_t stride, WeftErr *err)
{
    WfRect part;

    if (!wf_io_allow(WF_REFUSE_WRITE, kept->name, err))
        return false;
    if (rect.x0 % WF_KEPT_BLOCK != 0 || rect.y0 % WF_KEPT_BLOCK != 0)
        return wf_fail(err, WEFT_EBUG, "%s: a tile does not fit the blocks", kept->name);
    for (part.y0 = rect.y0; part.y0 < rect.y1; part.y0 = part.y1) {
        part.y1 = part.y0 + WF_KEPT_BLOCK < rect.y1 ? part.y0 + WF_KEPT_BLOCK : rect.y1;
        for (part.x0 = rect.x0; part.x0 < rect.x1; part.x0 = part.x1) {
            const char *first = (const char *)pixels + (size_t)(part.y0 - rect.y0) * stride +
                                (size_t)(part.x0 - rect.x0) * kept->pixel_bytes;

            part.x1 = part.x0 + WF_KEPT_BLOCK < rect.x1 ? part.x0 + WF_KEPT_BLOCK : rect.x1;
            if (!write_block(kept, part, first, stride, err))
                return false;
        }
    }
    return true;
}
