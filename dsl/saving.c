/*
 * saving.c - asking for files: save, save_all, explain, dot.
 *
 * Arrays handed to the engine live in userdata of an anchor table, so an error anywhere frees
 * them. Writes files through the engine, and standard output where explain is asked for.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

typedef struct Save {
    WeftSave save;
    bool overwrite;
} Save;

static const WfOption save_options[] = {
    { "type", WF_OWN },
    { "nodata", WF_OWN },
    { "format", WF_TEXT, offsetof(Save, save.format) },
    { "compress", WF_TEXT, offsetof(Save, save.compress) },
    { "predictor", WF_WHOLE, offsetof(Save, save.predictor) },
    { "level", WF_WHOLE, offsetof(Save, save.level) },
    { "blocksize", WF_WHOLE, offsetof(Save, save.blocksize) },
    { "round", WF_TEXT, offsetof(Save, save.round) },
    { "overflow", WF_TEXT, offsetof(Save, save.overflow) },
    { "collide", WF_TEXT, offsetof(Save, save.collide) },
    { "overwrite", WF_FLAG, offsetof(Save, overwrite) },
    { "durable", WF_FLAG, offsetof(Save, save.durable) },
    { "options", WF_OWN },
    { "colors", WF_OWN },
    { "categories", WF_OWN },
    { NULL, WF_OWN },
};

static const char *anchor_top(lua_State *L, int anchors)
{
    const char *text = lua_tostring(L, -1);

    luaL_ref(L, anchors);
    return text;
}

static void read_type(lua_State *L, int options, WeftSave *save)
{
    WeftErr err = WF_NO_ERR;

    if (!wf_option_push(L, options, "type"))
        return;
    save->type = weft_type_of(wf_check_text(L, -1, "save", "type"), &err);
    if (err.code) {
        snprintf(err.op, sizeof err.op, "save");
        wf_raise(L, &err);
    }
    lua_pop(L, 1);
}

static void read_nodata(lua_State *L, int options, WeftSave *save)
{
    if (!wf_option_push(L, options, "nodata"))
        return;
    if (lua_type(L, -1) == LUA_TNUMBER) {
        save->has_nodata = true;
        save->nodata = lua_tonumber(L, -1);
        if (lua_isinteger(L, -1) && fabs(save->nodata) > 9007199254740992.0)
            wf_raisef(L, WEFT_EARG, "save", "choose a value within 2^53",
                      "nodata %lld cannot be held exactly", (long long)lua_tointeger(L, -1));
    } else if (lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "mask")) {
        save->mask_band = true;
    } else if (lua_type(L, -1) == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "none")) {
        save->no_nodata = true;
    } else {
        wf_raisef(L, WEFT_EARG, "save", NULL,
                  "nodata must be a number, \"mask\" or \"none\", not %s", wf_what(L, -1));
    }
    lua_pop(L, 1);
}

/* The key and the value at the top of the stack, which stay, as "KEY=VALUE". */
static const char *read_driver_option(lua_State *L, int anchors)
{
    bool named = lua_type(L, -2) == LUA_TSTRING;
    const char *value = wf_plain_text(L, -1);

    if (!value)
        wf_raisef(L, WEFT_EARG, "save", "options = {TILED = \"NO\"}",
                  "an option of the driver is a text, a number, true or false, not %s",
                  wf_what(L, -1));
    if (named) {
        lua_pushfstring(L, "%s=%s", lua_tostring(L, -3), value);
        lua_replace(L, -2);
    } else if (!strchr(value, '=')) {
        wf_raisef(L, WEFT_EARG, "save", "options = {TILED = \"NO\"}", "\"%s\" is no KEY=VALUE",
                  value);
    }
    return anchor_top(L, anchors);
}

