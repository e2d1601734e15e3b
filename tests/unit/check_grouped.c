/* check_grouped.c - zones, classes, crosstab: any cut and order, sparse and many groups, bytes. */
#include "harness.h"

#include "reducing.h"

enum { WIDTH = 500, HEIGHT = 24, PIXELS = WIDTH * HEIGHT, COUNT = 1, SUM = 3, MIN = 5, STATS = 15 };

/* Squares of `size` pixels with ids far apart, of either sign; one in 16 invalid. */
static double *squares(int size, uint64_t seed)
{
    double *zones = malloc(PIXELS * sizeof *zones);

    for (int i = 0; i < PIXELS; i++) {
        int id = i % WIDTH / size + 1000 * (i / WIDTH / size);

        zones[i] = reducing_random(&seed) % 16 ? (double)(id % 7 - 3) * 1e9 + id : (double)NAN;
    }
    return zones;
}

static Reducing of(const char *op, int inputs, const double *a, const double *b, const double *c)
{
    return (Reducing) { .op = op,
                        .width = WIDTH,
                        .height = HEIGHT,
                        .input_count = inputs,
                        .in = { a, b, c },
                        .wide = { true, true, false },
                        .settings = { WEFT_WANT_ALL } };
}

START_TEST(zones_have_the_same_bits_for_any_cut)
{
    double *zones = squares(40, 1), *values = reducing_noise(PIXELS, 2);
    double *others = reducing_noise(PIXELS, 3);
    Reducing what = of("zones", 3, zones, values, others);

    values[4000] = INFINITY;
    reducing_same(&what, 12);
    free(zones);
    free(values);
    free(others);
}
END_TEST

START_TEST(single_pixels_make_zones_as_well)
{
    double *zones = squares(1, 1), *values = reducing_noise(PIXELS, 2);
    Reducing what = of("zones", 2, zones, values, NULL);

    reducing_same(&what, 3);
    free(zones);
    free(values);
}
END_TEST

START_TEST(classes_have_the_same_bits_for_any_cut)
{
    double *classes = reducing_noise(PIXELS, 5), *areas = reducing_noise(PIXELS, 6);
    Reducing what = of("classes", 2, classes, areas, NULL);

    classes[99] = INFINITY;
    reducing_same(&what, 8);
    free(classes);
    free(areas);
}
END_TEST

START_TEST(pairs_have_the_same_bits_for_any_cut)
{
    double *a = squares(30, 5), *b = squares(7, 6), *areas = reducing_noise(PIXELS, 7);
    Reducing what = of("crosstab", 3, a, b, areas);

    reducing_same(&what, 8);
    free(a);
    free(b);
    free(areas);
}
END_TEST

/* Few integers are found by a table; those that are not what was promised are counted all the same.
 */
START_TEST(known_ranges_change_nothing)
{
    double *a = squares(30, 5), *b = squares(7, 6), *areas = reducing_noise(PIXELS, 7);

    for (int i = 0; i < PIXELS; i++) {
        a[i] = fmod(a[i], 100);
        b[i] = fmod(b[i], 90);
    }
    for (int inputs = 2; inputs < 4; inputs++) {
        Reducing what = of("crosstab", inputs, a, b, areas);
        WeftTable unknown = reducing_table(&what, 0), known;

        what.range[0] = (WeftRange) { .lo = -99, .hi = 99, .whole = true };
        what.range[1] = (WeftRange) { .lo = -20, .hi = 20, .whole = true };
        reducing_same(&what, 3);
        known = reducing_table(&what, 2);
        ck_assert_int_eq(known.row_count, unknown.row_count);
        for (int64_t i = 0; i < known.row_count * 4; i++)
            ck_assert(known.cells[i] == unknown.cells[i] ||
                      (isnan(known.cells[i]) && isnan(unknown.cells[i])));
        free(known.cells);
        free(unknown.cells);
    }
    free(a);
    free(b);
    free(areas);
}
END_TEST

/* Rows of a table ascend, and are those of a plain loop. */
START_TEST(a_zone_is_what_a_loop_finds)
{
    double *zones = squares(33, 1), *values = malloc(PIXELS * sizeof *values);
    Reducing what = of("zones", 2, zones, values, NULL);
    WeftTable table;

    for (int i = 0; i < PIXELS; i++)
        values[i] = i % 11 ? i * i % 1000 : (double)NAN;
    table = reducing_table(&what, 5);
    for (int64_t r = 0; r < table.row_count; r++) {
        const double *row = table.cells + r * (1 + STATS);
        double pixels = 0, count = 0, sum = 0, least = INFINITY;

        for (int i = 0; i < PIXELS; i++)
            if (zones[i] == row[0]) {
                pixels++;
                count += !isnan(values[i]);
                sum += isnan(values[i]) ? 0 : values[i];
                least = fmin(least, values[i]);
            }
        ck_assert(r == 0 || row[0] > row[-1 - STATS]);
        ck_assert(row[COUNT] == count && row[COUNT + 1] == pixels);
        ck_assert(row[SUM] == sum && row[MIN] == least);
    }
    free(table.cells);
    free(zones);
    free(values);
}
END_TEST

