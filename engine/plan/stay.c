/*
 * stay.c - which decoded blocks remain in memory from one of several plans to a later one.
 *
 * A block remains from a plan that reads it to the next one that does, where all plans from the one
 * to the other have room for it beside what they predict. Blocks are tried in the order in which
 * the first of the plans admits them, so that where room is short each memory node keeps its part.
 * Plans themselves stay as they are: what remains is taken from what their budget leaves. As a
 * block that stays needs nothing of the credit for blocks, plans give back of it what nobody can
 * need any more, and more blocks are tried. Needs: finished plans. Writes their ledger's stays, the
 * stay of their files, memory's blocks, stock and predicted, blocks and bytes planned.
 */
#include "plan/stay.h"

#include <stdlib.h>
#include <string.h>

#include "plan/parts.h"

enum { ROUNDS = 4 };

/* A block that several plans need. */
typedef struct Wish {
    int64_t x, y; /* in the file itself */
    int plan;     /* that needs it first */
    uint32_t place;
} Wish;

/* One file in one layout, as several plans decode it. */
typedef struct Shared {
    int *file;    /* its number in each plan; -1: not read, or not so */
    int first;    /* the first of these plans */
    Wish *wishes; /* in the order in which they are tried */
    int64_t wish_count;
} Shared;

typedef struct Stay {
    WfPlan *const *plans;
    int count;
    int64_t *room; /* of each plan: bytes that are left */
    int64_t *node; /* of each memory node, likewise */
    Shared *shared;
    int shared_count, shared_room;
    int64_t added; /* blocks found to stay in a round */
} Stay;

/* ------------------------------------------------------------------------------- files */

static bool same_blocks(const WfPlanFile *a, const WfPlanFile *b)
{
    return a->store == b->store && a->width == b->width && a->height == b->height &&
           a->block_width == b->block_width && a->block_height == b->block_height &&
           a->band_count == b->band_count &&
           memcmp(a->bands, b->bands, (size_t)a->band_count * sizeof *a->bands) == 0;
}

static const WfPlanFile *file_of(const Stay *s, const Shared *shared, int plan)
{
    return shared->file[plan] < 0 ? NULL : &s->plans[plan]->files[shared->file[plan]];
}

static Shared *find_shared(const Stay *s, const WfPlanFile *file)
{
    for (int i = 0; i < s->shared_count; i++)
        if (same_blocks(file_of(s, &s->shared[i], s->shared[i].first), file))
            return &s->shared[i];
    return NULL;
}

static Shared *add_shared(Stay *s, int plan, WeftErr *err)
{
    Shared *added;

    if (!wf_grow(&s->shared, s->shared_count, &s->shared_room, sizeof *s->shared, err))
        return NULL;
    added = &s->shared[s->shared_count];
    *added = (Shared) { .first = plan };
    added->file = wf_calloc((size_t)s->count, sizeof *added->file, err);
    if (!added->file)
        return NULL;
    for (int p = 0; p < s->count; p++)
        added->file[p] = -1;
    s->shared_count++;
    return added;
}

static bool was_read(const Stay *s, int plan, int store)
{
    for (int p = 0; p < plan; p++)
        for (int f = 0; f < s->plans[p]->file_count; f++)
            if (s->plans[p]->files[f].store == store)
                return true;
    return false;
}

