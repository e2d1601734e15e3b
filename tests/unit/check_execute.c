/*
 * check_execute.c - one tile: rows read in place or copied together, counts, errors in their place.
 */
#include "neighbours.h"

#include <stdio.h>
#include <stdlib.h>

/* What the spying kernel saw. */
typedef struct Spy {
    const WfBlockView *view; /* of the tile's first need */
    int inside, outside, turns;
    int64_t rows, padded, width;
} Spy;

static void spy(const WfFrame *frame)
{
    Spy *s = (Spy *)frame->closure;

    s->turns++;
    s->rows += frame->rows;
    s->padded = frame->padded;
    s->width = frame->width;
    for (int64_t r = 0; r < frame->rows; r++) {
        const char *row = frame->in[0][r];

        if (row >= s->view->pixels && row < s->view->end)
            s->inside++;
        else
            s->outside++;
    }
}

/* One u16 image, one output; tile 64. */
static Hall one_image(int64_t size, int block_width, int block_height)
{
    Running *r = running_new();
    RunningImage *a = running_image(r, size, size, block_width, block_height, 1, WEFT_U16);

    running_save(r, running_band(r, a, 1, NULL, 0, 0), NULL, 64);
    r->options.tile = 64;
    return hall_open(r);
}

/* What a task's first kernel is given. */
static Spy spy_on(Hall *h, int64_t task)
{
    Spy s = { .turns = 0 };
    WfErrRank rank;

    hall_begin(h, task);
    s.view = &h->tile.needs[0].view;
    h->compiled[0] = (WfCompiled) { .run = spy, .closure = &s };
    ck_assert(hall_run(h, &rank));
    return s;
}

START_TEST(rows_within_a_block_are_read_where_they_are)
{
    Hall h = one_image(256, 256, 256);
    Spy s = spy_on(&h, 5);

    ck_assert_int_eq(s.inside, 64);
    ck_assert_int_eq(s.outside, 0);
    ck_assert_int_eq(s.rows, 64);
    hall_close(&h);
}
END_TEST

START_TEST(rows_across_blocks_are_copied_together)
{
    Hall h = one_image(256, 50, 256);
    Spy s = spy_on(&h, 1); /* columns 64 to 127, over blocks 1 and 2 */

    ck_assert_int_eq(s.outside, 64);
    hall_close(&h);
}
END_TEST

START_TEST(the_last_column_of_tiles_is_padded_to_whole_groups)
{
    Hall h = one_image(100, 100, 100);
    Spy s = spy_on(&h, 3);

    ck_assert_int_eq(s.width, 36);
    ck_assert_int_eq(s.padded, 64);
    ck_assert_int_eq(s.rows, 36);
    ck_assert_int_eq(s.inside, 36); /* the slack allows it */
    hall_close(&h);
}
END_TEST

START_TEST(a_tile_counts_pixels_bytes_and_where_they_lay)
{
    Hall h = one_image(256, 100, 100);
    const WfTally *t = h.desk->tally;
    WfErrRank rank;

    hall_begin(&h, 0);
    ck_assert_int_eq(h.tile.task->node, 0);
    ck_assert(hall_run(&h, &rank));
    ck_assert_int_eq(t->tiles, 1);
    ck_assert_int_eq(t->pixels[0], 64 * 64);
    ck_assert_int_eq(t->bytes_near, 64 * 64 * 2);
    ck_assert_int_eq(t->bytes_far, 0);
    ck_assert_int_eq(t->bytes_written, 64 * 64 * 8);
    hall_end(&h);
    hall_begin(&h, 1);
    for (int64_t i = 0; i < h.tile.need_count; i++)
        h.tile.needs[i].block->node = 1;
    ck_assert(hall_run(&h, &rank));
    ck_assert_int_eq(t->bytes_far, 64 * 64 * 2);
    hall_close(&h);
}
END_TEST

START_TEST(a_failed_block_is_placed_at_its_first_pixel_in_the_tile)
{
    Hall h = one_image(256, 48, 40);
    WfErrRank rank;

    h.r->images[0].bad = 6 + 1; /* rows 40 to 79, columns 48 to 95 */
    h.r->images[0].bad_too = 6 + 6;
    hall_begin(&h, 0);
    ck_assert(!hall_run(&h, &rank));
    ck_assert_str_eq(h.r->err.message, "block 7 is torn");
    ck_assert_int_eq(rank.row, 40);
    ck_assert_int_eq(rank.col, 48);
    ck_assert_int_eq(rank.output, -1);
    ck_assert_int_eq(h.desk->tally->tiles, 0);
    hall_close(&h);
}
END_TEST

START_TEST(a_cancelled_tile_writes_nothing)
{
    Hall h = one_image(256, 100, 100);
    WfErrRank rank;

    hall_begin(&h, 0);
    atomic_store(&h.r->cancel, true);
    ck_assert(!hall_run(&h, &rank));
    ck_assert_int_eq(h.r->err.code, WEFT_ECANCEL);
    ck_assert_int_eq(h.desk->tally->bytes_written, 0);
    hall_close(&h);
}
END_TEST

