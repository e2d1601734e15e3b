/*
 * date.c - dates and times of day as text, read without any locale, and written.
 *
 * Needs: calendar.
 */
#include "base/date.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DAY = 86400 };

/* ------------------------------------------------------------------------------- pieces */

/* Reads least ... most digits. */
static bool read_digits(const char **at, int least, int most, int *value)
{
    int count = 0;

    *value = 0;
    for (; count < most && isdigit((unsigned char)(*at)[count]); count++)
        *value = *value * 10 + ((*at)[count] - '0');
    *at += count;
    return count >= least;
}

static bool read_sign(const char **at, char sign)
{
    if (**at != sign)
        return false;
    (*at)++;
    return true;
}

/* ".25" or ",25"; nothing is 0. */
static double read_fraction(const char **at)
{
    double value = 0, unit = 1; /* both are exact, so that the quotient is the nearest */

    if (**at != '.' && **at != ',')
        return 0;
    for ((*at)++; isdigit((unsigned char)**at); (*at)++)
        if (unit < 1e15) {
            value = value * 10 + (**at - '0');
            unit *= 10;
        }
    return value / unit;
}

/* "10:30", "10:30:00.5", "103000": at least two digits each, or one where the text says so. `bare`:
 * the hour may stand alone. */
static bool read_clock(const char **at, int least, bool bare, double *second)
{
    int hour, minute = 0, whole = 0;
    double part = 0;

    if (!read_digits(at, least, 2, &hour))
        return false;
    if (read_sign(at, ':')) {
        if (!read_digits(at, least, 2, &minute) ||
            (read_sign(at, ':') && !read_digits(at, least, 2, &whole)))
            return false;
    } else if (isdigit((unsigned char)**at)) {
        if (!read_digits(at, 2, 2, &minute) ||
            (isdigit((unsigned char)**at) && !read_digits(at, 2, 2, &whole)))
            return false;
    } else if (!bare) {
        return false;
    }
    part = read_fraction(at);
    *second = hour * 3600 + minute * 60 + whole + part;
    return hour < 24 && minute < 60 && whole < 61;
}

/* "Z", "+02:00", "-0600", "+02": seconds to be added to local time; nothing is 0. */
static bool read_zone(const char **at, int least, double *add)
{
    int hour = 0, minute = 0, sign;

    *add = 0;
    if (read_sign(at, 'Z'))
        return true;
    sign = **at == '+' ? -1 : **at == '-' ? 1 : 0;
    if (!sign)
        return true;
    (*at)++;
    if (!read_digits(at, least, 2, &hour) ||
        ((read_sign(at, ':') || isdigit((unsigned char)**at)) && !read_digits(at, 2, 2, &minute)))
        return false;
    *add = sign * (hour * 3600 + minute * 60);
    return hour < 24 && minute < 60;
}

/* The end of a text that has a date before it. */
static bool read_time(const char *at, double *second)
{
    double add;

    *second = 0;
    if (*at == '\0')
        return true;
    if (!read_sign(&at, 'T') && !read_sign(&at, ' '))
        return false;
    if (!read_clock(&at, 2, false, second) || !read_zone(&at, 2, &add))
        return false;
    *second += add;
    return *at == '\0';
}

/* ------------------------------------------------------------------------------- dates */

/* "2018-07-10", "20180710", "2018-191", "2018-07"; what follows is left. Month -1: the
 * day is one of the year. */
static WeftDate read_day(const char **at, WfDate *date)
{
    size_t digits = strspn(*at, "0123456789"), more;
    int year;

    if (digits != 4 && digits != 8)
        return WEFT_DATE_NONE;
    read_digits(at, 4, 4, &year);
    *date = (WfDate) { .year = year, .month = 1, .day = 1 };
    if (digits == 8) {
        read_digits(at, 2, 2, &date->month);
        read_digits(at, 2, 2, &date->day);
        return WEFT_DATE_DIGITS;
    }
    if (!read_sign(at, '-'))
        return WEFT_DATE_NONE;
    more = strspn(*at, "0123456789");
    if (more == 3) {
        read_digits(at, 3, 3, &date->day);
        date->month = -1;
        return WEFT_DATE_SHORT;
    }
    if (more != 2 || !read_digits(at, 2, 2, &date->month))
        return WEFT_DATE_NONE;
    if (!read_sign(at, '-'))
        return WEFT_DATE_SHORT;
    return read_digits(at, 2, 2, &date->day) ? WEFT_DATE_FULL : WEFT_DATE_NONE;
}

