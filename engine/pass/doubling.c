/*
 * doubling.c - what an associative operation makes of all cells of a window.
 *
 * Blocks of 4^k cells are joined from four of the next smaller, each kept as a ring that goes on
 * beyond the raster, so that sums line up at its edge. No value depends on an earlier pixel: tiles
 * cannot change a bit. Needs: an inferred input. Writes new nodes.
 */
#include "pass/doubling.h"

enum {
    DIRECT = 8, /* cells that are joined without rings */
    LEVELS = 8, /* 4^7 cells are more than any window has in a row */
    PIECES = 32
};

/* Cells side by side, or one below the other, with their blocks of 4^k. */
typedef struct Line {
    const WfFold *fold;
    bool down;
    int side;            /* column of the cells, where the line goes down without a ring */
    const WfState *ring; /* the cells; NULL: those of the window */
    WfState block[LEVELS];
    int levels;
} Line;

/* A run of cells in a row of the window, as a ring. */
typedef struct Run {
    int from, to;
    WfState state;
} Run;

static WfState shifted(const WfFold *fold, const WfState *state, int dx, int dy)
{
    const WfGraph *graph = fold->around->build.graph;
    WfState moved = *state;

    for (int i = 0; i < fold->parts; i++)
        if (moved.part[i] != WEFT_NONE && graph->nodes[moved.part[i]].grid)
            moved.part[i] =
                wf_build_neighbour(&fold->around->build, state->part[i], dx, dy, "extend", 0);
    return moved;
}

/* Neighbours first, then pairs of them: rounding errors grow with the logarithm of the count. */
static WfState join_all(const WfFold *fold, const WfState *states, int count)
{
    WfState a, b;

    if (count == 1)
        return states[0];
    a = join_all(fold, states, count / 2);
    b = join_all(fold, states + count / 2, count - count / 2);
    return fold->join(fold, &a, &b);
}

static WfState block_at(Line *line, int level, int at)
{
    if (level > 0)
        return shifted(line->fold, &line->block[level], line->down ? 0 : at, line->down ? at : 0);
    if (line->ring)
        return shifted(line->fold, line->ring, line->down ? 0 : at, line->down ? at : 0);
    return line->fold->cell(line->fold, line->down ? line->side : at, line->down ? at : 0);
}

static int cells_of(int level)
{
    return 1 << 2 * level;
}

/* Make blocks up to the greatest that fits. */
static int grow(Line *line, int count)
{
    int level = 0;

    if (count <= DIRECT)
        return 0;
    while (level + 1 < LEVELS && cells_of(level + 1) <= count) {
        level++;
        if (level > line->levels) {
            WfState four[4];

            for (int i = 0; i < 4; i++)
                four[i] = block_at(line, level - 1, i * cells_of(level - 1));
            line->block[level] = join_all(line->fold, four, 4);
            line->levels = level;
        }
    }
    return level;
}

/* `count` cells from `from` on. */
static WfState span(Line *line, int from, int count)
{
    int level = grow(line, count), pieces = 0;
    WfState piece[PIECES];

    for (int done = 0; done < count;) {
        if (line->fold->overlap && level > 0 && count - done < cells_of(level))
            done = count - cells_of(level);
        while (cells_of(level) > count - done)
            level--;
        piece[pieces++] = block_at(line, level, from + done);
        done += cells_of(level);
    }
    return join_all(line->fold, piece, pieces);
}

/* The next run of a row at or after *from; gives false if there is none. */
static bool next_run(const WfAround *around, int dy, int *from, int *to)
{
    int last = around->focal->width / 2;

    while (*from <= last && !wf_around_has(around, *from, dy))
        (*from)++;
    *to = *from;
    while (*to < last && wf_around_has(around, *to + 1, dy))
        (*to)++;
    return *from <= last;
}

/* All rows of the window are the same run. */
static bool is_rectangle(const WfAround *around, int *from, int *to)
{
    int rows = around->focal->height / 2, columns = around->focal->width / 2;

    for (int dy = -rows; dy <= rows; dy++) {
        int first = -columns, last, next;

        if (!next_run(around, dy, &first, &last))
            return false;
        if (dy == -rows) {
            *from = first;
            *to = last;
        }
        next = last + 1;
        if (first != *from || last != *to || next_run(around, dy, &next, &last))
            return false;
    }
    return true;
}

