/*
 * check_zoning.c - polygons of vector files as pixels, against GDAL's own rasterizer and overlay.
 */
#include "vectors.h"

#include <cpl_conv.h>
#include <gdal_alg.h>

#define BOX(x0, y0, x1, y1)                                                                      \
    "POLYGON ((" #x0 " " #y0 ", " #x1 " " #y0 ", " #x1 " " #y1 ", " #x0 " " #y1 ", " #x0 " " #y0 \
    "))"

static WeftZones *read_zones(const char *path, WeftZoning options, const WeftGrid *grid)
{
    WeftErr err = { 0 };
    WeftZones *zones = wf_zones_read(path, &options, grid, &err);

    ck_assert_msg(zones != NULL, "%s", err.message);
    ck_assert_int_eq(zones->spans.column_count, 5);
    return zones;
}

/* Ids, and the pixels that each zone has: "a 4, b 0". */
static const char *counted(const char *path, WeftZoning options, const WeftGrid *grid)
{
    static char text[256];
    WeftZones *zones = read_zones(path, options, grid);
    char *at = text;

    for (int z = 0; z < zones->count; z++) {
        double count = 0;

        for (int64_t i = 0; i < zones->spans.row_count; i++)
            if (zones->spans.cells[5 * i + 3] == z)
                count += zones->spans.cells[5 * i + 2];
        at += sprintf(at, "%s%s %g", z ? ", " : "", zones->ids[z], count);
    }
    wf_zones_free(zones);
    return text;
}

START_TEST(zones_are_sorted_by_id)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(harness_folder(), NULL, "b|" BOX(1000, 2000, 1020, 2020),
                              "a|" BOX(1040, 2040, 1050, 2060), "c|" BOX(1000, 2030, 1010, 2040));

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid), "a 2, b 4, c 1");
    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "CODE" }, &grid), "10 1, 20 2, 30 4");
    ck_assert_str_eq(counted(path, (WeftZoning) { 0 }, &grid), "1 4, 2 2, 3 1");
}
END_TEST

START_TEST(features_with_one_id_are_one_zone)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(harness_folder(), NULL, "a|" BOX(1000, 2000, 1020, 2020),
                              "a|" BOX(1010, 2000, 1030, 2020));

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid), "a 6");
}
END_TEST

START_TEST(zones_may_overlap)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(harness_folder(), NULL, "a|" BOX(1000, 2000, 1020, 2020),
                              "b|" BOX(1010, 2000, 1030, 2020));

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid), "a 4, b 4");
}
END_TEST

START_TEST(a_zone_without_a_pixel_is_a_zone)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(harness_folder(), NULL, "small|" BOX(1001, 2001, 1002, 2002),
                              "nothing|", "far|" BOX(0, 0, 10, 10), "empty|POLYGON EMPTY");

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid),
                     "empty 0, far 0, nothing 0, small 0");
}
END_TEST

START_TEST(the_box_holds_all_polygons_even_far_ones)
{
    WeftGrid grid = plain_grid(NULL);
    const char *folder = harness_folder();
    WeftZones *zones =
        read_zones(VECTOR(folder, NULL, "a|" BOX(0, 10, 20, 30), "b|" BOX(1000, 2000, 1010, 2010)),
                   (WeftZoning) { .id = "NAME" }, &grid);

    ck_assert_double_eq(zones->box[0], 0);
    ck_assert_double_eq(zones->box[1], 10);
    ck_assert_double_eq(zones->box[2], 1010);
    ck_assert_double_eq(zones->box[3], 2010);
    wf_zones_free(zones);
    zones = read_zones(VECTOR(folder, NULL, "nothing|"), (WeftZoning) { .id = "NAME" }, &grid);
    ck_assert(zones->box[0] > zones->box[2]);
    wf_zones_free(zones);
}
END_TEST

START_TEST(parts_holes_and_collections_are_taken)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(
        harness_folder(), NULL,
        "m|MULTIPOLYGON (((1000 2000, 1030 2000, 1030 2030, 1000 2030, 1000 2000), (1010 2010, "
        "1020 2010, 1020 2020, 1010 2020, 1010 2010)), ((1050 2050, 1060 2050, 1060 2060, 1050 "
        "2060, 1050 2050)))",
        "c|GEOMETRYCOLLECTION (" BOX(1000, 2000, 1010, 2010) ", " BOX(1030, 2000, 1040, 2010) ")",
        "r|CURVEPOLYGON (CIRCULARSTRING (1000 2010, 1010 2020, 1020 2010, 1010 2000, 1000 2010))");

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid), "c 2, m 9, r 4");
}
END_TEST

