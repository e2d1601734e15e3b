/*
 * tile.c - the shape of tiles, rows a turn, what a worker needs for one; tile number to rectangle.
 *
 * Needs: fuse done. Reads targets' blocks, files' blocks, caches. Writes each stage's tile_width
 * ... scratch_bytes.
 *
 * A tile is a union of output blocks. Among such, the shape is chosen so:
 * - The area is 512 x 512 pixels: large enough that what a tile costs (admission, row pointers,
 *   first turns) vanishes beside 262144 pixels of work, small enough that its inputs and outputs
 *   stay in a worker's share of the last cache between decoding, computing and writing. Where they
 *   do not fit there it is less, down to 131072. Small rasters get smaller tiles, so that each
 *   worker has some four of them.
 * - Files in strips fill the memory of a whole row of tiles whatever the tiles' width, so tiles are
 *   then as low as outputs allow, at least as high as a strip, and wide (up to four times the
 *   area): long rows are read in place. Tall blocks are the mirror image of this.
 * - Files in blocks larger than that draw the tile to their size where cache and worker count
 *   allow, for then no block is kept from one row of tiles to the next.
 * - Rings of neighbouring tiles overlap; tiles grow until that is a small part of them. Rows stream
 *   through a tile, so its size does not matter to the caches then.
 */
#include "plan/parts.h"

enum {
    SIDE = 512,
    AREA = SIDE * SIDE,
    LONG_AREA = 4 * AREA,
    GROWN_AREA = 64 * AREA,
    LEAST_AREA = AREA / 2,
    LEAST_UNIT = 64 * 64, /* pixels: no smaller tile is worth its task */
    MOST_TILES = 1 << 16, /* of a stage, unless --tile wants more: they have to be planned */
    TILES_PER_WORKER = 4,
    LONG = 8,               /* a block with such a ratio of sides is a strip */
    CACHE_LEAST = 64 * 1024 /* of a machine that does not tell */
};

/* Tiles may overlap by this part of their pixels. */
#define OVERLAP 0.045

typedef struct Shape {
    int64_t width, height;
} Shape;

