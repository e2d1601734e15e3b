/* check_ledger.c - readers of blocks, and shoulders. */
#include "planning.h"

/* What the ledger says of readers against counting tile by tile. */
static void expect_counts(const WfPlan *plan)
{
    int64_t *readers = wf_calloc((size_t)plan->block_count, sizeof *readers, NULL);
    int64_t needed = 0;

    for (int64_t k = 0; k < plan->task_count; k++) {
        for (int f = 0; f < plan->file_count; f++) {
            const WfPlanFile *file = &plan->files[f];
            WfRect cells = wf_rect_cells(wf_task_file_rect(plan, &plan->tasks[k], f),
                                         file->block_width, file->block_height);

            for (int64_t y = cells.y0; y < cells.y1; y++)
                for (int64_t x = cells.x0; x < cells.x1; x++)
                    readers[file->block_first + y * file->blocks_x + x]++;
        }
    }
    for (int64_t b = 0; b < plan->block_count; b++) {
        ck_assert_int_eq(wf_ledger_readers(plan, b), readers[b]);
        needed += readers[b] > 0;
    }
    ck_assert_int_eq(plan->blocks_in_files, needed);
    wf_free(readers);
}

/* Each shoulder's early and late readers against the tasks. */
static int expect_shoulders(const WfPlan *plan)
{
    int count = 0;

    for (int f = 0; f < plan->file_count; f++) {
        const WfPlanFile *file = &plan->files[f];

        for (int64_t i = 0; i < file->blocks_x * file->blocks_y; i++) {
            int64_t number = file->block_first + i, early = 0, last_early = -1, first_late = -1;
            WfRect block = wf_file_block(file, i % file->blocks_x, i / file->blocks_x);
            WfRect late = { 0 };
            WfShoulder shoulder;

            if (!wf_ledger_shoulder(plan, number, &shoulder))
                continue;
            count++;
            for (int64_t k = 0; k < plan->task_count; k++) {
                WfRect need = wf_rect_meet(wf_task_file_rect(plan, &plan->tasks[k], f), block);

                if (wf_rect_empty(need))
                    continue;
                if (wf_ledger_is_early(plan, number, k)) {
                    early++;
                    last_early = k;
                } else {
                    first_late = first_late < 0 ? k : first_late;
                    late = wf_rect_join(late, need);
                }
            }
            ck_assert_int_gt(early, 0);
            ck_assert_int_eq(early, shoulder.early_readers);
            ck_assert_int_gt(first_late, last_early);
            ck_assert(wf_rect_equal(late, shoulder.late));
            ck_assert_uint_le(2 * shoulder.bytes, file->block_bytes + 2 * WF_ALIGN);
            ck_assert_uint_ge(shoulder.bytes, wf_shoulder_offset(file, late, file->band_count));
        }
    }
    return count;
}

START_TEST(readers_are_the_tiles_that_touch_a_block)
{
    static const int layout[][2] = { { 512, 512 }, { 300, 300 }, { 2000, 1 },
                                     { 2000, 7 },  { 64, 2000 }, { 2000, 2000 } };

    for (int i = 0; i < 6; i++) {
        Planning *p = planning_new();
        WfPlan *plan;

        planning_machine(p, 1 + i % 3, 1);
        planning_pair(p, 2000, layout[i][0], layout[i][1]);
        plan = planning_plan(p);
        expect_counts(plan);
        expect_shoulders(plan);
        planning_free(p);
    }
}
END_TEST

START_TEST(blocks_outside_the_window_do_not_count)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, 10000, 100, 100);
    p->targets[0].window = (WfRect) { 150, 150, 350, 250 };
    plan = planning_plan(p);
    ck_assert_int_eq(plan->blocks_in_files, 2 * 3 * 2);
    ck_assert_int_eq(plan->blocks_planned, 2 * 3 * 2);
    ck_assert_int_eq(plan->bytes_planned, 2 * 3 * 2 * 100 * 100 * 2);
    ck_assert_int_eq(wf_ledger_readers(plan, 0), 0);
    expect_counts(plan);
    planning_free(p);
}
END_TEST

START_TEST(shifted_bands_of_one_file_need_the_blocks_between)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    PlanningFile file = {
        .width = 2000, .height = 2000, .block_width = 128, .block_height = 128, .dx = 100, .dy = 7
    };
    PlanningFile moved = file;
    WfPlan *plan;

    moved.dx = 300;
    moved.dy = 0;
    planning_save(
        p, planning_sum(p, planning_band(p, &file, 1, grid), planning_band(p, &moved, 1, grid)),
        256);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->file_count, 1);
    ck_assert_int_eq(plan->input_count, 2);
    ck_assert_int_eq(plan->files[0].band_count, 1);
    ck_assert(wf_rect_equal(plan->files[0].needed, ((WfRect) { 100, 0, 1300, 1007 })));
    expect_counts(plan);
    expect_shoulders(plan);
    planning_free(p);
}
END_TEST

