/*
 * ranks.c - exact percentiles of a raster.
 *
 * Each percentile lies between two ranks of the order. A pass counts the next digit of the keys
 * that begin with what the passes before have found of a rank; ranks that begin alike share a
 * target.
 */
#include <math.h>

#include "keys.h"
#include "leaf.h"
#include "packing.h"
#include "percents.h"

enum { VERSION = 1, DIGIT = 16, RANKS_MAX = 2 * PERCENTS_MAX, HEADS = 256 };

/* Keys that begin alike. */
typedef struct Target {
    uint64_t prefix, below; /* how many keys are less than all of them */
    int next;               /* with the same head; -1 */
} Target;

typedef struct Ranks {
    WeftRoom *room;
    bool wide;
    WfKeys keys;
    WfPercents percents;
    int pass;
    uint64_t total; /* valid pixels; known after pass 0 */
    int target_count;
    Target targets[RANKS_MAX];
    int where[RANKS_MAX]; /* the target of each rank */
    int16_t heads[HEADS]; /* by the low bits of a prefix: the first target; -1 */
    uint64_t counts[];    /* 2^digit for each target */
} Ranks;

static WfKeys keys_of(const WeftReduceSetup *setup)
{
    return wf_keys(setup->ranges[0], setup->wide[0], DIGIT);
}

static int ranks_passes(const WeftReduceSetup *setup)
{
    return keys_of(setup).passes;
}

static void ranks_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    WfKeys keys = keys_of(setup);
    int targets = setup->pass ? 2 * wf_percents(setup->settings).count : 1;

    *least = *most =
        (int64_t)sizeof(Ranks) + targets * (int64_t)sizeof(uint64_t) * ((int64_t)1 << keys.digit);
}

static size_t size_of(const Ranks *state)
{
    return (size_t)1 << state->keys.digit;
}

/* ------------------------------------------------------------------ from pass to pass */

static uint64_t total_of(const Ranks *state)
{
    uint64_t total = 0;

    if (state->pass)
        return state->total;
    for (size_t i = 0; i < size_of(state); i++)
        total += state->counts[i];
    return total;
}

/* What a finished pass knows of a rank: the keys that begin as its key does, one digit more. */
static Target locate(const Ranks *state, int which, uint64_t rank)
{
    const Target *target = &state->targets[state->where[which]];
    const uint64_t *counts = state->counts + size_of(state) * (size_t)state->where[which];
    uint64_t below = target->below;
    size_t digit = 0;

    while (digit + 1 < size_of(state) && below + counts[digit] <= rank)
        below += counts[digit++];
    return (Target) { .prefix = target->prefix << state->keys.digit | digit, .below = below };
}

static uint64_t rank_of(const WfPercents *percents, int which, uint64_t total)
{
    WfPlace place = wf_percents_place(percents, which / 2, total);

    return which % 2 ? place.high : place.low;
}

static void add_target(Ranks *state, int which, Target found)
{
    int16_t *head = &state->heads[found.prefix % HEADS];
    int i = 0;

    while (i < state->target_count && state->targets[i].prefix != found.prefix)
        i++;
    state->where[which] = i;
    if (i < state->target_count)
        return;
    found.next = *head;
    *head = (int16_t)i;
    state->targets[state->target_count++] = found;
}

/* Targets of a pass. */
static void set_targets(Ranks *state, const Ranks *before)
{
    for (int i = 0; i < HEADS; i++)
        state->heads[i] = -1;
    if (!before) {
        add_target(state, 0, (Target) { 0 });
        return;
    }
    state->total = total_of(before);
    for (int i = 0; state->total && i < 2 * state->percents.count; i++)
        add_target(state, i, locate(before, i, rank_of(&state->percents, i, state->total)));
}

static void *ranks_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    int64_t bytes, most;
    Ranks *state;

    ranks_bytes(setup, &bytes, &most);
    state = wf_room_new(room, (size_t)bytes);
    if (!state)
        return NULL;
    state->room = room;
    state->wide = setup->wide[0];
    state->keys = keys_of(setup);
    state->percents = wf_percents(setup->settings);
    state->pass = setup->pass;
    set_targets(state, setup->before);
    return state;
}

