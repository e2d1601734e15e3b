/*
 * lower_terrain.c - terrain operators written in terms of others (semantics 5).
 *
 * Needs: an inferred raster. Differences to the centre are taken as the raster is held and rounded
 * to f32; gradients are reckoned by columns and rows, and turned to ground units by the inverse of
 * the grid's transform. Where the CRS is in degrees, its units' lengths are operators of the row,
 * in f64. Writes new nodes.
 */
#include "pass/lower_terrain.h"

#include <math.h>
#include <string.h>

#include "graph/catalog.h"
#include "pass/cell.h"
#include "pass/pass.h"
#include "pass/window.h"

enum { FACTORS = 3 };

typedef struct Terrain {
    WfBuild build;
    const WfNode *node; /* that is lowered */
    const WeftGrid *grid;
    WfCell cell;
    WeftNode d[8];
    WeftNode east_rate, north_rate; /* where geographic: CRS units in one unit of ground */
} Terrain;

/* ------------------------------------------------------------------ settings */

/* The node's parameter of that name, and its value. */
static const WeftParam *find_setting(const WfNode *node, const char *name, double *value)
{
    int setting = 0;

    for (const WeftParam *p = node->op->params; p && p->name; p++) {
        if (strcmp(p->name, name) == 0) {
            *value = node->settings[setting];
            return p;
        }
        setting += p->kind != WEFT_PARAM_NUMBER;
    }
    return NULL;
}

static double setting(const Terrain *t, const char *name, double missing)
{
    double value = missing;

    find_setting(t->node, name, &value);
    return value;
}

static bool chosen(const Terrain *t, const char *name, const char *choice)
{
    double value;
    const WeftParam *param = find_setting(t->node, name, &value);

    return param && (int)value == wf_catalog_choice(param, choice);
}

/* ------------------------------------------------------------------ nodes with numbers */

/* An operator with REAL parameters alone, in order. */
static WeftNode apply_real(const Terrain *t, const char *op, const WeftNode *inputs, int count,
                           const double *numbers, int number_count)
{
    WeftArg args[FACTORS];

    for (int i = 0; i < count; i++)
        if (inputs[i] == WEFT_NONE)
            return WEFT_NONE;
    for (int i = 0; i < number_count; i++)
        args[i] = (WeftArg) { .node = WEFT_NONE, .number = numbers[i] };
    return wf_infer_apply(t->build.graph, op, inputs, count, args, number_count, t->build.err);
}

static WeftNode along(const Terrain *t, WeftNode by_col, WeftNode by_row, double cols, double rows)
{
    return apply_real(t, "along", (WeftNode[]) { by_col, by_row }, 2, (double[]) { cols, rows }, 2);
}

/* An operator on gradients with a setting that is a choice of the lowered one, named alike. */
static WeftNode apply_choice(const Terrain *t, const char *op, const WeftNode *inputs, int count,
                             const char *name)
{
    double value = 0;
    const WeftParam *param = find_setting(t->node, name, &value);
    WfText text = { 0 };
    WeftNode made = WEFT_NONE;
    WeftArg arg = { .name = name, .node = WEFT_NONE };

    for (int i = 0; i < count; i++)
        if (inputs[i] == WEFT_NONE)
            return WEFT_NONE;
    if (param)
        wf_catalog_value(param, value, &text);
    arg.text = text.text ? text.text : "horn"; /* what has no method is Horn's */
    if (text.failed)
        wf_fail(t->build.err, WEFT_EMEM, "out of memory");
    else
        made = wf_infer_apply(t->build.graph, op, inputs, count, &arg, 1, t->build.err);
    wf_text_free(&text);
    return made;
}

/* ------------------------------------------------------------------ from cells to ground */

static WeftNode rate(const Terrain *t, const char *op)
{
    const WfGround *ground = &t->cell.ground;
    const double *grid = t->cell.transform;
    double numbers[] = {
        ground->a / ground->height, ground->e2, ground->unit, grid[3], grid[4], grid[5]
    };
    WeftArg args[6];

    for (int i = 0; i < 6; i++)
        args[i] = (WeftArg) { .node = WEFT_NONE, .number = numbers[i] };
    return wf_build_1(&t->build, "narrow", wf_window_index(&t->build, op, args, 6, t->grid));
}

