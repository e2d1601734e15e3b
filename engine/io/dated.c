/*
 * dated.c - what a raster file says of when its bands were taken.
 *
 * In this order: a dimension of time that a band lies on (netCDF, Zarr and other files of many
 * dimensions, and what was copied from them); the time that a field of a GRIB file is valid for; a
 * date in the name of every band; the time that a satellite took the scene. The time that software
 * wrote a file (TIFFTAG_DATETIME) says nothing of its pixels. Reads metadata. Writes the times of
 * bands.
 */
#include "io/dated.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"

enum { DAY = 86400, WORD = 64, REASON = 300 };

/* ------------------------------------------------------------------------------- units */

static const struct {
    const char *name;
    double seconds;
} units_of_time[] = {
    { "second", 1 },
    { "sec", 1 },
    { "s", 1 },
    { "minute", 60 },
    { "min", 60 },
    { "hour", 3600 },
    { "hr", 3600 },
    { "h", 3600 },
    { "day", DAY },
    { "d", DAY },
    { "week", 604800 },
    { "millisecond", 1e-3 },
    { "msec", 1e-3 },
    { "ms", 1e-3 },
    { "microsecond", 1e-6 },
    { "us", 1e-6 },
    { "common_year", 365.0 * DAY },
};

/* One of the table, or several: "days", "hrs". */
static double unit_named(const char *word)
{
    char one[WORD];
    size_t length = strlen(word);

    for (int plural = 0; plural < 2 && length > (size_t)plural; plural++) {
        if (plural && word[length - 1] != 's' && word[length - 1] != 'S')
            break;
        snprintf(one, sizeof one, "%.*s", (int)length - plural, word);
        for (size_t i = 0; i < sizeof units_of_time / sizeof *units_of_time; i++)
            if (EQUAL(one, units_of_time[i].name))
                return units_of_time[i].seconds;
    }
    return 0;
}

/* Months and years have a length where all are alike in the calendar. */
static double unit_of(const char *word, WfCalendar calendar)
{
    double days = wf_calendar_year(calendar);

    if (EQUAL(word, "month") || EQUAL(word, "months"))
        return days == 360 ? 30 * DAY : 0;
    if (EQUAL(word, "year") || EQUAL(word, "years"))
        return days * DAY;
    return unit_named(word);
}

/* "days since 1850-01-01": the word before "since", and what follows it; NULL: something else. */
static const char *split_units(const char *units, char *word)
{
    const char *blank = strchr(units, ' '), *since = blank ? blank + strspn(blank, " ") : "";

    if (!EQUALN(since, "since ", 6) || (size_t)(blank - units) >= WORD)
        return NULL;
    snprintf(word, WORD, "%.*s", (int)(blank - units), units);
    return since + 6;
}

/* ------------------------------------------------------------------------------- values */

/* Seconds as they were meant: whole milliseconds where they differ from these by what the rounding
 * of a value that far from its beginning may have done. */
static double settled(double seconds)
{
    double near = round(seconds * 1e3) / 1e3;

    return fabs(near - seconds) <= 1e-14 * fabs(seconds) ? near : seconds;
}

/* Seconds after the beginning of a day of a calendar. */
static bool civil_seconds(WfCalendar calendar, int64_t day, double after, double *seconds,
                          char *why, size_t size)
{
    double days = floor(after / DAY);
    WfDate date;
    int64_t civil;

    if (!(fabs(after) < 1e14)) {
        snprintf(why, size, "it is too far away");
        return false;
    }
    day += (int64_t)days;
    if (wf_calendar_civil(calendar, day, &civil)) {
        *seconds = (double)civil * DAY + (after - days * DAY);
        return true;
    }
    date = wf_calendar_date(calendar, day);
    snprintf(why, size, "%04lld-%02d-%02d of the calendar \"%s\" is no date of ours",
             (long long)date.year, date.month, date.day, wf_calendar_name(calendar));
    return false;
}

