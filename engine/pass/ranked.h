/*
 * ranked.h - statistics of a window's cells in order of size.
 */
#ifndef WF_RANKED_H
#define WF_RANKED_H

#include "pass/around.h"

/* MEDIAN, PERCENTILE, MODE, MINORITY, VARIETY of up to WF_FOCAL_SORTED cells, where valid ones
 * decide; invalid where none is (VARIETY: 0). */
WeftNode wf_ranked_stat(const WfAround *around);

#endif