#define CURVE(x0, y0, x1, y1) "CURVEPOLYGON (" RING(x0, y0, x1, y1) ")"
#define RING(x0, y0, x1, y1) \
    "(" #x0 " " #y0 ", " #x1 " " #y0 ", " #x1 " " #y1 ", " #x0 " " #y1 ", " #x0 " " #y0 ")"

START_TEST(what_may_hold_curves_is_taken_wherever_it_stands)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(
        harness_folder(), NULL,
        "compound|CURVEPOLYGON (COMPOUNDCURVE ((1000 2000, 1020 2000, 1020 2010), (1020 2010, 1000 "
        "2010, 1000 2000)))",
        "deep|GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (MULTISURFACE ("
        "" CURVE(1000, 2000, 1010, 2010) ", (" RING(1020, 2000, 1030,
                                                    2010) "))), " CURVE(1040, 2000, 1050, 2010) ")",
        "surface|MULTISURFACE ((" RING(1000, 2000, 1020, 2010) "), " CURVE(1050, 2050, 1060,
                                                                           2060) ")");

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid),
                     "compound 2, deep 3, surface 3");
}
END_TEST

START_TEST(surfaces_of_patches_are_taken_as_they_lie_in_the_plane)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(
        harness_folder(), NULL,
        "box|POLYHEDRALSURFACE Z (((1000 2000 0, 1020 2000 0, 1020 2020 0, 1000 2020 0, 1000 2000 "
        "0)), ((1000 2000 9, 1020 2000 9, 1020 2020 9, 1000 2020 9, 1000 2000 9)), ((1000 2000 0, "
        "1020 2000 0, 1020 2000 9, 1000 2000 9, 1000 2000 0)))",
        "tin|TIN Z (((1000 2000 1, 1020 2000 2, 1020 2020 3, 1000 2000 1)), ((1000 2000 1, 1020 "
        "2020 3, 1000 2020 4, 1000 2000 1)))",
        "triangle|TRIANGLE ((1000 2000, 1040 2000, 1000 2040, 1000 2000))");

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid),
                     "box 4, tin 4, triangle 6");
}
END_TEST

START_TEST(heights_and_measures_are_left_aside)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(
        harness_folder(), NULL,
        "m|POLYGON M ((1000 2000 7, 1010 2000 7, 1010 2010 7, 1000 2010 7, 1000 2000 7))",
        "z|MULTIPOLYGON Z (((1000 2000 7, 1010 2000 8, 1010 2010 9, 1000 2010 7, 1000 2000 7)))",
        "zm|MULTISURFACE ZM (CURVEPOLYGON ZM ((1000 2000 7 1, 1010 2000 8 1, 1010 2010 9 1, 1000 "
        "2010 7 1, 1000 2000 7 1)))");

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid), "m 1, z 1, zm 1");
}
END_TEST

START_TEST(members_of_a_collection_may_overlap_and_parts_of_a_multipolygon_may_not)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(
        harness_folder(), NULL,
        "c|GEOMETRYCOLLECTION (" BOX(1000, 2000, 1020, 2020) ", " BOX(1010, 2000, 1030, 2020) ")",
        "m|MULTIPOLYGON ((" RING(1000, 2000, 1020, 2020) "), (" RING(1010, 2000, 1030, 2020) "))");

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME" }, &grid), "c 6, m 4");
}
END_TEST

START_TEST(lines_and_points_beside_polygons_are_left_out_and_told)
{
    WeftGrid grid = plain_grid(NULL);
    const char *path = VECTOR(harness_folder(), NULL,
                              "a|GEOMETRYCOLLECTION (POINT (1050 2050), " BOX(
                                  1000, 2000, 1010, 2010) ", CIRCULARSTRING (0 0, 5 5, 9 0))",
                              "b|" BOX(1000, 2000, 1010, 2010));
    WeftZones *zones = read_zones(path, (WeftZoning) { .id = "NAME" }, &grid);

    ck_assert_int_eq(zones->mixed, 1);
    ck_assert_int_eq(zones->spans.row_count, 2);
    wf_zones_free(zones);
}
END_TEST

START_TEST(a_collection_without_a_polygon_is_an_error)
{
    const char *path =
        VECTOR(harness_folder(), NULL, "a|GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1), POINT (0 0))");
    WeftZoning options = { .id = "NAME" };
    WeftGrid grid = plain_grid(NULL);
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_zones_read(path, &options, &grid, &err));
    ck_assert_ptr_nonnull(strstr(err.message, "zone a is a Geometry Collection, not a polygon"));
}
END_TEST

