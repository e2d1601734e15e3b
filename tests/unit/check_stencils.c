/* Neighbours, rings and watch windows: the compiled engine against the reference, bit by bit. */
#include "engines.h"
#include "harness.h"

#define INPUTS(...) ((WeftNode[]) { __VA_ARGS__ })

static const int offsets[][2] = { { 0, 0 },  { -1, 0 }, { 1, 0 },   { 0, -1 },   { 0, 1 },
                                  { -1, 1 }, { 5, -3 }, { -16, 7 }, { 16, -16 }, { 3, 16 } };
enum { OFFSETS = sizeof offsets / sizeof *offsets };

/* A neighbour at each offset, each in an output of its own. */
static void neighbours(Planless *p, WeftNode node, WfEdges edges)
{
    for (int i = 0; i < OFFSETS; i++)
        planless_output(p, planless_neighbour(p, node, offsets[i][0], offsets[i][1], edges, 0),
                        p->graph->nodes[node].wide ? WEFT_F64 : WEFT_F32);
}

START_TEST(neighbours_of_every_file_type_equal_the_reference)
{
    static const double nodata[] = { 0, 7, 255, -1 };
    WfJit *jit = session(0);

    for (int type = WEFT_U8; type < WEFT_TYPE_COUNT; type++)
        for (int wide = 0; wide < 2; wide++)
            for (int n = -1; n < 4; n++) {
                Planless *p = planless_new();

                neighbours(p, planless_load(p, (WeftType)type, wide, n < 0 ? NULL : &nodata[n]),
                           WF_EDGES_NEAREST);
                compare(p, 0, compiled(jit, p, 0), 200, (uint64_t)(type + 100 * n),
                        wf_pixel((WeftType)type)->name);
                planless_free(p);
            }
    ck_assert_int_eq(wf_jit_scalar_count(jit), 0);
    wf_jit_free(jit);
}
END_TEST

/* Kernel 0 fills a ring with a + b; kernel 1 reads the ring as it is, and neighbours in it. */
static Planless *ringed(bool wide)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, wide ? WEFT_F64 : WEFT_F32, wide, NULL);
    WeftNode b = planless_load(p, WEFT_U8, wide, &(double) { 255 });
    WeftNode sum = planless_op(p, "add", wide, INPUTS(a, b));

    planless_ring(p, sum);
    planless_kernel(p);
    neighbours(p, sum, WF_EDGES_MIRROR);
    planless_output(p, planless_op(p, "sub", wide, INPUTS(planless_read(p, sum), sum)), WEFT_F32);
    return p;
}

/* Kernel k of those, of several widths. */
static void compare_ringed(int k, const char *what)
{
    WfJit *jit = session(0);

    for (int wide = 0; wide < 2; wide++) {
        Planless *p = ringed(wide);

        for (int64_t width = 1; width < 200; width += 33)
            compare(p, k, compiled(jit, p, k), width, (uint64_t)width, what);
        planless_free(p);
    }
    ck_assert_int_eq(wf_jit_scalar_count(jit), 0);
    wf_jit_free(jit);
}

START_TEST(a_kernel_that_fills_a_ring_equals_the_reference)
{
    compare_ringed(0, "ring");
}
END_TEST

START_TEST(a_kernel_that_reads_a_ring_equals_the_reference)
{
    compare_ringed(1, "reader");
}
END_TEST

START_TEST(rings_may_hold_numbers_and_bands)
{
    WfJit *jit = session(0);

    for (int n = 0; n < 3; n++) {
        Planless *p = planless_new();
        WeftNode node = n == 2 ? planless_constant(p, 0.1)
                               : planless_load(p, WEFT_I16, n == 1, &(double) { -1 });

        planless_ring(p, node);
        planless_kernel(p);
        neighbours(p, node, WF_EDGES_EXTEND);
        for (int k = 0; k < 2; k++)
            compare(p, k, compiled(jit, p, k), 100, 3, "identity");
        planless_free(p);
    }
    wf_jit_free(jit);
}
END_TEST

START_TEST(a_neighbour_that_has_a_ring_is_read_from_it)
{
    WfJit *jit = session(0);
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);
    WeftNode b = planless_neighbour(p, a, 4, 0, WF_EDGES_NEAREST, 0);

    planless_ring(p, b);
    planless_kernel(p);
    planless_read(p, b);
    planless_output(p, planless_neighbour(p, b, 1, 1, WF_EDGES_NEAREST, 0), WEFT_F32);
    planless_output(p, b, WEFT_F32);
    ck_assert_int_eq(planless_last(p)->input_count, 2); /* both are of the ring */
    for (int k = 0; k < 2; k++)
        compare(p, k, compiled(jit, p, k), 100, 3, "neighbour in a ring");
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

