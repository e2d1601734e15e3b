/*
 * cell.c - what a cell measures on the ground: the inverse of the grid's transform, in its units.
 *
 * Needs: nothing. Reads a grid.
 */
#include "pass/cell.h"

#include <math.h>
#include <string.h>

#include "base/err.h"

bool wf_cell_of(const WeftGrid *grid, double xyunit, double zunit, WfCell *cell, WeftErr *err)
{
    static const double plain[6] = { 0, 1, 0, 0, 0, -1 };
    const double *t = grid->georeferenced ? grid->transform : plain;
    double area = t[1] * t[5] - t[2] * t[4], unit;

    *cell = (WfCell) { .ground = wf_grid_ground(grid) };
    if (!isfinite(area) || area == 0)
        return wf_fail(err, WEFT_EGRID, "the grid's transform gives its cells no area");
    if (!isnan(xyunit)) {
        cell->ground.unit = xyunit;
        cell->ground.geographic = false;
    }
    if (!isnan(zunit))
        cell->ground.height = zunit;
    unit = cell->ground.geographic ? 1 : cell->ground.unit / cell->ground.height;
    memcpy(cell->transform, t, sizeof cell->transform);
    cell->col_east = t[5] / area / unit;
    cell->row_east = -t[4] / area / unit;
    cell->col_north = -t[2] / area / unit;
    cell->row_north = t[1] / area / unit;
    cell->width = hypot(t[1], t[4]) * unit;
    cell->height = hypot(t[2], t[5]) * unit;
    return true;
}
