/*
 * spanzones.c - statistics of rasters by zones that are spans of pixels, as polygons give them.
 *
 * Zones may overlap, and pixels may have weights. Zones are numbered from 0, so that their tallies
 * are an array. A run is what a span has in common with a leaf.
 */
#include <math.h>

#include "tally.h"

enum { VERSION = 1 };

/* The table, column by column, ascending by row. */
typedef struct Spans {
    int64_t count;
    const double *row, *col, *pixels, *zone, *weight;
} Spans;

typedef struct SpanZones {
    WeftRoom *room;
    const bool *wide;
    int64_t width;
    Spans spans;
    WfTallyForm form;
    WfLimbs limbs;
    int value_count;
    int64_t zone_count;
    size_t zone_bytes; /* pixels (uint64_t), then a tally of each value */
    char zones[];
} SpanZones;

static Spans spans_of(const WeftReduceSetup *setup)
{
    int64_t count = setup->table ? setup->table_count / 5 : 0;
    const double *table = setup->table;

    if (!count)
        return (Spans) { 0 };
    return (Spans) { .count = count,
                     .row = table,
                     .col = table + count,
                     .pixels = table + 2 * count,
                     .zone = table + 3 * count,
                     .weight = table + 4 * count };
}

static WfTallyForm form_of(const WeftReduceSetup *setup)
{
    Spans spans = spans_of(setup);
    bool weighted = false;

    for (int64_t i = 0; i < spans.count; i++)
        weighted = weighted || spans.weight[i] != 1;
    return wf_tally_form((unsigned)setup->settings[1], weighted);
}

static size_t zone_bytes(const WeftReduceSetup *setup)
{
    return sizeof(uint64_t) + (size_t)setup->input_count * (size_t)form_of(setup).size;
}

static void spanzones_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    WfTallyForm form = form_of(setup);
    int64_t zones = (int64_t)setup->settings[0];

    *least = wf_reduce_bytes(sizeof(SpanZones), zones, (int64_t)zone_bytes(setup));
    *most = *least;
    for (int k = 0; k < setup->input_count; k++)
        *most = wf_reduce_bytes(*most, zones, wf_tally_most(&form, setup, k));
}

static void *spanzones_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    int64_t zones = (int64_t)setup->settings[0];
    size_t each = zone_bytes(setup);
    SpanZones *state = wf_room_new(room, sizeof *state + (size_t)zones * each);

    if (!state)
        return NULL;
    state->room = state->limbs.room = room;
    state->wide = setup->wide;
    state->width = setup->width;
    state->spans = spans_of(setup);
    state->form = form_of(setup);
    state->value_count = setup->input_count;
    state->zone_count = zones;
    state->zone_bytes = each;
    return state;
}

static void spanzones_close(void *closed)
{
    SpanZones *state = closed;

    if (!state)
        return;
    wf_limbs_free(&state->limbs);
    wf_room_free(state->room, state);
}

static uint64_t *pixels_of(SpanZones *state, int64_t zone)
{
    return (uint64_t *)(state->zones + (size_t)zone * state->zone_bytes);
}
static uint64_t pixels_in(const SpanZones *state, int64_t zone)
{
    return *(const uint64_t *)(state->zones + (size_t)zone * state->zone_bytes);
}
static void *tally_of(SpanZones *state, int64_t zone, int value)
{
    return (char *)(pixels_of(state, zone) + 1) + (size_t)value * (size_t)state->form.size;
}
static const void *tally_in(const SpanZones *state, int64_t zone, int value)
{
    return state->zones + (size_t)zone * state->zone_bytes + sizeof(uint64_t) +
           (size_t)value * (size_t)state->form.size;
}

/* ------------------------------------------------------------------ pixels */

