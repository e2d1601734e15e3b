/*
 * check_crs.c - equal systems have equal text, different ones different text.
 */
#include "rasters.h"

#include <cpl_conv.h>
#include <ogr_srs_api.h>

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

static void check_flat(const char *whole, const char *flat)
{
    const char *text = crs(whole);

    ck_assert_msg(wf_stores_flat(stores, text) != NULL, "%s has no heights", whole);
    ck_assert_str_eq(wf_stores_flat(stores, text), crs(flat));
}

START_TEST(without_heights_a_system_is_the_one_below_it)
{
    stores = wf_stores_new(NULL);
    check_flat("EPSG:32632+5773", "EPSG:32632");
    check_flat("EPSG:4326+3855", "EPSG:4326");
    check_flat("EPSG:4979", "EPSG:4326"); /* heights over the ellipsoid */
    check_flat("+proj=utm +zone=32 +datum=WGS84 +vunits=us-ft +type=crs", "EPSG:32632");
    check_flat("+proj=utm +zone=32 +datum=WGS84 +geoidgrids=egm96_15.gtx +type=crs", "EPSG:32632");
    ck_assert_ptr_null(wf_stores_flat(stores, crs("EPSG:32632")));
    ck_assert_ptr_null(wf_stores_flat(stores, crs("EPSG:4978"))); /* of three axes in space */
    wf_stores_free(stores);
}
END_TEST

#define BESSEL "+proj=utm +zone=32 +ellps=bessel +towgs84=598,73,418,0.2,0.04,-2.4,6.7 +units=m "

START_TEST(a_bound_system_stays_bound_without_heights)
{
    stores = wf_stores_new(NULL);
    check_flat(BESSEL "+geoidgrids=egm96_15.gtx +type=crs", BESSEL "+type=crs");
    ck_assert_str_ne(crs(BESSEL "+type=crs"), crs("+proj=utm +zone=32 +ellps=bessel +type=crs"));
    wf_stores_free(stores);
}
END_TEST

/* WKT of 1999, as most files have it. */
START_TEST(a_compound_system_in_older_text_has_the_same_one_below_it)
{
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    char *wkt = NULL;

    stores = wf_stores_new(NULL);
    ck_assert(OSRSetFromUserInput(system, "EPSG:25832+7837") == OGRERR_NONE);
    ck_assert(OSRExportToWkt(system, &wkt) == OGRERR_NONE);
    ck_assert_int_eq(strncmp(wkt, "COMPD_CS", 8), 0);
    check_flat(wkt, "EPSG:25832");
    CPLFree(wkt);
    OSRRelease(system);
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
           without_heights_a_system_is_the_one_below_it, a_bound_system_stays_bound_without_heights,
           a_compound_system_in_older_text_has_the_same_one_below_it, what_is_no_system_is_an_error)
