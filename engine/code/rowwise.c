/*
 * rowwise.c - a kernel that is one native function on rows (WEFT_ROWS), the same in both engines.
 *
 * Reads the frame, the plan and its graph; writes the ring's rows and the frame's scratch. Workers
 * share a WfRowwise, which never changes. Where the node is held otherwise than its function
 * computes, results go to rows in the scratch first, and are rounded from there.
 */
#include "code/rowwise.h"

#include "plan/read.h"
#include "graph/sight.h"

struct WfRowwise {
    const WfNode *node;
    int *inputs; /* of each value input: which of the kernel's it is read from */
    WeftWindow *windows;
};

static WeftNode ring_node(const WfPlan *plan, int kernel)
{
    int ring = plan->kernels[kernel].ring;

    return ring < 0 ? WEFT_NONE : plan->rings[ring].node;
}

bool wf_rowwise_is(const WfPlan *plan, int kernel)
{
    WeftNode node = ring_node(plan, kernel);

    return node != WEFT_NONE && plan->graph->nodes[node].op->shape == WEFT_ROWS;
}

WfRowwise *wf_rowwise_new(const WfPlan *plan, int kernel, WeftErr *err)
{
    WeftNode number = ring_node(plan, kernel);
    const WfNode *node = &plan->graph->nodes[number];
    size_t count = (size_t)node->input_count;
    WfRowwise *rowwise = wf_zalloc(sizeof *rowwise, err);

    if (!rowwise)
        return NULL;
    rowwise->node = node;
    rowwise->inputs = wf_calloc(count, sizeof *rowwise->inputs, err);
    rowwise->windows = wf_calloc(count, sizeof *rowwise->windows, err);
    if (!rowwise->inputs || !rowwise->windows)
        goto fail;
    for (int i = 0; i < node->input_count; i++)
        if (!wf_read_window(plan, &plan->kernels[kernel], number, i, &rowwise->inputs[i], err))
            goto fail;
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

/* Where results are made: rows in the scratch, with pointers to them behind. */
static void **own_rows(const WfNode *node, const WfFrame *frame)
{
    char *first = (char *)frame->scratch + wf_window_own_room(node, frame->rows, frame->width);
    size_t stride = wf_align_up((size_t)frame->width * sizeof(double));
    void **rows = (void **)(void *)(first + stride * (size_t)frame->rows);

    for (int64_t r = 0; r < frame->rows; r++)
        rows[r] = first + stride * (size_t)r;
    return rows;
}

void wf_rowwise_run(const WfFrame *frame)
{
    const WfRowwise *rowwise = frame->closure;
    const WfNode *node = rowwise->node;
    const void *const *in[node->input_count + 1];
    bool direct = node->wide == node->wide_inside;
    int table_count;
    WeftRows turn = {
        .in = in,
        .out = direct ? frame->out[0] : own_rows(node, frame),
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
    node->op->rows[node->wide_inside](&turn);
    for (int64_t r = 0; r < frame->rows && !direct; r++)
        convert(turn.out[r], node->wide_inside, frame->out[0][r], frame->width);
}
