/*
 * show_plan.c - the plan for people: what `weft explain` prints. Reads the plan, writes text; the
 * same plan always gives the same text.
 */
#include "graph/sight.h"
#include "plan/brief.h"
#include "plan/parts.h"
#include "plan/show_file.h"

#include <string.h>

/* What a worker is reckoned to do in a second, from measurements on common machines; only good
 * enough to say which of them a job will wait for. */
static const double decode_rate = 1e9;    /* bytes */
static const double write_rate = 3e9;     /* bytes */
static const double operation_rate = 8e9; /* operations, a function such as exp being 20 */
enum { FUNCTION_COST = 20, ROWS_COST = 20 };

/* Neighbours are told with what the kernel reads. */
static bool is_operator(const WfNode *node)
{
    return node->op->shape != WEFT_LOAD && node->op->shape != WEFT_CONSTANT &&
           node->op->shape != WEFT_SCALAR && node->op->shape != WEFT_FOCAL;
}

/* The kernel reads the node from the ring of another one. */
static bool is_read(const WfPlan *plan, const WfKernel *kernel, WeftNode node)
{
    bool own = false;

    for (int i = 0; i < kernel->ring_count; i++)
        own |= plan->rings[kernel->rings[i]].node == node;
    for (int i = 0; i < kernel->input_count && !own; i++) {
        const WfPlanInput *input = &plan->inputs[kernel->inputs[i]];

        if (input->ring >= 0 && input->node == node)
            return true;
    }
    return false;
}

/* The kernel's i-th node is an operator that it computes. */
static bool computes(const WfPlan *plan, const WfKernel *kernel, int i)
{
    return is_operator(&plan->graph->nodes[kernel->nodes[i]]) &&
           !is_read(plan, kernel, kernel->nodes[i]);
}

/* A window that slides takes in, and lets go of, cells of all its rows. */
static int rows_cost(const WfNode *node)
{
    int rows = 0;

    for (int i = 0; i < node->input_count; i++)
        rows += wf_window_of(node, i).up + wf_window_of(node, i).down + 1;
    return ROWS_COST * rows;
}

/* Functions are told by their families; the rest is an instruction or few. */
static int operator_cost(const WfNode *node)
{
    static const char *const families[] = { "roots and exponentials", "trigonometry" };

    if (!is_operator(node))
        return 0;
    if (node->op->shape == WEFT_ROWS)
        return rows_cost(node);
    for (int i = 0; i < 2; i++)
        if (node->op->family && strcmp(node->op->family, families[i]) == 0)
            return FUNCTION_COST;
    return 1;
}

/* The call that makes the kernel's first ring makes this node, too. */
static bool is_further_result(const WfPlan *plan, const WfKernel *kernel, int i)
{
    return plan->graph->nodes[kernel->nodes[i]].op->shape == WEFT_ROWS &&
           kernel->nodes[i] != plan->rings[kernel->rings[0]].node;
}

typedef struct Operators {
    const WfPlan *plan;
    const WfKernel *kernel;
} Operators;

static const char *operator_name(const void *list, int i)
{
    const Operators *o = list;

    return computes(o->plan, o->kernel, i) ? o->plan->graph->nodes[o->kernel->nodes[i]].op->name
                                           : NULL;
}

/* "sub, add, div", or what a kernel without operators does. */
static void show_operators(const WfPlan *plan, const WfKernel *kernel, WfText *text)
{
    const Operators operators = { .plan = plan, .kernel = kernel };

    if (!wf_brief_names(&operators, kernel->node_count, operator_name, text))
        wf_text_add(text, "%s", kernel->input_count ? "copy" : "fill");
}

/* What the kernel computes in: its operators' types, or those that its pixels are held in. */
static void show_pixel_types(const WfPlan *plan, const WfKernel *kernel, WfText *text)
{
    bool operators = false, narrow = false, wide = false;

    for (int i = 0; i < kernel->node_count; i++)
        operators |= computes(plan, kernel, i);
    for (int i = 0; i < kernel->node_count; i++) {
        const WfNode *node = &plan->graph->nodes[kernel->nodes[i]];
        bool is_wide = operators ? node->wide_inside : node->wide;

        if (computes(plan, kernel, i) != operators || !node->grid)
            continue;
        wide |= is_wide;
        narrow |= !is_wide;
    }
    wf_text_add(text, " in %s", narrow && wide ? "f32 and f64" : wide ? "f64" : "f32");
}

/* An operator or a neighbour whose line in the script is known. */
static bool has_line(const WfNode *node)
{
    return node->op->shape != WEFT_LOAD && node->op->shape != WEFT_CONSTANT && node->place.file &&
           node->place.file[0];
}

