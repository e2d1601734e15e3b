/*
 * rows.c - the rows of one input of a stage as its kernel reads them in a tile.
 *
 * Needs: the tile's blocks decoded, rings filled as far as the plan's windows reach. Reads blocks
 * and rings; writes the input's own rows and row pointers in the worker's scratch. Own rows keep
 * the file's or ring's type, and row r lies at index r mod height, so that a row is copied once
 * however many turns read it.
 */
#include "run/rows.h"

#include <assert.h>
#include <string.h>

#include "run/edges.h"
#include "run/odd.h"

enum { AHEAD = 8, CACHE_LINE = 64 }; /* rows, bytes */

/* ------------------------------------------------------------------------------- open */

/* Which of the wanted columns are there, and whether a file's lie side by side. */
static void find_columns(WfRows *rows, WfRect domain)
{
    const WfPlanInput *input = rows->input;
    bool goes_on = rows->edges == WF_EDGES_EXTEND || rows->edges == WF_EDGES_WRAP;
    int64_t width = rows->width;

    rows->x0 = domain.x0 - input->window.left;
    rows->x1 = domain.x1 + input->window.right;
    rows->left = (size_t)input->window.left * rows->bytes;
    rows->reach =
        (size_t)(input->window.left + wf_padded(wf_rect_width(domain)) + input->window.right) *
        rows->bytes;
    rows->in0 = rows->x0 < 0 && !goes_on ? 0 : rows->x0;
    rows->in1 = rows->x1 > width && !goes_on ? width : rows->x1;
    if (rows->ring) {
        assert(rows->in0 >= rows->ring->domain.x0 && rows->in1 <= rows->ring->domain.x1);
    } else {
        const WfPlanFile *file = &rows->plan->files[input->file];
        WfRect there = rows->tile->files[rows->file].rect;
        int64_t first = rows->in0 + input->dx, last = rows->in1 + input->dx - 1;

        assert(first >= there.x0 && last < there.x1);
        rows->one_block =
            wf_rect_width(wf_file_cells(file, (WfRect) { first, there.y0, last + 1, there.y1 })) ==
            1;
    }
}

void wf_rows_open(WfRows *rows, const WfPlan *plan, const WfTile *tile, int k, WfRect domain,
                  char *scratch, const WfRingRows *ring, int64_t *held, WfSeen *seen)
{
    int number = tile->task->stage;
    const WfStage *stage = &plan->stages[number];
    const WfPlanInput *input = &plan->inputs[stage->inputs[k]];
    size_t bytes = (size_t)wf_pixel(input->type)->bytes;
    int64_t before = wf_row_margin(plan, stage->inputs[k]) - input->window.left;

    *rows = (WfRows) {
        .plan = plan,
        .tile = tile,
        .input = input,
        .ring = ring,
        .edges = input->edges,
        .width = stage->grid->width,
        .height = stage->grid->height,
        .bytes = bytes,
        .file = ring ? -1 : wf_stage_file(stage, input->file),
        .own = scratch + wf_scratch_rows(plan, number, k) + (size_t)before * bytes,
        .stride = (size_t)wf_row_pixels(plan, number, stage->inputs[k]) * bytes,
        .held = held,
        .pointers = (const void **)(void *)(scratch + wf_scratch_pointers(plan, number, k)),
        .seen = seen,
        .seen_last = wf_rows_seen(plan, input) - 1,
    };
    if (rows->edges == WF_EDGES_EXTEND && !(ring && ring->extended))
        rows->edges = WF_EDGES_NEAREST;
    assert(ring || rows->file >= 0);
    find_columns(rows, domain);
    for (int i = 0; i < input->height; i++)
        held[i] = WF_NO_INDEX;
    for (int64_t i = 0; i <= rows->seen_last; i++)
        seen[i].row = WF_NO_INDEX;
}

int64_t wf_rows_seen(const WfPlan *plan, const WfPlanInput *input)
{
    int64_t rows = input->window.up + plan->stages[input->stage].step + input->window.down;
    int64_t count = 1;

    while (count < rows)
        count *= 2;
    return count;
}

/* ------------------------------------------------------------------------------- copies */

/* A loop of plain moves for each size, as memcpy with a size that is not known is a call. */
static void put_pixel(char *to, const char *from, size_t bytes)
{
    switch (bytes) {
    case 1:
        *to = *from;
        return;
    case 2:
        memcpy(to, from, 2);
        return;
    case 4:
        memcpy(to, from, 4);
        return;
    default:
        memcpy(to, from, 8);
    }
}

static void fill(char *to, size_t length, const char *pixel, size_t bytes)
{
    for (size_t at = 0; at < length; at += bytes)
        put_pixel(to + at, pixel, bytes);
}

/* Have part of a row brought near: a few rows before it is copied, as rows of one block are read
 * between those of others, which no cache foresees. */
static void announce(const char *pixels, size_t length, const char *end)
{
    for (size_t at = 0; at < length && pixels + at < end; at += CACHE_LINE)
        __builtin_prefetch(pixels + at, 0, 2);
}

