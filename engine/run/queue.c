/*
 * queue.c - what to do next.
 *
 * Needs: plan, blocks. One lock guards the lists and the blocks' states; it is never held while
 * anything is decoded, computed, copied or written.
 *
 * A worker takes, in this order: a ready tile of its node; a block of its node to decode; it admits
 * further tiles in the plan's order; a ready tile or a block that another node can spare, nearest
 * first.
 * Otherwise it waits until someone changes one of these lists.
 *
 * Nothing can lock up:
 * - A tile is admitted only when all its absent blocks with their shoulders fit into the credit,
 *   and reserves them in one step. So decoding never waits for memory, an admitted tile waits only
 *   for decodes, which wait for nothing but a worker, and running it needs only memory that its
 *   worker has since the start. Every admitted tile ends.
 * - Once none is admitted, exactly that is reserved which tiles in the plan's order, one after
 *   another, would have left: the plan made the credit large enough for the next one then.
 * - Each list belongs to a node with workers of its own: tiles of nodes without are sent to the
 *   nearest. So this holds without stealing too.
 */
#include "run/queue.h"

#include <pthread.h>

#include "run/worker.h"

enum { AHEAD = 3 }; /* admitted tiles for each worker: one runs, one is ready, one is decoded */

typedef struct NodeList {
    WfTile *ready;          /* ascending by number */
    WfBlock *first, **last; /* to be decoded, in the order of admission */
    int home;               /* itself, or the nearest node that has workers */
    int *order;             /* all other nodes with workers, nearest first */
    int order_count;
} NodeList;

typedef enum Prepare { NOT_BEGUN, GOING_ON, DONE } Prepare;

struct WfQueue {
    WfQueueSetup setup;
    int *orders; /* memory of all nodes' order */
    NodeList *nodes;
    int node_count;
    WfTile *tiles, *spare; /* all that may be admitted at a time; those that are not */
    int64_t tile_count;
    pthread_mutex_t lock; /* guards what follows, lists and blocks */
    pthread_cond_t change;
    int waiting; /* workers that wait for a change */
    Prepare prepare;
    int64_t next;       /* task to be admitted next */
    int64_t next_bytes; /* what it will reserve; -1: not known yet */
    int64_t admitted;   /* tiles admitted and not finished */
    int64_t pixels;
    bool stopped, failed, cancelled;
    WfErrRank rank; /* of the error */
    WeftErr err;
};

/* ------------------------------------------------------------------------------- errors */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static bool rank_before(const WfErrRank *a, const WfErrRank *b)
{
    int order = compare(a->stage, b->stage);

    order = order ? order : compare(a->row, b->row);
    order = order ? order : compare(a->col, b->col);
    order = order ? order : compare(a->output, b->output);
    order = order ? order : compare(a->block, b->block);
    return order < 0;
}

/* No error of the task could come before the one found. */
static bool is_hopeless(const WfQueue *queue, int64_t number)
{
    const WfTask *task = &queue->setup.plan->tasks[number];
    WfRect rect;
    WfErrRank best;

    if (!queue->failed)
        return false;
    rect = wf_task_rect(queue->setup.plan, task);
    best = (WfErrRank) {
        .stage = task->stage,
        .row = rect.y0,
        .col = rect.x0,
        .output = -1,
        .block = -1,
    };
    return !rank_before(&best, &queue->rank);
}

static void note_error(WfQueue *queue, const WfErrRank *rank, const WeftErr *err)
{
    if (queue->failed && !rank_before(rank, &queue->rank))
        return;
    queue->failed = true;
    queue->rank = *rank;
    queue->err = *err;
}

/* An error that no tile can be blamed for ends the run. */
static void stop(WfQueue *queue, const WeftErr *err)
{
    WfErrRank rank = { .stage = -1 };

    note_error(queue, &rank, err);
    queue->stopped = true;
}

/* ------------------------------------------------------------------------------- lists */

static void wake(WfQueue *queue)
{
    if (queue->waiting > 0)
        pthread_cond_broadcast(&queue->change);
}

