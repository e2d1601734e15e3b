/*
 * native.h - an operator's native function on one pixel: what folding and the reference call.
 */
#ifndef WF_NATIVE_H
#define WF_NATIVE_H

#include "graph/graph.h"

/* kernel on count arguments in its order, converted to its pixel type; wide: the f64 form. */
double wf_native_call(WeftKernel kernel, bool wide, const double *args, int count);
/* The same for an INDEX operator, whose kernel is given the pixel's place first. */
double wf_native_call_at(WeftKernel kernel, bool wide, int64_t col, int64_t row, const double *args,
                         int count);
/* The same for an operator with a TABLE. */
double wf_native_call_table(WeftKernel kernel, bool wide, const WfTable *table, const double *args,
                            int count);
/* A node's operator on the values of its inputs (in order; settings are the node's), with the
 * invalid rule applied and the result rounded to the type the node is held in. */
double wf_native_node(const WfNode *node, const double *inputs, int64_t col, int64_t row);
/* The operator's watch on the same: true where the pixel counts. */
bool wf_native_watch(const WfNode *node, const double *inputs);

#endif
