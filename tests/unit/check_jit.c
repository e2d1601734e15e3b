/* The compiled engine against the reference, bit by bit, and what the session promises. */
#include "engines.h"
#include "harness.h"

#define INPUTS(...) ((WeftNode[]) { __VA_ARGS__ })

/* A kernel of one operator on bands of files, with its v-th set of parameters. */
static Planless *kernel_of(const WeftOp *op, bool wide, int v)
{
    static const double numbers[] = { 2, 0, -3.5, 1e9, __builtin_nan(""), 255 };
    Planless *p = planless_new();
    WeftNode inputs[WEFT_ARGS_MAX], node;
    double settings[WEFT_ARGS_MAX];
    int count = 0, setting = 0;

    for (int i = 0; i < op->inputs; i++)
        inputs[count++] = planless_load(p, wide ? WEFT_F64 : WEFT_F32, wide, NULL);
    for (const WeftParam *q = op->params; q && q->name; q++) {
        int choices = 1;

        for (const char *c = q->choices; c && *c; c++)
            choices += *c == '|';
        if (q->kind == WEFT_PARAM_NUMBER)
            inputs[count] = planless_constant(p, numbers[(v + count) % 6]), count++;
        else if (q->kind == WEFT_PARAM_TYPE)
            settings[setting++] = WEFT_U8 + v % (WEFT_TYPE_COUNT - 1);
        else if (q->kind == WEFT_PARAM_CHOICE)
            settings[setting++] = v % choices;
        else if (q->kind == WEFT_PARAM_FLAG)
            settings[setting++] = v % 2;
        else if (strcmp(q->name, "steps") == 0)
            settings[setting++] = q->low + v; /* those of a search, and the few that need none */
        else if (q->kind != WEFT_PARAM_TABLE)
            settings[setting++] = q->low < q->high ? q->low + v % 3 : v;
    }
    node = planless_op_with(p, op->name, wide, inputs, settings);
    planless_output(p, node, wide ? WEFT_F64 : WEFT_F32);
    if (op->watch[wide])
        planless_watch(p, node);
    return p;
}

static void every_operator(bool wide)
{
    WfJit *jit = session(0);

    for (int o = 0; o < weft_op_count; o++) {
        const WeftOp *op = weft_op_table[o];
        int variants = op->params ? 6 : 1;

        for (int v = 0; v < variants && op->kernel[wide]; v++) {
            Planless *p = kernel_of(op, wide, v);

            compare(p, 0, compiled(jit, p, 0), 200, (uint64_t)(1 + o), op->name);
            ck_assert_msg(wf_jit_scalar_count(jit) == 0, "%s is not vectorised", op->name);
            planless_free(p);
        }
    }
    wf_jit_free(jit);
}

START_TEST(every_operator_equals_the_reference_in_f32)
{
    every_operator(false);
}
END_TEST

START_TEST(every_operator_equals_the_reference_in_f64)
{
    every_operator(true);
}
END_TEST

START_TEST(every_file_type_is_read_as_by_the_reference)
{
    static const double nodata[] = { 0, 7, -1, 255, 65535, 1e38, __builtin_nan(""), 0.5 };
    WfJit *jit = session(0);

    for (int type = WEFT_U8; type < WEFT_TYPE_COUNT; type++)
        for (int wide = 0; wide < 2; wide++)
            for (int n = -1; n < 8; n += type == WEFT_I64 || type == WEFT_U64 ? 3 : 1) {
                Planless *p = planless_new();

                if (n >= 0 && (type == WEFT_I64 || type == WEFT_U64) && n > 3)
                    n = 3; /* a whole number that has bits */
                planless_output(p,
                                planless_load(p, (WeftType)type, wide, n < 0 ? NULL : &nodata[n]),
                                wide ? WEFT_F64 : WEFT_F32);
                compare(p, 0, compiled(jit, p, 0), 200, (uint64_t)type,
                        wf_pixel((WeftType)type)->name);
                planless_free(p);
                if (n == 3 && (type == WEFT_I64 || type == WEFT_U64))
                    break;
            }
    ck_assert_int_eq(wf_jit_scalar_count(jit), 0);
    wf_jit_free(jit);
}
END_TEST

START_TEST(every_stored_type_is_written_as_by_the_reference)
{
    WfJit *jit = session(0);

    for (int type = WEFT_U8; type < WEFT_TYPE_COUNT; type++)
        for (int wide = type == WEFT_U64 || type == WEFT_I64 || type == WEFT_U32 ||
                        type == WEFT_I32;
             wide < 2; wide++) {
            Planless *p = planless_new();
            WeftNode in = planless_load(p, wide ? WEFT_F64 : WEFT_F32, wide, NULL);
            WeftNode cast =
                planless_op_with(p, "cast", wide, INPUTS(in), (double[]) { type, 0, 0 });

            planless_output(p, cast, (WeftType)type);
            planless_watch(p, cast);
            compare(p, 0, compiled(jit, p, 0), 200, (uint64_t)type, wf_pixel((WeftType)type)->name);
            planless_free(p);
        }
    wf_jit_free(jit);
}
END_TEST

