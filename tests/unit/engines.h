/*
 * engines.h - kernels of planless.h compiled, and compared with the reference bit by bit.
 */
#ifndef ENGINES_H
#define ENGINES_H

#include <math.h>

#include "planless.h"

#include "code/emit.h"
#include "code/interp.h"
#include "code/jit.h"

static inline WfJit *session(int bits)
{
    WeftErr err = { 0 };
    WfJit *jit = wf_jit_new(&(WfJitOptions) { .cache = "", .vector_bits = bits }, &err);

    ck_assert_msg(jit != NULL, "%s", err.message);
    return jit;
}

static inline WfKernelFn *compiled(WfJit *jit, const Planless *p, int k)
{
    WeftErr err = { 0 };
    LLVMModuleRef module = wf_emit_kernel(wf_jit_context(jit), &p->plan, k, false, &err);
    WfKernelFn *run = module ? wf_jit_add(jit, module, &err) : NULL;

    ck_assert_msg(run != NULL, "%s", err.message);
    return run;
}

static inline bool is_nan(WeftType type, const char *at)
{
    return type == WEFT_F32 ? isnan(*(const float *)at) : isnan(*(const double *)at);
}

/* Both engines' pixels agree: outputs to the bit, rings but for the bits of NaN. */
static inline void compare_pixels(const Planless *p, int k, const PlanlessFrame *a,
                                  const PlanlessFrame *b, const char *what)
{
    bool ring = p->kernels[k].ring_count > 0;

    for (int j = 0; j < a->output_count; j++) {
        WeftType type = planless_output_type(p, k, j);
        size_t bytes = (size_t)wf_pixel(type)->bytes;

        for (int r = 0; r < PLANLESS_ROWS; r++)
            for (size_t i = 0; i < (size_t)a->frame.width; i++) {
                const char *x = (char *)a->out_rows[j][r] + i * bytes,
                           *y = (char *)b->out_rows[j][r] + i * bytes;

                if (ring && is_nan(type, x) && is_nan(type, y))
                    continue;
                ck_assert_msg(memcmp(x, y, bytes) == 0,
                              "%s: output %d, row %d, pixel %zu of %d differs", what, j, r, i,
                              (int)a->frame.width);
            }
    }
}

static inline void set_watched(WfFrame *frame, const WfRect *watched)
{
    frame->watch_from = watched->x0;
    frame->watch_to = watched->x1;
    frame->watch_row_from = watched->y0;
    frame->watch_row_to = watched->y1;
}

/* Both engines on the same pixels: outputs and watches agree. `what` shows on failure. watched:
 * only pixels in this rectangle count; NULL: all. */
static inline void compare_watched(const Planless *p, int k, WfKernelFn *run, int64_t width,
                                   uint64_t seed, const char *what, const WfRect *watched)
{
    WfInterp *interp = wf_interp_new(&p->plan, k, NULL);
    PlanlessFrame *a = planless_frame(p, k, width), *b = planless_frame(p, k, width);

    ck_assert_ptr_nonnull(interp);
    planless_fill(p, k, a, seed);
    planless_copy_inputs(a, b);
    if (watched)
        set_watched(&a->frame, watched), set_watched(&b->frame, watched);
    run(&a->frame);
    b->frame.closure = interp;
    wf_interp_run(&b->frame);
    compare_pixels(p, k, a, b, what);
    for (int w = 0; w < p->kernels[k].watch_count; w++) {
        ck_assert_msg(a->watch[w].count == b->watch[w].count, "%s: count of watch %d", what, w);
        ck_assert_msg(a->watch[w].first == b->watch[w].first, "%s: first of watch %d", what, w);
    }
    planless_frame_free(a);
    planless_frame_free(b);
    wf_interp_free(interp);
}

static inline void compare(const Planless *p, int k, WfKernelFn *run, int64_t width, uint64_t seed,
                           const char *what)
{
    compare_watched(p, k, run, width, seed, what, NULL);
}

#endif