/* One pixel of the only output, after `change` has put pixels into the frame. */
static double pixel_of(const Planless *p, WfKernelFn *run, void (*change)(PlanlessFrame *))
{
    WfInterp *interp = wf_interp_new(&p->plan, p->plan.kernel_count - 1, NULL);
    PlanlessFrame *f = planless_frame(p, p->plan.kernel_count - 1, 64);
    double v;

    change(f);
    f->frame.closure = interp;
    (run ? run : wf_interp_run)(&f->frame);
    v = ((double *)f->out_rows[0][1])[20];
    planless_frame_free(f);
    wf_interp_free(interp);
    return v;
}

static void count_pixels(PlanlessFrame *f)
{
    for (int i = 0; i < f->input_count; i++)
        for (int r = -PLANLESS_REACH; r < PLANLESS_ROWS + PLANLESS_REACH; r++)
            for (int c = -PLANLESS_REACH; c < 64 + PLANLESS_REACH; c++)
                ((int16_t *)f->in_rows[i][r])[c] = (int16_t)(5000 * i + 100 * r + c);
}

START_TEST(a_neighbour_lies_at_its_offset)
{
    WfJit *jit = session(0);

    for (int i = 0; i < OFFSETS; i++) {
        Planless *p = planless_new();
        WeftNode a = planless_load(p, WEFT_I16, false, NULL);
        double there = 100 * (1 + offsets[i][1]) + 20 + offsets[i][0];

        planless_output(p,
                        planless_neighbour(p, a, offsets[i][0], offsets[i][1], WF_EDGES_NEAREST, 0),
                        WEFT_F64);
        ck_assert_double_eq(pixel_of(p, NULL, count_pixels), there);
        ck_assert_double_eq(pixel_of(p, compiled(jit, p, 0), count_pixels), there);
        planless_free(p);
    }
    wf_jit_free(jit);
}
END_TEST

START_TEST(each_rule_of_edges_has_its_input)
{
    static const struct {
        WfEdges edges;
        double constant;
    } rules[] = { { WF_EDGES_INVALID, 0 },
                  { WF_EDGES_REFLECT, 0 },
                  { WF_EDGES_CONSTANT, 3 },
                  { WF_EDGES_CONSTANT, __builtin_nan("") } };
    WfJit *jit = session(0);

    for (int i = 0; i < 4; i++) {
        Planless *p = planless_new();
        WeftNode a = planless_load(p, WEFT_I16, false, NULL), x[4];

        for (int k = 0; k < 4; k++)
            x[k] = planless_neighbour(p, a, 1, 0, rules[k].edges, rules[k].constant);
        planless_output(p, x[i], WEFT_F64);
        ck_assert_double_eq(pixel_of(p, NULL, count_pixels), 5000 * (i + 1) + 121);
        ck_assert_double_eq(pixel_of(p, compiled(jit, p, 0), count_pixels), 5000 * (i + 1) + 121);
        planless_free(p);
    }
    wf_jit_free(jit);
}
END_TEST

/* A node that an extended kernel reads as it is, with inputs under two rules. */
static double read_extended(WfEdges first, WfEdges second)
{
    Planless *p = planless_new();
    WfKernel *kernel = planless_last(p);
    WeftNode a = planless_load(p, WEFT_I16, false, NULL);
    double v;

    p->inputs[kernel->inputs[0]].edges = first;
    planless_neighbour(p, a, 1, 0, second, 0);
    planless_output(p, a, WEFT_F64);
    kernel->extended = true;
    v = pixel_of(p, NULL, count_pixels);
    planless_free(p);
    return v < 5000 ? first : second;
}

START_TEST(an_extended_kernel_reads_what_goes_on_beyond_the_edge)
{
    ck_assert_double_eq(read_extended(WF_EDGES_INVALID, WF_EDGES_NEAREST), WF_EDGES_NEAREST);
    ck_assert_double_eq(read_extended(WF_EDGES_NEAREST, WF_EDGES_REFLECT), WF_EDGES_NEAREST);
    ck_assert_double_eq(read_extended(WF_EDGES_NEAREST, WF_EDGES_EXTEND), WF_EDGES_EXTEND);
}
END_TEST

START_TEST(only_pixels_of_the_watch_window_count)
{
    static const WfRect windows[] = { { 0, 0, 200, 3 },   { 3, 1, 190, 2 },   { 64, 0, 128, 3 },
                                      { 199, 2, 200, 3 }, { 5, 1, 5, 3 },     { 5, 2, 9, 2 },
                                      { 63, 0, 65, 1 },   { 1, -5, 150, 100 } };
    WfJit *jit = session(0);
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);
    WeftNode b = planless_neighbour(p, a, -2, 1, WF_EDGES_NEAREST, 0);
    WeftNode cast = planless_op_with(p, "cast", false, INPUTS(b), (double[]) { WEFT_U8, 0, 0 });

    planless_output(p, cast, WEFT_U8);
    planless_watch(p, cast);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        compare_watched(p, 0, compiled(jit, p, 0), 200, 1 + i, "watch window", &windows[i]);
    ck_assert_int_eq(wf_jit_scalar_count(jit), 0);
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

