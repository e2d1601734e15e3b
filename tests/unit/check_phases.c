/*
 * check_phases.c - numbers of whole rasters in pixels: what waits for what, and what comes out.
 */
#include "phased.h"

enum { WIDTH = 300, HEIGHT = 170 };

static WeftNode cell(Phased *p, WeftNode reduction, int column)
{
    WeftNode node = weft_cell(p->graph, reduction, 0, column, &p->err);

    ck_assert_msg(node != WEFT_NONE, "%s", p->err.message);
    return node;
}

static WeftNode mean(Phased *p, WeftNode x)
{
    WeftNode counted = phased_counted(p, &x, 1, NULL, 0);

    return phased_apply(p, "div", cell(p, counted, PHASED_SUM), cell(p, counted, PHASED_COUNT));
}

static void open_common(Phased *p, bool reference)
{
    phased_open_file(p, WIDTH, HEIGHT, &(WeftConfig) { .threads = 2, .reference = reference },
                     "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64");
}

/* All pixels of a node; free() them. */
static double *read_all(Phased *p, WeftNode node)
{
    double *out = malloc(sizeof *out * WIDTH * HEIGHT);
    WeftRead read = { .bands = &node, .band_count = 1, .cols = WIDTH, .rows = HEIGHT, .out = out };

    ck_assert_msg(phased_run(p, &(WeftWork) { .reads = &read, .read_count = 1 }), "%s",
                  p->err.message);
    ck_assert_int_eq(p->stats->blocks_decoded, p->stats->blocks_planned);
    ck_assert_int_eq(p->stats->pixels_computed, p->stats->pixels_planned);
    ck_assert_int_le(p->stats->memory_peak, p->stats->memory_predicted);
    return out;
}

static void check_centred(bool reference)
{
    Phased p;
    double *pixels, m;

    open_common(&p, reference);
    pixels = read_all(&p, phased_apply(&p, "sub", p.x, mean(&p, p.x)));
    m = phased_sum(&p) / (WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_double_eq(pixels[i], (float)((float)pattern(i % WIDTH, i / WIDTH, 1) - (float)m));
    ck_assert_int_eq(p.stats->stages, 2);
    free(pixels);
    phased_free(&p);
}

START_TEST(a_raster_less_its_mean_takes_two_stages)
{
    check_centred(false);
}
END_TEST

START_TEST(the_reference_does_the_same)
{
    check_centred(true);
}
END_TEST

START_TEST(a_chain_of_means_takes_as_many_stages)
{
    Phased p;
    WeftNode first, second;
    double *pixels;

    open_common(&p, false);
    first = phased_apply(&p, "sub", p.x, mean(&p, p.x));
    second = phased_apply(&p, "sub", first, mean(&p, p.x));
    pixels = read_all(&p, phased_apply(&p, "sub", second, mean(&p, second)));
    ck_assert_int_eq(p.stats->stages, 3);
    free(pixels);
    phased_free(&p);
}
END_TEST

START_TEST(a_cell_that_is_not_there_is_invalid)
{
    Phased p;
    WeftNode counted, none;
    double *pixels;

    open_common(&p, false);
    counted = phased_counted(&p, &p.x, 1, NULL, 0);
    none = weft_cell(p.graph, counted, 7, 0, &p.err);
    pixels = read_all(&p, phased_apply(&p, "max", p.x, none));
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_double_nan(pixels[i]);
    free(pixels);
    phased_free(&p);
}
END_TEST

START_TEST(a_cell_stands_for_a_parameter)
{
    Phased p;
    WeftArg args[] = { { .name = "low" }, { .name = "high" } };
    WeftNode node;
    double *pixels;

    open_common(&p, false);
    args[0].node = mean(&p, p.x);
    args[1].node = phased_apply(&p, "add", mean(&p, p.x), phased_number(&p, 10));
    node = weft_apply(p.graph, "clamp", &p.x, 1, args, 2, &p.err);
    ck_assert_msg(node != WEFT_NONE, "%s", p.err.message);
    pixels = read_all(&p, node);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        float low = (float)(phased_sum(&p) / (WIDTH * HEIGHT));
        float high = (float)(phased_sum(&p) / (WIDTH * HEIGHT) + 10);

        ck_assert_double_eq(pixels[i],
                            fminf(fmaxf((float)pattern(i % WIDTH, i / WIDTH, 1), low), high));
    }
    free(pixels);
    phased_free(&p);
}
END_TEST

