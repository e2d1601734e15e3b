/*
 * series.c - statistics of each pixel across the rasters of a list: weft.series, weft.pick.
 *
 * Opens paths, lines up bands, reads x; the engine checks and lowers what is asked for. Goes band
 * by band. Writes new nodes.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dsl.h"

#define FORM "write weft.series({a, b, \"c.tif\"}, \"median\")"

/* The rasters of a list, by band: nodes[band * count + raster]. */
typedef struct List {
    const char *op, *form;
    int count, bands;
    int items; /* stack index of the table of rasters; 0: the bands of one */
    int first; /* that of the first raster: its bands' names are the result's; 0 */
    WeftNode *nodes;
} List;

/* ------------------------------------------------------------------------------- lists */

/* The item at the top of the stack as a raster, of as many bands as the first. */
static void check_item(lua_State *L, const List *list, int number)
{
    const WfRaster *raster;
    char name[32];

    snprintf(name, sizeof name, "raster %d", number);
    if (lua_type(L, -1) == LUA_TSTRING) {
        wf_raster_open(L, lua_tostring(L, -1));
        lua_replace(L, -2);
    }
    raster = wf_raster_test(L, -1);
    if (!raster)
        wf_raster_wrong(L, lua_gettop(L), list->op, name, "a raster or a path");
    if (number > 1 && raster->band_count != list->bands)
        wf_raisef(L, WEFT_EARG, list->op, "pick bands: r[1], r:select{1, 2}",
                  "raster %d has %d band%s, raster 1 has %d", number, raster->band_count,
                  raster->band_count == 1 ? "" : "s", list->bands);
}

/* The rasters of the table at index 1; pushes the first of them, and a buffer. */
static void take_items(lua_State *L, List *list)
{
    list->count = wf_list_count(L, 1, list->op, "raster", list->form);
    if (list->count == 0)
        wf_raisef(L, WEFT_EARG, list->op, list->form, "the list is empty");
    lua_createtable(L, list->count, 0); /* paths are opened; the list itself stays */
    list->items = lua_gettop(L);
    for (int i = 0; i < list->count; i++) {
        lua_rawgeti(L, 1, i + 1);
        check_item(L, list, i + 1);
        if (i == 0)
            list->bands = wf_raster_test(L, -1)->band_count;
        lua_rawseti(L, list->items, i + 1);
    }
    list->nodes =
        lua_newuserdatauv(L, (size_t)list->count * (size_t)list->bands * sizeof *list->nodes, 0);
    for (int i = 0; i < list->count; i++) {
        lua_rawgeti(L, list->items, i + 1);
        for (int b = 0; b < list->bands; b++)
            list->nodes[b * list->count + i] = wf_raster_test(L, -1)->bands[b].node;
        lua_pop(L, 1);
    }
    lua_rawgeti(L, list->items, 1);
    list->first = lua_gettop(L);
}

/* The bands of the raster at index 1 as rasters of one band each; pushes a buffer. */
static void take_bands(lua_State *L, List *list)
{
    const WfRaster *raster = wf_raster_test(L, 1);

    list->count = raster->band_count;
    list->bands = 1;
    list->nodes = lua_newuserdatauv(L, (size_t)list->count * sizeof *list->nodes, 0);
    for (int i = 0; i < list->count; i++)
        list->nodes[i] = raster->bands[i].node;
}

static void take_list(lua_State *L, List *list)
{
    luaL_checkstack(L, 20, "too many values");
    wf_script_graph(L);
    if (wf_raster_test(L, 1))
        take_bands(L, list);
    else if (lua_istable(L, 1))
        take_items(L, list);
    else if (lua_isboolean(L, 1))
        wf_raster_wrong(L, 1, list->op, "the list", "a list of rasters");
    else
        wf_raisef(L, WEFT_EARG, list->op, list->form, "a list of rasters is needed, not %s",
                  wf_what(L, 1));
}

/* ------------------------------------------------------------------------------- x */

static const struct {
    const char *name;
    double seconds;
} periods[] = {
    { "second", 1 },  { "minute", 60 },   { "hour", 3600 },
    { "day", 86400 }, { "week", 604800 }, { "year", 31557600 }, /* of 365.25 days */
};
enum { PERIODS = sizeof periods / sizeof *periods };

/* The seconds that a slope over times is meant for. */
static double read_per(lua_State *L, const char *op)
{
    const char *name = wf_check_text(L, -1, op, "per");
    WfNearest near;

    wf_near_start(&near, name);
    for (int i = 0; i < PERIODS; i++) {
        if (!strcmp(periods[i].name, name))
            return periods[i].seconds;
        wf_near_try(&near, periods[i].name);
    }
    wf_raisef(L, WEFT_ENAME, op, wf_near_hint(&near),
              "per must be second, minute, hour, day, week or year, not \"%s\"", name);
}

