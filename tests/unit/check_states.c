/*
 * check_states.c - reductions of a run: each pixel taken once, by whichever worker; their memory.
 */
#include "phased.h"

#include "run/states.h"

static const WeftArg two_passes[] = { { .name = "passes", .node = WEFT_NONE, .number = 2 } };

static void check_counts(const Phased *p, const WeftTable *table)
{
    ck_assert_int_eq(table->row_count, 1);
    ck_assert_int_eq(table->column_count, PHASED_COLUMNS);
    ck_assert_double_eq(table->cells[PHASED_COUNT], (double)p->width * p->height);
    ck_assert_double_eq(table->cells[PHASED_SUM], phased_sum(p));
    ck_assert_double_eq(table->cells[PHASED_PLACES], phased_places(p));
}

static void run_counted(int width, int height, const WeftConfig *config, const char *options)
{
    WeftTable table = { 0 };
    Phased p;
    WeftAsk ask = { .table = &table };

    phased_open_file(&p, width, height, config, options);
    ask.node = phased_counted(&p, &p.x, 1, NULL, 0);
    ck_assert_msg(phased_run(&p, &(WeftWork) { .asks = &ask, .ask_count = 1 }), "%s",
                  p.err.message);
    check_counts(&p, &table);
    ck_assert_int_eq(p.stats->blocks_decoded, p.stats->blocks_planned);
    ck_assert_int_eq(p.stats->pixels_computed, p.stats->pixels_planned);
    ck_assert_int_le(p.stats->memory_peak, p.stats->memory_predicted);
    weft_table_free(&table);
    phased_free(&p);
}

START_TEST(each_pixel_is_taken_once)
{
    run_counted(700, 300, &(WeftConfig) { .threads = 2 }, "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64");
}
END_TEST

START_TEST(each_pixel_is_taken_once_from_strips)
{
    run_counted(1100, 70, &(WeftConfig) { .threads = 2 }, "");
}
END_TEST

START_TEST(tiles_of_any_size_begin_at_leaves)
{
    run_counted(700, 300, &(WeftConfig) { .threads = 3, .tile = 100 }, "");
    run_counted(700, 300, &(WeftConfig) { .threads = 1, .tile = 1 }, "");
}
END_TEST

START_TEST(the_reference_takes_the_same)
{
    run_counted(130, 67, &(WeftConfig) { .threads = 2, .reference = true }, "");
}
END_TEST

START_TEST(a_single_pixel_is_taken)
{
    run_counted(1, 1, &(WeftConfig) { .threads = 2 }, "");
}
END_TEST

START_TEST(inputs_advance_together)
{
    WeftTable table = { 0 };
    Phased p;
    WeftNode inputs[2];
    WeftAsk ask = { .table = &table };

    phased_open_file(&p, 200, 90, &(WeftConfig) { .threads = 2 }, "");
    inputs[0] = weft_constant(p.graph, 1, true, weft_node_grid(p.graph, p.x), &p.err);
    inputs[1] = p.x;
    ask.node = phased_counted(&p, inputs, 2, NULL, 0);
    ck_assert_msg(phased_run(&p, &(WeftWork) { .asks = &ask, .ask_count = 1 }), "%s",
                  p.err.message);
    ck_assert_double_eq(table.cells[PHASED_SUM], 200 * 90 + 2 * phased_sum(&p));
    ck_assert_int_eq(p.stats->stages, 1);
    weft_table_free(&table);
    phased_free(&p);
}
END_TEST

START_TEST(a_save_and_reductions_read_each_block_once)
{
    WeftTable tables[2] = { { 0 }, { 0 } };
    WeftAsk asks[2] = { { .table = &tables[0] }, { .table = &tables[1] } };
    Phased p;
    WeftNode twice;
    WeftSave save = { .bands = &twice, .band_count = 1 };
    WeftWork work = { .saves = &save, .save_count = 1, .asks = asks, .ask_count = 2 };

    phased_open_file(&p, 300, 200, &(WeftConfig) { .threads = 2 },
                     "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64");
    twice = phased_apply(&p, "mul", p.x, phased_number(&p, 2));
    asks[0].node = phased_counted(&p, &p.x, 1, NULL, 0);
    asks[1].node = phased_counted(&p, &twice, 1, NULL, 0);
    save.path = in_folder(p.folder, "twice.tif");
    ck_assert_msg(phased_run(&p, &work), "%s", p.err.message);
    check_counts(&p, &tables[0]);
    ck_assert_double_eq(tables[1].cells[PHASED_SUM], 2 * phased_sum(&p));
    ck_assert_int_eq(p.stats->blocks_decoded, 5 * 4);
    ck_assert_int_eq(p.stats->stages, 1);
    weft_table_free(&tables[0]);
    weft_table_free(&tables[1]);
    phased_free(&p);
}
END_TEST

