/*
 * fuse.c - which nodes share one loop, and which loops share their tiles.
 *
 * Point operators meet in registers, so all that hangs together below targets of one grid and one
 * window is one kernel; kernels that read the same file advance together as one stage, so that
 * each block is decoded once. Needs: an inferred graph, targets. Writes inputs, outputs, kernels
 * and stages (not their tiles), and files as far as their layout (files.c does the rest).
 */
#include "plan/parts.h"

/* Inputs and outputs of a kernel beyond which loosely joined targets get kernels of their own: a
 * loop over more rows at once runs out of registers for their addresses and of cache ways. */
enum { KERNEL_PORTS = 48 };

/* Nodes are joined to sets, each named by its oldest member. */
typedef struct Fuse {
    WfPlan *plan;
    WfArena *arena;  /* of all arrays here */
    WeftNode *loop;  /* sets of nodes that share a loop */
    WeftNode *loose; /* the same, but for what sources alone would join */
    WeftNode *stage; /* sets of loops that share a file too */
    bool *wanted;    /* nodes below the targets at hand: none outside low ... high */
    WeftNode low, high;
    WeftNode *first_load; /* of each file, in the class at hand */
    int *input_of;        /* source to plan input, or -1 */
    int *seen_source;     /* scratch: the last count that met the source */
    int counts;
    bool *placed; /* targets that have a kernel */
    int *group;   /* targets that share a loop */
    int *part;    /* those of them that become one kernel */
} Fuse;

static WeftNode set_of(WeftNode *sets, WeftNode node)
{
    while (sets[node] != node) {
        sets[node] = sets[sets[node]];
        node = sets[node];
    }
    return node;
}

static void join(WeftNode *sets, WeftNode a, WeftNode b)
{
    a = set_of(sets, a);
    b = set_of(sets, b);
    if (a < b)
        sets[b] = a;
    else
        sets[a] = b;
}

/* Numbers are the same for every pixel: having one in common joins nothing. */
static bool is_raster(const WfNode *node)
{
    return node->op->shape != WEFT_CONSTANT && node->grid;
}

static bool is_source(const WfNode *node)
{
    return node->op->shape == WEFT_LOAD || node->op->shape == WEFT_INDEX;
}

static bool same_class(const WfPlan *plan, int a, int b)
{
    const WeftGrid *grid_a = plan->graph->nodes[plan->targets[a].node].grid;
    const WeftGrid *grid_b = plan->graph->nodes[plan->targets[b].node].grid;

    return wf_rect_equal(plan->targets[a].window, plan->targets[b].window) &&
           (grid_a == grid_b || wf_grid_equal(grid_a, grid_b));
}

/* Gives 1 for a node not marked before. */
static int mark(Fuse *f, WeftNode node)
{
    bool fresh = !f->wanted[node];

    f->wanted[node] = true;
    if (node > f->high)
        f->high = node;
    return fresh;
}

/* Mark what the targets in `list` need. Gives the number of nodes. */
static int mark_wanted(Fuse *f, const int *list, int count)
{
    const WfGraph *graph = f->plan->graph;
    int marked = 0, seen = 0;

    for (WeftNode n = f->low; n <= f->high; n++)
        f->wanted[n] = false;
    f->high = 0;
    for (int i = 0; i < count; i++)
        marked += mark(f, f->plan->targets[list[i]].node);
    for (f->low = f->high + 1; seen < marked;) {
        const WfNode *node = &graph->nodes[--f->low];

        if (!f->wanted[f->low])
            continue;
        seen++;
        for (int i = 0; i < node->input_count; i++)
            marked += mark(f, node->inputs[i]);
    }
    return marked;
}

static int file_of(WfPlan *plan, int source_number)
{
    const WfSource *source = &plan->graph->sources[source_number];

    for (int i = 0; i < plan->file_count; i++) {
        const WfPlanFile *file = &plan->files[i];

        if (file->store == source->store && file->block_width == source->block_width &&
            file->block_height == source->block_height && file->width == source->width &&
            file->height == source->height)
            return i;
    }
    plan->files[plan->file_count] = (WfPlanFile) {
        .store = source->store,
        .path = source->path,
        .width = source->width,
        .height = source->height,
        .block_width = source->block_width,
        .block_height = source->block_height,
    };
    return plan->file_count++;
}

/* The plan's input for a source. */
static int input_of(Fuse *f, int number)
{
    WfPlan *plan = f->plan;
    const WfSource *source = &plan->graph->sources[number];

    if (f->input_of[number] < 0) {
        plan->inputs[plan->input_count] = (WfPlanInput) {
            .file = file_of(plan, number),
            .source = number,
            .type = source->type,
            .dx = source->dx,
            .dy = source->dy,
        };
        f->input_of[number] = plan->input_count++;
    }
    return f->input_of[number];
}

