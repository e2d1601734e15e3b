/*
 * zoneranks.c - exact percentiles of each zone.
 *
 * As ranks.c, with counts only where there are pixels.
 */
#include <math.h>

#include "zoneseek.h"

enum { VERSION = 2 };

/* Spans have their number of zones first. */
static const double *settings_of(const WeftReduceSetup *setup)
{
    return setup->settings + (setup->input_count == 1);
}

static WfKeys keys_of(const WeftReduceSetup *setup)
{
    int value = wf_zone_runs_value(setup);

    return wf_keys(setup->ranges[value], setup->wide[value], (int)settings_of(setup)[0]);
}

static int zoneranks_passes(const WeftReduceSetup *setup)
{
    return keys_of(setup).passes;
}

static int page_bits(int pass)
{
    return pass ? SEEK_LATER_BITS : SEEK_FIRST_BITS;
}

static WfZonedForm form_of(const WeftReduceSetup *setup)
{
    WfPercents percents = wf_percents(settings_of(setup) + 1);
    bool weighted = wf_zone_runs(setup).unit > 1;

    return (WfZonedForm) { .version = VERSION,
                           .pass = setup->pass,
                           .lists = wf_seek_lists(&percents, setup->pass),
                           .places = SEEK_PAGES,
                           .counts = 1 << (page_bits(setup->pass) + weighted),
                           .own = wf_seek_bytes(&percents, setup->pass) };
}
_Static_assert(2 << SEEK_FIRST_BITS <= ZONED_COUNTS, "a page is a part");

static void zoneranks_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    WfZonedForm form = form_of(setup);
    int64_t digits = ((int64_t)1 << keys_of(setup).digit >> page_bits(setup->pass)) + 1;

    wf_zoned_bytes(&form, setup, sizeof(WfZoneRanks),
                   wf_reduce_bytes(0, wf_zone_runs_zones(setup), form.lists * digits), least, most);
}

/* Zones of the pass before, and the targets of this one. */
static bool set_targets(WfZoneRanks *state, const WfZoneRanks *before)
{
    for (int64_t i = 0; before && i < before->zoned.zones.count; i++) {
        const WfZone *zone = wf_zoned_at(&before->zoned, i);

        if (!wf_zoned_find(&state->zoned, zone->id))
            return false;
        wf_seek_targets(state, before, zone);
    }
    return true;
}

static void *zoneranks_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    WfZonedForm form = form_of(setup);
    WfZoneRanks *state = wf_zoned_open(&form, setup, sizeof *state, room);

    if (!state)
        return NULL;
    state->keys = keys_of(setup);
    state->percents = wf_percents(settings_of(setup) + 1);
    state->page_bits = page_bits(setup->pass);
    state->weighted = state->zoned.runs.unit > 1;
    if (set_targets(state, setup->before))
        return state;
    wf_zoned_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ pixels */

static bool count_value(WfZoneRanks *state, double value, uint64_t weight)
{
    int bits = state->page_bits, digit_bits = state->keys.digit;
    uint64_t key =
        wf_key(&state->keys, value) >> wf_keys_shift(&state->keys, state->zoned.form.pass);
    uint64_t digit = key & (((uint64_t)1 << digit_bits) - 1);
    uint64_t k = digit & (((uint64_t)1 << bits) - 1);
    int target = wf_seek_target(state, state->zoned.zone, key >> digit_bits);
    WfPart *page;

    if (target < 0)
        return true;
    page = wf_zoned_part(&state->zoned, (double)(target * SEEK_PAGES + (int)(digit >> bits)));
    if (!page)
        return false;
    page->counts[k] += weight;
    if (state->weighted)
        page->counts[((uint64_t)1 << bits) + k]++;
    return true;
}

static bool take_run(void *into, const WfZoneRun *run)
{
    WfZoneRanks *state = into;

    if (!wf_zoned_find(&state->zoned, run->zone))
        return false;
    for (int i = 0; i < run->count; i++) {
        if (isnan(run->x[i]))
            continue;
        state->zoned.zone->pixels++;
        state->zoned.zone->weight += run->weight;
        if (!count_value(state, run->x[i], run->weight))
            return false;
    }
    return true;
}

