/* check_focal.c - statistics of windows against a direct evaluation in f64. */
#include "harness.h"

#include "windows.h"
#include "graph/sound.h"

/* ------------------------------------------------------------------ windows */

typedef struct Shape {
    const char *name;
    int width, height;
    double weights[WINDOWS_CELLS];
} Shape;

static void all_ones(Shape *s, int width, int height)
{
    s->name = "rectangle";
    s->width = width;
    s->height = height;
    for (int i = 0; i < width * height; i++)
        s->weights[i] = 1;
}

/* inner <= distance <= outer */
static void ring_of(Shape *s, double inner, double outer)
{
    int half = (int)outer;

    s->name = inner > 0 ? "annulus" : "circle";
    s->width = s->height = 2 * half + 1;
    for (int i = 0; i < s->width * s->height; i++) {
        double far = hypot(i % s->width - half, i / s->width - half);

        s->weights[i] = far >= inner && far <= outer;
    }
}

static void bell(Shape *s, int half)
{
    s->name = "bell";
    s->width = s->height = 2 * half + 1;
    for (int i = 0; i < s->width * s->height; i++) {
        double x = i % s->width - half, y = i / s->width - half;

        s->weights[i] = exp(-x * x / half) * exp(-y * y / half);
    }
}

static void odd_weights(Shape *s, int width, int height)
{
    s->name = "weights";
    s->width = width;
    s->height = height;
    for (int i = 0; i < width * height; i++)
        s->weights[i] = i % 5 == 3 ? 0 : (i * 7 % 11) * 0.5 - 2;
}

enum { SHAPES = 13 };

static void make_shape(Shape *s, int which)
{
    static const int sizes[][2] = {
        { 1, 1 }, { 3, 3 }, { 5, 5 }, { 1, 11 }, { 17, 1 }, { 15, 13 }
    };

    *s = (Shape) { 0 };
    if (which < 6)
        all_ones(s, sizes[which][0], sizes[which][1]);
    else if (which < 10)
        ring_of(s, which < 8 ? 0 : which - 7, which < 8 ? which * 2 - 10 : which - 4.5);
    else if (which == 10)
        bell(s, 4);
    else
        odd_weights(s, which == 11 ? 3 : 7, 5);
}

/* ------------------------------------------------------------------ one case */

static double allowed(const WfFocal *f, double size, double wanted)
{
    int cells = f->width * f->height;

    switch (f->stat) {
    case WF_STAT_SUM:
    case WF_STAT_MEAN:
        return (4 + log2(cells)) * 0x1p-23 * size + 1e-30;
    case WF_STAT_RANGE:
    case WF_STAT_MEDIAN:
    case WF_STAT_PERCENTILE:
        return 4 * 0x1p-23 * size;
    case WF_STAT_VAR:
    case WF_STAT_STD:
        return 2 * 0x1p-23 * fabs(wanted) + 1e-12;
    default:
        return 0;
    }
}

static void check_pixel(Windows *w, const WfFocal *f, const char *shape, WeftNode node, int col,
                        int row)
{
    int reach = (f->width > f->height ? f->width : f->height) / 2; /* rings need no more */
    double size, wanted = windows_direct(w, f, col, row, &size);
    double got = windows_at(w, node, col, row, reach);

    if (isnan(got) != isnan(wanted) ||
        (!isnan(wanted) && !(fabs(got - wanted) <= allowed(f, size, wanted))))
        ck_abort_msg("stat %d, %s %d x %d, raster %d x %d, edges %d, invalid %d, min_valid %d%s at "
                     "(%d, %d): %.9g, not %.9g",
                     f->stat, shape, f->width, f->height, w->width, w->height, f->beyond,
                     f->missing, f->min_valid, f->weighted ? ", weighted" : "", col, row, got,
                     wanted);
}

static void check_raster(Windows *w, const WfFocal *f, const char *shape)
{
    int before = w->graph->count;
    WeftNode node = wf_focal_apply(w->graph, w->input, f, &bands_err);

    bands_ok();
    ck_assert(wf_graph_sound(w->graph, &bands_err));
    ck_assert_ptr_eq(w->graph->nodes[node].grid, w->graph->nodes[w->input].grid);
    for (int row = 0; row < w->height; row++)
        for (int col = 0; col < w->width; col++) {
            double v;

            check_pixel(w, f, shape, node, col, row);
            v = windows_at(w, node, col, row, w->margin);
            if (isnan(v)
                    ? w->graph->nodes[node].range.valid
                    : !(v >= w->graph->nodes[node].range.lo && v <= w->graph->nodes[node].range.hi))
                ck_abort_msg("%g is not in the node's range", v);
        }
    windows_forget(w);
    while (w->graph->count > before)
        wf_graph_drop(w->graph, w->graph->count - 1);
}

