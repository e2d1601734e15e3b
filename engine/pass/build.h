/*
 * build.h - expressions of nodes, written as nested calls.
 */
#ifndef WF_BUILD_H
#define WF_BUILD_H

#include "graph/graph.h"

/* What all calls of one expression have in common. Each gives an inferred node; WEFT_NONE in gives
 * WEFT_NONE out, so only the last of nested calls has to be looked at. */
typedef struct WfBuild {
    WfGraph *graph;
    WeftErr *err;
} WfBuild;

WeftNode wf_build_1(const WfBuild *build, const char *op, WeftNode a);
WeftNode wf_build_2(const WfBuild *build, const char *op, WeftNode a, WeftNode b);
WeftNode wf_build_3(const WfBuild *build, const char *op, WeftNode a, WeftNode b, WeftNode c);
/* The value where the input is valid, 0 elsewhere: a term of a sum over the valid ones, in which an
 * infinity less an infinity stays invalid. */
WeftNode wf_build_term(const WfBuild *build, WeftNode input, WeftNode value);
/* A number without a grid, an integer where it is whole. */
WeftNode wf_build_number(const WfBuild *build, double value);
/* The node's pixel at an offset; edges is a choice of the operator neighbour. */
WeftNode wf_build_neighbour(const WfBuild *build, WeftNode node, int dcol, int drow,
                            const char *edges, double constant);

#endif
