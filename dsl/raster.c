/*
 * raster.c - what a script does with a raster value: bands, properties, methods, Lua's operators
 * and the traps in them.
 *
 * Needs: the methods of the registry. Writes new Lua values only.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <lualib.h>

#include "dsl.h"

const char *const wf_raster_properties[] = { "width",      "height", "type",   "crs",  "transform",
                                             "bounds",     "grid",   "nodata", "path", "names",
                                             "resolution", "times",  NULL };

/* ------------------------------------------------------------------------------- bands */

/* The band of that name, -1: none; of two an error. */
static int find_name(lua_State *L, int index, const char *name, const char *op)
{
    int count = wf_raster_test(L, index)->band_count, found = -1;
    char hint[100];

    for (int i = 0; i < count && *name; i++) {
        if (strcmp(wf_raster_name(L, index, i), name) != 0)
            continue;
        if (found < 0) {
            found = i;
            continue;
        }
        snprintf(hint, sizeof hint,
                 "take them by number, r[%d] and r[%d], or rename all: r:rename{...}", found + 1,
                 i + 1);
        wf_raisef(L, WEFT_ENAME, op, hint, "bands %d and %d are both named \"%s\"", found + 1,
                  i + 1, name);
    }
    return found;
}

void wf_raster_tell_twins(lua_State *L, int index, const char *op)
{
    int count = wf_raster_test(L, index)->band_count;

    index = lua_absindex(L, index);
    lua_createtable(L, 0, count);
    for (int i = 0; i < count; i++) {
        const char *name = wf_raster_name(L, index, i);

        if (*name && wf_option_push(L, -1, name)) {
            wf_warn(L, "%s: bands %d and %d are both named \"%s\"; only numbers tell them apart",
                    op, (int)lua_tointeger(L, -1), i + 1, name);
            lua_pop(L, 1);
            break;
        }
        lua_pushinteger(L, i + 1);
        lua_setfield(L, -2, name);
    }
    lua_pop(L, 1);
}

static int no_such_band(lua_State *L, int index, const char *op, const char *name, bool any)
{
    const WfRaster *raster = wf_raster_test(L, index);
    const char *statistic;
    WfNearest near;

    wf_near_start(&near, name);
    for (int i = 0; i < raster->band_count; i++)
        wf_near_try(&near, wf_raster_name(L, index, i));
    if (!any)
        return wf_raisef(L, WEFT_ENAME, op, wf_near_hint(&near), "no band \"%s\"", name);
    for (int i = 0; wf_raster_properties[i]; i++)
        wf_near_try(&near, wf_raster_properties[i]);
    wf_script_table(L, "methods");
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        wf_near_try(&near, lua_tostring(L, -2));
    statistic = wf_statistic_hint(L, name);
    return wf_raisef(L, WEFT_ENAME, op,
                     statistic    ? statistic
                     : *near.best ? wf_near_hint(&near)
                                  : "weft.help() lists the methods",
                     "a raster has no property, method or band \"%s\"", name);
}

int wf_raster_band_of(lua_State *L, int index, int key, const char *op)
{
    const WfRaster *raster = wf_raster_test(L, index);
    int64_t number;
    int band;

    if (lua_type(L, key) == LUA_TSTRING) {
        band = find_name(L, index, lua_tostring(L, key), op);
        return band >= 0 ? band : no_such_band(L, index, op, lua_tostring(L, key), false);
    }
    if (lua_type(L, key) != LUA_TNUMBER)
        wf_raisef(L, WEFT_EARG, op, NULL, "a band is a number or a name, not %s", wf_what(L, key));
    number = wf_check_whole(L, key, op, "the band");
    if (number < 1 || number > raster->band_count)
        wf_raisef(L, WEFT_ENAME, op, raster->band_count == 1 ? "it has one band" : NULL,
                  "no band %lld among %d; bands count from 1", (long long)number,
                  raster->band_count);
    return (int)number - 1;
}

void wf_raster_push_band(lua_State *L, int index, int band)
{
    const WfRaster *raster = wf_raster_test(L, index);
    const char *name = wf_raster_name(L, index, band);
    double seconds;
    WfRaster *one;

    index = lua_absindex(L, index);
    one = wf_raster_new(L, 1);
    one->bands[0] = raster->bands[band];
    if (*name)
        wf_raster_set_name(L, -1, 0, name);
    if (wf_times_get(L, index, band, &seconds))
        wf_times_set(L, -1, 0, seconds);
}

/* ------------------------------------------------------------------------------- properties */

static void push_type(lua_State *L, const WfRaster *raster)
{
    const WeftGraph *graph = wf_script(L)->graph;
    WeftType type = weft_node_type(graph, raster->bands[0].node);

    for (int i = 1; i < raster->band_count; i++)
        if (weft_node_type(graph, raster->bands[i].node) != type) {
            lua_pushliteral(L, "mixed");
            return;
        }
    lua_pushstring(L, weft_type_name(type));
}

