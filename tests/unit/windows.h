/*
 * windows.h - a small raster, the nodes of a focal operator on it evaluated pixel by pixel, and the
 * same statistic worked out directly in f64 from the cells of the window.
 */
#ifndef WINDOWS_H
#define WINDOWS_H

#include "bands.h"
#include "graph/sight.h"
#include "pass/focal.h"

enum { WINDOWS_SIDE = 24, WINDOWS_CELLS = 31 * 31 };

typedef struct Windows {
    WfGraph *graph;
    WeftNode input;
    int width, height;
    int margin; /* pixels beyond the raster that rings may be read at */
    double pixel[WINDOWS_SIDE * WINDOWS_SIDE];
    double **known; /* of each node; NULL: nothing yet */
    bool **done;
    int known_count;
} Windows;

/* ------------------------------------------------------------------ the raster */

/* A raster of a type; with gaps some pixels are invalid. */
static __attribute__((unused)) Windows *windows_new(WeftType type, int width, int height, bool gaps)
{
    Windows *w = calloc(1, sizeof *w);
    WeftGrid grid = { .width = width, .height = height, .transform = { 0, 1, 0, 0, 0, -1 } };
    WfSource source = { .type = type, .has_nodata = gaps, .nodata = 255 };
    uint32_t state = 12345;

    ck_assert_ptr_nonnull(w);
    w->graph = bands_graph();
    w->width = width;
    w->height = height;
    w->input = bands_source(w->graph, &source, wf_graph_grid(w->graph, &grid, &bands_err));
    for (int i = 0; i < width * height; i++) {
        state = state * 1664525 + 1013904223;
        w->pixel[i] = state >> 24 > 250 ? 7 : state >> 24;
        if (!wf_pixel(type)->whole)
            w->pixel[i] = (float)(w->pixel[i] / 7 - 9);
        if (gaps && (state >> 8 & 3) == 0)
            w->pixel[i] = NAN;
    }
    return w;
}

static __attribute__((unused)) void windows_forget(Windows *w)
{
    for (int i = 0; i < w->known_count; i++) {
        free(w->known[i]);
        free(w->done[i]);
    }
    free(w->known);
    free(w->done);
    w->known = NULL;
    w->done = NULL;
    w->known_count = 0;
}

static __attribute__((unused)) void windows_free(Windows *w)
{
    windows_forget(w);
    wf_graph_free(w->graph);
    free(w);
}

/* ------------------------------------------------------------------ beyond the edge */

static const WfBeyond windows_rules[] = {
    WF_BEYOND_INVALID,  WF_BEYOND_NEAREST, WF_BEYOND_REFLECT, WF_BEYOND_MIRROR,
    WF_BEYOND_CONSTANT, WF_BEYOND_WRAP,    WF_BEYOND_SHRINK,
};
enum { WINDOWS_RULES = sizeof windows_rules / sizeof *windows_rules };

/* Where a place beyond 0 ... size - 1 is taken from; -1: nowhere. */
static int windows_fold(WfBeyond beyond, int at, int size)
{
    int period = beyond == WF_BEYOND_REFLECT ? 2 * size : size > 1 ? 2 * size - 2 : 1;

    if (at >= 0 && at < size)
        return at;
    if (beyond == WF_BEYOND_WRAP)
        return ((at % size) + size) % size;
    if (beyond == WF_BEYOND_NEAREST)
        return at < 0 ? 0 : size - 1;
    if (beyond != WF_BEYOND_REFLECT && beyond != WF_BEYOND_MIRROR)
        return -1;
    at = ((at % period) + period) % period;
    if (at < size)
        return at;
    return beyond == WF_BEYOND_REFLECT ? period - 1 - at : period - at;
}

/* ------------------------------------------------------------------ nodes, pixel by pixel */

static double windows_node(Windows *w, WeftNode number, int col, int row);

