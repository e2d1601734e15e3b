/*
 * script.c - the table weft, made for a Lua state; and a script run in it.
 *
 * Needs: the prelude and the other files of Lua, embedded by the build. Writes the registry and the
 * table weft.
 */
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "dsl.h"

extern const char wf_prelude[], wf_prelude_end[], wf_statistics[], wf_statistics_end[];
extern const char wf_distribution[], wf_distribution_end[], wf_zonal[], wf_zonal_end[];
extern const char wf_printed[], wf_printed_end[];

#define SCRIPT_NAME "weft.script"
#define MODULE_NAME "weft.module" /* in the registry, whichever library made it */

static int script_gc(lua_State *L)
{
    WfScript *script = luaL_checkudata(L, 1, SCRIPT_NAME);

    wf_script_end(L, script);
    wf_script_forget_engine(script);
    weft_graph_free(script->graph);
    script->graph = NULL;
    wf_result_free(script);
    return 0;
}

/* ------------------------------------------------------------------------------- warnings */

static void warn_engine(void *context, const char *text)
{
    const WfScript *script = context;

    wf_warn(script->L, "%s", text);
}

static void warn_scan(void *context, int line, const char *text)
{
    const char *const *path = context;

    fprintf(stderr, "%s:%d: warning: %s\n", *path, line, text);
}

/* ------------------------------------------------------------------------------- opening */

static void add_functions(lua_State *L, const WfFunction *list, int weft, int methods, int docs)
{
    for (; list->name; list++) {
        lua_pushcfunction(L, list->call);
        if (list->method) {
            lua_pushvalue(L, -1);
            lua_setfield(L, methods, list->name);
        }
        lua_setfield(L, weft, list->name);
        lua_createtable(L, 0, 3);
        lua_pushstring(L, list->family);
        lua_setfield(L, -2, "family");
        lua_pushstring(L, list->signature);
        lua_setfield(L, -2, "signature");
        lua_pushstring(L, list->accuracy); /* nil where it is not said */
        lua_setfield(L, -2, "accuracy");
        lua_pushstring(L, list->brief);
        lua_setfield(L, -2, "brief");
        lua_setfield(L, docs, list->name);
    }
}

static int unknown_name(lua_State *L)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    WfNearest near;

    wf_near_start(&near, name);
    if (!lua_istable(L, 1))
        wf_raisef(L, WEFT_EARG, NULL, NULL, "the table weft is needed, not %s", wf_what(L, 1));
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            wf_near_try(&near, lua_tostring(L, -2));
    return wf_raisef(L, WEFT_ENAME, NULL,
                     *near.best ? wf_near_hint(&near) : "weft.help() lists what there is",
                     "weft has no \"%s\"", name);
}

static int invalid_tostring(lua_State *L)
{
    lua_pushliteral(L, "invalid");
    return 1;
}

static void add_values(lua_State *L, int weft)
{
    lua_pushstring(L, WEFT_VERSION);
    lua_setfield(L, weft, "version");
    lua_newuserdatauv(L, 1, 0);
    wf_events(L, "weft.invalid");
    lua_pushcfunction(L, invalid_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, weft, "invalid");
    wf_script_keep(L, "invalid");
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, unknown_name);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, weft);
}

/* ------------------------------------------------------------------------------- prelude */

static int prelude_fail(lua_State *L)
{
    const char *hint = lua_tostring(L, 3);

    return wf_raisef(L, WEFT_EARG, luaL_checkstring(L, 1), hint, "%s", luaL_checkstring(L, 2));
}

static int prelude_warn(lua_State *L)
{
    wf_warn(L, "%s", luaL_checkstring(L, 1));
    return 0;
}

/* range(raster): least and greatest possible value over all bands. */
static int prelude_range(lua_State *L)
{
    const WfRaster *raster = wf_raster_check(L, 1, NULL, "the value");
    double lo = 0, hi = 0;

    for (int i = 0; i < raster->band_count; i++) {
        WeftRange range = weft_node_range(wf_script(L)->graph, raster->bands[i].node);
        lo = i && lo < range.lo ? lo : range.lo;
        hi = i && hi > range.hi ? hi : range.hi;
    }
    lua_pushnumber(L, lo);
    lua_pushnumber(L, hi);
    return 2;
}

/* More values than a function takes, but for nil, are an error. */
static void check_count(lua_State *L, const char *name, int most)
{
    for (int i = most + 1; i <= lua_gettop(L); i++)
        if (!lua_isnil(L, i))
            wf_raisef(L, WEFT_EARG, name, NULL, "%d arguments are too many", lua_gettop(L));
}

