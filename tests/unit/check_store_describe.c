/*
 * check_store_describe.c - what is said of a file: grid, types, nodata, masks, blocks, refusals.
 */
#include "rasters.h"

#include <math.h>
#include <float.h>
#include <unistd.h>

#include "io/store.h"

/* A file opened alone. */
static WfStores *stores;
static WeftErr err;
static int store;

static const WeftFile *file_of(const char *path)
{
    err = (WeftErr) { 0 };
    stores = wf_stores_new(&err);
    store = wf_stores_open(stores, path, &err);
    return store < 0 ? NULL : wf_stores_file(stores, store);
}

static const WeftFile *shared(const char *name)
{
    const char *path = harness_data(name);
    const WeftFile *file = path ? file_of(path) : NULL;

    if (!path)
        harness_skip(name);
    else
        ck_assert_msg(file != NULL, "%s", err.message);
    return file;
}

static WfSource source_of(int band, bool mask, bool *dropped)
{
    WfSource source = { 0 };

    ck_assert_msg(wf_stores_source(stores, store, band, mask, &source, dropped, &err), "%s",
                  err.message);
    return source;
}

START_TEST(complex_numbers_are_an_error_that_names_the_type)
{
    const char *path = harness_data("odd/complex_cfloat32.tif");

    if (!path)
        return;
    ck_assert_ptr_null(file_of(path));
    ck_assert_int_eq(err.code, WEFT_ETYPE);
    ck_assert_ptr_nonnull(strstr(err.message, "CFloat32"));
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_missing_file_says_so)
{
    ck_assert_ptr_null(file_of("/nowhere/at/all.tif"));
    ck_assert_str_eq(err.message, "cannot open /nowhere/at/all.tif: No such file or directory");
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_file_that_is_no_raster_says_so)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    FILE *file = fopen(path, "w");
    char wanted[600];

    fputs("this is text\n", file);
    fclose(file);
    ck_assert_ptr_null(file_of(path));
    snprintf(wanted, sizeof wanted, "cannot open %s: it is no raster that GDAL knows", path);
    ck_assert_str_eq(err.message, wanted);
    wf_stores_free(stores);
}
END_TEST

START_TEST(nodata_slightly_above_the_greatest_float_is_that_float)
{
    const WeftFile *file = shared("odd/nodata_above_float_max.tif");

    if (!file)
        return;
    ck_assert(file->bands[0].has_nodata);
    ck_assert_double_eq(file->bands[0].nodata, (double)FLT_MAX);
    wf_stores_free(stores);
}
END_TEST

static void with_nodata(GDALDataType type, const char *options, double nodata)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    GDALDatasetH data = make_raster("GTiff", path, 20, 20, 1, type, options);

    GDALSetRasterNoDataValue(GDALGetRasterBand(data, 1), nodata);
    GDALClose(data);
    ck_assert_ptr_nonnull(file_of(path));
}

START_TEST(nodata_the_type_cannot_hold_is_dropped)
{
    static const struct {
        GDALDataType type;
        const char *options;
        double nodata;
        bool dropped;
    } cases[] = {
        { GDT_UInt16, "", -9999, true },
        { GDT_Byte, "", 0.5, true },
        { GDT_Byte, "", 255, false },
        { GDT_Byte, "", NAN, true },
        { GDT_Int16, "", -32768, false },
        { GDT_Float32, "", -9999, false },
        { GDT_Float64, "", 1e300, false },
        { GDT_Byte, "PIXELTYPE=SIGNEDBYTE", -128, false },
        { GDT_Byte, "PIXELTYPE=SIGNEDBYTE", 200, true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool dropped;
        WfSource source;

        with_nodata(cases[i].type, cases[i].options, cases[i].nodata);
        source = source_of(1, false, &dropped);
        ck_assert_msg(dropped == cases[i].dropped, "case %zu: %g", i, source.nodata);
        ck_assert_msg(source.has_nodata == !dropped, "case %zu", i);
        if (!dropped)
            ck_assert_double_eq(source.nodata, cases[i].nodata);
        wf_stores_free(stores);
    }
}
END_TEST

START_TEST(nodata_of_f32_is_rounded_to_f32)
{
    bool dropped;

    with_nodata(GDT_Float32, "", 0.1);
    ck_assert_double_eq(source_of(1, false, &dropped).nodata, (double)0.1f);
    wf_stores_free(stores);
}
END_TEST

START_TEST(nodata_of_64_bit_integers_is_exact)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    bool dropped;

    for (int i = 0; i < 2; i++) {
        GDALDatasetH data = make_raster("GTiff", path, 8, 8, 1, i ? GDT_UInt64 : GDT_Int64, "");
        WfSource source;

        if (i)
            GDALSetRasterNoDataValueAsUInt64(GDALGetRasterBand(data, 1), UINT64_MAX - 1);
        else
            GDALSetRasterNoDataValueAsInt64(GDALGetRasterBand(data, 1), INT64_MIN + 1);
        GDALClose(data);
        ck_assert_ptr_nonnull(file_of(path));
        source = source_of(1, false, &dropped);
        ck_assert(source.has_nodata && !dropped);
        ck_assert(source.nodata_bits == (i ? UINT64_MAX - 1 : (uint64_t)(INT64_MIN + 1)));
        ck_assert_str_eq(wf_stores_file(stores, store)->bands[0].nodata_text,
                         i ? "18446744073709551614" : "-9223372036854775807");
        wf_stores_free(stores);
    }
}
END_TEST

