/*
 * planning.h - graphs, machines and plans for the tests of plan/: sources without files, one
 * operator, nodes described by hand. A failure ends the test.
 */
#ifndef PLANNING_H
#define PLANNING_H

#include <string.h>

#include "harness.h"
#include "plan/parts.h"

static const WeftOp planning_add = {
    .name = "add", .shape = WEFT_POINT, .inputs = 1, .more = true
};
static const WeftOp planning_exp = { .name = "exp",
                                     .family = "roots and exponentials",
                                     .shape = WEFT_POINT,
                                     .inputs = 1,
                                     .gives = WEFT_GIVES_REAL };
static const WeftOp planning_shift = { .name = "neighbour", .shape = WEFT_FOCAL, .inputs = 1 };
static const WeftOp planning_random = { .name = "random", .shape = WEFT_INDEX };

enum { PLANNING_TARGETS = 64, PLANNING_PLANS = 4096 };

/* The file that layouts are given for; change it, then make bands of it. */
typedef struct PlanningFile {
    int store;
    int64_t width, height;
    int block_width, block_height;
    int64_t dx, dy;
    WeftType type;
    bool costly;
} PlanningFile;

typedef struct Planning {
    WfGraph *graph;
    WfTarget targets[PLANNING_TARGETS];
    int target_count;
    WfMachine machine;
    WfMachineNode nodes[16];
    WfMachineWorker workers[64];
    float distances[256];
    WfPlanOptions options;
    WfPlan *plans[PLANNING_PLANS]; /* all that were made: they live as long as this */
    int plan_count;
    WeftErr err;
} Planning;

/* A file that most tests read. */
static const PlanningFile planning_square = {
    .width = 1000, .height = 1000, .block_width = 256, .block_height = 256
};

static inline void planning_machine(Planning *p, int nodes, int workers_each)
{
    WfMachine machine = {
        .node_count = nodes,
        .nodes = p->nodes,
        .worker_count = nodes * workers_each,
        .workers = p->workers,
        .distances = p->distances,
        .l1 = 32768,
        .l2 = 1 << 20,
        .l3 = 32 << 20,
        .l2_sharers = 1,
        .l3_sharers = 2,
        .pretended = true,
    };

    for (int n = 0; n < nodes; n++)
        p->nodes[n] = (WfMachineNode) { .os = n, .worker_count = workers_each };
    for (int w = 0; w < machine.worker_count; w++)
        p->workers[w] = (WfMachineWorker) { .cpu = w, .node = w / workers_each, .core = w };
    for (int i = 0; i < nodes * nodes; i++)
        p->distances[i] = i % (nodes + 1) ? 20 : 10;
    p->machine = machine;
}

static inline Planning *planning_new(void)
{
    Planning *p = wf_zalloc(sizeof *p, NULL);
    WfPlaceOf place = { .file = "a.lua", .line = 1, .calls = "" };

    ck_assert_ptr_nonnull(p);
    p->graph = wf_graph_new(&p->err);
    ck_assert_ptr_nonnull(p->graph);
    wf_graph_at(p->graph, &place);
    planning_machine(p, 1, 2);
    return p;
}

static inline void planning_free(Planning *p)
{
    for (int i = 0; i < p->plan_count; i++)
        wf_plan_free(p->plans[i]);
    wf_graph_free(p->graph);
    wf_free(p);
}

static inline const WeftGrid *planning_grid(Planning *p, int64_t width, int64_t height)
{
    WeftGrid grid = {
        .width = width,
        .height = height,
        .transform = { 0, 1, 0, 0, 0, -1 },
    };
    const WeftGrid *owned = wf_graph_grid(p->graph, &grid, &p->err);

    ck_assert_ptr_nonnull(owned);
    return owned;
}

static inline WeftNode planning_describe(Planning *p, WeftNode node, const WeftGrid *grid)
{
    ck_assert_int_ge(node, 0);
    p->graph->nodes[node].grid = grid;
    p->graph->nodes[node].type = WEFT_F32;
    return node;
}

static inline WeftNode planning_band(Planning *p, const PlanningFile *file, int band,
                                     const WeftGrid *grid)
{
    static const char *const paths[] = { "a.tif", "b.tif", "c.tif", "d.tif", "e.tif", "f.tif" };
    WfSource source = {
        .store = file->store,
        .path = paths[file->store % 6],
        .band = band,
        .type = file->type ? file->type : WEFT_U16,
        .width = file->width,
        .height = file->height,
        .block_width = file->block_width,
        .block_height = file->block_height,
        .dx = file->dx,
        .dy = file->dy,
        .costly = file->costly,
    };

    return planning_describe(p, wf_graph_load(p->graph, &source, grid, &p->err), grid);
}

