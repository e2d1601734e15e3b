/*
 * edges.c - which pixel stands for one beyond the raster's edge. Values in, values out.
 */
#include "run/edges.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int64_t wf_edges_modulo(int64_t i, int64_t n)
{
    int64_t rest = i % n;

    return rest < 0 ? rest + n : rest;
}

/* a b c d | d c b a | a b c d: period 2 size. */
static int64_t reflect(int64_t i, int64_t size)
{
    int64_t at = wf_edges_modulo(i, 2 * size);

    return at < size ? at : 2 * size - 1 - at;
}

/* a b c d | c b | a b c d: period 2 size - 2; a single pixel is its own mirror. */
static int64_t mirror(int64_t i, int64_t size)
{
    int64_t period = size > 1 ? 2 * size - 2 : 1, at = wf_edges_modulo(i, period);

    return at < size ? at : period - at;
}

int64_t wf_edges_index(WfEdges edges, int64_t i, int64_t size)
{
    if (i >= 0 && i < size)
        return i;
    switch (edges) {
    case WF_EDGES_INVALID:
    case WF_EDGES_CONSTANT:
        return WF_NO_INDEX;
    case WF_EDGES_NEAREST:
        return i < 0 ? 0 : size - 1;
    case WF_EDGES_REFLECT:
        return reflect(i, size);
    case WF_EDGES_MIRROR:
        return mirror(i, size);
    case WF_EDGES_EXTEND:
    case WF_EDGES_WRAP:
        break;
    }
    return i;
}

/* An integer in a type that holds it: its lowest bytes, which come first. */
static void put_whole(uint64_t bits, WeftType type, char *to)
{
    memcpy(to, &bits, (size_t)wf_pixel(type)->bytes);
}

void wf_edges_pixel(const WfPlan *plan, const WfPlanInput *input, char to[8])
{
    bool invalid = input->edges == WF_EDGES_INVALID, wide = wf_pixel(input->type)->bytes == 8;
    const WfSource *source;
    double v = invalid ? NAN : input->constant;
    float narrow = (float)v;

    if (input->type == WEFT_F32) {
        memcpy(to, &narrow, sizeof narrow);
    } else if (input->type == WEFT_F64) {
        memcpy(to, &v, sizeof v);
    } else if (!invalid) {
        put_whole((uint64_t)(int64_t)v, input->type, to);
    } else {
        source = &plan->graph->sources[input->source];
        assert(source->has_nodata);
        put_whole(wide ? source->nodata_bits : (uint64_t)(int64_t)source->nodata, input->type, to);
    }
}
