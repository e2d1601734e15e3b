/*
 * drawing.h - random graphs over the files in0.tif, in1.tif ... of a folder, drawn from the table
 * of operators. The same seed gives the same graph.
 */
#ifndef DRAWING_H
#define DRAWING_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "weft.h"

enum { FILES = 10, NODES_MAX = 64, OUTPUTS_MAX = 3, WIDTH = 150, HEIGHT = 90, SERIES_MAX = 7 };

static double pick_number(Random *r)
{
    static const double some[] = { 0, 1, -1, 2, 0.5, 3, 10, -7, 255, 0.1, 1e-4, 100, 65535, 1e6 };

    return some[below(r, (int)(sizeof some / sizeof *some))];
}

static void die(const WeftErr *err)
{
    char text[2048];

    fprintf(stderr, "%s\n", weft_err_text(err, text, sizeof text));
    exit(1);
}

typedef struct Drawing {
    Random random;
    WeftGraph *graph;
    WeftNode nodes[NODES_MAX];
    int count;
    int64_t width, height;
} Drawing;

enum { TABLE_ROWS = 300 };

/* Space for the words of one operator's choices, and for its table. */
typedef char Words[WEFT_ARGS_MAX][32];
typedef double Cells[TABLE_ROWS * 3];

static bool fits(const WeftGraph *graph, const WeftOp *op, int i, WeftNode node)
{
    WeftRange range = weft_node_range(graph, node);

    if (op->bools >> i & 1)
        return range.boolean;
    if (op->wholes >> i & 1)
        return range.whole && !range.boolean;
    return true;
}

/* One of "a|b|c". */
static const char *draw_choice(Random *r, const char *choices, char word[32])
{
    int count = 1;

    for (const char *c = choices; *c; c++)
        count += *c == '|';
    for (int skip = below(r, count); skip > 0; skip--)
        choices = strchr(choices, '|') + 1;
    snprintf(word, 32, "%.*s", (int)strcspn(choices, "|"), choices);
    return word;
}

static WeftArg draw_argument(Random *r, const WeftParam *param, char word[32])
{
    WeftArg arg = { .name = param->name, .node = WEFT_NONE, .number = pick_number(r) };

    arg.integer = arg.number == floor(arg.number);
    if (param->kind == WEFT_PARAM_INTEGER && param->low < 0) { /* an offset */
        arg.number = below(r, 5) - 2;
        arg.integer = true;
    } else if (param->kind == WEFT_PARAM_INTEGER) {
        arg.number = param->low < param->high ? param->low + below(r, 12) : below(r, 8);
        arg.integer = true;
    } else if (param->kind == WEFT_PARAM_FLAG) {
        arg.number = below(r, 2);
    } else if (param->kind == WEFT_PARAM_TYPE) {
        arg.text = weft_type_name((WeftType)(WEFT_U8 + below(r, WEFT_F64)));
    } else if (param->kind == WEFT_PARAM_UNIT) {
        arg.text = below(r, 2) ? "ft" : "km";
    } else if (param->kind == WEFT_PARAM_CHOICE) {
        arg.text = draw_choice(r, param->choices, word);
    }
    return arg;
}

/* Rows of `columns` numbers, the first rising; of three, ranges that touch or leave a gap. Values
 * are whole, mostly. */
static WeftArg draw_table(Random *r, const WeftParam *param, Cells cells)
{
    static const double steps[] = { 0.5, 1, 3, 1000 };
    static const int rows[] = { 1, 2, 7, 8, 16, 40, TABLE_ROWS };
    WeftArg arg = { .name = param->name, .node = WEFT_NONE, .cells = cells };
    double step = steps[below(r, 4)], at = (below(r, 40) - 30) * step;
    bool gaps = below(r, 2), whole = below(r, 3) > 0;

    arg.rows = rows[below(r, (int)(sizeof rows / sizeof *rows))];
    arg.columns = (int)param->low + below(r, (int)(param->high - param->low) + 1);
    for (int64_t i = 0; i < arg.rows; i++) {
        double *cell = cells + i * arg.columns;

        cell[0] = at;
        if (arg.columns == 3)
            cell[1] = at + step;
        cell[arg.columns - 1] = (below(r, 500) - 50) * (whole ? 1 : 0.37);
        at += step * (gaps ? 1 + below(r, 3) : 1);
    }
    return arg;
}

/* Cells of a window: few, or for one in three more than a network sorts. */
static void draw_window(Random *r, WeftFocal *focal)
{
    bool large = below(r, 3) == 0;

    if (*focal->shape == 's') {
        focal->width = 1 + 2 * below(r, large ? 8 : 4);
        focal->height = 1 + 2 * below(r, large ? 5 : 4);
        return;
    }
    focal->radius = 1 + below(r, large ? 7 : 3);
    if (*focal->shape == 'a')
        focal->inner = focal->radius * 0.5;
}

/* One more statistic of a window; false where it is refused. */
static bool grow_focal(Drawing *d)
{
    Random *r = &d->random;
    char stat[32], shape[32], edges[32], invalid[32];
    WeftFocal focal = { .stat = stat, .shape = shape, .edges = edges, .invalid = invalid };
    WeftErr err = { 0 };
    WeftNode node, input = d->nodes[below(r, d->count)];

    if (!weft_node_grid(d->graph, input))
        return false;
    draw_choice(r,
                "mean|sum|min|max|range|count|pixels|std|var|median|mode|minority|variety|first|"
                "last|argmin|argmax|p90|sobel|laplace",
                stat);
    draw_choice(r, "square|square|circle|annulus", shape);
    draw_choice(r, "nearest|reflect|mirror|constant|wrap|shrink|invalid", edges);
    draw_choice(r, "propagate|skip|center|fill_center", invalid);
    if (below(r, 5) == 0) {
        snprintf(stat, sizeof stat, "mean");
        snprintf(shape, sizeof shape, "gaussian");
        focal.sigma = 0.5 + below(r, 3);
    } else if (strcmp(stat, "sobel") != 0 && strcmp(stat, "laplace") != 0) {
        draw_window(r, &focal);
    }
    focal.constant = pick_number(r);
    node = weft_focal(d->graph, input, &focal, &err);
    if (node == WEFT_NONE)
        return false;
    d->nodes[d->count++] = node;
    return true;
}