/* Pixels of row y of the file, columns in0 to in1, which lie in one block or several: a tile's
 * needs of a file are in the order of its blocks, row by row. */
static void copy_from_blocks(const WfRows *rows, int64_t y, char *to)
{
    const WfPlanInput *input = rows->input;
    const WfPlanFile *file = &rows->plan->files[input->file];
    int64_t x = rows->in0 + input->dx, end = rows->in1 + input->dx;
    const WfNeed *need = wf_tile_need(rows->tile, rows->plan, rows->file, x, y);

    for (; x < end; need++) {
        const WfBlockView *view = &need->view;
        int64_t stop = view->rect.x1 < end ? view->rect.x1 : end;
        size_t part = (size_t)(stop - x) * rows->bytes;

        assert(view->rect.x0 <= x && x < stop);
        announce(wf_block_pixel(file, input->slot, view, x, y + AHEAD), part, view->end);
        memcpy(to, wf_block_pixel(file, input->slot, view, x, y), part);
        to += part;
        x = stop;
    }
}

/* Pixel (x, y) of the raster where it was decoded. */
static const char *block_pixel(const WfRows *rows, int64_t x, int64_t y)
{
    const WfPlanInput *input = rows->input;
    WfRect there = rows->tile->files[rows->file].rect;
    const WfBlockView *view;

    x += input->dx;
    y += input->dy;
    assert(x >= there.x0 && x < there.x1 && y >= there.y0 && y < there.y1);
    view = &wf_tile_need(rows->tile, rows->plan, rows->file, x, y)->view;
    return wf_block_pixel(&rows->plan->files[input->file], input->slot, view, x, y);
}

static const char *ring_pixel(const WfRingRows *ring, int64_t x, int64_t y, size_t bytes)
{
    assert(y < ring->made && y >= ring->made - ring->height && y >= ring->domain.y0);
    assert(x >= ring->domain.x0 && x < ring->domain.x1);
    return ring->first + (size_t)wf_edges_modulo(y, ring->height) * ring->stride +
           (size_t)(x - ring->domain.x0) * bytes;
}

/* Columns [from, to) of an own row, beyond the raster, by the edge rule. What is folded to a narrow
 * tile may come from beyond the columns that its kernel wants. */
static void fill_apron(const WfRows *rows, char *row, int64_t y, int64_t from, int64_t to)
{
    char constant[8];

    if (from == to)
        return;
    if (rows->edges == WF_EDGES_INVALID || rows->edges == WF_EDGES_CONSTANT) {
        wf_edges_pixel(rows->plan, rows->input, constant);
        fill(row + (size_t)(from - rows->x0) * rows->bytes, (size_t)(to - from) * rows->bytes,
             constant, rows->bytes);
        return;
    }
    for (int64_t x = from; x < to; x++) {
        int64_t source = wf_edges_index(rows->edges, x, rows->width);
        const char *pixel;

        if (source >= rows->in0 && source < rows->in1)
            pixel = row + (size_t)(source - rows->x0) * rows->bytes;
        else if (rows->ring)
            pixel = ring_pixel(rows->ring, source, y, rows->bytes);
        else
            pixel = block_pixel(rows, source, y);
        put_pixel(row + (size_t)(x - rows->x0) * rows->bytes, pixel, rows->bytes);
    }
}

/* A row of the raster from the input's own rows, copied there if it is not. */
static const char *own_row(WfRows *rows, int64_t y)
{
    int64_t height = rows->input->height, at = height > 0 ? wf_edges_modulo(y, height) : 0;
    char *row = rows->own + (size_t)at * rows->stride;
    char *inside = row + (size_t)(rows->in0 - rows->x0) * rows->bytes;

    assert(height > 0);
    if (rows->held[at] == y)
        return row;
    rows->held[at] = y;
    if (rows->ring)
        memcpy(inside, ring_pixel(rows->ring, rows->in0, y, rows->bytes),
               (size_t)(rows->in1 - rows->in0) * rows->bytes);
    else
        copy_from_blocks(rows, y + rows->input->dy, inside);
    fill_apron(rows, row, y, rows->x0, rows->in0);
    fill_apron(rows, row, y, rows->in1, rows->x1);
    return row;
}

static const char *constant_row(WfRows *rows)
{
    char *row = rows->own + (size_t)rows->input->height * rows->stride;
    char pixel[8];

    if (!rows->constant_filled) {
        wf_edges_pixel(rows->plan, rows->input, pixel);
        fill(row, rows->reach, pixel, rows->bytes);
        rows->constant_filled = true;
    }
    return row;
}

/* ------------------------------------------------------------------------------- in place */

