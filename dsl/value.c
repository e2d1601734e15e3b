/*
 * value.c - rasters as Lua values: nodes, grid and names of their bands.
 *
 * A raster is a userdata with one graph node a band. Writes new Lua values only.
 */
#include <string.h>

#include "dsl.h"

WfRaster *wf_raster_new(lua_State *L, int band_count)
{
    size_t size = sizeof(WfRaster) + (size_t)band_count * sizeof(WfBand);
    WfRaster *raster;

    luaL_checkstack(L, 10, "too many values");
    raster = lua_newuserdatauv(L, size, 2);
    raster->band_count = band_count;
    for (int i = 0; i < band_count; i++)
        raster->bands[i] = (WfBand) { .node = WEFT_NONE };
    luaL_setmetatable(L, WF_RASTER_NAME);
    return raster;
}

/* The first value of a method that was called with a point: r.slope{...}; NULL where it was not. */
static const char *colon_hint(lua_State *L, int index, const char *op)
{
    lua_Debug frame;
    bool method;

    if (index != 1 || !op || !lua_getstack(L, 0, &frame) || !lua_getinfo(L, "n", &frame) ||
        !*frame.namewhat || !strcmp(frame.namewhat, "metamethod"))
        return NULL;
    wf_script_table(L, "methods");
    method = lua_getfield(L, -1, op) != LUA_TNIL;
    lua_pop(L, 2);
    return method ? lua_pushfstring(L, "r:%s(...) with a colon, or weft.%s(r, ...)", op, op) : NULL;
}

int wf_raster_wrong(lua_State *L, int index, const char *op, const char *name, const char *wanted)
{
    WfAbsent absent = { .text = "" };
    const char *colon;

    wf_script(L); /* once that is closed nothing is a raster */
    if (lua_isboolean(L, index))
        wf_raisef(L, WEFT_EARG, op,
                  "did you write == or not on a raster? use :eq or :ne, and weft.calc",
                  "`%s` is no raster", lua_toboolean(L, index) ? "true" : "false");
    if (lua_isnoneornil(L, index))
        wf_absent_find(L, &absent);
    colon = *absent.text ? NULL : colon_hint(L, index, op);
    wf_raisef(L, WEFT_EARG, op, absent.near.wanted ? wf_near_hint(&absent.near) : colon,
              "%s must be %s, not %s%s", name, wanted, wf_what(L, index), absent.text);
}

WfRaster *wf_raster_check(lua_State *L, int index, const char *op, const char *name)
{
    WfRaster *raster = wf_raster_test(L, index);

    if (!raster)
        wf_raster_wrong(L, index, op, name, "a raster");
    return raster;
}

const WeftGrid *wf_raster_grid(lua_State *L, const WfRaster *raster)
{
    const WeftGrid *grid = NULL;

    for (int i = 0; i < raster->band_count && !grid; i++)
        grid = weft_node_grid(wf_script(L)->graph, raster->bands[i].node);
    return grid;
}

const WeftGrid *wf_raster_need_grid(lua_State *L, const WfRaster *raster, const char *op)
{
    const WeftGrid *grid = wf_raster_grid(L, raster);

    if (!grid)
        wf_raisef(L, WEFT_EGRID, op, "give it one: weft.constant(v, {like = r})",
                  "a number has no grid");
    return grid;
}

/* ------------------------------------------------------------------------------- names */

const char *wf_raster_name(lua_State *L, int index, int band)
{
    const char *name = "";

    if (lua_getiuservalue(L, index, 1) == LUA_TTABLE) {
        if (lua_rawgeti(L, -1, band + 1) == LUA_TSTRING)
            name = lua_tostring(L, -1); /* the list of names keeps it */
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return name;
}

void wf_raster_set_name(lua_State *L, int index, int band, const char *name)
{
    index = lua_absindex(L, index);
    if (lua_getiuservalue(L, index, 1) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        for (int i = 0; i < wf_raster_test(L, index)->band_count; i++) {
            lua_pushstring(L, "");
            lua_rawseti(L, -2, i + 1);
        }
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, 1);
    }
    lua_pushstring(L, name);
    lua_rawseti(L, -2, band + 1);
    lua_pop(L, 1);
}

void wf_raster_copy_names(lua_State *L, int from, int to)
{
    to = lua_absindex(L, to);
    lua_getiuservalue(L, from, 1);
    lua_setiuservalue(L, to, 1);
}