START_TEST(a_reduction_takes_a_number_of_another)
{
    Phased p;
    WeftTable table = { 0 };
    WeftArg args[] = { { .name = "offset" } };
    WeftAsk ask = { .table = &table };

    open_common(&p, false);
    args[0].node = phased_apply(&p, "mul", mean(&p, p.x), phased_number(&p, 2));
    ask.node = phased_counted(&p, &p.x, 1, args, 1);
    ck_assert_msg(phased_run(&p, &(WeftWork) { .asks = &ask, .ask_count = 1 }), "%s",
                  p.err.message);
    ck_assert_double_eq(table.cells[PHASED_OFFSET], phased_sum(&p) / (WIDTH * HEIGHT) * 2);
    weft_table_free(&table);
    phased_free(&p);
}
END_TEST

START_TEST(a_scalar_never_widens)
{
    Phased p;
    WeftNode node;

    open_common(&p, false);
    node = phased_apply(&p, "mul", p.x, mean(&p, p.x));
    ck_assert_int_eq(weft_node_type(p.graph, node), WEFT_F32);
    ck_assert(!weft_node_range(p.graph, node).valid);
    phased_free(&p);
}
END_TEST

static void open_packed(Phased *p, const WeftConfig *config)
{
    phased_open_file(p, WIDTH, HEIGHT, config,
                     "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64 COMPRESS=DEFLATE");
}

START_TEST(a_packed_file_is_decoded_once)
{
    Phased p;

    open_packed(&p, &(WeftConfig) { .threads = 2 });
    free(read_all(&p, phased_apply(&p, "sub", p.x, mean(&p, p.x))));
    ck_assert_int_eq(p.stats->blocks_in_files, 2 * 15);
    ck_assert_int_eq(p.stats->blocks_decoded, 15);
    ck_assert_int_eq(p.stats->blocks_kept, 15);
    phased_free(&p);
}
END_TEST

START_TEST(a_plain_file_is_read_again)
{
    Phased p;

    open_common(&p, false);
    free(read_all(&p, phased_apply(&p, "sub", p.x, mean(&p, p.x))));
    ck_assert_int_eq(p.stats->blocks_decoded, 2 * 15);
    ck_assert_int_eq(p.stats->blocks_kept, 0);
    phased_free(&p);
}
END_TEST

enum { SMALL_BLOCKS = 19 * 11 };