static double windows_neighbour(Windows *w, const WfNode *node, int col, int row)
{
    enum { EXTEND = 5 };
    int edges = (int)node->settings[2], x, y;

    col += (int)node->settings[0];
    row += (int)node->settings[1];
    if (edges == EXTEND)
        return windows_node(w, node->inputs[0], col, row);
    x = windows_fold((WfBeyond)edges, col, w->width);
    y = windows_fold((WfBeyond)edges, row, w->height);
    if (x < 0 || y < 0)
        return edges == WF_BEYOND_CONSTANT ? node->settings[3] : NAN;
    return windows_node(w, node->inputs[0], x, y);
}

/* The input of a function on rows as it finds it: rows from `up` before the raster on. */
static char *windows_field(Windows *w, const WfNode *node, const WeftWindow *window, size_t bytes)
{
    int width = w->width + window->left + window->right;
    int height = w->height + window->up + window->down;
    char *field = malloc((size_t)(width * height) * bytes), *at = field;

    for (int i = 0; i < width * height; i++, at += bytes) {
        int x = windows_fold((WfBeyond)window->edges, i % width - window->left, w->width);
        int y = windows_fold((WfBeyond)window->edges, i / width - window->up, w->height);
        double v = x >= 0 && y >= 0                      ? windows_node(w, node->inputs[0], x, y)
                   : window->edges == WF_BEYOND_CONSTANT ? window->constant
                                                         : (double)NAN;

        if (bytes == sizeof(float))
            *(float *)(void *)at = (float)v;
        else
            *(double *)(void *)at = v;
    }
    return field;
}

/* The result at one pixel, by a turn of just that pixel or of the raster's rest from there. */
static double windows_rows(Windows *w, const WfNode *node, int col, int row)
{
    size_t bytes = node->wide_inside ? sizeof(double) : sizeof(float);
    WeftWindow window;
    WeftRows turn = wf_window_turn(node, &window);
    int stride = w->width + window.left + window.right;
    char *field = windows_field(w, node, &window, bytes);
    const void *rows[256];
    const void *const *in = rows + window.up;
    bool rest = (col + row) % 2;
    double result[WINDOWS_SIDE * WINDOWS_SIDE];
    float narrow;
    void *out[WINDOWS_SIDE], *const *outs = out;
    int wanted = wf_window_result(node);

    turn.in = &in;
    turn.out = &outs;
    turn.results = &wanted;
    turn.result_count = 1;
    turn.rows = rest ? w->height - row : 1;
    turn.width = rest ? w->width - col : 1;
    turn.col = col;
    turn.row = row;
    for (int r = 0; r < turn.rows + window.up + window.down; r++)
        rows[r] = field + (size_t)((row + r) * stride + col + window.left) * bytes;
    for (int r = 0; r < turn.rows; r++)
        out[r] = result + r * WINDOWS_SIDE;
    turn.scratch = aligned_alloc(64, wf_window_own_room(node, turn.rows, turn.width) + 64);
    node->op->rows[node->wide_inside](&turn);
    free(turn.scratch);
    free(field);
    memcpy(&narrow, result, sizeof narrow);
    return node->wide_inside ? result[0] : (double)narrow;
}

static double windows_compute(Windows *w, const WfNode *node, int col, int row)
{
    double inputs[WEFT_ARGS_MAX];

    if (node->op->shape == WEFT_ROWS)
        return windows_rows(w, node, col, row);

    if (node->op->shape == WEFT_FOCAL)
        return windows_neighbour(w, node, col, row);
    if (node->op->shape == WEFT_LOAD) {
        if (col < 0 || col >= w->width || row < 0 || row >= w->height)
            ck_abort_msg("a file is read outside");
        return w->pixel[row * w->width + col];
    }
    for (int i = 0; i < node->input_count; i++)
        inputs[i] = windows_node(w, node->inputs[i], col, row);
    return wf_native_node(node, inputs, col, row);
}

