/*
 * check_store_gdal.c - blocks of files equal what GDAL's RasterIO gives; damage is an error.
 */
#include "rasters.h"

#include <unistd.h>

#include "base/pixel.h"
#include "io/store.h"

/* The data type of RasterIO that holds a band's pixels. */
static GDALDataType data_type(WeftType type)
{
    static const GDALDataType types[WEFT_TYPE_COUNT] = {
        [WEFT_U8] = GDT_Byte,     [WEFT_I8] = GDT_Byte,    [WEFT_U16] = GDT_UInt16,
        [WEFT_I16] = GDT_Int16,   [WEFT_U32] = GDT_UInt32, [WEFT_I32] = GDT_Int32,
        [WEFT_U64] = GDT_UInt64,  [WEFT_I64] = GDT_Int64,  [WEFT_F32] = GDT_Float32,
        [WEFT_F64] = GDT_Float64,
    };

    return types[type];
}

/* Block (x, y) of the given bands or masks against RasterIO; hand h. */
static void compare_block(WfStores *stores, int store, int hand, int64_t x, int64_t y,
                          const int *bands, int count, GDALDatasetH data)
{
    const WeftFile *file = wf_stores_file(stores, store);
    size_t pixels = (size_t)file->block_width * (size_t)file->block_height, offsets[16];
    char *got = calloc(pixels * 8, (size_t)count), *wanted = calloc(pixels, 8);
    int wrong = 0;
    int64_t x0 = x * file->block_width, y0 = y * file->block_height, bytes, expected = 0;
    int width = (int)(file->grid.width - x0), height = (int)(file->grid.height - y0);
    WeftErr err = { 0 };

    width = width < file->block_width ? width : file->block_width;
    height = height < file->block_height ? height : file->block_height;
    for (int i = 0; i < count; i++)
        offsets[i] = (size_t)i * pixels * 8;
    ck_assert_msg(
        wf_store_read(stores, store, hand, x, y, bands, count, offsets, got, &bytes, &err), "%s",
        err.message);
    for (int i = 0; i < count; i++) {
        bool mask = bands[i] > WF_BAND_MASK;
        int number = mask ? bands[i] - WF_BAND_MASK : bands[i];
        WeftType type = mask ? WEFT_U8 : file->bands[number - 1].type;
        int size = wf_pixel(type)->bytes;
        GDALRasterBandH band = GDALGetRasterBand(data, number);

        band = mask ? GDALGetMaskBand(band) : band;
        ck_assert_int_eq(GDALRasterIO(band, GF_Read, (int)x0, (int)y0, width, height, wanted, width,
                                      height, data_type(type), 0, size * file->block_width),
                         CE_None);
        for (size_t k = 0; mask && k < pixels; k++) { /* a mask says 0 or not 0 */
            got[offsets[i] + k] = got[offsets[i] + k] != 0;
            wanted[k] = wanted[k] != 0;
        }
        for (int row = 0; row < height; row++) {
            size_t at = (size_t)row * (size_t)(size * file->block_width);

            wrong += memcmp(got + offsets[i] + at, wanted + at, (size_t)(size * width)) != 0;
        }
        ck_assert_msg(wrong == 0, "%s: band %d, block %lld, %lld: %d wrong rows", file->path,
                      bands[i], (long long)x, (long long)y, wrong);
        expected += (int64_t)size * width * height;
    }
    ck_assert_int_eq(bytes, expected);
    free(got);
    free(wanted);
}

/* All blocks and masks of a file. */
static void compare_file(const char *path)
{
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    int store = wf_stores_open(stores, path, &err), bands[16], count = 0;
    const WeftFile *file;
    GDALDatasetH data;

    ck_assert_msg(store >= 0, "%s", err.message);
    file = wf_stores_file(stores, store);
    data = GDALOpen(path, GA_ReadOnly);
    for (int b = 1; b <= file->band_count && count < 8; b++) {
        WfSource source;
        bool dropped;

        bands[count++] = b;
        if (!wf_stores_has_mask(stores, store, b))
            continue;
        ck_assert(wf_stores_source(stores, store, b, true, &source, &dropped, &err));
        ck_assert_int_eq(source.type, strcmp(file->bands[b - 1].mask, "alpha") == 0
                                          ? file->bands[source.band - 1].type
                                          : WEFT_U8);
        bands[count++] = source.band;
    }
    for (int64_t y = 0; y * file->block_height < file->grid.height; y++)
        for (int64_t x = 0; x * file->block_width < file->grid.width; x++)
            compare_block(stores, store, 0, x, y, bands, count, data);
    GDALClose(data);
    wf_stores_free(stores);
}

