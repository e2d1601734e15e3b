/*
 * check_date_in.c - dates in names of files.
 */
#include "harness.h"

#include <string.h>

#include "base/date.h"

#define JULY_10 1531180800 /* 2018-07-10 00:00 UTC */

static void check(const char *name, const char *pattern, double seconds)
{
    WeftErr err = { 0 };
    double found = 0;

    ck_assert_msg(wf_date_in(name, pattern, &found, &err), "%s: %s", name, err.message);
    ck_assert_msg(found == seconds, "%s by %s is %.17g", name, pattern, found);
}

static void check_error(const char *name, const char *pattern, const char *message)
{
    WeftErr err = { 0 };
    double found;

    ck_assert(!wf_date_in(name, pattern, &found, &err));
    ck_assert_str_eq(err.message, message);
}

START_TEST(a_date_is_found_anywhere_in_the_last_part_of_a_path)
{
    check("in/LC08_20180710_x.tif", "%Y%m%d", JULY_10);
    check("20180710", "%Y%m%d", JULY_10);
    check("20000101/b_20180710.tif", "_%Y%m%d.", JULY_10);
    check("a_2018-07-10T103000.tif", "%Y-%m-%dT%H%M%S", JULY_10 + 37800);
    check("NETCDF:\"/in/20000101/b_20180710.nc\":t2m_19990101", "%Y%m%d", JULY_10);
    check("/vsizip/a_20000101.zip/b_20180710.tif", "%Y%m%d", JULY_10);
    check("in/20180710.zarr/", "%Y%m%d", JULY_10);
}
END_TEST

START_TEST(all_parts_of_a_date_are_known)
{
    check("MOD13.A2018191.h18", "A%Y%j", JULY_10);
    check("180710.tif", "%y%m%d", JULY_10);
    check("990101.tif", "%y%m%d", 915148800);
    check("10Jul2018.tif", "%d%b%Y", JULY_10);
    check("10JUL2018.tif", "%d%b%Y", JULY_10);
    check("2018_07.tif", "%Y_%m", JULY_10 - 9 * 86400);
    check("y2018.tif", "y%Y", 1514764800);
    check("50%_20180710_1030.tif", "50%%_%Y%m%d_%H%M", JULY_10 + 37800);
    check("2018/a_2018_20180710.tif", "%Y_%Y%m%d", JULY_10);
}
END_TEST

START_TEST(the_first_match_that_is_a_date_counts)
{
    check("LC08_20180710_20200831.tif", "%Y%m%d", JULY_10);
    check("20181345_20180710.tif", "%Y%m%d", JULY_10);
    check("S2A_20180710T103021_R20180711T1.tif", "%Y%m%d", JULY_10);
}
END_TEST

START_TEST(a_match_within_a_longer_number_comes_last)
{
    check("v1920010112_20180710.tif", "%Y%m%d", JULY_10);
    check("20180710103000.tif", "%Y%m%d", JULY_10);
    check("LE7193028_2018191EDC00.tif", "_%Y%j", JULY_10);
}
END_TEST

START_TEST(a_name_without_a_date_is_an_error)
{
    check_error("in/a.tif", "%Y%m%d", "in/a.tif: its name has no date like times = \"%Y%m%d\"");
    check_error("20180710/a.tif", "%Y%m%d",
                "20180710/a.tif: its name has no date like times = \"%Y%m%d\"");
    check_error("a_2018_201907.tif", "%Y_%Y%m",
                "a_2018_201907.tif: its name has no date like times = \"%Y_%Y%m\"");
}
END_TEST

START_TEST(an_impossible_date_is_an_error)
{
    check_error("a_20180230.tif", "%Y%m%d",
                "a_20180230.tif: \"20180230\" is no date, read by times = \"%Y%m%d\"");
    check_error("A2018366.tif", "A%Y%j",
                "A2018366.tif: \"A2018366\" is no date, read by times = "
                "\"A%Y%j\"");
    check_error("a_20180710_2561.tif", "%Y%m%d_%H%M",
                "a_20180710_2561.tif: \"20180710_2561\" is no date, read by times = "
                "\"%Y%m%d_%H%M\"");
}
END_TEST

START_TEST(patterns_that_make_no_date_are_errors)
{
    check_error("a", "%Q", "times = \"%Q\": %Q is not known");
    check_error("a", "%Y%", "times = \"%Y%\": % is not known");
    check_error("a", "%m%d", "times = \"%m%d\" has no year");
    check_error("a", "", "times = \"\" has no year");
    check_error("a", "%Y%j%m", "times = \"%Y%j%m\" has two kinds of days");
    check_error("a", "%Y_%d", "times = \"%Y_%d\" has a day without a month");
}
END_TEST

CHECK_MAIN("date_in", a_date_is_found_anywhere_in_the_last_part_of_a_path,
           all_parts_of_a_date_are_known, the_first_match_that_is_a_date_counts,
           a_match_within_a_longer_number_comes_last, a_name_without_a_date_is_an_error,
           an_impossible_date_is_an_error, patterns_that_make_no_date_are_errors)
