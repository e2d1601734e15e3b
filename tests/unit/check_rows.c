/*
 * check_rows.c - rows of an input: in place, copied together, with aprons, beyond the raster.
 */
#include "neighbours.h"

/* A u16 image and the sum of its two cells at the corners of a window, to one output; tile 64. */
typedef struct Wanted {
    int64_t width, height;
    int block_width, block_height;
    WfReach window;
    WfEdges edges;
    double constant;
    WeftType type;
    bool nodata;
} Wanted;

static Hall make(const Wanted *w)
{
    Running *r = running_new();
    RunningImage *a = running_image(r, w->width, w->height, w->block_width, w->block_height, 1,
                                    w->type ? w->type : WEFT_U16);
    WeftNode band = running_band(r, a, 1, NULL, 0, 0);
    WfSource *source = &r->graph->sources[r->graph->nodes[band].source];
    WeftNode corners[] = {
        neighbours_of(r, band, -w->window.left, -w->window.up, w->edges, w->constant),
        neighbours_of(r, band, w->window.right, w->window.down, w->edges, w->constant),
    };

    source->has_nodata = w->nodata;
    source->nodata = w->nodata ? 37 : 0;
    running_save(r, neighbours_sum(r, corners, 2), NULL, 64);
    r->options.tile = 64;
    return hall_open(r);
}

/* The only input, for the tile at hand. */
static WfRows open_rows(const Hall *h, int64_t *held)
{
    const WfPlan *plan = h->r->plan;
    const WfStage *stage = &plan->stages[0];
    WfRows rows;

    ck_assert_int_eq(stage->kernel_count, 1);
    ck_assert_int_eq(stage->input_count, 1);
    ck_assert_int_lt(plan->inputs[stage->inputs[0]].ring, 0);
    wf_rows_open(&rows, plan, &h->tile, 0, h->tile.rect,
                 h->desk->memory + wf_align_up(stage->output_bytes), NULL, held, h->desk->seen);
    return rows;
}

static double expected(const Hall *h, const Wanted *w, int64_t x, int64_t y)
{
    const RunningImage *image = &h->r->images[0];
    int64_t col = wf_edges_index(w->edges, x, w->width);
    int64_t row = wf_edges_index(w->edges, y, w->height);

    if (col != WF_NO_INDEX && row != WF_NO_INDEX)
        return running_pixel(image, 1, col, row);
    return w->edges == WF_EDGES_CONSTANT ? w->constant : w->nodata ? 37 : (double)NAN;
}

/* Every wanted pixel of a turn. */
static void check_pixels(const Hall *h, const Wanted *w, WfRows *rows, int64_t row, int64_t count)
{
    const WfPlanInput *input = rows->input;
    const void *const *found = wf_rows_find(rows, row, count);
    int64_t x0 = h->tile.rect.x0;

    for (int64_t r = -w->window.up; r < count + w->window.down; r++) {
        for (int64_t x = -w->window.left; x < wf_rect_width(h->tile.rect) + w->window.right; x++) {
            double got = running_load(input->type, found[r], x);
            double right = expected(h, w, x0 + x, row + r);

            ck_assert_msg(got == right || (isnan(got) && isnan(right)),
                          "rule %d, %lld x %lld, (%lld, %lld): %g, not %g", w->edges,
                          (long long)w->width, (long long)w->height, (long long)(x0 + x),
                          (long long)(row + r), got, right);
        }
    }
}

/* All tiles of a job, turn by turn. */
static void check_job(const Wanted *w)
{
    Hall h = make(w);
    int64_t *held = wf_calloc((size_t)h.r->plan->inputs[0].height + 1, sizeof *held, NULL);
    int64_t step = h.r->plan->stages[0].step;

    ck_assert_ptr_nonnull(held);
    for (int64_t t = 0; t < h.r->plan->task_count; t++) {
        WfRows rows;

        hall_begin(&h, t);
        rows = open_rows(&h, held);
        for (int64_t y = h.tile.rect.y0; y < h.tile.rect.y1; y += step) {
            int64_t left = h.tile.rect.y1 - y;

            check_pixels(&h, w, &rows, y, left < step ? left : step);
        }
        hall_end(&h);
    }
    wf_free(held);
    hall_close(&h);
}

