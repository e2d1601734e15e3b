/*
 * check_blocks.c - blocks are wanted once, counted down, freed; shoulders hold the right pixels.
 */
#include "running.h"

#include "run/blocks.h"

typedef struct Hall {
    Running *r;
    WfPool *pool;
    WfBlocks *blocks;
    WfTile tile;
    int64_t decodes;
} Hall;

/* With the job planned, and what stays between jobs in the stock. */
static Hall enter_hall(Running *r, WfStock *stock)
{
    Hall h = { .r = r };

    h.pool = wf_pool_new(r->topo, r->plan->memory.blocks, &r->err);
    ck_assert_ptr_nonnull(h.pool);
    h.blocks = wf_blocks_new(r->plan, h.pool, stock, &r->err);
    ck_assert_ptr_nonnull(h.blocks);
    return h;
}

static Hall open_hall(Running *r, const char *machine)
{
    running_plan(r, machine, 0);
    return enter_hall(r, NULL);
}

static void leave_hall(Hall *h)
{
    wf_tile_free(&h->tile);
    wf_blocks_free(h->blocks);
    wf_pool_free(h->pool);
}

static void close_hall(Hall *h)
{
    leave_hall(h);
    running_free(h->r);
}

/* Decode what a tile wants; it is ready exactly when the last block arrives. */
static void decode_all(Hall *h, WfBlock *wanted, WfTile *tile)
{
    while (wanted) {
        WfBlock *block = wanted;
        int64_t bytes;
        WfTile *ready;

        wanted = block->next;
        ck_assert_msg(wf_blocks_read(h->blocks, block, h->r->stores, 0, &bytes, &h->r->err), "%s",
                      h->r->err.message);
        ready = wf_block_arrived(block, NULL);
        ck_assert_ptr_eq(ready, wanted ? NULL : tile);
        h->decodes++;
    }
}

static const RunningImage *image_of(const Running *r, const WfPlanFile *file)
{
    for (int i = 0; i < r->image_count; i++)
        if (r->images[i].store == file->store)
            return &r->images[i];
    ck_abort_msg("a file of no image");
    return NULL;
}

/* Every pixel that the tile needs can be found, whole block or shoulder. Gives the shoulders. */
static int check_pixels(const Hall *h, const WfTile *tile)
{
    const WfPlan *plan = h->r->plan;
    const WfStage *stage = &plan->stages[tile->task->stage];
    int shoulders = 0;

    for (int64_t i = 0; i < tile->need_count; i++)
        shoulders += !tile->needs[i].view.whole;
    for (int i = 0; i < stage->file_count; i++) {
        const WfPlanFile *file = &plan->files[stage->files[i]];
        const RunningImage *image = image_of(h->r, file);
        WfRect rect = tile->files[i].rect;

        for (int slot = 0; slot < file->band_count; slot++)
            for (int64_t y = rect.y0; y < rect.y1; y++)
                for (int64_t x = rect.x0; x < rect.x1; x++) {
                    const WfBlockView *view = &wf_tile_need(tile, plan, i, x, y)->view;
                    const char *pixel = wf_block_pixel(file, slot, view, x, y);
                    double v = running_load(file->types[slot], pixel, 0);

                    if (v != running_pixel(image, file->bands[slot], x, y) || pixel >= view->end)
                        ck_abort_msg("(%lld, %lld) is %g", (long long)x, (long long)y, v);
                }
    }
    return shoulders;
}

static void keep_all(Hall *h, WfBlock *keep)
{
    while (keep) {
        WfBlock *block = keep;

        keep = block->next;
        ck_assert(wf_blocks_keep(h->blocks, block, &h->r->err));
        wf_blocks_kept(h->blocks, block);
    }
}

