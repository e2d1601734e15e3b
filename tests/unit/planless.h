/*
 * planless.h - kernels made by hand, for tests of code/: a WfPlan without planning.
 *
 *   Planless *p = planless_new();
 *   WeftNode a = planless_load(p, WEFT_U16, false, NULL);
 *   planless_output(p, planless_op(p, "add", false, (WeftNode[]) { a, a }), WEFT_F32);
 *
 * Nodes are in f32 unless wide. All go to kernel 0 unless planless_kernel begins another.
 *
 *   WeftNode x = planless_neighbour(p, a, -1, 2, WF_EDGES_NEAREST, 0);
 *
 * planless_ring makes the last kernel fill a ring; kernels begun later read it (planless_read) and
 * neighbours in it.
 */
#ifndef PLANLESS_H
#define PLANLESS_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"
#include "plan/plan.h"

enum {
    PLANLESS_MAX = 64,
    PLANLESS_NODES = 4096,
    PLANLESS_KERNELS = 8,
    PLANLESS_ROWS = 3,
    PLANLESS_TABLE = 300, /* rows of the table that operators with one are given */
    PLANLESS_WIDTH = 256,
    PLANLESS_REACH = 16, /* most rows above and below, and pixels to each side, that are there */
    PLANLESS_PITCH = PLANLESS_WIDTH + 2 * PLANLESS_REACH,
    PLANLESS_HEIGHT = PLANLESS_ROWS + 2 * PLANLESS_REACH
};

typedef struct Planless {
    WfGraph *graph;
    WfPlan plan;
    WfKernel kernels[PLANLESS_KERNELS];
    WfPlanInput inputs[PLANLESS_MAX];
    WfPlanOutput outputs[PLANLESS_MAX];
    WfRing rings[PLANLESS_KERNELS];
    WeftNode nodes[PLANLESS_KERNELS][PLANLESS_NODES];
    int kernel_inputs[PLANLESS_KERNELS][PLANLESS_MAX];
    int kernel_outputs[PLANLESS_KERNELS][PLANLESS_MAX];
    WfPlanWatch watches[PLANLESS_KERNELS][PLANLESS_MAX];
    WfPlanTable tables[PLANLESS_MAX];
    int kernel_tables[PLANLESS_KERNELS][PLANLESS_MAX];
    int kernel_rings[PLANLESS_KERNELS][PLANLESS_MAX];
} Planless;

static inline WfKernel *planless_kernel(Planless *p)
{
    int k = p->plan.kernel_count++;

    p->kernels[k] = (WfKernel) { .nodes = p->nodes[k],
                                 .inputs = p->kernel_inputs[k],
                                 .outputs = p->kernel_outputs[k],
                                 .watches = p->watches[k],
                                 .tables = p->kernel_tables[k],
                                 .rings = p->kernel_rings[k] };
    return &p->kernels[k];
}

static inline Planless *planless_new(void)
{
    Planless *p = calloc(1, sizeof *p);

    p->graph = wf_graph_new(NULL);
    ck_assert_ptr_nonnull(p->graph);
    p->plan = (WfPlan) { .graph = p->graph,
                         .kernels = p->kernels,
                         .inputs = p->inputs,
                         .outputs = p->outputs,
                         .rings = p->rings,
                         .tables = p->tables };
    planless_kernel(p);
    return p;
}

static inline void planless_free(Planless *p)
{
    wf_graph_free(p->graph);
    free(p);
}

static inline WfKernel *planless_last(Planless *p)
{
    return &p->kernels[p->plan.kernel_count - 1];
}

static inline WeftNode planless_add(Planless *p, WeftNode node, bool wide)
{
    WfKernel *kernel = planless_last(p);

    ck_assert_int_ge(node, 0);
    ck_assert_int_lt(kernel->node_count, PLANLESS_NODES);
    p->graph->nodes[node].wide = wide;
    kernel->nodes[kernel->node_count++] = node;
    return node;
}

static inline int planless_input(Planless *p, WfPlanInput input)
{
    WfKernel *kernel = planless_last(p);

    ck_assert_int_lt(p->plan.input_count, PLANLESS_MAX);
    p->inputs[p->plan.input_count] = input;
    kernel->inputs[kernel->input_count++] = p->plan.input_count;
    return p->plan.input_count++;
}

