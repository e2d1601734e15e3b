/* check_grid.c - equal, congruent and different grids, and how they are told. */
#include "harness.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/grid.h"

#define UTM "PROJCRS[\"WGS 84 / UTM zone 19S\",BASEGEOGCRS[\"WGS 84\"]]"

static WeftGrid utm(double x, double y, double cell, int64_t width, int64_t height)
{
    return (WeftGrid) {
        .width = width,
        .height = height,
        .transform = { x, cell, 0, y, 0, -cell },
        .georeferenced = true,
        .crs = UTM,
    };
}

static void check_difference(const WeftGrid *a, const WeftGrid *b, const char *how,
                             const char *mend)
{
    WfText how_text = { 0 }, mend_text = { 0 };

    wf_grid_difference(a, b, &how_text, &mend_text);
    ck_assert_str_eq(how_text.text, how);
    ck_assert_str_eq(mend_text.text, mend);
    wf_text_free(&how_text);
    wf_text_free(&mend_text);
}

START_TEST(corners_within_a_thousandth_of_a_pixel_are_equal)
{
    WeftGrid a = utm(300000, 8e6, 10, 300, 200), b = utm(300000.009, 8e6, 10, 300, 200);
    WeftGrid c = utm(300000.011, 8e6, 10, 300, 200);

    ck_assert(wf_grid_equal(&a, &b));
    ck_assert(!wf_grid_equal(&a, &c));
}
END_TEST

START_TEST(cells_that_drift_apart_are_not_equal)
{
    WeftGrid a = utm(300000, 8e6, 10, 10000, 200), b = utm(300000, 8e6, 10.00001, 10000, 200);

    ck_assert(!wf_grid_equal(&a, &b));
    a.width = b.width = 100;
    a.height = b.height = 100;
    ck_assert(wf_grid_equal(&a, &b));
}
END_TEST

START_TEST(a_missing_crs_on_one_side_is_a_difference)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = a, c = a;

    b.crs = NULL;
    c.georeferenced = false;
    ck_assert(!wf_grid_equal(&a, &b));
    ck_assert(!wf_grid_equal(&a, &c));
    a.crs = NULL;
    ck_assert(wf_grid_equal(&a, &b));
}
END_TEST

/* The same place with a vertical part in its CRS. */
static WeftGrid with_heights(WeftGrid grid, const char *crs)
{
    grid.flat = grid.crs;
    grid.crs = crs;
    return grid;
}

START_TEST(a_vertical_part_on_one_side_is_no_difference)
{
    WeftGrid a = utm(300000, 8e6, 10, 300, 200), b = with_heights(a, "COMPOUNDCRS[\"A\"]");
    WeftGrid c = with_heights(a, "COMPOUNDCRS[\"C\"]"), d = b;
    int64_t dx, dy;

    ck_assert(wf_grid_equal(&a, &b) && wf_grid_equal(&b, &a) && wf_grid_equal(&b, &d));
    ck_assert(wf_grid_congruent(&a, &b, &dx, &dy));
    ck_assert(!wf_grid_equal(&b, &c));
    d.flat = "PROJCRS[\"another\"]";
    ck_assert(!wf_grid_equal(&a, &d) && !wf_grid_equal(&d, &a));
}
END_TEST

START_TEST(what_says_what_heights_are_is_the_grid_of_both)
{
    WeftGrid a = utm(300000, 8e6, 10, 300, 200), b = with_heights(a, "COMPOUNDCRS[\"B\"]"), c = b;

    ck_assert_ptr_eq(wf_grid_join(&a, &b), &b);
    ck_assert_ptr_eq(wf_grid_join(&b, &a), &b);
    ck_assert_ptr_eq(wf_grid_join(&b, &c), &b);
    c.crs = "COMPOUNDCRS[\"C\"]";
    ck_assert_ptr_null(wf_grid_join(&b, &c));
    check_difference(&b, &c, "CRS B and C",
                     "only their heights differ: gdalwarp -t_srs brings them together, "
                     "weft.open(path, {crs=\"EPSG:...\"}) without a vertical part leaves them "
                     "aside");
}
END_TEST

START_TEST(without_georeferencing_only_sizes_count)
{
    WeftGrid a = { .width = 3, .height = 2 }, b = { .width = 3, .height = 2 };

    b.transform[0] = 7;
    ck_assert(wf_grid_equal(&a, &b));
    b.height = 3;
    ck_assert(!wf_grid_equal(&a, &b));
}
END_TEST

START_TEST(a_whole_offset_is_congruent)
{
    WeftGrid a = utm(300000, 8e6, 10, 300, 200), b = utm(300020, 8000030, 10, 50, 50);
    int64_t dx = 0, dy = 0;

    ck_assert(wf_grid_congruent(&a, &b, &dx, &dy));
    ck_assert_int_eq(dx, 2);
    ck_assert_int_eq(dy, -3);
    b.transform[0] += 5;
    ck_assert(!wf_grid_congruent(&a, &b, &dx, &dy));
}
END_TEST

