/*
 * layers.h - zones that may overlap as rasters of their numbers.
 */
#ifndef WF_LAYERS_H
#define WF_LAYERS_H

#include "io/store.h"

/* As few rasters as a simple rule finds, so that each zone lies in one of them, whole and alone in
 * its pixels: each takes the first where it meets none before it. Their values are the zones'
 * numbers, nodata -1; spans of weight 0 to 1 are pixels. The list of stores and what they read lie
 * in the arena, 12 bytes a span and 8 a row of each raster. Gives how many there are, or -1. */
int wf_zones_layers(WfStores *stores, WfArena *arena, const WeftZones *zones, const WeftGrid *grid,
                    int **list, WeftErr *err);

#endif
