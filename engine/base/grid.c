/*
 * grid.c - comparing and describing grids (semantics 7).
 *
 * Corners are compared in pixels of the first grid, so that the tolerance means the same for
 * degrees and metres. A grid without georeferencing has pixels for coordinates.
 */
#include "base/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double tolerance = 1e-3; /* pixels */

static bool same_crs(const WeftGrid *a, const WeftGrid *b)
{
    return a->crs && b->crs ? strcmp(a->crs, b->crs) == 0 : a->crs == b->crs;
}

/* The corners of b, and of the pixels (0, 0) + (dx, dy) ... of a, are the same places. */
static bool corners_agree(const WeftGrid *a, const WeftGrid *b, double dx, double dy)
{
    for (int corner = 0; corner < 4; corner++) {
        double col = corner & 1 ? (double)b->width : 0, row = corner & 2 ? (double)b->height : 0;
        double x, y, a_col, a_row;

        wf_grid_xy(b, col, row, &x, &y);
        if (!wf_grid_colrow(a, x, y, &a_col, &a_row) || !(fabs(a_col - dx - col) <= tolerance) ||
            !(fabs(a_row - dy - row) <= tolerance))
            return false;
    }
    return true;
}

bool wf_grid_equal(const WeftGrid *a, const WeftGrid *b)
{
    if (a->width != b->width || a->height != b->height || a->georeferenced != b->georeferenced ||
        !same_crs(a, b))
        return false;
    if (memcmp(a->transform, b->transform, sizeof a->transform) == 0)
        return true;
    return corners_agree(a, b, 0, 0);
}

bool wf_grid_congruent(const WeftGrid *a, const WeftGrid *b, int64_t *dx, int64_t *dy)
{
    double x, y, col, row;

    if (a->georeferenced != b->georeferenced || !same_crs(a, b))
        return false;
    wf_grid_xy(b, 0, 0, &x, &y);
    if (!wf_grid_colrow(a, x, y, &col, &row) || !(fabs(col) < 0x1p53) || !(fabs(row) < 0x1p53) ||
        !corners_agree(a, b, round(col), round(row)))
        return false;
    *dx = (int64_t)round(col);
    *dy = (int64_t)round(row);
    return true;
}

void wf_grid_xy(const WeftGrid *grid, double col, double row, double *x, double *y)
{
    const double *t = grid->transform;

    *x = grid->georeferenced ? t[0] + col * t[1] + row * t[2] : col;
    *y = grid->georeferenced ? t[3] + col * t[4] + row * t[5] : row;
}

bool wf_grid_colrow(const WeftGrid *grid, double x, double y, double *col, double *row)
{
    const double *t = grid->transform;
    double area = t[1] * t[5] - t[2] * t[4];

    if (!grid->georeferenced) {
        *col = x;
        *row = y;
        return true;
    }
    if (!isfinite(area) || area == 0)
        return false;
    *col = ((x - t[0]) * t[5] - (y - t[3]) * t[2]) / area;
    *row = ((y - t[3]) * t[1] - (x - t[0]) * t[4]) / area;
    return isfinite(*col) && isfinite(*row);
}

/* Of a WKT inside others (BOUNDCRS, COMPOUNDCRS): the part that says what x and y are. */
static const char *horizontal_part(const char *wkt)
{
    const char *part;

    if (strncmp(wkt, "BOUNDCRS[", 9) == 0 && (part = strstr(wkt, "SOURCECRS[")))
        wkt = part + 10;
    if (strncmp(wkt, "COMPOUNDCRS[\"", 13) == 0 || strncmp(wkt, "COMPD_CS[\"", 10) == 0) {
        part = strchr(strchr(wkt, '"') + 1, '"');
        part = part ? strchr(part, ',') : NULL;
        if (part)
            wkt = part + 1 + strspn(part + 1, " \n");
    }
    return wkt;
}

bool wf_grid_geographic(const WeftGrid *grid)
{
    const char *wkt = grid->crs ? horizontal_part(grid->crs) : "";

    return strncmp(wkt, "GEOGCRS[", 8) == 0 || strncmp(wkt, "GEOGCS[", 7) == 0;
}

