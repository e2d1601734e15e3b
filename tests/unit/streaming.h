/*
 * streaming.h - the turns of a plan's tiles, followed row by row without a pixel: a failure ends
 * the test.
 */
#ifndef STREAMING_H
#define STREAMING_H

#include "planning.h"

enum { STREAMING_NOWHERE = INT32_MIN };

/* Where an edge rule finds row (or column) r of n; STREAMING_NOWHERE: in no row. */
static inline int64_t streaming_map(WfEdges edges, int64_t r, int64_t n)
{
    int64_t period = edges == WF_EDGES_REFLECT ? 2 * n : 2 * n - 2, at;

    if ((r >= 0 && r < n) || edges == WF_EDGES_EXTEND)
        return r;
    if (edges == WF_EDGES_NEAREST)
        return r < 0 ? 0 : n - 1;
    if (edges != WF_EDGES_REFLECT && edges != WF_EDGES_MIRROR)
        return STREAMING_NOWHERE;
    if (period == 0)
        return 0;
    at = (r % period + period) % period;
    if (at < n)
        return at;
    return edges == WF_EDGES_REFLECT ? period - 1 - at : period - at;
}

/* What a tile's rings hold: the row at each index, for each ring of the plan. */
typedef struct Streaming {
    const WfPlan *plan;
    const WfTask *task;
    int64_t *rows[64];
    int64_t made[64]; /* rows made by each kernel */
} Streaming;

static inline int64_t streaming_index(int64_t row, int64_t height)
{
    return (row % height + height) % height;
}

static inline void streaming_check_columns(const Streaming *s, const WfPlanInput *input,
                                           WfRect domain, WfRect there, int64_t shift)
{
    int64_t width = s->plan->stages[s->task->stage].grid->width;

    for (int64_t col = domain.x0 - input->window.left; col < domain.x1 + input->window.right;
         col++) {
        int64_t at = streaming_map(input->edges, col, width);

        if (at == STREAMING_NOWHERE)
            continue;
        ck_assert_int_ge(at + shift, there.x0);
        ck_assert_int_lt(at + shift, there.x1);
    }
}

/* All rows that a kernel reads of an input for the row `row` of its own are at hand. */
static inline void streaming_check_input(const Streaming *s, const WfPlanInput *input, int64_t row)
{
    int64_t height = s->plan->stages[s->task->stage].grid->height;

    for (int64_t r = row - input->window.up; r <= row + input->window.down; r++) {
        int64_t at = streaming_map(input->edges, r, height);

        if (at == STREAMING_NOWHERE)
            continue;
        if (input->ring >= 0) {
            int64_t index = streaming_index(at, s->plan->rings[input->ring].height);

            ck_assert_int_eq(s->rows[input->ring][index], at);
        } else {
            WfRect file = wf_task_file_rect(s->plan, s->task, input->file);

            ck_assert_int_ge(at + input->dy, file.y0);
            ck_assert_int_lt(at + input->dy, file.y1);
        }
    }
}

/* The rows that a kernel makes in the turn from cursor `before` to `end`. */
static inline void streaming_kernel(Streaming *s, int k, int64_t before, int64_t end)
{
    const WfKernel *kernel = &s->plan->kernels[k];
    WfRect domain = wf_kernel_rect(s->plan, s->task, k);
    int64_t from = before + kernel->lead, to = end + kernel->lead;

    from = from > domain.y0 ? from : domain.y0;
    to = to < domain.y1 ? to : domain.y1;
    if (from >= to)
        return;
    ck_assert_int_le(to - from, s->plan->stages[kernel->stage].step);
    for (int64_t row = from; row < to; row++)
        for (int i = 0; i < kernel->input_count; i++)
            streaming_check_input(s, &s->plan->inputs[kernel->inputs[i]], row);
    for (int j = 0; j < kernel->ring_count; j++)
        for (int64_t row = from; row < to; row++) {
            int ring = kernel->rings[j];

            s->rows[ring][streaming_index(row, s->plan->rings[ring].height)] = row;
        }
    s->made[k] += to - from;
}

static inline void streaming_columns(const Streaming *s, int k)
{
    const WfKernel *kernel = &s->plan->kernels[k];

    for (int i = 0; i < kernel->input_count; i++) {
        const WfPlanInput *input = &s->plan->inputs[kernel->inputs[i]];
        WfRect there = input->ring >= 0
                           ? wf_kernel_rect(s->plan, s->task, s->plan->rings[input->ring].kernel)
                           : wf_task_file_rect(s->plan, s->task, input->file);

        streaming_check_columns(s, input, wf_kernel_rect(s->plan, s->task, k), there, input->dx);
    }
}

/* Follow one tile. Gives the pixels that its kernels compute. */
static inline int64_t streaming_task(const WfPlan *plan, const WfTask *task)
{
    const WfStage *stage = &plan->stages[task->stage];
    WfRect tile = wf_task_rect(plan, task);
    Streaming s = { .plan = plan, .task = task };
    int64_t pixels = 0;

    ck_assert_int_le(plan->ring_count, 64);
    ck_assert_int_le(plan->kernel_count, 64);
    for (int r = 0; r < plan->ring_count; r++) {
        s.rows[r] = wf_calloc((size_t)plan->rings[r].height, sizeof *s.rows[r], NULL);
        for (int i = 0; i < plan->rings[r].height; i++)
            s.rows[r][i] = INT64_MAX;
    }
    for (int i = 0; i < stage->kernel_count; i++)
        streaming_columns(&s, stage->kernels[i]);
    for (int64_t before = tile.y0 - stage->lead.up; before < tile.y1;) {
        int64_t end = before + stage->step < tile.y1 ? before + stage->step : tile.y1;

        for (int i = 0; i < stage->kernel_count; i++)
            streaming_kernel(&s, stage->kernels[i], before, end);
        before = end;
    }
    for (int i = 0; i < stage->kernel_count; i++) {
        WfRect domain = wf_kernel_rect(plan, task, stage->kernels[i]);

        ck_assert_int_eq(s.made[stage->kernels[i]], wf_rect_height(domain));
        pixels += wf_rect_area(domain);
    }
    for (int r = 0; r < plan->ring_count; r++)
        wf_free(s.rows[r]);
    return pixels;
}

/* Follow all tiles: what they compute is what is planned. */
static inline void streaming_check(const WfPlan *plan)
{
    int64_t pixels = 0, planned = 0;

    for (int64_t k = 0; k < plan->task_count; k++)
        pixels += streaming_task(plan, &plan->tasks[k]);
    for (int k = 0; k < plan->kernel_count; k++)
        planned += wf_kernel_pixels(plan, k);
    ck_assert_int_eq(pixels, plan->pixels_planned);
    ck_assert_int_eq(planned, plan->pixels_planned);
}

#endif
