/* check_tile.c - shapes of tiles, rows a turn, and the arithmetic shared with the run. */
#include "planning.h"

static void expect_tile(int64_t size, int block_width, int block_height, int out, int width,
                        int height)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, size, block_width, block_height);
    p->targets[0].block_width = p->targets[0].block_height = out;
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stages[0].tile_width, width);
    ck_assert_int_eq(plan->stages[0].tile_height, height);
    planning_free(p);
}

START_TEST(one_output_block_is_a_tile_where_files_have_tiles)
{
    expect_tile(10000, 512, 512, 512, 512, 512);
    expect_tile(10000, 256, 256, 512, 512, 512);
    expect_tile(10000, 256, 256, 128, 512, 512);
}
END_TEST

START_TEST(tiles_are_as_large_as_larger_file_blocks)
{
    expect_tile(10000, 1024, 1024, 512, 1024, 1024);
    expect_tile(10000, 4096, 4096, 512, 512, 512);
}
END_TEST

START_TEST(strips_make_wide_and_low_tiles)
{
    expect_tile(40000, 40000, 1, 512, 2048, 512);
    expect_tile(40000, 40000, 1, 0, 16384, 64);
}
END_TEST

START_TEST(small_rasters_are_cut_for_all_workers)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_machine(p, 1, 8);
    planning_pair(p, 1000, 1000, 8);
    p->targets[0].block_width = p->targets[0].block_height = 64;
    plan = planning_plan(p);
    ck_assert_int_ge(plan->task_count, 32);
    planning_free(p);
}
END_TEST

START_TEST(a_tile_is_never_larger_than_the_window)
{
    expect_tile(300, 300, 300, 512, 300, 300);
    expect_tile(1, 1, 1, 0, 1, 1);
}
END_TEST

START_TEST(whole_rows_are_tiles_where_outputs_have_strips)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, 10000, 512, 512);
    p->targets[0].block_width = 10000;
    p->targets[0].block_height = 8;
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stages[0].tile_width, 10000);
    ck_assert_int_eq(plan->stages[0].tile_height % 8, 0);
    ck_assert_int_lt(plan->stages[0].tile_height, 64);
    planning_free(p);
}
END_TEST

START_TEST(tiles_are_unions_of_the_blocks_of_all_outputs)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, 10000, 256, 256);
    planning_save(p, p->targets[0].node, 48);
    p->targets[0].block_width = p->targets[0].block_height = 64;
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stages[0].tile_width % 192, 0);
    ck_assert_int_eq(plan->stages[0].tile_height % 192, 0);
    planning_free(p);
}
END_TEST

START_TEST(the_tile_option_is_rounded_up_to_blocks)
{
    static const int given[][3] = {
        { 64, 512, 512 }, { 512, 512, 512 }, { 1000, 1024, 1024 }, { 99999, 10000, 10000 }
    };

    for (int i = 0; i < 4; i++) {
        Planning *p = planning_new();
        WfPlan *plan;

        planning_pair(p, 10000, 256, 256);
        p->options.tile = given[i][0];
        plan = planning_plan(p);
        ck_assert_int_eq(plan->stages[0].tile_width, given[i][1]);
        ck_assert_int_eq(plan->stages[0].tile_height, given[i][2]);
        planning_free(p);
    }
}
END_TEST

START_TEST(the_tile_option_shapes_tiles_of_memory_freely_in_rows)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, 1000, 256, 256);
    p->targets[0].block_width = p->targets[0].block_height = 0;
    p->options.tile = 70;
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stages[0].tile_width, 128);
    ck_assert_int_eq(plan->stages[0].tile_height, 70);
    planning_free(p);
}
END_TEST

START_TEST(each_scale_is_smaller_down_to_an_end)
{
    Planning *p = planning_new();
    WfPlan *plan;
    int64_t before = INT64_MAX;
    int scales = 0;

    planning_pair(p, 10000, 256, 256);
    p->targets[0].block_width = p->targets[0].block_height = 16;
    plan = planning_plan(p);
    for (; wf_tile(plan, scales); scales++) {
        int64_t area = (int64_t)plan->stages[0].tile_width * plan->stages[0].tile_height;

        ck_assert_int_lt(area, before);
        before = area;
    }
    ck_assert_int_eq(scales, 4);
    ck_assert_int_eq(before, 64 * 64);
    planning_free(p);
}
END_TEST

START_TEST(rows_of_a_turn_fit_half_the_cache)
{
    Planning *p = planning_new();
    WfPlan *plan;
    const WfStage *stage;

    planning_pair(p, 40000, 40000, 1);
    plan = planning_plan(p);
    stage = &plan->stages[0];
    ck_assert_int_eq(stage->step, (1 << 19) / (2048 * 8));
    planning_free(p);
}
END_TEST

