/*
 * keep.c - lines typed at the prompt with their top-level locals made global.
 *
 * `local x = 1` becomes `x = 1`, so that the next line sees x. Locals of inner blocks stay what
 * they are. Blanks replace what is dropped: lines and columns of messages stay right.
 */
#include <string.h>

#include "dsl.h"

/* How much deeper the token leads: blocks that end with `end` or `until`. */
static int depth_change(const WfLua *lua)
{
    static const char *const open[] = { "function", "do", "if", "repeat" }, *const close[] = {
        "end", "until"
    };

    if (lua->token != WF_LUA_WORD)
        return 0;
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (wf_lua_is(lua, open[i]))
            return 1;
    for (size_t i = 0; i < sizeof close / sizeof *close; i++)
        if (wf_lua_is(lua, close[i]))
            return -1;
    return 0;
}

static void add_blanks(luaL_Buffer *out, const char *from, const char *to)
{
    for (; from < to; from++)
        luaL_addchar(out, *from == '\n' ? '\n' : ' ');
}

/* The word local is the current token, `from` its place. Copies the statement's names; a statement
 * with <close> is left alone. Returns the place up to which all is copied. */
static const char *keep_names(WfLua *lua, luaL_Buffer *out, const char *from)
{
    const char *names_end = from + strlen("local");
    WfLua ahead = *lua;
    bool values;

    for (wf_lua_next(&ahead); ahead.token == WF_LUA_NAME; wf_lua_next(&ahead)) {
        wf_lua_next(&ahead);
        if (wf_lua_is(&ahead, "<")) {
            wf_lua_next(&ahead);
            if (wf_lua_is(&ahead, "close"))
                return from;
            wf_lua_next(&ahead);
            wf_lua_next(&ahead);
        }
        if (!wf_lua_is(&ahead, ","))
            break;
    }
    values = wf_lua_is(&ahead, "=");
    add_blanks(out, from, names_end);
    wf_lua_next(lua);
    while (lua->start < ahead.start) {
        if (wf_lua_is(lua, "<")) {
            luaL_addlstring(out, names_end, (size_t)(lua->start - names_end));
            names_end = lua->start;
            while (!wf_lua_is(lua, ">") && lua->token != WF_LUA_END)
                wf_lua_next(lua);
            add_blanks(out, names_end, lua->at);
        } else {
            luaL_addlstring(out, names_end, (size_t)(lua->at - names_end));
        }
        names_end = lua->at;
        wf_lua_next(lua);
    }
    if (!values)
        luaL_addstring(out, " = nil;");
    return names_end;
}

void wf_repl_keep_locals(lua_State *L, const char *text, size_t length)
{
    const char *copied = text;
    int depth = 0;
    luaL_Buffer out;
    WfLua lua;

    luaL_buffinit(L, &out);
    wf_lua_start(&lua, text, length);
    while (lua.token != WF_LUA_END && lua.token != WF_LUA_BAD) {
        if (depth == 0 && lua.token == WF_LUA_WORD && wf_lua_is(&lua, "local")) {
            WfLua ahead = lua;
            wf_lua_next(&ahead);
            luaL_addlstring(&out, copied, (size_t)(lua.start - copied));
            copied = lua.start;
            if (ahead.token == WF_LUA_NAME) {
                copied = keep_names(&lua, &out, copied);
                if (copied != lua.start)
                    continue;
            } else if (wf_lua_is(&ahead, "function")) {
                add_blanks(&out, copied, lua.at);
                copied = lua.at;
            }
        }
        depth += depth_change(&lua);
        wf_lua_next(&lua);
    }
    luaL_addlstring(&out, copied, (size_t)(text + length - copied));
    luaL_pushresult(&out);
}