START_TEST(a_block_across_two_rows_of_tiles_keeps_its_edge)
{
    Planning *p = planning_new();
    WfPlan *plan;
    WfShoulder shoulder;

    planning_pair(p, 2000, 300, 300);
    plan = planning_plan(p);
    ck_assert_int_gt(expect_shoulders(plan), 0);
    /* Block (0, 1) is rows 300 ... 599; the tiles from row 512 on need 88 of them. */
    ck_assert(wf_ledger_shoulder(plan, 7, &shoulder));
    ck_assert(wf_rect_equal(shoulder.late, ((WfRect) { 0, 512, 300, 600 })));
    ck_assert_int_eq(shoulder.early_readers, 1);
    ck_assert(wf_ledger_is_early(plan, 7, 0));
    ck_assert(!wf_ledger_is_early(plan, 7, 4));
    planning_free(p);
}
END_TEST

START_TEST(blocks_that_fit_the_tiles_have_no_shoulder)
{
    Planning *p = planning_new();
    WfPlan *plan;
    WfShoulder shoulder;

    planning_pair(p, 5000, 256, 256);
    plan = planning_plan(p);
    for (int64_t b = 0; b < plan->block_count; b++) {
        ck_assert(!wf_ledger_shoulder(plan, b, &shoulder));
        ck_assert(wf_ledger_is_early(plan, b, 0));
    }
    planning_free(p);
}
END_TEST

START_TEST(a_cut_between_nodes_leaves_shoulders_for_the_node_that_comes_late)
{
    Planning *p = planning_new();
    WfPlan *plan;
    WfShoulder shoulder;

    /* Row 2 of blocks (rows 1200 ... 1799 of the file) lies across the cut before row 1536: node 1
     * reads it first of all, node 0 last. */
    planning_machine(p, 2, 1);
    planning_pair(p, 3072, 600, 600);
    plan = planning_plan(p);
    ck_assert_int_gt(plan->bytes_across, 0);
    expect_shoulders(plan);
    expect_counts(plan);
    ck_assert(!wf_ledger_shoulder(plan, 2 * 6, &shoulder));
    planning_free(p);
}
END_TEST

START_TEST(a_small_part_across_a_cut_is_kept_instead_of_the_block)
{
    Planning *p = planning_new();
    WfPlan *plan;
    WfShoulder shoulder;

    /* Of blocks of 500 rows, row 3 (1500 ... 1999) lies across the cut before row 1536: node 0,
     * which comes to it at its end, needs 36 rows. */
    planning_machine(p, 2, 1);
    planning_pair(p, 3072, 500, 500);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->tasks[1].tile, 18);
    ck_assert(wf_ledger_shoulder(plan, 3 * 7, &shoulder));
    ck_assert(wf_rect_equal(shoulder.late, ((WfRect) { 0, 1500, 500, 1536 })));
    expect_shoulders(plan);
    planning_free(p);
}
END_TEST

START_TEST(random_layouts_are_counted_right)
{
    uint64_t seed = 11;

    for (int i = 0; i < 60; i++) {
        Planning *p = planning_new();
        WfPlan *plan;

        planning_machine(p, 1 + (int)planning_random_below(&seed, 4), 2);
        planning_pair(p, 1 + planning_random_below(&seed, 900),
                      1 + (int)planning_random_below(&seed, 300),
                      1 + (int)planning_random_below(&seed, 300));
        p->targets[0].block_width = p->targets[0].block_height =
            (int)planning_random_below(&seed, 9) * 16;
        plan = planning_plan(p);
        expect_counts(plan);
        expect_shoulders(plan);
        planning_free(p);
    }
}
END_TEST

CHECK_MAIN("ledger", readers_are_the_tiles_that_touch_a_block,
           blocks_outside_the_window_do_not_count,
           shifted_bands_of_one_file_need_the_blocks_between,
           a_block_across_two_rows_of_tiles_keeps_its_edge,
           blocks_that_fit_the_tiles_have_no_shoulder,
           a_cut_between_nodes_leaves_shoulders_for_the_node_that_comes_late,
           a_small_part_across_a_cut_is_kept_instead_of_the_block, random_layouts_are_counted_right)