/* Two types mixed, several inputs and outputs, both pixel types, a place, watches. */
static Planless *mixture(void)
{
    static const double nodata = 255;
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_U8, false, &nodata);
    WeftNode b = planless_load(p, WEFT_F32, false, NULL);
    WeftNode c = planless_load(p, WEFT_F64, true, NULL);
    WeftNode half = planless_constant(p, 0.1);
    WeftNode sum = planless_op(p, "add", false, INPUTS(a, b));
    WeftNode wide = planless_op(p, "mul", true, INPUTS(sum, c));
    WeftNode e =
        planless_op(p, "exp", false, INPUTS(planless_op(p, "mul", false, INPUTS(b, half))));
    WeftNode cast = planless_op_with(p, "cast", false, INPUTS(e), (double[]) { WEFT_I16, 1, 0 });
    WeftNode col = planless_op(p, "col", false, NULL);

    p->graph->nodes[wide].wide = true;
    planless_output(p, wide, WEFT_F64);
    planless_output(p,
                    planless_op(p, "where", false,
                                INPUTS(planless_op(p, "gt", false, INPUTS(col, a)), e, half)),
                    WEFT_F32);
    planless_output(p, cast, WEFT_I16);
    planless_output(p, half, WEFT_F32);
    planless_watch(p, cast);
    return p;
}

START_TEST(every_width_up_to_200_gives_the_same_pixels_and_counts)
{
    Planless *p = mixture();
    WfJit *jit = session(0);
    WfKernelFn *run = compiled(jit, p, 0);

    for (int64_t width = 1; width <= 200; width++)
        compare(p, 0, run, width, (uint64_t)width, "mixture");
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

START_TEST(the_width_of_vectors_does_not_change_a_bit)
{
    for (int bits = 128; bits <= 512; bits *= 2) {
        Planless *p = mixture();
        WfJit *jit = session(bits);

        compare(p, 0, compiled(jit, p, 0), 200, 5, "mixture");
        planless_free(p);
        wf_jit_free(jit);
    }
}
END_TEST

START_TEST(rows_need_only_the_alignment_of_their_type)
{
    Planless *p = planless_new();
    WfJit *jit = session(0);
    PlanlessFrame *f;
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);

    planless_output(p, planless_op(p, "add", false, INPUTS(a, a)), WEFT_F32);
    f = planless_frame(p, 0, 64);
    for (int i = 0; i < 65; i++)
        ((float *)f->in[0])[i] = (float)i;
    f->frame.rows = 1;
    f->in_rows[0][0] = (float *)f->in[0] + 1;
    f->out_rows[0][0] = (float *)f->out[0] + 1;
    compiled(jit, p, 0)(&f->frame);
    for (int i = 0; i < 64; i++)
        ck_assert_float_eq(((float *)f->out[0])[i + 1], 2.0f * (float)(i + 1));
    planless_frame_free(f);
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

START_TEST(kernels_with_equal_code_share_a_function)
{
    Planless *p = planless_new();
    WfJit *jit = session(0);

    for (int k = 0; k < 3; k++) {
        WeftNode a;

        if (k)
            planless_kernel(p);
        a = planless_load(p, WEFT_U16, false, NULL);
        planless_output(p, planless_op(p, k < 2 ? "add" : "sub", false, INPUTS(a, a)), WEFT_F32);
    }
    ck_assert(compiled(jit, p, 0) == compiled(jit, p, 1));
    ck_assert(compiled(jit, p, 0) != compiled(jit, p, 2));
    ck_assert_int_eq(wf_jit_function_count(jit), 2);
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

START_TEST(a_second_session_finds_the_object_in_the_cache)
{
    const char *folder = harness_folder();

    for (int n = 0; n < 2; n++) {
        Planless *p = mixture();
        WfJit *jit = wf_jit_new(&(WfJitOptions) { .cache = folder }, NULL);

        compare(p, 0, compiled(jit, p, 0), 100, 3, "cached");
        ck_assert_int_eq(wf_jit_compiled_count(jit), 1 - n);
        planless_free(p);
        wf_jit_free(jit);
    }
}
END_TEST

START_TEST(an_operator_without_a_function_is_an_error)
{
    static const WeftOp ghost = { .name = "ghost",
                                  .kernel = { (WeftKernel)abort, (WeftKernel)abort } };
    Planless *p = planless_new();
    WfJit *jit = session(0);
    WeftErr err = { 0 };
    WeftNode node = planless_add(p, wf_graph_add(p->graph, &ghost, NULL, 0, NULL, 0, NULL), false);

    planless_output(p, node, WEFT_F32);
    ck_assert(
        !wf_jit_add(jit, wf_emit_kernel(wf_jit_context(jit), &p->plan, 0, false, NULL), &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    ck_assert_ptr_nonnull(strstr(err.message, "weft_k_ghost_f32"));
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

START_TEST(an_operator_called_with_too_few_arguments_is_an_error)
{
    static const WeftOp half = { .name = "add",
                                 .inputs = 1,
                                 .kernel = { (WeftKernel)abort, (WeftKernel)abort } };
    Planless *p = planless_new();
    WfJit *jit = session(0);
    WeftErr err = { 0 };
    WeftNode a = planless_load(p, WEFT_U8, false, NULL);
    WeftNode node = planless_add(p, wf_graph_add(p->graph, &half, &a, 1, NULL, 0, NULL), false);

    planless_output(p, node, WEFT_F32);
    ck_assert(
        !wf_jit_add(jit, wf_emit_kernel(wf_jit_context(jit), &p->plan, 0, false, NULL), &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

CHECK_MAIN("jit", every_operator_equals_the_reference_in_f32,
           every_operator_equals_the_reference_in_f64, every_file_type_is_read_as_by_the_reference,
           every_stored_type_is_written_as_by_the_reference,
           every_width_up_to_200_gives_the_same_pixels_and_counts,
           the_width_of_vectors_does_not_change_a_bit, rows_need_only_the_alignment_of_their_type,
           kernels_with_equal_code_share_a_function, a_second_session_finds_the_object_in_the_cache,
           an_operator_without_a_function_is_an_error,
           an_operator_called_with_too_few_arguments_is_an_error)