/* The script's lines that the kernel comes from, each once. */
static void show_lines(const WfPlan *plan, const WfKernel *kernel, WfText *text)
{
    const WfNode *nodes = plan->graph->nodes;
    const char *before = " (";

    for (int i = 0; i < kernel->node_count; i++) {
        const WfNode *node = &nodes[kernel->nodes[i]];
        bool seen = is_read(plan, kernel, kernel->nodes[i]);

        for (int k = 0; k < i && !seen; k++) {
            const WfNode *other = &nodes[kernel->nodes[k]];

            seen = has_line(other) && other->place.line == node->place.line &&
                   strcmp(other->place.file, node->place.file ? node->place.file : "") == 0;
        }
        if (seen || !has_line(node))
            continue;
        wf_text_add(text, "%s%s:%d", before, node->place.file, node->place.line);
        before = ", ";
    }
    if (*before == ',')
        wf_text_add(text, ")");
}

static void show_band(int band, WfText *text)
{
    if (band > WF_BAND_MASK)
        wf_text_add(text, "mask of band %d", band - WF_BAND_MASK);
    else
        wf_text_add(text, "band %d", band);
}

static bool is_far(WfReach reach)
{
    return reach.left || reach.up || reach.right || reach.down;
}

static void show_edges(const WfPlanInput *input, WfText *text)
{
    static const char *const names[] = { "invalid", "nearest",  "reflect",
                                         "mirror",  "constant", [WF_EDGES_WRAP] = "wrap" };

    if (input->edges == WF_EDGES_EXTEND)
        wf_text_add(text, ", computed beyond the edge");
    else if (input->edges == WF_EDGES_CONSTANT)
        wf_text_add(text, ", edges constant %g", input->constant);
    else
        wf_text_add(text, ", edges %s", names[input->edges]);
}

static void show_input(const WfPlan *plan, const WfPlanInput *input, WfText *text)
{
    if (input->ring >= 0) {
        wf_text_add(text, "    reads ring %d", input->ring + 1);
    } else {
        const WfPlanFile *file = &plan->files[input->file];

        wf_text_add(text, "    reads %s ", file->path);
        show_band(file->bands[input->slot], text);
        wf_text_add(text, ", %s", wf_pixel(input->type)->name);
    }
    if (input->dx || input->dy)
        wf_text_add(text, ", from pixel %lld, %lld on", (long long)input->dx, (long long)input->dy);
    if (is_far(input->window)) {
        wf_text_add(text, ", ");
        wf_brief_reach(input->window, text);
        show_edges(input, text);
    }
    wf_text_add(text, "\n");
}

/* A ring that a kernel fills, and the kernels that it joins. */
static void show_ring(const WfPlan *plan, const WfKernel *kernel, int number, WfText *text)
{
    const WfRing *ring = &plan->rings[number];
    const WfStage *stage = &plan->stages[kernel->stage];
    const char *before = " for kernel ";

    wf_text_add(text, "    fills ring %d", number + 1);
    for (int i = 0; i < stage->kernel_count; i++) {
        const WfKernel *reader = &plan->kernels[stage->kernels[i]];
        bool reads = false;

        for (int k = 0; k < reader->input_count; k++)
            reads |= plan->inputs[reader->inputs[k]].ring == number;
        if (!reads)
            continue;
        wf_text_add(text, "%s%d", before, stage->kernels[i] + 1);
        before = ", ";
    }
    wf_text_add(text, ": %d row%s of %s, %d ahead; needed ", ring->height, wf_plural(ring->height),
                wf_pixel(ring->type)->name, kernel->lead);
    wf_brief_reach(kernel->reach, text);
    wf_text_add(text, kernel->extended ? ", beyond the raster too\n" : "\n");
}

/* What is left of the kernel where nothing that it reads is invalid. */
static void show_plain(const WfPlan *plan, const WfKernel *kernel, WfText *text)
{
    int all = 0, left = 0;

    if (!kernel->plain_count)
        return;
    for (int i = 0; i < kernel->node_count; i++)
        all += computes(plan, kernel, i);
    for (int i = 0; i < kernel->plain_count; i++) {
        WeftNode node = kernel->plain_nodes[i];

        left += is_operator(&plan->graph->nodes[node]) && !is_read(plan, kernel, node);
    }
    wf_text_add(text, "    where all of that is valid, %d of %d operator%s\n", left, all,
                wf_plural(all));
}

static void show_inexact(const WfPlan *plan, const WfKernel *kernel, WfText *text)
{
    for (int i = 0; i < kernel->node_count; i++) {
        const WfNode *node = &plan->graph->nodes[kernel->nodes[i]];

        if (!node->inexact || is_read(plan, kernel, kernel->nodes[i]))
            continue;
        wf_text_add(text, "    inexact: the integers of %s", node->op->name);
        if (has_line(node))
            wf_text_add(text, " (%s:%d)", node->place.file, node->place.line);
        wf_text_add(text, " may pass 2^53 and are then rounded\n");
    }
}

