/*
 * store_describe.c - a raster file as GDAL declares it: grid, types, nodata, masks, blocks.
 *
 * Needs GDAL set up. Reads the file's directory, no pixels. Writes the store's description; its
 * texts go to the arena of the stores.
 */
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/dated.h"
#include "io/gdal_call.h"
#include "io/meta.h"
#include "io/store_kind.h"

/* ------------------------------------------------------------------------------- opening */

/* "a, b and 3 more": what a file without bands of its own holds. */
static void list_subdatasets(char **metadata, char *text, size_t size)
{
    int found = 0, shown = 0;

    text[0] = '\0';
    for (int i = 0; metadata && metadata[i]; i++) {
        char *key = NULL;
        const char *value = CPLParseNameValue(metadata[i], &key);
        size_t length = strlen(text);

        if (value && key && strstr(key, "_NAME") && ++found <= 4 &&
            length + strlen(value) + 8 < size) {
            snprintf(text + length, size - length, "%s%s", shown ? ", " : "", value);
            shown++;
        }
        CPLFree(key);
    }
    if (found > shown) {
        size_t length = strlen(text);

        snprintf(text + length, size - length, " and %d more", found - shown);
    }
}

static bool no_bands(const char *path, GDALDatasetH data, WeftErr *err)
{
    char **metadata = GDALGetMetadata(data, "SUBDATASETS");
    char names[440];

    if (CSLCount(metadata) == 0)
        return wf_fail(err, WEFT_EIO, "%s has no raster bands", path);
    list_subdatasets(metadata, names, sizeof names);
    wf_fail(err, WEFT_EIO, "%s is a collection of rasters", path);
    return wf_hint(err, "open one of them: %s", names);
}

static bool cannot_open(const char *path, const WfCall *call, WeftErr *err)
{
    bool plain = strncmp(path, "/vsi", 4) != 0;

    if (path[0] == '\0')
        return wf_fail(err, WEFT_EARG, "the name of the raster file is empty");
    if (plain && strchr(path, ':') == NULL && access(path, R_OK) != 0)
        return wf_fail(err, WEFT_EIO, "cannot open %s: %s", path, strerror(errno));
    if (strstr(call->text, "not recognized as"))
        return wf_fail(err, WEFT_EIO, "cannot open %s: it is no raster that GDAL knows", path);
    return wf_call_fail(call, err, path, "cannot open %s", path);
}

static GDALDatasetH open_first(const char *path, WeftErr *err)
{
    GDALDatasetH data;
    WfCall call;

    wf_call_begin(&call);
    data = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL,
                      NULL);
    wf_call_end(&call);
    if (!data)
        cannot_open(path, &call, err);
    else if (GDALGetRasterCount(data) > 0)
        return data;
    else
        no_bands(path, data, err);
    if (data)
        GDALClose(data);
    return NULL;
}

/* ------------------------------------------------------------------------------- grid */

static bool describe_grid(WfStore *store, GDALDatasetH data, WfArena *arena, WfSystems *systems,
                          WeftErr *err)
{
    static const double plain[6] = { 0, 1, 0, 0, 0, 1 };
    WeftGrid *grid = &store->file.grid;
    OGRSpatialReferenceH system = GDALGetSpatialRef(data);
    double *t = grid->transform;
    const char *point;

    grid->width = GDALGetRasterXSize(data);
    grid->height = GDALGetRasterYSize(data);
    /* Drivers give corners, whatever AREA_OR_POINT says: half pixels are shifted already. */
    grid->georeferenced = GDALGetGeoTransform(data, t) == CE_None && isfinite(t[0] + t[3]) &&
                          isfinite(t[1] * t[5] - t[2] * t[4]) && t[1] * t[5] != t[2] * t[4];
    point = GDALGetMetadataItem(data, "AREA_OR_POINT", NULL); /* known once these are read */
    store->file.area_is_point = point && EQUAL(point, "Point");
    if (!grid->georeferenced) {
        memcpy(t, plain, sizeof plain);
        if (!wf_control_read(data, arena, &grid->control, err))
            return false;
    }
    if (system && !wf_crs_empty(system)) {
        grid->crs = wf_crs_text(systems, system, err);
        grid->flat = grid->crs ? wf_crs_flat(systems, grid->crs) : NULL;
        return grid->crs != NULL;
    }
    return true;
}