static void push_ready(WfQueue *queue, WfTile *tile)
{
    WfTile **at = &queue->nodes[tile->home].ready;

    while (*at && (*at)->number < tile->number)
        at = &(*at)->next;
    tile->next = *at;
    *at = tile;
}

static void push_decodes(WfQueue *queue, int home, WfBlock *wanted)
{
    NodeList *list = &queue->nodes[home];

    *list->last = wanted;
    while (*list->last)
        list->last = &(*list->last)->next;
}

static bool pop_ready(WfQueue *queue, int node, WfTodo *todo)
{
    NodeList *list = &queue->nodes[node];
    WfTile *tile = list->ready;

    if (!tile || queue->prepare != DONE)
        return false;
    list->ready = tile->next;
    wf_blocks_begin(queue->setup.blocks, tile);
    *todo = (WfTodo) {
        .kind = WF_TODO_TILE,
        .tile = tile,
        .skip = is_hopeless(queue, tile->number),
    };
    return true;
}

static bool pop_decode(WfQueue *queue, int node, WfTodo *todo)
{
    NodeList *list = &queue->nodes[node];
    WfBlock *block = list->first;

    if (!block)
        return false;
    list->first = block->next;
    if (!list->first)
        list->last = &list->first;
    block->next = NULL;
    block->state = WF_BLOCK_DECODING;
    *todo = (WfTodo) { .kind = WF_TODO_DECODE, .block = block };
    return true;
}

/* ------------------------------------------------------------------------------- admission */

/* The next task does not fit though nothing is going on. After an error that is because skipped
 * tasks left their blocks behind, which no one holds now. */
static bool make_room(WfQueue *queue)
{
    int64_t credit = queue->setup.plan->memory.blocks;
    WeftErr err = { .code = WEFT_OK };

    if (queue->failed) {
        wf_blocks_drop(queue->setup.blocks);
        queue->next_bytes = wf_blocks_missing(queue->setup.blocks, queue->next);
    }
    if (wf_blocks_reserved(queue->setup.blocks) + queue->next_bytes <= credit)
        return true;
    wf_fail(&err, WEFT_EBUG, "tile %lld needs %lld bytes of blocks, of %lld are %lld taken",
            (long long)queue->next, (long long)queue->next_bytes, (long long)credit,
            (long long)wf_blocks_reserved(queue->setup.blocks));
    stop(queue, &err);
    return false;
}

static bool has_room(WfQueue *queue)
{
    if (!queue->spare)
        return false;
    if (queue->next_bytes < 0)
        queue->next_bytes = wf_blocks_missing(queue->setup.blocks, queue->next);
    if (wf_blocks_reserved(queue->setup.blocks) + queue->next_bytes <=
        queue->setup.plan->memory.blocks)
        return true;
    return queue->admitted == 0 && make_room(queue);
}

/* Admit one more task. False: there is none, or it has to wait. */
static bool admit(WfQueue *queue)
{
    const WfPlan *plan = queue->setup.plan;
    WeftErr err = { .code = WEFT_OK };
    WfBlock *wanted;
    WfTile *tile;

    while (queue->next < plan->task_count && is_hopeless(queue, queue->next)) {
        queue->next++;
        queue->next_bytes = -1;
    }
    if (queue->next == plan->task_count || !has_room(queue))
        return false;
    tile = queue->spare;
    queue->spare = tile->next;
    queue->admitted++;
    if (!wf_blocks_admit(queue->setup.blocks, queue->next, tile, &wanted, &err)) {
        stop(queue, &err);
        return false;
    }
    tile->home = queue->nodes[tile->task->node].home;
    push_decodes(queue, tile->home, wanted);
    if (tile->missing == 0)
        push_ready(queue, tile);
    queue->next++;
    queue->next_bytes = -1;
    return true;
}

/* ------------------------------------------------------------------------------- picking */

static bool pick_own(WfQueue *queue, int node, WfTodo *todo)
{
    return pop_ready(queue, node, todo) || pop_decode(queue, node, todo);
}

