/*
 * machine.h - a machine as plain numbers: NUMA nodes, workers, caches, memory, distances.
 */
#ifndef WF_MACHINE_H
#define WF_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

enum { WF_NODES_MAX = 256 };

typedef struct WfMachineNode {
    int os;           /* the system's number; -1: CPUs without a NUMA node */
    int64_t memory;   /* bytes; 0 unknown */
    int worker_count; /* workers that belong to it */
} WfMachineNode;

typedef struct WfMachineWorker {
    int cpu;  /* the system's number of the PU it is pinned to; -1: not pinned */
    int node; /* index into nodes */
    int core; /* logical number of its core */
} WfMachineWorker;

typedef struct WfMachine {
    int node_count; /* nodes that have workers or memory we may use; at least 1 */
    WfMachineNode *nodes;
    int worker_count; /* one per allowed core, cut to the CPU quota or --threads; at least 1 */
    WfMachineWorker *workers;   /* ordered by node */
    float *distances;           /* [a * node_count + b], 10 is near; never NULL */
    int64_t l1, l2, l3;         /* bytes of one data cache of each level; 0 unknown */
    int l2_sharers, l3_sharers; /* workers that share one */
    int64_t memory;             /* bytes that a run may use by default (half of what is allowed) */
    bool pretended;             /* from --machine: binding does nothing */
    int cores_allowed;          /* by affinity and cpuset */
    double quota;               /* CPUs by the cgroup's quota; 0: none */
} WfMachine;

#endif
