/*
 * zoneseek.h - percentiles of a zone, found digit by digit in counts of its values.
 *
 * With pixels sorted by value, and equal values sharing their weight equally, pixel k of n (from 1)
 * has the place S(k) = (k - 1) w(k) + (n - 1) (w(1) + ... + w(k - 1)); the percentile p lies at
 * p / 100 S(n), linear between two pixels. So the least value is p0, the greatest p100, the order
 * of equal values does not matter, and with equal weights it is type 7. Source: S(k) is how
 * exactextract weights a quantile by coverage (weighted_quantiles.cpp), which takes equal values
 * for one pixel with the sum of their weights; here each is a pixel of its own.
 */
#ifndef WEFT_ZONESEEK_H
#define WEFT_ZONESEEK_H

#include "keys.h"
#include "percents.h"
#include "zoned.h"

/* Some neighbouring digits are a page: a part, which has their weights, then, where a pixel is not
 * one unit, their pixels. Upper digits of neighbours are mostly alike, lower ones are not: pages
 * are larger in the first pass. */
enum { SEEK_DIGIT_MAX = 16, SEEK_FIRST_BITS = 5, SEEK_LATER_BITS = 2 };
enum { SEEK_PAGES = 1 << (SEEK_DIGIT_MAX - SEEK_LATER_BITS) }; /* places of a target */

/* A state. Pass 0 has one target, all values; later ones those in which percentiles lie, and the
 * values on both sides of them. Each is a list of the zone. */
typedef struct WfZoneRanks {
    WfZoned zoned;
    WfKeys keys;
    WfPercents percents;
    int page_bits; /* a page has 2^page_bits digits */
    bool weighted; /* and their pixels */
} WfZoneRanks;

/* Values of a zone that begin alike; weight 0: none. */
typedef struct WfAlike {
    uint64_t prefix, weight, pixels;
} WfAlike;

/* What a finished pass knows of a percentile: the values among which it lies, those next to them
 * where these can matter, and how much is less than its own. */
typedef struct WfSought {
    uint64_t weight, pixels;
    WfAlike below, own, above;
} WfSought;

/* Bytes of the targets of a zone. */
size_t wf_seek_bytes(const WfPercents *percents, int pass);
int wf_seek_lists(const WfPercents *percents, int pass);
/* The targets of a zone that was found last, from what the pass before knows of it. */
void wf_seek_targets(WfZoneRanks *state, const WfZoneRanks *before, const WfZone *zone);
/* The target of keys that begin so, -1: none. */
int wf_seek_target(const WfZoneRanks *state, const WfZone *zone, uint64_t prefix);

/* After the last pass; NaN in a zone without valid pixels. */
double wf_seek_percentile(const WfZoneRanks *state, const WfZone *zone, int which);

#endif
