/*
 * shapes.h - windows of several shapes for tests of focal statistics, and what becomes of them.
 */
#ifndef SHAPES_H
#define SHAPES_H

#include "windows.h"

typedef struct Shape {
    const char *name;
    int width, height;
    double weights[WINDOWS_CELLS];
} Shape;

static inline void shapes_rectangle(Shape *s, int width, int height)
{
    s->name = "rectangle";
    s->width = width;
    s->height = height;
    for (int i = 0; i < width * height; i++)
        s->weights[i] = 1;
}

/* inner <= distance <= outer */
static inline void ring_of(Shape *s, double inner, double outer)
{
    int half = (int)outer;

    s->name = inner > 0 ? "annulus" : "circle";
    s->width = s->height = 2 * half + 1;
    for (int i = 0; i < s->width * s->height; i++) {
        double far = hypot(i % s->width - half, i / s->width - half);

        s->weights[i] = far >= inner && far <= outer;
    }
}

static inline void bell(Shape *s, int half)
{
    s->name = "bell";
    s->width = s->height = 2 * half + 1;
    for (int i = 0; i < s->width * s->height; i++) {
        double x = i % s->width - half, y = i / s->width - half;

        s->weights[i] = exp(-x * x / half) * exp(-y * y / half);
    }
}

static inline void odd_weights(Shape *s, int width, int height)
{
    s->name = "weights";
    s->width = width;
    s->height = height;
    for (int i = 0; i < width * height; i++)
        s->weights[i] = i % 5 == 3 ? 0 : (i * 7 % 11) * 0.5 - 2;
}

enum { SHAPES = 13 };

static inline void shapes_make(Shape *s, int which)
{
    static const int sizes[][2] = {
        { 1, 1 }, { 3, 3 }, { 5, 5 }, { 1, 11 }, { 17, 1 }, { 15, 13 }
    };

    *s = (Shape) { 0 };
    if (which < 6)
        shapes_rectangle(s, sizes[which][0], sizes[which][1]);
    else if (which < 10)
        ring_of(s, which < 8 ? 0 : which - 7, which < 8 ? which * 2 - 10 : which - 4.5);
    else if (which == 10)
        bell(s, 4);
    else
        odd_weights(s, which == 11 ? 3 : 7, 5);
}

enum { SHAPES_VANISHING = 7 };

/* Weights that add up to 0, as far as decimals do. */
static inline void shapes_vanishing(Shape *s, int which)
{
    static const double small[][9] = {
        { 0, 0.1, 0, 0.2, -0.6, 0.2, 0, 0.1, 0 },
        { 1, 0, -1, 0, 0, 0, -1, 0, 1 },
        { 0.1, -0.7, 0.2, 0.3, 0, 0.1, 0.1, -0.2, 0.1 },
        { 0, 0, 0.3, 0, 0, -0.2, -0.1, 0, 0 },
    };

    *s = (Shape) { .name = "vanishing", .width = 3, .height = 3 };
    if (which < 4) {
        memcpy(s->weights, small[which], sizeof small[which]);
        return;
    }
    s->width = which == 6 ? 9 : 7; /* a derivative across or down; no product, and large */
    s->height = which == 6 ? 7 : 9;
    for (int i = 0; i < s->width * s->height; i++) {
        double x = i % s->width - s->width / 2, y = i / s->width - s->height / 2;

        s->weights[i] = (which == 4   ? x
                         : which == 5 ? y
                                      : x * y + 0.1 * x) *
                        exp(-(x * x + y * y) / 7);
    }
}

static inline WfFocal shapes_focal(const Shape *s, WfStat stat)
{
    return (WfFocal) { .stat = stat,
                       .percent = 90,
                       .width = s->width,
                       .height = s->height,
                       .weights = s->weights,
                       .weighted = stat == WF_STAT_SUM || stat == WF_STAT_MEAN,
                       .beyond = WF_BEYOND_SHRINK,
                       .missing = WF_MISSING_CENTER,
                       .min_valid = 1 };
}

static inline WeftNode shapes_apply(Windows *w, const WfFocal *f)
{
    return bands_sure(wf_focal_apply(w->graph, w->input, f, &bands_err));
}

/* Nodes that a root needs after all passes. */
static inline int shapes_nodes(WeftType type, bool gaps, const WfFocal *f, const char *op)
{
    Windows *w = windows_new(type, 9, 7, gaps);
    WeftNode node = shapes_apply(w, f);
    int count;

    ck_assert(wf_pass_run(w->graph, &node, 1, NULL, &bands_err));
    count = op ? bands_count(w->graph, op) : w->graph->count;
    windows_free(w);
    return count;
}

#endif
