/*
 * conductor.h - what the conductor's files share: a public graph and engine, opened up.
 *
 * weft_graph.c, weft_open.c and weft_focal.c build (graph, infer, stores), weft_units.c warns of
 * units, weft_engine.c has the machine, weft_request.c takes what is asked for, weft_phases.c plans
 * it, weft_run.c runs it, weft_verdict.c judges what was counted, weft_show.c tells.
 */
#ifndef WF_CONDUCTOR_H
#define WF_CONDUCTOR_H

#include <stdatomic.h>

#include "code/code.h"
#include "graph/graph.h"
#include "io/sink.h"
#include "io/store.h"
#include "pass/phases.h"
#include "pass/settle.h"
#include "plan/stay.h"
#include "run/aside.h"
#include "run/run.h"

/* A file as a script opened it: the public description first, so that its address is the file's. */
typedef struct WfOpened {
    WeftFile file;
    int store;
    WeftOpen options;
    WeftNode *bands; /* made already, or WEFT_NONE */
} WfOpened;

/* A unit of heights that was warned of, on grids of that CRS; both texts are the graph's. */
typedef struct WfTold {
    const char *unit, *crs;
} WfTold;

struct WeftGraph {
    WfGraph *nodes;
    WfStores *stores;
    WfOpened **opened;
    int opened_count, opened_room;
    WfTold *told;
    int told_count, told_room;
    WeftWarn *warn;
    void *warn_context;
};

struct WeftEngine {
    WeftConfig config; /* strings are owned */
    WfAside *finding;  /* the topology, which takes a few ms; wf_engine_machine waits for it */
    WfTopo *topo;
    WeftErr topo_err; /* where there is none */
    WfWorkers *workers;
    atomic_bool cancel;
};

/* What runs together: all that is wanted at one depth of the graph. */
typedef struct WfPhase {
    WfTarget *targets;
    int target_count;
    WfReduction *reductions;
    WeftReduceSetup *setups; /* of each reduction */
    int *numbers;            /* of each reduction in the phasing */
    int reduction_count;
    WfPlan *plan;
    double *scalars;  /* of the plan's scalars, when it runs */
    WfStates *states; /* when it runs, until the next phase has run */
} WfPhase;

/* A request on its way to files: a private copy of the graph with what is stored for each save. */
typedef struct WfRequest {
    WfGraph *graph;
    WeftNode *roots; /* one for each target, then one for each ask */
    WfTarget *targets;
    int target_count;
    WfSinkFile *files; /* one for each save */
    WfStorage *storages;
    int file_count, read_count, ask_count;
    int64_t table_bytes; /* of reductions, in the script's graph, which outlives the run */
    WfPhasing phasing;
    WfKept **kept; /* one for each keeping of the phasing; as sinks they follow the reads */
    WfPhase *phases;
    int phase_count;
    WfStay stay;       /* what remains of their files from one to another */
    WeftTable *tables; /* one for each reduction of the phasing, once it is made */
} WfRequest;

/* Warn where an operator that takes a zunit is not given one, and the unit of its first input is no
 * length, or not the CRS's. */
void wf_units_tell(WeftGraph *graph, const WeftOp *op, WeftNode input, const WeftArg *args,
                   int arg_count);

/* Copy, settle and check sinks; runs no pass. Sinks are numbered saves first, then reads. */
bool wf_request_open(WfRequest *request, WeftGraph *graph, const WeftWork *work, WeftErr *err);
void wf_request_close(WfRequest *request);

/* Describe a node just added; one that is refused leaves the graph as it was. */
WeftNode wf_described(WeftGraph *graph, WeftNode node, WeftErr *err);
/* An operator, hidden ones too, on nodes. */
WeftNode wf_applied(WeftGraph *graph, const char *op, const WeftNode *inputs, int input_count,
                    const WeftArg *args, int arg_count, WeftErr *err);
/* The node, whose values are in that unit. Passes WEFT_NONE on. */
WeftNode wf_measured(WeftGraph *graph, WeftNode node, const char *unit, WeftErr *err);

const WfMachine *wf_engine_machine(WeftEngine *engine, WeftErr *err);

/* Run the passes, divide the work into phases and plan each. */
bool wf_phases_plan(WfRequest *request, WeftEngine *engine, WfStores *stores, WeftErr *err);
void wf_phases_free(WfRequest *request);

/* What the watches of a phase counted, for the outputs in it, and whether the script allows it. */
bool wf_verdict_outputs(const WfRequest *request, WeftStats *stats, WeftErr *err);
bool wf_verdict(const WfRequest *request, const WfPlan *plan, WfWatch *const *watches,
                WeftStats *stats, WeftErr *err);

#endif
