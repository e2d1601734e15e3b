/* check_err.c - the first error is kept, and printed as one or two lines. */
#include "harness.h"

#include <string.h>

#include "base/err.h"

START_TEST(fail_gives_false_and_takes_null)
{
    ck_assert(!wf_fail(NULL, WEFT_EARG, "x"));
    ck_assert(!wf_hint(NULL, "x"));
    ck_assert(!wf_err_at(NULL, NULL, "x"));
}
END_TEST

START_TEST(only_the_first_error_is_kept)
{
    WeftErr err = { 0 };

    wf_fail(&err, WEFT_EIO, "first %d", 1);
    wf_fail(&err, WEFT_EARG, "second");
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_str_eq(err.message, "first 1");
}
END_TEST

START_TEST(fail_marks_block_and_pixel_unknown)
{
    WeftErr err = { 0 };

    wf_fail(&err, WEFT_EIO, "x");
    ck_assert_int_eq(err.block, -1);
    ck_assert_int_eq(err.col, -1);
    ck_assert_int_eq(err.row, -1);
}
END_TEST

START_TEST(additions_fill_empty_fields_only)
{
    WeftErr err = { 0 };

    wf_fail(&err, WEFT_EIO, "x");
    wf_hint(&err, "one");
    wf_hint(&err, "two");
    wf_err_at(&err, &(WfPlaceOf) { .file = "a.lua", .line = 1 }, "add");
    wf_err_at(&err, &(WfPlaceOf) { .file = "b.lua", .line = 2, .calls = "c.lua:3" }, "sub");
    wf_err_pixel(&err, 3, 4);
    wf_err_pixel(&err, 5, 6);
    ck_assert_str_eq(err.hint, "one");
    ck_assert_str_eq(err.file, "a.lua");
    ck_assert_str_eq(err.calls, "");
    ck_assert_str_eq(err.op, "add");
    ck_assert_int_eq(err.col, 3);
}
END_TEST

START_TEST(additions_need_an_error)
{
    WeftErr err = { 0 };

    wf_hint(&err, "one");
    wf_err_path(&err, "a.tif", 1);
    ck_assert_str_eq(err.hint, "");
    ck_assert_str_eq(err.path, "");
}
END_TEST

START_TEST(text_names_place_operator_callers_and_hint)
{
    WeftErr err = { 0 };
    char text[1024];

    wf_fail(&err, WEFT_EGRID, "inputs lie on different grids");
    wf_hint(&err, "b:align(a)");
    wf_err_at(&err, &(WfPlaceOf) { .file = "ndvi.lua", .line = 4, .calls = "main.lua:12" }, "add");
    ck_assert_str_eq(weft_err_text(&err, text, sizeof text),
                     "ndvi.lua:4: add: inputs lie on different grids (called from main.lua:12)\n"
                     "  b:align(a)");
}
END_TEST

START_TEST(text_names_file_block_and_pixel)
{
    WeftErr err = { 0 };
    char text[1024];

    wf_fail(&err, WEFT_EDATA, "a value is too large");
    wf_err_path(&err, "a.tif", 12);
    wf_err_pixel(&err, 3, 4);
    ck_assert_str_eq(weft_err_text(&err, text, sizeof text),
                     "a value is too large (file a.tif, block 12, pixel col 3, row 4)");
}
END_TEST

START_TEST(text_does_not_repeat_a_file_that_the_message_names)
{
    WeftErr err = { 0 };
    char text[1024];

    wf_fail(&err, WEFT_EIO, "cannot open a.tif");
    wf_err_path(&err, "a.tif", -1);
    ck_assert_str_eq(weft_err_text(&err, text, sizeof text), "cannot open a.tif");
}
END_TEST

START_TEST(text_is_cut_to_the_buffer)
{
    WeftErr err = { 0 };
    char text[8];

    wf_fail(&err, WEFT_EIO, "a long message");
    wf_hint(&err, "and a hint");
    ck_assert_str_eq(weft_err_text(&err, text, sizeof text), "a long ");
}
END_TEST

START_TEST(text_of_no_error_is_empty)
{
    char text[8] = "x";

    ck_assert_str_eq(weft_err_text(&(WeftErr) { 0 }, text, sizeof text), "");
}
END_TEST

CHECK_MAIN("err", fail_gives_false_and_takes_null, only_the_first_error_is_kept,
           fail_marks_block_and_pixel_unknown, additions_fill_empty_fields_only,
           additions_need_an_error, text_names_place_operator_callers_and_hint,
           text_names_file_block_and_pixel, text_does_not_repeat_a_file_that_the_message_names,
           text_is_cut_to_the_buffer, text_of_no_error_is_empty)
