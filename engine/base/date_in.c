/*
 * date_in.c - a date in the name of a file, by a pattern: "%Y%m%d", "_%Y_%j_".
 *
 * The pattern is tried at each place of the name. Names are full of numbers, so a match that begins
 * or ends inside a longer one comes last. Needs: date, calendar.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"

enum { DAY = 86400 };

typedef enum Field { YEAR, MONTH, DAY_OF_MONTH, DAY_OF_YEAR, HOUR, MINUTE, SECOND, FIELDS } Field;

static const struct {
    char letter;
    Field field;
    int digits; /* 0: a name of a month */
} directives[] = {
    { 'Y', YEAR, 4 },  { 'y', YEAR, 2 },         { 'm', MONTH, 2 },
    { 'b', MONTH, 0 }, { 'd', DAY_OF_MONTH, 2 }, { 'j', DAY_OF_YEAR, 3 },
    { 'H', HOUR, 2 },  { 'M', MINUTE, 2 },       { 'S', SECOND, 2 },
};
enum { DIRECTIVES = sizeof directives / sizeof *directives };

/* What a match says. */
typedef struct Found {
    int value[FIELDS]; /* -1: nothing */
} Found;

static int find_directive(char letter)
{
    for (int i = 0; i < DIRECTIVES; i++)
        if (directives[i].letter == letter)
            return i;
    return -1;
}

/* ------------------------------------------------------------------------------- patterns */

static bool refuse_pattern(WeftErr *err)
{
    return wf_hint(
        err, "write \"%%Y%%m%%d\": %%Y or %%y is the year, %%m or %%b the month, %%d the day, "
             "%%j the day of the year, %%H %%M %%S the time of day");
}

static bool check_pattern(const char *pattern, WeftErr *err)
{
    bool has[FIELDS] = { false };

    for (const char *at = pattern; *at; at++) {
        int i;

        if (*at != '%' || *++at == '%')
            continue;
        i = *at ? find_directive(*at) : -1;
        if (i < 0) {
            wf_fail(err, WEFT_EARG, "times = \"%.60s\": %%%.1s is not known", pattern, at);
            return refuse_pattern(err);
        }
        has[directives[i].field] = true;
    }
    if (!has[YEAR])
        wf_fail(err, WEFT_EARG, "times = \"%.60s\" has no year", pattern);
    else if (has[DAY_OF_YEAR] && (has[MONTH] || has[DAY_OF_MONTH]))
        wf_fail(err, WEFT_EARG, "times = \"%.60s\" has two kinds of days", pattern);
    else if (has[DAY_OF_MONTH] && !has[MONTH])
        wf_fail(err, WEFT_EARG, "times = \"%.60s\" has a day without a month", pattern);
    else
        return true;
    return refuse_pattern(err);
}

/* ------------------------------------------------------------------------------- matches */

static bool read_month(const char **at, int *month)
{
    static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec" };

    for (int i = 0; i < 12; i++)
        if (strncasecmp(*at, names[i], 3) == 0) {
            *at += 3;
            *month = i + 1;
            return true;
        }
    return false;
}

static bool read_number(const char **at, int digits, int *value)
{
    *value = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (!isdigit((unsigned char)**at))
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

/* A field that stands twice in a pattern must say the same twice. */
static bool take(Found *found, int directive, const char **at)
{
    int digits = directives[directive].digits, value = 0, *held;

    if (digits ? !read_number(at, digits, &value) : !read_month(at, &value))
        return false;
    if (directives[directive].letter == 'y')
        value += value < 69 ? 2000 : 1900;
    held = &found->value[directives[directive].field];
    if (*held >= 0 && *held != value)
        return false;
    *held = value;
    return true;
}

/* Does the name have the pattern here? Gives the end of the match, or NULL. */
static const char *match(const char *pattern, const char *name, Found *found)
{
    for (int i = 0; i < FIELDS; i++)
        found->value[i] = -1;
    for (; *pattern; pattern++) {
        if (*pattern == '%' && *++pattern != '%') {
            if (!take(found, find_directive(*pattern), &name))
                return NULL;
        } else if (*name++ != *pattern) {
            return NULL;
        }
    }
    return name;
}

/* The match is the beginning, the end or the middle of a longer number. */
static bool cuts_number(const char *name, const char *from, const char *to)
{
    return (from > name && isdigit((unsigned char)from[-1]) && isdigit((unsigned char)*from)) ||
           (to > from && isdigit((unsigned char)to[-1]) && isdigit((unsigned char)*to));
}

static int or_else(int value, int missing)
{
    return value < 0 ? missing : value;
}

static bool to_seconds(const Found *found, double *seconds)
{
    const int *value = found->value;
    WfDate date = { .year = value[YEAR],
                    .month = or_else(value[MONTH], 1),
                    .day = or_else(value[DAY_OF_MONTH], 1) };
    int hour = or_else(value[HOUR], 0), minute = or_else(value[MINUTE], 0);
    int second = or_else(value[SECOND], 0), further = or_else(value[DAY_OF_YEAR], 1) - 1;
    int64_t day;

    if (date.year < 1 || further < 0 || hour > 23 || minute > 59 || second > 60 ||
        !wf_calendar_day(WF_CALENDAR_PROLEPTIC, date, &day))
        return false;
    day += further;
    if (further && wf_calendar_date(WF_CALENDAR_PROLEPTIC, day).year != date.year)
        return false;
    *seconds = (double)day * DAY + hour * 3600 + minute * 60 + second;
    return true;
}

/* The part of a path, or of the name of a part of a file (DRIVER:"path":part), that names it. */
static const char *base_name(const char *path, size_t *length)
{
    const char *quote = strchr(path, '"'), *end = quote ? strchr(quote + 1, '"') : NULL;
    const char *from = end ? quote + 1 : path;

    end = end ? end : path + strlen(path);
    for (const char *at = from; at < end; at++)
        if (*at == '/' && at + 1 < end)
            from = at + 1;
    *length = (size_t)(end - from);
    return from;
}

static bool refuse_name(const char *name, const char *pattern, const char *wrong, int length,
                        WeftErr *err)
{
    if (wrong)
        wf_fail(err, WEFT_EARG, "%s: \"%.*s\" is no date, read by times = \"%.60s\"", name, length,
                wrong, pattern);
    else
        wf_fail(err, WEFT_EARG, "%s: its name has no date like times = \"%.60s\"", name, pattern);
    return false;
}

bool wf_date_in(const char *name, const char *pattern, double *seconds, WeftErr *err)
{
    size_t size;
    const char *base = base_name(name, &size), *wrong = NULL;
    char text[256];
    int wrong_length = 0;

    if (!check_pattern(pattern, err))
        return false;
    size = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, base, size);
    text[size] = '\0';
    for (int pass = 0; pass < 2; pass++)
        for (const char *at = text; *at; at++) {
            Found found;
            const char *end = match(pattern, at, &found);

            if (!end || cuts_number(text, at, end) != (pass == 1))
                continue;
            if (to_seconds(&found, seconds))
                return true;
            wrong = wrong ? wrong : at;
            wrong_length = wrong == at ? (int)(end - at) : wrong_length;
        }
    return refuse_name(name, pattern, wrong, wrong_length, err);
}
