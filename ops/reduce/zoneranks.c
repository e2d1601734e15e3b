/*
 * zoneranks.c - exact percentiles of each zone.
 *
 * As ranks.c, with counts only where there are pixels: some neighbouring digits are a page, found
 * by zone, target and place; the pages of one target of a zone are a list. A rank's target is the
 * first rank of its zone whose key begins alike. Upper digits of neighbours are mostly alike, lower
 * ones are not: pages are larger in the first pass.
 */
#include <math.h>
#include <stdlib.h>

#include "groups.h"
#include "keys.h"
#include "leaf.h"
#include "packing.h"
#include "percents.h"

enum { VERSION = 1, DIGIT_MAX = 16 };
enum { FIRST_BITS = 5, LATER_BITS = 2, PAGE_MAX = 1 << FIRST_BITS };
enum { PAGES_MAX = 1 << (DIGIT_MAX - LATER_BITS) };

typedef struct Rank {
    uint64_t prefix, below; /* how its key begins; how many of the zone's are less than such */
    uint64_t first;         /* of a target: number of a page + 1; 0: none */
} Rank;

typedef struct Zone {
    double id;
    uint64_t count; /* valid pixels, known after pass 0 */
    Rank ranks[];
} Zone;

typedef struct Page {
    double zone, place; /* target * PAGES_MAX + digit / page */
    uint64_t next;      /* of the same target, number + 1 */
    uint64_t counts[];
} Page;

typedef struct ZoneRanks {
    WeftRoom *room;
    const bool *wide;
    WfKeys keys;
    WfPercents percents;
    int pass;
    int page_bits; /* a page has 2^page_bits digits */
    WfGroups zones, pages;
    Zone *zone; /* the last of each; NULL: none yet */
    Page *last;
} ZoneRanks;

static WfKeys keys_of(const WeftReduceSetup *setup)
{
    return wf_keys(setup->ranges[1], setup->wide[1], (int)setup->settings[0]);
}

static int zoneranks_passes(const WeftReduceSetup *setup)
{
    return keys_of(setup).passes;
}

static size_t zone_payload(const WfPercents *percents)
{
    return sizeof(Zone) - sizeof(double) + 2 * (size_t)percents->count * sizeof(Rank);
}

static int page_bits(int pass)
{
    return pass ? LATER_BITS : FIRST_BITS;
}
static size_t page_payload(int pass)
{
    return sizeof(uint64_t) * (1 + ((size_t)1 << page_bits(pass)));
}

static void zoneranks_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    WfPercents percents = wf_percents(setup->settings + 1);
    int64_t pixels = wf_reduce_pixels(setup), pages_least, pages_most;
    int64_t zones = wf_reduce_span(setup->ranges[0], pixels);
    int64_t digits = ((int64_t)1 << keys_of(setup).digit >> page_bits(setup->pass)) + 1;
    int64_t pages = wf_reduce_bytes(0, zones, 2 * percents.count * digits);

    wf_groups_bytes(1, zone_payload(&percents), zones, least, most);
    wf_groups_bytes(2, page_payload(setup->pass), pages < pixels ? pages : pixels, &pages_least,
                    &pages_most);
    *least += pages_least + (int64_t)sizeof(ZoneRanks);
    *most = wf_reduce_bytes(*most, 1, pages_most);
    *most = wf_reduce_bytes(*most, 1, sizeof(ZoneRanks));
}

static void zoneranks_close(void *closed)
{
    ZoneRanks *state = closed;

    if (!state)
        return;
    wf_groups_close(&state->zones);
    wf_groups_close(&state->pages);
    wf_room_free(state->room, state);
}

/* ------------------------------------------------------------------ zones and pages */

static bool find_zone(ZoneRanks *state, double id)
{
    if (!state->zone || state->zone->id != id) {
        state->zone = wf_groups_find(&state->zones, &id);
        state->last = NULL;
    }
    return state->zone != NULL;
}

