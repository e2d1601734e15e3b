/*
 * fault.c - errors and warnings as Lua values and as lines for people.
 *
 * An error is a table {message, hint, file, line, calls, op, path, block, pixel} with __tostring.
 * Needs: the Lua stack, to find the script line that is running. Writes only new Lua values and
 * standard error.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

#define ERROR_NAME "weft.error"
#define BOX_NAME "weft.box"

static void add_call(WfPlaced *place, const char *file, int line)
{
    size_t used = strlen(place->calls);
    char call[300];

    snprintf(call, sizeof call, "%s%s:%d", used ? ", " : "", file, line);
    if (used + strlen(call) < sizeof place->calls)
        memcpy(place->calls + used, call, strlen(call) + 1);
}

void wf_place_now(lua_State *L, WfPlaced *place)
{
    lua_Debug ar;

    *place = (WfPlaced) { .line = 0 };
    for (int level = 0; lua_getstack(L, level, &ar) && level < 100; level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline <= 0 || !strcmp(ar.source, WF_PRELUDE_NAME))
            continue;
        const char *file = *ar.source == '@' || *ar.source == '=' ? ar.source + 1 : ar.short_src;
        if (place->line) {
            add_call(place, file, ar.currentline);
            continue;
        }
        snprintf(place->file, sizeof place->file, "%s", file);
        place->line = ar.currentline;
    }
}

static void set_text(lua_State *L, const char *field, const char *text)
{
    if (!*text)
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, field);
}

static void push_error(lua_State *L, const WeftErr *err)
{
    luaL_checkstack(L, 8, NULL);
    lua_createtable(L, 0, 9);
    set_text(L, "message", *err->message ? err->message : "unknown error");
    set_text(L, "hint", err->hint);
    set_text(L, "file", err->file);
    set_text(L, "calls", err->calls);
    set_text(L, "op", err->op);
    set_text(L, "path", err->path);
    if (err->line > 0) {
        lua_pushinteger(L, err->line);
        lua_setfield(L, -2, "line");
    }
    if (err->block >= 0) {
        lua_pushinteger(L, err->block);
        lua_setfield(L, -2, "block");
    }
    if (err->col >= 0 && err->row >= 0) {
        lua_createtable(L, 0, 2);
        lua_pushinteger(L, err->col);
        lua_setfield(L, -2, "col");
        lua_pushinteger(L, err->row);
        lua_setfield(L, -2, "row");
        lua_setfield(L, -2, "pixel");
    }
    luaL_setmetatable(L, ERROR_NAME);
}

int wf_raise(lua_State *L, const WeftErr *err)
{
    WeftErr full = *err;
    WfPlaced place;

    if (!full.line) {
        wf_place_now(L, &place);
        memcpy(full.file, place.file, sizeof full.file);
        memcpy(full.calls, place.calls, sizeof full.calls);
        full.line = place.line;
    }
    push_error(L, &full);
    lua_error(L);
    abort();
}

int wf_raisef(lua_State *L, WeftCode code, const char *op, const char *hint, const char *format,
              ...)
{
    WeftErr err = { .code = code, .block = -1, .col = -1, .row = -1 };
    va_list list;

    va_start(list, format);
    vsnprintf(err.message, sizeof err.message, format, list);
    va_end(list);
    snprintf(err.hint, sizeof err.hint, "%s", hint ? hint : "");
    snprintf(err.op, sizeof err.op, "%s", op ? op : "");
    wf_raise(L, &err);
}

void wf_warn(lua_State *L, const char *format, ...)
{
    WfPlaced place;
    va_list list;

    wf_place_now(L, &place);
    wf_output_flush(); /* so that both streams in one place keep their order */
    if (place.line)
        fprintf(stderr, "%s:%d: ", place.file, place.line);
    fputs("warning: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
}

static void get_text(lua_State *L, int index, const char *field, char *buffer, size_t size)
{
    lua_pushstring(L, field);
    lua_rawget(L, index);
    snprintf(buffer, size, "%s", lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "");
    lua_pop(L, 1);
}

