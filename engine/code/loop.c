/*
 * loop.c - the loops over a turn's rows and a row's pixels. Bitcode only, never linked natively.
 *
 * The emitter gives wf_begin, wf_body and wf_flush, each one straight line, and names the loop it
 * wants; the JIT inlines them and renames that one. Counters live in a local array which the
 * optimiser turns into registers: a kernel without watches has none. Reads frame; writes what the
 * emitted lines write.
 */
#include "code/acc.h"
#include "plan/frame.h"

/* This file is compiled while the body is still unknown, so nothing can be vectorised yet. */
#pragma clang diagnostic ignored "-Wpass-failed"

void wf_begin(WfAcc *acc);
void wf_body(const WfFrame *frame, int64_t r, int64_t i, WfAcc *acc);
void wf_flush(const WfFrame *frame, int64_t r, WfAcc *acc);

/* Bounds are read once, for a store might change them as far as the compiler knows. The mask says
 * that there is no remainder. */
#define LOOP(name, how)                                                                      \
    void name(const WfFrame *frame);                                                         \
    void name(const WfFrame *frame)                                                          \
    {                                                                                        \
        const int64_t rows = frame->rows;                                                    \
        const int64_t first = frame->first & -(int64_t)WF_LANES;                             \
        const int64_t padded = frame->padded & -(int64_t)WF_LANES;                           \
        WfAcc acc[WF_ACC_MAX];                                                               \
                                                                                             \
        for (int64_t r = 0; r < rows; r++) {                                                 \
            wf_begin(acc);                                                                   \
            _Pragma(how) for (int64_t i = first; i < padded; i++) wf_body(frame, r, i, acc); \
            wf_flush(frame, r, acc);                                                         \
        }                                                                                    \
    }

LOOP(wf_kernel, "clang loop vectorize(assume_safety)")

/* Two vectors at a time: what one needs of addresses and numbers serves the other, too. */
LOOP(wf_kernel_by_two, "clang loop vectorize(assume_safety) interleave_count(2)")
