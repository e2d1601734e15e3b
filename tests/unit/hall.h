/*
 * hall.h - one worker that runs tiles one by one, in the hands of the test, for the tests of what
 * happens inside a tile.
 */
#ifndef HALL_H
#define HALL_H

#include "running.h"

#include "run/execute.h"

enum { HALL_KERNELS = 64 };

typedef struct Hall {
    Running *r;
    WfPool *pool;
    WfBlocks *blocks;
    WfQueue *queue;
    WfTables *tables;
    WfDesk *desk;
    WfCompiled compiled[HALL_KERNELS];
    WfTile tile;
} Hall;

/* Plan the job for a machine with two nodes of one worker each, and take the first one's desk. */
static inline Hall hall_open(Running *r)
{
    Hall h = { .r = r };
    WfQueueSetup setup = { .cancel = &r->cancel };

    running_plan(r, "numa:2 core:1 pu:1", 0);
    ck_assert_int_le(r->plan->kernel_count, HALL_KERNELS);
    h.pool = wf_pool_new(r->topo, r->plan->memory.blocks, &r->err);
    h.blocks = wf_blocks_new(r->plan, h.pool, NULL, &r->err);
    setup.plan = r->plan;
    setup.blocks = h.blocks;
    h.queue = wf_queue_new(&setup, &r->err);
    h.tables = wf_tables_new(r->plan, r->topo, 0, &r->err);
    h.desk = wf_desk_new(r->plan, r->topo, h.tables, 0, &r->err);
    ck_assert(h.pool && h.blocks && h.queue && h.tables && h.desk);
    ck_assert(running_prepare(r, h.compiled, &r->err));
    return h;
}

static inline void hall_close(Hall *h)
{
    wf_desk_free(h->desk);
    wf_tables_free(h->tables);
    wf_tile_free(&h->tile);
    wf_queue_free(h->queue);
    wf_blocks_free(h->blocks);
    wf_pool_free(h->pool);
    running_free(h->r);
}

/* The task that computes tile (tx, ty) of the first stage. */
static inline int64_t hall_task(const Hall *h, int64_t tx, int64_t ty)
{
    const WfPlan *plan = h->r->plan;

    for (int64_t t = 0; t < plan->task_count; t++) {
        if (plan->tasks[t].stage == 0 && plan->tasks[t].tile == ty * plan->stages[0].tiles_x + tx)
            return t;
    }
    ck_abort_msg("no tile (%lld, %lld)", (long long)tx, (long long)ty);
    return -1;
}

/* Admit a task, decode its blocks (those that fail too) and begin it. */
static inline void hall_begin(Hall *h, int64_t number)
{
    WfBlock *block, *next;

    ck_assert(wf_blocks_admit(h->blocks, number, &h->tile, &block, &h->r->err));
    for (; block; block = next) {
        WeftErr err = { .code = WEFT_OK };
        int64_t bytes;
        bool done = wf_blocks_read(h->blocks, block, h->r->stores, 0, &bytes, &err);

        next = block->next;
        wf_block_arrived(block, done ? NULL : &err);
    }
    wf_blocks_begin(h->blocks, &h->tile);
}

static inline bool hall_run(Hall *h, WfErrRank *rank)
{
    WfTileJob job = {
        .plan = h->r->plan, .compiled = h->compiled, .sinks = h->r->sinks, .queue = h->queue
    };

    return wf_tile_run(&job, &h->tile, h->desk, rank, &h->r->err);
}

/* The tile is through; edges of blocks that others need are kept. */
static inline void hall_end(Hall *h)
{
    WfBlock *next;

    for (WfBlock *keep = wf_blocks_end(h->blocks, &h->tile); keep; keep = next) {
        next = keep->next;
        ck_assert(wf_blocks_keep(h->blocks, keep, &h->r->err));
        wf_blocks_kept(h->blocks, keep);
    }
}

#endif
