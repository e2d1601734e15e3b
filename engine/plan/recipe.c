/*
 * recipe.c - the recipe of a run, from its parts.
 *
 * Fuses once; then tries tile sizes, fewer workers, and at last decoding some blocks anew, until
 * the peak of memory fits the budget. Needs: an inferred graph, targets, a machine. Writes: a plan
 * that nothing changes any more.
 */
#include "plan/parts.h"

#include <string.h>

/* Order of the tiles, and what follows from it, for a tile size and a number of workers. On one
 * node the order does not depend on their number. False: there is no such size, or err is set. */
static bool arrange(WfPlan *plan, int active, int scale, WeftErr *err)
{
    WfLedger *ledger = plan->ledger;
    bool same = ledger->arranged && ledger->scale == scale &&
                (plan->active_workers == active || plan->machine->node_count == 1);

    plan->active_workers = active;
    if (same)
        return true;
    ledger->arranged = false;
    if (!wf_tile(plan, scale) || !wf_place(plan, err) || !wf_ledger(plan, err))
        return false;
    ledger->arranged = true;
    ledger->scale = scale;
    return true;
}

static bool failed(const WeftErr *err)
{
    return err->code != WEFT_OK;
}

/* The least budget that would do: that of one worker with the best of all tile sizes. The largest
 * tiles come last, as the plan will want them. */
static bool find_least(WfPlan *plan, WeftErr *err)
{
    int scales = 0;

    while (wf_tile(plan, scales))
        scales++;
    plan->memory.least = INT64_MAX;
    while (scales-- > 0)
        if (!arrange(plan, 1, scales, err) || !wf_budget_least(plan, &plan->memory.least, err))
            return false;
    return true;
}

static bool refuse(const WfPlan *plan, WeftErr *err)
{
    long long least = (long long)plan->memory.least, budget = (long long)wf_budget_bytes(plan);
    char least_text[32], budget_text[32];

    if (plan->options.needs)
        *plan->options.needs = plan->memory.least;
    wf_fail(err, WEFT_EMEM, "the run needs at least %s (%lld bytes), the budget is %s (%lld bytes)",
            wf_bytes((double)least, least_text), least, wf_bytes((double)budget, budget_text),
            budget);
    if (plan->options.spans <= budget / 2)
        return wf_hint(err, "--memory %lld", least);
    return wf_hint(err, "--memory %lld; spans of polygons take %s, which where= can make fewer",
                   least, wf_bytes((double)plan->options.spans, least_text));
}

/* So many workers with the chosen tiles where that fits, else with smaller ones. Otherwise *most is
 * how many would fit. */
static bool fit_workers(WfPlan *plan, int active, bool redecode, bool *found, int *most,
                        WeftErr *err)
{
    *found = false;
    *most = 0;
    for (int scale = 0; arrange(plan, active, scale, err); scale++) {
        int workers;

        if (!wf_budget(plan, redecode, &workers, err))
            return false;
        *found = workers == active;
        if (*found)
            return true;
        *most = workers > *most ? workers : *most;
    }
    return !failed(err);
}

/* All workers where they fit, else fewer. The last try is one worker, for whom the least has been
 * found. */
static bool find_fit(WfPlan *plan, bool redecode, bool *found, WeftErr *err)
{
    int active = plan->machine->worker_count;

    *found = false;
    while (active > 0) {
        int most, next;

        if (!fit_workers(plan, active, redecode, found, &most, err))
            return false;
        if (*found)
            return true;
        next = most > active / 2 ? most : active / 2; /* fewer nodes keep fewer blocks */
        active = next < active ? next : active - 1;
    }
    return true;
}

/* Bytes of all states of one worker: what they begin with, and the most they can come to need. */
static void count_states(const WfPlan *plan, int64_t *least, int64_t *most)
{
    *least = *most = 0;
    for (int r = 0; r < plan->reduction_count; r++) {
        const WfReduction *reduction = &plan->reductions[r];
        int64_t one_least = 0, one_most = 0;

        plan->graph->nodes[reduction->node].op->reduce->bytes(reduction->setup, &one_least,
                                                              &one_most);
        *least += one_least;
        *most = one_most > INT64_MAX / 2 - *most ? INT64_MAX / 2 : *most + one_most;
    }
}

/* What is left of the budget goes to states that can use it. */
static void grant_rest(WfPlan *plan, int64_t most)
{
    int64_t rest = wf_budget_bytes(plan) - plan->memory.predicted;
    int64_t more = rest / plan->active_workers;

    if (more > most - plan->state_bytes)
        more = most - plan->state_bytes;
    plan->state_bytes += more;
    plan->memory.states += more * plan->active_workers;
    plan->memory.workers += more * plan->active_workers;
    plan->memory.predicted += more * plan->active_workers;
}

