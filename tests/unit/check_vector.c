/*
 * check_vector.c - which layer, which field, which features of a vector file.
 */
#include "vectors.h"

#include "io/vector.h"

#define SQUARE "POLYGON ((1000 2000, 1020 2000, 1020 2020, 1000 2020, 1000 2000))"

static WfVector vector;

static const char *message(const char *path, WeftZoning options, const char *crs)
{
    static WeftErr err;
    WeftGrid grid = plain_grid(crs);

    err = (WeftErr) { 0 };
    ck_assert(!wf_vector_open(&vector, path, &options, &grid, &err));
    ck_assert_ptr_null(vector.data);
    return strcat(strcat(err.message, " / "), err.hint);
}

static void open_vector(const char *path, WeftZoning options, const char *crs)
{
    WeftGrid grid = plain_grid(crs);
    WeftErr err = { 0 };

    ck_assert_msg(wf_vector_open(&vector, path, &options, &grid, &err), "%s", err.message);
}

START_TEST(the_only_layer_needs_no_name)
{
    open_vector(VECTOR(harness_folder(), NULL, "a|" SQUARE), (WeftZoning) { 0 }, NULL);
    ck_assert_str_eq(OGR_L_GetName(vector.layer), "places");
    ck_assert(vector.field == -1 && vector.integer);
    wf_vector_close(&vector);
}
END_TEST

START_TEST(a_field_tells_whether_ids_are_integers)
{
    const char *path = VECTOR(harness_folder(), NULL, "a|" SQUARE);

    open_vector(path, (WeftZoning) { .id = "NAME" }, NULL);
    ck_assert(vector.field == 0 && !vector.integer);
    wf_vector_close(&vector);
    open_vector(path, (WeftZoning) { .id = "CODE" }, NULL);
    ck_assert(vector.field == 1 && vector.integer);
    wf_vector_close(&vector);
}
END_TEST

START_TEST(where_selects_features)
{
    open_vector(VECTOR(harness_folder(), NULL, "a|" SQUARE, "b|" SQUARE, "c|" SQUARE),
                (WeftZoning) { .where = "CODE > 10" }, NULL);
    ck_assert_int_eq(OGR_L_GetFeatureCount(vector.layer, 1), 2);
    wf_vector_close(&vector);
}
END_TEST

START_TEST(an_unknown_layer_or_field_shows_the_nearest)
{
    const char *path = VECTOR(harness_folder(), NULL, "a|" SQUARE);

    ck_assert_ptr_nonnull(strstr(message(path, (WeftZoning) { .layer = "place" }, NULL),
                                 "has no layer \"place\" / did you mean \"places\"?"));
    ck_assert_ptr_nonnull(strstr(message(path, (WeftZoning) { .id = "NMAE" }, NULL),
                                 "has no field \"NMAE\" / did you mean \"NAME\"?"));
    ck_assert_ptr_nonnull(strstr(message(path, (WeftZoning) { .id = "population" }, NULL),
                                 "has no field \"population\" / it has NAME, CODE"));
}
END_TEST

START_TEST(a_condition_that_cannot_be_read_says_why)
{
    const char *path = VECTOR(harness_folder(), NULL, "a|" SQUARE);

    ck_assert_ptr_nonnull(strstr(message(path, (WeftZoning) { .where = "NAME = = 'a'" }, NULL),
                                 "where = \"NAME = = 'a'\" cannot be read: "));
}
END_TEST

START_TEST(what_is_no_vector_file_is_an_error)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");

    make_tiff(path, 4, 4, 1, GDT_Byte, "");
    ck_assert_ptr_nonnull(strstr(message(in_folder(folder, "none.gpkg"), (WeftZoning) { 0 }, NULL),
                                 "none.gpkg: No such file or directory"));
    ck_assert_ptr_nonnull(
        strstr(message(path, (WeftZoning) { 0 }, NULL), "it is no vector file that GDAL knows"));
}
END_TEST

START_TEST(several_layers_of_polygons_must_be_told_apart)
{
    const char *path = VECTOR(harness_folder(), NULL, "a|" SQUARE);
    GDALDatasetH data = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);

    GDALDatasetCreateLayer(data, "roads", NULL, wkbLineString, NULL);
    GDALDatasetCreateLayer(data, "lakes", NULL, wkbMultiPolygon, NULL);
    GDALClose(data);
    ck_assert_ptr_nonnull(
        strstr(message(path, (WeftZoning) { 0 }, NULL),
               "has 2 layers of polygons / say which: layer = \"places\", \"lakes\""));
    ck_assert_ptr_nonnull(strstr(message(path, (WeftZoning) { .layer = "roads" }, NULL),
                                 "has no polygons in this layer"));
    open_vector(path, (WeftZoning) { .layer = "lakes" }, NULL);
    wf_vector_close(&vector);
}
END_TEST

START_TEST(a_system_on_one_side_only_is_an_error)
{
    const char *folder = harness_folder();
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    const char *crs = wf_stores_crs(stores, "EPSG:32633", &err);
    const char *path = VECTOR(folder, NULL, "a|" SQUARE);

    ck_assert_ptr_nonnull(strstr(message(path, (WeftZoning) { 0 }, crs), "the raster has a CRS"));
    path = VECTOR(folder, "EPSG:32633", "a|" SQUARE);
    ck_assert_ptr_nonnull(strstr(message(path, (WeftZoning) { 0 }, NULL), "the raster has none"));
    open_vector(path, (WeftZoning) { 0 }, crs);
    ck_assert_ptr_null(vector.to_grid);
    wf_vector_close(&vector);
    wf_stores_free(stores);
}
END_TEST

CHECK_MAIN("vector", the_only_layer_needs_no_name, a_field_tells_whether_ids_are_integers,
           where_selects_features, an_unknown_layer_or_field_shows_the_nearest,
           a_condition_that_cannot_be_read_says_why, what_is_no_vector_file_is_an_error,
           several_layers_of_polygons_must_be_told_apart, a_system_on_one_side_only_is_an_error)
