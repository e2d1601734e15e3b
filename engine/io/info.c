/*
 * info.c - a raster file in words: grid, bands, layout, and what will be slow or surprising.
 *
 * Needs a described store. Reads the file's directory through a handle; writes text.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/grid.h"
#include "base/pixel.h"
#include "base/text.h"
#include "io/gdal_call.h"
#include "io/store_kind.h"

static void add_head(const WeftFile *file, WfText *text)
{
    char size[32];

    wf_text_add(text, "%s\n  format   %s", file->path, file->driver);
    if (file->bytes >= 0)
        wf_text_add(text, ", %s", wf_bytes((double)file->bytes, size));
    wf_text_add(text, "\n  grid     ");
    wf_grid_show(&file->grid, text);
    wf_text_add(text, "\n");
}

static void add_bounds(const WeftGrid *grid, WfText *text)
{
    double lo_x = INFINITY, hi_x = -INFINITY, lo_y = INFINITY, hi_y = -INFINITY;
    const double *t = grid->transform;
    char word[48];
    const char *unit = wf_grid_unit(grid, word, sizeof word);

    if (!grid->georeferenced)
        return;
    for (int corner = 0; corner < 4; corner++) {
        double x, y;

        wf_grid_xy(grid, corner & 1 ? (double)grid->width : 0,
                   corner & 2 ? (double)grid->height : 0, &x, &y);
        lo_x = fmin(lo_x, x);
        hi_x = fmax(hi_x, x);
        lo_y = fmin(lo_y, y);
        hi_y = fmax(hi_y, y);
    }
    wf_text_add(text, "  bounds   x %.10g to %.10g, y %.10g to %.10g%s%s\n", lo_x, hi_x, lo_y, hi_y,
                *unit ? " " : "", unit);
    if (t[2] != 0 || t[4] != 0)
        wf_text_add(text,
                    "  turned   x = %.10g + %.10g col + %.10g row, y = %.10g + %.10g col + "
                    "%.10g row\n",
                    t[0], t[1], t[2], t[3], t[4], t[5]);
}

static void add_layout(const WeftFile *file, WfText *text)
{
    wf_text_add(text, "  blocks   %d x %d, compression %s", file->block_width, file->block_height,
                file->compression);
    if (file->interleave[0] && file->band_count > 1)
        wf_text_add(text, ", %s by %s", file->interleave, file->interleave);
    if (file->overview_count)
        wf_text_add(text, ", %d overview%s", file->overview_count,
                    file->overview_count == 1 ? "" : "s");
    wf_text_add(text, "\n");
}

static void add_band(const WeftBand *band, const WfStoreBand *details, int number, WfText *text)
{
    char value[32], date[48];

    wf_text_add(text, "  band %-3d %s", number, weft_type_name(band->type));
    if (band->nodata_text[0])
        wf_text_add(text, ", nodata %s%s", band->nodata_text,
                    details->dropped ? " (impossible in this type, ignored)" : "");
    if (details->mask)
        wf_text_add(text, ", %s", strcmp(band->mask, "alpha") == 0 ? "alpha band" : "mask");
    if (band->scale != 1)
        wf_text_add(text, ", scale %s", wf_number(band->scale, value));
    if (band->offset != 0)
        wf_text_add(text, ", offset %s", wf_number(band->offset, value));
    if (band->unit && band->unit[0])
        wf_text_add(text, ", unit %s", band->unit);
    if (band->interp && strcmp(band->interp, "Undefined") != 0)
        wf_text_add(text, ", %s", band->interp);
    if (band->legend.color_count)
        wf_text_add(text, ", %d colours", band->legend.color_count);
    if (band->legend.category_count)
        wf_text_add(text, ", %d names of values", band->legend.category_count);
    if (band->name && band->name[0])
        wf_text_add(text, ", \"%s\"", band->name);
    if (isfinite(band->time))
        wf_text_add(text, ", %s", wf_date_text(band->time, date));
    wf_text_add(text, "\n");
}

/* ------------------------------------------------------------------------------- advice */