/* "20180710.25", in the units "day as %Y%m%d.%f". */
static bool absolute_value(double value, WfCalendar calendar, double *seconds, char *why,
                           size_t size)
{
    int64_t whole = fabs(value) < 1e12 ? (int64_t)floor(value) : 0, day;
    WfDate date = { whole / 10000, (int)(whole / 100 % 100), (int)(whole % 100) };

    if (whole > 0 && wf_calendar_day(calendar, date, &day))
        return civil_seconds(calendar, day, round((value - (double)whole) * DAY), seconds, why,
                             size);
    snprintf(why, size, "%.15g is no date", value);
    return false;
}

static bool relative_value(double value, const char *units, WfCalendar calendar, double *seconds,
                           char *why, size_t size)
{
    char word[WORD];
    const char *since = split_units(units, word);
    double unit = unit_of(word, calendar);
    WfMoment from;
    int64_t day;

    if (unit == 0)
        snprintf(why, size, "\"%.100s\" has no fixed length in the calendar \"%s\"", units,
                 wf_calendar_name(calendar));
    else if (!wf_date_since(since, &from) || !wf_calendar_day(calendar, from.date, &day))
        snprintf(why, size, "\"%.100s\" begins at no date of the calendar \"%s\"", units,
                 wf_calendar_name(calendar));
    else
        return civil_seconds(calendar, day, settled(value * unit) + from.second, seconds, why,
                             size);
    return false;
}

static bool is_absolute(const char *units)
{
    return EQUALN(units, "day as %Y%m%d", 13);
}

static bool is_time(const char *units)
{
    char word[WORD];

    return units && (is_absolute(units) || split_units(units, word) != NULL);
}

const char *wf_dated_value(const char *value, const char *units, const char *calendar,
                           double *seconds, char *why, size_t size)
{
    WfCalendar found = WF_CALENDAR_STANDARD;
    char *end;
    double number = CPLStrtod(value, &end);
    bool done = false;

    why[0] = '\0';
    if (end == value || *end || !isfinite(number))
        snprintf(why, size, "\"%.60s\" is no number", value);
    else if (calendar && calendar[0] && !wf_calendar_find(calendar, &found))
        snprintf(why, size, "the calendar \"%.60s\" is not known", calendar);
    else if (is_absolute(units))
        done = absolute_value(number, found, seconds, why, size);
    else
        done = relative_value(number, units, found, seconds, why, size);
    return done ? NULL : why;
}

/* ------------------------------------------------------------------------------- dimensions */

/* A dimension of time that a band lies on. */
typedef struct Axis {
    const char *value, *units, *calendar;
    bool valid; /* it is the time that the values are for, as the file says */
} Axis;

/* An attribute of a variable of the file: "time#units", or in a group "/forecast/time#units". */
static const char *attribute(GDALDatasetH data, const char *variable, size_t length,
                             const char *name)
{
    char **file = GDALGetMetadata(data, NULL);
    char key[2 * WORD];
    size_t tail;

    snprintf(key, sizeof key, "/%.*s#%s=", (int)length, variable, name);
    tail = strlen(key);
    for (int i = 0; file && file[i]; i++) {
        const char *equals = strchr(file[i], '=');
        size_t before = equals ? (size_t)(equals - file[i]) + 1 : 0;

        if ((before == tail - 1 && EQUALN(file[i], key + 1, tail - 1)) ||
            (before >= tail && EQUALN(equals + 1 - tail, key, tail)))
            return equals + 1;
    }
    return NULL;
}

/* The dimension that an item of a band's metadata tells the place on; false: none, or not of time.
 * NETCDF_DIM_time=3, or DIM_time_VALUE=3 with DIM_time_UNIT. */
static bool read_axis(GDALDatasetH data, char **band, const char *item, Axis *axis)
{
    const char *equals = strchr(item, '='), *name, *meaning;
    size_t length;
    char key[2 * WORD];

    if (!equals)
        return false;
    axis->value = equals + 1;
    if (EQUALN(item, "NETCDF_DIM_", 11)) {
        name = item + 11;
        length = (size_t)(equals - name);
        axis->units = attribute(data, name, length, "units");
    } else if (EQUALN(item, "DIM_", 4) && equals - item > 10 && EQUALN(equals - 6, "_VALUE", 6)) {
        name = item + 4;
        length = (size_t)(equals - 6 - name);
        snprintf(key, sizeof key, "DIM_%.*s_UNIT", (int)length, name);
        axis->units = CSLFetchNameValue(band, key);
    } else {
        return false;
    }
    axis->calendar = attribute(data, name, length, "calendar");
    meaning = attribute(data, name, length, "standard_name");
    axis->valid = meaning ? EQUAL(meaning, "time") : length == 4 && EQUALN(name, "time", 4);
    return is_time(axis->units) && !(meaning && EQUAL(meaning, "forecast_reference_time"));
}

