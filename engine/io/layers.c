/*
 * layers.c - zones that may overlap as rasters of their numbers.
 *
 * Pairs of zones with a pixel in common are found row by row; then each zone in turn takes the
 * first layer that none of its pairs has. Needs spans in their order. Adds stores, which read the
 * spans of one block at a time.
 */
#include "io/layers.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/polygon.h"

enum { BLOCK = 256 };

typedef struct Piece {
    int32_t col, count, zone;
} Piece;

typedef struct Layer {
    const WeftGrid *grid;
    int64_t *starts; /* of each row in pieces; one more ends the last */
    Piece *pieces;
} Layer;

/* ------------------------------------------------------------------------------- pairs */

typedef struct Pairs {
    uint64_t *list; /* the greater zone times 2^32 plus the lesser */
    int count, room;
    const WfSpan **open; /* spans of the row that may reach further */
    int open_count, open_room;
} Pairs;

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void sort_pairs(Pairs *pairs)
{
    int kept = 0;

    if (pairs->count > 1)
        qsort(pairs->list, (size_t)pairs->count, sizeof *pairs->list, compare);
    for (int i = 0; i < pairs->count; i++)
        if (i == 0 || pairs->list[i] != pairs->list[i - 1])
            pairs->list[kept++] = pairs->list[i];
    pairs->count = kept;
}

/* The list is full: does it hold many pairs twice? */
static bool add_pair(Pairs *pairs, uint64_t a, uint64_t b, WeftErr *err)
{
    uint64_t pair = a > b ? a << 32 | b : b << 32 | a;

    if (pairs->count > 0 && pairs->count == pairs->room)
        sort_pairs(pairs);
    if (!wf_grow(&pairs->list, pairs->count, &pairs->room, sizeof pair, err))
        return false;
    pairs->list[pairs->count++] = pair;
    return true;
}

static bool find_pairs(Pairs *pairs, const WfSpan *spans, int64_t count, WeftErr *err)
{
    for (int64_t i = 0; i < count; i++) {
        const WfSpan *span = &spans[i];
        int kept = 0;

        for (int k = 0; k < pairs->open_count; k++) {
            const WfSpan *other = pairs->open[k];

            if (other->row != span->row || other->col + other->count <= span->col)
                continue;
            pairs->open[kept++] = other;
            if (other->zone != span->zone &&
                !add_pair(pairs, (uint64_t)other->zone, (uint64_t)span->zone, err))
                return false;
        }
        pairs->open_count = kept;
        if (!wf_grow(&pairs->open, kept, &pairs->open_room, sizeof span, err))
            return false;
        pairs->open[pairs->open_count++] = span;
    }
    sort_pairs(pairs);
    return true;
}

/* The layer of each zone; gives how many layers there are, or -1. */
static int choose_layers(const Pairs *pairs, int *layer_of, int zone_count, WeftErr *err)
{
    int *taken_by = wf_calloc((size_t)zone_count + 1, sizeof *taken_by, err);
    int layers = 1, pair = 0;

    if (!taken_by)
        return -1;
    for (int zone = 0; zone < zone_count; zone++) {
        int layer = 0;

        for (; pair < pairs->count && (int)(pairs->list[pair] >> 32) == zone; pair++)
            taken_by[layer_of[(uint32_t)pairs->list[pair]]] = zone + 1;
        while (taken_by[layer] == zone + 1)
            layer++;
        layer_of[zone] = layer;
        layers = layer + 1 > layers ? layer + 1 : layers;
    }
    wf_free(taken_by);
    return layers;
}

/* ------------------------------------------------------------------------------- rasters */

