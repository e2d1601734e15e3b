/*
 * kernels.c - weft's kernels alone, against the machine's copy bandwidth in the same run.
 *
 * kernels [threads]. Rasters in memory, past the last cache; bytes are counted as STREAM does (read
 * plus written); copy is the C library's memcpy. Medians of 9 interleaved repetitions. Checks
 * values of the result.
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "code/code.h"
#include "graph/apply.h"
#include "graph/catalog.h"
#include "pass/pass.h"
#include "plan/plan.h"

enum { WIDTH = 4096, ROWS = 6144, TURN = 32, REPEAT = 9, BANDS = 4, THREADS_MAX = 64 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const WeftErr *err)
{
    char text[2048];

    fprintf(stderr, "%s\n", weft_err_text(err, text, sizeof text));
    exit(1);
}

/* ------------------------------------------------------------------------------- jobs */

typedef struct Job {
    const char *name;
    int bands;
    double bytes; /* a pixel, read and written */
    WfGraph *graph;
    WeftNode root;
    WfPlan *plan;
    WfCode *code;
    double seconds[REPEAT];
} Job;

static WeftNode op(WfGraph *graph, const char *name, WeftNode a, WeftNode b, WeftNode c)
{
    WeftErr err = { 0 };
    WeftNode inputs[3] = { a, b, c };
    int count = a == WEFT_NONE ? 0 : b == WEFT_NONE ? 1 : c == WEFT_NONE ? 2 : 3;
    int first = graph->count;
    WeftNode node = wf_apply(graph, wf_catalog_find(name, &err), inputs, count, NULL, 0, &err);

    for (WeftNode n = first; n <= node; n++)
        wf_infer_node(graph, n, &err);
    if (node == WEFT_NONE || err.code)
        die(&err);
    return node;
}

static WeftNode number(WfGraph *graph, double v)
{
    WeftErr err = { 0 };
    WeftNode node = wf_graph_constant(graph, v, false, NULL, &err);

    wf_infer_node(graph, node, &err);
    return node;
}

#define NO WEFT_NONE
#define ADD(a, b) op(g, "add", a, b, NO)
#define SUB(a, b) op(g, "sub", a, b, NO)
#define MUL(a, b) op(g, "mul", a, b, NO)
#define DIV(a, b) op(g, "div", a, b, NO)
#define N(v) number(g, v)

static WeftNode ndvi(WfGraph *g, const WeftNode *in)
{
    return DIV(SUB(in[0], in[1]), ADD(in[0], in[1]));
}

/* Some 35 operators with exp, log, sqrt and a choice over four bands. */
static WeftNode long_expression(WfGraph *g, const WeftNode *in)
{
    WeftNode b = MUL(in[0], N(1e-4)), gr = MUL(in[1], N(1e-4)), r = MUL(in[2], N(1e-4)),
             n = MUL(in[3], N(1e-4));
    WeftNode evi =
        DIV(MUL(N(2.5), SUB(n, r)), ADD(SUB(ADD(n, MUL(N(6), r)), MUL(N(7.5), b)), N(1)));
    WeftNode ndwi = DIV(SUB(gr, n), ADD(gr, n));
    WeftNode savi = DIV(MUL(N(1.5), SUB(n, r)), ADD(ADD(n, r), N(0.5)));
    WeftNode t = ADD(MUL(N(2), n), N(1));
    WeftNode root = op(g, "sqrt", SUB(MUL(t, t), MUL(N(8), SUB(n, r))), NO, NO);
    WeftNode msavi = MUL(N(0.5), SUB(t, root));
    WeftNode yes = ADD(MUL(evi, op(g, "exp", op(g, "neg", ndwi, NO, NO), NO, NO)),
                       op(g, "log", ADD(N(1), MUL(savi, savi)), NO, NO));
    WeftNode no = MUL(op(g, "sqrt", op(g, "abs", msavi, NO, NO), NO, NO), ndwi);

    return op(g, "where", op(g, "gt", evi, N(0.2), NO), yes, no);
}

static void prepare(Job *job, WeftNode (*build)(WfGraph *, const WeftNode *))
{
    static float distances[1] = { 10 };
    static WfMachineNode nodes[1] = { { .worker_count = 1 } };
    static WfMachineWorker workers[1];
    static const WfMachine machine = { .node_count = 1,
                                       .nodes = nodes,
                                       .worker_count = 1,
                                       .workers = workers,
                                       .distances = distances,
                                       .l1 = 32768,
                                       .l2 = 1 << 20,
                                       .l3 = 16 << 20,
                                       .memory = 1 << 30 };
    WeftErr err = { 0 };
    WeftGrid grid = { .width = WIDTH, .height = ROWS };
    WeftNode in[BANDS];
    WfTarget target = { .type = WEFT_F32, .window = { 0, 0, WIDTH, ROWS } };
    WfPlanOptions options = { .memory = 1 << 30 };

    job->graph = wf_graph_new(&err);
    for (int i = 0; i < job->bands; i++) {
        WfSource source = { .store = i,
                            .path = "memory",
                            .band = 1,
                            .type = WEFT_U16,
                            .width = WIDTH,
                            .height = ROWS,
                            .block_width = 512,
                            .block_height = 512 };

        in[i] = wf_graph_load(job->graph, &source, &grid, &err);
        if (in[i] == WEFT_NONE || !wf_infer_node(job->graph, in[i], &err))
            die(&err);
    }
    job->root = build(job->graph, in);
    if (!wf_pass_run(job->graph, &job->root, 1, NULL, &err))
        die(&err);
    target.node = job->root;
    job->plan = wf_plan_new(job->graph, &target, 1, &machine, &options, &err);
    job->code = job->plan ? wf_code_jit(job->plan, "", &err) : NULL;
    if (!job->code)
        die(&err);
}

