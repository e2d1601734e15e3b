/*
 * running.h - whole runs in memory for the tests of run/: images made by a formula, a kernel in
 * plain C, outputs to arrays, on a pretended machine. A failure ends the test.
 *
 * The kernel knows nothing of operators: each of its outputs is the sum of its inputs, the k-th of
 * them k + 1 times, plus the column. So does `running_expected`, from the formula alone.
 */
#ifndef RUNNING_H
#define RUNNING_H

#include <stdatomic.h>
#include <string.h>

#include "base/err.h"
#include "harness.h"
#include "run/run.h"

enum { RUNNING_IMAGES = 4, RUNNING_OUTPUTS = 4 };

static const WeftOp running_add = { .name = "add", .shape = WEFT_POINT, .inputs = 1, .more = true };
static const WeftOp running_index = { .name = "random", .shape = WEFT_INDEX };

typedef struct RunningImage {
    int64_t width, height;
    int block_width, block_height, band_count;
    WeftType type;
    int64_t bad, bad_too; /* blocks (by * columns + bx) that fail; -1: none */
    atomic_int decoded;
    int64_t columns;
    int number, store;
    const WeftGrid *grid;
} RunningImage;

typedef struct RunningOutput {
    WeftNode node;
    WfRect window;
    WeftRead read;
    double *pixels;
} RunningOutput;

typedef struct Running {
    WfGraph *graph;
    WfStores *stores;
    WfSinks *sinks;
    WfTopo *topo;
    WfMachine machine; /* the topology's, but for what follows */
    int64_t cache;     /* bytes of L1 and L2 that plans are made for; 0: the machine's */
    WfPlan *plan;
    WfWorkers *workers;
    RunningImage images[RUNNING_IMAGES];
    int image_count;
    RunningOutput outputs[RUNNING_OUTPUTS];
    WfTarget targets[RUNNING_OUTPUTS];
    int output_count;
    WfPlanOptions options;
    struct RunningClosure *closures;
    WfWatch *watches[64];
    atomic_bool cancel;
    atomic_int cancel_after; /* tiles' turns; 0: never */
    bool steal, prepare_fails;
    atomic_int prepared, early_turns;
    int reports, finished_reports;
    WeftErr err;
    WeftStats *stats;
} Running;

typedef struct RunningClosure {
    Running *running;
    int kernel;
} RunningClosure;

static inline double running_pixel(const RunningImage *image, int band, int64_t x, int64_t y)
{
    return (double)((x * 3 + y * 5 + image->number * 7 + band * 11) % 200);
}

/* ---- images */

static inline void running_store(WeftType type, void *pixels, int64_t at, double v)
{
    if (type == WEFT_U8)
        ((uint8_t *)pixels)[at] = (uint8_t)v;
    else if (type == WEFT_U16)
        ((uint16_t *)pixels)[at] = (uint16_t)v;
    else if (type == WEFT_F32)
        ((float *)pixels)[at] = (float)v;
    else
        ((double *)pixels)[at] = v;
}

static inline double running_load(WeftType type, const void *pixels, int64_t at)
{
    if (type == WEFT_U8)
        return ((const uint8_t *)pixels)[at];
    if (type == WEFT_U16)
        return ((const uint16_t *)pixels)[at];
    if (type == WEFT_F32)
        return (double)((const float *)pixels)[at];
    return ((const double *)pixels)[at];
}

static inline bool running_read(void *context, int band, int64_t bx, int64_t by, void *pixels,
                                WeftErr *err)
{
    RunningImage *image = context;
    int64_t block = by * image->columns + bx;

    if (block == image->bad || block == image->bad_too)
        return wf_fail(err, WEFT_EIO, "block %lld is torn", (long long)block);
    atomic_fetch_add(&image->decoded, band == 1);
    for (int64_t y = 0; y < image->block_height; y++) {
        for (int64_t x = 0; x < image->block_width; x++)
            running_store(image->type, pixels, y * image->block_width + x,
                          running_pixel(image, band, bx * image->block_width + x,
                                        by * image->block_height + y));
    }
    return true;
}

