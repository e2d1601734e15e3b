/*
 * zoneruns.c - the pixels of zones with their weights, from a raster of zones or from spans.
 */
#include "zoneruns.h"

#include <math.h>

enum { ZONE, VALUE };

static const uint64_t whole_pixel = UINT64_C(65536) * 3 * 625 * 17;

static bool by_spans(const WeftReduceSetup *setup)
{
    return setup->input_count == 1;
}

int wf_zone_runs_value(const WeftReduceSetup *setup)
{
    return by_spans(setup) ? 0 : VALUE;
}

int64_t wf_zone_runs_zones(const WeftReduceSetup *setup)
{
    return by_spans(setup) ? (int64_t)setup->settings[0]
                           : wf_reduce_span(setup->ranges[ZONE], wf_reduce_pixels(setup));
}

int64_t wf_zone_runs_pixels(const WeftReduceSetup *setup)
{
    WfSpanTable spans;

    if (!by_spans(setup))
        return wf_reduce_pixels(setup);
    spans = wf_spans(setup);
    return wf_spans_pixels(&spans);
}

/* A zone has each pixel of the raster at most once. */
static uint64_t unit_of(const WeftReduceSetup *setup)
{
    uint64_t pixels = (uint64_t)wf_reduce_pixels(setup), unit = whole_pixel;

    while (unit > 1 && unit > ((uint64_t)1 << 63) / pixels)
        unit /= 2;
    return unit;
}

WfZoneRuns wf_zone_runs(const WeftReduceSetup *setup)
{
    WfZoneRuns runs = { .wide = setup->wide, .by_spans = by_spans(setup), .unit = 1 };

    if (!runs.by_spans)
        return runs;
    runs.spans = wf_spans(setup);
    if (wf_spans_weighted(&runs.spans))
        runs.unit = unit_of(setup);
    return runs;
}

/* ------------------------------------------------------------------ a raster of zones */

/* Pixels from `from` on in its zone; one where that is NaN. */
static int run_length(const WfLeaf *zones, int from)
{
    int i = from + 1;

    while (i < zones->count && zones->x[i] == zones->x[from])
        i++;
    return i - from;
}

static bool walk_leaf(const WfLeaf *zones, const WfLeaf *values, WfZoneTake *take, void *state)
{
    for (int from = 0, length; from < zones->count; from += length) {
        WfZoneRun run = { .zone = zones->x[from], .x = values->x + from, .weight = 1 };

        run.count = length = run_length(zones, from);
        if (!isnan(run.zone) && !take(state, &run))
            return false;
    }
    return true;
}

static bool walk_raster(const WfZoneRuns *runs, const WeftReduceRows *rows, WfZoneTake *take,
                        void *state)
{
    WfLeaf zones, values;

    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            wf_leaf_load(&zones, rows->in[ZONE][r], runs->wide[ZONE], at, rows->cols);
            wf_leaf_load(&values, rows->in[VALUE][r], runs->wide[VALUE], at, rows->cols);
            if (!walk_leaf(&zones, &values, take, state))
                return false;
        }
    return true;
}

/* ------------------------------------------------------------------ spans */

typedef struct Taking {
    uint64_t unit;
    WfZoneTake *take;
    void *state;
} Taking;

static bool take_span(void *context, const WfSpanRun *span)
{
    const Taking *taking = context;
    uint64_t weight = (uint64_t)(span->run.weight * (double)taking->unit + 0.5);
    WfZoneRun run = { .zone = (double)span->zone,
                      .x = span->run.leaf->x + span->run.from,
                      .count = span->run.count,
                      .weight = weight ? weight : 1 };

    return taking->take(taking->state, &run);
}

bool wf_zone_runs_walk(const WfZoneRuns *runs, const WeftReduceRows *rows, WfZoneTake *take,
                       void *state)
{
    Taking taking = { .unit = runs->unit, .take = take, .state = state };

    return runs->by_spans ? wf_spans_walk(&runs->spans, rows, 0, runs->wide[0], take_span, &taking)
                          : walk_raster(runs, rows, take, state);
}