/* From another node, which keeps its last tile and block while more are to come: one of its own
 * workers will soon be free, and reads them from near. */
static bool steal_from(WfQueue *queue, int node, WfTodo *todo)
{
    const NodeList *list = &queue->nodes[node];
    bool last = queue->next == queue->setup.plan->task_count;

    if (list->ready && (last || list->ready->next) && pop_ready(queue, node, todo))
        return true;
    return list->first && (last || list->first->next) && pop_decode(queue, node, todo);
}

static bool pick(WfQueue *queue, int node, WfTodo *todo)
{
    const NodeList *list = &queue->nodes[node];
    bool added = false, found;

    if (queue->prepare == NOT_BEGUN) {
        queue->prepare = GOING_ON;
        *todo = (WfTodo) { .kind = WF_TODO_PREPARE };
        return true;
    }
    for (;;) {
        found = pick_own(queue, node, todo);
        if (found || queue->stopped || !admit(queue))
            break;
        added = true;
    }
    if (added)
        wake(queue);
    if (queue->stopped || !queue->setup.steal)
        return found;
    for (int i = 0; !found && i < list->order_count; i++)
        found = steal_from(queue, list->order[i], todo);
    return found;
}

static bool is_over(const WfQueue *queue)
{
    return queue->stopped || (queue->prepare == DONE && queue->admitted == 0 &&
                              queue->next == queue->setup.plan->task_count);
}

/* ------------------------------------------------------------------------------- nodes */

