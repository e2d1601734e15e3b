/*
 * conductor.h - what the conductor's files share: a public graph and engine, opened up.
 *
 * weft_graph.c builds (graph, infer, stores), weft.c runs (passes, plan, code, run, sinks),
 * weft_show.c tells.
 */
#ifndef WF_CONDUCTOR_H
#define WF_CONDUCTOR_H

#include <stdatomic.h>

#include "code/code.h"
#include "graph/graph.h"
#include "io/sink.h"
#include "io/store.h"
#include "pass/settle.h"
#include "plan/plan.h"
#include "run/run.h"

/* A file as a script opened it: the public description first, so that its address is the file's. */
typedef struct WfOpened {
    WeftFile file;
    int store;
    WeftOpen options;
    WeftNode *bands; /* made already, or WEFT_NONE */
} WfOpened;

struct WeftGraph {
    WfGraph *nodes;
    WfStores *stores;
    WfOpened **opened;
    int opened_count, opened_room;
    WeftWarn *warn;
    void *warn_context;
};

struct WeftEngine {
    WeftConfig config; /* strings are owned */
    WfTopo *topo;
    WfWorkers *workers;
    atomic_bool cancel;
};

/* A request on its way to a plan: a private copy of the graph with what is stored for each save. */
typedef struct WfRequest {
    WfGraph *graph;
    WeftNode *roots; /* one for each target */
    WfTarget *targets;
    int target_count;
    WfSinkFile *files; /* one for each save */
    WfStorage *storages;
    int file_count, read_count;
} WfRequest;

/* Copy, settle and check sinks; runs no pass. Sinks are numbered saves first, then reads. */
bool wf_request_open(WfRequest *request, WeftGraph *graph, const WeftSave *saves, int save_count,
                     const WeftRead *reads, int read_count, WeftErr *err);
void wf_request_close(WfRequest *request);

const WfMachine *wf_engine_machine(WeftEngine *engine, WeftErr *err);
WfPlan *wf_request_plan(WfRequest *request, WeftEngine *engine, WeftErr *err);

#endif
