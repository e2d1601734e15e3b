/*
 * assemble.c - one kernel: its nodes, what it reads, what it counts.
 *
 * A kernel ends at files, at rings that other kernels fill, and below neighbour nodes. Needs: the
 * class's rings told (fuse.c). Writes inputs, rings and kernels, but not how far they reach.
 */
#include <math.h>
#include <string.h>

#include "plan/assemble.h"

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static const WfNode *node_of(const WfFuse *f, WeftNode node)
{
    return &f->plan->graph->nodes[node];
}

/* Room for one more element of an array in the plan's arena; the old array stays there. */
static bool grow(WfArena *arena, void *array_pointer, int count, int *room, size_t size,
                 WeftErr *err)
{
    void *old, *grown;
    int more = *room ? 2 * *room : 16;

    if (count < *room)
        return true;
    grown = wf_arena_zalloc(arena, (size_t)more * size, err);
    if (!grown)
        return false;
    memcpy(&old, array_pointer, sizeof old);
    if (count)
        memcpy(grown, old, (size_t)count * size);
    memcpy(array_pointer, &grown, sizeof grown);
    *room = more;
    return true;
}

/* ------------------------------------------------------------------ nodes */

static bool fills(const WfEnds *ends, WeftNode n)
{
    for (int i = 0; i < ends->ring_count; i++)
        if (ends->rings[i] == n)
            return true;
    return false;
}

bool wf_fuse_handed_over(const WfFuse *f, WeftNode n, const WfEnds *ends)
{
    WeftShape shape = node_of(f, n)->op->shape;

    return f->ringed[n] && shape != WEFT_LOAD && shape != WEFT_CONSTANT && !fills(ends, n);
}

/* Gives 1 for a node not marked before. */
static int mark(WfFuse *f, WeftNode node)
{
    bool fresh = !f->wanted[node];

    f->wanted[node] = true;
    if (node > f->high)
        f->high = node;
    return fresh;
}

int wf_fuse_mark(WfFuse *f, const WfEnds *ends)
{
    int marked = 0, seen = 0;

    for (WeftNode n = f->low; n <= f->high; n++)
        f->wanted[n] = false;
    f->high = 0;
    for (int i = 0; i < ends->ring_count; i++)
        marked += mark(f, ends->rings[i]);
    for (int i = 0; i < ends->target_count; i++)
        marked += mark(f, f->plan->targets[ends->targets[i]].node);
    for (f->low = f->high + 1; seen < marked;) {
        const WfNode *node = node_of(f, --f->low);

        if (!f->wanted[f->low])
            continue;
        seen++;
        if (wf_fuse_has_window(node) || node->op->shape == WEFT_SCALAR ||
            wf_fuse_handed_over(f, f->low, ends))
            continue;
        for (int i = 0; i < node->input_count; i++)
            marked += mark(f, node->inputs[i]);
    }
    return marked;
}

/* ------------------------------------------------------------------ reads */

/* A function on rows takes pixels as they are held, and NaN for invalid ones. */
static bool is_held(const WfNode *node, const WfNode *load, const WfSource *source)
{
    return source->type == (node->wide_inside ? WEFT_F64 : WEFT_F32) &&
           load->wide == node->wide_inside && (!source->has_nodata || isnan(source->nodata));
}

bool wf_fuse_direct(const WfGraph *graph, WeftNode number, int i)
{
    const WfNode *node = &graph->nodes[number], *below = &graph->nodes[node->inputs[i]];
    const WfSource *source;

    if (below->op->shape != WEFT_LOAD)
        return false;
    source = &graph->sources[below->source];
    if (node->op->shape == WEFT_ROWS && !is_held(node, below, source))
        return false;
    switch ((WfEdges)wf_window_of(node, i).edges) {
    case WF_EDGES_NEAREST:
    case WF_EDGES_REFLECT:
    case WF_EDGES_MIRROR:
    case WF_EDGES_WRAP:
        return true;
    case WF_EDGES_INVALID: /* the apron has to be a pixel of the file's type */
        if (!wf_pixel(source->type)->whole)
            return true;
        return source->has_nodata &&
               (wf_pixel(source->type)->bytes == 8 || wf_pixel_holds(source->type, source->nodata));
    case WF_EDGES_CONSTANT:
    case WF_EDGES_EXTEND:
        break;
    }
    return false;
}

