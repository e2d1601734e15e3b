/*
 * planless.h - kernels made by hand, for tests of code/: a WfPlan without planning.
 *
 *   Planless *p = planless_new();
 *   WeftNode a = planless_load(p, WEFT_U16, false, NULL);
 *   planless_output(p, planless_op(p, "add", false, (WeftNode[]) { a, a }), WEFT_F32);
 *
 * Nodes are in f32 unless wide. All go to kernel 0 unless planless_kernel begins another.
 */
#ifndef PLANLESS_H
#define PLANLESS_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"
#include "plan/plan.h"

enum { PLANLESS_MAX = 64, PLANLESS_ROWS = 3, PLANLESS_WIDTH = 256 };

typedef struct Planless {
    WfGraph *graph;
    WfPlan plan;
    WfKernel kernels[8];
    WfPlanInput inputs[PLANLESS_MAX];
    WfPlanOutput outputs[PLANLESS_MAX];
    WeftNode nodes[8][PLANLESS_MAX];
    int kernel_inputs[8][PLANLESS_MAX], kernel_outputs[8][PLANLESS_MAX];
    WfPlanWatch watches[8][PLANLESS_MAX];
} Planless;

static inline WfKernel *planless_kernel(Planless *p)
{
    int k = p->plan.kernel_count++;

    p->kernels[k] = (WfKernel) { .nodes = p->nodes[k],
                                 .inputs = p->kernel_inputs[k],
                                 .outputs = p->kernel_outputs[k],
                                 .watches = p->watches[k] };
    return &p->kernels[k];
}

static inline Planless *planless_new(void)
{
    Planless *p = calloc(1, sizeof *p);

    p->graph = wf_graph_new(NULL);
    ck_assert_ptr_nonnull(p->graph);
    p->plan = (WfPlan) {
        .graph = p->graph, .kernels = p->kernels, .inputs = p->inputs, .outputs = p->outputs
    };
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
    p->graph->nodes[node].wide = wide;
    kernel->nodes[kernel->node_count++] = node;
    return node;
}

/* A band of a file; nodata NULL: none. Integers of 64 bits give its bits through nodata, too. */
static inline WeftNode planless_load(Planless *p, WeftType type, bool wide, const double *nodata)
{
    WfKernel *kernel = planless_last(p);
    int input = p->plan.input_count++;
    WfSource source = { .store = input, .band = 1, .type = type, .width = 1000, .height = 1000 };
    WeftGrid grid = { .width = 1000, .height = 1000 };
    WeftNode node;

    if (nodata) {
        source.has_nodata = true;
        source.nodata = *nodata;
        source.nodata_bits = *nodata < 0 ? (uint64_t)(int64_t)*nodata : (uint64_t)*nodata;
    }
    node = wf_graph_load(p->graph, &source, &grid, NULL);
    ck_assert_int_ge(node, 0);
    p->inputs[input] = (WfPlanInput) { .source = p->graph->nodes[node].source, .type = type };
    kernel->inputs[kernel->input_count++] = input;
    return planless_add(p, node, wide);
}

static inline WeftNode planless_constant(Planless *p, double value)
{
    return planless_add(p, wf_graph_constant(p->graph, value, false, NULL, NULL), false);
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
        if (q->kind != WEFT_PARAM_NUMBER) {
            values[count] = settings ? settings[count] : q->fallback;
            count++;
        }
    node = wf_graph_add(p->graph, op, inputs, op->inputs + wf_catalog_number_count(op), values,
                        count, NULL);
    ck_assert_int_ge(node, 0);
    p->graph->nodes[node].wide_inside = wide;
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

static inline void planless_watch(Planless *p, WeftNode node)
{
    WfKernel *kernel = planless_last(p);

    kernel->watches[kernel->watch_count++] = (WfPlanWatch) { .node = node };
}

/* ------------------------------------------------------------------ frames */

/* Pixels for one kernel: PLANLESS_ROWS rows of PLANLESS_WIDTH, inputs filled by the test. */
typedef struct PlanlessFrame {
    WfFrame frame;
    int input_count, output_count;
    char *in[PLANLESS_MAX], *out[PLANLESS_MAX];
    const void *in_rows[PLANLESS_MAX][PLANLESS_ROWS];
    void *out_rows[PLANLESS_MAX][PLANLESS_ROWS];
    const void *const *in_table[PLANLESS_MAX];
    void *const *out_table[PLANLESS_MAX];
    WfWatch watch[PLANLESS_MAX];
} PlanlessFrame;

static inline PlanlessFrame *planless_frame(const Planless *p, int k, int64_t width)
{
    const WfKernel *kernel = &p->kernels[k];
    PlanlessFrame *f = calloc(1, sizeof *f);

    f->input_count = kernel->input_count;
    f->output_count = kernel->output_count;
    for (int i = 0; i < kernel->input_count; i++) {
        size_t row = (size_t)wf_pixel(p->inputs[kernel->inputs[i]].type)->bytes * PLANLESS_WIDTH;

        f->in[i] = calloc(PLANLESS_ROWS, row);
        for (size_t r = 0; r < PLANLESS_ROWS; r++)
            f->in_rows[i][r] = f->in[i] + r * row;
        f->in_table[i] = f->in_rows[i];
    }
    for (int j = 0; j < kernel->output_count; j++) {
        size_t row = (size_t)wf_pixel(p->outputs[kernel->outputs[j]].type)->bytes * PLANLESS_WIDTH;

        f->out[j] = calloc(PLANLESS_ROWS, row);
        for (size_t r = 0; r < PLANLESS_ROWS; r++)
            f->out_rows[j][r] = f->out[j] + r * row;
        f->out_table[j] = f->out_rows[j];
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
                           .watch = f->watch };
    return f;
}

static inline void planless_frame_free(PlanlessFrame *f)
{
    for (int i = 0; i < f->input_count; i++)
        free(f->in[i]);
    for (int j = 0; j < f->output_count; j++)
        free(f->out[j]);
    free(f);
}

/* Inputs of both frames are the same. */
static inline void planless_copy_inputs(const Planless *p, int k, const PlanlessFrame *from,
                                        PlanlessFrame *to)
{
    for (int i = 0; i < from->input_count; i++)
        memcpy(to->in[i], from->in[i],
               (size_t)wf_pixel(p->inputs[p->kernels[k].inputs[i]].type)->bytes * PLANLESS_WIDTH *
                   PLANLESS_ROWS);
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

        for (size_t n = 0; n < (size_t)PLANLESS_ROWS * PLANLESS_WIDTH; n++) {
            uint64_t bits = planless_random(&seed);
            double v = special[bits % SPECIALS];
            char *at = f->in[i] + n * (size_t)pixel->bytes;

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
