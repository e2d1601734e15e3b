/*
 * blocks.c - decoded blocks: one decode each, counted down, freed.
 *
 * Needs: the plan's ledger, pool. The table holds a record for each block that lives. A block's
 * whole pixels go once its shoulder is kept and no one reads them; without a shoulder, or where no
 * late reader was left to begin, they go with the record, when the last reader is through. Buffers
 * go back to the pool before their bytes are taken off the reservation, so that never more is in
 * use than is reserved. A block that stays has no part in this: when its record goes, its pixels
 * remain in its slot of the stock.
 */
#include "run/blocks.h"

#include <assert.h>
#include <string.h>

struct WfBlocks {
    const WfPlan *plan;
    WfPool *pool;
    WfStock *stock;
    WfBlock **table; /* of each block of the plan; NULL: it does not live */
    WfBlock *newest; /* of all that live */
    WfBlock *spare;  /* records to be used again */
    int64_t reserved;
};

/* ------------------------------------------------------------------------------- records */

static WfBlock *make_record(WfBlocks *blocks, WeftErr *err)
{
    WfBlock *block = blocks->spare;

    if (block)
        blocks->spare = block->next;
    else
        block = wf_zalloc(sizeof *block, err);
    if (!block)
        return NULL;
    *block = (WfBlock) { .older = blocks->newest };
    if (blocks->newest)
        blocks->newest->newer = block;
    blocks->newest = block;
    return block;
}

static void free_whole(WfBlocks *blocks, WfBlock *block)
{
    wf_pool_give(blocks->pool, block->pixels);
    block->pixels = NULL;
    blocks->reserved -= (int64_t)blocks->plan->files[block->file].block_bytes;
}

static int64_t slot_of(const WfBlocks *blocks, const WfBlock *block)
{
    return wf_stock_slot(&blocks->plan->files[block->file], block->x, block->y);
}

static void free_stocked(WfBlocks *blocks, WfBlock *block)
{
    if (block->state == WF_BLOCK_THERE)
        wf_stock_put(blocks->stock, slot_of(blocks, block), block->pixels);
    else
        wf_stock_give(blocks->stock, block->pixels);
}

/* The record of a block without readers, with all that it still holds. */
static void free_record(WfBlocks *blocks, WfBlock *block)
{
    if (block->stays)
        free_stocked(blocks, block);
    else if (!block->kept || block->pixels)
        free_whole(blocks, block);
    wf_pool_give(blocks->pool, block->shoulder);
    if (block->has_shoulder)
        blocks->reserved -= (int64_t)block->edge.bytes;
    wf_free(block->why);
    if (!block->own)
        blocks->table[block->number] = NULL;
    if (block->newer)
        block->newer->older = block->older;
    else
        blocks->newest = block->older;
    if (block->older)
        block->older->newer = block->newer;
    *block = (WfBlock) { .next = blocks->spare };
    blocks->spare = block;
}

/* The new record is of a block that stays; it may be there already. */
static void find_stocked(const WfBlocks *blocks, WfBlock *block)
{
    block->stays = true;
    block->pixels = wf_stock_find(blocks->stock, slot_of(blocks, block));
    if (!block->pixels)
        return;
    block->state = WF_BLOCK_THERE;
    block->node = block->pixels->node;
}

/* A new record for block (x, y) of a file, with its bytes reserved: wanted, or there already. */
static WfBlock *want(WfBlocks *blocks, int file, int64_t x, int64_t y, int node, WeftErr *err)
{
    const WfPlanFile *f = &blocks->plan->files[file];
    WfBlock *block = make_record(blocks, err);

    if (!block)
        return NULL;
    block->number = f->block_first + y * f->blocks_x + x;
    block->file = file;
    block->x = x;
    block->y = y;
    block->node = node;
    block->own = f->redecode;
    if (wf_ledger_stays(blocks->plan, block->number))
        find_stocked(blocks, block);
    else
        blocks->reserved += (int64_t)f->block_bytes;
    block->readers = f->redecode ? 1 : wf_ledger_readers(blocks->plan, block->number);
    block->ahead = block->readers;
    block->has_shoulder =
        !f->redecode && wf_ledger_shoulder(blocks->plan, block->number, &block->edge);
    if (block->has_shoulder)
        block->early = block->edge.early_readers;
    if (block->has_shoulder)
        blocks->reserved += (int64_t)block->edge.bytes;
    if (!f->redecode)
        blocks->table[block->number] = block;
    return block;
}