/* All tasks one after the other. Gives the number of shoulders that were read. */
static int run_in_order(Hall *h)
{
    const WfPlan *plan = h->r->plan;
    int shoulders = 0;

    for (int64_t number = 0; number < plan->task_count; number++) {
        int64_t missing = wf_blocks_missing(h->blocks, number);
        int64_t before = wf_blocks_reserved(h->blocks);
        WfBlock *wanted;

        ck_assert(wf_blocks_admit(h->blocks, number, &h->tile, &wanted, &h->r->err));
        ck_assert_int_eq(wf_blocks_reserved(h->blocks), before + missing);
        ck_assert_int_le(wf_blocks_reserved(h->blocks), plan->memory.blocks);
        decode_all(h, wanted, &h->tile);
        wf_blocks_begin(h->blocks, &h->tile);
        shoulders += check_pixels(h, &h->tile);
        keep_all(h, wf_blocks_end(h->blocks, &h->tile));
    }
    return shoulders;
}

START_TEST(every_block_is_wanted_once_and_freed_after_its_last_reader)
{
    Running *r = running_new();
    Hall h;

    running_common_job(r);
    h = open_hall(r, "numa:1 core:2 pu:1");
    run_in_order(&h);
    ck_assert_int_eq(h.decodes, r->plan->blocks_planned);
    ck_assert_int_eq(h.decodes, r->plan->blocks_in_files);
    ck_assert_int_eq(wf_blocks_reserved(h.blocks), 0);
    ck_assert_int_le(wf_pool_peak(h.pool), r->plan->memory.blocks);
    close_hall(&h);
}
END_TEST

/* Tall blocks, low tiles: the last row of tiles of each block row needs a few rows of it. */
static Running *shoulder_job(void)
{
    Running *r = running_new();
    RunningImage *a = running_image(r, 256, 640, 256, 144, 3, WEFT_U16);
    RunningImage *b = running_image(r, 256, 640, 256, 144, 1, WEFT_F64);
    WeftNode nodes[] = { running_band(r, a, 1, NULL, 0, 0), running_band(r, a, 3, NULL, 0, 0),
                         running_band(r, b, 1, NULL, 0, 0) };

    running_save(r, running_sum(r, nodes, 3), NULL, 64);
    r->options.tile = 128;
    return r;
}

START_TEST(shoulders_hold_what_late_readers_need)
{
    Running *r = shoulder_job();
    Hall h = open_hall(r, "numa:1 core:1 pu:1");

    ck_assert_int_gt(run_in_order(&h), 0);
    ck_assert_int_eq(h.decodes, r->plan->blocks_in_files);
    ck_assert_int_eq(wf_blocks_reserved(h.blocks), 0);
    close_hall(&h);
}
END_TEST

START_TEST(a_late_reader_that_began_early_reads_the_whole_block)
{
    Running *r = shoulder_job();
    Hall h = open_hall(r, "numa:1 core:1 pu:1");
    WfTile tiles[4] = { { .number = 0 } };
    WfBlock *wanted, *keep;

    /* Two columns of tiles: 0 and 1 are early readers of the first block, 2 and 3 late ones. */
    for (int i = 0; i < 4; i++) {
        ck_assert(wf_blocks_admit(h.blocks, i, &tiles[i], &wanted, &r->err));
        decode_all(&h, wanted, tiles[i].missing ? &tiles[i] : NULL);
    }
    for (int i = 0; i < 3; i++)
        wf_blocks_begin(h.blocks, &tiles[i]);
    ck_assert_ptr_null(wf_blocks_end(h.blocks, &tiles[0]));
    keep = wf_blocks_end(h.blocks, &tiles[1]);
    ck_assert_ptr_nonnull(keep);
    ck_assert_ptr_nonnull(tiles[2].needs[0].view.pixels);
    ck_assert_int_eq(check_pixels(&h, &tiles[2]), 0);
    keep_all(&h, keep);
    ck_assert_int_eq(check_pixels(&h, &tiles[2]), 0); /* it is still there */
    wf_blocks_begin(h.blocks, &tiles[3]);
    ck_assert_int_gt(check_pixels(&h, &tiles[3]), 0);
    ck_assert_ptr_null(wf_blocks_end(h.blocks, &tiles[2]));
    check_pixels(&h, &tiles[3]);
    keep_all(&h, wf_blocks_end(h.blocks, &tiles[3])); /* of the next row of blocks */
    for (int i = 0; i < 4; i++)
        wf_tile_free(&tiles[i]);
    close_hall(&h);
}
END_TEST

