/*
 * polygon.c - which pixels belong to a polygon, and how much of each.
 *
 * A line, or a band between two lines, goes down through the polygon and keeps the sides that it
 * meets. The centre rule looks at the line through the centres of a row. The others cut a row into
 * bands at every corner and crossing; within a band sides are straight and keep their order, so
 * that between the first and the second, the third and the fourth ... lie trapezoids of the inside;
 * where parts overlap, between a side that enters the first part and one that leaves the last. Each
 * adds the area that it covers in each pixel as fonts are drawn: the area to the right of its left
 * side less that to the right of its right side. Needs nothing. Writes spans.
 */
#include "io/polygon.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

const char *const wf_rule_names[WF_RULE_COUNT] = { [WF_RULE_CENTER] = "center",
                                                   [WF_RULE_TOUCHED] = "touched",
                                                   [WF_RULE_FRACTION] = "fraction",
                                                   [WF_RULE_FRACTION8] = "fraction8" };

static const double dust = 1e-12; /* of a pixel: what sums of areas may miss by rounding */

enum { FEW = 32 };

/* A side where it passes the band: at its upper and lower end, and in the middle of a part. */
typedef struct Piece {
    const WfEdge *edge;
    double upper, lower, middle;
} Piece;

typedef struct Sweep {
    const WfPolygon *polygon;
    WfRule rule;
    int next;    /* the first side that was not met yet */
    Piece *live; /* the sides that are met now */
    int live_count;
    bool *within;    /* of each part: a line that is followed is inside it; false between lines */
    int inside;      /* how many are true */
    double *corners; /* rows of all corners, ascending */
    int corner_count, corner;
    double *cuts; /* of a band: where sides cross, as parts of it */
    int cut_count, cut_room;
    int64_t first, columns; /* of the polygon's box within the raster */
    double *inner;          /* of a pixel of the row: what is added to it alone */
    double *beyond;         /* and to all pixels to the right of it */
    int64_t from, to;       /* pixels of the row that were added to */
} Sweep;

void wf_spans_free(WfSpans *spans)
{
    wf_free(spans->list);
    *spans = (WfSpans) { 0 };
}

void wf_polygon_free(WfPolygon *polygon)
{
    wf_free(polygon->edges);
    *polygon = (WfPolygon) { 0 };
}

bool wf_polygon_side(WfPolygon *polygon, double xa, double ya, double xb, double yb, WeftErr *err)
{
    if (ya == yb)
        return true;
    if (!wf_grow(&polygon->edges, polygon->count, &polygon->room, sizeof(WfEdge), err))
        return false;
    polygon->edges[polygon->count++] = ya < yb ? (WfEdge) { xa, ya, xb, yb, polygon->part }
                                               : (WfEdge) { xb, yb, xa, ya, polygon->part };
    return true;
}

/* ------------------------------------------------------------------------------- sides */

