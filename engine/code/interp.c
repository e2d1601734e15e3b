/*
 * interp.c - a kernel pixel by pixel, in plain C, by the rules that emit.c writes as IR.
 *
 * Written to be right at a glance, not to be fast. Reads the frame, the plan and its graph; writes
 * outputs or a ring, and watches, for the pixels that are wanted only. Workers share a WfInterp,
 * which never changes.
 */
#include "code/interp.h"

#include <math.h>
#include <string.h>

#include "base/pixel.h"
#include "plan/read.h"
#include "graph/native.h"

/* A node of the kernel; numbers are places in WfInterp's steps. */
typedef struct Step {
    const WfNode *node;
    WfRead read;            /* its input is -1: computed from other steps */
    const WfSource *source; /* what a file's pixels are; NULL for a ring */
    WeftType ring_type;
    bool read_wide; /* type in which the node that is read is held */
    int scalar;     /* of a SCALAR: its place in the frame's */
    int from[WEFT_ARGS_MAX];
} Step;

struct WfInterp {
    Step *steps;
    int step_count;
    int output_count, watch_count;
    int *output_steps, *watch_steps;
    WeftType *output_types;
};

/* ------------------------------------------------------------------ pixels in files and memory */

/* The pixel as a node holds it, NaN where it is the nodata value. */
static double load_pixel(const WfSource *source, const void *row, int64_t i, bool wide)
{
    bool holds = source->has_nodata && wf_pixel_holds(source->type, source->nodata);

#define LOAD(ctype, matches)                        \
    {                                               \
        ctype v = ((const ctype *)row)[i];          \
        if (source->has_nodata && (matches))        \
            return NAN;                             \
        return wide ? (double)v : (double)(float)v; \
    }
    switch (source->type) {
    case WEFT_U8:
    case WEFT_BOOL:
        LOAD(uint8_t, holds &&v == source->nodata)
    case WEFT_I8:
        LOAD(int8_t, holds &&v == source->nodata)
    case WEFT_U16:
        LOAD(uint16_t, holds &&v == source->nodata)
    case WEFT_I16:
        LOAD(int16_t, holds &&v == source->nodata)
    case WEFT_U32:
        LOAD(uint32_t, holds &&v == source->nodata)
    case WEFT_I32:
        LOAD(int32_t, holds &&v == source->nodata)
    case WEFT_U64:
        LOAD(uint64_t, v == source->nodata_bits)
    case WEFT_I64:
        LOAD(int64_t, (uint64_t)v == source->nodata_bits)
    case WEFT_F32:
        LOAD(float, v == (float)source->nodata)
    default:
        LOAD(double, v == source->nodata)
    }
#undef LOAD
}

/* The pixel of another node, as that one is held. */
static double read_pixel(const Step *step, const WfFrame *frame, int64_t r, int64_t i)
{
    const void *row = frame->in[step->read.input][r + step->read.drow];
    double v;

    i += step->read.dcol;
    if (step->source)
        return load_pixel(step->source, row, i, step->read_wide);
    v = step->ring_type == WEFT_F32 ? ((const float *)row)[i] : ((const double *)row)[i];
    return step->read_wide ? v : (double)(float)v;
}

/* Floats: one NaN. Integers: the value fits; NaN cannot occur and gives 0. */
static void store_pixel(WeftType type, void *row, int64_t i, double v)
{
    static const uint64_t nan64 = 0x7ff8000000000000u;
    static const uint32_t nan32 = 0x7fc00000u;
    float narrow = (float)v;

#define STORE(ctype)                             \
    ((ctype *)row)[i] = isnan(v) ? 0 : (ctype)v; \
    break
    switch (type) {
    case WEFT_U8:
    case WEFT_BOOL:
        STORE(uint8_t);
    case WEFT_I8:
        STORE(int8_t);
    case WEFT_U16:
        STORE(uint16_t);
    case WEFT_I16:
        STORE(int16_t);
    case WEFT_U32:
        STORE(uint32_t);
    case WEFT_I32:
        STORE(int32_t);
    case WEFT_U64:
        STORE(uint64_t);
    case WEFT_I64:
        STORE(int64_t);
    case WEFT_F32:
        memcpy((float *)row + i, isnan(v) ? (const void *)&nan32 : &narrow, sizeof narrow);
        break;
    default:
        memcpy((double *)row + i, isnan(v) ? (const void *)&nan64 : &v, sizeof v);
    }
#undef STORE
}

