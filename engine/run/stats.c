/*
 * stats.c - what workers did, all together.
 *
 * Needs: workers at rest. Reads plan and tallies; writes only the stats.
 */
#include "run/stats.h"

#include <string.h>

WfTally *wf_tally_new(const WfPlan *plan, int worker, WeftErr *err)
{
    size_t kernels = (size_t)plan->kernel_count + 1, watches = 1;
    WfTally *tally = wf_zalloc(sizeof *tally, err);
    WfWatch *all;

    if (!tally)
        return NULL;
    for (int k = 0; k < plan->kernel_count; k++)
        watches += (size_t)plan->kernels[k].watch_count;
    tally->worker = worker;
    tally->pixels = wf_calloc(kernels, sizeof *tally->pixels, err);
    tally->plain = wf_calloc(kernels, sizeof *tally->plain, err);
    tally->seconds = wf_calloc(kernels, sizeof *tally->seconds, err);
    tally->watches = wf_calloc(kernels, sizeof *tally->watches, err);
    if (!tally->pixels || !tally->plain || !tally->seconds || !tally->watches)
        goto fail;
    all = wf_calloc(watches, sizeof *all, err);
    if (!all)
        goto fail;
    for (size_t w = 0; w < watches; w++)
        all[w].first = INT64_MAX;
    tally->watches[0] = all;
    for (int k = 0; k < plan->kernel_count; k++)
        tally->watches[k + 1] = tally->watches[k] + plan->kernels[k].watch_count;
    return tally;
fail:
    wf_tally_free(tally);
    return NULL;
}

void wf_tally_free(WfTally *tally)
{
    if (!tally)
        return;
    if (tally->watches)
        wf_free(tally->watches[0]);
    wf_free(tally->watches);
    wf_free(tally->pixels);
    wf_free(tally->plain);
    wf_free(tally->seconds);
    wf_free(tally);
}

void wf_stats_watches(const WfPlan *plan, WfTally *const *tallies, int count,
                      WfWatch *const *watches)
{
    for (int k = 0; k < plan->kernel_count; k++) {
        for (int w = 0; w < plan->kernels[k].watch_count; w++) {
            WfWatch sum = { .first = INT64_MAX };

            for (int i = 0; i < count; i++) {
                const WfWatch *one = tallies[i] ? &tallies[i]->watches[k][w] : NULL;

                if (!one)
                    continue;
                sum.count += one->count;
                if (one->first < sum.first)
                    sum.first = one->first;
            }
            watches[k][w] = sum;
        }
    }
}

/* ------------------------------------------------------------------------------- kernels */

/* Operators of a kernel; loads and constants only where there is nothing else. */
static void name_nodes(const WfPlan *plan, const WfKernel *kernel, WfText *text)
{
    for (int pass = 0; pass < 2 && text->length == 0; pass++) {
        for (int i = 0; i < kernel->node_count; i++) {
            const WeftOp *op = plan->graph->nodes[kernel->nodes[i]].op;

            if (pass == 1 || (op->shape != WEFT_LOAD && op->shape != WEFT_CONSTANT))
                wf_text_add(text, "%s%s", text->length ? "," : "", op->name);
        }
    }
}

/* Nodes `a` and `b` of a kernel were written on one line. */
static bool same_line(const WfPlan *plan, WeftNode a, WeftNode b)
{
    const WfPlaceOf *x = &plan->graph->nodes[a].place, *y = &plan->graph->nodes[b].place;

    return x->line == y->line && x->file && y->file && strcmp(x->file, y->file) == 0;
}

static void name_lines(const WfPlan *plan, const WfKernel *kernel, WfText *text)
{
    for (int i = 0; i < kernel->node_count; i++) {
        const WfPlaceOf *place = &plan->graph->nodes[kernel->nodes[i]].place;
        bool known = !place->file || !*place->file || place->line == 0;

        for (int k = 0; k < i && !known; k++)
            known = same_line(plan, kernel->nodes[k], kernel->nodes[i]);
        if (!known)
            wf_text_add(text, "%s%s:%d", text->length ? ", " : "", place->file, place->line);
    }
}

static bool fill_kernel(WeftKernelStats *stats, const WfPlan *plan, int number,
                        WfTally *const *tallies, int count, WeftErr *err)
{
    const WfKernel *kernel = &plan->kernels[number];
    WfText nodes = { .text = NULL }, lines = { .text = NULL };

    stats->stage += kernel->stage;
    stats->pixels_planned = wf_kernel_pixels(plan, number);
    for (int i = 0; i < count; i++) {
        if (tallies[i]) {
            stats->pixels_computed += tallies[i]->pixels[number];
            stats->pixels_plain += tallies[i]->plain[number];
            stats->seconds += tallies[i]->seconds[number];
        }
    }
    name_nodes(plan, kernel, &nodes);
    name_lines(plan, kernel, &lines);
    stats->nodes = wf_text_take(&nodes, err);
    stats->lines = wf_text_take(&lines, err);
    return stats->nodes && stats->lines;
}

