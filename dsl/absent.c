/*
 * absent.c - which variable of the script holds the nil that a function was given.
 *
 * Lua does not tell, so the running line of the source is read once more: where one name alone on
 * it holds nil, that is the one. Needs: the Lua stack, the source. Writes its argument.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dsl.h"

typedef struct Search {
    lua_State *L;
    lua_Debug *frame;
    WfLua lua;
    int line;
    int count; /* of different things on the line that are nil */
    const char *kind;
    char name[64];
} Search;

/* The frame of the script whose line is running. False: it left by a tail call, or there is none.
 */
static bool find_frame(lua_State *L, lua_Debug *frame)
{
    for (int level = 0; lua_getstack(L, level, frame) && level < 100; level++) {
        lua_getinfo(L, "Slt", frame);
        if (frame->currentline > 0 && strcmp(frame->source, WF_PRELUDE_NAME))
            return true;
        if (frame->istailcall)
            return false;
    }
    return false;
}

/* Push the text of the chunk; false (nothing pushed) where it is not to be had. */
static bool push_source(lua_State *L, const lua_Debug *frame)
{
    struct stat status;
    const char *path = frame->source + 1;

    if (*frame->source == '=') {
        wf_script_table(L, "typed");
        if (lua_isstring(L, -1) && !strcmp(frame->what, "main"))
            return true;
        lua_pop(L, 1);
        return false;
    }
    if (*frame->source != '@') {
        lua_pushstring(L, frame->source);
        return true;
    }
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return false;
    lua_pushcfunction(L, wf_script_source);
    lua_pushstring(L, path);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK)
        return true;
    lua_pop(L, 1);
    return false;
}

/* Push the value of a variable as the frame sees it; what kind of variable it is. */
static const char *push_variable(lua_State *L, lua_Debug *frame, const char *name)
{
    const char *known;
    int found = 0;

    for (int i = 1; (known = lua_getlocal(L, frame, i)); i++, lua_pop(L, 1))
        found = strcmp(known, name) ? found : i;
    if (found) {
        lua_getlocal(L, frame, found);
        return "local";
    }
    lua_getinfo(L, "f", frame);
    for (int i = 1; (known = lua_getupvalue(L, -1, i)); i++, lua_pop(L, 1))
        if (!strcmp(known, name)) {
            lua_remove(L, -2);
            return "local";
        }
    lua_pushglobaltable(L);
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    lua_replace(L, -3);
    lua_pop(L, 1);
    return "global";
}

static void push_token(Search *search)
{
    lua_pushlstring(search->L, search->lua.start, search->lua.length);
    wf_lua_next(&search->lua);
}

static void note(Search *search, const char *kind, const char *name)
{
    if (search->count && !strcmp(search->name, name))
        return;
    search->count++;
    search->kind = kind;
    snprintf(search->name, sizeof search->name, "%s", name);
}

/* At a name: a variable and its fields, as far as tables hold them. */
static void read_variable(Search *search)
{
    lua_State *L = search->L;
    WfLua *lua = &search->lua;
    int top = lua_gettop(L), line = lua->line;
    const char *kind;

    push_token(search);
    kind = push_variable(L, search->frame, lua_tostring(L, -1));
    while (wf_lua_is(lua, ".")) {
        wf_lua_next(lua);
        if (lua->token != WF_LUA_NAME)
            break;
        push_token(search);
        kind = "field";
        lua_copy(L, -1, top + 1);
        if (lua_istable(L, -2))
            lua_rawget(L, -2);
        else
            lua_pushboolean(L, true); /* nobody knows */
        lua_replace(L, top + 2);
        lua_settop(L, top + 2);
    }
    if (line == search->line && lua_isnil(L, -1) && !wf_lua_is(lua, "=") && !wf_lua_is(lua, "[") &&
        !wf_lua_is(lua, "("))
        note(search, kind, lua_tostring(L, top + 1));
    lua_settop(L, top);
}

/* Names that are declared here hold nothing yet. */
static void skip_declared(WfLua *lua)
{
    do
        wf_lua_next(lua);
    while (lua->token == WF_LUA_NAME || wf_lua_is(lua, ",") || wf_lua_is(lua, "<") ||
           wf_lua_is(lua, ">"));
}

static void skip_names(WfLua *lua)
{
    do
        wf_lua_next(lua);
    while (lua->token == WF_LUA_NAME || wf_lua_is(lua, ".") || wf_lua_is(lua, ":"));
}

static void read_line(Search *search)
{
    WfLua *lua = &search->lua;

    while (lua->token != WF_LUA_END && lua->token != WF_LUA_BAD && lua->line <= search->line) {
        if (lua->token == WF_LUA_NAME) {
            read_variable(search);
        } else if (wf_lua_is(lua, "local") || wf_lua_is(lua, "for")) {
            skip_declared(lua);
        } else if (wf_lua_is(lua, "function") || wf_lua_is(lua, "goto") || wf_lua_is(lua, ".") ||
                   wf_lua_is(lua, ":") || wf_lua_is(lua, "::")) {
            skip_names(lua);
        } else {
            if (wf_lua_is(lua, "nil") && lua->line == search->line)
                note(search, "", "");
            wf_lua_next(lua);
        }
    }
}

/* The nearest name that holds something. */
static void try_names(lua_State *L, lua_Debug *frame, WfNearest *near)
{
    const char *known;

    for (int i = 1; (known = lua_getlocal(L, frame, i)); i++, lua_pop(L, 1))
        if (!lua_isnil(L, -1))
            wf_near_try(near, known);
    lua_getinfo(L, "f", frame);
    for (int i = 1; (known = lua_getupvalue(L, -1, i)); i++, lua_pop(L, 1))
        if (!lua_isnil(L, -1))
            wf_near_try(near, known);
    lua_pop(L, 1);
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            wf_near_try(near, lua_tostring(L, -2));
    lua_pop(L, 1);
}

void wf_absent_find(lua_State *L, WfAbsent *absent)
{
    Search search = { .L = L };
    int top = lua_gettop(L);
    lua_Debug frame;

    *absent = (WfAbsent) { .text = "" };
    luaL_checkstack(L, 20, NULL);
    if (!find_frame(L, &frame) || !push_source(L, &frame))
        return;
    search.frame = &frame;
    search.line = frame.currentline;
    wf_lua_start(&search.lua, lua_tostring(L, -1), lua_rawlen(L, -1));
    read_line(&search);
    if (search.count == 1 && *search.name) {
        snprintf(absent->text, sizeof absent->text, " (%s '%s')", search.kind, search.name);
        if (strcmp(search.kind, "field")) {
            wf_near_start(&absent->near, search.name);
            try_names(L, &frame, &absent->near);
        }
    }
    lua_settop(L, top);
}
