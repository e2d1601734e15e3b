/*
 * date.h - dates and times of day as text: those that people write, those that files name as the
 * beginning of time, those in names of files.
 */
#ifndef WF_DATE_H
#define WF_DATE_H

#include "base/calendar.h"

/* See weft_date in weft.h. */
WeftDate wf_date_read(const char *text, double *seconds);

/* A point in time that is still to be understood in a calendar: a date, and seconds after the
 * beginning of that day, which a time zone may have put before it or beyond its end. */
typedef struct WfMoment {
    WfDate date;
    double second;
} WfMoment;
/* What netCDF files write after "since": "1850-01-01", "1-1-1 0:0:0.0", "1990-01-01T06:00:00Z",
 * "19500101", "1992-10-8 15:15:42.5 -6:00". Month and day may be missing. */
bool wf_date_since(const char *text, WfMoment *moment);

/* See weft_date_in in weft.h. */
bool wf_date_in(const char *name, const char *pattern, double *seconds, WeftErr *err);

/* "2018-07-10", "2018-07-10 10:30:00" or with what is more of a second; buffer of 48 bytes. */
const char *wf_date_text(double seconds, char *buffer);

#endif
