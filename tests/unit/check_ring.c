/* check_ring.c - heights of rings, rows a turn, the scratch; random graphs followed row by row. */
#include "streaming.h"

#include <stdlib.h>

typedef struct Part {
    size_t from, to;
} Part;

static int compare_parts(const void *a, const void *b)
{
    const Part *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

static Part part_of(size_t from, int64_t bytes)
{
    ck_assert_uint_eq(from % WF_ALIGN, 0);
    return (Part) { from, from + (size_t)bytes };
}

static int64_t bytes_of(WeftType type)
{
    return wf_pixel(type)->bytes;
}

/* All parts of a stage's scratch are apart and inside. */
static void check_scratch(const WfPlan *plan, int number)
{
    const WfStage *stage = &plan->stages[number];
    int64_t pointer = sizeof(void *);
    Part parts[512];
    int count = 0, ports = 0;

    for (int r = 0; r < stage->ring_count; r++) {
        const WfRing *ring = &plan->rings[stage->rings[r]];

        parts[count++] =
            part_of(wf_scratch_ring(plan, number, stage->rings[r]),
                    ring->height * bytes_of(ring->type) * wf_ring_pixels(plan, stage->rings[r]));
    }
    for (int i = 0; i < stage->input_count; i++) {
        const WfPlanInput *input = &plan->inputs[stage->inputs[i]];
        bool constant = input->edges == WF_EDGES_INVALID || input->edges == WF_EDGES_CONSTANT;

        parts[count++] = part_of(wf_scratch_rows(plan, number, i),
                                 (input->height + constant) * bytes_of(input->type) *
                                     wf_row_pixels(plan, number, stage->inputs[i]));
        parts[count++] = part_of(wf_scratch_pointers(plan, number, i),
                                 (input->window.up + stage->step + input->window.down) * pointer);
    }
    for (int i = 0; i < stage->output_count + stage->ring_count; i++)
        parts[count++] = part_of(wf_scratch_pointers(plan, number, stage->input_count + i),
                                 stage->step * pointer);
    for (int i = 0; i < stage->kernel_count; i++) {
        const WfKernel *kernel = &plan->kernels[stage->kernels[i]];

        ports = kernel->input_count + kernel->output_count + 1 > ports
                    ? kernel->input_count + kernel->output_count + 1
                    : ports;
    }
    parts[count++] = part_of(wf_scratch_frame(plan, number), ports * pointer);
    ck_assert_int_le(count, 512);
    qsort(parts, (size_t)count, sizeof *parts, compare_parts);
    for (int i = 1; i < count; i++)
        ck_assert_uint_le(parts[i - 1].to, parts[i].from);
    ck_assert_uint_le(parts[count - 1].to, stage->scratch_bytes);
}

START_TEST(a_ring_keeps_its_window_and_a_step)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WeftNode x = planning_sum(p, a, a);
    const WfKernel *reader;
    const WfStage *stage;
    WfPlan *plan;

    planning_save(p, planning_window(p, x, 2, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    stage = &plan->stages[0];
    reader = &plan->kernels[1];
    ck_assert_int_eq(plan->rings[0].height, 2 + 2 + stage->step);
    ck_assert_int_eq(plan->rings[0].type, WEFT_F32);
    ck_assert_int_eq(plan->inputs[reader->inputs[0]].height, 2 + 2 + stage->step);
    ck_assert_int_ge(wf_ring_pixels(plan, 0), stage->tile_width + 4);
    ck_assert_int_ge(wf_row_margin(plan, reader->inputs[0]), 2);
    ck_assert_int_ge(wf_row_pixels(plan, 0, reader->inputs[0]),
                     wf_row_margin(plan, reader->inputs[0]) + wf_padded(stage->tile_width) + 2);
    check_scratch(plan, 0);
    planning_free(p);
}
END_TEST

START_TEST(a_ring_is_never_higher_than_what_a_tile_needs_of_it)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WeftNode x = planning_sum(p, a, a);
    WfPlan *plan;

    planning_save(p, planning_neighbour(p, x, 0, -4096, WF_EDGES_REFLECT), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->rings[0].height, 1000);
    ck_assert_int_eq(plan->pixels_planned, wf_kernel_pixels(plan, 0) + 1000000);
    streaming_check(plan);
    planning_free(p);
}
END_TEST

START_TEST(rows_that_can_be_pointed_at_have_no_room_of_their_own)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p);
    WeftNode x = planning_sum(p, a, a), y = planning_pass(p, x, 3, false, WF_EDGES_MIRROR);
    WfPlan *plan;

    planning_save(p, planning_pass(p, y, 3, true, WF_EDGES_NEAREST), 512);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->inputs[planning_filler(plan, y)->inputs[0]].height, 0);
    ck_assert_int_gt(plan->inputs[plan->kernels[2].inputs[0]].height, 0);
    check_scratch(plan, 0);
    planning_free(p);
}
END_TEST

