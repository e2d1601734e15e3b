/*
 * check_wrap.c - edges that wrap: what is read, in one stage, and what is kept.
 */
#include "io/refuse.h"
#include "phased.h"

enum { WIDTH = 150, HEIGHT = 90 };

static WeftNode shift(Phased *p, WeftNode x, int dcol, int drow, const char *edges)
{
    WeftArg args[] = {
        { .name = "dcol", .node = WEFT_NONE, .number = dcol, .integer = true },
        { .name = "drow", .node = WEFT_NONE, .number = drow, .integer = true },
        { .name = "edges", .node = WEFT_NONE, .text = edges },
    };

    return weft_apply(p->graph, "neighbour", &x, 1, args, 3, &p->err);
}

static bool read_all(Phased *p, WeftNode node, double *out)
{
    WeftRead read = { .bands = &node, .band_count = 1, .cols = WIDTH, .rows = HEIGHT, .out = out };

    return phased_run(p, &(WeftWork) { .reads = &read, .read_count = 1 });
}

static double wrapped(int64_t x, int64_t y)
{
    return pattern(((x % WIDTH) + WIDTH) % WIDTH, ((y % HEIGHT) + HEIGHT) % HEIGHT, 1);
}

static void open_common(Phased *p)
{
    phased_open_file(p, WIDTH, HEIGHT, &(WeftConfig) { .threads = 2, .tile = 64 },
                     "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64");
}

static void check_shift(int dcol, int drow)
{
    static double out[WIDTH * HEIGHT];
    Phased p;

    open_common(&p);
    ck_assert_msg(read_all(&p, shift(&p, p.x, dcol, drow, "wrap"), out), "%s", p.err.message);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_double_eq(out[i], wrapped(i % WIDTH + dcol, i / WIDTH + drow));
    ck_assert_int_eq(p.stats->blocks_decoded, p.stats->blocks_planned);
    phased_free(&p);
}

START_TEST(a_shift_comes_in_at_the_other_side)
{
    check_shift(-3, 5);
    check_shift(70, -20);
}
END_TEST

START_TEST(a_shift_further_than_the_raster_wraps_again)
{
    check_shift(4 * WIDTH + 7, -3 * HEIGHT - 1);
}
END_TEST

START_TEST(the_blocks_of_a_file_are_counted_once)
{
    static double out[WIDTH * HEIGHT];
    Phased p;

    open_common(&p);
    ck_assert(read_all(&p, shift(&p, p.x, 1, 1, "wrap"), out));
    ck_assert_int_eq(p.stats->blocks_in_files, 6);
    ck_assert_int_gt(p.stats->blocks_planned, 6);
    phased_free(&p);
}
END_TEST

START_TEST(what_is_made_of_a_file_wraps_in_the_same_stage)
{
    static double out[WIDTH * HEIGHT];
    Phased p;
    WeftNode twice, near;

    open_common(&p);
    twice = phased_apply(&p, "mul", p.x, phased_number(&p, 2));
    near = shift(&p, shift(&p, twice, 2, 0, "wrap"), -7, 60, "wrap");
    ck_assert_msg(read_all(&p, near, out), "%s", p.err.message);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_double_eq(out[i], 2 * wrapped(i % WIDTH - 5, i / WIDTH + 60));
    ck_assert_int_eq(p.stats->stages, 1);
    phased_free(&p);
}
END_TEST

START_TEST(what_does_not_repeat_itself_is_kept)
{
    static double out[WIDTH * HEIGHT];
    Phased p;

    open_common(&p);
    ck_assert_msg(read_all(&p, shift(&p, shift(&p, p.x, 1, 0, "nearest"), 1, 0, "wrap"), out), "%s",
                  p.err.message);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        int x = (i % WIDTH + 1) % WIDTH;

        ck_assert_double_eq(out[i], wrapped(x < WIDTH - 1 ? x + 1 : x, i / WIDTH));
    }
    ck_assert_int_eq(p.stats->stages, 2);
    ck_assert_int_eq(p.stats->blocks_decoded, p.stats->blocks_planned);
    phased_free(&p);
}
END_TEST

static void check_refused(int write)
{
    static double out[WIDTH * HEIGHT];
    Phased p;
    bool done;

    open_common(&p);
    wf_io_fail_at(WF_REFUSE_WRITE, write);
    done = read_all(&p, shift(&p, shift(&p, p.x, 1, 0, "nearest"), 1, 0, "wrap"), out);
    wf_io_fail_at(WF_REFUSE_WRITE, 0);
    ck_assert(!done);
    ck_assert_int_eq(p.err.code, WEFT_EIO);
    phased_free(&p);
}

/* The first write is that of making the file, the second that of a tile. */
START_TEST(what_cannot_be_kept_is_an_error)
{
    check_refused(1);
    check_refused(2);
}
END_TEST

CHECK_MAIN("wrap", a_shift_comes_in_at_the_other_side, a_shift_further_than_the_raster_wraps_again,
           the_blocks_of_a_file_are_counted_once, what_is_made_of_a_file_wraps_in_the_same_stage,
           what_does_not_repeat_itself_is_kept, what_cannot_be_kept_is_an_error)
