/*
 * topo.h - hwloc to WfMachine: the real machine as affinity, cpuset and CPU quota leave it, or a
 * pretended one; and binding threads and memory.
 */
#ifndef WF_TOPO_H
#define WF_TOPO_H

#include "base/text.h"
#include "plan/machine.h"

typedef struct WfTopo WfTopo;

/* pretend: an hwloc synthetic description ("numa:4 core:2 pu:1") or NULL. threads: 0, or how many
 * workers (spread over the nodes in proportion; may exceed the cores). A pretended machine has
 * fixed caches and distances. */
WfTopo *wf_topo_new(const char *pretend, int threads, WeftErr *err);
void wf_topo_free(WfTopo *topo);
const WfMachine *wf_topo_machine(const WfTopo *topo);

/* Pin the calling thread to the worker's PU. Does nothing on a pretended machine. */
bool wf_topo_pin(const WfTopo *topo, int worker);
/* Fresh page-aligned memory bound to a node (strictly, so that it does not migrate); zeroed. */
void *wf_topo_alloc(const WfTopo *topo, int node, size_t bytes);
void wf_topo_release(const WfTopo *topo, void *memory, size_t bytes);

/* The machine in words: nodes, cores, caches, where workers go, what limits them. */
void wf_topo_show(const WfTopo *topo, WfText *text);

#endif
