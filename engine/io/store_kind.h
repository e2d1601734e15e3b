/*
 * store_kind.h - what a store is inside io/, and the kinds of them: files, memory, coordinates.
 */
#ifndef WF_STORE_KIND_H
#define WF_STORE_KIND_H

#include "io/crs.h"
#include "io/store.h"

typedef struct WfStore WfStore;

/* One call of wf_store_read. */
typedef struct WfBlockAsk {
    int64_t x, y;       /* the block */
    int64_t cols, rows; /* of it, inside the image */
    const int *bands;
    const size_t *offsets; /* of each band in pixels */
    int band_count;
    char *pixels;
} WfBlockAsk;

typedef struct WfStoreKind {
    /* A handle for one thread at a time; NULL with err set. A kind without open needs none. */
    void *(*open)(const WfStore *store, WeftErr *err);
    void (*close)(void *handle);
    bool (*read)(const WfStore *store, void *handle, const WfBlockAsk *ask, WeftErr *err);
} WfStoreKind;

/* What the public description of a band leaves out. */
typedef struct WfStoreBand {
    bool dropped;         /* a nodata value was declared that the type cannot hold */
    uint64_t nodata_bits; /* i64 and u64 */
    int mask;             /* the band that wf_store_read takes for the mask: an alpha band, or
                           * WF_BAND_MASK + n for GDAL's; 0: none */
    bool plain;           /* its blocks are the store's: read without GDAL's cache */
    WfMeaning meaning;    /* of its numbers as they are stored */
} WfStoreBand;

/* A file as it was when it was described; another one may take its name. */
typedef struct WfStamp {
    uint64_t device, inode;
    int64_t size, seconds, nanoseconds;
} WfStamp;

struct WfStore {
    const WfStoreKind *kind;
    WeftFile file;
    WfStoreBand *bands;   /* as many as file.bands */
    char *real;           /* its path without links, or as given */
    WfStamp stamp;        /* zero: no ordinary file */
    const WeftGrid *grid; /* coordinates: of what */
    const char *doubt;    /* what is to be told about it when it is opened, or NULL */
    WfMemRead *fill;      /* memory */
    void *context;
};

extern const WfStoreKind wf_store_gdal, wf_store_memory, wf_store_lonlat;

/* Describe the file store->file.path; texts go to the arena. Gives the handle used, or NULL. */
void *wf_store_gdal_describe(WfStore *store, WfArena *arena, WfSystems *systems, WeftErr *err);

/* Rasters that GDAL puts together from others have no blocks of their own. Ours are unions of the
 * blocks of the first source, so that few of these are decoded twice: some 512 pixels each way, or
 * whole rows where sources are strips. Given: file->path and what GDAL says of blocks. */
bool wf_store_is_virtual(const char *driver);
bool wf_store_virtual_blocks(WeftFile *file, WeftErr *err);
/* GDAL opens addresses in memory by name, whatever lies there. */
bool wf_store_refuse_memory(const char *path, WeftErr *err);

/* Of an ordinary file; zero for anything else. */
WfStamp wf_store_stamp(const char *path);
bool wf_store_same_stamp(const WfStamp *a, const WfStamp *b);

const WfStore *wf_stores_get(const WfStores *stores, int number);
/* The caller's own handle; NULL with err set. */
void *wf_stores_handle(WfStores *stores, int number, WeftErr *err);

/* Of the pixels of what wf_store_read takes as a band; u8 for masks. */
WeftType wf_store_band_type(const WfStore *store, int band);

/* ---- handles: one for each store and hand, opened when needed, least recently used closed first
 */

typedef struct WfHands WfHands;
WfHands *wf_hands_new(WeftErr *err); /* one hand */
void wf_hands_free(WfHands *hands);  /* closes all; takes NULL */
/* No reading may be going on: another number of hands, each ready for store_count stores. */
bool wf_hands_resize(WfHands *hands, int count, int store_count, WeftErr *err);
int wf_hands_count(const WfHands *hands);
void *wf_hands_get(WfHands *hands, int hand, const WfStore *store, WeftErr *err);
/* Hand 0 takes a handle that is open. Room for it must have been made. */
void wf_hands_adopt(WfHands *hands, const WfStore *store, void *handle);

#endif
