/*
 * weft_run.c - the conductor: request -> phases (passes, plans) -> code -> run -> files, tables.
 *
 * The only file that knows every room; it carries plain data from one to the next.
 */
#include "conductor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/litter.h"
#include "base/pixel.h"
#include "base/text.h"
#include "graph/native.h"
#include "pass/pass.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ------------------------------------------------------------------------------- code */

typedef struct Compile {
    const WfPlan *plan;
    const WeftConfig *config;
    WfCode *code;
} Compile;

static bool compile(void *context, WfCompiled *compiled, WeftErr *err)
{
    Compile *c = context;
    char folder[4096];

    c->code = c->config->reference
                  ? wf_code_reference(c->plan, err)
                  : wf_code_jit(c->plan,
                                c->config->cache ? c->config->cache
                                                 : wf_code_cache_folder(folder, sizeof folder),
                                err);
    if (!c->code)
        return false;
    for (int k = 0; k < c->plan->kernel_count; k++)
        compiled[k] = wf_code_kernel(c->code, k);
    return true;
}

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

/* ------------------------------------------------------------------------------- run */

static WfSinks *open_sinks(const WfRequest *request, const WeftGraph *graph, const WeftRead *reads,
                           WeftErr *err)
{
    const char *beside = request->file_count > 0 ? request->files[0].path : NULL;
    WfSinks *sinks = wf_sinks_new(err);

    if (sinks)
        wf_sinks_warn(sinks, graph->warn, graph->warn_context);
    for (int i = 0; sinks && i < request->file_count; i++)
        if (wf_sinks_add_file(sinks, &request->files[i], err) < 0)
            goto fail;
    for (int i = 0; sinks && i < request->read_count; i++)
        if (wf_sinks_add_memory(sinks, &reads[i], err) < 0)
            goto fail;
    for (int k = 0; sinks && k < request->phasing.keeping_count; k++)
        if (!wf_kept_begin(request->kept[k], beside, err) ||
            wf_sinks_add_kept(sinks, request->kept[k], err) < 0)
            goto fail;
    return sinks;
fail:
    wf_sinks_free(sinks);
    return NULL;
}

static int64_t phase_pixels(const WfPhase *phase)
{
    int64_t pixels = 0;

    for (int s = 0; s < phase->plan->stage_count; s++)
        pixels += wf_rect_area(phase->plan->stages[s].window);
    return pixels;
}

/* Where a phase stands among the pixels of all. */
static void place_job(const WfRequest *request, int number, double begun, WfJob *job)
{
    for (int p = 0; p < request->phase_count; p++)
        if (p < number)
            job->pixels_before += phase_pixels(&request->phases[p]);
        else if (p > number)
            job->pixels_after += phase_pixels(&request->phases[p]);
    job->seconds_before = now() - begun;
}

/* Tables of the reductions whose last pass this was; only the others' states are still read. */
static bool keep_tables(WfRequest *request, int number, WeftErr *err)
{
    const WfPhase *phase = &request->phases[number];

    for (int r = 0; r < phase->reduction_count; r++) {
        const WfReducing *reducing = &request->phasing.reducings[phase->numbers[r]];

        if (number < reducing->first + reducing->passes - 1)
            continue;
        if (!wf_states_table(phase->states, r, &request->tables[phase->numbers[r]], err))
            return false;
        wf_states_close(phase->states, r);
    }
    if (number > 0) {
        wf_states_free(request->phases[number - 1].states);
        request->phases[number - 1].states = NULL;
    }
    return true;
}

/* The number that a cell stands for: NaN where the table has no such cell, or is not made yet. */
static double cell_value(const WfRequest *request, const WfNode *cell)
{
    for (int r = 0; r < request->phasing.reducing_count; r++) {
        const WeftTable *table = &request->tables[r];
        double row = cell->settings[0], column = cell->settings[1];

        if (request->phasing.reducings[r].node != cell->inputs[0])
            continue;
        if (!table->cells || row >= (double)table->row_count || column >= table->column_count)
            break;
        return table->cells[(int64_t)row * table->column_count + (int64_t)column];
    }
    return NAN;
}