/* ------------------------------------------------------------------------------- shared */

/* The entry of a machine's worker, made where it is new. Entries follow the machine's order, and
 * the active workers of a node are always its first ones: so the n-th entry of a node is that of
 * its n-th worker. */
static WeftWorkerStats *worker_entry(WeftStats *stats, const WfPlan *plan, int number)
{
    const WfMachineWorker *workers = plan->machine->workers;
    int nth = 0, at = 0;

    for (int w = 0; w < number; w++)
        nth += workers[w].node == workers[number].node;
    for (; at < stats->worker_count && stats->worker[at].node <= workers[number].node; at++)
        if (stats->worker[at].node == workers[number].node && nth-- == 0)
            return &stats->worker[at];
    memmove(stats->worker + at + 1, stats->worker + at,
            (size_t)(stats->worker_count++ - at) * sizeof *stats->worker);
    stats->worker[at] =
        (WeftWorkerStats) { .cpu = workers[number].cpu, .node = workers[number].node };
    return &stats->worker[at];
}

static void add_tally(WeftStats *stats, const WfPlan *plan, const WfTally *tally)
{
    WeftWorkerStats *worker = worker_entry(stats, plan, tally->worker);

    worker->tiles += tally->tiles;
    worker->decode += tally->decode;
    worker->compute += tally->compute;
    worker->write += tally->write;
    worker->wait += tally->wait;
    for (int k = 0; k < plan->kernel_count; k++)
        stats->pixels_computed += tally->pixels[k];
    stats->tiles_run += tally->tiles;
    stats->stolen_near += tally->stolen_near;
    stats->stolen_far += tally->stolen_far;
    stats->blocks_decoded += tally->blocks;
    stats->bytes_read += tally->bytes_read;
    stats->bytes_written += tally->bytes_written;
    stats->bytes_near += tally->bytes_near;
    stats->bytes_far += tally->bytes_far;
}

/* Room for the plan's kernels after those there are, and for each of the machine's workers. */
static bool make_room(WeftStats *stats, const WfPlan *plan, WeftErr *err)
{
    size_t kernels = (size_t)(stats->kernel_count + plan->kernel_count) + 1;
    void *grown = wf_realloc(stats->kernel, kernels, sizeof *stats->kernel, err);

    if (!grown)
        return false;
    stats->kernel = grown;
    if (!stats->worker)
        stats->worker =
            wf_calloc((size_t)plan->machine->worker_count + 1, sizeof *stats->worker, err);
    return stats->worker != NULL;
}

bool wf_stats_fill(WeftStats *stats, const WfPlan *plan, WfTally *const *tallies, int count,
                   WeftErr *err)
{
    if (!make_room(stats, plan, err))
        return false;
    stats->pretended = plan->machine->pretended;
    stats->nodes = plan->machine->node_count;
    stats->workers = plan->active_workers > stats->workers ? plan->active_workers : stats->workers;
    stats->pixels_planned += plan->pixels_planned;
    stats->tiles_planned += plan->task_count;
    stats->blocks_in_files += plan->blocks_in_files;
    stats->blocks_planned += plan->blocks_planned;
    stats->blocks_kept += plan->blocks_stocked;
    for (int i = 0; i < count; i++) {
        if (tallies[i])
            add_tally(stats, plan, tallies[i]);
    }
    for (int k = 0; k < plan->kernel_count; k++) {
        WeftKernelStats *kernel = &stats->kernel[stats->kernel_count++];

        *kernel = (WeftKernelStats) { .stage = stats->stages };
        if (!fill_kernel(kernel, plan, k, tallies, count, err))
            return false;
    }
    stats->stages += plan->stage_count;
    return true;
}

void weft_stats_free(WeftStats *stats)
{
    if (!stats)
        return;
    for (int k = 0; k < stats->kernel_count; k++) {
        wf_free(stats->kernel[k].nodes);
        wf_free(stats->kernel[k].lines);
    }
    for (int o = 0; o < stats->output_count; o++)
        wf_free(stats->output[o].path);
    wf_free(stats->kernel);
    wf_free(stats->worker);
    wf_free(stats->output);
    wf_free(stats);
}
