/* check_lower_terrain.c - terrain operators against the formulas of semantics 5.2, in f64. */
#include "harness.h"

#include "terrains.h"

/* A window in reading order, and cell sizes. */
typedef struct Place {
    double z[9], ew, ns;
} Place;

typedef double Formula(const Place *at, const char *setting);

static bool is(const char *setting, const char *value)
{
    return setting && strcmp(setting, value) == 0;
}

static void horn(const Place *at, double *p, double *q)
{
    const double *z = at->z;

    *p = ((z[0] + 2 * z[3] + z[6]) - (z[2] + 2 * z[5] + z[8])) / (8 * at->ew);
    *q = ((z[0] + 2 * z[1] + z[2]) - (z[6] + 2 * z[7] + z[8])) / (8 * at->ns);
}

static void gradient(const Place *at, const char *setting, double *p, double *q)
{
    horn(at, p, q);
    if (is(setting, "method=zt")) {
        *p = (at->z[3] - at->z[5]) / (2 * at->ew);
        *q = (at->z[1] - at->z[7]) / (2 * at->ns);
    }
}

static double slope(const Place *at, const char *setting)
{
    double p, q, z = is(setting, "z=3") ? 3 : 1;

    gradient(at, setting, &p, &q);
    if (is(setting, "units=percent"))
        return 100 * hypot(p, q);
    return atan(z * hypot(p, q)) * (is(setting, "units=radians") ? 1 : 180 / M_PI);
}

static double aspect(const Place *at, const char *setting)
{
    double p, q, a;

    gradient(at, setting, &p, &q);
    if (p == 0 && q == 0)
        return is(setting, "flat=-1") ? -1 : (double)NAN;
    a = atan2(-q, p) * 180 / M_PI;
    if (is(setting, "orientation=trig"))
        return a < 0 ? a + 360 : a;
    a = a > 90 ? 450 - a : 90 - a;
    return a == 360 ? 0 : a;
}

static double light(double p, double q, double altitude, double azimuth)
{
    return sin(altitude) - cos(altitude) * (q * cos(azimuth) - p * sin(azimuth));
}

static double multidirectional(double p, double q, double altitude)
{
    double g = p * p + q * q, sum = 0;
    double weights[] = { g / 2 - p * q, p * p, g / 2 + p * q, q * q };

    for (int i = 0; i < 4; i++)
        sum += weights[i] * fmax(0, 127 * light(p, q, altitude, (225 + 45 * i) * M_PI / 180));
    return g == 0 ? 1 + 254 * sin(altitude) : 1 + sum / g / sqrt(1 + g);
}

static double igor(const Place *at, double p, double q, double azimuth)
{
    double t = atan2(-q * at->ns, p * at->ew), steep = atan(hypot(p, q)) * 180 / M_PI;
    double d = fabs(remainder(t - (1.5 * M_PI - azimuth), 2 * M_PI));

    return 255 * (1 - steep / 90 * (1 - d / M_PI));
}

/* Before it is rounded. */
static double hillshade(const Place *at, const char *setting)
{
    double p, q, altitude = (is(setting, "altitude=30") ? 30 : 45) * M_PI / 180;
    double azimuth = (is(setting, "azimuth=200") ? 200 : 315) * M_PI / 180, c;

    gradient(at, setting, &p, &q);
    if (is(setting, "variant=igor"))
        return igor(at, p, q, azimuth);
    if (is(setting, "variant=multidirectional"))
        return multidirectional(p, q, altitude);
    if (is(setting, "z=3")) {
        p *= 3;
        q *= 3;
    }
    c = light(p, q, altitude, azimuth) / sqrt(1 + p * p + q * q);
    if (is(setting, "variant=combined"))
        c = 1 - acos(c) * atan(hypot(p, q)) / (M_PI * M_PI / 4);
    return c > 0 || isnan(c) ? 1 + 254 * c : 1;
}

static double tri(const Place *at, const char *setting)
{
    double squares = 0, sizes = 0;

    for (int i = 0; i < 9; i++) {
        squares += (at->z[i] - at->z[4]) * (at->z[i] - at->z[4]);
        sizes += fabs(at->z[i] - at->z[4]);
    }
    return is(setting, "variant=wilson") ? sizes / 8 : sqrt(squares);
}

