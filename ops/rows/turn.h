/*
 * turn.h - what an operator on rows (WEFT_ROWS) is written in.
 *
 * Files of ops/rows/ are compiled natively only, for AVX2, once with px as float and once as
 * double; both engines call the result. Fused multiply-adds are written px_fma, never contracted.
 */
#ifndef WEFT_TURN_H
#define WEFT_TURN_H

#include "range.h"

/* ROWS(window_median)(const WeftRows *turn) { ... }          makes the rows of a turn;
 * ROOM(window_median)(const WeftRows *turn) { return ...; }  says what scratch that takes;
 * ROWS_OP(window_median, .brief = ...)                       describes both. */
#define ROWS(id) void PX_NAME(weft_r_, id)
#define ROOM(id) size_t PX_NAME(weft_room_, id)
#ifdef WEFT_DESCRIBE
#define ROWS_OP(id, ...)                                        \
    extern WeftRowsFn weft_r_##id##_f64;                        \
    extern WeftRowsRoom weft_room_##id##_f64;                   \
    extern const WeftOp weft_op_##id;                           \
    const WeftOp weft_op_##id = {                               \
        .name = #id,                                            \
        .shape = WEFT_ROWS,                                     \
        .rows = { weft_r_##id##_f32, weft_r_##id##_f64 },       \
        .room = { weft_room_##id##_f32, weft_room_##id##_f64 }, \
        __VA_ARGS__,                                            \
    }
#else
#define ROWS_OP(id, ...) _Static_assert(1, #id)
#endif

/* Parts of the scratch are taken one after another; from NULL on, they are only added up. */
typedef struct Scratch {
    char *at;
    size_t bytes;
} Scratch;

static inline void *scratch_take(Scratch *scratch, size_t count, size_t size)
{
    size_t bytes = (count * size + 63) / 64 * 64;
    void *part = scratch->at ? scratch->at + scratch->bytes : NULL;

    scratch->bytes += bytes;
    return part;
}

static inline int64_t less_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t more_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

#endif