/* A band of a file; nodata NULL: none. Integers of 64 bits give its bits through nodata, too. */
static inline WeftNode planless_load(Planless *p, WeftType type, bool wide, const double *nodata)
{
    WfSource source = {
        .store = p->plan.input_count, .band = 1, .type = type, .width = 1000, .height = 1000
    };
    WeftGrid grid = { .width = 1000, .height = 1000 };
    WeftNode node;

    if (nodata) {
        source.has_nodata = true;
        source.nodata = *nodata;
        source.nodata_bits = *nodata < 0 ? (uint64_t)(int64_t)*nodata : (uint64_t)*nodata;
    }
    node = wf_graph_load(p->graph, &source, &grid, NULL);
    ck_assert_int_ge(node, 0);
    planless_input(p, (WfPlanInput) { .node = node,
                                      .ring = -1,
                                      .source = p->graph->nodes[node].source,
                                      .type = type,
                                      .edges = WF_EDGES_NEAREST });
    return planless_add(p, node, wide);
}

static inline WeftNode planless_constant(Planless *p, double value)
{
    return planless_add(p, wf_graph_constant(p->graph, value, false, NULL, NULL), false);
}

/* A table for a node of the last kernel, its columns of rising numbers. */
static inline void planless_table(Planless *p, WeftNode node, int columns)
{
    WfKernel *kernel = planless_last(p);
    WfNode *n = &p->graph->nodes[node];
    double *cells = malloc(PLANLESS_TABLE * (size_t)columns * sizeof *cells);

    for (int i = 0; i < PLANLESS_TABLE * columns; i++)
        cells[i] = i / columns * 0.75 - 100;
    n->table = wf_graph_table(p->graph, cells, PLANLESS_TABLE, columns, true, NULL);
    free(cells);
    ck_assert_ptr_nonnull(n->table);
    ck_assert_int_lt(p->plan.table_count, PLANLESS_MAX);
    p->tables[p->plan.table_count] = (WfPlanTable) { .table = n->table, .wide = n->wide_inside };
    kernel->tables[kernel->table_count++] = p->plan.table_count++;
}

/* An operator on as many nodes as its kernel takes (NUMBER parameters too); settings get their
 * fallbacks, or `settings`. */
static inline WeftNode planless_op_with(Planless *p, const char *name, bool wide,
                                        const WeftNode *inputs, const double *settings)
{
    const WeftOp *op = wf_catalog_find(name, NULL);
    double values[WEFT_ARGS_MAX] = { 0 };
    WeftNode node;
    int count = 0;

    ck_assert_msg(op != NULL, "no operator %s", name);
    for (const WeftParam *q = op->params; q && q->name; q++)
        if (q->kind != WEFT_PARAM_NUMBER && q->kind != WEFT_PARAM_TABLE) {
            values[count] = settings ? settings[count] : q->fallback;
            count++;
        }
    node = wf_graph_add(p->graph, op, inputs, op->inputs + wf_catalog_number_count(op), values,
                        count, NULL);
    ck_assert_int_ge(node, 0);
    p->graph->nodes[node].wide_inside = wide;
    if (wf_catalog_table(op))
        planless_table(p, node, (int)wf_catalog_table(op)->high);
    return planless_add(p, node, wide);
}

static inline WeftNode planless_op(Planless *p, const char *name, bool wide, const WeftNode *inputs)
{
    return planless_op_with(p, name, wide, inputs, NULL);
}

static inline void planless_output(Planless *p, WeftNode node, WeftType type)
{
    WfKernel *kernel = planless_last(p);
    int output = p->plan.output_count++;

    p->outputs[output] = (WfPlanOutput) { .node = node, .type = type };
    kernel->outputs[kernel->output_count++] = output;
}

/* The last kernel fills a ring with a node, of the type the node is held in. */
static inline void planless_ring(Planless *p, WeftNode node)
{
    int ring = p->plan.ring_count++;

    p->rings[ring] = (WfRing) { .node = node,
                                .type = p->graph->nodes[node].wide ? WEFT_F64 : WEFT_F32,
                                .kernel = p->plan.kernel_count - 1 };
    planless_last(p)->rings[planless_last(p)->ring_count++] = ring;
}

