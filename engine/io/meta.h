/*
 * meta.h - what a file says beside its pixels: legends, ground control, units, scale; read,
 * written, and looked for in what was written.
 */
#ifndef WF_META_H
#define WF_META_H

#include <gdal.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/sink_file.h"

/* Colours and names of classes of a band; none where it has none. Texts go to the arena. */
bool wf_legend_read(GDALRasterBandH band, WfArena *arena, WeftLegend *legend, WeftErr *err);
/* Ground control points and rational polynomials; NULL where there are none. */
bool wf_control_read(GDALDatasetH data, WfArena *arena, const WeftControl **control, WeftErr *err);

/* Georeference, names and meanings into a new dataset, before any pixel. What it does not take is
 * for wf_meta_lost to find; false: the georeference was refused. */
bool wf_meta_write(GDALDatasetH data, const WfSinkFile *file);

/* What of these a finished file, opened for reading, does not have is asked of it again: GDAL puts
 * it beside the file where it can. */
void wf_meta_mend(const char *path, const WfSinkFile *file);

/* What of these an opened dataset does not have: "the colours of band 2, the unit of bands 1 to 3".
 * Nothing is appended where all is there. */
void wf_meta_lost(GDALDatasetH data, const WfSinkFile *file, WfText *lost);
/* It lies where the file should: transform and size of cells. */
bool wf_meta_placed(GDALDatasetH data, const WfSinkFile *file);

#endif
