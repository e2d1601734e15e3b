/*
 * lower_table.h - reclass and interpolate as lookups in tables made for their pixels.
 */
#ifndef WF_LOWER_TABLE_H
#define WF_LOWER_TABLE_H

#include "graph/graph.h"

WeftNode wf_lower_reclass(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err);
WeftNode wf_lower_interpolate(WfGraph *graph, const WfNode *node, const WeftNode *inputs,
                              WeftErr *err);

#endif
