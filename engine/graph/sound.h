/*
 * sound.h - whether a graph is sound: for tests and assertions.
 */
#ifndef WF_SOUND_H
#define WF_SOUND_H

#include "graph/graph.h"

/* Inputs are older than users, counts agree with operators, sources and tables are there. */
bool wf_graph_sound(const WfGraph *graph, WeftErr *err);

#endif