/* The value of each number of the graph, by node, as far as it is known. */
static void find_numbers(const WfRequest *request, double *values)
{
    for (WeftNode n = 0; n < request->graph->count; n++) {
        const WfNode *node = &request->graph->nodes[n];
        double inputs[WEFT_ARGS_MAX];

        values[n] = NAN;
        if (node->grid || node->input_count > WEFT_ARGS_MAX)
            continue;
        for (int i = 0; i < node->input_count; i++)
            inputs[i] = values[node->inputs[i]];
        if (node->op->shape == WEFT_SCALAR)
            values[n] = cell_value(request, node);
        else if (node->op->shape == WEFT_CONSTANT || node->op->kernel[1])
            values[n] = wf_native_node(node, inputs, 0, 0);
    }
}

/* What a phase is told of the phases before it: numbers, and the states of former passes. */
static bool set_up_phase(const WfRequest *request, int number, WeftErr *err)
{
    const WfGraph *graph = request->graph;
    WfPhase *phase = &request->phases[number];
    const WfPhase *before = phase - 1;
    double *values = wf_arena_zalloc(graph->arena, (size_t)graph->count * sizeof *values, err);

    phase->scalars = wf_arena_zalloc(
        graph->arena, (size_t)(phase->plan->scalar_count + 1) * sizeof *phase->scalars, err);
    if (!values || !phase->scalars)
        return false;
    find_numbers(request, values);
    for (int i = 0; i < phase->plan->scalar_count; i++)
        phase->scalars[i] = values[phase->plan->scalars[i]];
    for (int r = 0; r < phase->reduction_count; r++) {
        const WfReducing *reducing = &request->phasing.reducings[phase->numbers[r]];
        const WfNode *node = &graph->nodes[reducing->node];
        int inputs = reducing->setup.input_count;

        for (int i = inputs; i < node->input_count; i++)
            reducing->numbers[i - inputs] = values[node->inputs[i]];
        for (int k = 0; phase->setups[r].pass > 0 && k < before->reduction_count; k++)
            if (before->numbers[k] == phase->numbers[r])
                phase->setups[r].before = wf_states_merged(before->states, k);
    }
    return true;
}

typedef struct Run {
    WeftEngine *engine;
    WfStores *stores;
    WfRequest *request;
    WfSinks *sinks;
    WfStock *stock;
    WeftStats *stats;
    double begun;
} Run;

static bool run_phase(const Run *run, int number, WeftErr *err)
{
    WfPhase *phase = &run->request->phases[number];
    Compile code = { .plan = phase->plan, .config = &run->engine->config };
    WfWatch **watches = new_watches(phase->plan, err);
    WfJob job = {
        .plan = phase->plan,
        .stores = run->stores,
        .sinks = run->sinks,
        .stock = run->stock,
        .prepare = compile,
        .prepare_context = &code,
        .cancel = &run->engine->cancel,
        .steal = !run->engine->config.steal_none,
        .progress = run->engine->config.progress,
        .progress_context = run->engine->config.progress_context,
    };
    bool done;

    place_job(run->request, number, run->begun, &job);
    phase->states = wf_states_new(phase->plan, err);
    job.states = phase->states;
    done = watches && phase->states && set_up_phase(run->request, number, err);
    job.scalars = phase->scalars;
    done = done && wf_run(run->engine->workers, &job, watches, run->stats, err) &&
           wf_verdict(run->request, phase->plan, watches, run->stats, err) &&
           keep_tables(run->request, number, err);
    wf_code_free(code.code);
    free_watches(watches, phase->plan->kernel_count);
    return done;
}