static WeftNode rated(const Terrain *t, WeftNode v, WeftNode by)
{
    return t->cell.ground.geographic ? wf_build_2(&t->build, "mul", v, by) : v;
}

typedef struct Gradient {
    WeftNode p, q; /* fall toward east, rise toward north, times z */
    WeftNode by_col, by_row;
} Gradient;

static Gradient gradient_of(const Terrain *t)
{
    const WfCell *cell = &t->cell;
    double z = setting(t, "z", 1);
    Gradient g;

    if (chosen(t, "edges", "arcgis")) {
        g.by_col = wf_infer_apply(t->build.graph, "risecol7", t->d, 8, NULL, 0, t->build.err);
        g.by_row = wf_infer_apply(t->build.graph, "riserow7", t->d, 8, NULL, 0, t->build.err);
    } else {
        g.by_col = apply_choice(t, "risecol", t->d, 8, "method");
        g.by_row = apply_choice(t, "riserow", t->d, 8, "method");
    }
    g.p = along(t, g.by_col, g.by_row, -z * cell->col_east, -z * cell->row_east);
    g.q = along(t, g.by_col, g.by_row, z * cell->col_north, z * cell->row_north);
    g.p = rated(t, g.p, t->east_rate);
    g.q = rated(t, g.q, t->north_rate);
    return g;
}

/* ------------------------------------------------------------------ the operators */

static WeftNode lower_slope(const Terrain *t)
{
    Gradient g = gradient_of(t);

    return apply_choice(t, "steep", (WeftNode[]) { g.p, g.q }, 2, "units");
}

static WeftNode lower_aspect(const Terrain *t)
{
    Gradient g = gradient_of(t);
    WeftArg args[] = {
        { .name = "orientation",
          .node = WEFT_NONE,
          .text = chosen(t, "orientation", "trig") ? "trig" : "azimuth" },
        { .name = "flat", .node = WEFT_NONE, .number = setting(t, "flat", NAN) },
    };
    WeftNode inputs[] = { g.p, g.q };

    if (g.p == WEFT_NONE || g.q == WEFT_NONE)
        return WEFT_NONE;
    return wf_infer_apply(t->build.graph, "facing", inputs, 2, args, isnan(args[1].number) ? 1 : 2,
                          t->build.err);
}

/* gdaldem turns the aspect as if cells were square. */
static WeftNode lower_igor(const Terrain *t, const Gradient *g, double azimuth)
{
    const WfCell *cell = &t->cell;
    WeftNode u = along(t, g->by_col, g->by_row, -cell->col_east * cell->width,
                       -cell->row_east * cell->width);
    WeftNode v = along(t, g->by_col, g->by_row, cell->col_north * cell->height,
                       cell->row_north * cell->height);
    double toward = 1.5 * M_PI - azimuth;

    return apply_real(t, "shadeigor", (WeftNode[]) { g->p, g->q, u, v }, 4, &toward, 1);
}

static WeftNode lower_hillshade(const Terrain *t)
{
    Gradient g = gradient_of(t);
    WeftNode inputs[] = { g.p, g.q };
    double azimuth = setting(t, "azimuth", 315) * (M_PI / 180);
    double altitude = setting(t, "altitude", 45) * (M_PI / 180), level = cos(altitude);
    double lamp[] = { sin(altitude), level * sin(azimuth), level * cos(azimuth) };

    if (chosen(t, "variant", "igor"))
        return lower_igor(t, &g, azimuth);
    if (chosen(t, "variant", "multidirectional"))
        return apply_real(t, "shademulti", inputs, 2, (double[]) { lamp[0], level }, 2);
    return apply_real(t, chosen(t, "variant", "combined") ? "shadecombined" : "shade", inputs, 2,
                      lamp, 3);
}

static WeftNode lower_tri(const Terrain *t)
{
    return apply_choice(t, "ruggedness", t->d, 8, "variant");
}