static double tpi(const Place *at, const char *setting)
{
    const double *z = at->z;

    (void)setting;
    return z[4] - (z[0] + z[1] + z[2] + z[3] + z[5] + z[6] + z[7] + z[8]) / 8;
}

static double roughness(const Place *at, const char *setting)
{
    double low = at->z[0], high = low;

    (void)setting;
    for (int i = 1; i < 9; i++) {
        low = fmin(low, at->z[i]);
        high = fmax(high, at->z[i]);
    }
    return high - low;
}

static double curvature(const Place *at, const char *setting)
{
    const double *z = at->z;
    double h = at->ew, v = at->ns, p, q;
    double s4 = z[0] + z[2] + z[6] + z[8] - 8 * z[4], s3 = z[6] - z[8] + z[2] - z[0];
    double s5 = 4 * (z[3] + z[5]) - 2 * (z[7] + z[1]), s6 = 4 * (z[7] + z[1]) - 2 * (z[3] + z[5]);
    double dxx = -(s4 + s5) / (6 * h * h), dyy = -(s4 + s6) / (6 * v * v), dxy = -s3 / (4 * h * v);
    double g, dx, dy, level;

    horn(at, &p, &q);
    dx = p;
    dy = -q;
    g = dx * dx + dy * dy;
    level = dxx * dy * dy - 2 * dxy * dx * dy + dyy * dx * dx;
    if (g == 0)
        return 0;
    if (is(setting, "variant=tangential"))
        return level / (g * sqrt(1 + g));
    if (is(setting, "variant=plan"))
        return level / pow(g, 1.5);
    return (dxx * dx * dx + 2 * dxy * dx * dy + dyy * dy * dy) / (g * pow(1 + g, 1.5));
}

static const struct {
    const char *op, *setting;
    Formula *formula;
} cases[] = {
    { "slope", NULL, slope },
    { "slope", "units=percent", slope },
    { "slope", "units=radians", slope },
    { "slope", "method=zt", slope },
    { "slope", "z=3", slope },
    { "aspect", NULL, aspect },
    { "aspect", "orientation=trig", aspect },
    { "aspect", "flat=-1", aspect },
    { "aspect", "method=zt", aspect },
    { "hillshade", NULL, hillshade },
    { "hillshade", "azimuth=200", hillshade },
    { "hillshade", "altitude=30", hillshade },
    { "hillshade", "method=zt", hillshade },
    { "hillshade", "z=3", hillshade },
    { "hillshade", "variant=combined", hillshade },
    { "hillshade", "variant=multidirectional", hillshade },
    { "hillshade", "variant=igor", hillshade },
    { "tri", NULL, tri },
    { "tri", "variant=wilson", tri },
    { "tpi", NULL, tpi },
    { "roughness", NULL, roughness },
    { "curvature", NULL, curvature },
    { "curvature", "variant=tangential", curvature },
    { "curvature", "variant=plan", curvature },
};
enum { CASES = sizeof cases / sizeof *cases };

static void fill_window(const double *z, int width, int height, int col, int row, double window[9])
{
    bool valid = true;

    for (int i = 0; i < 9; i++) {
        int c = col + i % 3 - 1, r = row + i / 3 - 1;

        window[i] = c < 0 || r < 0 || c >= width || r >= height ? (double)NAN : z[r * width + c];
        valid = valid && !isnan(window[i]);
    }
    for (int i = 0; i < 9 && !valid; i++)
        window[i] = NAN;
}

static void check_near(const char *op, double got, double want, double room)
{
    if (strcmp(op, "aspect") == 0 && fabs(got - want) > 180)
        got += got < want ? 360 : -360;
    if (strcmp(op, "hillshade") == 0 && !isnan(want)) /* either side of a half is right near one */
        want = fabs(want + 0.5 - round(want + 0.5)) < 1e-3 && fabs(got - want) < 0.502
                   ? got
                   : fmax(1, floor(want + 0.5));
    ck_assert_msg((isnan(got) && isnan(want)) || fabs(got - want) <= room, "%s: %.9g, not %.9g", op,
                  got, want);
}

