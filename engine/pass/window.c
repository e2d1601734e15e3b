/*
 * window.c - the eight neighbours of each pixel, less the pixel, under every rule for edges.
 *
 * Needs: an inferred raster. Writes nodes of `neighbour`, and for edges that are extrapolated a
 * choice by column and row. What is extrapolated are the differences, 2a - b among them too
 * (semantics 5.3).
 */
#include "pass/window.h"

#include <string.h>

#include "pass/pass.h"

/* What stands for a neighbour outside, and for one that is invalid. */
typedef enum Rule {
    PLAIN,       /* neighbour's own edges; invalid stays */
    CENTRE,      /* the centre, for both */
    COPIED,      /* gdaldem -compute_edges: extrapolated, missing columns of the first and last row
                  * copied; then the centre */
    EXTRAPOLATED /* in columns, then in rows; invalid stays */
} Rule;

static const struct {
    const char *edges;
    Rule rule;
    const char *beyond; /* of neighbour */
} rules[] = {
    { .edges = "invalid", .rule = PLAIN, .beyond = "invalid" },
    { .edges = "gdal", .rule = PLAIN, .beyond = "invalid" },
    { .edges = "grass", .rule = PLAIN, .beyond = "invalid" },
    { .edges = "arcgis", .rule = PLAIN, .beyond = "invalid" },
    { .edges = "nearest", .rule = PLAIN, .beyond = "nearest" },
    { .edges = "reflect", .rule = PLAIN, .beyond = "reflect" },
    { .edges = "mirror", .rule = PLAIN, .beyond = "mirror" },
    { .edges = "wrap", .rule = PLAIN, .beyond = "wrap" },
    { .edges = "grass-e", .rule = CENTRE, .beyond = "invalid" },
    { .edges = "arcmap", .rule = CENTRE, .beyond = "invalid" },
    { .edges = "gdal-edges", .rule = COPIED, .beyond = "invalid" },
    { .edges = "extrapolate", .rule = EXTRAPOLATED, .beyond = "invalid" },
};

typedef struct Window {
    const WfBuild *build;
    WeftNode x;
    WeftNode inside[3][3];             /* differences by drow + 1, dcol + 1 */
    WeftNode west, east, north, south; /* bool: the pixel lies at that side */
} Window;

WeftNode wf_window_index(const WfBuild *build, const char *op, const WeftArg *args, int arg_count,
                         const WeftGrid *grid)
{
    WeftNode node = wf_infer_apply(build->graph, op, NULL, 0, args, arg_count, build->err);

    if (node == WEFT_NONE)
        return WEFT_NONE;
    build->graph->nodes[node].grid = grid;
    return wf_infer_node(build->graph, node, build->err) ? node : WEFT_NONE;
}

/* Rounded to f32. */
static WeftNode narrowed(const WfBuild *build, WeftNode node)
{
    if (node == WEFT_NONE || !build->graph->nodes[node].wide)
        return node;
    return wf_build_1(build, "narrow", node);
}

static WeftNode inside(const Window *w, int dcol, int drow)
{
    return w->inside[drow + 1][dcol + 1];
}

static bool fill_inside(Window *w, const char *beyond)
{
    for (int drow = -1; drow <= 1; drow++)
        for (int dcol = -1; dcol <= 1; dcol++) {
            WeftNode z = w->x;
            WeftNode *difference = &w->inside[drow + 1][dcol + 1];

            if (dcol || drow)
                z = wf_build_neighbour(w->build, w->x, dcol, drow, beyond, 0);
            *difference = narrowed(w->build, wf_build_2(w->build, "sub", z, w->x));
            if (*difference == WEFT_NONE)
                return false;
        }
    return true;
}

static WeftNode is_at(const Window *w, const char *axis, int64_t place)
{
    const WeftGrid *grid = w->build->graph->nodes[w->x].grid;

    return wf_build_2(w->build, "eq", wf_window_index(w->build, axis, NULL, 0, grid),
                      wf_build_number(w->build, (double)place));
}

static bool find_sides(Window *w)
{
    const WeftGrid *grid = w->build->graph->nodes[w->x].grid;

    w->west = is_at(w, "col", 0);
    w->east = is_at(w, "col", grid->width - 1);
    w->north = is_at(w, "row", 0);
    w->south = is_at(w, "row", grid->height - 1);
    return w->west != WEFT_NONE && w->east != WEFT_NONE && w->north != WEFT_NONE &&
           w->south != WEFT_NONE;
}

/* The next after b and a on a line. */
static WeftNode further(const Window *w, WeftNode a, WeftNode b)
{
    return wf_build_2(w->build, "further", a, b);
}

static WeftNode choose(const Window *w, WeftNode cond, WeftNode a, WeftNode b)
{
    return wf_build_3(w->build, "where", cond, a, b);
}

/* Beyond the pixel's side, in a row inside the raster. */
static WeftNode beside(const Window *w, int dcol, int drow)
{
    return further(w, inside(w, 0, drow), inside(w, -dcol, drow));
}

/* In a row outside the raster. */
static WeftNode outer_row(const Window *w, int dcol, int drow, Rule rule)
{
    WeftNode row = further(w, inside(w, dcol, 0), inside(w, dcol, -drow)), corner;

    if (dcol == 0)
        return row;
    if (rule == COPIED)
        corner = further(w, inside(w, 0, 0), inside(w, 0, -drow));
    else
        corner = further(w, beside(w, dcol, 0), beside(w, dcol, -drow));
    return choose(w, dcol < 0 ? w->west : w->east, corner, row);
}

static WeftNode extrapolated(const Window *w, int dcol, int drow, Rule rule)
{
    WeftNode d = inside(w, dcol, drow), beyond;

    if (dcol) {
        beyond = beside(w, dcol, drow);
        if (rule == COPIED)
            beyond = choose(w, wf_build_2(w->build, "or", w->north, w->south), inside(w, 0, drow),
                            beyond);
        d = choose(w, dcol < 0 ? w->west : w->east, beyond, d);
    }
    if (drow)
        d = choose(w, drow < 0 ? w->north : w->south, outer_row(w, dcol, drow, rule), d);
    return d;
}

static WeftNode difference(const Window *w, int dcol, int drow, Rule rule)
{
    WeftNode d = inside(w, dcol, drow);

    if (rule == COPIED || rule == EXTRAPOLATED)
        d = extrapolated(w, dcol, drow, rule);
    if (rule == COPIED || rule == CENTRE)
        d = wf_build_2(w->build, "coalesce", d, inside(w, 0, 0));
    return d;
}

bool wf_window_differences(const WfBuild *build, WeftNode x, const char *edges, WeftNode d[8])
{
    Window w = { .build = build, .x = x };
    size_t i = 0;
    int count = 0;

    while (i < sizeof rules / sizeof *rules && strcmp(rules[i].edges, edges) != 0)
        i++;
    if (i == sizeof rules / sizeof *rules)
        return wf_fail(build->err, WEFT_EBUG, "edges \"%s\" have no rule", edges);
    if (!fill_inside(&w, rules[i].beyond))
        return false;
    if ((rules[i].rule == COPIED || rules[i].rule == EXTRAPOLATED) && !find_sides(&w))
        return false;
    for (int drow = -1; drow <= 1; drow++)
        for (int dcol = -1; dcol <= 1; dcol++) {
            if (!dcol && !drow)
                continue;
            d[count] = difference(&w, dcol, drow, rules[i].rule);
            if (d[count++] == WEFT_NONE)
                return false;
        }
    return true;
}