/* options = {"KEY=VALUE"} or {KEY = value}. */
static void read_driver_options(lua_State *L, int options, int anchors, WeftSave *save)
{
    const char **list;
    int table, count = 0;

    if (!wf_option_push(L, options, "options"))
        return;
    table = lua_gettop(L);
    if (!lua_istable(L, table))
        wf_raisef(L, WEFT_EARG, "save", "options = {TILED = \"NO\"}",
                  "options must be a table, not %s", wf_what(L, table));
    wf_table_own(L, table);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        count++;
    list = wf_anchor(L, anchors, (size_t)(count + 1) * sizeof *list);
    count = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        list[count++] = read_driver_option(L, anchors);
    save->options = list;
    lua_settop(L, table - 1);
}

static void read_bands(lua_State *L, int index, int anchors, WeftSave *save)
{
    const WfRaster *raster = wf_raster_test(L, index);
    WeftNode *bands = wf_anchor(L, anchors, (size_t)raster->band_count * sizeof *bands);
    const char **names = wf_anchor(L, anchors, (size_t)raster->band_count * sizeof *names);
    bool named = false;

    for (int i = 0; i < raster->band_count; i++) {
        bands[i] = raster->bands[i].node;
        lua_pushstring(L, wf_raster_name(L, index, i));
        names[i] = anchor_top(L, anchors);
        named = named || *names[i];
    }
    save->bands = bands;
    save->band_count = raster->band_count;
    save->names = named ? names : NULL;
}

/* An f64 file of what was computed in f32 has no more digits than f32; said once. */
static void tell_precision(lua_State *L, int index, const WeftSave *save)
{
    const WfRaster *raster = wf_raster_test(L, index);
    bool computed = false;

    for (int i = 0; save->type == WEFT_F64 && i < raster->band_count; i++)
        computed =
            computed || (!raster->bands[i].file &&
                         weft_node_type(wf_script(L)->graph, raster->bands[i].node) == WEFT_F32);
    if (!computed)
        return;
    wf_script_table(L, "told");
    if (lua_getfield(L, -1, "f32 as f64") == LUA_TNIL) {
        wf_warn(L,
                "%s: f64 of what is computed in f32: cast(\"f64\") of what goes in computes in f64",
                save->path);
        lua_pushboolean(L, true);
        lua_setfield(L, -3, "f32 as f64");
    }
    lua_pop(L, 2);
}

/* One output: the raster, the path and the options at these places of the stack. What it points to
 * is kept by the table at anchors. */
static WeftSave read_save(lua_State *L, int raster, int path, int options, int anchors)
{
    Save out = { .overwrite = !wf_script(L)->settings.keep };

    wf_raster_need_grid(L, wf_raster_check(L, raster, "save", "the value"), "save");
    out.save.path = wf_check_text(L, path, "save", "the path");
    if (!*out.save.path)
        wf_raisef(L, WEFT_EARG, "save", NULL, "the path is empty");
    wf_options(L, options, "save", save_options, &out);
    lua_pushvalue(L, path);
    luaL_ref(L, anchors);
    lua_pushvalue(L, options);
    luaL_ref(L, anchors);
    out.save.keep = !out.overwrite;
    read_bands(L, raster, anchors, &out.save);
    read_type(L, options, &out.save);
    tell_precision(L, raster, &out.save);
    read_nodata(L, options, &out.save);
    read_driver_options(L, options, anchors, &out.save);
    out.save.legends = wf_legends_read(L, options, "save", out.save.band_count, anchors);
    return out.save;
}

/* ------------------------------------------------------------------------------- runs */

static void tell_clipped(lua_State *L, const WeftStats *stats)
{
    for (int i = 0; i < stats->output_count; i++) {
        const WeftOutputStats *out = &stats->output[i];
        if (out->clipped)
            wf_warn(L,
                    "%s: %lld pixel%s clipped to the range of %s, the first at col %lld, row %lld",
                    out->path, (long long)out->clipped, out->clipped == 1 ? " was" : "s were",
                    out->clipped_to ? weft_type_name(out->clipped_to) : "their casts' types",
                    (long long)out->clipped_col, (long long)out->clipped_row);
        if (out->lost)
            wf_warn(L,
                    "%s: %lld valid pixel%s lost to the mask of all bands, the first at col %lld, "
                    "row %lld",
                    out->path, (long long)out->lost, out->lost == 1 ? " was" : "s were",
                    (long long)out->lost_col, (long long)out->lost_row);
        if (out->collisions)
            wf_warn(
                L, "%s: %lld valid pixel%s the nodata value %s, the first at col %lld, row %lld",
                out->path, (long long)out->collisions, out->collisions == 1 ? " equals" : "s equal",
                out->nodata, (long long)out->collision_col, (long long)out->collision_row);
    }
}