/* ------------------------------------------------------------------------------- running */

static uint16_t *bands[BANDS];
static float *out, *from;
static int thread_count;
static const Job *current; /* NULL: copy */

static void run_rows(const Job *job, int64_t first, int64_t count)
{
    WfCompiled compiled = wf_code_kernel(job->code, 0);
    const void *rows[BANDS][TURN];
    const void *const *in[BANDS];
    void *out_rows[TURN];
    void *const *outs[1] = { out_rows };
    const WfKernel *kernel = &job->plan->kernels[0];
    WfFrame frame = { .in = in,
                      .out = outs,
                      .width = WIDTH,
                      .padded = WIDTH,
                      .raster_width = WIDTH,
                      .closure = compiled.closure };

    for (int64_t y = first; y < first + count; y += TURN) {
        frame.rows = TURN;
        frame.row = y;
        for (int k = 0; k < kernel->input_count; k++) {
            int store = job->graph->sources[job->plan->inputs[kernel->inputs[k]].source].store;

            in[k] = rows[k];
            for (int r = 0; r < TURN; r++)
                rows[k][r] = bands[store] + (y + r) * WIDTH;
        }
        for (int r = 0; r < TURN; r++)
            out_rows[r] = out + (y + r) * WIDTH;
        compiled.run(&frame);
    }
}

static void copy_rows(int64_t first, int64_t count)
{
    memcpy(out + first * WIDTH, from + first * WIDTH, (size_t)(count * WIDTH) * sizeof *out);
}

static void *share(void *argument)
{
    int64_t rows = ROWS / TURN / thread_count * TURN, t = (intptr_t)argument;

    if (current)
        run_rows(current, t * rows, rows);
    else
        copy_rows(t * rows, rows);
    return NULL;
}

static double timed(const Job *job)
{
    pthread_t threads[THREADS_MAX];
    double start = now();

    current = job;
    for (int t = 1; t < thread_count; t++)
        pthread_create(&threads[t], NULL, share, (void *)(intptr_t)t);
    share(NULL);
    for (int t = 1; t < thread_count; t++)
        pthread_join(threads[t], NULL);
    return now() - start;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *seconds)
{
    qsort(seconds, REPEAT, sizeof *seconds, by_size);
    return seconds[REPEAT / 2];
}

int main(int argc, char **argv)
{
    static Job jobs[] = { { .name = "NDVI, u16 to f32", .bands = 2, .bytes = 8 },
                          { .name = "35 operators, 4 x u16 to f32", .bands = 4, .bytes = 12 } };
    double copy[REPEAT], pixels, rate;
    size_t all = (size_t)WIDTH * ROWS;

    thread_count = argc > 1 ? atoi(argv[1]) : 1;
    pixels = (double)(ROWS / TURN / thread_count * TURN) * thread_count * WIDTH;
    for (int b = 0; b < BANDS; b++) {
        bands[b] = aligned_alloc(4096, all * 2 + 4096);
        for (size_t i = 0; i < all; i++)
            bands[b][i] = (uint16_t)(1 + (i * 2654435761u * (unsigned)(b + 3) >> 16) % 9999);
    }
    out = aligned_alloc(4096, all * 4 + 4096);
    from = aligned_alloc(4096, all * 4 + 4096);
    memset(out, 0, all * 4);
    memset(from, 1, all * 4);
    prepare(&jobs[0], ndvi);
    prepare(&jobs[1], long_expression);
    for (int r = 0; r < REPEAT; r++) {
        copy[r] = timed(NULL);
        for (int j = 0; j < 2; j++)
            jobs[j].seconds[r] = timed(&jobs[j]);
        timed(&jobs[0]);
    }
    for (size_t i = 0; i < (size_t)pixels; i += 100003) {
        float a = bands[0][i], b = bands[1][i], v = (a - b) / (a + b);

        if (out[i] != v) {
            fprintf(stderr, "wrong value at %zu: %g, not %g\n", i, (double)out[i], (double)v);
            return 1;
        }
    }
    rate = pixels * 8 / median(copy) / 1e9;
    printf("%d thread%s: copy %.1f GB/s\n", thread_count, thread_count == 1 ? "" : "s", rate);
    for (int j = 0; j < 2; j++) {
        double s = median(jobs[j].seconds);

        printf("  %-30s %6.0f Mpx/s %6.1f GB/s  %3.0f %% of copy\n", jobs[j].name, pixels / s / 1e6,
               pixels * jobs[j].bytes / s / 1e9, 100 * pixels * jobs[j].bytes / s / 1e9 / rate);
    }
    return 0;
}