static void ranks_close(void *closed)
{
    Ranks *state = closed;

    if (state)
        wf_room_free(state->room, state);
}

/* ------------------------------------------------------------------ pixels */

static void count_leaf(Ranks *state, const WfLeaf *leaf)
{
    int shift = wf_keys_shift(&state->keys, state->pass), digit = state->keys.digit;
    uint64_t mask = size_of(state) - 1;

    for (int i = 0; i < leaf->count; i++) {
        uint64_t key, prefix;
        int t;

        if (isnan(leaf->x[i]))
            continue;
        key = wf_key(&state->keys, leaf->x[i]) >> shift;
        prefix = key >> digit;
        t = state->heads[prefix % HEADS];
        while (t >= 0 && state->targets[t].prefix != prefix)
            t = state->targets[t].next;
        if (t >= 0)
            state->counts[((size_t)t << digit) + (key & mask)]++;
    }
}

static bool ranks_take(void *into, const WeftReduceRows *rows)
{
    Ranks *state = into;
    WfLeaf leaf;

    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            wf_leaf_load(&leaf, rows->in[0][r], state->wide, at, rows->cols);
            count_leaf(state, &leaf);
        }
    return true;
}

static bool ranks_merge(void *into, const void *from)
{
    Ranks *state = into;
    const Ranks *other = from;

    for (size_t i = 0; i < size_of(state) * (size_t)state->target_count; i++)
        state->counts[i] += other->counts[i];
    return true;
}

static size_t ranks_pack(const void *from, unsigned char *bytes)
{
    const Ranks *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_u64(&pack, (uint64_t)state->pass);
    wf_pack_u64(&pack, (uint64_t)state->target_count);
    for (size_t i = 0; i < size_of(state) * (size_t)state->target_count; i++)
        wf_pack_u64(&pack, state->counts[i]);
    return wf_pack_end(&pack);
}

static void *ranks_unpack(const WeftReduceSetup *setup, WeftRoom *room, const unsigned char *bytes,
                          size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    Ranks *state = pack.bad ? NULL : ranks_open(setup, room);
    bool same;

    if (!state)
        return NULL;
    same = wf_unpack_u64(&pack) == (uint64_t)state->pass;
    same = wf_unpack_u64(&pack) == (uint64_t)state->target_count && same;
    for (size_t i = 0; same && i < size_of(state) * (size_t)state->target_count; i++)
        state->counts[i] = wf_unpack_u64(&pack);
    if (same && wf_unpack_end(&pack))
        return state;
    ranks_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ the table */

static int64_t ranks_rows(const void *state)
{
    (void)state;
    return 1;
}

static int ranks_columns(const WeftReduceSetup *setup)
{
    return wf_percents(setup->settings).count;
}

static void ranks_fill(const void *from, double *cells)
{
    const Ranks *state = from;
    uint64_t total = total_of(state);

    for (int i = 0; i < state->percents.count; i++) {
        WfPlace place = { 0 };
        Target low, high;

        cells[i] = (double)NAN;
        if (!total)
            continue;
        place = wf_percents_place(&state->percents, i, total);
        low = locate(state, 2 * i, place.low);
        high = locate(state, 2 * i + 1, place.high);
        cells[i] = wf_percents_value(wf_key_value(&state->keys, low.prefix),
                                     wf_key_value(&state->keys, high.prefix), place.between);
    }
}

REDUCTION(ranks, .brief = "exact percentiles of a raster", .arguments = "x", .inputs = 1,
          .help = "One row, a column for each percentile. Sees all pixels once where they are "
                  "integers of a range up to 65536, twice where they are f32, up to four times "
                  "otherwise. Counts take 512 KB, in later passes up to 1 MB for each percentile.",
          .formula = PERCENT_FORMULA, .source = PERCENT_SOURCE, PARAMS(PERCENT_PARAMS),
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .passes = ranks_passes,
                                          .bytes = ranks_bytes,
                                          .open = ranks_open,
                                          .take = ranks_take,
                                          .merge = ranks_merge,
                                          .close = ranks_close,
                                          .pack = ranks_pack,
                                          .unpack = ranks_unpack,
                                          .rows = ranks_rows,
                                          .columns = ranks_columns,
                                          .fill = ranks_fill });
