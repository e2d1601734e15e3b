/*
 * linear.h - sums of weighted cells.
 */
#ifndef WF_LINEAR_H
#define WF_LINEAR_H

#include "pass/around.h"

/* Sum of weight times worth over the window. */
WeftNode wf_linear_sum(const WfAround *around, WfWorth worth);
/* The same of values, with those that fill_center fills. */
WeftNode wf_linear_filled(const WfAround *around);
bool wf_linear_even(const WfAround *around);     /* all weights but 0 are the same */
double wf_linear_weight(const WfAround *around); /* their sum */
/* Whether the weights can be evaluated; the error says why not. */
bool wf_linear_check(const WfFocal *focal, WeftErr *err);

#endif
