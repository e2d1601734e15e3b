/*
 * zones.c - statistics of rasters by the zones of an integer raster.
 */
#include "grouped.h"

static unsigned want_of(const WeftReduceSetup *setup)
{
    return (unsigned)setup->settings[0];
}

static void zones_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    wf_grouped_bytes(setup, 1, want_of(setup), least, most);
}

static void *zones_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    return wf_grouped_open(setup, room, 1, want_of(setup));
}

static void *zones_unpack(const WeftReduceSetup *setup, WeftRoom *room, const unsigned char *bytes,
                          size_t size)
{
    return wf_grouped_unpack(setup, room, 1, want_of(setup), bytes, size);
}

static int zones_columns(const WeftReduceSetup *setup)
{
    return 1 + (setup->input_count - 1) * TALLY_COLUMNS;
}

static void zones_fill(const void *from, double *cells)
{
    const WfGrouped *state = from;
    int columns = 1 + state->value_count * TALLY_COLUMNS;
    WfGroupsOrder order = wf_groups_order(&state->groups, cells, columns);

    for (int64_t i = 0; i < state->groups.count; i++) {
        const double *record = wf_groups_at(&state->groups, wf_groups_ordered(&order, i));
        double *row = cells + i * columns;

        row[0] = record[0];
        for (int v = 0; v < state->value_count; v++)
            wf_tally_fill(&state->form, wf_grouped_tally(state, record, v), &state->limbs,
                          (double)wf_grouped_pixels(state, record), row + 1 + v * TALLY_COLUMNS);
    }
}

REDUCTION(zones, .brief = "statistics of rasters by zone", .arguments = "zone, value, ...",
          .inputs = 2, .more = true, .wholes = 1,
          .help = "One row for each zone, ascending. Columns: zone, then for each value " TALLY_HELP
                  ". A zone takes 16 bytes, and for each value 8 and what is wanted: sum 40, var "
                  "and std 40 more, any other 8, first and last 16; about 16 more to find it.",
          .formula = "exact sums of runs of a zone within 64 pixels of a row",
          .source = "as summary",
          PARAMS({ .name = "flags",
                   .help = "what is wanted: 1 sum, 2 var, 4 min, 8 max, 16 first, 32 last, "
                           "64 argmin, 128 argmax, added up",
                   .kind = WEFT_PARAM_INTEGER,
                   .optional = true,
                   .fallback = WEFT_WANT_ALL,
                   .low = 0,
                   .high = WEFT_WANT_ALL }),
          .reduce = &(const WeftReduce) { .version = GROUPED_VERSION,
                                          .bytes = zones_bytes,
                                          .open = zones_open,
                                          .take = wf_grouped_take,
                                          .merge = wf_grouped_merge,
                                          .close = wf_grouped_close,
                                          .pack = wf_grouped_pack,
                                          .unpack = zones_unpack,
                                          .rows = wf_grouped_rows,
                                          .columns = zones_columns,
                                          .fill = zones_fill });