static int cells_of(const Shape *s)
{
    int cells = 0;

    for (int i = 0; i < s->width * s->height; i++)
        cells += s->weights[i] != 0;
    return cells;
}

/* All rules for cells outside and invalid ones. */
static void check_rules(Windows *w, const Shape *s, WfStat stat)
{
    int cells = cells_of(s);
    WfFocal f = { .stat = stat,
                  .percent = 30,
                  .width = s->width,
                  .height = s->height,
                  .weights = s->weights,
                  .weighted = stat == WF_STAT_SUM || stat == WF_STAT_MEAN,
                  .constant = 3 };

    for (int rule = 0; rule < WINDOWS_RULES; rule++)
        for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++)
            for (int least = 0; least < 2; least++) {
                if (least && stat != WF_STAT_VAR && missing != WF_MISSING_SKIP &&
                    missing != WF_MISSING_CENTER)
                    continue;
                f.beyond = windows_rules[rule];
                f.missing = (WfMissing)missing;
                f.min_valid = least ? (cells + 1) / 2 : 1;
                f.ddof = least;
                check_raster(w, &f, s->name);
            }
}

static const struct {
    WeftType type;
    int width, height;
    bool gaps;
} rasters[] = {
    { WEFT_U8, 9, 7, false }, { WEFT_U8, 9, 7, true },    { WEFT_F32, 9, 7, false },
    { WEFT_F32, 9, 7, true }, { WEFT_F32, 1, 1, false },  { WEFT_U8, 1, 6, true },
    { WEFT_F32, 8, 1, true }, { WEFT_F32, 23, 20, true },
};

static void check_stat(WfStat stat)
{
    Shape s;

    for (size_t r = 0; r < sizeof rasters / sizeof *rasters; r++)
        for (int shape = 0; shape < SHAPES; shape++) {
            Windows *w;

            make_shape(&s, shape);
            if (rasters[r].width != 9 && shape % 4 != 1)
                continue;
            w = windows_new(rasters[r].type, rasters[r].width, rasters[r].height, rasters[r].gaps);
            check_rules(w, &s, stat);
            windows_free(w);
        }
}

#define STAT_TEST(name, stat) \
    START_TEST(name)          \
    {                         \
        check_stat(stat);     \
    }                         \
    END_TEST

STAT_TEST(counts_are_those_of_the_valid_cells, WF_STAT_COUNT)
STAT_TEST(pixels_are_the_cells_inside, WF_STAT_PIXELS)
STAT_TEST(sums_are_those_of_the_cells, WF_STAT_SUM)
STAT_TEST(means_are_those_of_the_cells, WF_STAT_MEAN)
STAT_TEST(minima_are_exact, WF_STAT_MIN)
STAT_TEST(maxima_are_exact, WF_STAT_MAX)
STAT_TEST(ranges_are_differences, WF_STAT_RANGE)
STAT_TEST(variances_are_those_of_the_cells, WF_STAT_VAR)
STAT_TEST(deviations_are_roots_of_variances, WF_STAT_STD)
STAT_TEST(medians_are_those_of_the_valid_cells, WF_STAT_MEDIAN)
STAT_TEST(percentiles_are_linear_between_ranks, WF_STAT_PERCENTILE)
STAT_TEST(modes_are_the_least_of_the_most_frequent, WF_STAT_MODE)
STAT_TEST(minorities_are_the_least_of_the_rarest, WF_STAT_MINORITY)
STAT_TEST(varieties_count_different_values, WF_STAT_VARIETY)
STAT_TEST(the_first_cell_is_that_in_reading_order, WF_STAT_FIRST)
STAT_TEST(the_last_cell_is_that_in_reading_order, WF_STAT_LAST)
STAT_TEST(the_least_cell_has_the_number_of_the_earliest, WF_STAT_ARGMIN)
STAT_TEST(the_greatest_cell_has_the_number_of_the_earliest, WF_STAT_ARGMAX)

/* ------------------------------------------------------------------ how it is evaluated */

static WfFocal plain(const Shape *s, WfStat stat)
{
    return (WfFocal) { .stat = stat,
                       .percent = 90,
                       .width = s->width,
                       .height = s->height,
                       .weights = s->weights,
                       .weighted = stat == WF_STAT_SUM || stat == WF_STAT_MEAN,
                       .beyond = WF_BEYOND_SHRINK,
                       .missing = WF_MISSING_CENTER,
                       .min_valid = 1 };
}

