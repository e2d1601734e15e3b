/* check_finite.c - ends of the finite values, infinities counted, cuts, bytes. */
#include "harness.h"

#include "reducing.h"

enum { LOW, HIGH, BELOW, ABOVE, COLUMNS };

static Reducing of(const double *pixels, int64_t width, int64_t height)
{
    return (Reducing) { .op = "finite",
                        .width = width,
                        .height = height,
                        .input_count = 1,
                        .in = { pixels },
                        .wide = { true } };
}

static void find(const double *pixels, int64_t width, double cells[COLUMNS])
{
    Reducing what = of(pixels, width, 1);
    WeftTable table = reducing_table(&what, 0);

    ck_assert_int_eq(table.row_count, 1);
    ck_assert_int_eq(table.column_count, COLUMNS);
    memcpy(cells, table.cells, COLUMNS * sizeof *cells);
    free(table.cells);
}

START_TEST(infinities_are_counted_and_do_not_become_ends)
{
    const double pixels[] = { 3, NAN, INFINITY, -2, -INFINITY, INFINITY, 7, -0.0 };
    double cells[COLUMNS];

    find(pixels, 8, cells);
    ck_assert_double_eq(cells[LOW], -2);
    ck_assert_double_eq(cells[HIGH], 7);
    ck_assert_double_eq(cells[BELOW], 1);
    ck_assert_double_eq(cells[ABOVE], 2);
}
END_TEST

START_TEST(without_a_finite_value_there_are_no_ends)
{
    const double none[] = { NAN, NAN }, infinite[] = { INFINITY, NAN, -INFINITY };
    double cells[COLUMNS];

    find(none, 2, cells);
    ck_assert(isnan(cells[LOW]) && isnan(cells[HIGH]));
    ck_assert_double_eq(cells[BELOW] + cells[ABOVE], 0);
    find(infinite, 3, cells);
    ck_assert(isnan(cells[LOW]) && isnan(cells[HIGH]));
    ck_assert_double_eq(cells[BELOW], 1);
    ck_assert_double_eq(cells[ABOVE], 1);
}
END_TEST

START_TEST(any_cut_and_order_gives_the_same_bits)
{
    double *noise = reducing_noise(500 * 10, 7);
    Reducing what = of(noise, 500, 10);

    noise[77] = INFINITY;
    noise[4321] = -INFINITY;
    reducing_same(&what, 10);
    free(noise);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    double *noise = reducing_noise(500, 7);
    Reducing what = of(noise, 500, 1);

    reducing_damage(&what);
    free(noise);
}
END_TEST

CHECK_MAIN("finite", infinities_are_counted_and_do_not_become_ends,
           without_a_finite_value_there_are_no_ends, any_cut_and_order_gives_the_same_bits,
           damaged_bytes_are_refused)
