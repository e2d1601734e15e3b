/*
 * what.c - what a Lua value is to weft.
 *
 * Reads the stack; makes metatables.
 */
#include "dsl.h"

void wf_events(lua_State *L, const char *name)
{
    luaL_newmetatable(L, name);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
}

WfRaster *wf_raster_test(lua_State *L, int index)
{
    return luaL_testudata(L, index, WF_RASTER_NAME);
}

const WeftGrid *wf_grid_value(lua_State *L, int index)
{
    return luaL_testudata(L, index, WF_GRID_NAME);
}

const char *wf_what(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TNIL:
    case LUA_TNONE:
        return "nil";
    case LUA_TBOOLEAN:
        return lua_toboolean(L, index) ? "true" : "false";
    case LUA_TNUMBER:
        return "a number";
    case LUA_TSTRING:
        return "a text";
    case LUA_TFUNCTION:
        return "a function";
    case LUA_TTABLE:
        return "a table";
    default:
        return wf_raster_test(L, index)  ? "a raster"
               : wf_grid_value(L, index) ? "a grid"
                                         : "a value";
    }
}
