/*
 * lower_table.c - reclass and interpolate as lookups in tables made for their pixels.
 *
 * Needs: an inferred graph. Integers in a modest interval are looked up by their number, all else
 * is searched for among sorted limits. Which of the two it is, and what the table holds, is decided
 * here, for both engines. Writes new nodes.
 */
#include "pass/lower_table.h"

#include <math.h>

#include "graph/catalog.h"
#include "graph/native.h"
#include "pass/pass.h"
#include "pass/stairs.h"

enum {
    LOOKUP_MAX = 65536 + 2, /* rows of a lookup by number: a u16 raster, and beyond either end */
    FEW = 8                 /* so many values are found by comparing with all limits */
};

/* Cells of a table, row by row, on their way to a node. */
typedef struct Cells {
    double *cell;
    int64_t rows;
    int columns;
} Cells;

static bool make_cells(Cells *cells, int64_t rows, int columns, WeftErr *err)
{
    *cells = (Cells) { .rows = rows, .columns = columns };
    cells->cell = wf_calloc((size_t)rows * (size_t)columns, sizeof *cells->cell, err);
    return cells->cell != NULL;
}

/* 2^steps is at least count. */
static int steps_for(int64_t count)
{
    int steps = 0;

    while ((int64_t)1 << steps < count)
        steps++;
    return steps;
}

/* An operator of the table on x, in the pixel type the table was made for. Frees the cells. */
static WeftNode apply_table(WfGraph *graph, const char *op, WeftNode x, WeftArg *args, int count,
                            Cells *cells, bool wide, WeftErr *err)
{
    WeftNode node;

    args[count] = (WeftArg) { .name = "table",
                              .node = WEFT_NONE,
                              .cells = cells->cell,
                              .rows = cells->rows,
                              .columns = cells->columns };
    node = wf_infer_apply(graph, op, &x, 1, args, count + 1, err);
    wf_free(cells->cell);
    if (node != WEFT_NONE)
        graph->nodes[node].wide_inside = wide;
    return node;
}

/* ------------------------------------------------------------------ by number */

/* The integers that x may be, cut to those from one below `low` to one above `high`. False: they
 * are too many, or x may be something else. */
static bool numbers_of(const WfNode *x, double low, double high, double *first, int64_t *count)
{
    double last;

    if (!x->range.whole)
        return false;
    *first = fmax(x->range.lo, floor(low) - 1);
    last = fmax(fmin(x->range.hi, ceil(high) + 1), *first);
    *first = *first > x->range.hi ? x->range.hi : *first;
    last = last > x->range.hi ? x->range.hi : last;
    if (!(last - *first + 1 <= LOOKUP_MAX))
        return false;
    *count = (int64_t)(last - *first) + 1;
    return true;
}

static WeftNode apply_lookup(WfGraph *graph, WeftNode x, double first, Cells *cells, bool wide,
                             WeftErr *err)
{
    WeftArg args[2] = { { .name = "first", .node = WEFT_NONE, .number = first } };

    return apply_table(graph, "lookup", x, args, 1, cells, wide, err);
}

/* ------------------------------------------------------------------ reclass */

static WeftNode lookup_stairs(WfGraph *graph, WeftNode x, const WfStairs *s, double first,
                              int64_t count, bool wide, WeftErr *err)
{
    Cells cells;
    int64_t k = 0;

    if (!make_cells(&cells, count, 1, err))
        return WEFT_NONE;
    for (int64_t i = 0; i < count; i++) {
        double v = first + (double)i;

        while (k + 1 < s->count && s->limit[k + 1] <= v)
            k++;
        cells.cell[i] = s->named[k] != 0 ? s->value[k] : v;
    }
    return apply_lookup(graph, x, first, &cells, wide, err);
}

static WeftNode search_stairs(WfGraph *graph, WeftNode x, const WfStairs *s, bool wide,
                              WeftErr *err)
{
    int steps = steps_for(s->count), columns = s->keep ? 3 : 2;
    WeftArg args[3] = { { .name = "steps", .node = WEFT_NONE, .number = steps, .integer = true },
                        { .name = "keep", .node = WEFT_NONE, .number = s->keep } };
    Cells cells;

    if (!make_cells(&cells, (int64_t)1 << steps, columns, err))
        return WEFT_NONE;
    for (int64_t k = 0; k < cells.rows; k++) {
        int64_t from = k < s->count ? k : s->count - 1;
        double *cell = cells.cell + k * columns;

        cell[0] = k < s->count ? s->limit[k] : (double)NAN;
        cell[1] = s->value[from];
        if (s->keep)
            cell[2] = s->named[from];
    }
    return apply_table(graph, "stairs", x, args, 2, &cells, wide, err);
}

/* A pixel that keeps its value has to be in a lookup's table itself. */
static bool holds_all(const WfNode *x, double first, int64_t count)
{
    return x->range.lo >= first && x->range.hi <= first + (double)(count - 1);
}

