/*
 * writers.h - outputs of a known pattern for the tests of sinks: written by several threads, read
 * back and compared by GDAL alone.
 */
#ifndef WRITERS_H
#define WRITERS_H

#include <math.h>
#include <pthread.h>

#include "base/mem.h"
#include "base/pixel.h"
#include "io/sink.h"
#include "rasters.h"

static WeftGrid grid;

static inline WfSinkFile file_of(const char *path, int width, int height, int bands, WeftType type)
{
    grid = (WeftGrid) { .width = width,
                        .height = height,
                        .georeferenced = true,
                        .transform = { 1000, 10, 0, 2000, 0, -10 } };
    return (WfSinkFile) {
        .path = path, .grid = &grid, .band_count = bands, .type = type, .workers = 2
    };
}

static inline void store_value(WeftType type, double v, char *to)
{
    switch (type) {
    case WEFT_I8:
        *(int8_t *)to = (int8_t)v;
        break;
    case WEFT_U16:
        *(uint16_t *)to = (uint16_t)v;
        break;
    case WEFT_I16:
        *(int16_t *)to = (int16_t)v;
        break;
    case WEFT_U32:
        *(uint32_t *)to = (uint32_t)v;
        break;
    case WEFT_I32:
        *(int32_t *)to = (int32_t)v;
        break;
    case WEFT_U64:
        *(uint64_t *)to = (uint64_t)v;
        break;
    case WEFT_I64:
        *(int64_t *)to = (int64_t)v;
        break;
    case WEFT_F32:
        *(float *)to = (float)v;
        break;
    case WEFT_F64:
        *(double *)to = v;
        break;
    default:
        *(uint8_t *)to = (uint8_t)v;
    }
}

/* What a mask band holds of pixel (col, row). */
static inline bool is_valid(int64_t col, int64_t row)
{
    return (col + row) % 3 != 0;
}

/* One writer of `count`: every count-th tile of tile_width x tile_height, of all bands and the
 * mask, from buffers with a padded stride. */
typedef struct Writer {
    WfSinks *sinks;
    const WfSinkFile *file;
    int64_t tile_width, tile_height;
    int number, count;
    WeftErr err;
    bool done;
} Writer;

static inline bool write_tile(Writer *w, int band, WfRect rect)
{
    bool mask = band == w->file->band_count;
    WeftType type = mask ? WEFT_U8 : w->file->type;
    size_t size = (size_t)wf_pixel(type)->bytes;
    size_t stride = ((size_t)wf_rect_width(rect) + 5) * size;
    char *pixels = calloc((size_t)wf_rect_height(rect), stride);
    int64_t bytes;
    bool done;

    for (int64_t y = rect.y0; y < rect.y1; y++)
        for (int64_t x = rect.x0; x < rect.x1; x++)
            store_value(type, mask ? is_valid(x, y) * 255 : pattern(x, y, band + 1),
                        pixels + (size_t)(y - rect.y0) * stride + (size_t)(x - rect.x0) * size);
    done = wf_sink_write(w->sinks, 0, band, rect, type, pixels, stride, &bytes, &w->err);
    if (done && bytes != wf_rect_area(rect) * (int64_t)size)
        done = false;
    free(pixels);
    return done;
}

static inline void *write_tiles(void *context)
{
    Writer *w = context;
    int bands = w->file->band_count + w->file->mask_count, tile = 0;

    w->done = true;
    for (int64_t y = 0; y < grid.height; y += w->tile_height)
        for (int64_t x = 0; x < grid.width; x += w->tile_width) {
            WfRect rect = wf_rect_meet((WfRect) { 0, 0, grid.width, grid.height },
                                       (WfRect) { x, y, x + w->tile_width, y + w->tile_height });

            if (tile++ % w->count != w->number)
                continue;
            for (int b = 0; w->done && b < bands; b++)
                w->done = write_tile(w, b, rect);
        }
    return NULL;
}

/* Write all tiles (of `blocks` blocks each way) with some threads, and commit. */
static inline bool write_file(const WfSinkFile *file, int blocks, int threads, WeftErr *err)
{
    WfSinks *sinks = wf_sinks_new(err);
    Writer writers[4];
    pthread_t thread[4];
    WfLayout layout = { 0 };
    bool done =
        sinks && wf_sink_plan(file, &layout, err) && wf_sinks_add_file(sinks, file, err) == 0;

    for (int i = 0; done && i < threads; i++) {
        writers[i] = (Writer) {
            sinks, file, layout.block_width * blocks, layout.block_height * blocks, i, threads,
            { 0 }, false
        };
        pthread_create(&thread[i], NULL, write_tiles, &writers[i]);
    }
    for (int i = 0, started = done ? threads : 0; i < started; i++) {
        pthread_join(thread[i], NULL);
        if (!writers[i].done && done)
            *err = writers[i].err;
        done = done && writers[i].done;
    }
    done = done && wf_sinks_commit(sinks, err);
    wf_sinks_free(sinks);
    return done;
}

/* The file as GDAL reads it: size, type, pixels, georeference, mask. */
static inline void check_file(const WfSinkFile *file)
{
    GDALDatasetH data = GDALOpen(file->path, GA_ReadOnly);
    int width = (int)grid.width, height = (int)grid.height;
    double *got = malloc((size_t)width * (size_t)height * sizeof *got), transform[6];
    int mask_wrong = 0;

    ck_assert_ptr_nonnull(data);
    ck_assert_int_eq(GDALGetRasterXSize(data), width);
    ck_assert_int_eq(GDALGetRasterYSize(data), height);
    ck_assert_int_eq(GDALGetRasterCount(data), file->band_count);
    ck_assert_int_eq(GDALGetGeoTransform(data, transform), CE_None);
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq(transform[i], grid.transform[i]);
    for (int b = 1; b <= file->band_count; b++) {
        GDALRasterBandH band = GDALGetRasterBand(data, b);
        int flags = GDALGetMaskFlags(band), given, wrong = 0;

        ck_assert_int_eq(
            GDALRasterIO(band, GF_Read, 0, 0, width, height, got, width, height, GDT_Float64, 0, 0),
            CE_None);
        for (int i = 0; i < width * height; i++)
            wrong += got[i] != pattern(i % width, i / width, b);
        ck_assert_msg(wrong == 0, "%s band %d: %d wrong pixels", file->path, b, wrong);
        if (file->type != WEFT_I8) /* GDAL takes it for a byte here */
            ck_assert_msg(flags == (file->has_nodata   ? GMF_NODATA
                                    : file->mask_count ? GMF_PER_DATASET
                                                       : GMF_ALL_VALID),
                          "%s: mask flags %d", weft_type_name(file->type), flags);
        if (file->has_nodata && file->type != WEFT_I64 && file->type != WEFT_U64) {
            double nodata = GDALGetRasterNoDataValue(band, &given);

            ck_assert(given && (nodata == file->nodata || (isnan(nodata) && isnan(file->nodata))));
        }
    }
    if (file->mask_count) {
        ck_assert_int_eq(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(data, 1)), GF_Read, 0, 0,
                                      width, height, got, width, height, GDT_Float64, 0, 0),
                         CE_None);
        for (int i = 0; i < width * height; i++)
            mask_wrong += (got[i] != 0) != is_valid(i % width, i / width);
        ck_assert_int_eq(mask_wrong, 0);
    }
    GDALClose(data);
    free(got);
}

static inline void write_and_check(const WfSinkFile *file, int blocks, int threads)
{
    WeftErr err = { 0 };

    ck_assert_msg(write_file(file, blocks, threads, &err), "%s (%s)", err.message, err.hint);
    check_file(file);
}

#endif