/* Band 1 of that file, whole. */
static inline WeftNode planning_first(Planning *p)
{
    return planning_band(p, &planning_square, 1, planning_grid(p, 1000, 1000));
}

static inline WeftNode planning_node(Planning *p, const WeftOp *op, WeftNode a, WeftNode b,
                                     const WeftGrid *grid)
{
    WeftNode inputs[] = { a, b };
    int count = a == WEFT_NONE ? 0 : b == WEFT_NONE ? 1 : 2;

    return planning_describe(p, wf_graph_add(p->graph, op, inputs, count, NULL, 0, &p->err), grid);
}

static inline WeftNode planning_sum(Planning *p, WeftNode a, WeftNode b)
{
    return planning_node(p, &planning_add, a, b, p->graph->nodes[a].grid);
}

/* The value at (col + dcol, row + drow). */
static inline WeftNode planning_neighbour(Planning *p, WeftNode a, int dcol, int drow,
                                          WfEdges edges)
{
    double settings[] = { dcol, drow, edges, 0 };

    return planning_describe(p,
                             wf_graph_add(p->graph, &planning_shift, &a, 1, settings, 4, &p->err),
                             p->graph->nodes[a].grid);
}

/* The sum of neighbours from -reach to reach, across or down. */
static inline WeftNode planning_pass(Planning *p, WeftNode a, int reach, bool across, WfEdges edges)
{
    WeftNode sum = WEFT_NONE;

    for (int d = -reach; d <= reach; d++) {
        WeftNode here = planning_neighbour(p, a, across ? d : 0, across ? 0 : d, edges);

        sum = sum == WEFT_NONE ? here : planning_sum(p, sum, here);
    }
    return sum;
}

/* The sum of a window of 2 * reach + 1 pixels each way, in one kernel. */
static inline WeftNode planning_window(Planning *p, WeftNode a, int reach, WfEdges edges)
{
    WeftNode sum = WEFT_NONE;

    for (int row = -reach; row <= reach; row++)
        for (int col = -reach; col <= reach; col++) {
            WeftNode here = planning_neighbour(p, a, col, row, edges);

            sum = sum == WEFT_NONE ? here : planning_sum(p, sum, here);
        }
    return sum;
}

/* The kernel that fills the node's ring. */
static inline const WfKernel *planning_filler(const WfPlan *plan, WeftNode node)
{
    for (int r = 0; r < plan->ring_count; r++)
        if (plan->rings[r].node == node)
            return &plan->kernels[plan->rings[r].kernel];
    ck_abort_msg("node %d has no ring", node);
    return NULL;
}

static inline void planning_check_reach(WfReach reach, int left, int up, int right, int down)
{
    ck_assert_int_eq(reach.left, left);
    ck_assert_int_eq(reach.up, up);
    ck_assert_int_eq(reach.right, right);
    ck_assert_int_eq(reach.down, down);
}

/* The whole of a node to a sink of its own, with square blocks. */
static inline WfTarget *planning_save(Planning *p, WeftNode node, int block)
{
    const WeftGrid *grid = p->graph->nodes[node].grid;
    WfTarget *target = &p->targets[p->target_count];

    ck_assert_int_lt(p->target_count, PLANNING_TARGETS);
    *target = (WfTarget) {
        .node = node,
        .sink = p->target_count++,
        .type = WEFT_F32,
        .window = { 0, 0, grid->width, grid->height },
        .block_width = block,
        .block_height = block,
    };
    return target;
}

/* NULL: it was refused, and p->err says why. */
static inline WfPlan *planning_try(Planning *p)
{
    WfPlan *plan;

    ck_assert_int_lt(p->plan_count, PLANNING_PLANS);
    memset(&p->err, 0, sizeof p->err);
    plan = wf_plan_new(p->graph, p->targets, p->target_count, &p->machine, &p->options, &p->err);
    if (plan)
        p->plans[p->plan_count++] = plan;
    return plan;
}

static inline WfPlan *planning_plan(Planning *p)
{
    WfPlan *plan = planning_try(p);

    ck_assert_msg(plan != NULL, "%s", p->err.message);
    return plan;
}

/* Two u16 bands of two files of one layout, added, saved in blocks of 512: the commonest job. */
static inline void planning_pair(Planning *p, int64_t size, int block_width, int block_height)
{
    PlanningFile a = {
        .width = size, .height = size, .block_width = block_width, .block_height = block_height
    };
    PlanningFile b = a;
    const WeftGrid *grid = planning_grid(p, size, size);
    WeftNode first, second;

    b.store = 1;
    first = planning_band(p, &a, 1, grid);
    second = planning_band(p, &b, 1, grid);
    planning_save(p, planning_sum(p, first, second), 512);
}

/* A number that follows from a seed, below `below`. */
static inline int64_t planning_random_below(uint64_t *seed, int64_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((*seed >> 33) % (uint64_t)below);
}

#endif
