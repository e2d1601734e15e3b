/* check_catalog.c - operators are found by name and describe themselves. */
#include "harness.h"

#include <string.h>

#include "graph/catalog.h"

static const WeftOp sample = {
    .name = "sample",
    .brief = "an operator of this test",
    .help = "More of it.",
    .formula = "a + low",
    .example = "sample({1}, 2) -> {3}",
    .inputs = 2,
    .params =
        (const WeftParam[]) {
            { .name = "low", .help = "smallest value kept" },
            { .name = "bits", .kind = WEFT_PARAM_INTEGER, .low = 1, .high = 16 },
            { .name = "round",
              .help = "how to round",
              .kind = WEFT_PARAM_CHOICE,
              .optional = true,
              .option = true,
              .fallback = 1,
              .choices = "up|down|half_even" },
            { .name = "exact",
              .help = "no rounding",
              .kind = WEFT_PARAM_FLAG,
              .optional = true,
              .option = true },
            { .name = NULL },
        },
};
static const WeftOp many = { .name = "many", .inputs = 2, .more = true };
static const WeftOp named = { .name = "named", .inputs = 2, .arguments = "y, x" };
static const WeftOp source = {
    .name = "source",
    .shape = WEFT_INDEX,
    .params = (const WeftParam[]) { { .name = "t0", .kind = WEFT_PARAM_REAL },
                                    { .name = "seed", .option = true },
                                    { .name = NULL } },
};

static void check_signature(const WeftOp *op, const char *expected)
{
    WfText text = { 0 };

    wf_catalog_signature(op, &text);
    ck_assert_str_eq(text.text, expected);
    wf_text_free(&text);
}

START_TEST(every_operator_is_found_by_its_name)
{
    ck_assert_int_gt(weft_op_count, 0);
    for (int i = 0; i < weft_op_count; i++)
        ck_assert_ptr_eq(wf_catalog_find(weft_op_table[i]->name, NULL), weft_op_table[i]);
}
END_TEST

START_TEST(a_misspelt_operator_is_told_its_neighbour)
{
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_catalog_find("clmap", &err));
    ck_assert_int_eq(err.code, WEFT_ENAME);
    ck_assert_str_eq(err.message, "there is no operator \"clmap\"");
    ck_assert_str_eq(err.hint, "did you mean \"clamp\"?");
}
END_TEST

START_TEST(hidden_operators_are_not_for_users)
{
    WeftErr err = { 0 };

    ck_assert_ptr_nonnull(wf_catalog_find("seal", NULL));
    ck_assert_ptr_null(weft_op_find("seal", &err));
    ck_assert_int_eq(err.code, WEFT_ENAME);
    ck_assert_ptr_nonnull(weft_op_find("add", NULL));
}
END_TEST

START_TEST(parameters_are_counted_by_kind)
{
    ck_assert_int_eq(wf_catalog_param_count(&sample), 4);
    ck_assert_int_eq(wf_catalog_number_count(&sample), 1);
    ck_assert_int_eq(wf_catalog_setting_count(&sample), 3);
    ck_assert_int_eq(wf_catalog_param_count(&many), 0);
}
END_TEST

START_TEST(a_misspelt_parameter_is_told_its_neighbour)
{
    WeftErr err = { 0 };

    ck_assert_int_eq(wf_catalog_param(&sample, "round", NULL), 2);
    ck_assert_int_eq(wf_catalog_param(&sample, "ruond", &err), -1);
    ck_assert_int_eq(err.code, WEFT_ENAME);
    ck_assert_str_eq(err.hint, "did you mean \"round\"? sample(a, b, low, bits, {round=, exact=})");
}
END_TEST

START_TEST(an_operator_without_parameters_refuses_any)
{
    WeftErr err = { 0 };

    ck_assert_int_eq(wf_catalog_param(&many, "low", &err), -1);
    ck_assert_str_eq(err.hint, "many(a, b, ...)");
}
END_TEST

START_TEST(signatures_read_like_calls)
{
    check_signature(&sample, "sample(a, b, low, bits, {round=, exact=})");
    check_signature(&many, "many(a, b, ...)");
    check_signature(&named, "named(y, x)");
    check_signature(&source, "source{like=, seed=}");
}
END_TEST

START_TEST(help_tells_all_that_is_described)
{
    WfText text = { 0 };

    wf_catalog_help(&sample, &text);
    ck_assert_str_eq(text.text, "sample(a, b, low, bits, {round=, exact=})\n"
                                "  an operator of this test\n"
                                "\n"
                                "More of it.\n"
                                "\n"
                                "  low    smallest value kept\n"
                                "  bits   1 to 16\n"
                                "  round  how to round; up, down, half_even; default down\n"
                                "  exact  no rounding; default false\n"
                                "\n"
                                "formula: a + low\n"
                                "example: sample({1}, 2) -> {3}\n");
    wf_text_free(&text);
}
END_TEST

START_TEST(help_is_cut_to_the_buffer)
{
    char buffer[10];

    ck_assert_str_eq(weft_op_help(&sample, buffer, sizeof buffer), "sample(a,");
}
END_TEST

START_TEST(choices_are_numbered_from_zero)
{
    const WeftParam *round = &sample.params[2];

    ck_assert_int_eq(wf_catalog_choice(round, "up"), 0);
    ck_assert_int_eq(wf_catalog_choice(round, "half_even"), 2);
    ck_assert_int_eq(wf_catalog_choice(round, "half"), -1);
    ck_assert_int_eq(wf_catalog_choice(round, ""), -1);
}
END_TEST

CHECK_MAIN("catalog", every_operator_is_found_by_its_name,
           a_misspelt_operator_is_told_its_neighbour, hidden_operators_are_not_for_users,
           parameters_are_counted_by_kind, a_misspelt_parameter_is_told_its_neighbour,
           an_operator_without_parameters_refuses_any, signatures_read_like_calls,
           help_tells_all_that_is_described, help_is_cut_to_the_buffer,
           choices_are_numbered_from_zero)
