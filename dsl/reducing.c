/*
 * reducing.c - what the Lua side of statistics stands on: reductions as nodes, their tables, runs.
 *
 * In Lua a reduction is the number of its node; a table of results is a userdata that owns the
 * engine's cells. Files of Lua are given these functions by script.c. Writes new nodes, and files
 * through the engine.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

#define CELLS_NAME "weft.cells"
#define ZONES_NAME "weft.zones"

enum { ARGS_MAX = 2 * WEFT_ARGS_MAX };

/* ------------------------------------------------------------------------------- nodes */

static WeftNode band_at(lua_State *L, int index, const char *op)
{
    const WfRaster *raster = wf_raster_check(L, index, op, "the value");

    return raster->bands[0].node;
}

/* The value at the top of the stack as the next argument, `name`. Zones without a span are left
 * out. */
static void read_arg(lua_State *L, const char *name, const char *op, WeftArg *args, int *count)
{
    const WeftZones *const *zones = luaL_testudata(L, -1, ZONES_NAME);
    WeftArg arg = { .name = name, .node = WEFT_NONE };

    luaL_argcheck(L, !zones || *zones, 3, "closed zones");
    if (zones && (*zones)->spans.row_count == 0)
        return;
    if (zones) {
        arg.cells = (*zones)->spans.cells;
        arg.rows = (*zones)->spans.row_count;
        arg.columns = (*zones)->spans.column_count;
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
        arg.number = lua_tonumber(L, -1);
        arg.integer = lua_isinteger(L, -1);
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        arg.text = lua_tostring(L, -1);
    } else {
        arg.node = band_at(L, lua_gettop(L), op);
    }
    args[(*count)++] = arg;
}

/* reduce(operator, {raster, ...}, {name = number, text, scalar or zones}, op): a node's number. The
 * first band of each raster is taken. */
static int reduce(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1), *op = luaL_checkstring(L, 4);
    WeftErr err = WF_NO_ERR;
    int count = (int)lua_rawlen(L, 2), arg_count = 0;
    WeftNode *inputs = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *inputs, 0), node;
    WeftArg args[ARGS_MAX];

    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, 2, i + 1);
        inputs[i] = band_at(L, lua_gettop(L), op);
        lua_pop(L, 1);
    }
    wf_table_own(L, 3);
    for (lua_pushnil(L); lua_next(L, 3) && arg_count < ARGS_MAX; lua_pop(L, 1))
        read_arg(L, luaL_checkstring(L, -2), op, args, &arg_count);
    node = weft_reduce(wf_script_graph(L), name, inputs, count, args, arg_count, &err);
    if (node == WEFT_NONE) {
        snprintf(err.op, sizeof err.op, "%s", op);
        if (!strncmp(err.hint, name, strlen(name)))
            *err.hint = '\0'; /* how a reduction is called is no matter of the script's */
        return wf_raise(L, &err);
    }
    lua_pushinteger(L, node);
    return 1;
}

