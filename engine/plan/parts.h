/*
 * parts.h - the files that build a plan, in order. Only plan.c calls these.
 */
#ifndef WF_PARTS_H
#define WF_PARTS_H

#include "plan/plan.h"

bool wf_fuse(WfPlan *plan, WeftErr *err);   /* writes files, inputs, outputs, kernels, stages */
bool wf_tile(WfPlan *plan, int scale, WeftErr *err); /* writes each stage's tile shape, step, bytes; scale 0 is the chosen size, each further one smaller; false without err: no smaller one */
bool wf_ledger(WfPlan *plan, WeftErr *err); /* writes tasks' blocks, shoulders, counts; needs place */
bool wf_place(WfPlan *plan, WeftErr *err);  /* writes tasks: order and nodes; needs tile */
bool wf_budget(WfPlan *plan, WeftErr *err); /* writes memory, redecode, active_workers; needs ledger */

#endif