/* The page of the zone found last. */
static bool find_page(ZoneRanks *state, double place)
{
    double key[2] = { state->zone->id, place };
    int64_t count = state->pages.count;
    Rank *target = &state->zone->ranks[(int)place / PAGES_MAX];

    if (!state->last || state->last->place != place)
        state->last = wf_groups_find(&state->pages, key);
    if (!state->last)
        return false;
    if (state->pages.count > count) {
        state->last->next = target->first;
        target->first = (uint64_t)state->pages.count;
    }
    return true;
}

static int compare_listed(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* Numbers of the pages of a target, in the order of their digits; in the upper bits their digits.
 */
static int list_pages(const ZoneRanks *state, const Zone *zone, int target,
                      uint64_t list[PAGES_MAX])
{
    int count = 0;

    for (uint64_t next = zone->ranks[target].first; next && count < PAGES_MAX;) {
        const Page *page = wf_groups_at(&state->pages, (int64_t)next - 1);

        list[count++] = (uint64_t)((int)page->place % PAGES_MAX) << 32 | (next - 1);
        next = page->next;
    }
    qsort(list, (size_t)count, sizeof *list, compare_listed);
    return count;
}

static int target_of(const Zone *zone, int which)
{
    int i = 0;

    while (zone->ranks[i].prefix != zone->ranks[which].prefix)
        i++;
    return i;
}

static uint64_t rank_of(const WfPercents *percents, int which, uint64_t total)
{
    WfPlace place = wf_percents_place(percents, which / 2, total);

    return which % 2 ? place.high : place.low;
}

/* The digit in a page where more than rank are counted, *below growing on the way; their
 * number: none. */
static int find_digit(const Page *page, int digits, uint64_t rank, uint64_t *below)
{
    int k = 0;

    while (k < digits && *below + page->counts[k] <= rank)
        *below += page->counts[k++];
    return k;
}

/* What a finished pass knows of a rank of a zone that has pixels. */
static Rank locate(const ZoneRanks *state, const Zone *zone, int which)
{
    uint64_t list[PAGES_MAX], rank = rank_of(&state->percents, which, zone->count), digit = 0;
    int count = list_pages(state, zone, target_of(zone, which), list);
    Rank found = zone->ranks[which];

    for (int i = 0; i < count; i++) {
        const Page *page = wf_groups_at(&state->pages, (int64_t)(list[i] & UINT32_MAX));
        int k = find_digit(page, 1 << state->page_bits, rank, &found.below);

        digit = list[i] >> 32 << state->page_bits | (uint64_t)k;
        if (k < 1 << state->page_bits)
            break;
    }
    return (Rank) { .prefix = found.prefix << state->keys.digit | digit, .below = found.below };
}

/* ------------------------------------------------------------------ from pass to pass */

/* Zones of the pass before, and the targets of this one. */
static bool set_targets(ZoneRanks *state, const ZoneRanks *before)
{
    for (int64_t i = 0; before && i < before->zones.count; i++) {
        const Zone *zone = wf_groups_at(&before->zones, i);

        if (!find_zone(state, zone->id))
            return false;
        state->zone->count = zone->count;
        for (int k = 0; zone->count && k < 2 * state->percents.count; k++)
            state->zone->ranks[k] = locate(before, zone, k);
    }
    return true;
}

static void *zoneranks_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    ZoneRanks *state = wf_room_new(room, sizeof *state);

    if (!state)
        return NULL;
    state->room = state->zones.room = state->pages.room = room;
    state->wide = setup->wide;
    state->keys = keys_of(setup);
    state->percents = wf_percents(setup->settings + 1);
    state->pass = setup->pass;
    state->page_bits = page_bits(setup->pass);
    if (wf_groups_open(&state->zones, room, 1, zone_payload(&state->percents)) &&
        wf_groups_open(&state->pages, room, 2, page_payload(setup->pass)) &&
        set_targets(state, setup->before))
        return state;
    zoneranks_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ pixels */

static bool count_value(ZoneRanks *state, double value, int shift)
{
    const Rank *ranks = state->zone->ranks;
    int count = 2 * state->percents.count, target = 0, bits = state->page_bits;
    uint64_t key = wf_key(&state->keys, value) >> shift, prefix = key >> state->keys.digit;
    uint64_t digit = key & (((uint64_t)1 << state->keys.digit) - 1);

    while (target < count && ranks[target].prefix != prefix)
        target++;
    if (target == count)
        return true;
    if (!find_page(state, (double)(target * PAGES_MAX + (int)(digit >> bits))))
        return false;
    state->last->counts[digit & (((uint64_t)1 << bits) - 1)]++;
    return true;
}

static bool take_leaf(ZoneRanks *state, const WfLeaf *zones, const WfLeaf *values)
{
    int shift = wf_keys_shift(&state->keys, state->pass);

    for (int i = 0; i < zones->count; i++) {
        if (isnan(zones->x[i]))
            continue;
        if (!find_zone(state, zones->x[i]))
            return false;
        if (isnan(values->x[i]))
            continue;
        state->zone->count += !state->pass;
        if (!count_value(state, values->x[i], shift))
            return false;
    }
    return true;
}

static bool zoneranks_take(void *into, const WeftReduceRows *rows)
{
    ZoneRanks *state = into;
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

/* Counts of a page of the zone found last. */
static bool add_page(ZoneRanks *state, double place, const uint64_t *counts)
{
    if (!find_page(state, place))
        return false;
    for (int k = 0; k < 1 << state->page_bits; k++)
        state->last->counts[k] += counts[k];
    return true;
}

static bool zoneranks_merge(void *into, const void *from)
{
    ZoneRanks *state = into;
    const ZoneRanks *other = from;

    for (int64_t i = 0; i < other->zones.count; i++) {
        const Zone *zone = wf_groups_at(&other->zones, i);

        if (!find_zone(state, zone->id))
            return false;
        state->zone->count += state->pass ? 0 : zone->count;
    }
    for (int64_t i = 0; i < other->pages.count; i++) {
        const Page *page = wf_groups_at(&other->pages, i);

        if (!find_zone(state, page->zone) || !add_page(state, page->place, page->counts))
            return false;
    }
    return true;
}

static size_t zoneranks_pack(const void *from, unsigned char *bytes)
{
    const ZoneRanks *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_u64(&pack, (uint64_t)state->pass);
    wf_pack_u64(&pack, (uint64_t)state->zones.count);
    for (int64_t i = 0; i < state->zones.count; i++) {
        const Zone *zone = wf_groups_at(&state->zones, i);

        wf_pack_f64(&pack, zone->id);
        wf_pack_u64(&pack, zone->count);
    }
    wf_pack_u64(&pack, (uint64_t)state->pages.count);
    for (int64_t i = 0; i < state->pages.count; i++) {
        const Page *page = wf_groups_at(&state->pages, i);

        wf_pack_f64(&pack, page->zone);
        wf_pack_f64(&pack, page->place);
        for (int k = 0; k < 1 << state->page_bits; k++)
            wf_pack_u64(&pack, page->counts[k]);
    }
    return wf_pack_end(&pack);
}

/* In a later pass all zones are known, with their counts. */
static bool read_zone(ZoneRanks *state, WfUnpack *pack)
{
    double id = wf_unpack_f64(pack);
    uint64_t count = wf_unpack_u64(pack);
    int64_t known = state->zones.count;

    if (isnan(id) || !find_zone(state, id))
        return false;
    if (state->pass)
        return state->zones.count == known && state->zone->count == count;
    state->zone->count = count;
    return true;
}

static bool read_page(ZoneRanks *state, WfUnpack *pack)
{
    double zone = wf_unpack_f64(pack), place = wf_unpack_f64(pack);
    int64_t known = state->zones.count;
    uint64_t counts[PAGE_MAX];

    for (int k = 0; k < 1 << state->page_bits; k++)
        counts[k] = wf_unpack_u64(pack);
    return !isnan(zone) && place >= 0 && place < 2 * state->percents.count * PAGES_MAX &&
           place == floor(place) && find_zone(state, zone) && state->zones.count == known &&
           add_page(state, place, counts);
}

static void *zoneranks_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                              const unsigned char *bytes, size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    ZoneRanks *state = pack.bad ? NULL : zoneranks_open(setup, room);
    uint64_t count;
    bool good;

    if (!state)
        return NULL;
    good = wf_unpack_u64(&pack) == (uint64_t)state->pass;
    count = wf_unpack_count(&pack, 16);
    for (uint64_t i = 0; good && i < count; i++)
        good = read_zone(state, &pack);
    count = wf_unpack_count(&pack, sizeof(Page));
    for (uint64_t i = 0; good && i < count; i++)
        good = read_page(state, &pack);
    if (good && wf_unpack_end(&pack))
        return state;
    zoneranks_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ the table */

static int64_t zoneranks_rows(const void *state)
{
    return ((const ZoneRanks *)state)->zones.count;
}

static int zoneranks_columns(const WeftReduceSetup *setup)
{
    return 2 + wf_percents(setup->settings + 1).count;
}

static double percentile(const ZoneRanks *state, const Zone *zone, int i)
{
    WfPlace place;
    Rank low, high;

    if (!zone->count)
        return (double)NAN;
    place = wf_percents_place(&state->percents, i, zone->count);
    low = locate(state, zone, 2 * i);
    high = locate(state, zone, 2 * i + 1);
    return wf_percents_value(wf_key_value(&state->keys, low.prefix),
                             wf_key_value(&state->keys, high.prefix), place.between);
}

static void zoneranks_fill(const void *from, double *cells)
{
    const ZoneRanks *state = from;
    int columns = 2 + state->percents.count;

    for (int64_t i = 0; i < state->zones.count; i++) {
        const Zone *zone = wf_groups_at(&state->zones, i);
        double *row = cells + i * columns;

        row[0] = zone->id;
        row[1] = (double)zone->count;
        for (int p = 0; p < state->percents.count; p++)
            row[2 + p] = percentile(state, zone, p);
    }
    wf_groups_sort(cells, state->zones.count, columns, 1);
}

REDUCTION(zoneranks, .brief = "exact percentiles of a raster by zone", .arguments = "zone, value",
          .inputs = 2, .wholes = 1,
          .help = "One row for each zone, ascending. Columns: zone count, then one for each "
                  "percentile. Sees all pixels as often as ranks does, more often with smaller "
                  "digits. About 32 bytes for each zone and 48 more for each percentile, and 300 "
                  "for each 32 neighbouring digits that occur in it, 72 for each four in later "
                  "passes.",
          .formula = PERCENT_FORMULA, .source = PERCENT_SOURCE,
          PARAMS({ .name = "digit",
                   .help = "bits of the values that a pass finds; fewer take less memory",
                   .kind = WEFT_PARAM_INTEGER,
                   .optional = true,
                   .option = true,
                   .fallback = DIGIT_MAX,
                   .low = 4,
                   .high = DIGIT_MAX },
                 PERCENT_PARAMS),
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .passes = zoneranks_passes,
                                          .bytes = zoneranks_bytes,
                                          .open = zoneranks_open,
                                          .take = zoneranks_take,
                                          .merge = zoneranks_merge,
                                          .close = zoneranks_close,
                                          .pack = zoneranks_pack,
                                          .unpack = zoneranks_unpack,
                                          .rows = zoneranks_rows,
                                          .columns = zoneranks_columns,
                                          .fill = zoneranks_fill });
