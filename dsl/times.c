/*
 * times.c - when the bands of a raster were taken, in seconds since 1970-01-01 UTC.
 *
 * Times are what a script gives, what the file says (WeftBand.time), or dates in the names of
 * bands. Given ones lie in a raster's user value 2, a list; results of operators keep what there
 * is. Reads and writes rasters in Lua only.
 */
#include <math.h>
#include <stdio.h>

#include "dsl.h"

/* ------------------------------------------------------------------------------- rasters */

/* Digits alone are a date where all bands are named by dates. known: what was found out before, or
 * -1. */
static bool digits_are_dates(lua_State *L, int index, int *known)
{
    int count = wf_raster_test(L, index)->band_count;
    double seconds;

    if (*known < 0) {
        *known = true;
        for (int i = 0; i < count && *known; i++)
            *known = weft_date(wf_raster_name(L, index, i), &seconds) >= WEFT_DATE_DIGITS;
    }
    return *known;
}

static bool time_of(lua_State *L, int index, int band, int *digits, double *seconds)
{
    const WfBand *of = &wf_raster_test(L, index)->bands[band];
    bool given = false;
    WeftDate named;

    if (lua_getiuservalue(L, index, 2) == LUA_TTABLE) {
        given = lua_rawgeti(L, -1, band + 1) == LUA_TNUMBER;
        *seconds = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    if (given)
        return true;
    if (of->file && !isnan(of->file->bands[of->number - 1].time)) {
        *seconds = of->file->bands[of->number - 1].time;
        return true;
    }
    named = weft_date(wf_raster_name(L, index, band), seconds);
    return named == WEFT_DATE_FULL ||
           (named == WEFT_DATE_DIGITS && digits_are_dates(L, index, digits));
}

bool wf_times_get(lua_State *L, int index, int band, double *seconds)
{
    int digits = -1;

    return time_of(L, index, band, &digits, seconds);
}

void wf_times_set(lua_State *L, int index, int band, double seconds)
{
    index = lua_absindex(L, index);
    if (lua_getiuservalue(L, index, 2) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, 2);
    }
    lua_pushnumber(L, seconds);
    lua_rawseti(L, -2, band + 1);
    lua_pop(L, 1);
}

bool wf_times_push(lua_State *L, int index)
{
    int count = wf_raster_test(L, index)->band_count, digits = -1;
    double seconds;

    index = lua_absindex(L, index);
    lua_createtable(L, count, 0);
    for (int i = 0; i < count; i++) {
        if (!time_of(L, index, i, &digits, &seconds)) {
            lua_pop(L, 1);
            return false;
        }
        lua_pushnumber(L, seconds);
        lua_rawseti(L, -2, i + 1);
    }
    return true;
}

void wf_times_take(lua_State *L, int from, int to, int at)
{
    int bands = wf_raster_test(L, from)->band_count, digits = -1;
    double seconds;

    from = lua_absindex(L, from);
    to = lua_absindex(L, to);
    for (int i = 0; i < bands; i++)
        if (time_of(L, from, i, &digits, &seconds))
            wf_times_set(L, to, at + i, seconds);
}

/* The raster's own times, where it has as many bands; those of two operands may not differ. */
static bool same_times(lua_State *L, int a, int b, int bands)
{
    int digits_a = -1, digits_b = -1;

    for (int i = 0; i < bands; i++) {
        double at_a = 0, at_b = 0;
        bool has_a = time_of(L, a, i, &digits_a, &at_a), has_b = time_of(L, b, i, &digits_b, &at_b);

        if (has_a != has_b || at_a != at_b)
            return false;
    }
    return true;
}

