/*
 * plan.h - WfPlan: the recipe of a run. Made once, then read only.
 *
 * Built in this order: fuse (stages and kernels), forms (which kernels have two), halo (how far
 * they reach), files (what they read), tile (their shape), ring (rows they hand over), place (order
 * and nodes), ledger (blocks and their readers), budget (memory); from tile on again, with smaller
 * tiles or fewer workers, until the peak of memory fits. Of plans that run one after another, stay
 * says at last which decoded blocks remain for later ones.
 */
#ifndef WF_PLAN_H
#define WF_PLAN_H

#include "base/pixel.h"
#include "base/rect.h"
#include "base/text.h"
#include "graph/graph.h"
#include "plan/frame.h"
#include "plan/machine.h"

/* One wanted band. Targets of one sink have one window. */
typedef struct WfTarget {
    WeftNode node;
    int sink, band;                /* where it goes: number of the sink, band in it from 0; sink -1:
                                    * to reductions, in f32 or f64 as the node is held */
    bool kept;                     /* the sink is a temporary file, for later phases */
    WeftType type;                 /* of the stored pixels */
    WfRect window;                 /* wanted pixels of the node's raster */
    int block_width, block_height; /* of the sink: tiles are unions of these; 0: any shape */
} WfTarget;

/* A reduction of the run. Its inputs advance together in one stage; what they give in a turn goes
 * to the state of the worker. */
typedef struct WfReduction {
    WeftNode node;
    const int *targets;           /* of each input; several reductions may share one */
    const WeftReduceSetup *setup; /* the caller's: numbers may come after planning */
} WfReduction;

typedef struct WfPlanOptions {
    int tile;         /* 0: chosen */
    int64_t memory;   /* budget in bytes */
    int64_t reserved; /* bytes that are held during the run beside what the plan says */
    int64_t spans;    /* of these, spans of polygons */
    bool steal_none;
    const WfReduction *reductions;
    int reduction_count;
    int64_t *needs; /* NULL, or where the least budget goes if the plan does not fit */
} WfPlanOptions;

/* Blocks of a file that remain in memory from one of several plans to a later one. Plans are
 * numbered in their order. */
typedef struct WfFileStay {
    bool again;     /* an earlier plan reads the file too */
    int64_t there;  /* needed blocks that are in the stock when the plan begins */
    int from;       /* the plan that has decoded these; -1: several */
    int64_t remain; /* blocks that are in it when the plan has run */
    int until;      /* the next plan that reads these; -1: several */
    int64_t first;  /* number of the file's block (0, 0) in the stock */
} WfFileStay;

/* A file, decoded block by block for all bands that the plan reads of it. */
typedef struct WfPlanFile {
    int store;
    const char *path;
    int64_t width, height;
    int block_width, block_height;
    WfRect span;                /* its pixels as they are read: where edges wrap, whole copies of
                                 * the file lie on all sides of it, and count as more blocks */
    int64_t across, down;       /* blocks of the file itself */
    int64_t blocks_x, blocks_y; /* of the span */
    int band_count;
    int *bands;          /* wf_store_read's numbers, ascending */
    WeftType *types;     /* of each band's pixels */
    size_t *band_offset; /* of each band's pixels in a decoded block, bytes */
    size_t block_bytes;  /* of a decoded block, slack for padded reading included */
    WfRect needed;       /* pixels of the file that any tile reads */
    int stage_count;
    int *stages;         /* that read it, ascending */
    int64_t block_first; /* number of its block (0, 0) in the plan's numbering of all blocks */
    bool redecode;       /* blocks are decoded anew for each tile, as the budget forbids keeping */
    bool costly;         /* to decode a block takes much longer than to copy it */
    WfFileStay stay;
} WfPlanFile;

/* What stands for a pixel beyond the raster's edge; the choices of the operator neighbour. */
typedef enum WfEdges {
    WF_EDGES_INVALID,
    WF_EDGES_NEAREST,
    WF_EDGES_REFLECT, /* the edge pixel is repeated */
    WF_EDGES_MIRROR,  /* it is not */
    WF_EDGES_CONSTANT,
    WF_EDGES_EXTEND, /* the ring itself goes on: its kernel computes there */
    WF_EDGES_WRAP    /* of files: read on at the opposite side */
} WfEdges;

/* How far a rectangle grows to each side, pixels, none negative. */
typedef struct WfReach {
    int left, up, right, down;
} WfReach;

/* A node's rows as one kernel reads them: a band of a file, or a ring that another kernel of the
 * stage has filled. A kernel that reads a node under two edge rules has two inputs for it. */
