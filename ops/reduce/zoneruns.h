/*
 * zoneruns.h - the pixels of zones with their weights, from a raster of zones or from spans.
 *
 * A weight is a whole number of units, so that its sums are exact and decide alike in any order. A
 * whole pixel has 2^16 * 3 * 5^4 * 17 units: halves, hundredths times hundredths and 255ths are
 * whole numbers, others are rounded to less than 1e-9 of a pixel, and none to 0. In rasters so
 * large that the weight of all pixels would exceed 2^63 units have twice the size, or four times
 * and so on. Where all weights are 1, a pixel is one unit.
 */
#ifndef WEFT_ZONERUNS_H
#define WEFT_ZONERUNS_H

#include "spans.h"

/* Of an operator with the inputs zone and value, or with the input value and spans. */
typedef struct WfZoneRuns {
    const bool *wide; /* of its inputs */
    bool by_spans;
    WfSpanTable spans;
    uint64_t unit; /* units of a whole pixel */
} WfZoneRuns;

WfZoneRuns wf_zone_runs(const WeftReduceSetup *setup);
int wf_zone_runs_value(const WeftReduceSetup *setup); /* the input that is the value */
/* The most zones there can be, and pixels of all of them together. */
int64_t wf_zone_runs_zones(const WeftReduceSetup *setup);
int64_t wf_zone_runs_pixels(const WeftReduceSetup *setup);

/* Neighbouring pixels of one zone, with one weight; x: their values, NaN where invalid. */
typedef struct WfZoneRun {
    double zone;
    const double *x;
    int count;
    uint64_t weight; /* at least 1 */
} WfZoneRun;
typedef bool WfZoneTake(void *state, const WfZoneRun *run);

/* All runs in some rows. False: take was. */
bool wf_zone_runs_walk(const WfZoneRuns *runs, const WeftReduceRows *rows, WfZoneTake *take,
                       void *state);

#endif
