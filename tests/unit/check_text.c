/* check_text.c - text grows, numbers read back, sizes parse, misspelt names are found. */
#include "harness.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

START_TEST(text_grows_over_many_additions)
{
    WfText t = { 0 };
    char *text;

    for (int i = 0; i < 1000; i++)
        wf_text_add(&t, "%d,", i);
    ck_assert_uint_eq(t.length, strlen(t.text));
    text = wf_text_take(&t, NULL);
    ck_assert_ptr_null(t.text);
    ck_assert_int_eq(strncmp(text, "0,1,2,", 6), 0);
    wf_free(text);
}
END_TEST

START_TEST(an_empty_text_is_taken_as_an_empty_string)
{
    WfText t = { 0 };
    char *text = wf_text_take(&t, NULL);

    ck_assert_str_eq(text, "");
    wf_free(text);
}
END_TEST

START_TEST(a_text_without_memory_stays_failed)
{
    WfText t = { 0 };
    WeftErr err = { 0 };

    wf_mem_fail_at(1);
    wf_text_add(&t, "lost");
    wf_text_add(&t, "lost too");
    ck_assert(t.failed);
    ck_assert_ptr_null(wf_text_take(&t, &err));
    ck_assert_int_eq(err.code, WEFT_EMEM);
}
END_TEST

static void check_number(double v, const char *expected)
{
    char buffer[32];

    ck_assert_str_eq(wf_number(v, buffer), expected);
}

START_TEST(numbers_are_short)
{
    check_number(3, "3");
    check_number(-9999, "-9999");
    check_number(0.1, "0.1");
    check_number(0.1 + 0.2, "0.30000000000000004");
    check_number(9007199254740992, "9007199254740992");
    check_number(NAN, "nan");
    check_number(-INFINITY, "-inf");
}
END_TEST

START_TEST(numbers_read_back)
{
    double v = DBL_MIN;
    char buffer[32];

    for (int i = 0; i < 1000; i++, v *= -4.1234567)
        ck_assert_double_eq(strtod(wf_number(v, buffer), NULL), v);
    ck_assert_double_eq(strtod(wf_number(-DBL_MAX, buffer), NULL), -DBL_MAX);
}
END_TEST

START_TEST(sizes_are_powers_of_1024)
{
    int64_t bytes = 0;

    ck_assert(wf_size_parse("1000000", &bytes, NULL) && bytes == 1000000);
    ck_assert(wf_size_parse("256M", &bytes, NULL) && bytes == 256 << 20);
    ck_assert(wf_size_parse("4 gb", &bytes, NULL) && bytes == (int64_t)4 << 30);
    ck_assert(wf_size_parse("1.5GiB", &bytes, NULL) && bytes == (int64_t)3 << 29);
    ck_assert(wf_size_parse("12B", &bytes, NULL) && bytes == 12);
}
END_TEST

START_TEST(what_is_no_size_is_refused)
{
    static const char *const wrong[] = { "", "M", "-1", "4X", "inf", "0x10", "4GG", "1e30", "nan" };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        WeftErr err = { 0 };
        int64_t bytes;

        ck_assert_msg(!wf_size_parse(wrong[i], &bytes, &err), "%s", wrong[i]);
        ck_assert_int_eq(err.code, WEFT_EARG);
    }
}
END_TEST

START_TEST(bytes_are_shown_in_fitting_units)
{
    char buffer[32];

    ck_assert_str_eq(wf_bytes(0, buffer), "0 B");
    ck_assert_str_eq(wf_bytes(1023, buffer), "1023 B");
    ck_assert_str_eq(wf_bytes(1536, buffer), "1.5 KB");
    ck_assert_str_eq(wf_bytes(0x1p32, buffer), "4 GB");
    ck_assert_str_eq(wf_bytes(300 * 0x1p20, buffer), "300 MB");
}
END_TEST

START_TEST(shown_bytes_are_enough_when_typed)
{
    double v = 1;
    char buffer[32];
    int64_t bytes;

    for (; v < 1e13; v = ceil(v * 1.37)) {
        ck_assert(wf_size_parse(wf_bytes(v, buffer), &bytes, NULL));
        ck_assert_msg((double)bytes >= v && (double)bytes <= v * 1.011 + 1, "%s for %.0f", buffer,
                      v);
    }
}
END_TEST

static const char *const names[] = { "clamp", "cast", "nodata", "overwrite", "bits", "min" };

static const char *name_at(const void *list, int i)
{
    return ((const char *const *)list)[i];
}

static const char *nearest(const char *name)
{
    const char *near = wf_nearest(name, names, sizeof names / sizeof *names, name_at);

    return near ? near : "none";
}

START_TEST(a_misspelt_name_finds_its_neighbour)
{
    ck_assert_str_eq(nearest("clmap"), "clamp");
    ck_assert_str_eq(nearest("ovrewrit"), "overwrite");
    ck_assert_str_eq(nearest("Cast"), "cast");
    ck_assert_str_eq(nearest("mni"), "min");
}
END_TEST

START_TEST(a_beginning_finds_its_name)
{
    ck_assert_str_eq(nearest("over"), "overwrite");
    ck_assert_str_eq(nearest("nodata_value"), "nodata");
}
END_TEST

START_TEST(a_strange_name_finds_nothing)
{
    ck_assert_str_eq(nearest("slope"), "none");
    ck_assert_str_eq(nearest("q"), "none");
    ck_assert_str_eq(nearest(""), "none");
    ck_assert_str_eq(nearest("clampclampclampclampclampclampclampclampclampclamp"), "none");
}
END_TEST

CHECK_MAIN("text", text_grows_over_many_additions, an_empty_text_is_taken_as_an_empty_string,
           a_text_without_memory_stays_failed, numbers_are_short, numbers_read_back,
           sizes_are_powers_of_1024, what_is_no_size_is_refused, bytes_are_shown_in_fitting_units,
           shown_bytes_are_enough_when_typed, a_misspelt_name_finds_its_neighbour,
           a_beginning_finds_its_name, a_strange_name_finds_nothing)
