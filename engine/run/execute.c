/*
 * execute.c - one tile: its kernels turn by turn, its outputs to the sinks and reductions.
 *
 * Needs: its blocks decoded, kernels compiled. Reads blocks; writes only its worker's desk and
 * states and, through the sinks, its part of the outputs. A cursor goes down the tile, a few rows a
 * turn. In each turn every kernel makes the rows of its domain up to the cursor and its lead:
 * producers first, so that what a reader wants of their rings is there. Each row of a domain is
 * made once.
 */
#include "run/execute.h"

#include <assert.h>
#include <string.h>

#include "run/edges.h"
#include "run/form.h"
#include "run/odd.h"
#include "run/worker.h"

enum { PIECE_LEAST = 256 }; /* pixels of a row for which a form is chosen */

/* A tile on a desk. Parts of the scratch lie where the plan says. */
typedef struct Bench {
    const WfPlan *plan;
    const WfStage *stage;
    const WfTile *tile;
    const WfTileJob *job;
    WfDesk *desk;
    char *outputs, *scratch;
} Bench;

static size_t pixel_bytes(WeftType type)
{
    return (size_t)wf_pixel(type)->bytes;
}

static int64_t larger64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Where a value stands in a list of different ones that holds it; tried from `guess` on. */
static int place_of(const int *list, int count, int value, int guess)
{
    for (int i = 0, at = guess; i < count; i++, at++) {
        at = at < count ? at : 0;
        if (list[at] == value)
            return at;
    }
    assert(!"a kernel uses what its stage does not list");
    return 0;
}

/* ------------------------------------------------------------------------------- blocks */

/* The first pixel of the tile that reads a failed block: what a tile reads of its file, seen from
 * the block. */
