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
#include "pass/validity.h"

typedef struct Settle {
    WfGraph *graph;
    const WeftSave *save;
    const WeftNode *bands; /* as given */
    const WfFormat *format;
    WeftNode *settled;
    int count;
    WfStorage *storage;
    bool may_collide;    /* a valid value may equal the sentinel */
    WfValidity validity; /* once it is known */
    bool proved;
    WeftRange *ranges; /* room for those of the bands */
    WeftErr first;     /* why the first storage that the format could not hold was refused */
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

static bool same_sentinel(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
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

/* (4) the source's, where every band keeps one's values, all are marked alike and the type holds
 * just that number. */
static bool source_sentinel(Settle *s)
{
    WfOrigin all = { 0 };

    for (int i = 0; i < s->count; i++) {
        WfOrigin origin = s->graph->nodes[s->bands[i]].origin;

        if (!origin.found || (i && !same_sentinel(all.nodata, origin.nodata)))
            return false;
        all.pure = (i == 0 || all.pure) && origin.pure && s->settled[i] == s->bands[i];
        all.nodata = origin.nodata;
    }
    if (!s->count || !wf_pixel_holds(s->storage->type, all.nodata) ||
        !same_sentinel(as_stored(s->storage->type, all.nodata), all.nodata))
        return false;
    s->storage->nodata = all.nodata;
    s->may_collide = !all.pure;
    return true;
}

/* (5) the type's own value for nothing. */
static bool free_sentinel(Settle *s)
{
    const WfPixel *pixel = wf_pixel(s->storage->type);

    s->storage->nodata = !pixel->whole ? NAN : pixel->lo < 0 ? pixel->lo : pixel->hi;
    return !any_may_store(s, s->storage->nodata);
}

/* nodata = "none" wants no value for invalid pixels: reals have NaN. */
static bool check_none(const Settle *s)
{
    if (!s->save->no_nodata || !wf_pixel(s->storage->type)->whole || all_valid(s))
        return true;
    wf_fail(s->err, WEFT_EARG, "pixels can be invalid, which %s without a nodata value cannot say",
            wf_pixel(s->storage->type)->name);
    return wf_hint(s->err, "r:fill(0) gives them a value; nodata=\"mask\" a mask");
}

/* (6) its other end: outside what the bands may be. */
static bool other_sentinel(Settle *s)
{
    const WfPixel *pixel = wf_pixel(s->storage->type);

    s->storage->nodata = pixel->lo < 0 ? pixel->hi : pixel->lo;
    return pixel->whole && !any_may_store(s, s->storage->nodata);
}

static bool named_sentinel(Settle *s)
{
    s->storage->nodata = as_stored(s->storage->type, s->save->nodata);
    s->may_collide = true;
    return s->save->has_nodata;
}

static bool no_sentinel(Settle *s)
{
    return all_valid(s);
}

static bool named_none(Settle *s)
{
    return s->save->no_nodata;
}

static bool named_masks(Settle *s)
{
    return s->save->mask_band && !s->validity.same;
}

static bool named_mask(Settle *s)
{
    return s->save->mask_band;
}

/* The band that is written as an alpha band; -1: none. A band alone is no alpha band. */
static int alpha_of(const Settle *s)
{
    for (int i = s->count - 1; i >= 0 && s->count > 1; i--)
        if (wf_meaning_is_alpha(s->graph->nodes[s->bands[i]].meaning))
            return i;
    return -1;
}

static bool alpha_band(Settle *s)
{
    return s->validity.alpha;
}

/* (7) one for all bands, which must be invalid at the same pixels. */
static bool free_mask(Settle *s)
{
    return s->validity.same;
}

/* In the order in which they are tried. free: not where the user names a sentinel. proof: what is
 * proven of the bands' validity must be known. */
static const struct {
    bool (*applies)(Settle *s);
    WfSentinel kind;
    bool free, proof;
} rules[] = {
    { named_masks, WF_SENTINEL_MASKS, false, true },
    { named_mask, WF_SENTINEL_MASK, false, false },
    { named_sentinel, WF_SENTINEL_VALUE, false, false },
    { named_none, WF_SENTINEL_NONE, false, false },
    { no_sentinel, WF_SENTINEL_NONE, true, false },
    { alpha_band, WF_SENTINEL_ALPHA, true, true },
    { own_sentinel, WF_SENTINEL_VALUE, true, false },
    { source_sentinel, WF_SENTINEL_VALUE, true, false },
    { free_sentinel, WF_SENTINEL_VALUE, true, false },
    { other_sentinel, WF_SENTINEL_VALUE, true, false },
    { free_mask, WF_SENTINEL_MASK, true, true },
};

/* ------------------------------------------------------------------ what the format holds */

static WfHolds ask_format(Settle *s)
{
    WeftErr why = { .block = -1, .col = -1, .row = -1 };
    WfHolds answer;

    if (!s->format)
        return WF_HOLDS;
    for (int i = 0; i < s->count; i++)
        s->ranges[i] = settled_node(s, i)->range;
    answer = s->format->holds(s->format->context, s->storage, s->ranges, &why);
    if (answer == WF_HOLDS_NONE || (answer == WF_HOLDS_NOT && s->first.code == WEFT_OK))
        s->first = why;
    return answer;
}

static bool prove(Settle *s)
{
    int alpha = alpha_of(s);

    if (s->proved || (s->count == 1 && alpha < 0)) {
        s->validity.same |= s->count == 1;
        return true;
    }
    s->proved = true;
    return wf_validity_of(s->graph, s->bands, s->count, alpha, &s->validity, s->err);
}

/* The first way of these to say what is invalid that the format holds. */
static bool choose_sentinel(Settle *s, WfHolds *answer)
{
    bool named = s->save->has_nodata || s->save->mask_band || s->save->no_nodata;

    *answer = WF_HOLDS_NOT;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && *answer == WF_HOLDS_NOT; i++) {
        if (named && rules[i].free)
            continue;
        s->may_collide = false;
        s->storage->kind = rules[i].kind;
        if (rules[i].proof && (rules[i].kind != WF_SENTINEL_ALPHA || alpha_of(s) >= 0) && !prove(s))
            return false;
        if (!rules[i].applies(s))
            continue;
        if (rules[i].kind != WF_SENTINEL_VALUE)
            s->storage->nodata = 0;
        *answer = ask_format(s);
    }
    return true;
}

/* (8) */
static WeftType wider(WeftType type)
{
    static const WeftType next[WEFT_TYPE_COUNT] = {
        [WEFT_BOOL] = WEFT_U16, [WEFT_U8] = WEFT_U16,  [WEFT_I8] = WEFT_I16,  [WEFT_U16] = WEFT_I32,
        [WEFT_I16] = WEFT_I32,  [WEFT_U32] = WEFT_F64, [WEFT_I32] = WEFT_F64, [WEFT_F32] = WEFT_F64,
    };

    return next[type];
}

static bool fail_storage(const Settle *s, WeftType type)
{
    WeftType more = wider(type);

    if (s->first.code != WEFT_OK) {
        if (s->err && s->err->code == WEFT_OK)
            *s->err = s->first;
        return false;
    }
    wf_fail(s->err, WEFT_EARG,
            "no value of %s is free for what is invalid, and the bands are not known to be invalid "
            "at the same pixels",
            weft_type_name(type));
    if (more != WEFT_AUTO)
        wf_hint(s->err,
                "type=\"%s\" has room; nodata=\"mask\" keeps pixels that are valid in all bands",
                weft_type_name(more));
    return wf_hint(s->err, "nodata=\"mask\" keeps pixels that are valid in all bands");
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

static bool add_masks(Settle *s, WeftNode *masks)
{
    for (int i = 0; i < s->count; i++) {
        WeftNode valid = wf_infer_apply(s->graph, "isvalid", &s->settled[i], 1, NULL, 0, s->err);
        WeftNode both[] = { masks[0], valid };

        if (valid == WEFT_NONE)
            return false;
        if (s->storage->kind == WF_SENTINEL_MASKS)
            masks[i] = valid;
        else
            masks[0] = i ? wf_infer_apply(s->graph, "and", both, 2, NULL, 0, s->err) : valid;
        if (masks[0] == WEFT_NONE)
            return false;
    }
    return true;
}

/* Valid pixels of a band that the mask hides are counted. */
static bool watch_lost(Settle *s, WeftNode mask)
{
    for (int i = 0; i < s->count; i++) {
        WeftNode both[] = { s->settled[i], mask };

        s->settled[i] = wf_infer_apply(s->graph, "lost", both, 2, NULL, 0, s->err);
        if (s->settled[i] == WEFT_NONE)
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

/* The type that is named, or the bands' and wider ones, until the format holds one of them. */
static bool choose_storage(Settle *s)
{
    WeftType type = choose_type(s), first = type;
    WfHolds answer = WF_HOLDS_NOT;

    for (; answer == WF_HOLDS_NOT; type = wider(type)) {
        if (type == WEFT_AUTO)
            return fail_storage(s, first);
        s->storage->type = type == WEFT_BOOL ? WEFT_U8 : type;
        memcpy(s->settled, s->bands, (size_t)s->count * sizeof *s->settled);
        if (!cast_to_integers(s, type))
            return false;
        if (s->save->has_nodata && !wf_pixel_holds(s->storage->type, s->save->nodata))
            return fail_sentinel(s);
        if (!check_none(s) || !choose_sentinel(s, &answer))
            return false;
        if (answer == WF_HOLDS_NONE || (answer == WF_HOLDS_NOT && s->save->type != WEFT_AUTO))
            return fail_storage(s, type);
    }
    return true;
}

static bool settle_bands(Settle *s, WeftNode *masks)
{
    bool shared, alpha = alpha_of(s) >= 0;

    if (!check_save(s) || !choose_storage(s) || !cast_to_reals(s) || (alpha && !prove(s)))
        return false;
    s->storage->veils = alpha && !s->validity.veiled;
    shared = s->storage->kind == WF_SENTINEL_MASK;
    if ((shared || s->storage->kind == WF_SENTINEL_MASKS) && !add_masks(s, masks))
        return false;
    if (shared && !s->validity.same && !watch_lost(s, masks[0]))
        return false;
    return seal_bands(s);
}

bool wf_settle(WfGraph *graph, const WeftSave *save, const WeftNode *bands, const WfFormat *format,
               WeftNode *settled, WeftNode *masks, WfStorage *storage, WeftErr *err)
{
    Settle s = { .graph = graph,
                 .save = save,
                 .bands = bands,
                 .format = format,
                 .settled = settled,
                 .count = save->band_count,
                 .storage = storage,
                 .err = err };
    WfPlaceOf call = graph->place; /* answers for the options, as the raster's for its pixels */
    bool done;

    assert(save->band_count > 0);
    *storage = (WfStorage) { 0 };
    s.ranges = wf_calloc((size_t)s.count, sizeof *s.ranges, err);
    graph->place = graph->nodes[bands[0]].place;
    graph->place.by = "save";
    done = s.ranges && settle_bands(&s, masks);
    graph->place = call;
    wf_free(s.ranges);
    if (!done)
        wf_err_path(err, save->path, -1);
    return done || wf_err_at(err, &call, "save");
}
