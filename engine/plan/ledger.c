/*
 * ledger.c - how many tasks need each block, when the first and the last does, and shoulders.
 *
 * Readers of a block are a rectangle of tiles in each stage, so all is counted by arithmetic, line
 * by line of tiles, never tile by tile. Needs: place. Writes the ledger's arrays of blocks,
 * blocks_in_files and bytes_across.
 */
#include "plan/parts.h"

#include <string.h>

/* More lines than this read a block only where tiles are far smaller than it; no shoulder helps. */
enum { GROUPS = 64 };

/* Tiles of one line of a stage and one node that read a block. */
typedef struct Group {
    uint32_t first, last; /* places of its tasks */
    int64_t count;
    int stage, at; /* the file's place in stage->files */
    int64_t tile, tile_last;
} Group;

/* What reads one block. */
typedef struct Uses {
    int64_t readers;
    uint32_t first, last;
    uint64_t nodes[WF_NODES_MAX / 64];
    int group_count; /* GROUPS + 1: too many to tell apart */
    Group group[GROUPS];
} Uses;

/* A file and its block at hand. */
typedef struct Cursor {
    WfPlan *plan;
    int file;
    const int *at; /* for each of the file's stages: its place in stage->files */
    WfRect pixels; /* of the block */
    int64_t block;
} Cursor;

static void add_group(const WfPlan *plan, Uses *uses, Group group)
{
    int node = plan->tasks[group.first].node;

    uses->nodes[node / 64] |= (uint64_t)1 << (node % 64);
    if (!uses->readers || group.first < uses->first)
        uses->first = group.first;
    if (!uses->readers || group.last > uses->last)
        uses->last = group.last;
    uses->readers += group.count;
    if (uses->group_count < GROUPS)
        uses->group[uses->group_count++] = group;
    else
        uses->group_count = GROUPS + 1;
}

/* Tiles `turn` ... `end` - 1 of a stage read the block; a cut between nodes may lie among them. */
static void add_line(const WfPlan *plan, Uses *uses, Group group, int64_t turn, int64_t end)
{
    const WfStage *stage = &plan->stages[group.stage];
    const uint32_t *place = plan->ledger->place + plan->ledger->turn[group.stage];
    int64_t stop = end;

    while (turn < end) {
        int node = plan->tasks[place[turn]].node;

        if (plan->tasks[place[end - 1]].node != node)
            for (stop = turn + 1; plan->tasks[place[stop]].node == node;)
                stop++;
        else
            stop = end;
        group.first = place[turn];
        group.last = place[stop - 1];
        group.count = stop - turn;
        group.tile = wf_tile_at(stage, turn);
        group.tile_last = wf_tile_at(stage, stop - 1);
        add_group(plan, uses, group);
        turn = stop;
    }
}

static void find_uses(const Cursor *c, Uses *uses)
{
    const WfPlanFile *file = &c->plan->files[c->file];

    uses->readers = 0;
    uses->group_count = 0;
    memset(uses->nodes, 0, sizeof uses->nodes);
    for (int i = 0; i < file->stage_count; i++) {
        const WfStage *stage = &c->plan->stages[file->stages[i]];
        WfRect tiles = wf_tile_readers(stage, c->at[i], c->pixels);
        Group group = { .stage = file->stages[i], .at = c->at[i] };

        if (stage->by_columns)
            for (int64_t tx = tiles.x0; tx < tiles.x1; tx++)
                add_line(c->plan, uses, group, wf_tile_turn(stage, tx, tiles.y0),
                         wf_tile_turn(stage, tx, tiles.y1 - 1) + 1);
        else
            for (int64_t ty = tiles.y0; ty < tiles.y1; ty++)
                add_line(c->plan, uses, group, wf_tile_turn(stage, tiles.x0, ty),
                         wf_tile_turn(stage, tiles.x1 - 1, ty) + 1);
    }
}

/* Pixels of the block that a group reads. */
static WfRect group_pixels(const Cursor *c, const Group *group)
{
    const WfStage *stage = &c->plan->stages[group->stage];
    WfRect rect =
        wf_rect_join(wf_tile_rect(stage, group->tile), wf_tile_rect(stage, group->tile_last));

    return wf_rect_meet(wf_tile_file_rect(c->plan, stage, group->at, rect), c->pixels);
}

static void sort_groups(Uses *uses)
{
    for (int i = 1; i < uses->group_count; i++) {
        Group group = uses->group[i];
        int k = i;

        for (; k > 0 && uses->group[k - 1].last > group.last; k--)
            uses->group[k] = uses->group[k - 1];
        uses->group[k] = group;
    }
}

/* Bytes times tasks that a block takes with a shoulder for what comes after group k: both from the
 * first reader to the last early one, then the shoulder alone. */
static double shoulder_cost(const Uses *uses, double block, double shoulder, int k)
{
    double early = (double)uses->group[k].last + 1;

    return (block + shoulder) * (early - uses->first) + shoulder * (uses->last + 1 - early);
}

/* Whether the block's readers fall into an early and a late group in such a way that keeping what
 * the late ones need takes less memory over time than keeping the block. */
