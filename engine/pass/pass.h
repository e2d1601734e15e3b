/*
 * pass.h - the passes over a graph, in order; each can be shown.
 *
 *   infer   grid, pixel type and range of each node; all type and grid errors are born here
 *   lower   operators written in terms of others (nmean, nmedian, chains of min)
 *   wrap    what is read beyond the raster by edges that wrap
 *   fold    constants, and algebra that is exact in floating point
 *   share   equal nodes become one
 *   trim    nodes nobody reads disappear
 *
 * Needs: a sound graph. Each keeps it sound and inferred. Roots are renumbered in place.
 */
#ifndef WF_PASS_H
#define WF_PASS_H

#include "base/text.h"
#include "graph/graph.h"

/* Run all passes. With `text`, the graph is shown after each pass that changed it. */
bool wf_pass_run(WfGraph *graph, WeftNode *roots, int root_count, WfText *text, WeftErr *err);

/* Describe one node from its inputs; the error names the operator and the node's place. */
bool wf_infer_node(WfGraph *graph, WeftNode node, WeftErr *err);

/* The unit of values that come from these nodes: that of all which have one, as the
 * first writes it, or "". */
const char *wf_infer_unit(const WfGraph *graph, const WeftNode *inputs, int count);

/* Add a node by the operator's name, and describe it and the constants made for its arguments. A
 * refusal leaves the graph as it was. */
WeftNode wf_infer_apply(WfGraph *graph, const char *op, const WeftNode *inputs, int input_count,
                        const WeftArg *args, int arg_count, WeftErr *err);
/* A constant that is a number, an integer or, where boolean, false or true. */
WeftNode wf_infer_constant(WfGraph *graph, double value, bool integer, bool boolean,
                           const WeftGrid *grid, WeftErr *err);

/* Add to a graph that is through all passes what its nodes are where nothing that they read is odd:
 * graph->plain. Nothing may be changed after that. A graph without windows has none. */
bool wf_plain(WfGraph *graph, WeftErr *err);

bool wf_pass_infer(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err);
bool wf_pass_lower(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err);
bool wf_pass_wrap(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err);
bool wf_pass_fold(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err);
bool wf_pass_share(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err);
bool wf_pass_trim(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err);

#endif