/* An input of the last kernel for a node's file or ring. */
static inline WfPlanInput *planless_rows(Planless *p, WeftNode node, WfEdges edges, double constant)
{
    const WfKernel *kernel = planless_last(p);
    WfPlanInput input = { .node = node, .ring = -1, .edges = edges, .constant = constant };

    for (int k = 0; k < kernel->input_count; k++) {
        WfPlanInput *old = &p->inputs[kernel->inputs[k]];

        if (old->node == node && old->edges == edges &&
            memcmp(&old->constant, &constant, sizeof constant) == 0)
            return old;
    }
    for (int r = 0; r < p->plan.ring_count; r++)
        if (p->rings[r].node == node)
            input.ring = r;
    input.source = input.ring < 0 ? p->graph->nodes[node].source : -1;
    input.type = input.ring < 0 ? p->graph->sources[input.source].type : p->rings[input.ring].type;
    return &p->inputs[planless_input(p, input)];
}

/* A ring's node in a later kernel, as it is. */
static inline WeftNode planless_read(Planless *p, WeftNode node)
{
    planless_rows(p, node, WF_EDGES_EXTEND, 0);
    return planless_add(p, node, p->graph->nodes[node].wide);
}

static inline WeftNode planless_neighbour(Planless *p, WeftNode node, int dcol, int drow,
                                          WfEdges edges, double constant)
{
    static const WeftOp neighbour = { .name = "neighbour", .shape = WEFT_FOCAL, .inputs = 1 };
    double settings[] = { dcol, drow, edges, constant };
    WfPlanInput *rows = planless_rows(p, node, edges, constant);

#define AT_LEAST(side, n) rows->window.side = rows->window.side > (n) ? rows->window.side : (n)
    AT_LEAST(left, -dcol);
    AT_LEAST(right, dcol);
    AT_LEAST(up, -drow);
    AT_LEAST(down, drow);
#undef AT_LEAST
    return planless_add(p, wf_graph_add(p->graph, &neighbour, &node, 1, settings, 4, NULL),
                        p->graph->nodes[node].wide);
}

static inline void planless_watch(Planless *p, WeftNode node)
{
    WfKernel *kernel = planless_last(p);

    kernel->watches[kernel->watch_count++] = (WfPlanWatch) { .node = node };
}

/* ------------------------------------------------------------------ frames */

/* Pixels for one kernel: PLANLESS_ROWS rows of PLANLESS_WIDTH, inputs filled by the test. in[i] and
 * out[j] point to the first; inputs go on for PLANLESS_REACH pixels to all sides. */
typedef struct PlanlessFrame {
    WfFrame frame;
    int input_count, output_count;
    char *in[PLANLESS_MAX], *out[PLANLESS_MAX];
    char *all[PLANLESS_MAX]; /* of an input: where its rows begin */
    size_t all_bytes[PLANLESS_MAX];
    const void *in_all[PLANLESS_MAX][PLANLESS_HEIGHT];
    const void **in_rows[PLANLESS_MAX];
    void *out_rows[PLANLESS_MAX][PLANLESS_ROWS];
    const void *const *in_table[PLANLESS_MAX];
    void *const *out_table[PLANLESS_MAX];
    WfWatch watch[PLANLESS_MAX];
    WfFrameTable tables[PLANLESS_MAX];
} PlanlessFrame;

static inline int planless_output_count(const Planless *p, int k)
{
    return p->kernels[k].ring_count + p->kernels[k].output_count;
}

static inline WeftType planless_output_type(const Planless *p, int k, int j)
{
    return p->kernels[k].ring_count ? p->rings[p->kernels[k].rings[j]].type
                                   : p->outputs[p->kernels[k].outputs[j]].type;
}