/* ---- neighbours */

static int64_t below(uint64_t *seed, int64_t count)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((*seed >> 33) % (uint64_t)count);
}

static WfEdges any_rule(uint64_t *seed)
{
    return (WfEdges)below(seed, WF_EDGES_EXTEND);
}

/* Up to three neighbours of x within a radius, x itself and another node, added. */
static WeftNode any_stencil(Running *r, uint64_t *seed, WeftNode x, WeftNode other)
{
    static const int radii[] = { 1, 1, 2, 5, 30 };
    int radius = radii[below(seed, 5)], count = 0;
    double constant = (double)below(seed, 9) - 4;
    WfEdges edges = any_rule(seed);
    WeftNode cells[5];

    for (int64_t i = below(seed, 3); i >= 0; i--) {
        if (below(seed, 4) == 0)
            edges = any_rule(seed);
        cells[count++] = neighbours_of(r, x, (int)below(seed, 2 * radius + 1) - radius,
                                       (int)below(seed, 2 * radius + 1) - radius, edges, constant);
    }
    if (below(seed, 2))
        cells[count++] = x;
    if (below(seed, 2))
        cells[count++] = other;
    return neighbours_sum(r, cells, count);
}

/* A file's band, in blocks of any shape, with or without a nodata value. */
static WeftNode any_band(Running *r, uint64_t *seed, int64_t width, int64_t height)
{
    static const int sizes[] = { 16, 64, 100, 200 };
    static const WeftType types[] = { WEFT_U8, WEFT_U16, WEFT_F32, WEFT_F64 };
    int block_width = sizes[below(seed, 4)], block_height = sizes[below(seed, 4)];
    RunningImage *a =
        running_image(r, width, height, block_width, block_height, 1, types[below(seed, 4)]);
    WeftNode node = running_band(r, a, 1, NULL, 0, 0);
    WfSource *source = &r->graph->sources[r->graph->nodes[node].source];

    source->has_nodata = below(seed, 2);
    source->nodata = source->has_nodata ? 37 : 0;
    r->graph->nodes[node].wide = below(seed, 2);
    return node;
}

static WfRect any_window(uint64_t *seed, int64_t width, int64_t height)
{
    int64_t x0 = below(seed, width), y0 = below(seed, height);

    return (WfRect) { x0, y0, x0 + 1 + below(seed, width - x0), y0 + 1 + below(seed, height - y0) };
}

/* A chain of stencils and doublings, with branches that meet again, on a raster of any size. */
static Running *any_job(uint64_t seed)
{
    static const int64_t sizes[] = { 1, 2, 3, 7, 20, 63, 64, 65, 129, 200 };
    static const int tiles[] = { 0, 64, 64, 128 };
    static const int64_t caches[] = { 0, 1, 4096, 100000 };
    Running *r = running_new();
    int64_t width = sizes[below(&seed, 10)], height = sizes[below(&seed, 10)];
    WeftNode pool[8];
    int count = 1;
    WfRect window = { 0, 0, width, height };

    pool[0] = any_band(r, &seed, width, height);
    if (below(&seed, 2))
        pool[count++] = any_band(r, &seed, width, height);
    for (int64_t i = below(&seed, 5); i >= 0; i--) {
        WeftNode x = pool[below(&seed, count)], other = pool[below(&seed, count)];

        if (i == 0 && below(&seed, 2))
            pool[count++] = neighbours_doubling(r, x, (int)below(&seed, 4) + 1, below(&seed, 2),
                                                any_rule(&seed), 3);
        else
            pool[count++] = any_stencil(r, &seed, x, other);
    }
    if (below(&seed, 4) == 0)
        window = any_window(&seed, width, height);
    running_save(r, pool[count - 1], &window, below(&seed, 2) ? 64 : 0);
    if (below(&seed, 2))
        running_save(r, pool[below(&seed, count)], &window, 64);
    r->options.tile = tiles[below(&seed, 4)];
    r->cache = caches[below(&seed, 4)];
    return r;
}

START_TEST(any_chain_of_neighbours_is_as_evaluated_directly)
{
    const char *only = getenv("WEFT_SEED");
    uint64_t first = only ? strtoull(only, NULL, 10) : 1, last = only ? first : 40;

    for (uint64_t seed = first; seed <= last; seed++) {
        char job[32];

        snprintf(job, sizeof job, "seed %llu", (unsigned long long)seed);
        neighbours_run(any_job(seed), job);
    }
}
END_TEST

CHECK_MAIN("execute", rows_within_a_block_are_read_where_they_are,
           rows_across_blocks_are_copied_together,
           the_last_column_of_tiles_is_padded_to_whole_groups,
           a_tile_counts_pixels_bytes_and_where_they_lay,
           a_failed_block_is_placed_at_its_first_pixel_in_the_tile, a_cancelled_tile_writes_nothing,
           any_chain_of_neighbours_is_as_evaluated_directly)
