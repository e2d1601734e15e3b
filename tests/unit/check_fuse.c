/* check_fuse.c - what becomes one kernel, and what one stage. */
#include "planning.h"

START_TEST(twelve_operators_are_one_kernel)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &planning_square, 1, grid),
             b = planning_band(p, &planning_square, 2, grid);
    WfPlan *plan;

    for (int i = 0; i < 12; i++)
        a = planning_sum(p, a, b);
    planning_save(p, a, 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 1);
    ck_assert_int_eq(plan->kernel_count, 1);
    ck_assert_int_eq(plan->kernels[0].node_count, 14);
    ck_assert_int_eq(plan->kernels[0].input_count, 2);
    ck_assert_int_eq(plan->output_count, 1);
    ck_assert_int_eq(plan->pixels_planned, 1000000);
    planning_free(p);
}
END_TEST

START_TEST(the_common_part_of_two_outputs_is_in_one_kernel_once)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &planning_square, 1, grid), common = planning_sum(p, a, a);
    WfPlan *plan;

    planning_save(p, planning_sum(p, common, a), 512);
    planning_save(p, planning_node(p, &planning_exp, common, WEFT_NONE, grid), 256);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 1);
    ck_assert_int_eq(plan->kernels[0].node_count, 4);
    ck_assert_int_eq(plan->kernels[0].output_count, 2);
    for (int i = 1; i < 4; i++)
        ck_assert_int_lt(plan->kernels[0].nodes[i - 1], plan->kernels[0].nodes[i]);
    planning_free(p);
}
END_TEST

START_TEST(ten_bands_one_by_one_are_ten_kernels_of_one_stage)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode number = wf_graph_constant(p->graph, 2, true, NULL, &p->err);
    WfPlan *plan;

    for (int band = 10; band >= 1; band--)
        planning_save(p, planning_sum(p, planning_band(p, &planning_square, band, grid), number),
                      512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 1);
    ck_assert_int_eq(plan->kernel_count, 10);
    ck_assert_int_eq(plan->file_count, 1);
    ck_assert_int_eq(plan->files[0].band_count, 10);
    for (int b = 0; b < 10; b++)
        ck_assert_int_eq(plan->files[0].bands[b], b + 1);
    for (int k = 0; k < 10; k++) {
        const WfPlanInput *input = &plan->inputs[plan->kernels[k].inputs[0]];

        ck_assert_int_eq(plan->files[input->file].bands[input->slot], 10 - k);
        ck_assert_int_eq(plan->kernels[k].node_count, 3);
    }
    ck_assert_int_eq(plan->blocks_planned, 16);
    planning_free(p);
}
END_TEST

START_TEST(outputs_without_a_common_file_are_stages_of_their_own)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    PlanningFile other = planning_square;
    WfPlan *plan;

    other.store = 1;
    planning_save(p, planning_band(p, &planning_square, 1, grid), 512);
    planning_save(p, planning_band(p, &other, 1, grid), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 2);
    ck_assert_int_eq(plan->task_count, 8);
    planning_free(p);
}
END_TEST

START_TEST(another_window_is_another_stage)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &planning_square, 1, grid);
    WfPlan *plan;

    planning_save(p, a, 512);
    planning_save(p, a, 0)->window = (WfRect) { 10, 10, 20, 20 };
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 2);
    ck_assert_int_eq(plan->file_count, 1);
    ck_assert_int_eq(plan->input_count, 2);
    ck_assert_int_eq(plan->files[0].stage_count, 2);
    ck_assert_int_eq(plan->blocks_planned, 16);
    planning_free(p);
}
END_TEST

START_TEST(a_source_without_a_file_and_a_constant_are_kernels)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WfPlan *plan;

    planning_save(p, planning_node(p, &planning_random, WEFT_NONE, WEFT_NONE, grid), 512);
    planning_save(p, wf_graph_constant(p->graph, 7, true, grid, &p->err), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 2);
    ck_assert_int_eq(plan->file_count, 0);
    ck_assert_int_eq(plan->task_count, 8);
    ck_assert_int_eq(plan->memory.blocks, 0);
    planning_free(p);
}
END_TEST