START_TEST(blocks_of_all_shared_files_equal_rasterio)
{
    static const char *const files[] = {
        "cloud_series_2017.tif",
        "dem_mthood_utm.tif",
        "dem_n43_degrees.dt0",
        "dem_olinda_utm.tif",
        "fuelmodel_mthood_utm.tif",
        "landcover_nlcd.tif",
        "landsat7_olinda.tif",
        "landsat8_greenland.tif",
        "ndvi_series_2017.tif",
        "rgb_nodata_collar.tif",
        "sentinel2_10m.tif",
        "sentinel2_20m.tif",
        "landsat8_ny/L8_20180131_B4.tif",
        "landsat8_ny/L8_20180131_BQA.tif",
        "odd/dem_unknown_datum.tif",
        "odd/gcps.tif",
        "odd/int64.tif",
        "odd/mask_band.tif",
        "odd/nan_float32.tif",
        "odd/no_georef.tif",
        "odd/nodata_above_float_max.tif",
        "odd/nodata_byte.tif",
        "odd/one_bit.tif",
        "odd/rgba_alpha_uint16.tif",
        "odd/rotated_geomatrix.tif",
        "odd/scale_offset.tif",
        "odd/south_up.tif",
        "odd/sparse_cog.tif",
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = harness_data(files[i]);

        if (path)
            compare_file(path);
        else
            harness_skip(files[i]);
    }
}
END_TEST

START_TEST(blocks_of_all_types_and_layouts_equal_rasterio)
{
    static const GDALDataType types[] = { GDT_Byte,   GDT_UInt16,  GDT_Int16,
                                          GDT_UInt32, GDT_Int32,   GDT_UInt64,
                                          GDT_Int64,  GDT_Float32, GDT_Float64 };
    static const char *const layouts[] = {
        "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=32",
        "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64 INTERLEAVE=BAND COMPRESS=DEFLATE PREDICTOR=2",
        "INTERLEAVE=PIXEL COMPRESS=LZW BLOCKYSIZE=7",
    };
    const char *path = in_folder(harness_folder(), "a.tif");

    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (size_t l = 0; l < sizeof layouts / sizeof *layouts; l++) {
            if (l == 1 && t > 6)
                continue;
            make_tiff(path, 150, 77, 3, types[t], layouts[l]);
            compare_file(path);
        }
}
END_TEST

START_TEST(signed_bytes_are_i8)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfStores *stores = wf_stores_new(NULL);
    WeftErr err = { 0 };
    int store;

    make_tiff(path, 20, 20, 1, GDT_Byte, "PIXELTYPE=SIGNEDBYTE");
    store = wf_stores_open(stores, path, &err);
    ck_assert_int_eq(wf_stores_file(stores, store)->bands[0].type, WEFT_I8);
    wf_stores_free(stores);
}
END_TEST

static void fails_at_block(const char *name, int64_t block)
{
    const char *path = harness_data(name);
    WfStores *stores = wf_stores_new(NULL);
    WeftErr err = { 0 };
    size_t offset = 0;
    char pixels[4096];
    int64_t bytes;
    int store, band = 1;

    if (!path) {
        harness_skip(name);
        return;
    }
    store = wf_stores_open(stores, path, &err);
    ck_assert_int_ge(store, 0);
    ck_assert(!wf_store_read(stores, store, 0, 0, block, &band, 1, &offset, pixels, &bytes, &err));
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_str_eq(err.path, path);
    ck_assert_int_eq(err.block, block);
    ck_assert_ptr_nonnull(strstr(err.message, "cannot read block (0, "));
    wf_stores_free(stores);
}

START_TEST(truncated_files_fail_and_name_file_and_block)
{
    fails_at_block("odd/truncated.tif", 0);
    fails_at_block("odd/truncated.tif", 1);
}
END_TEST

START_TEST(corrupt_files_fail_and_name_file_and_block)
{
    fails_at_block("odd/corrupt_deflate.tif", 3);
}
END_TEST