static void put_clipped(PlanlessFrame *f)
{
    for (int r = 0; r < PLANLESS_ROWS; r++)
        for (int i = 0; i < 64; i++)
            ((int16_t *)f->in_rows[0][r])[i] = 300;
    f->frame.watch_from = 10;
    f->frame.watch_to = 14;
    f->frame.watch_row_from = 1;
    f->frame.watch_row_to = 3;
}

START_TEST(the_first_watched_pixel_is_that_of_the_window)
{
    WfJit *jit = session(0);
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_I16, false, NULL);
    WeftNode cast = planless_op_with(p, "cast", false, INPUTS(a), (double[]) { WEFT_U8, 0, 0 });
    WfKernelFn *run;

    planless_output(p, cast, WEFT_U8);
    planless_watch(p, cast);
    run = compiled(jit, p, 0);
    for (int n = 0; n < 2; n++) {
        WfInterp *interp = wf_interp_new(&p->plan, 0, NULL);
        PlanlessFrame *f = planless_frame(p, 0, 64);

        put_clipped(f);
        f->frame.closure = interp;
        (n ? run : wf_interp_run)(&f->frame);
        ck_assert_int_eq(f->watch[0].count, 8);
        ck_assert_int_eq(f->watch[0].first, (11 + 1) * 1000 + 7 + 10);
        planless_frame_free(f);
        wf_interp_free(interp);
    }
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

START_TEST(offsets_are_part_of_the_code_and_places_of_nodes_are_not)
{
    Planless *p = planless_new();
    WfJit *jit = session(0);

    for (int k = 0; k < 3; k++) {
        WeftNode a;

        if (k)
            planless_kernel(p);
        a = planless_load(p, WEFT_U16, false, NULL);
        planless_output(p, planless_neighbour(p, a, k < 2 ? 1 : 2, 0, WF_EDGES_NEAREST, 0),
                        WEFT_F32);
    }
    ck_assert(compiled(jit, p, 0) == compiled(jit, p, 1));
    ck_assert(compiled(jit, p, 0) != compiled(jit, p, 2));
    planless_free(p);
    wf_jit_free(jit);
}
END_TEST

/* Both engines refuse the last kernel and say why. */
static void refused(const Planless *p, const char *says)
{
    LLVMContextRef context = LLVMContextCreate();
    int k = p->plan.kernel_count - 1;
    WeftErr err = { 0 }, same = { 0 };

    ck_assert_ptr_null(wf_emit_kernel(context, &p->plan, k, false, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    ck_assert_msg(strstr(err.message, says) != NULL, "%s", err.message);
    ck_assert_ptr_null(wf_interp_new(&p->plan, k, &same));
    ck_assert_int_eq(same.code, WEFT_EBUG);
    LLVMContextDispose(context);
}

START_TEST(a_neighbour_without_an_input_of_its_rule_is_an_error)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_U8, false, NULL);

    planless_output(p, planless_neighbour(p, a, 1, 0, WF_EDGES_REFLECT, 0), WEFT_F32);
    planless_last(p)->input_count = 1;
    refused(p, "no input of its kernel");
    planless_free(p);
}
END_TEST

START_TEST(a_neighbour_outside_the_window_is_an_error)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_U8, false, NULL);

    planless_output(p, planless_neighbour(p, a, 2, -3, WF_EDGES_NEAREST, 0), WEFT_F32);
    p->inputs[0].window.up = 2;
    refused(p, "outside its kernel's window");
    planless_free(p);
}
END_TEST

START_TEST(a_kernel_with_a_ring_and_an_output_is_an_error)
{
    Planless *p = planless_new();
    WeftNode a = planless_load(p, WEFT_F32, false, NULL);

    planless_ring(p, a);
    planless_output(p, a, WEFT_F32);
    refused(p, "fills a ring and has outputs");
    planless_free(p);
}
END_TEST

CHECK_MAIN("stencils", neighbours_of_every_file_type_equal_the_reference,
           a_kernel_that_fills_a_ring_equals_the_reference,
           a_kernel_that_reads_a_ring_equals_the_reference, rings_may_hold_numbers_and_bands,
           a_neighbour_that_has_a_ring_is_read_from_it, a_neighbour_lies_at_its_offset,
           each_rule_of_edges_has_its_input, an_extended_kernel_reads_what_goes_on_beyond_the_edge,
           only_pixels_of_the_watch_window_count, the_first_watched_pixel_is_that_of_the_window,
           offsets_are_part_of_the_code_and_places_of_nodes_are_not,
           a_neighbour_without_an_input_of_its_rule_is_an_error,
           a_neighbour_outside_the_window_is_an_error,
           a_kernel_with_a_ring_and_an_output_is_an_error)
