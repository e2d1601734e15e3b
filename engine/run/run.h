/*
 * run.h - tiles to workers: decode, compute, write; the first error stops what comes after it.
 */
#ifndef WF_RUN_H
#define WF_RUN_H

#include <stdatomic.h>

#include "io/sink.h"
#include "io/store.h"
#include "plan/plan.h"
#include "run/states.h"
#include "run/stock.h"
#include "run/topo.h"

/* Pinned worker threads, each with scratch on its own node. Started once, parked between runs. */
typedef struct WfWorkers WfWorkers;
WfWorkers *wf_workers_new(const WfTopo *topo, WeftErr *err);
void wf_workers_free(WfWorkers *workers); /* ends the threads; takes NULL */

typedef struct WfJob {
    const WfPlan *plan;
    WfStores *stores;      /* hands: one for each worker of the machine */
    WfSinks *sinks;        /* targets[i].sink is a number in it */
    const double *scalars; /* of plan->scalars; or NULL */
    WfStates *states;      /* of the plan's reductions; merged when the run has ended well */
    WfStock *stock;        /* NULL where no block stays */
    /* Called by one worker while the others already decode; fills compiled[0 ... kernel_count). */
    bool (*prepare)(void *context, WfCompiled *compiled, WeftErr *err);
    void *prepare_context;
    const atomic_bool *cancel;
    bool steal;
    void (*progress)(void *context, const WeftProgress *progress); /* from one thread; or NULL */
    void *progress_context;
    /* The job may be one of several of a run that is told of as one. */
    int64_t pixels_before, pixels_after; /* of the other jobs' stages */
    double seconds_before;
} WfJob;

/* Runs all tasks. Adds to stats (arrays allocated here) all but outputs' names and types: counts
 * only in watches[kernel][w], whose arrays the caller gives. False: err is that of the smallest
 * (stage, output, row, column); WEFT_ECANCEL where cancelled. */
bool wf_run(WfWorkers *workers, const WfJob *job, WfWatch *const *watches, WeftStats *stats,
            WeftErr *err);

#endif
