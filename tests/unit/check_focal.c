/* check_focal.c - statistics of windows against a direct evaluation in f64. */
#include "harness.h"

#include "shapes.h"
#include "graph/sound.h"

/* ------------------------------------------------------------------ one case */

/* Rounded once; what cancels is as large as the pixels, also those that are not in the window. */
static double allowed(const WfFocal *f, double size, double wanted)
{
    double weight = 0;

    for (int i = 0; i < f->width * f->height; i++)
        weight += fabs(f->weights[i]);
    switch (f->stat) {
    case WF_STAT_SUM:
    case WF_STAT_MEAN:
        return 0x1p-24 * fabs(wanted) + 0x1p-44 * (size + (f->stat == WF_STAT_SUM) * weight);
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

            shapes_make(&s, shape);
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

START_TEST(sums_of_weights_that_add_up_to_0_are_those_of_the_cells)
{
    for (size_t r = 0; r < sizeof rasters / sizeof *rasters; r++)
        for (int shape = 0; shape < SHAPES_VANISHING; shape++) {
            Windows *w =
                windows_new(rasters[r].type, rasters[r].width, rasters[r].height, rasters[r].gaps);
            Shape s;

            shapes_vanishing(&s, shape);
            check_rules(w, &s, WF_STAT_SUM);
            windows_free(w);
        }
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

            shapes_make(&s, shape);
            f = shapes_focal(&s, (WfStat)stat);
            node = shapes_apply(w, &f);
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

START_TEST(minima_repeat_the_edge_where_the_window_shrinks)
{
    Windows *w = windows_new(WEFT_U8, 9, 7, false);
    WfFocal f;
    Shape s;

    shapes_make(&s, 7);
    f = shapes_focal(&s, WF_STAT_MIN);
    shapes_apply(w, &f);
    ck_assert_int_eq(bands_count(w->graph, "nmin"), 0);
    ck_assert_int_eq(bands_count(w->graph, "mask"), 0);
    windows_free(w);
}
END_TEST

/* ------------------------------------------------------------------ types, memory */

static WeftType type_of(WeftType input, WfStat stat)
{
    Windows *w = windows_new(input, 9, 7, true);
    WfFocal f;
    Shape s;
    WeftNode node;
    WeftType type;

    shapes_make(&s, 2);
    f = shapes_focal(&s, stat);
    node = shapes_apply(w, &f);
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

START_TEST(a_mean_is_held_as_the_cells_are_however_many_there_are)
{
    Windows *w = windows_new(WEFT_U16, 9, 7, false);
    WfFocal f;
    Shape s = { .width = 0 };
    WeftNode node;

    shapes_rectangle(&s, 31, 31);
    f = shapes_focal(&s, WF_STAT_MEAN);
    node = shapes_apply(w, &f);
    ck_assert_int_eq(w->graph->nodes[node].type, WEFT_F32);
    windows_free(w);
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

        shapes_make(&s, 7);
        f = shapes_focal(&s, n % 2 ? WF_STAT_VAR : WF_STAT_MEDIAN);
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
           the_greatest_cell_has_the_number_of_the_earliest,
           sums_of_weights_that_add_up_to_0_are_those_of_the_cells, passes_change_no_bit,
           a_mean_is_held_as_the_cells_are_however_many_there_are,
           minima_repeat_the_edge_where_the_window_shrinks, types_follow_the_statistic,
           memory_that_fails_is_said)
