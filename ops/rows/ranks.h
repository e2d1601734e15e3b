/*
 * ranks.h - the cells around a segment of a turn's rows, by their places in order of size.
 *
 * All rows that the turn reads are sorted at once, so that a sort serves every window of the
 * segment. From there on cells are whole numbers, and invalid ones a number of their own. -0 counts
 * as 0. Orders are exact, so where segments begin decides nothing.
 */
#ifndef WEFT_RANKS_H
#define WEFT_RANKS_H

#include "cells.h"

enum { SEGMENT_LEAST = 256, DIGIT = 11, BUCKETS = 1 << DIGIT };

#ifdef PX_DOUBLE
enum { DIGITS = 6 };
typedef uint64_t Key;
#else
enum { DIGITS = 3 };
typedef uint32_t Key;
#endif

typedef struct Entry {
    Key key;
    uint32_t place;
} Entry;

/* Column by column: cell (x, y) of the block is rank[x * height + y]. */
typedef struct Ranks {
    int64_t width, height;
    uint32_t *rank; /* `count` and more: invalid */
    px *value;      /* of each rank */
    uint32_t count; /* of ranks */
    Entry *entry[2];
    uint32_t (*buckets)[BUCKETS];
    int32_t *enter, *leave; /* of each run: where the cells lie that come in, and that have gone,
                             * when the window has moved to column 0 */
} Ranks;

/* Pixels of a segment: at least as many as a window is wide, so that a sort costs no more than the
 * windows do. */
static inline int64_t segment_least(const WeftRows *turn)
{
    return more_of(SEGMENT_LEAST, turn->windows->left + turn->windows->right + 1);
}

/* Nearly equal parts of the width. */
static inline int64_t segment_length(const WeftRows *turn)
{
    int64_t parts = more_of(turn->width / segment_least(turn), 1);

    return (turn->width + parts - 1) / parts;
}

/* No segment of a turn that is so wide at most is longer. */
static inline int64_t segment_most(const WeftRows *turn)
{
    return less_of(turn->width, 2 * segment_least(turn));
}

/* Room for the most cells that any turn of this size can have. */
static inline void ranks_take(Ranks *ranks, const WeftRows *turn, int64_t segment, Scratch *scratch)
{
    const WeftWindow *w = turn->windows;
    size_t runs = (size_t)run_count(turn), cells;

    ranks->height = turn->rows + w->up + w->down;
    ranks->width = segment + w->left + w->right;
    cells = (size_t)(ranks->width * ranks->height);
    ranks->rank = scratch_take(scratch, cells, sizeof *ranks->rank);
    ranks->value = scratch_take(scratch, cells, sizeof *ranks->value);
    for (int i = 0; i < 2; i++)
        ranks->entry[i] = scratch_take(scratch, cells, sizeof *ranks->entry[i]);
    ranks->buckets = scratch_take(scratch, DIGITS, sizeof *ranks->buckets);
    ranks->enter = scratch_take(scratch, runs, sizeof *ranks->enter);
    ranks->leave = scratch_take(scratch, runs, sizeof *ranks->leave);
}

/* ------------------------------------------------------------------ keys in order of size */

static inline Key key_of(px v)
{
    union {
        px value;
        Key bits;
    } u = { .value = v + 0 };
    const Key sign = (Key)1 << (8 * sizeof(Key) - 1);

    return u.bits & sign ? ~u.bits : u.bits | sign;
}

static inline px value_of(Key key)
{
    const Key sign = (Key)1 << (8 * sizeof(Key) - 1);
    union {
        Key bits;
        px value;
    } u = { .bits = key & sign ? key & ~sign : ~key };

    return u.value;
}

static inline uint32_t digit_of(Key key, int digit)
{
    return (uint32_t)(key >> (digit * DIGIT)) & (BUCKETS - 1);
}

/* ------------------------------------------------------------------ sorting */

/* Valid cells as entries, and how often each digit occurs. Gives their number. */
static inline uint32_t list_cells(Ranks *ranks, const WeftRows *turn, int64_t start)
{
    const WeftWindow *w = turn->windows;
    uint32_t count = 0;

    __builtin_memset(ranks->buckets, 0, DIGITS * sizeof *ranks->buckets);
    for (int64_t y = 0; y < ranks->height; y++) {
        const px *row = cell_row(turn, y - w->up) + start - w->left;

        for (int64_t x = 0; x < ranks->width; x++) {
            Key key = key_of(row[x]);

            ranks->entry[0][count] =
                (Entry) { .key = key, .place = (uint32_t)(x * ranks->height + y) };
            if (isinvalid(row[x])) {
                ranks->rank[x * ranks->height + y] = UINT32_MAX;
                continue;
            }
            count++;
            for (int d = 0; d < DIGITS; d++)
                ranks->buckets[d][digit_of(key, d)]++;
        }
    }
    return count;
}

/* Stable, digit by digit. Gives the sorted entries. */
static inline const Entry *sort_cells(Ranks *ranks, uint32_t count)
{
    Entry *from = ranks->entry[0], *to = ranks->entry[1];

    for (int d = 0; d < DIGITS && count; d++) {
        uint32_t *bucket = ranks->buckets[d], before = 0;
        Entry *swap = from;

        if (bucket[digit_of(from[0].key, d)] == count)
            continue;
        for (int i = 0; i < BUCKETS; i++) {
            uint32_t here = bucket[i];

            bucket[i] = before;
            before += here;
        }
        for (uint32_t i = 0; i < count; i++)
            to[bucket[digit_of(from[i].key, d)]++] = from[i];
        from = to;
        to = swap;
    }
    return from;
}

/* Ranks of the cells that a segment of the turn reads. Equal cells have one rank, or, where
 * `apart`, each its own: then ranks are a set without counts. */
static inline void ranks_fill(Ranks *ranks, const WeftRows *turn, int64_t start, bool apart)
{
    uint32_t count = list_cells(ranks, turn, start);
    const Entry *sorted = sort_cells(ranks, count);

    ranks->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || apart || sorted[i].key != sorted[i - 1].key)
            ranks->value[ranks->count++] = value_of(sorted[i].key);
        ranks->rank[sorted[i].place] = ranks->count - 1;
    }
}

/* Give invalid cells a rank that fits into the arrays of those who use them. */
static inline void ranks_set_invalid(Ranks *ranks, uint32_t rank)
{
    int64_t cells = ranks->width * ranks->height;

    for (int64_t i = 0; i < cells; i++)
        ranks->rank[i] = ranks->rank[i] == UINT32_MAX ? rank : ranks->rank[i];
}

/* ------------------------------------------------------------------ the moving window */

static inline void ranks_find_edges(Ranks *ranks, const WeftRows *turn)
{
    const WeftWindow *w = turn->windows;

    for (int i = 0; i < run_count(turn); i++) {
        Run run = run_of(turn, i);

        ranks->enter[i] = (int32_t)((w->left + run.to) * ranks->height + w->up + run.row);
        ranks->leave[i] = (int32_t)((w->left + run.from - 1) * ranks->height + w->up + run.row);
    }
}

#endif
