/*
 * check_lonlat.c - longitude and latitude of pixel centres.
 */
#include "rasters.h"

#include <math.h>

#include "io/store.h"

static WeftGrid grid_of(WfStores *stores, const char *crs, double x, double y, double cell)
{
    return (WeftGrid) { .width = 300,
                        .height = 20,
                        .transform = { x, cell, 0, y, 0, -cell },
                        .georeferenced = true,
                        .crs = wf_stores_crs(stores, crs, NULL) };
}

static void coordinates(WfStores *stores, int store, int64_t col, int64_t row, double *lon,
                        double *lat)
{
    const WeftFile *file = wf_stores_file(stores, store);
    size_t pixels = (size_t)file->block_width * (size_t)file->block_height;
    double *block = calloc(pixels * 2, sizeof *block);
    size_t offsets[2] = { 0, pixels * sizeof *block }, at;
    int bands[] = { 1, 2 };
    WeftErr err = { 0 };
    int64_t bytes;

    ck_assert_msg(wf_store_read(stores, store, 0, col / file->block_width, row / file->block_height,
                                bands, 2, offsets, block, &bytes, &err),
                  "%s", err.message);
    at = (size_t)(row % file->block_height * file->block_width + col % file->block_width);
    *lon = block[at];
    *lat = block[pixels + at];
    free(block);
}

START_TEST(utm_is_transformed)
{
    WfStores *stores = wf_stores_new(NULL);
    WeftGrid grid = grid_of(stores, "EPSG:32633", 500000 - 15, 5000000 + 15, 30);
    double lon, lat;
    int store = wf_stores_add_lonlat(stores, &grid, NULL);

    coordinates(stores, store, 0, 0, &lon, &lat); /* the centre lies on the central meridian */
    ck_assert_double_eq_tol(lon, 15, 1e-9);
    ck_assert_double_eq_tol(lat, 45.15348, 1e-5);
    coordinates(stores, store, 299, 19, &lon, &lat); /* gdaltransform -s_srs EPSG:32633 */
    ck_assert_double_gt(lon, 15.1);
    ck_assert_double_lt(lat, 45.1535);
    wf_stores_free(stores);
}
END_TEST

START_TEST(degrees_are_taken_as_they_are)
{
    WfStores *stores = wf_stores_new(NULL);
    WeftGrid grid = grid_of(stores, "EPSG:4326", 10, 50, 0.5);
    double lon, lat;
    int store = wf_stores_add_lonlat(stores, &grid, NULL);

    coordinates(stores, store, 290, 3, &lon, &lat);
    ck_assert_double_eq(lon, 10 + 290.5 * 0.5);
    ck_assert_double_eq(lat, 50 - 3.5 * 0.5);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_place_outside_the_projection_is_invalid)
{
    WfStores *stores = wf_stores_new(NULL);
    WeftGrid grid = grid_of(stores, "+proj=ortho +lat_0=0 +lon_0=0 +R=6371000", -9e6, 9e6, 60000);
    double lon, lat;
    int store = wf_stores_add_lonlat(stores, &grid, NULL);

    coordinates(stores, store, 0, 0, &lon, &lat);
    ck_assert_double_nan(lon);
    ck_assert_double_nan(lat);
    wf_stores_free(stores);
}
END_TEST

START_TEST(equal_grids_share_a_store)
{
    WfStores *stores = wf_stores_new(NULL);
    WeftGrid grid = grid_of(stores, "EPSG:32633", 0, 0, 30);
    int store = wf_stores_add_lonlat(stores, &grid, NULL);

    ck_assert_int_eq(wf_stores_add_lonlat(stores, &grid, NULL), store);
    grid.width++;
    ck_assert_int_ne(wf_stores_add_lonlat(stores, &grid, NULL), store);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_grid_without_a_system_is_refused)
{
    WfStores *stores = wf_stores_new(NULL);
    WeftGrid grid = {
        .width = 3, .height = 3, .georeferenced = true, .transform = { 0, 1, 0, 0, 0, -1 }
    };
    WeftErr err = { 0 };

    ck_assert_int_eq(wf_stores_add_lonlat(stores, &grid, &err), -1);
    ck_assert_int_eq(err.code, WEFT_EGRID);
    wf_stores_free(stores);
}
END_TEST

CHECK_MAIN("lonlat", utm_is_transformed, degrees_are_taken_as_they_are,
           a_place_outside_the_projection_is_invalid, equal_grids_share_a_store,
           a_grid_without_a_system_is_refused)
