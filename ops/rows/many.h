/*
 * many.h - the values of one pixel across many rasters, as functions on rows see them.
 *
 * Rows are taken a few pixels at a time and turned, so that a pixel's values lie together in the
 * first cache. No pixel depends on another, so where turns and blocks begin decides nothing.
 */
#ifndef WEFT_MANY_H
#define WEFT_MANY_H

#include "turn.h"

enum { MANY_BLOCK = 16 };

/* A pixel's valid values; -0 is 0. */
typedef struct Values {
    px *value;
    px *other; /* as many again */
    int64_t count;
} Values;

typedef px ManyFn(const WeftRows *turn, const Values *values);

static inline size_t many_room(const WeftRows *turn)
{
    Scratch scratch = { .at = NULL };
    size_t count = (size_t)turn->input_count;

    scratch_take(&scratch, MANY_BLOCK * count, sizeof(px));
    scratch_take(&scratch, count, sizeof(px));
    return scratch.bytes;
}

/* Values of pixels start ... start + pixels - 1 of row r. */
static inline void many_gather(const WeftRows *turn, int64_t r, int64_t start, int64_t pixels,
                               Values block[MANY_BLOCK])
{
    for (int k = 0; k < turn->input_count; k++) {
        const px *row = (const px *)turn->in[k][r] + start;

        for (int64_t i = 0; i < pixels; i++) {
            Values *v = &block[i];

            v->value[v->count] = row[i] + 0;
            v->count += !isinvalid(row[i]);
        }
    }
}

/* Each pixel of a turn, by a function of its values. */
static inline __attribute__((always_inline)) void many_rows(const WeftRows *turn, ManyFn *of)
{
    Scratch scratch = { .at = turn->scratch };
    size_t count = (size_t)turn->input_count;
    px *value = scratch_take(&scratch, MANY_BLOCK * count, sizeof *value);
    px *other = scratch_take(&scratch, count, sizeof *other);

    for (int64_t r = 0; r < turn->rows; r++)
        for (int64_t start = 0; start < turn->width; start += MANY_BLOCK) {
            int64_t pixels = less_of(turn->width - start, MANY_BLOCK);
            Values block[MANY_BLOCK];

            for (size_t i = 0; i < MANY_BLOCK; i++)
                block[i] = (Values) { .value = value + i * count, .other = other };
            many_gather(turn, r, start, pixels, block);
            for (int64_t i = 0; i < pixels; i++)
                ((px *)turn->out[0][r])[start + i] = of(turn, &block[i]);
        }
}

/* All values of all inputs, of which the last `params` of count are parameters. */
static inline WeftRange many_range(const WeftRange *in, int count, int params)
{
    WeftRange all = in[0];
    bool any = in[0].valid;

    for (int i = 1; i < count - params; i++) {
        any = any || in[i].valid;
        all = range_join(all, in[i], false);
    }
    all.valid = any;
    return all;
}

#define MANY(id, of)            \
    ROWS(many_##id)             \
    (const WeftRows *turn)      \
    {                           \
        many_rows(turn, of);    \
    }                           \
    ROOM(many_##id)             \
    (const WeftRows *turn)      \
    {                           \
        return many_room(turn); \
    }

#endif