/* States get all that they may need if all workers fit then, else what is left by a plan in which
 * they get the least. */
static bool find_shares(WfPlan *plan, bool *found, WeftErr *err)
{
    int64_t least, most;

    count_states(plan, &least, &most);
    *found = false;
    if (most > least && most <= wf_budget_bytes(plan) / plan->machine->worker_count) {
        plan->state_bytes = most;
        if (!fit_workers(plan, plan->machine->worker_count, false, found, &(int) { 0 }, err))
            return false;
    }
    if (*found)
        return true;
    plan->state_bytes = least;
    if (!find_fit(plan, false, found, err) || (!*found && !find_fit(plan, true, found, err)))
        return false;
    if (*found && most > least)
        grant_rest(plan, most);
    return true;
}

static bool build(WfPlan *plan, WeftErr *err)
{
    int64_t most;
    bool found;

    if (!wf_fuse(plan, err) || !wf_forms(plan, err))
        return false;
    wf_halo(plan);
    count_states(plan, &plan->state_bytes, &most);
    if (!wf_files(plan, err) || !find_least(plan, err))
        return false;
    if (plan->memory.least > wf_budget_bytes(plan))
        return refuse(plan, err);
    return find_shares(plan, &found, err) &&
           (found || wf_fail(err, WEFT_EBUG, "no plan fits a budget that is enough"));
}

static bool check_targets(const WfPlan *plan, WeftErr *err)
{
    if (plan->target_count < 1)
        return wf_fail(err, WEFT_EBUG, "a plan without targets");
    for (int t = 0; t < plan->target_count; t++) {
        const WfTarget *target = &plan->targets[t];

        if (target->node < 0 || target->node >= plan->graph->count ||
            !plan->graph->nodes[target->node].grid || wf_rect_empty(target->window))
            return wf_fail(err, WEFT_EBUG, "target %d of a plan is no raster", t);
    }
    return true;
}

static bool copy_reductions(WfPlan *plan, WeftErr *err)
{
    size_t count = (size_t)plan->options.reduction_count;

    plan->reduction_count = plan->options.reduction_count;
    plan->reductions = wf_arena_zalloc(plan->arena, (count + 1) * sizeof *plan->reductions, err);
    if (!plan->reductions)
        return false;
    for (size_t r = 0; r < count; r++) {
        const WfReduction *from = &plan->options.reductions[r];
        size_t bytes = (size_t)from->setup->input_count * sizeof(int);
        int *targets = wf_arena_zalloc(plan->arena, bytes, err);

        if (!targets)
            return false;
        memcpy(targets, from->targets, bytes);
        plan->reductions[r] = *from;
        plan->reductions[r].targets = targets;
    }
    return true;
}

static bool start(WfPlan *plan, const WfTarget *targets, WeftErr *err)
{
    size_t bytes = (size_t)plan->target_count * sizeof *targets;

    plan->arena = wf_arena_new(err);
    if (!plan->arena)
        return false;
    plan->targets = wf_arena_zalloc(plan->arena, bytes, err);
    if (!plan->targets)
        return false;
    if (bytes)
        memcpy(plan->targets, targets, bytes);
    if (!check_targets(plan, err) || !copy_reductions(plan, err))
        return false;
    plan->ledger = wf_arena_zalloc(plan->arena, sizeof *plan->ledger, err);
    if (!plan->ledger)
        return false;
    plan->ledger->turn =
        wf_arena_zalloc(plan->arena, (size_t)plan->target_count * sizeof(int64_t), err);
    return plan->ledger->turn != NULL;
}

WfPlan *wf_plan_new(const WfGraph *graph, const WfTarget *targets, int target_count,
                    const WfMachine *machine, const WfPlanOptions *options, WeftErr *err)
{
    WeftErr own = { 0 }, *error = err ? err : &own;
    WfPlan *plan = wf_zalloc(sizeof *plan, error);

    if (!plan)
        return NULL;
    plan->graph = graph;
    plan->machine = machine;
    plan->options = *options;
    plan->target_count = target_count;
    if (!start(plan, targets, error) || !build(plan, error))
        goto fail;
    return plan;
fail:
    wf_plan_free(plan);
    return NULL;
}

void wf_plan_free(WfPlan *plan)
{
    if (!plan)
        return;
    if (plan->ledger) {
        wf_free(plan->ledger->place);
        wf_free(plan->ledger->readers);
        wf_free(plan->ledger->first);
        wf_free(plan->ledger->last);
        wf_free(plan->ledger->stays);
        wf_free(plan->ledger->kept);
    }
    wf_free(plan->tasks);
    wf_arena_free(plan->arena);
    wf_free(plan);
}
