/*
 * sliding.h - statistics of windows of any size, as one native function on rows each.
 */
#ifndef WF_SLIDING_H
#define WF_SLIDING_H

#include "pass/around.h"

/* MEDIAN, PERCENTILE, MODE, MINORITY, VARIETY, FIRST, LAST, ARGMIN, ARGMAX, with all rules for
 * cells outside and invalid ones: nothing is left for wf_around_finish. */
WeftNode wf_sliding_stat(const WfAround *around);

#endif
