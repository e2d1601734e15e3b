/*
 * classes.c - pixels and area by the values of one raster, or by pairs of values of two.
 *
 * A further input is the area of each pixel.
 */
#include "grouped.h"

#include <math.h>

/* ------------------------------------------------------------------ one raster */

static void classes_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    wf_grouped_bytes(setup, 1, WEFT_WANT_SUM, least, most);
}

static void *classes_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    return wf_grouped_open(setup, room, 1, WEFT_WANT_SUM);
}

static void *classes_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                            const unsigned char *bytes, size_t size)
{
    return wf_grouped_unpack(setup, room, 1, WEFT_WANT_SUM, bytes, size);
}

static int classes_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return 3;
}

/* Rows of keys, count, area. */
static void classes_fill(const void *from, double *cells)
{
    const WfGrouped *state = from;
    int keys = state->groups.key_count, columns = keys + 2;
    WfGroupsOrder order = wf_groups_order(&state->groups, cells, columns);

    for (int64_t i = 0; i < state->groups.count; i++) {
        const double *record = wf_groups_at(&state->groups, wf_groups_ordered(&order, i));
        double *row = cells + i * columns;

        for (int k = 0; k < keys; k++)
            row[k] = record[k];
        row[keys] = (double)wf_grouped_pixels(state, record);
        row[keys + 1] =
            state->value_count
                ? wf_tally_sum(&state->form, wf_grouped_tally(state, record, 0), &state->limbs)
                : (double)NAN;
    }
}

REDUCTION(classes, .brief = "pixels and area of each different value", .arguments = "x, area...",
          .inputs = 1, .more = true,
          .help = "One row for each different valid value, ascending; 0 and -0 are one. Columns: "
                  "value count area. Area is the sum of the second input, invalid without one.",
          .reduce = &(const WeftReduce) { .version = GROUPED_VERSION,
                                          .bytes = classes_bytes,
                                          .open = classes_open,
                                          .take = wf_grouped_take,
                                          .merge = wf_grouped_merge,
                                          .close = wf_grouped_close,
                                          .pack = wf_grouped_pack,
                                          .unpack = classes_unpack,
                                          .rows = wf_grouped_rows,
                                          .columns = classes_columns,
                                          .fill = classes_fill });

/* ------------------------------------------------------------------ two */

static void crosstab_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    wf_grouped_bytes(setup, 2, WEFT_WANT_SUM, least, most);
}

static void *crosstab_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    return wf_grouped_open(setup, room, 2, WEFT_WANT_SUM);
}

static void *crosstab_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                             const unsigned char *bytes, size_t size)
{
    return wf_grouped_unpack(setup, room, 2, WEFT_WANT_SUM, bytes, size);
}

static int crosstab_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return 4;
}

REDUCTION(crosstab, .brief = "pixels and area of each pair of values", .arguments = "a, b, area...",
          .inputs = 2, .more = true,
          .help = "One row for each different pair where both are valid, ascending. Columns: "
                  "a b count area. Area is the sum of the third input, invalid without one.",
          .reduce = &(const WeftReduce) { .version = GROUPED_VERSION,
                                          .bytes = crosstab_bytes,
                                          .open = crosstab_open,
                                          .take = wf_grouped_take,
                                          .merge = wf_grouped_merge,
                                          .close = wf_grouped_close,
                                          .pack = wf_grouped_pack,
                                          .unpack = crosstab_unpack,
                                          .rows = wf_grouped_rows,
                                          .columns = crosstab_columns,
                                          .fill = classes_fill });