/* The reductions that take an output, row by row. */
static void show_takers(const WfPlan *plan, int target, WfText *text)
{
    const char *before = "    gives rows to ";

    for (int r = 0; r < plan->reduction_count; r++) {
        const WfReduction *reduction = &plan->reductions[r];
        bool takes = false;

        for (int i = 0; i < reduction->setup->input_count; i++)
            takes |= reduction->targets[i] == target;
        if (!takes)
            continue;
        wf_text_add(text, "%s%s", before, plan->graph->nodes[reduction->node].op->name);
        before = ", ";
    }
    wf_text_add(text, ", %s\n", wf_pixel(plan->targets[target].type)->name);
}

static void show_kernel(const WfPlan *plan, int number, WfText *text)
{
    const WfKernel *kernel = &plan->kernels[number];

    wf_text_add(text, "  kernel %d: ", number + 1);
    show_operators(plan, kernel, text);
    show_pixel_types(plan, kernel, text);
    show_lines(plan, kernel, text);
    wf_text_add(text, "\n");
    for (int i = 0; i < kernel->input_count; i++)
        show_input(plan, &plan->inputs[kernel->inputs[i]], text);
    show_plain(plan, kernel, text);
    for (int i = 0; i < kernel->ring_count; i++)
        show_ring(plan, kernel, kernel->rings[i], text);
    for (int i = 0; i < kernel->output_count; i++) {
        const WfTarget *target = &plan->targets[plan->outputs[kernel->outputs[i]].target];

        if (target->sink < 0)
            show_takers(plan, plan->outputs[kernel->outputs[i]].target, text);
        else if (target->kept)
            wf_text_add(text, "    gives what a later phase reads, %s\n",
                        wf_pixel(target->type)->name);
        else
            wf_text_add(text, "    gives output %d band %d, %s\n", target->sink + 1,
                        target->band + 1, wf_pixel(target->type)->name);
    }
    show_inexact(plan, kernel, text);
}

static void show_stage(const WfPlan *plan, int number, WfText *text)
{
    const WfStage *stage = &plan->stages[number];
    WfRect all = { 0, 0, stage->grid->width, stage->grid->height };

    wf_text_add(text, "\nstage %d: ", number + 1);
    wf_grid_show(stage->grid, text);
    if (!wf_rect_equal(all, stage->window))
        wf_text_add(text, "; of these %lld x %lld pixels from %lld, %lld on",
                    (long long)wf_rect_width(stage->window),
                    (long long)wf_rect_height(stage->window), (long long)stage->window.x0,
                    (long long)stage->window.y0);
    wf_text_add(text, "\n");
    for (int i = 0; i < stage->kernel_count; i++)
        show_kernel(plan, stage->kernels[i], text);
    for (int i = 0; i < stage->file_count; i++)
        wf_show_file(plan, stage->files[i], text);
    wf_text_add(text, "  tiles: %lld x %lld of %d x %d, %s, %d row%s a turn\n",
                (long long)stage->tiles_x, (long long)stage->tiles_y, stage->tile_width,
                stage->tile_height, stage->by_columns ? "column by column" : "row by row",
                stage->step, wf_plural(stage->step));
}

/* The stages whose tiles a node owns; it takes them one after another. */
static void show_node_stages(const WfPlan *plan, int node, WfText *text)
{
    int last = -1;

    for (int64_t k = 0; k < plan->task_count; k++) {
        const WfTask *task = &plan->tasks[k];

        if (task->node != node || task->stage == last)
            continue;
        wf_text_add(text, "%s %d", last < 0 ? " of stage" : ",", task->stage + 1);
        last = task->stage;
    }
}

static void show_nodes(const WfPlan *plan, WfText *text)
{
    const WfMachine *machine = plan->machine;
    char size[32];

    wf_text_add(text, "\npartition:\n");
    for (int n = 0; n < machine->node_count; n++) {
        int active = wf_plan_active(plan, n), all = machine->nodes[n].worker_count;
        int64_t tiles = 0;

        for (int64_t k = 0; k < plan->task_count; k++)
            tiles += plan->tasks[k].node == n;
        wf_text_add(text, "  node %d: %d worker%s", n, active, wf_plural(active));
        if (active < all)
            wf_text_add(text, " of %d", all);
        wf_text_add(text, ", %lld tile%s", (long long)tiles, wf_plural(tiles));
        if (plan->stage_count > 1)
            show_node_stages(plan, n, text);
        wf_text_add(text, "\n");
    }
    if (machine->node_count > 1)
        wf_text_add(text, "  across nodes: blocks of %s; %s\n",
                    wf_bytes((double)plan->bytes_across, size),
                    plan->options.steal_none ? "nothing is stolen"
                                             : "idle workers take tiles from the nearest node");
}

