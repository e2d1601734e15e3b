/*
 * place.c - the order of tiles, and which NUMA node owns which.
 *
 * Tiles of a stage follow one another row by row (or column by column), stages one after another,
 * those that share files together. That order is cut into one run for each node with active
 * workers, in proportion to them; where the graph falls apart into branches that share no file,
 * whole branches are dealt out if that is fair enough. The order of admission takes from the runs
 * in turn, in proportion, so that all nodes end together. Needs: tile. Writes tasks, ledger's turn
 * and place.
 */
#include "plan/parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Dealing out whole branches may load one node this much more than its share. */
#define UNFAIR 1.25
/* A cut may move by this part of a run to where fewer bytes cross it. */
#define SHIFT 0.25

/* A row of tiles, or a column where tiles go by columns. */
typedef struct Line {
    int stage;
    int64_t turn;  /* of its first tile, over all stages */
    double before; /* work in all lines before it */
} Line;

typedef struct Place {
    WfPlan *plan;
    WfArena *arena;
    int *branch;  /* of each stage: the first stage it hangs together with */
    int *order;   /* stages as they follow one another */
    int *node_of; /* of each branch, where branches are dealt out */
    double *work; /* of each stage; a branch's first stage: in `branch_work` */
    double *branch_work;
    double total;
    Line *lines; /* and one more at the end */
    int64_t line_count;
    int64_t *cut;  /* node n owns turns cut[n] ... cut[n + 1] - 1 */
    int64_t *next; /* of each node's run, while tasks are written */
    int *at;       /* place in order of the stage of `next` */
} Place;

static double stage_work(const WfPlan *plan, const WfStage *stage)
{
    return (double)wf_rect_area(stage->window) *
           (double)(wf_stage_pixel_bytes(plan, stage) + stage->kernel_count);
}

static int64_t stage_tiles(const WfStage *stage)
{
    return stage->tiles_x * stage->tiles_y;
}

static int branch_of(int *branch, int stage)
{
    while (branch[stage] != stage)
        stage = branch[stage] = branch[branch[stage]];
    return stage;
}

/* Stages that read one file belong together. */
static void find_branches(Place *p)
{
    const WfPlan *plan = p->plan;

    for (int s = 0; s < plan->stage_count; s++)
        p->branch[s] = s;
    for (int f = 0; f < plan->file_count; f++) {
        for (int i = 1; i < plan->files[f].stage_count; i++) {
            int a = branch_of(p->branch, plan->files[f].stages[0]);
            int b = branch_of(p->branch, plan->files[f].stages[i]);

            p->branch[a < b ? b : a] = a < b ? a : b;
        }
    }
    for (int s = 0; s < plan->stage_count; s++) {
        p->branch[s] = branch_of(p->branch, s);
        p->work[s] = stage_work(plan, &plan->stages[s]);
        p->branch_work[p->branch[s]] += p->work[s];
        p->total += p->work[s];
    }
}

/* The heaviest branch that is not dealt out yet, or -1. */
static int heaviest_branch(const Place *p)
{
    int best = -1;

    for (int s = 0; s < p->plan->stage_count; s++)
        if (p->branch[s] == s && p->node_of[s] < 0 &&
            (best < 0 || p->branch_work[s] > p->branch_work[best]))
            best = s;
    return best;
}

/* Deal the branches out to nodes, heaviest first, each to the node that is done first with it.
 * False: there are too few, or one node would have too much. */
static bool deal_branches(Place *p, double *load)
{
    const WfPlan *plan = p->plan;
    int branches = 0, nodes = 0, branch;

    for (int n = 0; n < plan->machine->node_count; n++)
        nodes += wf_plan_active(plan, n) > 0;
    for (int s = 0; s < plan->stage_count; s++) {
        p->node_of[s] = -1;
        branches += p->branch[s] == s;
    }
    if (nodes < 2 || branches < nodes)
        return false;
    while ((branch = heaviest_branch(p)) >= 0) {
        int best = -1;
        double least = INFINITY;

        for (int n = 0; n < plan->machine->node_count; n++) {
            int active = wf_plan_active(plan, n);
            double end = active ? (load[n] + p->branch_work[branch]) / active : INFINITY;

            if (end < least) {
                least = end;
                best = n;
            }
        }
        if (least > UNFAIR * p->total / plan->active_workers)
            return false;
        p->node_of[branch] = best;
        load[best] += p->branch_work[branch];
    }
    return true;
}

/* Stages in order: by node where branches are dealt out, then branch by branch. */
static void order_stages(Place *p, bool dealt)
{
    const WfPlan *plan = p->plan;
    int64_t turn = 0;
    int count = 0, nodes = dealt ? plan->machine->node_count : 1;

    for (int n = 0; n < nodes; n++) {
        if (dealt)
            p->cut[n] = turn;
        for (int b = 0; b < plan->stage_count; b++) {
            if (p->branch[b] != b || (dealt && p->node_of[b] != n))
                continue;
            for (int s = b; s < plan->stage_count; s++) {
                if (p->branch[s] != b)
                    continue;
                p->order[count++] = s;
                plan->ledger->turn[s] = turn;
                turn += stage_tiles(&plan->stages[s]);
            }
        }
    }
    p->cut[plan->machine->node_count] = turn;
}

