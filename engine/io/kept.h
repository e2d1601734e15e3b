/*
 * kept.h - a raster that one phase of a run leaves for a later one, in a file without a name.
 *
 * Nothing of it stays when the process ends, in whatever way. It is described before anything runs;
 * the file is made when the run begins.
 */
#ifndef WF_KEPT_H
#define WF_KEPT_H

#include "base/rect.h"
#include "io/store.h"

enum { WF_KEPT_BLOCK = 512 };

typedef struct WfKept WfKept;

/* `name` is what messages call it. type: f32 or f64, NaN is invalid. */
WfKept *wf_kept_new(const char *name, const WeftGrid *grid, WeftType type, WeftErr *err);
void wf_kept_free(WfKept *kept); /* takes NULL */

/* As a store with one band; gives its number, or -1. It is read only while `kept` lives. */
int wf_kept_store(WfKept *kept, WfStores *stores, WeftErr *err);
int64_t wf_kept_bytes(const WfKept *kept);

/* Make the file, all of its space taken, in the folder of `beside`; NULL: in TMPDIR, or /tmp. */
bool wf_kept_begin(WfKept *kept, const char *beside, WeftErr *err);
/* Write one tile: its corner lies on the blocks, it ends on one or with the raster. Any thread,
 * disjoint rectangles. */
bool wf_kept_write(const WfKept *kept, WfRect rect, const void *pixels, size_t stride,
                   WeftErr *err);

#endif