/* cells({{reduction, row, column}, ...}): a lazy scalar for each, as one raster without a grid. */
static int cells(lua_State *L)
{
    WeftErr err = WF_NO_ERR;
    int count = (int)lua_rawlen(L, 1);
    WfRaster *result = wf_raster_new(L, count);

    for (int i = 0; i < count; i++) {
        lua_Integer at[3];

        lua_rawgeti(L, 1, i + 1);
        for (int k = 0; k < 3; k++) {
            lua_rawgeti(L, -1, k + 1);
            at[k] = lua_tointeger(L, -1);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
        result->bands[i].node =
            weft_cell(wf_script_graph(L), (WeftNode)at[0], at[1], (int)at[2], &err);
        if (result->bands[i].node == WEFT_NONE)
            return wf_raise(L, &err);
    }
    return 1;
}

/* nodes(raster): the list of its bands' numbers in the graph. */
static int nodes(lua_State *L)
{
    const WfRaster *raster = wf_raster_check(L, 1, NULL, "the value");

    lua_createtable(L, raster->band_count, 0);
    for (int i = 0; i < raster->band_count; i++) {
        lua_pushinteger(L, raster->bands[i].node);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* kind(raster): are all values integers, has it a grid, does the grid lie on the earth. */
static int kind(lua_State *L)
{
    const WfRaster *raster = wf_raster_check(L, 1, NULL, "the value");
    const WeftGrid *grid = wf_raster_grid(L, raster);

    lua_pushboolean(L, weft_node_range(wf_script(L)->graph, raster->bands[0].node).whole);
    lua_pushboolean(L, grid != NULL);
    lua_pushboolean(L, grid && grid->georeferenced);
    return 3;
}

/* ------------------------------------------------------------------------------- tables */

static int free_cells(lua_State *L)
{
    weft_table_free(luaL_checkudata(L, 1, CELLS_NAME)); /* and leaves it empty */
    return 0;
}

/* get(table, row, column), from 0: a number, or nil where there is none. */
static int get_cell(lua_State *L)
{
    const WeftTable *table = wf_cells_check(L, 1);
    lua_Integer row = luaL_checkinteger(L, 2), column = luaL_checkinteger(L, 3);
    double value;

    bool inside = row >= 0 && row < table->row_count && column >= 0 && column < table->column_count;

    value = inside ? table->cells[row * table->column_count + column] : (double)NAN;
    if (isnan(value))
        lua_pushnil(L);
    else
        lua_pushnumber(L, value);
    return 1;
}

/* size(table): rows and columns. */
static int table_size(lua_State *L)
{
    const WeftTable *table = wf_cells_check(L, 1);

    lua_pushinteger(L, table->row_count);
    lua_pushinteger(L, table->column_count);
    return 2;
}

const WeftTable *wf_cells_check(lua_State *L, int index)
{
    const WeftTable *table = luaL_checkudata(L, index, CELLS_NAME);

    if (!table->column_count)
        wf_raisef(L, WEFT_EARG, NULL, "a __gc may find what it holds collected before it",
                  "these results are freed already");
    return table;
}

int64_t wf_cells_find(const WeftTable *table, double value)
{
    int64_t low = 0, high = table->row_count;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (table->cells[middle * table->column_count] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->row_count && table->cells[low * table->column_count] == value ? low : -1;
}

/* find(table, value): the row, from 0, whose first column is `value`, or nothing. */
static int find_row(lua_State *L)
{
    int64_t row = wf_cells_find(wf_cells_check(L, 1), luaL_checknumber(L, 2));

    if (row < 0)
        return 0;
    lua_pushinteger(L, row);
    return 1;
}

/* integers(table): the list of the first column's integers. */
static int list_integers(lua_State *L)
{
    const WeftTable *table = wf_cells_check(L, 1);

    lua_createtable(L, table->row_count < INT_MAX ? (int)table->row_count : INT_MAX, 0);
    for (int64_t row = 0; row < table->row_count; row++) {
        lua_pushinteger(L, (lua_Integer)table->cells[row * table->column_count]);
        lua_rawseti(L, -2, row + 1);
    }
    return 1;
}

static WeftAsk *read_asks(lua_State *L, int list, int anchors, int results, int *count)
{
    WeftAsk *asks;

    *count = (int)lua_rawlen(L, list);
    asks = lua_newuserdatauv(L, (size_t)(*count + 1) * sizeof *asks, 0);
    luaL_ref(L, anchors);
    for (int i = 0; i < *count; i++) {
        WeftTable *table = lua_newuserdatauv(L, sizeof *table, 0);

        *table = (WeftTable) { .cells = NULL };
        luaL_setmetatable(L, CELLS_NAME);
        lua_rawseti(L, results, i + 1);
        lua_rawgeti(L, list, i + 1);
        asks[i] = (WeftAsk) { .node = (WeftNode)lua_tointeger(L, -1), .table = table };
        lua_pop(L, 1);
    }
    return asks;
}

/* run({{raster, path, options}, ...}, {reduction, ...}, op): all in one run; gives the list of
 * tables and what the run did. */
static int run(lua_State *L)
{
    const char *op = luaL_checkstring(L, 3);
    WeftWork work = { .saves = NULL };

    lua_settop(L, 3);
    lua_newtable(L);
    lua_insert(L, 2); /* 2: anchors, 3: reductions, 4: op */
    lua_newtable(L);
    work.asks = read_asks(L, 3, 2, 5, &work.ask_count);
    lua_pushvalue(L, 5);
    lua_setfield(L, 2, "tables");
    lua_settop(L, 2);
    if (lua_rawlen(L, 1))
        work.saves = wf_saves_read(L, op, &work.save_count);
    wf_saves_run(L, &work, op);
    lua_getfield(L, 2, "tables");
    lua_insert(L, -2);
    return 2;
}

/* ------------------------------------------------------------------------------- polygons */

static int free_zones(lua_State *L)
{
    WeftZones **zones = luaL_checkudata(L, 1, ZONES_NAME);

    weft_zones_free(*zones);
    *zones = NULL;
    return 0;
}

static const WfOption zoning_options[] = {
    { "layer", WF_TEXT, offsetof(WeftZoning, layer) },
    { "id", WF_TEXT, offsetof(WeftZoning, id) },
    { "where", WF_TEXT, offsetof(WeftZoning, where) },
    { "rule", WF_TEXT, offsetof(WeftZoning, rule) },
    { NULL, WF_OWN },
};

/* zones(path, raster, options): the polygons of a file on the raster's grid. */
static int zones(lua_State *L)
{
    const WfRaster *raster = wf_raster_check(L, 2, "zonal", "the value");
    WeftErr err = WF_NO_ERR;
    WeftZoning options = { .memory = weft_engine_memory(wf_script_engine(L)) };
    WeftZones **made;

    wf_options(L, 3, "zonal", zoning_options, &options);
    made = lua_newuserdatauv(L, sizeof *made, 0);
    *made = NULL;
    luaL_setmetatable(L, ZONES_NAME);
    *made = weft_zones(wf_script_graph(L), luaL_checkstring(L, 1), &options,
                       wf_raster_need_grid(L, raster, "zonal"), &err);
    return *made ? 1 : wf_raise(L, &err);
}

/* zone_ids(zones): the list of ids. */
static int zone_ids(lua_State *L)
{
    const WeftZones *read = *(WeftZones **)luaL_checkudata(L, 1, ZONES_NAME);

    luaL_argcheck(L, read, 1, "closed zones");
    lua_createtable(L, read->count, 0);
    for (int i = 0; i < read->count; i++) {
        if (read->integer)
            lua_pushinteger(L, strtoll(read->ids[i], NULL, 10));
        else
            lua_pushstring(L, read->ids[i]);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* keep(name, value): for wf_script_table. */
static int keep(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);

    lua_settop(L, 2);
    wf_script_keep(L, name);
    return 0;
}

void wf_reducing_open(lua_State *L, int tools)
{
    static const luaL_Reg functions[] = {
        { "reduce", reduce },
        { "cells", cells },
        { "nodes", nodes },
        { "kind", kind },
        { "get", get_cell },
        { "find", find_row },
        { "integers", list_integers },
        { "run", run },
        { "zones", zones },
        { "size", table_size },
        { "zone_ids", zone_ids },
        { "zones_close", free_zones }, /* what reductions need of them, they have */
        { "keep", keep },
        { NULL, NULL },
    };

    wf_events(L, CELLS_NAME);
    lua_pushcfunction(L, free_cells);
    lua_setfield(L, -2, "__gc");
    wf_events(L, ZONES_NAME);
    lua_pushcfunction(L, free_zones);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 2);
    lua_pushvalue(L, tools);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
