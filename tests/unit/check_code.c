/* Both engines behind one door. */
#include "harness.h"
#include "planless.h"

#include "code/code.h"

/* Two kernels with equal code. */
static Planless *doubled(void)
{
    Planless *p = planless_new();

    for (int k = 0; k < 2; k++) {
        WeftNode a;

        if (k)
            planless_kernel(p);
        a = planless_load(p, WEFT_U8, false, NULL);
        planless_output(p, planless_op(p, "add", false, (WeftNode[]) { a, a }), WEFT_F32);
    }
    return p;
}

static float computed(const Planless *p, const WfCode *code, int k)
{
    PlanlessFrame *f = planless_frame(p, k, 1);
    WfCompiled compiled = wf_code_kernel(code, k);
    float v;

    *(uint8_t *)f->in[0] = 21;
    f->frame.closure = compiled.closure;
    compiled.run(&f->frame);
    v = *(float *)f->out[0];
    planless_frame_free(f);
    return v;
}

START_TEST(both_engines_give_a_function_for_each_kernel)
{
    Planless *p = doubled();
    WfCode *jit = wf_code_jit(&p->plan, "", NULL), *reference = wf_code_reference(&p->plan, NULL);

    for (int k = 0; k < 2; k++) {
        ck_assert_float_eq(computed(p, jit, k), 42);
        ck_assert_float_eq(computed(p, reference, k), 42);
    }
    wf_code_free(jit);
    wf_code_free(reference);
    planless_free(p);
}
END_TEST

START_TEST(equal_kernels_are_one_function)
{
    Planless *p = doubled();
    WfCode *code = wf_code_jit(&p->plan, "", NULL);

    ck_assert_int_eq(wf_code_function_count(code), 1);
    wf_code_free(code);
    planless_free(p);
}
END_TEST

START_TEST(the_second_time_nothing_is_compiled)
{
    Planless *p = doubled();
    const char *folder = harness_folder();

    for (int n = 0; n < 2; n++) {
        WfCode *code = wf_code_jit(&p->plan, folder, NULL);

        ck_assert_int_eq(wf_code_was_cached(code), n);
        ck_assert_float_eq(computed(p, code, 1), 42);
        wf_code_free(code);
    }
    planless_free(p);
}
END_TEST

START_TEST(a_broken_kernel_is_an_error_of_both_engines)
{
    Planless *p = doubled();
    WeftErr err = { 0 };

    p->kernels[1].input_count = 0;
    ck_assert_ptr_null(wf_code_jit(&p->plan, "", &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    err = (WeftErr) { 0 };
    ck_assert_ptr_null(wf_code_reference(&p->plan, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    planless_free(p);
}
END_TEST

START_TEST(the_shown_code_is_that_before_optimisation)
{
    Planless *p = doubled();
    WfText text = { 0 };

    ck_assert(wf_code_show(&p->plan, &text, NULL));
    ck_assert_ptr_nonnull(strstr(text.text, "; kernel 0\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "; kernel 1\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "call float @weft_k_add_f32(float"));
    wf_text_free(&text);
    planless_free(p);
}
END_TEST

START_TEST(the_cache_lies_where_the_environment_says)
{
    char buffer[64];

    setenv("XDG_CACHE_HOME", "/var/x", 1);
    setenv("HOME", "/home/me", 1);
    ck_assert_str_eq(wf_code_cache_folder(buffer, sizeof buffer), "/var/x/weft");
    setenv("XDG_CACHE_HOME", "relative", 1);
    ck_assert_str_eq(wf_code_cache_folder(buffer, sizeof buffer), "/home/me/.cache/weft");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    ck_assert_str_eq(wf_code_cache_folder(buffer, sizeof buffer), "");
    setenv("HOME", "/a/path/too/long/for/the/buffer", 1);
    ck_assert_str_eq(wf_code_cache_folder(buffer, 20), "");
}
END_TEST

CHECK_MAIN("code", both_engines_give_a_function_for_each_kernel, equal_kernels_are_one_function,
           the_second_time_nothing_is_compiled, a_broken_kernel_is_an_error_of_both_engines,
           the_shown_code_is_that_before_optimisation, the_cache_lies_where_the_environment_says)