static int by_top(const void *a, const void *b)
{
    const WfEdge *e = a, *f = b;

    return (e->y0 > f->y0) - (e->y0 < f->y0);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sides that two polygons share are evaluated alike in both: they are stored from top to bottom. */
static double side_at(const WfEdge *edge, double y)
{
    if (y <= edge->y0)
        return edge->x0;
    if (y >= edge->y1)
        return edge->x1;
    return edge->x0 + (y - edge->y0) * ((edge->x1 - edge->x0) / (edge->y1 - edge->y0));
}

/* The live sides become those with y0 <= y < y1. */
static void advance(Sweep *sweep, double y)
{
    const WfPolygon *polygon = sweep->polygon;
    int kept = 0;

    for (int i = 0; i < sweep->live_count; i++)
        if (sweep->live[i].edge->y1 > y)
            sweep->live[kept++] = sweep->live[i];
    sweep->live_count = kept;
    for (; sweep->next < polygon->count && polygon->edges[sweep->next].y0 <= y; sweep->next++)
        if (polygon->edges[sweep->next].y1 > y)
            sweep->live[sweep->live_count++].edge = &polygon->edges[sweep->next];
}

/* A line that is followed from left to right meets a side: is it the outline of all parts? */
static bool meets_outline(Sweep *sweep, const Piece *piece)
{
    bool *within = &sweep->within[piece->edge->part], before = sweep->inside > 0;

    *within = !*within;
    sweep->inside += *within ? 1 : -1;
    return before != (sweep->inside > 0);
}

/* ------------------------------------------------------------------------------- pixels */

/* Add to a pixel of the row, and to all to the right of it. */
static void add_pixel(Sweep *sweep, int64_t pixel, double here, double beyond)
{
    sweep->inner[pixel] += here;
    sweep->beyond[pixel] += beyond;
    if (pixel < sweep->from)
        sweep->from = pixel;
    if (pixel > sweep->to)
        sweep->to = pixel;
}

/* The pixel of the box that is `column` of the raster, or the nearest one; columns: beyond it. */
static int64_t in_box(const Sweep *sweep, double column)
{
    double pixel = column - (double)sweep->first;

    return pixel <= 0 ? 0 : pixel >= (double)sweep->columns ? sweep->columns : (int64_t)pixel;
}

/* The area to the right of a straight side that is `height` high. */
static void add_area(Sweep *sweep, double xa, double xb, double height)
{
    double lo = fmin(xa, xb) - (double)sweep->first, hi = fmax(xa, xb) - (double)sweep->first;
    double end = (double)sweep->columns, slope = height / (hi - lo);

    if (!isfinite(slope))
        hi = lo; /* upright, or as good as */
    if (hi <= 0) {
        add_pixel(sweep, 0, height, height);
        return;
    }
    if (lo < 0) {
        add_pixel(sweep, 0, slope * -lo, slope * -lo);
        lo = 0;
    }
    while (lo < end) {
        double right = floor(lo) + 1, part;

        if (hi <= right) {
            part = hi > lo ? slope * (hi - lo) : height;
            add_pixel(sweep, (int64_t)lo, part * (right - (lo + hi) / 2), part);
            return;
        }
        part = slope * (right - lo);
        add_pixel(sweep, (int64_t)lo, part * (right - lo) / 2, part);
        lo = right;
    }
}

/* The part of a pixel that counts, from what was added to it. */
static double weight_of(WfRule rule, double sum)
{
    switch (rule) {
    case WF_RULE_CENTER: /* sides to the left of the centre */
        return fmod(sum, 2) != 0;
    case WF_RULE_TOUCHED: /* trapezoids that reach into it */
        return sum > 0;
    case WF_RULE_FRACTION8:
        return fmin(floor((sum + dust) * 256), 255) / 255;
    default:
        return sum < dust ? 0 : sum > 1 - dust ? 1 : sum;
    }
}

static bool refuse_spans(const WfSpans *spans, WeftErr *err)
{
    char bytes[32];

    wf_fail(err, WEFT_EMEM, "spans of polygons would take more than %s",
            wf_bytes((double)spans->most * WF_SPAN_BYTES, bytes));
    return wf_hint(err, "allow more with --memory, or take fewer polygons with where=");
}

static bool add_span(WfSpans *spans, const WfSpan *span, WeftErr *err)
{
    if (!(span->weight > 0))
        return true;
    if (spans->most && spans->count >= spans->most)
        return refuse_spans(spans, err);
    if (!wf_grow(&spans->list, spans->count, &spans->room, sizeof(WfSpan), err))
        return false;
    spans->list[spans->count++] = *span;
    return true;
}

/* The row is done: its runs of equal weight become spans, its sums 0. */
static bool end_row(Sweep *sweep, int64_t row, double zone, WfSpans *spans, WeftErr *err)
{
    WfSpan span = { .row = (double)row, .zone = zone };
    int64_t last = sweep->to < sweep->columns ? sweep->to : sweep->columns - 1;
    double sum = 0;

    for (int64_t i = sweep->from; i < sweep->columns; i++) {
        double weight = weight_of(sweep->rule, sum + sweep->inner[i]);

        sum += sweep->beyond[i];
        sweep->inner[i] = sweep->beyond[i] = 0;
        if (weight != span.weight) {
            if (!add_span(spans, &span, err))
                return false;
            span.col = (double)(sweep->first + i);
            span.count = 0;
            span.weight = weight;
        }
        span.count++;
        if (i > last && weight == 0)
            break; /* nothing was added from here on */
    }
    sweep->inner[sweep->columns] = sweep->beyond[sweep->columns] = 0;
    sweep->from = INT64_MAX;
    sweep->to = -1;
    return add_span(spans, &span, err);
}

/* ------------------------------------------------------------------------------- bands */

static double piece_at(const Piece *piece, double part)
{
    return piece->upper + part * (piece->lower - piece->upper);
}

static int by_middle(const void *a, const void *b)
{
    const Piece *p = a, *q = b;

    return (p->middle > q->middle) - (p->middle < q->middle);
}

/* Live sides from left to right in the middle of a part of the band. They nearly are already, but
 * where many begin at once. */
static void order_live(Sweep *sweep, double from, double to)
{
    Piece *live = sweep->live;
    int wrong = 0;

    for (int i = 0; i < sweep->live_count; i++) {
        live[i].middle = piece_at(&live[i], (from + to) / 2);
        wrong += i > 0 && live[i - 1].middle > live[i].middle;
    }
    if (wrong > FEW) {
        qsort(live, (size_t)sweep->live_count, sizeof *live, by_middle);
        return;
    }
    for (int i = 1; wrong && i < sweep->live_count; i++) {
        Piece moved = live[i];
        int at = i;

        for (; at > 0 && live[at - 1].middle > moved.middle; at--)
            live[at] = live[at - 1];
        live[at] = moved;
    }
}

/* What lies between two sides, in a part of the band. */
static void add_trapezoid(Sweep *sweep, const Piece *left, const Piece *right, double from,
                          double to, double height)
{
    double a = piece_at(left, from), b = piece_at(left, to);
    double c = piece_at(right, from), d = piece_at(right, to);

    if (sweep->rule != WF_RULE_TOUCHED) {
        add_area(sweep, a, b, height);
        add_area(sweep, c, d, -height);
    } else if (fmax(c, d) > fmin(a, b)) {
        int64_t first = in_box(sweep, floor(fmin(a, b)));
        int64_t after = in_box(sweep, ceil(fmax(c, d)));

        add_pixel(sweep, first, 1, 1);
        add_pixel(sweep, after, -1, -1);
    }
}

/* Between two cuts no sides cross. */
static void add_trapezoids(Sweep *sweep, double from, double to, double height)
{
    const Piece *left = NULL;

    order_live(sweep, from, to);
    for (int i = 0; i < sweep->live_count; i++) {
        const Piece *piece = &sweep->live[i];

        if (!meets_outline(sweep, piece))
            continue;
        if (left)
            add_trapezoid(sweep, left, piece, from, to, height);
        left = left ? NULL : piece;
    }
}

/* Sides of an invalid polygon may cross within the band. */
static bool find_cuts(Sweep *sweep, WeftErr *err)
{
    const Piece *live = sweep->live;
    bool crossed = false;

    sweep->cut_count = 0;
    for (int i = 1; i < sweep->live_count; i++)
        crossed = crossed || live[i - 1].upper > live[i].upper || live[i - 1].lower > live[i].lower;
    for (int i = 0; crossed && i < sweep->live_count; i++)
        for (int j = 0; j < i; j++) {
            double above = live[i].upper - live[j].upper, below = live[i].lower - live[j].lower;

            if (!(above * below < 0))
                continue;
            if (!wf_grow(&sweep->cuts, sweep->cut_count, &sweep->cut_room, sizeof(double), err))
                return false;
            sweep->cuts[sweep->cut_count++] = above / (above - below);
        }
    if (sweep->cut_count > 1)
        qsort(sweep->cuts, (size_t)sweep->cut_count, sizeof(double), by_value);
    return true;
}

/* The band from y to below, without a corner inside. */
static bool add_band(Sweep *sweep, double y, double below, WeftErr *err)
{
    double from = 0;

    advance(sweep, y);
    for (int i = 0; i < sweep->live_count; i++) {
        sweep->live[i].upper = side_at(sweep->live[i].edge, y);
        sweep->live[i].lower = side_at(sweep->live[i].edge, below);
    }
    order_live(sweep, 0, 1);
    if (!find_cuts(sweep, err))
        return false;
    for (int i = 0; i < sweep->cut_count; i++) {
        add_trapezoids(sweep, from, sweep->cuts[i], (sweep->cuts[i] - from) * (below - y));
        from = sweep->cuts[i];
    }
    add_trapezoids(sweep, from, 1, (1 - from) * (below - y));
    return true;
}

static bool add_bands(Sweep *sweep, int64_t row, WeftErr *err)
{
    double y = (double)row, end = y + 1;

    while (y < end) {
        double below = end;

        while (sweep->corner < sweep->corner_count && sweep->corners[sweep->corner] <= y)
            sweep->corner++;
        if (sweep->corner < sweep->corner_count && sweep->corners[sweep->corner] < end)
            below = sweep->corners[sweep->corner];
        if (!add_band(sweep, y, below, err))
            return false;
        y = below;
    }
    return true;
}

/* From a side of the outline on, pixels have one more to the left of their centres. Of one part all
 * sides are outline, in any order. */
static void add_centres(Sweep *sweep, int64_t row)
{
    double y = (double)row + 0.5;

    advance(sweep, y);
    for (int i = 0; i < sweep->live_count; i++)
        sweep->live[i].upper = sweep->live[i].lower = side_at(sweep->live[i].edge, y);
    if (sweep->polygon->part > 0)
        order_live(sweep, 0, 0);
    for (int i = 0; i < sweep->live_count; i++)
        if (meets_outline(sweep, &sweep->live[i]))
            add_pixel(sweep, in_box(sweep, ceil(sweep->live[i].upper - 0.5)), 1, 1);
}

/* ------------------------------------------------------------------------------- polygons */

static int64_t clipped(double v, int64_t most)
{
    return v <= 0 ? 0 : v >= (double)most ? most : (int64_t)v;
}

static bool open_sweep(Sweep *sweep, WfPolygon *polygon, int64_t width, WeftErr *err)
{
    double left = INFINITY, right = -INFINITY;
    size_t count = (size_t)polygon->count;

    qsort(polygon->edges, count, sizeof(WfEdge), by_top);
    sweep->polygon = polygon;
    sweep->live = wf_calloc(count, sizeof *sweep->live, err);
    sweep->corners = wf_calloc(2 * count, sizeof *sweep->corners, err);
    sweep->within = wf_calloc((size_t)polygon->part + 1, sizeof *sweep->within, err);
    if (!sweep->live || !sweep->corners || !sweep->within)
        return false;
    for (int i = 0; i < polygon->count; i++) {
        const WfEdge *edge = &polygon->edges[i];

        left = fmin(left, fmin(edge->x0, edge->x1));
        right = fmax(right, fmax(edge->x0, edge->x1));
        sweep->corners[sweep->corner_count++] = edge->y0;
        sweep->corners[sweep->corner_count++] = edge->y1;
    }
    qsort(sweep->corners, 2 * count, sizeof(double), by_value);
    sweep->first = clipped(floor(left), width);
    sweep->columns = clipped(ceil(right), width) - sweep->first;
    sweep->inner = wf_calloc((size_t)sweep->columns + 1, sizeof(double), err);
    sweep->beyond = wf_calloc((size_t)sweep->columns + 1, sizeof(double), err);
    sweep->from = INT64_MAX;
    sweep->to = -1;
    return sweep->inner && sweep->beyond;
}

static void close_sweep(Sweep *sweep)
{
    wf_free(sweep->live);
    wf_free(sweep->within);
    wf_free(sweep->corners);
    wf_free(sweep->cuts);
    wf_free(sweep->inner);
    wf_free(sweep->beyond);
}

bool wf_polygon_spans(WfPolygon *polygon, WfRule rule, int64_t width, int64_t height, double zone,
                      WfSpans *spans, WeftErr *err)
{
    Sweep sweep = { .rule = rule };
    bool done = true;
    int64_t row, end;

    if (polygon->count == 0)
        return true;
    if (!open_sweep(&sweep, polygon, width, err)) {
        close_sweep(&sweep);
        return false;
    }
    row = clipped(floor(sweep.corners[0]), height);
    end = clipped(ceil(sweep.corners[sweep.corner_count - 1]), height);
    for (; done && sweep.columns > 0 && row < end; row++) {
        if (rule == WF_RULE_CENTER)
            add_centres(&sweep, row);
        else
            done = add_bands(&sweep, row, err);
        done = done && end_row(&sweep, row, zone, spans, err);
    }
    close_sweep(&sweep);
    return done;
}
