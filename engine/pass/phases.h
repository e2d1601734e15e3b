/*
 * phases.h - what must wait for what: phases that run one after another.
 *
 * A reduction is known when all pixels of its inputs have been seen, and seen again for each
 * further pass; a cell of it can enter pixels in the next phase only. So can a raster that is read
 * whole: it is kept.
 */
#ifndef WF_PHASES_H
#define WF_PHASES_H

#include "graph/graph.h"

/* A reduction that is wanted, and the phases it takes. */
typedef struct WfReducing {
    WeftNode node;
    int first, passes;     /* it takes rows in phases first ... first + passes - 1 */
    WeftReduceSetup setup; /* of pass 0; numbers that are not known yet are NaN */
    double *numbers;       /* setup.numbers */
} WfReducing;

/* A raster that is kept in one phase, and read from where it is kept in later ones. */
typedef struct WfKeeping {
    WeftNode node; /* that is kept */
    int source;    /* in the graph: what reads it */
} WfKeeping;

typedef struct WfPhasing {
    int count;             /* of phases */
    int *depth;            /* of each node: the phase in which it can first be computed, or taken */
    WfReducing *reducings; /* in the order of their nodes */
    int reducing_count;
    WfKeeping *keepings;
    int keeping_count;
} WfPhasing;

/* Divide a graph that the passes have been run on; loads of what is kept lose the inputs that they
 * wait for. Arrays lie in the graph's arena. */
bool wf_phases_find(WfGraph *graph, WfPhasing *phasing, WeftErr *err);

#endif
