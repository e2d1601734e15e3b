/*
 * extremes.c - which cell of a window is the least or the greatest: its number, row by row from 1.
 *
 * Cells outside the raster and invalid ones keep their numbers; the earliest of equals is meant. A
 * row's cells are reduced to stretches of 1, 2, 4 ... columns (doubling), of which two that overlap
 * make any run. All of it goes across the columns at once.
 */
#include "cells.h"

enum { NOWHERE = INT32_MAX };

/* One row of the input, beginning at the window's left side. */
typedef struct Stretches {
    int64_t width;
    px *value;       /* the least in a stretch that begins here, or the greatest, negated */
    int32_t *column; /* where it lies; NOWHERE: no cell is valid */
    int32_t *gap;    /* where the stretch's first invalid cell lies, or NOWHERE */
    int32_t *before; /* valid cells to the left of this column */
} Stretches;

/* What is found so far for the pixels of one row. */
typedef struct Found {
    px *value;
    int32_t *cell; /* its number, from 1; NOWHERE: none */
    int32_t *gap;  /* that of the first invalid cell inside, or NOWHERE */
    int32_t *valid;
} Found;

typedef struct Extremes {
    Stretches now;
    Found *found;    /* for each row of the turn */
    int32_t *number; /* of each run: the number of its first cell */
    int32_t *run;    /* of each row of the window: its first run; one more at the end */
    bool greatest, fills;
} Extremes;

static inline Extremes take_extremes(const WeftRows *turn, bool greatest, Scratch *scratch)
{
    const WeftWindow *w = turn->windows;
    size_t width = (size_t)(turn->width + w->left + w->right), rows = (size_t)turn->rows;
    Extremes e = { .now = { .width = (int64_t)width },
                   .greatest = greatest,
                   .fills = turn->settings[MISSING] == MISSING_FILL_CENTER };

    e.now.value = scratch_take(scratch, width, sizeof *e.now.value);
    e.now.column = scratch_take(scratch, width, sizeof *e.now.column);
    e.now.gap = scratch_take(scratch, width, sizeof *e.now.gap);
    e.now.before = scratch_take(scratch, width + 1, sizeof *e.now.before);
    e.number = scratch_take(scratch, (size_t)run_count(turn), sizeof *e.number);
    e.run = scratch_take(scratch, (size_t)(w->up + w->down + 2), sizeof *e.run);
    e.found = scratch_take(scratch, rows, sizeof *e.found);
    for (size_t r = 0; r < rows; r++) {
        size_t own = (size_t)turn->width;
        Found found;

        found.value = scratch_take(scratch, own, sizeof *found.value);
        found.cell = scratch_take(scratch, own, sizeof *found.cell);
        found.gap = scratch_take(scratch, own, sizeof *found.gap);
        found.valid = scratch_take(scratch, own, sizeof *found.valid);
        if (e.found)
            e.found[r] = found;
    }
    return e;
}

/* ------------------------------------------------------------------ one row of the input */

/* Stretches of one column. What lies outside is no gap where it is no part of the window. */
static void begin_stretches(Extremes *e, const WeftRows *turn, int64_t y)
{
    const px *row = cell_row(turn, y) - turn->windows->left;
    int64_t col = turn->col - turn->windows->left, end = turn->raster_width - col;
    bool shrinks = turn->settings[SHRINK] != 0;
    bool outside = turn->row + y < 0 || turn->row + y >= turn->raster_height;
    Stretches *now = &e->now;

    for (int64_t x = 0; x < now->width; x++) {
        bool gone = isinvalid(row[x]), out = shrinks && (outside || x < -col || x >= end);

        now->value[x] = gone ? (px)__builtin_inf() : e->greatest ? -row[x] : row[x];
        now->column[x] = gone ? NOWHERE : (int32_t)x;
        now->gap[x] = gone && !out ? (int32_t)x : NOWHERE;
    }
    now->before[0] = 0;
    for (int64_t x = 0; x < now->width; x++)
        now->before[x + 1] = now->before[x] + (now->column[x] != NOWHERE);
}

/* From stretches of `length` columns to those of twice as many; those that would end beyond the row
 * are no longer right, and are never asked for. */
static void double_stretches(const Stretches *now, int64_t length)
{
    px *value = now->value;
    int32_t *column = now->column, *gap = now->gap;

    for (int64_t x = 0; x + length < now->width; x++) {
        px a = value[x], b = value[x + length];
        int32_t i = column[x], j = column[x + length];
        bool second = (b < a) | (i == NOWHERE);

        value[x] = second ? b : a;
        column[x] = second ? j : i;
    }
    for (int64_t x = 0; x + length < now->width; x++)
        gap[x] = gap[x] < gap[x + length] ? gap[x] : gap[x + length];
}

/* ------------------------------------------------------------------ runs */

/* Make use of a run of the window of output row r, whose cells lie in the row at hand. `length` is
 * that of the stretches: at most the run's, and more than half of it. */
static void take_run(const Extremes *e, const WeftRows *turn, int64_t r, Run run, int64_t length,
                     int32_t number)
{
    int64_t first = turn->windows->left + run.from, last = turn->windows->left + run.to + 1;
    const px *value = e->now.value + first, *value2 = e->now.value + last - length;
    const int32_t *column = e->now.column + first, *column2 = e->now.column + last - length;
    const int32_t *before = e->now.before + first, *after = e->now.before + last;
    px *best = e->found[r].value;
    int32_t *cell = e->found[r].cell, *valid = e->found[r].valid;

    for (int64_t x = 0; x < turn->width; x++) {
        px a = value[x], b = value2[x];
        int32_t i = column[x], j = column2[x];
        bool second = (b < a) | (i == NOWHERE);
        px v = second ? b : a;
        int32_t at = second ? j : i,
                own = at == NOWHERE ? NOWHERE : at - (int32_t)(x + first) + number;
        bool better = (v < best[x]) | ((v == best[x]) & (own < cell[x]));

        best[x] = better ? v : best[x];
        cell[x] = better ? own : cell[x];
        valid[x] += after[x] - before[x];
    }
}

