/*
 * terrain.h - what the descriptions of terrain operators have in common.
 *
 * A window is written as the eight differences to its centre, in reading order without the centre:
 * d0 d1 d2 / d3 . d5 / d6 d7 d8. p is the fall toward east, q the rise toward north, per unit of
 * ground.
 */
#ifndef WEFT_TERRAIN_H
#define WEFT_TERRAIN_H

#include "range.h"

#define WINDOW px d0, px d1, px d2, px d3, px d5, px d6, px d7, px d8

#define TERRAIN_SOURCE(text) .source = text, .family = "terrain", .shape = WEFT_FOCAL

/* Whatever x is, the result is held in f32 (as `narrow`). */
#define TERRAIN_REAL \
    .arguments = "x", .inputs = 1, .invalid = WEFT_SPREADS, .gives = WEFT_GIVES_REAL, .aside = 1

#define TERRAIN_HELP                                                                           \
    "Cells are measured on the ground, at each row's latitude where the CRS is in degrees. "   \
    "Edges are as in gdaldem without and with -compute_edges (gdal, gdal-edges; checked with " \
    "3.6.2), in r.slope.aspect without and with -e (grass, grass-e; 8.2.1), and in ArcMap as " \
    "documented for 10.4; extrapolate continues planes beyond the border."

/* How exact a result is: what follows says it with d. */
#define TERRAIN_EXACT                                                                              \
    "Differences to the pixel are taken as x is held, so that flat ground is flat at any height; " \
    "with d the greatest of them, "
#define TERRAIN_GRADIENT TERRAIN_EXACT "gradients are within 2^-21 d / cell"

#define TERRAIN_HELP_7 \
    TERRAIN_HELP " arcgis wants seven of eight cells, as documented for Pro, with Horn's method."

#define TERRAIN_EDGES(more)                                                                       \
    { .name = "edges",                                                                            \
      .help = "what lies beyond the raster, and what stands for an invalid neighbour",            \
      .kind = WEFT_PARAM_CHOICE,                                                                  \
      .optional = true,                                                                           \
      .option = true,                                                                             \
      .choices = "invalid|nearest|reflect|mirror|wrap|extrapolate|gdal|gdal-edges|grass|grass-e|" \
                 "arcmap" more }

#define TERRAIN_METHOD                                                \
    { .name = "method",                                               \
      .help = "Horn's eight cells, or Zevenbergen and Thorne's four", \
      .kind = WEFT_PARAM_CHOICE,                                      \
      .optional = true,                                               \
      .option = true,                                                 \
      .choices = "horn|zt" }

#define TERRAIN_Z                               \
    { .name = "z",                              \
      .help = "heights are multiplied by this", \
      .kind = WEFT_PARAM_REAL,                  \
      .optional = true,                         \
      .option = true,                           \
      .fallback = 1,                            \
      .low = -1e9,                              \
      .high = 1e9 }

#define TERRAIN_UNITS                                                                              \
    { .name = "zunit",                                                                             \
      .help =                                                                                      \
          "of heights: a name, \"ft\", or metres in one; default: as the band or the CRS says",    \
      .kind = WEFT_PARAM_UNIT,                                                                     \
      .optional = true,                                                                            \
      .option = true,                                                                              \
      .fallback = __builtin_nan("") },                                                             \
    {                                                                                              \
        .name = "xyunit",                                                                          \
        .help = "of x and y: a name, or metres in one, also of degrees; default: as the CRS says", \
        .kind = WEFT_PARAM_UNIT, .optional = true, .option = true, .fallback = __builtin_nan("")   \
    }

/* A number that pass/lower has found. */
#define TERRAIN_FOUND(id, what) { .name = #id, .help = what, .kind = WEFT_PARAM_REAL }

#endif
