/*
 * zoneclasses.c - the most and the least frequent value of each zone, and how many there are.
 *
 * Pairs of zone and value are counted; those of one zone are a list.
 */
#include <math.h>
#include <string.h>

#include "groups.h"
#include "leaf.h"
#include "packing.h"

enum { VERSION = 1, RECENT_BITS = 4 };

typedef struct Zone {
    double id;
    uint64_t count; /* valid pixels */
    uint64_t first; /* number of a pair + 1; 0: none */
} Zone;

typedef struct Pair {
    double zone, value;
    uint64_t count;
    uint64_t next; /* of the same zone, likewise */
} Pair;

typedef struct ZoneClasses {
    WeftRoom *room;
    const bool *wide;
    WfGroups zones, pairs;
    Zone *zone;                     /* the last one; NULL: none yet */
    Pair *recent[1 << RECENT_BITS]; /* of that zone, by a few bits of the value; or NULL */
} ZoneClasses;

static void zoneclasses_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    int64_t pixels = wf_reduce_pixels(setup), pairs_least, pairs_most;
    int64_t zones = wf_reduce_span(setup->ranges[0], pixels);
    int64_t pairs = wf_reduce_bytes(0, zones, wf_reduce_span(setup->ranges[1], pixels));

    wf_groups_bytes(1, sizeof(Zone) - sizeof(double), zones, least, most);
    wf_groups_bytes(2, sizeof(Pair) - 2 * sizeof(double), pairs < pixels ? pairs : pixels,
                    &pairs_least, &pairs_most);
    *least += pairs_least + (int64_t)sizeof(ZoneClasses);
    *most = wf_reduce_bytes(*most, 1, pairs_most);
    *most = wf_reduce_bytes(*most, 1, sizeof(ZoneClasses));
}

static void zoneclasses_close(void *closed)
{
    ZoneClasses *state = closed;

    if (!state)
        return;
    wf_groups_close(&state->zones);
    wf_groups_close(&state->pairs);
    wf_room_free(state->room, state);
}

static void *zoneclasses_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    ZoneClasses *state = wf_room_new(room, sizeof *state);

    if (!state)
        return NULL;
    state->room = state->zones.room = state->pairs.room = room;
    state->wide = setup->wide;
    if (wf_groups_open(&state->zones, room, 1, sizeof(Zone) - sizeof(double)) &&
        wf_groups_open(&state->pairs, room, 2, sizeof(Pair) - 2 * sizeof(double)))
        return state;
    zoneclasses_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ pixels */

static bool find_zone(ZoneClasses *state, double id)
{
    if (!state->zone || state->zone->id != id) {
        state->zone = wf_groups_find(&state->zones, &id);
        memset(state->recent, 0, sizeof state->recent);
    }
    return state->zone != NULL;
}

static Pair **recent_of(ZoneClasses *state, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return &state->recent[(bits ^ bits >> 32) * 0x9e3779b97f4a7c15 >> (64 - RECENT_BITS)];
}

/* Count a value in the zone found last. */
static bool add_pair(ZoneClasses *state, double value, uint64_t count)
{
    double key[2] = { state->zone->id, value };
    Pair **pair = recent_of(state, value);

    if (!*pair || (*pair)->value != value)
        *pair = wf_groups_find(&state->pairs, key);
    if (!*pair)
        return false;
    if (!(*pair)->count) {
        (*pair)->next = state->zone->first;
        state->zone->first = (uint64_t)state->pairs.count;
    }
    (*pair)->count += count;
    state->zone->count += count;
    return true;
}

static bool take_leaf(ZoneClasses *state, const WfLeaf *zones, const WfLeaf *values)
{
    for (int i = 0; i < zones->count; i++) {
        if (isnan(zones->x[i]))
            continue;
        if (!find_zone(state, zones->x[i]) ||
            (!isnan(values->x[i]) && !add_pair(state, values->x[i], 1)))
            return false;
    }
    return true;
}

static bool zoneclasses_take(void *into, const WeftReduceRows *rows)
{
    ZoneClasses *state = into;
    WfLeaf zones, values;

    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            wf_leaf_load(&zones, rows->in[0][r], state->wide[0], at, rows->cols);
            wf_leaf_load(&values, rows->in[1][r], state->wide[1], at, rows->cols);
            if (!take_leaf(state, &zones, &values))
                return false;
        }
    return true;
}

/* ------------------------------------------------------------------ merging and the byte form */

static bool zoneclasses_merge(void *into, const void *from)
{
    ZoneClasses *state = into;
    const ZoneClasses *other = from;

    for (int64_t i = 0; i < other->zones.count; i++)
        if (!find_zone(state, ((const Zone *)wf_groups_at(&other->zones, i))->id))
            return false;
    for (int64_t i = 0; i < other->pairs.count; i++) {
        const Pair *pair = wf_groups_at(&other->pairs, i);

        if (!find_zone(state, pair->zone) || !add_pair(state, pair->value, pair->count))
            return false;
    }
    return true;
}

