/* check_brief.c - long lists of like things told in a few words. */
#include "harness.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "plan/brief.h"

static void check_lines(const char *lines, const char *wanted)
{
    WfText text = { 0 };

    wf_brief_lines(lines, &text);
    ck_assert_str_eq(text.text ? text.text : "", wanted);
    wf_text_free(&text);
}

START_TEST(few_like_lines_are_told_as_they_are)
{
    const char *lines = "stage 1\n  reads 1\n  reads 2\n  reads 3\n\nstage 2\n  reads 1\n";

    check_lines(lines, lines);
}
END_TEST

START_TEST(of_many_like_lines_the_first_and_last_are_told)
{
    WfText lines = { 0 };

    wf_text_add(&lines, "stage 1\n");
    for (int i = 1; i <= 20; i++)
        wf_text_add(&lines, "  reads d%03d.tif\n", i);
    wf_text_add(&lines, "  tiles\n");
    check_lines(lines.text, "stage 1\n  reads d001.tif\n  ... and 18 more like these\n"
                            "  reads d020.tif\n  tiles\n");
    wf_text_free(&lines);
}
END_TEST

START_TEST(parts_are_alike_with_all_that_is_below_them)
{
    WfText lines = { 0 };

    for (int i = 1; i <= 10; i++)
        wf_text_add(&lines, "  kernel %d\n    reads %d\n", i, i + 9);
    wf_text_add(&lines, "  kernel 11\n    fills 3\n");
    check_lines(lines.text, "  kernel 1\n    reads 10\n  ... and 8 more like these\n"
                            "  kernel 10\n    reads 19\n  kernel 11\n    fills 3\n");
    wf_text_free(&lines);
}
END_TEST

static const char *even_name(const void *list, int i)
{
    (void)list;
    return i % 2 ? NULL : i % 4 ? "add" : "mul";
}

START_TEST(few_names_are_told_one_by_one)
{
    WfText text = { 0 };

    ck_assert(wf_brief_names(NULL, 6, even_name, &text));
    ck_assert_str_eq(text.text, "mul, add, mul");
    wf_text_free(&text);
    ck_assert(!wf_brief_names(NULL, 0, even_name, &text));
}
END_TEST

START_TEST(many_names_are_told_once_with_their_number)
{
    WfText text = { 0 };

    ck_assert(wf_brief_names(NULL, 200, even_name, &text));
    ck_assert_str_eq(text.text, "50 mul, 50 add");
    wf_text_free(&text);
}
END_TEST

CHECK_MAIN("brief", few_like_lines_are_told_as_they_are,
           of_many_like_lines_the_first_and_last_are_told,
           parts_are_alike_with_all_that_is_below_them, few_names_are_told_one_by_one,
           many_names_are_told_once_with_their_number)
