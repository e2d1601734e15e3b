/* check_place.c - the order of tiles, and which node owns which. */
#include "planning.h"

START_TEST(one_node_takes_tiles_row_by_row)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, 2000, 512, 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->task_count, 16);
    for (int64_t k = 0; k < plan->task_count; k++)
        ck_assert_int_eq(plan->tasks[k].tile, k);
    planning_free(p);
}
END_TEST

START_TEST(tall_blocks_are_taken_column_by_column)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_pair(p, 8000, 64, 8000);
    plan = planning_plan(p);
    ck_assert(plan->stages[0].by_columns);
    ck_assert_int_eq(plan->tasks[1].tile, plan->stages[0].tiles_x);
    ck_assert_int_eq(plan->blocks_planned, 250);
    planning_free(p);
}
END_TEST

START_TEST(nodes_own_runs_in_proportion_to_their_workers)
{
    Planning *p = planning_new();
    int64_t tiles[2] = { 0 };
    WfPlan *plan;

    planning_machine(p, 2, 2);
    p->nodes[0].worker_count = 1;
    p->nodes[1].worker_count = 3;
    planning_pair(p, 512 * 16, 512, 512);
    plan = planning_plan(p);
    for (int64_t k = 0; k < plan->task_count; k++)
        tiles[plan->tasks[k].node]++;
    ck_assert_int_eq(tiles[0], 64);
    ck_assert_int_eq(tiles[1], 192);
    for (int64_t k = 0; k < plan->task_count; k++)
        ck_assert_int_eq(plan->tasks[k].node, plan->tasks[k].tile >= 64);
    planning_free(p);
}
END_TEST

START_TEST(admission_takes_from_the_runs_in_proportion)
{
    Planning *p = planning_new();
    int64_t first = 0;
    WfPlan *plan;

    planning_machine(p, 2, 2);
    p->nodes[0].worker_count = 1;
    p->nodes[1].worker_count = 3;
    planning_pair(p, 512 * 16, 512, 512);
    plan = planning_plan(p);
    for (int64_t k = 0; k < plan->task_count; k++) {
        first += plan->tasks[k].node == 0;
        ck_assert_int_le(first, (k + 1) / 4 + 1);
        ck_assert_int_ge(first, (k + 1) / 4);
    }
    planning_free(p);
}
END_TEST

START_TEST(a_node_without_workers_owns_nothing)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_machine(p, 3, 2);
    p->nodes[1].worker_count = 0;
    p->machine.worker_count = 4;
    planning_pair(p, 5000, 512, 512);
    plan = planning_plan(p);
    for (int64_t k = 0; k < plan->task_count; k++)
        ck_assert_int_ne(plan->tasks[k].node, 1);
    planning_free(p);
}
END_TEST

START_TEST(a_cut_moves_to_the_row_where_no_block_is_shared)
{
    Planning *p = planning_new();
    WfPlan *plan;

    /* 13 rows of tiles, blocks two tiles high: the middle is in a row, rows 6 and 7 are near it,
     * and the cut before row 7 would divide a row of blocks. */
    planning_machine(p, 2, 1);
    planning_pair(p, 512 * 13, 4096, 1024);
    p->options.tile = 512;
    plan = planning_plan(p);
    for (int64_t k = 0; k < plan->task_count; k++)
        ck_assert_int_eq(plan->tasks[k].node, plan->tasks[k].tile >= 6 * 13);
    ck_assert_int_eq(plan->bytes_across, 0);
    planning_free(p);
}
END_TEST

START_TEST(rows_stay_whole_where_each_node_has_one)
{
    for (int rows = 4; rows <= 9; rows++) {
        Planning *p = planning_new();
        int64_t tiles[4] = { 0 };
        WfPlan *plan;

        planning_machine(p, 4, 2);
        planning_pair(p, 512 * rows, 512 * rows, 16);
        p->options.tile = 512;
        plan = planning_plan(p);
        ck_assert_int_eq(plan->bytes_across, 0);
        for (int64_t k = 0; k < plan->task_count; k++)
            tiles[plan->tasks[k].node]++;
        for (int n = 0; n < 4; n++)
            ck_assert_int_ge(tiles[n], rows);
        planning_free(p);
    }
}
END_TEST