static WfRect line_rect(const WfStage *stage, int64_t line)
{
    WfRect rect = stage->window;

    if (stage->by_columns) {
        rect.x0 = stage->window.x0 + line * stage->tile_width;
        rect.x1 = rect.x0 + stage->tile_width;
    } else {
        rect.y0 = stage->window.y0 + line * stage->tile_height;
        rect.y1 = rect.y0 + stage->tile_height;
    }
    return wf_rect_meet(rect, stage->window);
}

static bool list_lines(Place *p, WeftErr *err)
{
    const WfPlan *plan = p->plan;
    double before = 0;
    int64_t next = 0;

    for (int s = 0; s < plan->stage_count; s++)
        p->line_count +=
            plan->stages[s].by_columns ? plan->stages[s].tiles_x : plan->stages[s].tiles_y;
    p->lines = wf_arena_zalloc(p->arena, (size_t)(p->line_count + 1) * sizeof(Line), err);
    if (!p->lines)
        return false;
    for (int i = 0; i < plan->stage_count; i++) {
        int s = p->order[i];
        const WfStage *stage = &plan->stages[s];
        int64_t across = stage->by_columns ? stage->tiles_y : stage->tiles_x;

        for (int64_t line = 0; line < stage_tiles(stage) / across; line++) {
            p->lines[next++] = (Line) {
                .stage = s,
                .turn = plan->ledger->turn[s] + line * across,
                .before = before,
            };
            before += p->work[s] * (double)wf_rect_area(line_rect(stage, line)) /
                      (double)wf_rect_area(stage->window);
        }
    }
    p->lines[next] = (Line) { .stage = -1, .turn = plan->task_count, .before = before };
    return true;
}

/* Bytes of blocks that are read on both sides of the cut before line i. */
static double bytes_across(const Place *p, int64_t i)
{
    const WfPlan *plan = p->plan;
    const Line *above = &p->lines[i - 1], *below = &p->lines[i];
    const WfStage *a = &plan->stages[above->stage], *b = &plan->stages[below->stage];
    int64_t across = a->by_columns ? a->tiles_y : a->tiles_x;
    int64_t line = (above->turn - plan->ledger->turn[above->stage]) / across;
    WfRect rect_a = a == b ? line_rect(a, line) : a->window;
    WfRect rect_b = a == b ? line_rect(b, line + 1) : b->window;
    double bytes = 0;

    for (int k = 0; k < a->file_count; k++) {
        const WfPlanFile *file = &plan->files[a->files[k]];
        int other = wf_stage_file(b, a->files[k]);
        WfRect cells = wf_file_cells(file, wf_tile_file_rect(plan, a, k, rect_a));

        if (other < 0)
            continue;
        cells = wf_rect_meet(cells, wf_file_cells(file, wf_tile_file_rect(plan, b, other, rect_b)));
        bytes += (double)wf_rect_area(cells) * (double)file->block_bytes;
    }
    return bytes;
}

/* Whether a cut may move to before line k from where `ideal` work lies before it: by a part of the
 * run's work, and wherever a run has whole lines to the nearest one, as a cut inside a line divides
 * all strips under it; the node that is done first can still help the other. */
static bool may_cut(const Place *p, int64_t k, double ideal, double run)
{
    const Line *line = &p->lines[k];
    double off = fabs(line->before - ideal);
    double above = line->before - line[-1].before, below = line[1].before - line->before;
    double height = line->before > ideal ? above : below; /* of the line that is cut */

    return off <= SHIFT * run || (off <= height / 2 && height <= run);
}

/* The turn that ends a run of so much work that begins at `after`, with `ideal` work before it. */
static int64_t pick_cut(const Place *p, double ideal, double run, int64_t after)
{
    int64_t best = -1, i = 0;
    double least = INFINITY, part;
    const Line *line;

    for (int64_t k = 1; k < p->line_count; k++) {
        double off = fabs(p->lines[k].before - ideal), bytes;

        if (p->lines[k].turn <= after || !may_cut(p, k, ideal, run))
            continue;
        bytes = bytes_across(p, k);
        if (bytes < least || (bytes == least && off < fabs(p->lines[best].before - ideal))) {
            least = bytes;
            best = k;
        }
    }
    if (best >= 0)
        return p->lines[best].turn;
    while (i + 1 < p->line_count && p->lines[i + 1].before <= ideal)
        i++;
    line = &p->lines[i];
    part = (ideal - line->before) / (line[1].before - line->before);
    return line->turn + llround(part * (double)(line[1].turn - line->turn));
}

static void cut_runs(Place *p)
{
    const WfPlan *plan = p->plan;
    double per_worker = p->total / plan->active_workers;
    int workers = 0;

    p->cut[0] = 0;
    for (int n = 0; n < plan->machine->node_count; n++) {
        int active = wf_plan_active(plan, n);

        workers += active;
        if (workers == plan->active_workers)
            p->cut[n + 1] = plan->task_count;
        else if (!active)
            p->cut[n + 1] = p->cut[n];
        else
            p->cut[n + 1] = pick_cut(p, per_worker * workers, per_worker * active, p->cut[n]);
        if (p->cut[n + 1] < p->cut[n])
            p->cut[n + 1] = p->cut[n];
    }
}