/* The first span of a row, or of one below it. */
static int64_t first_span(const Spans *spans, int64_t row)
{
    int64_t low = 0, high = spans->count;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (spans->row[middle] < (double)row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Pixels [from, to) of a leaf of one value belong to a zone. */
static bool take_run(SpanZones *state, int64_t span, int value, const WfLeaf *leaf, int64_t index,
                     int from, int to)
{
    WfRun run = { .leaf = leaf,
                  .from = from,
                  .count = to - from,
                  .index = index,
                  .weight = state->spans.weight[span] };

    return wf_tally_take(&state->form, tally_of(state, (int64_t)state->spans.zone[span], value),
                         &state->limbs, &run);
}

/* What a span has in common with a row that begins at rows->col; the leaf is read where it is not
 * the one before. */
static bool take_span(SpanZones *state, const WeftReduceRows *rows, int64_t r, int64_t span,
                      int value, WfLeaf *leaf, int64_t *loaded)
{
    const Spans *spans = &state->spans;
    int64_t from = (int64_t)spans->col[span] - rows->col, to = from + (int64_t)spans->pixels[span];
    int64_t index = (rows->row + r) * state->width + rows->col + 1;

    from = from > 0 ? from : 0;
    to = to < rows->cols ? to : rows->cols;
    if (value == 0 && from < to)
        *pixels_of(state, (int64_t)spans->zone[span]) += (uint64_t)(to - from);
    for (int64_t at = from / LEAF * LEAF; from < to; at += LEAF) {
        int end = to - at < LEAF ? (int)(to - at) : LEAF;

        if (*loaded != at)
            wf_leaf_load(leaf, rows->in[value][r], state->wide[value], at, rows->cols);
        *loaded = at;
        if (!take_run(state, span, value, leaf, index + at, (int)(from - at), end))
            return false;
        from = at + LEAF;
    }
    return true;
}

static bool is_span(const SpanZones *state, int64_t span)
{
    const Spans *spans = &state->spans;
    double zone = spans->zone[span], end = spans->col[span] + spans->pixels[span];

    return zone >= 0 && zone < (double)state->zone_count && spans->col[span] >= 0 &&
           end <= (double)state->width && spans->weight[span] > 0 && spans->weight[span] <= 1;
}

static bool spanzones_take(void *into, const WeftReduceRows *rows)
{
    SpanZones *state = into;
    WfLeaf leaf;

    for (int64_t r = 0; r < rows->rows; r++) {
        int64_t first = first_span(&state->spans, rows->row + r);
        int64_t end = first_span(&state->spans, rows->row + r + 1);

        for (int v = 0; v < state->value_count; v++) {
            int64_t loaded = -1;

            for (int64_t i = first; i < end; i++)
                if (is_span(state, i) && !take_span(state, rows, r, i, v, &leaf, &loaded))
                    return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ merging and the byte form */

static bool spanzones_merge(void *into, const void *from)
{
    SpanZones *state = into;
    const SpanZones *other = from;

    for (int64_t i = 0; i < state->zone_count; i++) {
        *pixels_of(state, i) += pixels_in(other, i);
        for (int v = 0; v < state->value_count; v++)
            if (!wf_tally_merge(&state->form, tally_of(state, i, v), &state->limbs,
                                tally_in(other, i, v), &other->limbs))
                return false;
    }
    return true;
}

static size_t spanzones_pack(const void *from, unsigned char *bytes)
{
    const SpanZones *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_u64(&pack, (uint64_t)state->zone_count);
    wf_pack_u64(&pack, state->zone_bytes);
    for (int64_t i = 0; i < state->zone_count; i++) {
        wf_pack_u64(&pack, pixels_in(state, i));
        for (int v = 0; v < state->value_count; v++)
            wf_tally_pack(&state->form, tally_in(state, i, v), &state->limbs, &pack);
    }
    return wf_pack_end(&pack);
}

static bool read_zone(SpanZones *state, int64_t zone, WfUnpack *pack)
{
    *pixels_of(state, zone) = wf_unpack_u64(pack);
    for (int v = 0; v < state->value_count; v++)
        if (!wf_tally_unpack(&state->form, tally_of(state, zone, v), &state->limbs, pack))
            return false;
    return !pack->bad;
}

static void *spanzones_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                              const unsigned char *bytes, size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    SpanZones *state = pack.bad ? NULL : spanzones_open(setup, room);
    bool good;

    if (!state)
        return NULL;
    good = wf_unpack_u64(&pack) == (uint64_t)state->zone_count;
    good = wf_unpack_u64(&pack) == state->zone_bytes && good;
    for (int64_t i = 0; good && i < state->zone_count; i++)
        good = read_zone(state, i, &pack);
    if (good && wf_unpack_end(&pack))
        return state;
    spanzones_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ the table */

static int64_t spanzones_rows(const void *state)
{
    return ((const SpanZones *)state)->zone_count;
}

static int spanzones_columns(const WeftReduceSetup *setup)
{
    return 1 + setup->input_count * TALLY_COLUMNS;
}

static void spanzones_fill(const void *from, double *cells)
{
    const SpanZones *state = from;
    int columns = 1 + state->value_count * TALLY_COLUMNS;

    for (int64_t i = 0; i < state->zone_count; i++) {
        double *row = cells + i * columns;

        row[0] = (double)i;
        for (int v = 0; v < state->value_count; v++)
            wf_tally_fill(&state->form, tally_in(state, i, v), &state->limbs,
                          (double)pixels_in(state, i), row + 1 + v * TALLY_COLUMNS);
    }
}

REDUCTION(spanzones, .brief = "statistics of rasters by spans of pixels", .arguments = "value, ...",
          .inputs = 1, .more = true,
          .help =
              "One row for each zone from 0, also for one without a pixel. Columns: zone, then "
              "for each value " TALLY_HELP
              ". Zones may overlap. With weights w, sum is the sum of w x, mean that over the "
              "sum of w, and var0 the mean of squares likewise; var1 and std1 divide by the sum "
              "of w less 1; count and pixels are not weighted. A zone takes what zones says, "
              "and where there are weights 40 bytes more for each value.",
          .formula = "exact sums of what a span has in common with 64 pixels of a row",
          .source = "as summary",
          PARAMS({ .name = "zones",
                   .help = "how many there are",
                   .kind = WEFT_PARAM_INTEGER,
                   .low = 0,
                   .high = INT32_MAX },
                 { .name = "flags",
                   .help = "what is wanted, as for zones",
                   .kind = WEFT_PARAM_INTEGER,
                   .low = 0,
                   .high = WEFT_WANT_ALL },
                 { .name = "spans",
                   .help = "row, col, number of pixels, zone, weight; sorted by row",
                   .kind = WEFT_PARAM_TABLE,
                   .low = 5,
                   .high = 5 }),
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .bytes = spanzones_bytes,
                                          .open = spanzones_open,
                                          .take = spanzones_take,
                                          .merge = spanzones_merge,
                                          .close = spanzones_close,
                                          .pack = spanzones_pack,
                                          .unpack = spanzones_unpack,
                                          .rows = spanzones_rows,
                                          .columns = spanzones_columns,
                                          .fill = spanzones_fill });