static void take_gaps(const Extremes *e, const WeftRows *turn, int64_t r, Run run, int64_t length,
                      int32_t number)
{
    int64_t first = turn->windows->left + run.from, last = turn->windows->left + run.to + 1;
    const int32_t *gap = e->now.gap + first, *gap2 = e->now.gap + last - length;
    int32_t *found = e->found[r].gap;

    for (int64_t x = 0; x < turn->width; x++) {
        int32_t at = gap[x] < gap2[x] ? gap[x] : gap2[x];
        int32_t own = at == NOWHERE ? NOWHERE : at - (int32_t)(x + first) + number;

        found[x] = own < found[x] ? own : found[x];
    }
}

/* All runs of the turn's windows in row y whose stretches are of this length. */
static void take_runs(const Extremes *e, const WeftRows *turn, int64_t y, int64_t length)
{
    const WeftWindow *w = turn->windows;
    int64_t from = more_of(y - w->down, 0), to = less_of(y + w->up, turn->rows - 1);

    for (int64_t r = from; r <= to; r++)
        for (int i = e->run[y - r + w->up]; i < e->run[y - r + w->up + 1]; i++) {
            Run run = run_of(turn, i);
            int64_t cells = run.to - run.from + 1;

            if (cells < length || cells >= 2 * length)
                continue;
            take_run(e, turn, r, run, length, e->number[i]);
            if (e->fills)
                take_gaps(e, turn, r, run, length, e->number[i]);
        }
}

/* ------------------------------------------------------------------ a turn */

/* Gives the most cells of a run. */
static int64_t number_runs(Extremes *e, const WeftRows *turn)
{
    const WeftWindow *w = turn->windows;
    int64_t longest = 0;
    int32_t number = 1;
    int i = 0, count = run_count(turn);

    for (int row = -w->up; row <= w->down; row++) {
        e->run[row + w->up] = i;
        for (; i < count && run_of(turn, i).row == row; i++) {
            int64_t cells = run_of(turn, i).to - run_of(turn, i).from + 1;

            e->number[i] = number;
            number += (int32_t)cells;
            longest = more_of(longest, cells);
        }
    }
    e->run[w->up + w->down + 1] = count;
    return longest;
}

static void clear_found(const Extremes *e, const WeftRows *turn)
{
    for (int64_t r = 0; r < turn->rows; r++)
        for (int64_t x = 0; x < turn->width; x++) {
            e->found[r].value[x] = (px)__builtin_inf();
            e->found[r].cell[x] = e->found[r].gap[x] = NOWHERE;
            e->found[r].valid[x] = 0;
        }
}

static px result_at(const Extremes *e, const WeftRows *turn, int64_t x, int64_t r)
{
    const Found *found = &e->found[r];
    px centre = cell_row(turn, r)[x], value = found->value[x];
    int32_t cell = found->cell[x];
    int64_t filled;

    if (!cells_suffice(turn, x, r, centre, found->valid[x], &filled))
        return INVALID;
    centre = e->greatest ? -centre : centre;
    if (filled && (centre < value || cell == NOWHERE || (centre == value && found->gap[x] < cell)))
        cell = found->gap[x];
    return (px)cell;
}

static void make_rows(const WeftRows *turn, bool greatest)
{
    Scratch scratch = { .at = turn->scratch };
    Extremes e = take_extremes(turn, greatest, &scratch);
    const WeftWindow *w = turn->windows;
    int64_t longest = number_runs(&e, turn);

    clear_found(&e, turn);
    for (int64_t y = -w->up; y < turn->rows + w->down; y++) {
        begin_stretches(&e, turn, y);
        for (int64_t length = 1; length <= longest; length *= 2) {
            take_runs(&e, turn, y, length);
            double_stretches(&e.now, length);
        }
    }
    for (int64_t r = 0; r < turn->rows; r++)
        for (int64_t x = 0; x < turn->width; x++)
            result_row(turn, r)[x] = result_at(&e, turn, x, r);
}

static size_t room_of(const WeftRows *turn)
{
    Scratch scratch = { .at = NULL };

    take_extremes(turn, false, &scratch);
    return scratch.bytes;
}

RANGE(number)(const WeftRange *in, int count)
{
    return range_of(1, in[1 + CELLS].lo, true, in[1 + SURE].lo != 0);
}

ROWS(window_argmin)(const WeftRows *turn)
{
    make_rows(turn, false);
}

ROOM(window_argmin)(const WeftRows *turn)
{
    return room_of(turn);
}

ROWS_OP(window_argmin, .brief = "number of a window's least cell", .family = "lowered", .inputs = 1,
        .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_INTEGER, .range = range_number,
        PARAMS(CELL_PARAMETERS));

ROWS(window_argmax)(const WeftRows *turn)
{
    make_rows(turn, true);
}

ROOM(window_argmax)(const WeftRows *turn)
{
    return room_of(turn);
}

ROWS_OP(window_argmax, .brief = "number of a window's greatest cell", .family = "lowered",
        .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_INTEGER,
        .range = range_number, PARAMS(CELL_PARAMETERS));