static WeftNode apply_stairs(WfGraph *graph, WeftNode x, const WfStairs *s, bool wide, WeftErr *err)
{
    const WfNode *node = &graph->nodes[x];
    int64_t lowest = s->count > 2 && s->limit[1] == -INFINITY ? 2 : s->count > 1; /* that matters */
    double low = s->limit[lowest], high = s->limit[s->count - 1], first;
    int64_t count;

    if (s->keep) {
        low = node->range.lo;
        high = node->range.hi;
    }
    if (s->count > FEW && numbers_of(node, low, high, &first, &count) &&
        (!s->keep || holds_all(node, first, count)))
        return lookup_stairs(graph, x, s, first, count, wide, err);
    return search_stairs(graph, x, s, wide, err);
}

/* Give invalid pixels a value. */
static WeftNode fill_invalid(WfGraph *graph, WeftNode x, WeftNode made, double value, WeftErr *err)
{
    WeftNode valid = wf_infer_apply(graph, "isvalid", &x, 1, NULL, 0, err), number;
    bool whole = value == floor(value) && fabs(value) <= 0x1p53;

    if (valid == WEFT_NONE)
        return WEFT_NONE;
    number = wf_infer_constant(graph, value, whole, false, NULL, err);
    if (number == WEFT_NONE)
        return WEFT_NONE;
    return wf_infer_apply(graph, "where", (WeftNode[]) { valid, made, number }, 3, NULL, 0, err);
}

WeftNode wf_lower_reclass(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err)
{
    double invalid = node->settings[WF_RULES_INVALID];
    WeftNode made = WEFT_NONE;
    WfStairs stairs;

    if (wf_stairs_make(&stairs, node, node->wide_inside, err))
        made = apply_stairs(graph, inputs[0], &stairs, node->wide_inside, err);
    wf_stairs_free(&stairs);
    if (made == WEFT_NONE || isnan(invalid))
        return made;
    return fill_invalid(graph, inputs[0], made, invalid, err);
}

/* ------------------------------------------------------------------ interpolate */

/* The slope from a point to the next, as the pixel type holds them. It is finite, for 0 times it
 * must be 0. */
static double slope_of(const WfTable *points, int64_t i, bool wide)
{
    double most = wide ? 0x1.fffffffffffffp1023 : 0x1.fffffep127, run, rise;
    const double *x = points->wide, *y = x + points->rows;
    const float *nx = points->narrow, *ny = nx + points->rows;

    run = wide ? x[i + 1] - x[i] : (double)nx[i + 1] - (double)nx[i];
    rise = wide ? y[i + 1] - y[i] : (double)ny[i + 1] - (double)ny[i];
    return run > 0 ? fmin(fmax(rise / run, -most), most) : 0;
}

/* Segments: one below the first point, then one from each point on; the rest repeat the last. */
static bool make_segments(Cells *cells, const WfTable *points, int steps, bool wide, WeftErr *err)
{
    int64_t count = points->rows;
    const double *x = points->wide, *y = x + count;

    if (!make_cells(cells, ((int64_t)1 << steps) + 1, 3, err))
        return false;
    for (int64_t k = 0; k < cells->rows; k++) {
        int64_t i = k == 0 ? 0 : k - 1 < count ? k - 1 : count - 1;
        double *cell = cells->cell + 3 * k;

        cell[0] = k <= count ? x[i] : (double)NAN;
        cell[1] = y[i];
        cell[2] = k > 0 && k < count ? slope_of(points, i, wide) : 0;
    }
    return true;
}

/* The curve's value at each integer, by its own kernel. */
static bool sample_curve(Cells *cells, const WfNode *curve, double first, int64_t count,
                         WeftErr *err)
{
    bool wide = curve->wide_inside;

    if (!make_cells(cells, count, 1, err))
        return false;
    for (int64_t i = 0; i < count; i++) {
        double args[] = { first + (double)i, curve->settings[0] };

        cells->cell[i] = wf_native_call_table(curve->op->kernel[wide], wide, curve->table, args, 2);
    }
    return true;
}

WeftNode wf_lower_interpolate(WfGraph *graph, const WfNode *node, const WeftNode *inputs,
                              WeftErr *err)
{
    const WfTable *points = node->table;
    int steps = steps_for(points->rows + 1);
    WeftArg args[2] = { { .name = "steps", .node = WEFT_NONE, .number = steps, .integer = true } };
    bool wide = node->wide_inside;
    double first;
    int64_t count;
    Cells cells;
    WeftNode curve;

    if (!make_segments(&cells, points, steps, wide, err))
        return WEFT_NONE;
    curve = apply_table(graph, "polyline", inputs[0], args, 1, &cells, wide, err);
    if (curve == WEFT_NONE || !numbers_of(&graph->nodes[inputs[0]], points->ranges[0].lo,
                                          points->ranges[0].hi, &first, &count))
        return curve;
    if (!sample_curve(&cells, &graph->nodes[curve], first, count, err))
        return WEFT_NONE;
    return apply_lookup(graph, inputs[0], first, &cells, wide, err);
}