START_TEST(rings_take_rows_from_the_turns)
{
    Planning *p = planning_new();
    WeftNode a = planning_first(p), x = a;
    WfPlan *plan;

    for (int i = 0; i < 8; i++)
        x = planning_window(p, planning_sum(p, x, x), 3, WF_EDGES_NEAREST);
    planning_save(p, x, 512);
    plan = planning_plan(p);
    ck_assert_int_lt(plan->stages[0].step, 64);
    ck_assert_int_ge(plan->stages[0].step, 8);
    ck_assert_int_eq(plan->ring_count, 8);
    check_scratch(plan, 0);
    streaming_check(plan);
    planning_free(p);
}
END_TEST

/* A node made of those in `nodes`, at random; half of the neighbours extend what is below. */
static WeftNode random_node(Planning *p, const WeftNode *nodes, int count, uint64_t *seed)
{
    WeftNode a = nodes[count - 1 - planning_random_below(seed, count < 3 ? count : 3)];
    WeftNode b = nodes[planning_random_below(seed, count)], node;
    int most = planning_random_below(seed, 8) ? 3 : 20;
    WfEdges edges = (WfEdges)planning_random_below(seed, WF_EDGES_EXTEND);

    if (planning_random_below(seed, 4) == 0)
        return planning_sum(p, a, b);
    node = planning_neighbour(p, a, (int)planning_random_below(seed, 2 * most + 1) - most,
                              (int)planning_random_below(seed, 2 * most + 1) - most,
                              planning_random_below(seed, 2) ? edges : WF_EDGES_EXTEND);
    p->graph->nodes[node].wide = planning_random_below(seed, 3) == 0;
    return planning_random_below(seed, 4) ? node : planning_sum(p, node, b);
}

static void random_graph(Planning *p, uint64_t *seed)
{
    static const WeftType types[] = { WEFT_U8, WEFT_F32, WEFT_I16 };
    int64_t width = 1 + planning_random_below(seed, planning_random_below(seed, 2) ? 8 : 100);
    int64_t height = 1 + planning_random_below(seed, planning_random_below(seed, 2) ? 8 : 100);
    const WeftGrid *grid = planning_grid(p, width, height);
    WeftNode nodes[32];
    int count = 3, steps = 1 + (int)planning_random_below(seed, 8);

    for (int i = 0; i < 2; i++) {
        PlanningFile file = {
            .store = i,
            .width = width + 10,
            .height = height + 10,
            .dx = planning_random_below(seed, 10),
            .dy = planning_random_below(seed, 10),
            .block_width = 1 + (int)planning_random_below(seed, 100),
            .block_height = 1 + (int)planning_random_below(seed, 100),
            .type = types[planning_random_below(seed, 3)],
        };

        nodes[i] = planning_band(p, &file, 1, grid);
    }
    nodes[2] = planning_node(p, &planning_random, WEFT_NONE, WEFT_NONE, grid);
    for (; count < 3 + steps; count++)
        nodes[count] = random_node(p, nodes, count, seed);
    for (int i = (int)planning_random_below(seed, 2); i >= 0; i--)
        planning_save(p, nodes[count - 1 - planning_random_below(seed, steps)],
                      (int)planning_random_below(seed, 2) * 16);
    p->options.tile = (int)planning_random_below(seed, 2) * 20;
    p->machine.l2 = 1 << (10 + planning_random_below(seed, 12));
}

START_TEST(all_rows_are_there_when_they_are_read)
{
    for (uint64_t n = 1; n <= 500; n++) {
        Planning *p = planning_new();
        uint64_t seed = n * 7919;
        WfPlan *plan;

        random_graph(p, &seed);
        plan = planning_plan(p);
        streaming_check(plan);
        for (int s = 0; s < plan->stage_count; s++)
            check_scratch(plan, s);
        planning_free(p);
    }
}
END_TEST

START_TEST(random_neighbours_are_planned_at_the_least_budget)
{
    for (uint64_t n = 1; n <= 50; n++) {
        Planning *p = planning_new();
        uint64_t seed = n * 104729;
        WfPlan *plan;

        random_graph(p, &seed);
        plan = planning_plan(p);
        p->options.memory = plan->memory.least;
        plan = planning_plan(p);
        ck_assert_int_le(plan->memory.predicted, p->options.memory);
        streaming_check(plan);
        p->options.memory--;
        ck_assert_ptr_null(planning_try(p));
        ck_assert_int_eq(p->err.code, WEFT_EMEM);
        planning_free(p);
    }
}
END_TEST

CHECK_MAIN("ring", a_ring_keeps_its_window_and_a_step,
           a_ring_is_never_higher_than_what_a_tile_needs_of_it,
           rows_that_can_be_pointed_at_have_no_room_of_their_own, rings_take_rows_from_the_turns,
           all_rows_are_there_when_they_are_read, random_neighbours_are_planned_at_the_least_budget)
