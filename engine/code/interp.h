/*
 * interp.h - a kernel pixel by pixel through the native operators: the oracle.
 */
#ifndef WF_INTERP_H
#define WF_INTERP_H

#include "plan/plan.h"

/* What wf_interp_run needs to know of one kernel: its frame's closure. */
typedef struct WfInterp WfInterp;
WfInterp *wf_interp_new(const WfPlan *plan, int kernel, WeftErr *err);
void wf_interp_free(WfInterp *interp); /* takes NULL */

WfKernelFn wf_interp_run;

#endif
