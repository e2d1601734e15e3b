/*
 * check_date.c - dates as people and files write them.
 */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "base/date.h"

#define JULY_10 1531180800 /* 2018-07-10 00:00 UTC */

static void check(const char *text, WeftDate kind, double seconds)
{
    double found = NAN;

    ck_assert_msg(wf_date_read(text, &found) == kind, "%s is of another kind", text);
    if (kind != WEFT_DATE_NONE)
        ck_assert_msg(found == seconds, "%s is %.17g", text, found);
}

START_TEST(days_are_spelt_in_several_ways)
{
    check("2018-07-10", WEFT_DATE_FULL, JULY_10);
    check("20180710", WEFT_DATE_DIGITS, JULY_10);
    check("2018-191", WEFT_DATE_SHORT, JULY_10);
    check("2018-07", WEFT_DATE_SHORT, JULY_10 - 9 * 86400);
    check("1969-12-31", WEFT_DATE_FULL, -86400);
    check("0001-01-01", WEFT_DATE_FULL, -719162.0 * 86400);
    check("2016-366", WEFT_DATE_SHORT, 1483142400);
}
END_TEST

START_TEST(times_of_day_are_spelt_in_several_ways)
{
    double at = JULY_10 + 10 * 3600 + 30 * 60;

    check("2018-07-10T10:30", WEFT_DATE_FULL, at);
    check("2018-07-10 10:30", WEFT_DATE_FULL, at);
    check("2018-07-10T10:30Z", WEFT_DATE_FULL, at);
    check("2018-07-10T10:30:00Z", WEFT_DATE_FULL, at);
    check("2018-07-10T10:30:00.5Z", WEFT_DATE_FULL, at + 0.5);
    check("2018-07-10 10:30:00,125", WEFT_DATE_FULL, at + 0.125);
    check("20180710T1030", WEFT_DATE_FULL, at);
    check("20180710T103000", WEFT_DATE_FULL, at);
    check("20180710T103007Z", WEFT_DATE_FULL, at + 7);
    check("2018-191T10:30", WEFT_DATE_SHORT, at);
}
END_TEST

START_TEST(zones_are_taken_off)
{
    double at = JULY_10 + 10 * 3600 + 30 * 60;

    check("2018-07-10T10:30+02:00", WEFT_DATE_FULL, at - 7200);
    check("2018-07-10T10:30+0200", WEFT_DATE_FULL, at - 7200);
    check("2018-07-10T10:30+02", WEFT_DATE_FULL, at - 7200);
    check("2018-07-10T10:30:00-03:30", WEFT_DATE_FULL, at + 12600);
    check("2018-07-10T00:30+02:00", WEFT_DATE_FULL, JULY_10 + 1800 - 7200);
}
END_TEST

START_TEST(what_is_nearly_a_date_is_none)
{
    static const char *const texts[] = { "",
                                         "2018",
                                         "201807",
                                         "2018191",
                                         "2018-7-10",
                                         "2018-07-1",
                                         "18-07-10",
                                         "2018-07-10x",
                                         "2018-07-10 ",
                                         " 2018-07-10",
                                         "2018-07-10T",
                                         "2018-07-10T10",
                                         "2018-07-10T10:3",
                                         "2018-07-10T10:30:",
                                         "2018-07-10T10:30z",
                                         "2018-07-10T10:30Zx",
                                         "2018-07-10T10:30 Z",
                                         "2018-07-10T10:30+2",
                                         "2018-07-10T10:30+02:0",
                                         "2018-07-10T24:00",
                                         "2018-07-10T10:60",
                                         "2018-07-10T10:30:61",
                                         "2018-07-10Z",
                                         "2018-07-10_10:30",
                                         "20180710103000",
                                         "2018-02-29",
                                         "2018-13-01",
                                         "20181301",
                                         "2018-000",
                                         "2018-366",
                                         "2018-13",
                                         "2018-00",
                                         "20180010",
                                         "20180700",
                                         "2018-00-10",
                                         "2018-07T10:30",
                                         "0000-01-01",
                                         "+2018-07-10",
                                         "B04",
                                         "12345678" };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i], WEFT_DATE_NONE, 0);
}
END_TEST

/* ------------------------------------------------------------------------------- since */

static void check_since(const char *text, int year, int month, int day, double second)
{
    WfMoment moment;

    ck_assert_msg(wf_date_since(text, &moment), "%s is not read", text);
    ck_assert_msg(moment.date.year == year && moment.date.month == month &&
                      moment.date.day == day && moment.second == second,
                  "%s is %lld-%d-%d %g", text, (long long)moment.date.year, moment.date.month,
                  moment.date.day, moment.second);
}

START_TEST(files_name_their_beginning_in_many_ways)
{
    check_since("1850-01-01", 1850, 1, 1, 0);
    check_since("1850-1-1", 1850, 1, 1, 0);
    check_since("1-1-1 00:00:0.0", 1, 1, 1, 0);
    check_since("1900-01-01T06:00:00Z", 1900, 1, 1, 21600);
    check_since("1970-01-01 00:00:00 UTC", 1970, 1, 1, 0);
    check_since("1970-01-01 00:00:00.0 +0:00", 1970, 1, 1, 0);
    check_since("1992-10-8 15:15:42.5 -6:00", 1992, 10, 8, 54942.5 + 21600);
    check_since("2000-01-01 12", 2000, 1, 1, 43200);
    check_since("19500101", 1950, 1, 1, 0);
    check_since("19500101 120000", 1950, 1, 1, 43200);
    check_since("2000-02", 2000, 2, 1, 0);
    check_since("1850", 1850, 1, 1, 0);
    check_since("  2001-02-30  ", 2001, 2, 30, 0);
}
END_TEST

START_TEST(other_beginnings_are_not_guessed)
{
    static const char *const texts[] = {
        "", "-4713-01-01", "1850-01-01x", "the flood", "1850-01-01 25:00", "1850-01-01 00:00:00 EST"
    };
    WfMoment moment;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!wf_date_since(texts[i], &moment), "%s is read", texts[i]);
}
END_TEST

/* ------------------------------------------------------------------------------- text */

static void check_text(double seconds, const char *text)
{
    char buffer[48];

    ck_assert_str_eq(wf_date_text(seconds, buffer), text);
}

START_TEST(text_says_no_more_than_there_is)
{
    check_text(JULY_10, "2018-07-10");
    check_text(JULY_10 + 37800, "2018-07-10 10:30:00");
    check_text(JULY_10 + 0.25, "2018-07-10 00:00:00.25");
    check_text(-0.5, "1969-12-31 23:59:59.5");
    check_text(-1, "1969-12-31 23:59:59");
    check_text(0.9999999, "1970-01-01 00:00:01");
}
END_TEST

CHECK_MAIN("date", days_are_spelt_in_several_ways, times_of_day_are_spelt_in_several_ways,
           zones_are_taken_off, what_is_nearly_a_date_is_none,
           files_name_their_beginning_in_many_ways, other_beginnings_are_not_guessed,
           text_says_no_more_than_there_is)
