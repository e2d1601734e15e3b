/*
 * desk.c - what a worker computes with: made before the first tile, freed after the last.
 */
#include "run/desk.h"

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Memory for any stage's tile; and what is known of its inputs, rings and kernels. */
static bool make_room(WfDesk *desk, const WfPlan *plan, WeftErr *err)
{
    size_t inputs = 1, rings = 1, kernels = 1, held = 1, seen = 1, step = 1, taken = 1;

    for (int s = 0; s < plan->stage_count; s++) {
        const WfStage *stage = &plan->stages[s];
        size_t bytes = wf_align_up(stage->output_bytes) + stage->scratch_bytes, rows = 0;
        size_t turns = 0, kept = 0;

        for (int i = 0; i < stage->input_count; i++) {
            rows += (size_t)plan->inputs[stage->inputs[i]].height;
            turns += (size_t)wf_rows_seen(plan, &plan->inputs[stage->inputs[i]]);
        }
        for (int i = 0; i < stage->ring_count; i++)
            kept += (size_t)plan->rings[stage->rings[i]].height;
        desk->bytes = larger(bytes, desk->bytes);
        inputs = larger((size_t)stage->input_count, inputs);
        rings = larger((size_t)stage->ring_count, rings);
        kernels = larger((size_t)stage->kernel_count, kernels);
        held = larger(rows, held);
        seen = larger(turns, seen);
        step = larger((size_t)stage->step, step);
        desk->ring_room = larger(kept, desk->ring_room);
    }
    for (int r = 0; r < plan->reduction_count; r++)
        taken = larger((size_t)plan->reductions[r].setup->input_count, taken);
    desk->taken = wf_calloc(taken, sizeof *desk->taken, err);
    desk->rows = wf_calloc(inputs, sizeof *desk->rows, err);
    desk->rings = wf_calloc(rings, sizeof *desk->rings, err);
    desk->domains = wf_calloc(kernels, sizeof *desk->domains, err);
    desk->held = wf_calloc(held, sizeof *desk->held, err);
    desk->seen = wf_calloc(seen, sizeof *desk->seen, err);
    desk->odd = wf_calloc(desk->ring_room + step, sizeof *desk->odd, err);
    return desk->taken && desk->rows && desk->rings && desk->domains && desk->held && desk->seen &&
           desk->odd;
}

WfDesk *wf_desk_new(const WfPlan *plan, const WfTopo *topo, const WfTables *tables, int worker,
                    WeftErr *err)
{
    WfDesk *desk = wf_zalloc(sizeof *desk, err);

    if (!desk)
        return NULL;
    desk->topo = topo;
    desk->tables = tables;
    desk->worker = worker;
    desk->node = plan->machine->workers[worker].node;
    desk->tally = wf_tally_new(plan, worker, err);
    if (!desk->tally || !make_room(desk, plan, err))
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
    wf_free(desk->rows);
    wf_free(desk->rings);
    wf_free(desk->domains);
    wf_free(desk->held);
    wf_free(desk->seen);
    wf_free(desk->odd);
    wf_free(desk->taken);
    wf_free(desk);
}