/* ------------------------------------------------------------------------------- bands */

/* A declared value that the type can hold becomes the band's nodata; any other is told as text. */
static void take_nodata(WeftBand *band, WfStoreBand *details, double value)
{
    char number[32];

    snprintf(band->nodata_text, sizeof band->nodata_text, "%s", wf_number(value, number));
    band->has_nodata = wf_pixel_holds(band->type, value);
    details->dropped = !band->has_nodata;
    band->nodata = band->has_nodata && band->type == WEFT_F32 ? (double)(float)value : value;
}

static void describe_nodata(GDALRasterBandH handle, WeftBand *band, WfStoreBand *details)
{
    int declared = 0;

    if (band->type == WEFT_I64) {
        int64_t value = GDALGetRasterNoDataValueAsInt64(handle, &declared);

        details->nodata_bits = (uint64_t)value;
        band->nodata = (double)value;
        snprintf(band->nodata_text, sizeof band->nodata_text, "%lld", (long long)value);
    } else if (band->type == WEFT_U64) {
        uint64_t value = GDALGetRasterNoDataValueAsUInt64(handle, &declared);

        details->nodata_bits = value;
        band->nodata = (double)value;
        snprintf(band->nodata_text, sizeof band->nodata_text, "%llu", (unsigned long long)value);
    } else {
        double value = GDALGetRasterNoDataValue(handle, &declared);

        if (declared)
            take_nodata(band, details, value);
        return;
    }
    band->has_nodata = declared;
    if (!declared)
        band->nodata_text[0] = '\0';
}

static int find_alpha(GDALDatasetH data)
{
    for (int i = GDALGetRasterCount(data); i >= 1; i--)
        if (GDALGetRasterColorInterpretation(GDALGetRasterBand(data, i)) == GCI_AlphaBand)
            return i;
    return 0;
}

/* What invalidates pixels besides nodata: an alpha band, wherever it stands and of whatever type,
 * or GDAL's mask. One of the whole file is named by the first band that has it, so that bands share
 * it. GDAL forgets the alpha band where a band has nodata; we do not. */
static void describe_mask(const WfStore *store, GDALDatasetH data, int number, int alpha)
{
    int flags = GDALGetMaskFlags(GDALGetRasterBand(data, number));
    WeftBand *band = (WeftBand *)&store->file.bands[number - 1];
    WfStoreBand *details = &store->bands[number - 1];
    bool own = flags != GMF_NODATA && !(flags & (GMF_ALL_VALID | GMF_ALPHA));

    band->mask = band->has_nodata ? "nodata" : "none";
    if (own && alpha != number) {
        band->mask = "mask";
        details->mask = WF_BAND_MASK + number;
    } else if (alpha && alpha != number) {
        band->mask = "alpha";
        details->mask = alpha;
    }
    for (int i = 0; i + 1 < number && details->mask > WF_BAND_MASK; i++)
        if (store->bands[i].mask > WF_BAND_MASK && flags & GMF_PER_DATASET) {
            details->mask = store->bands[i].mask;
            return;
        }
}

static bool describe_type(WeftBand *band, GDALRasterBandH handle, const char *path, int number,
                          WeftErr *err)
{
    GDALDataType data = GDALGetRasterDataType(handle);

    band->type = wf_gdal_type(handle);
    if (band->type != WEFT_AUTO)
        return true;
    wf_fail(err, WEFT_ETYPE, "%s: band %d is of type %s, which cannot be computed with", path,
            number, GDALGetDataTypeName(data));
    return GDALDataTypeIsComplex(data)
               ? wf_hint(err, "complex numbers: take a part first with gdal_translate on a VRT "
                              "with PixelFunctionType real, imag or mod")
               : wf_hint(err, "convert it first: gdal_translate -ot Float32");
}

