/*
 * settle.c - how each saved band is stored: type, sentinel, casts and counts.
 *
 * Needs: inferred bands. Reads what the user asks for (WeftSave) and what is known of the bands;
 * adds cast, collide, lost and seal. How what is invalid is said, sentinel.c chooses.
 */
#include "pass/settle.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"
#include "pass/describe.h"
#include "pass/pass.h"
#include "pass/sentinel.h"

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

static bool check_save(const WfSettle *s)
{
    const WeftSave *save = s->save;

    return check_choice("cast", "round", "round", save->round, s->err) &&
           check_choice("cast", "overflow", "overflow", save->overflow, s->err) &&
           check_choice("collide", "mode", "collide", save->collide, s->err);
}

static WeftType choose_type(const WfSettle *s)
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

static bool cast_band(WfSettle *s, int band, WeftType type)
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

static bool cast_to_integers(WfSettle *s, WeftType type)
{
    for (int i = 0; wf_pixel(type)->whole && i < s->count; i++)
        if (!holds_range(type, &wf_settled_node(s, i)->range) && !cast_band(s, i, type))
            return false;
    return true;
}

/* A number as sentinel is compared with, and put among, pixels as they are stored. Where it is NaN
 * the store may do the rounding. */
static bool cast_to_reals(WfSettle *s)
{
    WeftType type = s->storage->type;

    if (wf_pixel(type)->whole || s->storage->kind != WF_SENTINEL_VALUE || isnan(s->storage->nodata))
        return true;
    for (int i = 0; i < s->count; i++) {
        if (wf_settled_node(s, i)->wide == (type == WEFT_F64))
            continue;
        s->may_collide |= type == WEFT_F32;
        if (!cast_band(s, i, type))
            return false;
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

static bool fail_storage(const WfSettle *s, WeftType type)
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

static WeftNode add_collide(WfSettle *s, WeftNode node)
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

static WeftNode add_seal(WfSettle *s, WeftNode node)
{
    WeftArg sentinel = { .name = "sentinel",
                         .node = WEFT_NONE,
                         .number = s->storage->nodata,
                         .integer = wf_pixel(s->storage->type)->whole };

    return wf_infer_apply(s->graph, "seal", &node, 1, &sentinel, 1, s->err);
}

static bool add_masks(WfSettle *s, WeftNode *masks)
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
static bool watch_lost(WfSettle *s, WeftNode mask)
{
    for (int i = 0; i < s->count; i++) {
        WeftNode both[] = { s->settled[i], mask };

        s->settled[i] = wf_infer_apply(s->graph, "lost", both, 2, NULL, 0, s->err);
        if (s->settled[i] == WEFT_NONE)
            return false;
    }
    return true;
}

static bool seal_bands(WfSettle *s)
{
    for (int i = 0; i < s->count; i++) {
        if (s->may_collide && s->storage->kind == WF_SENTINEL_VALUE &&
            wf_sentinel_may_store(s, i, s->storage->nodata)) {
            s->settled[i] = add_collide(s, s->settled[i]);
            if (s->settled[i] == WEFT_NONE)
                return false;
        }
        if (s->storage->kind == WF_SENTINEL_NONE || wf_settled_node(s, i)->range.valid)
            continue;
        s->settled[i] = add_seal(s, s->settled[i]);
        if (s->settled[i] == WEFT_NONE)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ shared */

/* The type that is named, or the bands' and wider ones, until the format holds one of them. */
static bool choose_storage(WfSettle *s)
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
        if (!wf_sentinel_choose(s, &answer))
            return false;
        if (answer == WF_HOLDS_NONE || (answer == WF_HOLDS_NOT && s->save->type != WEFT_AUTO))
            return fail_storage(s, type);
    }
    return true;
}

static bool settle_bands(WfSettle *s, WeftNode *masks)
{
    bool shared, alpha = wf_sentinel_alpha(s) >= 0;

    if (!check_save(s) || !choose_storage(s) || !cast_to_reals(s) ||
        (alpha && !wf_sentinel_prove(s)))
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
    WfSettle s = { .graph = graph,
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
