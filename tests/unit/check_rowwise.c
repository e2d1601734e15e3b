/* check_rowwise.c - a kernel of one function on rows: what its turn is told, where results go. */
#include "harness.h"

#include <math.h>

#include "code/rowwise.h"
#include "graph/sight.h"
#include "planless.h"

enum { WIDTH = 5 };

/* The last turn, which the functions below keep, and where its results were to go. */
static WeftRows seen;
static void *seen_out;

/* Both inputs at the pixel, the second two columns to the right of it, and what is set. */
#define SUM_OF(px)                                                                     \
    static void rows_##px(const WeftRows *turn)                                        \
    {                                                                                  \
        seen = *turn;                                                                  \
        seen_out = turn->out[0][0];                                                    \
        for (int64_t r = 0; r < turn->rows; r++)                                       \
            for (int64_t x = 0; x < turn->width; x++)                                  \
                ((px *)turn->out[0][r])[x] = ((const px *)turn->in[0][r])[x] +         \
                                             ((const px *)turn->in[1][r])[x + 2] +     \
                                             (px)(turn->settings[0] + turn->table[0]); \
    }
SUM_OF(float)
SUM_OF(double)

static const WeftParam params[] = { { .name = "more", .kind = WEFT_PARAM_REAL }, { .name = NULL } };
static const WeftOp sum_op = { .name = "sum_on_rows",
                               .shape = WEFT_ROWS,
                               .inputs = 2,
                               .params = params,
                               .rows = { rows_float, rows_double } };
static const WeftWindow windows[] = { { .edges = WF_EDGES_NEAREST },
                                      { .right = 2, .edges = WF_EDGES_NEAREST } };

/* Kernels 0 and 1 fill rings with bands; kernel 2 is the function, its inputs the other way round
 * than the node has them. Held in f64 where wide; computed so where wide inside. */
static Planless *kernel_of(bool wide, bool wide_inside)
{
    Planless *p = planless_new();
    WeftNode inputs[2], node;
    double more = 10, table = 0.25;

    for (int i = 0; i < 2; i++) {
        inputs[i] = planless_load(p, wide_inside ? WEFT_F64 : WEFT_F32, wide_inside, NULL);
        planless_ring(p, inputs[i]);
        planless_kernel(p);
    }
    node = wf_window_add(p->graph, &sum_op, inputs, 2, &more, windows, &table, 1, NULL);
    planless_rows(p, inputs[1], WF_EDGES_NEAREST, 0)->window.right = 2;
    planless_rows(p, inputs[0], WF_EDGES_NEAREST, 0);
    planless_add(p, node, wide);
    p->graph->nodes[node].wide_inside = wide_inside;
    planless_ring(p, node);
    return p;
}

static PlanlessFrame *run(const Planless *p)
{
    WeftErr err = { 0 };
    WfRowwise *rowwise = wf_rowwise_new(&p->plan, 2, &err);
    PlanlessFrame *f = planless_frame(p, 2, WIDTH);
    const WfNode *node = &p->graph->nodes[p->rings[2].node];

    ck_assert_msg(rowwise != NULL, "%s", err.message);
    planless_fill(p, 2, f, 3);
    f->frame.closure = rowwise;
    f->frame.scratch = aligned_alloc(64, wf_window_room(node, 1, PLANLESS_ROWS, WIDTH));
    wf_rowwise_run(&f->frame);
    free(f->frame.scratch);
    wf_rowwise_free(rowwise);
    return f;
}

static double pixel(const void *const *rows, int r, int x, bool wide)
{
    return wide ? ((const double *)rows[r])[x] : (double)((const float *)rows[r])[x];
}

/* Results are those of the function, rounded where the node is held in f32. */
static void check_results(bool wide, bool wide_inside)
{
    Planless *p = kernel_of(wide, wide_inside);
    PlanlessFrame *f = run(p);

    for (int r = 0; r < PLANLESS_ROWS; r++)
        for (int x = 0; x < WIDTH; x++) {
            double a = pixel(f->in_rows[1], r, x, wide_inside);
            double b = pixel(f->in_rows[0], r, x + 2, wide_inside);
            double sum = wide_inside ? a + b + 10.25 : (double)((float)a + (float)b + 10.25F);
            double got = pixel((const void *const *)f->out_rows[0], r, x, wide);

            if (!wide)
                sum = (double)(float)sum;
            ck_assert(got == sum || (isnan(got) && isnan(sum)));
        }
    planless_frame_free(f);
    planless_free(p);
}

START_TEST(inputs_are_found_by_node_not_by_place)
{
    check_results(false, false);
}
END_TEST

START_TEST(the_form_in_f64_is_called_for_a_wide_node)
{
    check_results(true, true);
}
END_TEST

START_TEST(results_in_f64_are_rounded_to_a_ring_of_f32)
{
    check_results(false, true);
}
END_TEST

START_TEST(results_in_f32_are_widened_to_a_ring_of_f64)
{
    check_results(true, false);
}
END_TEST

START_TEST(results_held_as_they_are_made_go_straight_to_the_ring)
{
    Planless *p = kernel_of(false, false);
    PlanlessFrame *f = run(p);

    ck_assert_ptr_eq(seen_out, f->out_rows[0][0]);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

START_TEST(a_turn_knows_where_it_lies)
{
    Planless *p = kernel_of(false, false);
    PlanlessFrame *f = run(p);

    ck_assert_int_eq(seen.col, f->frame.col);
    ck_assert_int_eq(seen.row, f->frame.row);
    ck_assert_int_eq(seen.raster_width, f->frame.raster_width);
    planless_frame_free(f);
    planless_free(p);
}
END_TEST

START_TEST(only_the_kernel_of_a_function_on_rows_is_one)
{
    Planless *p = kernel_of(false, false);

    ck_assert(!wf_rowwise_is(&p->plan, 0));
    ck_assert(wf_rowwise_is(&p->plan, 2));
    planless_free(p);
}
END_TEST

START_TEST(an_input_that_the_kernel_lacks_is_a_bug)
{
    Planless *p = kernel_of(false, false);
    WeftErr err = { 0 };

    p->kernels[2].input_count = 1;
    ck_assert_ptr_null(wf_rowwise_new(&p->plan, 2, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    planless_free(p);
}
END_TEST

START_TEST(rows_that_reach_less_far_than_the_window_are_a_bug)
{
    Planless *p = kernel_of(false, false);
    WeftErr err = { 0 };

    p->inputs[p->kernels[2].inputs[0]].window.right = 1;
    ck_assert_ptr_null(wf_rowwise_new(&p->plan, 2, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    planless_free(p);
}
END_TEST

CHECK_MAIN("rowwise", inputs_are_found_by_node_not_by_place,
           the_form_in_f64_is_called_for_a_wide_node, results_in_f64_are_rounded_to_a_ring_of_f32,
           results_in_f32_are_widened_to_a_ring_of_f64,
           results_held_as_they_are_made_go_straight_to_the_ring, a_turn_knows_where_it_lies,
           only_the_kernel_of_a_function_on_rows_is_one, an_input_that_the_kernel_lacks_is_a_bug,
           rows_that_reach_less_far_than_the_window_are_a_bug)
