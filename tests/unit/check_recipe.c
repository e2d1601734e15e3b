/* check_recipe.c - a whole plan: its errors, memory that fails, many stages. */
#include "planning.h"

START_TEST(a_target_that_is_a_number_is_refused)
{
    Planning *p = planning_new();

    p->targets[0].node = wf_graph_constant(p->graph, 1, true, NULL, &p->err);
    p->targets[0].window = (WfRect) { 0, 0, 1, 1 };
    ck_assert_ptr_null(planning_try(p));
    p->target_count = 1;
    ck_assert_ptr_null(planning_try(p));
    ck_assert_int_eq(p->err.code, WEFT_EBUG);
    planning_free(p);
}
END_TEST

START_TEST(tiles_without_number_are_refused)
{
    Planning *p = planning_new();

    planning_save(p,
                  planning_node(p, &planning_random, WEFT_NONE, WEFT_NONE,
                                planning_grid(p, (int64_t)1 << 31, (int64_t)1 << 31)),
                  0);
    p->options.tile = 64;
    ck_assert_ptr_null(planning_try(p));
    ck_assert_int_eq(p->err.code, WEFT_EARG);
    planning_free(p);
}
END_TEST

START_TEST(any_allocation_may_fail)
{
    Planning *p = planning_new();
    WfPlan *plan = NULL;
    int64_t failures = 0;

    planning_machine(p, 2, 2);
    planning_pair(p, 2000, 300, 300);
    planning_save(p, planning_window(p, p->targets[0].node, 1, WF_EDGES_NEAREST), 512);
    for (int64_t n = 1; !plan; n++) {
        wf_mem_fail_at(n);
        plan = planning_try(p);
        wf_mem_fail_at(0);
        if (plan)
            break;
        ck_assert_int_eq(p->err.code, WEFT_EMEM);
        ck_assert_str_eq(p->err.hint, "");
        failures = n;
    }
    ck_assert_int_gt(failures, 10);
    planning_free(p);
}
END_TEST

START_TEST(a_batch_of_many_scenes_is_planned)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_machine(p, 4, 2);
    for (int i = 0; i < PLANNING_TARGETS; i++) {
        PlanningFile file = {
            .store = i, .width = 3000 + i, .height = 3000, .block_width = 256, .block_height = 256
        };

        planning_save(p, planning_band(p, &file, 1, planning_grid(p, 3000 + i, 3000)), 512);
    }
    plan = planning_plan(p);
    ck_assert_int_eq(plan->stage_count, PLANNING_TARGETS);
    ck_assert_int_eq(plan->blocks_planned, PLANNING_TARGETS * 12 * 12);
    ck_assert_int_eq(plan->bytes_across, 0);
    planning_free(p);
}
END_TEST

CHECK_MAIN("recipe", a_target_that_is_a_number_is_refused, tiles_without_number_are_refused,
           any_allocation_may_fail, a_batch_of_many_scenes_is_planned)
