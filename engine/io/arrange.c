/*
 * arrange.c - spans of many zones in their order, and features of one zone made one.
 *
 * Needs nothing. Writes the list of spans.
 */
#include "io/arrange.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum { DIGIT = 16, DIGITS = 1 << DIGIT };

/* The members of a span that it is sorted by. */
typedef enum Key { BY_ROW, BY_COL, BY_ZONE } Key;

static uint64_t key_of(const WfSpan *span, Key key)
{
    return (uint64_t)(key == BY_ROW ? span->row : key == BY_COL ? span->col : span->zone);
}

/* From one list to the other by one digit of a key; equal ones keep their order. */
static void sort_digit(const WfSpan *from, WfSpan *to, int count, Key key, int shift, int *places)
{
    int place = 0;

    memset(places, 0, DIGITS * sizeof *places);
    for (int i = 0; i < count; i++)
        places[key_of(&from[i], key) >> shift & (DIGITS - 1)]++;
    for (int d = 0; d < DIGITS; d++) {
        int here = places[d];

        places[d] = place;
        place += here;
    }
    for (int i = 0; i < count; i++)
        to[places[key_of(&from[i], key) >> shift & (DIGITS - 1)]++] = from[i];
}

/* Two lists that change their parts, and the places of digits. */
typedef struct Sorter {
    WfSpan *list, *other;
    int *places;
} Sorter;

static void sort_key(Sorter *sorter, int count, Key key)
{
    uint64_t most = 0;

    for (int i = 0; i < count; i++)
        most |= key_of(&sorter->list[i], key);
    for (int shift = 0; shift < 64 && most >> shift; shift += DIGIT) {
        WfSpan *sorted = sorter->other;

        sort_digit(sorter->list, sorted, count, key, shift, sorter->places);
        sorter->other = sorter->list;
        sorter->list = sorted;
    }
}

/* By the last key, of equal ones by the one before it, and so on. */
static bool sort_spans(WfSpans *spans, const Key keys[3], WeftErr *err)
{
    Sorter sorter = { .list = spans->list };
    bool done;

    sorter.other = wf_calloc((size_t)spans->count, sizeof(WfSpan), err);
    sorter.places = wf_calloc(DIGITS, sizeof *sorter.places, err);
    done = sorter.other && sorter.places;
    for (int i = 0; done && i < 3; i++)
        sort_key(&sorter, spans->count, keys[i]);
    if (done && sorter.list != spans->list)
        spans->room = spans->count;
    spans->list = sorter.list;
    wf_free(sorter.other);
    wf_free(sorter.places);
    return done;
}

/* Spans of one zone and row, by column, on their way to ones that do not overlap. */
typedef struct Union {
    WfSpan *open; /* those that cover the column that is looked at */
    int open_count, open_room;
    WfSpans *out;
    WeftErr *err;
} Union;

/* The pixels from `from` to `to` lie in all open spans. */
static bool add_part(Union *u, double from, double to)
{
    WfSpan *last = u->out->count ? &u->out->list[u->out->count - 1] : NULL, part;

    if (u->open_count == 0 || to <= from)
        return true;
    part = u->open[0];
    part.col = from;
    part.count = to - from;
    part.weight = 0;
    for (int i = 0; i < u->open_count; i++)
        part.weight += u->open[i].weight;
    part.weight = fmin(part.weight, 1);
    if (last && last->zone == part.zone && last->row == part.row && last->weight == part.weight &&
        last->col + last->count == from) {
        last->count += part.count;
        return true;
    }
    if (!wf_grow(&u->out->list, u->out->count, &u->out->room, sizeof(WfSpan), u->err))
        return false;
    u->out->list[u->out->count++] = part;
    return true;
}

static double end_of(const WfSpan *span)
{
    return span->col + span->count;
}

/* Closes open spans one by one until the column `to`; gives where the part that is left begins. */
static bool close_until(Union *u, double *from, double to)
{
    while (u->open_count > 0) {
        double end = INFINITY;
        int kept = 0;

        for (int i = 0; i < u->open_count; i++)
            end = fmin(end, end_of(&u->open[i]));
        if (end > to)
            break;
        if (!add_part(u, *from, end))
            return false;
        *from = end;
        for (int i = 0; i < u->open_count; i++)
            if (end_of(&u->open[i]) > end)
                u->open[kept++] = u->open[i];
        u->open_count = kept;
    }
    return true;
}

static bool take_span(Union *u, const WfSpan *span, double *from)
{
    if (!close_until(u, from, span->col) || !add_part(u, *from, span->col) ||
        !wf_grow(&u->open, u->open_count, &u->open_room, sizeof(WfSpan), u->err))
        return false;
    u->open[u->open_count++] = *span;
    *from = span->col;
    return true;
}

static bool unite_zones(WfSpans *spans, WeftErr *err)
{
    WfSpans out = { 0 };
    Union u = { .out = &out, .err = err };
    double from = 0;
    bool done = true;

    if (!sort_spans(spans, (const Key[]) { BY_COL, BY_ROW, BY_ZONE }, err))
        return false;
    for (int i = 0; done && i < spans->count; i++) {
        const WfSpan *span = &spans->list[i];

        if (i > 0 && (span->zone != span[-1].zone || span->row != span[-1].row))
            done = close_until(&u, &from, INFINITY);
        done = done && take_span(&u, span, &from);
    }
    done = done && close_until(&u, &from, INFINITY);
    wf_free(u.open);
    if (!done) {
        wf_spans_free(&out);
        return false;
    }
    wf_spans_free(spans);
    *spans = out;
    return true;
}

bool wf_spans_arrange(WfSpans *spans, bool unite, WeftErr *err)
{
    if (spans->count < 2)
        return true;
    if (unite && !unite_zones(spans, err))
        return false;
    return sort_spans(spans, (const Key[]) { BY_ZONE, BY_COL, BY_ROW }, err);
}
