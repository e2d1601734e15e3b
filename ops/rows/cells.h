/*
 * cells.h - the cells of a window, which of them count, and when the result is invalid.
 *
 * The table of such an operator lists the window's runs of cells row by row, each as three numbers:
 * row, first and last column, counted from the pixel. pass/sliding makes it.
 */
#ifndef WEFT_CELLS_H
#define WEFT_CELLS_H

#include "turn.h"

/* Parameters that all of them begin with. */
enum { MISSING, MIN_VALID, SHRINK, CELLS, SURE, CELL_PARAMS };
enum { MISSING_PROPAGATE, MISSING_SKIP, MISSING_CENTER, MISSING_FILL_CENTER };

#define CELL_PARAMETERS                                                                          \
    { .name = "invalid",                                                                         \
      .help = "what invalid cells make of the result",                                           \
      .kind = WEFT_PARAM_CHOICE,                                                                 \
      .choices = "propagate|skip|center|fill_center" },                                          \
        { .name = "min_valid", .help = "cells that must be valid", .kind = WEFT_PARAM_INTEGER }, \
        { .name = "shrink",                                                                      \
          .help = "cells outside the raster are no part of the window",                          \
          .kind = WEFT_PARAM_FLAG },                                                             \
        { .name = "cells", .help = "of the window", .kind = WEFT_PARAM_INTEGER },                \
    {                                                                                            \
        .name = "sure", .help = "no result is invalid", .kind = WEFT_PARAM_FLAG                  \
    }

static inline int run_count(const WeftRows *turn)
{
    return turn->table_count / 3;
}

typedef struct Run {
    int64_t row, from, to;
} Run;

static inline Run run_of(const WeftRows *turn, int i)
{
    const double *t = turn->table + 3 * i;

    return (Run) { (int64_t)t[0], (int64_t)t[1], (int64_t)t[2] };
}

/* Cells of the window of pixel (x, r) of the turn that are part of it. */
static inline int64_t cells_inside(const WeftRows *turn, int64_t x, int64_t r)
{
    const WeftWindow *w = turn->windows;
    int64_t col = turn->col + x, row = turn->row + r, count = 0;

    if (turn->settings[SHRINK] == 0 ||
        (col >= w->left && row >= w->up && col + w->right < turn->raster_width &&
         row + w->down < turn->raster_height))
        return (int64_t)turn->settings[CELLS];
    for (int i = 0; i < run_count(turn); i++) {
        Run run = run_of(turn, i);
        int64_t from = more_of(col + run.from, 0);
        int64_t to = less_of(col + run.to, turn->raster_width - 1);

        if (row + run.row >= 0 && row + run.row < turn->raster_height && from <= to)
            count += to - from + 1;
    }
    return count;
}

/* Whether a result exists where so many cells are valid, and to how many invalid ones the centre's
 * value is given. */
static inline bool cells_suffice(const WeftRows *turn, int64_t x, int64_t r, px centre,
                                 int64_t valid, int64_t *filled)
{
    *filled = 0;
    switch ((int)turn->settings[MISSING]) {
    case MISSING_PROPAGATE:
        return valid > 0 && valid == cells_inside(turn, x, r);
    case MISSING_SKIP:
        return valid > 0 && valid >= (int64_t)turn->settings[MIN_VALID];
    case MISSING_CENTER:
        return !isinvalid(centre) && valid > 0 && valid >= (int64_t)turn->settings[MIN_VALID];
    default:
        *filled = cells_inside(turn, x, r) - valid;
        return !isinvalid(centre) && valid + *filled > 0;
    }
}

static inline const px *cell_row(const WeftRows *turn, int64_t r)
{
    return (const px *)turn->in[0][r];
}

static inline px *result_row(const WeftRows *turn, int64_t r)
{
    return (px *)turn->out[0][r];
}

/* What the values of cells may be; in: the raster, the parameters, the window. */
static inline WeftRange range_cells(const WeftRange *in, int params)
{
    enum { EDGES = 4, CONSTANT };
    WeftRange cells = in[0];

    if (in[1 + params + EDGES].lo == CONSTANT - 1)
        cells = range_join(cells, in[1 + params + CONSTANT], true);
    cells.valid = in[1 + SURE].lo != 0;
    return cells;
}

#endif