static WfState fold_few(const WfFold *fold)
{
    const WfAround *around = fold->around;
    int rows = around->focal->height / 2, columns = around->focal->width / 2, count = 0;
    WfState cells[WF_FOCAL_FEW];

    for (int dy = -rows; dy <= rows; dy++)
        for (int dx = -columns; dx <= columns; dx++)
            if (wf_around_has(around, dx, dy))
                cells[count++] = fold->cell(fold, dx, dy);
    return join_all(fold, cells, count);
}

static WfState fold_rectangle(const WfFold *fold, int from, int to)
{
    int rows = fold->around->focal->height;
    Line across = { .fold = fold }, down = { .fold = fold, .down = true, .side = from };
    WfState row;

    if (from < to) {
        row = span(&across, from, to - from + 1);
        if (rows == 1)
            return row;
        down.ring = &row;
    }
    return span(&down, -(rows / 2), rows);
}

/* ------------------------------------------------------------------ other shapes */

typedef struct Runs {
    Line across;
    Run *runs;
    int run_count, run_room;
    WfState *all; /* each run of each row, in order */
    int all_count, all_room;
} Runs;

static WfState run_at(Runs *runs, int from, int to, int dy, WeftErr *err)
{
    const WfFold *fold = runs->across.fold;
    WfState none = { .part = { WEFT_NONE, WEFT_NONE, WEFT_NONE } };

    if (from == to)
        return fold->cell(fold, from, dy);
    for (int i = 0; i < runs->run_count; i++)
        if (runs->runs[i].from == from && runs->runs[i].to == to)
            return shifted(fold, &runs->runs[i].state, 0, dy);
    if (!wf_grow(&runs->runs, runs->run_count, &runs->run_room, sizeof *runs->runs, err))
        return none;
    runs->runs[runs->run_count] =
        (Run) { .from = from, .to = to, .state = span(&runs->across, from, to - from + 1) };
    return shifted(fold, &runs->runs[runs->run_count++].state, 0, dy);
}

static bool add_rows(Runs *runs, WeftErr *err)
{
    const WfAround *around = runs->across.fold->around;
    int rows = around->focal->height / 2, columns = around->focal->width / 2;

    for (int dy = -rows; dy <= rows; dy++)
        for (int from = -columns, to; next_run(around, dy, &from, &to); from = to + 1) {
            WfState state = run_at(runs, from, to, dy, err);

            if (state.part[0] == WEFT_NONE ||
                !wf_grow(&runs->all, runs->all_count, &runs->all_room, sizeof *runs->all, err))
                return false;
            runs->all[runs->all_count++] = state;
        }
    return true;
}

static WfState fold_runs(const WfFold *fold)
{
    Runs runs = { .across = { .fold = fold } };
    WfState state = { .part = { WEFT_NONE, WEFT_NONE, WEFT_NONE } };

    if (add_rows(&runs, fold->around->build.err))
        state = join_all(fold, runs.all, runs.all_count);
    wf_free(runs.runs);
    wf_free(runs.all);
    return state;
}

/* ------------------------------------------------------------------ shared */

WfState wf_fold_window(const WfFold *fold)
{
    int from = 0, to = 0;

    if (fold->around->members <= WF_FOCAL_FEW)
        return fold_few(fold);
    if (is_rectangle(fold->around, &from, &to))
        return fold_rectangle(fold, from, to);
    return fold_runs(fold);
}

static WfState worth_of(const WfFold *fold, int dx, int dy)
{
    return (WfState) { .part = { wf_around_term(fold->around, fold->worth, dx, dy, true) },
                       .cells = 1 };
}

static WfState join_sums(const WfFold *fold, const WfState *a, const WfState *b)
{
    return (WfState) { .part = { wf_build_2(&fold->around->build, "add", a->part[0], b->part[0]) },
                       .cells = a->cells + b->cells };
}

WeftNode wf_fold_sum(const WfAround *around, WfWorth worth)
{
    WfFold fold = {
        .around = around, .cell = worth_of, .join = join_sums, .parts = 1, .worth = worth
    };

    return wf_fold_window(&fold).part[0];
}