static bool push_band_nodata(lua_State *L, const WfBand *band)
{
    const WeftBand *source = band->file ? &band->file->bands[band->number - 1] : NULL;

    if (!source || !source->has_nodata)
        return false;
    if (source->type >= WEFT_U8 && source->type <= WEFT_I64 &&
        lua_stringtonumber(L, source->nodata_text))
        return true;
    lua_pushnumber(L, source->nodata);
    return true;
}

/* A number where all bands agree, a list (false: none) where they differ, nil where none has any.
 */
static void push_nodata(lua_State *L, const WfRaster *raster)
{
    bool same = true, first = push_band_nodata(L, &raster->bands[0]);

    if (!first)
        lua_pushnil(L);
    for (int i = 1; i < raster->band_count && same; i++) {
        if (!push_band_nodata(L, &raster->bands[i]))
            lua_pushnil(L);
        same =
            lua_rawequal(L, -1, -2) || (lua_isnumber(L, -1) && lua_isnumber(L, -2) &&
                                        isnan(lua_tonumber(L, -1)) && isnan(lua_tonumber(L, -2)));
        lua_pop(L, 1);
    }
    if (same)
        return;
    lua_createtable(L, raster->band_count, 0);
    for (int i = 0; i < raster->band_count; i++) {
        if (!push_band_nodata(L, &raster->bands[i]))
            lua_pushboolean(L, false);
        lua_rawseti(L, -2, i + 1);
    }
}

static void push_path(lua_State *L, const WfRaster *raster)
{
    const WeftFile *file = raster->bands[0].file;

    for (int i = 1; i < raster->band_count; i++)
        if (raster->bands[i].file != file)
            file = NULL;
    lua_pushstring(L, file ? file->path : NULL);
}

static void push_names(lua_State *L, int index)
{
    int count = wf_raster_test(L, index)->band_count;

    lua_createtable(L, count, 0);
    for (int i = 0; i < count; i++) {
        lua_pushstring(L, wf_raster_name(L, index, i));
        lua_rawseti(L, -2, i + 1);
    }
}

static bool push_property(lua_State *L, int index, const char *name)
{
    const WfRaster *raster = wf_raster_test(L, index);
    const WeftGrid *grid = wf_raster_grid(L, raster);
    int i = 0;

    while (wf_raster_properties[i] && strcmp(wf_raster_properties[i], name))
        i++;
    if (!wf_raster_properties[i])
        return false;
    if (!strcmp(name, "type"))
        push_type(L, raster);
    else if (!strcmp(name, "nodata"))
        push_nodata(L, raster);
    else if (!strcmp(name, "path"))
        push_path(L, raster);
    else if (!strcmp(name, "names"))
        push_names(L, index);
    else if (grid && !strcmp(name, "grid"))
        wf_grid_push(L, grid);
    else if (!strcmp(name, "times") ? !wf_times_push(L, index)
                                    : !grid || !wf_grid_property(L, grid, name))
        lua_pushnil(L); /* a number has no width, and few rasters have times */
    return true;
}

/* ipairs asks for one band more than there are, and ends at nil. */
static bool is_end_of_ipairs(lua_State *L)
{
    lua_Debug caller;
    bool ends;

    if (!lua_isinteger(L, 2) || lua_tointeger(L, 2) != wf_raster_test(L, 1)->band_count + 1 ||
        !lua_getstack(L, 1, &caller) || !lua_getinfo(L, "f", &caller))
        return false;
    wf_script_table(L, "ipairs");
    ends = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return ends;
}

static int raster_index(lua_State *L)
{
    const char *name;
    int band;

    wf_raster_check(L, 1, NULL, "the value");
    if (is_end_of_ipairs(L))
        return 0;
    if (lua_type(L, 2) != LUA_TSTRING) {
        wf_raster_push_band(L, 1, wf_raster_band_of(L, 1, 2, NULL));
        return 1;
    }
    name = lua_tostring(L, 2);
    if (push_property(L, 1, name))
        return 1;
    wf_script_table(L, "methods");
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL)
        return 1;
    band = find_name(L, 1, name, NULL);
    if (band < 0)
        return no_such_band(L, 1, NULL, name, true);
    wf_raster_push_band(L, 1, band);
    return 1;
}

static int raster_set(lua_State *L)
{
    return wf_raisef(L, WEFT_EARG, NULL, "make a new one: weft.stack, r:select, r:rename",
                     "a raster cannot be changed");
}

static int raster_len(lua_State *L)
{
    lua_pushinteger(L, wf_raster_check(L, 1, NULL, "the value")->band_count);
    return 1;
}

/* Numbers without a grid; their type is at the top of the stack and is replaced. */
static void push_number_summary(lua_State *L, const WfRaster *raster)
{
    char bands[40] = "", numbers[40] = "number";

    if (raster->band_count > 1) {
        snprintf(bands, sizeof bands, " of %d bands", raster->band_count);
        snprintf(numbers, sizeof numbers, "%d numbers", raster->band_count);
    }
    wf_script_table(L, "scalars");
    if (lua_rawgeti(L, -1, raster->bands[0].node) == LUA_TTABLE) {
        lua_getfield(L, -1, "name");
        lua_pushfstring(L, "scalar \"%s\"%s, %s", lua_tostring(L, -1), bands, lua_tostring(L, -4));
        lua_replace(L, -5);
        lua_pop(L, 3);
    } else {
        lua_pushfstring(L, "%s without a grid, %s", numbers, lua_tostring(L, -3));
        lua_replace(L, -4);
        lua_pop(L, 2);
    }
}

