/*
 * queue.h - what to do next: admission in the plan's order, blocks to decode and tiles that are
 * ready, per node; and the error that comes first.
 */
#ifndef WF_QUEUE_H
#define WF_QUEUE_H

#include <stdatomic.h>

#include "run/blocks.h"

typedef struct WfQueue WfQueue;

/* Where an error lies: stage, then row and column of the first pixel it touches, then output (-1
 * for reading) and block. The smallest is reported, which does not depend on the shape of
 * tiles nor on who computes them. Stage -1 stands before all. */
typedef struct WfErrRank {
    int stage;
    int64_t row, col;
    int output;
    int64_t block;
} WfErrRank;

typedef enum WfTodoKind {
    WF_TODO_END,     /* the run is over */
    WF_TODO_PREPARE, /* compile, then wf_queue_prepared */
    WF_TODO_DECODE,  /* wf_blocks_read, then wf_queue_decoded */
    WF_TODO_TILE     /* run it unless `skip`, then wf_queue_finished */
} WfTodoKind;

typedef struct WfTodo {
    WfTodoKind kind;
    WfBlock *block;
    WfTile *tile;
    bool skip; /* an error stands before the tile */
} WfTodo;

typedef struct WfQueueSetup {
    const WfPlan *plan;
    WfBlocks *blocks;
    const atomic_bool *cancel; /* or NULL */
    bool steal;                /* work of other nodes may be taken, nearest first */
} WfQueueSetup;

WfQueue *wf_queue_new(const WfQueueSetup *setup, WeftErr *err);
void wf_queue_free(WfQueue *queue); /* no worker is in it; takes NULL */

/* The next thing for a worker of `node`; waits until there is one. Adds the seconds waited. */
WfTodo wf_queue_next(WfQueue *queue, int node, double *waited);
void wf_queue_prepared(WfQueue *queue, const WeftErr *failed); /* NULL: done */
void wf_queue_decoded(WfQueue *queue, WfBlock *block, const WeftErr *failed);
/* Gives the tile back; copies what is left of its blocks to shoulders. */
void wf_queue_finished(WfQueue *queue, WfTile *tile);

/* An error of a tile. WEFT_ECANCEL stops everything at once. */
void wf_queue_fail(WfQueue *queue, const WfErrRank *rank, const WeftErr *failed);
bool wf_queue_cancelled(const WfQueue *queue);
/* After the run: false with the first error. */
bool wf_queue_result(WfQueue *queue, WeftErr *err);

/* Pixels of finished tiles (of their stages' rasters). */
int64_t wf_queue_pixels(WfQueue *queue);
/* No other node with workers is nearer to `from`. */
bool wf_queue_nearest(const WfQueue *queue, int from, int to);

#endif
