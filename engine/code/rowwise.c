/*
 * rowwise.c - a kernel that is one native function on rows (WEFT_ROWS), the same in both engines.
 *
 * Reads the frame, the plan and its graph; writes the rings' rows and the frame's scratch. Workers
 * share a WfRowwise, which never changes. Where the nodes are held otherwise than the function
 * computes, results go to rows in the scratch first, and are rounded from there.
 */
#include "code/rowwise.h"

#include "plan/read.h"
#include "graph/sight.h"

struct WfRowwise {
    const WfNode *node; /* one of those that the function makes: they differ in the result alone */
    int *inputs;        /* of each value input: which of the kernel's it is read from */
    WeftWindow *windows;
    int *results; /* the operator's, in the order of the frame's out */
    int result_count;
};

/* The node of the kernel's j-th ring. */
static const WfNode *node_of(const WfPlan *plan, const WfKernel *kernel, int j)
{
    return &plan->graph->nodes[plan->rings[kernel->rings[j]].node];
}

bool wf_rowwise_is(const WfPlan *plan, int kernel)
{
    const WfKernel *k = &plan->kernels[kernel];

    return k->ring_count && node_of(plan, k, 0)->op->shape == WEFT_ROWS;
}

WfRowwise *wf_rowwise_new(const WfPlan *plan, int kernel, WeftErr *err)
{
    const WfKernel *k = &plan->kernels[kernel];
    WeftNode number = plan->rings[k->rings[0]].node;
    const WfNode *node = node_of(plan, k, 0);
    size_t count = (size_t)node->input_count;
    WfRowwise *rowwise = wf_zalloc(sizeof *rowwise, err);

    if (!rowwise)
        return NULL;
    rowwise->node = node;
    rowwise->result_count = k->ring_count;
    rowwise->inputs = wf_calloc(count, sizeof *rowwise->inputs, err);
    rowwise->windows = wf_calloc(count, sizeof *rowwise->windows, err);
    rowwise->results = wf_calloc((size_t)k->ring_count, sizeof *rowwise->results, err);
    if (!rowwise->inputs || !rowwise->windows || !rowwise->results)
        goto fail;
    for (int i = 0; i < node->input_count; i++)
        if (!wf_read_window(plan, k, number, i, &rowwise->inputs[i], err))
            goto fail;
    for (int j = 0; j < k->ring_count; j++)
        rowwise->results[j] = wf_window_result(node_of(plan, k, j));
    wf_window_turn(node, rowwise->windows);
    return rowwise;
fail:
    wf_rowwise_free(rowwise);
    return NULL;
}

void wf_rowwise_free(WfRowwise *rowwise)
{
    if (!rowwise)
        return;
    wf_free(rowwise->inputs);
    wf_free(rowwise->windows);
    wf_free(rowwise->results);
    wf_free(rowwise);
}

/* ------------------------------------------------------------------ one turn */

static void convert(const void *from, bool from_wide, void *to, int64_t width)
{
    for (int64_t i = 0; i < width && from_wide; i++)
        ((float *)to)[i] = (float)((const double *)from)[i];
    for (int64_t i = 0; i < width && !from_wide; i++)
        ((double *)to)[i] = (double)((const float *)from)[i];
}

/* Where results are made: rows in the scratch, with pointers to them behind, those of the first
 * result first. */
static void **own_rows(const WfRowwise *rowwise, const WfFrame *frame)
{
    char *first =
        (char *)frame->scratch + wf_window_own_room(rowwise->node, frame->rows, frame->width);
    size_t stride = wf_align_up((size_t)frame->width * sizeof(double));
    size_t count = (size_t)frame->rows * (size_t)rowwise->result_count;
    void **rows = (void **)(void *)(first + stride * count);

    for (size_t i = 0; i < count; i++)
        rows[i] = first + stride * i;
    return rows;
}

void wf_rowwise_run(const WfFrame *frame)
{
    const WfRowwise *rowwise = frame->closure;
    const WfNode *node = rowwise->node;
    const void *const *in[node->input_count + 1];
    void *const *out[rowwise->result_count];
    bool direct = node->wide == node->wide_inside;
    void **own = direct ? NULL : own_rows(rowwise, frame);
    int table_count;
    WeftRows turn = {
        .in = in,
        .out = out,
        .result_count = rowwise->result_count,
        .results = rowwise->results,
        .rows = frame->rows,
        .width = frame->width,
        .col = frame->col,
        .row = frame->row,
        .raster_width = frame->raster_width,
        .raster_height = frame->raster_height,
        .input_count = node->input_count,
        .windows = rowwise->windows,
        .settings = node->settings,
        .table = wf_window_table(node, &table_count),
        .scratch = frame->scratch,
    };

    turn.table_count = table_count;
    for (int i = 0; i < node->input_count; i++)
        in[i] = frame->in[rowwise->inputs[i]];
    for (int j = 0; j < rowwise->result_count; j++)
        out[j] = direct ? frame->out[j] : own + j * frame->rows;
    node->op->rows[node->wide_inside](&turn);
    for (int j = 0; j < rowwise->result_count && !direct; j++)
        for (int64_t r = 0; r < frame->rows; r++)
            convert(out[j][r], node->wide_inside, frame->out[j][r], frame->width);
}
