/*
 * sight.h - what nodes read beyond their own pixel: neighbours, and functions on rows.
 */
#ifndef WF_SIGHT_H
#define WF_SIGHT_H

#include "graph/graph.h"

/* The window of a node's i-th value input. Of a neighbour it reaches to one side, or two. */
WeftWindow wf_window_of(const WfNode *node, int i);
void wf_window_set_edges(WfNode *node, int i, int edges);
/* Settings that are parameters of the operator: without windows and table. */
int wf_window_settings(const WfNode *node);
/* The table of a ROWS node. */
const double *wf_window_table(const WfNode *node, int *count);

/* Which of its operator's results a ROWS node is, and whether one call makes both nodes. */
int wf_window_result(const WfNode *node);
bool wf_window_together(const WfNode *a, const WfNode *b);

/* Add a node of an operator of shape ROWS: its parameters in order, a window for each input, and a
 * table as the operator wants it, all copied. Not inferred yet. */
WeftNode wf_window_add(WfGraph *graph, const WeftOp *op, const WeftNode *inputs, int input_count,
                       const double *params, const WeftWindow *windows, const double *table,
                       int table_count, WeftErr *err);

/* A turn of a ROWS node as its function is told of it: all but rows, places and scratch. windows:
 * room for one for each input. */
WeftRows wf_window_turn(const WfNode *node, WeftWindow *windows);
/* Bytes of scratch for turns of so many rows of so many pixels: the function's own, then rows of
 * the results, if they are held otherwise than it makes them. */
size_t wf_window_room(const WfNode *node, int results, int64_t rows, int64_t width);
size_t wf_window_own_room(const WfNode *node, int64_t rows, int64_t width);

#endif
