/*
 * worker.h - pinned threads that are given the same work at the same time, and park between.
 */
#ifndef WF_WORKER_H
#define WF_WORKER_H

#include "run/run.h"

/* What each worker does of a piece of work; called once in every worker, with its number. */
typedef void WfWork(void *context, int worker);

/* Hand out work. Nothing else may be going on. */
void wf_workers_begin(WfWorkers *workers, WfWork *work, void *context);
/* True once all workers have returned from it; false after so many seconds. Negative: for ever. */
bool wf_workers_wait(WfWorkers *workers, double seconds);

const WfTopo *wf_workers_topo(const WfWorkers *workers);

/* Round to nearest, keep subnormals, raise nothing: for the calling thread. Libraries that are
 * loaded by a worker may have changed it. */
void wf_worker_float_mode(void);

double wf_worker_clock(void); /* seconds, monotonic */

#endif
