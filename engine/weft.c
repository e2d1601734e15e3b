/*
 * weft.c - the conductor: request -> passes -> plan -> code -> run -> files.
 *
 * The only file that knows every room; it carries plain data from one to the next.
 */
#include "conductor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/pixel.h"
#include "base/text.h"
#include "pass/pass.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ------------------------------------------------------------------------------- engine */

WeftEngine *weft_engine_new(const WeftConfig *config, WeftErr *err)
{
    WeftEngine *engine = wf_zalloc(sizeof *engine, err);

    if (!engine)
        return NULL;
    engine->config = *config;
    engine->config.machine = config->machine ? wf_strdup(config->machine, err) : NULL;
    engine->config.cache = config->cache ? wf_strdup(config->cache, err) : NULL;
    if ((config->machine && !engine->config.machine) || (config->cache && !engine->config.cache)) {
        weft_engine_free(engine);
        return NULL;
    }
    atomic_init(&engine->cancel, false);
    return engine;
}

void weft_engine_free(WeftEngine *engine)
{
    if (!engine)
        return;
    wf_workers_free(engine->workers);
    wf_topo_free(engine->topo);
    wf_free((char *)engine->config.machine);
    wf_free((char *)engine->config.cache);
    wf_free(engine);
}

const WfMachine *wf_engine_machine(WeftEngine *engine, WeftErr *err)
{
    if (!engine->topo)
        engine->topo = wf_topo_new(engine->config.machine, engine->config.threads, err);
    return engine->topo ? wf_topo_machine(engine->topo) : NULL;
}

void weft_engine_cancel(WeftEngine *engine)
{
    atomic_store(&engine->cancel, true);
}

bool weft_engine_cancelled(const WeftEngine *engine)
{
    return atomic_load(&engine->cancel);
}

void weft_engine_resume(WeftEngine *engine)
{
    atomic_store(&engine->cancel, false);
}

/* ------------------------------------------------------------------------------- plan */

WfPlan *wf_request_plan(WfRequest *request, WeftEngine *engine, WeftErr *err)
{
    const WfMachine *machine = wf_engine_machine(engine, err);
    WfPlanOptions options;

    if (!machine)
        return NULL;
    options = (WfPlanOptions) {
        .tile = engine->config.tile,
        .memory = engine->config.memory ? engine->config.memory : machine->memory,
        .steal_none = engine->config.steal_none,
    };
    if (!wf_pass_run(request->graph, request->roots, request->target_count, NULL, err) ||
        !wf_plain(request->graph, err))
        return NULL;
    for (int i = 0; i < request->target_count; i++)
        request->targets[i].node = request->roots[i];
    return wf_plan_new(request->graph, request->targets, request->target_count, machine, &options,
                       err);
}

/* ------------------------------------------------------------------------------- code */

typedef struct Compile {
    const WfPlan *plan;
    const WeftConfig *config;
    WfCode *code;
    double seconds;
} Compile;

static bool compile(void *context, WfCompiled *compiled, WeftErr *err)
{
    Compile *c = context;
    char folder[4096];
    double start = now();

    c->code = c->config->reference
                  ? wf_code_reference(c->plan, err)
                  : wf_code_jit(c->plan,
                                c->config->cache ? c->config->cache
                                                 : wf_code_cache_folder(folder, sizeof folder),
                                err);
    c->seconds = now() - start;
    if (!c->code)
        return false;
    for (int k = 0; k < c->plan->kernel_count; k++)
        compiled[k] = wf_code_kernel(c->code, k);
    return true;
}

/* ------------------------------------------------------------------------------- counts */

static void free_watches(WfWatch **watches, int count)
{
    for (int k = 0; watches && k < count; k++)
        wf_free(watches[k]);
    wf_free(watches);
}

static WfWatch **new_watches(const WfPlan *plan, WeftErr *err)
{
    WfWatch **watches = wf_calloc((size_t)plan->kernel_count + 1, sizeof *watches, err);

    for (int k = 0; watches && k < plan->kernel_count; k++) {
        int count = plan->kernels[k].watch_count;

        watches[k] = wf_calloc((size_t)count + 1, sizeof **watches, err);
        if (!watches[k]) {
            free_watches(watches, k);
            return NULL;
        }
        for (int w = 0; w < count; w++)
            watches[k][w].first = INT64_MAX;
    }
    return watches;
}

/* Nodes that `node` is made from; marks is one flag a node of the graph. */
static void mark_below(const WfGraph *graph, WeftNode node, bool *marks)
{
    marks[node] = true;
    for (WeftNode n = node; n >= 0; n--)
        for (int i = 0; marks[n] && i < graph->nodes[n].input_count; i++)
            marks[graph->nodes[n].inputs[i]] = true;
}