/* ------------------------------------------------------------------ one pixel */

static void gather(const Step *step, const double *values, double *args)
{
    for (int k = 0; k < step->node->input_count; k++)
        args[k] = values[step->from[k]];
}

/* Values of all steps at pixel i of row r. Constants and scalars stay f64 until they are used. */
static void compute(const WfInterp *interp, const WfFrame *frame, int64_t r, int64_t i,
                    double *values)
{
    double args[WEFT_ARGS_MAX];

    for (int s = 0; s < interp->step_count; s++) {
        const Step *step = &interp->steps[s];
        const WfNode *node = step->node;

        if (node->op->shape == WEFT_CONSTANT) {
            values[s] = node->value;
        } else if (node->op->shape == WEFT_SCALAR) {
            values[s] = frame->scalars[step->scalar];
        } else if (step->read.input >= 0) {
            values[s] = read_pixel(step, frame, r, i);
            if (!node->wide)
                values[s] = (float)values[s];
        } else {
            gather(step, values, args);
            values[s] = wf_native_node(node, args, frame->col + i, frame->row + r);
        }
    }
}

static void count(const WfInterp *interp, const WfFrame *frame, int64_t place, const double *values)
{
    double args[WEFT_ARGS_MAX];

    for (int w = 0; w < interp->watch_count; w++) {
        const Step *step = &interp->steps[interp->watch_steps[w]];
        WfWatch *watch = &frame->watch[w];

        gather(step, values, args);
        if (!wf_native_watch(step->node, args))
            continue;
        watch->count++;
        if (place < watch->first)
            watch->first = place;
    }
}

static void store(const WfInterp *interp, const WfFrame *frame, int64_t r, int64_t i,
                  const double *values)
{
    for (int j = 0; j < interp->output_count; j++) {
        int s = interp->output_steps[j];
        const WfNode *node = interp->steps[s].node;
        double v = values[s];

        if (node->op->shape == WEFT_CONSTANT && !node->wide)
            v = (float)v;
        store_pixel(interp->output_types[j], frame->out[j][r], i, v);
    }
}

/* ------------------------------------------------------------------ making one */

/* The step that computes a node; steps below `count` are made. -1. */
static int step_of(const WfPlan *plan, const WfInterp *interp, int count, WeftNode node)
{
    for (int s = 0; s < count; s++)
        if (interp->steps[s].node == &plan->graph->nodes[node])
            return s;
    return -1;
}

static void fill_read(const WfPlan *plan, const WfKernel *kernel, Step *step)
{
    const WfPlanInput *input = &plan->inputs[kernel->inputs[step->read.input]];
    const WfNode *below = &plan->graph->nodes[step->read.node];

    step->source = input->ring < 0 ? &plan->graph->sources[below->source] : NULL;
    step->ring_type = input->type;
    step->read_wide = below->wide;
}

static bool fill_step(const WfPlan *plan, const WfKernel *kernel, WfInterp *interp, int s,
                      WeftErr *err)
{
    const WfNode *node = &plan->graph->nodes[kernel->nodes[s]];
    Step *step = &interp->steps[s];

    step->node = node;
    if (!wf_read_find(plan, kernel, kernel->nodes[s], &step->read, err))
        return false;
    if (step->read.input >= 0) {
        fill_read(plan, kernel, step);
        return true;
    }
    if (node->op->shape == WEFT_SCALAR) {
        step->scalar = wf_plan_scalar(plan, kernel->nodes[s]);
        return true;
    }
    if (node->input_count + node->setting_count > WEFT_ARGS_MAX)
        return wf_fail(err, WEFT_EBUG, "no kernel for %s with %d inputs", node->op->name,
                       node->input_count);
    for (int k = 0; k < node->input_count; k++) {
        step->from[k] = step_of(plan, interp, s, node->inputs[k]);
        if (step->from[k] < 0)
            return wf_fail(err, WEFT_EBUG, "an input of %s is missing in its kernel",
                           node->op->name);
    }
    return true;
}

