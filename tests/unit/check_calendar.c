/*
 * check_calendar.c - days and dates of all calendars.
 */
#include "harness.h"

#include "base/calendar.h"

static int64_t day_of(WfCalendar calendar, int64_t year, int month, int day)
{
    int64_t number = INT64_MIN;

    ck_assert(wf_calendar_day(calendar, (WfDate) { year, month, day }, &number));
    return number;
}

static bool has(WfCalendar calendar, int64_t year, int month, int day)
{
    int64_t number;

    return wf_calendar_day(calendar, (WfDate) { year, month, day }, &number);
}

START_TEST(names_and_their_synonyms_are_known)
{
    WfCalendar calendar;

    for (int i = 0; i < WF_CALENDAR_COUNT; i++)
        ck_assert(wf_calendar_find(wf_calendar_name((WfCalendar)i), &calendar) &&
                  calendar == (WfCalendar)i);
    ck_assert(wf_calendar_find("Gregorian", &calendar) && calendar == WF_CALENDAR_STANDARD);
    ck_assert(wf_calendar_find("365_day", &calendar) && calendar == WF_CALENDAR_NOLEAP);
    ck_assert(wf_calendar_find("366_day", &calendar) && calendar == WF_CALENDAR_ALL_LEAP);
    ck_assert(!wf_calendar_find("lunar", &calendar));
}
END_TEST

/* The first of January is as far away as Julian day numbers say. */
START_TEST(days_are_counted_from_1970)
{
    ck_assert_int_eq(day_of(WF_CALENDAR_PROLEPTIC, 1970, 1, 1), 0);
    ck_assert_int_eq(day_of(WF_CALENDAR_PROLEPTIC, 2000, 3, 1), 11017);
    ck_assert_int_eq(day_of(WF_CALENDAR_PROLEPTIC, 1, 1, 1), -719162);
    ck_assert_int_eq(day_of(WF_CALENDAR_JULIAN, 1969, 12, 19), 0);
    ck_assert_int_eq(day_of(WF_CALENDAR_JULIAN, 1, 1, 1), -719164);
}
END_TEST

START_TEST(the_standard_calendar_leaves_ten_days_out)
{
    ck_assert_int_eq(day_of(WF_CALENDAR_STANDARD, 1582, 10, 15),
                     day_of(WF_CALENDAR_STANDARD, 1582, 10, 4) + 1);
    ck_assert(!has(WF_CALENDAR_STANDARD, 1582, 10, 5));
    ck_assert(!has(WF_CALENDAR_STANDARD, 1582, 10, 14));
    ck_assert(has(WF_CALENDAR_STANDARD, 1500, 2, 29) && !has(WF_CALENDAR_STANDARD, 1900, 2, 29));
}
END_TEST

START_TEST(calendars_of_real_days_have_no_year_0_and_ours_has)
{
    ck_assert(!has(WF_CALENDAR_STANDARD, 0, 1, 1) && !has(WF_CALENDAR_JULIAN, 0, 1, 1));
    ck_assert(has(WF_CALENDAR_PROLEPTIC, 0, 2, 29) && has(WF_CALENDAR_NOLEAP, 0, 1, 1));
    ck_assert(has(WF_CALENDAR_360_DAY, 0, 2, 30));
}
END_TEST

START_TEST(dates_that_there_are_not_are_refused)
{
    ck_assert(!has(WF_CALENDAR_PROLEPTIC, 2017, 2, 29) && !has(WF_CALENDAR_NOLEAP, 2016, 2, 29));
    ck_assert(has(WF_CALENDAR_ALL_LEAP, 2017, 2, 29) && !has(WF_CALENDAR_ALL_LEAP, 2017, 2, 30));
    ck_assert(has(WF_CALENDAR_360_DAY, 2017, 2, 30) && !has(WF_CALENDAR_360_DAY, 2017, 1, 31));
    ck_assert(!has(WF_CALENDAR_PROLEPTIC, 2017, 13, 1) && !has(WF_CALENDAR_PROLEPTIC, 2017, 0, 1));
    ck_assert(!has(WF_CALENDAR_PROLEPTIC, 2017, 4, 31) && !has(WF_CALENDAR_PROLEPTIC, 2017, 4, 0));
}
END_TEST

/* Walks over 900 years: each day is followed by the next date, which has the next number. */
static void walk(WfCalendar calendar, int64_t year)
{
    int64_t day = day_of(calendar, year, 1, 1);
    WfDate date = { year, 1, 1 };

    while (date.year < year + 900) {
        WfDate found = wf_calendar_date(calendar, day);

        ck_assert_msg(found.year == date.year && found.month == date.month &&
                          found.day == date.day &&
                          day_of(calendar, date.year, date.month, date.day) == day,
                      "%s %lld-%d-%d", wf_calendar_name(calendar), (long long)date.year, date.month,
                      date.day);
        day++;
        date.day++;
        if (has(calendar, date.year, date.month, date.day))
            continue;
        date.day = 1;
        date.month = date.month % 12 + 1;
        date.year += date.month == 1;
    }
}

START_TEST(days_and_dates_follow_each_other)
{
    walk(WF_CALENDAR_PROLEPTIC, -450);
    walk(WF_CALENDAR_PROLEPTIC, 1550);
    walk(WF_CALENDAR_NOLEAP, -450);
    walk(WF_CALENDAR_ALL_LEAP, -450);
    walk(WF_CALENDAR_360_DAY, -450);
}
END_TEST

START_TEST(a_models_day_is_ours_of_the_same_date)
{
    int64_t civil = 0;

    ck_assert(
        wf_calendar_civil(WF_CALENDAR_NOLEAP, day_of(WF_CALENDAR_NOLEAP, 2018, 7, 10), &civil));
    ck_assert_int_eq(civil, day_of(WF_CALENDAR_PROLEPTIC, 2018, 7, 10));
    ck_assert(
        wf_calendar_civil(WF_CALENDAR_360_DAY, day_of(WF_CALENDAR_360_DAY, 2016, 2, 29), &civil));
    ck_assert(
        !wf_calendar_civil(WF_CALENDAR_360_DAY, day_of(WF_CALENDAR_360_DAY, 2016, 2, 30), &civil));
    ck_assert(!wf_calendar_civil(WF_CALENDAR_ALL_LEAP, day_of(WF_CALENDAR_ALL_LEAP, 2017, 2, 29),
                                 &civil));
}
END_TEST

CHECK_MAIN("calendar", names_and_their_synonyms_are_known, days_are_counted_from_1970,
           the_standard_calendar_leaves_ten_days_out,
           calendars_of_real_days_have_no_year_0_and_ours_has, dates_that_there_are_not_are_refused,
           days_and_dates_follow_each_other, a_models_day_is_ours_of_the_same_date)