/* Row y of a file where it was decoded, if the kernel can read it there; else NULL. */
static const char *block_row(const WfRows *rows, int64_t y)
{
    const WfPlanInput *input = rows->input;
    const WfPlanFile *file = &rows->plan->files[input->file];
    WfRect there = rows->tile->files[rows->file].rect;
    int64_t x = rows->x0 + input->dx;
    const WfBlockView *view;
    const char *pixel;

    assert(y + input->dy >= there.y0 && y + input->dy < there.y1);
    if (!rows->one_block || rows->in0 > rows->x0 || rows->in1 < rows->x1)
        return NULL;
    view = &wf_tile_need(rows->tile, rows->plan, rows->file, x, y + input->dy)->view;
    pixel = wf_block_pixel(file, input->slot, view, x, y + input->dy);
    return pixel + rows->reach <= view->end ? pixel : NULL;
}

/* A row of the node, inside the raster or beyond it, from column x0 on. */
static const char *find_row(WfRows *rows, int64_t row)
{
    int64_t y = wf_edges_index(rows->edges, row, rows->height);
    const char *pixel;

    if (y == WF_NO_INDEX)
        return constant_row(rows);
    if (rows->ring && rows->in0 == rows->x0 && rows->in1 == rows->x1)
        return ring_pixel(rows->ring, rows->x0, y, rows->bytes);
    pixel = rows->ring ? NULL : block_row(rows, y);
    return pixel ? pixel : own_row(rows, y);
}

const void *const *wf_rows_find(WfRows *rows, int64_t row, int64_t count)
{
    int64_t from = row - rows->input->window.up, to = row + count + rows->input->window.down;
    int64_t next = from; /* the first row that was not found by the last call */

    if (from >= rows->from && from < rows->to) {
        next = to < rows->to ? to : rows->to;
        memmove(rows->pointers, rows->pointers + (from - rows->from),
                (size_t)(next - from) * sizeof *rows->pointers);
    }
    for (int64_t r = next; r < to; r++)
        rows->pointers[r - from] = find_row(rows, r) + rows->left;
    rows->from = from;
    rows->to = to;
    return (const void *const *)rows->pointers + rows->input->window.up;
}

/* ------------------------------------------------------------------------------- odd pixels */

/* Pieces from column x0 on; a piece of the domain looks that far right as its window is wide. */
static uint64_t odd_in_file(const WfRows *rows, int64_t row, int64_t piece)
{
    const WfSource *source = &rows->plan->graph->sources[rows->input->source];
    const char *pixels = (const char *)rows->pointers[row - rows->from] - rows->left;
    uint64_t odd, found;

    if (!wf_odd_possible(rows->input->type, source))
        return 0;
    found = odd = wf_odd_pieces(rows->input->type, source, pixels, rows->x1 - rows->x0, piece);
    for (int64_t at = 0; odd && at < rows->input->window.left + rows->input->window.right;
         at += piece)
        found |= odd >>= 1;
    return found;
}

/* Whether columns [from, to) of a ring's row have an odd pixel; they are in its domain. */
static bool odd_between(const WfRingRows *ring, uint64_t odd, int64_t from, int64_t to,
                        int64_t piece)
{
    int64_t first = (from - ring->domain.x0) / piece, last = (to - 1 - ring->domain.x0) / piece;

    return from < to &&
           odd >> first & (last - first >= 63 ? ~(uint64_t)0 : ((uint64_t)2 << (last - first)) - 1);
}

static bool odd_beyond(const WfRows *rows, uint64_t odd)
{
    switch (rows->edges) {
    case WF_EDGES_INVALID:
        return true;
    case WF_EDGES_CONSTANT:
        return wf_odd_number(rows->input->constant);
    default: /* what is folded comes from anywhere in the row */
        return odd != 0;
    }
}

static uint64_t odd_in_ring(const WfRows *rows, int64_t row, int64_t piece)
{
    const WfPlanInput *input = rows->input;
    int64_t y = wf_edges_index(rows->edges, row, rows->height), at = rows->x0;
    uint64_t found = 0, odd;

    if (y == WF_NO_INDEX)
        return odd_beyond(rows, 0) ? ~(uint64_t)0 : 0;
    odd = rows->ring->odd[wf_edges_modulo(y, rows->ring->height)];
    if (!odd && rows->in0 == rows->x0 && rows->in1 == rows->x1)
        return 0;
    for (int p = 0; p < WF_PIECES && at < rows->x1; p++, at += piece) {
        int64_t end = at + piece + input->window.left + input->window.right;
        int64_t from = at > rows->in0 ? at : rows->in0, to;

        end = end < rows->x1 ? end : rows->x1;
        to = end < rows->in1 ? end : rows->in1;
        if (odd_between(rows->ring, odd, from, to, piece) ||
            ((from > at || to < end) && odd_beyond(rows, odd)))
            found |= (uint64_t)1 << p;
    }
    return found;
}

uint64_t wf_rows_odd(WfRows *rows, int64_t row, int64_t piece)
{
    WfSeen *seen = &rows->seen[row & rows->seen_last];

    assert(rows->ring || (row >= rows->from && row < rows->to));
    if (seen->row != row) {
        seen->row = row;
        seen->odd = rows->ring ? odd_in_ring(rows, row, piece) : odd_in_file(rows, row, piece);
    }
    return seen->odd;
}
