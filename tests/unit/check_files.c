/* check_files.c - bands and blocks of the files that a plan reads. */
#include "planning.h"

static const PlanningFile layout = {
    .width = 1000, .height = 900, .block_width = 100, .block_height = 70
};

START_TEST(bands_of_a_block_do_not_overlap_and_leave_slack)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 900);
    PlanningFile bytes = layout;
    const WfPlanFile *file;
    WfPlan *plan;

    bytes.type = WEFT_U8;
    planning_save(p,
                  planning_sum(p, planning_band(p, &layout, 3, grid),
                               planning_band(p, &bytes, WF_BAND_MASK + 3, grid)),
                  512);
    plan = planning_plan(p);
    file = &plan->files[0];
    ck_assert_int_eq(plan->file_count, 1);
    ck_assert_int_eq(file->bands[0], 3);
    ck_assert_int_eq(file->types[0], WEFT_U16);
    ck_assert_int_eq(file->bands[1], WF_BAND_MASK + 3);
    ck_assert_int_eq(file->types[1], WEFT_U8);
    ck_assert_uint_eq(file->band_offset[0], 0);
    ck_assert_uint_ge(file->band_offset[1], 100 * 70 * 2);
    ck_assert_uint_eq(file->band_offset[1] % WF_ALIGN, 0);
    ck_assert_uint_ge(file->block_bytes, file->band_offset[1] + 100 * 70 + WF_SLACK);
    ck_assert_int_eq(file->blocks_x, 10);
    ck_assert_int_eq(file->blocks_y, 13);
    planning_free(p);
}
END_TEST

START_TEST(one_band_read_twice_is_decoded_once)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 900, 900);
    PlanningFile moved = layout;
    WfPlan *plan;

    moved.dx = 100;
    planning_save(
        p, planning_sum(p, planning_band(p, &layout, 2, grid), planning_band(p, &moved, 2, grid)),
        512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->input_count, 2);
    ck_assert_int_eq(plan->files[0].band_count, 1);
    ck_assert_int_eq(plan->inputs[0].slot, 0);
    ck_assert_int_eq(plan->inputs[1].slot, 0);
    ck_assert_int_eq(plan->bytes_planned, 1000 * 900 * 2);
    planning_free(p);
}
END_TEST

START_TEST(blocks_are_numbered_through_all_files)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, 1000, 100, 100);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->files[0].block_first, 0);
    ck_assert_int_eq(plan->files[1].block_first, 100);
    ck_assert_int_eq(plan->block_count, 200);
    planning_free(p);
}
END_TEST

START_TEST(rows_of_a_shoulder_are_padded)
{
    Planning *p = planning_new();
    WfRect late = { 10, 5, 80, 8 };
    WfPlan *plan;

    planning_pair(p, 1000, 100, 100);
    plan = planning_plan(p);
    ck_assert_uint_eq(wf_shoulder_offset(&plan->files[0], late, 0), 0);
    ck_assert_uint_eq(wf_shoulder_offset(&plan->files[0], late, 1), 128 * 3 * 2 + WF_SLACK);
    planning_free(p);
}
END_TEST

START_TEST(a_task_reads_inside_the_image_only)
{
    Planning *p = planning_new();
    WfPlan *plan;
    WfRect image = { 0, 0, 1000, 900 };

    planning_save(p, planning_band(p, &layout, 1, planning_grid(p, 1000, 900)), 512);
    plan = planning_plan(p);
    for (int64_t k = 0; k < plan->task_count; k++) {
        WfRect rect = wf_task_file_rect(plan, &plan->tasks[k], 0);

        ck_assert(wf_rect_equal(rect, wf_task_rect(plan, &plan->tasks[k])));
        ck_assert(wf_rect_holds(image, rect));
    }
    planning_free(p);
}
END_TEST

CHECK_MAIN("files", bands_of_a_block_do_not_overlap_and_leave_slack,
           one_band_read_twice_is_decoded_once, blocks_are_numbered_through_all_files,
           rows_of_a_shoulder_are_padded, a_task_reads_inside_the_image_only)