/* Copy the description and open it. */
static inline RunningImage *running_image(Running *r, int64_t width, int64_t height,
                                          int block_width, int block_height, int bands,
                                          WeftType type)
{
    static const char *const paths[RUNNING_IMAGES] = { "a.tif", "b.tif", "c.tif", "d.tif" };
    RunningImage *image = &r->images[r->image_count];
    WeftBand band = {
        .name = "", .interp = "Gray", .type = type, .scale = 1, .mask = "none", .unit = ""
    };
    WeftBand all[4] = { band, band, band, band };
    WeftFile file = {
        .path = paths[r->image_count],
        .driver = "memory",
        .grid = { .width = width, .height = height, .transform = { 0, 1, 0, 0, 0, -1 } },
        .band_count = bands,
        .bands = all,
        .block_width = block_width,
        .block_height = block_height,
        .compression = "none",
        .interleave = "band",
        .bytes = -1,
    };

    *image = (RunningImage) {
        .width = width,
        .height = height,
        .block_width = block_width,
        .block_height = block_height,
        .band_count = bands,
        .type = type,
        .bad = -1,
        .bad_too = -1,
        .columns = (width + block_width - 1) / block_width,
        .number = r->image_count,
    };
    r->image_count++;
    image->store = wf_stores_add_memory(r->stores, &file, running_read, image, &r->err);
    ck_assert_msg(image->store >= 0, "%s", r->err.message);
    image->grid = wf_graph_grid(r->graph, &file.grid, &r->err);
    return image;
}

/* ---- graph */

static inline WeftNode running_describe(Running *r, WeftNode node, const WeftGrid *grid)
{
    ck_assert_int_ge(node, 0);
    r->graph->nodes[node].grid = grid;
    r->graph->nodes[node].type = WEFT_F32;
    return node;
}

/* A band on the image's own grid, or on a smaller one that begins at (dx, dy) of it. */
static inline WeftNode running_band(Running *r, const RunningImage *image, int band,
                                    const WeftGrid *grid, int64_t dx, int64_t dy)
{
    WfSource source = {
        .store = image->store,
        .path = wf_stores_file(r->stores, image->store)->path,
        .band = band,
        .type = image->type,
        .width = image->width,
        .height = image->height,
        .block_width = image->block_width,
        .block_height = image->block_height,
        .dx = dx,
        .dy = dy,
    };

    grid = grid ? grid : image->grid;
    return running_describe(r, wf_graph_load(r->graph, &source, grid, &r->err), grid);
}

static inline WeftNode running_sum(Running *r, const WeftNode *inputs, int count)
{
    WeftNode node = wf_graph_add(r->graph, &running_add, inputs, count, NULL, 0, &r->err);

    return running_describe(r, node, r->graph->nodes[inputs[0]].grid);
}

static inline WeftNode running_add_two(Running *r, WeftNode a, WeftNode b)
{
    return running_sum(r, (WeftNode[]) { a, b }, 2);
}

/* The whole of a node, or a window of it, to an array of its own. */
static inline RunningOutput *running_save(Running *r, WeftNode node, const WfRect *window,
                                          int block)
{
    RunningOutput *out = &r->outputs[r->output_count];
    const WeftGrid *grid = r->graph->nodes[node].grid;
    WfTarget *target = &r->targets[r->output_count];

    out->node = node;
    out->window = window ? *window : (WfRect) { 0, 0, grid->width, grid->height };
    out->pixels = wf_calloc((size_t)wf_rect_area(out->window), sizeof(double), &r->err);
    ck_assert_ptr_nonnull(out->pixels);
    out->read = (WeftRead) {
        .bands = &out->node,
        .band_count = 1,
        .col = out->window.x0,
        .row = out->window.y0,
        .cols = wf_rect_width(out->window),
        .rows = wf_rect_height(out->window),
        .step = 1,
        .out = out->pixels,
    };
    *target = (WfTarget) {
        .node = node,
        .sink = wf_sinks_add_memory(r->sinks, &out->read, &r->err),
        .type = WEFT_F32,
        .window = out->window,
        .block_width = block,
        .block_height = block,
    };
    ck_assert_int_ge(target->sink, 0);
    r->output_count++;
    return out;
}

