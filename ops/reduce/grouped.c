/*
 * grouped.c - tallies of pixels by the value of one or two rasters.
 *
 * Goes leaf by leaf, and within a leaf by runs of equal keys. Mostly a leaf lies in one group, and
 * it is the one before: both are looked at first. Without values pixels are counted one by one.
 */
#include "grouped.h"

#include <math.h>
#include <string.h>

static size_t payload(const WfTallyForm *form, int value_count)
{
    return sizeof(uint64_t) + (size_t)value_count * (size_t)form->size;
}

static size_t leaf_bytes(const WeftReduceSetup *setup)
{
    return (size_t)setup->input_count * sizeof(WfLeaf) + 64;
}

enum { DIRECT_MAX = 65536 };

/* Places of a table of records by their keys; 0: there are too many, or they are no integers. */
static int64_t direct_places(const WeftReduceSetup *setup, int key_count)
{
    int64_t places = 1;

    for (int k = 0; k < key_count; k++) {
        if (!setup->ranges[k].whole)
            return 0;
        places *= wf_reduce_span(setup->ranges[k], DIRECT_MAX + 1);
    }
    return places <= DIRECT_MAX ? places : 0;
}

void wf_grouped_bytes(const WeftReduceSetup *setup, int key_count, unsigned want, int64_t *least,
                      int64_t *most)
{
    WfTallyForm form = wf_tally_form(want, false);
    int values = setup->input_count - key_count;
    int64_t records = wf_reduce_pixels(setup), product = 1;
    int64_t head = (int64_t)(sizeof(WfGrouped) + leaf_bytes(setup)) +
                   (int64_t)sizeof(char *) * direct_places(setup, key_count);

    for (int k = 0; k < key_count; k++)
        product = wf_reduce_bytes(0, product, wf_reduce_span(setup->ranges[k], records));
    records = product < records ? product : records;
    wf_groups_bytes(key_count, payload(&form, values), records, least, most);
    *least += head;
    for (int k = key_count; k < setup->input_count; k++)
        *most = wf_reduce_bytes(*most, records, wf_tally_most(&form, setup, k));
    *most = wf_reduce_bytes(*most, 1, head);
}

static bool open_direct(WfGrouped *state, const WeftReduceSetup *setup, int key_count)
{
    int64_t places = direct_places(setup, key_count);

    for (int k = 0; places && k < key_count; k++) {
        state->low[k] = setup->ranges[k].lo;
        state->span[k] = wf_reduce_span(setup->ranges[k], DIRECT_MAX);
    }
    if (places)
        state->direct = wf_room_new(state->room, (size_t)places * sizeof *state->direct);
    return !places || state->direct;
}

void *wf_grouped_open(const WeftReduceSetup *setup, WeftRoom *room, int key_count, unsigned want)
{
    WfGrouped *state = wf_room_new(room, sizeof *state);

    if (!state)
        return NULL;
    state->room = state->limbs.room = state->groups.room = room;
    state->form = wf_tally_form(want, false);
    state->value_count = setup->input_count - key_count;
    state->wide = setup->wide;
    state->width = setup->width;
    state->leaf_room = wf_room_new(room, leaf_bytes(setup));
    state->leaves = (WfLeaf *)(((uintptr_t)state->leaf_room + 63) / 64 * 64);
    if (state->leaf_room && open_direct(state, setup, key_count) &&
        wf_groups_open(&state->groups, room, key_count, payload(&state->form, state->value_count)))
        return state;
    wf_grouped_close(state);
    return NULL;
}

void wf_grouped_close(void *closed)
{
    WfGrouped *state = closed;

    if (!state)
        return;
    wf_groups_close(&state->groups);
    wf_limbs_free(&state->limbs);
    wf_room_free(state->room, state->leaf_room);
    wf_room_free(state->room, state->direct);
    wf_room_free(state->room, state);
}