START_TEST(a_transform_that_is_not_finite_equals_nothing_else)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = a, c = a;
    int64_t dx, dy;

    b.transform[0] = (double)NAN;
    c.transform[1] = 0;
    ck_assert(!wf_grid_equal(&a, &b));
    ck_assert(!wf_grid_equal(&b, &a));
    ck_assert(!wf_grid_congruent(&c, &a, &dx, &dy));
}
END_TEST

START_TEST(an_offset_is_told_in_pixels)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = utm(5, -20, 10, 3, 2);

    check_difference(&a, &b, "an offset of 0.5, 2 pixels",
                     "gdalwarp -te 0 -20 30 0 -ts 3 2 brings the second onto the first");
}
END_TEST

START_TEST(files_are_mended_by_a_command)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = utm(10, 0, 10, 4, 2);

    check_difference(&a, &b, "3 x 2 and 4 x 2 pixels, an offset of 1, 0 pixels",
                     "gdalwarp -te 0 -20 30 0 -ts 3 2 brings the second onto the first");
}
END_TEST

START_TEST(cells_are_told_with_their_ratio)
{
    WeftGrid a = utm(0, 0, 10, 4, 2), b = utm(0, 0, 20, 2, 1);

    check_difference(&a, &b, "4 x 2 and 2 x 1 pixels, cells 10 x 10 and 20 x 20 (ratio 2)",
                     "gdalwarp -te 0 -20 40 0 -ts 4 2 brings the second onto the first");
}
END_TEST

START_TEST(turned_axes_are_told)
{
    WeftGrid a = utm(0, 20, 10, 3, 2), b = utm(0, 0, 10, 3, 2);

    b.transform[5] = 10;
    check_difference(&a, &b, "axes that run in opposite directions, an offset of 0, 2 pixels",
                     "gdalwarp -te 0 0 30 20 -ts 3 2 brings the second onto the first");
}
END_TEST

START_TEST(a_missing_crs_is_mended_by_open)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = utm(0, 0, 10, 3, 2);

    b.crs = NULL;
    check_difference(&a, &b, "CRS WGS 84 / UTM zone 19S and no CRS",
                     "weft.open(path, {crs=\"EPSG:...\"})");
}
END_TEST

START_TEST(different_crs_of_one_name_are_told_apart)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = utm(0, 0, 10, 3, 2);

    a.crs = "PROJCRS[\"local\",1]";
    b.crs = "PROJCRS[\"local\",2]";
    check_difference(
        &a, &b, "two different CRS, both named local",
        "gdalwarp -t_srs CRS -te XMIN YMIN XMAX YMAX -ts WIDTH HEIGHT brings files onto "
        "one grid");
}
END_TEST

START_TEST(another_crs_is_mended_by_its_code)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = a;

    a.crs = "PROJCRS[\"x\",BASEGEOGCRS[\"y\",ID[\"EPSG\",4326]],ID[\"EPSG\",32719]]";
    check_difference(
        &a, &b, "CRS x and WGS 84 / UTM zone 19S",
        "gdalwarp -t_srs EPSG:32719 -te 0 -20 30 0 -ts 3 2 brings the second onto the first");
}
END_TEST

START_TEST(missing_georeferencing_is_told)
{
    WeftGrid a = utm(0, 0, 10, 3, 2), b = utm(0, 0, 10, 3, 2);

    a.georeferenced = false;
    check_difference(&a, &b, "the first has no georeferencing",
                     "gdal_edit.py -a_ullr XMIN YMAX XMAX YMIN FILE");
}
END_TEST

START_TEST(degrees_are_known_from_the_text)
{
    static const char *const degrees[] = {
        "GEOGCRS[\"WGS 84\"]",
        "GEOGCS[\"WGS 84\"]",
        "BOUNDCRS[SOURCECRS[GEOGCRS[\"x\"]]]",
        "COMPOUNDCRS[\"a + b\",GEOGCRS[\"a\"],VERTCRS[\"b\"]]",
    };
    WeftGrid metres = utm(0, 0, 10, 3, 2), grid = metres;

    ck_assert(!wf_grid_geographic(&metres));
    for (size_t i = 0; i < sizeof degrees / sizeof *degrees; i++) {
        grid.crs = degrees[i];
        ck_assert_msg(wf_grid_geographic(&grid), "%s", degrees[i]);
    }
    grid.crs = NULL;
    ck_assert(!wf_grid_geographic(&grid));
}
END_TEST

