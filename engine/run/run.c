/*
 * run.c - tiles to workers: decode, compute, write; the first error stops what comes after it.
 *
 * Needs: plan, opened stores and sinks, workers. Each worker takes from the queue what is to be
 * done, in its own memory and counts, until the run is over; these are added up at the end, so that
 * no result depends on who did what. The caller's thread waits and tells of progress.
 */
#include "run/run.h"

#include "run/execute.h"
#include "run/worker.h"

#define PROGRESS_SECONDS 0.2

typedef struct Run {
    const WfPlan *plan;
    const WfJob *job;
    int worker_count;
    WfPool *pool;
    WfBlocks *blocks;
    WfQueue *queue;
    WfDesk **desks;       /* of each worker; NULL: it takes no part */
    WfTally **tallies;    /* theirs */
    WfTables **tables;    /* of each node that has desks */
    WfCompiled *compiled; /* written by one worker before any tile runs */
    double begun, prepare_seconds;
} Run;

/* ------------------------------------------------------------------------------- workers */

static void prepare(Run *run)
{
    WeftErr err = { .code = WEFT_OK };
    double begun = wf_worker_clock();
    bool done = run->job->prepare(run->job->prepare_context, run->compiled, &err);

    run->prepare_seconds = wf_worker_clock() - begun;
    wf_queue_prepared(run->queue, done ? NULL : &err);
}

static void decode(Run *run, WfDesk *desk, WfBlock *block)
{
    const WfPlanFile *file = &run->plan->files[block->file];
    WeftErr err = { .code = WEFT_OK };
    double begun = wf_worker_clock();
    int64_t bytes = 0;
    bool done = wf_blocks_read(run->blocks, block, run->job->stores, desk->worker, &bytes, &err);

    if (!done && err.code == WEFT_EIO)
        wf_err_path(&err, file->path,
                    block->y % file->down * file->across + block->x % file->across);
    desk->tally->blocks += done;
    desk->tally->bytes_read += bytes;
    desk->tally->decode += wf_worker_clock() - begun;
    wf_queue_decoded(run->queue, block, done ? NULL : &err);
}

static void compute(Run *run, WfDesk *desk, const WfTodo *todo)
{
    WfTileJob job = {
        .plan = run->plan,
        .compiled = run->compiled,
        .sinks = run->job->sinks,
        .states = run->job->states,
        .scalars = run->job->scalars,
        .queue = run->queue,
    };
    WeftErr err = { .code = WEFT_OK };
    int home = todo->tile->home;
    WfErrRank rank = { .stage = 0 };

    if (!todo->skip) {
        if (home != desk->node && wf_queue_nearest(run->queue, desk->node, home))
            desk->tally->stolen_near++;
        else if (home != desk->node)
            desk->tally->stolen_far++;
        if (!wf_tile_run(&job, todo->tile, desk, &rank, &err))
            wf_queue_fail(run->queue, &rank, &err);
    }
    wf_queue_finished(run->queue, todo->tile);
}

static void work(void *context, int worker)
{
    Run *run = context;
    WfDesk *desk = run->desks[worker];

    while (desk) {
        WfTodo todo = wf_queue_next(run->queue, desk->node, &desk->tally->wait);

        if (todo.kind == WF_TODO_END)
            return;
        if (todo.kind == WF_TODO_PREPARE)
            prepare(run);
        else if (todo.kind == WF_TODO_DECODE)
            decode(run, desk, todo.block);
        else
            compute(run, desk, &todo);
    }
}

/* ------------------------------------------------------------------------------- caller */

/* Desks for the first active workers of each node. */
static bool set_up_desks(Run *run, const WfTopo *topo, WeftErr *err)
{
    const WfMachine *machine = run->plan->machine;
    int node = -1, seen = 0;

    for (int w = 0; w < run->worker_count; w++) {
        if (machine->workers[w].node != node) {
            node = machine->workers[w].node;
            seen = 0;
        }
        if (seen++ >= wf_plan_active(run->plan, node))
            continue;
        if (!run->tables[node])
            run->tables[node] = wf_tables_new(run->plan, topo, node, err);
        if (!run->tables[node])
            return false;
        run->desks[w] = wf_desk_new(run->plan, topo, run->tables[node], w, err);
        if (!run->desks[w])
            return false;
        run->tallies[w] = run->desks[w]->tally;
    }
    return true;
}