static uint64_t *pixels_of(const WfGrouped *state, void *record)
{
    return (uint64_t *)((double *)record + state->groups.key_count);
}
static void *tally_of(const WfGrouped *state, void *record, int value)
{
    return (char *)(pixels_of(state, record) + 1) + (size_t)value * (size_t)state->form.size;
}

uint64_t wf_grouped_pixels(const WfGrouped *state, const void *record)
{
    return *(const uint64_t *)((const double *)record + state->groups.key_count);
}
const void *wf_grouped_tally(const WfGrouped *state, const void *record, int value)
{
    return (const char *)record + state->groups.key_count * sizeof(double) + sizeof(uint64_t) +
           (size_t)value * (size_t)state->form.size;
}

/* ------------------------------------------------------------------ pixels */

/* The place of a key in the table of records; one beyond its range has that of the end. */
static int64_t place_of(const WfGrouped *state, const double *key)
{
    int64_t place = 0;

    for (int k = 0; k < state->groups.key_count; k++) {
        double at = key[k] - state->low[k], last = (double)(state->span[k] - 1);

        at = at < last ? at : last;
        place = place * state->span[k] + (at > 0 ? (int64_t)at : 0);
    }
    return place;
}

static inline bool has_key(const WfGrouped *state, const char *record, const double *key)
{
    const double *own = (const double *)record;
    int last = state->groups.key_count - 1;

    return own && own[0] == key[0] && own[last] == key[last];
}

/* The record of a key, by the table. NULL: there is no room. */
static inline char *find_direct(WfGrouped *state, const double *key)
{
    char **place = &state->direct[place_of(state, key)];

    if (!has_key(state, *place, key))
        *place = wf_groups_find(&state->groups, key);
    return *place;
}

/* The same, mostly the one before. */
static inline char *find(WfGrouped *state, const double *key)
{
    if (!has_key(state, state->record, key))
        state->record =
            state->direct ? find_direct(state, key) : wf_groups_find(&state->groups, key);
    return state->record;
}

/* Pixels alone, one by one. */
static bool count_leaf(WfGrouped *state)
{
    const WfLeaf *a = &state->leaves[0], *b = &state->leaves[state->groups.key_count - 1];

    for (int i = 0; i < a->count; i++) {
        double key[2] = { a->x[i], b->x[i] };
        char *record;

        if (isnan(key[0]) || isnan(key[1]))
            continue;
        record = state->direct ? find_direct(state, key) : find(state, key);
        if (!record)
            return false;
        ++*pixels_of(state, record);
    }
    return true;
}

static bool take_run(WfGrouped *state, int from, int count, int64_t index)
{
    int keys = state->groups.key_count;
    double key[2] = { state->leaves[0].x[from], state->leaves[keys - 1].x[from] };

    if (isnan(key[0]) || isnan(key[1]))
        return true;
    if (!find(state, key))
        return false;
    *pixels_of(state, state->record) += (uint64_t)count;
    for (int v = 0; v < state->value_count; v++) {
        WfRun run = { .leaf = &state->leaves[keys + v],
                      .from = from,
                      .count = count,
                      .index = index,
                      .weight = 1 };

        if (!wf_tally_take(&state->form, tally_of(state, state->record, v), &state->limbs, &run))
            return false;
    }
    return true;
}

/* Pixels from `from` on with its keys; one where a key is NaN. */
static int run_length(const WfGrouped *state, int from)
{
    const double *a = state->leaves[0].x, *b = state->leaves[state->groups.key_count - 1].x;
    int count = state->leaves[0].count, i = from + 1;

    while (i < count && a[i] == a[from] && b[i] == b[from])
        i++;
    return i - from;
}

static bool take_leaf(WfGrouped *state, int64_t index)
{
    int count = state->leaves[0].count;

    if (wf_leaf_even(&state->leaves[0]) &&
        wf_leaf_even(&state->leaves[state->groups.key_count - 1]))
        return take_run(state, 0, count, index);
    if (!state->value_count)
        return count_leaf(state);
    for (int from = 0, length; from < count; from += length) {
        length = run_length(state, from);
        if (!take_run(state, from, length, index))
            return false;
    }
    return true;
}

