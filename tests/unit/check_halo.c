/* check_halo.c - reach and lead of kernels, and what tiles read of files. */
#include "streaming.h"

START_TEST(a_chain_reaches_back_to_the_file)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WeftNode down = planning_pass(p, a, 8, false, WF_EDGES_REFLECT);
    WeftNode across = planning_pass(p, down, 8, true, WF_EDGES_EXTEND);
    WeftNode slope = planning_window(p, across, 1, WF_EDGES_NEAREST);
    WeftNode point = planning_node(p, &planning_exp, slope, WEFT_NONE, p->graph->nodes[a].grid);
    const WfKernel *kernel;
    WfPlan *plan;

    planning_save(p, planning_window(p, point, 1, WF_EDGES_INVALID), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 1);
    ck_assert_int_eq(plan->kernel_count, 4);
    ck_assert_int_eq(plan->ring_count, 3);
    kernel = planning_filler(plan, down);
    planning_check_reach(kernel->reach, 10, 2, 10, 2);
    ck_assert_int_eq(kernel->lead, 2);
    ck_assert(kernel->extended);
    kernel = planning_filler(plan, across);
    planning_check_reach(kernel->reach, 2, 2, 2, 2);
    ck_assert_int_eq(kernel->lead, 2);
    ck_assert(!kernel->extended);
    kernel = planning_filler(plan, point);
    planning_check_reach(kernel->reach, 1, 1, 1, 1);
    ck_assert_int_eq(kernel->lead, 1);
    kernel = &plan->kernels[3];
    ck_assert_int_eq(kernel->ring_count, 0);
    ck_assert_int_eq(kernel->output_count, 1);
    planning_check_reach(kernel->reach, 0, 0, 0, 0);
    ck_assert_int_eq(kernel->lead, 0);
    planning_check_reach(plan->stages[0].lead, 10, 4, 10, 2);
    ck_assert_int_eq(plan->stages[0].reach[0].x0, -10);
    ck_assert_int_eq(plan->stages[0].reach[0].y0, -10);
    ck_assert_int_eq(plan->stages[0].reach[0].x1, 10);
    ck_assert_int_eq(plan->stages[0].reach[0].y1, 10);
    streaming_check(plan);
    planning_free(p);
}
END_TEST

START_TEST(branches_of_a_diamond_line_up)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WeftNode top = planning_sum(p, a, a);
    WeftNode near = planning_window(p, top, 1, WF_EDGES_NEAREST);
    WeftNode wide = planning_window(p, top, 5, WF_EDGES_NEAREST);
    WeftNode wider = planning_window(p, wide, 2, WF_EDGES_NEAREST);
    WfPlan *plan;

    planning_save(p, planning_sum(p, near, planning_sum(p, wider, top)), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 3);
    planning_check_reach(planning_filler(plan, top)->reach, 7, 7, 7, 7);
    planning_check_reach(planning_filler(plan, wide)->reach, 2, 2, 2, 2);
    ck_assert_int_eq(planning_filler(plan, top)->lead, 7);
    ck_assert_int_eq(plan->rings[planning_filler(plan, top)->rings[0]].height,
                     7 - 2 + 5 + plan->stages[0].step);
    streaming_check(plan);
    planning_free(p);
}
END_TEST

START_TEST(a_ring_below_rows_beyond_the_edge_runs_ahead_but_is_no_wider)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WeftNode x = planning_sum(p, a, a);
    WeftNode across = planning_pass(p, x, 5, true, WF_EDGES_REFLECT);
    const WfKernel *kernel;
    WfPlan *plan;

    planning_save(p, planning_pass(p, across, 5, false, WF_EDGES_EXTEND), 512);
    plan = planning_plan(p);
    kernel = planning_filler(plan, across);
    planning_check_reach(kernel->reach, 0, 5, 0, 5);
    ck_assert(kernel->extended);
    kernel = planning_filler(plan, x);
    planning_check_reach(kernel->reach, 5, 5, 5, 5);
    ck_assert_int_eq(kernel->lead, 15);
    ck_assert(!kernel->extended);
    streaming_check(plan);
    planning_free(p);
}
END_TEST