static void show_memory(const WfPlan *plan, WfText *text)
{
    int64_t budget = wf_budget_bytes(plan);
    char size[32];

    wf_text_add(text, "\nmemory: %s at most", wf_bytes((double)plan->memory.predicted, size));
    if (budget != INT64_MAX)
        wf_text_add(text, " of %s allowed", wf_bytes((double)budget, size));
    wf_text_add(text, "; %s would do\n", wf_bytes((double)plan->memory.least, size));
    wf_text_add(text, "  workers: %s", wf_bytes((double)plan->memory.workers, size));
    if (plan->memory.states)
        wf_text_add(text, ", of which reductions may take %s",
                    wf_bytes((double)plan->memory.states, size));
    wf_text_add(text, "\n");
    wf_text_add(text, "  blocks: %s\n", wf_bytes((double)plan->memory.blocks, size));
    if (plan->options.spans)
        wf_text_add(text, "  spans of polygons: %s\n", wf_bytes((double)plan->options.spans, size));
    if (plan->memory.stock)
        wf_text_add(text, "  blocks kept between phases: %s\n",
                    wf_bytes((double)plan->memory.stock, size));
    wf_text_add(text, "  about 100 MB for LLVM and GDAL come on top\n");
}

static double bytes_written(const WfPlan *plan)
{
    double bytes = 0;

    for (int i = 0; i < plan->output_count; i++) {
        const WfTarget *target = &plan->targets[plan->outputs[i].target];

        if (target->sink >= 0)
            bytes += (double)wf_rect_area(target->window) * wf_pixel(target->type)->bytes;
    }
    return bytes;
}

static double operations(const WfPlan *plan)
{
    double count = 0;

    for (int k = 0; k < plan->kernel_count; k++) {
        const WfKernel *kernel = &plan->kernels[k];
        double pixels = (double)wf_kernel_pixels(plan, k);

        for (int i = 0; i < kernel->node_count; i++)
            if (computes(plan, kernel, i) && !is_further_result(plan, kernel, i))
                count += pixels * operator_cost(&plan->graph->nodes[kernel->nodes[i]]);
    }
    return count;
}

/* Wanted pixels, of each stage once. */
static int64_t raster_pixels(const WfPlan *plan)
{
    int64_t count = 0;

    for (int s = 0; s < plan->stage_count; s++)
        count += wf_rect_area(plan->stages[s].window);
    return count;
}

static void show_work(const WfPlan *plan, WfText *text)
{
    double read = (double)plan->bytes_planned, written = bytes_written(plan);
    double count = operations(plan);
    double decode = read / decode_rate, write = written / write_rate;
    double compute = count / operation_rate;
    const char *limit = decode >= write && decode >= compute ? "reading and decoding"
                        : write >= compute                   ? "writing"
                                                             : "arithmetic";
    char size[32];

    wf_text_add(text, "\nwork: %lld block%s to decode", (long long)plan->blocks_planned,
                wf_plural(plan->blocks_planned));
    if (plan->blocks_stocked)
        wf_text_add(text, ", %lld kept from earlier phases", (long long)plan->blocks_stocked);
    if (plan->blocks_planned + plan->blocks_stocked != plan->blocks_in_files)
        wf_text_add(text, ", %lld in the files", (long long)plan->blocks_in_files);
    wf_text_add(text, "\n  reads %s,", wf_bytes(read, size));
    wf_text_add(text, " writes %s,", wf_bytes(written, size));
    count /= (double)raster_pixels(plan);
    wf_text_add(text, " about %.0f operation%s a pixel\n", count, count == 1 ? "" : "s");
    wf_text_add(text,
                "  limited by %s, where a worker decodes 1 GB, writes 3 GB or does 8e9 operations"
                " a second (a function such as exp counts as %d)\n",
                limit, FUNCTION_COST);
}

void wf_plan_show(const WfPlan *plan, WfText *text)
{
    WfText stages = { 0 };
    int nodes = 0;

    for (int n = 0; n < plan->machine->node_count; n++)
        nodes += wf_plan_active(plan, n) > 0;
    wf_text_add(text, "plan: %d stage%s, %d kernel%s, %lld tile%s; %d worker%s on %d NUMA node%s\n",
                plan->stage_count, wf_plural(plan->stage_count), plan->kernel_count,
                wf_plural(plan->kernel_count), (long long)plan->task_count,
                wf_plural(plan->task_count), plan->active_workers, wf_plural(plan->active_workers),
                nodes, wf_plural(nodes));
    for (int s = 0; s < plan->stage_count; s++)
        show_stage(plan, s, &stages);
    if (stages.text)
        wf_brief_lines(stages.text, text);
    text->failed |= stages.failed;
    wf_text_free(&stages);
    show_nodes(plan, text);
    show_memory(plan, text);
    show_work(plan, text);
}