static void rank_failed(const Bench *b, const WfBlock *block, WfErrRank *rank)
{
    const WfStage *stage = b->stage;
    WfRect pixels = wf_file_block(&b->plan->files[block->file], block->x, block->y);
    WfRect reach = stage->reach[place_of(stage->files, stage->file_count, block->file, 0)];
    WfRect readers = {
        .x0 = pixels.x0 - reach.x1,
        .y0 = pixels.y0 - reach.y1,
        .x1 = pixels.x1 - reach.x0,
        .y1 = pixels.y1 - reach.y0,
    };
    WfRect hit = wf_rect_meet(b->tile->rect, readers);

    *rank = (WfErrRank) {
        .stage = b->tile->task->stage,
        .row = hit.y0,
        .col = hit.x0,
        .output = -1,
        .block = block->number,
    };
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
static void count_bytes(const Bench *b)
{
    for (int i = 0; i < b->stage->file_count; i++) {
        const WfPlanFile *file = &b->plan->files[b->stage->files[i]];
        const WfTileFile *part = &b->tile->files[i];
        int64_t bytes = 0, cells = wf_rect_area(part->cells);

        for (int slot = 0; slot < file->band_count; slot++)
            bytes += (int64_t)pixel_bytes(file->types[slot]);
        for (int64_t k = 0; k < cells; k++) {
            const WfBlock *block = b->tile->needs[part->first + k].block;
            int64_t area =
                wf_rect_area(wf_rect_meet(part->rect, wf_file_block(file, block->x, block->y)));

            if (block->node == b->desk->node)
                b->desk->tally->bytes_near += area * bytes;
            else
                b->desk->tally->bytes_far += area * bytes;
        }
    }
}

/* ------------------------------------------------------------------------------- set up */

static void **row_pointers(const Bench *b, int i)
{
    return (void **)(void *)(b->scratch + wf_scratch_pointers(b->plan, b->tile->task->stage, i));
}

static WfRingRows *ring_rows(const Bench *b, int number)
{
    return &b->desk->rings[place_of(b->stage->rings, b->stage->ring_count, number, 0)];
}

static void set_up_ring(const Bench *b, int number, WfRect domain, uint64_t *odd)
{
    const WfRing *ring = &b->plan->rings[number];
    size_t bytes = pixel_bytes(ring->type);

    *ring_rows(b, number) = (WfRingRows) {
        .first = b->scratch + wf_scratch_ring(b->plan, b->tile->task->stage, number) +
                 (size_t)wf_ring_margin(b->plan, number) * bytes,
        .stride = (size_t)wf_ring_pixels(b->plan, number) * bytes,
        .height = ring->height,
        .domain = domain,
        .extended = b->plan->kernels[ring->kernel].extended,
        .made = domain.y0,
        .odd = odd,
    };
    memset(odd, 0xff, (size_t)ring->height * sizeof *odd);
}

/* Domains, rings and inputs of the kernels, in their order: a ring is set up before its readers.
 * An input of several kernels is the same to all of them. */
static void set_up(const Bench *b)
{
    const WfStage *stage = b->stage;
    WfDesk *desk = b->desk;
    int64_t *held = desk->held, widest = 0;
    WfSeen *seen = desk->seen;
    uint64_t *odd = desk->odd;
    int next = 0;

    memset(desk->rows, 0, (size_t)stage->input_count * sizeof *desk->rows);
    for (int k = 0; k < stage->kernel_count; k++) {
        const WfKernel *kernel = &b->plan->kernels[stage->kernels[k]];
        WfRect domain = wf_kernel_rect(b->plan, b->tile->task, stage->kernels[k]);

        desk->domains[k] = domain;
        for (int j = 0; j < kernel->ring_count; j++) {
            set_up_ring(b, kernel->rings[j], domain, odd);
            odd += b->plan->rings[kernel->rings[j]].height;
        }
        for (int j = 0; j < kernel->input_count; j++) {
            const WfPlanInput *input = &b->plan->inputs[kernel->inputs[j]];
            int i = place_of(stage->inputs, stage->input_count, kernel->inputs[j], next);

            next = i + 1;
            if (desk->rows[i].plan) {
                assert(desk->rows[i].x0 == domain.x0 - input->window.left);
                continue;
            }
            wf_rows_open(&desk->rows[i], b->plan, b->tile, i, domain, b->scratch,
                         input->ring < 0 ? NULL : ring_rows(b, input->ring), held, seen);
            held += input->height;
            seen += wf_rows_seen(b->plan, input);
            widest = larger64(widest, desk->rows[i].x1 - desk->rows[i].x0);
        }
        widest = larger64(widest, wf_rect_width(domain));
    }
    for (desk->piece = PIECE_LEAST; desk->piece * WF_PIECES < widest;)
        desk->piece *= 2;
}

/* ------------------------------------------------------------------------------- turns */

static size_t output_stride(const Bench *b, int j)
{
    const WfPlanOutput *output = &b->plan->outputs[b->stage->outputs[j]];

    return (size_t)wf_padded(b->stage->tile_width) * pixel_bytes(output->type);
}

/* Pointers to the rows of the stage's j-th output for a turn. */
static void *const *find_output(const Bench *b, int j, int64_t row, int64_t rows)
{
    char *start = b->outputs + wf_output_offset(b->plan, b->tile->task->stage, j);
    void **pointers = row_pointers(b, b->stage->input_count + j);
    int64_t top = wf_output_streams(b->plan, b->stage->outputs[j]) ? row : b->tile->rect.y0;

    for (int64_t r = 0; r < rows; r++)
        pointers[r] = start + (size_t)(row + r - top) * output_stride(b, j);
    return pointers;
}

/* Pointers to the rows of the stage's r-th ring that a turn fills. */
static void *const *find_ring(const Bench *b, int i, int64_t row, int64_t rows)
{
    const WfRingRows *ring = &b->desk->rings[i];
    void **pointers = row_pointers(b, b->stage->input_count + b->stage->output_count + i);

    for (int64_t r = 0; r < rows; r++)
        pointers[r] = ring->first + (size_t)wf_edges_modulo(row + r, ring->height) * ring->stride;
    return pointers;
}

/* The frame's out for one kernel of the stage, and room for its in; the rows of its inputs. */
static void connect(const Bench *b, const WfKernel *kernel, WfFrame *frame, WfRows **rows,
                    int *next)
{
    const WfStage *stage = b->stage;
    const void *const **in =
        (const void *const **)(void *)(b->scratch +
                                       wf_scratch_frame(b->plan, b->tile->task->stage));
    void *const **out = (void *const **)(in + kernel->input_count);

    for (int k = 0; k < kernel->input_count; k++) {
        int i = place_of(stage->inputs, stage->input_count, kernel->inputs[k], next[0]);

        next[0] = i + 1;
        rows[k] = &b->desk->rows[i];
        in[k] = NULL;
    }
    for (int k = 0; k < kernel->output_count; k++) {
        int j = place_of(stage->outputs, stage->output_count, kernel->outputs[k], next[1]);

        next[1] = j + 1;
        out[k] = find_output(b, j, frame->row, frame->rows);
    }
    for (int k = 0; k < kernel->ring_count; k++)
        out[kernel->output_count + k] =
            find_ring(b, place_of(stage->rings, stage->ring_count, kernel->rings[k], 0), frame->row,
                      frame->rows);
    frame->in = in;
    frame->out = out;
}

static int64_t within(int64_t v, int64_t low, int64_t high)
{
    return v < low ? low : v > high ? high : v;
}

/* Let the stage's k-th kernel make `rows` rows of its domain from `row` on. */
static void run_kernel(const Bench *b, int k, int64_t row, int64_t rows, int *next)
{
    int number = b->stage->kernels[k];
    const WfKernel *kernel = &b->plan->kernels[number];
    const WfCompiled *compiled = &b->job->compiled[number];
    WfRect domain = b->desk->domains[k], tile = b->tile->rect;
    WfFrame frame = {
        .rows = rows,
        .width = wf_rect_width(domain),
        .padded = wf_padded(wf_rect_width(domain)),
        .col = domain.x0,
        .row = row,
        .raster_width = b->stage->grid->width,
        .raster_height = b->stage->grid->height,
        .watch = b->desk->tally->watches[number],
        .watch_from = tile.x0 - domain.x0,
        .watch_to = tile.x1 - domain.x0,
        .watch_row_from = within(tile.y0 - row, 0, rows),
        .watch_row_to = within(tile.y1 - row, 0, rows),
        .tables = wf_tables_of(b->desk->tables, number),
        .scalars = b->job->scalars,
        .closure = compiled->closure,
        .scratch = b->scratch + b->stage->native_at,
    };
    WfRows *inputs[kernel->input_count + 1];
    WfRingRows *rings[kernel->ring_count + 1];
    WfForm form = {
        .plan = b->plan,
        .kernel = kernel,
        .compiled = compiled,
        .rows = inputs,
        .rings = rings,
        .piece = b->desk->piece,
        .odd = b->desk->odd + b->desk->ring_room,
    };

    for (int j = 0; j < kernel->ring_count; j++)
        rings[j] = ring_rows(b, kernel->rings[j]);
    connect(b, kernel, &frame, inputs, next);
    b->desk->tally->plain[number] += wf_form_run(&form, &frame);
    for (int j = 0; j < kernel->ring_count; j++)
        rings[j]->made = row + rows;
    b->desk->tally->pixels[number] += rows * wf_rect_width(domain);
}

/* All kernels, for a cursor that goes from row `from` of the tile to `to`. */
static void run_turn(const Bench *b, int64_t from, int64_t to)
{
    double begun = wf_worker_clock();
    int next[2] = { 0, 0 };

    for (int k = 0; k < b->stage->kernel_count; k++) {
        int number = b->stage->kernels[k];
        int64_t lead = b->plan->kernels[number].lead;
        WfRect domain = b->desk->domains[k];
        int64_t first = within(from + lead, domain.y0, domain.y1);
        int64_t end = within(to + lead, domain.y0, domain.y1);
        double ended;

        if (first >= end)
            continue;
        run_kernel(b, k, first, end - first, next);
        ended = wf_worker_clock();
        b->desk->tally->seconds[number] += ended - begun;
        begun = ended;
    }
}

/* Where the cursor starts, so that no kernel has a row to make before it. */
static int64_t first_cursor(const Bench *b)
{
    int64_t first = b->tile->rect.y0;

    for (int k = 0; k < b->stage->kernel_count; k++) {
        int64_t start = b->desk->domains[k].y0 - b->plan->kernels[b->stage->kernels[k]].lead;

        first = start < first ? start : first;
    }
    return first;
}

/* Let the worker's state of a reduction take the rows that a turn has made of its inputs. */
static bool feed(const Bench *b, int number, int64_t row, int64_t rows, WfErrRank *rank,
                 WeftErr *err)
{
    const WfReduction *reduction = &b->plan->reductions[number];
    const void *const **in = b->desk->taken;
    WeftReduceRows taken = {
        .in = in,
        .col = b->tile->rect.x0,
        .row = row,
        .cols = wf_rect_width(b->tile->rect),
        .rows = rows,
    };

    for (int k = 0; k < reduction->setup->input_count; k++) {
        int j = place_of(b->stage->outputs, b->stage->output_count, reduction->targets[k], 0);

        in[k] = (const void *const *)row_pointers(b, b->stage->input_count + j);
    }
    if (wf_states_take(b->job->states, b->desk->worker, number, &taken, err))
        return true;
    *rank = (WfErrRank) {
        .stage = b->tile->task->stage,
        .row = b->tile->rect.y0,
        .col = b->tile->rect.x0,
        .output = reduction->targets[0],
    };
    return false;
}

/* All reductions of the stage, after a turn that ended with row `to`. */
static bool feed_all(const Bench *b, int64_t from, int64_t to, WfErrRank *rank, WeftErr *err)
{
    from = within(from, b->tile->rect.y0, b->tile->rect.y1);
    for (int r = 0; r < b->plan->reduction_count && from < to; r++)
        if (wf_reduction_stage(b->plan, r) == b->tile->task->stage &&
            !feed(b, r, from, to - from, rank, err))
            return false;
    return true;
}

static bool run_turns(const Bench *b, WfErrRank *rank, WeftErr *err)
{
    int64_t end = b->tile->rect.y1;

    for (int64_t from = first_cursor(b), to; from < end; from = to) {
        to = within(from + b->stage->step, from, end);
        if (wf_queue_cancelled(b->job->queue))
            return wf_fail(err, WEFT_ECANCEL, "interrupted");
        run_turn(b, from, to);
        if (!feed_all(b, from, to, rank, err))
            return false;
    }
    return true;
}

static bool write_outputs(const Bench *b, WfErrRank *rank, WeftErr *err)
{
    for (int j = 0; j < b->stage->output_count; j++) {
        const WfPlanOutput *output = &b->plan->outputs[b->stage->outputs[j]];
        const WfTarget *target = &b->plan->targets[output->target];
        const char *pixels = b->outputs + wf_output_offset(b->plan, b->tile->task->stage, j);
        int64_t bytes = 0;

        if (wf_output_streams(b->plan, b->stage->outputs[j]))
            continue;
        if (!wf_sink_write(b->job->sinks, target->sink, target->band, b->tile->rect, output->type,
                           pixels, output_stride(b, j), &bytes, err)) {
            *rank = (WfErrRank) {
                .stage = b->tile->task->stage,
                .row = b->tile->rect.y0,
                .col = b->tile->rect.x0,
                .output = b->stage->outputs[j],
            };
            return false;
        }
        b->desk->tally->bytes_written += bytes;
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
        .job = job,
        .desk = desk,
        .outputs = desk->memory,
        .scratch = desk->memory + wf_align_up(stage->output_bytes),
    };
    double begun = wf_worker_clock(), computed;
    bool done;

    if (!check_blocks(&b, rank, err))
        return false;
    wf_worker_float_mode();
    count_bytes(&b);
    set_up(&b);
    if (!run_turns(&b, rank, err))
        return false;
    computed = wf_worker_clock();
    desk->tally->compute += computed - begun;
    done = write_outputs(&b, rank, err);
    desk->tally->write += wf_worker_clock() - computed;
    desk->tally->tiles += done;
    return done;
}