static int enter(lua_State *L)
{
    int most = (int)lua_tointeger(L, lua_upvalueindex(3));

    if (most >= 0)
        check_count(L, lua_tostring(L, lua_upvalueindex(2)), most);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* entered(f, name): a function of C that calls f with as many arguments as it takes, or fewer. */
static int prelude_entered(lua_State *L)
{
    lua_Debug about;

    lua_settop(L, 2);
    lua_pushvalue(L, 1);
    lua_getinfo(L, ">u", &about);
    lua_pushinteger(L, about.isvararg ? -1 : about.nparams);
    lua_pushcclosure(L, enter, 3);
    return 1;
}

/* check_count(name, most, ...): of a function that takes any number. */
static int prelude_check_count(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    int most = (int)luaL_checkinteger(L, 2);

    lua_remove(L, 2);
    lua_remove(L, 1);
    check_count(L, name, most);
    return 0;
}

/* is_scaled(raster): all bands are those of files that give scales. */
static int prelude_is_scaled(lua_State *L)
{
    const WfRaster *raster = wf_raster_check(L, 1, NULL, "the value");
    bool scaled = true;

    for (int i = 0; i < raster->band_count; i++) {
        const WfBand *band = &raster->bands[i];
        scaled = scaled && band->file && band->file->bands[band->number - 1].scale != 1;
    }
    lua_pushboolean(L, scaled);
    return 1;
}

static int prelude_what(lua_State *L)
{
    lua_pushstring(L, wf_what(L, 1));
    return 1;
}

/* list(table, op, item, form): how many items there are; an error where it is no list. */
static int prelude_list(lua_State *L)
{
    lua_settop(L, 4);
    lua_pushinteger(
        L, wf_list_count(L, 1, lua_tostring(L, 2), lua_tostring(L, 3), lua_tostring(L, 4)));
    return 1;
}

/* speaks(value): it says by itself what it is, as errors do. */
static int prelude_speaks(lua_State *L)
{
    lua_pushboolean(L, luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL ||
                           luaL_getmetafield(L, 1, "__name") != LUA_TNIL);
    return 1;
}

/* own(table): a copy that nobody else has, read raw. */
static int prelude_own(lua_State *L)
{
    lua_settop(L, 1);
    wf_table_own(L, 1);
    return 1;
}

static int prelude_is_raster(lua_State *L)
{
    lua_pushboolean(L, wf_raster_test(L, 1) != NULL);
    return 1;
}

/* need_raster(value, op, name, later): later: it is not the first value, which a colon gives. */
static int prelude_need_raster(lua_State *L)
{
    bool later = lua_toboolean(L, 4);

    lua_settop(L, 3);
    lua_pushvalue(L, 1);
    wf_raster_check(L, later ? 4 : 1, luaL_checkstring(L, 2), luaL_checkstring(L, 3));
    return 0;
}

static int prelude_rename(lua_State *L)
{
    const WfRaster *from = wf_raster_check(L, 1, "rename", "the value");
    WfRaster *to = wf_raster_new(L, from->band_count);

    memcpy(to->bands, from->bands, (size_t)from->band_count * sizeof *to->bands);
    for (int i = 0; i < from->band_count; i++) {
        lua_rawgeti(L, 2, i + 1);
        wf_raster_set_name(L, -2, i, wf_check_text(L, -1, "rename", "a band name"));
        lua_pop(L, 1);
    }
    wf_times_inherit(L, 1, 1, -1);
    wf_raster_tell_twins(L, -1, "rename");
    return 1;
}

/* band_number(raster, key, op): the number, from 1, of the band so named or numbered. */
static int prelude_band_number(lua_State *L)
{
    lua_settop(L, 3);
    lua_pushinteger(L, wf_raster_band_of(L, 1, 2, lua_tostring(L, 3)) + 1);
    return 1;
}

/* help{of =, list =, markdown =}: the functions that make the texts. */
static int prelude_help(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    wf_script_keep(L, "help");
    return 0;
}

static int prelude_nearest(lua_State *L)
{
    WfNearest near;

    wf_near_start(&near, luaL_checkstring(L, 1));
    for (lua_Integer i = 1; lua_rawgeti(L, 2, i) == LUA_TSTRING; i++, lua_pop(L, 1))
        wf_near_try(&near, lua_tostring(L, -1));
    lua_pushstring(L, wf_near_hint(&near));
    return 1;
}

static const luaL_Reg prelude_tools[] = {
    { "fail", prelude_fail },
    { "warn", prelude_warn },
    { "range", prelude_range },
    { "entered", prelude_entered },
    { "is_scaled", prelude_is_scaled },
    { "is_raster", prelude_is_raster },
    { "list", prelude_list },
    { "check_count", prelude_check_count },
    { "rename", prelude_rename },
    { "band_number", prelude_band_number },
    { "need_raster", prelude_need_raster },
    { "help", prelude_help },
    { "operators", wf_help_operators },
    { "nearest", prelude_nearest },
    { "what", prelude_what },
    { "own", prelude_own },
    { "speaks", prelude_speaks },
    { NULL, NULL },
};

/* What is written in Lua is called with weft, methods, docs and a table of tools. */
static void run_prelude(lua_State *L, int weft, int methods, int docs)
{
    static const struct {
        const char *text, *end;
    } files[] = { { wf_prelude, wf_prelude_end },
                  { wf_statistics, wf_statistics_end },
                  { wf_distribution, wf_distribution_end },
                  { wf_zonal, wf_zonal_end },
                  { wf_printed, wf_printed_end } };
    int tools;

    luaL_newlib(L, prelude_tools);
    tools = lua_gettop(L);
    wf_reducing_open(L, tools);
    wf_csv_open(L, tools);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (luaL_loadbufferx(L, files[i].text, (size_t)(files[i].end - files[i].text),
                             WF_PRELUDE_NAME, "t") != LUA_OK)
            lua_error(L);
        lua_pushvalue(L, weft);
        lua_pushvalue(L, methods);
        lua_pushvalue(L, docs);
        lua_pushvalue(L, tools);
        lua_call(L, 4, 0);
    }
    lua_pop(L, 1);
}