static WeftNode applied(Windows *w, const WfFocal *f)
{
    return bands_sure(wf_focal_apply(w->graph, w->input, f, &bands_err));
}

/* The whole raster of a statistic by one method. */
static void fill_by(Windows *w, const WfFocal *f, WfMethod method, double *to)
{
    WfFocal by = *f;
    WeftNode node;

    by.method = method;
    node = applied(w, &by);
    for (int i = 0; i < w->width * w->height; i++)
        to[i] = windows_at(w, node, i % w->width, i / w->width, 7);
    windows_forget(w);
}

static void check_methods(Windows *w, const WfFocal *f)
{
    double network[WINDOWS_SIDE * WINDOWS_SIDE], rows[WINDOWS_SIDE * WINDOWS_SIDE];
    int before = w->graph->count;

    fill_by(w, f, WF_METHOD_NETWORK, network);
    fill_by(w, f, WF_METHOD_ROWS, rows);
    for (int i = 0; i < w->width * w->height; i++)
        if (isnan(network[i]) ? !isnan(rows[i]) : memcmp(&network[i], &rows[i], sizeof rows[i]))
            ck_abort_msg("stat %d, edges %d, invalid %d, pixel %d: %.9g by network, %.9g by rows",
                         f->stat, f->beyond, f->missing, i, network[i], rows[i]);
    while (w->graph->count > before)
        wf_graph_drop(w->graph, w->graph->count - 1);
}

START_TEST(network_and_rows_give_the_same_bits)
{
    static const WeftType types[] = { WEFT_F32, WEFT_F64, WEFT_U8 };
    Shape s = { 0 };

    all_ones(&s, 7, 7);
    for (int type = 0; type < 3; type++)
        for (int stat = WF_STAT_MEDIAN; stat <= WF_STAT_VARIETY; stat++) {
            Windows *w = windows_new(types[type], 9, 8, true);

            for (int rule = 0; rule < WINDOWS_RULES; rule++)
                for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++) {
                    WfFocal f = plain(&s, (WfStat)stat);

                    f.beyond = windows_rules[rule];
                    f.missing = (WfMissing)missing;
                    f.constant = 3;
                    check_methods(w, &f);
                }
            windows_free(w);
        }
}
END_TEST

/* Every third pixel is infinite. */
static void make_infinite(Windows *w)
{
    for (int i = 0; i < w->width * w->height; i += 3)
        w->pixel[i] = i % 2 ? (double)INFINITY : -(double)INFINITY;
}

START_TEST(network_and_rows_agree_on_infinities)
{
    static const double percents[] = { 0, 25, 50, 90, 100 };
    Shape s = { 0 };
    Windows *w = windows_new(WEFT_F32, 9, 8, true);

    all_ones(&s, 3, 3);
    make_infinite(w);
    for (size_t p = 0; p < sizeof percents / sizeof *percents; p++)
        for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++) {
            WfFocal f = plain(&s, WF_STAT_PERCENTILE);

            f.percent = percents[p];
            f.missing = (WfMissing)missing;
            check_methods(w, &f);
            f.stat = WF_STAT_MEDIAN;
            check_methods(w, &f);
        }
    windows_free(w);
}
END_TEST

START_TEST(passes_change_no_bit)
{
    for (int shape = 1; shape < SHAPES; shape += 3)
        for (int stat = 0; stat <= WF_STAT_ARGMAX; stat++) {
            Windows *w = windows_new(WEFT_U8, 9, 7, shape % 2);
            double before[9 * 7];
            WeftNode node;
            WfFocal f;
            Shape s;

            make_shape(&s, shape);
            f = plain(&s, (WfStat)stat);
            node = applied(w, &f);
            for (int i = 0; i < 9 * 7; i++)
                before[i] = windows_at(w, node, i % 9, i / 9, 24);
            windows_forget(w);
            ck_assert(wf_pass_run(w->graph, &node, 1, NULL, &bands_err));
            for (int i = 0; i < 9 * 7; i++) {
                double after = windows_at(w, node, i % 9, i / 9, 24);

                if (!(after == before[i] || (isnan(after) && isnan(before[i]))))
                    ck_abort_msg("stat %d, %s: %g, not %g", stat, s.name, after, before[i]);
            }
            windows_free(w);
        }
}
END_TEST