START_TEST(a_stencil_of_a_file_grows_what_tiles_read_only)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WfRect rect;
    WfPlan *plan;

    p->options.tile = 512;
    planning_save(p, planning_sum(p, a, planning_neighbour(p, a, -3, 2, WF_EDGES_NEAREST)), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->pixels_planned, 1000000);
    for (int64_t k = 0; k < plan->task_count; k++) {
        rect = wf_task_file_rect(plan, &plan->tasks[k], 0);
        if (plan->tasks[k].tile == 1)
            ck_assert(wf_rect_equal(rect, (WfRect) { 509, 0, 1000, 514 }));
        if (plan->tasks[k].tile == 2)
            ck_assert(wf_rect_equal(rect, (WfRect) { 0, 512, 512, 1000 }));
    }
    streaming_check(plan);
    planning_free(p);
}
END_TEST

START_TEST(beyond_a_cropped_raster_the_file_is_not_read)
{
    Planning *p = planning_new();
    PlanningFile crop = planning_square;
    WeftNode a;
    WfPlan *plan;

    crop.dx = 256;
    crop.dy = 512;
    a = planning_band(p, &crop, 1, planning_grid(p, 256, 256));
    planning_save(p, planning_window(p, a, 3, WF_EDGES_NEAREST), 64);
    p->options.tile = 64;
    plan = planning_plan(p);
    ck_assert(wf_rect_equal(plan->files[0].needed, (WfRect) { 256, 512, 512, 768 }));
    ck_assert_int_eq(plan->blocks_planned, 1);
    ck_assert_int_eq(wf_ledger_readers(plan, 2 * 4 + 1), 16);
    ck_assert_int_eq(wf_ledger_readers(plan, 2 * 4), 0);
    streaming_check(plan);
    planning_free(p);
}
END_TEST

START_TEST(a_window_of_the_raster_reads_beyond_itself)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WeftNode x = planning_sum(p, a, a);
    WfPlan *plan;

    planning_save(p, planning_window(p, x, 3, WF_EDGES_NEAREST), 0)->window =
        (WfRect) { 100, 200, 300, 400 };
    plan = planning_plan(p);
    ck_assert(wf_rect_equal(plan->files[0].needed, (WfRect) { 97, 197, 303, 403 }));
    streaming_check(plan);
    planning_free(p);
}
END_TEST

START_TEST(blocks_count_the_tiles_that_reach_them)
{
    Planning *p = planning_new();
    PlanningFile file = planning_square;
    WeftNode a;
    WfPlan *plan;

    file.block_width = file.block_height = 250;
    a = planning_band(p, &file, 1, planning_grid(p, 1000, 1000));
    planning_save(p, planning_window(p, a, 1, WF_EDGES_NEAREST), 250);
    p->options.tile = 250;
    p->targets[0].block_width = p->targets[0].block_height = 250;
    plan = planning_plan(p);
    for (int64_t b = 0; b < plan->block_count; b++) {
        int64_t readers = 0;

        for (int64_t k = 0; k < plan->task_count; k++) {
            WfRect cells =
                wf_file_cells(&plan->files[0], wf_task_file_rect(plan, &plan->tasks[k], 0));

            readers +=
                b % 4 >= cells.x0 && b % 4 < cells.x1 && b / 4 >= cells.y0 && b / 4 < cells.y1;
        }
        ck_assert_int_eq(wf_ledger_readers(plan, b), readers);
    }
    planning_free(p);
}
END_TEST

CHECK_MAIN("halo", a_chain_reaches_back_to_the_file, branches_of_a_diamond_line_up,
           a_ring_below_rows_beyond_the_edge_runs_ahead_but_is_no_wider,
           a_stencil_of_a_file_grows_what_tiles_read_only,
           beyond_a_cropped_raster_the_file_is_not_read, a_window_of_the_raster_reads_beyond_itself,
           blocks_count_the_tiles_that_reach_them)
