/*
 * ring.c - how many rows each hand-over keeps, and where all of it lies in a worker's scratch.
 *
 * Needs: halo, and a stage's tile size. Writes heights and places of rings and inputs, and
 * scratch_bytes.
 */
#include "graph/sight.h"
#include "plan/parts.h"

enum {
    STEP_MOST = 64,         /* rows a turn; more brings nothing */
    STEP_LEAST = 8,         /* where rings leave no room in the cache: a turn has its cost, too */
    CACHE_LEAST = 64 * 1024 /* of a machine that does not tell */
};

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static size_t pixel_bytes(WeftType type)
{
    return (size_t)wf_pixel(type)->bytes;
}

/* ------------------------------------------------------------------ rows */

/* The widest domain of a kernel. */
static int64_t widest(const WfPlan *plan, const WfKernel *kernel)
{
    return plan->stages[kernel->stage].tile_width + kernel->reach.left + kernel->reach.right;
}

int64_t wf_row_margin(const WfPlan *plan, int input)
{
    return wf_padded(plan->inputs[input].window.left);
}

int64_t wf_row_pixels(const WfPlan *plan, int stage, int input)
{
    const WfPlanInput *in = &plan->inputs[input];

    (void)stage;
    return wf_row_margin(plan, input) + wf_padded(widest(plan, &plan->kernels[in->kernel])) +
           wf_padded(in->window.right);
}

int64_t wf_ring_margin(const WfPlan *plan, int ring)
{
    (void)plan;
    (void)ring;
    return 0;
}

/* Readers compute whole WF_LANES from wherever their own first pixel is. */
int64_t wf_ring_pixels(const WfPlan *plan, int ring)
{
    return wf_padded(widest(plan, &plan->kernels[plan->rings[ring].kernel])) + WF_LANES;
}

static size_t ring_row(const WfPlan *plan, int ring)
{
    return (size_t)wf_ring_pixels(plan, ring) * pixel_bytes(plan->rings[ring].type);
}

static size_t input_row(const WfPlan *plan, int stage, int input)
{
    return (size_t)wf_row_pixels(plan, stage, input) * pixel_bytes(plan->inputs[input].type);
}

/* Rows of a ring that are held from turn to turn: it has these and a step. */
static int64_t held_rows(const WfPlan *plan, const WfStage *stage, int ring)
{
    int lead = plan->kernels[plan->rings[ring].kernel].lead;
    int64_t rows = 0;

    for (int i = 0; i < stage->input_count; i++) {
        const WfPlanInput *input = &plan->inputs[stage->inputs[i]];

        if (input->ring == ring)
            rows = larger(rows,
                          lead - plan->kernels[input->kernel].lead + wf_input_behind(plan, input));
    }
    return rows;
}

/* A ring needs no more rows than the domain of a tile ever has. */
static int ring_height(const WfPlan *plan, const WfStage *stage, int ring)
{
    const WfKernel *kernel = &plan->kernels[plan->rings[ring].kernel];
    int64_t domain = (int64_t)stage->tile_height + kernel->reach.up + kernel->reach.down;

    if (!kernel->extended)
        domain = smaller(domain, stage->grid->height);
    return (int)smaller(held_rows(plan, stage, ring) + stage->step, domain);
}

/* Whether rows of the input must sometimes be copied, for an apron or out of several blocks. */
static bool is_copied(const WfPlan *plan, const WfPlanInput *input)
{
    const WfKernel *kernel = &plan->kernels[input->kernel];

    if (input->ring < 0)
        return true;
    if (input->edges == WF_EDGES_EXTEND)
        return false;
    return input->window.left > 0 || input->window.right > 0 ||
           (kernel->extended && (kernel->reach.left > 0 || kernel->reach.right > 0));
}

static bool has_constant_row(const WfPlanInput *input)
{
    return input->edges == WF_EDGES_INVALID || input->edges == WF_EDGES_CONSTANT;
}

/* ------------------------------------------------------------------ step */

/* Rows of a turn such that rings, inputs and outputs fill half of a worker's L2: so the next
 * kernels of the stage find them there. */