/* One more statistic across rasters, or a choice among them; false where it is refused. */
static bool grow_series(Drawing *d)
{
    Random *r = &d->random;
    double x[SERIES_MAX];
    char stat[32];
    WeftNode inputs[SERIES_MAX], node;
    WeftSeries series = { .stat = stat, .x = below(r, 2) ? x : NULL, .ddof = below(r, 2) };
    WeftErr err = { 0 };
    int count = 1 + below(r, SERIES_MAX);

    draw_choice(r,
                "count|pixels|sum|mean|min|max|range|std|var|median|mode|minority|variety|first|"
                "last|argmin|argmax|mad|p90|p2.5|slope|intercept|r|p",
                stat);
    for (int i = 0; i < count; i++) {
        inputs[i] = d->nodes[below(r, d->count)];
        x[i] = pick_number(r);
        if (!weft_node_grid(d->graph, inputs[i]))
            return false;
    }
    if (below(r, 8) == 0)
        node = weft_pick(d->graph, inputs, count, d->nodes[below(r, d->count)], &err);
    else
        node = weft_series(d->graph, inputs, count, &series, &err);
    if (node == WEFT_NONE)
        return false;
    d->nodes[d->count++] = node;
    return true;
}

/* One more raster less a statistic of a whole one, which takes a phase; false where it is refused.
 */
static bool grow_scalar(Drawing *d)
{
    Random *r = &d->random;
    WeftErr err = { 0 };
    WeftNode inputs[2] = { d->nodes[below(r, d->count)] }, of = d->nodes[below(r, d->count)], node;

    if (!weft_node_grid(d->graph, inputs[0]) || !weft_node_grid(d->graph, of))
        return false;
    node = weft_reduce(d->graph, "summary", &of, 1, NULL, 0, &err);
    inputs[1] = node == WEFT_NONE ? node : weft_cell(d->graph, node, 0, below(r, 6), &err);
    if (inputs[1] == WEFT_NONE)
        return false;
    node = weft_apply(d->graph, "sub", inputs, 2, NULL, 0, &err);
    if (node == WEFT_NONE)
        return false;
    d->nodes[d->count++] = node;
    return true;
}

/* One more operator on nodes that suit it; false where none does or it is refused. */
static bool grow(Drawing *d)
{
    const WeftOp *op = weft_op_table[below(&d->random, weft_op_count)];
    WeftNode inputs[WEFT_ARGS_MAX];
    WeftArg args[WEFT_ARGS_MAX];
    WeftErr err = { 0 };
    int count = op->inputs, arg_count = 0;
    WeftNode node;
    Words words;
    Cells cells;

    if (below(&d->random, 12) == 0)
        return grow_focal(d);
    if (below(&d->random, 16) == 0)
        return grow_series(d);
    if (below(&d->random, 10) == 0)
        return grow_scalar(d);
    if (op->hidden || (op->shape != WEFT_POINT && op->shape != WEFT_FOCAL))
        return false;
    if (op->more)
        count += below(&d->random, 3);
    for (int i = 0; i < count; i++) {
        int tries = 0;

        do {
            inputs[i] = d->nodes[below(&d->random, d->count)];
        } while (!fits(d->graph, op, i, inputs[i]) && ++tries < 40);
        if (tries == 40)
            return false;
    }
    for (const WeftParam *p = op->params; p && p->name; p++)
        if (!p->optional || (below(&d->random, 2) && strcmp(p->name, "ieee") != 0)) {
            args[arg_count] = p->kind == WEFT_PARAM_TABLE
                                  ? draw_table(&d->random, p, cells)
                                  : draw_argument(&d->random, p, words[arg_count]);
            arg_count++;
        }
    node = weft_apply(d->graph, op->name, inputs, count, args, arg_count, &err);
    if (node == WEFT_NONE || !weft_node_grid(d->graph, node))
        return false;
    d->nodes[d->count++] = node;
    return true;
}

static void draw_graph(Drawing *d, const char *folder, uint64_t seed)
{
    WeftErr err = { 0 };
    int wanted, tries = 0;

    *d = (Drawing) { .random = { seed }, .width = WIDTH, .height = HEIGHT };
    d->graph = weft_graph_new(&err);
    if (!d->graph)
        die(&err);
    weft_graph_ieee(d->graph, below(&d->random, 8) == 0);
    for (int i = 0; i < 3; i++) {
        char path[512];
        const WeftFile *file;

        snprintf(path, sizeof path, "%s/in%d.tif", folder, below(&d->random, FILES));
        file = weft_open(d->graph, path, NULL, &err);
        d->nodes[d->count] = file ? weft_band(d->graph, file, 1, &err) : WEFT_NONE;
        if (d->nodes[d->count++] == WEFT_NONE)
            die(&err);
    }
    d->nodes[d->count++] = weft_constant(d->graph, pick_number(&d->random), false, NULL, &err);
    d->nodes[d->count++] = weft_constant(d->graph, below(&d->random, 9), true, NULL, &err);
    wanted = d->count + 3 + below(&d->random, 20);
    while (d->count < wanted && tries++ < 400)
        grow(d);
}

#endif
