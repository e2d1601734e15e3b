/* check_stat.c - names of statistics. */
#include "harness.h"

#include <check.h>

#include "pass/stat.h"

static bool find(const char *name, WfStat last, WfStat *stat, double *percent, WeftErr *err)
{
    *err = (WeftErr) { 0 };
    return wf_stat_find(name, last, "statistic", stat, percent, err);
}

START_TEST(a_name_is_found)
{
    WfStat stat;
    double percent;
    WeftErr err;

    ck_assert(find("median", WF_STAT_ARGMAX, &stat, &percent, &err));
    ck_assert_int_eq(stat, WF_STAT_MEDIAN);
}
END_TEST

START_TEST(a_percentile_is_a_p_and_a_number_up_to_100)
{
    WfStat stat;
    double percent;
    WeftErr err;

    ck_assert(find("p2.5", WF_STAT_ARGMAX, &stat, &percent, &err));
    ck_assert_int_eq(stat, WF_STAT_PERCENTILE);
    ck_assert(percent == 2.5);
    ck_assert(!find("p101", WF_STAT_ARGMAX, &stat, &percent, &err));
    ck_assert(!find("p-1", WF_STAT_ARGMAX, &stat, &percent, &err));
    ck_assert(!find("p9x", WF_STAT_ARGMAX, &stat, &percent, &err));
}
END_TEST

START_TEST(a_window_has_no_slope)
{
    WfStat stat;
    double percent;
    WeftErr err;

    ck_assert(find("slope", WF_STAT_P, &stat, &percent, &err));
    ck_assert(!find("slope", WF_STAT_ARGMAX, &stat, &percent, &err));
    ck_assert_int_eq(err.code, WEFT_ENAME);
}
END_TEST

START_TEST(p_alone_is_no_percentile)
{
    WfStat stat;
    double percent;
    WeftErr err;

    ck_assert(find("p", WF_STAT_P, &stat, &percent, &err));
    ck_assert_int_eq(stat, WF_STAT_P);
    ck_assert(!find("p", WF_STAT_ARGMAX, &stat, &percent, &err));
}
END_TEST

START_TEST(a_misspelt_name_has_a_nearest_one_among_those_allowed)
{
    WfStat stat;
    double percent;
    WeftErr err;

    ck_assert(!find("slop", WF_STAT_P, &stat, &percent, &err));
    ck_assert_ptr_nonnull(strstr(err.hint, "did you mean \"slope\"?"));
    ck_assert(!find("slop", WF_STAT_ARGMAX, &stat, &percent, &err));
    ck_assert_ptr_null(strstr(err.hint, "slope"));
}
END_TEST

START_TEST(a_mean_of_heights_is_a_height_and_their_variance_is_none)
{
    ck_assert(wf_stat_same_unit(WF_STAT_MEAN) && wf_stat_same_unit(WF_STAT_STD));
    ck_assert(wf_stat_same_unit(WF_STAT_PERCENTILE) && wf_stat_same_unit(WF_STAT_MODE));
    ck_assert(!wf_stat_same_unit(WF_STAT_VAR) && !wf_stat_same_unit(WF_STAT_COUNT));
    ck_assert(!wf_stat_same_unit(WF_STAT_ARGMAX) && !wf_stat_same_unit(WF_STAT_SLOPE));
}
END_TEST

CHECK_MAIN("stat", a_name_is_found, a_percentile_is_a_p_and_a_number_up_to_100,
           a_window_has_no_slope, p_alone_is_no_percentile,
           a_mean_of_heights_is_a_height_and_their_variance_is_none,
           a_misspelt_name_has_a_nearest_one_among_those_allowed)
