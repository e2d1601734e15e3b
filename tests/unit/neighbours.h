/*
 * neighbours.h - graphs of neighbours for the tests of run/: a kernel in plain C that follows the
 * plan's nodes pixel by pixel and watches what it is given, and a judge that evaluates the graph
 * directly, knowing nothing of plans. Values are whole numbers small enough to be exact in f32.
 */
#ifndef NEIGHBOURS_H
#define NEIGHBOURS_H

#include <math.h>
#include <stdlib.h>

#include "hall.h"
#include "run/edges.h"

static const WeftOp neighbours_op = { .name = "neighbour", .shape = WEFT_FOCAL, .inputs = 1 };

/* ---- graph */

static inline WeftNode neighbours_describe(Running *r, WeftNode node, WeftNode like)
{
    running_describe(r, node, r->graph->nodes[like].grid);
    r->graph->nodes[node].wide = r->graph->nodes[like].wide;
    return node;
}

/* The value of x at (col + dcol, row + drow). */
static inline WeftNode neighbours_of(Running *r, WeftNode x, int dcol, int drow, WfEdges edges,
                                     double constant)
{
    double settings[] = { dcol, drow, edges, constant };

    return neighbours_describe(
        r, wf_graph_add(r->graph, &neighbours_op, &x, 1, settings, 4, &r->err), x);
}

static inline WeftNode neighbours_sum(Running *r, const WeftNode *inputs, int count)
{
    return neighbours_describe(
        r, wf_graph_add(r->graph, &running_add, inputs, count, NULL, 0, &r->err), inputs[0]);
}

/* The sum of the 3 x 3 cells around x. */
static inline WeftNode neighbours_three(Running *r, WeftNode x, WfEdges edges, double constant)
{
    WeftNode cells[9];

    for (int i = 0; i < 9; i++)
        cells[i] = neighbours_of(r, x, i % 3 - 1, i / 3 - 1, edges, constant);
    return neighbours_sum(r, cells, 9);
}

/* The sum of 2^levels cells from x on, down or to the right, by doubling; then moved back. */
static inline WeftNode neighbours_doubling(Running *r, WeftNode x, int levels, bool down,
                                           WfEdges edges, double constant)
{
    int back = -(1 << levels) / 2;

    for (int i = 0, step = 1; i < levels; i++, step *= 2) {
        WeftNode pair[] = {
            neighbours_of(r, x, 0, 0, edges, constant),
            neighbours_of(r, x, down ? 0 : step, down ? step : 0, edges, constant),
        };

        x = neighbours_sum(r, pair, 2);
        edges = WF_EDGES_EXTEND;
    }
    return neighbours_of(r, x, down ? 0 : back, down ? back : 0, WF_EDGES_EXTEND, 0);
}

/* ---- judge */

enum { JUDGE_MARGIN = 64 };

typedef struct Judge {
    const Running *r;
    int64_t width, height; /* of the raster */
    double **values;       /* of each node, with a margin to all sides */
    bool **known;
} Judge;

static inline Judge judge_new(const Running *r, const WeftGrid *grid)
{
    Judge j = { .r = r, .width = grid->width, .height = grid->height };

    j.values = calloc((size_t)r->graph->count, sizeof *j.values);
    j.known = calloc((size_t)r->graph->count, sizeof *j.known);
    ck_assert(j.values && j.known);
    return j;
}

static inline void judge_free(Judge *j)
{
    for (int n = 0; n < j->r->graph->count; n++) {
        free(j->values[n]);
        free(j->known[n]);
    }
    free(j->values);
    free(j->known);
}

static inline double neighbours_load(const Running *r, int number, int64_t col, int64_t row)
{
    const WfSource *source = &r->graph->sources[number];
    double v;

    for (int m = 0; m < r->image_count; m++) {
        if (r->images[m].store != source->store)
            continue;
        v = running_pixel(&r->images[m], source->band, col + source->dx, row + source->dy);
        return source->has_nodata && v == source->nodata ? (double)NAN : v;
    }
    ck_abort_msg("no image for source %d", number);
    return 0;
}

static inline double judge_value(Judge *j, WeftNode n, int64_t col, int64_t row);

