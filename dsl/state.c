/*
 * state.c - what is found again in a Lua state: its script, graph, engine and tables.
 *
 * Reads and writes the registry.
 */
#include "dsl.h"

static const char script_key; /* its address is the key of the WfScript in the registry */
static const char tables_key; /* of the table of tables */

void wf_script_begin(lua_State *L)
{
    lua_rawsetp(L, LUA_REGISTRYINDEX, &script_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &tables_key);
}

static WfScript *find(lua_State *L)
{
    WfScript *script;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &script_key);
    script = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return script;
}

void wf_script_end(lua_State *L, WfScript *script)
{
    static const char *const names[] = { WF_RASTER_NAME, WF_GRID_NAME };

    script->closed = true;
    if (script != find(L)) /* one that was never whole */
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_pushnil(L);
        lua_setfield(L, LUA_REGISTRYINDEX, names[i]);
    }
}

WfScript *wf_script(lua_State *L)
{
    WfScript *script = find(L);

    if (script && script->closed)
        wf_raisef(L, WEFT_EARG, NULL, "a value made after require \"weft\" is closed before it",
                  "this Lua state is being closed, and weft is closed already");
    if (script)
        script->L = L;
    return script;
}

void wf_script_table(lua_State *L, const char *name)
{
    luaL_checkstack(L, 10, NULL);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tables_key);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

void wf_script_keep(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &tables_key);
    lua_insert(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

WeftGraph *wf_script_graph(lua_State *L)
{
    WfScript *script = wf_script(L);
    WfPlaced place;

    wf_place_now(L, &place);
    weft_graph_at(script->graph, place.file, place.line, place.calls);
    return script->graph;
}

WeftEngine *wf_script_engine(lua_State *L)
{
    WfScript *script = wf_script(L);
    const WfSettings *settings = &script->settings;
    WeftErr err = WF_NO_ERR;
    WeftConfig config = {
        .threads = settings->threads,
        .memory = settings->memory,
        .tile = settings->tile,
        .machine = *settings->machine ? settings->machine : NULL,
        .steal_none = settings->steal_none,
        .reference = settings->reference,
        .cache = settings->has_cache ? settings->cache : NULL,
        .progress = settings->quiet ? NULL : wf_progress_show,
        .progress_context = script,
    };

    if (!script->engine)
        script->engine = weft_engine_new(&config, &err);
    if (!script->engine)
        wf_raise(L, &err);
    if (script->interrupted)
        weft_engine_cancel(script->engine);
    return script->engine;
}

void wf_script_forget_engine(WfScript *script)
{
    WeftEngine *engine = script->engine;

    script->engine = NULL; /* first: a signal may come */
    weft_engine_free(engine);
}

void wf_script_interrupt(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    wf_raisef(L, WEFT_ECANCEL, NULL, NULL, "interrupted");
}
