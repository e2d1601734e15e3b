/*
 * times.c - when the bands of a raster were taken, in seconds since 1970-01-01 UTC.
 *
 * Times are what weft.stack was given, or dates in the names of all bands. They lie in a raster's
 * user value 2, a list; results of operators keep them. Reads and writes rasters in Lua only.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dsl.h"

enum { DAY = 86400 };

/* Days from 1970-01-01 to a date of the Gregorian calendar; years are counted from March, so that
 * February is the last month (E. G. Richards, Explanatory Supplement, 15.11). */
static double days_to(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1, m = (month + 9) % 12;

    return (double)(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 719469);
}

static bool is_date(int year, int month, int day)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap);
}

bool wf_times_parse(const char *text, double *seconds)
{
    int year, month, day, hour = 0, minute = 0, used = 0;
    double second = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used != 10 ||
        !is_date(year, month, day))
        return false;
    text += used;
    if (*text) {
        used = 0;
        if ((*text != 'T' && *text != ' ') ||
            sscanf(text + 1, "%2d:%2d%n:%lf%n", &hour, &minute, &used, &second, &used) < 2)
            return false;
        text += 1 + used;
        if (strcmp(text, "") != 0 && strcmp(text, "Z") != 0)
            return false;
    }
    *seconds = days_to(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
    return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61;
}

/* ------------------------------------------------------------------------------- rasters */

bool wf_times_get(lua_State *L, int index, int band, double *seconds)
{
    bool found = false;

    if (lua_getiuservalue(L, index, 2) == LUA_TTABLE) {
        found = lua_rawgeti(L, -1, band + 1) == LUA_TNUMBER;
        *seconds = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return found || wf_times_parse(wf_raster_name(L, index, band), seconds);
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
    int count = wf_raster_test(L, index)->band_count;
    double seconds;

    index = lua_absindex(L, index);
    lua_createtable(L, count, 0);
    for (int i = 0; i < count; i++) {
        if (!wf_times_get(L, index, i, &seconds)) {
            lua_pop(L, 1);
            return false;
        }
        lua_pushnumber(L, seconds);
        lua_rawseti(L, -2, i + 1);
    }
    return true;
}

void wf_times_copy(lua_State *L, int from, int to)
{
    to = lua_absindex(L, to);
    lua_getiuservalue(L, from, 2);
    lua_setiuservalue(L, to, 2);
}

/* The raster's own times, where it has as many bands; those of two operands may not differ. */
static bool same_times(lua_State *L, int a, int b, int bands)
{
    for (int i = 0; i < bands; i++) {
        double at_a = 0, at_b = 0;
        bool has_a = wf_times_get(L, a, i, &at_a), has_b = wf_times_get(L, b, i, &at_b);

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
    for (int i = 0; from && i < bands; i++) {
        double seconds;

        if (wf_times_get(L, from, i, &seconds))
            wf_times_set(L, to, i, seconds);
    }
}

/* ------------------------------------------------------------------------------- arguments */

bool wf_times_value(lua_State *L, int index, double *seconds)
{
    if (lua_type(L, index) == LUA_TSTRING)
        return wf_times_parse(lua_tostring(L, index), seconds);
    *seconds = lua_tonumber(L, index);
    return lua_type(L, index) == LUA_TNUMBER && isfinite(*seconds);
}
