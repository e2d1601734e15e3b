/*
 * vector.h - a layer of polygons in a vector file: which layer, which field, which features.
 */
#ifndef WF_VECTOR_H
#define WF_VECTOR_H

#include <gdal.h>
#include <ogr_api.h>

#include "base/err.h"

typedef struct WfVector {
    const char *path;
    GDALDatasetH data;
    OGRLayerH layer;
    int field;                            /* that names features; -1: their number */
    bool integer;                         /* it holds integers */
    OGRCoordinateTransformationH to_grid; /* NULL: the layer has the grid's system */
} WfVector;

/* Open the layer named in the options, or the only one that can hold polygons, with the features
 * that where= selects. Unknown names are errors with the nearest one. */
bool wf_vector_open(WfVector *vector, const char *path, const WeftZoning *options,
                    const WeftGrid *grid, WeftErr *err);
void wf_vector_close(WfVector *vector); /* also what is half open */

#endif