/* ------------------------------------------------------------------------------- tiles */

static bool room_for(WfTile *tile, int64_t needs, int files, WeftErr *err)
{
    if (needs > tile->need_room) {
        wf_free(tile->needs);
        tile->need_room = 0;
        tile->needs = wf_calloc((size_t)needs, sizeof *tile->needs, err);
        if (!tile->needs)
            return false;
        tile->need_room = needs;
    }
    if (files > tile->file_room) {
        wf_free(tile->files);
        tile->file_room = 0;
        tile->files = wf_calloc((size_t)files, sizeof *tile->files, err);
        if (!tile->files)
            return false;
        tile->file_room = files;
    }
    return true;
}

static WfRect cells_of(const WfPlan *plan, const WfTask *task, int file, WfRect *rect)
{
    *rect = wf_task_file_rect(plan, task, file);
    return wf_file_cells(&plan->files[file], *rect);
}

/* What a tile is and which cells it needs; its needs have no blocks yet. */
static bool describe(const WfPlan *plan, int64_t number, WfTile *tile, WeftErr *err)
{
    const WfTask *task = &plan->tasks[number];
    const WfStage *stage = &plan->stages[task->stage];
    int64_t count = 0;
    WfRect rect;

    for (int i = 0; i < stage->file_count; i++)
        count += wf_rect_area(cells_of(plan, task, stage->files[i], &rect));
    if (!room_for(tile, count, stage->file_count, err))
        return false;
    tile->number = number;
    tile->task = task;
    tile->rect = wf_task_rect(plan, task);
    tile->need_count = count;
    tile->missing = 0;
    tile->next = NULL;
    count = 0;
    for (int i = 0; i < stage->file_count; i++) {
        WfTileFile *f = &tile->files[i];

        f->cells = cells_of(plan, task, stage->files[i], &f->rect);
        f->first = count;
        count += wf_rect_area(f->cells);
    }
    return true;
}

/* Let a need of a tile stand for block (x, y) of a file; one to decode goes to the end of *last. */
static bool need_block(WfBlocks *blocks, WfTile *tile, WfNeed *need, int file, int64_t x, int64_t y,
                       WfBlock ***last, WeftErr *err)
{
    const WfPlan *plan = blocks->plan;
    const WfPlanFile *f = &plan->files[file];
    int64_t number = f->block_first + y * f->blocks_x + x;
    WfBlock *block = f->redecode ? NULL : blocks->table[number];

    if (!block) {
        block = want(blocks, file, x, y, tile->task->node, err);
        if (!block)
            return false;
        if (block->state == WF_BLOCK_WANTED) {
            **last = block;
            *last = &block->next;
        }
    }
    *need = (WfNeed) {
        .block = block,
        .tile = tile,
        .early = block->has_shoulder && wf_ledger_is_early(plan, number, tile->number),
    };
    if (block->state == WF_BLOCK_WANTED || block->state == WF_BLOCK_DECODING) {
        need->next = block->waiting;
        block->waiting = need;
        tile->missing++;
    }
    return true;
}

/* ------------------------------------------------------------------------------- new, free */

WfBlocks *wf_blocks_new(const WfPlan *plan, WfPool *pool, WfStock *stock, WeftErr *err)
{
    WfBlocks *blocks = wf_zalloc(sizeof *blocks, err);

    if (!blocks)
        return NULL;
    blocks->plan = plan;
    blocks->pool = pool;
    blocks->stock = stock;
    blocks->table = wf_calloc((size_t)plan->block_count + 1, sizeof(WfBlock *), err);
    if (!blocks->table) {
        wf_blocks_free(blocks);
        return NULL;
    }
    return blocks;
}