/* Nodes that a root needs after all passes. */
static int nodes_of(WeftType type, bool gaps, const WfFocal *f, const char *op)
{
    Windows *w = windows_new(type, 9, 7, gaps);
    WeftNode node = applied(w, f);
    int count;

    ck_assert(wf_pass_run(w->graph, &node, 1, NULL, &bands_err));
    count = op ? bands_count(w->graph, op) : w->graph->count;
    windows_free(w);
    return count;
}

START_TEST(cost_grows_with_the_logarithm_of_the_length)
{
    static double weights[255 * 255];
    WfFocal f = { .stat = WF_STAT_MEAN, .weights = weights, .beyond = WF_BEYOND_REFLECT };
    int few, many;

    for (int i = 0; i < 255 * 255; i++)
        weights[i] = 1;
    f.width = f.height = 5;
    few = nodes_of(WEFT_U8, false, &f, "neighbour");
    ck_assert_int_eq(few, 10);
    f.width = f.height = 101;
    many = nodes_of(WEFT_U8, false, &f, "neighbour");
    ck_assert_int_le(many, 3 * few + 4);
    f.width = f.height = 255;
    ck_assert_int_le(nodes_of(WEFT_U8, false, &f, "neighbour"), 5 * few);
}
END_TEST

START_TEST(skipping_costs_at_most_twice)
{
    static const WfStat stats[] = { WF_STAT_MEAN, WF_STAT_SUM, WF_STAT_MIN, WF_STAT_MAX };
    Shape s;

    for (int shape = 2; shape <= 5; shape++)
        for (size_t i = 0; i < sizeof stats / sizeof *stats; i++) {
            WfFocal f;
            int plainly, skipping;

            make_shape(&s, shape);
            f = plain(&s, stats[i]);
            f.beyond = WF_BEYOND_REFLECT;
            f.missing = WF_MISSING_PROPAGATE;
            plainly = nodes_of(WEFT_F32, true, &f, "neighbour");
            f.missing = WF_MISSING_CENTER;
            skipping = nodes_of(WEFT_F32, true, &f, "neighbour");
            ck_assert_int_le(skipping, 2 * plainly);
        }
}
END_TEST

START_TEST(weights_that_are_a_product_take_two_passes)
{
    Shape s;
    WfFocal f;

    make_shape(&s, 10);
    f = plain(&s, WF_STAT_SUM);
    f.beyond = WF_BEYOND_REFLECT;
    f.missing = WF_MISSING_PROPAGATE;
    ck_assert_int_eq(nodes_of(WEFT_F32, true, &f, "neighbour"), 18);
    s.weights[0] *= 2;
    ck_assert_int_eq(nodes_of(WEFT_F32, true, &f, "neighbour"), 81);
}
END_TEST

START_TEST(few_weights_take_one_loop)
{
    Shape s = { .width = 3, .height = 3, .weights = { -1, 0, 1, -2, 0, 2, -1, 0, 1 } };
    WfFocal f = plain(&s, WF_STAT_SUM);

    f.missing = WF_MISSING_PROPAGATE;
    f.beyond = WF_BEYOND_REFLECT;
    ck_assert_int_eq(nodes_of(WEFT_F32, true, &f, "neighbour"), 6);
}
END_TEST

START_TEST(minima_repeat_the_edge_where_the_window_shrinks)
{
    Windows *w = windows_new(WEFT_U8, 9, 7, false);
    WfFocal f;
    Shape s;

    make_shape(&s, 7);
    f = plain(&s, WF_STAT_MIN);
    applied(w, &f);
    ck_assert_int_eq(bands_count(w->graph, "nmin"), 0);
    ck_assert_int_eq(bands_count(w->graph, "mask"), 0);
    windows_free(w);
}
END_TEST

/* ------------------------------------------------------------------ precision and types */

static void check_variance_at(double offset, WeftType type, double bound)
{
    Windows *w = windows_new(type, 20, 20, false);
    WfFocal f;
    Shape s;
    double worst = 0;
    WeftNode node;

    for (int i = 0; i < 20 * 20; i++)
        w->pixel[i] = offset + floor((w->pixel[i] + 9) * 7) / 128;
    make_shape(&s, 5);
    f = plain(&s, WF_STAT_VAR);
    node = applied(w, &f);
    for (int i = 0; i < 20 * 20; i++) {
        double size, wanted = windows_direct(w, &f, i % 20, i / 20, &size);

        worst = fmax(worst, fabs(windows_at(w, node, i % 20, i / 20, 10) - wanted) / wanted);
    }
    ck_assert_msg(worst < bound, "off by %g", worst);
    windows_free(w);
}

