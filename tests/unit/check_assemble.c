/* check_assemble.c - what a kernel holds, and what it reads: files, rings, edges. */
#include "planning.h"

static WeftNode plain_band(Planning *p, WeftType type)
{
    PlanningFile file = planning_square;

    file.type = type;
    return planning_band(p, &file, 1, planning_grid(p, 1000, 1000));
}

static bool has_node(const WfKernel *kernel, WeftNode node)
{
    for (int i = 0; i < kernel->node_count; i++)
        if (kernel->nodes[i] == node)
            return true;
    return false;
}

static const WfPlanInput *input_at(const WfPlan *plan, const WfKernel *kernel, int i)
{
    ck_assert_int_lt(i, kernel->input_count);
    return &plan->inputs[kernel->inputs[i]];
}

START_TEST(a_stencil_of_a_file_is_one_kernel_without_rings)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32), sum = planning_window(p, a, 2, WF_EDGES_INVALID);
    const WfPlanInput *input;
    WfPlan *plan;

    planning_save(p, planning_sum(p, sum, a), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 1);
    ck_assert_int_eq(plan->ring_count, 0);
    ck_assert_int_eq(plan->kernels[0].input_count, 1);
    input = input_at(plan, &plan->kernels[0], 0);
    ck_assert_int_eq(input->ring, -1);
    ck_assert_int_eq(input->node, a);
    planning_check_reach(input->window, 2, 2, 2, 2);
    planning_free(p);
}
END_TEST

START_TEST(the_node_below_a_neighbour_is_no_node_of_the_kernel)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32);
    WeftNode next = planning_neighbour(p, a, 1, 0, WF_EDGES_NEAREST);
    WfPlan *plan;

    planning_save(p, next, 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernels[0].node_count, 1);
    ck_assert_int_eq(plan->kernels[0].nodes[0], next);
    ck_assert_int_eq(plan->kernels[0].input_count, 1);
    planning_check_reach(plan->inputs[0].window, 0, 0, 1, 0);
    planning_free(p);
}
END_TEST

START_TEST(two_edge_rules_on_one_node_are_two_inputs)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32), x = planning_sum(p, a, a);
    WeftNode one = planning_neighbour(p, x, -1, 0, WF_EDGES_NEAREST);
    WeftNode two = planning_neighbour(p, x, 0, -2, WF_EDGES_REFLECT);
    const WfKernel *kernel;
    WfPlan *plan;

    planning_save(p, planning_sum(p, one, two), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->ring_count, 1);
    ck_assert_int_eq(plan->kernel_count, 2);
    kernel = &plan->kernels[1];
    ck_assert_int_eq(kernel->input_count, 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(input_at(plan, kernel, i)->ring, 0);
        ck_assert_int_eq(input_at(plan, kernel, i)->node, x);
        ck_assert_int_eq(input_at(plan, kernel, i)->file, -1);
        ck_assert_int_eq(input_at(plan, kernel, i)->type, WEFT_F32);
    }
    ck_assert_int_eq(input_at(plan, kernel, 0)->edges, WF_EDGES_NEAREST);
    planning_check_reach(input_at(plan, kernel, 0)->window, 1, 0, 0, 0);
    ck_assert_int_eq(input_at(plan, kernel, 1)->edges, WF_EDGES_REFLECT);
    planning_check_reach(input_at(plan, kernel, 1)->window, 0, 2, 0, 2);
    planning_free(p);
}
END_TEST

START_TEST(constants_beyond_the_edge_are_told_apart)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32), sum = a;
    WfPlan *plan;

    for (int i = 0; i < 4; i++) {
        WeftNode next = planning_neighbour(p, a, 1, i, WF_EDGES_CONSTANT);

        p->graph->nodes[next].settings[3] = i / 2;
        sum = planning_sum(p, sum, next);
    }
    planning_save(p, sum, 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->ring_count, 1);
    ck_assert_int_eq(plan->kernels[1].input_count, 3);
    ck_assert(input_at(plan, &plan->kernels[1], 0)->constant == 0);
    ck_assert(input_at(plan, &plan->kernels[1], 1)->constant == 1);
    ck_assert_int_eq(input_at(plan, &plan->kernels[1], 2)->ring, -1);
    planning_free(p);
}
END_TEST

/* Rings for one neighbour of a file's band. */
static int rings_for(WeftType type, bool has_nodata, double nodata, WfEdges edges)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, type);
    WfPlan *plan;
    int count;

    p->graph->sources[0].has_nodata = has_nodata;
    p->graph->sources[0].nodata = nodata;
    planning_save(p, planning_neighbour(p, a, 1, 1, edges), 512);
    plan = planning_plan(p);
    count = plan->ring_count;
    if (count) {
        ck_assert_int_eq(plan->kernels[0].node_count, 1);
        ck_assert_int_eq(plan->kernels[0].nodes[0], a);
        ck_assert_int_eq(plan->inputs[plan->kernels[0].inputs[0]].ring, -1);
    }
    planning_free(p);
    return count;
}

