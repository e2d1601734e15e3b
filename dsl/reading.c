/*
 * reading.c - pixels and descriptions to Lua: at, sample, read, info.
 *
 * Pixels go through a userdata buffer. Writes new Lua values only.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

double *wf_read_pixels(lua_State *L, int index, WeftRead *read, const char *op)
{
    const WfRaster *raster = wf_raster_test(L, index);
    size_t count = (size_t)raster->band_count * (size_t)read->cols * (size_t)read->rows;
    WeftNode *bands;
    WeftWork work = { .reads = read, .read_count = 1 };

    if (wf_script(L)->explaining)
        wf_raisef(L, WEFT_EARG, op, NULL, "explain computes no pixels and cannot go past this");
    if (count > (size_t)1 << 31)
        wf_raisef(L, WEFT_EMEM, op, "read a part", "%zu values are too many", count);
    read->out = lua_newuserdatauv(L, count * sizeof *read->out, 0);
    bands = lua_newuserdatauv(L, (size_t)raster->band_count * sizeof *bands, 0);
    for (int i = 0; i < raster->band_count; i++)
        bands[i] = raster->bands[i].node;
    read->bands = bands;
    read->band_count = raster->band_count;
    wf_result_run(L, &work, op); /* also into the file of --stats */
    lua_pop(L, 3);               /* the bands, the stats, the table */
    return read->out;
}

/* A value as a Lua number, an integer where the band is of an integer type; NaN: false. */
static bool push_value(lua_State *L, WeftNode node, double value)
{
    WeftType type = weft_node_type(wf_script(L)->graph, node);

    if (isnan(value))
        return false;
    if (type != WEFT_F32 && type != WEFT_F64 && fabs(value) < 9e15)
        lua_pushinteger(L, (lua_Integer)value);
    else
        lua_pushnumber(L, value);
    return true;
}

/* One pixel: a number for each band, nil where invalid. */
static int read_pixel(lua_State *L, const char *op, int64_t col, int64_t row)
{
    const WfRaster *raster = wf_raster_test(L, 1);
    WeftRead read = { .col = col, .row = row, .cols = 1, .rows = 1 };
    const double *out = wf_read_pixels(L, 1, &read, op);

    luaL_checkstack(L, raster->band_count, "too many bands");
    for (int i = 0; i < raster->band_count; i++)
        if (!push_value(L, raster->bands[i].node, out[i]))
            lua_pushnil(L);
    return raster->band_count;
}

static int at(lua_State *L)
{
    const WeftGrid *grid = wf_raster_need_grid(L, wf_raster_check(L, 1, "at", "the value"), "at");
    int64_t col = wf_check_whole(L, 2, "at", "col"), row = wf_check_whole(L, 3, "at", "row");

    wf_args_most(L, 3, "at");
    if (col < 0 || row < 0 || col >= grid->width || row >= grid->height)
        wf_raisef(L, WEFT_EARG, "at", "col and row count from 0",
                  "col %lld, row %lld is outside the raster of %lld x %lld", (long long)col,
                  (long long)row, (long long)grid->width, (long long)grid->height);
    return read_pixel(L, "at", col, row);
}

static int sample(lua_State *L)
{
    const WeftGrid *grid =
        wf_raster_need_grid(L, wf_raster_check(L, 1, "sample", "the value"), "sample");
    const double *t = grid->transform;
    double x = wf_check_number(L, 2, "sample", "x"), y = wf_check_number(L, 3, "sample", "y");
    double det = t[1] * t[5] - t[2] * t[4];
    double col = floor(((x - t[0]) * t[5] - (y - t[3]) * t[2]) / det);
    double row = floor(((y - t[3]) * t[1] - (x - t[0]) * t[4]) / det);
    double box[4];

    wf_args_most(L, 3, "sample");
    if (col >= 0 && row >= 0 && col < (double)grid->width && row < (double)grid->height)
        return read_pixel(L, "sample", (int64_t)col, (int64_t)row);
    wf_grid_bounds(grid, box);
    return wf_raisef(L, WEFT_EARG, "sample", NULL,
                     "(%.10g, %.10g) is outside the raster: x %.10g to %.10g, y %.10g to %.10g", x,
                     y, box[0], box[2], box[1], box[3]);
}

/* ------------------------------------------------------------------------------- read */

typedef struct Window {
    int64_t col, row, width, height;
} Window;

static const WfOption window_options[] = {
    { "col", WF_LONG, offsetof(Window, col) },
    { "row", WF_LONG, offsetof(Window, row) },
    { "width", WF_LONG, offsetof(Window, width) },
    { "height", WF_LONG, offsetof(Window, height) },
    { "band", WF_OWN },
    { NULL, WF_OWN },
};