START_TEST(rows_of_outputs_are_padded)
{
    Planning *p = planning_new();
    WfPlan *plan;
    const WfStage *stage;

    planning_pair(p, 1000, 100, 100);
    plan = planning_plan(p);
    stage = &plan->stages[0];
    ck_assert_uint_eq(stage->output_bytes,
                      (size_t)wf_padded(stage->tile_width) * (size_t)stage->tile_height * 4);
    planning_free(p);
}
END_TEST

START_TEST(tiles_grow_where_rings_overlap)
{
    Planning *p = planning_new();
    PlanningFile file = {
        .width = 10000, .height = 10000, .block_width = 512, .block_height = 512
    };
    WeftNode a = planning_band(p, &file, 1, planning_grid(p, 10000, 10000)), x;
    WfPlan *plan;

    x = planning_pass(p, a, 8, false, WF_EDGES_REFLECT);
    x = planning_pass(p, x, 8, true, WF_EDGES_EXTEND);
    x = planning_window(p, x, 1, WF_EDGES_NEAREST);
    planning_save(p, planning_window(p, planning_sum(p, x, x), 1, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 4);
    ck_assert_int_eq(plan->stages[0].tile_width % 512, 0);
    ck_assert_int_eq(plan->stages[0].tile_height % 512, 0);
    for (int k = 0; k < 4; k++)
        ck_assert_int_le(wf_kernel_pixels(plan, k), 105000000);
    planning_free(p);
}
END_TEST

START_TEST(tiles_that_reach_far_still_leave_one_to_each_worker)
{
    Planning *p = planning_new();
    PlanningFile file = { .width = 4000, .height = 4000, .block_width = 512, .block_height = 512 };
    WeftNode a = planning_band(p, &file, 1, planning_grid(p, 4000, 4000));
    WfPlan *plan;

    planning_machine(p, 1, 4);
    planning_save(p, planning_neighbour(p, planning_sum(p, a, a), 0, 400, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    ck_assert_int_ge(plan->task_count, 4);
    planning_free(p);
}
END_TEST

START_TEST(stencils_of_a_file_leave_tiles_as_they_are)
{
    Planning *p = planning_new();
    PlanningFile file = {
        .width = 10000, .height = 10000, .block_width = 512, .block_height = 512
    };
    WeftNode a = planning_band(p, &file, 1, planning_grid(p, 10000, 10000));
    WfPlan *plan;

    planning_save(p, planning_window(p, a, 10, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stages[0].tile_width, 512);
    ck_assert_int_eq(plan->stages[0].tile_height, 512);
    ck_assert_int_eq(plan->pixels_planned, 100000000);
    planning_free(p);
}
END_TEST

START_TEST(tiles_cover_the_window_once)
{
    Planning *p = planning_new();
    WfPlan *plan;
    int64_t area = 0;

    planning_pair(p, 1000, 256, 256);
    p->targets[0].window = (WfRect) { 30, 40, 830, 900 };
    p->targets[0].block_width = p->targets[0].block_height = 64;
    plan = planning_plan(p);
    for (int64_t k = 0; k < plan->task_count; k++) {
        WfRect rect = wf_task_rect(plan, &plan->tasks[k]);

        ck_assert(wf_rect_holds(plan->stages[0].window, rect));
        for (int64_t j = 0; j < k; j++)
            ck_assert(wf_rect_empty(wf_rect_meet(rect, wf_task_rect(plan, &plan->tasks[j]))));
        area += wf_rect_area(rect);
    }
    ck_assert_int_eq(area, 800 * 860);
    planning_free(p);
}
END_TEST

CHECK_MAIN("tile", one_output_block_is_a_tile_where_files_have_tiles,
           tiles_are_as_large_as_larger_file_blocks, strips_make_wide_and_low_tiles,
           small_rasters_are_cut_for_all_workers, a_tile_is_never_larger_than_the_window,
           whole_rows_are_tiles_where_outputs_have_strips,
           tiles_are_unions_of_the_blocks_of_all_outputs, the_tile_option_is_rounded_up_to_blocks,
           the_tile_option_shapes_tiles_of_memory_freely_in_rows,
           each_scale_is_smaller_down_to_an_end, rows_of_a_turn_fit_half_the_cache,
           rows_of_outputs_are_padded, tiles_grow_where_rings_overlap,
           tiles_that_reach_far_still_leave_one_to_each_worker,
           stencils_of_a_file_leave_tiles_as_they_are, tiles_cover_the_window_once)