static void check_all(const double *z, WeftType type, double room)
{
    for (int c = 0; c < CASES; c++) {
        double *got = terrains_pixels(cases[c].op, (const char *[]) { cases[c].setting, NULL },
                                      &terrains_grid, type, z);
        int valid = 0;

        for (int i = 0; i < TERRAINS_N; i++) {
            Place at = { .ew = 10, .ns = 20 };
            double want;

            fill_window(z, TERRAINS_W, TERRAINS_H_, i % TERRAINS_W, i / TERRAINS_W, at.z);
            want = cases[c].formula(&at, cases[c].setting);
            check_near(cases[c].op, got[i], want, room * fmax(1, fabs(want)));
            valid += !isnan(got[i]);
        }
        ck_assert_int_ge(valid, 50);
        free(got);
    }
}

START_TEST(every_operator_is_its_formula)
{
    double z[TERRAINS_N];

    terrains_random(z);
    check_all(z, WEFT_F32, 2e-6);
    check_all(z, WEFT_F64, 2e-6);
}
END_TEST

START_TEST(small_steps_far_up_are_seen)
{
    /* gdaldem reads these as f32, and loses the steps. */
    double z[TERRAINS_N];

    terrains_random(z);
    for (int i = 0; i < TERRAINS_N; i++)
        z[i] = 1e7 + 0.25 * round(z[i]);
    check_all(z, WEFT_F64, 2e-6);
    for (int i = 0; i < TERRAINS_N; i++)
        z[i] = 4 * z[i] + 2e9 - 4e7;
    check_all(z, WEFT_I32, 2e-6);
}
END_TEST

/* z = 10 row + 3 col on cells of 1 by 1 (semantics 9). */
static void check_plane(const char *edges, const WeftGrid *grid, double steep, double facing)
{
    const char *settings[] = { edges, NULL };
    double z[TERRAINS_N], *got;

    for (int i = 0; i < TERRAINS_N; i++)
        z[i] = 10 * (i / TERRAINS_W) + 3 * (i % TERRAINS_W);
    got = terrains_pixels("slope", settings, grid, WEFT_U8, z);
    for (int i = 0; i < TERRAINS_N; i++)
        ck_assert_double_eq_tol(got[i], steep, 1e-3);
    free(got);
    got = terrains_pixels("aspect", settings, grid, WEFT_U8, z);
    for (int i = 0; i < TERRAINS_N; i++)
        ck_assert_double_eq_tol(got[i], facing, 1e-3);
    free(got);
}

static WeftGrid grid_of(double t1, double t2, double t4, double t5)
{
    WeftGrid grid = terrains_grid;

    grid.transform[1] = t1;
    grid.transform[2] = t2;
    grid.transform[4] = t4;
    grid.transform[5] = t5;
    return grid;
}

START_TEST(planes_go_on_beyond_the_border)
{
    WeftGrid north_up = grid_of(1, 0, 0, -1), tall = grid_of(1, 0, 0, -2);

    check_plane("edges=extrapolate", &north_up, 84.529, 343.301);
    check_plane("edges=extrapolate", &tall, atan(hypot(3, 5)) * 180 / M_PI, 450 - 120.964);
}
END_TEST

START_TEST(directions_are_those_on_the_ground)
{
    WeftGrid south_up = grid_of(1, 0, 0, 1), turned = grid_of(0, 1, 1, 0);
    WeftGrid west_first = grid_of(-1, 0, 0, -1);

    check_plane("edges=extrapolate", &south_up, 84.529, 196.699);
    check_plane("edges=extrapolate", &west_first, 84.529, 360 - 343.301);
    /* columns go north and rows east: downhill is toward west, a little south */
    check_plane("edges=extrapolate", &turned, 84.529, 270 - 16.699);
}
END_TEST

/* What an ellipsoid of WGS 84 measures at a latitude, in degrees. */
static void degree_lengths(double latitude, double *east, double *north)
{
    double a = 6378137, f = 1 / 298.257223563, e2 = f * (2 - f), s = sin(latitude * M_PI / 180);
    double w = sqrt(1 - e2 * s * s);

    *east = a / w * cos(latitude * M_PI / 180) * M_PI / 180;
    *north = a * (1 - e2) / (w * w * w) * M_PI / 180;
}

