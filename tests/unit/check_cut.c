/* check_cut.c - loops that are too long for one kernel. */
#include "planning.h"

static const PlanningFile square = {
    .width = 1000, .height = 1000, .block_width = 256, .block_height = 256
};

/* ((a + b) + b) ..., so many sums. */
static WeftNode chain(Planning *p, WeftNode a, WeftNode b, int count)
{
    for (int i = 0; i < count; i++)
        a = planning_sum(p, a, b);
    return a;
}

/* Nodes that the kernels compute, each as often as it is computed; and the most of one kernel. */
static int computed(const WfPlan *plan, int *most)
{
    int sum = 0;

    *most = 0;
    for (int k = 0; k < plan->kernel_count; k++) {
        const WfKernel *kernel = &plan->kernels[k];
        int own = 0;

        for (int i = 0; i < kernel->node_count; i++) {
            bool read = false;

            for (int j = 0; j < kernel->input_count; j++)
                read |= plan->inputs[kernel->inputs[j]].node == kernel->nodes[i];
            own += !read;
        }
        sum += own;
        *most = own > *most ? own : *most;
    }
    return sum;
}

static void check_order(const WfPlan *plan)
{
    for (int i = 0; i < plan->input_count; i++)
        if (plan->inputs[i].ring >= 0)
            ck_assert_int_lt(plan->rings[plan->inputs[i].ring].kernel, plan->inputs[i].kernel);
}

static WfPlan *plan_of_chain(Planning *p, int count)
{
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &square, 1, grid), b = planning_band(p, &square, 2, grid);

    planning_save(p, chain(p, a, b, count), 512);
    return planning_plan(p);
}

START_TEST(a_thousand_operators_are_one_kernel)
{
    Planning *p = planning_new();
    WfPlan *plan = plan_of_chain(p, 1000);

    ck_assert_int_eq(plan->kernel_count, 1);
    planning_free(p);
}
END_TEST

START_TEST(a_longer_chain_is_several_kernels_that_hand_over_one_row)
{
    Planning *p = planning_new();
    WfPlan *plan = plan_of_chain(p, 3000);
    int most;

    ck_assert_int_gt(plan->kernel_count, 2);
    ck_assert_int_eq(plan->ring_count, plan->kernel_count - 1);
    ck_assert_int_eq(computed(plan, &most), 3000);
    ck_assert_int_le(most, 1024);
    check_order(plan);
    planning_free(p);
}
END_TEST

START_TEST(what_many_outputs_share_is_computed_once)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &square, 1, grid), b = planning_band(p, &square, 2, grid);
    WfPlan *plan;
    int most;

    for (int i = 0; i < 60; i++) {
        a = chain(p, a, b, 18);
        planning_save(p, planning_sum(p, a, a), 512);
    }
    plan = planning_plan(p);
    ck_assert_int_gt(plan->kernel_count, 2);
    ck_assert_int_eq(computed(plan, &most), 60 * 19);
    ck_assert_int_le(most, 1024);
    check_order(plan);
    planning_free(p);
}
END_TEST

START_TEST(a_long_chain_below_a_window_is_cut_too)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 1000, 1000);
    WeftNode a = planning_band(p, &square, 1, grid), b = planning_band(p, &square, 2, grid);
    WeftNode top = chain(p, a, b, 2000);
    WfPlan *plan;
    int most;

    planning_save(p, planning_window(p, top, 2, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    computed(plan, &most);
    ck_assert_int_le(most, 1024);
    check_order(plan);
    planning_check_reach(planning_filler(plan, top)->reach, 2, 2, 2, 2);
    planning_check_reach(plan->kernels[0].reach, 2, 2, 2, 2);
    planning_free(p);
}
END_TEST

CHECK_MAIN("cut", a_thousand_operators_are_one_kernel,
           a_longer_chain_is_several_kernels_that_hand_over_one_row,
           what_many_outputs_share_is_computed_once, a_long_chain_below_a_window_is_cut_too)
