/*
 * fuse.c - which nodes share one loop, and which loops share their tiles.
 *
 * Point operators meet in registers, so all that hangs together below targets of one grid and one
 * window is one kernel. What a neighbour node reads at other pixels is a file, or a ring: the rows
 * of a node that a kernel of its own fills. A function on rows always fills one. Kernels that read
 * the same file or ring advance together as one stage, so that each block is decoded once. Needs:
 * an inferred and lowered graph, targets. Writes inputs, outputs, rings, kernels and stages (not
 * their tiles), and files as far as their layout (assemble.c makes the single kernel, halo.c and
 * files.c do the rest).
 */
#include "plan/cut.h"

#include <limits.h>
#include <stdlib.h>

/* A ring of the class. Kernels that fill them go by rank, parts first, then by age. */
typedef struct Ring {
    int rank, part;
    WeftNode node;
} Ring;

/* Inputs and outputs of a kernel beyond which loosely joined targets get kernels of their own: a
 * loop over more rows at once runs out of registers for their addresses and of cache ways. */
enum { KERNEL_PORTS = 48 };

/* Nodes are joined to sets, each named by its oldest member. */
typedef struct Fuse {
    WfFuse f;
    WeftNode *loop;       /* sets of nodes that share a loop */
    WeftNode *loose;      /* the same, but for what sources alone would join */
    WeftNode *stage;      /* sets of loops that share a file or a ring too */
    WeftNode *first_load; /* of each file, in the class at hand */
    Ring *rings;          /* the class's, each after those that it reads */
    int ring_count;
    WeftNode *together; /* those of them that one kernel fills */
    bool *filled;       /* nodes whose rings have a kernel, in the class at hand */
    bool *placed;       /* targets that have a kernel */
    int *group;         /* targets that share a loop */
    int *part;          /* those of them that become one kernel */
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

/* Mark all nodes below the targets in `list`. */
static void mark_class(WfFuse *f, const int *list, int count)
{
    const WfGraph *graph = f->plan->graph;

    for (WeftNode n = f->low; n <= f->high; n++)
        f->wanted[n] = false;
    f->low = f->high = f->plan->targets[list[0]].node;
    for (int i = 0; i < count; i++) {
        WeftNode node = f->plan->targets[list[i]].node;

        f->wanted[node] = true;
        f->low = node < f->low ? node : f->low;
        f->high = node > f->high ? node : f->high;
    }
    for (WeftNode n = f->high; n >= f->low; n--) {
        const WfNode *node = &graph->nodes[n];

        if (node->op->shape == WEFT_SCALAR) /* what it is made of belongs to an earlier plan */
            continue;
        for (int i = 0; i < node->input_count && f->wanted[n]; i++) {
            f->wanted[node->inputs[i]] = true;
            f->low = node->inputs[i] < f->low ? node->inputs[i] : f->low;
        }
    }
}

/* Which nodes of the class marked are read through rings, and which are wanted beyond the raster:
 * there a node needs all that it is made of, but neighbours find pixels inside. */
static bool find_rings(Fuse *fuse, WeftErr *err)
{
    WfFuse *f = &fuse->f;
    const WfGraph *graph = f->plan->graph;

    for (WeftNode n = f->low; n <= f->high; n++)
        f->ringed[n] = f->beyond[n] = fuse->filled[n] = false;
    for (WeftNode n = f->high; n >= f->low; n--) {
        const WfNode *node = &graph->nodes[n];

        if (!f->wanted[n])
            continue;
        f->ringed[n] |= node->op->shape == WEFT_ROWS;
        for (int i = 0; i < node->input_count; i++) {
            if (!wf_fuse_has_window(node)) {
                f->beyond[node->inputs[i]] |= f->beyond[n];
                continue;
            }
            if (!graph->nodes[node->inputs[i]].grid)
                return wf_fail(err, WEFT_EBUG, "a plan with a window of a number");
            f->ringed[node->inputs[i]] |= !wf_fuse_direct(graph, n, i);
            f->beyond[node->inputs[i]] |= wf_window_of(node, i).edges == WF_EDGES_EXTEND;
        }
    }
    return true;
}

static int compare_rings(const void *a, const void *b)
{
    const Ring *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/* Without parts older nodes come first, as readers are younger. */
static void list_rings(Fuse *fuse)
{
    const WfFuse *f = &fuse->f;

    fuse->ring_count = 0;
    for (WeftNode n = f->low; n <= f->high; n++)
        if (f->ringed[n])
            fuse->rings[fuse->ring_count++] =
                (Ring) { .rank = f->rank[n], .part = f->part[n] ? f->part[n] : INT_MAX, .node = n };
    if (f->part_count)
        qsort(fuse->rings, (size_t)fuse->ring_count, sizeof *fuse->rings, compare_rings);
}

/* Join the input of a node of the class. Below a ring another loop begins; files, rings and
 * neighbours of either join their readers but loosely. */
static void join_input(Fuse *fuse, WeftNode n, WeftNode input)
{
    const WfFuse *f = &fuse->f;
    const WfNode *node = &f->plan->graph->nodes[n], *below = &f->plan->graph->nodes[input];
    bool focal = wf_fuse_has_window(node);

    if (!focal && !is_raster(below))
        return;
    join(fuse->stage, n, input);
    if (f->ringed[n])
        return;
    join(fuse->loop, n, input);
    if (!focal && !f->ringed[input] && !is_source(below))
        join(fuse->loose, n, input);
}

/* Join the nodes below the targets of one class, which are marked. */
static void join_nodes(Fuse *fuse)
{
    WfFuse *f = &fuse->f;
    const WfGraph *graph = f->plan->graph;

    for (int i = 0; i < graph->source_count; i++)
        fuse->first_load[i] = WEFT_NONE;
    for (WeftNode n = f->low; n <= f->high; n++) {
        const WfNode *node = &graph->nodes[n];

        fuse->loop[n] = fuse->loose[n] = fuse->stage[n] = n;
        if (!f->wanted[n] || !is_raster(node))
            continue;
        for (int i = 0; i < node->input_count; i++)
            join_input(fuse, n, node->inputs[i]);
        if (node->op->shape == WEFT_LOAD) {
            WeftNode *first = &fuse->first_load[wf_fuse_file(f, node->source)];

            if (*first == WEFT_NONE)
                *first = n;
            join(fuse->stage, n, *first);
        }
    }
}

/* The inputs of one reduction advance together. `first` is a target of the class at hand. */
static void join_reductions(Fuse *fuse, int first)
{
    const WfPlan *plan = fuse->f.plan;

    for (int r = 0; r < plan->reduction_count; r++) {
        const WfReduction *reduction = &plan->reductions[r];

        if (!same_class(plan, first, reduction->targets[0]))
            continue;
        for (int i = 1; i < reduction->setup->input_count; i++)
            join(fuse->stage, plan->targets[reduction->targets[0]].node,
                 plan->targets[reduction->targets[i]].node);
    }
}

/* Whether a kernel of these targets is short enough and has few inputs and outputs; -1: err is
 * set. */
static int fits(Fuse *fuse, const int *targets, int count, WeftErr *err)
{
    const WfEnds ends = { .targets = targets, .target_count = count };
    bool is_short = wf_cut_fits(&fuse->f, &ends);
    int reads = wf_fuse_reads(&fuse->f, &ends, err);

    return reads < 0 ? -1 : is_short && reads + count <= KERNEL_PORTS;
}

static bool make_kernel(Fuse *fuse, const int *targets, int count, WeftErr *err)
{
    for (int i = 0; i < count; i++)
        fuse->placed[targets[i]] = true;
    return wf_fuse_kernel(&fuse->f, &(WfEnds) { .targets = targets, .target_count = count }, err);
}

/* Take from the group the first target that has no kernel, and all that share more than sources
 * with it, to the end of `part`. Gives the part's new count. */
static int take_tight(Fuse *fuse, int count, int part_count)
{
    const WfTarget *targets = fuse->f.plan->targets;
    WeftNode set = WEFT_NONE;

    for (int i = 0; i < count; i++) {
        int target = fuse->group[i];

        if (target < 0 || (set != WEFT_NONE && set_of(fuse->loose, targets[target].node) != set))
            continue;
        set = set_of(fuse->loose, targets[target].node);
        fuse->part[part_count++] = target;
        fuse->group[i] = -1;
    }
    return part_count;
}

/* The group's targets as kernels: one, or as few as their size allows. */
static bool make_kernels(Fuse *fuse, int count, WeftErr *err)
{
    int part_count = 0, fit = fits(fuse, fuse->group, count, err);

    if (fit < 0)
        return false;
    if (fit)
        return make_kernel(fuse, fuse->group, count, err);
    for (;;) {
        int more = take_tight(fuse, count, part_count);

        fit = fits(fuse, fuse->part, more, err);
        if (fit < 0)
            return false;
        if (part_count && (more == part_count || !fit)) {
            if (!make_kernel(fuse, fuse->part, part_count, err))
                return false;
            for (int i = part_count; i < more; i++)
                fuse->part[i - part_count] = fuse->part[i];
            more -= part_count;
        }
        if (!more)
            return true;
        part_count = more;
    }
}

/* One kernel fills both rings: they are handed over by one part, or results of one call of a
 * function on rows. */
static bool made_together(const WfFuse *f, WeftNode a, WeftNode b)
{
    const WfNode *nodes = f->plan->graph->nodes;

    return f->beyond[a] == f->beyond[b] &&
           ((f->part[a] && f->part[a] == f->part[b]) || wf_window_together(&nodes[a], &nodes[b]));
}

/* The kernels that fill the stage's rings. */
static bool make_rings(Fuse *fuse, WeftNode set, WeftErr *err)
{
    for (int i = 0; i < fuse->ring_count; i++) {
        WeftNode first = fuse->rings[i].node;
        int count = 0;

        if (fuse->filled[first] || set_of(fuse->stage, first) != set)
            continue;
        for (int j = i; j < fuse->ring_count; j++) {
            WeftNode node = fuse->rings[j].node;

            if (j == i || made_together(&fuse->f, first, node)) {
                fuse->together[count++] = node;
                fuse->filled[node] = true;
            }
        }
        if (!wf_fuse_kernel(&fuse->f, &(WfEnds) { .rings = fuse->together, .ring_count = count },
                            err))
            return false;
    }
    return true;
}

/* A stage of all targets of `list` that hang together with its first one without a kernel. */
static bool make_stage(Fuse *fuse, const int *list, int count, WeftErr *err)
{
    WfPlan *plan = fuse->f.plan;
    const WfTarget *targets = plan->targets;
    WeftNode set = set_of(fuse->stage, targets[list[0]].node);

    plan->stages[plan->stage_count++] = (WfStage) {
        .grid = plan->graph->nodes[targets[list[0]].node].grid,
        .window = targets[list[0]].window,
    };
    if (!make_rings(fuse, set, err))
        return false;
    for (int i = 0; i < count; i++) {
        WeftNode loop = set_of(fuse->loop, targets[list[i]].node);
        int group_count = 0;

        if (fuse->placed[list[i]] || set_of(fuse->stage, targets[list[i]].node) != set)
            continue;
        for (int j = i; j < count; j++)
            if (!fuse->placed[list[j]] && set_of(fuse->loop, targets[list[j]].node) == loop)
                fuse->group[group_count++] = list[j];
        if (!make_kernels(fuse, group_count, err))
            return false;
    }
    return true;
}

/* Cut what is too long for one kernel: what hangs together below targets, and below rings. */
static bool cut_loops(Fuse *fuse, int *list, int count, WeftErr *err)
{
    WfFuse *f = &fuse->f;

    if (wf_cut_fits(f, &(WfEnds) { .targets = list, .target_count = count }) && !fuse->ring_count)
        return true;
    for (int i = 0; i < count; i++)
        fuse->group[i] = list[i];
    for (int i = 0, part; i < count; i++) {
        part = fuse->group[i] < 0 ? 0 : take_tight(fuse, count, 0);
        if (part && !wf_cut(f, &(WfEnds) { .targets = fuse->part, .target_count = part }, err))
            return false;
    }
    for (int i = 0; i < fuse->ring_count; i++)
        if (!wf_cut(f, &(WfEnds) { .rings = &fuse->rings[i].node, .ring_count = 1 }, err))
            return false;
    mark_class(f, list, count);
    list_rings(fuse);
    join_nodes(fuse);
    return true;
}

/* All targets of one grid and window: those from `first` on that have no kernel and its class. */
static bool fuse_class(Fuse *fuse, int first, int *list, WeftErr *err)
{
    WfPlan *plan = fuse->f.plan;
    int count = 0;

    for (int t = first; t < plan->target_count; t++)
        if (!fuse->placed[t] && same_class(plan, first, t))
            list[count++] = t;
    mark_class(&fuse->f, list, count);
    if (!find_rings(fuse, err))
        return false;
    wf_cut_ranks(&fuse->f);
    list_rings(fuse);
    join_nodes(fuse);
    if (!cut_loops(fuse, list, count, err))
        return false;
    join_reductions(fuse, first);
    for (int i = 0; i < count; i++)
        if (!fuse->placed[list[i]] && !make_stage(fuse, list + i, count - i, err))
            return false;
    return true;
}

static bool make_room(Fuse *fuse, WeftErr *err)
{
    WfFuse *f = &fuse->f;
    size_t nodes = (size_t)f->plan->graph->count, targets = (size_t)f->plan->target_count;
    size_t sources = (size_t)f->plan->graph->source_count + 1;

    fuse->loop = wf_arena_zalloc(f->arena, nodes * sizeof *fuse->loop, err);
    fuse->loose = wf_arena_zalloc(f->arena, nodes * sizeof *fuse->loose, err);
    fuse->stage = wf_arena_zalloc(f->arena, nodes * sizeof *fuse->stage, err);
    fuse->rings = wf_arena_zalloc(f->arena, nodes * sizeof *fuse->rings, err);
    fuse->together = wf_arena_zalloc(f->arena, nodes * sizeof *fuse->together, err);
    fuse->filled = wf_arena_zalloc(f->arena, nodes * sizeof *fuse->filled, err);
    fuse->first_load = wf_arena_zalloc(f->arena, sources * sizeof *fuse->first_load, err);
    fuse->placed = wf_arena_zalloc(f->arena, targets * sizeof *fuse->placed, err);
    fuse->group = wf_arena_zalloc(f->arena, targets * sizeof *fuse->group, err);
    fuse->part = wf_arena_zalloc(f->arena, targets * sizeof *fuse->part, err);
    f->wanted = wf_arena_zalloc(f->arena, nodes * sizeof *f->wanted, err);
    f->ringed = wf_arena_zalloc(f->arena, nodes * sizeof *f->ringed, err);
    f->beyond = wf_arena_zalloc(f->arena, nodes * sizeof *f->beyond, err);
    f->rank = wf_arena_zalloc(f->arena, nodes * sizeof *f->rank, err);
    f->part = wf_arena_zalloc(f->arena, nodes * sizeof *f->part, err);
    f->ring = wf_arena_zalloc(f->arena, nodes * sizeof *f->ring, err);
    f->watcher = wf_arena_zalloc(f->arena, nodes * sizeof *f->watcher, err);
    f->file = wf_arena_zalloc(f->arena, sources * sizeof *f->file, err);
    if (!fuse->loop || !fuse->loose || !fuse->stage || !fuse->rings || !fuse->together ||
        !fuse->filled || !fuse->first_load || !fuse->placed || !fuse->group || !fuse->part ||
        !f->wanted || !f->ringed || !f->beyond || !f->ring || !f->watcher || !f->file)
        return false;
    for (size_t i = 0; i < sources; i++)
        f->file[i] = -1;
    return true;
}

static bool fuse_all(Fuse *fuse, WeftErr *err)
{
    WfPlan *plan = fuse->f.plan;
    int *list = wf_arena_zalloc(fuse->f.arena, (size_t)plan->target_count * sizeof *list, err);

    if (!list || !make_room(fuse, err))
        return false;
    for (int t = 0; t < plan->target_count; t++)
        if (!fuse->placed[t] && !fuse_class(fuse, t, list, err))
            return false;
    return true;
}

/* All of the graph: few, and the same for all plans of one graph. */
static bool list_scalars(WfPlan *plan, WeftErr *err)
{
    const WfGraph *graph = plan->graph;

    for (int pass = 0; pass < 2; pass++) {
        int count = 0;

        for (WeftNode n = 0; n < graph->count; n++)
            if (graph->nodes[n].op->shape == WEFT_SCALAR && count++ >= 0 && pass == 1)
                plan->scalars[count - 1] = n;
        if (pass == 0)
            plan->scalars =
                wf_arena_zalloc(plan->arena, (size_t)(count + 1) * sizeof *plan->scalars, err);
        if (!plan->scalars)
            return false;
        plan->scalar_count = count;
    }
    return true;
}

bool wf_fuse(WfPlan *plan, WeftErr *err)
{
    size_t targets = (size_t)plan->target_count, sources = (size_t)plan->graph->source_count + 1;
    Fuse fuse = { .f = { .plan = plan, .arena = wf_arena_new(err) } };
    bool done = false;

    plan->outputs = wf_arena_zalloc(plan->arena, targets * sizeof *plan->outputs, err);
    plan->stages = wf_arena_zalloc(plan->arena, targets * sizeof *plan->stages, err);
    plan->files = wf_arena_zalloc(plan->arena, sources * sizeof *plan->files, err);
    if (!fuse.f.arena || !plan->outputs || !plan->stages || !plan->files)
        goto fail;
    if (!list_scalars(plan, err))
        goto fail;
    plan->output_count = plan->target_count;
    for (int t = 0; t < plan->target_count; t++)
        plan->outputs[t] = (WfPlanOutput) {
            .target = t,
            .node = plan->targets[t].node,
            .type = plan->targets[t].type,
        };
    done = fuse_all(&fuse, err);
fail:
    wf_arena_free(fuse.f.arena);
    return done;
}
