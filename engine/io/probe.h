/*
 * probe.h - a small raster with values that an output's bands may have, and its like once read
 * back.
 */
#ifndef WF_PROBE_H
#define WF_PROBE_H

#include <gdal.h>

#include "io/sink_file.h"

typedef struct WfProbe {
    const WfSinkFile *file;
    int width, height;
    double *values; /* [band][row][col]; NaN where invalid */
} WfProbe;

bool wf_probe_new(WfProbe *probe, const WfSinkFile *file, WeftErr *err);
void wf_probe_free(WfProbe *probe);

/* Into a dataset of that size: pixels with their sentinel, nodata values, mask. */
bool wf_probe_write(const WfProbe *probe, GDALDatasetH data);

/* What was read back: `valid`, every pixel is again what it was of the two; `same`, valid ones have
 * their values, or wrote and found are those of one that has not. False: it cannot be read. */
typedef struct WfProbed {
    bool valid, same;
    double wrote, found;
} WfProbed;
bool wf_probe_compare(const WfProbe *probe, GDALDatasetH data, WfProbed *result);

#endif
