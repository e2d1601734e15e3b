/*
 * dated.h - what a raster file says of when its bands were taken.
 */
#ifndef WF_DATED_H
#define WF_DATED_H

#include <gdal.h>

#include "io/store_kind.h"

/* Fill in the times of all bands of a file that is described otherwise, and its doubt where a date
 * that is said cannot be understood. */
bool wf_dated_describe(WfStore *store, GDALDatasetH data, WfArena *arena, WeftErr *err);

/* A value of a time axis: days, hours ... "since" a moment, in the calendar that is named (NULL:
 * the standard one), to seconds since 1970-01-01 UTC. NULL, or why it has none, in `why`. */
const char *wf_dated_value(const char *value, const char *units, const char *calendar,
                           double *seconds, char *why, size_t size);

#endif
