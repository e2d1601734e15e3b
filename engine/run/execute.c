/*
 * execute.c - one tile: rows of its inputs, its kernels turn by turn, its outputs to the sinks.
 *
 * Needs: its blocks decoded, kernels compiled. Reads blocks; writes only its worker's desk and,
 * through the sinks, its part of the outputs. A row that lies in one block is read where it is; one
 * that spans blocks is copied together in the file's own type.
 */
#include "run/execute.h"

#include <assert.h>
#include <string.h>

#include "run/worker.h"

/* A tile on a desk. Parts of the scratch lie where the plan says. */
typedef struct Bench {
    const WfPlan *plan;
    const WfStage *stage;
    const WfTile *tile;
    char *outputs, *scratch;
    int64_t width, padded;
} Bench;

static size_t pixel_bytes(WeftType type)
{
    return (size_t)wf_pixel(type)->bytes;
}

static int index_of(const int *list, int count, int value)
{
    for (int i = 0; i < count; i++) {
        if (list[i] == value)
            return i;
    }
    assert(!"a kernel uses what its stage does not list");
    return 0;
}

static WfRect block_rect(const WfPlanFile *file, const WfBlock *block)
{
    return (WfRect) {
        .x0 = block->x * file->block_width,
        .y0 = block->y * file->block_height,
        .x1 = (block->x + 1) * file->block_width,
        .y1 = (block->y + 1) * file->block_height,
    };
}

/* ------------------------------------------------------------------------------- blocks */

/* The first pixel of the tile that reads a failed block. */
static void rank_failed(const Bench *b, const WfBlock *block, WfErrRank *rank)
{
    const WfPlanFile *file = &b->plan->files[block->file];
    WfRect pixels = block_rect(file, block);

    *rank = (WfErrRank) {
        .stage = b->tile->task->stage,
        .row = b->tile->rect.y1,
        .output = -1,
        .block = block->number,
    };
    for (int i = 0; i < b->stage->input_count; i++) {
        const WfPlanInput *input = &b->plan->inputs[b->stage->inputs[i]];
        WfRect hit = wf_rect_meet(b->tile->rect, wf_rect_shift(pixels, -input->dx, -input->dy));

        if (input->file != block->file || wf_rect_empty(hit))
            continue;
        if (hit.y0 < rank->row || (hit.y0 == rank->row && hit.x0 < rank->col)) {
            rank->row = hit.y0;
            rank->col = hit.x0;
        }
    }
}

/* False: a block failed; err is that of the one that comes first. */
static bool check_blocks(const Bench *b, WfErrRank *rank, WeftErr *err)
{
    const WfBlock *first = NULL;

    for (int64_t i = 0; i < b->tile->need_count; i++) {
        const WfBlock *block = b->tile->needs[i].block;
        WfErrRank here;

        if (b->tile->needs[i].view.pixels)
            continue;
        rank_failed(b, block, &here);
        if (first && (here.row > rank->row || (here.row == rank->row && here.col >= rank->col)))
            continue;
        first = block;
        *rank = here;
    }
    if (!first)
        return true;
    if (first->why) {
        *err = *first->why;
        return false;
    }
    return wf_fail(err, WEFT_EMEM, "no memory to say why a block of %s was not read",
                   b->plan->files[first->file].path);
}

/* Bytes of the tile's rectangles, once for each block. */
static void count_bytes(const Bench *b, WfDesk *desk)
{
    for (int i = 0; i < b->stage->file_count; i++) {
        const WfPlanFile *file = &b->plan->files[b->stage->files[i]];
        const WfTileFile *part = &b->tile->files[i];
        int64_t bytes = 0, cells = wf_rect_area(part->cells);

        for (int slot = 0; slot < file->band_count; slot++)
            bytes += (int64_t)pixel_bytes(file->types[slot]);
        for (int64_t k = 0; k < cells; k++) {
            const WfBlock *block = b->tile->needs[part->first + k].block;
            int64_t area = wf_rect_area(wf_rect_meet(part->rect, block_rect(file, block)));

            if (block->node == desk->node)
                desk->tally->bytes_near += area * bytes;
            else
                desk->tally->bytes_far += area * bytes;
        }
    }
}

/* ------------------------------------------------------------------------------- rows */

