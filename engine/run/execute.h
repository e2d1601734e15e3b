/*
 * execute.h - one tile: its kernels turn by turn, its outputs to the sinks and reductions.
 */
#ifndef WF_EXECUTE_H
#define WF_EXECUTE_H

#include "io/sink.h"
#include "run/desk.h"
#include "run/queue.h"
#include "run/states.h"

typedef struct WfTileJob {
    const WfPlan *plan;
    const WfCompiled *compiled; /* of each kernel */
    WfSinks *sinks;
    WfStates *states;
    const double *scalars;
    const WfQueue *queue; /* asked at each turn whether the run is cancelled */
} WfTileJob;

/* Compute and write a tile that has begun. False: err, and where it belongs. */
bool wf_tile_run(const WfTileJob *job, const WfTile *tile, WfDesk *desk, WfErrRank *rank,
                 WeftErr *err);

#endif
