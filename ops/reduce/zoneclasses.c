/*
 * zoneclasses.c - the most and the least frequent value of each zone, and how many there are.
 *
 * Each different value of a zone is a part with one count. Where pixels have weights, what counts
 * is their sum.
 */
#include <math.h>

#include "zoned.h"

static const WfZonedForm form = { .version = 2, .lists = 1, .counts = 1 };

static void zoneclasses_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    WeftRange range = setup->ranges[wf_zone_runs_value(setup)];
    int64_t values = wf_reduce_span(range, wf_reduce_pixels(setup));

    wf_zoned_bytes(&form, setup, sizeof(WfZoned),
                   wf_reduce_bytes(0, wf_zone_runs_zones(setup), values), least, most);
}

static void *zoneclasses_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    return wf_zoned_open(&form, setup, sizeof(WfZoned), room);
}

static bool take_run(void *into, const WfZoneRun *run)
{
    WfZoned *state = into;

    if (!wf_zoned_find(state, run->zone))
        return false;
    for (int i = 0; i < run->count; i++) {
        WfPart *part;

        if (isnan(run->x[i]))
            continue;
        part = wf_zoned_part(state, run->x[i]);
        if (!part)
            return false;
        part->counts[0] += run->weight;
        state->zone->weight += run->weight;
        state->zone->pixels++;
    }
    return true;
}

static bool zoneclasses_take(void *state, const WeftReduceRows *rows)
{
    return wf_zone_runs_walk(&((const WfZoned *)state)->runs, rows, take_run, state);
}

static void *zoneclasses_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                                const unsigned char *bytes, size_t size)
{
    return wf_zoned_unpack(zoneclasses_open(setup, room), bytes, size);
}

/* ------------------------------------------------------------------ the table */

enum { ID, COUNT, VARIETY, MODE, MODE_COUNT, MINORITY, MINORITY_COUNT, COLUMNS };

static int zoneclasses_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return COLUMNS;
}

/* The parts of a zone that are counted most and least; of equal counts the smaller value. */
typedef struct Extremes {
    const WfPart *most, *least;
    int64_t variety;
} Extremes;

static Extremes find_extremes(const WfZoned *state, const WfZone *zone)
{
    Extremes found = { 0 };

    for (uint64_t next = zone->first[0]; next;) {
        const WfPart *part = wf_zoned_listed(state, next);
        uint64_t count = part->counts[0];

        if (!found.most || count > found.most->counts[0] ||
            (count == found.most->counts[0] && part->place < found.most->place))
            found.most = part;
        if (!found.least || count < found.least->counts[0] ||
            (count == found.least->counts[0] && part->place < found.least->place))
            found.least = part;
        found.variety++;
        next = part->next;
    }
    return found;
}

static void zoneclasses_fill(const void *from, double *cells)
{
    const WfZoned *state = from;
    double unit = (double)state->runs.unit;
    WfGroupsOrder order = wf_groups_order(&state->zones, cells, COLUMNS);

    for (int64_t i = 0; i < state->zones.count; i++) {
        const WfZone *zone = wf_zoned_at(state, wf_groups_ordered(&order, i));
        Extremes found = find_extremes(state, zone);
        double *row = cells + i * COLUMNS;

        for (int k = 0; k < COLUMNS; k++)
            row[k] = (double)NAN;
        row[ID] = zone->id;
        row[COUNT] = (double)zone->pixels;
        if (!found.variety)
            continue;
        row[VARIETY] = (double)found.variety;
        row[MODE] = found.most->place;
        row[MODE_COUNT] = (double)found.most->counts[0] / unit;
        row[MINORITY] = found.least->place;
        row[MINORITY_COUNT] = (double)found.least->counts[0] / unit;
    }
}

#define COLUMNS_HELP                                                                           \
    "Columns: zone count variety mode mode_count minority minority_count. Of values that are " \
    "as frequent the smallest; values are the same where they are equal. About 50 bytes for "  \
    "each zone, and 48 for each different value in a zone."

static const WeftReduce zoneclasses = { .version = 2,
                                        .bytes = zoneclasses_bytes,
                                        .open = zoneclasses_open,
                                        .take = zoneclasses_take,
                                        .merge = wf_zoned_merge,
                                        .close = wf_zoned_close,
                                        .pack = wf_zoned_pack,
                                        .unpack = zoneclasses_unpack,
                                        .rows = wf_zoned_rows,
                                        .columns = zoneclasses_columns,
                                        .fill = zoneclasses_fill };

REDUCTION(zoneclasses, .brief = "mode, minority and variety of a raster by zone",
          .arguments = "zone, value", .inputs = 2, .wholes = 1,
          .help = "One row for each zone, ascending. " COLUMNS_HELP, .reduce = &zoneclasses);

REDUCTION(spanclasses, .brief = "mode, minority and variety of a raster by spans of pixels",
          .arguments = "value", .inputs = 1,
          .help = "As zoneclasses, with a row for each zone that has a pixel. Zones may overlap. "
                  "With weights a value counts as much as its pixels weigh together, in steps of "
                  "less than 1e-9; every pixel of a zone has a weight, so variety and count are "
                  "those without weights. " COLUMNS_HELP,
          PARAMS(SPANS_ZONES_PARAM, SPANS_TABLE_PARAM), .reduce = &zoneclasses);