/* Centred within a budget, from small blocks; gives how many of them were kept. */
static int64_t keep_within(int64_t memory)
{
    Phased p;
    double *pixels, m;
    int64_t kept;

    phased_open_file(&p, WIDTH, HEIGHT,
                     &(WeftConfig) { .threads = 2, .memory = memory, .tile = 64 },
                     "TILED=YES BLOCKXSIZE=16 BLOCKYSIZE=16 COMPRESS=DEFLATE");
    pixels = read_all(&p, phased_apply(&p, "sub", p.x, mean(&p, p.x)));
    m = phased_sum(&p) / (WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_double_eq(pixels[i], (float)((float)pattern(i % WIDTH, i / WIDTH, 1) - (float)m));
    ck_assert_int_le(p.stats->memory_peak, memory);
    ck_assert_int_eq(p.stats->blocks_kept + p.stats->blocks_decoded, 2 * SMALL_BLOCKS);
    kept = p.stats->blocks_kept;
    free(pixels);
    phased_free(&p);
    return kept;
}

START_TEST(a_larger_budget_keeps_more_and_changes_no_bit)
{
    int64_t before = 0, kinds = 0;

    for (int64_t memory = 120000; memory < 320000; memory += 8000) {
        int64_t kept = keep_within(memory);

        ck_assert_int_ge(kept, before);
        kinds += kept != before;
        before = kept;
    }
    ck_assert_int_eq(before, SMALL_BLOCKS);
    ck_assert_int_gt(kinds, 5);
}
END_TEST

START_TEST(copies_of_kept_blocks_wrap)
{
    Phased p;
    WeftArg args[] = { { .name = "dcol", .node = WEFT_NONE, .number = -70, .integer = true },
                       { .name = "drow", .node = WEFT_NONE, .number = 20, .integer = true },
                       { .name = "edges", .node = WEFT_NONE, .text = "wrap" } };
    WeftNode shifted;
    double *pixels, m;

    open_packed(&p, &(WeftConfig) { .threads = 2 });
    shifted = weft_apply(p.graph, "neighbour", &p.x, 1, args, 3, &p.err);
    ck_assert_msg(shifted != WEFT_NONE, "%s", p.err.message);
    pixels = read_all(&p, phased_apply(&p, "sub", shifted, mean(&p, shifted)));
    m = phased_sum(&p) / (WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        double v = pattern((i % WIDTH + WIDTH - 70) % WIDTH, (i / WIDTH + 20) % HEIGHT, 1);

        ck_assert_double_eq(pixels[i], (float)((float)v - (float)m));
    }
    ck_assert_int_gt(p.stats->blocks_kept, 15);
    ck_assert_int_eq(p.stats->blocks_decoded, p.stats->blocks_kept);
    free(pixels);
    phased_free(&p);
}
END_TEST

START_TEST(an_error_of_a_later_phase_leaves_no_file)
{
    Phased p;
    WeftNode bands[2];
    WeftSave saves[2] = {
        { .bands = &bands[0], .band_count = 1 },
        { .bands = &bands[1], .band_count = 1, .type = WEFT_U8, .overflow = "error" }
    };

    open_packed(&p, &(WeftConfig) { .threads = 2 });
    bands[0] = p.x;
    bands[1] = phased_apply(&p, "mul", p.x, mean(&p, p.x));
    saves[0].path = in_folder(p.folder, "first.tif");
    saves[1].path = in_folder(p.folder, "second.tif");
    ck_assert(!phased_run(&p, &(WeftWork) { .saves = saves, .save_count = 2 }));
    ck_assert_int_eq(p.err.code, WEFT_EDATA);
    ck_assert_int_eq(count_files(p.folder, "first"), 0);
    ck_assert_int_eq(count_files(p.folder, "second"), 0);
    phased_free(&p);
}
END_TEST

START_TEST(explain_tells_what_a_phase_waits_for)
{
    Phased p;
    WeftNode node;
    WeftRead read = { .bands = &node, .band_count = 1, .cols = WIDTH, .rows = HEIGHT };
    char *text;

    open_common(&p, false);
    weft_graph_at(p.graph, "a.lua", 7, NULL);
    node = phased_apply(&p, "sub", p.x, mean(&p, p.x));
    text = weft_show(p.engine, p.graph, WEFT_SHOW_PLAN,
                     &(WeftWork) { .reads = &read, .read_count = 1 }, &p.err);
    ck_assert_msg(text != NULL, "%s", p.err.message);
    ck_assert_ptr_nonnull(strstr(text, "phase 1 of 2\n"));
    ck_assert_ptr_nonnull(strstr(text, "phase 2 of 2, waits for counted (a.lua:7)\n"));
    ck_assert_ptr_nonnull(strstr(text, "gives rows to counted, f32\n"));
    free(text);
    phased_free(&p);
}
END_TEST

CHECK_MAIN("phases", a_raster_less_its_mean_takes_two_stages, the_reference_does_the_same,
           a_chain_of_means_takes_as_many_stages, a_cell_that_is_not_there_is_invalid,
           a_cell_stands_for_a_parameter, a_reduction_takes_a_number_of_another,
           a_scalar_never_widens, a_packed_file_is_decoded_once, a_plain_file_is_read_again,
           a_larger_budget_keeps_more_and_changes_no_bit, copies_of_kept_blocks_wrap,
           an_error_of_a_later_phase_leaves_no_file, explain_tells_what_a_phase_waits_for)
