/* check_form.c - pieces of rows between the two forms of a kernel; what is noted of rings. */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "run/form.h"

enum { WIDTH = 900, PADDED = 960, PIECE = 256, ROWS = 4, RING = 6 };

/* A kernel that reads one file of f32 in rows of its own, 1 pixel around, and fills a ring; forms
 * write which of them they are. */
typedef struct Bench {
    WfPlan plan;
    WfGraph graph;
    WfSource source;
    WfStage stage;
    WfPlanInput input;
    WfRing ring;
    WfPlainInput plain_input;
    WfKernel kernel;
    WfCompiled compiled;
    WfRows rows, *all[1];
    WfRingRows kept, *filled[1];
    int rings[1];
    WfForm form;
    WfFrame frame;
    WfSeen seen[8];
    uint64_t odd[ROWS], ring_odd[RING];
    float pixels[ROWS + 2][PADDED + 2], made[RING][PADDED];
    const void *in_rows[ROWS + 2];
    void *out_rows[ROWS];
    const void *const *in[1];
    void *const *out[1];
} Bench;

static int plain_calls, skip_calls;

static void write_all(const WfFrame *frame, float value)
{
    for (int64_t r = 0; r < frame->rows; r++)
        for (int64_t i = frame->first; i < frame->padded; i++)
            ((float *)frame->out[0][r])[i] = value;
}

static void run_plain(const WfFrame *frame)
{
    plain_calls++;
    write_all(frame, 1);
}

static void run_skipping(const WfFrame *frame)
{
    skip_calls++;
    write_all(frame, 2);
}

static Bench *bench_new(void)
{
    static Bench b;

    plain_calls = skip_calls = 0;
    memset(&b, 0, sizeof b);
    b.input = (WfPlanInput) { .ring = -1, .type = WEFT_F32, .window = { 1, 1, 1, 1 } };
    b.stage.step = ROWS;
    b.ring = (WfRing) { .type = WEFT_F32, .asked = true };
    b.plain_input = (WfPlainInput) { .read = true, .asked = true };
    b.kernel = (WfKernel) { .input_count = 1, .plain_inputs = &b.plain_input, .ring_count = 1, .rings = b.rings };
    b.graph.sources = &b.source;
    b.plan =
        (WfPlan) { .graph = &b.graph, .stages = &b.stage, .inputs = &b.input, .rings = &b.ring };
    b.rows = (WfRows) { .plan = &b.plan,
                        .input = &b.input,
                        .x0 = 9,
                        .x1 = 9 + WIDTH + 2,
                        .left = sizeof(float),
                        .pointers = b.in_rows,
                        .from = 99, /* found already */
                        .to = 99 + ROWS + 2,
                        .seen = b.seen,
                        .seen_last = 7 };
    for (int r = 0; r < ROWS + 2; r++)
        b.in_rows[r] = &b.pixels[r][1];
    b.kept = (WfRingRows) { .first = (char *)b.made,
                            .stride = sizeof b.made[0],
                            .height = RING,
                            .domain = { 10, 0, 10 + WIDTH, 1000 },
                            .odd = b.ring_odd };
    memset(b.ring_odd, 0xff, sizeof b.ring_odd);
    b.compiled = (WfCompiled) { .run = run_skipping, .plain = run_plain };
    b.all[0] = &b.rows;
    b.filled[0] = &b.kept;
    b.form = (WfForm) { .plan = &b.plan,
                        .kernel = &b.kernel,
                        .compiled = &b.compiled,
                        .rows = b.all,
                        .rings = b.filled,
                        .piece = PIECE,
                        .odd = b.odd };
    for (int r = 0; r < ROWS; r++)
        b.out_rows[r] = b.made[(100 + r) % RING];
    b.out[0] = b.out_rows;
    b.frame = (WfFrame) { .in = b.in,
                          .out = b.out,
                          .rows = ROWS,
                          .width = WIDTH,
                          .padded = PADDED,
                          .col = 10,
                          .row = 100,
                          .watch_row_to = ROWS };
    return &b;
}

static float made(const Bench *b, int r, int i)
{
    return b->made[(100 + r) % RING][i];
}

START_TEST(a_turn_without_odd_pixels_is_one_plain_call)
{
    Bench *b = bench_new();

    ck_assert_int_eq(wf_form_run(&b->form, &b->frame), ROWS * WIDTH);
    ck_assert_int_eq(plain_calls, 1);
    ck_assert_int_eq(skip_calls, 0);
}
END_TEST

START_TEST(only_pieces_that_read_an_odd_pixel_skip)
{
    Bench *b = bench_new();

    b->pixels[0][256] = NAN; /* row 99, seen by row 100 at pixels 254 to 256 */
    ck_assert_int_eq(wf_form_run(&b->form, &b->frame), ROWS * WIDTH - 2 * PIECE);
    ck_assert_float_eq(made(b, 0, 0), 2);
    ck_assert_float_eq(made(b, 0, 511), 2);
    ck_assert_float_eq(made(b, 0, 512), 1);
    ck_assert_float_eq(made(b, 1, 0), 1);
    ck_assert_float_eq(made(b, 3, WIDTH - 1), 1);
}
END_TEST

START_TEST(the_frame_is_as_it_was)
{
    Bench *b = bench_new();
    WfFrame before = b->frame;

    b->pixels[2][700] = NAN;
    wf_form_run(&b->form, &b->frame);
    ck_assert_mem_eq(&before, &b->frame, sizeof before);
    ck_assert_ptr_eq(b->in[0], b->in_rows + 1);
    ck_assert_ptr_eq(b->out[0], b->out_rows);
}
END_TEST

START_TEST(a_row_is_looked_through_once)
{
    Bench *b = bench_new();

    wf_form_run(&b->form, &b->frame);
    b->pixels[3][5] = NAN;
    ck_assert_int_eq(wf_form_run(&b->form, &b->frame), ROWS * WIDTH);
}
END_TEST

START_TEST(rings_are_looked_through_unless_all_is_proven)
{
    Bench *b = bench_new();

    b->ring.proven = true;
    b->pixels[0][1] = NAN;
    wf_form_run(&b->form, &b->frame);
    for (int r = 0; r < ROWS; r++)
        ck_assert_uint_eq(b->ring_odd[(100 + r) % RING], 0); /* 2 is a fair number */
    b = bench_new();
    b->compiled.plain = NULL;
    wf_form_run(&b->form, &b->frame);
    ck_assert_uint_eq(b->ring_odd[100 % RING], 0);
    ck_assert_int_eq(skip_calls, 1);
}
END_TEST

START_TEST(rows_that_hold_their_number_are_left_alone)
{
    Bench *b = bench_new();

    b->ring.same = b->ring.proven = true;
    wf_form_run(&b->form, &b->frame);
    ck_assert_int_eq(wf_form_run(&b->form, &b->frame), ROWS * WIDTH);
    ck_assert_int_eq(plain_calls, 1);
    b->pixels[0][1] = NAN;
    b->seen[99 & 7].row = INT64_MIN;
    wf_form_run(&b->form, &b->frame);
    ck_assert_int_eq(skip_calls, 1);
    ck_assert_uint_eq(b->ring_odd[100 % RING], 1);
    ck_assert_uint_eq(b->ring_odd[101 % RING], 0);
}
END_TEST

CHECK_MAIN("form", a_turn_without_odd_pixels_is_one_plain_call,
           only_pieces_that_read_an_odd_pixel_skip, the_frame_is_as_it_was,
           a_row_is_looked_through_once, rings_are_looked_through_unless_all_is_proven,
           rows_that_hold_their_number_are_left_alone)
