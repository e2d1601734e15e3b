/*
 * module.c - what `require "weft"` calls in any Lua 5.4.
 */
#include "dsl.h"

__attribute__((visibility("default"))) int luaopen_weft(lua_State *L);

int luaopen_weft(lua_State *L)
{
    int count = wf_script_open(L);
    WfScript *script = wf_script(L); /* NULL: another library of this name was first */
    WfSettings *settings = script ? &script->settings : NULL;

    if (!settings || script->program)
        return count;
    if (*settings->stats)
        wf_warn(L, "WEFT_STATS is for the program weft; nothing is written here");
    *settings->stats = '\0';
    return count;
}
