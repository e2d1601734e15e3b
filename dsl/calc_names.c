/*
 * calc_names.c - what a name in a calc expression stands for, and what to say of one that stands
 * for nothing.
 *
 * Needs: the table of inputs on the stack, the methods of the registry. Pushes functions and texts.
 */
#include <string.h>
#include <strings.h>

#include "calc.h"

const WeftOp *wf_calc_operator(const char *name)
{
    WeftErr err = { 0 };
    const WeftOp *op = weft_op_find(name, &err);

    return op && !op->hidden ? op : NULL;
}

bool wf_calc_push_function(lua_State *L, const char *name)
{
    wf_script_table(L, "methods");
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    lua_remove(L, -2);
    if (lua_isfunction(L, -1) && !wf_operate_is(L, -1) && wf_scan_gives_raster(name))
        return true;
    lua_pop(L, 1);
    return false;
}

static bool is_function(lua_State *L, const char *name)
{
    bool found = wf_calc_operator(name) || wf_calc_push_function(L, name);

    if (found && !wf_calc_operator(name))
        lua_pop(L, 1);
    return found;
}

/* The input that is named so in other letters, a for A; NULL. */
static const char *other_case(lua_State *L, const char *name)
{
    const char *found = NULL;
    int top = lua_gettop(L);

    for (lua_pushnil(L); !found && lua_next(L, WF_CALC_INPUTS); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && !strcasecmp(lua_tostring(L, -2), name))
            found = lua_tostring(L, -2); /* the table keeps it */
    lua_settop(L, top);
    return found;
}

int wf_calc_unknown_input(lua_State *L, const WfCalc *calc, const char *name)
{
    size_t length = strlen(name);
    const char *ours = other_case(L, name);
    const char *corrected = ours ? wf_calc_foreign_as(L, calc->text, calc->at, length, ours)
                                 : wf_calc_foreign_name(L, calc->text, calc->at, length);
    WfNearest near;

    if (corrected)
        return wf_raisef(L, WEFT_ENAME, "calc", corrected, "nothing is named %s", name);
    if (is_function(L, name))
        return wf_raisef(L, WEFT_ENAME, "calc", "write its arguments in brackets",
                         "%s is a function", name);
    wf_near_start(&near, name);
    for (lua_pushnil(L); lua_next(L, WF_CALC_INPUTS); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            wf_near_try(&near, lua_tostring(L, -2));
    return wf_raisef(L, WEFT_ENAME, "calc",
                     wf_near_hint(&near)
                         ? wf_near_hint(&near)
                         : "inputs are named: {A = raster}, or -A file.tif on the command line",
                     "nothing is named %s", name);
}

int wf_calc_unknown_function(lua_State *L, const WfCalc *calc, const char *name)
{
    const char *corrected = wf_calc_foreign_call(L, calc->text, calc->at, strlen(name));
    WfNearest near;

    if (!wf_scan_gives_raster(name))
        return wf_raisef(L, WEFT_ENAME, "calc", "an expression gives a raster; ask it in Lua",
                         "%s is no function of pixels", name);

    wf_near_start(&near, name);
    for (int i = 0; i < weft_op_count; i++)
        if (!weft_op_table[i]->hidden)
            wf_near_try(&near, weft_op_table[i]->name);
    wf_script_table(L, "methods");
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (wf_scan_gives_raster(lua_tostring(L, -2)))
            wf_near_try(&near, lua_tostring(L, -2));
    return wf_raisef(L, WEFT_ENAME, "calc",
                     corrected             ? corrected
                     : wf_near_hint(&near) ? wf_near_hint(&near)
                                           : "weft ops lists the functions",
                     "no function %s", name);
}
