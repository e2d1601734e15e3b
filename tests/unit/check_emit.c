/* What the text of an emitted kernel says. */
#include "harness.h"
#include "planless.h"

#include <llvm-c/Analysis.h>
#include <stdio.h>

#include "code/acc.h"
#include "code/emit.h"

#define INPUTS(...) ((WeftNode[]) { __VA_ARGS__ })

/* The IR of kernel k, which LLVM finds sound. Static buffer. */
static const char *text_of(const Planless *p, int k)
{
    static char text[1 << 16];
    LLVMContextRef context = LLVMContextCreate();
    WeftErr err = { 0 };
    LLVMModuleRef module = wf_emit_kernel(context, &p->plan, k, false, &err);
    char *ir;

    ck_assert_msg(module != NULL, "%s", err.message);
    ck_assert(!LLVMVerifyModule(module, LLVMReturnStatusAction, NULL));
    ir = LLVMPrintModuleToString(module);
    snprintf(text, sizeof text, "%s", ir);
    LLVMDisposeMessage(ir);
    LLVMDisposeModule(module);
    LLVMContextDispose(context);
    return text;
}

static WeftCode failure(const Planless *p, const char *says)
{
    LLVMContextRef context = LLVMContextCreate();
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_emit_kernel(context, &p->plan, 0, false, &err));
    ck_assert_msg(strstr(err.message, says) != NULL, "%s", err.message);
    LLVMContextDispose(context);
    return err.code;
}

static int count_of(const char *text, const char *word)
{
    int count = 0;

    for (const char *at = text; (at = strstr(at, word)); at++)
        count++;
    return count;
}

START_TEST(a_kernel_is_one_straight_line)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_U16, false, &(double) { 0 });

    planless_output(p, planless_op(p, "gt", false, INPUTS(a, planless_constant(p, 3))), WEFT_BOOL);
    ck_assert_ptr_null(strstr(text_of(p, 0), "br "));
    ck_assert_ptr_null(strstr(text_of(p, 0), "phi "));
    planless_free(p);
}
END_TEST

START_TEST(two_inputs_that_may_be_invalid_share_one_test)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL),
             b = planless_load(p, WEFT_F32, false, NULL);

    planless_output(p, planless_op(p, "gt", false, INPUTS(a, b)), WEFT_BOOL);
    ck_assert_int_eq(count_of(text_of(p, 0), "fcmp uno"), 1 + 1); /* and that of the store */
    planless_free(p);
}
END_TEST

START_TEST(inputs_that_cannot_be_invalid_are_not_tested)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_U8, false, NULL);

    p->graph->nodes[a].range.valid = true;
    planless_output(p, planless_op(p, "gt", false, INPUTS(a, planless_constant(p, 3))), WEFT_BOOL);
    ck_assert_int_eq(count_of(text_of(p, 0), "fcmp uno"), 1); /* that of the store */
    planless_free(p);
}
END_TEST

START_TEST(an_operator_that_carries_nan_is_not_tested)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);

    planless_output(p, planless_op(p, "add", false, INPUTS(a, a)), WEFT_F32);
    ck_assert_int_eq(count_of(text_of(p, 0), "fcmp uno"), 1);
    planless_free(p);
}
END_TEST

START_TEST(nodata_is_compared_in_the_type_of_the_file)
{
    Planless *p = planless_new();

    planless_output(p, planless_load(p, WEFT_I16, false, &(double) { -9999 }), WEFT_F32);
    ck_assert_ptr_nonnull(strstr(text_of(p, 0), "icmp eq i16 %load, -9999"));
    planless_free(p);
}
END_TEST

START_TEST(nodata_that_the_type_cannot_hold_is_not_compared)
{
    static const double beyond[] = { -9999, 0.5, 65536, __builtin_nan("") };

    for (int i = 0; i < 4; i++) {
        Planless *p = planless_new();

        planless_output(p, planless_load(p, WEFT_U16, false, &beyond[i]), WEFT_F32);
        ck_assert_ptr_null(strstr(text_of(p, 0), "icmp"));
        planless_free(p);
    }
}
END_TEST

START_TEST(stored_floats_have_one_nan)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);

    planless_output(p, a, WEFT_F32);
    planless_output(p, a, WEFT_F64);
    ck_assert_ptr_nonnull(strstr(text_of(p, 0), "i32 2143289344"));
    ck_assert_ptr_nonnull(strstr(text_of(p, 0), "i64 9221120237041090560"));
    planless_free(p);
}
END_TEST

START_TEST(a_ring_is_stored_as_it_is)
{
    Planless *p = planless_new();

    planless_ring(p, planless_load(p, WEFT_F32, false, NULL));
    ck_assert_ptr_nonnull(strstr(text_of(p, 0), "store float %load"));
    ck_assert_ptr_null(strstr(text_of(p, 0), "fcmp"));
    planless_free(p);
}
END_TEST