static inline double judge_compute(Judge *j, WeftNode n, int64_t col, int64_t row)
{
    const WfNode *node = &j->r->graph->nodes[n];
    double sum = 0;

    if (node->op->shape == WEFT_LOAD)
        return neighbours_load(j->r, node->source, wf_edges_index(WF_EDGES_NEAREST, col, j->width),
                               wf_edges_index(WF_EDGES_NEAREST, row, j->height));
    if (node->op->shape == WEFT_INDEX)
        return (double)(((col + 100) * 7 + (row + 100) * 3) % 50);
    if (node->op->shape == WEFT_FOCAL) {
        WfEdges edges = (WfEdges)node->settings[2];
        int64_t x = wf_edges_index(edges, col + (int64_t)node->settings[0], j->width);
        int64_t y = wf_edges_index(edges, row + (int64_t)node->settings[1], j->height);

        if (x == WF_NO_INDEX || y == WF_NO_INDEX)
            return edges == WF_EDGES_INVALID ? (double)NAN : node->settings[3];
        return judge_value(j, node->inputs[0], x, y);
    }
    for (int i = 0; i < node->input_count; i++)
        sum += judge_value(j, node->inputs[i], col, row);
    return sum;
}

static inline double judge_value(Judge *j, WeftNode n, int64_t col, int64_t row)
{
    int64_t stride = j->width + 2 * JUDGE_MARGIN, rows = j->height + 2 * JUDGE_MARGIN;
    int64_t at = (row + JUDGE_MARGIN) * stride + col + JUDGE_MARGIN;

    ck_assert(col >= -JUDGE_MARGIN && col < j->width + JUDGE_MARGIN);
    ck_assert(row >= -JUDGE_MARGIN && row < j->height + JUDGE_MARGIN);
    if (!j->values[n]) {
        j->values[n] = calloc((size_t)(stride * rows), sizeof(double));
        j->known[n] = calloc((size_t)(stride * rows), sizeof(bool));
        ck_assert(j->values[n] && j->known[n]);
    }
    if (!j->known[n][at]) {
        j->values[n][at] = judge_compute(j, n, col, row);
        j->known[n][at] = true;
    }
    return j->values[n][at];
}

/* All outputs are as the graph says. */
static inline void neighbours_check(const Running *r, const char *job)
{
    Judge j = judge_new(r, r->graph->nodes[r->outputs[0].node].grid);

    for (int o = 0; o < r->output_count; o++) {
        const RunningOutput *out = &r->outputs[o];
        const double *pixel = out->pixels;

        for (int64_t y = out->window.y0; y < out->window.y1; y++) {
            for (int64_t x = out->window.x0; x < out->window.x1; x++, pixel++) {
                double wanted = judge_value(&j, out->node, x, y);

                if (*pixel != wanted && !(isnan(*pixel) && isnan(wanted)))
                    ck_abort_msg("%s: output %d (%lld, %lld): %g, not %g", job, o, (long long)x,
                                 (long long)y, *pixel, wanted);
            }
        }
    }
    judge_free(&j);
}

/* ---- kernel */

typedef struct NeighboursKernel {
    Running *r;
    int number;
    const Hall *hall; /* NULL: rows are not looked at, as several workers run */
    int64_t next_row; /* that the tile's next turn makes */
    int64_t watched;  /* pixels that a watch would count */
} NeighboursKernel;

/* Bytes [from, to) lie in one row of those that begin at `start`. */
static inline bool in_one_row(const char *start, size_t stride, int64_t rows, const char *from,
                              const char *to)
{
    return from >= start && to <= start + (size_t)rows * stride &&
           (size_t)(from - start) / stride == (size_t)(to - 1 - start) / stride;
}

/* All that the kernel may read of an input's row is memory of that row. */
static inline void check_row(const NeighboursKernel *k, int i, const char *from, const char *to)
{
    const WfPlan *plan = k->r->plan;
    int s = plan->kernels[k->number].stage, number = plan->stages[s].inputs[i];
    const WfPlanInput *input = &plan->inputs[number];
    const char *scratch = k->hall->desk->memory + wf_align_up(plan->stages[s].output_bytes);
    size_t bytes = (size_t)wf_pixel(input->type)->bytes;
    bool constant = input->edges == WF_EDGES_INVALID || input->edges == WF_EDGES_CONSTANT;

    for (int64_t n = 0; input->ring < 0 && n < k->hall->tile.need_count; n++) {
        const WfBlockView *view = &k->hall->tile.needs[n].view;

        if (from >= view->pixels && to <= view->end)
            return;
    }
    if (input->ring >= 0 && in_one_row(scratch + wf_scratch_ring(plan, s, input->ring),
                                       (size_t)wf_ring_pixels(plan, input->ring) *
                                           (size_t)wf_pixel(plan->rings[input->ring].type)->bytes,
                                       plan->rings[input->ring].height, from, to))
        return;
    if (!in_one_row(scratch + wf_scratch_rows(plan, s, i),
                    (size_t)wf_row_pixels(plan, s, number) * bytes, input->height + constant, from,
                    to))
        ck_abort_msg("input %d of kernel %d is read where there is nothing", i, k->number);
}

