/*
 * coroutines.c - coroutine.resume and wrap that tell which coroutine runs, so that a signal finds
 * it.
 *
 * Lua sets its hooks for each coroutine apart, and none can be asked for the one that it resumes.
 * Needs Lua's own functions, which do the work.
 */
#include "dsl.h"

/* Call the function at upvalue 1 with all arguments while `co` is known to run. False: the error is
 * at the top. */
static bool call(lua_State *L, lua_State *co)
{
    int count = lua_gettop(L), status;
    WfRunning here;

    luaL_checkstack(L, 2, NULL);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    wf_signals_enter(&here, co);
    status = lua_pcall(L, count, LUA_MULTRET, 0);
    wf_signals_leave(&here);
    return status == LUA_OK;
}

static int resume(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);

    return call(L, co ? co : L) ? lua_gettop(L) : lua_error(L);
}

/* A function that coroutine.wrap has given; its thread is upvalue 2. */
static int wrapped(lua_State *L)
{
    if (call(L, lua_tothread(L, lua_upvalueindex(2))))
        return lua_gettop(L);
    if (lua_type(L, -1) == LUA_TSTRING) { /* Lua would have put the caller in front, too */
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int wrap(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    if (lua_getupvalue(L, -1, 1) && lua_isthread(L, -1))
        lua_pushcclosure(L, wrapped, 2);
    return 1;
}

void wf_coroutines_open(lua_State *L)
{
    static const luaL_Reg ours[] = { { "resume", resume }, { "wrap", wrap } };

    lua_getglobal(L, "coroutine");
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        lua_getfield(L, -1, ours[i].name);
        lua_pushcclosure(L, ours[i].func, 1);
        lua_setfield(L, -2, ours[i].name);
    }
    lua_pop(L, 1);
}
