/*
 * coroutines.c - coroutine.resume and wrap that tell which coroutine runs, so that a signal finds
 * it.
 *
 * Lua has a hook for each coroutine apart, and cannot be asked for the one that runs. Otherwise
 * these do what the library's do.
 */
#include "dsl.h"

/* Run `co` with the `count` values at the top, which its results or its error replace. The number
 * of results; -1: an error. */
static int run(lua_State *L, lua_State *co, int count)
{
    WfRunning here;
    int status, results = 0;

    if (!lua_checkstack(co, count)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, co, count);
    wf_signals_enter(&here, co);
    status = lua_resume(co, L, count, &results);
    wf_signals_leave(&here);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int resume(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);
    int results;

    luaL_argexpected(L, co, 1, "thread");
    results = run(L, co, lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    results = results < 0 ? 1 : results;
    lua_insert(L, -results - 1);
    return results + 1;
}

/* What wrap has given; its coroutine is upvalue 1. Errors go on, texts with the caller in front. */
static int call(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = run(L, co, lua_gettop(L)), status = lua_status(co);

    if (results >= 0)
        return results;
    if (status != LUA_OK && status != LUA_YIELD) { /* it ended so: what it was to close is closed */
        lua_xmove(L, co, 1);
        status = lua_resetthread(co);
        lua_xmove(co, L, 1);
    }
    if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int wrap(lua_State *L)
{
    lua_State *co;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, call, 1);
    return 1;
}

void wf_coroutines_open(lua_State *L)
{
    lua_getglobal(L, "coroutine");
    lua_pushcfunction(L, resume);
    lua_setfield(L, -2, "resume");
    lua_pushcfunction(L, wrap);
    lua_setfield(L, -2, "wrap");
    lua_pop(L, 1);
}
