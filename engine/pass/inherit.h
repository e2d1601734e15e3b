/*
 * inherit.h - what a node has of the files that its values are from: nodata value, meaning.
 */
#ifndef WF_INHERIT_H
#define WF_INHERIT_H

#include "graph/graph.h"

/* Set origin and meaning of an inferred node, from its inputs where the operator gives values of
 * these. */
void wf_inherit(WfGraph *graph, WeftNode node);

/* A node made of others gives values of these rasters, whatever its operators are (a mode that is a
 * network of comparisons). between: or values that lie between two of them. */
void wf_inherit_values(WfGraph *graph, WeftNode node, const WeftNode *from, int count,
                       bool between);

#endif
