/*
 * zoneseek.c - percentiles of a zone, found digit by digit in counts of its values.
 *
 * Pixel k is a stretch of weight from C = w(1) + ... + w(k - 1) on, and the place S(k) / (n - 1)
 * lies within it. So p / 100 of the weight lies in a pixel that is one of the two around the
 * percentile: a pass looks for that, its rank, and for the values next to it. These can only matter
 * where they are less than a whole pixel's weight away.
 */
#include "zoneseek.h"

#include <math.h>
#include <stdlib.h>

/* Where a percentile is looked for: numbers of targets, and what is less than its own. */
typedef struct Seek {
    uint64_t weight, pixels;
    uint64_t below, own, above;
} Seek;

enum { SIDES = 3, TARGETS_MAX = SIDES * PERCENTS_MAX };

/* Of a zone; then a Seek for each percentile. */
typedef struct Targets {
    uint64_t last; /* number of the last one */
    uint64_t prefix[];
} Targets;

int wf_seek_lists(const WfPercents *percents, int pass)
{
    return pass ? SIDES * percents->count : 1;
}

size_t wf_seek_bytes(const WfPercents *percents, int pass)
{
    size_t count = (size_t)percents->count;

    return pass ? sizeof(Targets) + count * (SIDES * sizeof(uint64_t) + sizeof(Seek)) : 0;
}

/* In pass 0 there is one target, the keys that begin with nothing. */
static const Targets *targets_of(const WfZoneRanks *state, const WfZone *zone)
{
    static const uint64_t all[1 + TARGETS_MAX + PERCENTS_MAX * sizeof(Seek) / sizeof(uint64_t)];

    return state->zoned.form.pass ? wf_zoned_own_in(&state->zoned, zone) : (const Targets *)all;
}

static const Seek *seek_of(const WfZoneRanks *state, const Targets *targets, int which)
{
    return (const Seek *)(targets->prefix + SIDES * state->percents.count) + which;
}

int wf_seek_target(const WfZoneRanks *state, const WfZone *zone, uint64_t prefix)
{
    const Targets *targets = targets_of(state, zone);

    for (uint64_t i = 0; i <= targets->last; i++)
        if (targets->prefix[i] == prefix)
            return (int)i;
    return -1;
}

/* ------------------------------------------------------------------ digits that occur */

typedef struct Digits {
    const WfZoneRanks *state;
    uint64_t prefix;           /* of the target */
    int count, next;           /* pages */
    int digit;                 /* of the page that is next */
    uint64_t list[SEEK_PAGES]; /* numbers of pages + 1, below their digits */
} Digits;

