/*
 * check_queue.c - every tile comes once, its blocks first, whatever the order of completion; no
 * lock-up at the least budget; the first error wins.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

#include "running.h"

#include "run/queue.h"

enum { THREADS = 8 };

typedef struct Hall {
    Running *r;
    WfPool *pool;
    WfBlocks *blocks;
    WfQueue *queue;
    atomic_int *done; /* of each task */
    atomic_int decodes, early, skipped, wrong;
    atomic_bool prepared;
    int64_t fails; /* this tile does; -1 */
} Hall;

typedef struct Hand {
    Hall *hall;
    int node;
    uint64_t seed;
} Hand;

static Hall open_hall(Running *r, const char *machine)
{
    Hall h = { .r = r, .fails = -1 };
    WfQueueSetup setup = { .cancel = &r->cancel, .steal = r->steal };

    running_plan(r, machine, 0);
    h.pool = wf_pool_new(r->topo, r->plan->memory.blocks, &r->err);
    h.blocks = wf_blocks_new(r->plan, h.pool, NULL, &r->err);
    setup.plan = r->plan;
    setup.blocks = h.blocks;
    h.queue = wf_queue_new(&setup, &r->err);
    h.done = wf_calloc((size_t)r->plan->task_count, sizeof *h.done, &r->err);
    ck_assert(h.pool && h.blocks && h.queue && h.done);
    return h;
}

static void close_hall(Hall *h)
{
    wf_queue_free(h->queue);
    wf_blocks_free(h->blocks);
    wf_pool_free(h->pool);
    wf_free(h->done);
    running_free(h->r);
}

static int64_t below(uint64_t *seed, int64_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((*seed >> 33) % (uint64_t)n);
}

/* Let other threads go first, a random number of times. */
static void dawdle(Hand *hand)
{
    for (int64_t i = below(&hand->seed, 4); i > 0; i--)
        sched_yield();
}

static void do_tile(Hall *h, const WfTodo *todo)
{
    const WfTile *tile = todo->tile;
    WeftErr err = { .code = WEFT_OK };
    WfErrRank rank = { .row = tile->rect.y0, .col = tile->rect.x0 };

    if (!atomic_load(&h->prepared))
        atomic_fetch_add(&h->early, 1);
    for (int64_t i = 0; i < tile->need_count; i++)
        if (!tile->needs[i].view.pixels)
            atomic_fetch_add(&h->wrong, 1);
    atomic_fetch_add(&h->skipped, todo->skip);
    atomic_fetch_add(&h->done[tile->number], 1);
    if (!todo->skip && h->fails >= 0 && tile->task->tile >= h->fails) {
        wf_fail(&err, WEFT_EIO, "tile %lld", (long long)tile->task->tile);
        wf_queue_fail(h->queue, &rank, &err);
    }
    wf_queue_finished(h->queue, todo->tile);
}

static void *serve(void *context)
{
    Hand *hand = context;
    Hall *h = hand->hall;
    double waited = 0;

    for (;;) {
        WfTodo todo = wf_queue_next(h->queue, hand->node, &waited);
        int64_t bytes;

        dawdle(hand);
        if (todo.kind == WF_TODO_END)
            return NULL;
        if (todo.kind == WF_TODO_PREPARE) {
            atomic_store(&h->prepared, true);
            wf_queue_prepared(h->queue, NULL);
        } else if (todo.kind == WF_TODO_DECODE) {
            atomic_fetch_add(&h->decodes, 1);
            if (!wf_blocks_read(h->blocks, todo.block, h->r->stores, 0, &bytes, NULL))
                atomic_fetch_add(&h->wrong, 1);
            dawdle(hand);
            wf_queue_decoded(h->queue, todo.block, NULL);
        } else {
            do_tile(h, &todo);
        }
    }
}

