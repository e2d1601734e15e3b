/*
 * store.c - the set of opened rasters: numbers for paths, sources, blocks.
 *
 * Needs the kinds of store_kind.h. While blocks are read nothing here is written but the handles
 * of the reading hand.
 */
#include "io/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/gdal_call.h"
#include "io/refuse.h"
#include "io/store_kind.h"

struct WfStores {
    WfArena *arena; /* owns the stores and their texts */
    WfSystems *systems;
    WfHands *hands;
    WfStore **stores;
    int count, room;
};

static WfStore *new_store(WfStores *stores, WeftErr *err)
{
    if (!wf_grow(&stores->stores, stores->count, &stores->room, sizeof(WfStore *), err))
        return NULL;
    if (!wf_hands_resize(stores->hands, wf_hands_count(stores->hands), stores->count + 1, err))
        return NULL;
    return wf_arena_zalloc(stores->arena, sizeof(WfStore), err);
}

static int add_store(WfStores *stores, WfStore *store)
{
    stores->stores[stores->count] = store;
    return stores->count++;
}

/* The same file under any of its names, unless another one has taken its place. */
static int find_store(const WfStores *stores, const char *real)
{
    for (int i = stores->count - 1; i >= 0; i--) {
        const WfStore *store = stores->stores[i];
        WfStamp now;

        if (!store->real || strcmp(store->real, real) != 0)
            continue;
        now = wf_store_stamp(real);
        return wf_store_same_stamp(&now, &store->stamp) ? i : -1;
    }
    return -1;
}

static int open_file(WfStores *stores, const char *path, const char *real, WeftErr *err)
{
    WfStore *store = new_store(stores, err);
    void *handle;

    if (!store)
        return -1;
    store->kind = &wf_store_gdal;
    store->file.path = wf_arena_strdup(stores->arena, path, err);
    store->real = wf_arena_strdup(stores->arena, real, err);
    if (!store->file.path || !store->real)
        return -1;
    store->stamp = wf_store_stamp(real);
    handle = wf_store_gdal_describe(store, stores->arena, stores->systems, err);
    if (!handle)
        return -1;
    wf_hands_adopt(stores->hands, store, handle);
    return add_store(stores, store);
}

static const WfStore *find_band(const WfStores *stores, int store, int band, WeftErr *err)
{
    const WeftFile *file = &stores->stores[store]->file;

    if (band >= 1 && band <= file->band_count)
        return stores->stores[store];
    wf_fail(err, WEFT_ENAME, "%s has %d band%s, there is no band %d", file->path, file->band_count,
            file->band_count == 1 ? "" : "s", band);
    return NULL;
}

static bool same_grid(const WeftGrid *a, const WeftGrid *b)
{
    return a->width == b->width && a->height == b->height && a->georeferenced == b->georeferenced &&
           memcmp(a->transform, b->transform, sizeof a->transform) == 0 &&
           strcmp(a->crs ? a->crs : "", b->crs ? b->crs : "") == 0;
}

/* A copy of the description that lives as long as the stores. */
static bool copy_file(WfStores *stores, WeftFile *copy, const WeftFile *file, WeftErr *err)
{
    WeftBand *bands = wf_arena_zalloc(stores->arena, (size_t)file->band_count * sizeof *bands, err);
    const char **const texts[] = { &copy->path,       &copy->driver,   &copy->compression,
                                   &copy->interleave, &copy->grid.crs, &copy->grid.flat };

    *copy = *file;
    copy->bands = bands;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (*texts[i] && !(*texts[i] = wf_arena_strdup(stores->arena, *texts[i], err)))
            return false;
    for (int i = 0; bands && i < file->band_count; i++) {
        const char **const names[] = { &bands[i].name, &bands[i].interp, &bands[i].mask,
                                       &bands[i].unit };

        bands[i] = file->bands[i];
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (!(*names[k] = wf_arena_strdup(stores->arena, *names[k] ? *names[k] : "", err)))
                return false;
    }
    return bands;
}