static int64_t get_whole(lua_State *L, int index, const char *field)
{
    int64_t value = -1;

    lua_pushstring(L, field);
    if (lua_istable(L, index) && lua_rawget(L, index) == LUA_TNUMBER)
        value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

static void read_error(lua_State *L, int index, WeftErr *err)
{
    *err = (WeftErr) { .code = WEFT_EARG, .col = -1, .row = -1 };
    get_text(L, index, "message", err->message, sizeof err->message);
    get_text(L, index, "hint", err->hint, sizeof err->hint);
    get_text(L, index, "file", err->file, sizeof err->file);
    get_text(L, index, "calls", err->calls, sizeof err->calls);
    get_text(L, index, "op", err->op, sizeof err->op);
    get_text(L, index, "path", err->path, sizeof err->path);
    err->line = (int)get_whole(L, index, "line");
    err->line = err->line < 0 ? 0 : err->line;
    err->block = get_whole(L, index, "block");
    lua_pushstring(L, "pixel");
    if (lua_rawget(L, index) == LUA_TTABLE) {
        int pixel = lua_gettop(L);
        err->col = get_whole(L, pixel, "col");
        err->row = get_whole(L, pixel, "row");
    }
    lua_pop(L, 1);
}

static int error_tostring(lua_State *L)
{
    char text[2048];
    WeftErr err;

    luaL_checktype(L, 1, LUA_TTABLE);
    read_error(L, 1, &err);
    lua_pushstring(L, weft_err_text(&err, text, sizeof text));
    return 1;
}

static bool is_ours(lua_State *L, int index)
{
    bool ours = false;

    if (lua_istable(L, index) && lua_getmetatable(L, index)) {
        ours = luaL_getmetatable(L, ERROR_NAME) == LUA_TTABLE && lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    return ours;
}

const char *wf_fault_text(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (is_ours(L, index) || luaL_getmetafield(L, index, "__tostring") != LUA_TNIL)
        return luaL_tolstring(L, index, NULL);
    if (lua_type(L, index) == LUA_TSTRING)
        lua_pushvalue(L, index);
    else
        lua_pushfstring(L, "error: %s", wf_what(L, index));
    return lua_tostring(L, -1);
}

static int tell(lua_State *L)
{
    fprintf(stderr, "%s\n", wf_fault_text(L, 1));
    return 0;
}

void wf_fault_tell(lua_State *L)
{
    lua_pushcfunction(L, tell);
    lua_insert(L, -2);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK)
        return;
    fprintf(stderr, "error without words: %s\n",
            lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, -1));
    lua_pop(L, 1);
}

void wf_fault_hint(lua_State *L, const char *lines)
{
    if (!is_ours(L, -1))
        return;
    if (lua_getfield(L, -1, "hint") == LUA_TSTRING)
        lua_pushfstring(L, "%s\n  %s", lines, lua_tostring(L, -1));
    else
        lua_pushstring(L, lines);
    lua_setfield(L, -3, "hint");
    lua_pop(L, 1);
}

static int box_gc(lua_State *L)
{
    WfBox *box = luaL_checkudata(L, 1, BOX_NAME);

    if (box->p)
        box->free(box->p);
    box->p = NULL;
    return 0;
}

WfBox *wf_box(lua_State *L, void (*release)(void *p))
{
    WfBox *box = lua_newuserdatauv(L, sizeof *box, 0);

    *box = (WfBox) { .p = NULL, .free = release };
    luaL_setmetatable(L, BOX_NAME);
    return box;
}

int wf_push_text(lua_State *L, WfBox *box, char *text, const WeftErr *err)
{
    if (!text)
        return wf_raise(L, err);
    box->p = text;
    lua_pushstring(L, text);
    return 1;
}

void wf_fault_open(lua_State *L)
{
    wf_events(L, ERROR_NAME);
    lua_pushcfunction(L, error_tostring);
    lua_setfield(L, -2, "__tostring");
    wf_events(L, BOX_NAME);
    lua_pushcfunction(L, box_gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 2);
}
