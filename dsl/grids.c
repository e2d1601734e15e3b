/*
 * grids.c - grids as Lua values: properties, weft.grid, like=.
 *
 * A grid is a userdata that holds a pointer owned by the graph, or a grid of its own. Writes new
 * Lua values only.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

void wf_grid_push(lua_State *L, const WeftGrid *grid)
{
    WeftGrid *copy = lua_newuserdatauv(L, sizeof *copy, 0);

    *copy = *grid;
    luaL_setmetatable(L, WF_GRID_NAME);
}

void wf_grid_bounds(const WeftGrid *grid, double box[4])
{
    const double *t = grid->transform;
    double w = (double)grid->width, h = (double)grid->height;
    const double corners[4][2] = { { 0, 0 }, { w, 0 }, { 0, h }, { w, h } };

    box[0] = box[1] = INFINITY;
    box[2] = box[3] = -INFINITY;
    for (int i = 0; i < 4; i++) {
        double x = t[0] + corners[i][0] * t[1] + corners[i][1] * t[2];
        double y = t[3] + corners[i][0] * t[4] + corners[i][1] * t[5];
        box[0] = fmin(box[0], x);
        box[1] = fmin(box[1], y);
        box[2] = fmax(box[2], x);
        box[3] = fmax(box[3], y);
    }
}

static void push_numbers(lua_State *L, const double *values, int count)
{
    lua_createtable(L, count, 0);
    for (int i = 0; i < count; i++) {
        lua_pushnumber(L, values[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

bool wf_grid_property(lua_State *L, const WeftGrid *grid, const char *name)
{
    const double *t = grid->transform;
    double box[4];

    if (!strcmp(name, "width"))
        lua_pushinteger(L, grid->width);
    else if (!strcmp(name, "height"))
        lua_pushinteger(L, grid->height);
    else if (!strcmp(name, "crs"))
        lua_pushstring(L, grid->crs);
    else if (!strcmp(name, "transform"))
        push_numbers(L, t, 6);
    else if (!strcmp(name, "bounds")) {
        wf_grid_bounds(grid, box);
        push_numbers(L, box, 4);
    } else if (!strcmp(name, "resolution"))
        push_numbers(L, (double[]) { hypot(t[1], t[4]), hypot(t[2], t[5]) }, 2);
    else
        return false;
    return true;
}

const char *wf_crs_name(const char *wkt, char *buffer, size_t size)
{
    const char *start = strchr(wkt, '"'), *end = start ? strchr(start + 1, '"') : NULL;

    if (end)
        snprintf(buffer, size, "%.*s", (int)(end - start - 1), start + 1);
    else
        snprintf(buffer, size, "a CRS without a name");
    return buffer;
}

void wf_grid_cell(const WeftGrid *grid, int digits, char *buffer, size_t size)
{
    const double *t = grid->transform;
    double w = hypot(t[1], t[4]), h = hypot(t[2], t[5]);
    char word[48];
    const char *unit = weft_grid_unit(grid, word, sizeof word), *space = *unit ? " " : "";

    if (fabs(w - h) <= 1e-9 * w)
        snprintf(buffer, size, "%.*g%s%s", digits, w, space, unit);
    else
        snprintf(buffer, size, "%.*g x %.*g%s%s", digits, w, digits, h, space, unit);
}

const WeftGrid *wf_grid_like(lua_State *L, int options, const char *op, bool needed)
{
    const WeftGrid *grid = NULL;
    char hint[100];

    if (wf_option_push(L, options, "like")) {
        const WfRaster *raster = wf_raster_test(L, -1);
        grid = raster ? wf_raster_need_grid(L, raster, op) : wf_grid_value(L, -1);
        if (!grid)
            wf_raster_wrong(L, -1, op, "like", "a raster or a weft.grid");
        lua_pop(L, 1); /* the options keep it */
    }
    snprintf(hint, sizeof hint, "write weft.%s{like = r}", op);
    if (!grid && needed)
        wf_raisef(L, WEFT_EARG, op, hint, "on which grid?");
    return grid;
}

/* Numbers 1 ... count of the list at the top of the stack. */
static void read_numbers(lua_State *L, const char *name, const char *form, double *out, int count)
{
    if (!lua_istable(L, -1) || wf_list_count(L, -1, "grid", "number", form) != count)
        wf_raisef(L, WEFT_EARG, "grid", form, "%s must be a list of %d numbers", name, count);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, -1, i + 1);
        out[i] = wf_check_number(L, -1, "grid", name);
        lua_pop(L, 1);
    }
}

