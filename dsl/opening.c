/*
 * opening.c - rasters from files, from other rasters, from numbers: open, stack, constant, glob.
 *
 * Needs: the engine's files. Writes new nodes.
 */
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

typedef struct Open {
    WeftOpen file;
    bool scale;
} Open;

static const WfOption open_options[] = {
    { "bands", WF_OWN },
    { "nodata", WF_NUMBER, offsetof(Open, file.nodata) },
    { "mask", WF_OWN },
    { "scale", WF_FLAG, offsetof(Open, scale) },
    { "crs", WF_TEXT, offsetof(Open, file.crs) },
    { "lossy", WF_FLAG, offsetof(Open, file.lossy) },
    { "times", WF_OWN },
    { NULL, WF_OWN },
};

static bool is_property(const char *name)
{
    for (int i = 0; wf_raster_properties[i]; i++)
        if (!strcmp(wf_raster_properties[i], name))
            return true;
    return false;
}

/* A band that a property or a method hides can still be had by its number or by r:band. Told once
 * for each file. */
static void warn_hidden(lua_State *L, const WeftFile *file)
{
    bool told;

    wf_script_table(L, "told");
    told = lua_getfield(L, -1, file->path) != LUA_TNIL;
    lua_pushboolean(L, true);
    lua_setfield(L, -3, file->path);
    lua_pop(L, 2);
    if (told)
        return;
    wf_script_table(L, "methods");
    for (int i = 0; i < file->band_count; i++) {
        const char *name = file->bands[i].name;
        bool property = is_property(name), method = lua_getfield(L, -1, name) != LUA_TNIL;

        lua_pop(L, 1);
        if (*name && (property || method))
            wf_warn(L, "%s: band \"%s\" is hidden by the %s of that name; use r:band(\"%s\")",
                    file->path, name, property ? "property" : "method", name);
    }
    lua_pop(L, 1);
}

/* All bands of a file as a raster on the stack. */
static void push_file(lua_State *L, const char *path, const WeftOpen *options)
{
    WeftErr err = WF_NO_ERR;
    const WeftFile *file;
    WfRaster *raster;

    wf_script_engine(L); /* which gets ready while the file is read */
    file = weft_open(wf_script_graph(L), path, options, &err);
    if (!file) {
        wf_script_table(L, "planned");
        if (lua_getfield(L, -1, path) != LUA_TNIL)
            wf_raisef(L, WEFT_EIO, "open", "run the script once, then explain it",
                      "%s is written by this script, and explain writes nothing", path);
        wf_raise(L, &err);
    }
    raster = wf_raster_new(L, file->band_count);
    for (int i = 0; i < file->band_count; i++) {
        WeftNode node = weft_band(wf_script_graph(L), file, i + 1, &err);
        if (node == WEFT_NONE)
            wf_raise(L, &err);
        raster->bands[i] = (WfBand) { .node = node, .file = file, .number = i + 1 };
        if (*file->bands[i].name)
            wf_raster_set_name(L, -1, i, file->bands[i].name);
    }
    warn_hidden(L, file);
}

void wf_raster_open(lua_State *L, const char *path)
{
    push_file(L, path, &(WeftOpen) { .mask = WEFT_NONE });
}

/* mask= at the top of the stack: a boolean raster, or a file whose pixels other than 0 count. */
static WeftNode read_mask(lua_State *L)
{
    WeftErr err = { 0 };
    const WfRaster *raster;

    if (lua_type(L, -1) == LUA_TSTRING) {
        wf_raster_open(L, lua_tostring(L, -1));
        lua_pushinteger(L, 0);
        wf_operate(L, weft_op_find("ne", &err), lua_gettop(L) - 1);
        lua_replace(L, -2);
    }
    raster = wf_raster_test(L, -1);
    if (!raster)
        wf_raster_wrong(L, lua_gettop(L), "open", "mask", "a path, a boolean raster or false");
    if (raster->band_count != 1)
        wf_raisef(L, WEFT_EARG, "open", "pick one: m[1]", "the mask has %d bands",
                  raster->band_count);
    return raster->bands[0].node;
}

/* The bands listed at the top of the stack (a number, a name, or a list) of the raster at index. */
static void select_bands(lua_State *L, int index)
{
    static const char *const form = "bands = {1, 2} or {\"B04\"}";
    int list = lua_gettop(L), count;
    const WfRaster *from = wf_raster_test(L, index);
    WfRaster *to;

    if (!lua_istable(L, list)) {
        wf_raster_push_band(L, index, wf_raster_band_of(L, index, list, "open"));
        return;
    }
    count = wf_list_count(L, list, "open", "band", form);
    if (count == 0)
        wf_raisef(L, WEFT_EARG, "open", form, "bands names no band");
    to = wf_raster_new(L, count);
    for (int i = 0; i < count; i++) {
        int band;
        lua_rawgeti(L, list, i + 1);
        band = wf_raster_band_of(L, index, lua_gettop(L), "open");
        lua_pop(L, 1);
        to->bands[i] = from->bands[band];
        if (*wf_raster_name(L, index, band))
            wf_raster_set_name(L, -1, i, wf_raster_name(L, index, band));
    }
}

