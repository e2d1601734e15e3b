/*
 * inherit.c - what a node has of the files that its values are from: nodata value, meaning.
 *
 * Where several rasters come into question they must agree. Numbers beside them are values of their
 * own; nulls are none. Needs: inputs done. Reads operators' descriptions; writes origin and meaning
 * of a node.
 */
#include "pass/inherit.h"

#include <math.h>

#include "base/pixel.h"
#include "graph/catalog.h"

/* What is known while the sources of a node are gone through. */
typedef struct Heritage {
    WfOrigin origin;
    const WfMeaning *meaning;
    bool any;            /* a source was met */
    bool differ, mingle; /* their nodata values differ; their meanings */
} Heritage;

static double as_stored(WeftType type, double v)
{
    return type == WEFT_F32 ? (double)(float)v : v;
}

/* 64-bit integers: what a double cannot say is no value that an output could be given. */
static WfOrigin load_origin(const WfSource *s)
{
    WfOrigin origin = { .found = s->has_nodata, .pure = true, .nodata = s->nodata };

    if (s->type == WEFT_I64)
        origin.found &= s->nodata < 0x1p63 && (uint64_t)(int64_t)s->nodata == s->nodata_bits;
    if (s->type == WEFT_U64)
        origin.found &=
            s->nodata >= 0 && s->nodata < 0x1p64 && (uint64_t)s->nodata == s->nodata_bits;
    origin.nodata = as_stored(s->type, s->nodata);
    return origin;
}

static bool same_nodata(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool is_null(const WfNode *node)
{
    return node->op->shape == WEFT_CONSTANT && isnan(node->value);
}

/* Has values that no file's meaning is about. */
static bool is_number(const WfNode *node)
{
    return node->op->shape == WEFT_CONSTANT || !node->grid;
}

static void add_source(Heritage *h, const WfNode *source)
{
    if (h->any) {
        h->differ |= !source->origin.found || !same_nodata(h->origin.nodata, source->origin.nodata);
        h->mingle |= h->meaning != source->meaning;
        h->origin.pure &= source->origin.pure;
        return;
    }
    h->any = true;
    h->differ = !source->origin.found;
    h->origin = source->origin;
    h->meaning = source->meaning;
}

static void set_heritage(WfNode *node, const Heritage *h)
{
    node->origin = h->any && !h->differ ? h->origin : (WfOrigin) { 0 };
    node->meaning = h->any && !h->mingle ? h->meaning : NULL;
}

static void inherit_kept(WfGraph *graph, WfNode *node)
{
    int values = node->input_count - wf_catalog_number_count(node->op);
    Heritage h = { .any = false };

    for (int i = 0; i < values; i++) {
        const WfNode *in = &graph->nodes[node->inputs[i]];

        if (!(i < 32 && node->op->aside >> i & 1) && !is_number(in))
            add_source(&h, in);
    }
    for (int i = 0; i < node->input_count; i++) {
        const WfNode *in = &graph->nodes[node->inputs[i]];

        if (!(i < 32 && node->op->aside >> i & 1) && is_number(in) && !is_null(in))
            h.origin.pure &= in->op->shape == WEFT_CONSTANT && in->value != h.origin.nodata;
    }
    set_heritage(node, &h);
}

/* In another type they are the same values where it holds all of them. */
static void inherit_cast(WfGraph *graph, WfNode *node)
{
    const WfNode *in = &graph->nodes[node->inputs[0]];
    const WfPixel *to = wf_pixel(node->type);

    node->origin = (WfOrigin) { 0 };
    node->meaning = NULL;
    if (!to->whole || (in->range.whole && in->range.lo >= to->lo && in->range.hi <= to->hi))
        node->meaning = in->meaning;
}

void wf_inherit(WfGraph *graph, WeftNode number)
{
    WfNode *node = &graph->nodes[number];

    if (node->op->shape == WEFT_LOAD) {
        node->origin = load_origin(&graph->sources[node->source]);
        node->meaning = graph->sources[node->source].meaning;
    } else if (node->op->gives == WEFT_GIVES_KEEP && node->input_count) {
        inherit_kept(graph, node);
    } else if (node->op->gives == WEFT_GIVES_TYPE && node->input_count) {
        inherit_cast(graph, node);
    }
}

/* No value between two valid ones can be at an end of what there can be. */
static bool is_end(const WfNode *source)
{
    return source->range.whole &&
           (source->origin.nodata <= source->range.lo || source->origin.nodata >= source->range.hi);
}

void wf_inherit_values(WfGraph *graph, WeftNode number, const WeftNode *from, int count,
                       bool between)
{
    Heritage h = { .any = false };

    for (int i = 0; i < count; i++) {
        const WfNode *source = &graph->nodes[from[i]];

        add_source(&h, source);
        h.origin.pure &= !between || is_end(source);
    }
    h.mingle |= between;
    set_heritage(&graph->nodes[number], &h);
}
