/*
 * check_reductions.c - reductions on the pixels of tests/ops/reductions.txt, against exact rational
 * arithmetic and numpy (reductions.py), each as one piece and cut at random.
 *
 * All is compared bit for bit but sums and means (1e-15 of what is added up; sums of rasters one
 * pixel wide are exact) and spreads (1e-12).
 */
#include "harness.h"

#include <stdio.h>

#include "reducing.h"

enum { NUMBERS_MAX = 4096, SUM = 2, MEAN = 3, VAR0 = 7, STD1 = 10, MIN = 4, MAX = 5 };

typedef struct Case {
    char name[64];
    int width, height, wide;
    double *pixels;
} Case;

static int read_numbers(char *text, double *numbers)
{
    int count = 0;

    for (char *word = strtok(text, " \n"); word; word = strtok(NULL, " \n"))
        numbers[count++] = strtod(word, NULL);
    ck_assert_int_le(count, NUMBERS_MAX);
    return count;
}

static double slack(const Case *on, const char *op, const double *expected, int column)
{
    double size;

    if (strcmp(op, "summary") != 0)
        return 0;
    if (column >= VAR0 && column <= STD1)
        return 1e-12 * expected[column];
    if (on->width == 1)
        return column == MEAN ? 0x1p-52 * fabs(expected[MEAN]) : 0;
    size = fmax(fabs(expected[MIN]), fabs(expected[MAX]));
    return column == SUM ? 1e-15 * size * expected[0] : column == MEAN ? 1e-15 * size : 0;
}

static void compare(const Case *on, const char *op, const WeftTable *table, const double *expected,
                    int count)
{
    for (int i = 0; i < count; i++) {
        double got = table->cells[i], off = fabs(got - expected[i]);

        ck_assert_msg(isnan(expected[i]) ? isnan(got)
                                         : got == expected[i] || off <= slack(on, op, expected, i),
                      "%s of %s: cell %d is %.17g (%a), not %.17g (%a), off by %g", op, on->name, i,
                      got, got, expected[i], expected[i], off / fabs(expected[i]));
    }
}

/* "histogram 10 0x1p0 0x1p3 : table": settings, or the number of bins and the range. */
static void check_line(const Case *on, char *line)
{
    static double expected[NUMBERS_MAX], given[NUMBERS_MAX];
    char *colon = strchr(line, ':'), *space = strchr(line, ' ');
    Reducing what = { .width = on->width,
                      .height = on->height,
                      .input_count = 1,
                      .in = { on->pixels },
                      .wide = { on->wide } };
    int count, given_count;

    *colon = *space = '\0';
    what.op = line;
    given_count = read_numbers(space + 1, given);
    count = read_numbers(colon + 1, expected);
    for (int i = 0; i < 20; i++)
        what.settings[i] = i < given_count ? given[i] : (double)NAN;
    if (strcmp(line, "histogram") == 0)
        memcpy(what.numbers, given + 1, sizeof what.numbers);
    for (int seed = 0; seed < (strcmp(line, "ranks") == 0 ? 1 : 3); seed++) {
        WeftTable table = reducing_table(&what, (uint64_t)seed);

        ck_assert_int_ge(table.row_count * table.column_count, count);
        compare(on, line, &table, expected, count);
        free(table.cells);
    }
}

/* All lines of one operator. */
static void check_op(const char *op)
{
    static char line[1 << 20];
    FILE *file = fopen("tests/ops/reductions.txt", "r");
    Case on = { .pixels = malloc(NUMBERS_MAX * sizeof(double)) };
    int checked = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "case %63s %d %d %d", on.name, &on.width, &on.height, &on.wide) == 4) {
            ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
            ck_assert_int_eq(read_numbers(line, on.pixels), on.width * on.height);
        } else if (strncmp(line, op, strlen(op)) == 0) {
            check_line(&on, line);
            checked++;
        }
    }
    ck_assert_int_ge(checked, 5);
    fclose(file);
    free(on.pixels);
}

START_TEST(summary_agrees_with_rational_arithmetic)
{
    check_op("summary");
}
END_TEST

START_TEST(histogram_agrees_with_numpy)
{
    check_op("histogram");
}
END_TEST

START_TEST(classes_agree_with_numpy)
{
    check_op("classes");
}
END_TEST

START_TEST(percentiles_are_those_of_numpy)
{
    check_op("ranks");
}
END_TEST

CHECK_MAIN("reductions", summary_agrees_with_rational_arithmetic, histogram_agrees_with_numpy,
           classes_agree_with_numpy, percentiles_are_those_of_numpy)