void wf_times_inherit(lua_State *L, int first, int last, int to)
{
    int bands = wf_raster_test(L, to)->band_count, from = 0;

    to = lua_absindex(L, to);
    for (int i = first; i <= last; i++) {
        const WfRaster *raster = wf_raster_test(L, i);
        double any;

        if (!raster || raster->band_count != bands || !wf_times_get(L, i, 0, &any))
            continue;
        if (from && !same_times(L, from, i, bands))
            return;
        from = i;
    }
    if (from)
        wf_times_take(L, from, to, 0);
}

/* ------------------------------------------------------------------------------- arguments */

bool wf_times_value(lua_State *L, int index, double *seconds)
{
    if (lua_type(L, index) == LUA_TSTRING)
        return weft_date(lua_tostring(L, index), seconds) != WEFT_DATE_NONE;
    *seconds = lua_tonumber(L, index);
    return lua_type(L, index) == LUA_TNUMBER && isfinite(*seconds);
}

/* 20180710 is the 22nd of August 1970 as seconds. */
static void warn_of_number(lua_State *L, int number)
{
    char text[32];
    double seconds;

    if (!lua_isinteger(L, -1))
        return;
    snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, -1));
    if (weft_date(text, &seconds) == WEFT_DATE_DIGITS)
        wf_warn(L, "time %d is %s seconds after 1970; the date is the text \"%s\"", number, text,
                text);
}

/* Date `number` of the list at the top of the stack. */
static double read_date(lua_State *L, const char *op, int number)
{
    double seconds;

    lua_rawgeti(L, -1, number);
    if (!wf_times_value(L, -1, &seconds))
        wf_raisef(L, WEFT_EARG, op,
                  "a date is \"2017-05-01\", \"20170501\", \"2017-05-01T10:30:00Z\", or seconds "
                  "since 1970",
                  "time %d is no date", number);
    warn_of_number(L, number);
    lua_pop(L, 1);
    return seconds;
}

/* The date in the name of the file that a band is of. */
static double read_name(lua_State *L, const char *op, const WfBand *band, const char *of,
                        int number, const char *pattern)
{
    WeftErr err = WF_NO_ERR;
    double seconds;

    if (!band->file)
        wf_raisef(L, WEFT_EARG, op, "times = {\"2017-05-01\", \"2017-05-21\"} tells them",
                  "%s %d is not of a file, whose name times = \"%s\" would read", of, number,
                  pattern);
    if (weft_date_in(band->file->path, pattern, &seconds, &err))
        return seconds;
    snprintf(err.op, sizeof err.op, "%s", op);
    return wf_raise(L, &err);
}

void wf_times_read(lua_State *L, const char *op, const WfBand *const *bands, int count,
                   const char *of, double *seconds)
{
    const char *pattern = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;

    if (!pattern && (!lua_istable(L, -1) || wf_list_count(L, -1, op, "date", NULL) != count))
        wf_raisef(
            L, WEFT_EARG, op,
            "times = {\"2017-05-01\", \"2017-05-21\"}, or \"%Y%m%d\" as their names have them",
            "times must be a list of %d dates, or a pattern for names of files", count);
    for (int i = 0; i < count; i++)
        seconds[i] =
            pattern ? read_name(L, op, bands[i], of, i + 1, pattern) : read_date(L, op, i + 1);
    lua_pop(L, 1);
}

void wf_times_option(lua_State *L, const char *op, int raster)
{
    const WfRaster *of = wf_raster_test(L, raster);
    const WfBand **bands;
    double *seconds;

    if (!wf_option_push(L, 2, "times"))
        return;
    bands = lua_newuserdatauv(L, (size_t)of->band_count * sizeof *bands, 0);
    seconds = lua_newuserdatauv(L, (size_t)of->band_count * sizeof *seconds, 0);
    for (int i = 0; i < of->band_count; i++)
        bands[i] = &of->bands[i];
    lua_pushvalue(L, -3);
    wf_times_read(L, op, bands, of->band_count, "band", seconds);
    for (int i = 0; i < of->band_count; i++)
        wf_times_set(L, raster, i, seconds[i]);
    lua_pop(L, 3);
}