/* Join the nodes below the targets of one class, which are marked. */
static void join_nodes(Fuse *f)
{
    const WfGraph *graph = f->plan->graph;

    for (int i = 0; i < graph->source_count; i++)
        f->first_load[i] = WEFT_NONE;
    for (WeftNode n = f->low; n <= f->high; n++) {
        const WfNode *node = &graph->nodes[n];

        f->loop[n] = f->loose[n] = f->stage[n] = n;
        if (!f->wanted[n] || !is_raster(node))
            continue;
        for (int i = 0; i < node->input_count; i++) {
            const WfNode *input = &graph->nodes[node->inputs[i]];

            if (!is_raster(input))
                continue;
            join(f->loop, n, node->inputs[i]);
            join(f->stage, n, node->inputs[i]);
            if (!is_source(input))
                join(f->loose, n, node->inputs[i]);
        }
        if (node->op->shape == WEFT_LOAD) {
            WeftNode *first = &f->first_load[f->plan->inputs[input_of(f, node->source)].file];

            if (*first == WEFT_NONE)
                *first = n;
            join(f->stage, n, *first);
        }
    }
}

/* Inputs of a kernel of the nodes marked; written to `inputs` unless that is NULL. */
static int list_inputs(Fuse *f, int *inputs)
{
    const WfGraph *graph = f->plan->graph;
    int count = 0;

    f->counts++;
    for (WeftNode n = f->low; n <= f->high; n++) {
        const WfNode *node = &graph->nodes[n];

        if (!f->wanted[n] || node->op->shape != WEFT_LOAD ||
            f->seen_source[node->source] == f->counts)
            continue;
        f->seen_source[node->source] = f->counts;
        if (inputs)
            inputs[count] = input_of(f, node->source);
        count++;
    }
    return count;
}

static int watch_count(const Fuse *f)
{
    int count = 0;

    for (WeftNode n = f->low; n <= f->high; n++)
        count += f->wanted[n] && f->plan->graph->nodes[n].op->watch[0];
    return count;
}

/* The targets in `list` as one kernel of the newest stage. */
static bool make_kernel(Fuse *f, const int *list, int count, WeftErr *err)
{
    WfPlan *plan = f->plan;
    WfKernel *kernel = &plan->kernels[plan->kernel_count];
    int node_count = mark_wanted(f, list, count), next = 0, watch = 0;

    *kernel = (WfKernel) {
        .stage = plan->stage_count - 1,
        .node_count = node_count,
        .nodes = wf_arena_zalloc(plan->arena, (size_t)node_count * sizeof(WeftNode), err),
        .input_count = list_inputs(f, NULL),
        .output_count = count,
        .outputs = wf_arena_zalloc(plan->arena, (size_t)count * sizeof(int), err),
        .watch_count = watch_count(f),
    };
    kernel->inputs =
        wf_arena_zalloc(plan->arena, (size_t)(kernel->input_count + 1) * sizeof(int), err);
    kernel->watches =
        wf_arena_zalloc(plan->arena, (size_t)(kernel->watch_count + 1) * sizeof(WfPlanWatch), err);
    if (!kernel->nodes || !kernel->inputs || !kernel->outputs || !kernel->watches)
        return false;
    for (WeftNode n = f->low; n <= f->high; n++) {
        if (!f->wanted[n])
            continue;
        kernel->nodes[next++] = n;
        if (plan->graph->nodes[n].op->watch[0])
            kernel->watches[watch++].node = n;
    }
    list_inputs(f, kernel->inputs);
    for (int i = 0; i < count; i++) {
        kernel->outputs[i] = list[i];
        f->placed[list[i]] = true;
    }
    plan->kernel_count++;
    return true;
}

/* Take from the group the first target that has no kernel, and all that share more than sources
 * with it, to the end of `part`. Gives the part's new count. */
static int take_tight(Fuse *f, int count, int part_count)
{
    const WfTarget *targets = f->plan->targets;
    WeftNode set = WEFT_NONE;

    for (int i = 0; i < count; i++) {
        int target = f->group[i];

        if (target < 0 || (set != WEFT_NONE && set_of(f->loose, targets[target].node) != set))
            continue;
        set = set_of(f->loose, targets[target].node);
        f->part[part_count++] = target;
        f->group[i] = -1;
    }
    return part_count;
}

/* The group's targets as kernels: one, or as few as the number of ports allows. */
static bool make_kernels(Fuse *f, int count, WeftErr *err)
{
    int part_count = 0;

    mark_wanted(f, f->group, count);
    if (list_inputs(f, NULL) + count <= KERNEL_PORTS)
        return make_kernel(f, f->group, count, err);
    for (;;) {
        int more = take_tight(f, count, part_count);

        mark_wanted(f, f->part, more);
        if (part_count && (more == part_count || list_inputs(f, NULL) + more > KERNEL_PORTS)) {
            if (!make_kernel(f, f->part, part_count, err))
                return false;
            for (int i = part_count; i < more; i++)
                f->part[i - part_count] = f->part[i];
            more -= part_count;
        }
        if (!more)
            return true;
        part_count = more;
    }
}

