/*
 * spanning.h - zones as spans, for reductions by themselves.
 */
#ifndef SPANNING_H
#define SPANNING_H

#include "reducing.h"

enum { WIDTH = 300, HEIGHT = 20, PIXELS = WIDTH * HEIGHT, ZONES = 9, SPANS_MAX = 4000 };
enum { ROW, COL, LENGTH, ZONE, WEIGHT, FIELDS };

/* Spans, column after column as a node's table has them. */
typedef struct Spans {
    double rows[SPANS_MAX][FIELDS];
    double columns[SPANS_MAX * FIELDS];
    int count;
} Spans;

static inline void add_span(Spans *spans, int row, int col, int length, int zone, double weight)
{
    double *span = spans->rows[spans->count++];

    ck_assert_int_lt(spans->count, SPANS_MAX);
    span[ROW] = row;
    span[COL] = col;
    span[LENGTH] = length;
    span[ZONE] = zone;
    span[WEIGHT] = weight;
}

/* The spans as a node's table. */
static inline void span_table(Spans *spans, Reducing *what)
{
    for (int i = 0; i < spans->count; i++)
        for (int k = 0; k < FIELDS; k++)
            spans->columns[k * spans->count + i] = spans->rows[i][k];
    what->table = spans->columns;
    what->table_count = (int64_t)spans->count * FIELDS;
}

/* Zone k has columns 37 k to 37 k + 36 of all rows, with one weight. */
static inline void span_columns(Spans *spans, double weight)
{
    for (int row = 0; row < HEIGHT; row++)
        for (int zone = 0; zone < ZONES; zone++)
            add_span(spans, row, zone * 37, zone * 37 + 37 > WIDTH ? WIDTH - zone * 37 : 37, zone,
                     weight);
}

/* The same as a raster. */
static inline double *zone_columns(void)
{
    double *zones = malloc(PIXELS * sizeof *zones);

    for (int i = 0; i < PIXELS; i++)
        zones[i] = i % WIDTH / 37;
    return zones;
}

/* Spans that overlap, with weights that are multiples of 1 / steps; steps 0: any. */
static inline Spans *overlapping(uint64_t seed, int steps)
{
    Spans *spans = calloc(1, sizeof *spans);

    for (int row = 0; row < HEIGHT; row++)
        for (int i = 0; i < 20; i++) {
            int col = i * 12, length = 1 + (int)(reducing_random(&seed) % 60);
            int zone = (int)(reducing_random(&seed) % (ZONES - 1));
            double share = (double)(reducing_random(&seed) >> 11) * 0x1p-53;

            share = steps ? ceil(share * steps) / steps : share;
            add_span(spans, row, col, length, zone, share > 0 ? share : 1);
        }
    return spans;
}

#endif