static int nothing_known(lua_State *L)
{
    const char *name = wf_plain_text(L, 2);

    return wf_raisef(L, WEFT_EARG, "explain", NULL, "nothing was run, so \"%s\" is not known",
                     name ? name : wf_what(L, 2));
}

/* In `weft explain`: print the plan; what the run did cannot be known, and no table is made. */
static int explain_work(lua_State *L, const WeftWork *work, const char *op)
{
    WeftErr err = WF_NO_ERR;
    WfBox *box = wf_box(L, free);
    WfPlaced place;

    wf_push_text(L, box,
                 weft_show(wf_script_engine(L), wf_script_graph(L), WEFT_SHOW_PLAN, work, &err),
                 &err);
    wf_place_now(L, &place);
    printf("%s:%d: %s", place.file, place.line, op);
    for (int i = 0; i < work->save_count; i++)
        printf("%s %s", i ? "," : "", work->saves[i].path);
    printf("\n%s\n", lua_tostring(L, -1));
    if (work->ask_count)
        wf_raisef(L, WEFT_EARG, op, NULL, "explain computes no pixels and cannot go past this");
    wf_script_table(L, "planned");
    for (int i = 0; i < work->save_count; i++) {
        lua_pushboolean(L, true);
        lua_setfield(L, -2, work->saves[i].path);
    }
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, nothing_known);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    return 1;
}

int wf_saves_run(lua_State *L, const WeftWork *work, const char *op)
{
    if (wf_script(L)->explaining)
        return explain_work(L, work, op);
    tell_clipped(L, wf_result_run(L, work, op));
    return 1;
}

static int save(lua_State *L)
{
    WeftSave one;

    wf_args_most(L, 3, "save");
    lua_newtable(L);
    one = read_save(L, 1, 2, 3, 4);
    return wf_saves_run(L, &(WeftWork) { .saves = &one, .save_count = 1 }, "save");
}

#define FORM "write { {r, \"a.tif\"}, {s, \"b.tif\", {type = \"u8\"}} }"

/* {r, "a.tif", {...}} at the top of the stack is spread over the next three places; options may
 * stand in the item itself. */
static void spread_item(lua_State *L, const char *op, int i)
{
    int item = lua_gettop(L);

    if (!lua_istable(L, item))
        wf_raisef(L, WEFT_EARG, op, FORM, "item %d must be a list, not %s", i, wf_what(L, item));
    lua_rawgeti(L, item, 3);
    wf_list_apart(L, item, item + 1, op);
    if (wf_list_count(L, item, op, "value", FORM) > 3)
        wf_raisef(L, WEFT_EARG, op, FORM, "item %d has more than three values", i);
    for (int k = 1; k <= 2; k++)
        lua_rawgeti(L, item, k);
    lua_rotate(L, item + 1, 2);
}

WeftSave *wf_saves_read(lua_State *L, const char *op, int *count)
{
    WeftSave *saves;

    if (!lua_istable(L, 1))
        wf_raisef(L, WEFT_EARG, op, FORM, "a list of outputs is needed, not %s", wf_what(L, 1));
    *count = wf_list_count(L, 1, op, "output", FORM);
    if (!*count)
        wf_raisef(L, WEFT_EARG, op, NULL, "the list is empty");
    saves = wf_anchor(L, 2, (size_t)*count * sizeof *saves);
    for (int i = 0; i < *count; i++) {
        lua_rawgeti(L, 1, i + 1);
        if (!strcmp(op, "explain") && wf_raster_test(L, -1)) {
            lua_createtable(L, 2, 0); /* a raster alone: as if saved as 1.tif */
            lua_insert(L, -2);
            lua_rawseti(L, -2, 1);
            lua_pushfstring(L, "%d.tif", i + 1);
            lua_rawseti(L, -2, 2);
        }
        spread_item(L, op, i + 1);
        saves[i] = read_save(L, 4, 5, 6, 2);
        lua_settop(L, 2);
    }
    return saves;
}