/* The files whose blocks may be worth it, each with the plans that read it. */
static bool list_shared(Stay *s, WeftErr *err)
{
    for (int p = 0; p < s->count; p++) {
        for (int f = 0; f < s->plans[p]->file_count; f++) {
            WfPlanFile *file = &s->plans[p]->files[f];
            Shared *shared;

            file->stay.again = was_read(s, p, file->store);
            if (!file->costly || file->redecode)
                continue;
            shared = find_shared(s, file);
            if (!shared && !(shared = add_shared(s, p, err)))
                return false;
            shared->file[p] = f;
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------- blocks */

/* The next needed copy of a block (x, y) in the span of a plan's file after number `after` (-1: the
 * first one), or -1. */
static int64_t next_copy(const WfPlan *plan, const WfPlanFile *file, const Wish *wish,
                         int64_t after)
{
    for (int64_t y = wish->y; y < file->blocks_y; y += file->down) {
        for (int64_t x = wish->x; x < file->blocks_x; x += file->across) {
            int64_t block = file->block_first + y * file->blocks_x + x;

            if (block > after && plan->ledger->readers[block])
                return block;
        }
    }
    return -1;
}

static int64_t first_copy(const Stay *s, const Shared *shared, int plan, const Wish *wish)
{
    const WfPlanFile *file = file_of(s, shared, plan);

    return file ? next_copy(s->plans[plan], file, wish, -1) : -1;
}

/* The memory node on which a plan decodes a block. */
static int node_of(const WfPlan *plan, int64_t block)
{
    return plan->tasks[plan->ledger->first[block]].node;
}

static bool is_there(const WfPlan *plan, int64_t block)
{
    return wf_ledger_stays(plan, block) & WF_STAYS_FROM;
}

/* Bytes of a block that is in `from` anyhow, or not yet, are left in all plans up to `to`. */
static bool has_room(const Stay *s, int from, int to, int64_t block, int64_t bytes)
{
    bool there = is_there(s->plans[from], block);

    for (int p = from + there; p <= to; p++)
        if (s->room[p] < bytes)
            return false;
    return there || s->node[node_of(s->plans[from], block)] >= bytes;
}

static void take_room(Stay *s, int from, int to, int64_t block, int64_t bytes)
{
    bool there = is_there(s->plans[from], block);

    for (int p = from + there; p <= to; p++) {
        s->room[p] -= bytes;
        s->plans[p]->memory.stock += bytes;
        s->plans[p]->memory.predicted += bytes;
    }
    if (!there)
        s->node[node_of(s->plans[from], block)] -= bytes;
}

/* The one plan that all counted so far name, or -1. */
static int same_plan(int64_t counted, int plan, int other)
{
    return counted == 0 || plan == other ? other : -1;
}

/* The block needs no decoding in a plan: any of its copies. */
static void mark_there(WfPlan *plan, WfPlanFile *file, const Wish *wish, int decoder)
{
    for (int64_t b = next_copy(plan, file, wish, -1); b >= 0; b = next_copy(plan, file, wish, b)) {
        int64_t at = b - file->block_first;
        WfRect pixels = wf_file_block(file, at % file->blocks_x, at / file->blocks_x);

        plan->ledger->stays[b] |= WF_STAYS_FROM;
        plan->blocks_planned--;
        plan->blocks_stocked++;
        plan->bytes_planned -= wf_rect_area(pixels) * wf_file_pixel_bytes(file);
        file->stay.from = same_plan(file->stay.there, file->stay.from, decoder);
        file->stay.there++;
    }
}

/* A plan leaves the block behind: what is there, or else one of the copies that it decodes. */
static void mark_remaining(WfPlan *plan, WfPlanFile *file, const Wish *wish, int next)
{
    int64_t block = next_copy(plan, file, wish, -1);
    bool there = is_there(plan, block);

    plan->ledger->stays[block] |= WF_STAYS_ON;
    while (there && (block = next_copy(plan, file, wish, block)) >= 0)
        plan->ledger->stays[block] |= WF_STAYS_ON;
    file->stay.until = same_plan(file->stay.remain, file->stay.until, next);
    file->stay.remain++;
}

/* Let a block remain from one plan to another. */
static void let_remain(Stay *s, const Shared *shared, const Wish *wish, int from, int to,
                       int decoder)
{
    int64_t bytes = (int64_t)file_of(s, shared, from)->block_bytes;

    take_room(s, from, to, first_copy(s, shared, from, wish), bytes);
    mark_remaining(s->plans[from], &s->plans[from]->files[shared->file[from]], wish, to);
    mark_there(s->plans[to], &s->plans[to]->files[shared->file[to]], wish, decoder);
    s->added++;
}

/* Let it remain from each plan that needs it to the next one, where that fits and no earlier round
 * has found it to stay in the next one. */
static void try_block(Stay *s, const Shared *shared, const Wish *wish)
{
    int64_t bytes = (int64_t)file_of(s, shared, shared->first)->block_bytes, before = -1;
    int from = -1, decoder = -1;

    for (int p = shared->first; p < s->count; p++) {
        int64_t block = first_copy(s, shared, p, wish);

        if (block < 0)
            continue;
        if (from >= 0 && wf_ledger_stays(s->plans[p], block) == WF_STAYS_NOT &&
            has_room(s, from, p, before, bytes))
            let_remain(s, shared, wish, from, p, decoder);
        if (!is_there(s->plans[p], block))
            decoder = p;
        from = p;
        before = block;
    }
}

static int compare_wishes(const void *a, const void *b)
{
    const Wish *v = a, *w = b;

    if (v->plan != w->plan)
        return v->plan < w->plan ? -1 : 1;
    if (v->place != w->place)
        return v->place < w->place ? -1 : 1;
    if (v->y != w->y)
        return v->y < w->y ? -1 : 1;
    return (v->x > w->x) - (v->x < w->x);
}

/* The blocks that more than one plan needs; gives how many. */
static int64_t list_wishes(const Stay *s, const Shared *shared, Wish *wishes)
{
    const WfPlanFile *file = file_of(s, shared, shared->first);
    int64_t count = 0;

    for (int64_t i = 0; i < file->across * file->down; i++) {
        Wish *wish = &wishes[count];
        int needed = 0;

        *wish = (Wish) { .x = i % file->across, .y = i / file->across };
        for (int p = s->count - 1; p >= shared->first; p--) {
            int64_t block = first_copy(s, shared, p, wish);

            if (block < 0)
                continue;
            needed++;
            wish->plan = p;
            wish->place = s->plans[p]->ledger->first[block];
        }
        count += needed > 1;
    }
    return count;
}

/* Room for marks in all plans that read the file. */
static bool make_marks(const Stay *s, const Shared *shared, WeftErr *err)
{
    for (int p = shared->first; p < s->count; p++) {
        WfLedger *ledger = s->plans[p]->ledger;

        if (shared->file[p] < 0 || ledger->stays)
            continue;
        ledger->stays = wf_calloc((size_t)s->plans[p]->block_count, sizeof *ledger->stays, err);
        if (!ledger->stays)
            return false;
    }
    return true;
}

/* Places in the stock for a file's blocks, marks for them, and the list of those to try. */
static bool open_file(const Stay *s, Shared *shared, WfStay *stay, WeftErr *err)
{
    const WfPlanFile *file = file_of(s, shared, shared->first);
    int64_t count = file->across * file->down;

    shared->wishes = wf_calloc((size_t)count + 1, sizeof *shared->wishes, err);
    if (!shared->wishes || !make_marks(s, shared, err))
        return false;
    for (int p = shared->first; p < s->count; p++)
        if (shared->file[p] >= 0)
            s->plans[p]->files[shared->file[p]].stay.first = stay->slots;
    stay->slots += count;
    shared->wish_count = list_wishes(s, shared, shared->wishes);
    qsort(shared->wishes, (size_t)shared->wish_count, sizeof(Wish), compare_wishes);
    return true;
}

static void try_file(Stay *s, const Shared *shared)
{
    for (int64_t i = 0; i < shared->wish_count; i++)
        try_block(s, shared, &shared->wishes[i]);
}

/* Plans give back what they do not need any more. */
static bool give_back(Stay *s, int64_t *bytes, WeftErr *err)
{
    *bytes = 0;
    for (int p = 0; p < s->count; p++) {
        int64_t back;

        if (!wf_budget_return(s->plans[p], &back, err))
            return false;
        s->room[p] += back;
        *bytes += back;
    }
    return true;
}

static bool try_all(Stay *s, WeftErr *err)
{
    int64_t back = 1;

    for (int round = 0; round < ROUNDS && back > 0; round++) {
        s->added = 0;
        for (int i = 0; i < s->shared_count; i++)
            try_file(s, &s->shared[i]);
        if (s->added == 0)
            break;
        if (!give_back(s, &back, err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------- shared */

static bool read_again(const Stay *s, const Shared *shared)
{
    for (int p = shared->first + 1; p < s->count; p++)
        if (shared->file[p] >= 0)
            return true;
    return false;
}

/* What each plan leaves of the budget; of each node's memory half, as it cannot lend. */
static bool find_room(Stay *s, int64_t budget, WeftErr *err)
{
    const WfMachine *machine = s->plans[0]->machine;

    s->room = wf_calloc((size_t)s->count, sizeof *s->room, err);
    s->node = wf_calloc((size_t)machine->node_count, sizeof *s->node, err);
    if (!s->room || !s->node)
        return false;
    for (int p = 0; p < s->count; p++)
        s->room[p] = budget - s->plans[p]->memory.predicted;
    for (int n = 0; n < machine->node_count; n++)
        s->node[n] = machine->nodes[n].memory > 0 ? machine->nodes[n].memory / 2 : INT64_MAX;
    return true;
}

bool wf_stay(WfPlan *const *plans, int count, int64_t budget, WfStay *stay, WeftErr *err)
{
    Stay s = { .plans = plans, .count = count };
    bool done = find_room(&s, budget, err) && list_shared(&s, err);

    *stay = (WfStay) { .slots = 0 };
    for (int i = 0; i < s.shared_count && done; i++)
        if (read_again(&s, &s.shared[i]))
            done = open_file(&s, &s.shared[i], stay, err);
    done = done && try_all(&s, err);
    for (int p = 0; p < count && done; p++)
        if (plans[p]->memory.stock > stay->bytes)
            stay->bytes = plans[p]->memory.stock;
    for (int i = 0; i < s.shared_count; i++) {
        wf_free(s.shared[i].file);
        wf_free(s.shared[i].wishes);
    }
    wf_free(s.shared);
    wf_free(s.room);
    wf_free(s.node);
    return done;
}