static bool run_all(const Run *run, WeftErr *err)
{
    run->stats->reference = run->engine->config.reference;
    if (!wf_verdict_outputs(run->request, run->stats, err))
        return false;
    for (int p = 0; p < run->request->phase_count; p++)
        if (!run_phase(run, p, err))
            return false;
    return true;
}

static bool copy_table(const WeftTable *from, WeftTable *to, WeftErr *err)
{
    size_t count = (size_t)from->row_count * (size_t)from->column_count;

    *to = *from;
    to->cells = wf_calloc(count + 1, sizeof *to->cells, err);
    if (to->cells && count)
        memcpy(to->cells, from->cells, count * sizeof *to->cells);
    return to->cells != NULL;
}

/* A table to the last who asked for it, a copy to each before. */
static bool hand_table(WfRequest *request, const WeftWork *work, WeftNode node, WeftTable *table,
                       WeftErr *err)
{
    const WeftNode *asked = request->roots + request->target_count;
    int last = -1;

    for (int a = 0; a < work->ask_count; a++)
        if (asked[a] == node)
            last = a;
    for (int a = 0; a < last; a++)
        if (asked[a] == node && !copy_table(table, work->asks[a].table, err))
            return false;
    if (last < 0)
        return true;
    *work->asks[last].table = *table;
    *table = (WeftTable) { 0 };
    return true;
}

static bool hand_over(WfRequest *request, const WeftWork *work, WeftErr *err)
{
    for (int r = 0; r < request->phasing.reducing_count; r++)
        if (!hand_table(request, work, request->phasing.reducings[r].node, &request->tables[r],
                        err))
            return false;
    return true;
}

static bool prepare(Run *run, const WeftGraph *graph, const WeftWork *work, WeftErr *err)
{
    WfRequest *request = run->request;
    int workers = wf_engine_machine(run->engine, err)->worker_count;

    if (!wf_stores_hands(run->stores, workers, err))
        return false;
    if (!run->engine->workers)
        run->engine->workers = wf_workers_new(run->engine->topo, err);
    for (int i = 0; i < request->file_count; i++)
        for (int p = 0; p < request->phase_count; p++)
            if (request->phases[p].plan->active_workers > request->files[i].workers)
                request->files[i].workers = request->phases[p].plan->active_workers;
    run->sinks = run->engine->workers ? open_sinks(request, graph, work->reads, err) : NULL;
    if (run->sinks)
        wf_sinks_cancel(run->sinks, &run->engine->cancel);
    run->stats = run->sinks ? wf_zalloc(sizeof *run->stats, err) : NULL;
    if (!run->stats || request->stay.bytes == 0)
        return run->stats != NULL;
    run->stock = wf_stock_new(run->engine->topo, &request->stay, err);
    return run->stock != NULL;
}

bool weft_run(WeftEngine *engine, WeftGraph *graph, const WeftWork *work, WeftStats **stats_out,
              WeftErr *err)
{
    WfRequest request = { 0 };
    Run run = { .engine = engine, .stores = graph->stores, .request = &request, .begun = now() };
    double planned = run.begun;
    bool done = wf_request_open(&request, graph, work, err) &&
                wf_phases_plan(&request, engine, graph->stores, err);

    planned = now();
    done = done && prepare(&run, graph, work, err) && run_all(&run, err) &&
           hand_over(&request, work, err) && wf_sinks_commit(run.sinks, err);
    wf_stock_free(run.stock);
    wf_sinks_free(run.sinks);
    wf_request_close(&request);
    for (int a = 0; a < work->ask_count && !done; a++)
        weft_table_free(work->asks[a].table);
    if (run.stats) {
        run.stats->plan_seconds = planned - run.begun;
        run.stats->seconds = now() - run.begun;
    }
    if (done && stats_out)
        *stats_out = run.stats;
    else
        weft_stats_free(run.stats);
    return done;
}

void weft_remove_temporaries(void)
{
    wf_litter_remove_all();
}
