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
    wf_plan_free(plan);
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
    wf_plan_free(plan);
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
    wf_plan_free(plan);
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
    wf_plan_free(plan);
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
        wf_plan_free(plan);
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
    wf_plan_free(plan);
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
    wf_plan_free(plan);
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
    wf_plan_free(plan);
    planning_free(p);
}
END_TEST

START_TEST(parts_of_scratch_do_not_overlap_and_are_aligned)
{
    Planning *p = planning_new();
    WfPlan *plan;
    const WfStage *stage;
    size_t rows;

    planning_pair(p, 1000, 100, 100);
    plan = planning_plan(p);
    stage = &plan->stages[0];
    rows = (size_t)wf_padded(stage->tile_width) * (size_t)stage->step * 2;
    ck_assert_uint_eq(wf_scratch_rows(plan, 0, 0), 0);
    ck_assert_uint_ge(wf_scratch_rows(plan, 0, 1), rows + WF_SLACK);
    ck_assert_uint_ge(wf_scratch_pointers(plan, 0, 0), 2 * (rows + WF_SLACK));
    for (int i = 0; i < 3; i++)
        ck_assert_uint_ge(wf_scratch_pointers(plan, 0, i + 1),
                          wf_scratch_pointers(plan, 0, i) + (size_t)stage->step * sizeof(void *));
    ck_assert_uint_ge(stage->scratch_bytes, wf_scratch_frame(plan, 0) + 3 * sizeof(void *));
    ck_assert_uint_eq(wf_scratch_rows(plan, 0, 1) % WF_ALIGN, 0);
    ck_assert_uint_eq(stage->scratch_bytes % WF_ALIGN, 0);
    ck_assert_uint_eq(stage->output_bytes,
                      (size_t)wf_padded(stage->tile_width) * (size_t)stage->tile_height * 4);
    wf_plan_free(plan);
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
    wf_plan_free(plan);
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
           parts_of_scratch_do_not_overlap_and_are_aligned, tiles_cover_the_window_once)