START_TEST(what_is_no_polygon_is_an_error)
{
    const char *path = VECTOR(harness_folder(), NULL, "a|LINESTRING (0 0, 1 1)");
    WeftZoning options = { .id = "NAME" };
    WeftGrid grid = plain_grid(NULL);
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_zones_read(path, &options, &grid, &err));
    ck_assert_ptr_nonnull(strstr(err.message, "zone a is a Line String, not a polygon"));
}
END_TEST

START_TEST(a_feature_without_its_id_is_an_error)
{
    const char *path = VECTOR(harness_folder(), NULL, "|" BOX(0, 0, 1, 1));
    WeftZoning options = { .id = "NAME" };
    WeftGrid grid = plain_grid(NULL);
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_zones_read(path, &options, &grid, &err));
    ck_assert_ptr_nonnull(strstr(err.message, "feature 1 has no NAME"));
    ck_assert_ptr_nonnull(strstr(err.hint, "NAME IS NOT NULL"));
}
END_TEST

START_TEST(an_unknown_rule_shows_the_nearest)
{
    WeftZoning options = { .rule = "centre" };
    WeftGrid grid = plain_grid(NULL);
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_zones_read("none", &options, &grid, &err));
    ck_assert_str_eq(err.message, "there is no rule \"centre\"");
    ck_assert_str_eq(err.hint, "did you mean \"center\"?");
}
END_TEST

START_TEST(edges_on_pixel_edges_stay_there_after_rounding)
{
    WeftGrid grid = { .width = 40,
                      .height = 40,
                      .transform = { 500000.1, 0.1, 0, 4649776.2, 0, -0.1 },
                      .georeferenced = true };
    const char *path =
        VECTOR(harness_folder(), NULL, "a|" BOX(500000.4, 4649775.9, 500001.1, 4649775.2));

    ck_assert_str_eq(counted(path, (WeftZoning) { .id = "NAME", .rule = "touched" }, &grid),
                     "a 49");
}
END_TEST

START_TEST(other_systems_are_transformed_x_first)
{
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    WeftGrid grid = { .width = 100,
                      .height = 100,
                      .transform = { 499500, 10, 0, 5000500, 0, -10 },
                      .georeferenced = true,
                      .crs = wf_stores_crs(stores, "EPSG:32633", &err) };
    /* About 394 x 389 m around the middle of zone 33, at 45.157 degrees north. */
    const char *path =
        VECTOR(harness_folder(), "EPSG:4326", "a|" BOX(14.9975, 45.154, 15.0025, 45.1575));
    double x[2] = { 14.9975, 15.0025 }, y[2] = { 45.154, 45.1575 }, cells;
    OGRSpatialReferenceH from = wf_crs_open("EPSG:4326", &err), to = wf_crs_open(grid.crs, &err);
    OGRCoordinateTransformationH way = OCTNewCoordinateTransformation(from, to);
    WeftZones *zones = read_zones(path, (WeftZoning) { .rule = "fraction" }, &grid);
    double sum = 0;

    ck_assert(OCTTransform(way, 2, x, y, NULL));
    cells = (x[1] - x[0]) * (y[1] - y[0]) / 100;
    for (int64_t i = 0; i < zones->spans.row_count; i++)
        sum += zones->spans.cells[5 * i + 2] * zones->spans.cells[5 * i + 4];
    ck_assert_double_eq_tol(sum / cells, 1, 1e-3);
    wf_zones_free(zones);
    OCTDestroyCoordinateTransformation(way);
    OSRRelease(from);
    OSRRelease(to);
    wf_stores_free(stores);
}
END_TEST

/* Pixels of a box of 4 x 3 of them in a layer and on a grid of these systems. */
static double box_cells(const char *layer, const char *crs, const char *box)
{
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    WeftGrid grid = { .width = 10,
                      .height = 10,
                      .transform = { 600000, 10, 0, 5000000, 0, -10 },
                      .georeferenced = true,
                      .crs = wf_stores_crs(stores, crs, &err) };
    WeftZones *zones = read_zones(VECTOR(harness_folder(), layer, box), (WeftZoning) { 0 }, &grid);
    double cells = 0;

    for (int64_t i = 0; i < zones->spans.row_count; i++)
        cells += zones->spans.cells[5 * i + 2];
    wf_zones_free(zones);
    wf_stores_free(stores);
    return cells;
}