START_TEST(a_row_is_cut_where_nodes_are_many)
{
    Planning *p = planning_new();
    WfPlan *plan;
    int64_t tiles[4] = { 0 };

    planning_machine(p, 4, 1);
    planning_pair(p, 1000, 512, 512);
    p->targets[0].block_width = p->targets[0].block_height = 64;
    p->options.tile = 256;
    p->targets[0].window.y1 = 256;
    plan = planning_plan(p);
    ck_assert_int_eq(plan->task_count, 4);
    for (int64_t k = 0; k < plan->task_count; k++)
        tiles[plan->tasks[k].node]++;
    for (int n = 0; n < 4; n++)
        ck_assert_int_eq(tiles[n], 1);
    ck_assert_int_gt(plan->bytes_across, 0);
    planning_free(p);
}
END_TEST

static void save_scenes(Planning *p, int count)
{
    const WeftGrid *grid = planning_grid(p, 2000, 2000);

    for (int i = 0; i < count; i++) {
        PlanningFile file = {
            .store = i, .width = 2000, .height = 2000, .block_width = 300, .block_height = 300
        };

        planning_save(p, planning_band(p, &file, 1, grid), 512);
    }
}

START_TEST(whole_branches_are_dealt_out_where_there_are_enough)
{
    Planning *p = planning_new();
    WfPlan *plan;
    int owner[8], load[4] = { 0 };

    planning_machine(p, 4, 2);
    save_scenes(p, 8);
    plan = planning_plan(p);
    for (int s = 0; s < 8; s++)
        owner[s] = -1;
    for (int64_t k = 0; k < plan->task_count; k++) {
        const WfTask *task = &plan->tasks[k];

        ck_assert(owner[task->stage] < 0 || owner[task->stage] == task->node);
        owner[task->stage] = task->node;
        load[task->node]++;
    }
    for (int n = 0; n < 4; n++)
        ck_assert_int_eq(load[n], plan->task_count / 4);
    ck_assert_int_eq(plan->bytes_across, 0);
    planning_free(p);
}
END_TEST

START_TEST(branches_are_cut_where_dealing_them_out_is_unfair)
{
    Planning *p = planning_new();
    WfPlan *plan;
    int load[4] = { 0 };

    planning_machine(p, 4, 2);
    save_scenes(p, 5);
    plan = planning_plan(p);
    for (int64_t k = 0; k < plan->task_count; k++)
        load[plan->tasks[k].node]++;
    for (int n = 0; n < 4; n++)
        ck_assert_int_le(load[n], plan->task_count * 5 / 16 + 1);
    planning_free(p);
}
END_TEST

START_TEST(fewer_workers_are_shared_out_over_the_nodes)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_machine(p, 4, 2);
    planning_pair(p, 1000, 512, 512);
    plan = planning_plan(p);
    for (int active = 1; active <= 8; active++) {
        int sum = 0;

        plan->active_workers = active;
        for (int n = 0; n < 4; n++) {
            ck_assert_int_le(wf_plan_active(plan, n), 2);
            sum += wf_plan_active(plan, n);
        }
        ck_assert_int_eq(sum, active);
    }
    plan->active_workers = 4;
    for (int n = 0; n < 4; n++)
        ck_assert_int_eq(wf_plan_active(plan, n), 1);
    planning_free(p);
}
END_TEST

CHECK_MAIN("place", one_node_takes_tiles_row_by_row, tall_blocks_are_taken_column_by_column,
           nodes_own_runs_in_proportion_to_their_workers,
           admission_takes_from_the_runs_in_proportion, a_node_without_workers_owns_nothing,
           a_cut_moves_to_the_row_where_no_block_is_shared, rows_stay_whole_where_each_node_has_one,
           a_row_is_cut_where_nodes_are_many, whole_branches_are_dealt_out_where_there_are_enough,
           branches_are_cut_where_dealing_them_out_is_unfair,
           fewer_workers_are_shared_out_over_the_nodes)