void wf_blocks_free(WfBlocks *blocks)
{
    if (!blocks)
        return;
    wf_blocks_drop(blocks);
    while (blocks->spare) {
        WfBlock *next = blocks->spare->next;

        wf_free(blocks->spare);
        blocks->spare = next;
    }
    wf_free(blocks->table);
    wf_free(blocks);
}

void wf_tile_free(WfTile *tile)
{
    if (!tile)
        return;
    wf_free(tile->needs);
    wf_free(tile->files);
    *tile = (WfTile) { .need_count = 0 };
}

/* ------------------------------------------------------------------------------- locked */

int64_t wf_blocks_missing(const WfBlocks *blocks, int64_t number)
{
    const WfPlan *plan = blocks->plan;
    const WfTask *task = &plan->tasks[number];
    const WfStage *stage = &plan->stages[task->stage];
    int64_t bytes = 0;

    for (int i = 0; i < stage->file_count; i++) {
        const WfPlanFile *f = &plan->files[stage->files[i]];
        WfRect rect, cells = cells_of(plan, task, stage->files[i], &rect);

        for (int64_t y = cells.y0; y < cells.y1; y++) {
            for (int64_t x = cells.x0; x < cells.x1; x++) {
                int64_t block = f->block_first + y * f->blocks_x + x;
                WfShoulder edge;

                if ((!f->redecode && blocks->table[block]) || wf_ledger_stays(plan, block))
                    continue;
                bytes += (int64_t)f->block_bytes;
                if (!f->redecode && wf_ledger_shoulder(plan, block, &edge))
                    bytes += (int64_t)edge.bytes;
            }
        }
    }
    return bytes;
}

int64_t wf_blocks_reserved(const WfBlocks *blocks)
{
    return blocks->reserved;
}

bool wf_blocks_admit(WfBlocks *blocks, int64_t number, WfTile *tile, WfBlock **wanted, WeftErr *err)
{
    const WfStage *stage = &blocks->plan->stages[blocks->plan->tasks[number].stage];

    *wanted = NULL;
    if (!describe(blocks->plan, number, tile, err))
        return false;
    for (int i = 0; i < stage->file_count; i++) {
        WfNeed *need = &tile->needs[tile->files[i].first];
        WfRect cells = tile->files[i].cells;

        for (int64_t y = cells.y0; y < cells.y1; y++) {
            for (int64_t x = cells.x0; x < cells.x1; x++, need++) {
                if (!need_block(blocks, tile, need, stage->files[i], x, y, &wanted, err))
                    return false;
            }
        }
    }
    return true;
}

WfTile *wf_block_arrived(WfBlock *block, const WeftErr *failed)
{
    WfTile *ready = NULL, **last = &ready;

    block->state = failed ? WF_BLOCK_FAILED : WF_BLOCK_THERE;
    if (failed) {
        block->why = wf_zalloc(sizeof *block->why, NULL);
        if (block->why)
            *block->why = *failed;
    }
    for (WfNeed *need = block->waiting; need; need = need->next) {
        if (--need->tile->missing == 0) {
            need->tile->next = NULL;
            *last = need->tile;
            last = &need->tile->next;
        }
    }
    block->waiting = NULL;
    return ready;
}

void wf_blocks_begin(WfBlocks *blocks, WfTile *tile)
{
    for (int64_t i = 0; i < tile->need_count; i++) {
        WfNeed *need = &tile->needs[i];
        WfBlock *block = need->block;
        const WfPlanFile *f = &blocks->plan->files[block->file];
        const WfBuffer *from = block->kept ? block->shoulder : block->pixels;

        block->ahead--;
        need->view = (WfBlockView) { .whole = !block->kept };
        if (!block->kept)
            block->users++;
        if (block->state == WF_BLOCK_FAILED)
            continue;
        need->view.pixels = from->memory;
        need->view.end = (const char *)from->memory + from->bytes;
        need->view.rect = block->edge.late;
        if (need->view.whole)
            need->view.rect = wf_file_block(f, block->x, block->y);
    }
}