/* The nodes with active workers other than `from`, nearest first, into order; gives how many. */
static int order_nodes(const WfPlan *plan, int from, int *order)
{
    const float *distance = &plan->machine->distances[from * plan->machine->node_count];
    int count = 0;

    for (int i = 0; i < plan->machine->node_count; i++) {
        int at = count;

        if (i == from || wf_plan_active(plan, i) == 0)
            continue;
        for (; at > 0 && distance[order[at - 1]] > distance[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
        count++;
    }
    return count;
}

static bool set_up_nodes(WfQueue *queue, WeftErr *err)
{
    const WfPlan *plan = queue->setup.plan;
    size_t count = (size_t)plan->machine->node_count;

    queue->node_count = plan->machine->node_count;
    queue->nodes = wf_calloc(count, sizeof *queue->nodes, err);
    queue->orders = wf_calloc(count * count, sizeof *queue->orders, err);
    if (!queue->nodes || !queue->orders)
        return false;
    for (int i = 0; i < queue->node_count; i++) {
        NodeList *list = &queue->nodes[i];

        list->last = &list->first;
        list->order = queue->orders + (size_t)i * count;
        list->order_count = order_nodes(plan, i, list->order);
        list->home = wf_plan_active(plan, i) > 0 ? i : list->order[0];
    }
    return true;
}

/* ------------------------------------------------------------------------------- shared */

WfQueue *wf_queue_new(const WfQueueSetup *setup, WeftErr *err)
{
    WfQueue *queue = wf_zalloc(sizeof *queue, err);

    if (!queue)
        return NULL;
    queue->setup = *setup;
    queue->next_bytes = -1;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->change, NULL);
    queue->tile_count = (int64_t)AHEAD * setup->plan->active_workers;
    queue->tiles = wf_calloc((size_t)queue->tile_count, sizeof *queue->tiles, err);
    if (!queue->tiles || !set_up_nodes(queue, err))
        goto fail;
    for (int64_t i = queue->tile_count - 1; i >= 0; i--) {
        queue->tiles[i].next = queue->spare;
        queue->spare = &queue->tiles[i];
    }
    return queue;
fail:
    wf_queue_free(queue);
    return NULL;
}

void wf_queue_free(WfQueue *queue)
{
    if (!queue)
        return;
    for (int64_t i = 0; queue->tiles && i < queue->tile_count; i++)
        wf_tile_free(&queue->tiles[i]);
    wf_free(queue->tiles);
    wf_free(queue->nodes);
    wf_free(queue->orders);
    pthread_cond_destroy(&queue->change);
    pthread_mutex_destroy(&queue->lock);
    wf_free(queue);
}

WfTodo wf_queue_next(WfQueue *queue, int node, double *waited)
{
    WfTodo todo = { .kind = WF_TODO_END };

    pthread_mutex_lock(&queue->lock);
    for (;;) {
        double since;

        if (!is_over(queue) && wf_queue_cancelled(queue))
            queue->cancelled = queue->stopped = true;
        if (is_over(queue) || pick(queue, node, &todo) || is_over(queue))
            break;
        since = wf_worker_clock();
        queue->waiting++;
        pthread_cond_wait(&queue->change, &queue->lock);
        queue->waiting--;
        *waited += wf_worker_clock() - since;
    }
    if (todo.kind == WF_TODO_END)
        wake(queue);
    pthread_mutex_unlock(&queue->lock);
    return todo;
}

void wf_queue_prepared(WfQueue *queue, const WeftErr *failed)
{
    pthread_mutex_lock(&queue->lock);
    queue->prepare = DONE;
    if (failed)
        stop(queue, failed);
    wake(queue);
    pthread_mutex_unlock(&queue->lock);
}

void wf_queue_decoded(WfQueue *queue, WfBlock *block, const WeftErr *failed)
{
    WfTile *ready;

    pthread_mutex_lock(&queue->lock);
    ready = wf_block_arrived(block, failed);
    while (ready) {
        WfTile *tile = ready;

        ready = tile->next;
        push_ready(queue, tile);
    }
    wake(queue);
    pthread_mutex_unlock(&queue->lock);
}

void wf_queue_finished(WfQueue *queue, WfTile *tile)
{
    WfBlocks *blocks = queue->setup.blocks;
    int64_t pixels = wf_rect_area(tile->rect);
    WeftErr err = { .code = WEFT_OK };
    WfBlock *keep;
    bool kept = true;

    pthread_mutex_lock(&queue->lock);
    keep = wf_blocks_end(blocks, tile);
    pthread_mutex_unlock(&queue->lock);
    for (WfBlock *block = keep; block; block = block->next)
        kept = wf_blocks_keep(blocks, block, &err) && kept;
    pthread_mutex_lock(&queue->lock);
    while (keep) {
        WfBlock *block = keep;

        keep = block->next;
        wf_blocks_kept(blocks, block);
    }
    if (!kept)
        stop(queue, &err);
    tile->next = queue->spare;
    queue->spare = tile;
    queue->admitted--;
    queue->pixels += pixels;
    wake(queue);
    pthread_mutex_unlock(&queue->lock);
}

void wf_queue_fail(WfQueue *queue, const WfErrRank *rank, const WeftErr *failed)
{
    pthread_mutex_lock(&queue->lock);
    if (failed->code == WEFT_ECANCEL)
        queue->cancelled = queue->stopped = true;
    else
        note_error(queue, rank, failed);
    wake(queue);
    pthread_mutex_unlock(&queue->lock);
}

bool wf_queue_cancelled(const WfQueue *queue)
{
    const atomic_bool *cancel = queue->setup.cancel;

    return cancel && atomic_load_explicit(cancel, memory_order_relaxed);
}

bool wf_queue_result(WfQueue *queue, WeftErr *err)
{
    if (queue->cancelled)
        return wf_fail(err, WEFT_ECANCEL, "interrupted");
    if (!queue->failed)
        return true;
    if (err && err->code == WEFT_OK)
        *err = queue->err;
    return false;
}

int64_t wf_queue_pixels(WfQueue *queue)
{
    int64_t pixels;

    pthread_mutex_lock(&queue->lock);
    pixels = queue->pixels;
    pthread_mutex_unlock(&queue->lock);
    return pixels;
}

bool wf_queue_nearest(const WfQueue *queue, int from, int to)
{
    const NodeList *list = &queue->nodes[from];
    const float *distance = &queue->setup.plan->machine->distances[from * queue->node_count];

    return list->order_count == 0 || distance[to] <= distance[list->order[0]];
}
