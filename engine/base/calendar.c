/*
 * calendar.c - dates of several calendars as numbers of days, and as dates of ours.
 *
 * Years are counted from March, so that the day that leap years have more is their last. Needs
 * nothing.
 */
#include "base/calendar.h"

#include <string.h>
#include <strings.h>

static const char *const names[WF_CALENDAR_COUNT] = {
    [WF_CALENDAR_STANDARD] = "standard", [WF_CALENDAR_PROLEPTIC] = "proleptic_gregorian",
    [WF_CALENDAR_JULIAN] = "julian",     [WF_CALENDAR_NOLEAP] = "noleap",
    [WF_CALENDAR_ALL_LEAP] = "all_leap", [WF_CALENDAR_360_DAY] = "360_day",
};

static const struct {
    const char *name;
    WfCalendar calendar;
} other_names[] = {
    { "gregorian", WF_CALENDAR_STANDARD },
    { "365_day", WF_CALENDAR_NOLEAP },
    { "366_day", WF_CALENDAR_ALL_LEAP },
};

/* Days before 1970-01-01 of ours since the first of March of the year 0. */
enum { GREGORIAN_1970 = 719468, JULIAN_1970 = 719470 };

bool wf_calendar_find(const char *name, WfCalendar *calendar)
{
    for (int i = 0; i < WF_CALENDAR_COUNT; i++)
        if (strcasecmp(name, names[i]) == 0) {
            *calendar = (WfCalendar)i;
            return true;
        }
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (strcasecmp(name, other_names[i].name) == 0) {
            *calendar = other_names[i].calendar;
            return true;
        }
    return false;
}

const char *wf_calendar_name(WfCalendar calendar)
{
    return names[calendar];
}

int wf_calendar_year(WfCalendar calendar)
{
    return calendar == WF_CALENDAR_NOLEAP     ? 365
           : calendar == WF_CALENDAR_ALL_LEAP ? 366
           : calendar == WF_CALENDAR_360_DAY  ? 360
                                              : 0;
}

/* ------------------------------------------------------------------------------- dates */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(WfCalendar calendar, int64_t year)
{
    switch (calendar) {
    case WF_CALENDAR_NOLEAP:
        return false;
    case WF_CALENDAR_ALL_LEAP:
        return true;
    case WF_CALENDAR_JULIAN:
        return year % 4 == 0;
    default:
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }
}

static bool is_date(WfCalendar calendar, WfDate date)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int most = 30;

    if (date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    if (calendar != WF_CALENDAR_360_DAY)
        most = days[date.month - 1] + (date.month == 2 && is_leap(calendar, date.year));
    return date.day <= most;
}

/* Days of the year before the first of a month; years begin with March. */
static int64_t days_before(int64_t month)
{
    return (153 * month + 2) / 5;
}

/* From the first of March of the year 0. */
static int64_t count_days(WfCalendar calendar, WfDate date)
{
    int64_t year = date.year - (date.month < 3), month = (date.month + 9) % 12;
    int64_t days = days_before(month) + date.day - 1;

    switch (calendar) {
    case WF_CALENDAR_360_DAY:
        return 360 * year + 30 * month + date.day - 1;
    case WF_CALENDAR_NOLEAP:
        return 365 * year + days;
    case WF_CALENDAR_ALL_LEAP:
        return 366 * year + days;
    case WF_CALENDAR_JULIAN:
        return 365 * year + floor_div(year, 4) + days;
    default:
        return 365 * year + floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400) + days;
    }
}

/* ------------------------------------------------------------------------------- days */

/* -1: Julian; 1: Gregorian; 0: the days that were left out. */
static int side_of_reform(WfDate date)
{
    int64_t number = (date.year * 100 + date.month) * 100 + date.day;

    return number <= 15821004 ? -1 : number >= 15821015 ? 1 : 0;
}

bool wf_calendar_day(WfCalendar calendar, WfDate date, int64_t *day)
{
    if (calendar == WF_CALENDAR_STANDARD) {
        int side = side_of_reform(date);

        return side != 0 &&
               wf_calendar_day(side < 0 ? WF_CALENDAR_JULIAN : WF_CALENDAR_PROLEPTIC, date, day);
    }
    if (!is_date(calendar, date) || (calendar == WF_CALENDAR_JULIAN && date.year < 1))
        return false;
    *day = count_days(calendar, date);
    *day -= calendar == WF_CALENDAR_JULIAN      ? JULIAN_1970
            : calendar == WF_CALENDAR_PROLEPTIC ? GREGORIAN_1970
                                                : 0;
    return true;
}

/* The year that a day lies in, and the day of that year, both from March. */
static int64_t split_gregorian(int64_t *day)
{
    int64_t cycle = floor_div(*day, 146097), rest = *day - cycle * 146097;
    int64_t century = rest / 36524 < 3 ? rest / 36524 : 3, fours, years;

    rest -= century * 36524;
    fours = rest / 1461;
    rest -= fours * 1461;
    years = rest / 365 < 3 ? rest / 365 : 3;
    *day = rest - years * 365;
    return 400 * cycle + 100 * century + 4 * fours + years;
}

WfDate wf_calendar_date(WfCalendar calendar, int64_t day)
{
    int64_t length = wf_calendar_year(calendar), year, month;
    int64_t rest = length ? day : day + GREGORIAN_1970;

    if (length) {
        year = floor_div(day, length);
        rest -= year * length;
    } else {
        year = split_gregorian(&rest);
    }
    month = length == 360 ? rest / 30 : (5 * rest + 2) / 153;
    rest -= length == 360 ? 30 * month : days_before(month);
    return (WfDate) { .year = year + (month > 9),
                      .month = (int)((month + 2) % 12 + 1),
                      .day = (int)rest + 1 };
}

bool wf_calendar_civil(WfCalendar calendar, int64_t day, int64_t *civil)
{
    *civil = day;
    return wf_calendar_year(calendar) == 0 ||
           wf_calendar_day(WF_CALENDAR_PROLEPTIC, wf_calendar_date(calendar, day), civil);
}