typedef struct WfPlanInput {
    WeftNode node;  /* a LOAD, or the ring's */
    int ring;       /* rings[ring]; -1: a file */
    int file, slot; /* files[file].bands[slot]; -1 for a ring */
    int source;     /* graph->sources; -1 for a ring */
    WeftType type;  /* of the pixels in the rows; rings: WEFT_F32 or WEFT_F64 */
    int64_t dx, dy; /* node pixel (c, r) is file pixel (c + dx, r + dy); 0 for a ring */
    WfEdges edges;
    double constant; /* for WF_EDGES_CONSTANT */
    WfReach window;  /* beyond the kernel's own pixels; symmetric for REFLECT and MIRROR */
    int stage;
    int kernel; /* that reads it; kernels with outputs share inputs where these are equal */
    int height; /* own rows: 0 where rows can always be pointed at, else up + step + down */
    size_t rows_at, pointers_at; /* in the scratch */
} WfPlanInput;

/* Rows of a node that kernels of the same stage read with a window: the node below a FOCAL node
 * that is no LOAD. Row r of the raster lies at index r mod height. */
typedef struct WfRing {
    WeftNode node;
    WeftType type;  /* WEFT_F32 or WEFT_F64, as the node is held */
    int kernel;     /* that fills it */
    int height;     /* rows kept */
    size_t rows_at; /* in the scratch */
    bool asked;     /* a reader has a plain form: it must be known which of the pixels are odd */
    bool never;     /* none ever is */
    bool proven;    /* none is that the kernel makes of pixels that are not */
    bool same;      /* of such pixels it makes one number; readers rely on that number */
} WfRing;

typedef struct WfPlanOutput {
    int target; /* targets[target] */
    WeftNode node;
    WeftType type;
} WfPlanOutput;

typedef struct WfPlanWatch {
    WeftNode node; /* whose operator has a watch */
} WfPlanWatch;

/* A table that kernels look up for every pixel; each memory node that computes has a copy. */
typedef struct WfPlanTable {
    const WfTable *table;
    bool wide; /* its cells are f64 */
    size_t at; /* of the copy, in the memory of all tables */
} WfPlanTable;

/* What a kernel's plain form has to do with an input of the kernel. */
typedef struct WfPlainInput {
    bool read;  /* it reads pixels of it */
    bool asked; /* it stands only where none of its pixels is odd; else others see to that */
} WfPlainInput;

/* Nodes that share one loop. Inputs, outputs and tables are numbers into the plan's arrays; kernels
 * whose nodes differ only in which of these they use compile to the same code. */
typedef struct WfKernel {
    int stage;
    int node_count;
    WeftNode *nodes;            /* inputs before users; LOAD, CONSTANT and the rest */
    WfPlainInput *plain_inputs; /* beside inputs */
    int plain_count;
    WeftNode
        *plain_nodes; /* of the plain form, for pixels that read nothing odd; NULL: it has none */
    int input_count;
    int *inputs; /* frame->in[k] is inputs[k] */
    int output_count;
    int *outputs; /* frame->out[j] is outputs[j] */
    int table_count;
    int *tables; /* frame->tables[t] is tables[t] */
    int watch_count;
    WfPlanWatch *watches; /* frame->watch[w] */
    int ring_count;       /* none, or it has no outputs */
    int *rings;           /* frame->out[j] is rings[j], which it fills */
    WfReach reach;        /* its domain: the tile grown by these */
    int lead;      /* when the tile's rows up to e are being made, it makes those of its domain up
                    * to e + lead; at least reach.down, more where edges need rows far ahead */
    bool extended; /* its domain goes beyond the raster; otherwise it is cut there */
} WfKernel;

/* Kernels whose tiles need no other tile of the same stage: one grid, one window, shared files. */
typedef struct WfStage {
    const WeftGrid *grid;
    WfRect window;
    int kernel_count;
    int *kernels;
    int output_count;
    int *outputs;
    int input_count;
    int *inputs;
    int ring_count;
    int *rings;
    int file_count;
    int *files;
    WfRect *reach;  /* for each of files: a tile's rectangle grows by these four to that read */
    WfRect *bounds; /* for each of files: the stage's raster in it; nothing else is read */
    int tile_width, tile_height; /* tile (0, 0) begins at the window's corner */
    int64_t tiles_x, tiles_y;
    bool by_columns;      /* tiles are taken column by column, as the files' blocks are tall */
    int step;             /* rows a turn */
    size_t output_bytes;  /* of one tile's outputs, padded */
    size_t scratch_bytes; /* of one worker: rings, rows copied together, row pointers */
    size_t pointers_at;   /* in the scratch: row pointers of the outputs, then of the rings */
    size_t native_at; /* in the scratch: what functions on rows take; one of them runs at a time */
    WfReach lead;     /* the largest reach and lead of its kernels; up: the first turn begins so
                       * far above the tile, the largest reach.up + lead */
} WfStage;

