/*
 * cell.h - what a cell measures on the ground, whichever way its grid lies.
 */
#ifndef WF_CELL_H
#define WF_CELL_H

#include "base/grid.h"

/* A derivative toward east is col_east times that by columns plus row_east times that by rows;
 * toward north alike. Lengths are in units of height; where ground.geographic they are in the
 * CRS's units instead, and what these measure depends on the latitude. A grid without
 * georeferencing has cells of 1 by 1, and its first row in the north. */
typedef struct WfCell {
    double col_east, row_east;
    double col_north, row_north;
    double width, height; /* of a cell, in the same units */
    double transform[6];
    WfGround ground;
} WfCell;

/* xyunit, zunit: metres in a unit of x and y, and of heights; NaN: as the CRS says. With an xyunit
 * the ground is a plane, in degrees too. */
bool wf_cell_of(const WeftGrid *grid, double xyunit, double zunit, WfCell *cell, WeftErr *err);

#endif
