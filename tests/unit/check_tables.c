/* check_tables.c - a plan counts its tables, and a memory node has a copy. */
#include "run/tables.h"
#include "planning.h"

static const WeftOp stepped = { .name = "stairs",
                                .shape = WEFT_POINT,
                                .inputs = 1,
                                .params = (const WeftParam[]) {
                                    { .name = "table", .kind = WEFT_PARAM_TABLE, .high = 3 },
                                    { .name = NULL } } };
static const double cells[] = { 1, 2, 3, 0.1, 5, 6, 7, 8 };

/* Two bands looked up in one table of f32, and the second in another of f64 too. */
static WfPlan *plan_of(Planning *p)
{
    PlanningFile file = {
        .width = 256, .height = 256, .block_width = 64, .block_height = 64, .type = WEFT_F32
    };
    const WeftGrid *grid = planning_grid(p, 256, 256);
    const WfTable *few = wf_graph_table(p->graph, cells, 2, 2, true, &p->err);
    const WfTable *more = wf_graph_table(p->graph, cells, 4, 2, true, &p->err);
    WeftNode a = planning_band(p, &file, 1, grid), b = planning_band(p, &file, 2, grid);
    WeftNode x = planning_node(p, &stepped, a, WEFT_NONE, grid);
    WeftNode y = planning_node(p, &stepped, b, WEFT_NONE, grid);
    WeftNode z = planning_node(p, &stepped, y, WEFT_NONE, grid);
    WfTarget target = {
        .type = WEFT_F32, .window = { 0, 0, 256, 256 }, .block_width = 64, .block_height = 64
    };

    ck_assert(few && more);
    p->graph->nodes[x].table = p->graph->nodes[y].table = few;
    p->graph->nodes[z].table = more;
    p->graph->nodes[z].wide_inside = true;
    target.node = planning_sum(p, x, z);
    p->targets[p->target_count++] = target;
    return planning_plan(p);
}

START_TEST(equal_tables_are_in_a_plan_once)
{
    Planning *p = planning_new();
    WfPlan *plan = plan_of(p);

    ck_assert_int_eq(plan->kernel_count, 1);
    ck_assert_int_eq(plan->table_count, 2);
    ck_assert_int_eq(plan->kernels[0].table_count, 2);
    ck_assert_uint_eq(plan->table_bytes, wf_align_up(2 * 2 * 4) + wf_align_up(4 * 2 * 8));
    planning_free(p);
}
END_TEST

START_TEST(each_node_of_the_machine_counts_a_copy)
{
    Planning *one = planning_new(), *four = planning_new();
    WfPlan *plan;
    int64_t with, without;

    planning_machine(four, 4, 1);
    plan = plan_of(four);
    with = plan->memory.workers;
    planning_machine(one, 1, 4);
    plan = plan_of(one);
    without = plan->memory.workers;
    ck_assert_int_eq(with - without, 3 * (int64_t)plan->table_bytes);
    planning_free(one);
    planning_free(four);
}
END_TEST

START_TEST(a_copy_has_the_cells_in_the_kernels_type)
{
    Planning *p = planning_new();
    WfPlan *plan = plan_of(p);
    WfTopo *topo = wf_topo_new("numa:1 core:1 pu:1", 0, &p->err);
    WfTables *tables = wf_tables_new(plan, topo, 0, &p->err);
    const WfFrameTable *list;

    ck_assert_ptr_nonnull(tables);
    list = wf_tables_of(tables, 0);
    ck_assert_int_eq(list[0].rows, 2);
    ck_assert(((const float *)list[0].cells)[3] == 0.1f);
    ck_assert_int_eq(list[1].rows, 4);
    ck_assert(((const double *)list[1].cells)[5] == 0.1);
    ck_assert_int_eq(wf_tables_bytes(tables), (int64_t)plan->table_bytes);
    wf_tables_free(tables);
    wf_topo_free(topo);
    planning_free(p);
}
END_TEST

CHECK_MAIN("tables", equal_tables_are_in_a_plan_once, each_node_of_the_machine_counts_a_copy,
           a_copy_has_the_cells_in_the_kernels_type)