/* What is read of a node: a file's band, or its ring. */
static WfPlanInput read_of(const WfFuse *f, WeftNode n, bool ring, WfEdges edges, double constant)
{
    const WfNode *node = node_of(f, n);
    const WfSource *source;

    if (ring)
        return (WfPlanInput) {
            .node = n,
            .ring = f->ring[n],
            .file = -1,
            .slot = -1,
            .source = -1,
            .type = node->wide ? WEFT_F64 : WEFT_F32,
            .edges = edges,
            .constant = constant,
        };
    source = &f->plan->graph->sources[node->source];
    return (WfPlanInput) {
        .node = n,
        .ring = -1,
        .source = node->source,
        .type = source->type,
        .dx = source->dx,
        .dy = source->dy,
        .edges = edges,
        .constant = constant,
    };
}

/* The read among those listed, added if it is new. NULL: err is set. */
static WfPlanInput *add_read(WfFuse *f, WfPlanInput read, WeftErr *err)
{
    for (int i = 0; i < f->read_count; i++)
        if (wf_input_same_rule(&f->reads[i], &read))
            return &f->reads[i];
    if (!grow(f->arena, &f->reads, f->read_count, &f->read_room, sizeof *f->reads, err))
        return NULL;
    f->reads[f->read_count] = read;
    return &f->reads[f->read_count++];
}

/* Its rings are all wanted beyond the raster, or none is. */
static bool is_extended(const WfFuse *f, const WfEnds *ends)
{
    return ends->ring_count > 0 && f->beyond[ends->rings[0]];
}

/* What the kernel reads where it stands. Inside the raster any rows of the node will do. */
static bool read_in_place(WfFuse *f, WeftNode n, const WfEnds *ends, bool extended, WeftErr *err)
{
    bool load = node_of(f, n)->op->shape == WEFT_LOAD;
    WfPlanInput read;

    if (!load && !wf_fuse_handed_over(f, n, ends))
        return true;
    read = read_of(f, n, !load, !load && extended ? WF_EDGES_EXTEND : WF_EDGES_NEAREST, 0);
    for (int i = 0; i < f->read_count && !extended; i++)
        if (wf_input_same_rows(&f->reads[i], &read))
            return true;
    return add_read(f, read, err) != NULL;
}

/* Input i of a node with a window. */
static bool read_window(WfFuse *f, WeftNode n, int i, WeftErr *err)
{
    const WfNode *node = node_of(f, n);
    WeftWindow window = wf_window_of(node, i);
    WfEdges edges = (WfEdges)window.edges;
    WfPlanInput *read = add_read(f,
                                 read_of(f, node->inputs[i], !wf_fuse_direct(f->plan->graph, n, i),
                                         edges, edges == WF_EDGES_CONSTANT ? window.constant : 0),
                                 err);
    WfReach *all;

    if (!read)
        return false;
    all = &read->window;
    all->left = larger(all->left, window.left);
    all->up = larger(all->up, window.up);
    all->right = larger(all->right, window.right);
    all->down = larger(all->down, window.down);
    if (edges == WF_EDGES_REFLECT || edges == WF_EDGES_MIRROR) {
        all->left = all->right = larger(all->left, all->right);
        all->up = all->down = larger(all->up, all->down);
    }
    return true;
}

static bool read_windows(WfFuse *f, WeftNode n, const WfEnds *ends, WeftErr *err)
{
    const WfNode *node = node_of(f, n);

    if (!wf_fuse_has_window(node) || wf_fuse_handed_over(f, n, ends))
        return true;
    for (int i = 0; i < node->input_count; i++)
        if (!read_window(f, n, i, err))
            return false;
    return true;
}

