/*
 * zoning.h - polygons of a vector file as pixels of a grid.
 */
#ifndef WF_ZONING_H
#define WF_ZONING_H

#include "io/polygon.h"

/* See weft_zones in weft.h. Reads the file once, from beginning to end, and closes it. Besides what
 * it gives, it holds the sides of one feature, two numbers and the id for each feature, and while
 * sorting a second copy of the spans. */
WeftZones *wf_zones_read(const char *path, const WeftZoning *options, const WeftGrid *grid,
                         WeftErr *err);
void wf_zones_free(WeftZones *zones); /* takes NULL */

#endif