START_TEST(one_node_asked_for_twice_gives_two_tables)
{
    WeftTable tables[2] = { { 0 }, { 0 } };
    WeftAsk asks[2] = { { .table = &tables[0] }, { .table = &tables[1] } };
    Phased p;

    phased_open_file(&p, 70, 20, &(WeftConfig) { .threads = 2 }, "");
    asks[0].node = asks[1].node = phased_counted(&p, &p.x, 1, NULL, 0);
    ck_assert_msg(phased_run(&p, &(WeftWork) { .asks = asks, .ask_count = 2 }), "%s",
                  p.err.message);
    check_counts(&p, &tables[0]);
    check_counts(&p, &tables[1]);
    weft_table_free(&tables[0]);
    weft_table_free(&tables[1]);
    phased_free(&p);
}
END_TEST

START_TEST(a_second_pass_sees_what_the_first_has_made)
{
    WeftTable table = { 0 };
    WeftAsk ask = { .table = &table };
    Phased p;

    phased_open_file(&p, 200, 90, &(WeftConfig) { .threads = 2 }, "");
    ask.node = phased_counted(&p, &p.x, 1, two_passes, 1);
    ck_assert_msg(phased_run(&p, &(WeftWork) { .asks = &ask, .ask_count = 1 }), "%s",
                  p.err.message);
    check_counts(&p, &table);
    ck_assert_double_eq(table.cells[PHASED_BEFORE], phased_sum(&p));
    ck_assert_int_eq(p.stats->stages, 2);
    weft_table_free(&table);
    phased_free(&p);
}
END_TEST

/* Memory in bytes, and what a state wants beside itself. */
static bool run_heavy(int64_t memory, double ballast, Phased *p)
{
    WeftTable table = { 0 };
    WeftAsk ask = { .table = &table };
    WeftArg args[] = { { .name = "ballast", .node = WEFT_NONE, .number = ballast } };
    bool done;

    phased_open_file(p, 200, 90, &(WeftConfig) { .threads = 2, .memory = memory }, "");
    ask.node = phased_counted(p, &p->x, 1, args, 1);
    done = phased_run(p, &(WeftWork) { .asks = &ask, .ask_count = 1 });
    ck_assert(done == (table.cells != NULL));
    weft_table_free(&table);
    return done;
}

START_TEST(states_count_in_the_predicted_memory)
{
    Phased p;

    ck_assert(run_heavy(64 << 20, 10e6, &p));
    ck_assert_int_ge(p.stats->memory_predicted, 20000000);
    ck_assert_int_ge(p.stats->memory_peak, 10000000);
    ck_assert_int_le(p.stats->memory_peak, p.stats->memory_predicted);
    phased_free(&p);
}
END_TEST

START_TEST(too_little_room_is_an_error_that_names_the_reduction)
{
    Phased p;

    ck_assert(!run_heavy(4 << 20, 10e6, &p));
    ck_assert_int_eq(p.err.code, WEFT_EMEM);
    ck_assert_str_eq(p.err.op, "counted");
    ck_assert_ptr_nonnull(strstr(p.err.hint, "--memory"));
    phased_free(&p);
}
END_TEST

START_TEST(a_table_is_no_raster)
{
    Phased p;
    WeftNode table;

    phased_open_file(&p, 20, 10, &(WeftConfig) { .threads = 1 }, "");
    table = phased_counted(&p, &p.x, 1, NULL, 0);
    ck_assert_int_eq(weft_apply(p.graph, "add", (WeftNode[]) { p.x, table }, 2, NULL, 0, &p.err),
                     WEFT_NONE);
    ck_assert_str_eq(p.err.message, "b is a table of counted, not pixels");
    phased_free(&p);
}
END_TEST

START_TEST(a_reduction_takes_no_number)
{
    Phased p;
    WeftNode number;

    phased_open_file(&p, 20, 10, &(WeftConfig) { .threads = 1 }, "");
    number = phased_number(&p, 3);
    ck_assert_int_eq(phased_counted(&p, &number, 1, NULL, 0), WEFT_NONE);
    ck_assert_str_eq(p.err.message, "takes rasters, not the number 3");
    phased_free(&p);
}
END_TEST

CHECK_MAIN("states", each_pixel_is_taken_once, each_pixel_is_taken_once_from_strips,
           tiles_of_any_size_begin_at_leaves, the_reference_takes_the_same, a_single_pixel_is_taken,
           inputs_advance_together, a_save_and_reductions_read_each_block_once,
           one_node_asked_for_twice_gives_two_tables, a_second_pass_sees_what_the_first_has_made,
           states_count_in_the_predicted_memory,
           too_little_room_is_an_error_that_names_the_reduction, a_table_is_no_raster,
           a_reduction_takes_no_number)