/* ------------------------------------------------------------------------------- stack */

/* Do these lie on one grid, as all before did? The engine says it best, so it is asked with
 * booleans: `all` is one of all rasters so far, or WEFT_NONE; gives the one of them and this. */
static WeftNode same_grid(lua_State *L, const char *op, WeftNode all, WeftNode node)
{
    WeftErr err = WF_NO_ERR;
    WeftGraph *graph = wf_script_graph(L);
    WeftNode valid[2] = { all, weft_apply(graph, "isvalid", &node, 1, NULL, 0, &err) };

    if (all != WEFT_NONE && valid[1] != WEFT_NONE)
        valid[1] = weft_apply(graph, "and", valid, 2, NULL, 0, &err);
    if (valid[1] != WEFT_NONE)
        return valid[1];
    snprintf(err.op, sizeof err.op, "%s", op);
    return wf_raise(L, &err);
}

/* Opens the paths of the list; returns the number of bands of all its rasters. */
static int stack_items(lua_State *L, int list, int items)
{
    int bands = 0;

    for (int i = 1; i <= items; i++) {
        char name[32];
        snprintf(name, sizeof name, "item %d", i);
        lua_rawgeti(L, list, i);
        if (lua_type(L, -1) == LUA_TSTRING) {
            wf_raster_open(L, lua_tostring(L, -1));
            lua_replace(L, -2);
        }
        if (!wf_raster_test(L, -1))
            wf_raster_wrong(L, lua_gettop(L), "stack", name, "a raster or a path");
        wf_raster_need_grid(L, wf_raster_test(L, -1), "stack");
        bands += wf_raster_test(L, -1)->band_count;
        lua_rawseti(L, -2, i);
    }
    return bands;
}

