/*
 * pool.h - memory bound to a node, as credits of the budget.
 *
 * Buffers given back are kept and reused by size and node, as a page fault on fresh memory costs
 * more than the arithmetic on it. What is in use and what is kept never exceeds the credit.
 */
#ifndef WF_POOL_H
#define WF_POOL_H

#include "run/topo.h"

typedef struct WfPool WfPool;

typedef struct WfBuffer {
    void *memory; /* aligned to 64 bytes at least; zero when fresh, else as it was left */
    size_t bytes;
    int node;
    struct WfBuffer *next; /* the pool's */
} WfBuffer;

WfPool *wf_pool_new(const WfTopo *topo, int64_t credit, WeftErr *err);
void wf_pool_free(WfPool *pool); /* all buffers have been given back; takes NULL */

/* Any thread. Fails where memory fails, or where buffers in use would exceed the credit. */
WfBuffer *wf_pool_take(WfPool *pool, int node, size_t bytes, WeftErr *err);
void wf_pool_give(WfPool *pool, WfBuffer *buffer); /* takes NULL */

void wf_pool_trim(WfPool *pool); /* what is kept goes back to the system */

int64_t wf_pool_bytes(WfPool *pool); /* in use and kept, now */
int64_t wf_pool_peak(WfPool *pool);  /* the most that this was */

#endif
