/*
 * rows.h - the rows of one input of a stage as its kernel reads them in a tile: in place where they
 * lie together, copied where they span blocks or need an apron beyond the raster's sides.
 */
#ifndef WF_ROWS_H
#define WF_ROWS_H

#include "run/blocks.h"

/* The rows of a ring that are there while a tile is made: row r at index r mod height. */
typedef struct WfRingRows {
    char *first; /* of index 0: its first pixel, that of column domain.x0 */
    size_t stride;
    int64_t height;
    WfRect domain; /* of the kernel that fills it, in this tile */
    bool extended; /* that kernel computes beyond the raster */
    int64_t made;  /* rows before this one have been filled */
    uint64_t *odd; /* of each index, if readers ask: pieces from column domain.x0 on */
} WfRingRows;

/* What is known of a row: bit p tells whether pixels of the kernel's piece p read an odd one there
 * (WF_PLAIN_LIMIT; or, of a ring that plain turns fill with one number, one that may differ). */
typedef struct WfSeen {
    int64_t row; /* WF_NO_INDEX: none */
    uint64_t odd;
} WfSeen;

typedef struct WfRows {
    const WfPlan *plan;
    const WfTile *tile;
    const WfPlanInput *input;
    const WfRingRows *ring; /* NULL: a file */
    WfEdges edges;          /* EXTEND only where the ring goes on beyond the raster */
    int64_t width, height;  /* of the raster */
    int64_t x0, x1;         /* columns wanted: the kernel's domain and the window beside it */
    int64_t in0, in1;       /* of these, the ones that are there to be copied */
    size_t bytes;           /* of a pixel */
    size_t reach;           /* bytes that the kernel may read from column x0 on */
    size_t left;            /* bytes from column x0 to the domain's first */
    int file;               /* its place among the stage's files */
    bool one_block;         /* the wanted columns lie in one column of blocks */
    char *own;              /* own row 0, from column x0 on; after the last one the constant row */
    size_t stride;          /* of own rows, bytes */
    int64_t *held;          /* which row each own row is a copy of; WF_NO_INDEX: none */
    bool constant_filled;
    const void **pointers; /* found by wf_rows_find */
    int64_t from, to;      /* rows that these are for, window included */
    WfSeen *seen;          /* row r at index r & seen_last: no fewer than there are pointers */
    int64_t seen_last;
} WfRows;

/* Rows of the stage's k-th input for a tile whose blocks are there, for a kernel that makes
 * `domain`. scratch: the worker's, laid out by the plan. ring: the input's, or NULL. held: room for
 * one number for each own row (input->height); seen: for wf_rows_seen rows. */
void wf_rows_open(WfRows *rows, const WfPlan *plan, const WfTile *tile, int k, WfRect domain,
                  char *scratch, const WfRingRows *ring, int64_t *held, WfSeen *seen);

/* How many rows of an input are remembered: a power of two. */
int64_t wf_rows_seen(const WfPlan *plan, const WfPlanInput *input);

/* Pointers p for a turn that makes rows [row, row + count) of the domain: p[r] is the domain's
 * first pixel in row `row + r`, for r from -window.up to count + window.down - 1. They hold until
 * the next call; pixels until the ring or the blocks go. */
const void *const *wf_rows_find(WfRows *rows, int64_t row, int64_t count);

/* Which pieces of the domain, `piece` pixels each, at most 64, read odd pixels in a row; one of a
 * file was among those found last. The answer is remembered: a row is looked through once. */
uint64_t wf_rows_odd(WfRows *rows, int64_t row, int64_t piece);

#endif