static void first_at(int64_t first, int64_t width, int64_t *col, int64_t *row)
{
    if (first == INT64_MAX)
        return;
    if (*row >= 0 && *row * width + *col <= first)
        return;
    *col = first % width;
    *row = first / width;
}

static void count_watch(WeftOutputStats *output, const WfNode *node, const WfWatch *watch)
{
    if (strcmp(node->op->counts, "invalid") == 0) {
        output->invalid += watch->count;
    } else if (strcmp(node->op->counts, "clipped") == 0) {
        output->clipped += watch->count;
        first_at(watch->first, node->grid->width, &output->clipped_col, &output->clipped_row);
    } else if (strcmp(node->op->counts, "collisions") == 0) {
        output->collisions += watch->count;
        first_at(watch->first, node->grid->width, &output->collision_col, &output->collision_row);
    }
}

static bool count_target(const WfPlan *plan, WfWatch *const *watches, int target,
                         WeftOutputStats *output, WeftErr *err)
{
    bool *marks = wf_zalloc((size_t)plan->graph->count, err);

    if (!marks)
        return false;
    mark_below(plan->graph, plan->targets[target].node, marks);
    for (int k = 0; k < plan->kernel_count; k++) {
        const WfKernel *kernel = &plan->kernels[k];
        bool here = false;

        for (int j = 0; j < kernel->output_count; j++)
            here = here || plan->outputs[kernel->outputs[j]].target == target;
        for (int w = 0; here && w < kernel->watch_count; w++)
            if (marks[kernel->watches[w].node])
                count_watch(output, &plan->graph->nodes[kernel->watches[w].node], &watches[k][w]);
    }
    wf_free(marks);
    return true;
}