static bool set_up(Run *run, const WfTopo *topo, WeftErr *err)
{
    size_t workers = (size_t)run->worker_count;
    WfQueueSetup setup = {
        .plan = run->plan,
        .cancel = run->job->cancel,
        .steal = run->job->steal,
    };

    run->desks = wf_calloc(workers, sizeof *run->desks, err);
    run->tallies = wf_calloc(workers, sizeof *run->tallies, err);
    run->tables = wf_calloc((size_t)run->plan->machine->node_count, sizeof *run->tables, err);
    run->compiled = wf_calloc((size_t)run->plan->kernel_count + 1, sizeof *run->compiled, err);
    run->pool = wf_pool_new(topo, run->plan->memory.blocks, err);
    if (!run->desks || !run->tallies || !run->tables || !run->compiled || !run->pool)
        return false;
    run->blocks = wf_blocks_new(run->plan, run->pool, run->job->stock, err);
    if (!run->blocks)
        return false;
    setup.blocks = run->blocks;
    run->queue = wf_queue_new(&setup, err);
    return run->queue && set_up_desks(run, topo, err);
}

static void tear_down(Run *run)
{
    wf_queue_free(run->queue);
    wf_blocks_free(run->blocks);
    wf_pool_free(run->pool);
    for (int w = 0; run->desks && w < run->worker_count; w++)
        wf_desk_free(run->desks[w]);
    for (int n = 0; run->tables && n < run->plan->machine->node_count; n++)
        wf_tables_free(run->tables[n]);
    wf_free(run->tables);
    wf_free(run->desks);
    wf_free(run->tallies);
    wf_free(run->compiled);
}

static void tell_progress(Run *run, bool finished)
{
    int64_t all = run->job->pixels_before + run->job->pixels_after;
    int64_t pixels = run->job->pixels_before + wf_queue_pixels(run->queue);
    WeftProgress progress = { .left = -1, .finished = finished && !run->job->pixels_after };

    if (!run->job->progress)
        return;
    for (int s = 0; s < run->plan->stage_count; s++)
        all += wf_rect_area(run->plan->stages[s].window);
    progress.seconds = run->job->seconds_before + wf_worker_clock() - run->begun;
    progress.done = all > 0 ? (double)pixels / (double)all : 1;
    if (progress.seconds > 0)
        progress.pixels_per_second = (double)pixels / progress.seconds;
    if (pixels > 0)
        progress.left = (double)(all - pixels) / progress.pixels_per_second;
    run->job->progress(run->job->progress_context, &progress);
}

static bool fill_stats(Run *run, WeftStats *stats, WeftErr *err)
{
    int64_t peak = wf_pool_peak(run->pool) + run->plan->block_count * (int64_t)sizeof(WfBlock *) +
                   run->plan->options.reserved + wf_states_peak(run->job->states);

    if (run->job->stock)
        peak += wf_stock_bytes(run->job->stock);
    for (int w = 0; w < run->worker_count; w++)
        peak += run->desks[w] ? (int64_t)run->desks[w]->bytes : 0;
    for (int n = 0; n < run->plan->machine->node_count; n++)
        peak += wf_tables_bytes(run->tables[n]);
    if (peak > stats->memory_peak)
        stats->memory_peak = peak;
    if (run->plan->memory.predicted > stats->memory_predicted)
        stats->memory_predicted = run->plan->memory.predicted;
    stats->compile_seconds += run->prepare_seconds;
    stats->seconds += wf_worker_clock() - run->begun;
    return wf_stats_fill(stats, run->plan, run->tallies, run->worker_count, err);
}

bool wf_run(WfWorkers *workers, const WfJob *job, WfWatch *const *watches, WeftStats *stats,
            WeftErr *err)
{
    Run run = {
        .plan = job->plan,
        .job = job,
        .worker_count = job->plan->machine->worker_count,
        .begun = wf_worker_clock(),
    };
    bool done = set_up(&run, wf_workers_topo(workers), err);

    if (done) {
        wf_workers_begin(workers, work, &run);
        while (!wf_workers_wait(workers, job->progress ? PROGRESS_SECONDS : -1))
            tell_progress(&run, false);
        tell_progress(&run, true);
        wf_stats_watches(run.plan, run.tallies, run.worker_count, watches);
        done = wf_queue_result(run.queue, err) && wf_states_merge(job->states, err);
        if (stats)
            done = fill_stats(&run, stats, err) && done;
    }
    tear_down(&run);
    if (job->stock)
        wf_stock_leave(job->stock, job->plan);
    return done;
}
