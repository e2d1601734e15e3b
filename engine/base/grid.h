/*
 * grid.h - comparing and describing WeftGrid (size, transform, CRS). CRS texts are canonical
 * (io/crs), so equal systems have equal text.
 */
#ifndef WF_GRID_H
#define WF_GRID_H

#include "base/text.h"

/* Equal: same size and CRS, and all four corners agree within 1e-3 pixel (semantics 7). CRS are the
 * same, too, where one has a vertical part and the other none; so three grids may be equal in two
 * pairs only. */
bool wf_grid_equal(const WeftGrid *a, const WeftGrid *b);
/* The grid of what is made of rasters on both: a, or b where it alone has a vertical part or ground
 * control, so that
 * heights keep their unit. NULL: the grids are not equal. */
const WeftGrid *wf_grid_join(const WeftGrid *a, const WeftGrid *b);
/* Congruent: same CRS and cell, and an offset of whole pixels, given in *dx, *dy (of b in a). */
bool wf_grid_congruent(const WeftGrid *a, const WeftGrid *b, int64_t *dx, int64_t *dy);
/* How b differs from a, for an error: offset in pixels, ratio of cells, CRS; and the call of the
 * language that mends it. Both texts are appended. */
void wf_grid_difference(const WeftGrid *a, const WeftGrid *b, WfText *how, WfText *mend);

bool wf_grid_geographic(const WeftGrid *grid); /* its CRS is in degrees */

/* Units of a CRS, as its text says; without a CRS, and for what it does not say, metres. */
typedef struct WfGround {
    bool geographic;
    double unit;   /* of x and y: metres, or radians where geographic */
    double height; /* of heights: metres */
    bool vertical; /* the CRS says what heights are */
    double a, e2;  /* of the ellipsoid: half the long axis in metres, squared eccentricity */
} WfGround;
WfGround wf_grid_ground(const WeftGrid *grid);
/* What x and y are in, as people write it: "m", "ft", "degrees", else the CRS's own word (in the
 * buffer); "" without a CRS. */
const char *wf_grid_unit(const WeftGrid *grid, char *buffer, size_t size);
/* xmin, ymin, xmax, ymax of the pixels less `inset` of them on each side: 0, or 0.5 for centres. */
void wf_grid_box(const WeftGrid *grid, double inset, double box[4]);
/* Pixels of a grid in degrees lie beyond the poles, or more than once round the earth: these are
 * coordinates of another system. Then the text says so. */
bool wf_grid_doubt(const WeftGrid *grid, WfText *text);
void wf_grid_xy(const WeftGrid *grid, double col, double row, double *x, double *y);
bool wf_grid_colrow(const WeftGrid *grid, double x, double y, double *col, double *row);
/* The CRS in a few words: "WGS 84 / UTM zone 19S", or "no CRS". */
void wf_grid_crs_name(const WeftGrid *grid, WfText *text);
/* "300 x 200, WGS 84 / UTM zone 19S, cell 10 x 10". */
void wf_grid_show(const WeftGrid *grid, WfText *text);

#endif
