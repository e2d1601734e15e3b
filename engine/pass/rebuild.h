/*
 * rebuild.h - writing a graph anew, node by node, so that inputs stay older than their users.
 */
#ifndef WF_REBUILD_H
#define WF_REBUILD_H

#include "graph/graph.h"

/* While it lasts graph->nodes holds the new nodes, and old the former ones. Set map[i] for each old
 * node to what stands for it now, or to WEFT_NONE if no node that is kept reads it. */
typedef struct WfRebuild {
    WfGraph *graph;
    WfNode *old;
    int old_count, old_room;
    WeftNode *map;
    WfPlaceOf place;
    bool changed;
} WfRebuild;

bool wf_rebuild_start(WfRebuild *r, WfGraph *graph, WeftErr *err);
/* The old node with its inputs as they are now and its own description; map is set. */
WeftNode wf_rebuild_keep(WfRebuild *r, WeftNode old, WeftErr *err);
/* A copy of a node with other inputs; it keeps its description. New nodes take its place. */
WeftNode wf_rebuild_copy(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err);
/* Done: roots are renumbered. Not done: the former nodes are back. Gives done. */
bool wf_rebuild_end(WfRebuild *r, WeftNode *roots, int root_count, bool done);

#endif