static void band_details(const WeftBand *band, int number, WfStoreBand *details)
{
    details->plain = true;
    if (band->type == WEFT_I64 && band->has_nodata)
        details->nodata_bits = (uint64_t)strtoll(band->nodata_text, NULL, 10);
    if (band->type == WEFT_U64 && band->has_nodata)
        details->nodata_bits = strtoull(band->nodata_text, NULL, 10);
    if (strcmp(band->mask, "mask") == 0)
        details->mask = WF_BAND_MASK + number;
    details->meaning = (WfMeaning) { .unit = band->unit,
                                     .interp = band->interp[0] ? band->interp : NULL,
                                     .scale = band->scale,
                                     .offset = band->offset,
                                     .legend = band->legend };
}

WfStores *wf_stores_new(WeftErr *err)
{
    WfStores *stores = wf_zalloc(sizeof *stores, err);

    if (!stores)
        return NULL;
    stores->arena = wf_arena_new(err);
    stores->systems = stores->arena ? wf_systems_new(err) : NULL;
    stores->hands = stores->systems ? wf_hands_new(err) : NULL;
    if (stores->hands)
        return stores;
    wf_stores_free(stores);
    return NULL;
}

void wf_stores_free(WfStores *stores)
{
    if (!stores)
        return;
    wf_hands_free(stores->hands);
    wf_systems_free(stores->systems);
    wf_free(stores->stores);
    wf_arena_free(stores->arena);
    wf_free(stores);
}

bool wf_stores_hands(WfStores *stores, int hands, WeftErr *err)
{
    return wf_hands_resize(stores->hands, hands, stores->count, err);
}

int wf_stores_open(WfStores *stores, const char *path, WeftErr *err)
{
    char *real = realpath(path, NULL);
    const char *name = real ? real : path;
    int store = find_store(stores, name);

    wf_gdal_start();
    if (store < 0)
        store = open_file(stores, path, name, err);
    free(real);
    return store;
}

const WeftFile *wf_stores_file(const WfStores *stores, int store)
{
    return &stores->stores[store]->file;
}

const char *wf_stores_doubt(const WfStores *stores, int store)
{
    return stores->stores[store]->doubt;
}

/* A band whose pixels do not lie in a file of this machine as they are. */
static bool is_costly(const WfStore *store, int band)
{
    static const char *const plain_drivers[] = { "GTiff", "ENVI", "EHdr" };
    bool plain = store->kind == &wf_store_memory;

    for (size_t i = 0; i < sizeof plain_drivers / sizeof *plain_drivers; i++)
        plain = plain || strcmp(store->file.driver, plain_drivers[i]) == 0;
    return !plain || !store->bands[band - 1].plain ||
           strcmp(store->file.compression, "none") != 0 ||
           (strncmp(store->file.path, "/vsi", 4) == 0 &&
            strncmp(store->file.path, "/vsimem/", 8) != 0);
}

bool wf_stores_source(WfStores *stores, int number, int band, bool mask, WfSource *source,
                      bool *dropped, WeftErr *err)
{
    const WfStore *store = find_band(stores, number, band, err);
    const WeftBand *described;
    int read;

    if (!store)
        return false;
    read = mask ? store->bands[band - 1].mask : band;
    described = &store->file.bands[band - 1];
    *dropped = !mask && store->bands[band - 1].dropped;
    *source = (WfSource) {
        .store = number,
        .path = store->file.path,
        .band = read,
        .type = wf_store_band_type(store, read),
        .width = store->file.grid.width,
        .height = store->file.grid.height,
        .block_width = store->file.block_width,
        .block_height = store->file.block_height,
        .has_nodata = !mask && described->has_nodata,
        .nodata = mask ? 0 : described->nodata,
        .nodata_bits = mask ? 0 : store->bands[band - 1].nodata_bits,
        .costly = read > WF_BAND_MASK || is_costly(store, read ? read : band),
        .meaning = read > WF_BAND_MASK || !read ? NULL : &store->bands[read - 1].meaning,
    };
    if (mask && source->band == 0)
        return wf_fail(err, WEFT_EARG, "%s: band %d has no mask", store->file.path, band);
    return true;
}

bool wf_stores_has_mask(const WfStores *stores, int store, int band)
{
    const WfStore *found = find_band(stores, store, band, NULL);

    return found && found->bands[band - 1].mask != 0;
}