START_TEST(places_and_pixels_lead_to_each_other)
{
    WeftGrid grid = utm(0, 0, 10, 3, 2);
    double x, y, col, row;

    memcpy(grid.transform, (double[]) { 100, 8, 3, 200, -2, -9 }, sizeof grid.transform);
    wf_grid_xy(&grid, 4.5, 7.25, &x, &y);
    ck_assert(wf_grid_colrow(&grid, x, y, &col, &row));
    ck_assert_double_eq_tol(col, 4.5, 1e-12);
    ck_assert_double_eq_tol(row, 7.25, 1e-12);
    memset(grid.transform, 0, sizeof grid.transform);
    ck_assert(!wf_grid_colrow(&grid, x, y, &col, &row));
}
END_TEST

static void check_shown(const WeftGrid *grid, const char *expected)
{
    WfText text = { 0 };

    wf_grid_show(grid, &text);
    ck_assert_str_eq(text.text, expected);
    wf_text_free(&text);
}

START_TEST(a_grid_is_shown_in_a_line)
{
    WeftGrid grid = utm(0, 0, 10, 300, 200);

    check_shown(&grid, "300 x 200, WGS 84 / UTM zone 19S, cell 10 x 10");
    grid.transform[5] = 10;
    check_shown(&grid, "300 x 200, WGS 84 / UTM zone 19S, cell 10 x 10, south up");
    grid.crs = NULL;
    grid.georeferenced = false;
    check_shown(&grid, "300 x 200, no CRS, no georeferencing");
    grid.crs = "LOCAL";
    check_shown(&grid, "300 x 200, a CRS without a name, no georeferencing");
}
END_TEST