/* The numbers that follow the name in KEYWORD["name",1,2]; fewer where there are fewer. */
static int numbers_after(const char *keyword, double *numbers, int count)
{
    const char *at = keyword ? strchr(keyword, '"') : NULL;
    int found = 0;

    at = at ? strchr(at + 1, '"') : NULL;
    for (at = at ? at + 1 : NULL; at && *at == ',' && found < count; found++) {
        char *end;

        numbers[found] = strtod(at + 1, &end);
        if (end == at + 1)
            break;
        at = end;
    }
    return found;
}

/* The unit of the axes that come first in a part of a WKT. */
static double axis_unit(const char *part, double missing)
{
    const char *axes = part ? strstr(part, ",CS[") : NULL;
    double unit = missing;

    return numbers_after(axes ? strstr(axes, "UNIT[") : NULL, &unit, 1) && unit > 0 ? unit
                                                                                    : missing;
}

WfGround wf_grid_ground(const WeftGrid *grid)
{
    WfGround ground = { .geographic = wf_grid_geographic(grid), .unit = 1, .height = 1 };
    const char *wkt = grid->crs ? horizontal_part(grid->crs) : NULL;
    double shape[] = { 6378137, 298.257223563 }, unit = 1, flattening;
    const char *ellipsoid = wkt ? strstr(wkt, "ELLIPSOID[") : NULL;

    if (numbers_after(ellipsoid, shape, 2) == 2)
        numbers_after(strstr(ellipsoid, "UNIT["), &unit, 1);
    flattening = shape[1] > 0 ? 1 / shape[1] : 0;
    ground.a = shape[0] * unit;
    ground.e2 = flattening * (2 - flattening);
    ground.unit = axis_unit(wkt, ground.geographic ? 0.017453292519943295 : 1);
    ground.height = axis_unit(grid->crs ? strstr(grid->crs, "VERTCRS[") : NULL, 1);
    return ground;
}

void wf_grid_box(const WeftGrid *grid, double inset, double box[4])
{
    box[0] = box[1] = INFINITY;
    box[2] = box[3] = -INFINITY;
    for (int corner = 0; corner < 4; corner++) {
        double x, y;

        wf_grid_xy(grid, corner & 1 ? (double)grid->width - inset : inset,
                   corner & 2 ? (double)grid->height - inset : inset, &x, &y);
        box[0] = fmin(box[0], x);
        box[1] = fmin(box[1], y);
        box[2] = fmax(box[2], x);
        box[3] = fmax(box[3], y);
    }
}

bool wf_grid_doubt(const WeftGrid *grid, WfText *text)
{
    const double slack = 1e-6, degree = 0.017453292519943295;
    double box[4], unit;

    if (!grid->georeferenced || !wf_grid_geographic(grid))
        return false;
    wf_grid_box(grid, 0.5, box); /* global rasters may have centres on the poles */
    unit = wf_grid_ground(grid).unit / degree;
    if (fmax(fabs(box[0]), fabs(box[2])) * unit <= 360 + slack &&
        fmax(fabs(box[1]), fabs(box[3])) * unit <= 90 + slack)
        return false;
    wf_text_add(text, "x from %.9g to %.9g and y from %.9g to %.9g cannot be the degrees of ",
                box[0], box[2], box[1], box[3]);
    wf_grid_crs_name(grid, text);
    wf_text_add(text, "; crs= names another system");
    return true;
}

void wf_grid_crs_name(const WeftGrid *grid, WfText *text)
{
    const char *start = grid->crs ? strchr(grid->crs, '"') : NULL;
    const char *end = start ? strchr(start + 1, '"') : NULL;

    if (!grid->crs)
        wf_text_add(text, "no CRS");
    else if (!end || end == start + 1)
        wf_text_add(text, "a CRS without a name");
    else
        wf_text_add(text, "%.*s", (int)(end - start - 1), start + 1);
}

static void cell_size(const WeftGrid *grid, double *width, double *height)
{
    const double *t = grid->transform;

    *width = hypot(t[1], t[4]);
    *height = hypot(t[2], t[5]);
}

/* Sizes and offsets in messages need no more digits than a person reads. */
static void add_cells(WfText *text, const WeftGrid *grid)
{
    double width, height;

    cell_size(grid, &width, &height);
    wf_text_add(text, "%.9g x %.9g", width, height);
}

