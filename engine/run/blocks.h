/*
 * blocks.h - decoded blocks: one decode each, counted down, freed; and the tiles that wait for
 * them.
 *
 * A block is absent until the first tile that needs it is admitted, then wanted, being decoded,
 * there (or failed), and gone after its last reader. Once its early readers are through, only the
 * edge that the others need is kept, as a shoulder. Blocks of a file that is decoded again for each
 * tile belong to that tile alone. Blocks that stay for a later run lie in the stock, and take
 * nothing of the credit; those that an earlier run has left there are there from the start.
 *
 * Functions marked (locked) change or read the shared state: the queue calls them under its lock.
 * The others work on one block or tile that its caller holds.
 */
#ifndef WF_BLOCKS_H
#define WF_BLOCKS_H

#include "io/store.h"
#include "plan/plan.h"
#include "run/stock.h"

typedef struct WfBlocks WfBlocks;
typedef struct WfTile WfTile;

/* Pixels of a block as a tile reads them: the whole block, or its shoulder. */
typedef struct WfBlockView {
    const char *pixels, *end; /* NULL: the block failed */
    WfRect rect;              /* what they show, in pixels of the file */
    bool whole;
} WfBlockView;

typedef enum WfBlockState {
    WF_BLOCK_WANTED,
    WF_BLOCK_DECODING,
    WF_BLOCK_THERE,
    WF_BLOCK_FAILED
} WfBlockState;

typedef struct WfBlock {
    int64_t number; /* in the plan's numbering of all blocks */
    int file;
    int64_t x, y; /* its cell in the file */
    int node;     /* where its pixels lie: of the tile that asked first */
    WfBlockState state;
    bool own;        /* decoded for one tile alone */
    bool stays;      /* its pixels lie in the stock */
    int64_t readers; /* tiles that have not finished with it */
    int64_t early;   /* of these, those that come before the shoulder */
    int64_t ahead;   /* of the readers, those that have not begun */
    int64_t users;   /* who read the whole block right now */
    bool has_shoulder;
    bool keeping, kept; /* the shoulder is being copied; has been */
    WfShoulder edge;
    WfBuffer *pixels, *shoulder;
    WfBuffer *copy;                /* the shoulder while it is being copied: the copying worker's */
    WeftErr *why;                  /* failed; NULL where even that found no memory */
    struct WfNeed *waiting;        /* of tiles that cannot run before it is there */
    struct WfBlock *next;          /* in the one list of others that it is in */
    struct WfBlock *newer, *older; /* among all that live */
} WfBlock;

/* A block that an admitted tile reads. */
typedef struct WfNeed {
    WfBlock *block;
    WfTile *tile;
    struct WfNeed *next; /* others that wait for the block */
    WfBlockView view;    /* from wf_blocks_begin to wf_blocks_end */
    bool early;
} WfNeed;

/* The needs of a tile in one file: cells row by row, from needs[first]. */
typedef struct WfTileFile {
    WfRect rect, cells;
    int64_t first;
} WfTileFile;

/* An admitted task. Reused, so that its arrays are allocated seldom. */
struct WfTile {
    int64_t number; /* its place in plan->tasks */
    const WfTask *task;
    WfRect rect;
    int home;        /* the node whose workers run it */
    int64_t missing; /* blocks that are not there */
    WfNeed *needs;
    int64_t need_count, need_room;
    WfTileFile *files; /* beside its stage's files */
    int file_room;
    WfTile *next;
};

/* stock: NULL where nothing stays. */
WfBlocks *wf_blocks_new(const WfPlan *plan, WfPool *pool, WfStock *stock, WeftErr *err);
void wf_blocks_free(WfBlocks *blocks); /* with all that still live; takes NULL */

/* (locked) Bytes of the credit that a task would add: blocks that are absent, with their shoulders.
 */
int64_t wf_blocks_missing(const WfBlocks *blocks, int64_t task);
/* (locked) Bytes that admitted tiles and kept shoulders hold or may yet ask for. */
int64_t wf_blocks_reserved(const WfBlocks *blocks);
/* (locked) Describe task `number` in *tile, reserve and count its blocks. *wanted: those that have
 * to be decoded, in order. On failure what was reserved stays until wf_blocks_drop. */
bool wf_blocks_admit(WfBlocks *blocks, int64_t number, WfTile *tile, WfBlock **wanted,
                     WeftErr *err);
/* (locked) A decode has ended. Gives the tiles that now have all their blocks. */
WfTile *wf_block_arrived(WfBlock *block, const WeftErr *failed);
/* (locked) A tile starts: sets the views of its needs. */
void wf_blocks_begin(WfBlocks *blocks, WfTile *tile);
/* (locked) A tile is through. Gives blocks whose shoulder the caller has to keep: wf_blocks_keep
 * and then wf_blocks_kept for each. */
WfBlock *wf_blocks_end(WfBlocks *blocks, WfTile *tile);
void wf_blocks_kept(WfBlocks *blocks, WfBlock *block); /* (locked) */
/* (locked) Free all blocks while no tile is admitted; they may be decoded again. */
void wf_blocks_drop(WfBlocks *blocks);

/* Decode a block into memory of its node, the pool's or the stock's. */
bool wf_blocks_read(WfBlocks *blocks, WfBlock *block, WfStores *stores, int hand, int64_t *bytes,
                    WeftErr *err);
/* Copy the edge that late readers need. */
bool wf_blocks_keep(WfBlocks *blocks, WfBlock *block, WeftErr *err);

/* First byte of pixel (x, y) of the file in a band of a view that shows it. Pixels of a row follow
 * each other. */
const char *wf_block_pixel(const WfPlanFile *file, int slot, const WfBlockView *view, int64_t x,
                           int64_t y);
/* The need of a tile for the block at (x, y) of its stage's file number `i`. */
const WfNeed *wf_tile_need(const WfTile *tile, const WfPlan *plan, int i, int64_t x, int64_t y);
void wf_tile_free(WfTile *tile); /* takes NULL */

#endif