static int save_all(lua_State *L)
{
    WeftWork work = { .saves = NULL };

    wf_args_most(L, 1, "save_all");
    lua_newtable(L);
    work.saves = wf_saves_read(L, "save_all", &work.save_count);
    return wf_saves_run(L, &work, "save");
}

/* ------------------------------------------------------------------------------- texts */

static int show(lua_State *L, WeftShow what, const WeftSave *saves, int count)
{
    WeftErr err = WF_NO_ERR;
    WeftWork work = { .saves = saves, .save_count = count };
    WfBox *box = wf_box(L, free);

    return wf_push_text(
        L, box, weft_show(wf_script_engine(L), wf_script_graph(L), what, &work, &err), &err);
}

static WeftShow read_show(lua_State *L, int index)
{
    static const char *const names[] = {
        [WEFT_SHOW_GRAPH] = "graph", [WEFT_SHOW_PASSES] = "passes", [WEFT_SHOW_PLAN] = "plan",
        [WEFT_SHOW_IR] = "ir",       [WEFT_SHOW_DOT] = "dot",
    };
    const char *name;
    WfNearest near;

    if (lua_isnoneornil(L, index))
        return WEFT_SHOW_PLAN;
    name = wf_check_text(L, index, "explain", "what to show");
    wf_near_start(&near, name);
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        if (!strcmp(names[i], name))
            return (WeftShow)i;
        wf_near_try(&near, names[i]);
    }
    wf_raisef(L, WEFT_ENAME, "explain", "graph, passes, plan, ir or dot", "cannot show \"%s\"",
              name);
}

/* explain{...} of a list, or r:explain(). */
static int explain(lua_State *L)
{
    WeftShow what;
    WeftSave *saves;
    int count;

    wf_args_most(L, 2, "explain");
    what = read_show(L, 2);
    lua_settop(L, 1);
    if (wf_raster_test(L, 1)) {
        lua_createtable(L, 1, 0);
        lua_insert(L, 1);
        lua_rawseti(L, 1, 1);
    }
    lua_newtable(L);
    saves = wf_saves_read(L, "explain", &count);
    return show(L, what, saves, count);
}

static int dot(lua_State *L)
{
    wf_args_most(L, 1, "dot");
    wf_raster_check(L, 1, "dot", "the value");
    lua_newtable(L);
    WeftSave one = { .path = "dot" };
    read_bands(L, 1, 2, &one);
    return show(L, WEFT_SHOW_DOT, &one, 1);
}

#define FAMILY "asking for results"

const WfFunction wf_saving_functions[] = {
    { "save", save, true, FAMILY,
      "r:save(path, {type=, nodata=, format=, compress=\"none\", predictor=, level=, "
      "blocksize=512, round=, overflow=, collide=, overwrite=true, durable=false, colors=, "
      "categories=, options={}})",
      "compute and write a file; returns what the run did" },
    { "save_all", save_all, false, FAMILY, "save_all{ {r, \"a.tif\", {...}}, {s, \"b.tif\"} }",
      "several files in one run; each input block is read once for all of them" },
    { "explain", explain, true, FAMILY,
      "r:explain(), explain{ {r, \"a.tif\", {...}}, ... }, r:explain(\"passes\")",
      "the plan as text: stages, what fused, tiles, memory; or graph, passes, ir" },
    { "dot", dot, true, FAMILY, "r:dot()", "the graph as text for Graphviz" },
    { NULL },
};