static void check_sizes(Wanted w)
{
    static const int64_t sizes[] = { 1, 2, 5, 64, 66, 150 };
    static const int blocks[] = { 16, 200, 50 };

    for (int i = 0; i < 36; i++) {
        w.width = sizes[i % 6];
        w.height = sizes[i / 6];
        w.block_width = blocks[i % 3];
        w.block_height = blocks[(i + 1) % 3];
        check_job(&w);
    }
}

START_TEST(nearest_repeats_the_edge)
{
    check_sizes((Wanted) { .edges = WF_EDGES_NEAREST, .window = { 3, 1, 0, 7 } });
}
END_TEST

START_TEST(reflect_folds_as_often_as_it_takes)
{
    check_sizes((Wanted) { .edges = WF_EDGES_REFLECT, .window = { 1, 2, 1, 2 } });
    check_sizes((Wanted) { .edges = WF_EDGES_REFLECT, .window = { 20, 30, 20, 30 } });
}
END_TEST

START_TEST(mirror_folds_as_often_as_it_takes)
{
    check_sizes((Wanted) { .edges = WF_EDGES_MIRROR, .window = { 2, 1, 2, 1 } });
    check_sizes((Wanted) { .edges = WF_EDGES_MIRROR, .window = { 30, 20, 30, 20 } });
}
END_TEST

START_TEST(invalid_is_nodata_in_integers_and_nan_in_floats)
{
    check_sizes((Wanted) { .edges = WF_EDGES_INVALID, .window = { 2, 3, 9, 1 }, .nodata = true });
    check_sizes((Wanted) { .edges = WF_EDGES_INVALID, .window = { 2, 3, 9, 1 }, .type = WEFT_F32 });
}
END_TEST

START_TEST(rows_inside_a_block_are_pointed_at_window_and_all)
{
    Wanted w = {
        .width = 300,
        .height = 300,
        .block_width = 300,
        .block_height = 300,
        .window = { 2, 2, 2, 2 },
        .edges = WF_EDGES_REFLECT,
    };
    Hall h = make(&w);
    const WfBlockView *view;
    const void *const *found;
    int64_t held[1000];
    WfRows rows;

    hall_begin(&h, hall_task(&h, 1, 1));
    ck_assert(h.tile.rect.x0 == 64 && h.tile.rect.y0 == 64);
    view = &h.tile.needs[0].view;
    rows = open_rows(&h, held);
    found = wf_rows_find(&rows, 64, 1);
    for (int64_t r = -2; r < 3; r++)
        ck_assert(found[r] == wf_block_pixel(&h.r->plan->files[0], 0, view, 64, 64 + r));
    hall_close(&h);
}
END_TEST

START_TEST(a_row_is_copied_once_for_all_turns)
{
    Wanted w = {
        .width = 300,
        .height = 300,
        .block_width = 50,
        .block_height = 50,
        .window = { 2, 2, 2, 2 },
        .edges = WF_EDGES_NEAREST,
    };
    Hall h = make(&w);
    const void *const *found;
    uint16_t *row;
    int64_t held[1000];
    WfRows rows;

    hall_begin(&h, hall_task(&h, 0, 0));
    rows = open_rows(&h, held);
    found = wf_rows_find(&rows, 0, 1);
    row = (uint16_t *)found[2];
    ck_assert(found[-2] == found[0] && found[-1] == found[0]);
    row[5] = 4711;
    found = wf_rows_find(&rows, 1, 1);
    ck_assert(found[1] == row);
    ck_assert_int_eq(row[5], 4711);
    hall_close(&h);
}
END_TEST

START_TEST(rows_of_constants_are_one_row)
{
    Wanted w = {
        .width = 100,
        .height = 100,
        .block_width = 100,
        .block_height = 100,
        .window = { 1, 5, 1, 5 },
        .edges = WF_EDGES_INVALID,
        .type = WEFT_F32,
    };
    Hall h = make(&w);
    const void *const *found;
    int64_t held[1000];
    WfRows rows;

    hall_begin(&h, hall_task(&h, 0, 0));
    rows = open_rows(&h, held);
    found = wf_rows_find(&rows, 0, 1);
    ck_assert(found[-5] == found[-1]);
    ck_assert(found[-1] != found[0]);
    hall_close(&h);
}
END_TEST