static int64_t pixel_bytes(const WeftFile *file)
{
    int64_t bytes = 0;

    for (int i = 0; i < file->band_count; i++)
        bytes += wf_pixel(file->bands[i].type)->bytes;
    return bytes;
}

static void add_advice(WfText *text, const char *what, const char *mend)
{
    wf_text_add(text, "  note     %s\n", what);
    if (mend)
        wf_text_add(text, "           %s\n", mend);
}

static void advise_blocks(const WeftFile *file, WfText *text)
{
    static const char *const tile =
        "gdal_translate -co TILED=YES -co BLOCKXSIZE=512 -co BLOCKYSIZE=512 makes a better copy";
    int64_t pixels = (int64_t)file->block_width * file->block_height;
    int64_t all = file->grid.width * file->grid.height;
    bool packed = strcmp(file->compression, "none") != 0;
    char line[200], size[32];

    if (all < 1 << 20 || wf_store_is_virtual(file->driver))
        return;
    if (pixels >= all) {
        snprintf(line, sizeof line,
                 "the whole raster is one block: it is decoded by one worker "
                 "and held at once (%s a band)",
                 wf_bytes((double)all * wf_pixel(file->bands[0].type)->bytes, size));
        add_advice(text, line, tile);
    } else if (packed && pixels > 1 << 24) {
        snprintf(line, sizeof line, "blocks are very large when decoded (%s a band)",
                 wf_bytes((double)pixels * wf_pixel(file->bands[0].type)->bytes, size));
        add_advice(text, line, tile);
    } else if (file->block_width == file->grid.width && file->block_height < 16 &&
               file->grid.width >= 4096) {
        add_advice(text, "blocks are strips of a few rows: a window of it reads whole rows", tile);
    } else if (pixels < 4096) {
        add_advice(text, "blocks are very small: each costs a call", tile);
    }
}

static void advise_bands(const WeftFile *file, WfText *text)
{
    char line[160];

    if (file->band_count < 2 || strcmp(file->interleave, "pixel") != 0)
        return;
    snprintf(line, sizeof line, "reading one band decodes all %d (%lld bytes a pixel)",
             file->band_count, (long long)pixel_bytes(file));
    add_advice(text, line,
               "gdal_translate -co INTERLEAVE=BAND -co TILED=YES makes a copy for "
               "single bands");
}

static void advise_grid(const WeftFile *file, int gcps, WfText *text)
{
    const WeftGrid *grid = &file->grid;

    if (!grid->georeferenced && gcps > 0)
        add_advice(text, "it is placed by ground control points only, which are not used",
                   "gdalwarp makes a copy with a grid");
    else if (!grid->georeferenced)
        add_advice(text, "it has no georeference: coordinates are pixels", NULL);
    else if (!grid->crs)
        add_advice(text, "it has no coordinate system", "open{crs=\"EPSG:...\"} supplies one");
    if (grid->georeferenced && (grid->transform[2] != 0 || grid->transform[4] != 0))
        add_advice(text, "its rows do not run from west to east", NULL);
    else if (grid->georeferenced && grid->transform[5] > 0)
        add_advice(text, "its first row is the southernmost", NULL);
    if (file->area_is_point)
        add_advice(text, "values are meant for points; each is taken for the pixel around it",
                   NULL);
}

bool wf_store_info(WfStores *stores, int number, WfText *text, WeftErr *err)
{
    const WfStore *store = wf_stores_get(stores, number);
    const WeftFile *file = &store->file;
    GDALDatasetH data = NULL;

    if (store->kind == &wf_store_gdal && !(data = wf_stores_handle(stores, number, err)))
        return false;
    add_head(file, text);
    add_bounds(&file->grid, text);
    add_layout(file, text);
    for (int i = 0; i < file->band_count; i++)
        add_band(&file->bands[i], &store->bands[i], i + 1, text);
    advise_blocks(file, text);
    advise_bands(file, text);
    advise_grid(file, data ? GDALGetGCPCount(data) : 0, text);
    return text->failed ? wf_fail(err, WEFT_EMEM, "no memory for a text") : true;
}
