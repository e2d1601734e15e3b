/*
 * check_info.c - a file in words, and what is said to be slow about it.
 */
#include "rasters.h"

#include "io/store.h"

static WfText text;

static const char *info_of(const char *path)
{
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    int store = wf_stores_open(stores, path, &err);

    ck_assert_msg(store >= 0 && wf_store_info(stores, store, &text, &err), "%s", err.message);
    wf_stores_free(stores);
    return text.text;
}

static bool says(const char *part)
{
    return strstr(text.text, part) != NULL;
}

START_TEST(a_shared_file_in_words)
{
    const char *path = harness_data("landsat8_greenland.tif");

    if (!path) {
        harness_skip("landsat8_greenland.tif");
        return;
    }
    info_of(path);
    ck_assert(says("640 x 600, WGS 84 / UTM zone 22N, cell 30 x 30"));
    ck_assert(says("blocks   256 x 256"));
    ck_assert(says("band 4   u16"));
    wf_text_free(&text);
}
END_TEST

START_TEST(nodata_that_matches_nothing_is_told)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    GDALDatasetH data = make_raster("GTiff", path, 8, 8, 1, GDT_UInt16, "");

    GDALSetRasterNoDataValue(GDALGetRasterBand(data, 1), -9999);
    GDALClose(data);
    info_of(path);
    ck_assert(says("u16, nodata -9999 (impossible in this type, ignored)"));
    wf_text_free(&text);
}
END_TEST

START_TEST(legends_are_told)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    GDALDatasetH data = make_raster("GTiff", path, 8, 8, 1, GDT_Byte, "");
    GDALColorTableH table = GDALCreateColorTable(GPI_RGB);
    char *names[] = { "none", "wood", NULL };

    GDALSetColorEntry(table, 1, &(GDALColorEntry) { 255, 0, 0, 255 });
    GDALSetRasterColorTable(GDALGetRasterBand(data, 1), table);
    GDALSetRasterCategoryNames(GDALGetRasterBand(data, 1), names);
    GDALDestroyColorTable(table);
    GDALClose(data);
    info_of(path);
    ck_assert(says("u8, Palette, 256 colours, 2 names of values"));
    wf_text_free(&text);
}
END_TEST

START_TEST(control_points_are_told)
{
    const char *path = harness_data("odd/gcps.tif");

    if (!path)
        return;
    info_of(path);
    ck_assert(says("ground control points"));
    wf_text_free(&text);
}
END_TEST

START_TEST(slow_layouts_are_told)
{
    static const struct {
        int width, height, bands;
        const char *options, *said;
    } cases[] = {
        { 5000, 300, 1, "BLOCKYSIZE=1", "strips of a few rows" },
        { 1100, 1000, 1, "BLOCKYSIZE=1000 COMPRESS=LZW", "the whole raster is one block" },
        { 1100, 1000, 1, "TILED=YES BLOCKXSIZE=32 BLOCKYSIZE=32", "very small" },
        { 50, 50, 3, "INTERLEAVE=PIXEL", "reading one band decodes all 3" },
    };
    const char *path = in_folder(harness_folder(), "a.tif");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_tiff(path, cases[i].width, cases[i].height, cases[i].bands, GDT_Byte,
                  cases[i].options);
        info_of(path);
        ck_assert_msg(says(cases[i].said), "%s", text.text);
        wf_text_free(&text);
    }
}
END_TEST

START_TEST(a_good_layout_gets_no_advice)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    GDALDatasetH data = make_raster("GTiff", path, 1100, 1000, 2, GDT_Byte,
                                    "TILED=YES BLOCKXSIZE=512 BLOCKYSIZE=512 INTERLEAVE=BAND");
    double transform[6] = { 0, 1, 0, 0, 0, -1 };

    GDALSetGeoTransform(data, transform);
    GDALSetProjection(data, SRS_WKT_WGS84_LAT_LONG);
    GDALClose(data);
    info_of(path);
    ck_assert_msg(!says("note"), "%s", text.text);
    wf_text_free(&text);
}
END_TEST

CHECK_MAIN("info", a_shared_file_in_words, nodata_that_matches_nothing_is_told, legends_are_told,
           control_points_are_told, slow_layouts_are_told, a_good_layout_gets_no_advice)