static bool fill_ends(const WfPlan *plan, const WfKernel *kernel, WfInterp *interp, WeftErr *err)
{
    bool found = true;

    if (kernel->ring_count && kernel->output_count)
        return wf_fail(err, WEFT_EBUG, "a kernel fills a ring and has outputs too");

    for (int j = 0; j < interp->output_count; j++) {
        const WfRing *ring = kernel->ring_count ? &plan->rings[kernel->rings[j]] : NULL;
        const WfPlanOutput *output = ring ? NULL : &plan->outputs[kernel->outputs[j]];

        interp->output_types[j] = ring ? ring->type : output->type;
        interp->output_steps[j] =
            step_of(plan, interp, interp->step_count, ring ? ring->node : output->node);
        found = found && interp->output_steps[j] >= 0;
    }
    for (int w = 0; w < kernel->watch_count; w++) {
        interp->watch_steps[w] = step_of(plan, interp, interp->step_count, kernel->watches[w].node);
        found = found && interp->watch_steps[w] >= 0;
    }
    return found || wf_fail(err, WEFT_EBUG, "an output of a kernel is none of its nodes");
}

WfInterp *wf_interp_new(const WfPlan *plan, int kernel, WeftErr *err)
{
    const WfKernel *k = &plan->kernels[kernel];
    WfInterp *interp = wf_zalloc(sizeof *interp, err);

    if (!interp)
        return NULL;
    interp->steps = wf_calloc((size_t)k->node_count, sizeof *interp->steps, err);
    interp->output_count = k->ring_count + k->output_count;
    interp->output_steps = wf_calloc((size_t)interp->output_count, sizeof(int), err);
    interp->output_types = wf_calloc((size_t)interp->output_count, sizeof(WeftType), err);
    interp->watch_steps = wf_calloc((size_t)k->watch_count, sizeof(int), err);
    if (!interp->steps || !interp->output_steps || !interp->output_types || !interp->watch_steps)
        goto fail;
    interp->step_count = k->node_count;
    interp->watch_count = k->watch_count;
    for (int s = 0; s < k->node_count; s++)
        if (!fill_step(plan, k, interp, s, err))
            goto fail;
    if (!fill_ends(plan, k, interp, err))
        goto fail;
    return interp;
fail:
    wf_interp_free(interp);
    return NULL;
}

void wf_interp_free(WfInterp *interp)
{
    if (!interp)
        return;
    wf_free(interp->steps);
    wf_free(interp->output_steps);
    wf_free(interp->output_types);
    wf_free(interp->watch_steps);
    wf_free(interp);
}

/* The pixel is one of those that watches count. */
static bool is_watched(const WfFrame *frame, int64_t r, int64_t i)
{
    return r >= frame->watch_row_from && r < frame->watch_row_to && i >= frame->watch_from &&
           i < frame->watch_to;
}

void wf_interp_run(const WfFrame *frame)
{
    const WfInterp *interp = frame->closure;
    int64_t end = frame->width < frame->padded ? frame->width : frame->padded;
    double values[interp->step_count + 1];

    for (int64_t r = 0; r < frame->rows; r++) {
        int64_t row_start = (frame->row + r) * frame->raster_width + frame->col;

        for (int64_t i = frame->first; i < end; i++) {
            compute(interp, frame, r, i, values);
            if (is_watched(frame, r, i))
                count(interp, frame, row_start + i, values);
            store(interp, frame, r, i, values);
        }
    }
}