/* ---- kernel */

static inline const WfPlanInput *running_input(const WfPlan *plan, const WfKernel *kernel, int k)
{
    return &plan->inputs[kernel->inputs[k]];
}

static inline void running_kernel(const WfFrame *frame)
{
    const RunningClosure *c = frame->closure;
    Running *run = c->running;
    const WfPlan *plan = run->plan;
    const WfKernel *kernel = &plan->kernels[c->kernel];

    if (!atomic_load(&run->prepared))
        atomic_fetch_add(&run->early_turns, 1);
    if (atomic_load(&run->cancel_after) > 0 && atomic_fetch_sub(&run->cancel_after, 1) == 1)
        atomic_store(&run->cancel, true);
    for (int64_t r = 0; r < frame->rows; r++) {
        for (int64_t x = 0; x < frame->padded; x++) {
            double sum = (double)(frame->col + x);

            for (int k = 0; k < kernel->input_count; k++)
                sum += (k + 1) *
                       running_load(running_input(plan, kernel, k)->type, frame->in[k][r], x);
            for (int j = 0; j < kernel->output_count; j++)
                ((float *)frame->out[j][r])[x] = (float)sum;
        }
    }
}

static inline bool running_prepare(void *context, WfCompiled *compiled, WeftErr *err)
{
    Running *r = context;

    if (r->prepare_fails)
        return wf_fail(err, WEFT_EHOST, "no compiler");
    for (int k = 0; k < r->plan->kernel_count; k++)
        compiled[k] = (WfCompiled) { .run = running_kernel, .closure = &r->closures[k] };
    atomic_store(&r->prepared, 1);
    return true;
}

static inline void running_progress(void *context, const WeftProgress *progress)
{
    Running *r = context;

    ck_assert(progress->done >= 0 && progress->done <= 1);
    r->reports++;
    r->finished_reports += progress->finished;
}

/* ---- runs */

static inline Running *running_new(void)
{
    Running *r = wf_zalloc(sizeof *r, NULL);

    ck_assert_ptr_nonnull(r);
    r->graph = wf_graph_new(&r->err);
    r->stores = wf_stores_new(&r->err);
    r->sinks = wf_sinks_new(&r->err);
    ck_assert(r->graph && r->stores && r->sinks);
    r->steal = true;
    return r;
}

/* Make topology, plan and workers. */
static inline void running_plan(Running *r, const char *machine, int threads)
{
    size_t kernels;

    r->topo = wf_topo_new(machine, threads, &r->err);
    ck_assert_msg(r->topo != NULL, "%s", r->err.message);
    r->machine = *wf_topo_machine(r->topo);
    if (r->cache > 0)
        r->machine.l1 = r->machine.l2 = r->cache;
    r->plan = wf_plan_new(r->graph, r->targets, r->output_count, &r->machine, &r->options, &r->err);
    ck_assert_msg(r->plan != NULL, "%s", r->err.message);
    kernels = (size_t)r->plan->kernel_count;
    r->closures = wf_calloc(kernels, sizeof *r->closures, &r->err);
    for (size_t k = 0; k < kernels; k++)
        r->closures[k] = (RunningClosure) { .running = r, .kernel = (int)k };
    ck_assert(wf_stores_hands(r->stores, wf_topo_machine(r->topo)->worker_count, &r->err));
    r->workers = wf_workers_new(r->topo, &r->err);
    ck_assert_msg(r->workers != NULL, "%s", r->err.message);
}

static inline bool running_go(Running *r)
{
    WfJob job = {
        .plan = r->plan,
        .stores = r->stores,
        .sinks = r->sinks,
        .prepare = running_prepare,
        .prepare_context = r,
        .cancel = &r->cancel,
        .steal = r->steal,
        .progress = running_progress,
        .progress_context = r,
    };

    r->err = (WeftErr) { .code = WEFT_OK };
    weft_stats_free(r->stats);
    r->stats = wf_zalloc(sizeof *r->stats, NULL);
    ck_assert_ptr_nonnull(r->stats);
    return wf_run(r->workers, &job, r->watches, r->stats, &r->err);
}

