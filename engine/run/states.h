/*
 * states.h - states of reductions: one for each worker and reduction, merged at the end.
 */
#ifndef WF_STATES_H
#define WF_STATES_H

#include "plan/plan.h"

typedef struct WfStates WfStates;

/* For the reductions of a plan; their setups, with all numbers, must live as long. No state is
 * opened yet. All states together may hold what the plan grants them. */
WfStates *wf_states_new(const WfPlan *plan, WeftErr *err);
void wf_states_free(WfStates *states); /* takes NULL */

/* Let a worker's state take rows; only that worker's thread calls this for it. An error names the
 * reduction and what there was room for. */
bool wf_states_take(WfStates *states, int worker, int reduction, const WeftReduceRows *rows,
                    WeftErr *err);

/* After the last rows: one state is left of each reduction. Takes NULL. */
bool wf_states_merge(WfStates *states, WeftErr *err);
void *wf_states_merged(const WfStates *states, int reduction);
void wf_states_close(WfStates *states, int reduction); /* the merged one */
/* The table of a merged state; the caller frees it. */
bool wf_states_table(const WfStates *states, int reduction, WeftTable *table, WeftErr *err);

int64_t wf_states_bytes(const WfStates *states); /* held now; takes NULL */
int64_t wf_states_peak(const WfStates *states);  /* the most that this was; takes NULL */

#endif