static double windows_node(Windows *w, WeftNode number, int col, int row)
{
    const WfNode *node = &w->graph->nodes[number];
    int stride = w->width + 2 * w->margin, rows = w->height + 2 * w->margin;
    int at = (row + w->margin) * stride + col + w->margin;

    /* An assertion that holds writes to a file: too slow for each pixel. */
    if (col < -w->margin || col >= w->width + w->margin || row < -w->margin ||
        row >= w->height + w->margin)
        ck_abort_msg("a ring is read too far outside");
    if (!w->known[number]) {
        w->known[number] = calloc((size_t)(stride * rows), sizeof(double));
        w->done[number] = calloc((size_t)(stride * rows), sizeof(bool));
        if (!w->known[number] || !w->done[number])
            ck_abort_msg("no memory");
    }
    if (!w->done[number][at]) {
        w->known[number][at] = windows_compute(w, node, col, row);
        w->done[number][at] = true;
    }
    return w->known[number][at];
}

/* The pixel of a node; a window reaches so far at most. */
static __attribute__((unused)) double windows_at(Windows *w, WeftNode node, int col, int row,
                                                 int reach)
{
    if (w->known_count < w->graph->count || w->margin != reach) {
        windows_forget(w);
        w->margin = reach;
        w->known_count = w->graph->count;
        w->known = calloc((size_t)w->known_count, sizeof *w->known);
        w->done = calloc((size_t)w->known_count, sizeof *w->done);
        ck_assert(w->known && w->done);
    }
    return windows_node(w, node, col, row);
}

/* ------------------------------------------------------------------ directly */

/* The cells that count, with their weights. */
typedef struct Cells {
    double value[WINDOWS_CELLS], weight[WINDOWS_CELLS];
    int number[WINDOWS_CELLS]; /* in the window, row by row from 1 */
    int count, total;          /* valid ones; all, NaN for what the rules make of them */
    bool missing;              /* the rules make the result invalid */
    double size;               /* of what is added up, for the tolerance */
} Cells;

static void windows_take(const WfFocal *f, double value, double weight, double center, int number,
                         Cells *cells)
{
    cells->total++;
    if (isnan(value) && f->missing == WF_MISSING_FILL_CENTER)
        value = center;
    if (isnan(value)) {
        cells->missing |= f->missing == WF_MISSING_PROPAGATE;
        return;
    }
    cells->value[cells->count] = value;
    cells->number[cells->count] = number;
    cells->weight[cells->count++] = weight;
}

static Cells windows_cells(const Windows *w, const WfFocal *f, int col, int row)
{
    Cells cells = { 0 };
    double center = w->pixel[row * w->width + col];
    int number = 0;

    for (int i = 0; i < f->width * f->height; i++) {
        int x = windows_fold(f->beyond, col + i % f->width - f->width / 2, w->width);
        int y = windows_fold(f->beyond, row + i / f->width - f->height / 2, w->height);
        bool outside = x < 0 || y < 0;

        number += f->weights[i] != 0;
        if (f->weights[i] == 0 || (outside && f->beyond == WF_BEYOND_SHRINK))
            continue;
        windows_take(f,
                     !outside                          ? w->pixel[y * w->width + x]
                     : f->beyond == WF_BEYOND_CONSTANT ? f->constant
                                                       : (double)NAN,
                     f->weighted ? f->weights[i] : 1, center, number, &cells);
    }
    if (f->missing == WF_MISSING_CENTER || f->missing == WF_MISSING_FILL_CENTER)
        cells.missing |= isnan(center);
    if (f->missing == WF_MISSING_SKIP || f->missing == WF_MISSING_CENTER)
        cells.missing |= cells.count < f->min_valid && (cells.count > 0 || f->min_valid > 1);
    return cells;
}

static int windows_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double windows_percentile(const double *sorted, int count, double percent)
{
    double place = (count - 1) * percent / 100;
    int lo = (int)floor(place), hi = lo + 1 < count ? lo + 1 : lo;

    return sorted[lo] + (sorted[hi] - sorted[lo]) * (place - lo);
}