/* What the kernel gives for a pixel of the output's node, found in the plan by its target. */
static inline double running_expected(const Running *r, int output, int64_t col, int64_t row)
{
    const WfPlan *plan = r->plan;
    double sum = (double)col;

    for (int k = 0; k < plan->kernel_count; k++) {
        const WfKernel *kernel = &plan->kernels[k];
        bool own = false;

        for (int j = 0; j < kernel->output_count; j++)
            own |= plan->outputs[kernel->outputs[j]].target == output;
        for (int i = 0; own && i < kernel->input_count; i++) {
            const WfPlanInput *in = running_input(plan, kernel, i);
            const WfPlanFile *file = &plan->files[in->file];

            for (int m = 0; m < r->image_count; m++)
                if (r->images[m].store == file->store)
                    sum += (i + 1) * running_pixel(&r->images[m], file->bands[in->slot],
                                                   col + in->dx, row + in->dy);
        }
    }
    return sum;
}

/* All outputs are right to the bit. */
static inline void running_check(const Running *r)
{
    for (int o = 0; o < r->output_count; o++) {
        const RunningOutput *out = &r->outputs[o];
        const double *pixel = out->pixels;

        for (int64_t y = out->window.y0; y < out->window.y1; y++) {
            for (int64_t x = out->window.x0; x < out->window.x1; x++, pixel++)
                if (*pixel != running_expected(r, o, x, y))
                    ck_abort_msg("output %d (%lld, %lld): %g, not %g", o, (long long)x,
                                 (long long)y, *pixel, running_expected(r, o, x, y));
        }
    }
}

/* What was planned was done, once, within the memory foretold. */
static inline void running_check_counts(const Running *r)
{
    const WeftStats *s = r->stats;
    int64_t decoded = 0;

    for (int i = 0; i < r->image_count; i++)
        decoded += atomic_load(&r->images[i].decoded);
    ck_assert_int_eq(s->blocks_decoded, s->blocks_planned);
    ck_assert_int_eq(s->pixels_computed, s->pixels_planned);
    ck_assert_int_eq(s->tiles_run, s->tiles_planned);
    ck_assert_int_le(s->memory_peak, s->memory_predicted);
    if (r->image_count == 1)
        ck_assert_int_eq(decoded, s->blocks_decoded);
}

/* Forget topology, plan and workers, so that another machine may follow. */
static inline void running_unplan(Running *r)
{
    wf_workers_free(r->workers);
    wf_plan_free(r->plan);
    wf_topo_free(r->topo);
    wf_free(r->closures);
    r->workers = NULL;
    r->plan = NULL;
    r->topo = NULL;
    r->closures = NULL;
    for (int i = 0; i < r->image_count; i++)
        atomic_store(&r->images[i].decoded, 0);
    atomic_store(&r->prepared, 0);
}

static inline void running_free(Running *r)
{
    running_unplan(r);
    weft_stats_free(r->stats);
    for (int o = 0; o < r->output_count; o++)
        wf_free(r->outputs[o].pixels);
    wf_sinks_free(r->sinks);
    wf_stores_free(r->stores);
    wf_graph_free(r->graph);
    wf_free(r);
}

/* Two images whose blocks differ, and three outputs of them: tiles span blocks of both. */
static inline void running_common_job(Running *r)
{
    RunningImage *a = running_image(r, 300, 260, 96, 64, 2, WEFT_U16);
    RunningImage *b = running_image(r, 300, 260, 300, 7, 1, WEFT_F32);
    WeftNode a1 = running_band(r, a, 1, NULL, 0, 0), a2 = running_band(r, a, 2, NULL, 0, 0);
    WeftNode b1 = running_band(r, b, 1, NULL, 0, 0);

    running_save(r, running_add_two(r, a1, a2), NULL, 64);
    running_save(r, running_add_two(r, a2, b1), NULL, 64);
    running_save(r, running_sum(r, (WeftNode[]) { b1 }, 1), NULL, 0);
    r->options.tile = 64;
}

#endif