static bool describe_band(WfStore *store, GDALDatasetH data, int number, WfArena *arena,
                          WeftErr *err)
{
    GDALRasterBandH handle = GDALGetRasterBand(data, number);
    WeftBand *band = (WeftBand *)&store->file.bands[number - 1];
    WfStoreBand *details = &store->bands[number - 1];
    int width, height, given;
    double value;

    if (!describe_type(band, handle, store->file.path, number, err))
        return false;
    band->name = wf_arena_strdup(arena, GDALGetDescription(handle), err);
    band->unit = wf_arena_strdup(arena, GDALGetRasterUnitType(handle), err);
    band->interp = GDALGetColorInterpretationName(GDALGetRasterColorInterpretation(handle));
    if (!band->name || !band->unit)
        return false;
    value = GDALGetRasterScale(handle, &given);
    band->scale = given ? value : 1;
    value = GDALGetRasterOffset(handle, &given);
    band->offset = given ? value : 0;
    details->meaning = (WfMeaning) {
        .unit = band->unit, .interp = band->interp, .scale = band->scale, .offset = band->offset
    };
    if (!wf_legend_read(handle, arena, &band->legend, err))
        return false;
    details->meaning.legend = band->legend;
    GDALGetBlockSize(handle, &width, &height);
    details->plain = width == store->file.block_width && height == store->file.block_height &&
                     !wf_store_is_virtual(store->file.driver);
    describe_nodata(handle, band, details);
    return true;
}

/* ------------------------------------------------------------------------------- layout */

static const char *lower_text(WfArena *arena, const char *text, WeftErr *err)
{
    char *copy = wf_arena_strdup(arena, text, err);

    for (char *c = copy; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static bool describe_layout(WfStore *store, GDALDatasetH data, WfArena *arena, WeftErr *err)
{
    WeftFile *file = &store->file;
    const char *compression = GDALGetMetadataItem(data, "COMPRESSION", "IMAGE_STRUCTURE");
    const char *interleave = GDALGetMetadataItem(data, "INTERLEAVE", "IMAGE_STRUCTURE");
    GDALRasterBandH first = GDALGetRasterBand(data, 1);
    VSIStatBufL found;

    file->driver = wf_arena_strdup(arena, GDALGetDriverShortName(GDALGetDatasetDriver(data)), err);
    file->compression = lower_text(arena, compression ? compression : "none", err);
    file->interleave = lower_text(arena, interleave ? interleave : "", err);
    if (!file->driver || !file->compression || !file->interleave)
        return false;
    file->overview_count = GDALGetOverviewCount(first);
    file->bytes = VSIStatL(file->path, &found) == 0 ? (int64_t)found.st_size : -1;
    GDALGetBlockSize(first, &file->block_width, &file->block_height);
    if (file->block_width <= 0 || file->block_height <= 0)
        return wf_fail(err, WEFT_EIO, "%s has blocks of no size", file->path);
    if (strcmp(file->driver, "MEM") == 0)
        return wf_store_refuse_memory(file->path, err);
    if (!wf_store_is_virtual(file->driver))
        return true;
    wf_gdal_allow_cache();
    return wf_store_virtual_blocks(file, err);
}

static bool describe(WfStore *store, GDALDatasetH data, WfArena *arena, WfSystems *systems,
                     WeftErr *err)
{
    WeftFile *file = &store->file;
    size_t count = (size_t)GDALGetRasterCount(data);
    int alpha = find_alpha(data);

    file->bands = wf_arena_zalloc(arena, count * sizeof *file->bands, err);
    store->bands = wf_arena_zalloc(arena, count * sizeof *store->bands, err);
    if (!file->bands || !store->bands || !describe_grid(store, data, arena, systems, err) ||
        !describe_layout(store, data, arena, err))
        return false;
    file->band_count = (int)count;
    for (int i = 1; i <= file->band_count; i++)
        if (!describe_band(store, data, i, arena, err))
            return false;
    for (int i = 1; i <= file->band_count; i++)
        describe_mask(store, data, i, alpha);
    return wf_dated_describe(store, data, arena, err);
}

void *wf_store_gdal_describe(WfStore *store, WfArena *arena, WfSystems *systems, WeftErr *err)
{
    GDALDatasetH data = open_first(store->file.path, err);
    bool done;
    WfCall call;

    if (!data)
        return NULL;
    wf_call_begin(&call);
    done = describe(store, data, arena, systems, err);
    wf_call_end(&call);
    if (done)
        return data;
    GDALClose(data);
    return NULL;
}