static bool count_outputs(const WfRequest *request, const WfPlan *plan, WfWatch *const *watches,
                          WeftStats *stats, WeftErr *err)
{
    stats->output = wf_calloc((size_t)request->file_count + 1, sizeof *stats->output, err);
    if (!stats->output)
        return false;
    for (int i = 0; i < request->file_count; i++) {
        WeftOutputStats *output = &stats->output[i];
        const WfStorage *storage = &request->storages[i];

        *output = (WeftOutputStats) { .type = storage->type,
                                      .clipped_col = -1,
                                      .clipped_row = -1,
                                      .collision_col = -1,
                                      .collision_row = -1 };
        output->path = wf_strdup(request->files[i].path, err);
        if (!output->path)
            return false;
        stats->output_count = i + 1;
        if (storage->kind == WF_SENTINEL_VALUE)
            wf_number(storage->nodata, output->nodata);
        else
            strcpy(output->nodata, storage->kind == WF_SENTINEL_MASK ? "mask" : "none");
    }
    for (int t = 0; t < plan->target_count; t++) {
        int sink = plan->targets[t].sink;

        if (sink >= request->file_count || plan->targets[t].band == request->files[sink].band_count)
            continue; /* memory, and mask bands, whose pixels the other bands have counted */
        if (!count_target(plan, watches, t, &stats->output[sink], err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------- verdict */

/* The kinds of counted pixels that a script may not have allowed. */
static bool forbidden(const WfNode *node, const WeftStats *stats)
{
    const char *counts = node->op->counts;
    int last = node->setting_count - 1;
    bool any_invalid = false;

    if (strcmp(counts, "beyond 2^53") == 0)
        return true;
    if (strcmp(counts, "clipped") == 0) /* cast(x, type, round, overflow): 1 is "error" */
        return node->settings[last] == 1;
    if (strcmp(counts, "collisions") != 0) /* collide(v, sentinel, mode, type): 0 is "error" */
        return false;
    for (int i = 0; i < stats->output_count; i++)
        any_invalid = any_invalid || stats->output[i].invalid > 0;
    return node->settings[last - 1] == 0 && any_invalid;
}

static bool refuse(const WfPlan *plan, const WfNode *node, const WfWatch *watch, WeftErr *err)
{
    const WfGraph *graph = plan->graph;
    const char *counts = node->op->counts;
    long long n = (long long)watch->count;
    const char *s = n == 1 ? "" : "s";

    if (strcmp(counts, "clipped") == 0) {
        wf_fail(err, WEFT_EDATA, "%lld pixel%s do%s not fit %s", n, s, n == 1 ? "es" : "",
                weft_type_name((WeftType)node->settings[0]));
        wf_hint(err, "overflow=\"saturate\" clips, \"invalid\" drops, a wider type= holds them");
    } else if (strcmp(counts, "collisions") == 0) {
        char number[32];

        wf_fail(err, WEFT_EDATA, "%lld valid pixel%s equal%s the nodata value %s", n, s,
                n == 1 ? "s" : "", wf_number(graph->nodes[node->inputs[1]].value, number));
        wf_hint(err, "choose another nodata=, or collide=\"nudge\", or collide=\"allow\"");
    } else {
        const WfNode *file = &graph->nodes[node->inputs[0]];

        wf_fail(err, WEFT_EDATA, "%lld value%s beyond 2^53 would be rounded", n, n == 1 ? "" : "s");
        wf_hint(err, "weft.open(path, {lossy=true}) allows it");
        if (file->source >= 0)
            wf_err_path(err, graph->sources[file->source].path, -1);
    }
    wf_err_at(err, &node->place, node->op->hidden ? "save" : node->op->name);
    return wf_err_pixel(err, watch->first % node->grid->width, watch->first / node->grid->width);
}

/* Of all forbidden counts the one met first in row-major order. */
static bool judge(const WfPlan *plan, WfWatch *const *watches, const WeftStats *stats, WeftErr *err)
{
    const WfNode *worst = NULL;
    const WfWatch *worst_watch = NULL;

    for (int k = 0; k < plan->kernel_count; k++)
        for (int w = 0; w < plan->kernels[k].watch_count; w++) {
            const WfNode *node = &plan->graph->nodes[plan->kernels[k].watches[w].node];
            const WfWatch *watch = &watches[k][w];

            if (watch->count > 0 && forbidden(node, stats) &&
                (!worst || watch->first < worst_watch->first)) {
                worst = node;
                worst_watch = watch;
            }
        }
    return worst ? refuse(plan, worst, worst_watch, err) : true;
}

/* ------------------------------------------------------------------------------- run */

static WfSinks *open_sinks(const WfRequest *request, const WeftRead *reads, WeftErr *err)
{
    WfSinks *sinks = wf_sinks_new(err);

    for (int i = 0; sinks && i < request->file_count; i++)
        if (wf_sinks_add_file(sinks, &request->files[i], err) < 0)
            goto fail;
    for (int i = 0; sinks && i < request->read_count; i++)
        if (wf_sinks_add_memory(sinks, &reads[i], err) < 0)
            goto fail;
    return sinks;
fail:
    wf_sinks_free(sinks);
    return NULL;
}

static bool run_plan(WeftEngine *engine, WeftGraph *graph, const WfRequest *request,
                     const WfPlan *plan, WfSinks *sinks, WeftStats *stats, WeftErr *err)
{
    Compile code = { .plan = plan, .config = &engine->config };
    WfWatch **watches = new_watches(plan, err);
    WfJob job = {
        .plan = plan,
        .stores = graph->stores,
        .sinks = sinks,
        .prepare = compile,
        .prepare_context = &code,
        .cancel = &engine->cancel,
        .steal = !engine->config.steal_none,
        .progress = engine->config.progress,
        .progress_context = engine->config.progress_context,
    };
    bool done = watches && wf_run(engine->workers, &job, watches, stats, err) &&
                count_outputs(request, plan, watches, stats, err) &&
                judge(plan, watches, stats, err) && wf_sinks_commit(sinks, err);

    stats->reference = engine->config.reference;
    stats->memory_predicted = plan->memory.predicted;
    stats->compile_seconds = code.seconds;
    wf_code_free(code.code);
    free_watches(watches, plan->kernel_count);
    return done;
}

bool weft_run(WeftEngine *engine, WeftGraph *graph, const WeftSave *saves, int save_count,
              const WeftRead *reads, int read_count, WeftStats **stats_out, WeftErr *err)
{
    double start = now(), planned;
    WfRequest request = { 0 };
    WfPlan *plan = NULL;
    WfSinks *sinks = NULL;
    WeftStats *stats = NULL;
    bool done = false;

    if (!wf_request_open(&request, graph, saves, save_count, reads, read_count, err))
        goto fail;
    plan = wf_request_plan(&request, engine, err);
    planned = now();
    if (!plan || !wf_stores_hands(graph->stores, plan->machine->worker_count, err))
        goto fail;
    if (!engine->workers)
        engine->workers = wf_workers_new(engine->topo, err);
    for (int i = 0; i < request.file_count; i++)
        request.files[i].workers = plan->active_workers;
    sinks = engine->workers ? open_sinks(&request, reads, err) : NULL;
    stats = sinks ? wf_zalloc(sizeof *stats, err) : NULL;
    if (!stats)
        goto fail;
    done = run_plan(engine, graph, &request, plan, sinks, stats, err);
    stats->plan_seconds = planned - start;
    stats->seconds = now() - start;
fail:
    wf_sinks_free(sinks);
    wf_plan_free(plan);
    wf_request_close(&request);
    if (done && stats_out)
        *stats_out = stats;
    else
        weft_stats_free(stats);
    return done;
}

void weft_remove_temporaries(void)
{
    wf_sinks_remove_temporaries();
}