static void check_window(lua_State *L, const WeftGrid *grid, Window *w)
{
    if (w->width < 0)
        w->width = w->col < grid->width ? grid->width - w->col : 1;
    if (w->height < 0)
        w->height = w->row < grid->height ? grid->height - w->row : 1;
    if (w->col < 0 || w->row < 0 || w->width < 1 || w->height < 1 || w->col >= grid->width ||
        w->row >= grid->height || w->width > grid->width - w->col ||
        w->height > grid->height - w->row)
        wf_raisef(L, WEFT_EARG, "read", NULL,
                  "the window col=%lld, row=%lld, width=%lld, height=%lld does not lie inside the "
                  "raster of %lld x %lld",
                  (long long)w->col, (long long)w->row, (long long)w->width, (long long)w->height,
                  (long long)grid->width, (long long)grid->height);
}

static int read_window(lua_State *L)
{
    const WfRaster *raster = wf_raster_check(L, 1, "read", "the value");
    const WeftGrid *grid = wf_raster_need_grid(L, raster, "read");
    Window w = { .width = -1, .height = -1 };
    int band = 0;
    WeftNode node;
    WeftRead read;

    wf_args_most(L, 2, "read");
    wf_options(L, 2, "read", window_options, &w);
    check_window(L, grid, &w);
    if (wf_option_push(L, 2, "band"))
        band = wf_raster_band_of(L, 1, lua_gettop(L), "read");
    lua_settop(L, 2);
    wf_raster_push_band(L, 1, band);
    node = raster->bands[band].node;
    read = (WeftRead) { .col = w.col, .row = w.row, .cols = w.width, .rows = w.height };
    wf_read_pixels(L, 3, &read, "read");
    wf_script_table(L, "invalid");
    lua_createtable(L, (int)w.height, 0);
    for (int64_t r = 0; r < w.height; r++) {
        lua_createtable(L, (int)w.width, 0);
        for (int64_t c = 0; c < w.width; c++) {
            if (!push_value(L, node, read.out[r * w.width + c]))
                lua_pushvalue(L, -3);
            lua_rawseti(L, -2, c + 1);
        }
        lua_rawseti(L, -2, r + 1);
    }
    return 1;
}

/* ------------------------------------------------------------------------------- info */

static void add_bands(lua_State *L, luaL_Buffer *text)
{
    const WfRaster *raster = wf_raster_test(L, 1);
    const WeftGraph *graph = wf_script(L)->graph;
    char line[300];

    for (int i = 0; i < raster->band_count; i++) {
        WeftRange range = weft_node_range(graph, raster->bands[i].node);
        const char *name = wf_raster_name(L, 1, i);
        int used = snprintf(line, sizeof line, "\n  band %d%s%s: %s", i + 1, *name ? " " : "", name,
                            weft_type_name(weft_node_type(graph, raster->bands[i].node)));
        if (used > 0 && used < 200 && isfinite(range.lo) && isfinite(range.hi))
            snprintf(line + used, sizeof line - (size_t)used, ", from %.10g to %.10g", range.lo,
                     range.hi);
        luaL_addstring(text, line);
    }
}

static int info(lua_State *L)
{
    const WfRaster *raster = wf_raster_check(L, 1, "info", "the value");
    const WeftFile *file = raster->bands[0].file;
    const WeftGrid *grid = wf_raster_grid(L, raster);
    WeftErr err = WF_NO_ERR;
    char line[200] = "";
    double box[4];
    luaL_Buffer text;

    wf_args_most(L, 1, "info");
    for (int i = 0; i < raster->band_count; i++)
        if (raster->bands[i].file != file || raster->band_count != (file ? file->band_count : -1))
            file = NULL;
    if (file) {
        WfBox *box_of_text = wf_box(L, free);
        return wf_push_text(L, box_of_text, weft_info(file->path, &err), &err);
    }
    wf_raster_summary(L, 1);
    luaL_buffinit(L, &text);
    luaL_addstring(&text, lua_tostring(L, 2));
    if (grid && grid->georeferenced) {
        wf_grid_bounds(grid, box);
        snprintf(line, sizeof line, "\n  x %.10g to %.10g, y %.10g to %.10g", box[0], box[2],
                 box[1], box[3]);
        luaL_addstring(&text, line);
    }
    add_bands(L, &text);
    luaL_pushresult(&text);
    return 1;
}

const WfFunction wf_reading_functions[] = {
    { "at", at, true, "reading and describing", "r:at(col, row)",
      "the pixel's value, one result a band, nil where invalid; col and row count from 0" },
    { "sample", sample, true, "reading and describing", "r:sample(x, y)",
      "the value of the pixel at these coordinates, one result a band, nil where invalid" },
    { "read", read_window, true, "reading and describing",
      "r:read{col=0, row=0, width=, height=, band=1}",
      "a table t[row][col], counted from 1; weft.invalid where invalid" },
    { "info", info, true, "asking for results", "r:info()", "the raster in words" },
    { NULL },
};
