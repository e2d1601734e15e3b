/*
 * settle.c - how each saved band is stored: type, sentinel, casts and counts.
 *
 * Needs: inferred bands. Reads what the user asks for (WeftSave) and what is known of the bands;
 * adds cast, collide and seal. The order in which a sentinel is looked for is that of
 * semantics 1.3.
 */
#include "pass/settle.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"
#include "pass/describe.h"
#include "pass/pass.h"

typedef struct Settle {
    WfGraph *graph;
    const WeftSave *save;
    const WeftNode *bands; /* as given */
    WeftNode *settled;
    int count;
    WfStorage *storage;
    bool may_collide; /* a valid value may equal the sentinel */
    WeftErr *err;
} Settle;

static const WfNode *settled_node(const Settle *s, int band)
{
    return &s->graph->nodes[s->settled[band]];
}

static bool all_valid(const Settle *s)
{
    for (int i = 0; i < s->count; i++)
        if (!settled_node(s, i)->range.valid)
            return false;
    return true;
}

/* ------------------------------------------------------------------ what the user asks for */

/* `word` is what the script calls the operator's parameter. */
static bool check_choice(const char *op_name, const char *param, const char *word,
                         const char *choice, WeftErr *err)
{
    const WeftOp *op = choice ? wf_catalog_find(op_name, err) : NULL;
    int i = op ? wf_catalog_param(op, param, err) : -1;
    WfText names = { 0 };

    if (!choice)
        return true;
    if (i < 0)
        return false;
    if (wf_catalog_choice(&op->params[i], choice) >= 0)
        return true;
    wf_catalog_choices(&op->params[i], &names);
    wf_fail(err, WEFT_ENAME, "%s: there is no \"%.60s\"", word, choice);
    wf_hint(err, "%s is one of %s", word, names.text ? names.text : "");
    wf_text_free(&names);
    return false;
}

static bool check_save(const Settle *s)
{
    const WeftSave *save = s->save;

    return check_choice("cast", "round", "round", save->round, s->err) &&
           check_choice("cast", "overflow", "overflow", save->overflow, s->err) &&
           check_choice("collide", "mode", "collide", save->collide, s->err);
}

static WeftType choose_type(const Settle *s)
{
    WeftType type = s->save->type;

    for (int i = 0; i < s->count && s->save->type == WEFT_AUTO; i++) {
        WeftType band = s->graph->nodes[s->bands[i]].type;

        type = i ? wf_describe_common(type, band) : band;
    }
    return type;
}

/* ------------------------------------------------------------------ casts */

static bool holds_range(WeftType type, const WeftRange *range)
{
    return range->whole && range->lo >= wf_pixel(type)->lo && range->hi <= wf_pixel(type)->hi;
}

static bool cast_band(Settle *s, int band, WeftType type)
{
    const WeftSave *save = s->save;
    const WeftArg args[] = {
        { .name = "type", .node = WEFT_NONE, .text = wf_pixel(type)->name },
        { .name = "round", .node = WEFT_NONE, .text = save->round ? save->round : "half_away" },
        { .name = "overflow",
          .node = WEFT_NONE,
          .text = save->overflow ? save->overflow : "saturate" }
    };

    s->settled[band] = wf_infer_apply(s->graph, "cast", &s->settled[band], 1, args, 3, s->err);
    return s->settled[band] != WEFT_NONE;
}

static bool cast_to_integers(Settle *s, WeftType type)
{
    for (int i = 0; wf_pixel(type)->whole && i < s->count; i++)
        if (!holds_range(type, &settled_node(s, i)->range) && !cast_band(s, i, type))
            return false;
    return true;
}

/* A number as sentinel is compared with, and put among, pixels as they are stored. Where it is NaN
 * the store may do the rounding. */
