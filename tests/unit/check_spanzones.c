/* check_spanzones.c - spanzones: as zones where spans are runs of zones; weights, overlaps, no
 * pixels.
 */
#include "harness.h"

#include "spanning.h"

enum { STATS = 15 };
enum { COUNT = 1, PIXEL_COUNT, SUM, MEAN, MIN, MAX, VAR0 = 8, VAR1 };

static Reducing of(Spans *spans, const double *a, const double *b)
{
    Reducing what = { .op = "spanzones",
                      .width = WIDTH,
                      .height = HEIGHT,
                      .input_count = b ? 2 : 1,
                      .in = { a, b },
                      .wide = { true, false },
                      .settings = { ZONES, WEFT_WANT_ALL } };

    span_table(spans, &what);
    return what;
}

START_TEST(spans_of_runs_give_the_bits_of_zones)
{
    Spans *spans = calloc(1, sizeof *spans);
    double *values = reducing_noise(PIXELS, 3), *zones = zone_columns();
    Reducing what, other = { .op = "zones",
                             .width = WIDTH,
                             .height = HEIGHT,
                             .input_count = 2,
                             .wide = { true, true },
                             .settings = { WEFT_WANT_ALL } };
    WeftTable a, b;

    span_columns(spans, 1);
    other.in[0] = zones;
    other.in[1] = values;
    what = of(spans, values, NULL);
    a = reducing_table(&what, 3);
    b = reducing_table(&other, 0);
    ck_assert_int_eq(a.row_count, b.row_count);
    ck_assert_int_eq(a.column_count, b.column_count);
    ck_assert_mem_eq(a.cells, b.cells, (size_t)(ZONES * (1 + STATS)) * sizeof *a.cells);
    free(a.cells);
    free(b.cells);
    free(zones);
    free(values);
    free(spans);
}
END_TEST

START_TEST(any_cut_and_order_gives_the_same_bits)
{
    double *values = reducing_noise(PIXELS, 3), *others = reducing_noise(PIXELS, 5);

    for (int steps = 0; steps < 2; steps++) {
        Spans *spans = overlapping(7, steps);
        Reducing what = of(spans, values, others);

        reducing_same(&what, 10);
        free(spans);
    }
    free(values);
    free(others);
}
END_TEST

/* Sums of what is exact in doubles, in a plain loop. */
static void check_zone(const Spans *spans, const double *values, int zone, const double *row)
{
    double count = 0, pixels = 0, weight = 0, sum = 0, squares = 0, least = INFINITY;

    for (int i = 0; i < spans->count; i++) {
        const double *span = spans->rows[i];

        for (int k = 0; span[ZONE] == zone && k < span[LENGTH]; k++) {
            double v = values[(int)span[ROW] * WIDTH + (int)span[COL] + k];

            pixels++;
            if (isnan(v))
                continue;
            count++;
            weight += span[WEIGHT];
            sum += span[WEIGHT] * v;
            squares += span[WEIGHT] * v * v;
            least = fmin(least, v);
        }
    }
    ck_assert(row[COUNT] == count && row[PIXEL_COUNT] == pixels && row[SUM] == sum);
    ck_assert(row[MEAN] == sum / weight && row[MIN] == least);
    squares -= sum * sum / weight;
    ck_assert_double_eq_tol(row[VAR0], squares / weight, 1e-10 * row[VAR0]);
    ck_assert_double_eq_tol(row[VAR1], squares / (weight - 1), 1e-10 * row[VAR1]);
}

START_TEST(weights_enter_sums_and_not_counts)
{
    Spans *spans = overlapping(7, 64);
    double *values = malloc(PIXELS * sizeof *values);
    Reducing what;
    WeftTable table;

    for (int i = 0; i < PIXELS; i++)
        values[i] = i % 13 ? i * 7 % 1001 - 300 : (double)NAN;
    what = of(spans, values, NULL);
    table = reducing_table(&what, 2);
    ck_assert_int_eq(table.row_count, ZONES);
    for (int z = 0; z < ZONES - 1; z++)
        check_zone(spans, values, z, table.cells + z * (1 + STATS));
    free(table.cells);
    free(values);
    free(spans);
}
END_TEST

START_TEST(a_zone_without_a_pixel_is_a_row)
{
    Spans *spans = overlapping(7, 1);
    double *values = reducing_noise(PIXELS, 3), *last;
    Reducing what = of(spans, values, NULL);
    WeftTable table = reducing_table(&what, 0);

    last = table.cells + (ZONES - 1) * (1 + STATS);
    ck_assert(last[0] == ZONES - 1 && last[COUNT] == 0 && last[PIXEL_COUNT] == 0);
    for (int k = SUM; k <= STATS; k++)
        ck_assert(isnan(last[k]));
    free(table.cells);
    free(values);
    free(spans);
}
END_TEST

START_TEST(without_spans_all_zones_are_empty)
{
    Spans *spans = calloc(1, sizeof *spans);
    double *values = reducing_noise(PIXELS, 3);
    Reducing what = of(spans, values, NULL);
    WeftTable table;

    what.table = NULL;
    table = reducing_table(&what, 0);
    ck_assert_int_eq(table.row_count, ZONES);
    ck_assert(table.cells[COUNT] == 0);
    free(table.cells);
    free(values);
    free(spans);
}
END_TEST

START_TEST(spans_that_make_no_sense_are_left_out)
{
    Spans *spans = calloc(1, sizeof *spans);
    double *values = reducing_noise(PIXELS, 3);
    Reducing what;
    WeftTable table;

    add_span(spans, 0, -5, 10, 0, 1);
    add_span(spans, 0, 0, 10, ZONES, 1);
    add_span(spans, 0, 0, 10, -1, 1);
    add_span(spans, 0, 0, WIDTH + 1, 0, 1);
    add_span(spans, 0, 0, 10, 0, (double)NAN);
    add_span(spans, HEIGHT + 3, 0, 10, 0, 1);
    what = of(spans, values, NULL);
    table = reducing_table(&what, 1);
    for (int z = 0; z < ZONES; z++)
        ck_assert(table.cells[z * (1 + STATS) + PIXEL_COUNT] == 0);
    free(table.cells);
    free(values);
    free(spans);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    Spans *spans = overlapping(7, 0);
    double *values = reducing_noise(PIXELS, 3);
    Reducing what = of(spans, values, NULL);

    reducing_damage(&what);
    free(values);
    free(spans);
}
END_TEST

CHECK_MAIN("spanzones", spans_of_runs_give_the_bits_of_zones, any_cut_and_order_gives_the_same_bits,
           weights_enter_sums_and_not_counts, a_zone_without_a_pixel_is_a_row,
           without_spans_all_zones_are_empty, spans_that_make_no_sense_are_left_out,
           damaged_bytes_are_refused)