/* What a message calls one of the list. */
static const char *one_of(const List *list)
{
    return list->items ? "raster" : "band";
}

/* Raster i of the list on the stack; gives the band of it whose time is its own: the first, or the
 * i-th where there is one raster. */
static int push_raster(lua_State *L, const List *list, int i)
{
    if (list->items)
        lua_rawgeti(L, list->items, i + 1);
    else
        lua_pushvalue(L, 1);
    return list->items ? 0 : i;
}

/* times=, at the top of the stack. */
static void read_given(lua_State *L, const List *list, double *x)
{
    int given = lua_gettop(L);
    const WfBand **bands = lua_newuserdatauv(L, (size_t)list->count * sizeof *bands, 0);

    for (int i = 0; i < list->count; i++) {
        int band = push_raster(L, list, i);

        bands[i] = &wf_raster_test(L, -1)->bands[band];
        lua_pop(L, 1);
    }
    lua_pushvalue(L, given);
    wf_times_read(L, list->op, bands, list->count, one_of(list), x);
    lua_settop(L, given - 1);
}

/* All the same: there is no line over them. */
static void warn_alike(lua_State *L, const List *list, const double *x)
{
    for (int i = 0; i < list->count; i++)
        if (x[i] != x[0])
            return;
    if (list->count > 1)
        wf_warn(L, "all %d %ss have one time: there is no line over it", list->count, one_of(list));
}

/* The time of each raster: as the options say, or its own. */
static void read_times(lua_State *L, const List *list, double *x)
{
    bool given = wf_option_push(L, 3, "times");

    if (given)
        read_given(L, list, x);
    for (int i = 0; i < list->count && !given; i++) {
        int band = push_raster(L, list, i);

        if (!wf_times_get(L, lua_gettop(L), band, &x[i]))
            wf_raisef(L, WEFT_EARG, list->op,
                      "times = {\"2017-05-01\", \"2017-05-21\"} tells them, or \"%Y%m%d\" as their "
                      "names have them",
                      "%s %d has no time", one_of(list), i + 1);
        lua_pop(L, 1);
    }
    warn_alike(L, list, x);
}

/* A list of numbers or dates at `at`. */
static bool read_numbers(lua_State *L, const List *list, int at, double *x)
{
    bool dates = false;

    int numbers = wf_list_count(L, at, list->op, "number", "x = {2015, 2016, 2018}");

    if (numbers != list->count)
        wf_raisef(L, WEFT_EARG, list->op, NULL, "x has %d numbers, the list %d rasters", numbers,
                  list->count);
    for (int i = 0; i < list->count; i++) {
        bool date = lua_rawgeti(L, at, i + 1) == LUA_TSTRING;

        if (!wf_times_value(L, -1, &x[i]) || (i > 0 && date != dates))
            wf_raisef(L, WEFT_EARG, list->op,
                      "x = {2015, 2016}, or {\"2017-05-01\", \"2017-05-21\"}",
                      "number %d of x is %s", i + 1,
                      lua_type(L, -1) == LUA_TNUMBER ? "not finite" : wf_what(L, -1));
        dates = date;
        lua_pop(L, 1);
    }
    return dates;
}

/* The options x and per of the table at index 3; what is read stays in a buffer. */
static void read_x(lua_State *L, const List *list, WeftSeries *series)
{
    double per = 1, *x = lua_newuserdatauv(L, (size_t)list->count * sizeof *x, 0);
    const char *name = NULL;
    bool times = false, given = wf_option_push(L, 3, "x");

    if (given && lua_type(L, -1) == LUA_TSTRING)
        name = lua_tostring(L, -1);
    if (given && lua_istable(L, -1)) {
        times = read_numbers(L, list, lua_gettop(L), x);
        series->x = x;
    } else if (name && !strcmp(name, "times")) {
        read_times(L, list, x);
        series->x = x;
        times = true;
    } else if (given && (!name || strcmp(name, "index") != 0)) {
        wf_raisef(L, WEFT_EARG, list->op, "x = \"times\", \"index\" or {2015, 2016, 2018}",
                  name ? "x must be a list of numbers, \"times\" or \"index\", not \"%s\""
                       : "x must be a list of numbers, not %s",
                  name ? name : wf_what(L, -1));
    }
    if (!(name && times) && wf_option_push(L, 3, "times"))
        wf_raisef(L, WEFT_EARG, list->op, "write x = \"times\" too",
                  "times are for a line over them");
    if (!wf_option_push(L, 3, "per"))
        return;
    per = read_per(L, list->op);
    if (!times)
        wf_raisef(L, WEFT_EARG, list->op, "write x = \"times\" too",
                  "per is for a slope over times");
    for (int i = 0; i < list->count; i++)
        x[i] /= per;
}

/* ------------------------------------------------------------------------------- series */

