/* check_weights.c - spanranks, spanclasses: weighted percentiles and modes by their definitions. */
#include "harness.h"

#include "spanning.h"

static const double asked[] = { 0, 2, 25, 50, 62.5, 98, 100 };
enum { ASKED = sizeof asked / sizeof *asked, PLACES = 16 };
enum { COUNT = 1, VARIETY, MODE, MODE_COUNT, MINORITY, MINORITY_COUNT, COLUMNS };

/* spans NULL: by a raster of zones. Settings from `first` on are percentiles. */
static Reducing of(const char *op, Spans *spans, const double *zones, const double *values,
                   bool wide)
{
    bool ranks = strstr(op, "ranks") != NULL;
    int first = 0;
    Reducing what = { .op = op,
                      .width = WIDTH,
                      .height = HEIGHT,
                      .input_count = spans ? 1 : 2,
                      .in = { spans ? values : zones, values },
                      .wide = { wide, wide } };

    if (spans) {
        span_table(spans, &what);
        what.settings[first++] = ZONES;
    }
    if (ranks)
        what.settings[first++] = 16;
    for (int i = first; i < first + PLACES; i++)
        what.settings[i] = i - first < ASKED ? asked[i - first] : (double)NAN;
    return what;
}

static double *integers(int most, uint64_t seed)
{
    double *values = malloc(PIXELS * sizeof *values);

    for (int i = 0; i < PIXELS; i++) {
        uint64_t v = reducing_random(&seed);

        values[i] = v % 9 ? (double)(v >> 16 & 0xffff) / 65536 * most : (double)NAN;
        values[i] = floor(values[i]);
    }
    return values;
}

static void check_equal(const WeftTable *a, const WeftTable *b)
{
    ck_assert_int_eq(a->row_count, b->row_count);
    ck_assert_int_eq(a->column_count, b->column_count);
    for (int64_t i = 0; i < a->row_count * a->column_count; i++)
        ck_assert_msg(a->cells[i] == b->cells[i] || (isnan(a->cells[i]) && isnan(b->cells[i])),
                      "cell %d: %a, %a", (int)i, a->cells[i], b->cells[i]);
}

/* Spans whose pixels all weigh the same, beside one zone more with another weight. */
static void check_as_raster(const char *by_spans, const char *by_raster, double weight)
{
    Spans *spans = calloc(1, sizeof *spans);
    double *values = integers(300, 3), *zones = zone_columns();
    Reducing what, other = of(by_raster, NULL, zones, values, false);
    WeftTable a, b;

    span_columns(spans, weight);
    what = of(by_spans, spans, NULL, values, false);
    a = reducing_table(&what, 3);
    b = reducing_table(&other, 0);
    for (int64_t i = 0; i < b.row_count && strcmp(by_raster, "zoneclasses") == 0; i++) {
        b.cells[i * COLUMNS + MODE_COUNT] *= weight;
        b.cells[i * COLUMNS + MINORITY_COUNT] *= weight;
    }
    check_equal(&a, &b);
    free(a.cells);
    free(b.cells);
    free(zones);
    free(values);
    free(spans);
}

START_TEST(equal_weights_give_the_bits_of_a_raster_of_zones)
{
    static const double weights[] = { 1, 0.5, 0.0625, 1 / 255.0, 0.37 };

    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        check_as_raster("spanranks", "zoneranks", weights[i]);
    check_as_raster("spanclasses", "zoneclasses", 1);
    check_as_raster("spanclasses", "zoneclasses", 0.25);
}
END_TEST

START_TEST(any_cut_and_order_gives_the_same_bits)
{
    double *noise = reducing_noise(PIXELS, 3), *values = integers(100000, 4);
    Spans *spans = overlapping(7, 0);

    for (int wide = 0; wide < 2; wide++) {
        Reducing ranks = of("spanranks", spans, NULL, wide ? noise : values, wide);
        Reducing classes = of("spanclasses", spans, NULL, wide ? noise : values, wide);

        reducing_same(&ranks, 5);
        reducing_same(&classes, 5);
    }
    free(spans);
    free(values);
    free(noise);
}
END_TEST

/* A valid pixel of a zone. */
typedef struct Pixel {
    double value, weight;
} Pixel;

static int compare(const void *a, const void *b)
{
    const Pixel *p = a, *q = b;

    return (p->value > q->value) - (p->value < q->value);
}

