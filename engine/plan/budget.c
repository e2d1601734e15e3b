/*
 * budget.c - the peak of memory, room to work ahead, and what to decode anew where it does not fit.
 *
 * Admission is followed in plan order as if each task ended before the next is admitted: a task
 * reserves the blocks nobody reserved before it, with their shoulders; the last reader of a block
 * releases it. The peak of that is what blocks need at least: whatever else is admitted or ends in
 * another order, once all admitted tasks have ended the next one fits, so nothing waits for ever.
 * As only the places of first and last readers count, one pass over blocks and one over tasks
 * do. A file decoded anew is reserved by each task on its own, for as long as it runs.
 * Blocks that stay from plan to plan have no part in it.
 * Needs: ledger. Writes memory, redecode, blocks_planned, bytes_planned.
 */
#include "plan/parts.h"

#include <stdlib.h>
#include <string.h>

/* A plan fits only if at most one in so many tasks would keep other workers waiting for memory:
 * otherwise smaller tiles or fewer workers, with less scratch, get as much done. */
enum { STALLS = 4 };

/* Tasks for each worker that find room at once: one runs, one is ready, one is being decoded. */
enum { AHEAD = 3 };

/* What tasks reserve and release, by their places. */
typedef struct Sweep {
    const WfPlan *plan;
    int64_t *enter; /* bytes of blocks reserved by a task */
    int64_t *leave; /* bytes of blocks released when it has ended */
    int64_t *alone; /* bytes it takes for itself, of files decoded anew */
    bool *redecode; /* of each file */
    struct Carry *carry;
    int carry_count; /* files that keep blocks for later tasks */
} Sweep;

/* A file and the most bytes it keeps for later while a task that does not need them runs. */
typedef struct Carry {
    int file;
    int64_t bytes;
} Carry;

static void sweep_free(Sweep *sweep)
{
    wf_free(sweep->enter);
    wf_free(sweep->leave);
    wf_free(sweep->alone);
    wf_free(sweep->redecode);
    wf_free(sweep->carry);
}

static bool sweep_make(Sweep *sweep, const WfPlan *plan, WeftErr *err)
{
    size_t tasks = (size_t)plan->task_count, files = (size_t)plan->file_count;

    sweep->plan = plan;
    sweep->enter = wf_calloc(tasks, sizeof *sweep->enter, err);
    sweep->leave = wf_calloc(tasks, sizeof *sweep->leave, err);
    sweep->alone = wf_calloc(tasks, sizeof *sweep->alone, err);
    sweep->redecode = wf_calloc(files, sizeof *sweep->redecode, err);
    sweep->carry = wf_calloc(files, sizeof *sweep->carry, err);
    return sweep->enter && sweep->leave && sweep->alone && sweep->redecode && sweep->carry;
}

static int64_t records(const WfPlan *plan)
{
    return plan->block_count * WF_BLOCK_RECORD;
}

/* Scratch and output of one worker, which serve all stages, and its states. */
static int64_t worker_bytes(const WfPlan *plan)
{
    int64_t most = 0;

    for (int s = 0; s < plan->stage_count; s++) {
        const WfStage *stage = &plan->stages[s];
        int64_t bytes = (int64_t)(stage->scratch_bytes + stage->output_bytes);

        most = bytes > most ? bytes : most;
    }
    return most + plan->state_bytes;
}

/* What so many workers take: scratch and outputs, and tables once for each node they may be on. */
static int64_t workers_bytes(const WfPlan *plan, int workers)
{
    int nodes = workers < plan->machine->node_count ? workers : plan->machine->node_count;

    return workers * worker_bytes(plan) + nodes * (int64_t)plan->table_bytes;
}