static inline PlanlessFrame *planless_frame(const Planless *p, int k, int64_t width)
{
    PlanlessFrame *f = calloc(1, sizeof *f);

    f->input_count = p->kernels[k].input_count;
    f->output_count = planless_output_count(p, k);
    for (int i = 0; i < f->input_count; i++) {
        size_t pixel = (size_t)wf_pixel(p->inputs[p->kernels[k].inputs[i]].type)->bytes;
        size_t row = pixel * PLANLESS_PITCH;

        f->all_bytes[i] = row * PLANLESS_HEIGHT;
        f->all[i] = calloc(1, f->all_bytes[i]);
        for (size_t r = 0; r < PLANLESS_HEIGHT; r++)
            f->in_all[i][r] = f->all[i] + r * row + pixel * PLANLESS_REACH;
        f->in_rows[i] = f->in_all[i] + PLANLESS_REACH;
        f->in_table[i] = f->in_rows[i];
        f->in[i] = f->all[i] + (row + pixel) * PLANLESS_REACH;
    }
    for (int j = 0; j < f->output_count; j++) {
        size_t row = (size_t)wf_pixel(planless_output_type(p, k, j))->bytes * PLANLESS_WIDTH;

        f->out[j] = calloc(PLANLESS_ROWS, row);
        for (size_t r = 0; r < PLANLESS_ROWS; r++)
            f->out_rows[j][r] = f->out[j] + r * row;
        f->out_table[j] = f->out_rows[j];
    }
    for (int t = 0; t < p->kernels[k].table_count; t++) {
        const WfPlanTable *own = &p->tables[p->kernels[k].tables[t]];

        f->tables[t].cells = own->wide ? (const void *)own->table->wide : own->table->narrow;
        f->tables[t].rows = own->table->rows;
    }
    for (int w = 0; w < PLANLESS_MAX; w++)
        f->watch[w] = (WfWatch) { .first = INT64_MAX };
    f->frame = (WfFrame) { .in = f->in_table,
                           .out = f->out_table,
                           .rows = PLANLESS_ROWS,
                           .width = width,
                           .padded = (width + WF_LANES - 1) / WF_LANES * WF_LANES,
                           .col = 7,
                           .row = 11,
                           .raster_width = 1000,
                           .watch_to = width,
                           .watch_row_to = PLANLESS_ROWS,
                           .watch = f->watch,
                           .tables = f->tables };
    return f;
}

static inline void planless_frame_free(PlanlessFrame *f)
{
    for (int i = 0; i < f->input_count; i++)
        free(f->all[i]);
    for (int j = 0; j < f->output_count; j++)
        free(f->out[j]);
    free(f);
}

/* Inputs of both frames are the same. */
static inline void planless_copy_inputs(const PlanlessFrame *from, PlanlessFrame *to)
{
    for (int i = 0; i < from->input_count; i++)
        memcpy(to->all[i], from->all[i], from->all_bytes[i]);
}

/* ------------------------------------------------------------------ pixels to try */

static inline uint64_t planless_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Fill an input with special values, small whole numbers and random bits of its type. */
static inline void planless_fill(const Planless *p, int k, PlanlessFrame *f, uint64_t seed)
{
    static const double special[] = { 0.0,
                                      -0.0,
                                      1.0,
                                      -1.0,
                                      0.5,
                                      1.5,
                                      2.5,
                                      -2.5,
                                      2.0,
                                      3.0,
                                      127.0,
                                      128.,
                                      255.,
                                      256.,
                                      1e9,
                                      -1e9,
                                      1e38,
                                      1e-40,
                                      -1e-44,
                                      3.5e4,
                                      65535.,
                                      16777216.,
                                      7.0,
                                      1e300,
                                      __builtin_inf(),
                                      -__builtin_inf(),
                                      __builtin_nan("") };
    enum { SPECIALS = sizeof special / sizeof *special };

    for (int i = 0; i < f->input_count; i++) {
        WeftType type = p->inputs[p->kernels[k].inputs[i]].type;
        const WfPixel *pixel = wf_pixel(type);

        for (size_t n = 0; n < f->all_bytes[i] / (size_t)pixel->bytes; n++) {
            uint64_t bits = planless_random(&seed);
            double v = special[bits % SPECIALS];
            char *at = f->all[i] + n * (size_t)pixel->bytes;

            if (bits >> 60 < 5)
                v = (double)(int)(bits >> 8 & 0xff) - 100;
            if (type == WEFT_F32)
                *(float *)at = bits >> 60 < 12 ? (float)v : *(float *)(uint32_t[]) { bits >> 16 };
            else if (type == WEFT_F64)
                *(double *)at = bits >> 60 < 12 ? v : *(double *)(uint64_t[]) { bits };
            else if (type == WEFT_BOOL)
                *at = bits >> 9 & 1;
            else
                memcpy(at, &bits, (size_t)pixel->bytes);
        }
    }
}

#endif
