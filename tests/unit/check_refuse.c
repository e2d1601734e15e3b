/* check_refuse.c - reads and writes are counted apart, and the chosen one fails once. */
#include "harness.h"

#include <string.h>

#include "io/refuse.h"

START_TEST(the_chosen_one_fails_once)
{
    WeftErr err = { 0 };

    wf_io_fail_at(WF_REFUSE_READ, 2);
    ck_assert(wf_io_allow(WF_REFUSE_READ, "a.tif", &err));
    ck_assert_int_eq(err.code, WEFT_OK);
    ck_assert(!wf_io_allow(WF_REFUSE_READ, "a.tif", &err));
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_ptr_nonnull(strstr(err.message, "cannot read a.tif"));
    ck_assert(wf_io_allow(WF_REFUSE_READ, "a.tif", &err));
    ck_assert_int_eq(wf_io_fail_at(WF_REFUSE_READ, 0), 3);
}
END_TEST

START_TEST(kinds_are_counted_apart)
{
    wf_io_fail_at(WF_REFUSE_READ, 1);
    wf_io_fail_at(WF_REFUSE_WRITE, 0);
    ck_assert(wf_io_allow(WF_REFUSE_WRITE, "a.tif", NULL));
    ck_assert(!wf_io_allow(WF_REFUSE_READ, "a.tif", NULL));
    ck_assert_int_eq(wf_io_fail_at(WF_REFUSE_WRITE, 0), 1);
    ck_assert_int_eq(wf_io_fail_at(WF_REFUSE_READ, 0), 1);
}
END_TEST

START_TEST(none_fails_unasked)
{
    wf_io_fail_at(WF_REFUSE_WRITE, 0);
    for (int i = 0; i < 10; i++)
        ck_assert(wf_io_allow(WF_REFUSE_WRITE, "a.tif", NULL));
}
END_TEST

CHECK_MAIN("refuse", the_chosen_one_fails_once, kinds_are_counted_apart, none_fails_unasked)