static bool cast_to_reals(Settle *s)
{
    WeftType type = s->storage->type;

    if (wf_pixel(type)->whole || s->storage->kind != WF_SENTINEL_VALUE || isnan(s->storage->nodata))
        return true;
    for (int i = 0; i < s->count; i++) {
        if (settled_node(s, i)->wide == (type == WEFT_F64))
            continue;
        s->may_collide |= type == WEFT_F32;
        if (!cast_band(s, i, type))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ the sentinel */

/* As it is stored: f32 rounds. */
static double as_stored(WeftType type, double v)
{
    return type == WEFT_F32 ? (double)(float)v : v;
}

/* A valid pixel of the band may be stored as v. Ends of real ranges are not taken at their word,
 * as the type of the file may round them. */
static bool may_store(const Settle *s, int band, double v)
{
    const WfNode *node = settled_node(s, band);

    if (isnan(v))
        return false;
    if (!node->range.whole)
        return true;
    return v >= as_stored(s->storage->type, node->range.lo) &&
           v <= as_stored(s->storage->type, node->range.hi);
}

static bool any_may_store(const Settle *s, double v)
{
    for (int i = 0; i < s->count; i++)
        if (may_store(s, i, v))
            return true;
    return false;
}

static bool fail_sentinel(const Settle *s)
{
    WeftType type = s->storage->type;
    const WfPixel *pixel = wf_pixel(type);
    char value[32], lo[32], hi[32];

    wf_fail(s->err, WEFT_EARG, "nodata %s is no value of type %s",
            wf_number(s->save->nodata, value), pixel->name);
    if (pixel->whole)
        return wf_hint(s->err, "%s holds the integers from %s to %s; or save with another type",
                       pixel->name, wf_number(pixel->lo, lo), wf_number(pixel->hi, hi));
    return wf_hint(s->err, "save with type=\"f64\"");
}

/* The source whose values a band has, and whether no other value than the source's can occur. */
typedef struct Origin {
    bool found, pure;
    double nodata;
} Origin;

/* Operators that keep the values of one source: that of the inputs in `sources`; other values may
 * come from those in `others`. Bit i is input i. */
static const struct {
    const char *op;
    unsigned sources, others;
} keepers[] = {
    { .op = "mask", .sources = 1 },
    { .op = "exact53", .sources = 1 },
    { .op = "fill", .sources = 1, .others = 2 },
    { .op = "where", .sources = 6 },
};

static Origin load_origin(const WfGraph *graph, const WfNode *node)
{
    const WfSource *s = &graph->sources[node->source];
    Origin origin = { .found = s->has_nodata, .pure = true, .nodata = s->nodata };

    if (s->type == WEFT_I64)
        origin.found &= s->nodata < 0x1p63 && (uint64_t)(int64_t)s->nodata == s->nodata_bits;
    if (s->type == WEFT_U64)
        origin.found &=
            s->nodata >= 0 && s->nodata < 0x1p64 && (uint64_t)s->nodata == s->nodata_bits;
    origin.nodata = as_stored(s->type, s->nodata);
    return origin;
}

static bool same_sentinel(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool is_null(const WfNode *node)
{
    return node->op->shape == WEFT_CONSTANT && isnan(node->value);
}

static Origin origin_of(const WfGraph *graph, WeftNode number);

/* Numbers beside a source are values of their own; nulls are none. */
static Origin join_origins(const WfGraph *graph, const WfNode *node, unsigned sources,
                           unsigned others)
{
    Origin join = { .pure = true };

    for (int i = 0; i < node->input_count && i < 32; i++) {
        const WfNode *in = &graph->nodes[node->inputs[i]];
        Origin origin;

        if (!((sources | others) >> i & 1) || is_null(in) || in->op->shape == WEFT_CONSTANT ||
            (others >> i & 1))
            continue;
        origin = origin_of(graph, node->inputs[i]);
        if (!origin.found || (join.found && !same_sentinel(join.nodata, origin.nodata)))
            return (Origin) { 0 };
        join =
            (Origin) { .found = true, .pure = join.pure && origin.pure, .nodata = origin.nodata };
    }
    for (int i = 0; i < node->input_count && i < 32; i++) {
        const WfNode *in = &graph->nodes[node->inputs[i]];
        bool constant = in->op->shape == WEFT_CONSTANT;

        if (((sources | others) >> i & 1) && (constant || (others >> i & 1)) && !is_null(in))
            join.pure &= constant && in->value != join.nodata;
    }
    return join;
}

static Origin origin_of(const WfGraph *graph, WeftNode number)
{
    const WfNode *node = &graph->nodes[number];

    if (node->op->shape == WEFT_LOAD)
        return load_origin(graph, node);
    for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++)
        if (strcmp(node->op->name, keepers[i].op) == 0)
            return join_origins(graph, node, keepers[i].sources, keepers[i].others);
    return (Origin) { 0 };
}

/* (3) the operator's own. */
static const struct {
    const char *op;
    double nodata;
} own_sentinels[] = {
    { .op = "hillshade", .nodata = 0 },
};

static bool own_sentinel_of(const WfNode *node, double *nodata)
{
    for (size_t i = 0; i < sizeof own_sentinels / sizeof *own_sentinels; i++)
        if (strcmp(node->op->name, own_sentinels[i].op) == 0) {
            *nodata = own_sentinels[i].nodata;
            return true;
        }
    return false;
}

static bool own_sentinel(Settle *s)
{
    double all = NAN, nodata;

    for (int i = 0; i < s->count; i++) {
        if (!own_sentinel_of(&s->graph->nodes[s->bands[i]], &nodata) || (i && nodata != all))
            return false;
        all = nodata;
    }
    if (!wf_pixel_holds(s->storage->type, all))
        return false;
    s->storage->nodata = all;
    s->may_collide = true;
    return true;
}

/* (4) the source's, where every band keeps one's values and all are marked alike. */
static bool source_sentinel(Settle *s)
{
    Origin all = { 0 };

    for (int i = 0; i < s->count; i++) {
        Origin origin = origin_of(s->graph, s->bands[i]);

        if (!origin.found || (i && !same_sentinel(all.nodata, origin.nodata)))
            return false;
        all.pure = (i == 0 || all.pure) && origin.pure && s->settled[i] == s->bands[i];
        all.nodata = origin.nodata;
    }
    all.nodata = as_stored(s->storage->type, all.nodata);
    if (!s->count || !wf_pixel_holds(s->storage->type, all.nodata))
        return false;
    s->storage->nodata = all.nodata;
    s->may_collide = !all.pure;
    return true;
}

/* (5) the type's own value for nothing, (6) its other end: outside what the bands may be. */
static bool free_sentinel(Settle *s)
{
    const WfPixel *pixel = wf_pixel(s->storage->type);
    double first = pixel->lo < 0 ? pixel->lo : pixel->hi;
    double second = pixel->lo < 0 ? pixel->hi : pixel->lo;

    if (!pixel->whole) {
        s->storage->nodata = NAN;
        return true;
    }
    s->storage->nodata = any_may_store(s, first) ? second : first;
    return !any_may_store(s, s->storage->nodata);
}

/* nodata = "none" wants no value for invalid pixels: reals have NaN. */
static bool leave_out(Settle *s)
{
    s->storage->kind = WF_SENTINEL_NONE;
    if (!wf_pixel(s->storage->type)->whole || all_valid(s))
        return true;
    wf_fail(s->err, WEFT_EARG, "pixels can be invalid, which %s without a nodata value cannot say",
            wf_pixel(s->storage->type)->name);
    return wf_hint(s->err, "r:fill(0) gives them a value; nodata=\"mask\" a mask");
}

static bool choose_sentinel(Settle *s)
{
    WfStorage *storage = s->storage;

    storage->nodata = NAN;
    storage->kind = WF_SENTINEL_VALUE;
    if (s->save->mask_band) {
        storage->kind = WF_SENTINEL_MASK;
    } else if (s->save->no_nodata) {
        return leave_out(s);
    } else if (s->save->has_nodata) {
        if (!wf_pixel_holds(storage->type, s->save->nodata))
            return fail_sentinel(s);
        storage->nodata = as_stored(storage->type, s->save->nodata);
        s->may_collide = true;
    } else if (all_valid(s)) {
        storage->kind = WF_SENTINEL_NONE;
    } else if (!own_sentinel(s) && !source_sentinel(s) && !free_sentinel(s)) {
        storage->kind = WF_SENTINEL_MASK;
    }
    if (storage->kind == WF_SENTINEL_MASK)
        storage->nodata = 0;
    return true;
}

/* ------------------------------------------------------------------ collide, mask, seal */

static WeftNode add_collide(Settle *s, WeftNode node)
{
    const WfPixel *pixel = wf_pixel(s->storage->type);
    WeftArg args[] = { { .name = "sentinel",
                         .node = WEFT_NONE,
                         .number = s->storage->nodata,
                         .integer = pixel->whole },
                       { .name = "mode",
                         .node = WEFT_NONE,
                         .text = s->save->collide ? s->save->collide : "error" },
                       { .name = "type", .node = WEFT_NONE, .text = pixel->name } };

    return wf_infer_apply(s->graph, "collide", &node, 1, args, 3, s->err);
}

static WeftNode add_seal(Settle *s, WeftNode node)
{
    WeftArg sentinel = { .name = "sentinel",
                         .node = WEFT_NONE,
                         .number = s->storage->nodata,
                         .integer = wf_pixel(s->storage->type)->whole };

    return wf_infer_apply(s->graph, "seal", &node, 1, &sentinel, 1, s->err);
}

static bool add_mask(Settle *s, WeftNode *mask)
{
    for (int i = 0; i < s->count; i++) {
        WeftNode valid = wf_infer_apply(s->graph, "isvalid", &s->settled[i], 1, NULL, 0, s->err);
        WeftNode both[] = { *mask, valid };

        if (valid == WEFT_NONE)
            return false;
        *mask = i ? wf_infer_apply(s->graph, "and", both, 2, NULL, 0, s->err) : valid;
        if (*mask == WEFT_NONE)
            return false;
    }
    return true;
}

static bool seal_bands(Settle *s)
{
    for (int i = 0; i < s->count; i++) {
        if (s->may_collide && s->storage->kind == WF_SENTINEL_VALUE &&
            may_store(s, i, s->storage->nodata)) {
            s->settled[i] = add_collide(s, s->settled[i]);
            if (s->settled[i] == WEFT_NONE)
                return false;
        }
        if (s->storage->kind == WF_SENTINEL_NONE || settled_node(s, i)->range.valid)
            continue;
        s->settled[i] = add_seal(s, s->settled[i]);
        if (s->settled[i] == WEFT_NONE)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ shared */

static bool settle_bands(Settle *s, WeftNode *mask)
{
    WeftType type = choose_type(s);

    s->storage->type = type == WEFT_BOOL ? WEFT_U8 : type;
    if (!check_save(s) || !cast_to_integers(s, type) || !choose_sentinel(s) || !cast_to_reals(s))
        return false;
    if (s->storage->kind == WF_SENTINEL_MASK && !add_mask(s, mask))
        return false;
    return seal_bands(s);
}

bool wf_settle(WfGraph *graph, const WeftSave *save, const WeftNode *bands, WeftNode *settled,
               WeftNode *mask, WfStorage *storage, WeftErr *err)
{
    Settle s = { .graph = graph,
                 .save = save,
                 .bands = bands,
                 .settled = settled,
                 .count = save->band_count,
                 .storage = storage,
                 .err = err };
    WfPlaceOf call = graph->place; /* answers for the options, as the raster's for its pixels */
    bool done;

    assert(save->band_count > 0);
    *mask = WEFT_NONE;
    *storage = (WfStorage) { 0 };
    memcpy(settled, bands, (size_t)s.count * sizeof *settled);
    graph->place = graph->nodes[bands[0]].place;
    graph->place.by = "save";
    done = settle_bands(&s, mask);
    graph->place = call;
    if (!done)
        wf_err_path(err, save->path, -1);
    return done || wf_err_at(err, &call, "save");
}
