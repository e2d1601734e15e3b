/*
 * ends.c - the first and the last cell of a window where invalid cells take the centre's value.
 *
 * Without that rule pass/focal finds them by doubling. Cells outside the raster may be no part of
 * the window; then the first one inside is looked for, run by run.
 */
#include "cells.h"

/* The cells of a run that are part of the window of pixel (x, r). */
static inline Run part_inside(const WeftRows *turn, Run run, int64_t x, int64_t r)
{
    int64_t row = turn->row + r + run.row, col = turn->col + x;

    if (turn->settings[SHRINK] == 0)
        return run;
    if (row < 0 || row >= turn->raster_height)
        return (Run) { .from = 0, .to = -1 };
    run.from = more_of(run.from, -col);
    run.to = less_of(run.to, turn->raster_width - 1 - col);
    return run;
}

/* step 1: the first cell, -1: the last. It is invalid where there is none. */
static inline px end_cell(const WeftRows *turn, int64_t x, int64_t r, int step)
{
    int runs = run_count(turn);

    for (int i = step > 0 ? 0 : runs - 1; i >= 0 && i < runs; i += step) {
        Run run = part_inside(turn, run_of(turn, i), x, r);
        px v, centre = cell_row(turn, r)[x];

        if (run.from > run.to)
            continue;
        v = cell_row(turn, r + run.row)[x + (step > 0 ? run.from : run.to)];
        return isinvalid(centre) ? INVALID : isinvalid(v) ? centre : v;
    }
    return INVALID;
}

static inline __attribute__((always_inline)) void make_rows(const WeftRows *turn, int step)
{
    for (int64_t r = 0; r < turn->rows; r++)
        for (int64_t x = 0; x < turn->width; x++)
            result_row(turn, r)[x] = end_cell(turn, x, r, step);
}

RANGE(end)(const WeftRange *in, int count)
{
    return range_cells(in, CELL_PARAMS);
}

ROWS(window_first)(const WeftRows *turn)
{
    make_rows(turn, 1);
}

ROOM(window_first)(const WeftRows *turn)
{
    return 0;
}

ROWS_OP(window_first, .brief = "the first cell of a window whose gaps are filled",
        .family = "lowered", .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_KEEP, .range = range_end, PARAMS(CELL_PARAMETERS));

ROWS(window_last)(const WeftRows *turn)
{
    make_rows(turn, -1);
}

ROOM(window_last)(const WeftRows *turn)
{
    return 0;
}

ROWS_OP(window_last, .brief = "the last cell of a window whose gaps are filled",
        .family = "lowered", .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_KEEP, .range = range_end, PARAMS(CELL_PARAMETERS));