int wf_ring_step(const WfPlan *plan, const WfStage *stage)
{
    const WfMachine *machine = plan->machine;
    int64_t cache = larger(machine->l2 / larger(machine->l2_sharers, 1), CACHE_LEAST);
    int64_t held = 0, row = wf_padded(stage->tile_width) * wf_stage_pixel_bytes(plan, stage), step;

    for (int i = 0; i < stage->ring_count; i++) {
        int64_t bytes = (int64_t)ring_row(plan, stage->rings[i]);

        row += bytes;
        held += bytes * held_rows(plan, stage, stage->rings[i]);
    }
    step = larger(cache / 2 - held, 0) / larger(row, 1);
    step = smaller(larger(step, stage->ring_count ? STEP_LEAST : 1), STEP_MOST);
    return (int)smaller(step, stage->tile_height);
}

/* ------------------------------------------------------------------ scratch */

/* Take bytes from the scratch's end. */
static size_t take(WfStage *stage, size_t bytes)
{
    size_t at = stage->scratch_bytes;

    stage->scratch_bytes += wf_align_up(bytes);
    return at;
}

static void lay_out_input(WfPlan *plan, int stage, int number)
{
    WfStage *s = &plan->stages[stage];
    WfPlanInput *input = &plan->inputs[number];
    int rows = input->window.up + s->step + input->window.down;

    input->height = is_copied(plan, input) ? rows : 0;
    input->rows_at =
        take(s, (size_t)(input->height + has_constant_row(input)) * input_row(plan, stage, number) +
                    WF_SLACK);
    input->pointers_at = take(s, (size_t)rows * sizeof(void *));
}

/* What functions on rows take, the most of any kernel. */
static size_t native_bytes(const WfPlan *plan, const WfStage *stage)
{
    size_t most = 0;

    for (int i = 0; i < stage->kernel_count; i++) {
        const WfKernel *kernel = &plan->kernels[stage->kernels[i]];
        const WfNode *node =
            kernel->ring_count ? &plan->graph->nodes[plan->rings[kernel->rings[0]].node] : NULL;

        if (node && node->op->shape == WEFT_ROWS)
            most = (size_t)larger((int64_t)most,
                                  (int64_t)wf_window_room(node, kernel->ring_count, stage->step,
                                                          widest(plan, kernel)));
    }
    return most;
}

void wf_rings(WfPlan *plan, int stage)
{
    WfStage *s = &plan->stages[stage];
    int ports = 0;

    s->scratch_bytes = 0;
    for (int i = 0; i < s->ring_count; i++) {
        WfRing *ring = &plan->rings[s->rings[i]];

        ring->height = ring_height(plan, s, s->rings[i]);
        ring->rows_at = take(s, (size_t)ring->height * ring_row(plan, s->rings[i]) + WF_SLACK);
    }
    for (int i = 0; i < s->input_count; i++)
        lay_out_input(plan, stage, s->inputs[i]);
    for (int i = 0; i < s->kernel_count; i++) {
        const WfKernel *kernel = &plan->kernels[s->kernels[i]];

        ports = (int)larger(ports, kernel->input_count + kernel->output_count + kernel->ring_count);
    }
    s->native_at = take(s, native_bytes(plan, s));
    s->pointers_at = take(s, 0);
    for (int i = 0; i < s->output_count + s->ring_count; i++)
        take(s, (size_t)s->step * sizeof(void *));
    take(s, (size_t)ports * sizeof(void *));
}

size_t wf_scratch_ring(const WfPlan *plan, int stage, int ring)
{
    (void)stage;
    return plan->rings[ring].rows_at;
}

size_t wf_scratch_rows(const WfPlan *plan, int stage, int i)
{
    return plan->inputs[plan->stages[stage].inputs[i]].rows_at;
}

size_t wf_scratch_pointers(const WfPlan *plan, int stage, int i)
{
    const WfStage *s = &plan->stages[stage];

    if (i < s->input_count)
        return plan->inputs[s->inputs[i]].pointers_at;
    return s->pointers_at +
           (size_t)(i - s->input_count) * wf_align_up((size_t)s->step * sizeof(void *));
}

size_t wf_scratch_frame(const WfPlan *plan, int stage)
{
    const WfStage *s = &plan->stages[stage];

    return wf_scratch_pointers(plan, stage, s->input_count + s->output_count + s->ring_count);
}