/* Rows read in place come first of a node where only they will do, last where others may serve. */
int wf_fuse_reads(WfFuse *f, const WfEnds *ends, WeftErr *err)
{
    bool extended = is_extended(f, ends);

    f->read_count = 0;
    for (WeftNode n = f->low; n <= f->high && extended; n++)
        if (f->wanted[n] && !read_in_place(f, n, ends, extended, err))
            return -1;
    for (WeftNode n = f->low; n <= f->high; n++)
        if (f->wanted[n] && !read_windows(f, n, ends, err))
            return -1;
    for (WeftNode n = f->low; n <= f->high && !extended; n++)
        if (f->wanted[n] && !read_in_place(f, n, ends, extended, err))
            return -1;
    return f->read_count;
}

/* ------------------------------------------------------------------ inputs */

static int find_file(const WfPlan *plan, const WfSource *source)
{
    for (int i = 0; i < plan->file_count; i++) {
        const WfPlanFile *file = &plan->files[i];

        if (file->store == source->store && file->block_width == source->block_width &&
            file->block_height == source->block_height && file->width == source->width &&
            file->height == source->height)
            return i;
    }
    return -1;
}

int wf_fuse_file(WfFuse *f, int number)
{
    WfPlan *plan = f->plan;
    const WfSource *source = &plan->graph->sources[number];

    if (f->file[number] < 0)
        f->file[number] = find_file(plan, source);
    if (f->file[number] >= 0)
        return f->file[number];
    plan->files[plan->file_count] = (WfPlanFile) {
        .store = source->store,
        .path = source->path,
        .width = source->width,
        .height = source->height,
        .block_width = source->block_width,
        .block_height = source->block_height,
    };
    f->file[number] = plan->file_count++;
    return f->file[number];
}

/* The reads listed as inputs of the newest kernel. */
static bool make_inputs(WfFuse *f, WfKernel *kernel, WeftErr *err)
{
    WfPlan *plan = f->plan;

    kernel->inputs = wf_arena_zalloc(plan->arena, (size_t)(f->read_count + 1) * sizeof(int), err);
    if (!kernel->inputs)
        return false;
    for (int i = 0; i < f->read_count; i++) {
        WfPlanInput *input;

        if (!grow(plan->arena, &plan->inputs, plan->input_count, &f->input_room,
                  sizeof *plan->inputs, err))
            return false;
        input = &plan->inputs[plan->input_count];
        *input = f->reads[i];
        input->stage = kernel->stage;
        input->kernel = plan->kernel_count;
        if (input->ring < 0)
            input->file = wf_fuse_file(f, input->source);
        kernel->inputs[kernel->input_count++] = plan->input_count++;
    }
    return true;
}

/* ------------------------------------------------------------------ kernels */

/* The nodes marked, and those of them that are computed and counted by no earlier kernel. */
static bool make_nodes(WfFuse *f, WfKernel *kernel, int count, const WfEnds *ends, WeftErr *err)
{
    WfArena *arena = f->plan->arena;

    kernel->nodes = wf_arena_zalloc(arena, (size_t)count * sizeof(WeftNode), err);
    kernel->watches = wf_arena_zalloc(arena, (size_t)count * sizeof(WfPlanWatch), err);
    if (!kernel->nodes || !kernel->watches)
        return false;
    for (WeftNode n = f->low; n <= f->high; n++) {
        if (!f->wanted[n])
            continue;
        kernel->nodes[kernel->node_count++] = n;
        if (!node_of(f, n)->op->watch[0] || wf_fuse_handed_over(f, n, ends) ||
            f->watcher[n] == kernel->stage + 1)
            continue;
        kernel->watches[kernel->watch_count++].node = n;
        f->watcher[n] = kernel->stage + 1;
    }
    return true;
}