/* The day of a year, from 1; false: the year has none such. */
static bool day_of_year(WfDate date, int64_t *day)
{
    WfDate first = { date.year, 1, 1 };

    return date.day >= 1 && wf_calendar_day(WF_CALENDAR_PROLEPTIC, first, day) &&
           wf_calendar_date(WF_CALENDAR_PROLEPTIC, *day += date.day - 1).year == date.year;
}

WeftDate wf_date_read(const char *text, double *seconds)
{
    const char *at = text;
    double second = 0;
    WfDate date = { .month = 0 };
    WeftDate kind = read_day(&at, &date);
    bool ordinal = date.month < 0, month = kind == WEFT_DATE_SHORT && !ordinal;
    int64_t day;

    if (kind == WEFT_DATE_NONE || date.year < 1 || (month && *at) || !read_time(at, &second) ||
        !(ordinal ? day_of_year(date, &day) : wf_calendar_day(WF_CALENDAR_PROLEPTIC, date, &day)))
        return WEFT_DATE_NONE;
    *seconds = (double)day * DAY + second;
    return kind == WEFT_DATE_DIGITS && *at ? WEFT_DATE_FULL : kind;
}

/* ------------------------------------------------------------------------------- since */

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " \t");
}

/* "UTC" and the like say what is meant anyway. */
static void skip_universal(const char **at)
{
    static const char *const words[] = { "UTC", "GMT", "Z" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncasecmp(*at, words[i], strlen(words[i])) == 0) {
            *at += strlen(words[i]);
            return;
        }
}

static bool read_since_day(const char **at, WfDate *date)
{
    int year;

    *date = (WfDate) { .month = 1, .day = 1 };
    if (strspn(*at, "0123456789") == 8)
        return read_day(at, date) != WEFT_DATE_NONE;
    if (!read_digits(at, 1, 5, &year))
        return false;
    date->year = year;
    if (!read_sign(at, '-'))
        return true;
    return read_digits(at, 1, 2, &date->month) &&
           (!read_sign(at, '-') || read_digits(at, 1, 2, &date->day));
}

bool wf_date_since(const char *text, WfMoment *moment)
{
    const char *at = text;
    double add = 0;

    *moment = (WfMoment) { .second = 0 };
    skip_blanks(&at);
    if (!read_since_day(&at, &moment->date))
        return false;
    if (*at == 'T')
        at++;
    skip_blanks(&at);
    if (isdigit((unsigned char)*at) && !read_clock(&at, 1, true, &moment->second))
        return false;
    skip_blanks(&at);
    if (!read_zone(&at, 1, &add))
        return false;
    moment->second += add;
    skip_universal(&at);
    skip_blanks(&at);
    return *at == '\0';
}

/* ------------------------------------------------------------------------------- text */

const char *wf_date_text(double seconds, char *buffer)
{
    int64_t micro = llround((seconds - floor(seconds)) * 1e6), whole = (int64_t)floor(seconds);
    int64_t day, second;
    WfDate date;
    int used;

    whole += micro / 1000000;
    micro %= 1000000;
    day = whole / DAY - (whole % DAY < 0);
    second = whole - day * DAY;
    date = wf_calendar_date(WF_CALENDAR_PROLEPTIC, day);
    used = snprintf(buffer, 48, "%04lld-%02d-%02d", (long long)date.year, date.month, date.day);
    if (second || micro)
        used += snprintf(buffer + used, 48 - (size_t)used, " %02d:%02d:%02d", (int)(second / 3600),
                         (int)(second / 60 % 60), (int)(second % 60));
    if (micro) {
        used += snprintf(buffer + used, 48 - (size_t)used, ".%06d", (int)micro);
        while (buffer[used - 1] == '0')
            buffer[--used] = '\0';
    }
    return buffer;
}
