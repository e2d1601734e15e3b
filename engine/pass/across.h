/*
 * across.h - statistics of each pixel across rasters, written as nodes.
 */
#ifndef WF_ACROSS_H
#define WF_ACROSS_H

#include "graph/graph.h"
#include "pass/stat.h"

typedef struct WfSeries {
    const WeftNode *inputs; /* inferred rasters of one grid */
    int count;
    WfStat stat;
    double percent;  /* of PERCENTILE, 0 to 100 */
    const double *x; /* of each raster, finite; for SLOPE, INTERCEPT, R, P */
    int ddof;        /* of VAR and STD: 0 or 1 */
} WfSeries;

/* Add the nodes of a statistic of the valid pixels; invalid where none is, save counts, which are
 * 0. How it is evaluated depends on the series and on the inputs' ranges alone. */
WeftNode wf_across_apply(WfGraph *graph, const WfSeries *series, WeftErr *err);

/* Add the nodes of the input whose number, from 1, the index has; else invalid. */
WeftNode wf_across_pick(WfGraph *graph, const WeftNode *inputs, int count, WeftNode index,
                        WeftErr *err);

/* Add the nodes of MEDOID or GEOMEDIAN of whole vectors of bands, of which those with an invalid
 * band are skipped. inputs: band after band, in each all rasters; results: one node for each band.
 */
bool wf_across_vectors(WfGraph *graph, const WeftNode *inputs, int count, int bands, WfStat stat,
                       WeftNode *results, WeftErr *err);

#endif
