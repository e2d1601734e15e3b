/*
 * polygons.h - polygons for tests: from lists of corners to spans, and spans as pixels.
 */
#ifndef POLYGONS_H
#define POLYGONS_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "io/polygon.h"

/* A ring through the corners x, y, x, y ... */
static inline void add_corners(WfPolygon *polygon, const double *corners, int count)
{
    for (int i = 0; i < count; i++) {
        const double *a = corners + 2 * i, *b = corners + 2 * ((i + 1) % count);

        ck_assert(wf_polygon_side(polygon, a[0], a[1], b[0], b[1], NULL));
    }
}
#define RING(polygon, ...)                                 \
    add_corners(polygon, (const double[]) { __VA_ARGS__ }, \
                (int)(sizeof((const double[]) { __VA_ARGS__ }) / sizeof(double) / 2))

/* The weights of all pixels of a raster, row by row; free() them. Checks that spans are in order
 * and inside. Frees the polygon. */
static inline double *weights_of(WfPolygon *polygon, WfRule rule, int width, int height)
{
    double *pixels = calloc((size_t)(width * height), sizeof *pixels);
    WfSpans spans = { 0 };

    ck_assert(wf_polygon_spans(polygon, rule, width, height, 7, &spans, NULL));
    for (int i = 0; i < spans.count; i++) {
        const WfSpan *span = &spans.list[i];

        ck_assert(span->zone == 7 && span->weight > 0 && span->weight <= 1 && span->count >= 1);
        ck_assert(span->row >= 0 && span->row < height && span->col >= 0);
        ck_assert(span->col + span->count <= width);
        for (int c = 0; c < (int)span->count; c++) {
            double *pixel = &pixels[(int)span->row * width + (int)span->col + c];

            ck_assert(*pixel == 0);
            *pixel = span->weight;
        }
    }
    wf_spans_free(&spans);
    wf_polygon_free(polygon);
    return pixels;
}

static inline double sum_of(const double *pixels, int count)
{
    double sum = 0;

    for (int i = 0; i < count; i++)
        sum += pixels[i];
    return sum;
}

/* The pixels as text, a row after the other: '#' for 1, '.' for 0, else tenths. Static buffer. */
static inline const char *picture_of(double *pixels, int width, int height)
{
    static char text[512];
    char *at = text;

    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            double w = pixels[y * width + x];

            *at++ = w == 1 ? '#' : w == 0 ? '.' : (char)('0' + (int)(w * 10));
        }
        *at++ = y + 1 < height ? '/' : '\0';
    }
    free(pixels);
    return text;
}

#endif