START_TEST(an_internal_mask_is_a_source_of_its_own)
{
    const WeftFile *file = shared("odd/mask_band.tif");
    WfSource source;
    bool dropped;

    if (!file)
        return;
    ck_assert_str_eq(file->bands[0].mask, "mask");
    ck_assert(wf_stores_has_mask(stores, store, 1));
    source = source_of(1, true, &dropped);
    ck_assert_int_eq(source.type, WEFT_U8);
    ck_assert_int_gt(source.band, WF_BAND_MASK);
    ck_assert(!source.has_nodata);
    wf_stores_free(stores);
}
END_TEST

START_TEST(nodata_is_no_mask)
{
    if (!shared("odd/nodata_byte.tif"))
        return;
    ck_assert(!wf_stores_has_mask(stores, store, 1));
    ck_assert_str_eq(wf_stores_file(stores, store)->bands[0].mask, "nodata");
    wf_stores_free(stores);
}
END_TEST

START_TEST(bands_of_a_file_share_its_alpha_band_which_has_no_mask)
{
    const WeftFile *file = shared("odd/rgba_alpha_uint16.tif");
    bool dropped;

    if (!file)
        return;
    ck_assert_str_eq(file->bands[0].mask, "alpha");
    ck_assert_int_eq(source_of(1, true, &dropped).band, source_of(3, true, &dropped).band);
    ck_assert(!wf_stores_has_mask(stores, store, 4));
    ck_assert_int_eq(source_of(4, false, &dropped).type, WEFT_U16);
    wf_stores_free(stores);
}
END_TEST

START_TEST(an_alpha_band_holds_beside_nodata)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    GDALDatasetH data = make_raster("GTiff", path, 8, 8, 2, GDT_Byte, "ALPHA=YES");
    bool dropped;

    GDALSetRasterNoDataValue(GDALGetRasterBand(data, 1), 0);
    GDALClose(data);
    ck_assert_ptr_nonnull(file_of(path));
    ck_assert(source_of(1, false, &dropped).has_nodata);
    ck_assert(wf_stores_has_mask(stores, store, 1));
    ck_assert_int_eq(source_of(1, true, &dropped).band, 2);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_mask_beside_the_file_holds)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    GDALDatasetH data = make_raster("GTiff", path, 8, 8, 1, GDT_Byte, "");

    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "NO");
    ck_assert_int_eq(GDALCreateDatasetMaskBand(data, GMF_PER_DATASET), CE_None);
    GDALClose(data);
    ck_assert_ptr_nonnull(file_of(path));
    ck_assert(wf_stores_has_mask(stores, store, 1));
    wf_stores_free(stores);
}
END_TEST