/* The first shoulder of a block from `block` on. */
static int kept_from(const WfLedger *ledger, int64_t block)
{
    int low = 0, high = ledger->kept_count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (ledger->kept[middle].block < block)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Enter what a file's blocks take, decoded once; sign -1 takes it out again. */
static void sweep_file(Sweep *sweep, int number, int64_t sign)
{
    const WfPlanFile *file = &sweep->plan->files[number];
    const WfLedger *ledger = sweep->plan->ledger;
    int64_t end = file->block_first + file->blocks_x * file->blocks_y;
    int64_t bytes = sign * (int64_t)file->block_bytes;
    int next = kept_from(ledger, file->block_first);

    for (int64_t b = file->block_first; b < end; b++) {
        bool shoulder = next < ledger->kept_count && ledger->kept[next].block == b;
        const WfKept *kept = shoulder ? &ledger->kept[next++] : NULL;

        if (!ledger->readers[b] || wf_ledger_stays(sweep->plan, b))
            continue;
        sweep->enter[ledger->first[b]] += bytes;
        if (kept) {
            sweep->enter[ledger->first[b]] += sign * (int64_t)kept->shoulder.bytes;
            sweep->leave[kept->early] += bytes;
            sweep->leave[ledger->last[b]] += sign * (int64_t)kept->shoulder.bytes;
        } else {
            sweep->leave[ledger->last[b]] += bytes;
        }
    }
}

/* Blocks that a task needs of a file. */
static WfRect task_cells(const WfPlan *plan, const WfTask *task, int file)
{
    return wf_file_cells(&plan->files[file], wf_task_file_rect(plan, task, file));
}

/* Enter what tasks take of the files that they decode for themselves, if there are any. */
static void sweep_alone(Sweep *sweep, bool any)
{
    const WfPlan *plan = sweep->plan;

    memset(sweep->alone, 0, (size_t)plan->task_count * sizeof *sweep->alone);
    if (!any)
        return;
    for (int64_t k = 0; k < plan->task_count; k++) {
        const WfStage *stage = &plan->stages[plan->tasks[k].stage];

        for (int i = 0; i < stage->file_count; i++) {
            int file = stage->files[i];

            if (sweep->redecode[file])
                sweep->alone[k] += wf_rect_area(task_cells(plan, &plan->tasks[k], file)) *
                                   (int64_t)plan->files[file].block_bytes;
        }
    }
}

/* The most bytes of blocks held when a task is admitted while that `ahead` places before it, and
 * all between them, have not ended. With `stalls`: how often that is more than `credit`. */
static int64_t peak(const Sweep *sweep, int64_t ahead, int64_t credit, int64_t *stalls)
{
    int64_t count = sweep->plan->task_count, held = 0, most = 0, front = 0;

    for (int64_t k = 0; k < count; k++) {
        for (; front <= k + ahead && front < count; front++)
            held += sweep->enter[front] + sweep->alone[front];
        most = held > most ? held : most;
        if (stalls)
            *stalls += held > credit;
        held -= sweep->leave[k] + sweep->alone[k];
    }
    return most;
}

/* The least credit for blocks: one task at a time. */
static int64_t least_peak(const Sweep *sweep)
{
    return peak(sweep, 0, 0, NULL);
}

/* So many workers fit into the bytes that are left beside records, and find work most of the time.
 */
static bool fits(const Sweep *sweep, int workers, int64_t left)
{
    int64_t credit = left - workers_bytes(sweep->plan, workers), stalls = 0;

    if (credit < least_peak(sweep))
        return false;
    peak(sweep, workers - 1, credit, &stalls);
    return stalls * STALLS <= sweep->plan->task_count;
}

/* The most workers that fit, up to those that the order of the tasks was made for. */
static int most_workers(const Sweep *sweep, int64_t left)
{
    int low = 0, high = sweep->plan->active_workers;

    if (fits(sweep, high, left))
        return high;
    while (low + 1 < high) {
        int middle = low + (high - low) / 2;

        if (fits(sweep, middle, left))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Places from the first to the last reader of those blocks of a file whose readers do not follow
 * one another. False: there is no such block, so nothing is kept for later. */
static bool find_span(const WfPlan *plan, const WfPlanFile *file, int64_t *from, int64_t *to)
{
    const WfLedger *ledger = plan->ledger;
    int64_t end = file->block_first + file->blocks_x * file->blocks_y;

    *from = INT64_MAX;
    *to = -1;
    for (int64_t b = file->block_first; b < end; b++) {
        int64_t first = ledger->first[b], last = ledger->last[b];

        if (!ledger->readers[b] || last - first + 1 == ledger->readers[b])
            continue;
        *from = first < *from ? first : *from;
        *to = last > *to ? last : *to;
    }
    return *to >= 0;
}

/* The most bytes of a file that are held during a task and not needed by it. The sweep is empty
 * before and after. */
static int64_t carried(Sweep *sweep, int number)
{
    const WfPlan *plan = sweep->plan;
    int64_t held = 0, most = 0, from, to;

    if (!find_span(plan, &plan->files[number], &from, &to))
        return 0;
    sweep_file(sweep, number, 1);
    for (int64_t k = from; k <= to; k++) {
        int64_t needed;

        held += sweep->enter[k];
        if (held > most) {
            needed = wf_rect_area(task_cells(plan, &plan->tasks[k], number)) *
                     (int64_t)plan->files[number].block_bytes;
            most = held - needed > most ? held - needed : most;
        }
        held -= sweep->leave[k];
    }
    sweep_file(sweep, number, -1);
    return most;
}

static int compare_carries(const void *a, const void *b)
{
    const Carry *x = a, *y = b;

    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return x->file < y->file ? -1 : 1;
}

/* The files that keep blocks for later, those that keep most first. */
static void list_carries(Sweep *sweep)
{
    for (int f = 0; f < sweep->plan->file_count; f++) {
        int64_t bytes = carried(sweep, f);

        if (bytes > 0)
            sweep->carry[sweep->carry_count++] = (Carry) { .file = f, .bytes = bytes };
    }
    qsort(sweep->carry, (size_t)sweep->carry_count, sizeof *sweep->carry, compare_carries);
}

/* Set the sweep up with the first `count` of those files decoded anew. */
static void sweep_all(Sweep *sweep, int count)
{
    const WfPlan *plan = sweep->plan;

    for (int f = 0; f < plan->file_count; f++)
        sweep->redecode[f] = false;
    for (int i = 0; i < count; i++)
        sweep->redecode[sweep->carry[i].file] = true;
    memset(sweep->enter, 0, (size_t)plan->task_count * sizeof *sweep->enter);
    memset(sweep->leave, 0, (size_t)plan->task_count * sizeof *sweep->leave);
    for (int f = 0; f < plan->file_count; f++)
        if (!sweep->redecode[f])
            sweep_file(sweep, f, 1);
    sweep_alone(sweep, count > 0);
}

/* Numbers of files to decode anew that are tried: 0, 1, 2, 4 ... all; -1 after the last. */
static int more_files(const Sweep *sweep, int count)
{
    if (count == sweep->carry_count)
        return -1;
    if (count == 0)
        return 1;
    return 2 * count < sweep->carry_count ? 2 * count : sweep->carry_count;
}

/* Decoded pixels inside the image, of all bands. */
static int64_t pixel_bytes(const WfPlanFile *file, WfRect cells)
{
    if (wf_rect_empty(cells))
        return 0;
    return wf_rect_area(wf_rect_join(wf_file_block(file, cells.x0, cells.y0),
                                     wf_file_block(file, cells.x1 - 1, cells.y1 - 1))) *
           wf_file_pixel_bytes(file);
}

static void count_decodes(WfPlan *plan)
{
    plan->blocks_planned = plan->bytes_planned = 0;
    for (int f = 0; f < plan->file_count; f++) {
        const WfPlanFile *file = &plan->files[f];
        WfRect cells = wf_file_cells(file, file->needed);

        for (int64_t by = cells.y0; by < cells.y1 && !file->redecode; by++) {
            for (int64_t bx = cells.x0; bx < cells.x1; bx++) {
                WfRect cell = { bx, by, bx + 1, by + 1 };

                if (!plan->ledger->readers[file->block_first + by * file->blocks_x + bx])
                    continue;
                plan->blocks_planned++;
                plan->bytes_planned += pixel_bytes(file, cell);
            }
        }
    }
    for (int64_t k = 0; k < plan->task_count; k++) {
        const WfStage *stage = &plan->stages[plan->tasks[k].stage];

        for (int i = 0; i < stage->file_count; i++) {
            const WfPlanFile *file = &plan->files[stage->files[i]];
            WfRect cells;

            if (!file->redecode)
                continue;
            cells = task_cells(plan, &plan->tasks[k], stage->files[i]);
            plan->blocks_planned += wf_rect_area(cells);
            plan->bytes_planned += pixel_bytes(file, cells);
        }
    }
}

/* The sweep fits: write what it says. */
static void write_budget(WfPlan *plan, const Sweep *sweep, int64_t budget)
{
    int64_t ahead = peak(sweep, (int64_t)AHEAD * plan->active_workers, 0, NULL);
    int64_t workers = workers_bytes(plan, plan->active_workers) + records(plan);

    budget -= plan->options.reserved;
    for (int f = 0; f < plan->file_count; f++)
        plan->files[f].redecode = sweep->redecode[f];
    plan->memory.workers = workers;
    plan->memory.states = plan->active_workers * plan->state_bytes;
    plan->memory.blocks = ahead < budget - workers ? ahead : budget - workers;
    plan->memory.predicted = plan->memory.workers + plan->memory.blocks + plan->options.reserved;
    count_decodes(plan);
}

int64_t wf_budget_bytes(const WfPlan *plan)
{
    if (plan->options.memory > 0)
        return plan->options.memory;
    return plan->machine->memory > 0 ? plan->machine->memory : INT64_MAX;
}

bool wf_budget_least(const WfPlan *plan, int64_t *least, WeftErr *err)
{
    int64_t fixed =
        workers_bytes(plan, plan->active_workers) + records(plan) + plan->options.reserved;
    int64_t least_blocks;
    Sweep sweep = { 0 };
    bool done = sweep_make(&sweep, plan, err);

    if (done)
        list_carries(&sweep);
    for (int count = 0; done && count >= 0; count = more_files(&sweep, count)) {
        sweep_all(&sweep, count);
        least_blocks = least_peak(&sweep);
        *least = fixed + least_blocks < *least ? fixed + least_blocks : *least;
    }
    sweep_free(&sweep);
    return done;
}

bool wf_budget_return(WfPlan *plan, int64_t *bytes, WeftErr *err)
{
    Sweep sweep = { 0 };
    bool done = sweep_make(&sweep, plan, err), any = false;
    int64_t ahead;

    *bytes = 0;
    for (int f = 0; f < plan->file_count && done; f++) {
        sweep.redecode[f] = plan->files[f].redecode;
        any = any || sweep.redecode[f];
        if (!sweep.redecode[f])
            sweep_file(&sweep, f, 1);
    }
    if (done) {
        sweep_alone(&sweep, any);
        ahead = peak(&sweep, (int64_t)AHEAD * plan->active_workers, 0, NULL);
        *bytes = plan->memory.blocks > ahead ? plan->memory.blocks - ahead : 0;
    }
    plan->memory.blocks -= *bytes;
    plan->memory.predicted -= *bytes;
    sweep_free(&sweep);
    return done;
}

bool wf_budget(WfPlan *plan, bool redecode, int *workers, WeftErr *err)
{
    int64_t budget = wf_budget_bytes(plan);
    Sweep sweep = { 0 };
    bool done = sweep_make(&sweep, plan, err);

    *workers = 0;
    if (done && redecode)
        list_carries(&sweep);
    for (int count = 0; done && count >= 0; count = more_files(&sweep, count)) {
        int most;

        sweep_all(&sweep, count);
        most = most_workers(&sweep, budget - records(plan) - plan->options.reserved);
        *workers = most > *workers ? most : *workers;
        if (most == plan->active_workers) {
            write_budget(plan, &sweep, budget);
            break;
        }
    }
    sweep_free(&sweep);
    return done;
}
