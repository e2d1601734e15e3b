/*
 * check_store_virtual.c - rasters that are put together from others: their blocks, and no crash.
 */
#include "rasters.h"

#include "io/store.h"

enum { WIDTH = 1600, HEIGHT = 900 };

static WeftErr err;

/* The block size of a raster opened alone; false: it cannot be opened. */
static bool blocks_of(const char *path, int *width, int *height)
{
    WfStores *stores = wf_stores_new(&err);
    int store;

    err = (WeftErr) { 0 };
    store = wf_stores_open(stores, path, &err);
    if (store >= 0) {
        *width = wf_stores_file(stores, store)->block_width;
        *height = wf_stores_file(stores, store)->block_height;
    }
    wf_stores_free(stores);
    return store >= 0;
}

static void ck_blocks(const char *path, int width, int height)
{
    int got_width = 0, got_height = 0;

    ck_assert_msg(blocks_of(path, &got_width, &got_height), "%s: %s", path, err.message);
    ck_assert_msg(got_width == width && got_height == height, "%s: %d x %d", path, got_width,
                  got_height);
}

/* A virtual raster of one source, with more elements in it. Static buffer. */
static const char *xml(const char *source, bool beside, const char *more)
{
    static char text[2048];

    snprintf(text, sizeof text,
             "<VRTDataset rasterXSize=\"%d\" rasterYSize=\"%d\"><VRTRasterBand dataType=\"Byte\" "
             "band=\"1\"><SimpleSource><SourceFilename relativeToVRT=\"%d\">%s</SourceFilename>"
             "<SourceBand>1</SourceBand>%s</SimpleSource></VRTRasterBand></VRTDataset>",
             WIDTH, HEIGHT, beside, source, more);
    return text;
}

static const char *write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    fputs(text, file);
    fclose(file);
    return path;
}

static const char *spelt(const char *format, const char *path)
{
    static char text[1024];

    snprintf(text, sizeof text, format, path);
    return text;
}

/* Tiles of 192: three of them are the first 512 pixels and more. */
START_TEST(blocks_are_unions_of_the_first_source_s)
{
    const char *folder = harness_folder(), *tiff = in_folder(folder, "a.tif"), *vrt;

    make_tiff(tiff, WIDTH, HEIGHT, 1, GDT_Byte, "TILED=YES BLOCKXSIZE=192 BLOCKYSIZE=192");
    vrt = write_text(in_folder(folder, "a.vrt"), xml("a.tif", true, ""));
    ck_blocks(vrt, 576, 576);
    ck_blocks(xml(tiff, false, ""), 576, 576);
    ck_blocks(spelt("vrt://%s", tiff), 576, 576);
    ck_blocks(spelt("vrt://%s?bands=1,1", tiff), 576, 576);
    ck_blocks(spelt("DERIVED_SUBDATASET:AMPLITUDE:%s", tiff), 576, 576);
    ck_blocks(spelt("vrt://%s", vrt), 576, 576);
    ck_blocks(write_text(in_folder(folder, "b.vrt"), xml("a.vrt", true, "")), 576, 576);
}
END_TEST

START_TEST(properties_of_the_source_spare_opening_it)
{
    static const char *const known = "<SourceProperties RasterXSize=\"1600\" RasterYSize=\"900\" "
                                     "DataType=\"Byte\" BlockXSize=\"160\" BlockYSize=\"320\" />";

    ck_blocks(xml("/nowhere/a.tif", false, known), 640, 640);
}
END_TEST

START_TEST(strips_are_whole_rows)
{
    const char *tiff = in_folder(harness_folder(), "a.tif");

    make_tiff(tiff, WIDTH, HEIGHT, 1, GDT_Byte, "BLOCKYSIZE=100");
    ck_blocks(spelt("vrt://%s", tiff), WIDTH, 700); /* a million pixels, in strips of 100 rows */
}
END_TEST

START_TEST(without_a_known_source_gdal_s_blocks_are_joined)
{
    ck_blocks(xml("/nowhere/a.tif", false, ""), 512, 512);
}
END_TEST

START_TEST(rasters_of_themselves_have_blocks)
{
    const char *folder = harness_folder();

    ck_blocks(write_text(in_folder(folder, "a.vrt"), xml("a.vrt", true, "")), 512, 512);
}
END_TEST

START_TEST(addresses_in_memory_are_refused)
{
    static const char memory[] = "MEM:::DATAPOINTER=1,PIXELS=1600,LINES=900";
    const char *vrt = in_folder(harness_folder(), "a.vrt");
    int width, height;

    write_text(vrt, xml(memory, false, ""));
    for (int i = 0; i < 5; i++) {
        const char *path = i == 0   ? memory
                           : i == 1 ? spelt("vrt://%s", memory)
                           : i == 2 ? xml(memory, false, "")
                           : i == 3 ? vrt
                                    : spelt("vrt://%s", vrt);

        ck_assert_msg(!blocks_of(path, &width, &height), "%s was opened", path);
        ck_assert_int_eq(err.code, WEFT_EARG);
        ck_assert_ptr_nonnull(strstr(err.message, "it reads from an address in memory"));
    }
}
END_TEST

CHECK_MAIN("store_virtual", blocks_are_unions_of_the_first_source_s,
           properties_of_the_source_spare_opening_it, strips_are_whole_rows,
           without_a_known_source_gdal_s_blocks_are_joined, rasters_of_themselves_have_blocks,
           addresses_in_memory_are_refused)