/* Copy `width` pixels from (x, y) of a file on, which lie in several blocks. */
static void join_row(const Bench *b, int i, int slot, int64_t x, int64_t y, char *room)
{
    const WfPlanFile *file = &b->plan->files[b->stage->files[i]];
    size_t bytes = pixel_bytes(file->types[slot]);
    int64_t end = x + b->width;

    while (x < end) {
        const WfBlockView *view = &wf_tile_need(b->tile, b->plan, i, x, y)->view;
        int64_t stop = (x / file->block_width + 1) * file->block_width;
        size_t part;

        stop = stop < end ? stop : end;
        part = (size_t)(stop - x) * bytes;
        memcpy(room, wf_block_pixel(file, slot, view, x, y), part);
        room += part;
        x = stop;
    }
}

/* A row of an input from (x, y) of its file on, readable over the padded width. */
static const void *find_row(const Bench *b, int i, int slot, int64_t x, int64_t y, char *room)
{
    const WfPlanFile *file = &b->plan->files[b->stage->files[i]];
    const WfBlockView *view = &wf_tile_need(b->tile, b->plan, i, x, y)->view;
    const char *pixel = wf_block_pixel(file, slot, view, x, y);
    size_t bytes = (size_t)b->padded * pixel_bytes(file->types[slot]);

    if (x % file->block_width + b->width <= file->block_width && pixel + bytes <= view->end)
        return pixel;
    join_row(b, i, slot, x, y, room);
    return room;
}

static void **row_pointers(const Bench *b, int i)
{
    return (void **)(void *)(b->scratch + wf_scratch_pointers(b->plan, b->tile->task->stage, i));
}

/* Pointers to the rows of the stage's k-th input for a turn. */
static void find_input(const Bench *b, int k, int64_t row, int64_t rows)
{
    const WfPlanInput *input = &b->plan->inputs[b->stage->inputs[k]];
    int i = index_of(b->stage->files, b->stage->file_count, input->file);
    char *room = b->scratch + wf_scratch_rows(b->plan, b->tile->task->stage, k);
    size_t stride = (size_t)wf_padded(b->stage->tile_width) * pixel_bytes(input->type);
    const void **pointers = (const void **)row_pointers(b, k);

    for (int64_t r = 0; r < rows; r++)
        pointers[r] = find_row(b, i, input->slot, b->tile->rect.x0 + input->dx, row + r + input->dy,
                               room + (size_t)r * stride);
}

static size_t output_stride(const Bench *b, int j)
{
    const WfPlanOutput *output = &b->plan->outputs[b->stage->outputs[j]];

    return (size_t)wf_padded(b->stage->tile_width) * pixel_bytes(output->type);
}

static void find_output(const Bench *b, int j, int64_t row, int64_t rows)
{
    char *start = b->outputs + wf_output_offset(b->plan, b->tile->task->stage, j);
    void **pointers = row_pointers(b, b->stage->input_count + j);

    for (int64_t r = 0; r < rows; r++)
        pointers[r] = start + (size_t)(row + r - b->tile->rect.y0) * output_stride(b, j);
}

/* ------------------------------------------------------------------------------- turns */

/* The frame's in and out for one kernel of the stage. */
static void connect(const Bench *b, const WfKernel *kernel, WfFrame *frame)
{
    const void *const **in =
        (const void *const **)(void *)(b->scratch +
                                       wf_scratch_frame(b->plan, b->tile->task->stage));
    void *const **out = (void *const **)(in + kernel->input_count);

    for (int k = 0; k < kernel->input_count; k++) {
        int i = index_of(b->stage->inputs, b->stage->input_count, kernel->inputs[k]);

        in[k] = (const void *const *)row_pointers(b, i);
    }
    for (int k = 0; k < kernel->output_count; k++) {
        int j = index_of(b->stage->outputs, b->stage->output_count, kernel->outputs[k]);

        out[k] = row_pointers(b, b->stage->input_count + j);
    }
    frame->in = in;
    frame->out = out;
}