/* The value of the longest run, or of the shortest; the number of runs. */
static double windows_runs(const double *sorted, int count, WfStat stat)
{
    double best = NAN;
    int length = 0, runs = 0;

    for (int i = 0, end; i < count; i = end, runs++) {
        for (end = i + 1; end < count && sorted[end] == sorted[i];)
            end++;
        if (length == 0 || (stat == WF_STAT_MODE ? end - i > length : end - i < length)) {
            length = end - i;
            best = sorted[i];
        }
    }
    return stat == WF_STAT_VARIETY ? runs : best;
}

static double windows_variance(const Cells *cells, int ddof)
{
    double mean = 0, squares = 0;

    for (int i = 0; i < cells->count; i++)
        mean += cells->value[i] / cells->count;
    for (int i = 0; i < cells->count; i++)
        squares += (cells->value[i] - mean) * (cells->value[i] - mean);
    return cells->count > ddof ? squares / (cells->count - ddof) : NAN;
}

/* The number of the earliest of the least cells, or of the greatest. */
static double windows_number(const Cells *cells, bool greatest)
{
    int best = 0;

    for (int i = 1; i < cells->count; i++)
        if (greatest ? cells->value[i] > cells->value[best] : cells->value[i] < cells->value[best])
            best = i;
    return cells->number[best];
}

static double windows_ranked(Cells *cells, const WfFocal *f)
{
    double first = cells->value[0], last = cells->value[cells->count - 1];

    if (f->stat == WF_STAT_FIRST || f->stat == WF_STAT_LAST)
        return f->stat == WF_STAT_FIRST ? first : last;
    if (f->stat == WF_STAT_ARGMIN || f->stat == WF_STAT_ARGMAX)
        return windows_number(cells, f->stat == WF_STAT_ARGMAX);
    qsort(cells->value, (size_t)cells->count, sizeof *cells->value, windows_order);
    if (f->stat == WF_STAT_MEDIAN)
        return windows_percentile(cells->value, cells->count, 50);
    if (f->stat == WF_STAT_PERCENTILE)
        return windows_percentile(cells->value, cells->count, f->percent);
    return windows_runs(cells->value, cells->count, f->stat);
}

/* The statistic itself; *size: the magnitude that its rounding errors go by. */
static __attribute__((unused)) double windows_direct(const Windows *w, const WfFocal *f, int col,
                                                     int row, double *size)
{
    Cells cells = windows_cells(w, f, col, row);
    double sum = 0, weight = 0, lo = INFINITY, hi = -INFINITY;
    bool skips = f->missing == WF_MISSING_SKIP || f->missing == WF_MISSING_CENTER;

    *size = 0;
    if (cells.missing)
        return NAN;
    for (int i = 0; i < cells.count; i++) {
        sum += cells.value[i] * cells.weight[i];
        weight += cells.weight[i];
        *size += fabs(cells.value[i] * cells.weight[i]);
        lo = fmin(lo, cells.value[i]);
        hi = fmax(hi, cells.value[i]);
    }
    if (f->stat == WF_STAT_COUNT)
        return cells.count;
    if (f->stat == WF_STAT_PIXELS)
        return cells.total;
    if (cells.count == 0)
        return f->stat == WF_STAT_SUM && !skips ? 0 : (double)NAN;
    *size = f->stat == WF_STAT_SUM    ? *size
            : f->stat == WF_STAT_MEAN ? *size / fabs(weight)
                                      : fmax(fabs(lo), fabs(hi));
    switch (f->stat) {
    case WF_STAT_SUM:
        return sum;
    case WF_STAT_MEAN:
        return weight == 0 ? NAN : sum / weight;
    case WF_STAT_MIN:
        return lo;
    case WF_STAT_MAX:
        return hi;
    case WF_STAT_RANGE:
        return hi - lo;
    case WF_STAT_VAR:
        *size = windows_variance(&cells, f->ddof);
        return *size;
    case WF_STAT_STD:
        return sqrt(windows_variance(&cells, f->ddof));
    default:
        return windows_ranked(&cells, f);
    }
}

#endif
