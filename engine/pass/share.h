/*
 * share.h - which nodes are equal.
 */
#ifndef WF_SHARE_H
#define WF_SHARE_H

#include "graph/graph.h"

/* For each node the number of the oldest one that gives the same pixels; itself where there is
 * none. Equal inputs count as one. */
bool wf_share_numbers(const WfGraph *graph, WeftNode *numbers, WeftErr *err);

#endif
