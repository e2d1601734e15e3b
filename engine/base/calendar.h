/*
 * calendar.h - dates of several calendars as numbers of days, and as dates of ours.
 */
#ifndef WF_CALENDAR_H
#define WF_CALENDAR_H

#include "base/err.h"

/* Those of the conventions for climate and forecast data (CF). The first three count the days that
 * there were; in the others, which models have, years are as long as is easy. */
typedef enum WfCalendar {
    WF_CALENDAR_STANDARD,  /* Julian until 1582-10-04, Gregorian from the day after, 1582-10-15 */
    WF_CALENDAR_PROLEPTIC, /* Gregorian at all times: ours */
    WF_CALENDAR_JULIAN,
    WF_CALENDAR_NOLEAP,   /* 365 days */
    WF_CALENDAR_ALL_LEAP, /* 366 days */
    WF_CALENDAR_360_DAY,  /* 12 months of 30 days */
    WF_CALENDAR_COUNT
} WfCalendar;

typedef struct WfDate {
    int64_t year; /* 0 is the year before 1 */
    int month, day;
} WfDate;

/* "standard", "gregorian", "365_day" ..., case ignored; false: no such calendar. */
bool wf_calendar_find(const char *name, WfCalendar *calendar);
const char *wf_calendar_name(WfCalendar calendar);

/* The number of a day, which goes up by one from day to day; false: the calendar has no such date,
 * or it lies before the year 1 in one that counts real days but is not ours. */
bool wf_calendar_day(WfCalendar calendar, WfDate date, int64_t *day);
/* What the calendar calls that day, where it is a model's or ours. */
WfDate wf_calendar_date(WfCalendar calendar, int64_t day);
/* Days from 1970-01-01 of ours to such a day: to the same one where the calendar counts real days,
 * to the one of the same date where it is a model's; false: we have no such date. */
bool wf_calendar_civil(WfCalendar calendar, int64_t day, int64_t *civil);

/* Length of a year in days; 0: years differ. */
int wf_calendar_year(WfCalendar calendar);

#endif