void wf_raster_summary(lua_State *L, int index)
{
    const WfRaster *raster = wf_raster_test(L, index);
    const WeftGrid *grid = wf_raster_grid(L, raster);
    char size[64], crs[128], cell[120] = "";

    push_type(L, raster);
    if (!grid) {
        push_number_summary(L, raster);
        return;
    }
    snprintf(size, sizeof size, "%lld x %lld, %d band%s", (long long)grid->width,
             (long long)grid->height, raster->band_count, raster->band_count == 1 ? "" : "s");
    if (grid->georeferenced)
        wf_grid_cell(grid, 6, cell, sizeof cell);
    lua_pushfstring(L, "raster %s %s, %s%s%s", size, lua_tostring(L, -1),
                    grid->crs ? wf_crs_name(grid->crs, crs, sizeof crs) : "no CRS",
                    *cell ? ", " : "", cell);
    lua_remove(L, -2);
}

static int raster_tostring(lua_State *L)
{
    wf_raster_check(L, 1, NULL, "the value");
    wf_raster_summary(L, 1);
    return 1;
}

/* ------------------------------------------------------------------------------- operators */

/* What Lua would make of a raster by itself is an error. */
typedef struct Trap {
    const char *event, *what, *hint;
    bool number; /* with the number that a lazy scalar is it can be done */
} Trap;

static const Trap traps[] = {
    { "__lt", "Lua's < and > make no raster",
      "write a:lt(b) or a:gt(b), or weft.calc([[ A < B ]], {A = a, B = b})", true },
    { "__le", "Lua's <= and >= make no raster",
      "write a:le(b) or a:ge(b), or weft.calc([[ A <= B ]], {A = a, B = b})", true },
    { "__eq", "Lua's == and ~= make no raster",
      "write a:eq(b) or a:ne(b), or weft.calc([[ A == B ]], {A = a, B = b})", true },
    { "__concat", "Lua's .. joins no rasters",
      "write weft.stack{a, b} for their bands, tostring(a) for text", true },
    { "__call", "a raster is called like a function",
      "end the line before a line that begins with ( by a semicolon", false },
};

static int spring_trap(lua_State *L)
{
    const Trap *trap = lua_touserdata(L, lua_upvalueindex(1));
    const char *hint = trap->hint;

    for (int i = 1; trap->number && i <= 2; i++) {
        const WfRaster *raster = wf_raster_test(L, i);
        if (raster && !wf_raster_grid(L, raster))
            hint = "s:value() computes the number that a lazy scalar is";
    }
    return wf_raisef(L, WEFT_ETYPE, NULL, hint, "%s", trap->what);
}

static int raster_operator(lua_State *L)
{
    const WeftOp *op = lua_touserdata(L, lua_upvalueindex(1));

    lua_settop(L, op->inputs); /* Lua gives the operand of - and ~ twice */
    return wf_operate(L, op, 1);
}

static const struct {
    const char *event, *op;
} operators[] = {
    { "__add", "add" },       { "__sub", "sub" },   { "__mul", "mul" },     { "__div", "div" },
    { "__idiv", "floordiv" }, { "__mod", "mod" },   { "__pow", "pow" },     { "__unm", "neg" },
    { "__band", "bitand" },   { "__bor", "bitor" }, { "__bxor", "bitxor" }, { "__bnot", "bitnot" },
    { "__shl", "shl" },       { "__shr", "shr" },
};

static const luaL_Reg events[] = {
    { "__index", raster_index },
    { "__newindex", raster_set },
    { "__len", raster_len },
    { "__tostring", raster_tostring },
    { NULL, NULL },
};

/* The function that steps for ipairs, as a standard library not touched by the script gives it. */
static void keep_ipairs(lua_State *L)
{
    luaL_requiref(L, LUA_GNAME, luaopen_base, 0);
    lua_getfield(L, -1, "ipairs");
    lua_newtable(L);
    lua_call(L, 1, 1);
    wf_script_keep(L, "ipairs");
    lua_pop(L, 1);
}

void wf_raster_start(lua_State *L)
{
    keep_ipairs(L);
    wf_events(L, WF_RASTER_NAME);
    luaL_setfuncs(L, events, 0);
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        lua_pushlightuserdata(L, (void *)(uintptr_t)&traps[i]);
        lua_pushcclosure(L, spring_trap, 1);
        lua_setfield(L, -2, traps[i].event);
    }
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        WeftErr err = { 0 };
        const WeftOp *op = weft_op_find(operators[i].op, &err);
        if (!op)
            continue;
        lua_pushlightuserdata(L, (void *)(uintptr_t)op);
        lua_pushcclosure(L, raster_operator, 1);
        lua_setfield(L, -2, operators[i].event);
    }
    lua_pop(L, 1);
}
