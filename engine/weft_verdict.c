/*
 * weft_verdict.c - what the watches counted: told for each output, and judged.
 *
 * Needs: a plan that has run. Reads graph, plan and watches; writes the stats of outputs.
 */
#include "conductor.h"

#include <string.h>

#include "base/pixel.h"
#include "base/text.h"

/* ------------------------------------------------------------------------------- counts */

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
    } else if (strcmp(node->op->counts, "clipped") == 0 && watch->count > 0) {
        WeftType type = (WeftType)node->settings[0]; /* of cast(x, type, ...) */

        output->clipped_to = !output->clipped || output->clipped_to == type ? type : WEFT_AUTO;
        output->clipped += watch->count;
        first_at(watch->first, node->grid->width, &output->clipped_col, &output->clipped_row);
    } else if (strcmp(node->op->counts, "collisions") == 0) {
        output->collisions += watch->count;
        first_at(watch->first, node->grid->width, &output->collision_col, &output->collision_row);
    } else if (strcmp(node->op->counts, "lost") == 0) {
        output->lost += watch->count;
        first_at(watch->first, node->grid->width, &output->lost_col, &output->lost_row);
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

static const char *const kind_names[] = { [WF_SENTINEL_NONE] = "none",
                                          [WF_SENTINEL_VALUE] = "",
                                          [WF_SENTINEL_MASK] = "mask",
                                          [WF_SENTINEL_MASKS] = "mask",
                                          [WF_SENTINEL_ALPHA] = "alpha" };

bool wf_verdict_outputs(const WfRequest *request, WeftStats *stats, WeftErr *err)
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
                                      .collision_row = -1,
                                      .lost_col = -1,
                                      .lost_row = -1 };
        output->path = wf_strdup(request->files[i].path, err);
        if (!output->path)
            return false;
        stats->output_count = i + 1;
        if (storage->kind == WF_SENTINEL_VALUE)
            wf_number(storage->nodata, output->nodata);
        else
            strcpy(output->nodata, kind_names[storage->kind]);
    }
    return true;
}

static bool count_outputs(const WfRequest *request, const WfPlan *plan, WfWatch *const *watches,
                          WeftStats *stats, WeftErr *err)
{
    for (int t = 0; t < plan->target_count; t++) {
        int sink = plan->targets[t].sink;

        if (sink < 0 || sink >= request->file_count ||
            plan->targets[t].band >= request->files[sink].band_count)
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

        wf_fail(err, WEFT_EDATA, "%lld value%s of 2^53 or beyond may be rounded", n, s);
        wf_hint(err, "weft.open(path, {lossy=true}) allows it");
        if (file->source >= 0)
            wf_err_path(err, graph->sources[file->source].path, -1);
    }
    wf_err_at(err, &node->place, node->op->name);
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

bool wf_verdict(const WfRequest *request, const WfPlan *plan, WfWatch *const *watches,
                WeftStats *stats, WeftErr *err)
{
    return count_outputs(request, plan, watches, stats, err) && judge(plan, watches, stats, err);
}