/* Sorted; pixels of one value get the mean of their weights. */
static int pixels_of(const Spans *spans, const double *values, int zone, Pixel *pixels)
{
    int count = 0;

    for (int i = 0; i < spans->count; i++) {
        const double *span = spans->rows[i];

        for (int k = 0; span[ZONE] == zone && k < span[LENGTH]; k++) {
            double v = values[(int)span[ROW] * WIDTH + (int)span[COL] + k];

            if (!isnan(v))
                pixels[count++] = (Pixel) { v, span[WEIGHT] };
        }
    }
    qsort(pixels, (size_t)count, sizeof *pixels, compare);
    for (int from = 0, to; from < count; from = to) {
        double sum = 0;

        for (to = from; to < count && pixels[to].value == pixels[from].value; to++)
            sum += pixels[to].weight;
        for (int i = from; i < to; i++)
            pixels[i].weight = sum / (to - from);
    }
    return count;
}

/* S(k) = (k - 1) w(k) + (n - 1) (w(1) + ... + w(k - 1)), pixel by pixel. */
static double weighted_percentile(const Pixel *pixels, int count, double p)
{
    double sum = 0, below = 0, before = 0, wanted;

    for (int i = 0; i < count; i++)
        sum += pixels[i].weight;
    wanted = p / 100 * (count - 1) * sum;
    for (int i = 0; i < count; i++) {
        double s = i * pixels[i].weight + (count - 1) * below;

        if (s >= wanted)
            return i == 0 ? pixels[0].value
                          : pixels[i - 1].value + (pixels[i].value - pixels[i - 1].value) *
                                                      ((wanted - before) / (s - before));
        before = s;
        below += pixels[i].weight;
    }
    return pixels[count - 1].value;
}

static void check_percentiles(Spans *spans, double *values, WeftRange range, bool wide)
{
    Pixel *pixels = malloc((size_t)SPANS_MAX * 60 * sizeof *pixels);
    Reducing what = of("spanranks", spans, NULL, values, wide);
    WeftTable table;

    what.range[0] = range;
    table = reducing_table(&what, 2);
    ck_assert_int_eq(table.row_count, ZONES - 1);
    for (int zone = 0; zone < ZONES - 1; zone++) {
        const double *row = table.cells + zone * (2 + ASKED);
        int count = pixels_of(spans, values, zone, pixels);

        ck_assert(row[0] == zone && row[COUNT] == count);
        ck_assert(row[2] == pixels[0].value && row[1 + ASKED] == pixels[count - 1].value);
        for (int i = 0; i < ASKED; i++) {
            double want = weighted_percentile(pixels, count, asked[i]);

            ck_assert_msg(fabs(row[2 + i] - want) <= 1e-5, "zone %d: p%g is %.17g, not %.17g", zone,
                          asked[i], row[2 + i], want);
        }
    }
    free(table.cells);
    free(pixels);
}

START_TEST(percentiles_weigh_pixels_as_defined)
{
    static const WeftRange unknown = { 0 }, known = { .lo = 0, .hi = 5000, .whole = true };

    for (int steps = 0; steps < 256; steps += 255) {
        Spans *spans = overlapping(9, steps);
        double *ties = integers(12, 5), *values = integers(5000, 6);

        check_percentiles(spans, ties, known, false);
        check_percentiles(spans, values, known, true);
        check_percentiles(spans, values, unknown, false);
        for (int i = 0; i < PIXELS; i++)
            values[i] = sin(values[i]);
        check_percentiles(spans, values, unknown, true);
        free(spans);
        free(values);
        free(ties);
    }
}
END_TEST

/* Zone 0 is one row: the first pixels, with these weights. */
static WeftTable one_row(const char *op, const double *values, const double *weights, int count)
{
    Spans *spans = calloc(1, sizeof *spans);
    Reducing what;
    WeftTable table;

    for (int i = 0; i < count; i++)
        add_span(spans, 0, i, 1, 0, weights[i]);
    what = of(op, spans, NULL, values, true);
    what.width = count;
    what.height = 1;
    table = reducing_table(&what, 0);
    ck_assert_int_eq(table.row_count, 1);
    free(spans);
    return table;
}