WfBlock *wf_blocks_end(WfBlocks *blocks, WfTile *tile)
{
    WfBlock *keep = NULL;

    for (int64_t i = 0; i < tile->need_count; i++) {
        WfNeed *need = &tile->needs[i];
        WfBlock *block = need->block;

        block->readers--;
        block->early -= need->early;
        block->users -= need->view.whole;
        if (block->readers == 0 && !block->keeping) {
            free_record(blocks, block);
        } else if (block->kept) {
            if (block->users == 0 && block->pixels)
                free_whole(blocks, block);
        } else if (block->has_shoulder && block->early == 0 && block->ahead > 0 &&
                   !block->keeping && block->state == WF_BLOCK_THERE) {
            block->keeping = true;
            block->users++;
            block->next = keep;
            keep = block;
        }
    }
    tile->need_count = 0;
    return keep;
}

void wf_blocks_kept(WfBlocks *blocks, WfBlock *block)
{
    block->keeping = false;
    block->shoulder = block->copy;
    block->kept = block->shoulder != NULL;
    block->users--;
    if (block->readers == 0)
        free_record(blocks, block);
    else if (block->kept && block->users == 0)
        free_whole(blocks, block);
}

void wf_blocks_drop(WfBlocks *blocks)
{
    while (blocks->newest)
        free_record(blocks, blocks->newest);
}

/* ------------------------------------------------------------------------------- not locked */

bool wf_blocks_read(WfBlocks *blocks, WfBlock *block, WfStores *stores, int hand, int64_t *bytes,
                    WeftErr *err)
{
    const WfPlanFile *f = &blocks->plan->files[block->file];

    block->pixels = block->stays ? wf_stock_take(blocks->stock, block->node, f->block_bytes, err)
                                 : wf_pool_take(blocks->pool, block->node, f->block_bytes, err);
    if (!block->pixels)
        return false;
    return wf_store_read(stores, f->store, hand, block->x % f->across, block->y % f->down, f->bands,
                         f->band_count, f->band_offset, block->pixels->memory, bytes, err);
}

bool wf_blocks_keep(WfBlocks *blocks, WfBlock *block, WeftErr *err)
{
    const WfPlanFile *f = &blocks->plan->files[block->file];
    WfRect late = block->edge.late;
    WfRect whole = wf_file_block(f, block->x, block->y);
    int64_t x0 = late.x0 - whole.x0, y0 = late.y0 - whole.y0;
    int64_t width = wf_rect_width(late);
    WfBuffer *to = wf_pool_take(blocks->pool, block->node, block->edge.bytes, err);

    if (!to)
        return false;
    assert(wf_shoulder_offset(f, late, f->band_count) <= block->edge.bytes);
    for (int slot = 0; slot < f->band_count; slot++) {
        size_t bytes = (size_t)wf_pixel(f->types[slot])->bytes;
        const char *source = (const char *)block->pixels->memory + f->band_offset[slot];
        char *target = (char *)to->memory + wf_shoulder_offset(f, late, slot);

        for (int64_t y = 0; y < wf_rect_height(late); y++)
            memcpy(target + (size_t)(y * wf_padded(width)) * bytes,
                   source + (size_t)((y0 + y) * f->block_width + x0) * bytes,
                   (size_t)width * bytes);
    }
    block->copy = to;
    return true;
}

const char *wf_block_pixel(const WfPlanFile *file, int slot, const WfBlockView *view, int64_t x,
                           int64_t y)
{
    int64_t stride = view->whole ? file->block_width : wf_padded(wf_rect_width(view->rect));
    size_t band =
        view->whole ? file->band_offset[slot] : wf_shoulder_offset(file, view->rect, slot);
    int64_t at = (y - view->rect.y0) * stride + x - view->rect.x0;

    return view->pixels + band + (size_t)at * (size_t)wf_pixel(file->types[slot])->bytes;
}

const WfNeed *wf_tile_need(const WfTile *tile, const WfPlan *plan, int i, int64_t x, int64_t y)
{
    const WfPlanFile *f = &plan->files[plan->stages[tile->task->stage].files[i]];
    WfRect cells = tile->files[i].cells;
    WfRect cell = wf_file_cells(f, (WfRect) { x, y, x + 1, y + 1 });

    return &tile->needs[tile->files[i].first + (cell.y0 - cells.y0) * wf_rect_width(cells) +
                        cell.x0 - cells.x0];
}
