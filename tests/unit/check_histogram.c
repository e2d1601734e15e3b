/* check_histogram.c - equal bins: their ends, ranges that are a point or none, cuts, bytes. */
#include "harness.h"

#include "reducing.h"

enum { BINS = 4, COLUMNS = 3, COUNT = 2, BELOW = BINS, ABOVE };

static Reducing of(const double *pixels, int64_t width, int64_t height, double low, double high)
{
    return (Reducing) { .op = "histogram",
                        .width = width,
                        .height = height,
                        .input_count = 1,
                        .in = { pixels },
                        .wide = { true },
                        .numbers = { low, high },
                        .settings = { BINS } };
}

static void check_counts(double low, double high, const double expected[BINS + 2])
{
    static const double pixels[] = { 0, 1, 2, 3, 4, 4.5, -0.5, NAN, INFINITY, -INFINITY, 0.999 };
    Reducing what = of(pixels, 11, 1, low, high);
    WeftTable table = reducing_table(&what, 0);

    ck_assert_int_eq(table.row_count, BINS + 2);
    ck_assert_int_eq(table.column_count, COLUMNS);
    for (int i = 0; i < BINS + 2; i++) {
        double got = table.cells[i * COLUMNS + COUNT];

        ck_assert_msg(got == expected[i] || (isnan(got) && isnan(expected[i])),
                      "bin %d has %g, not %g", i, got, expected[i]);
    }
    free(table.cells);
}

START_TEST(bins_have_their_low_edge_and_the_last_both)
{
    check_counts(0, 4, (const double[]) { 2, 1, 1, 2, 2, 2 });
}
END_TEST

START_TEST(a_point_is_widened_by_half_to_each_side)
{
    check_counts(4, 4, (const double[]) { 0, 0, 1, 1, 7, 1 });
}
END_TEST

START_TEST(without_a_range_there_is_no_count)
{
    static const double none[] = { NAN, NAN, NAN, NAN, NAN, NAN };

    check_counts((double)NAN, 4, none);
    check_counts(4, 0, none);
    check_counts(0, INFINITY, none);
}
END_TEST

/* Pixels at both ends of a range are in these bins. */
static void check_ends(double low, double high, int first, int last)
{
    const double pixels[] = { low, high };
    Reducing what = of(pixels, 2, 1, low, high);
    WeftTable table = reducing_table(&what, 0);

    for (int i = 0; i < BINS; i++)
        ck_assert_double_eq(table.cells[i * COLUMNS + COUNT], (i == first) + (i == last));
    free(table.cells);
}

START_TEST(of_edges_that_coincide_the_last_counts)
{
    check_ends(1, nextafter(1, 2), 2, 3);
}
END_TEST

START_TEST(a_range_may_be_below_normal_numbers)
{
    check_ends(0, 4 * 0x1p-1074, 0, 3);
    check_ends(0, 0x1p-1074, 3, 3);
}
END_TEST

START_TEST(ends_may_lie_farther_apart_than_a_double_reaches)
{
    const double pixels[] = { -0x1p1023, -0x1p1020, -0x1.1p1022, 1,
                              0x1p1022,  0x1p1023,  INFINITY,    -INFINITY };
    const double counts[BINS + 2] = { 2, 1, 1, 2, 1, 1 };
    Reducing what = of(pixels, 8, 1, -0x1p1023, 0x1p1023);
    WeftTable table = reducing_table(&what, 0);

    for (int i = 0; i < BINS + 2; i++)
        ck_assert_double_eq(table.cells[i * COLUMNS + COUNT], counts[i]);
    for (int i = 0; i < BINS; i++)
        ck_assert_double_eq(table.cells[i * COLUMNS], (i - 2) * 0x1p1022);
    ck_assert_double_eq(table.cells[(BINS - 1) * COLUMNS + 1], 0x1p1023);
    free(table.cells);
}
END_TEST

/* All pixels are v, which is the range, too. */
static void check_point(double v)
{
    const double pixels[] = { v, v };
    Reducing what = of(pixels, 2, 1, v, v);
    WeftTable table = reducing_table(&what, 0);
    double sum = 0;

    for (int i = 0; i < BINS; i++) {
        sum += table.cells[i * COLUMNS + COUNT];
        ck_assert(isfinite(table.cells[i * COLUMNS]) && isfinite(table.cells[i * COLUMNS + 1]));
    }
    ck_assert_double_eq(sum, 2);
    free(table.cells);
}

START_TEST(a_point_that_half_a_unit_does_not_move_is_counted)
{
    check_point(1e17);
    check_point(-0x1p1000);
    check_point(1.7976931348623157e308);
    check_point(-1.7976931348623157e308);
    check_point(0x1p-1074);
}
END_TEST

START_TEST(ends_that_make_no_range_are_told)
{
    const double pixels[] = { 1, 2 };
    Reducing what = of(pixels, 2, 1, 0, INFINITY);
    WeftTable table = reducing_table(&what, 0);

    ck_assert_double_eq(table.cells[0], 0);
    ck_assert_double_infinite(table.cells[(BINS - 1) * COLUMNS + 1]);
    free(table.cells);
}
END_TEST

START_TEST(any_cut_and_order_gives_the_same_bits)
{
    double *noise = reducing_noise(500 * 10, 7);
    Reducing what = of(noise, 500, 10, -3.3, 4.7);

    reducing_same(&what, 10);
    free(noise);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    double *noise = reducing_noise(500, 7);
    Reducing what = of(noise, 500, 1, -3.3, 4.7);

    reducing_damage(&what);
    free(noise);
}
END_TEST

CHECK_MAIN("histogram", bins_have_their_low_edge_and_the_last_both,
           a_point_is_widened_by_half_to_each_side, without_a_range_there_is_no_count,
           of_edges_that_coincide_the_last_counts, a_range_may_be_below_normal_numbers,
           ends_may_lie_farther_apart_than_a_double_reaches,
           a_point_that_half_a_unit_does_not_move_is_counted, ends_that_make_no_range_are_told,
           any_cut_and_order_gives_the_same_bits, damaged_bytes_are_refused)