static int compare_listed(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static void list_digits(Digits *digits, const WfZoneRanks *state, const WfZone *zone,
                        uint64_t target)
{
    digits->state = state;
    digits->prefix = targets_of(state, zone)->prefix[target];
    digits->count = digits->next = digits->digit = 0;
    for (uint64_t next = zone->first[target]; next && digits->count < SEEK_PAGES;) {
        const WfPart *page = wf_zoned_listed(&state->zoned, next);

        digits->list[digits->count++] = (uint64_t)((int)page->place % SEEK_PAGES) << 32 | next;
        next = page->next;
    }
    qsort(digits->list, (size_t)digits->count, sizeof *digits->list, compare_listed);
}

/* The next digit in their order; false: that was the last. */
static bool next_digit(Digits *digits, WfAlike *alike)
{
    const WfZoneRanks *state = digits->state;
    int size = 1 << state->page_bits;

    for (; digits->next < digits->count; digits->next++, digits->digit = 0) {
        uint64_t listed = digits->list[digits->next];
        const WfPart *page = wf_zoned_listed(&state->zoned, listed & UINT32_MAX);

        while (digits->digit < size) {
            int k = digits->digit++;
            uint64_t digit = listed >> 32 << state->page_bits | (uint64_t)k;

            if (!page->counts[k])
                continue;
            *alike = (WfAlike) { .prefix = digits->prefix << state->keys.digit | digit,
                                 .weight = page->counts[k],
                                 .pixels = page->counts[state->weighted ? size + k : k] };
            return true;
        }
    }
    return false;
}

/* The least values of a target, or the greatest. */
static WfAlike outermost(const WfZoneRanks *state, const WfZone *zone, uint64_t target, bool least)
{
    WfAlike found = { 0 };
    Digits digits;

    list_digits(&digits, state, zone, target);
    while (next_digit(&digits, &found) && !least)
        ;
    return found;
}

/* ------------------------------------------------------------------ percentiles */

/* The unit of weight in whose pixel, or next to it, a percentile lies. */
static uint64_t rank_of(const WfZoneRanks *state, const WfZone *zone, int which)
{
    double at = wf_percents_at(&state->percents, which, zone->pixels), rank = 0;

    if (zone->pixels > 1)
        rank = (double)zone->weight * (at / (double)(zone->pixels - 1));
    return rank < (double)zone->weight ? (uint64_t)rank : zone->weight - 1;
}

/* The digit of a target that a rank lies in, and those next to it. */
static WfSought seek_digit(const WfZoneRanks *state, const WfZone *zone, const Seek *seek,
                           uint64_t rank)
{
    WfSought found = { .weight = seek->weight, .pixels = seek->pixels };
    Digits digits;
    WfAlike alike;

    list_digits(&digits, state, zone, seek->own);
    while (!found.above.weight && next_digit(&digits, &alike)) {
        if (found.own.weight) {
            found.above = alike;
        } else if (found.weight + alike.weight > rank) {
            found.own = alike;
        } else {
            found.weight += alike.weight;
            found.pixels += alike.pixels;
            found.below = alike;
        }
    }
    return found;
}

static WfSought seek(const WfZoneRanks *state, const WfZone *zone, int which)
{
    const Seek *where = seek_of(state, targets_of(state, zone), which);
    uint64_t rank = rank_of(state, zone, which), unit = state->zoned.runs.unit;
    WfSought found = seek_digit(state, zone, where, rank);

    if (rank >= found.weight + unit)
        found.below.weight = 0;
    else if (!found.below.weight && where->below != where->own)
        found.below = outermost(state, zone, where->below, false);
    if (rank + unit < found.weight + found.own.weight)
        found.above.weight = 0;
    else if (!found.above.weight && where->above != where->own)
        found.above = outermost(state, zone, where->above, true);
    return found;
}

static uint64_t add_target(Targets *targets, uint64_t *count, uint64_t prefix)
{
    uint64_t i = 0;

    while (i < *count && targets->prefix[i] != prefix)
        i++;
    targets->prefix[i] = prefix;
    *count += i == *count;
    return i;
}

void wf_seek_targets(WfZoneRanks *state, const WfZoneRanks *before, const WfZone *zone)
{
    Targets *targets = wf_zoned_own(&state->zoned, state->zoned.zone);
    Seek *seeks = (Seek *)(targets->prefix + SIDES * state->percents.count);
    uint64_t count = 0;

    for (int i = 0; zone->weight && i < state->percents.count; i++) {
        WfSought found = seek(before, zone, i);
        uint64_t own = found.own.prefix;

        seeks[i] = (Seek) { .weight = found.weight,
                            .pixels = found.pixels,
                            .own = add_target(targets, &count, own) };
        seeks[i].below = add_target(targets, &count, found.below.weight ? found.below.prefix : own);
        seeks[i].above = add_target(targets, &count, found.above.weight ? found.above.prefix : own);
    }
    targets->last = count ? count - 1 : 0;
}

typedef unsigned __int128 Wide;

/* So many parts of a value's weight, of as many as it has pixels. */
static Wide share(const WfAlike *alike, uint64_t parts)
{
    return alike->pixels ? (Wide)alike->weight * parts / alike->pixels : 0;
}

/* S as a multiple of the zone's weight, which goes from 0 to n - 1. */
static double place(const WfZone *zone, Wide s)
{
    return (double)(s / zone->weight) + (double)(s % zone->weight) / (double)zone->weight;
}

/* Of the first and the last pixel of a value, `weight` and `pixels` being less than it. */
static double first_place(const WfZone *zone, const WfAlike *alike, uint64_t weight,
                          uint64_t pixels)
{
    return place(zone, (Wide)(zone->pixels - 1) * weight + share(alike, pixels));
}
static double last_place(const WfZone *zone, const WfAlike *alike, uint64_t weight, uint64_t pixels)
{
    return place(zone, (Wide)(zone->pixels - 1) * (weight + alike->weight) -
                           share(alike, zone->pixels - pixels - alike->pixels));
}

/* Pixels with a value, and the place of the one that faces other values. */
typedef struct Side {
    const WfAlike *alike;
    double place;
} Side;

/* below: pixels up to the lower side, that included. */
static double value_between(const WfZoneRanks *state, double at, Side low, Side high,
                            uint64_t below)
{
    double step = high.place - low.place;
    double between = step > 0 ? fmin(fmax((at - low.place) / step, 0), 1) : 0;

    return wf_percents_value(wf_key_value(&state->keys, low.alike->prefix),
                             wf_key_value(&state->keys, high.alike->prefix),
                             wf_percents_between(&state->percents, between, below - 1));
}

double wf_seek_percentile(const WfZoneRanks *state, const WfZone *zone, int which)
{
    Side own, own_end, below, above;
    WfSought s;
    double at;

    if (!zone->weight)
        return (double)NAN;
    at = wf_percents_at(&state->percents, which, zone->pixels);
    s = seek(state, zone, which);
    own = (Side) { &s.own, first_place(zone, &s.own, s.weight, s.pixels) };
    own_end = (Side) { &s.own, last_place(zone, &s.own, s.weight, s.pixels) };
    below = (Side) { &s.below, last_place(zone, &s.below, s.weight - s.below.weight,
                                          s.pixels - s.below.pixels) };
    above = (Side) { &s.above, first_place(zone, &s.above, s.weight + s.own.weight,
                                           s.pixels + s.own.pixels) };
    if (s.below.weight && at < own.place)
        return value_between(state, at, below, own, s.pixels);
    if (s.above.weight && at > own_end.place)
        return value_between(state, at, own_end, above, s.pixels + s.own.pixels);
    return wf_key_value(&state->keys, s.own.prefix);
}
