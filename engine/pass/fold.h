/*
 * fold.h - folding of a single node, for passes that make nodes after wf_pass_fold.
 */
#ifndef WF_FOLD_H
#define WF_FOLD_H

#include "graph/graph.h"

/* Simplify the newest node by the rules that hold for every value: *node becomes what stands for
 * it, or stays. */
bool wf_fold_simplify(WfGraph *graph, WeftNode *node, WeftErr *err);

#endif
