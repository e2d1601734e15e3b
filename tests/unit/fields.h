/*
 * fields.h - a lowered graph's pixels on a small raster, by the operators' native functions.
 *
 * Knows neighbours under the edge rules that users may name.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "graph/graph.h"
#include "graph/native.h"

/* Where a place beyond the raster's edge is read: outside, by the rules 0 and 4. */
static inline int fields_place(int at, int size, int edges)
{
    enum { INVALID, NEAREST, REFLECT, MIRROR, CONSTANT, EXTEND, WRAP };

    ck_assert_int_ne(edges, EXTEND);
    if (edges == WRAP)
        return (at % size + size) % size;
    if (edges == NEAREST || (edges == MIRROR && size == 1))
        return at < 0 || size == 1 ? 0 : at >= size ? size - 1 : at;
    while ((edges == REFLECT || edges == MIRROR) && (at < 0 || at >= size))
        at = at < 0 ? -at - (edges == REFLECT) : 2 * size - at - 1 - (edges == MIRROR);
    return at;
}

static inline double fields_neighbour(const WfNode *node, const double *x, int col, int row)
{
    int width = (int)node->grid->width, height = (int)node->grid->height;
    int edges = (int)node->settings[2];
    int c = fields_place(col + (int)node->settings[0], width, edges);
    int r = fields_place(row + (int)node->settings[1], height, edges);

    if (c < 0 || c >= width || r < 0 || r >= height)
        return edges == 4 ? node->settings[3] : (double)NAN;
    return x[r * width + c];
}

/* value[n * pixels + i] is pixel i of node n, for all nodes up to root. bands[s * pixels + i] is
 * that of source s, NaN where it is invalid. The caller frees it. */
static inline double *fields_values(const WfGraph *g, WeftNode root, const double *bands, int width,
                                    int height)
{
    int pixels = width * height;
    double *value = calloc((size_t)(root + 1) * (size_t)pixels, sizeof *value);

    ck_assert_ptr_nonnull(value);
    for (int n = 0; n <= root; n++)
        for (int i = 0; i < pixels; i++) {
            const WfNode *node = &g->nodes[n];
            double in[WEFT_ARGS_MAX], *to = &value[n * pixels + i];

            for (int k = 0; k < node->input_count && k < WEFT_ARGS_MAX; k++)
                in[k] = value[node->inputs[k] * pixels + i];
            if (node->op->shape == WEFT_LOAD)
                *to = bands[node->source * pixels + i];
            else if (node->op->shape == WEFT_FOCAL)
                *to =
                    fields_neighbour(node, &value[node->inputs[0] * pixels], i % width, i / width);
            else if (node->op->shape == WEFT_CONSTANT || node->op->kernel[0])
                *to = wf_native_node(node, in, i % width, i / width);
        }
    return value;
}

#endif
