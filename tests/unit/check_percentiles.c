/* check_percentiles.c - ranks, sketch, zoneranks, zoneclasses: passes, cuts, bounds, ties. */
#include "harness.h"

#include "reducing.h"

enum { WIDTH = 300, HEIGHT = 20, PIXELS = WIDTH * HEIGHT, PLACES = 16 };

static const double asked[] = { 0, 2, 25, 50, 62.5, 98, 100 };
enum { ASKED = sizeof asked / sizeof *asked };

static Reducing of(const char *op, int inputs, const double *a, const double *b, bool wide,
                   double first)
{
    Reducing what = { .op = op,
                      .width = WIDTH,
                      .height = HEIGHT,
                      .input_count = inputs,
                      .in = { a, b },
                      .wide = { wide, wide } };
    bool ahead = !isnan(first);

    what.settings[0] = first;
    for (int i = ahead; i < ahead + PLACES; i++)
        what.settings[i] = i - ahead < ASKED ? asked[i - ahead] : (double)NAN;
    return what;
}

static double *integers(int most, uint64_t seed)
{
    double *values = malloc(PIXELS * sizeof *values);

    for (int i = 0; i < PIXELS; i++) {
        uint64_t v = reducing_random(&seed);

        values[i] = v % 9 ? (double)(int)(v >> 16 & 0xffff) / 65536 * most : (double)NAN;
        values[i] = floor(values[i]);
    }
    return values;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Type 7, by sorting; values of a zone where zones are given. */
static double sorted_percentile(const double *values, const double *zones, double zone, double p)
{
    double *sorted = malloc(PIXELS * sizeof *sorted), at, between, result;
    int count = 0, low;

    for (int i = 0; i < PIXELS; i++)
        if (!isnan(values[i]) && (!zones || zones[i] == zone))
            sorted[count++] = values[i] + 0.0;
    qsort(sorted, (size_t)count, sizeof *sorted, compare);
    at = (count - 1) * (p / 100);
    low = (int)at;
    between = at - low;
    result = !count                           ? (double)NAN
             : low == count - 1               ? sorted[low]
             : between == 0                   ? sorted[low]
             : sorted[low] == sorted[low + 1] ? sorted[low]
             : between >= 0.5 ? sorted[low + 1] - (sorted[low + 1] - sorted[low]) * (1 - between)
                              : sorted[low] + (sorted[low + 1] - sorted[low]) * between;
    free(sorted);
    return result;
}

static int passes_of(Reducing *what)
{
    const WeftReduce *reduce = wf_catalog_find(what->op, NULL)->reduce;
    WeftReduceSetup setup = reducing_setup(what);

    return reduce->passes(&setup);
}

static void check_ranks(Reducing *what, int passes)
{
    WeftTable table;

    ck_assert_int_eq(passes_of(what), passes);
    reducing_same(what, 4);
    table = reducing_table(what, 0);
    ck_assert_int_eq(table.column_count, ASKED);
    for (int i = 0; i < ASKED; i++)
        ck_assert_msg(table.cells[i] == sorted_percentile(what->in[0], NULL, 0, asked[i]),
                      "p%g is %a, not %a", asked[i], table.cells[i],
                      sorted_percentile(what->in[0], NULL, 0, asked[i]));
    free(table.cells);
}

START_TEST(doubles_take_four_passes)
{
    double *noise = reducing_noise(PIXELS, 4);
    Reducing what = of("ranks", 1, noise, NULL, true, (double)NAN);

    check_ranks(&what, 4);
    free(noise);
}
END_TEST

START_TEST(floats_take_two_passes)
{
    double *noise = reducing_noise(PIXELS, 4);
    Reducing what = of("ranks", 1, noise, NULL, false, (double)NAN);

    for (int i = 0; i < PIXELS; i++)
        noise[i] = (double)(float)noise[i];
    check_ranks(&what, 2);
    free(noise);
}
END_TEST

START_TEST(short_integers_take_one_pass)
{
    double *values = integers(65536, 3);
    Reducing what = of("ranks", 1, values, NULL, false, (double)NAN);

    what.range[0] = (WeftRange) { .lo = 0, .hi = 65535, .whole = true };
    check_ranks(&what, 1);
    free(values);
}
END_TEST

START_TEST(long_integers_take_as_many_as_they_need)
{
    double *values = integers(1 << 20, 3);
    Reducing what = of("ranks", 1, values, NULL, true, (double)NAN);

    what.range[0] = (WeftRange) { .lo = -5, .hi = 1 << 20, .whole = true };
    check_ranks(&what, 2);
    free(values);
}
END_TEST

START_TEST(without_valid_pixels_there_is_no_percentile)
{
    double none[2] = { (double)NAN, (double)NAN };
    Reducing what = of("ranks", 1, none, NULL, true, (double)NAN);
    WeftTable table;

    what.width = 2;
    what.height = 1;
    table = reducing_table(&what, 0);
    for (int i = 0; i < ASKED; i++)
        ck_assert(isnan(table.cells[i]));
    free(table.cells);
}
END_TEST

START_TEST(one_valid_pixel_is_every_percentile)
{
    double one[2] = { (double)NAN, -INFINITY };
    Reducing what = of("ranks", 1, one, NULL, true, (double)NAN);
    WeftTable table;

    what.width = 2;
    what.height = 1;
    table = reducing_table(&what, 0);
    for (int i = 0; i < ASKED; i++)
        ck_assert(table.cells[i] == -INFINITY);
    free(table.cells);
}
END_TEST

START_TEST(infinities_have_their_place)
{
    double pixels[5] = { INFINITY, 1, -INFINITY, INFINITY, 0 };
    Reducing what = of("ranks", 1, pixels, NULL, false, (double)NAN);
    WeftTable table;

    what.width = 5;
    what.height = 1;
    table = reducing_table(&what, 0);
    ck_assert(table.cells[0] == -INFINITY && table.cells[2] == 0 && table.cells[3] == 1);
    ck_assert(table.cells[6] == INFINITY);
    free(table.cells);
}
END_TEST

/* Both values around a percentile hold the bound, so what lies between them does. */
START_TEST(a_sketch_keeps_its_bound)
{
    static const double errors[] = { 0.25, 0.01, 0.001, 1e-5 };
    double *values = integers(100000, 3);

    for (int i = 0; i < PIXELS; i++)
        values[i] -= 20000.5;
    for (int e = 0; e < 4; e++) {
        Reducing what = of("sketch", 1, values, NULL, true, errors[e]);
        WeftTable table = reducing_table(&what, 0);

        ck_assert_int_eq(table.column_count, ASKED);
        for (int i = 0; i < ASKED; i++) {
            double exact = sorted_percentile(values, NULL, 0, asked[i]);

            ck_assert_msg(fabs(table.cells[i] - exact) <= errors[e] * (fabs(exact) + 30),
                          "error %g: p%g is %g, not %g", errors[e], asked[i], table.cells[i],
                          exact);
        }
        free(table.cells);
    }
    free(values);
}
END_TEST

START_TEST(a_sketch_has_the_same_bits_for_any_cut)
{
    double *noise = reducing_noise(PIXELS, 4);
    Reducing what = of("sketch", 1, noise, NULL, true, 0.01);

    noise[1000] = INFINITY;
    reducing_same(&what, 6);
    what.wide[0] = false;
    reducing_same(&what, 6);
    free(noise);
}
END_TEST

static double *zones_of(int size)
{
    double *zones = malloc(PIXELS * sizeof *zones);

    for (int i = 0; i < PIXELS; i++)
        zones[i] = i % 17 ? 1e6 * (i % WIDTH / size) - i / WIDTH / size : (double)NAN;
    return zones;
}

static void check_zoneranks(Reducing *what, int passes)
{
    WeftTable table;

    ck_assert_int_eq(passes_of(what), passes);
    reducing_same(what, 3);
    table = reducing_table(what, 0);
    ck_assert_int_eq(table.column_count, 2 + ASKED);
    for (int64_t r = 0; r < table.row_count; r++) {
        const double *row = table.cells + r * (2 + ASKED);

        for (int i = 0; i < ASKED; i++) {
            double exact = sorted_percentile(what->in[1], what->in[0], row[0], asked[i]);

            ck_assert(row[2 + i] == exact || (isnan(row[2 + i]) && isnan(exact)));
        }
    }
    free(table.cells);
}

START_TEST(percentiles_of_zones_are_exact)
{
    double *zones = zones_of(23), *noise = reducing_noise(PIXELS, 4);
    Reducing what = of("zoneranks", 2, zones, noise, true, 16);

    check_zoneranks(&what, 4);
    free(zones);
    free(noise);
}
END_TEST

/* numpy's methods, of which ranks is compared with numpy. */
START_TEST(one_zone_has_the_percentiles_of_a_raster_by_every_method)
{
    double *one = calloc(PIXELS, sizeof *one), *values = integers(40, 4);

    for (int method = 0; method < 6; method++) {
        Reducing zoned = of("zoneranks", 2, one, values, true, 16);
        Reducing whole = of("ranks", 1, values, NULL, true, (double)NAN);
        WeftTable a, b;

        zoned.settings[1 + PLACES] = whole.settings[PLACES] = method;
        a = reducing_table(&zoned, 0);
        b = reducing_table(&whole, 0);
        for (int i = 0; i < ASKED; i++)
            ck_assert_msg(a.cells[2 + i] == b.cells[i], "method %d: p%g is %a, not %a", method,
                          asked[i], a.cells[2 + i], b.cells[i]);
        free(a.cells);
        free(b.cells);
    }
    free(one);
    free(values);
}
END_TEST

START_TEST(small_digits_give_the_same)
{
    double *zones = zones_of(10), *values = integers(1000, 4);
    Reducing what = of("zoneranks", 2, zones, values, false, 4);

    what.wide[0] = true;
    check_zoneranks(&what, 8);
    what.range[1] = (WeftRange) { .lo = 0, .hi = 1000, .whole = true };
    check_zoneranks(&what, 3);
    free(zones);
    free(values);
}
END_TEST

START_TEST(a_zone_without_valid_pixels_has_no_percentile)
{
    double zones[2] = { 4, 3 }, values[2] = { (double)NAN, 8 };
    Reducing what = of("zoneranks", 2, zones, values, true, 16);
    WeftTable table;

    what.width = 2;
    what.height = 1;
    table = reducing_table(&what, 0);
    ck_assert_int_eq(table.row_count, 2);
    ck_assert(table.cells[0] == 3 && table.cells[1] == 1 && table.cells[4] == 8);
    ck_assert(table.cells[2 + ASKED] == 4 && table.cells[3 + ASKED] == 0);
    ck_assert(isnan(table.cells[4 + ASKED]));
    free(table.cells);
}
END_TEST

START_TEST(classes_of_zones_have_the_same_bits_for_any_cut)
{
    double *zones = zones_of(23), *noise = reducing_noise(PIXELS, 4);
    Reducing what = of("zoneclasses", 2, zones, noise, true, (double)NAN);

    reducing_same(&what, 6);
    free(zones);
    free(noise);
}
END_TEST

START_TEST(ties_of_mode_and_minority_go_to_the_smallest)
{
    double zones[10] = { 5, 5, 5, 5, 5, 5, 5, -1, -1, -2 };
    double values[10] = { 9, 3, 9, 3, 4, 2, (double)NAN, 7, 7, (double)NAN };
    static const double expected[] = { -2, 0, NAN, NAN, NAN, NAN, NAN, -1, 2, 1, 7,
                                       2,  7, 2,   5,   6,   4,   3,   2,  2, 1 };
    Reducing what = of("zoneclasses", 2, zones, values, true, (double)NAN);
    WeftTable table;

    what.width = 10;
    what.height = 1;
    table = reducing_table(&what, 0);
    ck_assert_int_eq(table.row_count * table.column_count, 21);
    for (int i = 0; i < 21; i++)
        ck_assert(table.cells[i] == expected[i] || (isnan(expected[i]) && isnan(table.cells[i])));
    free(table.cells);
}
END_TEST

/* Room refused while opening, taking or opening the next pass. */
static void check_refused(Reducing *what)
{
    const WeftReduce *reduce = wf_catalog_find(what->op, NULL)->reduce;
    WeftReduceSetup setup = reducing_setup(what);
    bool done = false;

    for (int64_t limit = 4096; !done; limit += limit / 2) {
        ReducingRoom room = { .room = { reducing_resize }, .limit = limit };
        void *first, *second = NULL;

        setup.pass = 0;
        setup.before = NULL;
        first = reduce->open(&setup, &room.room);
        if (first && reducing_take(reduce, first, what, 0, 0, WIDTH, HEIGHT)) {
            setup.pass = reduce->passes != NULL;
            setup.before = first;
            second = reduce->open(&setup, &room.room);
            done = second && reducing_take(reduce, second, what, 0, 0, WIDTH, HEIGHT);
        }
        reduce->close(second);
        reduce->close(first);
        ck_assert_int_eq(room.used, 0);
    }
}

START_TEST(room_refused_is_told_and_leaves_nothing)
{
    double *zones = zones_of(5), *noise = reducing_noise(PIXELS, 4);

    for (int i = 0; i < 2; i++) {
        Reducing what =
            of(i ? "zoneclasses" : "zoneranks", 2, zones, noise, true, i ? (double)NAN : 16);

        check_refused(&what);
    }
    free(zones);
    free(noise);
}
END_TEST

START_TEST(damaged_bytes_are_refused)
{
    static const char *const ops[] = { "ranks", "sketch", "zoneranks", "zoneclasses" };
    double *zones = zones_of(60), *values = integers(200, 4);

    for (int i = 0; i < 4; i++) {
        Reducing what = of(ops[i], 1 + i / 2, i / 2 ? zones : values, values, true,
                           i % 3 == 0 ? (double)NAN
                           : i == 1   ? 0.25
                                      : 16);

        what.range[i / 2] = (WeftRange) { .lo = 0, .hi = 200, .whole = true };
        reducing_damage(&what);
    }
    free(zones);
    free(values);
}
END_TEST

CHECK_MAIN("percentiles", doubles_take_four_passes, floats_take_two_passes,
           short_integers_take_one_pass, long_integers_take_as_many_as_they_need,
           without_valid_pixels_there_is_no_percentile, one_valid_pixel_is_every_percentile,
           infinities_have_their_place, a_sketch_keeps_its_bound,
           a_sketch_has_the_same_bits_for_any_cut, percentiles_of_zones_are_exact,
           one_zone_has_the_percentiles_of_a_raster_by_every_method, small_digits_give_the_same,
           a_zone_without_valid_pixels_has_no_percentile,
           classes_of_zones_have_the_same_bits_for_any_cut,
           ties_of_mode_and_minority_go_to_the_smallest, room_refused_is_told_and_leaves_nothing,
           damaged_bytes_are_refused)
