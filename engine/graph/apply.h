/*
 * apply.h - an operator with its inputs and arguments, checked, to a node.
 */
#ifndef WF_APPLY_H
#define WF_APPLY_H

#include "graph/graph.h"

/* Checks the number of inputs, names and values of arguments (missing, unknown, twice, not a
 * choice, out of range), fills in fallbacks and the parameter "ieee", makes constants of numbers,
 * and adds the node. Grids and types are pass/infer's. `where` shows in messages. */
WeftNode wf_apply(WfGraph *graph, const WeftOp *op, const WeftNode *inputs, int input_count,
                  const WeftArg *args, int arg_count, WeftErr *err);

#endif
