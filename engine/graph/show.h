/*
 * show.h - a graph as text, one node a line, or for Graphviz.
 *
 *   %0 = load "nir.tif" band 1        u16  [0, 65535]            300 x 200
 *   %2 = sub %0, %1                   i32  [-65535, 65535]       ndvi.lua:4
 */
#ifndef WF_SHOW_H
#define WF_SHOW_H

#include "base/text.h"
#include "graph/graph.h"

void wf_graph_show(const WfGraph *graph, const WeftNode *roots, int root_count, WfText *text);
void wf_graph_dot(const WfGraph *graph, const WeftNode *roots, int root_count, WfText *text);

#endif