static size_t zoneclasses_pack(const void *from, unsigned char *bytes)
{
    const ZoneClasses *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_u64(&pack, (uint64_t)state->zones.count);
    for (int64_t i = 0; i < state->zones.count; i++)
        wf_pack_f64(&pack, ((const Zone *)wf_groups_at(&state->zones, i))->id);
    wf_pack_u64(&pack, (uint64_t)state->pairs.count);
    for (int64_t i = 0; i < state->pairs.count; i++) {
        const Pair *pair = wf_groups_at(&state->pairs, i);

        wf_pack_f64(&pack, pair->zone);
        wf_pack_f64(&pack, pair->value);
        wf_pack_u64(&pack, pair->count);
    }
    return wf_pack_end(&pack);
}

static bool read_zone(ZoneClasses *state, WfUnpack *pack)
{
    double id = wf_unpack_f64(pack);

    return !isnan(id) && find_zone(state, id);
}

static bool read_pair(ZoneClasses *state, WfUnpack *pack)
{
    double zone = wf_unpack_f64(pack), value = wf_unpack_f64(pack);
    uint64_t count = wf_unpack_u64(pack);

    return !isnan(zone) && !isnan(value) && count && find_zone(state, zone) &&
           add_pair(state, value, count);
}

static void *zoneclasses_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                                const unsigned char *bytes, size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    ZoneClasses *state = pack.bad ? NULL : zoneclasses_open(setup, room);
    bool good = true;
    uint64_t count;

    if (!state)
        return NULL;
    count = wf_unpack_count(&pack, 8);
    for (uint64_t i = 0; good && i < count; i++)
        good = read_zone(state, &pack);
    count = wf_unpack_count(&pack, 24);
    for (uint64_t i = 0; good && i < count; i++)
        good = read_pair(state, &pack);
    if (good && wf_unpack_end(&pack))
        return state;
    zoneclasses_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ the table */

enum { ID, COUNT, VARIETY, MODE, MODE_COUNT, MINORITY, MINORITY_COUNT, COLUMNS };

static int64_t zoneclasses_rows(const void *state)
{
    return ((const ZoneClasses *)state)->zones.count;
}

static int zoneclasses_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return COLUMNS;
}

/* Of equal counts the smaller value. */
static void fill_pair(double row[COLUMNS], const Pair *pair)
{
    double count = (double)pair->count;

    row[VARIETY]++;
    if (!(count < row[MODE_COUNT]) && !(count == row[MODE_COUNT] && pair->value > row[MODE])) {
        row[MODE] = pair->value;
        row[MODE_COUNT] = count;
    }
    if (!(count > row[MINORITY_COUNT]) &&
        !(count == row[MINORITY_COUNT] && pair->value > row[MINORITY])) {
        row[MINORITY] = pair->value;
        row[MINORITY_COUNT] = count;
    }
}

static void zoneclasses_fill(const void *from, double *cells)
{
    const ZoneClasses *state = from;

    for (int64_t i = 0; i < state->zones.count; i++) {
        const Zone *zone = wf_groups_at(&state->zones, i);
        double *row = cells + i * COLUMNS;

        for (int k = 0; k < COLUMNS; k++)
            row[k] = (double)NAN;
        row[ID] = zone->id;
        row[COUNT] = (double)zone->count;
        row[VARIETY] = 0;
        for (uint64_t next = zone->first; next;) {
            const Pair *pair = wf_groups_at(&state->pairs, (int64_t)next - 1);

            fill_pair(row, pair);
            next = pair->next;
        }
        if (!zone->count)
            row[VARIETY] = (double)NAN;
    }
    wf_groups_sort(cells, state->zones.count, COLUMNS, 1);
}

REDUCTION(zoneclasses, .brief = "mode, minority and variety of a raster by zone",
          .arguments = "zone, value", .inputs = 2, .wholes = 1,
          .help = "One row for each zone, ascending. Columns: zone count variety mode mode_count "
                  "minority minority_count. Of values that are as frequent the smallest; values "
                  "are the same where they are equal. About 40 bytes for each zone, and 48 for "
                  "each different value in a zone.",
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .bytes = zoneclasses_bytes,
                                          .open = zoneclasses_open,
                                          .take = zoneclasses_take,
                                          .merge = zoneclasses_merge,
                                          .close = zoneclasses_close,
                                          .pack = zoneclasses_pack,
                                          .unpack = zoneclasses_unpack,
                                          .rows = zoneclasses_rows,
                                          .columns = zoneclasses_columns,
                                          .fill = zoneclasses_fill });