static bool zoneranks_take(void *state, const WeftReduceRows *rows)
{
    return wf_zone_runs_walk(&((const WfZoneRanks *)state)->zoned.runs, rows, take_run, state);
}

static void *zoneranks_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                              const unsigned char *bytes, size_t size)
{
    return wf_zoned_unpack(zoneranks_open(setup, room), bytes, size);
}

/* ------------------------------------------------------------------ the table */

static int zoneranks_columns(const WeftReduceSetup *setup)
{
    return 2 + wf_percents(settings_of(setup) + 1).count;
}

static void zoneranks_fill(const void *from, double *cells)
{
    const WfZoneRanks *state = from;
    int columns = 2 + state->percents.count;
    WfGroupsOrder order = wf_groups_order(&state->zoned.zones, cells, columns);

    for (int64_t i = 0; i < state->zoned.zones.count; i++) {
        const WfZone *zone = wf_zoned_at(&state->zoned, wf_groups_ordered(&order, i));
        double *row = cells + i * columns;

        row[0] = zone->id;
        row[1] = (double)zone->pixels;
        for (int p = 0; p < state->percents.count; p++)
            row[2 + p] = wf_seek_percentile(state, zone, p);
    }
}

#define ROWS_HELP                                                                              \
    "Columns: zone count, then one for each percentile. Sees all pixels as often as ranks "    \
    "does, more often with smaller digits. About 48 bytes for each zone and 90 more for each " \
    "percentile, and 300 for each 32 neighbouring digits that occur in it, 72 for each four "  \
    "in later passes"
#define DIGIT_PARAM                                                           \
    { .name = "digit",                                                        \
      .help = "bits of the values that a pass finds; fewer take less memory", \
      .kind = WEFT_PARAM_INTEGER,                                             \
      .optional = true,                                                       \
      .option = true,                                                         \
      .fallback = SEEK_DIGIT_MAX,                                             \
      .low = 4,                                                               \
      .high = SEEK_DIGIT_MAX }

static const WeftReduce zoneranks = { .version = VERSION,
                                      .passes = zoneranks_passes,
                                      .bytes = zoneranks_bytes,
                                      .open = zoneranks_open,
                                      .take = zoneranks_take,
                                      .merge = wf_zoned_merge,
                                      .close = wf_zoned_close,
                                      .pack = wf_zoned_pack,
                                      .unpack = zoneranks_unpack,
                                      .rows = wf_zoned_rows,
                                      .columns = zoneranks_columns,
                                      .fill = zoneranks_fill };

REDUCTION(zoneranks, .brief = "exact percentiles of a raster by zone", .arguments = "zone, value",
          .inputs = 2, .wholes = 1, .help = "One row for each zone, ascending. " ROWS_HELP ".",
          .formula = PERCENT_FORMULA, .source = PERCENT_SOURCE, PARAMS(DIGIT_PARAM, PERCENT_PARAMS),
          .reduce = &zoneranks);

REDUCTION(spanranks, .brief = "exact percentiles of a raster by spans of pixels",
          .arguments = "value", .inputs = 1,
          .help = "As zoneranks, with a row for each zone that has a pixel. Zones may overlap. "
                  "Weights are taken in steps of less than 1e-9, their sums exactly. " ROWS_HELP
                  "; with weights twice that.",
          .formula = "with weights w, pixel k of n in the order from 1 has the place S(k) = "
                     "(k - 1) w(k) + (n - 1) (w(1) + ... + w(k - 1)), equal values sharing "
                     "their weight equally; at p / 100 S(n), linear between two pixels. With "
                     "equal weights: " PERCENT_FORMULA,
          .source = "S(k): exactextract, weighted_quantiles.cpp; rounding as in numpy.percentile",
          PARAMS(SPANS_ZONES_PARAM, DIGIT_PARAM, PERCENT_PARAMS, SPANS_TABLE_PARAM),
          .reduce = &zoneranks);