START_TEST(a_crs_says_what_its_units_are)
{
    static const struct {
        const char *crs;
        double unit, height;
    } cases[] = {
        { NULL, 1, 1 },
        { "PROJCRS[\"a\",BASEGEOGCRS[\"b\"]]", 1, 1 },
        { "PROJCRS[\"a\",BASEGEOGCRS[\"b\",PRIMEM[\"c\",0,ANGLEUNIT[\"d\",0.1]]],CS[Cartesian,2],"
          "AXIS[\"e\",east,LENGTHUNIT[\"a, b\",0.25]]]",
          0.25, 1 },
        { "COMPOUNDCRS[\"a\",PROJCRS[\"b\",CS[Cartesian,2],AXIS[\"e\",east,LENGTHUNIT[\"f\",0.5]]],"
          "VERTCRS[\"c\",CS[vertical,1],AXIS[\"u\",up,LENGTHUNIT[\"f\",0.25]]]]",
          0.5, 0.25 },
        { "GEOGCRS[\"a\",CS[ellipsoidal,3],AXIS[\"e\",east,ORDER[1],ANGLEUNIT[\"d\",0.01]],"
          "AXIS[\"n\",north,ORDER[2],ANGLEUNIT[\"d\",0.01]],"
          "AXIS[\"h\",up,ORDER[3],LENGTHUNIT[\"f\",0.25]]]",
          0.01, 0.25 },
        { "BOUNDCRS[SOURCECRS[GEOGCRS[\"a\",CS[ellipsoidal,2],AXIS[\"e\",east,ORDER[1],"
          "ANGLEUNIT[\"d\",0.01]]]],TARGETCRS[GEOGCRS[\"b\",CS[ellipsoidal,3],AXIS[\"h\",up,"
          "ORDER[3],LENGTHUNIT[\"f\",0.25]]]]]",
          0.01, 1 },
        { "GEOGCRS[\"a\",DATUM[\"b\",ELLIPSOID[\"c\",6000000,0]],CS[ellipsoidal,2],"
          "AXIS[\"e\",east,ANGLEUNIT[\"grad\",0.0157]]]",
          0.0157, 1 },
        { "GEOGCRS[\"a\",", 0.017453292519943295, 1 },
        { "PROJCRS[\"a\",CS[Cartesian,2],AXIS[\"e\",east,LENGTHUNIT[\"f", 1, 1 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WeftGrid grid = { .crs = cases[i].crs };
        WfGround ground = wf_grid_ground(&grid);

        ck_assert_double_eq(ground.unit, cases[i].unit);
        ck_assert_double_eq(ground.height, cases[i].height);
        ck_assert_int_eq(ground.geographic, cases[i].unit < 0.02);
    }
}
END_TEST

START_TEST(units_are_said_as_people_write_them)
{
    static const struct {
        const char *crs, *unit;
    } cases[] = {
        { NULL, "" },
        { "PROJCRS[\"a\",BASEGEOGCRS[\"b\"]]", "m" },
        { "PROJCRS[\"a\",CS[Cartesian,2],LENGTHUNIT[\"US survey foot\",0.304800609601219]]", "ft" },
        { "PROJCRS[\"a\",CS[Cartesian,2],LENGTHUNIT[\"kilometre\",1000]]", "km" },
        { "PROJCRS[\"a\",CS[Cartesian,2],LENGTHUNIT[\"chain\",20.1168]]", "chain" },
        { "GEOGCRS[\"a\",CS[ellipsoidal,2],ANGLEUNIT[\"degree\",0.0174532925199433]]", "degrees" },
        { "GEOGCRS[\"a\",CS[ellipsoidal,2],ANGLEUNIT[\"grad\",0.0157079632679489]]", "grads" },
        { "COMPOUNDCRS[\"a\",GEOGCRS[\"b\",CS[ellipsoidal,2],ANGLEUNIT[\"degree\",0.0174532925]],"
          "VERTCRS[\"c\",CS[vertical,1],LENGTHUNIT[\"foot\",0.3048]]]",
          "degrees" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WeftGrid grid = { .crs = cases[i].crs };
        char word[32];

        ck_assert_str_eq(wf_grid_unit(&grid, word, sizeof word), cases[i].unit);
    }
}
END_TEST

START_TEST(a_sphere_has_no_eccentricity)
{
    WeftGrid grid = {
        .crs = "GEOGCRS[\"a\",DATUM[\"b\",ELLIPSOID[\"c\",2000,0,LENGTHUNIT[\"x\",3]]]"
    };
    WfGround ground = wf_grid_ground(&grid);

    ck_assert_double_eq(ground.a, 6000);
    ck_assert_double_eq(ground.e2, 0);
}
END_TEST

static const char *doubt(const char *crs, double x, double y, double cell, int64_t width,
                         int64_t height)
{
    static char text[200];
    WeftGrid grid = utm(x, y, cell, width, height);
    WfText said = { 0 };

    grid.crs = crs;
    snprintf(text, sizeof text, "%s", wf_grid_doubt(&grid, &said) ? said.text : "");
    wf_text_free(&said);
    return text;
}

START_TEST(what_cannot_be_degrees_is_told)
{
    static const char degrees[] = "GEOGCRS[\"WGS 84\",CS[ellipsoidal,2],"
                                  "ANGLEUNIT[\"degree\",0.0174532925199433]]";
    static const char grads[] = "GEOGCRS[\"NTF\",CS[ellipsoidal,2],"
                                "ANGLEUNIT[\"grad\",0.015707963267949]]";

    ck_assert_str_eq(doubt(degrees, 600000, 5000000, 10, 4, 3),
                     "x from 600005 to 600035 and y from 4999975 to 4999995 cannot be the degrees "
                     "of WGS 84; crs= names another system");
    ck_assert_str_ne(doubt(degrees, 0, 100, 1, 4, 3), "");
    ck_assert_str_ne(doubt(degrees, -400, 0, 1, 4, 3), "");
    ck_assert_str_eq(doubt(grads, 0, 99, 1, 390, 3), "");
    ck_assert_str_eq(doubt(UTM, 600000, 5000000, 10, 4, 3), "");
    ck_assert_str_eq(doubt(NULL, 600000, 5000000, 10, 4, 3), "");
}
END_TEST

START_TEST(centres_may_lie_on_the_poles_and_all_round)
{
    static const char degrees[] = "GEOGCRS[\"WGS 84\"]";

    ck_assert_str_eq(doubt(degrees, -0.5, 90.5, 1, 361, 181), "");
    ck_assert_str_eq(doubt(degrees, -180, 90, 0.1, 3600, 1800), "");
    ck_assert_str_ne(doubt(degrees, -0.5, 90.5, 1, 362, 181), "");
    ck_assert_str_ne(doubt(degrees, -0.5, 91.5, 1, 361, 181), "");
}
END_TEST

CHECK_MAIN("grid", corners_within_a_thousandth_of_a_pixel_are_equal,
           cells_that_drift_apart_are_not_equal, a_missing_crs_on_one_side_is_a_difference,
           a_vertical_part_on_one_side_is_no_difference,
           what_says_what_heights_are_is_the_grid_of_both, without_georeferencing_only_sizes_count,
           a_whole_offset_is_congruent, a_transform_that_is_not_finite_equals_nothing_else,
           an_offset_is_told_in_pixels, files_are_mended_by_a_command,
           cells_are_told_with_their_ratio, turned_axes_are_told, a_missing_crs_is_mended_by_open,
           different_crs_of_one_name_are_told_apart,
           another_crs_is_mended_by_its_code, missing_georeferencing_is_told,
           degrees_are_known_from_the_text, places_and_pixels_lead_to_each_other,
           what_cannot_be_degrees_is_told, centres_may_lie_on_the_poles_and_all_round,
           a_grid_is_shown_in_a_line, a_crs_says_what_its_units_are,
           units_are_said_as_people_write_them, a_sphere_has_no_eccentricity)
