/*
 * store.h - raster files as a few calls: open, block layout, read a block, close.
 *
 * A WfStores is a set of opened files, numbered from 0. GDAL serves one thread at a time per
 * handle, so a file has one handle for each `hand` (a worker's number; 0 is also the caller's own
 * thread), opened when first needed; each hand closes its least recently used ones, so that all
 * hands together hold at most half of RLIMIT_NOFILE.
 */
#ifndef WF_STORE_H
#define WF_STORE_H

#include "base/err.h"
#include "graph/graph.h"

typedef struct WfStores WfStores;

WfStores *wf_stores_new(WeftErr *err);
void wf_stores_free(WfStores *stores);
/* Prepare for this many hands; no reading may be going on. */
bool wf_stores_hands(WfStores *stores, int hands, WeftErr *err);

/* Open a file and describe it; gives its number, or -1. The same path gives the same number. `file`
 * (owned by the stores) describes it: types, nodata, masks as the file declares them, CRS
 * canonical, AREA_OR_POINT applied. Complex types, no bands and unknown formats are errors. */
int wf_stores_open(WfStores *stores, const char *path, WeftErr *err);
const WeftFile *wf_stores_file(const WfStores *stores, int store);
/* What is legal in a file and probably not meant: one line, or NULL. */
const char *wf_stores_doubt(const WfStores *stores, int store);

/* Describe band (from 1) or its mask as a source. For masks (has_mask must hold) 0 is invalid; the
 * type is u8, or that of an alpha band, whose nodata value is none. Nodata is that of the file; a
 * value the type cannot hold is dropped, with *dropped set. */
bool wf_stores_source(WfStores *stores, int store, int band, bool mask, WfSource *source,
                      bool *dropped, WeftErr *err);
bool wf_stores_has_mask(const WfStores *stores, int store,
                        int band); /* mask or alpha band, not nodata */

/* Rasters in memory, for tests, embedding and generated coordinates: `read` fills one block. */
typedef bool WfMemRead(void *context, int band, int64_t block_x, int64_t block_y, void *pixels,
                       WeftErr *err);
int wf_stores_add_memory(WfStores *stores, const WeftFile *file, WfMemRead *read, void *context,
                         WeftErr *err);
/* Longitude (band 1) and latitude (band 2) in degrees of pixel centres of a grid, as f64. */
int wf_stores_add_lonlat(WfStores *stores, const WeftGrid *grid, WeftErr *err);

/* Decode block (block_x, block_y) of all given bands with one handle: band i goes to pixels +
 * offsets[i], block_width * block_height pixels in the band's type, row by row. Pixels of an edge
 * block beyond the image are left as they come. Gives the bytes of decoded pixels in *bytes. */
bool wf_store_read(WfStores *stores, int store, int hand, int64_t block_x, int64_t block_y,
                   const int *bands, int band_count, const size_t *offsets, void *pixels,
                   int64_t *bytes, WeftErr *err);

/* A CRS in any form GDAL understands to canonical WKT (io/crs.c): equal systems (axis order
 * aside) give equal text. Owned by the stores. */
const char *wf_stores_crs(WfStores *stores, const char *text, WeftErr *err);
/* Such a text without what it says of heights, alike canonical; NULL: it says nothing of them. */
const char *wf_stores_flat(const WfStores *stores, const char *text);

/* Text for people: grid, bands, types, nodata, block layout, and what will be slow. */
bool wf_store_info(WfStores *stores, int store, WfText *text, WeftErr *err);

#endif