START_TEST(one_node_may_go_to_two_sinks)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &planning_square, 1, grid);
    WfPlan *plan;

    planning_save(p, a, 512);
    planning_save(p, a, 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 1);
    ck_assert_int_eq(plan->kernels[0].node_count, 1);
    ck_assert_int_eq(plan->kernels[0].output_count, 2);
    planning_free(p);
}
END_TEST

START_TEST(many_outputs_that_share_a_mask_only_are_several_kernels)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode mask = planning_band(p, &planning_square, 100, grid);
    bool seen[40] = { false };
    WfPlan *plan;

    for (int i = 0; i < 40; i++)
        planning_save(p, planning_sum(p, planning_band(p, &planning_square, i + 1, grid), mask),
                      512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 1);
    ck_assert_int_eq(plan->kernel_count, 2);
    for (int k = 0; k < plan->kernel_count; k++) {
        const WfKernel *kernel = &plan->kernels[k];

        ck_assert_int_le(kernel->input_count + kernel->output_count, 48);
        for (int i = 0; i < kernel->output_count; i++)
            seen[kernel->outputs[i]] = true;
    }
    for (int i = 0; i < 40; i++)
        ck_assert(seen[i]);
    ck_assert_int_eq(plan->stages[0].input_count, 41);
    planning_free(p);
}
END_TEST

START_TEST(many_outputs_that_share_work_stay_one_kernel)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &planning_square, 1, grid), common = planning_sum(p, a, a);
    WfPlan *plan;

    for (int i = 0; i < 50; i++)
        planning_save(p, planning_sum(p, common, common), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 1);
    ck_assert_int_eq(plan->kernels[0].output_count, 50);
    planning_free(p);
}
END_TEST

START_TEST(rings_and_their_readers_are_one_stage)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode noise = planning_node(p, &planning_random, WEFT_NONE, WEFT_NONE, grid);
    WeftNode other = planning_node(p, &planning_random, WEFT_NONE, WEFT_NONE, grid);
    WfPlan *plan;

    planning_save(p, planning_window(p, noise, 1, WF_EDGES_NEAREST), 512);
    planning_save(p, planning_neighbour(p, noise, 5, 0, WF_EDGES_INVALID), 256);
    planning_save(p, planning_window(p, other, 1, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 2);
    ck_assert_int_eq(plan->ring_count, 2);
    ck_assert_int_eq(plan->stages[0].kernel_count, 2);
    ck_assert_int_eq(plan->stages[0].ring_count, 1);
    ck_assert_int_eq(plan->stages[0].output_count, 2);
    ck_assert_int_eq(plan->stages[1].rings[0], 1);
    planning_free(p);
}
END_TEST

START_TEST(two_windows_of_one_node_have_rings_of_their_own)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &planning_square, 1, grid), x = planning_sum(p, a, a);
    WeftNode sum = planning_window(p, x, 1, WF_EDGES_NEAREST);
    WfPlan *plan;

    planning_save(p, sum, 512);
    planning_save(p, sum, 0)->window = (WfRect) { 10, 10, 20, 20 };
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 2);
    ck_assert_int_eq(plan->ring_count, 2);
    for (int r = 0; r < 2; r++)
        ck_assert_int_eq(plan->kernels[plan->rings[r].kernel].stage, r);
    planning_free(p);
}
END_TEST

CHECK_MAIN("fuse", twelve_operators_are_one_kernel,
           the_common_part_of_two_outputs_is_in_one_kernel_once,
           ten_bands_one_by_one_are_ten_kernels_of_one_stage,
           outputs_without_a_common_file_are_stages_of_their_own, another_window_is_another_stage,
           a_source_without_a_file_and_a_constant_are_kernels, one_node_may_go_to_two_sinks,
           many_outputs_that_share_a_mask_only_are_several_kernels,
           many_outputs_that_share_work_stay_one_kernel, rings_and_their_readers_are_one_stage,
           two_windows_of_one_node_have_rings_of_their_own)
