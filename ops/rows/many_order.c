/*
 * many_order.c - statistics of each pixel across many rasters, in order of size.
 *
 * Hidden functions on rows, put in by pass/across where a network would be too long. One or two
 * values are selected; equal values are counted after a sort.
 */
#include "blend.h"
#include "many.h"

/* ------------------------------------------------------------------ selection */

static inline void swap(px *a, px *b)
{
    px v = *a;

    *a = *b;
    *b = v;
}

/* The k-th value from 0, with none larger before it and none smaller behind (Hoare's selection,
 * about the middle of three). */
static px select(px *v, int64_t count, int64_t k)
{
    int64_t first = 0, last = count - 1;

    while (first < last) {
        int64_t middle = first + (last - first) / 2, i = first, j = last;
        px pivot;

        if (v[middle] < v[first])
            swap(&v[middle], &v[first]);
        if (v[last] < v[first])
            swap(&v[last], &v[first]);
        if (v[last] < v[middle])
            swap(&v[last], &v[middle]);
        pivot = v[middle];
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (pivot < v[j])
                j--;
            if (i <= j)
                swap(&v[i++], &v[j--]);
        }
        if (k <= j)
            last = j;
        else if (k >= i)
            first = i;
        else
            break;
    }
    return v[k];
}

/* The value before the k-th once that is selected. */
static px before(const px *v, int64_t k)
{
    px most = v[0];

    for (int64_t i = 1; i < k; i++)
        most = v[i] > most ? v[i] : most;
    return most;
}

static double middle_of(px *v, int64_t count)
{
    double high;

    if (count == 0)
        return __builtin_nan("");
    high = (double)select(v, count, count / 2);
    return count % 2 ? high : halfway_of((double)before(v, count / 2), high);
}

static px median(const WeftRows *turn, const Values *v)
{
    return (px)middle_of(v->value, v->count);
}

MANY(median, median)

RANGE(many_median)(const WeftRange *in, int count)
{
    WeftRange all = range_in(many_range(in, count, 0));

    return range_of(all.lo, all.hi, false, all.valid && range_finite(all));
}

ROWS_OP(many_median, .brief = "median across many rasters", .family = "lowered", .inputs = 1,
        .more = true, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL,
        .same_unit = true, .range = range_many_median);

/* A difference of infinities is none. */
static px deviation(const WeftRows *turn, const Values *v)
{
    px middle = (px)middle_of(v->value, v->count);
    int64_t count = 0;

    for (int64_t i = 0; i < v->count; i++) {
        px apart = px_abs(v->value[i] - middle);

        v->value[count] = apart;
        count += !isinvalid(apart);
    }
    return (px)middle_of(v->value, count);
}

MANY(mad, deviation)

RANGE(many_mad)(const WeftRange *in, int count)
{
    return range_of(0, RANGE_INFINITY, false, false);
}

ROWS_OP(many_mad, .brief = "median absolute deviation across many rasters", .family = "lowered",
        .inputs = 1, .more = true, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_REAL, .same_unit = true, .range = range_many_mad);

/* Between two ranks of the values (Hyndman and Fan's 7th). */
static px percentile(const WeftRows *turn, const Values *v)
{
    double place = (double)(v->count - 1) * turn->settings[0] / 100;
    int64_t rank = (int64_t)place;
    px high;

    if (v->count == 0)
        return INVALID;
    if (rank + 1 >= v->count || place == (double)rank)
        return select(v->value, v->count, rank);
    high = select(v->value, v->count, rank + 1);
    return blend_of(before(v->value, rank + 1), high, (px)(place - (double)rank));
}

MANY(percentile, percentile)

RANGE(many_percentile)(const WeftRange *in, int count)
{
    WeftRange all = range_in(many_range(in, count, 1));

    return range_of(all.lo, all.hi, false, all.valid && range_finite(all));
}

ROWS_OP(many_percentile, .brief = "percentile across many rasters", .family = "lowered",
        .inputs = 1, .more = true, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_REAL, .same_unit = true, .range = range_many_percentile,
        PARAMS({ .name = "percent", .help = "0 to 100", .kind = WEFT_PARAM_REAL }));

/* ------------------------------------------------------------------ equal values */

/* Merge sort, from runs of one on. Gives where the sorted values lie. */
static const px *sorted(const Values *v)
{
    px *from = v->value, *to = v->other;

    for (int64_t run = 1; run < v->count; run *= 2) {
        px *done = from;

        for (int64_t start = 0; start < v->count; start += 2 * run) {
            int64_t middle = less_of(start + run, v->count),
                    end = less_of(start + 2 * run, v->count);
            int64_t a = start, b = middle;

            for (int64_t i = start; i < end; i++) {
                bool first = b >= end || (a < middle && !(from[b] < from[a]));

                to[i] = first ? from[a] : from[b];
                a += first;
                b += !first;
            }
        }
        from = to;
        to = done;
    }
    return from;
}

/* The least of those that are most, or least, frequent. */
static inline px frequent(const Values *v, bool most)
{
    const px *value = sorted(v);
    int64_t length = 0;
    px best = INVALID;

    for (int64_t i = 0, run = 1; i < v->count; i += run) {
        for (run = 1; i + run < v->count && value[i + run] == value[i];)
            run++;
        if (length == 0 || (most ? run > length : run < length)) {
            best = value[i];
            length = run;
        }
    }
    return best;
}

static px mode(const WeftRows *turn, const Values *v)
{
    return frequent(v, true);
}

static px minority(const WeftRows *turn, const Values *v)
{
    return frequent(v, false);
}

static px variety(const WeftRows *turn, const Values *v)
{
    const px *value = sorted(v);
    int64_t number = v->count > 0;

    for (int64_t i = 1; i < v->count; i++)
        number += value[i] != value[i - 1];
    return (px)number;
}

RANGE(many_value)(const WeftRange *in, int count)
{
    return many_range(in, count, 0);
}

MANY(mode, mode)

ROWS_OP(many_mode, .brief = "most frequent value across many rasters", .family = "lowered",
        .inputs = 1, .more = true, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_KEEP, .range = range_many_value);

MANY(minority, minority)

ROWS_OP(many_minority, .brief = "least frequent value across many rasters", .family = "lowered",
        .inputs = 1, .more = true, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_KEEP, .range = range_many_value);

MANY(variety, variety)

RANGE(many_variety)(const WeftRange *in, int count)
{
    return (WeftRange) { .hi = count, .whole = true, .valid = true };
}

ROWS_OP(many_variety, .brief = "how many different values many rasters have", .family = "lowered",
        .inputs = 1, .more = true, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_INTEGER, .range = range_many_variety);
