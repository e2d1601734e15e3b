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
            add_band(file, plan->graph->sources[plan->inputs[i].source].band, plan->inputs[i].type);
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
    file->blocks_x = (file->width + file->block_width - 1) / file->block_width;
    file->blocks_y = (file->height + file->block_height - 1) / file->block_height;
    file->block_first = plan->block_count;
    plan->block_count += file->blocks_x * file->blocks_y;
    return true;
}

/* Note that the stage reads the plan's input. */
static void add_input(WfPlan *plan, WfStage *stage, int number)
{
    const WfPlanInput *input = &plan->inputs[number];
    WfRect shift = { input->dx, input->dy, input->dx, input->dy };
    int at = wf_stage_file(stage, input->file);

    for (int i = 0; i < stage->input_count; i++)
        if (stage->inputs[i] == number)
            return;
    stage->inputs[stage->input_count++] = number;
    if (at < 0) {
        at = stage->file_count++;
        stage->files[at] = input->file;
        stage->reach[at] = shift;
        plan->files[input->file].stage_count++;
        return;
    }
    stage->reach[at].x0 = input->dx < stage->reach[at].x0 ? input->dx : stage->reach[at].x0;
    stage->reach[at].y0 = input->dy < stage->reach[at].y0 ? input->dy : stage->reach[at].y0;
    stage->reach[at].x1 = input->dx > stage->reach[at].x1 ? input->dx : stage->reach[at].x1;
    stage->reach[at].y1 = input->dy > stage->reach[at].y1 ? input->dy : stage->reach[at].y1;
}

/* The lists of a stage, from its kernels, which follow one another from `kernel` on. */
static bool fill_stage(WfPlan *plan, int number, int kernel, WeftErr *err)
{
    WfStage *stage = &plan->stages[number];
    size_t inputs = 1, outputs = 0;

    for (int k = kernel; k < plan->kernel_count && plan->kernels[k].stage == number; k++) {
        inputs += (size_t)plan->kernels[k].input_count;
        outputs += (size_t)plan->kernels[k].output_count;
        stage->kernel_count++;
    }
    stage->kernels = wf_arena_zalloc(plan->arena, (size_t)stage->kernel_count * sizeof(int), err);
    stage->inputs = wf_arena_zalloc(plan->arena, inputs * sizeof(int), err);
    stage->files = wf_arena_zalloc(plan->arena, inputs * sizeof(int), err);
    stage->reach = wf_arena_zalloc(plan->arena, inputs * sizeof(WfRect), err);
    stage->outputs = wf_arena_zalloc(plan->arena, outputs * sizeof(int), err);
    if (!stage->kernels || !stage->inputs || !stage->files || !stage->reach || !stage->outputs)
        return false;
    for (int i = 0; i < stage->kernel_count; i++) {
        const WfKernel *k = &plan->kernels[kernel + i];

        stage->kernels[i] = kernel + i;
        for (int j = 0; j < k->input_count; j++)
            add_input(plan, stage, k->inputs[j]);
        for (int j = 0; j < k->output_count; j++)
            stage->outputs[stage->output_count++] = k->outputs[j];
        plan->pixels_planned += wf_rect_area(stage->window);
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

int wf_stage_file(const WfStage *stage, int file)
{
    for (int i = 0; i < stage->file_count; i++)
        if (stage->files[i] == file)
            return i;
    return -1;
}

WfRect wf_tile_file_rect(const WfPlan *plan, const WfStage *stage, int i, WfRect rect)
{
    const WfPlanFile *file = &plan->files[stage->files[i]];
    WfRect image = { 0, 0, file->width, file->height };
    WfRect grown = {
        rect.x0 + stage->reach[i].x0,
        rect.y0 + stage->reach[i].y0,
        rect.x1 + stage->reach[i].x1,
        rect.y1 + stage->reach[i].y1,
    };

    return wf_rect_meet(grown, image);
}

WfRect wf_file_cells(const WfPlanFile *file, WfRect pixels)
{
    return wf_rect_cells(pixels, file->block_width, file->block_height);
}

WfRect wf_file_block(const WfPlanFile *file, int64_t bx, int64_t by)
{
    WfRect image = { 0, 0, file->width, file->height };
    WfRect block = {
        bx * file->block_width,
        by * file->block_height,
        (bx + 1) * file->block_width,
        (by + 1) * file->block_height,
    };

    return wf_rect_meet(block, image);
}

int64_t wf_file_pixel_bytes(const WfPlanFile *file)
{
    int64_t bytes = 0;

    for (int b = 0; b < file->band_count; b++)
        bytes += type_bytes(file->types[b]);
    return bytes;
}

int64_t wf_stage_pixel_bytes(const WfPlan *plan, const WfStage *stage)
{
    int64_t bytes = 0;

    for (int i = 0; i < stage->input_count; i++)
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
        if (!lay_out_file(plan, f, err))
            return false;
    for (int s = 0; s < plan->stage_count; s++) {
        if (!fill_stage(plan, s, kernel, err))
            return false;
        kernel += plan->stages[s].kernel_count;
    }
    return list_readers(plan, err);
}