/* The same job twice, one after the other, with room for so many blocks between them. */
typedef struct Twice {
    Running *r[2];
    WfStay stay;
    WfStock *stock;
} Twice;

static Twice plan_twice(Running *job(void), int64_t blocks)
{
    Twice t = { .stock = NULL };
    WfPlan *plans[2];
    int64_t budget;

    for (int i = 0; i < 2; i++) {
        t.r[i] = job();
        for (int s = 0; s < t.r[i]->graph->source_count; s++)
            t.r[i]->graph->sources[s].costly = true;
        running_plan(t.r[i], "numa:2 core:1 pu:1", 0);
        plans[i] = t.r[i]->plan;
    }
    budget = plans[0]->memory.predicted + blocks * (int64_t)plans[0]->files[0].block_bytes;
    ck_assert(wf_stay(plans, 2, budget, &t.stay, &t.r[0]->err));
    t.stock = wf_stock_new(t.r[0]->topo, &t.stay, &t.r[0]->err);
    ck_assert_ptr_nonnull(t.stock);
    return t;
}

/* Run both, and look at all pixels. */
static void run_twice(Twice *t)
{
    for (int i = 0; i < 2; i++) {
        Hall h = enter_hall(t->r[i], t->stock);

        run_in_order(&h);
        ck_assert_int_eq(h.decodes, t->r[i]->plan->blocks_planned);
        ck_assert_int_eq(wf_blocks_reserved(h.blocks), 0);
        leave_hall(&h);
        ck_assert_int_eq(wf_stock_bytes(t->stock), t->r[i]->plan->memory.stock);
        wf_stock_leave(t->stock, t->r[i]->plan);
    }
    ck_assert_int_eq(wf_stock_bytes(t->stock), 0);
}

static void end_twice(Twice *t)
{
    wf_stock_free(t->stock);
    running_free(t->r[0]);
    running_free(t->r[1]);
}

START_TEST(blocks_that_stay_are_not_decoded_again)
{
    Twice t = plan_twice(shoulder_job, 1000);

    ck_assert_int_eq(t.r[1]->plan->blocks_planned, 0);
    run_twice(&t);
    end_twice(&t);
}
END_TEST

START_TEST(some_blocks_stay_and_others_have_shoulders)
{
    Twice t = plan_twice(shoulder_job, 3);

    ck_assert_int_gt(t.r[1]->plan->blocks_planned, 0);
    ck_assert_int_gt(t.r[1]->plan->blocks_stocked, 0);
    run_twice(&t);
    end_twice(&t);
}
END_TEST

START_TEST(a_block_that_stays_lies_where_it_was_decoded)
{
    Twice t = plan_twice(shoulder_job, 1000);
    const WfTask *last = &t.r[0]->plan->tasks[t.r[0]->plan->task_count - 1];
    Hall h = enter_hall(t.r[0], t.stock);
    WfBlock *wanted;

    run_in_order(&h);
    leave_hall(&h);
    h = enter_hall(t.r[1], t.stock);
    ck_assert(
        wf_blocks_admit(h.blocks, t.r[1]->plan->task_count - 1, &h.tile, &wanted, &t.r[1]->err));
    ck_assert_ptr_null(wanted);
    ck_assert_int_eq(h.tile.missing, 0);
    ck_assert_int_eq(last->node, 1);
    ck_assert_int_eq(h.tile.needs[0].block->node, 1);
    leave_hall(&h);
    end_twice(&t);
}
END_TEST

