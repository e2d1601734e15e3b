/*
 * sentinel.c - how what is invalid is said in an output: a value, a mask, an alpha band, nothing.
 *
 * Needs: inferred bands that are cast to the output's type. The ways are tried in the order of
 * semantics 1.3. Reads the graph and what the user asks for; writes the storage.
 */
#include "pass/sentinel.h"

#include <math.h>
#include <string.h>

#include "base/pixel.h"
#include "base/text.h"

bool wf_settled_valid(const WfSettle *s)
{
    for (int i = 0; i < s->count; i++)
        if (!wf_settled_node(s, i)->range.valid)
            return false;
    return true;
}

/* As it is stored: f32 rounds. */
static double as_stored(WeftType type, double v)
{
    return type == WEFT_F32 ? (double)(float)v : v;
}

/* A valid pixel of the band may be stored as v. Ends of real ranges are not taken at their word,
 * as the type of the file may round them. */
bool wf_sentinel_may_store(const WfSettle *s, int band, double v)
{
    const WfNode *node = wf_settled_node(s, band);

    if (isnan(v))
        return false;
    if (!node->range.whole)
        return true;
    return v >= as_stored(s->storage->type, node->range.lo) &&
           v <= as_stored(s->storage->type, node->range.hi);
}

static bool any_may_store(const WfSettle *s, double v)
{
    for (int i = 0; i < s->count; i++)
        if (wf_sentinel_may_store(s, i, v))
            return true;
    return false;
}

static bool fail_sentinel(const WfSettle *s)
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

static bool own_sentinel(WfSettle *s)
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
static bool source_sentinel(WfSettle *s)
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
static bool free_sentinel(WfSettle *s)
{
    const WfPixel *pixel = wf_pixel(s->storage->type);

    s->storage->nodata = !pixel->whole ? NAN : pixel->lo < 0 ? pixel->lo : pixel->hi;
    return !any_may_store(s, s->storage->nodata);
}

/* nodata = "none" wants no value for invalid pixels: reals have NaN. */
static bool check_none(const WfSettle *s)
{
    if (!s->save->no_nodata || !wf_pixel(s->storage->type)->whole || wf_settled_valid(s))
        return true;
    wf_fail(s->err, WEFT_EARG, "pixels can be invalid, which %s without a nodata value cannot say",
            wf_pixel(s->storage->type)->name);
    return wf_hint(s->err, "r:fill(0) gives them a value; nodata=\"mask\" a mask");
}

/* (6) its other end: outside what the bands may be. */
static bool other_sentinel(WfSettle *s)
{
    const WfPixel *pixel = wf_pixel(s->storage->type);

    s->storage->nodata = pixel->lo < 0 ? pixel->hi : pixel->lo;
    return pixel->whole && !any_may_store(s, s->storage->nodata);
}

static bool named_sentinel(WfSettle *s)
{
    s->storage->nodata = as_stored(s->storage->type, s->save->nodata);
    s->may_collide = true;
    return s->save->has_nodata;
}

static bool no_sentinel(WfSettle *s)
{
    return wf_settled_valid(s);
}

static bool named_none(WfSettle *s)
{
    return s->save->no_nodata;
}

static bool named_masks(WfSettle *s)
{
    return s->save->mask_band && !s->validity.same;
}

static bool named_mask(WfSettle *s)
{
    return s->save->mask_band;
}

/* The band that is written as an alpha band; -1: none. A band alone is no alpha band. */
int wf_sentinel_alpha(const WfSettle *s)
{
    for (int i = s->count - 1; i >= 0 && s->count > 1; i--)
        if (wf_meaning_is_alpha(s->graph->nodes[s->bands[i]].meaning))
            return i;
    return -1;
}

static bool alpha_band(WfSettle *s)
{
    return s->validity.alpha;
}

/* (7) one for all bands, which must be invalid at the same pixels. */
static bool free_mask(WfSettle *s)
{
    return s->validity.same;
}

/* In the order in which they are tried. free: not where the user names a sentinel. proof: what is
 * proven of the bands' validity must be known. */
static const struct {
    bool (*applies)(WfSettle *s);
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

static WfHolds ask_format(WfSettle *s)
{
    WeftErr why = { .block = -1, .col = -1, .row = -1 };
    WfHolds answer;

    if (!s->format)
        return WF_HOLDS;
    for (int i = 0; i < s->count; i++)
        s->ranges[i] = wf_settled_node(s, i)->range;
    answer = s->format->holds(s->format->context, s->storage, s->ranges, &why);
    if (answer == WF_HOLDS_NONE || (answer == WF_HOLDS_NOT && s->first.code == WEFT_OK))
        s->first = why;
    return answer;
}

bool wf_sentinel_prove(WfSettle *s)
{
    int alpha = wf_sentinel_alpha(s);

    if (s->proved || (s->count == 1 && alpha < 0)) {
        s->validity.same |= s->count == 1;
        return true;
    }
    s->proved = true;
    return wf_validity_of(s->graph, s->bands, s->count, alpha, &s->validity, s->err);
}

bool wf_sentinel_choose(WfSettle *s, WfHolds *answer)
{
    bool named = s->save->has_nodata || s->save->mask_band || s->save->no_nodata;

    *answer = WF_HOLDS_NOT;
    if (s->save->has_nodata && !wf_pixel_holds(s->storage->type, s->save->nodata))
        return fail_sentinel(s);
    if (!check_none(s))
        return false;
    for (size_t i = 0; i < sizeof rules / sizeof *rules && *answer == WF_HOLDS_NOT; i++) {
        if (named && rules[i].free)
            continue;
        s->may_collide = false;
        s->storage->kind = rules[i].kind;
        if (rules[i].proof && (rules[i].kind != WF_SENTINEL_ALPHA || wf_sentinel_alpha(s) >= 0) &&
            !wf_sentinel_prove(s))
            return false;
        if (!rules[i].applies(s))
            continue;
        if (rules[i].kind != WF_SENTINEL_VALUE)
            s->storage->nodata = 0;
        *answer = ask_format(s);
    }
    return true;
}
