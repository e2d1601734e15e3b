/*
 * apply.h - an operator with its inputs and arguments, checked, to a node.
 */
#ifndef WF_APPLY_H
#define WF_APPLY_H

#include "graph/graph.h"

/* Checks the number of inputs, names and values of arguments (missing, unknown, twice, not a
 * choice, out of range), fills in fallbacks and the parameter "ieee", makes constants of numbers,
 * and adds the node. An operator with `logic` becomes that one where all value inputs are bool.
 * Inputs must be inferred. Grids and types, also of the new nodes, are pass/infer's. A refusal
 * leaves the graph as it was; its error names the graph's place and the operator. */
WeftNode wf_apply(WfGraph *graph, const WeftOp *op, const WeftNode *inputs, int input_count,
                  const WeftArg *args, int arg_count, WeftErr *err);

#endif