int wf_stores_add_memory(WfStores *stores, const WeftFile *file, WfMemRead *read, void *context,
                         WeftErr *err)
{
    WfStore *store = new_store(stores, err);

    if (!store || !copy_file(stores, &store->file, file, err))
        return -1;
    store->bands =
        wf_arena_zalloc(stores->arena, (size_t)file->band_count * sizeof *store->bands, err);
    if (!store->bands)
        return -1;
    for (int i = 0; i < file->band_count; i++)
        band_details(&store->file.bands[i], i + 1, &store->bands[i]);
    store->kind = &wf_store_memory;
    store->fill = read;
    store->context = context;
    return add_store(stores, store);
}

int wf_stores_add_lonlat(WfStores *stores, const WeftGrid *grid, WeftErr *err)
{
    static const WeftBand bands[2] = {
        { .name = "lon",
          .type = WEFT_F64,
          .scale = 1,
          .mask = "none",
          .unit = "degree",
          .time = NAN },
        { .name = "lat",
          .type = WEFT_F64,
          .scale = 1,
          .mask = "none",
          .unit = "degree",
          .time = NAN },
    };
    const WeftFile file = { .path = "longitude and latitude",
                            .driver = "coordinates",
                            .grid = *grid,
                            .band_count = 2,
                            .bands = bands,
                            .block_width = 256,
                            .block_height = 256,
                            .compression = "none",
                            .interleave = "band",
                            .bytes = -1 };
    int number;

    if (!grid->crs || !grid->georeferenced) {
        wf_fail(err, WEFT_EGRID, "longitude and latitude need a raster with a coordinate system");
        wf_hint(err, "weft.open{path, crs=\"EPSG:...\"} supplies one that the file lacks");
        return -1;
    }
    for (int i = 0; i < stores->count; i++)
        if (stores->stores[i]->kind == &wf_store_lonlat &&
            same_grid(&stores->stores[i]->file.grid, grid))
            return i;
    wf_gdal_start();
    number = wf_stores_add_memory(stores, &file, NULL, NULL, err);
    if (number >= 0)
        stores->stores[number]->kind = &wf_store_lonlat;
    return number;
}

bool wf_store_read(WfStores *stores, int number, int hand, int64_t block_x, int64_t block_y,
                   const int *bands, int band_count, const size_t *offsets, void *pixels,
                   int64_t *bytes, WeftErr *err)
{
    const WfStore *store = stores->stores[number];
    const WeftFile *file = &store->file;
    WfBlockAsk ask = { .x = block_x,
                       .y = block_y,
                       .bands = bands,
                       .offsets = offsets,
                       .band_count = band_count,
                       .pixels = pixels };
    int64_t columns = (file->grid.width + file->block_width - 1) / file->block_width;
    void *handle = NULL;

    ask.cols = file->grid.width - block_x * file->block_width;
    ask.cols = ask.cols < file->block_width ? ask.cols : file->block_width;
    ask.rows = file->grid.height - block_y * file->block_height;
    ask.rows = ask.rows < file->block_height ? ask.rows : file->block_height;
    *bytes = 0;
    if (store->kind->open && !(handle = wf_hands_get(stores->hands, hand, store, err)))
        return wf_err_path(err, file->path, -1);
    if (!wf_io_allow(WF_REFUSE_READ, file->path, err) ||
        !store->kind->read(store, handle, &ask, err))
        return wf_err_path(err, file->path, block_y * columns + block_x);
    for (int i = 0; i < band_count; i++)
        *bytes += ask.cols * ask.rows * wf_pixel(wf_store_band_type(store, bands[i]))->bytes;
    return true;
}

const char *wf_stores_crs(WfStores *stores, const char *text, WeftErr *err)
{
    wf_gdal_start();
    return wf_crs_parse(stores->systems, text, err);
}

const char *wf_stores_flat(const WfStores *stores, const char *text)
{
    return wf_crs_flat(stores->systems, text);
}

const WfStore *wf_stores_get(const WfStores *stores, int number)
{
    return stores->stores[number];
}

void *wf_stores_handle(WfStores *stores, int number, WeftErr *err)
{
    return wf_hands_get(stores->hands, 0, stores->stores[number], err);
}

WeftType wf_store_band_type(const WfStore *store, int band)
{
    return band > WF_BAND_MASK || band == 0 ? WEFT_U8 : store->file.bands[band - 1].type;
}