/* As many threads as the plan has active workers, each on its node. */
static void run_hands(Hall *h, uint64_t seed)
{
    const WfMachine *machine = h->r->plan->machine;
    pthread_t threads[THREADS];
    Hand hands[THREADS];
    int count = 0;

    for (int n = 0; n < machine->node_count; n++)
        for (int i = 0; i < wf_plan_active(h->r->plan, n); i++, count++) {
            hands[count] = (Hand) { .hall = h, .node = n, .seed = seed + (uint64_t)count };
            ck_assert_int_eq(pthread_create(&threads[count], NULL, serve, &hands[count]), 0);
        }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static void check_all_done(Hall *h)
{
    ck_assert_int_eq(atomic_load(&h->wrong), 0);
    ck_assert_int_eq(atomic_load(&h->early), 0);
    ck_assert_int_eq(atomic_load(&h->decodes), h->r->plan->blocks_planned);
    ck_assert_int_le(wf_pool_peak(h->pool), h->r->plan->memory.blocks);
    ck_assert_int_eq(wf_blocks_reserved(h->blocks), 0);
    for (int64_t t = 0; t < h->r->plan->task_count; t++)
        ck_assert_int_eq(atomic_load(&h->done[t]), 1);
}

/* Some images with blocks of any shape, some outputs, tiles of any size; from a seed. */
static Running *random_job(uint64_t seed)
{
    Running *r = running_new();
    int64_t width = 64 + below(&seed, 300), height = 64 + below(&seed, 300);
    WeftNode bands[3];

    for (int i = 0; i < 3; i++) {
        int block_width = 16 + (int)below(&seed, 300), block_height = 1 + (int)below(&seed, 150);
        RunningImage *image = running_image(r, width, height, block_width, block_height, 1 + i % 2,
                                            i ? WEFT_U16 : WEFT_F64);

        bands[i] = running_band(r, image, 1 + i % 2, NULL, 0, 0);
    }
    running_save(r, running_add_two(r, bands[0], bands[1]), NULL, 64);
    running_save(r, running_add_two(r, bands[1], bands[2]), NULL, 32);
    r->options.tile = 64 + (int)below(&seed, 2) * 64;
    r->steal = below(&seed, 2) == 1;
    return r;
}

static int64_t least_of(uint64_t seed, const char *machine)
{
    Running *r = random_job(seed);
    int64_t least;

    running_plan(r, machine, 0);
    least = r->plan->memory.least;
    running_free(r);
    return least;
}

START_TEST(every_tile_comes_once_on_any_machine)
{
    static const char *const machines[] = { "numa:1 core:1 pu:1", "numa:1 core:5 pu:1",
                                            "numa:4 core:2 pu:1" };

    for (uint64_t seed = 0; seed < 30; seed++) {
        Hall h = open_hall(random_job(seed), machines[seed % 3]);

        run_hands(&h, seed);
        check_all_done(&h);
        ck_assert(wf_queue_result(h.queue, &h.r->err));
        close_hall(&h);
    }
}
END_TEST

START_TEST(no_budget_that_the_plan_accepts_locks_up)
{
    static const char *const machines[] = { "numa:1 core:4 pu:1", "numa:4 core:2 pu:1" };

    for (uint64_t seed = 0; seed < 40; seed++) {
        const char *machine = machines[seed % 2];
        int64_t least = least_of(seed, machine);
        Running *r = random_job(seed);
        Hall h;

        r->options.memory = least + (int64_t)(seed / 4 % 4) * least / 2;
        h = open_hall(r, machine);
        run_hands(&h, seed);
        check_all_done(&h);
        close_hall(&h);
    }
}
END_TEST

START_TEST(the_error_of_the_first_tile_wins)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        Hall h = open_hall(random_job(seed), "numa:4 core:2 pu:1");
        char message[32];

        h.fails = (int64_t)seed % h.r->plan->stages[0].tiles_x;
        run_hands(&h, seed);
        ck_assert(!wf_queue_result(h.queue, &h.r->err));
        snprintf(message, sizeof message, "tile %lld", (long long)h.fails);
        ck_assert_str_eq(h.r->err.message, message);
        for (int64_t t = 0; t < h.r->plan->task_count; t++)
            if (h.r->plan->tasks[t].tile < h.fails)
                ck_assert_int_eq(atomic_load(&h.done[t]), 1);
        close_hall(&h);
    }
}
END_TEST

