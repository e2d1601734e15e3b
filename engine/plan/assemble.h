/*
 * assemble.h - nodes to kernels: what fuse.c tells assemble.c of a class of targets, and what that
 * makes of it. Only they include this.
 */
#ifndef WF_ASSEMBLE_H
#define WF_ASSEMBLE_H

#include "graph/sight.h"
#include "plan/parts.h"

/* The class at hand is all targets of one grid and one window. */
typedef struct WfFuse {
    WfPlan *plan;
    WfArena *arena; /* of all arrays here */
    bool *wanted;   /* nodes marked last: none outside low ... high */
    WeftNode low, high;
    bool *ringed;       /* nodes of the class that are read through a ring */
    bool *beyond;       /* and those whose values are wanted beyond the raster */
    int *rank;          /* how many rings lie one behind another below a node (cut.c) */
    int *part;          /* of a loop that is cut: from 1; 0: of none */
    int part_count;     /* in the class */
    int *ring;          /* of a ringed node: its ring in plan->rings, once that is made */
    int *file;          /* of a source: its file in plan->files, or -1 */
    int *watcher;       /* of a watched node: 1 + the last stage with a kernel that watches it */
    WfPlanInput *reads; /* by wf_fuse_reads */
    int read_count, read_room;
    int kernel_room, ring_room, input_room, table_room; /* of the plan's arrays */
} WfFuse;

/* A neighbour, or a function on rows: it reads its inputs at other pixels than its own. */
static inline bool wf_fuse_has_window(const WfNode *node)
{
    return node->op->shape == WEFT_FOCAL || node->op->shape == WEFT_ROWS;
}

/* Whether a kernel may read the rows of input i of such a node without a ring. */
bool wf_fuse_direct(const WfGraph *graph, WeftNode node, int i);

/* The plan's file of a source. */
int wf_fuse_file(WfFuse *f, int source);

/* What one kernel is to make: those targets, or the rings of those nodes, but not both. */
typedef struct WfEnds {
    const int *targets;
    int target_count;
    const WeftNode *rings;
    int ring_count;
} WfEnds;

/* Mark the nodes of one kernel, down to what it reads. Gives their number. */
int wf_fuse_mark(WfFuse *f, const WfEnds *ends);

/* A kernel of these ends reads the node's value from the ring that another one fills. */
bool wf_fuse_handed_over(const WfFuse *f, WeftNode node, const WfEnds *ends);

/* List what a kernel of the nodes marked reads, in f->reads. Gives the number, -1 with err set. */
int wf_fuse_reads(WfFuse *f, const WfEnds *ends, WeftErr *err);

/* Add a kernel to the newest stage, and the rings that it fills. */
bool wf_fuse_kernel(WfFuse *f, const WfEnds *ends, WeftErr *err);

#endif
