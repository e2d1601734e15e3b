/*
 * files.c - what the stages read: bands of each file, how a decoded block lies in memory, and which
 * part of a file a rectangle of a stage needs.
 *
 * Needs: kernels, inputs, stages with window and grid. Writes the lists of stages, and files.
 */
#include "plan/parts.h"

static int type_bytes(WeftType type)
{
    return wf_pixel(type)->bytes;
}

/* Add to an ascending list of bands unless it is there. */
static void add_band(WfPlanFile *file, int band, WeftType type)
{
    int at = file->band_count;

    for (int i = 0; i < file->band_count; i++)
        if (file->bands[i] == band)
            return;
    for (; at > 0 && file->bands[at - 1] > band; at--) {
        file->bands[at] = file->bands[at - 1];
        file->types[at] = file->types[at - 1];
    }
    file->bands[at] = band;
    file->types[at] = type;
    file->band_count++;
}

static void add_input_band(const WfPlan *plan, WfPlanFile *file, const WfPlanInput *input)
{
    const WfSource *source = &plan->graph->sources[input->source];

    add_band(file, source->band, input->type);
    file->costly = file->costly || source->costly;
}

/* Bands, slots of the inputs, and the layout of a decoded block. */
static bool lay_out_file(WfPlan *plan, int number, WeftErr *err)
{
    WfPlanFile *file = &plan->files[number];
    size_t most = 0, pixels = (size_t)file->block_width * (size_t)file->block_height;

    for (int i = 0; i < plan->input_count; i++)
        most += plan->inputs[i].file == number;
    file->bands = wf_arena_zalloc(plan->arena, most * sizeof *file->bands, err);
    file->types = wf_arena_zalloc(plan->arena, most * sizeof *file->types, err);
    file->band_offset = wf_arena_zalloc(plan->arena, most * sizeof *file->band_offset, err);
    if (!file->bands || !file->types || !file->band_offset)
        return false;
    for (int i = 0; i < plan->input_count; i++)
        if (plan->inputs[i].file == number)
            add_input_band(plan, file, &plan->inputs[i]);
    for (int b = 0; b < file->band_count; b++) {
        file->band_offset[b] = file->block_bytes;
        file->block_bytes += wf_align_up(pixels * (size_t)type_bytes(file->types[b]));
    }
    file->block_bytes += WF_SLACK;
    for (int i = 0; i < plan->input_count; i++) {
        WfPlanInput *input = &plan->inputs[i];

        while (input->file == number &&
               file->bands[input->slot] != plan->graph->sources[input->source].band)
            input->slot++;
    }
    file->across = (file->width + file->block_width - 1) / file->block_width;
    file->down = (file->height + file->block_height - 1) / file->block_height;
    file->blocks_x = wf_rect_width(file->span) / file->width * file->across;
    file->blocks_y = wf_rect_height(file->span) / file->height * file->down;
    file->block_first = plan->block_count;
    plan->block_count += file->blocks_x * file->blocks_y;
    return true;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Let whole copies of the file lie where so far beyond it is read. Gives what lies there. */
static WfRect grow_span(WfPlanFile *file, WfReach reach)
{
    WfRect *span = &file->span, wanted = {
        -((reach.left + file->width - 1) / file->width * file->width),
        -((reach.up + file->height - 1) / file->height * file->height),
        (reach.right + 2 * file->width - 1) / file->width * file->width,
        (reach.down + 2 * file->height - 1) / file->height * file->height,
    };

    *span = wf_rect_join(*span, wanted);
    return wanted;
}

/* Note which pixels of a file the stage reads for an input. */
static void add_file(WfPlan *plan, WfStage *stage, const WfPlanInput *input)
{
    WfReach reach = wf_input_reach(plan, input);
    WfRect raster = { 0, 0, stage->grid->width, stage->grid->height };
    bool wraps = input->edges == WF_EDGES_WRAP;
    WfRect bounds = wraps ? grow_span(&plan->files[input->file], reach)
                          : wf_rect_shift(raster, input->dx, input->dy);
    int at = wf_stage_file(stage, input->file);
    WfRect *grown;

    if (at < 0) {
        at = stage->file_count++;
        stage->files[at] = input->file;
        stage->reach[at] = (WfRect) { INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN };
        stage->bounds[at] = bounds;
        plan->files[input->file].stage_count++;
    }
    grown = &stage->reach[at];
    grown->x0 = smaller(grown->x0, input->dx - reach.left);
    grown->y0 = smaller(grown->y0, input->dy - reach.up);
    grown->x1 = larger(grown->x1, input->dx + reach.right);
    grown->y1 = larger(grown->y1, input->dy + reach.down);
    stage->bounds[at] = wf_rect_join(stage->bounds[at], bounds);
}

/* Note that the stage reads the plan's input. */
static void add_input(WfPlan *plan, WfStage *stage, int number)
{
    const WfPlanInput *input = &plan->inputs[number];

    for (int i = 0; i < stage->input_count; i++)
        if (stage->inputs[i] == number)
            return;
    stage->inputs[stage->input_count++] = number;
    if (input->ring < 0)
        add_file(plan, stage, input);
}

/* The lists of a stage, from its kernels, which follow one another from `kernel` on. */
static bool fill_stage(WfPlan *plan, int number, int kernel, WeftErr *err)
{
    WfStage *stage = &plan->stages[number];
    size_t inputs = 1, outputs = 1, rings = 1;

    for (int k = kernel; k < plan->kernel_count && plan->kernels[k].stage == number; k++) {
        inputs += (size_t)plan->kernels[k].input_count;
        outputs += (size_t)plan->kernels[k].output_count;
        rings += (size_t)plan->kernels[k].ring_count;
        stage->kernel_count++;
    }
    stage->kernels = wf_arena_zalloc(plan->arena, (size_t)stage->kernel_count * sizeof(int), err);
    stage->inputs = wf_arena_zalloc(plan->arena, inputs * sizeof(int), err);
    stage->files = wf_arena_zalloc(plan->arena, inputs * sizeof(int), err);
    stage->reach = wf_arena_zalloc(plan->arena, inputs * sizeof(WfRect), err);
    stage->bounds = wf_arena_zalloc(plan->arena, inputs * sizeof(WfRect), err);
    stage->outputs = wf_arena_zalloc(plan->arena, outputs * sizeof(int), err);
    stage->rings = wf_arena_zalloc(plan->arena, rings * sizeof(int), err);
    if (!stage->kernels || !stage->inputs || !stage->files || !stage->reach || !stage->bounds ||
        !stage->outputs || !stage->rings)
        return false;
    for (int i = 0; i < stage->kernel_count; i++) {
        const WfKernel *k = &plan->kernels[kernel + i];

        stage->kernels[i] = kernel + i;
        for (int j = 0; j < k->input_count; j++)
            add_input(plan, stage, k->inputs[j]);
        for (int j = 0; j < k->output_count; j++)
            stage->outputs[stage->output_count++] = k->outputs[j];
        for (int j = 0; j < k->ring_count; j++)
            stage->rings[stage->ring_count++] = k->rings[j];
    }
    return true;
}

/* Which stages read each file, and which of its pixels. */
static bool list_readers(WfPlan *plan, WeftErr *err)
{
    for (int f = 0; f < plan->file_count; f++) {
        WfPlanFile *file = &plan->files[f];

        file->stages = wf_arena_zalloc(plan->arena, (size_t)file->stage_count * sizeof(int), err);
        if (!file->stages)
            return false;
        file->stage_count = 0;
    }
    for (int s = 0; s < plan->stage_count; s++) {
        const WfStage *stage = &plan->stages[s];

        for (int i = 0; i < stage->file_count; i++) {
            WfPlanFile *file = &plan->files[stage->files[i]];
            WfRect pixels = wf_tile_file_rect(plan, stage, i, stage->window);

            file->stages[file->stage_count++] = s;
            file->needed = wf_rect_join(file->needed, pixels);
        }
    }
    return true;
}

WfRect wf_tile_file_rect(const WfPlan *plan, const WfStage *stage, int i, WfRect rect)
{
    const WfPlanFile *file = &plan->files[stage->files[i]];
    WfRect grown = {
        rect.x0 + stage->reach[i].x0,
        rect.y0 + stage->reach[i].y0,
        rect.x1 + stage->reach[i].x1,
        rect.y1 + stage->reach[i].y1,
    };

    return wf_rect_meet(wf_rect_meet(grown, file->span), stage->bounds[i]);
}

/* Along one axis: pixel `at` of a span that begins at `from` lies in this column of blocks. */
static int64_t column_of(int64_t at, int64_t from, int64_t size, int block, int64_t across)
{
    int64_t copy = (at - from) / size;

    return copy * across + (at - from - copy * size) / block;
}

/* Where a column of blocks begins. */
static int64_t start_of(int64_t column, int64_t from, int64_t size, int block, int64_t across)
{
    return from + column / across * size + column % across * block;
}

WfRect wf_file_cells(const WfPlanFile *file, WfRect pixels)
{
    WfRect span = file->span;

    if (wf_rect_empty(pixels))
        return (WfRect) { 0 };
    return (WfRect) {
        column_of(pixels.x0, span.x0, file->width, file->block_width, file->across),
        column_of(pixels.y0, span.y0, file->height, file->block_height, file->down),
        column_of(pixels.x1 - 1, span.x0, file->width, file->block_width, file->across) + 1,
        column_of(pixels.y1 - 1, span.y0, file->height, file->block_height, file->down) + 1,
    };
}

WfRect wf_file_block(const WfPlanFile *file, int64_t bx, int64_t by)
{
    WfRect span = file->span;
    int64_t x = start_of(bx, span.x0, file->width, file->block_width, file->across);
    int64_t y = start_of(by, span.y0, file->height, file->block_height, file->down);
    int64_t width = file->width - bx % file->across * file->block_width;
    int64_t height = file->height - by % file->down * file->block_height;

    return (WfRect) { x, y, x + smaller(file->block_width, width),
                      y + smaller(file->block_height, height) };
}

int64_t wf_file_pixel_bytes(const WfPlanFile *file)
{
    int64_t bytes = 0;

    for (int b = 0; b < file->band_count; b++)
        bytes += type_bytes(file->types[b]);
    return bytes;
}

/* Several inputs of a stage may read one band. */
static bool first_of_its_source(const WfPlan *plan, const WfStage *stage, int i)
{
    int source = plan->inputs[stage->inputs[i]].source;

    for (int k = 0; k < i; k++)
        if (plan->inputs[stage->inputs[k]].source == source)
            return false;
    return source >= 0;
}

int64_t wf_stage_pixel_bytes(const WfPlan *plan, const WfStage *stage)
{
    int64_t bytes = 0;

    for (int i = 0; i < stage->input_count; i++)
        if (first_of_its_source(plan, stage, i))
            bytes += type_bytes(plan->inputs[stage->inputs[i]].type);
    for (int i = 0; i < stage->output_count; i++)
        bytes += type_bytes(plan->outputs[stage->outputs[i]].type);
    return bytes;
}

size_t wf_shoulder_offset(const WfPlanFile *file, WfRect late, int slot)
{
    size_t pixels = (size_t)(wf_padded(wf_rect_width(late)) * wf_rect_height(late)), bytes = 0;

    for (int b = 0; b < slot; b++)
        bytes += wf_align_up(pixels * (size_t)type_bytes(file->types[b]));
    return slot == file->band_count ? bytes + WF_SLACK : bytes;
}

bool wf_files(WfPlan *plan, WeftErr *err)
{
    int kernel = 0;

    for (int f = 0; f < plan->file_count; f++)
        plan->files[f].span = (WfRect) { 0, 0, plan->files[f].width, plan->files[f].height };
    for (int s = 0; s < plan->stage_count; s++) {
        if (!fill_stage(plan, s, kernel, err))
            return false;
        kernel += plan->stages[s].kernel_count;
    }
    for (int f = 0; f < plan->file_count; f++)
        if (!lay_out_file(plan, f, err))
            return false;
    return list_readers(plan, err);
}
