/*
 * parts.h - the files that build a plan, in order, and what they hand each other. Only files of
 * plan/ include this.
 */
#ifndef WF_PARTS_H
#define WF_PARTS_H

#include "plan/plan.h"

/* A block whose edge is kept longer than the block: readers up to place `early` need all of it. */
typedef struct WfKept {
    int64_t block;
    int file;
    uint32_t early;
    WfShoulder shoulder;
} WfKept;

/* When each block is needed. Places are places in plan->tasks. A stage's tiles in its order (row by
 * row, or column by column) are numbered from `turn[stage]`, the stages in the order of the plan.
 */
typedef struct WfLedger {
    int64_t *turn;
    uint32_t *place;        /* of a turn's tile */
    uint32_t *readers;      /* of each block */
    uint32_t *first, *last; /* places of a needed block's first and last reader */
    uint8_t *stays;         /* WfStays of each block; NULL: none does */
    WfKept *kept;           /* ascending by block */
    int kept_count, kept_room;
    int64_t task_room; /* that tasks and place have */
    bool arranged;     /* tasks and all this are those of tiles of size `scale` */
    int scale;
} WfLedger;

bool wf_fuse(WfPlan *plan,
             WeftErr *err); /* writes files, inputs, outputs, rings, kernels, stages */
bool wf_forms(WfPlan *plan, WeftErr *err); /* writes kernels' plain forms; needs fuse */
void wf_halo(WfPlan *plan);                /* how far kernels reach beyond a tile, and lead */
bool wf_files(WfPlan *plan, WeftErr *err); /* the lists of stages and files; needs halo */

/* Writes each stage's tile shape, step and bytes. Scale 0 is the chosen size, each further one is
 * smaller. False: there is no smaller one. */
bool wf_tile(WfPlan *plan, int scale);
bool wf_place(WfPlan *plan, WeftErr *err);  /* writes tasks: order and nodes; needs tile */
bool wf_ledger(WfPlan *plan, WeftErr *err); /* writes ledger and blocks counted; needs place */

/* Rows of rings and inputs, and the scratch, of a stage whose tiles and step are known. */
void wf_rings(WfPlan *plan, int stage);
int wf_ring_step(const WfPlan *plan, const WfStage *stage); /* rows a turn, for its tiles */

/* The least bytes that the plan as it lies would do with, whichever files are decoded anew. */
bool wf_budget_least(const WfPlan *plan, int64_t *least, WeftErr *err);
/* Fit the plan as it lies into the budget: writes memory (but `least`), redecode, blocks and bytes
 * planned. Files are decoded anew only where `redecode` allows it. Gives in *workers how many
 * workers there may be: active_workers where the plan fits; else nothing is written. */
bool wf_budget(WfPlan *plan, bool redecode, int *workers, WeftErr *err);
/* Since the plan was fitted some of its blocks have been found to stay: take off its credit what no
 * task can need any more. Gives in *bytes how much that is. */
bool wf_budget_return(WfPlan *plan, int64_t *bytes, WeftErr *err);
int64_t wf_budget_bytes(const WfPlan *plan); /* what may be taken; INT64_MAX: no limit is known */

bool wf_reach_same(WfReach a, WfReach b);
/* Inputs of two kernels are the same rows; under the same rule beyond the raster, too; and with the
 * same window. */
bool wf_input_same_rows(const WfPlanInput *a, const WfPlanInput *b);
bool wf_input_same_rule(const WfPlanInput *a, const WfPlanInput *b);
bool wf_input_same(const WfPlanInput *a, const WfPlanInput *b);

/* How far the tile grows for all that the input is read for; how many rows further than its reader
 * the ring of an input must have been filled; how many rows behind it are still read. */
WfReach wf_input_reach(const WfPlan *plan, const WfPlanInput *input);
int wf_input_ahead(const WfPlan *plan, const WfPlanInput *input);
int wf_input_behind(const WfPlan *plan, const WfPlanInput *input);

/* Pixels of a kernel over all tiles, were these of that size. */
int64_t wf_tiled_pixels(const WfStage *stage, const WfKernel *kernel, int64_t width,
                        int64_t height);

/* Tile number `turn` of a stage in its order, and where a tile comes in that order. */
int64_t wf_tile_at(const WfStage *stage, int64_t turn);
int64_t wf_tile_turn(const WfStage *stage, int64_t tx, int64_t ty);
WfRect wf_tile_rect(const WfStage *stage, int64_t tile);
/* Pixels of the plan's file that `rect` of a stage reads; i is the file's place in stage->files. */
WfRect wf_tile_file_rect(const WfPlan *plan, const WfStage *stage, int i, WfRect rect);
/* Tiles of a stage (as columns and rows of tiles) that read a rectangle of its i-th file. */
WfRect wf_tile_readers(const WfStage *stage, int i, WfRect pixels);
/* Bytes that one pixel of all inputs and outputs takes. */
int64_t wf_stage_pixel_bytes(const WfPlan *plan, const WfStage *stage);

int64_t wf_file_pixel_bytes(const WfPlanFile *file); /* of all its bands that are read */

#endif