/* The band's own time; NaN where the file says none, with `why` where it means to. */
static double dimension_time(GDALDatasetH data, char **band, char *why, size_t size)
{
    Axis found = { .value = NULL };
    bool several = false;
    double seconds = NAN;

    why[0] = '\0';
    for (int i = 0; band && band[i]; i++) {
        Axis axis;

        if (!read_axis(data, band, band[i], &axis) || (found.valid && !axis.valid))
            continue;
        several = found.value && found.valid == axis.valid;
        found = axis;
    }
    if (several)
        snprintf(why, size, "it lies on several dimensions of time");
    else if (found.value)
        wf_dated_value(found.value, found.units, found.calendar, &seconds, why, size);
    return why[0] ? NAN : seconds;
}

/* ------------------------------------------------------------------------------- others */

/* "1531202400", in older versions "  1531202400 sec UTC". */
static double grib_time(char **band)
{
    const char *value = CSLFetchNameValue(band, "GRIB_VALID_TIME");
    char *end = NULL;
    double seconds = value ? CPLStrtod(value, &end) : NAN;

    return value && end != value && (*end == '\0' || EQUAL(end, " sec UTC")) ? seconds : NAN;
}

/* Names of all bands are dates. */
static bool take_names(WeftBand *bands, int count)
{
    double seconds;

    for (int i = 0; i < count; i++)
        if (wf_date_read(bands[i].name, &seconds) < WEFT_DATE_DIGITS)
            return false;
    for (int i = 0; i < count; i++)
        wf_date_read(bands[i].name, &bands[i].time);
    return true;
}

/* The satellite's own file beside the raster is looked for where that costs little. */
static void take_scene(WeftBand *bands, int count, const char *path, GDALDatasetH data)
{
    const char *text = VSIIsLocal(path) || strncmp(path, "/vsi", 4) != 0
                           ? GDALGetMetadataItem(data, "ACQUISITIONDATETIME", "IMAGERY")
                           : NULL;
    double seconds;

    if (text && wf_date_read(text, &seconds) == WEFT_DATE_FULL)
        for (int i = 0; i < count; i++)
            bands[i].time = seconds;
}

static bool keep_doubt(WfStore *store, int band, const char *why, int more, WfArena *arena,
                       WeftErr *err)
{
    WfText text = { 0 };

    wf_text_add(&text, "%s: band %d has no time: %s", store->file.path, band, why);
    if (more)
        wf_text_add(&text, more == 1 ? " (nor has another)" : " (nor have %d others)", more);
    store->doubt = text.failed ? NULL : wf_arena_strdup(arena, text.text, err);
    wf_text_free(&text);
    return store->doubt != NULL || wf_fail(err, WEFT_EMEM, "no memory for a text");
}

bool wf_dated_describe(WfStore *store, GDALDatasetH data, WfArena *arena, WeftErr *err)
{
    WeftBand *bands = (WeftBand *)store->file.bands;
    char why[REASON], first[REASON] = "";
    int count = store->file.band_count, known = 0, doubted = 0, wrong = 0;

    for (int i = 0; i < count; i++) {
        char **band = GDALGetMetadata(GDALGetRasterBand(data, i + 1), NULL);

        bands[i].time = dimension_time(data, band, why, sizeof why);
        if (isnan(bands[i].time))
            bands[i].time = grib_time(band);
        known += isfinite(bands[i].time);
        if (!why[0] || doubted++)
            continue;
        wrong = i + 1;
        snprintf(first, sizeof first, "%s", why);
    }
    if (!known && !doubted && !take_names(bands, count))
        take_scene(bands, count, store->file.path, data);
    return !doubted || keep_doubt(store, wrong, first, doubted - 1, arena, err);
}