START_TEST(a_failed_block_does_not_stay)
{
    Twice t = plan_twice(shoulder_job, 1000);
    WeftErr torn = { .code = WEFT_EIO, .message = "torn" };
    Hall h = enter_hall(t.r[0], t.stock);
    WfBlock *wanted;
    int64_t bytes;

    ck_assert(wf_blocks_admit(h.blocks, 0, &h.tile, &wanted, &t.r[0]->err));
    ck_assert(wf_blocks_read(h.blocks, wanted, t.r[0]->stores, 0, &bytes, &t.r[0]->err));
    wf_block_arrived(wanted, &torn);
    wf_blocks_drop(h.blocks);
    ck_assert(wf_blocks_admit(h.blocks, 0, &h.tile, &wanted, &t.r[0]->err));
    ck_assert_ptr_nonnull(wanted);
    leave_hall(&h);
    end_twice(&t);
}
END_TEST

START_TEST(a_failed_block_lets_its_tiles_go_on)
{
    Running *r = running_new();
    WeftErr torn = { .code = WEFT_EIO, .message = "torn" };
    WfBlock *wanted;
    Hall h;

    running_common_job(r);
    h = open_hall(r, "numa:1 core:1 pu:1");
    ck_assert(wf_blocks_admit(h.blocks, 0, &h.tile, &wanted, &r->err));
    while (wanted) {
        WfTile *ready = wf_block_arrived(wanted, &torn);

        wanted = wanted->next;
        ck_assert_ptr_eq(ready, wanted ? NULL : &h.tile);
    }
    wf_blocks_begin(h.blocks, &h.tile);
    ck_assert_ptr_null(h.tile.needs[0].view.pixels);
    ck_assert_str_eq(h.tile.needs[0].block->why->message, "torn");
    ck_assert_ptr_null(wf_blocks_end(h.blocks, &h.tile));
    close_hall(&h);
}
END_TEST

START_TEST(dropped_blocks_may_be_wanted_again)
{
    Running *r = running_new();
    int64_t missing;
    WfBlock *wanted;
    Hall h;

    running_common_job(r);
    h = open_hall(r, "numa:1 core:1 pu:1");
    missing = wf_blocks_missing(h.blocks, 0);
    ck_assert(wf_blocks_admit(h.blocks, 0, &h.tile, &wanted, &r->err));
    ck_assert_int_eq(wf_blocks_missing(h.blocks, 0), 0);
    wf_blocks_drop(h.blocks);
    ck_assert_int_eq(wf_blocks_reserved(h.blocks), 0);
    ck_assert_int_eq(wf_blocks_missing(h.blocks, 0), missing);
    run_in_order(&h);
    close_hall(&h);
}
END_TEST

START_TEST(failing_memory_while_admitting_is_an_error)
{
    Running *r = running_new();
    WfBlock *wanted;
    bool done = false;
    Hall h;

    running_common_job(r);
    h = open_hall(r, "numa:1 core:1 pu:1");
    for (int n = 1; !done; n++) {
        WeftErr err = { .code = WEFT_OK };
        WfTile tile = { .number = 0 };

        wf_mem_fail_at(n);
        done = wf_blocks_admit(h.blocks, 0, &tile, &wanted, &err);
        wf_mem_fail_at(0);
        ck_assert_int_eq(err.code, done ? WEFT_OK : WEFT_EMEM);
        wf_blocks_drop(h.blocks);
        wf_tile_free(&tile);
    }
    close_hall(&h);
}
END_TEST

CHECK_MAIN("blocks", every_block_is_wanted_once_and_freed_after_its_last_reader,
           shoulders_hold_what_late_readers_need,
           a_late_reader_that_began_early_reads_the_whole_block,
           blocks_that_stay_are_not_decoded_again, some_blocks_stay_and_others_have_shoulders,
           a_block_that_stays_lies_where_it_was_decoded, a_failed_block_does_not_stay,
           a_failed_block_lets_its_tiles_go_on, dropped_blocks_may_be_wanted_again,
           failing_memory_while_admitting_is_an_error)
