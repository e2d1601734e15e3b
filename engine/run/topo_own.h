/*
 * topo_own.h - what a WfTopo holds; for the files that make and show it.
 */
#ifndef WF_TOPO_OWN_H
#define WF_TOPO_OWN_H

#include <hwloc.h>

#include "run/limits.h"
#include "run/topo.h"

/* A PU that we may use: candidate for a worker. */
typedef struct WfSeat {
    hwloc_obj_t pu;
    int node, core;
    int rank;  /* of the PU among the allowed ones of its core */
    int taken; /* workers that sit here */
} WfSeat;

typedef struct WfTopoNode {
    hwloc_obj_t object; /* NULL: CPUs without a NUMA node */
    bool own_cpus;      /* hwloc gives a node of memory the CPUs of its nearest node: not its own */
} WfTopoNode;

struct WfTopo {
    hwloc_topology_t hwloc;
    bool bind; /* binding means something: real, this very system */
    WfMachine machine;
    WfTopoNode *nodes;   /* beside machine.nodes */
    hwloc_obj_t *places; /* each worker's PU */
    WfSeat *seats;       /* ordered by node, core and rank */
    int seat_count;
    int threads; /* as asked for; 0 */
    int cores_present;
    WfLimits limits;
};

#endif
