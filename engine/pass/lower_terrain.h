/*
 * lower_terrain.h - terrain operators written in terms of others.
 */
#ifndef WF_LOWER_TERRAIN_H
#define WF_LOWER_TERRAIN_H

#include "graph/graph.h"

/* slope, aspect, hillshade, tri, tpi, roughness, curvature. Gives what stands for the node;
 * WEFT_NONE with err set. */
WeftNode wf_lower_terrain(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err);

#endif
