/* check_focal.c - statistics of windows against a direct evaluation in f64. */
#include "harness.h"

#include "windows.h"

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
    ck_assert(wf_graph_check(w->graph, &bands_err));
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

static bool is_sorted(WfStat stat)
{
    return stat >= WF_STAT_MEDIAN && stat <= WF_STAT_VARIETY;
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

    if (is_sorted(stat) && cells > WF_FOCAL_SORTED)
        return;
    for (int beyond = 0; beyond <= WF_BEYOND_SHRINK; beyond++)
        for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++)
            for (int least = 0; least < 2; least++) {
                if (least && stat != WF_STAT_VAR && missing != WF_MISSING_SKIP &&
                    missing != WF_MISSING_CENTER)
                    continue;
                if (stat >= WF_STAT_FIRST && missing == WF_MISSING_FILL_CENTER &&
                    cells > WF_FOCAL_SORTED)
                    continue;
                f.beyond = (WfBeyond)beyond;
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

CHECK_MAIN("focal", counts_are_those_of_the_valid_cells, pixels_are_the_cells_inside,
           sums_are_those_of_the_cells, means_are_those_of_the_cells, minima_are_exact,
           maxima_are_exact, ranges_are_differences, variances_are_those_of_the_cells,
           deviations_are_roots_of_variances, medians_are_those_of_the_valid_cells,
           percentiles_are_linear_between_ranks, modes_are_the_least_of_the_most_frequent,
           minorities_are_the_least_of_the_rarest, varieties_count_different_values,
           the_first_cell_is_that_in_reading_order, the_last_cell_is_that_in_reading_order)
