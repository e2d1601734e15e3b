/*
 * rowwise.h - a kernel that is one native function on rows (WEFT_ROWS), the same in both engines.
 */
#ifndef WF_ROWWISE_H
#define WF_ROWWISE_H

#include "plan/plan.h"

/* The kernel's rings are those of ROWS nodes. */
bool wf_rowwise_is(const WfPlan *plan, int kernel);

/* What wf_rowwise_run needs to know of one kernel: its frame's closure. */
typedef struct WfRowwise WfRowwise;
WfRowwise *wf_rowwise_new(const WfPlan *plan, int kernel, WeftErr *err);
void wf_rowwise_free(WfRowwise *rowwise); /* takes NULL */

WfKernelFn wf_rowwise_run;

#endif