/* The first piece of a row that ends beyond a column. */
static int64_t first_beyond(const Layer *layer, int64_t row, int64_t col)
{
    int64_t low = layer->starts[row], high = layer->starts[row + 1];

    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        const Piece *piece = &layer->pieces[middle];

        if (piece->col + piece->count <= col)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool read_block(void *context, int band, int64_t block_x, int64_t block_y, void *pixels,
                       WeftErr *err)
{
    const Layer *layer = context;
    int64_t left = block_x * BLOCK, top = block_y * BLOCK;
    int32_t *row = pixels;

    (void)band;
    (void)err;
    for (int64_t y = top; y < top + BLOCK && y < layer->grid->height; y++, row += BLOCK) {
        for (int i = 0; i < BLOCK; i++)
            row[i] = -1;
        for (int64_t i = first_beyond(layer, y, left); i < layer->starts[y + 1]; i++) {
            const Piece *piece = &layer->pieces[i];
            int64_t from = piece->col - left, to = from + piece->count;

            if (from >= BLOCK)
                break;
            for (int64_t x = from < 0 ? 0 : from; x < to && x < BLOCK; x++)
                row[x] = piece->zone;
        }
    }
    return true;
}

static Layer *make_layer(WfArena *arena, const WeftZones *zones, const int *layer_of, int number,
                         const WeftGrid *grid, WeftErr *err)
{
    const WfSpan *spans = (const WfSpan *)zones->spans.cells;
    Layer *layer = wf_arena_zalloc(arena, sizeof *layer, err);
    int64_t count = 0, next = 0;

    for (int64_t i = 0; i < zones->spans.row_count; i++)
        count += layer_of[(int)spans[i].zone] == number;
    if (!layer)
        return NULL;
    layer->starts = wf_arena_zalloc(arena, (size_t)(grid->height + 1) * sizeof(int64_t), err);
    layer->pieces = wf_arena_zalloc(arena, (size_t)(count + 1) * sizeof(Piece), err);
    if (!layer->starts || !layer->pieces)
        return NULL;
    for (int64_t i = 0; i < zones->spans.row_count; i++) {
        if (layer_of[(int)spans[i].zone] != number)
            continue;
        layer->pieces[next++] =
            (Piece) { (int32_t)spans[i].col, (int32_t)spans[i].count, (int32_t)spans[i].zone };
        layer->starts[(int64_t)spans[i].row + 1] = next;
    }
    for (int64_t y = 0; y < grid->height; y++)
        if (layer->starts[y + 1] < layer->starts[y])
            layer->starts[y + 1] = layer->starts[y];
    return layer;
}

static int add_store(WfStores *stores, Layer *layer, const WeftGrid *grid, WeftErr *err)
{
    static const WeftBand band = {
        .name = "zone",
        .interp = "Gray",
        .type = WEFT_I32,
        .has_nodata = true,
        .nodata = -1,
        .nodata_text = "-1",
        .scale = 1,
        .mask = "nodata",
        .unit = "",
    };
    const WeftFile file = { .path = "zones",
                            .driver = "zones",
                            .grid = *grid,
                            .band_count = 1,
                            .bands = &band,
                            .block_width = BLOCK,
                            .block_height = BLOCK,
                            .compression = "none",
                            .interleave = "band",
                            .bytes = -1 };
    int number = wf_stores_add_memory(stores, &file, read_block, layer, err);

    if (number >= 0)
        layer->grid = &wf_stores_file(stores, number)->grid;
    return number;
}

static int make_stores(WfStores *stores, WfArena *arena, const WeftZones *zones,
                       const int *layer_of, int count, const WeftGrid *grid, int *list,
                       WeftErr *err)
{
    for (int i = 0; i < count; i++) {
        Layer *layer = make_layer(arena, zones, layer_of, i, grid, err);

        list[i] = layer ? add_store(stores, layer, grid, err) : -1;
        if (list[i] < 0)
            return -1;
    }
    return count;
}

int wf_zones_layers(WfStores *stores, WfArena *arena, const WeftZones *zones, const WeftGrid *grid,
                    int **list, WeftErr *err)
{
    int *layer_of = wf_calloc((size_t)zones->count + 1, sizeof *layer_of, err), count = -1;
    Pairs pairs = { 0 };

    if (layer_of &&
        find_pairs(&pairs, (const WfSpan *)zones->spans.cells, zones->spans.row_count, err))
        count = choose_layers(&pairs, layer_of, zones->count, err);
    *list = count > 0 ? wf_arena_zalloc(arena, (size_t)count * sizeof **list, err) : NULL;
    if (*list)
        count = make_stores(stores, arena, zones, layer_of, count, grid, *list, err);
    wf_free(pairs.list);
    wf_free(pairs.open);
    wf_free(layer_of);
    return *list ? count : -1;
}
