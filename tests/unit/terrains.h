/*
 * terrains.h - a small raster of heights, and a terrain operator's pixels on it.
 */
#ifndef TERRAINS_H
#define TERRAINS_H

#include "bands.h"
#include "fields.h"

enum { TERRAINS_W = 11, TERRAINS_H_ = 9, TERRAINS_N = TERRAINS_W * TERRAINS_H_ };

static const WeftGrid terrains_grid = { .width = TERRAINS_W,
                                        .height = TERRAINS_H_,
                                        .transform = { 500, 10, 0, 900, 0, -20 },
                                        .georeferenced = true };

/* Heights of 100 to 160, rounded to 0.01, that f32 holds; always the same. Two cells without one,
 * and flat ground around (8, 6). */
static inline void terrains_random(double *z)
{
    uint32_t state = 12345;

    for (int i = 0; i < TERRAINS_N; i++) {
        state = state * 1664525u + 1013904223u;
        z[i] = (double)(float)(100 + (state >> 8) % 6001 * 0.01);
    }
    for (int row = 5; row < 8; row++)
        for (int col = 7; col < 10; col++)
            z[row * TERRAINS_W + col] = 120;
    z[2 * TERRAINS_W + 3] = z[4] = (double)NAN;
}

/* op{settings} of the heights in a file of a type; "k=v" settings end with NULL. The caller frees
 * the pixels. */
static inline double *terrains_pixels(const char *op, const char *const *settings,
                                      const WeftGrid *grid, WeftType type, const double *z)
{
    WfGraph *g = bands_graph();
    WfSource like = { .type = type, .has_nodata = true, .nodata = -9999 };
    WeftNode x = bands_source(g, &like, wf_graph_grid(g, grid, &bands_err)), root;
    WeftArg args[8];
    char names[8][32];
    int count = 0, pixels = (int)(grid->width * grid->height);
    double *values, *result = calloc((size_t)pixels, sizeof *result);
    bool changed;

    for (; settings[count]; count++) {
        const char *value = strchr(settings[count], '=') + 1;
        char *end;

        snprintf(names[count], sizeof *names, "%.*s", (int)(value - 1 - settings[count]),
                 settings[count]);
        args[count] = (WeftArg) { .name = names[count], .node = WEFT_NONE };
        args[count].number = strtod(value, &end);
        args[count].text = *end ? value : NULL;
    }
    root = bands_with(g, op, x, count, args);
    ck_assert_int_eq(g->nodes[root].wide, false);
    ck_assert_msg(wf_pass_lower(g, &root, 1, &changed, &bands_err), "%s", bands_err.message);
    ck_assert(wf_pass_fold(g, &root, 1, &changed, &bands_err));
    ck_assert(wf_pass_share(g, &root, 1, &changed, &bands_err));
    ck_assert(wf_pass_trim(g, &root, 1, &changed, &bands_err));
    bands_sound(g);
    values = fields_values(g, root, z, (int)grid->width, (int)grid->height);
    memcpy(result, values + (size_t)root * (size_t)pixels, (size_t)pixels * sizeof *result);
    free(values);
    wf_graph_free(g);
    return result;
}

#endif