START_TEST(georeference_is_that_of_pixel_corners)
{
    const WeftFile *file = shared("dem_n43_degrees.dt0");

    if (!file)
        return;
    ck_assert(file->area_is_point);
    ck_assert_double_eq_tol(file->grid.transform[0], -80 - 1.0 / 240, 1e-9);
    ck_assert_double_eq_tol(file->grid.transform[3], 44 + 1.0 / 240, 1e-9);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_geotiff_of_points_is_shifted_once)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    double transform[6] = { 100, 10, 0, 200, 0, -10 };
    const WeftFile *file;
    GDALDatasetH data;

    GDALAllRegister();
    data = GDALCreate(GDALGetDriverByName("GTiff"), path, 8, 8, 1, GDT_Byte, NULL);
    GDALSetMetadataItem(data, "AREA_OR_POINT", "Point", NULL);
    GDALSetGeoTransform(data, transform);
    GDALSetProjection(data, SRS_WKT_WGS84_LAT_LONG);
    GDALClose(data);
    file = file_of(path);
    ck_assert(file->area_is_point);
    ck_assert_double_eq(file->grid.transform[0], 100);
    wf_stores_free(stores);
}
END_TEST

START_TEST(rotated_and_south_up_grids_are_kept)
{
    const WeftFile *file = shared("odd/rotated_geomatrix.tif");

    if (!file)
        return;
    ck_assert_double_eq(file->grid.transform[2], -5);
    wf_stores_free(stores);
    file = shared("odd/south_up.tif");
    ck_assert_double_gt(file->grid.transform[5], 0);
    wf_stores_free(stores);
}
END_TEST

START_TEST(control_points_are_no_georeference)
{
    const WeftFile *file = shared("odd/gcps.tif");

    if (!file)
        return;
    ck_assert(!file->grid.georeferenced);
    ck_assert_ptr_null(file->grid.crs);
    ck_assert_double_eq(file->grid.transform[1], 1);
    wf_stores_free(stores);
}
END_TEST

START_TEST(scale_offset_names_and_layout_are_told)
{
    const WeftFile *file = shared("odd/scale_offset.tif");

    if (!file)
        return;
    ck_assert_double_eq(file->bands[2].scale, 1.2);
    ck_assert_double_eq(file->bands[2].offset, 12);
    ck_assert_str_eq(file->interleave, "pixel");
    ck_assert_int_eq(file->block_width, 100);
    ck_assert_int_eq(file->block_height, 27);
    wf_stores_free(stores);
    file = shared("ndvi_series_2017.tif");
    ck_assert_str_eq(file->bands[0].name, "2017-05-01");
    ck_assert_double_eq(file->bands[0].scale, 1);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_collection_lists_its_rasters)
{
    const char *path = in_folder(harness_folder(), "a.gpkg");
    char **options = CSLTokenizeString2("RASTER_TABLE=one", " ", 0);
    double transform[6] = { 0, 1, 0, 0, 0, -1 };
    GDALDriverH driver;
    GDALDatasetH data;

    GDALAllRegister();
    driver = GDALGetDriverByName("GPKG");
    if (!driver)
        return;
    data = GDALCreate(driver, path, 10, 10, 1, GDT_Byte, options);
    GDALSetGeoTransform(data, transform);
    GDALClose(data);
    options = CSLSetNameValue(options, "RASTER_TABLE", "two");
    options = CSLSetNameValue(options, "APPEND_SUBDATASET", "YES");
    data = GDALCreate(driver, path, 10, 10, 1, GDT_Byte, options);
    GDALSetGeoTransform(data, transform);
    GDALClose(data);
    CSLDestroy(options);
    ck_assert_ptr_null(file_of(path));
    ck_assert_msg(strstr(err.hint, ":one") != NULL, "%s: %s", err.message, err.hint);
    ck_assert_ptr_nonnull(strstr(err.hint, ":two"));
    wf_stores_free(stores);
}
END_TEST

CHECK_MAIN("store_describe", complex_numbers_are_an_error_that_names_the_type,
           a_missing_file_says_so, a_file_that_is_no_raster_says_so,
           nodata_slightly_above_the_greatest_float_is_that_float,
           nodata_the_type_cannot_hold_is_dropped, nodata_of_f32_is_rounded_to_f32,
           nodata_of_64_bit_integers_is_exact, an_internal_mask_is_a_source_of_its_own,
           nodata_is_no_mask, bands_of_a_file_share_its_alpha_band_which_has_no_mask,
           an_alpha_band_holds_beside_nodata, a_mask_beside_the_file_holds,
           georeference_is_that_of_pixel_corners, a_geotiff_of_points_is_shifted_once,
           rotated_and_south_up_grids_are_kept, control_points_are_no_georeference,
           scale_offset_names_and_layout_are_told, a_collection_lists_its_rasters)