static void stack_names(lua_State *L, int raster, int bands)
{
    if (!wf_option_push(L, 2, "names"))
        return;
    if (!lua_istable(L, -1) || wf_list_count(L, -1, "stack", "name", NULL) != bands)
        wf_raisef(L, WEFT_EARG, "stack", NULL, "names must be a list of %d names", bands);
    for (int i = 0; i < bands; i++) {
        lua_rawgeti(L, -1, i + 1);
        wf_raster_set_name(L, raster, i, wf_check_text(L, -1, "stack", "a name"));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    wf_raster_tell_twins(L, raster, "stack");
}

/* The bands of all rasters of the list at index `list`, as one raster on the stack. */
static void join_items(lua_State *L, const char *op, int list, int bands)
{
    int items = (int)lua_rawlen(L, list), at = 0, to;
    WfRaster *result = wf_raster_new(L, bands);
    WeftNode all = WEFT_NONE;

    to = lua_gettop(L);
    for (int i = 1; i <= items; i++) {
        const WfRaster *item;

        lua_rawgeti(L, list, i);
        item = wf_raster_test(L, -1);
        wf_times_take(L, -1, to, at);
        for (int b = 0; b < item->band_count; b++, at++) {
            const char *name = wf_raster_name(L, -1, b);

            result->bands[at] = item->bands[b];
            all = same_grid(L, op, all, item->bands[b].node);
            if (*name)
                wf_raster_set_name(L, to, at, name);
        }
        lua_pop(L, 1);
    }
}

static int stack_rasters(lua_State *L)
{
    static const WfOption known[] = { { "names", WF_OWN }, { "times", WF_OWN }, { NULL, WF_OWN } };
    int items, bands;

    wf_args_most(L, 2, "stack");
    if (!lua_istable(L, 1))
        wf_raisef(L, WEFT_EARG, "stack", "write weft.stack({a, b, \"c.tif\"})",
                  "a list of rasters is needed, not %s", wf_what(L, 1));
    wf_list_apart(L, 1, 2, "stack");
    wf_options(L, 2, "stack", known, NULL);
    items = wf_list_count(L, 1, "stack", "raster", NULL);
    if (items == 0)
        wf_raisef(L, WEFT_EARG, "stack", NULL, "the list is empty");
    wf_script_graph(L);
    lua_createtable(L, items, 0); /* 3: the items, paths opened; the list itself stays */
    bands = stack_items(L, 1, items);
    join_items(L, "stack", 3, bands);
    stack_names(L, 4, bands);
    wf_times_option(L, "stack", 4);
    return 1;
}

/* ------------------------------------------------------------------------------- open */

/* One file as open's options at index 2 want it, as a raster on the stack. */
static void push_opened(lua_State *L, const char *path, const Open *options)
{
    int at = lua_gettop(L) + 1;

    push_file(L, path, &options->file);
    if (!wf_option_push(L, 2, "bands"))
        return;
    select_bands(L, at);
    lua_replace(L, at);
    lua_settop(L, at);
}

/* The files of the list at index 1, each opened with the options, as one raster on the stack. */
static void push_list(lua_State *L, const Open *options)
{
    int items = wf_list_count(L, 1, "open", "path", NULL), bands = 0, opened;

    if (items == 0)
        wf_raisef(L, WEFT_EARG, "open", NULL, "the list is empty");
    lua_createtable(L, items, 0);
    opened = lua_gettop(L);
    for (int i = 1; i <= items; i++) {
        lua_rawgeti(L, 1, i);
        if (lua_type(L, -1) != LUA_TSTRING)
            wf_raisef(L, WEFT_EARG, "open", "weft.stack({a, \"b.tif\"}) joins rasters and files",
                      "path %d must be a text, not %s", i, wf_what(L, -1));
        push_opened(L, lua_tostring(L, -1), options);
        bands += wf_raster_test(L, -1)->band_count;
        lua_rawseti(L, opened, i);
        lua_settop(L, opened);
    }
    join_items(L, "open", opened, bands);
}

static int open_raster(lua_State *L)
{
    Open options = { .file.mask = WEFT_NONE, .scale = true };
    bool list = lua_istable(L, 1);

    wf_args_most(L, 2, "open");
    if (list)
        wf_list_apart(L, 1, 2, "open");
    else
        wf_check_text(L, 1, "open", "the path");
    wf_options(L, 2, "open", open_options, &options);
    options.file.raw = !options.scale;
    if (wf_option_push(L, 2, "nodata"))
        options.file.has_nodata = true;
    if (wf_option_push(L, 2, "mask")) {
        options.file.unmasked = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
        if (!options.file.unmasked)
            options.file.mask = read_mask(L);
    }
    if (list)
        push_list(L, &options);
    else
        push_opened(L, lua_tostring(L, 1), &options);
    wf_times_option(L, "open", lua_gettop(L));
    return 1;
}

/* ------------------------------------------------------------------------------- others */

static int make_constant(lua_State *L)
{
    static const WfOption known[] = { { "like", WF_OWN }, { NULL, WF_OWN } };
    WeftErr err = WF_NO_ERR;
    const WeftGrid *grid;
    WfRaster *result;
    WeftNode node;
    double value;

    wf_args_most(L, 2, "constant");
    value = wf_check_number(L, 1, "constant", "the value");
    wf_options(L, 2, "constant", known, NULL);
    grid = wf_grid_like(L, 2, "constant", false);
    node = weft_constant(wf_script_graph(L), value, lua_isinteger(L, 1), grid, &err);
    if (node == WEFT_NONE)
        return wf_raise(L, &err);
    result = wf_raster_new(L, 1);
    result->bands[0].node = node;
    return 1;
}

static int pick_band(lua_State *L)
{
    wf_raster_check(L, 1, "band", "the value");
    wf_args_most(L, 2, "band");
    wf_raster_push_band(L, 1, wf_raster_band_of(L, 1, 2, "band"));
    return 1;
}

static void free_glob(void *p)
{
    globfree(p);
    free(p);
}

static int list_files(lua_State *L)
{
    const char *pattern = wf_check_text(L, 1, "glob", "the pattern");
    WfBox *box;
    const glob_t *found;
    int failed;

    wf_args_most(L, 1, "glob");
    box = wf_box(L, free_glob);
    found = box->p = calloc(1, sizeof *found);
    if (!found)
        wf_raisef(L, WEFT_EMEM, "glob", NULL, "not enough memory");
    failed = glob(pattern, GLOB_BRACE | GLOB_TILDE, NULL, box->p);
    if (failed && failed != GLOB_NOMATCH)
        wf_raisef(L, WEFT_EIO, "glob", NULL, "cannot list %s", pattern);
    lua_createtable(L, (int)found->gl_pathc, 0);
    for (size_t i = 0; i < found->gl_pathc; i++) {
        lua_pushstring(L, found->gl_pathv[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

#define FAMILY "reading and describing"

const WfFunction wf_opening_functions[] = {
    { "open", open_raster, false, FAMILY,
      "open(path or {path, ...}, {bands=, nodata=, mask=, scale=true, crs=, lossy=false, times=})",
      "a raster from any file that GDAL reads; of a list of files all their bands, on one grid" },
    { "stack", stack_rasters, false, FAMILY, "stack({a, b, \"c.tif\", ...}, {names=, times=})",
      "one raster of all their bands, on one grid" },
    { "constant", make_constant, false, FAMILY, "constant(v, {like=r})",
      "the same number at every pixel" },
    { "band", pick_band, true, FAMILY, "r:band(3), r:band(\"B04\"), r[3], r.B04",
      "one band, by number from 1 or by name" },
    { "glob", list_files, false, FAMILY, "glob(\"in/*.tif\")", "a sorted list of paths" },
    { NULL },
};
