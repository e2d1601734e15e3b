/*
 * check_crs.c - equal systems have equal text, different ones different text.
 */
#include "rasters.h"

#include "io/store.h"

static WfStores *stores;

static const char *crs(const char *text)
{
    WeftErr err = { 0 };
    const char *found = wf_stores_crs(stores, text, &err);

    ck_assert_msg(found != NULL, "%s", err.message);
    return found;
}

START_TEST(equal_systems_have_equal_text)
{
    stores = wf_stores_new(NULL);
    ck_assert_str_eq(crs("EPSG:32633"), crs("epsg:32633"));
    ck_assert_str_eq(crs("EPSG:4326"), crs("OGC:CRS84")); /* axis order aside */
    ck_assert_str_eq(crs("EPSG:4326"), crs("WGS84"));
    wf_stores_free(stores);
}
END_TEST

START_TEST(different_systems_have_different_text)
{
    stores = wf_stores_new(NULL);
    ck_assert_str_ne(crs("EPSG:32633"), crs("EPSG:32634"));
    ck_assert_str_ne(crs("EPSG:4326"), crs("EPSG:4258"));
    wf_stores_free(stores);
}
END_TEST

START_TEST(the_text_is_wkt_that_reads_back_as_the_same)
{
    stores = wf_stores_new(NULL);
    ck_assert_int_eq(strncmp(crs("EPSG:32633"), "PROJCRS[\"WGS 84 / UTM zone 33N\"", 31), 0);
    ck_assert_ptr_eq(crs(crs("EPSG:32633")), crs("EPSG:32633"));
    wf_stores_free(stores);
}
END_TEST

START_TEST(the_same_system_in_two_files_has_one_text)
{
    const char *folder = harness_folder();
    WeftErr err = { 0 };

    stores = wf_stores_new(NULL);
    for (int i = 0; i < 2; i++) {
        const char *path = in_folder(folder, i ? "a.img" : "a.tif");
        GDALDatasetH data = make_raster(i ? "HFA" : "GTiff", path, 8, 8, 1, GDT_Byte, "");

        GDALSetProjection(data, crs("EPSG:32719"));
        GDALClose(data);
        ck_assert_int_eq(wf_stores_open(stores, path, &err), i);
    }
    ck_assert_str_eq(wf_stores_file(stores, 0)->grid.crs, wf_stores_file(stores, 1)->grid.crs);
    wf_stores_free(stores);
}
END_TEST

START_TEST(what_is_no_system_is_an_error)
{
    WeftErr err = { 0 };

    stores = wf_stores_new(NULL);
    ck_assert_ptr_null(wf_stores_crs(stores, "EPSG:999999999", &err));
    ck_assert_int_eq(err.code, WEFT_EARG);
    ck_assert_ptr_nonnull(strstr(err.hint, "EPSG:"));
    wf_stores_free(stores);
}
END_TEST

CHECK_MAIN("crs", equal_systems_have_equal_text, different_systems_have_different_text,
           the_text_is_wkt_that_reads_back_as_the_same, the_same_system_in_two_files_has_one_text,
           what_is_no_system_is_an_error)