static void new_script(lua_State *L)
{
    WfScript *script = lua_newuserdatauv(L, sizeof *script, 0);
    WeftErr err = WF_NO_ERR;

    memset(script, 0, sizeof *script);
    script->L = L;
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    script->main = lua_tothread(L, -1);
    lua_pop(L, 1);
    wf_events(L, SCRIPT_NAME);
    lua_pushcfunction(L, script_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    wf_script_begin(L);
    if (!wf_settings_start(&script->settings, &err))
        wf_raise(L, &err);
    script->graph = weft_graph_new(&err);
    if (!script->graph)
        wf_raise(L, &err);
    weft_graph_warn(script->graph, warn_engine, script);
    script->runs = cJSON_CreateArray();
    if (!script->runs)
        wf_raisef(L, WEFT_EMEM, NULL, NULL, "not enough memory");
}

/* Push the table weft. */
static int make_module(lua_State *L)
{
    static const char *const names[] = { "methods", "docs", "planned", "told" };
    static const WfFunction *const lists[] = { wf_opening_functions, wf_grids_functions,
                                               wf_saving_functions,  wf_reading_functions,
                                               wf_calc_functions,    wf_neighbourhood_functions,
                                               wf_series_functions,  wf_preview_functions,
                                               wf_help_functions };
    static const WfFunction own[] = {
        { "config", wf_settings_config, false, "asking for results",
          "config{threads=, memory=\"4G\", tile=, progress=\"auto\", ieee=false, overwrite=true}",
          "settings for the runs to come" },
        { NULL },
    };
    int weft, methods, docs;

    wf_fault_open(L);
    new_script(L);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_newtable(L);
        wf_script_keep(L, names[i]);
    }
    lua_newtable(L);
    weft = lua_gettop(L);
    wf_script_table(L, "methods");
    wf_script_table(L, "docs");
    methods = weft + 1;
    docs = weft + 2;
    wf_raster_start(L);
    wf_grids_open(L);
    wf_operate_open(L, weft, methods);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        add_functions(L, lists[i], weft, methods, docs);
    add_functions(L, own, weft, methods, docs);
    run_prelude(L, weft, methods, docs);
    add_values(L, weft);
    lua_settop(L, weft);
    return 1;
}

/* A second graph in one state would be asked for the numbers of the first one's nodes. */
int wf_script_open(lua_State *L)
{
    if (lua_getfield(L, LUA_REGISTRYINDEX, MODULE_NAME) == LUA_TTABLE)
        return 1;
    make_module(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, MODULE_NAME);
    return 1;
}

/* ------------------------------------------------------------------------------- files */

void wf_script_file(lua_State *L, const char *path)
{
    int list = lua_gettop(L), count = (int)lua_rawlen(L, list);
    const char *text;
    size_t length;

    lua_pushcfunction(L, wf_script_source);
    lua_pushstring(L, path);
    lua_call(L, 1, 1);
    text = lua_tolstring(L, -1, &length);
    if (*text == '#') { /* a line for the shell; its end stays, so that lines count right */
        size_t skip = strcspn(text, "\n");
        text += skip;
        length -= skip;
    }
    lua_pushfstring(L, "@%s", path);
    if (luaL_loadbufferx(L, text, length, lua_tostring(L, -1), "t") != LUA_OK)
        lua_error(L);
    wf_scan(text, length, &(WfScanTo) { .tell = warn_scan, .context = &path });
    luaL_checkstack(L, count, "too many arguments");
    for (int i = 1; i <= count; i++)
        lua_rawgeti(L, list, i);
    lua_call(L, count, 0);
    lua_settop(L, list - 1);
}
