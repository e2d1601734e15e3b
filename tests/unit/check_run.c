/*
 * check_run.c - whole runs: right pixels and counts on any machine and budget; errors, cancel.
 */
#include <stdio.h>

#include "running.h"

static void run_on(const char *machine, int threads, int64_t memory, bool steal)
{
    Running *r = running_new();

    running_common_job(r);
    r->options.memory = memory;
    r->steal = steal;
    running_plan(r, machine, threads);
    ck_assert_msg(running_go(r), "%s", r->err.message);
    running_check(r);
    running_check_counts(r);
    ck_assert_int_eq(atomic_load(&r->early_turns), 0);
    running_free(r);
}

START_TEST(one_worker_gives_the_right_pixels)
{
    run_on("numa:1 core:1 pu:1", 0, 0, true);
}
END_TEST

START_TEST(two_workers_give_the_right_pixels)
{
    run_on("numa:1 core:2 pu:1", 0, 0, true);
}
END_TEST

START_TEST(five_workers_on_two_cores_give_the_right_pixels)
{
    run_on("numa:1 core:2 pu:1", 5, 0, true);
}
END_TEST

START_TEST(four_nodes_give_the_right_pixels)
{
    run_on("numa:4 core:2 pu:1", 0, 0, true);
}
END_TEST

START_TEST(four_nodes_without_stealing_give_the_right_pixels)
{
    run_on("numa:4 core:2 pu:1", 0, 0, false);
}
END_TEST

/* The least budget of the common job on a machine, from the plan for a large one. */
static int64_t least_budget(const char *machine)
{
    Running *r = running_new();
    int64_t least;

    running_common_job(r);
    running_plan(r, machine, 0);
    least = r->plan->memory.least;
    running_free(r);
    return least;
}

START_TEST(the_least_budget_is_enough)
{
    run_on("numa:1 core:2 pu:1", 0, least_budget("numa:1 core:2 pu:1"), true);
}
END_TEST

START_TEST(the_least_budget_is_enough_on_four_nodes_without_stealing)
{
    run_on("numa:4 core:2 pu:1", 0, least_budget("numa:4 core:2 pu:1"), false);
}
END_TEST

START_TEST(budgets_between_least_and_plenty_are_enough)
{
    int64_t least = least_budget("numa:4 core:1 pu:1");

    for (int i = 1; i < 8; i++)
        run_on("numa:4 core:1 pu:1", 0, least + least * i / 4, i % 2);
}
END_TEST

START_TEST(the_real_machine_gives_the_right_pixels)
{
    run_on(NULL, 0, 0, true);
}
END_TEST

START_TEST(a_window_with_an_offset_reads_the_right_part_of_the_file)
{
    Running *r = running_new();
    RunningImage *a = running_image(r, 400, 300, 128, 128, 1, WEFT_U8);
    WeftGrid small = { .width = 250, .height = 200, .transform = { 90, 1, 0, -70, 0, -1 } };
    const WeftGrid *grid = wf_graph_grid(r->graph, &small, &r->err);
    WfRect window = { 13, 17, 213, 180 };

    running_save(r, running_band(r, a, 1, grid, 90, 70), &window, 0);
    r->options.tile = 64;
    running_plan(r, "numa:2 core:1 pu:1", 0);
    ck_assert_msg(running_go(r), "%s", r->err.message);
    running_check(r);
    running_check_counts(r);
    running_free(r);
}
END_TEST

START_TEST(a_graph_without_files_runs)
{
    Running *r = running_new();
    WeftGrid grid = { .width = 500, .height = 90, .transform = { 0, 1, 0, 0, 0, -1 } };
    const WeftGrid *own = wf_graph_grid(r->graph, &grid, &r->err);
    WeftNode node = wf_graph_add(r->graph, &running_index, NULL, 0, NULL, 0, &r->err);

    running_save(r, running_describe(r, node, own), NULL, 0);
    running_plan(r, "numa:2 core:2 pu:1", 0);
    ck_assert_msg(running_go(r), "%s", r->err.message);
    running_check(r);
    ck_assert_int_eq(r->stats->blocks_decoded, 0);
    running_free(r);
}
END_TEST

START_TEST(workers_serve_run_after_run)
{
    Running *r = running_new();

    running_common_job(r);
    running_plan(r, "numa:2 core:2 pu:1", 0);
    for (int i = 0; i < 5; i++) {
        ck_assert_msg(running_go(r), "%s", r->err.message);
        running_check_counts(r);
    }
    running_check(r);
    running_free(r);
}
END_TEST

/* ---- errors */

START_TEST(the_torn_block_of_the_first_pixel_is_reported_whoever_meets_which_first)
{
    static const char *const machines[] = { "numa:1 core:1 pu:1", "numa:1 core:4 pu:1",
                                            "numa:4 core:2 pu:1" };

    for (int i = 0; i < 12; i++) {
        Running *r = running_new();

        running_common_job(r);
        r->options.tile = i % 2 ? 64 : 128;
        r->images[0].bad = 14; /* row 3 of blocks */
        r->images[0].bad_too = 11;
        running_plan(r, machines[i / 4], 0);
        ck_assert(!running_go(r));
        ck_assert_int_eq(r->err.code, WEFT_EIO);
        ck_assert_str_eq(r->err.message, "block 11 is torn");
        ck_assert_int_eq(r->err.block, 11);
        ck_assert_str_eq(r->err.path, "a.tif");
        running_free(r);
    }
}
END_TEST