bool wf_grouped_take(void *into, const WeftReduceRows *rows)
{
    WfGrouped *state = into;
    int inputs = state->groups.key_count + state->value_count;

    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            int64_t index = (rows->row + r) * state->width + rows->col + at + 1;

            for (int k = 0; k < inputs; k++)
                wf_leaf_load(&state->leaves[k], rows->in[k][r], state->wide[k], at, rows->cols);
            if (!take_leaf(state, index))
                return false;
        }
    return true;
}

/* ------------------------------------------------------------------ merging and the byte form */

bool wf_grouped_merge(void *into, const void *from)
{
    WfGrouped *state = into;
    const WfGrouped *other = from;

    for (int64_t i = 0; i < other->groups.count; i++) {
        const double *theirs = wf_groups_at(&other->groups, i);
        void *record = wf_groups_find(&state->groups, theirs);

        if (!record)
            return false;
        *pixels_of(state, record) += wf_grouped_pixels(other, theirs);
        for (int v = 0; v < state->value_count; v++)
            if (!wf_tally_merge(&state->form, tally_of(state, record, v), &state->limbs,
                                wf_grouped_tally(other, theirs, v), &other->limbs))
                return false;
    }
    return true;
}

/* What a packed state must agree in. */
static uint64_t layout_of(const WfGrouped *state)
{
    return (uint64_t)state->groups.key_count | (uint64_t)state->value_count << 8 |
           (uint64_t)state->form.size << 32;
}

size_t wf_grouped_pack(const void *from, unsigned char *bytes)
{
    const WfGrouped *state = from;
    WfPack pack = wf_pack_begin(GROUPED_VERSION, bytes);

    wf_pack_u64(&pack, layout_of(state));
    wf_pack_u64(&pack, (uint64_t)state->groups.count);
    for (int64_t i = 0; i < state->groups.count; i++) {
        const double *record = wf_groups_at(&state->groups, i);

        for (int k = 0; k < state->groups.key_count; k++)
            wf_pack_f64(&pack, record[k]);
        wf_pack_u64(&pack, wf_grouped_pixels(state, record));
        for (int v = 0; v < state->value_count; v++)
            wf_tally_pack(&state->form, wf_grouped_tally(state, record, v), &state->limbs, &pack);
    }
    return wf_pack_end(&pack);
}

static bool read_record(WfGrouped *state, WfUnpack *pack)
{
    double key[2] = { 0 };
    void *record;

    for (int k = 0; k < state->groups.key_count; k++)
        key[k] = wf_unpack_f64(pack);
    if (isnan(key[0]) || isnan(key[1]))
        return false;
    record = wf_groups_find(&state->groups, key);
    if (!record)
        return false;
    *pixels_of(state, record) = wf_unpack_u64(pack);
    for (int v = 0; v < state->value_count; v++)
        if (!wf_tally_unpack(&state->form, tally_of(state, record, v), &state->limbs, pack))
            return false;
    return !pack->bad;
}

void *wf_grouped_unpack(const WeftReduceSetup *setup, WeftRoom *room, int key_count, unsigned want,
                        const unsigned char *bytes, size_t size)
{
    WfUnpack pack = wf_unpack_begin(GROUPED_VERSION, bytes, size);
    WfGrouped *state = pack.bad ? NULL : wf_grouped_open(setup, room, key_count, want);
    uint64_t count;
    bool good;

    if (!state)
        return NULL;
    good = wf_unpack_u64(&pack) == layout_of(state);
    count = wf_unpack_count(&pack, 16);
    for (uint64_t i = 0; good && i < count; i++)
        good = read_record(state, &pack) && state->groups.count == (int64_t)i + 1;
    if (good && wf_unpack_end(&pack))
        return state;
    wf_grouped_close(state);
    return NULL;
}

int64_t wf_grouped_rows(const void *state)
{
    return ((const WfGrouped *)state)->groups.count;
}