/* medoid or geomedian: all bands at once. */
static void fill_vectors(lua_State *L, const List *list, const char *stat, WfRaster *result)
{
    WeftErr err = WF_NO_ERR;
    WeftNode *nodes = lua_newuserdatauv(L, (size_t)list->bands * sizeof *nodes, 0);

    if (!weft_series_vectors(wf_script_graph(L), list->nodes, list->count, list->bands, stat, nodes,
                             &err))
        wf_raise(L, &err);
    for (int b = 0; b < list->bands; b++)
        result->bands[b].node = nodes[b];
    lua_pop(L, 1);
}

/* One statistic of the list, as a raster on the stack. */
static void push_stat(lua_State *L, const List *list, const WeftSeries *series)
{
    WeftErr err = WF_NO_ERR;
    WfRaster *result = wf_raster_new(L, list->bands);
    bool vectors = !strcmp(series->stat, "medoid") || !strcmp(series->stat, "geomedian");

    if (vectors)
        fill_vectors(L, list, series->stat, result);
    for (int b = 0; b < list->bands && !vectors; b++) {
        result->bands[b].node = weft_series(wf_script_graph(L), list->nodes + b * list->count,
                                            list->count, series, &err);
        if (result->bands[b].node == WEFT_NONE)
            wf_raise(L, &err);
    }
    if (list->first)
        wf_raster_copy_names(L, list->first, -1);
}

/* A raster for each name of the list at index 2, in a table by these names. */
static void push_stats(lua_State *L, const List *list, WeftSeries *series)
{
    static const char *const form = "write \"median\", or {\"median\", \"count\"}";
    int count = wf_list_count(L, 2, list->op, "statistic", form), table;

    if (count == 0)
        wf_raisef(L, WEFT_EARG, list->op, form, "the list of statistics is empty");
    wf_list_once(L, 2, list->op);
    lua_createtable(L, 0, count);
    table = lua_gettop(L);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, 2, i + 1);
        series->stat = wf_check_text(L, -1, list->op, "a statistic");
        push_stat(L, list, series);
        lua_rawset(L, table);
    }
}

static int make_series(lua_State *L)
{
    static const WfOption known[] = { { "x", WF_OWN },
                                      { "per", WF_OWN },
                                      { "times", WF_OWN },
                                      { "ddof", WF_WHOLE, offsetof(WeftSeries, ddof) },
                                      { NULL, WF_OWN } };
    List list = { .op = "series", .form = FORM };
    WeftSeries series = { .stat = NULL };

    wf_args_most(L, 3, list.op);
    wf_list_apart(L, 1, 3, list.op);
    wf_list_apart(L, 2, 3, list.op);
    take_list(L, &list);
    wf_options(L, 3, list.op, known, &series);
    read_x(L, &list, &series);
    if (lua_istable(L, 2)) {
        push_stats(L, &list, &series);
        return 1;
    }
    if (lua_type(L, 2) != LUA_TSTRING)
        wf_raisef(L, WEFT_EARG, list.op, FORM, "a statistic or a list of them is needed, not %s",
                  wf_what(L, 2));
    series.stat = lua_tostring(L, 2);
    push_stat(L, &list, &series);
    return 1;
}

static int make_pick(lua_State *L)
{
    List list = { .op = "pick", .form = "write weft.pick({a, b, \"c.tif\"}, index)" };
    WeftErr err = WF_NO_ERR;
    const WfRaster *index;
    WfRaster *result;

    wf_args_most(L, 2, list.op);
    take_list(L, &list);
    index = wf_raster_check(L, 2, list.op, "the index");
    if (index->band_count != 1 && index->band_count != list.bands)
        wf_raisef(L, WEFT_EARG, list.op, "pick one: index[1]",
                  "the index has %d bands, raster 1 %d", index->band_count, list.bands);
    result = wf_raster_new(L, list.bands);
    for (int b = 0; b < list.bands; b++) {
        result->bands[b].node =
            weft_pick(wf_script_graph(L), list.nodes + b * list.count, list.count,
                      index->bands[index->band_count == 1 ? 0 : b].node, &err);
        if (result->bands[b].node == WEFT_NONE)
            wf_raise(L, &err);
    }
    if (list.first)
        wf_raster_copy_names(L, list.first, -1);
    return 1;
}

#define FAMILY "series"

const WfFunction wf_series_functions[] = {
    { "series", make_series, true, FAMILY,
      "series({a, b, \"c.tif\", ...}, stat, {x=\"index\", times=, per=, ddof=0})",
      "a statistic of each pixel across rasters, band by band; a list of statistics gives a "
      "table" },
    { "pick", make_pick, false, FAMILY, "pick({a, b, \"c.tif\", ...}, index)",
      "at each pixel the raster whose number, from 1, the index says" },
    { NULL },
};