/* A stage of all targets of `list` that hang together with its first one without a kernel. */
static bool make_stage(Fuse *f, const int *list, int count, WeftErr *err)
{
    WfPlan *plan = f->plan;
    const WfTarget *targets = plan->targets;
    WeftNode set = set_of(f->stage, targets[list[0]].node);

    plan->stages[plan->stage_count++] = (WfStage) {
        .grid = plan->graph->nodes[targets[list[0]].node].grid,
        .window = targets[list[0]].window,
    };
    for (int i = 0; i < count; i++) {
        WeftNode loop = set_of(f->loop, targets[list[i]].node);
        int group_count = 0;

        if (f->placed[list[i]] || set_of(f->stage, targets[list[i]].node) != set)
            continue;
        for (int j = i; j < count; j++)
            if (!f->placed[list[j]] && set_of(f->loop, targets[list[j]].node) == loop)
                f->group[group_count++] = list[j];
        if (!make_kernels(f, group_count, err))
            return false;
    }
    return true;
}

/* All targets of one grid and window: those from `first` on that have no kernel and its class. */
static bool fuse_class(Fuse *f, int first, int *list, WeftErr *err)
{
    WfPlan *plan = f->plan;
    int count = 0;

    for (int t = first; t < plan->target_count; t++)
        if (!f->placed[t] && same_class(plan, first, t))
            list[count++] = t;
    mark_wanted(f, list, count);
    join_nodes(f);
    for (int i = 0; i < count; i++)
        if (!f->placed[list[i]] && !make_stage(f, list + i, count - i, err))
            return false;
    return true;
}

static bool fuse_all(Fuse *f, WeftErr *err)
{
    WfPlan *plan = f->plan;
    size_t nodes = (size_t)plan->graph->count, targets = (size_t)plan->target_count;
    size_t sources = (size_t)plan->graph->source_count + 1;
    int *list = wf_arena_zalloc(f->arena, targets * sizeof *list, err);

    f->loop = wf_arena_zalloc(f->arena, nodes * sizeof *f->loop, err);
    f->loose = wf_arena_zalloc(f->arena, nodes * sizeof *f->loose, err);
    f->stage = wf_arena_zalloc(f->arena, nodes * sizeof *f->stage, err);
    f->wanted = wf_arena_zalloc(f->arena, nodes * sizeof *f->wanted, err);
    f->first_load = wf_arena_zalloc(f->arena, sources * sizeof *f->first_load, err);
    f->input_of = wf_arena_zalloc(f->arena, sources * sizeof *f->input_of, err);
    f->seen_source = wf_arena_zalloc(f->arena, sources * sizeof *f->seen_source, err);
    f->placed = wf_arena_zalloc(f->arena, targets * sizeof *f->placed, err);
    f->group = wf_arena_zalloc(f->arena, targets * sizeof *f->group, err);
    f->part = wf_arena_zalloc(f->arena, targets * sizeof *f->part, err);
    if (!list || !f->loop || !f->loose || !f->stage || !f->wanted || !f->first_load ||
        !f->input_of || !f->seen_source || !f->placed || !f->group || !f->part)
        return false;
    for (size_t i = 0; i < sources; i++)
        f->input_of[i] = -1;
    for (int t = 0; t < plan->target_count; t++)
        if (!f->placed[t] && !fuse_class(f, t, list, err))
            return false;
    return true;
}

bool wf_fuse(WfPlan *plan, WeftErr *err)
{
    size_t targets = (size_t)plan->target_count, sources = (size_t)plan->graph->source_count + 1;
    Fuse f = { .plan = plan, .arena = wf_arena_new(err) };
    bool done = false;

    plan->outputs = wf_arena_zalloc(plan->arena, targets * sizeof *plan->outputs, err);
    plan->kernels = wf_arena_zalloc(plan->arena, targets * sizeof *plan->kernels, err);
    plan->stages = wf_arena_zalloc(plan->arena, targets * sizeof *plan->stages, err);
    plan->inputs = wf_arena_zalloc(plan->arena, sources * sizeof *plan->inputs, err);
    plan->files = wf_arena_zalloc(plan->arena, sources * sizeof *plan->files, err);
    if (!f.arena || !plan->outputs || !plan->kernels || !plan->stages || !plan->inputs ||
        !plan->files)
        goto fail;
    plan->output_count = plan->target_count;
    for (int t = 0; t < plan->target_count; t++)
        plan->outputs[t] = (WfPlanOutput) {
            .target = t,
            .node = plan->targets[t].node,
            .type = plan->targets[t].type,
        };
    done = fuse_all(&f, err) && wf_files(plan, err);
fail:
    wf_arena_free(f.arena);
    return done;
}