static void read_resolution(lua_State *L, double cell[2])
{
    if (!wf_option_push(L, 1, "resolution"))
        wf_raisef(L, WEFT_EARG, "grid", "resolution = 10, or {10, 20}",
                  "the resolution is missing");
    if (lua_type(L, -1) == LUA_TNUMBER)
        cell[0] = cell[1] = lua_tonumber(L, -1);
    else
        read_numbers(L, "resolution", "resolution = 10, or {10, 20}", cell, 2);
    if (!(cell[0] > 0) || !(cell[1] > 0) || isinf(cell[0]) || isinf(cell[1]))
        wf_raisef(L, WEFT_EARG, "grid", NULL, "the resolution must be above 0");
    lua_pop(L, 1);
}

static void tell_doubt(lua_State *L, const WeftGrid *grid)
{
    WfBox *box = wf_box(L, free);

    box->p = weft_grid_doubt(grid);
    if (box->p)
        wf_warn(L, "grid: %s", (const char *)box->p);
    lua_pop(L, 1);
}

static int make_grid(lua_State *L)
{
    static const WfOption known[] = {
        { "crs", WF_OWN },      { "bounds", WF_OWN }, { "resolution", WF_OWN },
        { "snap", WF_FLAG, 0 }, { NULL, WF_OWN },
    };
    const double slack = 1e-6; /* cells; bounds written in decimals may miss by rounding */
    double box[4], cell[2], size[2];
    bool snap = true;
    WeftGrid grid = { .georeferenced = true };
    WeftErr err = WF_NO_ERR;

    wf_args_most(L, 1, "grid");
    wf_options(L, 1, "grid", known, &snap);
    if (!wf_option_push(L, 1, "bounds"))
        wf_raisef(L, WEFT_EARG, "grid", "bounds = {xmin, ymin, xmax, ymax}",
                  "the bounds are missing");
    read_numbers(L, "bounds", "bounds = {xmin, ymin, xmax, ymax}", box, 4);
    read_resolution(L, cell);
    if (!(box[0] < box[2]) || !(box[1] < box[3]))
        wf_raisef(L, WEFT_EARG, "grid", "bounds = {xmin, ymin, xmax, ymax}",
                  "the bounds are empty");
    for (int i = 0; i < 2 && snap; i++) {
        box[i] = floor(box[i] / cell[i] + slack) * cell[i];
        box[i + 2] = ceil(box[i + 2] / cell[i] - slack) * cell[i];
    }
    for (int i = 0; i < 2; i++) {
        size[i] = ceil((box[i + 2] - box[i]) / cell[i] - slack);
        if (!(size[i] < 1e9))
            wf_raisef(L, WEFT_EARG, "grid", NULL, "%.14g cells are too many", size[i]);
    }
    grid.width = (int64_t)size[0];
    grid.height = (int64_t)size[1];
    memcpy(grid.transform, (double[]) { box[0], cell[0], 0, box[3], 0, -cell[1] },
           6 * sizeof(double));
    if (wf_option_push(L, 1, "crs")) {
        grid.crs = weft_crs(wf_script_graph(L), wf_check_text(L, -1, "grid", "crs"), &err);
        if (!grid.crs) {
            snprintf(err.op, sizeof err.op, "grid");
            return wf_raise(L, &err);
        }
    }
    tell_doubt(L, &grid);
    wf_grid_push(L, &grid);
    return 1;
}

static const WeftGrid *check_grid(lua_State *L)
{
    const WeftGrid *grid = wf_grid_value(L, 1);

    if (!grid)
        wf_raster_wrong(L, 1, NULL, "the value", "a grid");
    return grid;
}

static int grid_index(lua_State *L)
{
    static const char *const names[] = { "width",  "height",     "crs", "transform",
                                         "bounds", "resolution", NULL };
    const WeftGrid *grid = check_grid(L);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    WfNearest near;

    if (wf_grid_property(L, grid, name))
        return 1;
    wf_near_start(&near, name);
    for (int i = 0; names[i]; i++)
        wf_near_try(&near, names[i]);
    return wf_raisef(L, WEFT_ENAME, NULL, wf_near_hint(&near), "a grid has no property \"%s\"",
                     name);
}

static int grid_tostring(lua_State *L)
{
    const WeftGrid *grid = check_grid(L);
    char text[320], crs[128], cell[120];

    wf_grid_cell(grid, 10, cell, sizeof cell);
    snprintf(text, sizeof text, "grid %lld x %lld, %s, %s", (long long)grid->width,
             (long long)grid->height,
             grid->crs ? wf_crs_name(grid->crs, crs, sizeof crs) : "no CRS", cell);
    lua_pushstring(L, text);
    return 1;
}

void wf_grids_open(lua_State *L)
{
    wf_events(L, WF_GRID_NAME);
    lua_pushcfunction(L, grid_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, grid_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}

const WfFunction wf_grids_functions[] = {
    { .name = "grid",
      .call = make_grid,
      .family = "reading and describing",
      .signature = "grid{crs=, bounds={xmin, ymin, xmax, ymax}, resolution=10, snap=true}",
      .brief = "a grid made by hand; stands wherever like= takes a raster" },
    { .name = NULL },
};