static WeftNode lower_tpi(const Terrain *t)
{
    return wf_infer_apply(t->build.graph, "prominence", t->d, 8, NULL, 0, t->build.err);
}

static WeftNode lower_roughness(const Terrain *t)
{
    return wf_infer_apply(t->build.graph, "extent", t->d, 8, NULL, 0, t->build.err);
}

static WeftNode second(const Terrain *t, const WeftNode by[3], double wa, double wb, double wc)
{
    return apply_real(t, "across", by, 3, (double[]) { wa, wb, wc }, 3);
}

static WeftNode lower_curvature(const Terrain *t)
{
    static const char *const names[] = { "bendcol", "twist", "bendrow" };
    Gradient g = gradient_of(t);
    double ce = t->cell.col_east, re = t->cell.row_east;
    double cn = t->cell.col_north, rn = t->cell.row_north;
    WeftNode by[3], xx, xy, yy;

    for (int i = 0; i < 3; i++)
        by[i] = wf_infer_apply(t->build.graph, names[i], t->d, 8, NULL, 0, t->build.err);
    xx = rated(t, second(t, by, ce * ce, 2 * ce * re, re * re), t->east_rate);
    xy = rated(t, second(t, by, ce * cn, ce * rn + re * cn, re * rn), t->east_rate);
    yy = rated(t, second(t, by, cn * cn, 2 * cn * rn, rn * rn), t->north_rate);
    xx = rated(t, xx, t->east_rate);
    xy = rated(t, xy, t->north_rate);
    yy = rated(t, yy, t->north_rate);
    return apply_choice(t, "curve", (WeftNode[]) { g.p, g.q, xx, xy, yy }, 5, "variant");
}

static const struct {
    const char *op;
    WeftNode (*lower)(const Terrain *t);
} table[] = {
    { .op = "slope", .lower = lower_slope },
    { .op = "aspect", .lower = lower_aspect },
    { .op = "hillshade", .lower = lower_hillshade },
    { .op = "tri", .lower = lower_tri },
    { .op = "tpi", .lower = lower_tpi },
    { .op = "roughness", .lower = lower_roughness },
    { .op = "curvature", .lower = lower_curvature },
};

/* ------------------------------------------------------------------ shared */

static bool find_rates(Terrain *t)
{
    t->east_rate = t->north_rate = WEFT_NONE;
    if (!t->cell.ground.geographic)
        return true;
    t->east_rate = rate(t, "lonrate");
    t->north_rate = rate(t, "latrate");
    return t->east_rate != WEFT_NONE && t->north_rate != WEFT_NONE;
}

static bool find_window(Terrain *t, WeftNode x)
{
    double value = 0;
    const WeftParam *edges = find_setting(t->node, "edges", &value);
    WfText name = { 0 };
    bool done;

    wf_catalog_value(edges, value, &name);
    done = name.failed ? wf_fail(t->build.err, WEFT_EMEM, "out of memory")
                       : wf_window_differences(&t->build, x, name.text, t->d);
    wf_text_free(&name);
    return done;
}

static bool check_method(const Terrain *t)
{
    if (!chosen(t, "edges", "arcgis") || !chosen(t, "method", "zt"))
        return true;
    wf_fail(t->build.err, WEFT_EARG, "edges=\"arcgis\" goes with method=\"horn\" alone");
    return wf_hint(t->build.err, "leave one of them out");
}

WeftNode wf_lower_terrain(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err)
{
    Terrain t = { .build = { .graph = graph, .err = err }, .node = node, .grid = node->grid };
    double xyunit = setting(&t, "xyunit", NAN), zunit = setting(&t, "zunit", NAN);
    WeftNode made = WEFT_NONE;

    if (check_method(&t) && wf_cell_of(t.grid, xyunit, zunit, &t.cell, err) && find_rates(&t) &&
        find_window(&t, inputs[0]))
        for (size_t i = 0; i < sizeof table / sizeof *table; i++)
            if (strcmp(table[i].op, node->op->name) == 0)
                made = table[i].lower(&t);
    if (made == WEFT_NONE)
        wf_err_at(err, &node->place, node->op->name);
    return made;
}