static inline void check_inputs(const NeighboursKernel *k, const WfFrame *frame)
{
    const WfPlan *plan = k->r->plan;
    const WfKernel *kernel = &plan->kernels[k->number];
    const WfStage *stage = &plan->stages[kernel->stage];

    for (int n = 0; n < kernel->input_count; n++) {
        const WfPlanInput *input = &plan->inputs[kernel->inputs[n]];
        int64_t bytes = wf_pixel(input->type)->bytes;
        int i = 0;

        while (stage->inputs[i] != kernel->inputs[n])
            i++;
        for (int64_t r = -input->window.up; r < frame->rows + input->window.down; r++) {
            const char *pixel = frame->in[n][r];

            check_row(k, i, pixel - input->window.left * bytes,
                      pixel + (frame->padded + input->window.right) * bytes);
        }
    }
}

/* A row to be made lies in the ring. */
static inline void check_ring_row(const WfPlan *plan, const WfKernel *kernel, int number,
                                  const char *scratch, const WfFrame *frame, const char *row)
{
    const WfRing *ring = &plan->rings[number];
    size_t bytes = (size_t)wf_pixel(ring->type)->bytes;

    ck_assert(in_one_row(scratch + wf_scratch_ring(plan, kernel->stage, number),
                         (size_t)wf_ring_pixels(plan, number) * bytes, ring->height, row,
                         row + (size_t)frame->padded * bytes));
}

/* The turn follows on the one before it, and its rows may be written. */
static inline void check_turn(NeighboursKernel *k, const WfFrame *frame)
{
    const WfPlan *plan = k->r->plan;
    const WfKernel *kernel = &plan->kernels[k->number];
    const WfStage *stage = &plan->stages[kernel->stage];
    WfRect domain = wf_kernel_rect(plan, k->hall->tile.task, k->number);
    const char *scratch = k->hall->desk->memory + wf_align_up(stage->output_bytes);

    if (frame->row == domain.y0)
        k->next_row = frame->row;
    ck_assert_int_eq(frame->row, k->next_row);
    ck_assert(frame->rows > 0 && frame->rows <= stage->step);
    ck_assert_int_eq(frame->col, domain.x0);
    ck_assert_int_eq(frame->width, wf_rect_width(domain));
    ck_assert_int_eq(frame->padded, wf_padded(frame->width));
    k->next_row += frame->rows;
    ck_assert_int_le(k->next_row, domain.y1);
    for (int j = 0; j < kernel->ring_count; j++)
        for (int64_t r = 0; r < frame->rows; r++)
            check_ring_row(plan, kernel, kernel->rings[j], scratch, frame, frame->out[j][r]);
}

static inline bool fills(const WfKernel *kernel, int ring)
{
    for (int j = 0; j < kernel->ring_count; j++)
        if (kernel->rings[j] == ring)
            return true;
    return false;
}

/* The kernel's input for a node under an edge rule; WF_EDGES_EXTEND: for the node itself. -1: none.
 */
static inline int find_input(const NeighboursKernel *k, WeftNode node, WfEdges edges,
                             double constant)
{
    const WfKernel *kernel = &k->r->plan->kernels[k->number];
    int own = -1;

    for (int i = 0; i < kernel->input_count; i++) {
        const WfPlanInput *input = &k->r->plan->inputs[kernel->inputs[i]];

        if (input->node != node || fills(kernel, input->ring))
            continue;
        if (input->edges == edges && (edges != WF_EDGES_CONSTANT || input->constant == constant))
            return i;
        if (edges == WF_EDGES_EXTEND && (own < 0 || input->edges == WF_EDGES_NEAREST))
            own = i;
    }
    return own;
}

