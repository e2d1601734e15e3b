/*
 * reduce.h - what a reduction's file is written in.
 *
 * Files of ops/reduce/ are compiled once, natively, and deal with rows of f32 and of f64. A state
 * is written by one worker at a time; all its memory comes from its room.
 */
#ifndef WEFT_REDUCE_H
#define WEFT_REDUCE_H

#include "kernel.h"

/* REDUCTION(summary, .brief = ..., .reduce = &(const WeftReduce) { ... }, PARAMS(...)); users reach
 * reductions through stats(), zonal() and others of the language, never by these names. */
#define REDUCTION(id, ...)            \
    extern const WeftOp weft_op_##id; \
    const WeftOp weft_op_##id = {     \
        .name = #id,                  \
        .family = "statistics",       \
        .shape = WEFT_REDUCE,         \
        .hidden = true,               \
        .invalid = WEFT_DECIDES,      \
        .gives = WEFT_GIVES_DOUBLE,   \
        __VA_ARGS__,                  \
    }

/* Memory of the room; a new piece is zeroed. NULL: there is no room. */
void *wf_room_new(WeftRoom *room, size_t bytes);
void *wf_room_grow(WeftRoom *room, void *old, size_t bytes);
void wf_room_free(WeftRoom *room, void *old); /* takes NULL */

/* How many values a range of integers can have, at most `most`; other ranges have most. */
int64_t wf_reduce_span(WeftRange range, int64_t most);
int64_t wf_reduce_pixels(const WeftReduceSetup *setup);
/* a + b * c, INT64_MAX where that is too large; none is negative. */
int64_t wf_reduce_bytes(int64_t a, int64_t b, int64_t c);

#endif