/* Cut a file of 4 x 4 tiles at any place: what was in it reads, the rest fails. */
START_TEST(a_cut_file_fails_and_never_gives_zeros)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WeftErr err = { 0 };
    long size;

    make_tiff(path, 64, 64, 1, GDT_Byte, "TILED=YES BLOCKXSIZE=16 BLOCKYSIZE=16");
    size = 4096;
    for (long cut = size; cut > 600; cut -= 500) {
        WfStores *stores = wf_stores_new(&err);
        int store, failed = 0, wrong = 0, band = 1;
        size_t offset = 0;
        uint8_t pixels[256];
        int64_t bytes;

        ck_assert_int_eq(truncate(path, cut), 0);
        store = wf_stores_open(stores, path, &err);
        ck_assert_int_ge(store, 0);
        for (int b = 0; b < 16; b++) {
            WeftErr bad = { 0 };

            if (!wf_store_read(stores, store, 0, b % 4, b / 4, &band, 1, &offset, pixels, &bytes,
                               &bad))
                failed++;
            else
                for (int i = 0; i < 256; i++)
                    wrong += pixels[i] != (int)pattern(b % 4 * 16 + i % 16, b / 4 * 16 + i / 16, 1);
        }
        ck_assert_int_gt(failed, 0);
        ck_assert_int_eq(wrong, 0);
        wf_stores_free(stores);
    }
}
END_TEST

START_TEST(a_virtual_file_reads_as_its_sources)
{
    const char *folder = harness_folder();
    const char *source = in_folder(folder, "a.tif"), *path = in_folder(folder, "a.vrt");
    GDALDatasetH from, to;

    make_tiff(source, 700, 600, 2, GDT_Int16, "TILED=YES BLOCKXSIZE=256 BLOCKYSIZE=256");
    from = GDALOpen(source, GA_ReadOnly);
    to = GDALCreateCopy(GDALGetDriverByName("VRT"), path, from, FALSE, NULL, NULL, NULL);
    GDALClose(to);
    GDALClose(from);
    compare_file(path);
}
END_TEST

START_TEST(a_virtual_file_of_strips_has_blocks_of_whole_rows)
{
    const char *folder = harness_folder();
    const char *source = in_folder(folder, "a.tif"), *path = in_folder(folder, "a.vrt");
    WfStores *stores = wf_stores_new(NULL);
    GDALDatasetH from;
    WeftErr err = { 0 };
    int store;

    make_tiff(source, 2000, 1000, 1, GDT_Byte, "BLOCKYSIZE=3");
    from = GDALOpen(source, GA_ReadOnly);
    GDALClose(GDALCreateCopy(GDALGetDriverByName("VRT"), path, from, FALSE, NULL, NULL, NULL));
    GDALClose(from);
    store = wf_stores_open(stores, path, &err);
    ck_assert_int_eq(wf_stores_file(stores, store)->block_width, 2000);
    ck_assert_int_eq(wf_stores_file(stores, store)->block_height % 3, 0);
    ck_assert_int_gt(wf_stores_file(stores, store)->block_height, 100);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_file_replaced_while_in_use_is_an_error)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfStores *stores = wf_stores_new(NULL);
    WeftErr err = { 0 };
    int band = 1, store;
    size_t offset = 0;
    uint8_t pixels[400];
    int64_t bytes;

    make_tiff(path, 20, 20, 1, GDT_Byte, "");
    store = wf_stores_open(stores, path, &err);
    ck_assert(wf_stores_hands(stores, 2, &err));
    unlink(path);
    make_tiff(path, 20, 20, 1, GDT_Byte, "COMPRESS=LZW");
    ck_assert(wf_store_read(stores, store, 0, 0, 0, &band, 1, &offset, pixels, &bytes, &err));
    ck_assert(!wf_store_read(stores, store, 1, 0, 0, &band, 1, &offset, pixels, &bytes, &err));
    ck_assert_ptr_nonnull(strstr(err.message, "has changed"));
    wf_stores_free(stores);
}
END_TEST

CHECK_MAIN("store_gdal", blocks_of_all_shared_files_equal_rasterio,
           blocks_of_all_types_and_layouts_equal_rasterio, signed_bytes_are_i8,
           truncated_files_fail_and_name_file_and_block, corrupt_files_fail_and_name_file_and_block,
           a_cut_file_fails_and_never_gives_zeros, a_virtual_file_reads_as_its_sources,
           a_virtual_file_of_strips_has_blocks_of_whole_rows,
           a_file_replaced_while_in_use_is_an_error)
