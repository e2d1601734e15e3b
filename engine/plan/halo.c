/*
 * halo.c - how far beyond its tile each kernel is needed, and how many rows it runs ahead.
 *
 * Walks from the kernels with outputs back to those that fill rings for them, growing each one's
 * domain by what its readers read. Needs: fuse. Writes kernels' reach and lead, stages' lead; lets
 * kernels that run alike share inputs.
 *
 * Where a kernel computes rows beyond the raster from rows that edges reflect, row -r is made of
 * row r and its like: it must wait until these are there. So the ring that it reads runs ahead by
 * twice its own reach, though it is not wider for that.
 */
#include "plan/parts.h"

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int64_t larger64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static WfReach join(WfReach a, WfReach b)
{
    return (WfReach) {
        .left = larger(a.left, b.left),
        .up = larger(a.up, b.up),
        .right = larger(a.right, b.right),
        .down = larger(a.down, b.down),
    };
}

static bool reflects(const WfPlanInput *input)
{
    return input->edges == WF_EDGES_REFLECT || input->edges == WF_EDGES_MIRROR;
}

WfReach wf_input_reach(const WfPlan *plan, const WfPlanInput *input)
{
    const WfKernel *reader = &plan->kernels[input->kernel];
    WfReach reach = {
        .left = reader->reach.left + input->window.left,
        .up = reader->reach.up + input->window.up,
        .right = reader->reach.right + input->window.right,
        .down = reader->reach.down + input->window.down,
    };

    if (reader->extended && reflects(input)) {
        reach.left = reach.right = larger(reach.left, reach.right);
        reach.up = reach.down = larger(reach.up, reach.down);
    }
    return reach;
}

int wf_input_ahead(const WfPlan *plan, const WfPlanInput *input)
{
    const WfKernel *reader = &plan->kernels[input->kernel];
    int ahead = input->window.down;

    if (!reader->extended)
        return ahead;
    if (reflects(input))
        return larger(ahead, 2 * reader->reach.up + input->window.up);
    return input->edges == WF_EDGES_NEAREST ? larger(ahead, reader->reach.up) : ahead;
}

int wf_input_behind(const WfPlan *plan, const WfPlanInput *input)
{
    const WfKernel *reader = &plan->kernels[input->kernel];
    int behind = input->window.up;

    if (!reader->extended)
        return behind;
    if (reflects(input))
        return larger(behind, 2 * reader->reach.down + input->window.down);
    return input->edges == WF_EDGES_NEAREST ? larger(behind, reader->reach.down) : behind;
}

/* In every turn both make the same rows of the same domain. */
static bool run_alike(const WfKernel *a, const WfKernel *b)
{
    return wf_reach_same(a->reach, b->reach) && a->lead == b->lead && a->extended == b->extended;
}

/* The input of a kernel before the k-th, of its stage, that may serve that too; or its own. */
static int shared_input(const WfPlan *plan, int k, int number)
{
    const WfKernel *kernel = &plan->kernels[k];

    for (int e = k - 1; e >= 0 && plan->kernels[e].stage == kernel->stage; e--) {
        const WfKernel *earlier = &plan->kernels[e];

        for (int i = 0; i < earlier->input_count && run_alike(earlier, kernel); i++)
            if (wf_input_same(&plan->inputs[earlier->inputs[i]], &plan->inputs[number]))
                return earlier->inputs[i];
    }
    return number;
}

/* Kernels that run alike have inputs in common, whose rows are then found and copied once. */
static void share_inputs(WfPlan *plan)
{
    for (int k = 0; k < plan->kernel_count; k++)
        for (int i = 0; i < plan->kernels[k].input_count; i++)
            plan->kernels[k].inputs[i] = shared_input(plan, k, plan->kernels[k].inputs[i]);
}

/* Readers follow the kernels that fill their rings, so they are done before these. */
void wf_halo(WfPlan *plan)
{
    for (int k = plan->kernel_count - 1; k >= 0; k--) {
        WfKernel *reader = &plan->kernels[k];
        WfStage *stage = &plan->stages[reader->stage];

        for (int i = 0; i < reader->input_count; i++) {
            const WfPlanInput *input = &plan->inputs[reader->inputs[i]];
            WfKernel *filler;

            if (input->ring < 0)
                continue;
            filler = &plan->kernels[plan->rings[input->ring].kernel];
            filler->reach = join(filler->reach, wf_input_reach(plan, input));
            filler->lead = larger(filler->lead, reader->lead + wf_input_ahead(plan, input));
        }
        stage->lead = join(stage->lead, (WfReach) {
                                            .left = reader->reach.left,
                                            .up = reader->reach.up + reader->lead,
                                            .right = reader->reach.right,
                                            .down = reader->lead,
                                        });
    }
    share_inputs(plan);
}

static WfRect domain_of(const WfPlan *plan, const WfKernel *kernel, WfRect tile)
{
    const WeftGrid *grid = plan->stages[kernel->stage].grid;
    WfRect raster = { 0, 0, grid->width, grid->height };
    WfRect domain = {
        .x0 = tile.x0 - kernel->reach.left,
        .y0 = tile.y0 - kernel->reach.up,
        .x1 = tile.x1 + kernel->reach.right,
        .y1 = tile.y1 + kernel->reach.down,
    };

    return kernel->extended ? domain : wf_rect_meet(domain, raster);
}

WfRect wf_kernel_rect(const WfPlan *plan, const WfTask *task, int kernel)
{
    return domain_of(plan, &plan->kernels[kernel], wf_task_rect(plan, task));
}

/* Pixels along one axis of the domains of all tiles side by side. */
static int64_t pixels_along(int64_t from, int64_t to, int64_t tile, int before, int after,
                            int64_t raster, bool extended)
{
    int64_t sum = 0;

    for (int64_t at = from; at < to; at += tile) {
        int64_t low = at - before, high = smaller64(at + tile, to) + after;

        sum += extended ? high - low : smaller64(high, raster) - larger64(low, 0);
    }
    return sum;
}

int64_t wf_tiled_pixels(const WfStage *stage, const WfKernel *kernel, int64_t width, int64_t height)
{
    return pixels_along(stage->window.x0, stage->window.x1, width, kernel->reach.left,
                        kernel->reach.right, stage->grid->width, kernel->extended) *
           pixels_along(stage->window.y0, stage->window.y1, height, kernel->reach.up,
                        kernel->reach.down, stage->grid->height, kernel->extended);
}

int64_t wf_kernel_pixels(const WfPlan *plan, int kernel)
{
    const WfStage *stage = &plan->stages[plan->kernels[kernel].stage];

    return wf_tiled_pixels(stage, &plan->kernels[kernel], stage->tile_width, stage->tile_height);
}