START_TEST(heights_of_one_side_or_of_both_do_not_move_polygons)
{
    const char *flat = "a|" BOX(600020, 4999950, 600060, 4999980);
    const char *high = "a|POLYGON Z ((600020 4999950 700, 600060 4999950 700, 600060 4999980 700, "
                       "600020 4999980 700, 600020 4999950 700))";
    const char *place = "a|POLYGON Z ((10.27236 45.14613 70, 10.27285 45.14613 70, 10.27285 "
                        "45.14643 70, 10.27236 45.14643 70, 10.27236 45.14613 70))";

    ck_assert_double_eq(box_cells("EPSG:32632", "EPSG:32632+5773", flat), 12);
    ck_assert_double_eq(box_cells("EPSG:32632+5773", "EPSG:32632", high), 12);
    ck_assert_double_eq(box_cells("EPSG:32632+5773", "EPSG:32632+3855", high), 12);
    ck_assert(box_cells("EPSG:4326", "EPSG:32632", place) > 6);
    ck_assert_double_eq(box_cells("EPSG:4979", "EPSG:32632+5773", place),
                        box_cells("EPSG:4326", "EPSG:32632", place));
}
END_TEST

/* ------------------------------------------------------------------------------- by GDAL */

enum { WIDTH = 30, HEIGHT = 20 };

/* A star of random corners around the middle: a ring that does not cross itself. */
static const char *star(int seed)
{
    static char text[2048];
    char *at = text + sprintf(text, "s|POLYGON ((");
    double x0 = 0, y0 = 0;
    int corners = 25;

    srand((unsigned)seed);
    for (int i = 0; i < corners; i++) {
        double angle = 2 * M_PI * i / corners, r = 20 + 160 * (rand() / (RAND_MAX + 1.0));
        double x = 1150 + r * cos(angle), y = 1900 + r * sin(angle);

        x0 = i ? x0 : x;
        y0 = i ? y0 : y;
        at += sprintf(at, "%.17g %.17g, ", x, y);
    }
    sprintf(at, "%.17g %.17g))", x0, y0);
    return text;
}

/* The same shape on a grid that is turned and sheared. */
static const WeftGrid grids[] = {
    { .width = WIDTH,
      .height = HEIGHT,
      .transform = { 1000, 10, 0, 2000, 0, -10 },
      .georeferenced = true },
    { .width = WIDTH,
      .height = HEIGHT,
      .transform = { 990, 9, 3, 2010, 2, -8 },
      .georeferenced = true },
    { .width = WIDTH,
      .height = HEIGHT,
      .transform = { 1000, 10, 0, 1800, 0, 10 },
      .georeferenced = true },
};

static void weights(const char *path, const char *rule, const WeftGrid *grid, double *pixels)
{
    WeftZones *zones = read_zones(path, (WeftZoning) { .rule = rule }, grid);

    memset(pixels, 0, WIDTH * HEIGHT * sizeof *pixels);
    for (int64_t i = 0; i < zones->spans.row_count; i++) {
        const double *s = &zones->spans.cells[5 * i];

        for (int c = 0; c < (int)s[2]; c++)
            pixels[(int)s[0] * WIDTH + (int)s[1] + c] = s[4];
    }
    wf_zones_free(zones);
}

static OGRGeometryH shape_of(const char *feature)
{
    char *wkt = strchr(feature, '|') + 1;
    OGRGeometryH shape = NULL;

    ck_assert(OGR_G_CreateFromWkt(&wkt, NULL, &shape) == OGRERR_NONE);
    return shape;
}

static void compare_centres(int seed, const WeftGrid *grid)
{
    static double ours[WIDTH * HEIGHT], theirs[WIDTH * HEIGHT];
    const char *feature = star(seed);
    OGRGeometryH shape = shape_of(feature);
    GDALDatasetH data;
    int band = 1;
    double burn = 1;

    weights(make_vector(harness_folder(), NULL, &feature, 1), "center", grid, ours);
    data = GDALCreate(GDALGetDriverByName("MEM"), "", WIDTH, HEIGHT, 1, GDT_Byte, NULL);
    GDALSetGeoTransform(data, (double *)grid->transform);
    ck_assert(GDALRasterizeGeometries(data, 1, &band, 1, &shape, NULL, NULL, &burn, NULL, NULL,
                                      NULL) == CE_None);
    ck_assert(GDALRasterIO(GDALGetRasterBand(data, 1), GF_Read, 0, 0, WIDTH, HEIGHT, theirs, WIDTH,
                           HEIGHT, GDT_Float64, 0, 0) == CE_None);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_msg(ours[i] == theirs[i], "seed %d, col %d, row %d", seed, i % WIDTH, i / WIDTH);
    GDALClose(data);
    OGR_G_DestroyGeometry(shape);
}

START_TEST(centres_are_those_that_gdal_rasterizes)
{
    for (int seed = 1; seed <= 10; seed++)
        for (int g = 0; g < 3; g++)
            compare_centres(seed, &grids[g]);
}
END_TEST