START_TEST(no_watches_no_counters)
{
    Planless *p = planless_new();

    planless_output(p, planless_load(p, WEFT_U8, false, NULL), WEFT_U8);
    ck_assert_ptr_null(strstr(text_of(p, 0), "count"));
    planless_free(p);
}
END_TEST

START_TEST(texts_do_not_depend_on_the_place_of_nodes)
{
    Planless *p = planless_new();
    char first[1 << 16];

    for (int k = 0; k < 2; k++) {
        WeftNode a;

        if (k)
            planless_kernel(p);
        a = planless_load(p, WEFT_U8, false, NULL);
        planless_output(p, planless_op(p, "exp", false, INPUTS(a)), WEFT_F32);
    }
    strcpy(first, text_of(p, 0));
    ck_assert_str_eq(first, text_of(p, 1));
    planless_free(p);
}
END_TEST

START_TEST(a_constant_is_rounded_once_to_the_type_of_the_kernel)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F64, true, NULL);

    planless_output(p, planless_op(p, "add", true, INPUTS(a, planless_constant(p, 0.1))), WEFT_F64);
    ck_assert_ptr_nonnull(strstr(text_of(p, 0), "double 1.000000e-01)"));
    planless_free(p);
}
END_TEST

/* A sum of that many rows, weighted or not. */
static bool takes_two(int rows, bool shared)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL), sum = a;
    bool twice;

    for (int r = 1; r < rows; r++) {
        WeftNode cell = planless_neighbour(p, a, 0, r - rows / 2, WF_EDGES_NEAREST, 0);

        sum = planless_op(
            p, shared ? "hypot" : "add", false,
            INPUTS(sum, shared ? planless_op(p, "mul", false, INPUTS(sum, cell)) : cell));
    }
    planless_output(p, sum, WEFT_F32);
    twice = strstr(text_of(p, 0), "@wf_kernel_by_two(") != NULL;
    ck_assert(twice != (strstr(text_of(p, 0), "@wf_kernel(") != NULL));
    planless_free(p);
    return twice;
}

START_TEST(long_sums_of_rows_take_two_vectors_at_a_time)
{
    ck_assert(takes_two(25, false));
    ck_assert(!takes_two(9, false));
    ck_assert(!takes_two(25, true));
}
END_TEST

START_TEST(a_band_that_is_no_input_is_an_error)
{
    Planless *p = planless_new();

    planless_output(p, planless_load(p, WEFT_U8, false, NULL), WEFT_U8);
    p->kernels[0].input_count = 0;
    ck_assert_int_eq(failure(p, "none of its inputs"), WEFT_EBUG);
    planless_free(p);
}
END_TEST

START_TEST(an_input_that_is_not_computed_is_an_error)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_U8, false, NULL);

    planless_output(p, planless_op(p, "exp", false, INPUTS(a)), WEFT_F32);
    p->kernels[0].nodes++;
    p->kernels[0].node_count--;
    ck_assert_int_eq(failure(p, "before it is computed"), WEFT_EBUG);
    planless_free(p);
}
END_TEST

START_TEST(an_operator_that_was_to_be_lowered_is_an_error)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_U8, false, NULL), three[] = { a, a, a };
    WeftNode node = wf_graph_add(p->graph, wf_catalog_find("min", NULL), three, 3, NULL, 0, NULL);

    planless_output(p, planless_add(p, node, false), WEFT_F32);
    ck_assert_int_eq(failure(p, "no kernel for min with 3 inputs"), WEFT_EBUG);
    planless_free(p);
}
END_TEST

START_TEST(too_many_counters_are_an_error)
{
    Planless *p = planless_new();

    planless_output(p, planless_load(p, WEFT_U8, false, NULL), WEFT_U8);
    p->kernels[0].watch_count = WF_ACC_MAX + 1;
    ck_assert_int_eq(failure(p, "4097 counters"), WEFT_EARG);
    planless_free(p);
}
END_TEST

CHECK_MAIN("emit", a_kernel_is_one_straight_line, two_inputs_that_may_be_invalid_share_one_test,
           inputs_that_cannot_be_invalid_are_not_tested, an_operator_that_carries_nan_is_not_tested,
           nodata_is_compared_in_the_type_of_the_file,
           nodata_that_the_type_cannot_hold_is_not_compared, stored_floats_have_one_nan,
           a_ring_is_stored_as_it_is, no_watches_no_counters,
           texts_do_not_depend_on_the_place_of_nodes,
           a_constant_is_rounded_once_to_the_type_of_the_kernel,
           long_sums_of_rows_take_two_vectors_at_a_time, a_band_that_is_no_input_is_an_error,
           an_input_that_is_not_computed_is_an_error,
           an_operator_that_was_to_be_lowered_is_an_error, too_many_counters_are_an_error)
