/*
 * room.c - memory of reductions, and how much they can come to need.
 */
#include "reduce.h"

#include <math.h>
#include <string.h>

void *wf_room_grow(WeftRoom *room, void *old, size_t bytes)
{
    return room->resize(room, old, bytes);
}

void *wf_room_new(WeftRoom *room, size_t bytes)
{
    void *made = room->resize(room, NULL, bytes);

    if (made)
        memset(made, 0, bytes);
    return made;
}

void wf_room_free(WeftRoom *room, void *old)
{
    if (old)
        room->resize(room, old, 0);
}

int64_t wf_reduce_span(WeftRange range, int64_t most)
{
    double span = range.whole ? range.hi - range.lo + 1 : INFINITY;

    if (!(span >= 1)) /* no value at all */
        return 1;
    return span < (double)most ? (int64_t)span : most;
}

int64_t wf_reduce_bytes(int64_t a, int64_t b, int64_t c)
{
    int64_t product, sum;

    if (__builtin_mul_overflow(b, c, &product) || __builtin_add_overflow(a, product, &sum))
        return INT64_MAX;
    return sum;
}

int64_t wf_reduce_pixels(const WeftReduceSetup *setup)
{
    return wf_reduce_bytes(0, setup->width, setup->height);
}