START_TEST(cells_in_degrees_are_measured_row_by_row)
{
    static const char crs[] =
        "GEOGCRS[\"WGS "
        "84\",DATUM[\"B\",ELLIPSOID[\"C\",6378137,298.257223563,LENGTHUNIT[\"m\",1]]],"
        "CS[ellipsoidal,2],AXIS[\"x\",north,ANGLEUNIT[\"degree\",0.0174532925199433]]]";
    WeftGrid grid = terrains_grid;
    const double t[6] = { 10, 0.001, 0, 80, 0, -0.002 };
    double z[TERRAINS_N];

    terrains_random(z);
    memcpy(grid.transform, t, sizeof t);
    grid.crs = crs;
    for (int c = 0; c < CASES; c++) {
        double *got;

        if (is(cases[c].setting, "variant=igor")) /* measures cells two ways */
            continue;
        got = terrains_pixels(cases[c].op, (const char *[]) { cases[c].setting, NULL }, &grid,
                              WEFT_F32, z);
        for (int i = 0; i < TERRAINS_N; i++) {
            double east, north, want;
            Place at;

            degree_lengths(80 - 0.002 * (i / TERRAINS_W + 0.5), &east, &north);
            at.ew = 0.001 * east;
            at.ns = 0.002 * north;
            fill_window(z, TERRAINS_W, TERRAINS_H_, i % TERRAINS_W, i / TERRAINS_W, at.z);
            want = cases[c].formula(&at, cases[c].setting);
            check_near(cases[c].op, got[i], want, 2e-6 * fmax(1, fabs(want)));
        }
        free(got);
    }
}
END_TEST

START_TEST(flat_ground_is_flat)
{
    static const struct {
        const char *op, *setting;
        double value;
    } flats[] = { { "slope", NULL, 0 },
                  { "aspect", NULL, NAN },
                  { "aspect", "flat=0", 0 },
                  { "hillshade", NULL, 181 },
                  { "hillshade", "variant=multidirectional", 181 },
                  { "hillshade", "variant=combined", 255 },
                  { "hillshade", "variant=igor", 255 },
                  { "curvature", NULL, 0 } };
    double z[TERRAINS_N];

    for (int i = 0; i < TERRAINS_N; i++)
        z[i] = 7;
    for (size_t f = 0; f < sizeof flats / sizeof *flats; f++) {
        const char *settings[] = { "edges=nearest", flats[f].setting, NULL };
        double *got = terrains_pixels(flats[f].op, settings, &terrains_grid, WEFT_F32, z);

        for (int i = 0; i < TERRAINS_N; i++)
            ck_assert(got[i] == flats[f].value || (isnan(got[i]) && isnan(flats[f].value)));
        free(got);
    }
}
END_TEST

START_TEST(results_are_f32_and_shades_are_bytes)
{
    WfGraph *g = bands_graph();
    WeftNode wide = bands_load(g, WEFT_F64), whole = bands_load(g, WEFT_I32);

    ck_assert_int_eq(g->nodes[bands_op(g, "slope", 1, wide)].type, WEFT_F32);
    ck_assert_int_eq(g->nodes[bands_op(g, "tri", 1, whole)].type, WEFT_F32);
    ck_assert_int_eq(g->nodes[bands_op(g, "hillshade", 1, wide)].type, WEFT_U8);
    ck_assert(!g->nodes[bands_op(g, "slope", 1, bands_load(g, WEFT_U8))].range.valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_number_has_no_terrain)
{
    WfGraph *g = bands_graph();

    ck_assert_int_eq(bands_try(g, "slope", 1, bands_int(g, 5)), WEFT_NONE);
    ck_assert_str_eq(bands_err.message, "takes a raster, not the number 5");
    ck_assert_str_eq(bands_err.op, "slope");
    wf_graph_free(g);
}
END_TEST

START_TEST(arcgis_goes_with_horn_alone)
{
    WfGraph *g = bands_graph();
    WeftArg args[] = { { .name = "edges", .node = WEFT_NONE, .text = "arcgis" },
                       { .name = "method", .node = WEFT_NONE, .text = "zt" } };
    WeftNode root = bands_with(g, "slope", bands_load(g, WEFT_F32), 2, args);
    bool changed;

    ck_assert(!wf_pass_lower(g, &root, 1, &changed, &bands_err));
    ck_assert_int_eq(bands_err.code, WEFT_EARG);
    ck_assert_int_eq(bands_err.line, 7);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("lower_terrain", every_operator_is_its_formula, small_steps_far_up_are_seen,
           planes_go_on_beyond_the_border, directions_are_those_on_the_ground,
           cells_in_degrees_are_measured_row_by_row, flat_ground_is_flat,
           results_are_f32_and_shades_are_bytes, a_number_has_no_terrain,
           arcgis_goes_with_horn_alone)
