/*
 * lists.c - tables that are lists: items from 1 on, without gaps; and options that stand in them.
 *
 * What a list holds besides its items is never passed over: a name is an option of the function
 * that takes the list, or an error. Reads tables in Lua; makes new ones.
 */
#include <stdio.h>

#include "dsl.h"

/* The key at the top of the stack, which it leaves, as a message shows it. */
static const char *shown_key(lua_State *L)
{
    if (lua_type(L, -1) == LUA_TSTRING)
        return lua_pushfstring(L, "\"%s\"", lua_tostring(L, -1));
    if (lua_type(L, -1) != LUA_TNUMBER)
        return wf_what(L, -1);
    lua_pushvalue(L, -1);
    return lua_tostring(L, -1);
}

/* The first item that is missing among the first `count`. */
static int missing_item(lua_State *L, int index, const char *op, const char *item,
                        lua_Integer count)
{
    WfAbsent absent = { .text = "" };
    lua_Integer i = 1;

    while (i <= count && lua_rawgeti(L, index, i) != LUA_TNIL) {
        lua_pop(L, 1);
        i++;
    }
    wf_absent_find(L, &absent);
    return wf_raisef(L, WEFT_EARG, op, absent.near.wanted ? wf_near_hint(&absent.near) : NULL,
                     "%s %lld is nil%s", item, (long long)i, absent.text);
}

int wf_list_count(lua_State *L, int index, const char *op, const char *item, const char *form)
{
    lua_Integer count = 0, last = 0;

    luaL_checkstack(L, 10, "too many values");
    index = lua_absindex(L, index);
    if (!lua_istable(L, index))
        wf_raisef(L, WEFT_EARG, op, form, "a list of %ss is needed, not %s", item,
                  wf_what(L, index));
    for (lua_pushnil(L); lua_next(L, index); count++) {
        lua_Integer at;

        lua_pop(L, 1);
        at = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
        if (at < 1)
            wf_raisef(L, WEFT_EARG, op, form, "a list of %ss has no place for %s", item,
                      shown_key(L));
        last = at > last ? at : last;
    }
    if (last > count)
        missing_item(L, index, op, item, count);
    if (count > INT_MAX)
        wf_raisef(L, WEFT_EARG, op, NULL, "%lld %ss are too many", (long long)count, item);
    return (int)count;
}

void wf_list_once(lua_State *L, int index, const char *op)
{
    int count = (int)lua_rawlen(L, index);

    for (int i = 2; i <= count; i++)
        for (int k = 1; k < i; k++) {
            lua_rawgeti(L, index, i);
            lua_rawgeti(L, index, k);
            if (lua_type(L, -1) == LUA_TSTRING && lua_rawequal(L, -1, -2))
                wf_raisef(L, WEFT_EARG, op, NULL, "\"%s\" is asked for twice", lua_tostring(L, -1));
            lua_pop(L, 2);
        }
}

/* Has the table at index an entry by name? */
static bool has_names(lua_State *L, int index)
{
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING) {
            lua_pop(L, 2);
            return true;
        }
    return false;
}

/* The key and the value at the top of the stack go into the table at `to`; the value is popped. */
static void copy_entry(lua_State *L, int to)
{
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, to);
}

void wf_list_apart(lua_State *L, int index, int options, const char *op)
{
    int items, all;

    luaL_checkstack(L, 10, "too many values");
    if (!lua_istable(L, index) || !has_names(L, index) ||
        (!lua_istable(L, options) && !lua_isnil(L, options)))
        return;
    wf_table_own(L, index);
    if (lua_istable(L, options))
        lua_pushvalue(L, options);
    else
        lua_newtable(L);
    all = lua_gettop(L);
    wf_table_own(L, all);
    lua_newtable(L);
    items = all + 1;
    for (lua_pushnil(L); lua_next(L, index);) {
        bool name = lua_type(L, -2) == LUA_TSTRING;

        if (name && wf_option_push(L, all, lua_tostring(L, -2)))
            wf_raisef(L, WEFT_EARG, op, "leave it out of the list, or of the options",
                      "%s is given twice", lua_tostring(L, -3));
        copy_entry(L, name ? all : items);
    }
    lua_replace(L, index);
    lua_replace(L, options);
}
