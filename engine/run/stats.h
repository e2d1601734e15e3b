/*
 * stats.h - what workers did, each in a tally of its own, and all together as WeftStats.
 */
#ifndef WF_STATS_H
#define WF_STATS_H

#include "plan/plan.h"

/* One worker's counts; no one else touches them while it works. */
typedef struct WfTally {
    int worker;
    double decode, compute, write, wait; /* seconds */
    int64_t tiles, stolen_near, stolen_far;
    int64_t blocks; /* decoded */
    int64_t bytes_read, bytes_written;
    int64_t bytes_near, bytes_far; /* of decoded pixels, by where the block lies */
    int64_t *pixels;               /* of each kernel */
    int64_t *plain;                /* of these, those that its plain form made */
    double *seconds;
    WfWatch **watches; /* [kernel][watch] */
} WfTally;

WfTally *wf_tally_new(const WfPlan *plan, int worker, WeftErr *err);
void wf_tally_free(WfTally *tally); /* takes NULL */

/* Set watches[kernel][watch] to the sums of counts and the first places. NULLs of tallies are
 * workers that took no part. */
void wf_stats_watches(const WfPlan *plan, WfTally *const *tallies, int count,
                      WfWatch *const *watches);
/* Add to stats, zeroed before the first time: all but outputs, reference, plan and compile seconds,
 * seconds, predicted and peak memory. Stages are numbered on from those there are. The caller frees
 * them whether this fails or not. */
bool wf_stats_fill(WeftStats *stats, const WfPlan *plan, WfTally *const *tallies, int count,
                   WeftErr *err);

#endif