/* The tile's only ring, filled in full with the columns' numbers. */
static WfRingRows fill_ring(const Hall *h)
{
    const WfPlan *plan = h->r->plan;
    const WfRing *ring = &plan->rings[0];
    WfRingRows rows = {
        .first = h->desk->memory + wf_align_up(plan->stages[0].output_bytes) +
                 wf_scratch_ring(plan, 0, 0) + (size_t)wf_ring_margin(plan, 0) * sizeof(float),
        .stride = (size_t)wf_ring_pixels(plan, 0) * sizeof(float),
        .height = ring->height,
        .domain = wf_kernel_rect(plan, h->tile.task, ring->kernel),
    };

    ck_assert_int_eq(ring->type, WEFT_F32);
    rows.made = rows.domain.y0 + rows.height;
    for (int64_t y = 0; y < rows.height; y++) {
        float *row = (float *)(void *)(rows.first + (size_t)y * rows.stride);

        for (int64_t x = rows.domain.x0; x < rows.domain.x1; x++)
            row[x - rows.domain.x0] = (float)x;
    }
    return rows;
}

/* Rows of a ring that a 3 x 3 sum reads, for a tile; the ring's own rows are given in *ring. */
static WfRows open_ring(Hall *h, WfEdges edges, int64_t tx, int64_t ty, WfRingRows *ring,
                        int64_t *held)
{
    Running *r = running_new();
    RunningImage *a = running_image(r, 300, 300, 300, 300, 1, WEFT_F32);
    WeftNode band = running_band(r, a, 1, NULL, 0, 0);
    WeftNode inner = neighbours_three(r, band, WF_EDGES_NEAREST, 0);
    const WfStage *stage;
    WfRows rows;
    int at = -1;

    running_save(r, neighbours_three(r, inner, edges, 9), NULL, 64);
    r->options.tile = 64;
    *h = hall_open(r);
    stage = &r->plan->stages[0];
    ck_assert_int_eq(stage->ring_count, 1);
    for (int i = 0; i < stage->input_count; i++) {
        if (r->plan->inputs[stage->inputs[i]].ring == 0)
            at = i;
    }
    ck_assert_int_ge(at, 0);
    hall_begin(h, hall_task(h, tx, ty));
    *ring = fill_ring(h);
    wf_rows_open(&rows, r->plan, &h->tile, at, h->tile.rect,
                 h->desk->memory + wf_align_up(stage->output_bytes), ring, held, h->desk->seen);
    return rows;
}

START_TEST(rows_of_a_ring_are_pointed_at_where_the_raster_goes_on)
{
    int64_t held[1000];
    WfRingRows ring;
    Hall h;
    WfRows rows = open_ring(&h, WF_EDGES_REFLECT, 1, 1, &ring, held);
    const void *const *found = wf_rows_find(&rows, 64, 1);

    for (int64_t r = -1; r < 2; r++) {
        const char *row = ring.first + (size_t)wf_edges_modulo(64 + r, ring.height) * ring.stride;

        ck_assert_ptr_eq(found[r], row + sizeof(float)); /* the ring begins at column 63 */
    }
    hall_close(&h);
}
END_TEST

START_TEST(rows_of_a_ring_get_aprons_at_the_rasters_sides)
{
    static const struct {
        WfEdges edges;
        float left, right;
    } rules[] = {
        { WF_EDGES_NEAREST, 0, 299 },
        { WF_EDGES_REFLECT, 0, 299 },
        { WF_EDGES_MIRROR, 1, 298 },
        { WF_EDGES_CONSTANT, 9, 9 },
    };

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        int64_t held[1000];
        WfRingRows ring;
        Hall h;
        WfRows rows = open_ring(&h, rules[i].edges, 0, 0, &ring, held);

        ck_assert(((const float *const *)wf_rows_find(&rows, 0, 1))[0][-1] == rules[i].left);
        hall_close(&h);
        rows = open_ring(&h, rules[i].edges, 4, 0, &ring, held);
        ck_assert_int_eq(h.tile.rect.x1, 300);
        ck_assert(((const float *const *)wf_rows_find(&rows, 0, 1))[0][300 - 256] ==
                  rules[i].right);
        hall_close(&h);
    }
}
END_TEST

CHECK_MAIN("rows", nearest_repeats_the_edge, reflect_folds_as_often_as_it_takes,
           mirror_folds_as_often_as_it_takes, invalid_is_nodata_in_integers_and_nan_in_floats,
           rows_inside_a_block_are_pointed_at_window_and_all, a_row_is_copied_once_for_all_turns,
           rows_of_constants_are_one_row, rows_of_a_ring_are_pointed_at_where_the_raster_goes_on,
           rows_of_a_ring_get_aprons_at_the_rasters_sides)
