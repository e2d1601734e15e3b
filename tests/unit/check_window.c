/* check_window.c - what stands for neighbours beyond the raster's edge, and for invalid ones. */
#include "harness.h"

#include "terrains.h"

typedef struct Heights {
    const double *z;
    int width, height;
} Heights;

static double at(const Heights *h, int col, int row)
{
    bool inside = col >= 0 && row >= 0 && col < h->width && row < h->height;

    return inside ? h->z[row * h->width + col] : (double)NAN;
}

/* z at a place that may lie beyond the edge; (col, row) is the centre. Written as the tools do, one
 * case after the other (semantics 5.3). */
typedef double Beyond(const Heights *h, int col, int row, int dcol, int drow);

static double invalid(const Heights *h, int col, int row, int dcol, int drow)
{
    return at(h, col + dcol, row + drow);
}

static int limited(int at, int size)
{
    return at < 0 ? 0 : at >= size ? size - 1 : at;
}

static double nearest(const Heights *h, int col, int row, int dcol, int drow)
{
    return at(h, limited(col + dcol, h->width), limited(row + drow, h->height));
}

static double mirror(const Heights *h, int col, int row, int dcol, int drow)
{
    int c = col + dcol, r = row + drow;

    c = c < 0 ? -c : c >= h->width ? 2 * h->width - 2 - c : c;
    r = r < 0 ? -r : r >= h->height ? 2 * h->height - 2 - r : r;
    return at(h, c, r);
}

static double wrapped(const Heights *h, int col, int row, int dcol, int drow)
{
    return at(h, (col + dcol + h->width) % h->width, (row + drow + h->height) % h->height);
}

static double centre(const Heights *h, int col, int row, int dcol, int drow)
{
    double z = at(h, col + dcol, row + drow);

    return isnan(z) ? at(h, col, row) : z;
}

/* gdaldem's INTERPOL on the columns of GDALGeneric3x3Processing. */
static double gdal_edges(const Heights *h, int col, int row, int dcol, int drow)
{
    bool rim = row == 0 || row == h->height - 1;
    int c = limited(col + dcol, h->width), r = row + drow;
    double z = at(h, c, r);

    if (r < 0 || r >= h->height)
        z = 2 * at(h, c, row) - at(h, c, row - drow);
    else if (c != col + dcol && !rim)
        z = 2 * at(h, col, r) - at(h, col - dcol, r);
    return isnan(z) ? at(h, col, row) : z;
}

static double extrapolate(const Heights *h, int col, int row, int dcol, int drow)
{
    int c = col + dcol, r = row + drow;

    if (r < 0 || r >= h->height)
        return 2 * extrapolate(h, col, row, dcol, 0) - extrapolate(h, col, row - drow, dcol, 0);
    if (c < 0 || c >= h->width)
        return 2 * at(h, col, r) - at(h, col - dcol, r);
    return at(h, c, r);
}

static double slope(const double z[9])
{
    double p = ((z[0] + 2 * z[3] + z[6]) - (z[2] + 2 * z[5] + z[8])) / 80;
    double q = ((z[0] + 2 * z[1] + z[2]) - (z[6] + 2 * z[7] + z[8])) / 160;

    return atan(hypot(p, q)) * 180 / M_PI;
}

/* NaN where any of the nine is, as only some rules leave one. */
static double slope_at(const Heights *h, int i, Beyond *beyond)
{
    double z[9];

    for (int k = 0; k < 9; k++) {
        z[k] = beyond(h, i % h->width, i / h->width, k % 3 - 1, k / 3 - 1);
        if (isnan(z[k]))
            return (double)NAN;
    }
    return slope(z);
}

static const struct {
    const char *setting;
    Beyond *beyond;
} cases[] = {
    { "edges=invalid", invalid },
    { "edges=gdal", invalid },
    { "edges=grass", invalid },
    { "edges=nearest", nearest },
    { "edges=reflect", nearest },
    { "edges=mirror", mirror },
    { "edges=wrap", wrapped },
    { "edges=grass-e", centre },
    { "edges=arcmap", centre },
    { "edges=gdal-edges", gdal_edges },
    { "edges=extrapolate", extrapolate },
};
enum { CASES = sizeof cases / sizeof *cases };

static int check_case(int c, const WeftGrid *grid, const double *z)
{
    Heights h = { .z = z, .width = (int)grid->width, .height = (int)grid->height };
    double *got =
        terrains_pixels("slope", (const char *[]) { cases[c].setting, NULL }, grid, WEFT_F32, z);
    int valid = 0;

    for (int i = 0; i < h.width * h.height; i++) {
        double want = slope_at(&h, i, cases[c].beyond);

        ck_assert_msg((isnan(got[i]) && isnan(want)) || fabs(got[i] - want) < 1e-4,
                      "%s: %.9g, not %.9g at %d", cases[c].setting, got[i], want, i);
        valid += !isnan(got[i]);
    }
    free(got);
    return valid;
}

