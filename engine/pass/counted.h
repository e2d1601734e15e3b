/*
 * counted.h - how many of the cells around a pixel count, and what that makes of a result.
 */
#ifndef WF_COUNTED_H
#define WF_COUNTED_H

#include "pass/around.h"

/* wf_around_raw for the pixel's own kernel alone: fill_center has filled it. */
WeftNode wf_around_cell(const WfAround *around, int dx, int dy);

/* Cells that sums are made of, cells that are valid, and all that are inside the raster or stand
 * for cells outside. */
WeftNode wf_around_count(const WfAround *around);
WeftNode wf_around_valid(const WfAround *around);
WeftNode wf_around_total(const WfAround *around);

/* A sum of valid cells with as many times the centre's value as there are missing ones. */
WeftNode wf_around_fill(const WfAround *around, WeftNode sum, WeftNode missing);

/* Make the result invalid where missing and min_valid say so. spreads: any invalid cell has made it
 * invalid already where that is to be; empty: so has having no valid cell. */
WeftNode wf_around_finish(const WfAround *around, WeftNode result, bool spreads, bool empty);

#endif