START_TEST(an_error_at_the_least_budget_does_not_lock_up)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        Running *r = random_job(seed);
        Hall h;

        r->options.memory = least_of(seed, "numa:2 core:2 pu:1");
        h = open_hall(r, "numa:2 core:2 pu:1");
        h.fails = 0;
        run_hands(&h, seed);
        ck_assert(!wf_queue_result(h.queue, &r->err));
        ck_assert_str_eq(r->err.message, "tile 0");
        close_hall(&h);
    }
}
END_TEST

START_TEST(a_failed_preparation_ends_everything)
{
    Hall h = open_hall(random_job(1), "numa:1 core:1 pu:1");
    WeftErr err = { .code = WEFT_EHOST, .message = "no" };
    double waited = 0;
    WfTodo todo = wf_queue_next(h.queue, 0, &waited);

    ck_assert_int_eq(todo.kind, WF_TODO_PREPARE);
    ck_assert_int_eq(wf_queue_next(h.queue, 0, &waited).kind, WF_TODO_DECODE);
    wf_queue_prepared(h.queue, &err);
    ck_assert_int_eq(wf_queue_next(h.queue, 0, &waited).kind, WF_TODO_END);
    ck_assert(!wf_queue_result(h.queue, &h.r->err));
    ck_assert_str_eq(h.r->err.message, "no");
    close_hall(&h);
}
END_TEST

START_TEST(a_credit_that_the_next_tile_does_not_fit_is_an_error)
{
    Running *r = random_job(2);
    Hall h = open_hall(r, "numa:1 core:1 pu:1");
    double waited = 0;

    r->plan->memory.blocks = 10;
    ck_assert_int_eq(wf_queue_next(h.queue, 0, &waited).kind, WF_TODO_PREPARE);
    wf_queue_prepared(h.queue, NULL);
    ck_assert_int_eq(wf_queue_next(h.queue, 0, &waited).kind, WF_TODO_END);
    ck_assert(!wf_queue_result(h.queue, &r->err));
    ck_assert_int_eq(r->err.code, WEFT_EBUG);
    close_hall(&h);
}
END_TEST

START_TEST(a_cancel_is_the_result_even_after_an_error)
{
    Hall h = open_hall(random_job(3), "numa:1 core:1 pu:1");
    WfErrRank rank = { .stage = 0 };
    WeftErr torn = { .code = WEFT_EIO }, cancel = { .code = WEFT_ECANCEL };
    double waited = 0;

    wf_queue_fail(h.queue, &rank, &torn);
    wf_queue_fail(h.queue, &rank, &cancel);
    ck_assert_int_eq(wf_queue_next(h.queue, 0, &waited).kind, WF_TODO_END);
    ck_assert(!wf_queue_result(h.queue, &h.r->err));
    ck_assert_int_eq(h.r->err.code, WEFT_ECANCEL);
    close_hall(&h);
}
END_TEST

START_TEST(near_and_far_nodes_are_told_apart)
{
    Hall h = open_hall(random_job(4), "numa:4 core:1 pu:1");
    float *d = h.r->plan->machine->distances;
    WfQueueSetup setup = { .plan = h.r->plan, .blocks = h.blocks };
    WfQueue *queue;

    d[0 * 4 + 3] = 15;
    queue = wf_queue_new(&setup, &h.r->err);
    ck_assert(wf_queue_nearest(queue, 0, 3));
    ck_assert(!wf_queue_nearest(queue, 0, 1));
    ck_assert(wf_queue_nearest(queue, 2, 1));
    wf_queue_free(queue);
    close_hall(&h);
}
END_TEST

CHECK_MAIN("queue", every_tile_comes_once_on_any_machine, no_budget_that_the_plan_accepts_locks_up,
           the_error_of_the_first_tile_wins, an_error_at_the_least_budget_does_not_lock_up,
           a_failed_preparation_ends_everything,
           a_credit_that_the_next_tile_does_not_fit_is_an_error,
           a_cancel_is_the_result_even_after_an_error, near_and_far_nodes_are_told_apart)
