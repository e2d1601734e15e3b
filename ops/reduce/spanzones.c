/*
 * spanzones.c - statistics of rasters by zones that are spans of pixels, as polygons give them.
 *
 * Zones may overlap, and pixels may have weights. Zones are numbered from 0, so that their tallies
 * are an array.
 */
#include "spans.h"

enum { VERSION = 1 };

typedef struct SpanZones {
    WeftRoom *room;
    const bool *wide;
    WfSpanTable spans;
    WfTallyForm form;
    WfLimbs limbs;
    int value_count;
    size_t zone_bytes; /* pixels (uint64_t), then a tally of each value */
    char zones[];
} SpanZones;

static WfTallyForm form_of(const WeftReduceSetup *setup)
{
    WfSpanTable spans = wf_spans(setup);

    return wf_tally_form((unsigned)setup->settings[1], wf_spans_weighted(&spans));
}

static size_t zone_bytes(const WeftReduceSetup *setup, const WfTallyForm *form)
{
    return sizeof(uint64_t) + (size_t)setup->input_count * (size_t)form->size;
}

static void spanzones_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    WfTallyForm form = form_of(setup);
    int64_t zones = (int64_t)setup->settings[0];

    *least = wf_reduce_bytes(sizeof(SpanZones), zones, (int64_t)zone_bytes(setup, &form));
    *most = *least;
    for (int k = 0; k < setup->input_count; k++)
        *most = wf_reduce_bytes(*most, zones, wf_tally_most(&form, setup, k));
}

static void *spanzones_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    WfTallyForm form = form_of(setup);
    WfSpanTable spans = wf_spans(setup);
    size_t each = zone_bytes(setup, &form);
    SpanZones *state = wf_room_new(room, sizeof *state + (size_t)spans.zone_count * each);

    if (!state)
        return NULL;
    state->room = state->limbs.room = room;
    state->wide = setup->wide;
    state->spans = spans;
    state->form = form;
    state->value_count = setup->input_count;
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

typedef struct Taking {
    SpanZones *state;
    int value;
} Taking;

static bool take_run(void *context, const WfSpanRun *span)
{
    const Taking *taking = context;
    SpanZones *state = taking->state;

    if (taking->value == 0)
        *pixels_of(state, span->zone) += (uint64_t)span->run.count;
    return wf_tally_take(&state->form, tally_of(state, span->zone, taking->value), &state->limbs,
                         &span->run);
}

static bool spanzones_take(void *into, const WeftReduceRows *rows)
{
    SpanZones *state = into;

    for (int v = 0; v < state->value_count; v++) {
        Taking taking = { .state = state, .value = v };

        if (!wf_spans_walk(&state->spans, rows, v, state->wide[v], take_run, &taking))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ merging and the byte form */

static bool spanzones_merge(void *into, const void *from)
{
    SpanZones *state = into;
    const SpanZones *other = from;

    for (int64_t i = 0; i < state->spans.zone_count; i++) {
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

    wf_pack_u64(&pack, (uint64_t)state->spans.zone_count);
    wf_pack_u64(&pack, state->zone_bytes);
    for (int64_t i = 0; i < state->spans.zone_count; i++) {
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
    good = wf_unpack_u64(&pack) == (uint64_t)state->spans.zone_count;
    good = wf_unpack_u64(&pack) == state->zone_bytes && good;
    for (int64_t i = 0; good && i < state->spans.zone_count; i++)
        good = read_zone(state, i, &pack);
    if (good && wf_unpack_end(&pack))
        return state;
    spanzones_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ the table */

static int64_t spanzones_rows(const void *state)
{
    return ((const SpanZones *)state)->spans.zone_count;
}

static int spanzones_columns(const WeftReduceSetup *setup)
{
    return 1 + setup->input_count * TALLY_COLUMNS;
}

static void spanzones_fill(const void *from, double *cells)
{
    const SpanZones *state = from;
    int columns = 1 + state->value_count * TALLY_COLUMNS;

    for (int64_t i = 0; i < state->spans.zone_count; i++) {
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
          PARAMS(SPANS_ZONES_PARAM,
                 { .name = "flags",
                   .help = "what is wanted, as for zones",
                   .kind = WEFT_PARAM_INTEGER,
                   .low = 0,
                   .high = WEFT_WANT_ALL },
                 SPANS_TABLE_PARAM),
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