START_TEST(every_rule_is_what_the_tools_do)
{
    double z[TERRAINS_N];

    terrains_random(z);
    for (int c = 0; c < CASES; c++)
        ck_assert_int_ge(check_case(c, &terrains_grid, z), 40);
}
END_TEST

START_TEST(rasters_of_two_rows_or_columns_have_edges_too)
{
    double z[TERRAINS_N];

    terrains_random(z);
    for (int width = 2; width <= 4; width++)
        for (int height = 2; height <= 4; height++)
            for (int c = 0; c < CASES; c++) {
                WeftGrid grid = terrains_grid;

                grid.width = width;
                grid.height = height;
                check_case(c, &grid, z + 5);
            }
}
END_TEST

/* z = 10 row + 3 col on cells of 1 by 1: the numbers of semantics 5.3. */
static double plane_at(const char *setting, int col, int row)
{
    WeftGrid grid = terrains_grid;
    double z[TERRAINS_N], *got, value;

    grid.transform[1] = 1;
    grid.transform[5] = -1;
    for (int i = 0; i < TERRAINS_N; i++)
        z[i] = 10 * (i / TERRAINS_W) + 3 * (i % TERRAINS_W);
    got = terrains_pixels("slope", (const char *[]) { setting, NULL }, &grid, WEFT_U8, z);
    value = got[row * TERRAINS_W + col];
    free(got);
    return value;
}

START_TEST(planes_at_the_border_are_as_the_tools_give_them)
{
    ck_assert_double_eq_tol(plane_at("edges=gdal-edges", 0, 0), 84.352, 5e-4);
    ck_assert_double_eq_tol(plane_at("edges=gdal-edges", 4, 0), 84.529, 5e-4);
    ck_assert_double_eq_tol(plane_at("edges=gdal-edges", 0, 4), 84.529, 5e-4);
    ck_assert_double_eq_tol(plane_at("edges=grass-e", 0, 4), 82.55, 5e-3);
    ck_assert_double_eq_tol(plane_at("edges=grass-e", 4, 0), 79.66, 5e-3);
    ck_assert_double_eq_tol(plane_at("edges=extrapolate", 0, 0), 84.529, 5e-4);
}
END_TEST

/* ArcGIS Pro, How Slope works: each side's sum over its weights that are valid, times four. */
START_TEST(arcgis_wants_seven_of_eight)
{
    WeftGrid grid = terrains_grid;
    double z[9] = { 100, 101, 104, 103, 107, 102, 109, 108, 111 }, *got;
    double p, q;

    grid.width = grid.height = 3;
    z[2] = NAN;
    got = terrains_pixels("slope", (const char *[]) { "edges=arcgis", NULL }, &grid, WEFT_F32, z);
    p = ((z[0] + 2 * z[3] + z[6]) - (2 * z[5] + z[8]) * 4 / 3) / 80;
    q = ((z[0] + 2 * z[1]) * 4 / 3 - (z[6] + 2 * z[7] + z[8])) / 160;
    ck_assert_double_eq_tol(got[4], atan(hypot(p, q)) * 180 / M_PI, 1e-5);
    ck_assert(isnan(got[1]));
    free(got);
    z[7] = NAN;
    got = terrains_pixels("slope", (const char *[]) { "edges=arcgis", NULL }, &grid, WEFT_F32, z);
    ck_assert(isnan(got[4]));
    free(got);
}
END_TEST

START_TEST(memory_that_fails_leaves_the_graph_as_it_was)
{
    for (int n = 1; n < 3000; n += n < 40 ? 1 : 17) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_gaps(g, WEFT_F64, -9999), root;
        WeftArg edges = { .name = "edges", .node = WEFT_NONE, .text = "gdal-edges" };
        WeftErr err = { 0 };
        int count;
        bool changed, done;

        root = bands_with(g, "hillshade", x, 1, &edges);
        count = g->count;
        wf_mem_fail_at(n);
        done = wf_pass_lower(g, &root, 1, &changed, &err);
        wf_mem_fail_at(0);
        if (!done) {
            ck_assert_int_eq(err.code, WEFT_EMEM);
            ck_assert_int_eq(g->count, count);
        }
        bands_sound(g);
        wf_graph_free(g);
        if (done)
            return;
    }
    ck_abort_msg("never done");
}
END_TEST

CHECK_MAIN("window", every_rule_is_what_the_tools_do, rasters_of_two_rows_or_columns_have_edges_too,
           planes_at_the_border_are_as_the_tools_give_them, arcgis_wants_seven_of_eight,
           memory_that_fails_leaves_the_graph_as_it_was)
