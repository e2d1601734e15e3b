/*
 * trend.h - the least-squares line of each pixel across rasters, written as nodes.
 */
#ifndef WF_TREND_H
#define WF_TREND_H

#include "pass/build.h"
#include "pass/across.h"

/* SLOPE, INTERCEPT, R or P of y over x where y is valid; count is how many are. In f64. Invalid
 * where the x of valid pixels do not differ. */
WeftNode wf_trend_of(const WfBuild *build, const WfSeries *series, WeftNode count);

#endif