START_TEST(a_file_is_read_directly_where_its_type_has_what_edges_need)
{
    ck_assert_int_eq(rings_for(WEFT_U8, false, 0, WF_EDGES_NEAREST), 0);
    ck_assert_int_eq(rings_for(WEFT_U8, false, 0, WF_EDGES_REFLECT), 0);
    ck_assert_int_eq(rings_for(WEFT_U8, false, 0, WF_EDGES_MIRROR), 0);
    ck_assert_int_eq(rings_for(WEFT_U8, false, 0, WF_EDGES_INVALID), 1);
    ck_assert_int_eq(rings_for(WEFT_U8, true, 255, WF_EDGES_INVALID), 0);
    ck_assert_int_eq(rings_for(WEFT_U8, true, 300, WF_EDGES_INVALID), 1);
    ck_assert_int_eq(rings_for(WEFT_I64, true, -1, WF_EDGES_INVALID), 0);
    ck_assert_int_eq(rings_for(WEFT_F32, false, 0, WF_EDGES_INVALID), 0);
    ck_assert_int_eq(rings_for(WEFT_F64, true, -9999, WF_EDGES_INVALID), 0);
    ck_assert_int_eq(rings_for(WEFT_F32, false, 0, WF_EDGES_CONSTANT), 1);
    ck_assert_int_eq(rings_for(WEFT_F32, false, 0, WF_EDGES_EXTEND), 1);
}
END_TEST

START_TEST(a_saved_node_with_a_ring_is_read_back)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32), x = planning_sum(p, a, a);
    const WfKernel *kernel;
    WfPlan *plan;

    planning_save(p, planning_window(p, x, 1, WF_EDGES_INVALID), 512);
    planning_save(p, x, 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->kernel_count, 2);
    kernel = &plan->kernels[1];
    ck_assert_int_eq(kernel->ring_count, 0);
    ck_assert_int_eq(kernel->output_count, 2);
    ck_assert_int_eq(kernel->input_count, 1);
    ck_assert(has_node(kernel, x));
    ck_assert(!has_node(kernel, a));
    planning_free(p);
}
END_TEST

START_TEST(beyond_the_edge_rings_go_on_and_files_are_their_nearest)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32), x = planning_sum(p, a, a);
    WeftNode next = planning_neighbour(p, x, 0, 1, WF_EDGES_INVALID);
    WeftNode y = planning_sum(p, planning_sum(p, x, a), next);
    const WfKernel *kernel;
    WfPlan *plan;

    planning_save(p, planning_neighbour(p, y, 0, -3, WF_EDGES_EXTEND), 512);
    plan = planning_plan(p);
    kernel = planning_filler(plan, y);
    ck_assert(kernel->extended);
    ck_assert(planning_filler(plan, x)->extended);
    ck_assert_int_eq(kernel->input_count, 3);
    ck_assert_int_eq(input_at(plan, kernel, 0)->node, a);
    ck_assert_int_eq(input_at(plan, kernel, 0)->edges, WF_EDGES_NEAREST);
    ck_assert_int_eq(input_at(plan, kernel, 1)->node, x);
    ck_assert_int_eq(input_at(plan, kernel, 1)->edges, WF_EDGES_EXTEND);
    ck_assert_int_eq(input_at(plan, kernel, 2)->node, x);
    ck_assert_int_eq(input_at(plan, kernel, 2)->edges, WF_EDGES_INVALID);
    planning_free(p);
}
END_TEST

static void never(void)
{
}

START_TEST(a_watched_node_is_counted_once)
{
    static const WeftOp watched = {
        .name = "cast", .shape = WEFT_POINT, .inputs = 1, .watch = { never, never }
    };
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32);
    WeftNode z = planning_node(p, &watched, a, WEFT_NONE, p->graph->nodes[a].grid);
    WeftNode x = planning_sum(p, z, a);
    int watches = 0;
    WfPlan *plan;

    planning_save(p, planning_sum(p, z, planning_neighbour(p, x, 1, 1, WF_EDGES_NEAREST)), 512);
    plan = planning_plan(p);
    ck_assert(has_node(&plan->kernels[0], z));
    ck_assert(has_node(&plan->kernels[1], z));
    for (int k = 0; k < plan->kernel_count; k++)
        watches += plan->kernels[k].watch_count;
    ck_assert_int_eq(watches, 1);
    planning_free(p);
}
END_TEST

START_TEST(readers_of_one_ring_come_after_it_and_share_a_kernel)
{
    Planning *p = planning_new();
    WeftNode a = plain_band(p, WEFT_F32), x = planning_sum(p, a, a);
    WfPlan *plan;

    for (int i = 0; i < 3; i++)
        planning_save(p, planning_neighbour(p, x, i, 1, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, 1);
    ck_assert_int_eq(plan->kernel_count, 2);
    ck_assert_int_eq(plan->kernels[0].ring_count, 1);
    ck_assert_int_eq(plan->kernels[0].rings[0], 0);
    ck_assert_int_eq(plan->kernels[0].output_count, 0);
    ck_assert_int_eq(plan->kernels[1].output_count, 3);
    ck_assert_int_eq(plan->kernels[1].input_count, 1);
    planning_check_reach(input_at(plan, &plan->kernels[1], 0)->window, 0, 0, 2, 1);
    ck_assert_int_eq(plan->stages[0].ring_count, 1);
    planning_free(p);
}
END_TEST

CHECK_MAIN("assemble", a_stencil_of_a_file_is_one_kernel_without_rings,
           the_node_below_a_neighbour_is_no_node_of_the_kernel,
           two_edge_rules_on_one_node_are_two_inputs, constants_beyond_the_edge_are_told_apart,
           a_file_is_read_directly_where_its_type_has_what_edges_need,
           a_saved_node_with_a_ring_is_read_back,
           beyond_the_edge_rings_go_on_and_files_are_their_nearest, a_watched_node_is_counted_once,
           readers_of_one_ring_come_after_it_and_share_a_kernel)