START_TEST(any_torn_block_ends_the_run_with_its_error)
{
    int64_t least = least_budget("numa:2 core:1 pu:1");

    for (int bad = 0; bad < 20; bad++) {
        Running *r = running_new();
        char message[64];

        running_common_job(r);
        r->options.memory = bad % 2 ? least : 0;
        r->steal = bad % 3 != 0;
        r->images[0].bad = bad;
        running_plan(r, "numa:2 core:1 pu:1", 0);
        ck_assert(!running_go(r));
        snprintf(message, sizeof message, "block %d is torn", bad);
        ck_assert_str_eq(r->err.message, message);
        running_free(r);
    }
}
END_TEST

START_TEST(tiles_before_the_torn_block_are_written)
{
    Running *r = running_new();

    running_common_job(r);
    r->images[0].bad = 19; /* the last */
    running_plan(r, "numa:1 core:2 pu:1", 0);
    ck_assert(!running_go(r));
    for (int64_t x = 0; x < 300; x++)
        ck_assert(r->outputs[0].pixels[x] == running_expected(r, 0, x, 0));
    running_free(r);
}
END_TEST

START_TEST(a_kernel_that_does_not_compile_ends_the_run)
{
    Running *r = running_new();

    running_common_job(r);
    r->prepare_fails = true;
    running_plan(r, "numa:2 core:2 pu:1", 0);
    ck_assert(!running_go(r));
    ck_assert_int_eq(r->err.code, WEFT_EHOST);
    ck_assert_str_eq(r->err.message, "no compiler");
    running_free(r);
}
END_TEST

START_TEST(a_cancel_before_the_run_stops_it)
{
    Running *r = running_new();

    running_common_job(r);
    running_plan(r, "numa:2 core:2 pu:1", 0);
    atomic_store(&r->cancel, true);
    ck_assert(!running_go(r));
    ck_assert_int_eq(r->err.code, WEFT_ECANCEL);
    ck_assert_int_eq(r->stats->tiles_run, 0);
    running_free(r);
}
END_TEST

START_TEST(a_cancel_at_any_turn_stops_the_run)
{
    for (int turn = 1; turn < 20; turn += 4) {
        Running *r = running_new();

        running_common_job(r);
        running_plan(r, "numa:2 core:1 pu:1", 0);
        atomic_store(&r->cancel_after, turn);
        ck_assert(!running_go(r));
        ck_assert_int_eq(r->err.code, WEFT_ECANCEL);
        atomic_store(&r->cancel, false);
        ck_assert_msg(running_go(r), "%s", r->err.message); /* and the workers are well */
        running_check(r);
        running_free(r);
    }
}
END_TEST

/* Every allocation of a run in turn fails: an error or a right answer. One worker, as counting is
 * for one thread at a time. */
START_TEST(memory_that_fails_gives_an_error)
{
    Running *r = running_new();
    bool done = false;

    running_common_job(r);
    running_plan(r, "numa:1 core:1 pu:1", 0);
    for (int64_t n = 1; !done; n += 1 + n / 20) {
        wf_mem_fail_at(n + 1); /* one more is for the stats of running_go */
        done = running_go(r);
        wf_mem_fail_at(0);
        if (!done)
            ck_assert_int_eq(r->err.code, WEFT_EMEM);
    }
    running_check(r);
    running_free(r);
}
END_TEST

START_TEST(progress_ends_with_a_last_report)
{
    Running *r = running_new();

    running_common_job(r);
    running_plan(r, "numa:1 core:1 pu:1", 0);
    ck_assert(running_go(r));
    ck_assert_int_ge(r->reports, 1);
    ck_assert_int_eq(r->finished_reports, 1);
    running_free(r);
}
END_TEST

CHECK_MAIN("run", one_worker_gives_the_right_pixels, two_workers_give_the_right_pixels,
           five_workers_on_two_cores_give_the_right_pixels, four_nodes_give_the_right_pixels,
           four_nodes_without_stealing_give_the_right_pixels, the_least_budget_is_enough,
           the_least_budget_is_enough_on_four_nodes_without_stealing,
           budgets_between_least_and_plenty_are_enough, the_real_machine_gives_the_right_pixels,
           a_window_with_an_offset_reads_the_right_part_of_the_file, a_graph_without_files_runs,
           workers_serve_run_after_run,
           the_torn_block_of_the_first_pixel_is_reported_whoever_meets_which_first,
           any_torn_block_ends_the_run_with_its_error, tiles_before_the_torn_block_are_written,
           a_kernel_that_does_not_compile_ends_the_run, a_cancel_before_the_run_stops_it,
           a_cancel_at_any_turn_stops_the_run, memory_that_fails_gives_an_error,
           progress_ends_with_a_last_report)