START_TEST(a_variance_far_from_zero_keeps_its_digits)
{
    check_variance_at(0, WEFT_F32, 1e-6);
    check_variance_at(1e6, WEFT_F64, 1e-9);
    check_variance_at(1e9, WEFT_F64, 1e-6);
}
END_TEST

START_TEST(a_variance_of_equal_cells_is_zero)
{
    Windows *w = windows_new(WEFT_F64, 9, 7, false);
    WfFocal f;
    Shape s;
    WeftNode node;

    for (int i = 0; i < 9 * 7; i++)
        w->pixel[i] = 1000003;
    make_shape(&s, 5);
    f = plain(&s, WF_STAT_STD);
    node = applied(w, &f);
    for (int i = 0; i < 9 * 7; i++)
        ck_assert_double_eq(windows_at(w, node, i % 9, i / 9, 10), 0);
    windows_free(w);
}
END_TEST

static WeftType type_of(WeftType input, WfStat stat)
{
    Windows *w = windows_new(input, 9, 7, true);
    WfFocal f;
    Shape s;
    WeftNode node;
    WeftType type;

    make_shape(&s, 2);
    f = plain(&s, stat);
    node = applied(w, &f);
    type = w->graph->nodes[node].type;
    windows_free(w);
    return type;
}

START_TEST(types_follow_the_statistic)
{
    ck_assert_int_eq(type_of(WEFT_U8, WF_STAT_MEAN), WEFT_F32);
    ck_assert_int_eq(type_of(WEFT_U8, WF_STAT_MEDIAN), WEFT_F32);
    ck_assert_int_eq(type_of(WEFT_U8, WF_STAT_STD), WEFT_F32);
    ck_assert_int_eq(type_of(WEFT_U8, WF_STAT_MIN), WEFT_U8);
    ck_assert_int_eq(type_of(WEFT_U8, WF_STAT_MODE), WEFT_U8);
    ck_assert_int_eq(type_of(WEFT_U8, WF_STAT_SUM), WEFT_I16);
    ck_assert_int_eq(type_of(WEFT_U8, WF_STAT_COUNT), WEFT_U8);
    ck_assert_int_eq(type_of(WEFT_F32, WF_STAT_VAR), WEFT_F32);
    ck_assert_int_eq(type_of(WEFT_I32, WF_STAT_MEAN), WEFT_F64);
    ck_assert_int_eq(type_of(WEFT_F64, WF_STAT_STD), WEFT_F64);
}
END_TEST

START_TEST(memory_that_fails_is_said)
{
    for (int64_t n = 1; n < 100000; n += 1 + n / 8) {
        Windows *w = windows_new(WEFT_F32, 9, 7, true);
        WeftErr err = { 0 };
        WfFocal f;
        Shape s;
        WeftNode node;

        make_shape(&s, 7);
        f = plain(&s, n % 2 ? WF_STAT_VAR : WF_STAT_MEDIAN);
        wf_mem_fail_at(n);
        node = wf_focal_apply(w->graph, w->input, &f, &err);
        wf_mem_fail_at(0);
        ck_assert((node == WEFT_NONE) == (err.code == WEFT_EMEM));
        windows_free(w);
        if (node != WEFT_NONE)
            return;
    }
    ck_abort_msg("never done");
}
END_TEST

CHECK_MAIN("focal", counts_are_those_of_the_valid_cells, pixels_are_the_cells_inside,
           sums_are_those_of_the_cells, means_are_those_of_the_cells, minima_are_exact,
           maxima_are_exact, ranges_are_differences, variances_are_those_of_the_cells,
           deviations_are_roots_of_variances, medians_are_those_of_the_valid_cells,
           percentiles_are_linear_between_ranks, modes_are_the_least_of_the_most_frequent,
           minorities_are_the_least_of_the_rarest, varieties_count_different_values,
           the_first_cell_is_that_in_reading_order, the_last_cell_is_that_in_reading_order,
           the_least_cell_has_the_number_of_the_earliest,
           the_greatest_cell_has_the_number_of_the_earliest, network_and_rows_give_the_same_bits,
           network_and_rows_agree_on_infinities, passes_change_no_bit,
           cost_grows_with_the_logarithm_of_the_length, skipping_costs_at_most_twice,
           weights_that_are_a_product_take_two_passes, few_weights_take_one_loop,
           minima_repeat_the_edge_where_the_window_shrinks,
           a_variance_far_from_zero_keeps_its_digits, a_variance_of_equal_cells_is_zero,
           types_follow_the_statistic, memory_that_fails_is_said)