static void run_turn(const Bench *b, const WfTileJob *job, WfDesk *desk, int64_t row, int64_t rows)
{
    WfFrame frame = {
        .rows = rows,
        .width = b->width,
        .padded = b->padded,
        .col = b->tile->rect.x0,
        .row = row,
        .raster_width = b->stage->grid->width,
    };
    double begun;

    for (int i = 0; i < b->stage->input_count; i++)
        find_input(b, i, row, rows);
    for (int j = 0; j < b->stage->output_count; j++)
        find_output(b, j, row, rows);
    begun = wf_worker_clock();
    for (int i = 0; i < b->stage->kernel_count; i++) {
        int number = b->stage->kernels[i];
        double ended;

        connect(b, &b->plan->kernels[number], &frame);
        frame.watch = desk->tally->watches[number];
        frame.closure = job->compiled[number].closure;
        job->compiled[number].run(&frame);
        ended = wf_worker_clock();
        desk->tally->seconds[number] += ended - begun;
        desk->tally->pixels[number] += rows * b->width;
        begun = ended;
    }
}

static bool write_outputs(const Bench *b, const WfTileJob *job, WfDesk *desk, WfErrRank *rank,
                          WeftErr *err)
{
    for (int j = 0; j < b->stage->output_count; j++) {
        const WfPlanOutput *output = &b->plan->outputs[b->stage->outputs[j]];
        const WfTarget *target = &b->plan->targets[output->target];
        const char *pixels = b->outputs + wf_output_offset(b->plan, b->tile->task->stage, j);
        int64_t bytes = 0;

        if (!wf_sink_write(job->sinks, target->sink, target->band, b->tile->rect, output->type,
                           pixels, output_stride(b, j), &bytes, err)) {
            *rank = (WfErrRank) {
                .stage = b->tile->task->stage,
                .row = b->tile->rect.y0,
                .col = b->tile->rect.x0,
                .output = b->stage->outputs[j],
            };
            return false;
        }
        desk->tally->bytes_written += bytes;
    }
    return true;
}

bool wf_tile_run(const WfTileJob *job, const WfTile *tile, WfDesk *desk, WfErrRank *rank,
                 WeftErr *err)
{
    const WfStage *stage = &job->plan->stages[tile->task->stage];
    Bench b = {
        .plan = job->plan,
        .stage = stage,
        .tile = tile,
        .outputs = desk->memory,
        .scratch = desk->memory + wf_align_up(stage->output_bytes),
        .width = wf_rect_width(tile->rect),
        .padded = wf_padded(wf_rect_width(tile->rect)),
    };
    double begun = wf_worker_clock(), computed;
    bool done;

    if (!check_blocks(&b, rank, err))
        return false;
    wf_worker_float_mode();
    count_bytes(&b, desk);
    for (int64_t row = tile->rect.y0; row < tile->rect.y1; row += stage->step) {
        int64_t left = tile->rect.y1 - row;

        if (wf_queue_cancelled(job->queue))
            return wf_fail(err, WEFT_ECANCEL, "interrupted");
        run_turn(&b, job, desk, row, left < stage->step ? left : stage->step);
    }
    computed = wf_worker_clock();
    desk->tally->compute += computed - begun;
    done = write_outputs(&b, job, desk, rank, err);
    desk->tally->write += wf_worker_clock() - computed;
    desk->tally->tiles += done;
    return done;
}

/* ------------------------------------------------------------------------------- desks */

WfDesk *wf_desk_new(const WfPlan *plan, const WfTopo *topo, int worker, WeftErr *err)
{
    WfDesk *desk = wf_zalloc(sizeof *desk, err);

    if (!desk)
        return NULL;
    desk->topo = topo;
    desk->worker = worker;
    desk->node = plan->machine->workers[worker].node;
    for (int s = 0; s < plan->stage_count; s++) {
        size_t bytes = wf_align_up(plan->stages[s].output_bytes) + plan->stages[s].scratch_bytes;

        if (bytes > desk->bytes)
            desk->bytes = bytes;
    }
    desk->tally = wf_tally_new(plan, worker, err);
    if (!desk->tally)
        goto fail;
    desk->memory = wf_topo_alloc(topo, desk->node, desk->bytes);
    if (!desk->memory) {
        wf_fail(err, WEFT_EMEM, "no memory for worker %d", worker);
        wf_hint(err, "give fewer with --threads, or less with --memory");
        goto fail;
    }
    return desk;
fail:
    wf_desk_free(desk);
    return NULL;
}

void wf_desk_free(WfDesk *desk)
{
    if (!desk)
        return;
    wf_topo_release(desk->topo, desk->memory, desk->bytes);
    wf_tally_free(desk->tally);
    wf_free(desk);
}
