/*
 * pixel.h - what each WeftType is: its name, bytes and range. The only such table.
 */
#ifndef WF_PIXEL_H
#define WF_PIXEL_H

#include "weft.h"

typedef struct WfPixel {
    const char *name;
    int bytes;
    double lo, hi; /* for f32 and f64 the largest finite; for u64, i64 the largest f64 inside */
    bool whole;    /* holds integers only */
} WfPixel;

const WfPixel *wf_pixel(WeftType type); /* for WEFT_U8 ... WEFT_BOOL */
/* The smallest of u8 i16 u16 i32 u32 i64 that holds [lo, hi]; WEFT_F64 if none does. */
WeftType wf_pixel_smallest(double lo, double hi);
/* v is a value of the type (f32: after rounding to f32; NaN for float types). */
bool wf_pixel_holds(WeftType type, double v);

#endif
