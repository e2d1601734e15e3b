/*
 * module.c - what `require "weft"` calls in any Lua 5.4.
 */
#include "dsl.h"

__attribute__((visibility("default"))) int luaopen_weft(lua_State *L);

int luaopen_weft(lua_State *L)
{
    return wf_script_open(L);
}
