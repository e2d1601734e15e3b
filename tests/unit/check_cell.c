/* check_cell.c - what a cell measures, for grids that lie in any way. */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "pass/cell.h"

#define FEET                                                                          \
    "PROJCRS[\"A\",BASEGEOGCRS[\"B\",DATUM[\"C\",ELLIPSOID[\"D\",6378137,298.25,"     \
    "LENGTHUNIT[\"metre\",1]]]],CONVERSION[\"E\",PARAMETER[\"F\",0,LENGTHUNIT[\"m\"," \
    "1]]],CS[Cartesian,2],AXIS[\"x\",east,LENGTHUNIT[\"foot\",0.3048]]]"
#define DEGREES                                                                             \
    "GEOGCRS[\"A\",DATUM[\"B\",ELLIPSOID[\"C\",6378137,298.257223563,LENGTHUNIT[\"metre\"," \
    "1]]],CS[ellipsoidal,2],AXIS[\"x\",north,ANGLEUNIT[\"degree\",0.0174532925199433]]]"
#define HEIGHT                                                              \
    "VERTCRS[\"V\",VDATUM[\"W\"],CS[vertical,1],AXIS[\"up\",up,LENGTHUNIT[" \
    "\"foot\",0.3048]]]"

static WfCell cell_of(const char *crs, const double transform[6])
{
    WeftGrid grid = { .width = 5, .height = 4, .georeferenced = transform != NULL, .crs = crs };
    WeftErr err = { 0 };
    WfCell cell;

    if (transform)
        memcpy(grid.transform, transform, sizeof grid.transform);
    ck_assert(wf_cell_of(&grid, NAN, NAN, &cell, &err));
    return cell;
}

/* The derivatives of z = 3 x + 5 y on the ground, found from those by columns and rows. */
static void check_plane(const WfCell *cell, const double t[6], double unit)
{
    double by_col = (3 * t[1] + 5 * t[4]) * unit, by_row = (3 * t[2] + 5 * t[5]) * unit;

    ck_assert_double_eq_tol(cell->col_east * by_col + cell->row_east * by_row, 3, 1e-12);
    ck_assert_double_eq_tol(cell->col_north * by_col + cell->row_north * by_row, 5, 1e-12);
}

START_TEST(derivatives_are_those_on_the_ground_however_the_grid_lies)
{
    static const double transforms[][6] = {
        { 7, 10, 0, 8, 0, -20 }, { 7, 10, 0, 8, 0, 20 }, { 7, -10, 0, 8, 0, -20 },
        { 7, 0, 10, 8, 20, 0 },  { 7, 6, 8, 8, -8, 6 },  { 7, 3, 1, 8, -2, -5 },
    };

    for (size_t i = 0; i < sizeof transforms / sizeof *transforms; i++) {
        WfCell cell = cell_of(NULL, transforms[i]);

        check_plane(&cell, transforms[i], 1);
        cell = cell_of(FEET, transforms[i]);
        check_plane(&cell, transforms[i], 0.3048);
    }
}
END_TEST

START_TEST(heights_in_feet_are_compared_with_lengths_in_feet)
{
    static const double t[6] = { 0, 10, 0, 0, 0, -10 };
    WfCell cell = cell_of("COMPOUNDCRS[\"Z\"," FEET "," HEIGHT "]", t);

    check_plane(&cell, t, 1);
    ck_assert_double_eq(cell.ground.unit, 0.3048);
    ck_assert_double_eq(cell.ground.height, 0.3048);
}
END_TEST

START_TEST(cells_without_georeferencing_are_of_one_unit_and_north_up)
{
    static const double t[6] = { 0, 1, 0, 0, 0, -1 };
    WfCell cell = cell_of(NULL, NULL);

    check_plane(&cell, t, 1);
    ck_assert_double_eq(cell.width, 1);
    ck_assert_double_eq(cell.height, 1);
}
END_TEST

START_TEST(cells_in_degrees_come_with_the_ellipsoid)
{
    static const double t[6] = { 10, 0.1, 0, 50, 0, -0.1 };
    WfCell cell = cell_of(DEGREES, t);

    ck_assert(cell.ground.geographic);
    ck_assert_double_eq_tol(cell.ground.unit, M_PI / 180, 1e-15);
    ck_assert_double_eq(cell.ground.a, 6378137);
    ck_assert_double_eq_tol(cell.ground.e2, 0.00669437999014, 1e-13);
    check_plane(&cell, t, 1);
}
END_TEST

START_TEST(units_that_are_given_count_before_those_of_the_crs)
{
    static const double t[6] = { 0, 10, 0, 0, 0, -10 };
    WeftGrid grid = { .width = 5,
                      .height = 4,
                      .georeferenced = true,
                      .crs = "COMPOUNDCRS[\"Z\"," FEET "," HEIGHT "]" };
    WeftErr err = { 0 };
    WfCell cell;

    memcpy(grid.transform, t, sizeof t);
    ck_assert(wf_cell_of(&grid, NAN, 1, &cell, &err));
    check_plane(&cell, t, 0.3048);
    ck_assert(wf_cell_of(&grid, 2, NAN, &cell, &err));
    check_plane(&cell, t, 2 / 0.3048);
    ck_assert(wf_cell_of(&grid, 2, 4, &cell, &err));
    check_plane(&cell, t, 0.5);
}
END_TEST

START_TEST(degrees_of_a_given_length_are_a_plane)
{
    static const double t[6] = { 10, 0.1, 0, 50, 0, -0.1 };
    WeftGrid grid = { .width = 5, .height = 4, .georeferenced = true, .crs = DEGREES };
    WeftErr err = { 0 };
    WfCell cell;

    memcpy(grid.transform, t, sizeof t);
    ck_assert(wf_cell_of(&grid, 111120, 0.3048, &cell, &err));
    ck_assert(!cell.ground.geographic);
    check_plane(&cell, t, 111120 / 0.3048);
}
END_TEST

START_TEST(cells_without_area_are_refused)
{
    WeftGrid grid = { .width = 5, .height = 4, .georeferenced = true };
    WeftErr err = { 0 };
    WfCell cell;

    ck_assert(!wf_cell_of(&grid, NAN, NAN, &cell, &err));
    ck_assert_int_eq(err.code, WEFT_EGRID);
}
END_TEST

CHECK_MAIN("cell", derivatives_are_those_on_the_ground_however_the_grid_lies,
           heights_in_feet_are_compared_with_lengths_in_feet,
           units_that_are_given_count_before_those_of_the_crs,
           degrees_of_a_given_length_are_a_plane,
           cells_without_georeferencing_are_of_one_unit_and_north_up,
           cells_in_degrees_come_with_the_ellipsoid, cells_without_area_are_refused)