/* The next task of a node's run, at place `place` of the order of admission. */
static void write_task(Place *p, int node, int64_t place)
{
    WfPlan *plan = p->plan;
    int64_t turn = p->next[node]++;
    const WfStage *stage = &plan->stages[p->order[p->at[node]]];

    while (turn >= plan->ledger->turn[p->order[p->at[node]]] + stage_tiles(stage))
        stage = &plan->stages[p->order[++p->at[node]]];
    plan->tasks[place] = (WfTask) {
        .stage = p->order[p->at[node]],
        .node = node,
        .tile = wf_tile_at(stage, turn - plan->ledger->turn[p->order[p->at[node]]]),
    };
    plan->ledger->place[turn] = (uint32_t)place;
}

/* After each round every run has given the same part of itself, as nearly as whole tiles allow. */
static void take_in_turn(Place *p)
{
    int nodes = p->plan->machine->node_count;
    int64_t rounds = 0, place = 0;

    for (int n = 0; n < nodes; n++) {
        p->next[n] = p->cut[n];
        if (p->cut[n + 1] - p->cut[n] > rounds)
            rounds = p->cut[n + 1] - p->cut[n];
    }
    for (int64_t round = 1; round <= rounds; round++)
        for (int n = 0; n < nodes; n++)
            while ((p->next[n] - p->cut[n]) * rounds < round * (p->cut[n + 1] - p->cut[n]) &&
                   p->next[n] < p->cut[n + 1])
                write_task(p, n, place++);
    assert(place == p->plan->task_count);
}

/* Room for all tiles. */
static bool count_tasks(WfPlan *plan, WeftErr *err)
{
    WfLedger *ledger = plan->ledger;
    void *grown;

    plan->task_count = 0;
    for (int s = 0; s < plan->stage_count; s++)
        plan->task_count += stage_tiles(&plan->stages[s]);
    if (plan->task_count > INT32_MAX) {
        wf_fail(err, WEFT_EARG, "the rasters fall into %lld tiles, more than can be handled",
                (long long)plan->task_count);
        return wf_hint(err, "larger tiles: --tile 4096");
    }
    if (plan->task_count <= ledger->task_room)
        return true;
    grown = wf_realloc(plan->tasks, (size_t)plan->task_count, sizeof *plan->tasks, err);
    if (!grown)
        return false;
    plan->tasks = grown;
    grown = wf_realloc(ledger->place, (size_t)plan->task_count, sizeof *ledger->place, err);
    if (!grown)
        return false;
    ledger->place = grown;
    ledger->task_room = plan->task_count;
    return true;
}

static bool place_all(Place *p, WeftErr *err)
{
    WfPlan *plan = p->plan;
    size_t stages = (size_t)plan->stage_count, nodes = (size_t)plan->machine->node_count;
    double *load = wf_arena_zalloc(p->arena, nodes * sizeof *load, err);
    bool dealt;

    p->branch = wf_arena_zalloc(p->arena, stages * sizeof *p->branch, err);
    p->order = wf_arena_zalloc(p->arena, stages * sizeof *p->order, err);
    p->node_of = wf_arena_zalloc(p->arena, stages * sizeof *p->node_of, err);
    p->work = wf_arena_zalloc(p->arena, stages * sizeof *p->work, err);
    p->branch_work = wf_arena_zalloc(p->arena, stages * sizeof *p->branch_work, err);
    p->cut = wf_arena_zalloc(p->arena, (nodes + 1) * sizeof *p->cut, err);
    p->next = wf_arena_zalloc(p->arena, nodes * sizeof *p->next, err);
    p->at = wf_arena_zalloc(p->arena, nodes * sizeof *p->at, err);
    if (!load || !p->branch || !p->order || !p->node_of || !p->work || !p->branch_work || !p->cut ||
        !p->next || !p->at || !count_tasks(plan, err))
        return false;
    find_branches(p);
    dealt = deal_branches(p, load);
    order_stages(p, dealt);
    if (!dealt) {
        if (!list_lines(p, err))
            return false;
        cut_runs(p);
    }
    take_in_turn(p);
    return true;
}

int wf_plan_active(const WfPlan *plan, int node)
{
    const WfMachine *machine = plan->machine;
    int64_t before = 0;

    /* Shares are the differences of rounded sums, so they add up. */
    for (int n = 0; n < node; n++)
        before += machine->nodes[n].worker_count;
    return (int)((before + machine->nodes[node].worker_count) * plan->active_workers /
                     machine->worker_count -
                 before * plan->active_workers / machine->worker_count);
}

bool wf_place(WfPlan *plan, WeftErr *err)
{
    Place p = { .plan = plan, .arena = wf_arena_new(err) };
    bool done = p.arena && place_all(&p, err);

    wf_arena_free(p.arena);
    return done;
}