START_TEST(the_order_of_equal_values_does_not_matter)
{
    double values[] = { 1, 2, 2, 5 }, first[] = { 0.5, 0.25, 1, 0.75 };
    double second[] = { 0.5, 1, 0.25, 0.75 };
    WeftTable a = one_row("spanranks", values, first, 4),
              b = one_row("spanranks", values, second, 4);

    check_equal(&a, &b);
    free(a.cells);
    free(b.cells);
}
END_TEST

START_TEST(modes_go_by_the_sum_of_weights)
{
    double values[] = { 7, 7, 7, 3, 5, 5 }, weights[] = { 0.25, 0.25, 0.25, 1, 0.01, 0.02 };
    WeftTable t = one_row("spanclasses", values, weights, 6);

    ck_assert(t.cells[COUNT] == 6 && t.cells[VARIETY] == 3);
    ck_assert(t.cells[MODE] == 3 && t.cells[MODE_COUNT] == 1);
    ck_assert(t.cells[MINORITY] == 5 && t.cells[MINORITY_COUNT] == 0.03);
    free(t.cells);
}
END_TEST

/* 3/10 and 1/10 + 2/10 are no equal doubles, ten times 0.1 is not 1, and 255ths add up to 1. */
START_TEST(equal_sums_of_weights_tie_and_the_smaller_value_wins)
{
    double tenths[] = { 9, 9, 4 }, tenth[] = { 0.1, 0.2, 0.3 };
    double steps[] = { 8, 8, 8, 2 }, step[] = { 85 / 255.0, 51 / 255.0, 119 / 255.0, 1 };
    WeftTable a = one_row("spanclasses", tenths, tenth, 3);
    WeftTable b = one_row("spanclasses", steps, step, 4);

    ck_assert(a.cells[MODE] == 4 && a.cells[MINORITY] == 4);
    ck_assert(b.cells[MODE] == 2 && b.cells[MINORITY] == 2);
    free(a.cells);
    free(b.cells);
}
END_TEST

START_TEST(the_lightest_pixel_is_there)
{
    double values[] = { 4, 6 }, weights[] = { 1, 1e-12 };
    WeftTable classes = one_row("spanclasses", values, weights, 2);
    WeftTable ranks = one_row("spanranks", values, weights, 2);

    ck_assert(classes.cells[VARIETY] == 2 && classes.cells[MINORITY] == 6);
    ck_assert(ranks.cells[1 + ASKED] == 6);
    free(classes.cells);
    free(ranks.cells);
}
END_TEST

START_TEST(a_zone_without_valid_pixels_has_no_percentile)
{
    double values[] = { NAN, NAN }, weights[] = { 0.5, 0.25 };
    WeftTable ranks = one_row("spanranks", values, weights, 2);
    WeftTable classes = one_row("spanclasses", values, weights, 2);

    ck_assert(ranks.cells[COUNT] == 0 && isnan(ranks.cells[2]));
    ck_assert(classes.cells[COUNT] == 0 && isnan(classes.cells[VARIETY]));
    free(ranks.cells);
    free(classes.cells);
}
END_TEST

START_TEST(without_spans_there_is_no_row)
{
    static const char *const ops[] = { "spanranks", "spanclasses" };
    Spans *spans = calloc(1, sizeof *spans);
    double *values = integers(300, 3);

    for (int i = 0; i < 2; i++) {
        Reducing what = of(ops[i], spans, NULL, values, false);
        WeftTable table;

        what.table = NULL;
        table = reducing_table(&what, 0);
        ck_assert_int_eq(table.row_count, 0);
        free(table.cells);
    }
    free(values);
    free(spans);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    static const char *const ops[] = { "spanranks", "spanclasses" };
    Spans *spans = overlapping(7, 0);
    double *values = integers(200, 4);

    for (int i = 0; i < 2; i++) {
        Reducing what = of(ops[i], spans, NULL, values, true);

        reducing_damage(&what);
    }
    free(values);
    free(spans);
}
END_TEST

CHECK_MAIN("weights", equal_weights_give_the_bits_of_a_raster_of_zones,
           any_cut_and_order_gives_the_same_bits, percentiles_weigh_pixels_as_defined,
           the_order_of_equal_values_does_not_matter, modes_go_by_the_sum_of_weights,
           equal_sums_of_weights_tie_and_the_smaller_value_wins, the_lightest_pixel_is_there,
           a_zone_without_valid_pixels_has_no_percentile, without_spans_there_is_no_row,
           damaged_bytes_are_refused)