START_TEST(what_is_not_wanted_is_nan)
{
    double *zones = squares(40, 1), *values = reducing_noise(PIXELS, 2);
    Reducing what = of("zones", 2, zones, values, NULL);
    WeftTable all = reducing_table(&what, 0), some;

    what.settings[0] = WEFT_WANT_MIN + WEFT_WANT_SUM;
    some = reducing_table(&what, 3);
    for (int64_t i = 0; i < all.row_count * (1 + STATS); i++) {
        int64_t column = i % (1 + STATS);

        if (column <= SUM + 2)
            ck_assert(some.cells[i] == all.cells[i] ||
                      (isnan(some.cells[i]) && isnan(all.cells[i])));
        else
            ck_assert(isnan(some.cells[i]));
    }
    free(all.cells);
    free(some.cells);
    free(zones);
    free(values);
}
END_TEST

START_TEST(a_zone_without_valid_pixels_is_a_row)
{
    double zones[3] = { 7, -7, 7 }, values[3] = { (double)NAN, 1, (double)NAN };
    Reducing what = of("zones", 2, zones, values, NULL);
    WeftTable table;

    what.width = 3;
    what.height = 1;
    table = reducing_table(&what, 0);
    ck_assert_int_eq(table.row_count, 2);
    ck_assert(table.cells[0] == -7 && table.cells[COUNT] == 1);
    ck_assert(table.cells[1 + STATS] == 7 && table.cells[1 + STATS + COUNT] == 0);
    ck_assert(table.cells[1 + STATS + COUNT + 1] == 2 && isnan(table.cells[1 + STATS + SUM]));
    free(table.cells);
}
END_TEST

START_TEST(without_a_valid_zone_there_is_no_row)
{
    double zones[2] = { (double)NAN, (double)NAN }, values[2] = { 1, 2 };
    Reducing what = of("zones", 2, zones, values, NULL);
    WeftTable table;

    what.width = 2;
    what.height = 1;
    table = reducing_table(&what, 0);
    ck_assert_int_eq(table.row_count, 0);
    free(table.cells);
}
END_TEST

START_TEST(zeros_of_either_sign_are_one_class)
{
    double classes[4] = { -0.0, 0, -0.0, 1 };
    Reducing what = of("classes", 1, classes, NULL, NULL);
    WeftTable table;

    what.width = 4;
    what.height = 1;
    table = reducing_table(&what, 0);
    ck_assert_int_eq(table.row_count, 2);
    ck_assert(table.cells[0] == 0 && !signbit(table.cells[0]) && table.cells[1] == 3);
    ck_assert(isnan(table.cells[2]));
    free(table.cells);
}
END_TEST

START_TEST(room_refused_is_told_and_leaves_nothing)
{
    double *zones = squares(1, 1), *values = reducing_noise(PIXELS, 2);
    Reducing what = of("zones", 2, zones, values, NULL);
    WeftReduceSetup setup = reducing_setup(&what);
    const WeftReduce *reduce = wf_catalog_find("zones", NULL)->reduce;
    bool done = false;

    for (int64_t limit = 64; !done; limit += limit / 3) {
        ReducingRoom room = { .room = { reducing_resize }, .limit = limit };
        void *state = reduce->open(&setup, &room.room);

        done = state && reducing_take(reduce, state, &what, 0, 0, WIDTH, HEIGHT);
        reduce->close(state);
        ck_assert_int_eq(room.used, 0);
    }
    free(zones);
    free(values);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    static const char *const ops[] = { "zones", "classes", "crosstab" };
    double *zones = squares(100, 1), *others = squares(70, 2), *values = reducing_noise(PIXELS, 2);

    for (int i = 0; i < 3; i++) {
        Reducing what = of(ops[i], 2 + (i == 2), zones, i == 2 ? others : values, values);

        reducing_damage(&what);
    }
    free(zones);
    free(others);
    free(values);
}
END_TEST

START_TEST(bytes_of_other_statistics_are_refused)
{
    double *zones = squares(100, 1), *values = reducing_noise(PIXELS, 2);
    Reducing what = of("zones", 2, zones, values, NULL);
    WeftReduceSetup setup = reducing_setup(&what);
    const WeftReduce *reduce = wf_catalog_find("zones", NULL)->reduce;
    ReducingRoom room = { .room = { reducing_resize } };
    void *state = reducing_pass(reduce, &setup, &room.room, &what, 0);
    size_t size = reduce->pack(state, NULL);
    unsigned char *bytes = malloc(size);

    reduce->pack(state, bytes);
    what.settings[0] = WEFT_WANT_MIN;
    ck_assert_ptr_null(reduce->unpack(&setup, &room.room, bytes, size));
    reduce->close(state);
    ck_assert_int_eq(room.used, 0);
    free(bytes);
    free(zones);
    free(values);
}
END_TEST

CHECK_MAIN("grouped", zones_have_the_same_bits_for_any_cut, single_pixels_make_zones_as_well,
           classes_have_the_same_bits_for_any_cut, pairs_have_the_same_bits_for_any_cut,
           known_ranges_change_nothing, a_zone_is_what_a_loop_finds, what_is_not_wanted_is_nan,
           a_zone_without_valid_pixels_is_a_row, without_a_valid_zone_there_is_no_row,
           zeros_of_either_sign_are_one_class, room_refused_is_told_and_leaves_nothing,
           damaged_bytes_are_refused, bytes_of_other_statistics_are_refused)
