/*
 * grid.c - comparing and describing grids (semantics 7).
 *
 * Corners are compared in pixels of the first grid, so that the tolerance means the same for
 * degrees and metres. A grid without georeferencing has pixels for coordinates.
 */
#include "base/grid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double tolerance = 1e-3; /* pixels */

static bool same_crs(const WeftGrid *a, const WeftGrid *b)
{
    const char *crs_a = a->crs, *crs_b = b->crs;

    if (!a->flat != !b->flat) { /* one of them has heights */
        crs_a = a->flat ? a->flat : crs_a;
        crs_b = b->flat ? b->flat : crs_b;
    }
    return crs_a && crs_b ? strcmp(crs_a, crs_b) == 0 : crs_a == crs_b;
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

const WeftGrid *wf_grid_join(const WeftGrid *a, const WeftGrid *b)
{
    if (a != b && !wf_grid_equal(a, b))
        return NULL;
    return (b->flat && !a->flat) || (b->control && !a->control) ? b : a;
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

/* The unit of heights: that of a vertical CRS, or of the third axis; 0: neither is there. */
static double height_unit(const char *crs, const char *horizontal)
{
    const char *vertical = crs ? strstr(crs, "VERTCRS[") : NULL;
    const char *axes = horizontal ? strstr(horizontal, ",CS[") : NULL, *dimension, *third;
    double unit = 0;

    if (vertical)
        return axis_unit(vertical, 1);
    dimension = axes ? strchr(axes + 1, ',') : NULL;
    third = dimension && dimension[1] == '3' ? strstr(dimension, "ORDER[3]") : NULL;
    return numbers_after(third ? strstr(third, "UNIT[") : NULL, &unit, 1) && unit > 0 ? unit : 0;
}

WfGround wf_grid_ground(const WeftGrid *grid)
{
    WfGround ground = { .geographic = wf_grid_geographic(grid), .unit = 1, .height = 1 };
    const char *wkt = grid->crs ? horizontal_part(grid->crs) : NULL;
    double shape[] = { 6378137, 298.257223563 }, unit = 1, flattening;
    double height = height_unit(grid->crs, wkt);
    const char *ellipsoid = wkt ? strstr(wkt, "ELLIPSOID[") : NULL;

    if (numbers_after(ellipsoid, shape, 2) == 2)
        numbers_after(strstr(ellipsoid, "UNIT["), &unit, 1);
    flattening = shape[1] > 0 ? 1 / shape[1] : 0;
    ground.a = shape[0] * unit;
    ground.e2 = flattening * (2 - flattening);
    ground.unit = axis_unit(wkt, ground.geographic ? 0.017453292519943295 : 1);
    ground.vertical = height > 0;
    ground.height = height > 0 ? height : 1;
    return ground;
}

/* The name in the unit of the axes that come first: LENGTHUNIT["chain",20.1168]. */
static void unit_name(const char *part, char *buffer, size_t size)
{
    const char *axes = part ? strstr(part, ",CS[") : NULL;
    const char *unit = axes ? strstr(axes, "UNIT[\"") : NULL;
    const char *end = unit ? strchr(unit + 6, '"') : NULL;

    snprintf(buffer, size, "%.*s", end ? (int)(end - unit - 6) : 0, end ? unit + 6 : "");
}

const char *wf_grid_unit(const WeftGrid *grid, char *buffer, size_t size)
{
    static const struct {
        bool angle;
        double unit; /* metres or radians */
        const char *name;
    } names[] = {
        { true, 0.017453292519943295, "degrees" },
        { true, 0.015707963267948967, "grads" },
        { true, 1, "radians" },
        { false, 1, "m" },
        { false, 1000, "km" },
        { false, 0.01, "cm" },
        { false, 0.001, "mm" },
        { false, 0.3048, "ft" }, /* of whatever country: they differ in the sixth digit */
        { false, 0.9144, "yd" },
        { false, 1609.344, "mi" },
        { false, 1852, "nmi" },
    };
    WfGround ground = wf_grid_ground(grid);

    if (!grid->crs)
        return "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].angle == ground.geographic && fabs(ground.unit / names[i].unit - 1) < 1e-4)
            return names[i].name;
    unit_name(horizontal_part(grid->crs), buffer, size);
    return buffer;
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

/* "32719" of a WKT that ends in ID["EPSG",32719]]; 0 where it has no such end. */
static int epsg_code(const char *wkt)
{
    const char *id = NULL;
    char *end;
    long code;

    for (const char *at = wkt; at && (at = strstr(at, "ID[\"EPSG\","));)
        id = at += 10;
    code = id ? strtol(id, &end, 10) : 0;
    return id && strcmp(end, "]]") == 0 ? (int)code : 0;
}

/* The command that brings the file of b onto the grid of a. */
static void add_warp(const WeftGrid *a, const WeftGrid *b, WfText *mend)
{
    const double *t = a->transform;
    int code = a->crs && !same_crs(a, b) ? epsg_code(a->crs) : 0;
    double left, top, right, bottom;

    if (t[1] <= 0 || t[2] != 0 || t[4] != 0 || t[5] >= 0 || (!code && !same_crs(a, b))) {
        wf_text_add(mend, "gdalwarp -t_srs CRS -te XMIN YMIN XMAX YMAX -ts WIDTH HEIGHT brings "
                          "files onto one grid");
        return;
    }
    wf_grid_xy(a, 0, 0, &left, &top);
    wf_grid_xy(a, (double)a->width, (double)a->height, &right, &bottom);
    wf_text_add(mend, "gdalwarp ");
    if (code)
        wf_text_add(mend, "-t_srs EPSG:%d ", code);
    wf_text_add(mend, "-te %.10g %.10g %.10g %.10g -ts %lld %lld brings the second onto the first",
                left, bottom, right, top, (long long)a->width, (long long)a->height);
}

void wf_grid_difference(const WeftGrid *a, const WeftGrid *b, WfText *how, WfText *mend)
{
    WfText parts = { 0 };

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
    else if (a->flat && b->flat && !same_crs(a, b) && strcmp(a->flat, b->flat) == 0)
        wf_text_add(mend, "only their heights differ: gdalwarp -t_srs brings them together, "
                          "weft.open(path, {crs=\"EPSG:...\"}) without a vertical part leaves them "
                          "aside");
    else if (a->georeferenced != b->georeferenced)
        wf_text_add(mend, "gdal_edit.py -a_ullr XMIN YMAX XMAX YMIN FILE");
    else
        add_warp(a, b, mend);
}
