/*
 * stock.c - decoded blocks that outlive the run that has decoded them.
 *
 * Needs: plans with stays. Buffers come from a pool of their own, whose credit is the most that any
 * plan has in stock; they lie on the node that decoded them until the last plan that reads them has
 * run.
 */
#include "run/stock.h"

struct WfStock {
    WfPool *pool;
    WfBuffer **slots;
    int64_t count;
};

WfStock *wf_stock_new(const WfTopo *topo, const WfStay *stay, WeftErr *err)
{
    WfStock *stock = wf_zalloc(sizeof *stock, err);

    if (!stock)
        return NULL;
    stock->count = stay->slots;
    stock->slots = wf_calloc((size_t)stay->slots + 1, sizeof *stock->slots, err);
    stock->pool = stock->slots ? wf_pool_new(topo, stay->bytes, err) : NULL;
    if (stock->pool)
        return stock;
    wf_stock_free(stock);
    return NULL;
}

static void empty_slot(WfStock *stock, int64_t slot)
{
    wf_pool_give(stock->pool, stock->slots[slot]);
    stock->slots[slot] = NULL;
}

void wf_stock_free(WfStock *stock)
{
    if (!stock)
        return;
    for (int64_t i = 0; stock->pool && i < stock->count; i++)
        empty_slot(stock, i);
    wf_pool_free(stock->pool);
    wf_free(stock->slots);
    wf_free(stock);
}

WfBuffer *wf_stock_take(WfStock *stock, int node, size_t bytes, WeftErr *err)
{
    return wf_pool_take(stock->pool, node, bytes, err);
}

void wf_stock_give(WfStock *stock, WfBuffer *buffer)
{
    wf_pool_give(stock->pool, buffer);
}

WfBuffer *wf_stock_find(const WfStock *stock, int64_t slot)
{
    return stock->slots[slot];
}

void wf_stock_put(WfStock *stock, int64_t slot, WfBuffer *buffer)
{
    stock->slots[slot] = buffer;
}

void wf_stock_leave(WfStock *stock, const WfPlan *plan)
{
    for (int f = 0; f < plan->file_count; f++) {
        const WfPlanFile *file = &plan->files[f];

        for (int64_t y = 0; y < file->blocks_y && file->stay.there > 0; y++)
            for (int64_t x = 0; x < file->blocks_x; x++)
                if (wf_ledger_stays(plan, file->block_first + y * file->blocks_x + x) ==
                    WF_STAYS_FROM)
                    empty_slot(stock, wf_stock_slot(file, x, y));
    }
    wf_pool_trim(stock->pool);
}

int64_t wf_stock_bytes(const WfStock *stock)
{
    return wf_pool_bytes(stock->pool);
}
