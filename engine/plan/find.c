/*
 * find.c - what of a plan is the same, where in it a thing stands, and where a tile lies.
 *
 * Reads the plan.
 */
#include "plan/parts.h"

#include <string.h>

bool wf_reach_same(WfReach a, WfReach b)
{
    return a.left == b.left && a.up == b.up && a.right == b.right && a.down == b.down;
}

bool wf_input_same_rows(const WfPlanInput *a, const WfPlanInput *b)
{
    return a->ring == b->ring && a->source == b->source && (a->ring < 0 || a->node == b->node);
}

bool wf_input_same_rule(const WfPlanInput *a, const WfPlanInput *b)
{
    return wf_input_same_rows(a, b) && a->edges == b->edges &&
           (a->edges != WF_EDGES_CONSTANT ||
            memcmp(&a->constant, &b->constant, sizeof a->constant) == 0);
}

bool wf_input_same(const WfPlanInput *a, const WfPlanInput *b)
{
    return wf_input_same_rule(a, b) && wf_reach_same(a->window, b->window);
}

int wf_stage_file(const WfStage *stage, int file)
{
    for (int i = 0; i < stage->file_count; i++)
        if (stage->files[i] == file)
            return i;
    return -1;
}

int wf_plan_scalar(const WfPlan *plan, WeftNode scalar)
{
    int i = 0;

    while (i < plan->scalar_count && plan->scalars[i] != scalar)
        i++;
    return i < plan->scalar_count ? i : -1;
}

int wf_plan_table(const WfPlan *plan, const WfKernel *kernel, const WfNode *node)
{
    for (int t = 0; t < kernel->table_count; t++) {
        const WfPlanTable *table = &plan->tables[kernel->tables[t]];

        if (table->table == node->table && table->wide == node->wide_inside)
            return t;
    }
    return -1;
}

int wf_reduction_stage(const WfPlan *plan, int reduction)
{
    int output = plan->reductions[reduction].targets[0];

    for (int k = 0; k < plan->kernel_count; k++)
        for (int j = 0; j < plan->kernels[k].output_count; j++)
            if (plan->kernels[k].outputs[j] == output)
                return plan->kernels[k].stage;
    return -1;
}

int64_t wf_tile_at(const WfStage *stage, int64_t turn)
{
    if (!stage->by_columns)
        return turn;
    return turn % stage->tiles_y * stage->tiles_x + turn / stage->tiles_y;
}

int64_t wf_tile_turn(const WfStage *stage, int64_t tx, int64_t ty)
{
    return stage->by_columns ? tx * stage->tiles_y + ty : ty * stage->tiles_x + tx;
}

WfRect wf_tile_rect(const WfStage *stage, int64_t tile)
{
    int64_t tx = tile % stage->tiles_x, ty = tile / stage->tiles_x;
    WfRect rect = {
        .x0 = stage->window.x0 + tx * stage->tile_width,
        .y0 = stage->window.y0 + ty * stage->tile_height,
        .x1 = stage->window.x0 + (tx + 1) * stage->tile_width,
        .y1 = stage->window.y0 + (ty + 1) * stage->tile_height,
    };

    return wf_rect_meet(rect, stage->window);
}

WfRect wf_task_rect(const WfPlan *plan, const WfTask *task)
{
    return wf_tile_rect(&plan->stages[task->stage], task->tile);
}

int64_t wf_stock_slot(const WfPlanFile *file, int64_t bx, int64_t by)
{
    return file->stay.first + by % file->down * file->across + bx % file->across;
}