static bool find_shoulder(const Cursor *c, Uses *uses, WfKept *kept)
{
    const WfPlanFile *file = &c->plan->files[c->file];
    double block = (double)file->block_bytes;
    double least = block * ((double)uses->last + 1 - uses->first);
    int64_t late_readers = 0;
    uint32_t late_first = UINT32_MAX;
    WfRect late = { 0 };
    bool found = false;

    sort_groups(uses);
    for (int k = uses->group_count - 2; k >= 0; k--) {
        const Group *group = &uses->group[k + 1];
        size_t bytes;
        double cost;

        late = wf_rect_join(late, group_pixels(c, group));
        late_readers += group->count;
        if (group->first < late_first)
            late_first = group->first;
        bytes = wf_shoulder_offset(file, late, file->band_count);
        cost = shoulder_cost(uses, block, (double)bytes, k);
        if (uses->group[k].last >= late_first || 2 * bytes > file->block_bytes || cost >= least)
            continue;
        least = cost;
        found = true;
        *kept = (WfKept) {
            .block = c->block,
            .file = c->file,
            .early = uses->group[k].last,
            .shoulder = { .early_readers = uses->readers - late_readers,
                          .late = late,
                          .bytes = wf_align_up(bytes) },
        };
    }
    return found;
}

static int64_t node_count(const Uses *uses)
{
    int64_t count = 0;

    for (int i = 0; i < WF_NODES_MAX / 64; i++)
        count += __builtin_popcountll(uses->nodes[i]);
    return count;
}

/* An earlier block of the span that is read is the same one of the file. */
static bool is_copy(const WfPlan *plan, const WfPlanFile *file, int64_t block)
{
    int64_t at = block - file->block_first, x = at % file->blocks_x, y = at / file->blocks_x;

    for (int64_t by = y % file->down; by <= y; by += file->down)
        for (int64_t bx = x % file->across; bx < file->blocks_x; bx += file->across)
            if ((by < y || bx < x) &&
                plan->ledger->readers[file->block_first + by * file->blocks_x + bx])
                return true;
    return false;
}

static bool note_block(const Cursor *c, Uses *uses, WeftErr *err)
{
    WfLedger *ledger = c->plan->ledger;
    WfKept kept;

    const WfPlanFile *file = &c->plan->files[c->file];

    find_uses(c, uses);
    ledger->readers[c->block] = (uint32_t)uses->readers;
    if (!uses->readers)
        return true;
    ledger->first[c->block] = uses->first;
    ledger->last[c->block] = uses->last;
    c->plan->blocks_in_files += !is_copy(c->plan, file, c->block);
    c->plan->bytes_across += (node_count(uses) - 1) * (int64_t)c->plan->files[c->file].block_bytes;
    if (uses->group_count < 2 || uses->group_count > GROUPS || !find_shoulder(c, uses, &kept))
        return true;
    if (!wf_grow(&ledger->kept, ledger->kept_count, &ledger->kept_room, sizeof *ledger->kept, err))
        return false;
    ledger->kept[ledger->kept_count++] = kept;
    return true;
}

static bool note_file(WfPlan *plan, int number, int *at, Uses *uses, WeftErr *err)
{
    const WfPlanFile *file = &plan->files[number];
    WfRect cells = wf_file_cells(file, file->needed);
    Cursor c = { .plan = plan, .file = number, .at = at };

    for (int i = 0; i < file->stage_count; i++)
        at[i] = wf_stage_file(&plan->stages[file->stages[i]], number);
    for (int64_t by = cells.y0; by < cells.y1; by++) {
        for (int64_t bx = cells.x0; bx < cells.x1; bx++) {
            c.pixels = wf_file_block(file, bx, by);
            c.block = file->block_first + by * file->blocks_x + bx;
            if (!note_block(&c, uses, err))
                return false;
        }
    }
    return true;
}

/* The arrays of blocks do not depend on the tiles: they are made once. */
static bool make_room(WfPlan *plan, WeftErr *err)
{
    WfLedger *ledger = plan->ledger;
    size_t blocks = (size_t)plan->block_count;

    if (ledger->last)
        return true;
    ledger->readers = wf_calloc(blocks, sizeof *ledger->readers, err);
    ledger->first = wf_calloc(blocks, sizeof *ledger->first, err);
    ledger->last = wf_calloc(blocks, sizeof *ledger->last, err);
    return ledger->readers && ledger->first && ledger->last;
}

unsigned wf_ledger_stays(const WfPlan *plan, int64_t block)
{
    return plan->ledger->stays ? plan->ledger->stays[block] : WF_STAYS_NOT;
}

static const WfKept *find_kept(const WfPlan *plan, int64_t block)
{
    const WfLedger *ledger = plan->ledger;
    int low = 0, high = ledger->kept_count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (ledger->kept[middle].block < block)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == ledger->kept_count || ledger->kept[low].block != block ||
        plan->files[ledger->kept[low].file].redecode || wf_ledger_stays(plan, block))
        return NULL;
    return &ledger->kept[low];
}

bool wf_ledger(WfPlan *plan, WeftErr *err)
{
    int *at = wf_calloc((size_t)plan->stage_count, sizeof *at, err);
    Uses *uses = wf_zalloc(sizeof *uses, err);
    bool done = at && uses && make_room(plan, err);

    plan->ledger->kept_count = 0;
    plan->blocks_in_files = 0;
    plan->bytes_across = 0;
    for (int f = 0; done && f < plan->file_count; f++)
        done = note_file(plan, f, at, uses, err);
    wf_free(uses);
    wf_free(at);
    return done;
}

int64_t wf_ledger_readers(const WfPlan *plan, int64_t block)
{
    return plan->ledger->readers[block];
}

bool wf_ledger_shoulder(const WfPlan *plan, int64_t block, WfShoulder *shoulder)
{
    const WfKept *kept = find_kept(plan, block);

    if (kept)
        *shoulder = kept->shoulder;
    return kept != NULL;
}

bool wf_ledger_is_early(const WfPlan *plan, int64_t block, int64_t task)
{
    const WfKept *kept = find_kept(plan, block);

    return !kept || task <= kept->early;
}