typedef struct WfTask {
    int stage;
    int node;     /* machine node that owns it */
    int64_t tile; /* ty * tiles_x + tx */
} WfTask;

typedef struct WfMemory {
    int64_t workers; /* scratch, output buffers and states of all active workers, tables, records */
    int64_t states;  /* of these, what the states of reductions may take */
    int64_t blocks;  /* most that blocks and shoulders may take: the credit of admission */
    int64_t stock;   /* what blocks take that remain from earlier plans or for later ones */
    int64_t predicted; /* workers + blocks + stock + reserved: peak never exceeds it */
    int64_t least;     /* the least budget that would do for this graph */
} WfMemory;

typedef struct WfPlan {
    const WfGraph *graph;
    const WfMachine *machine;
    WfPlanOptions options;
    WfArena *arena;
    WfTarget *targets;
    int target_count;
    WfReduction *reductions;
    int reduction_count;
    int64_t state_bytes; /* of one worker: all its states */
    WeftNode *scalars;   /* frame->scalars[i] is the number of scalars[i] */
    int scalar_count;
    WfPlanFile *files;
    int file_count;
    WfPlanInput *inputs;
    int input_count;
    WfPlanOutput *outputs;
    int output_count;
    WfRing *rings;
    int ring_count;
    WfPlanTable *tables;
    int table_count;
    size_t table_bytes; /* of one copy of all tables */
    WfKernel *kernels;  /* of a stage: those that fill a ring before those that read it */
    int kernel_count;
    WfStage *stages;
    int stage_count;
    WfTask *tasks; /* all tiles of all stages in the order of admission */
    int64_t task_count;
    int active_workers;      /* over all nodes, at most machine's: see wf_plan_active */
    int64_t block_count;     /* over all files, needed or not */
    int64_t blocks_in_files; /* needed blocks, each once */
    int64_t blocks_planned;  /* decodes; more than in_files only where redecode is set */
    int64_t blocks_stocked;  /* needed blocks that an earlier plan has decoded and left in memory */
    int64_t pixels_planned;  /* over all kernels */
    int64_t bytes_planned;   /* of decoded pixels inside the images */
    int64_t bytes_across;    /* of blocks that tiles of a further node read too */
    WfMemory memory;
    struct WfLedger *ledger;
} WfPlan;

/* Make the recipe for an inferred graph. NULL, with err set, if it fits no tile; the error names
 * the least budget that would do. The plan keeps pointers to graph, machine and targets' arrays
 * are copied: free the plan first. */
WfPlan *wf_plan_new(const WfGraph *graph, const WfTarget *targets, int target_count,
                    const WfMachine *machine, const WfPlanOptions *options, WeftErr *err);
void wf_plan_free(WfPlan *plan); /* takes a half-made plan, and NULL */

/* The plan for people: `weft explain`. */
void wf_plan_show(const WfPlan *plan, WfText *text);

int wf_plan_scalar(const WfPlan *plan, WeftNode scalar); /* its place in scalars */
int wf_stage_file(const WfStage *stage, int file);       /* its place in stage->files, or -1 */

/* Active workers of a node: the first so many of those that belong to it. Tasks are given only to
 * nodes that have some. */
int wf_plan_active(const WfPlan *plan, int node);

/* Where a kernel finds the table of one of its nodes: its place in kernel->tables; -1. */
int wf_plan_table(const WfPlan *plan, const WfKernel *kernel, const WfNode *node);

/* ---- arithmetic that the plan's predictions and the run share */

enum {
    WF_ALIGN = 64,       /* of every part of a buffer, bytes */
    WF_SLACK = 512,      /* bytes that may be read beyond the last row of pixels */
    WF_BLOCK_RECORD = 64 /* what a run may keep for each block of the plan, in memory.workers */
};

static inline int64_t wf_padded(int64_t width)
{
    return (width + WF_LANES - 1) / WF_LANES * WF_LANES;
}

static inline size_t wf_align_up(size_t bytes)
{
    return (bytes + WF_ALIGN - 1) / WF_ALIGN * WF_ALIGN;
}

/* Pixels in a row of a ring or of an input's own rows: the kernel's padded width (its tile_width
 * grown by its reach) with, for inputs, the window and room for a whole WF_LANES on either side.
 * The kernel's first pixel lies wf_row_margin pixels after the row's start. */