static int64_t round_up(int64_t n, int64_t unit)
{
    return (n + unit - 1) / unit * unit;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The least common multiple, or `most` where that is less. */
static int64_t common_multiple(int64_t a, int64_t b, int64_t most)
{
    int64_t x = a, y = b;

    while (y) {
        int64_t rest = x % y;

        x = y;
        y = rest;
    }
    return b / x > most / a ? most : smaller(a / x * b, most);
}

static Shape cut_to_window(const WfStage *stage, Shape shape)
{
    return (Shape) {
        .width = smaller(shape.width, wf_rect_width(stage->window)),
        .height = smaller(shape.height, wf_rect_height(stage->window)),
    };
}

/* The smallest tile that is a union of all outputs' blocks. */
static Shape output_unit(const WfPlan *plan, const WfStage *stage)
{
    Shape unit = { .width = WF_LANES, .height = 1 }, window;

    window.width = larger(wf_rect_width(stage->window), 1);
    window.height = larger(wf_rect_height(stage->window), 1);
    unit = cut_to_window(stage, unit);
    for (int i = 0; i < stage->output_count; i++) {
        const WfTarget *target = &plan->targets[plan->outputs[stage->outputs[i]].target];

        if (target->block_width > 0)
            unit.width = common_multiple(unit.width, target->block_width, window.width);
        if (target->block_height > 0)
            unit.height = common_multiple(unit.height, target->block_height, window.height);
    }
    return unit;
}

/* Units joined until they make a tile of `least` pixels, as square as can be. */
static Shape join_units(const WfStage *stage, Shape unit, int64_t least)
{
    int64_t across = wf_rect_width(stage->window);
    Shape shape = unit;

    while (shape.width * shape.height < least &&
           (shape.width < across || shape.height < wf_rect_height(stage->window))) {
        if (shape.width < across && shape.width <= shape.height)
            shape.width *= 2;
        else if (shape.height < wf_rect_height(stage->window))
            shape.height *= 2;
        else
            shape.width *= 2;
    }
    return cut_to_window(stage, shape);
}

/* The file with the most bytes a pixel decides about shapes; NULL: no file is read. */
static const WfPlanFile *leading_file(const WfPlan *plan, const WfStage *stage)
{
    const WfPlanFile *lead = NULL;

    for (int i = 0; i < stage->file_count; i++) {
        const WfPlanFile *file = &plan->files[stage->files[i]];

        if (!lead || wf_file_pixel_bytes(file) > wf_file_pixel_bytes(lead))
            lead = file;
    }
    return lead;
}

static int64_t cache_share(const WfMachine *machine)
{
    int64_t l2 = machine->l2 / larger(machine->l2_sharers, 1);
    int64_t l3 = machine->l3 / larger(machine->l3_sharers, 1);

    return larger(larger(l2, l3), CACHE_LEAST);
}

/* Pixels of a tile that caches and the number of workers suggest, at most `most`. */
static int64_t good_area(const WfPlan *plan, const WfStage *stage, int64_t most)
{
    int64_t bytes = larger(wf_stage_pixel_bytes(plan, stage), 1);
    int64_t share = wf_rect_area(stage->window) / TILES_PER_WORKER / plan->machine->worker_count;
    int64_t area = smaller(most, larger(cache_share(plan->machine) / bytes, LEAST_AREA));

    return larger(smaller(area, share), LEAST_UNIT);
}

/* Whole units nearest below `n`, but one at least. */
static int64_t whole_units(int64_t n, int64_t unit)
{
    return larger(n / unit, 1) * unit;
}

static Shape natural_shape(const WfPlan *plan, const WfStage *stage, Shape unit)
{
    const WfPlanFile *file = leading_file(plan, stage);
    int64_t area = good_area(plan, stage, AREA), most = good_area(plan, stage, LONG_AREA);
    Shape shape, grown;

    if (file && file->block_width >= LONG * file->block_height && file->block_width > SIDE) {
        shape.height = round_up(smaller(file->block_height, SIDE), unit.height);
        shape.width = whole_units(most / shape.height, unit.width);
    } else if (file && file->block_height >= LONG * file->block_width &&
               file->block_height > SIDE) {
        shape.width = round_up(smaller(file->block_width, SIDE), unit.width);
        shape.height = whole_units(most / shape.width, unit.height);
    } else {
        shape.width = round_up(SIDE, unit.width);
        shape.height = whole_units(area / shape.width, unit.height);
        grown = shape;
        if (file) {
            grown.width = larger(shape.width, round_up(file->block_width, unit.width));
            grown.height = larger(shape.height, round_up(file->block_height, unit.height));
        }
        if (grown.width * grown.height <= most)
            shape = grown;
    }
    return cut_to_window(stage, shape);
}

/* The largest part of its pixels that a kernel computes again for further tiles, as the domains of
 * those that fill rings overlap. */
static double overlap(const WfPlan *plan, const WfStage *stage, Shape shape)
{
    double most = 0;

    for (int r = 0; r < stage->ring_count; r++) {
        const WfKernel *kernel = &plan->kernels[plan->rings[stage->rings[r]].kernel];
        double once = (double)wf_tiled_pixels(stage, kernel, wf_rect_width(stage->window),
                                              wf_rect_height(stage->window));
        double all = (double)wf_tiled_pixels(stage, kernel, shape.width, shape.height);

        most = all / once - 1 > most ? all / once - 1 : most;
    }
    return most;
}

/* The shape with one unit more, where a pixel of that avoids more overlap. */
static Shape next_shape(const WfPlan *plan, const WfStage *stage, Shape shape, Shape unit)
{
    Shape wide = cut_to_window(stage, (Shape) { shape.width + unit.width, shape.height });
    Shape high = cut_to_window(stage, (Shape) { shape.width, shape.height + unit.height });
    double now = overlap(plan, stage, shape), by_width, by_height;

    if (wide.width == shape.width)
        return high;
    if (high.height == shape.height)
        return wide;
    by_width = (now - overlap(plan, stage, wide)) * (double)shape.width /
               (double)(wide.width - shape.width);
    by_height = (now - overlap(plan, stage, high)) * (double)shape.height /
                (double)(high.height - shape.height);
    return by_width > by_height ? wide : high;
}

/* Larger tiles where they overlap too much, as long as there is one for each worker. */
static Shape grow_shape(const WfPlan *plan, const WfStage *stage, Shape shape, Shape unit)
{
    int64_t most = smaller(GROWN_AREA, wf_rect_area(stage->window) / plan->machine->worker_count);

    while (overlap(plan, stage, shape) > OVERLAP) {
        Shape next = next_shape(plan, stage, shape, unit);

        if (next.width * next.height > most ||
            (next.width == shape.width && next.height == shape.height))
            break;
        shape = next;
    }
    return shape;
}

static int64_t half(int64_t n, int64_t unit)
{
    return n > unit ? round_up((n + 1) / 2, unit) : n;
}

/* Half the longer side, or the other one, in whole units; the same shape where both are one. */
static Shape half_shape(Shape shape, Shape unit)
{
    Shape low = { .width = shape.width, .height = half(shape.height, unit.height) };
    Shape slim = { .width = half(shape.width, unit.width), .height = shape.height };
    bool wide = shape.width >= shape.height;

    if (slim.width == shape.width || (!wide && low.height != shape.height))
        return low;
    return slim;
}

static Shape pick_shape(const WfPlan *plan, const WfStage *stage, int scale, bool *smaller_one)
{
    Shape unit = output_unit(plan, stage), shape, before;

    if (plan->options.tile > 0) {
        shape.width = round_up(plan->options.tile, unit.width);
        shape.height = round_up(plan->options.tile, unit.height);
        *smaller_one |= scale == 0;
        return cut_to_window(stage, shape);
    }
    shape = natural_shape(plan, stage, join_units(stage, unit, LEAST_UNIT));
    shape = before = grow_shape(plan, stage, shape, unit);
    unit = join_units(stage, unit, larger(LEAST_UNIT, wf_rect_area(stage->window) / MOST_TILES));
    for (int i = 0; i < scale; i++) {
        before = shape;
        shape = cut_to_window(stage, half_shape(half_shape(shape, unit), unit));
    }
    *smaller_one |= scale == 0 || shape.width != before.width || shape.height != before.height;
    return shape;
}

/* Whether taking tiles column by column keeps far less: a row of tiles keeps whatever file blocks
 * are taller than it, over the width of the window, and a column likewise. */
static bool prefer_columns(const WfPlan *plan, const WfStage *stage)
{
    double by_rows = 0, by_columns = 0;

    for (int i = 0; i < stage->file_count; i++) {
        const WfPlanFile *file = &plan->files[stage->files[i]];
        int64_t width = smaller(file->block_width, wf_rect_width(stage->window));
        int64_t height = smaller(file->block_height, wf_rect_height(stage->window));

        if (height > stage->tile_height)
            by_rows += (double)wf_file_pixel_bytes(file) * (double)height;
        if (width > stage->tile_width)
            by_columns += (double)wf_file_pixel_bytes(file) * (double)width;
    }
    by_rows *= (double)wf_rect_width(stage->window);
    by_columns *= (double)wf_rect_height(stage->window);
    return by_columns < by_rows / 2;
}

static size_t pixel_bytes(WeftType type)
{
    return (size_t)wf_pixel(type)->bytes;
}

size_t wf_output_offset(const WfPlan *plan, int stage, int j)
{
    const WfStage *s = &plan->stages[stage];
    size_t bytes = 0;

    for (int k = 0; k < j; k++) {
        int rows = wf_output_streams(plan, s->outputs[k]) ? s->step : s->tile_height;
        size_t pixels = (size_t)wf_padded(s->tile_width) * (size_t)rows;

        bytes += wf_align_up(pixels * pixel_bytes(plan->outputs[s->outputs[k]].type));
    }
    return bytes;
}

bool wf_output_streams(const WfPlan *plan, int output)
{
    return plan->targets[plan->outputs[output].target].sink < 0;
}

WfRect wf_task_file_rect(const WfPlan *plan, const WfTask *task, int file)
{
    const WfStage *stage = &plan->stages[task->stage];
    int at = wf_stage_file(stage, file);

    if (at < 0)
        return (WfRect) { 0 };
    return wf_tile_file_rect(plan, stage, at, wf_task_rect(plan, task));
}

/* Tiles of size `tile` along one axis of a window whose grown pixels touch [lo, hi). */
static void tiles_touching(int64_t from, int64_t to, int64_t tile, int64_t count, int64_t lo,
                           int64_t hi, int64_t *first, int64_t *end)
{
    *first = lo < from ? 0 : lo >= to ? count : (lo - from) / tile;
    *end = hi <= from ? 0 : smaller((hi - from + tile - 1) / tile, count);
}

WfRect wf_tile_readers(const WfStage *stage, int i, WfRect pixels)
{
    WfRect reach = stage->reach[i], tiles;

    pixels = wf_rect_meet(pixels, stage->bounds[i]);
    if (wf_rect_empty(pixels))
        return (WfRect) { 0 };
    tiles_touching(stage->window.x0, stage->window.x1, stage->tile_width, stage->tiles_x,
                   pixels.x0 - reach.x1, pixels.x1 - reach.x0, &tiles.x0, &tiles.x1);
    tiles_touching(stage->window.y0, stage->window.y1, stage->tile_height, stage->tiles_y,
                   pixels.y0 - reach.y1, pixels.y1 - reach.y0, &tiles.y0, &tiles.y1);
    return wf_rect_empty(tiles) ? (WfRect) { 0 } : tiles;
}

bool wf_tile(WfPlan *plan, int scale)
{
    bool smaller_one = false;

    plan->pixels_planned = 0;
    for (int s = 0; s < plan->stage_count; s++) {
        WfStage *stage = &plan->stages[s];
        Shape shape = pick_shape(plan, stage, scale, &smaller_one);

        stage->tile_width = (int)shape.width;
        stage->tile_height = (int)shape.height;
        stage->tiles_x = (wf_rect_width(stage->window) + shape.width - 1) / shape.width;
        stage->tiles_y = (wf_rect_height(stage->window) + shape.height - 1) / shape.height;
        stage->step = wf_ring_step(plan, stage);
        stage->by_columns = prefer_columns(plan, stage);
        stage->output_bytes = wf_output_offset(plan, s, stage->output_count);
        wf_rings(plan, s);
        for (int k = 0; k < stage->kernel_count; k++)
            plan->pixels_planned += wf_kernel_pixels(plan, stage->kernels[k]);
    }
    return smaller_one;
}