static OGRGeometryH pixel_of(const WeftGrid *grid, int col, int row)
{
    static const int corners[][2] = { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { 0, 0 } };
    OGRGeometryH pixel = OGR_G_CreateGeometry(wkbPolygon);
    OGRGeometryH ring = OGR_G_CreateGeometry(wkbLinearRing);
    const double *t = grid->transform;

    for (int i = 0; i < 5; i++) {
        int c = col + corners[i][0], r = row + corners[i][1];

        OGR_G_AddPoint_2D(ring, t[0] + c * t[1] + r * t[2], t[3] + c * t[4] + r * t[5]);
    }
    OGR_G_AddGeometryDirectly(pixel, ring);
    return pixel;
}

/* The overlay of polygon and pixel by GEOS. */
static double share_of(OGRGeometryH shape, const WeftGrid *grid, int col, int row)
{
    OGRGeometryH pixel = pixel_of(grid, col, row), both = OGR_G_Intersection(shape, pixel);
    double share = both ? OGR_G_Area(both) / OGR_G_Area(pixel) : 0;

    OGR_G_DestroyGeometry(pixel);
    OGR_G_DestroyGeometry(both);
    return share;
}

/* What a feature covers of each pixel, and what a shape does. */
static void compare_fractions(const char *feature, OGRGeometryH shape, const WeftGrid *grid)
{
    static double ours[WIDTH * HEIGHT], touched[WIDTH * HEIGHT];
    const char *path = make_vector(harness_folder(), NULL, &feature, 1);

    weights(path, "fraction", grid, ours);
    weights(path, "touched", grid, touched);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        double share = share_of(shape, grid, i % WIDTH, i / WIDTH);

        ck_assert_double_eq_tol(ours[i], share, 1e-10);
        ck_assert(touched[i] == (share > 0));
    }
}

static bool has_overlays(void)
{
    GDALAllRegister();
    if (OGRGetGEOSVersion(NULL, NULL, NULL))
        return true;
    harness_skip("this GDAL has no GEOS");
    return false;
}

START_TEST(fractions_are_the_areas_of_overlays)
{
    for (int seed = 1; has_overlays() && seed <= 6; seed++)
        for (int g = 0; g < 3; g++) {
            const char *feature = star(seed);
            OGRGeometryH shape = shape_of(feature);

            compare_fractions(feature, shape, &grids[g]);
            OGR_G_DestroyGeometry(shape);
        }
}
END_TEST

START_TEST(fractions_of_collections_are_the_areas_of_unions)
{
    for (int seed = 1; has_overlays() && seed <= 6; seed++) {
        OGRGeometryH bag = OGR_G_CreateGeometry(wkbGeometryCollection), all = NULL;
        char *wkt, text[8192];

        for (int i = 0; i < 3; i++) {
            OGRGeometryH shape = shape_of(star(10 * seed + i)), before = all;

            all = before ? OGR_G_Union(before, shape) : OGR_G_Clone(shape);
            OGR_G_DestroyGeometry(before);
            OGR_G_AddGeometryDirectly(bag, shape);
        }
        OGR_G_ExportToWkt(bag, &wkt);
        snprintf(text, sizeof text, "u|%s", wkt);
        compare_fractions(text, all, &grids[seed % 3]);
        CPLFree(wkt);
        OGR_G_DestroyGeometry(bag);
        OGR_G_DestroyGeometry(all);
    }
}
END_TEST

CHECK_MAIN("zoning", zones_are_sorted_by_id, features_with_one_id_are_one_zone, zones_may_overlap,
           a_zone_without_a_pixel_is_a_zone, the_box_holds_all_polygons_even_far_ones, parts_holes_and_collections_are_taken,
           what_may_hold_curves_is_taken_wherever_it_stands,
           surfaces_of_patches_are_taken_as_they_lie_in_the_plane,
           heights_and_measures_are_left_aside,
           members_of_a_collection_may_overlap_and_parts_of_a_multipolygon_may_not,
           lines_and_points_beside_polygons_are_left_out_and_told,
           a_collection_without_a_polygon_is_an_error, what_is_no_polygon_is_an_error,
           a_feature_without_its_id_is_an_error, an_unknown_rule_shows_the_nearest,
           edges_on_pixel_edges_stay_there_after_rounding, other_systems_are_transformed_x_first,
           heights_of_one_side_or_of_both_do_not_move_polygons,
           centres_are_those_that_gdal_rasterizes, fractions_are_the_areas_of_overlays,
           fractions_of_collections_are_the_areas_of_unions)
