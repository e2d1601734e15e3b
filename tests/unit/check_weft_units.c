/* check_weft_units.c - units of bands on their way through a graph, as a caller of weft.h sees
 * them. */
#include "rasters.h"

static void place_raster(GDALDatasetH data, const char *crs)
{
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    double transform[6] = { 500000, 10, 0, 5000000, 0, -10 };

    ck_assert_int_eq(OSRSetFromUserInput(system, crs), OGRERR_NONE);
    ck_assert_int_eq(GDALSetSpatialRef(data, system), CE_None);
    GDALSetGeoTransform(data, transform);
    OSRRelease(system);
}

/* A band of 8 x 6 pixels with a unit, a scale and an offset; a graph that has it. */
typedef struct Measured {
    WeftGraph *graph;
    WeftErr err;
    WeftNode node;
} Measured;

/* The place of all rasters here is one in metres, whatever their system. */
static void ignore(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static Measured open_on(const char *name, const char *unit, double scale, bool raw, const char *crs)
{
    Measured m = { .graph = NULL };
    const char *path = in_folder(harness_folder(), name);
    GDALDatasetH data = make_raster("GTiff", path, 8, 6, 1, GDT_Byte, "");
    WeftOpen options = { .raw = raw, .mask = WEFT_NONE };

    GDALSetRasterUnitType(GDALGetRasterBand(data, 1), unit);
    if (crs)
        place_raster(data, crs);
    if (scale != 1)
        GDALSetRasterScale(GDALGetRasterBand(data, 1), scale);
    GDALClose(data);
    m.graph = weft_graph_new(&m.err);
    weft_graph_warn(m.graph, ignore, NULL);
    m.node = weft_band(m.graph, weft_open(m.graph, path, &options, &m.err), 1, &m.err);
    ck_assert_msg(m.node != WEFT_NONE, "%s", m.err.message);
    return m;
}

static Measured open_in(const char *name, const char *unit, double scale, bool raw)
{
    return open_on(name, unit, scale, raw, NULL);
}

static const char *unit_of(const Measured *m, WeftNode node)
{
    ck_assert_msg(node != WEFT_NONE, "%s", m->err.message);
    return weft_node_unit(m->graph, node);
}

START_TEST(a_band_has_the_unit_its_file_says)
{
    Measured feet = open_in("feet.tif", "ft", 1, false), bare = open_in("bare.tif", "", 1, false);

    ck_assert_str_eq(unit_of(&feet, feet.node), "ft");
    ck_assert_str_eq(unit_of(&bare, bare.node), "");
    weft_graph_free(feet.graph);
    weft_graph_free(bare.graph);
}
END_TEST

START_TEST(the_unit_is_that_of_the_scaled_values)
{
    Measured scaled = open_in("scaled.tif", "ft", 0.1, false);
    Measured raw = open_in("raw.tif", "ft", 0.1, true), same = open_in("same.tif", "ft", 1, true);

    ck_assert_str_eq(unit_of(&scaled, scaled.node), "ft");
    ck_assert_str_eq(unit_of(&raw, raw.node), "");
    ck_assert_str_eq(unit_of(&same, same.node), "ft");
    weft_graph_free(scaled.graph);
    weft_graph_free(raw.graph);
    weft_graph_free(same.graph);
}
END_TEST

START_TEST(longitudes_are_in_degrees)
{
    WeftErr err = { 0 };
    WeftGraph *graph = weft_graph_new(&err);
    WeftGrid grid = { .width = 4,
                      .height = 3,
                      .transform = { 10, 1, 0, 50, 0, -1 },
                      .georeferenced = true,
                      .crs = weft_crs(graph, "EPSG:4326", &err) };
    WeftNode node = weft_generate(graph, "lon", &grid, NULL, 0, &err);

    ck_assert_msg(node != WEFT_NONE, "%s", err.message);
    ck_assert_str_eq(weft_node_unit(graph, node), "degree");
    weft_graph_free(graph);
}
END_TEST

static const char *focal_unit(Measured *m, const char *stat)
{
    WeftFocal focal = { .stat = stat, .width = 3 };

    return unit_of(m, weft_focal(m->graph, m->node, &focal, &m->err));
}

START_TEST(a_window_of_heights_gives_heights_or_not_as_its_statistic_is)
{
    static const char *const same[] = { "sum",    "mean", "min",  "max",      "range", "std",
                                        "median", "p90",  "mode", "minority", "first", "last" };
    static const char *const other[] = { "count",  "pixels", "var",   "variety",
                                         "argmin", "argmax", "sobel", "laplace" };
    Measured m = open_in("feet.tif", "ft", 1, false);

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        ck_assert_msg(!strcmp(focal_unit(&m, same[i]), "ft"), "%s", same[i]);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        ck_assert_msg(!strcmp(focal_unit(&m, other[i]), ""), "%s", other[i]);
    weft_graph_free(m.graph);
}
END_TEST

START_TEST(weights_that_add_up_to_1_keep_the_unit)
{
    Measured m = open_in("feet.tif", "ft", 1, false);
    double mean[3] = { 0.25, 0.5, 0.25 }, sum[3] = { 1, 1, 1 };
    WeftFocal focal = { .stat = "convolve", .width = 3, .height = 1, .weights = mean };
    WeftFocal bell = { .stat = "mean", .shape = "gaussian", .sigma = 1 };

    ck_assert_str_eq(unit_of(&m, weft_focal(m.graph, m.node, &focal, &m.err)), "ft");
    focal.weights = sum;
    ck_assert_str_eq(unit_of(&m, weft_focal(m.graph, m.node, &focal, &m.err)), "");
    ck_assert_str_eq(unit_of(&m, weft_focal(m.graph, m.node, &bell, &m.err)), "ft");
    weft_graph_free(m.graph);
}
END_TEST

START_TEST(a_window_of_one_cell_leaves_its_input_as_it_is)
{
    Measured m = open_in("feet.tif", "ft", 1, false);
    WeftFocal focal = { .stat = "max", .width = 1 };

    weft_focal(m.graph, m.node, &focal, &m.err);
    focal.stat = "var";
    weft_focal(m.graph, m.node, &focal, &m.err);
    ck_assert_str_eq(unit_of(&m, m.node), "ft");
    weft_graph_free(m.graph);
}
END_TEST

static const char *series_unit(Measured *m, const char *stat)
{
    WeftNode inputs[] = { m->node, m->node, m->node };
    WeftSeries series = { .stat = stat };

    return unit_of(m, weft_series(m->graph, inputs, 3, &series, &m->err));
}

START_TEST(a_series_of_heights_gives_heights_or_not_as_its_statistic_is)
{
    static const char *const same[] = { "sum",  "mean",   "min",      "max",  "range",
                                        "std",  "median", "p90",      "mode", "first",
                                        "last", "mad",    "intercept" };
    static const char *const other[] = { "count",  "pixels", "var", "variety", "argmin",
                                         "argmax", "slope",  "r",   "p" };
    Measured m = open_in("feet.tif", "ft", 1, false);

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        ck_assert_msg(!strcmp(series_unit(&m, same[i]), "ft"), "%s", same[i]);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        ck_assert_msg(!strcmp(series_unit(&m, other[i]), ""), "%s", other[i]);
    weft_graph_free(m.graph);
}
END_TEST

START_TEST(each_band_of_a_geometric_median_has_the_unit_of_its_own_band)
{
    Measured m = open_in("feet.tif", "ft", 1, false);
    WeftNode bare = weft_constant(m.graph, 3, true, weft_node_grid(m.graph, m.node), &m.err);
    WeftNode inputs[] = { m.node, m.node, bare, bare }, results[2];
    static const char *const stats[] = { "geomedian", "medoid" };

    for (int i = 0; i < 2; i++) {
        ck_assert(weft_series_vectors(m.graph, inputs, 2, 2, stats[i], results, &m.err));
        ck_assert_str_eq(unit_of(&m, results[0]), "ft");
        ck_assert_str_eq(unit_of(&m, results[1]), "");
    }
    weft_graph_free(m.graph);
}
END_TEST

typedef struct Heard {
    int count;
    char last[512];
} Heard;

static void hear(void *context, const char *text)
{
    Heard *heard = context;

    heard->count++;
    snprintf(heard->last, sizeof heard->last, "%s", text);
}

/* What is warned of when slopes are taken of a band, twice. */
static Heard warned(const char *unit, const char *crs, const char *zunit)
{
    Measured m = open_on("heights.tif", unit, 1, false, crs);
    WeftArg arg = { .name = "zunit", .node = WEFT_NONE, .text = zunit };
    Heard heard = { .count = 0 };

    weft_graph_warn(m.graph, hear, &heard);
    for (int i = 0; i < 2; i++)
        ck_assert_int_ne(weft_apply(m.graph, "slope", &m.node, 1, &arg, zunit != NULL, &m.err),
                         WEFT_NONE);
    weft_graph_free(m.graph);
    return heard;
}

START_TEST(a_unit_of_heights_that_is_no_length_is_told_once)
{
    Heard plain = warned("K", "EPSG:26910", NULL), tall = warned("K", "EPSG:26910+6360", NULL);

    ck_assert_int_eq(plain.count, 1);
    ck_assert_str_eq(plain.last, "slope: \"K\", the unit of the heights, is no known length: they "
                                 "count as metres, unless zunit= says more");
    ck_assert_str_eq(tall.last,
                     "slope: \"K\", the unit of the heights, is no known length: they "
                     "count as units of 0.3048006 m, as the CRS says, unless zunit= says "
                     "more");
}
END_TEST

START_TEST(a_unit_of_heights_beside_that_of_the_crs_is_told_once)
{
    Heard heard = warned("m", "EPSG:26910+6360", NULL);

    ck_assert_int_eq(heard.count, 1);
    ck_assert_str_eq(heard.last,
                     "slope: heights are in \"m\" by the band, in units of 0.3048006 m by "
                     "the CRS: the band counts, unless zunit= says more");
    ck_assert_int_eq(warned("ft", "EPSG:4979", NULL).count, 1);
}
END_TEST

START_TEST(units_that_agree_or_are_given_are_not_told)
{
    ck_assert_int_eq(warned("ft", "EPSG:26910", NULL).count, 0);
    ck_assert_int_eq(warned("ft", "EPSG:26910+6360", NULL).count, 0);
    ck_assert_int_eq(warned("", "EPSG:26910+6360", NULL).count, 0);
    ck_assert_int_eq(warned("m", "EPSG:26910+6360", "m").count, 0);
    ck_assert_int_eq(warned("K", NULL, "m").count, 0);
}
END_TEST

CHECK_MAIN("weft_units", a_band_has_the_unit_its_file_says, the_unit_is_that_of_the_scaled_values,
           longitudes_are_in_degrees, a_window_of_heights_gives_heights_or_not_as_its_statistic_is,
           weights_that_add_up_to_1_keep_the_unit, a_window_of_one_cell_leaves_its_input_as_it_is,
           a_series_of_heights_gives_heights_or_not_as_its_statistic_is,
           each_band_of_a_geometric_median_has_the_unit_of_its_own_band,
           a_unit_of_heights_that_is_no_length_is_told_once,
           a_unit_of_heights_beside_that_of_the_crs_is_told_once,
           units_that_agree_or_are_given_are_not_told)
