/*
 * args.c - arguments and option tables, checked, with messages in the script's words.
 *
 * Needs: the Lua stack. Writes the struct of the caller; raises where a value does not fit.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dsl.h"

void wf_args_most(lua_State *L, int most, const char *op)
{
    for (int i = most + 1; i <= lua_gettop(L); i++)
        if (!lua_isnil(L, i))
            wf_raisef(L, WEFT_EARG, op, NULL, "%d arguments are too many", lua_gettop(L));
    lua_settop(L, most);
}

const char *wf_check_text(lua_State *L, int index, const char *op, const char *name)
{
    if (lua_type(L, index) != LUA_TSTRING)
        wf_raisef(L, WEFT_EARG, op, NULL, "%s must be a text, not %s", name, wf_what(L, index));
    return lua_tostring(L, index);
}

double wf_check_number(lua_State *L, int index, const char *op, const char *name)
{
    if (lua_type(L, index) != LUA_TNUMBER)
        wf_raisef(L, WEFT_EARG, op, NULL, "%s must be a number, not %s", name, wf_what(L, index));
    return lua_tonumber(L, index);
}

int64_t wf_check_whole(lua_State *L, int index, const char *op, const char *name)
{
    double value = wf_check_number(L, index, op, name);

    if (value != floor(value) || fabs(value) > 9007199254740992.0)
        wf_raisef(L, WEFT_EARG, op, NULL, "%s must be a whole number, not %.14g", name, value);
    return (int64_t)value;
}

void wf_table_own(lua_State *L, int index)
{
    int copy;

    if (!lua_istable(L, index))
        return;
    luaL_checkstack(L, 10, "too many values");
    index = lua_absindex(L, index);
    lua_newtable(L);
    copy = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, index);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, copy);
    }
    lua_replace(L, index);
}

const char *wf_plain_text(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN:
        return lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
    case LUA_TNUMBER:
    case LUA_TSTRING:
        lua_pushvalue(L, index); /* a number becomes a text in place */
        return lua_tostring(L, -1);
    default:
        return NULL;
    }
}

/* The value at the top of the stack goes to its place in the struct. */
static void put_option(lua_State *L, const char *op, const WfOption *option, void *into)
{
    char *place = (char *)into + option->at;
    int64_t whole;

    switch (option->kind) {
    case WF_TEXT:
        *(const char **)place = wf_check_text(L, -1, op, option->name);
        break;
    case WF_NUMBER:
        *(double *)place = wf_check_number(L, -1, op, option->name);
        break;
    case WF_WHOLE:
        whole = wf_check_whole(L, -1, op, option->name);
        if (whole != (int)whole)
            wf_raisef(L, WEFT_EARG, op, NULL, "%s is too large", option->name);
        *(int *)place = (int)whole;
        break;
    case WF_LONG:
        *(int64_t *)place = wf_check_whole(L, -1, op, option->name);
        break;
    case WF_FLAG:
        if (!lua_isboolean(L, -1))
            wf_raisef(L, WEFT_EARG, op, NULL, "%s must be true or false, not %s", option->name,
                      wf_what(L, -1));
        *(bool *)place = lua_toboolean(L, -1);
        break;
    case WF_OWN:
        break;
    }
}

static int unknown_option(lua_State *L, const char *op, const WfOption *table, const char *name)
{
    char known[400] = "known options:";
    WfNearest near;
    const char *hint;

    wf_near_start(&near, name);
    for (const WfOption *option = table; option->name; option++) {
        size_t used = strlen(known);
        wf_near_try(&near, option->name);
        snprintf(known + used, sizeof known - used, " %s", option->name);
    }
    hint = wf_near_hint(&near);
    return wf_raisef(L, WEFT_ENAME, op, hint ? hint : known, "no option \"%s\"", name);
}

void wf_options(lua_State *L, int index, const char *op, const WfOption *table, void *into)
{
    if (lua_isnoneornil(L, index))
        return;
    index = lua_absindex(L, index);
    if (!lua_istable(L, index))
        wf_raisef(L, WEFT_EARG, op,
                  lua_isinteger(L, index)
                      ? "options are a table; a call that gives two results, as "
                        "gsub does, stands in brackets: (s:gsub(a, b))"
                      : "options come last, in a table: {name = value}",
                  "the options must be a table, not %s", wf_what(L, index));
    wf_table_own(L, index);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const WfOption *option = table;
        if (lua_type(L, -2) != LUA_TSTRING)
            wf_raisef(L, WEFT_EARG, op, "write {name = value}", "an option has no name");
        while (option->name && strcmp(option->name, lua_tostring(L, -2)))
            option++;
        if (!option->name)
            unknown_option(L, op, table, lua_tostring(L, -2));
        put_option(L, op, option, into);
    }
}

bool wf_option_push(lua_State *L, int index, const char *name)
{
    if (!lua_istable(L, index))
        return false;
    index = lua_absindex(L, index);
    lua_pushstring(L, name);
    if (lua_rawget(L, index) != LUA_TNIL)
        return true;
    lua_pop(L, 1);
    return false;
}

void *wf_anchor(lua_State *L, int anchors, size_t size)
{
    void *buffer = lua_newuserdatauv(L, size ? size : 1, 0);

    memset(buffer, 0, size);
    luaL_ref(L, anchors);
    return buffer;
}
