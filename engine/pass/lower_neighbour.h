/*
 * lower_neighbour.h - the operator neighbour, made fit for a loop.
 */
#ifndef WF_LOWER_NEIGHBOUR_H
#define WF_LOWER_NEIGHBOUR_H

#include "graph/graph.h"

/* A neighbour of a number is the number. WEFT_NONE without err: it stays. */
WeftNode wf_lower_neighbour(WfGraph *graph, const WfNode *node, const WeftNode *inputs,
                            WeftErr *err);

#endif