/* The table in one pixel type among the plan's, added if it is new; -1. */
static int own_table(WfFuse *f, const WfTable *table, bool wide, WeftErr *err)
{
    WfPlan *plan = f->plan;
    size_t bytes = (size_t)table->rows * (size_t)table->columns * (wide ? 8 : 4);

    for (int i = 0; i < plan->table_count; i++)
        if (plan->tables[i].table == table && plan->tables[i].wide == wide)
            return i;
    if (!grow(plan->arena, &plan->tables, plan->table_count, &f->table_room, sizeof *plan->tables,
              err))
        return -1;
    plan->tables[plan->table_count] =
        (WfPlanTable) { .table = table, .wide = wide, .at = plan->table_bytes };
    plan->table_bytes += wf_align_up(bytes);
    return plan->table_count++;
}

/* Tables of the nodes that the kernel computes, in their order. */
static bool make_tables(WfFuse *f, WfKernel *kernel, const WfEnds *ends, WeftErr *err)
{
    kernel->tables =
        wf_arena_zalloc(f->plan->arena, (size_t)(kernel->node_count + 1) * sizeof(int), err);
    if (!kernel->tables)
        return false;
    for (int i = 0; i < kernel->node_count; i++) {
        const WfNode *node = node_of(f, kernel->nodes[i]);
        int table;

        if (!node->table || wf_fuse_handed_over(f, kernel->nodes[i], ends) ||
            wf_plan_table(f->plan, kernel, node) >= 0)
            continue;
        table = own_table(f, node->table, node->wide_inside, err);
        if (table < 0)
            return false;
        kernel->tables[kernel->table_count++] = table;
    }
    return true;
}

static bool make_ring(WfFuse *f, WeftNode own, WeftErr *err)
{
    WfPlan *plan = f->plan;

    if (!grow(plan->arena, &plan->rings, plan->ring_count, &f->ring_room, sizeof *plan->rings, err))
        return false;
    plan->rings[plan->ring_count] = (WfRing) {
        .node = own,
        .type = node_of(f, own)->wide ? WEFT_F64 : WEFT_F32,
        .kernel = plan->kernel_count,
    };
    f->ring[own] = plan->ring_count++;
    return true;
}

static bool make_ends(WfFuse *f, WfKernel *kernel, const WfEnds *ends, WeftErr *err)
{
    WfArena *arena = f->plan->arena;

    kernel->outputs =
        wf_arena_zalloc(arena, (size_t)(ends->target_count + 1) * sizeof *kernel->outputs, err);
    kernel->rings =
        wf_arena_zalloc(arena, (size_t)(ends->ring_count + 1) * sizeof *kernel->rings, err);
    if (!kernel->outputs || !kernel->rings)
        return false;
    while (kernel->output_count < ends->target_count) {
        kernel->outputs[kernel->output_count] = ends->targets[kernel->output_count];
        kernel->output_count++;
    }
    while (kernel->ring_count < ends->ring_count) {
        WeftNode own = ends->rings[kernel->ring_count];

        if (!make_ring(f, own, err))
            return false;
        kernel->rings[kernel->ring_count++] = f->ring[own];
    }
    return true;
}

bool wf_fuse_kernel(WfFuse *f, const WfEnds *ends, WeftErr *err)
{
    WfPlan *plan = f->plan;
    WfKernel kernel = { .stage = plan->stage_count - 1, .extended = is_extended(f, ends) };
    int marked;

    if (!grow(plan->arena, &plan->kernels, plan->kernel_count, &f->kernel_room,
              sizeof *plan->kernels, err) ||
        !make_ends(f, &kernel, ends, err))
        return false;
    marked = wf_fuse_mark(f, ends);
    if (!make_nodes(f, &kernel, marked, ends, err) || !make_tables(f, &kernel, ends, err) ||
        wf_fuse_reads(f, ends, err) < 0 || !make_inputs(f, &kernel, err))
        return false;
    plan->kernels[plan->kernel_count++] = kernel;
    return true;
}
