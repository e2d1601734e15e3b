/*
 * spans.h - zones that are spans of pixels, as polygons give them: the table of an operator, and
 * what spans have in common with rows.
 *
 * Zones are numbered from 0 and may overlap; a span's pixels have one weight, above 0 and at
 * most 1.
 */
#ifndef WEFT_SPANS_H
#define WEFT_SPANS_H

#include "tally.h"

/* Column by column, ascending by row, then col. */
typedef struct WfSpanTable {
    int64_t count;
    const double *row, *col, *pixels, *zone, *weight;
    int64_t zone_count, width; /* width: of the raster */
} WfSpanTable;

/* Of an operator whose first setting is the number of zones. */
WfSpanTable wf_spans(const WeftReduceSetup *setup);
/* Some weight is not 1. */
bool wf_spans_weighted(const WfSpanTable *spans);
/* Pixels of all zones; one that is in several counts for each. */
int64_t wf_spans_pixels(const WfSpanTable *spans);

/* What a span has in common with a leaf. */
typedef struct WfSpanRun {
    int64_t zone;
    WfRun run;
} WfSpanRun;
typedef bool WfSpanTake(void *state, const WfSpanRun *run);

/* All runs in some rows of an input, each zone's from the left. Spans that make no sense are left
 * out. False: take was. */
bool wf_spans_walk(const WfSpanTable *spans, const WeftReduceRows *rows, int input, bool wide,
                   WfSpanTake *take, void *state);

#define SPANS_ZONES_PARAM                            \
    { .name = "zones",                               \
      .help = "how many there are, numbered from 0", \
      .kind = WEFT_PARAM_INTEGER,                    \
      .low = 0,                                      \
      .high = INT32_MAX }
#define SPANS_TABLE_PARAM                                                     \
    { .name = "spans",                                                        \
      .help = "row, col, number of pixels, zone, weight; sorted by row, col", \
      .kind = WEFT_PARAM_TABLE,                                               \
      .optional = true, /* there is none */                                   \
      .low = 5,                                                               \
      .high = 5 }

#endif
