/*
 * ranked.h - statistics of a few values of each pixel in order of size.
 */
#ifndef WF_RANKED_H
#define WF_RANKED_H

#include "pass/build.h"
#include "pass/stat.h"

enum { WF_RANKED_MAX = 64 }; /* values, where equal ones are counted */

typedef struct WfRanked {
    const WfBuild *build;
    WeftNode *cell; /* the values, the caller's; sorted from some point on */
    int count;
    bool skips; /* some may be invalid, and have no part in the result */
    bool wide;  /* a place between two ranks is found in f64 */
} WfRanked;

/* MEDIAN, PERCENTILE, MODE, MINORITY, VARIETY of the valid cells; invalid where none is
 * (VARIETY: 0). */
WeftNode wf_ranked_of(WfRanked *ranked, WfStat stat, double percent);

#endif
