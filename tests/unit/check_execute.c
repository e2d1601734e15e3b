/*
 * check_execute.c - one tile: rows read in place or copied together, counts, errors in their place.
 */
#include "running.h"

#include "run/execute.h"

typedef struct Hall {
    Running *r;
    WfPool *pool;
    WfBlocks *blocks;
    WfQueue *queue;
    WfDesk *desk;
    WfCompiled compiled[8];
    WfTile tile;
} Hall;

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

static Hall open_hall(Running *r)
{
    Hall h = { .r = r };
    WfQueueSetup setup = { .cancel = &r->cancel };

    running_plan(r, "numa:2 core:1 pu:1", 0);
    h.pool = wf_pool_new(r->topo, r->plan->memory.blocks, &r->err);
    h.blocks = wf_blocks_new(r->plan, h.pool, &r->err);
    setup.plan = r->plan;
    setup.blocks = h.blocks;
    h.queue = wf_queue_new(&setup, &r->err);
    h.desk = wf_desk_new(r->plan, r->topo, 0, &r->err);
    ck_assert(h.pool && h.blocks && h.queue && h.desk);
    ck_assert(running_prepare(r, h.compiled, &r->err));
    return h;
}

static void close_hall(Hall *h)
{
    wf_desk_free(h->desk);
    wf_tile_free(&h->tile);
    wf_queue_free(h->queue);
    wf_blocks_free(h->blocks);
    wf_pool_free(h->pool);
    running_free(h->r);
}

/* Admit a task, decode its blocks (those that fail too) and begin it. */
static void begin(Hall *h, int64_t number)
{
    WfBlock *block, *next;

    ck_assert(wf_blocks_admit(h->blocks, number, &h->tile, &block, &h->r->err));
    for (; block; block = next) {
        WeftErr err = { .code = WEFT_OK };
        int64_t bytes;
        bool done = wf_blocks_read(h->blocks, block, h->r->stores, 0, &bytes, &err);

        next = block->next;
        wf_block_arrived(block, done ? NULL : &err);
    }
    wf_blocks_begin(h->blocks, &h->tile);
}

static bool run_tile(Hall *h, WfErrRank *rank)
{
    WfTileJob job = {
        .plan = h->r->plan, .compiled = h->compiled, .sinks = h->r->sinks, .queue = h->queue
    };

    return wf_tile_run(&job, &h->tile, h->desk, rank, &h->r->err);
}

/* One u16 image, one output; tile 64. */
static Hall one_image(int64_t size, int block_width, int block_height)
{
    Running *r = running_new();
    RunningImage *a = running_image(r, size, size, block_width, block_height, 1, WEFT_U16);

    running_save(r, running_band(r, a, 1, NULL, 0, 0), NULL, 64);
    r->options.tile = 64;
    return open_hall(r);
}

START_TEST(rows_within_a_block_are_read_where_they_are)
{
    Hall h = one_image(256, 256, 256);
    Spy s = { .turns = 0 };
    WfErrRank rank;

    begin(&h, 5);
    s.view = &h.tile.needs[0].view;
    h.compiled[0] = (WfCompiled) { .run = spy, .closure = &s };
    ck_assert(run_tile(&h, &rank));
    ck_assert_int_eq(s.inside, 64);
    ck_assert_int_eq(s.outside, 0);
    ck_assert_int_eq(s.rows, 64);
    close_hall(&h);
}
END_TEST

START_TEST(rows_across_blocks_are_copied_together)
{
    Hall h = one_image(256, 50, 256);
    Spy s = { .turns = 0 };
    WfErrRank rank;

    begin(&h, 1); /* columns 64 to 127, over blocks 1 and 2 */
    s.view = &h.tile.needs[0].view;
    h.compiled[0] = (WfCompiled) { .run = spy, .closure = &s };
    ck_assert(run_tile(&h, &rank));
    ck_assert_int_eq(s.outside, 64);
    close_hall(&h);
}
END_TEST

START_TEST(the_last_column_of_tiles_is_padded_to_whole_groups)
{
    Hall h = one_image(100, 100, 100);
    Spy s = { .turns = 0 };
    WfErrRank rank;

    begin(&h, 3);
    s.view = &h.tile.needs[0].view;
    h.compiled[0] = (WfCompiled) { .run = spy, .closure = &s };
    ck_assert(run_tile(&h, &rank));
    ck_assert_int_eq(s.width, 36);
    ck_assert_int_eq(s.padded, 64);
    ck_assert_int_eq(s.rows, 36);
    ck_assert_int_eq(s.inside, 36); /* the slack allows it */
    close_hall(&h);
}
END_TEST

START_TEST(a_tile_counts_pixels_bytes_and_where_they_lay)
{
    Hall h = one_image(256, 100, 100);
    const WfTally *t = h.desk->tally;
    WfErrRank rank;

    begin(&h, 0);
    ck_assert_int_eq(h.tile.task->node, 0);
    ck_assert(run_tile(&h, &rank));
    ck_assert_int_eq(t->tiles, 1);
    ck_assert_int_eq(t->pixels[0], 64 * 64);
    ck_assert_int_eq(t->bytes_near, 64 * 64 * 2);
    ck_assert_int_eq(t->bytes_far, 0);
    ck_assert_int_eq(t->bytes_written, 64 * 64 * 8);
    wf_blocks_end(h.blocks, &h.tile);
    begin(&h, 1);
    for (int64_t i = 0; i < h.tile.need_count; i++)
        h.tile.needs[i].block->node = 1;
    ck_assert(run_tile(&h, &rank));
    ck_assert_int_eq(t->bytes_far, 64 * 64 * 2);
    close_hall(&h);
}
END_TEST

START_TEST(a_failed_block_is_placed_at_its_first_pixel_in_the_tile)
{
    Hall h = one_image(256, 48, 40);
    WfErrRank rank;

    h.r->images[0].bad = 6 + 1; /* rows 40 to 79, columns 48 to 95 */
    h.r->images[0].bad_too = 6 + 6;
    begin(&h, 0);
    ck_assert(!run_tile(&h, &rank));
    ck_assert_str_eq(h.r->err.message, "block 7 is torn");
    ck_assert_int_eq(rank.row, 40);
    ck_assert_int_eq(rank.col, 48);
    ck_assert_int_eq(rank.output, -1);
    ck_assert_int_eq(h.desk->tally->tiles, 0);
    close_hall(&h);
}
END_TEST

START_TEST(a_cancelled_tile_writes_nothing)
{
    Hall h = one_image(256, 100, 100);
    WfErrRank rank;

    begin(&h, 0);
    atomic_store(&h.r->cancel, true);
    ck_assert(!run_tile(&h, &rank));
    ck_assert_int_eq(h.r->err.code, WEFT_ECANCEL);
    ck_assert_int_eq(h.desk->tally->bytes_written, 0);
    close_hall(&h);
}
END_TEST

CHECK_MAIN("execute", rows_within_a_block_are_read_where_they_are,
           rows_across_blocks_are_copied_together,
           the_last_column_of_tiles_is_padded_to_whole_groups,
           a_tile_counts_pixels_bytes_and_where_they_lay,
           a_failed_block_is_placed_at_its_first_pixel_in_the_tile, a_cancelled_tile_writes_nothing)