void wf_grid_show(const WeftGrid *grid, WfText *text)
{
    wf_text_add(text, "%lld x %lld, ", (long long)grid->width, (long long)grid->height);
    wf_grid_crs_name(grid, text);
    if (!grid->georeferenced) {
        wf_text_add(text, ", no georeferencing");
        return;
    }
    wf_text_add(text, ", cell ");
    add_cells(text, grid);
    if (grid->transform[2] != 0 || grid->transform[4] != 0)
        wf_text_add(text, ", rotated");
    else if (grid->transform[5] > 0)
        wf_text_add(text, ", south up");
}

static void add_crs_difference(const WeftGrid *a, const WeftGrid *b, WfText *how)
{
    WfText name_a = { 0 }, name_b = { 0 };

    wf_grid_crs_name(a, &name_a);
    wf_grid_crs_name(b, &name_b);
    if (name_a.failed || name_b.failed)
        how->failed = true;
    else if (strcmp(name_a.text, name_b.text) == 0)
        wf_text_add(how, "two different CRS, both named %s", name_a.text);
    else
        wf_text_add(how, "CRS %s and %s", name_a.text, name_b.text);
    wf_text_free(&name_a);
    wf_text_free(&name_b);
}

/* Cells, direction and offset of two georeferenced grids of one CRS. */
static void add_place_difference(const WeftGrid *a, const WeftGrid *b, WfText *how)
{
    const char *comma = how->length ? ", " : "";
    double a_width, a_height, b_width, b_height, x, y, col, row;

    cell_size(a, &a_width, &a_height);
    cell_size(b, &b_width, &b_height);
    if (fabs(b_width / a_width - 1) > 1e-9 || fabs(b_height / a_height - 1) > 1e-9) {
        wf_text_add(how, "%scells ", comma);
        add_cells(how, a);
        wf_text_add(how, " and ");
        add_cells(how, b);
        wf_text_add(how, " (ratio %.6g", b_width / a_width);
        if (fabs(b_height / a_height - b_width / a_width) > 1e-9)
            wf_text_add(how, " by %.6g", b_height / a_height);
        wf_text_add(how, ")");
        comma = ", ";
    }
    if (a->transform[1] * b->transform[1] < 0 || a->transform[5] * b->transform[5] < 0) {
        wf_text_add(how, "%saxes that run in opposite directions", comma);
        comma = ", ";
    }
    wf_grid_xy(b, 0, 0, &x, &y);
    if (!wf_grid_colrow(a, x, y, &col, &row))
        wf_text_add(how, "%sa transform that cannot be inverted", comma);
    else if (fabs(col) > tolerance || fabs(row) > tolerance)
        wf_text_add(how, "%san offset of %.6g, %.6g pixels", comma, fabs(col) > tolerance ? col : 0,
                    fabs(row) > tolerance ? row : 0);
}

void wf_grid_difference(const WeftGrid *a, const WeftGrid *b, WfText *how, WfText *mend)
{
    WfText parts = { 0 };
    int64_t dx, dy;

    if (a->width != b->width || a->height != b->height)
        wf_text_add(&parts, "%lld x %lld and %lld x %lld pixels", (long long)a->width,
                    (long long)a->height, (long long)b->width, (long long)b->height);
    if (!same_crs(a, b)) {
        wf_text_add(&parts, "%s", parts.length ? ", " : "");
        add_crs_difference(a, b, &parts);
    }
    if (a->georeferenced != b->georeferenced)
        wf_text_add(&parts, "%sthe %s has no georeferencing", parts.length ? ", " : "",
                    a->georeferenced ? "second" : "first");
    else if (a->georeferenced && same_crs(a, b))
        add_place_difference(a, b, &parts);
    if (parts.failed)
        how->failed = true;
    else
        wf_text_add(how, "%s", parts.length ? parts.text : "corners more than 0.001 pixel apart");
    wf_text_free(&parts);

    if (!a->crs != !b->crs)
        wf_text_add(mend, "weft.open(path, {crs=\"EPSG:...\"})");
    else if (a->georeferenced != b->georeferenced)
        wf_text_add(mend, "gdal_edit.py -a_ullr XMIN YMAX XMAX YMIN FILE");
    else if (wf_grid_congruent(a, b, &dx, &dy))
        wf_text_add(mend, "weft.common({a, b}, {extent=\"intersection\"})");
    else
        wf_text_add(mend, "b:align(a, {method=\"nearest\"})");
}
