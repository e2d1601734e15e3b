/* check_summary.c - statistics of all pixels: exact, and the same for any cut and order. */
#include "harness.h"

#include "reducing.h"

enum {
    COUNT,
    PIXELS,
    SUM,
    MEAN,
    MIN,
    MAX,
    RANGE,
    VAR0,
    VAR1,
    STD0,
    STD1,
    FIRST,
    LAST,
    ARGMIN,
    ARGMAX,
    COLUMNS
};

static Reducing of(const double *pixels, int64_t width, int64_t height, bool wide)
{
    return (Reducing) { .op = "summary",
                        .width = width,
                        .height = height,
                        .input_count = 1,
                        .in = { pixels },
                        .wide = { wide } };
}

static void summarise(const double *pixels, int64_t width, int64_t height, double cells[COLUMNS])
{
    Reducing what = of(pixels, width, height, true);
    WeftTable table = reducing_table(&what, 0);

    ck_assert_int_eq(table.row_count, 1);
    ck_assert_int_eq(table.column_count, COLUMNS);
    memcpy(cells, table.cells, COLUMNS * sizeof *cells);
    free(table.cells);
}

START_TEST(any_cut_and_order_gives_the_same_bits)
{
    double *noise = reducing_noise(500 * 30, 7);
    Reducing what = of(noise, 500, 30, true);

    reducing_same(&what, 30);
    free(noise);
}
END_TEST

START_TEST(rows_of_floats_give_the_same_bits_too)
{
    double *noise = reducing_noise(500 * 30, 8);
    Reducing what = of(noise, 500, 30, false);

    reducing_same(&what, 30);
    free(noise);
}
END_TEST

START_TEST(infinities_are_values)
{
    double *noise = reducing_noise(500 * 30, 8), cells[COLUMNS];
    Reducing what = of(noise, 500, 30, true);

    noise[777] = INFINITY;
    reducing_same(&what, 8);
    summarise(noise, 500, 30, cells);
    ck_assert(cells[SUM] == INFINITY && cells[MEAN] == INFINITY && cells[MAX] == INFINITY);
    ck_assert(isnan(cells[VAR0]));
    ck_assert(cells[ARGMAX] == 778);
    noise[778] = -INFINITY;
    summarise(noise, 500, 30, cells);
    ck_assert(isnan(cells[SUM]) && cells[MIN] == -INFINITY);
    free(noise);
}
END_TEST

START_TEST(without_a_valid_pixel_there_is_only_a_count)
{
    double none[130], cells[COLUMNS];

    for (int i = 0; i < 130; i++)
        none[i] = (double)NAN;
    summarise(none, 130, 1, cells);
    ck_assert(cells[COUNT] == 0 && cells[PIXELS] == 130);
    for (int i = SUM; i < COLUMNS; i++)
        ck_assert(isnan(cells[i]));
}
END_TEST

START_TEST(one_pixel_has_no_spread_over_n_less_one)
{
    double one[3] = { (double)NAN, 5, (double)NAN }, cells[COLUMNS];

    summarise(one, 3, 1, cells);
    ck_assert(cells[COUNT] == 1 && cells[SUM] == 5 && cells[MEAN] == 5 && cells[VAR0] == 0);
    ck_assert(isnan(cells[VAR1]) && isnan(cells[STD1]));
    ck_assert(cells[FIRST] == 5 && cells[LAST] == 5 && cells[ARGMIN] == 2 && cells[ARGMAX] == 2);
}
END_TEST

START_TEST(ties_go_to_the_earliest_pixel)
{
    double pixels[6] = { (double)NAN, 2, 1, 2, 1, (double)NAN }, cells[COLUMNS];

    summarise(pixels, 2, 3, cells);
    ck_assert(cells[ARGMIN] == 3 && cells[ARGMAX] == 2);
    ck_assert(cells[FIRST] == 2 && cells[LAST] == 1);
}
END_TEST

START_TEST(a_zero_has_no_sign)
{
    double pixels[2] = { -0.0, 0.0 }, cells[COLUMNS];

    summarise(pixels, 2, 1, cells);
    ck_assert(!signbit(cells[MIN]) && !signbit(cells[MAX]) && !signbit(cells[SUM]));
}
END_TEST

START_TEST(all_that_sums_may_need_is_theirs_from_the_start)
{
    Reducing what = of(NULL, 1, 1, true);
    WeftReduceSetup setup = reducing_setup(&what);
    int64_t least, most;

    wf_catalog_find(what.op, NULL)->reduce->bytes(&setup, &least, &most);
    ck_assert_int_eq(least, most);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    double *noise = reducing_noise(300, 3);
    Reducing what = of(noise, 300, 1, true);

    reducing_damage(&what);
    free(noise);
}
END_TEST

CHECK_MAIN("summary", any_cut_and_order_gives_the_same_bits, rows_of_floats_give_the_same_bits_too,
           infinities_are_values, without_a_valid_pixel_there_is_only_a_count,
           one_pixel_has_no_spread_over_n_less_one, ties_go_to_the_earliest_pixel,
           a_zero_has_no_sign, all_that_sums_may_need_is_theirs_from_the_start,
           damaged_bytes_are_refused)