int64_t wf_row_pixels(const WfPlan *plan, int stage, int input);
int64_t wf_row_margin(const WfPlan *plan, int input);
int64_t wf_ring_pixels(const WfPlan *plan, int ring);
int64_t wf_ring_margin(const WfPlan *plan, int ring);

/* Parts of a worker's scratch (scratch_bytes), as offsets from its aligned start:
 * the rows of rings[ring], height rows of wf_ring_pixels each;
 * own rows of the stage's i-th input: `height` rows of wf_row_pixels each, plus one constant row
 * where edges are INVALID or CONSTANT;
 * row pointers of the stage's i-th input (window.up + most rows of a turn + window.down of them),
 * or of its j-th output for i = input_count + j, or of its r-th ring for i = input_count +
 * output_count + r;
 * what a function on rows takes while it runs (native_at);
 * room for frame->in and frame->out of one kernel: one pointer for each of its inputs,
 * outputs and rings. */
size_t wf_scratch_ring(const WfPlan *plan, int stage, int ring);
size_t wf_scratch_rows(const WfPlan *plan, int stage, int i);
size_t wf_scratch_pointers(const WfPlan *plan, int stage, int i);
size_t wf_scratch_frame(const WfPlan *plan, int stage);

/* Where the stage's j-th output begins in a tile's output buffer (output_bytes): rows of
 * wf_padded(tile_width) pixels of the stored type, tile_height of them, or those of a turn where
 * they go to reductions. */
size_t wf_output_offset(const WfPlan *plan, int stage, int j);
bool wf_output_streams(const WfPlan *plan, int output); /* it goes to reductions */
int wf_reduction_stage(const WfPlan *plan, int reduction);

/* Where band `slot` begins in a shoulder of a file: rows of `late`, each padded to
 * wf_padded(width of late) pixels. For slot = band_count: the bytes of all, slack included. */
size_t wf_shoulder_offset(const WfPlanFile *file, WfRect late, int slot);

/* A task's pixels in its stage's raster, and those it reads of a file, in the file (empty if it
 * reads none). A kernel's pixels of a task may lie beyond the raster if it is extended; over all
 * tasks there are wf_kernel_pixels of them. */
WfRect wf_task_rect(const WfPlan *plan, const WfTask *task);
WfRect wf_kernel_rect(const WfPlan *plan, const WfTask *task, int kernel);
int64_t wf_kernel_pixels(const WfPlan *plan, int kernel);
WfRect wf_task_file_rect(const WfPlan *plan, const WfTask *task, int file);

/* Blocks of a file's span under a rectangle of it, as columns and rows of blocks; the pixels of one
 * that are there, and its corner. Edge blocks of a copy are cut like those of the file: the next
 * copy begins with a block of its own. In the file itself it is block (x % across, y % down). */
WfRect wf_file_cells(const WfPlanFile *file, WfRect pixels);
WfRect wf_file_block(const WfPlanFile *file, int64_t bx, int64_t by);

/* ---- ledger: which blocks a task needs, how many tasks need a block, shoulders */

/* Blocks of a file are numbered block_first + by * blocks_x + bx. The blocks a task needs of a file
 * are the cells that wf_task_file_rect touches. A file with `redecode` set has no readers to count
 * and no shoulders: each task decodes what it needs for itself, and frees it when it is done. */
int64_t wf_ledger_readers(const WfPlan *plan, int64_t block); /* tasks that need it */

/* When only an edge of a block is still wanted after its early readers, that edge is kept as a
 * shoulder and the block is freed. False: the block has none. `late` is the part kept, in pixels of
 * the file; early_readers tasks come before it. */
typedef struct WfShoulder {
    int64_t early_readers;
    WfRect late;
    size_t bytes; /* reserved together with the block */
} WfShoulder;
bool wf_ledger_shoulder(const WfPlan *plan, int64_t block, WfShoulder *shoulder);
bool wf_ledger_is_early(const WfPlan *plan, int64_t block, int64_t task /* its place in tasks */);

/* Whether a block lies in the stock, outside the credit for blocks, and has no shoulder: from its
 * decoding on, as it remains when the plan has run; or from the start, left by an earlier plan. */
typedef enum WfStays { WF_STAYS_NOT, WF_STAYS_ON = 1, WF_STAYS_FROM = 2 } WfStays;
unsigned wf_ledger_stays(const WfPlan *plan, int64_t block);           /* any of these together */
int64_t wf_stock_slot(const WfPlanFile *file, int64_t bx, int64_t by); /* of a block of the span */

#endif
