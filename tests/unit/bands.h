/*
 * bands.h - small graphs for tests of pass/, and their value at one pixel.
 *
 *   WfGraph *g = bands_graph();
 *   WeftNode a = bands_load(g, WEFT_U8), sum = bands_op(g, "add", 2, a, bands_int(g, 3));
 */
#ifndef BANDS_H
#define BANDS_H

#include <check.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"
#include "graph/native.h"
#include "graph/sound.h"
#include "pass/pass.h"

enum { BANDS_MAX = 64 };

static WeftErr bands_err;

static __attribute__((unused)) const WeftGrid bands_grid = {
    .width = 4, .height = 3, .transform = { 100, 10, 0, 200, 0, -10 }, .georeferenced = true
};

static __attribute__((unused)) void bands_ok(void)
{
    ck_assert_msg(bands_err.code == WEFT_OK, "%s (%s)", bands_err.message, bands_err.hint);
}

static __attribute__((unused)) WfGraph *bands_graph(void)
{
    WfGraph *g = wf_graph_new(&bands_err);
    WfPlaceOf place = { .file = "test.lua", .line = 7, .calls = "" };

    ck_assert_ptr_nonnull(g);
    wf_graph_at(g, &place);
    return g;
}

/* Band number source_count + 1 of one file. */
static __attribute__((unused)) WeftNode bands_source(WfGraph *g, const WfSource *like,
                                                     const WeftGrid *grid)
{
    WfSource source = *like;
    WeftNode node;

    source.path = "a.tif";
    source.band = g->source_count + 1;
    source.width = 4;
    source.height = 3;
    source.block_width = source.block_height = 2;
    node = wf_graph_load(g, &source, grid, &bands_err);
    bands_ok();
    ck_assert(wf_infer_node(g, node, &bands_err));
    return node;
}

static __attribute__((unused)) WeftNode bands_load(WfGraph *g, WeftType type)
{
    return bands_source(g, &(WfSource) { .type = type }, &bands_grid);
}

/* Pixels equal to nodata are invalid. */
static __attribute__((unused)) WeftNode bands_gaps(WfGraph *g, WeftType type, double nodata)
{
    WfSource source = { .type = type, .has_nodata = true, .nodata = nodata };

    if (type == WEFT_I64)
        source.nodata_bits = (uint64_t)(int64_t)nodata;
    return bands_source(g, &source, &bands_grid);
}

static __attribute__((unused)) WeftNode bands_int(WfGraph *g, double value)
{
    return wf_infer_constant(g, value, true, false, NULL, &bands_err);
}

static __attribute__((unused)) WeftNode bands_real(WfGraph *g, double value)
{
    return wf_infer_constant(g, value, false, false, NULL, &bands_err);
}

static __attribute__((unused)) WeftNode bands_bool(WfGraph *g, bool value)
{
    return wf_infer_constant(g, value, true, true, NULL, &bands_err);
}

static __attribute__((unused)) WeftNode bands_null(WfGraph *g)
{
    return bands_real(g, NAN);
}

/* An operator on inputs; WEFT_NONE where it was refused (bands_err). */
static __attribute__((unused)) WeftNode bands_try(WfGraph *g, const char *op, int count, ...)
{
    WeftNode inputs[BANDS_MAX];
    va_list list;

    va_start(list, count);
    for (int i = 0; i < count; i++)
        inputs[i] = va_arg(list, WeftNode);
    va_end(list);
    return wf_infer_apply(g, op, inputs, count, NULL, 0, &bands_err);
}

#define bands_op(...) bands_sure(bands_try(__VA_ARGS__))

static __attribute__((unused)) WeftNode bands_sure(WeftNode node)
{
    bands_ok();
    ck_assert_int_ne(node, WEFT_NONE);
    return node;
}

/* An operator on one raster with arguments. */
static __attribute__((unused)) WeftNode bands_with(WfGraph *g, const char *op, WeftNode input,
                                                   int arg_count, const WeftArg *args)
{
    return bands_sure(wf_infer_apply(g, op, &input, 1, args, arg_count, &bands_err));
}

static __attribute__((unused)) WeftArg bands_arg(double number, bool integer)
{
    return (WeftArg) { .node = WEFT_NONE, .number = number, .integer = integer };
}

static __attribute__((unused)) WeftNode bands_cast(WfGraph *g, WeftNode input, const char *type)
{
    return bands_with(g, "cast", input, 1, &(WeftArg) { .node = WEFT_NONE, .text = type });
}

/* The node's value where band b of the file has loads[b - 1], NaN for invalid. */
static __attribute__((unused)) double bands_value(const WfGraph *g, WeftNode number,
                                                  const double *loads)
{
    double *values = calloc((size_t)g->count, sizeof *values), value;

    for (int n = 0; n <= number; n++) {
        const WfNode *node = &g->nodes[n];
        double inputs[BANDS_MAX];

        for (int i = 0; i < node->input_count; i++)
            inputs[i] = values[node->inputs[i]];
        if (node->op->shape == WEFT_LOAD)
            values[n] = loads[g->sources[node->source].band - 1];
        else if (node->op->shape == WEFT_CONSTANT || node->op->kernel[0])
            values[n] = wf_native_node(node, inputs, 0, 0);
    }
    value = values[number];
    free(values);
    return value;
}

static __attribute__((unused)) const char *bands_name(const WfGraph *g, WeftNode node)
{
    return g->nodes[node].op->name;
}

/* The node's input i. */
static __attribute__((unused)) WeftNode bands_input(const WfGraph *g, WeftNode node, int i)
{
    ck_assert_int_lt(i, g->nodes[node].input_count);
    return g->nodes[node].inputs[i];
}

/* Number of nodes of an operator. */
static __attribute__((unused)) int bands_count(const WfGraph *g, const char *op)
{
    int count = 0;

    for (int i = 0; i < g->count; i++)
        count += strcmp(g->nodes[i].op->name, op) == 0;
    return count;
}

static __attribute__((unused)) void bands_sound(const WfGraph *g)
{
    ck_assert_msg(wf_graph_sound(g, &bands_err), "%s", bands_err.message);
}

#endif