static inline double read_input(const NeighboursKernel *k, const WfFrame *frame, int i, int64_t r,
                                int64_t x)
{
    const WfPlan *plan = k->r->plan;
    const WfPlanInput *input = &plan->inputs[plan->kernels[k->number].inputs[i]];
    double v;

    ck_assert(r >= -input->window.up && r < frame->rows + input->window.down);
    ck_assert(x >= -input->window.left && x < frame->padded + input->window.right);
    v = running_load(input->type, frame->in[i][r], x);
    if (input->source >= 0 && plan->graph->sources[input->source].has_nodata &&
        v == plan->graph->sources[input->source].nodata)
        return (double)NAN;
    return v;
}

static inline double kernel_value(const NeighboursKernel *k, const WfFrame *frame, WeftNode n,
                                  int64_t r, int64_t x)
{
    const WfNode *node = &k->r->graph->nodes[n];
    double sum = 0;
    int i = find_input(k, n, WF_EDGES_EXTEND, 0);

    if (i >= 0)
        return read_input(k, frame, i, r, x);
    if (node->op->shape == WEFT_INDEX)
        return (double)(((frame->col + x + 100) * 7 + (frame->row + r + 100) * 3) % 50);
    if (node->op->shape == WEFT_FOCAL) {
        i = find_input(k, node->inputs[0], (WfEdges)node->settings[2], node->settings[3]);
        ck_assert_int_ge(i, 0);
        return read_input(k, frame, i, r + (int64_t)node->settings[1],
                          x + (int64_t)node->settings[0]);
    }
    ck_assert_int_eq(node->op->shape, WEFT_POINT);
    for (int m = 0; m < node->input_count; m++)
        sum += kernel_value(k, frame, node->inputs[m], r, x);
    return sum;
}

/* A row of a node; behind the wanted pixels what nobody may use. */
static inline void fill_row(const NeighboursKernel *k, const WfFrame *frame, WeftNode n,
                            WeftType type, int64_t r, void *out)
{
    for (int64_t x = 0; x < frame->padded; x++)
        running_store(type, out, x, x < frame->width ? kernel_value(k, frame, n, r, x) : 1e9);
}

static inline void neighbours_kernel(const WfFrame *frame)
{
    NeighboursKernel *k = (NeighboursKernel *)frame->closure;
    const WfPlan *plan = k->r->plan;
    const WfKernel *kernel = &plan->kernels[k->number];

    if (k->hall) {
        check_turn(k, frame);
        check_inputs(k, frame);
        k->watched +=
            (frame->watch_to - frame->watch_from) * (frame->watch_row_to - frame->watch_row_from);
    }
    for (int64_t r = 0; r < frame->rows; r++) {
        for (int j = 0; j < kernel->ring_count; j++) {
            const WfRing *ring = &plan->rings[kernel->rings[j]];

            fill_row(k, frame, ring->node, ring->type, r, frame->out[j][r]);
        }
        for (int j = 0; j < kernel->output_count; j++) {
            const WfPlanOutput *output = &plan->outputs[kernel->outputs[j]];

            fill_row(k, frame, output->node, output->type, r, frame->out[j][r]);
        }
    }
}

/* ---- runs */

/* Plan the job, run its tiles one after another and check everything; frees all. */
static inline void neighbours_run(Running *r, const char *job)
{
    Hall h = hall_open(r);
    NeighboursKernel kernels[HALL_KERNELS];
    int64_t pixels = 0;
    WfErrRank rank;

    for (int k = 0; k < r->plan->kernel_count; k++) {
        kernels[k] = (NeighboursKernel) { .r = r, .number = k, .hall = &h };
        h.compiled[k] = (WfCompiled) { .run = neighbours_kernel, .closure = &kernels[k] };
    }
    for (int64_t t = 0; t < r->plan->task_count; t++) {
        hall_begin(&h, t);
        ck_assert_msg(hall_run(&h, &rank), "%s: %s", job, r->err.message);
        hall_end(&h);
    }
    neighbours_check(r, job);
    for (int k = 0; k < r->plan->kernel_count; k++) {
        const WfStage *stage = &r->plan->stages[r->plan->kernels[k].stage];

        pixels += h.desk->tally->pixels[k];
        ck_assert_int_eq(kernels[k].watched, wf_rect_area(stage->window));
    }
    ck_assert_int_eq(pixels, r->plan->pixels_planned);
    hall_close(&h);
}

#endif
