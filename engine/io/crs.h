/*
 * crs.h - coordinate systems as canonical text: equal systems, axis order aside, give equal text.
 */
#ifndef WF_CRS_H
#define WF_CRS_H

#include <ogr_srs_api.h>

#include "base/err.h"

/* The systems met so far, each with its text. */
typedef struct WfSystems WfSystems;
WfSystems *wf_systems_new(WeftErr *err);
void wf_systems_free(WfSystems *systems); /* takes NULL */

/* The text of a system, owned by `systems`. NULL with err set; for an empty system without. */
const char *wf_crs_text(WfSystems *systems, OGRSpatialReferenceH system, WeftErr *err);
/* The same for EPSG:n, WKT, PROJ and whatever else GDAL understands. */
const char *wf_crs_parse(WfSystems *systems, const char *text, WeftErr *err);

/* The text of a system that `systems` knows by its text, without a vertical part; NULL: it has
 * none. What is the same but for heights has the same. */
const char *wf_crs_flat(const WfSystems *systems, const char *text);

bool wf_crs_empty(OGRSpatialReferenceH system); /* it says nothing */

/* A system from canonical text, x before y whatever its axes. NULL with err set. */
OGRSpatialReferenceH wf_crs_open(const char *text, WeftErr *err);
/* Take the vertical part out of a system; false: it has none. */
bool wf_crs_flatten(OGRSpatialReferenceH system);

#endif
