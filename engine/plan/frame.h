/*
 * frame.h - what a kernel is given for one turn; the contract of code/ and run/.
 */
#ifndef WF_FRAME_H
#define WF_FRAME_H

#include <stdint.h>

/* Rows are padded to whole groups of this many pixels; a kernel computes the padding too, so
 * every input row may be read, and every output row written, that far. */
enum { WF_LANES = 64 };

/* One counter of a kernel (an operator's watch). */
typedef struct WfWatch {
    int64_t count;
    int64_t first; /* row * raster width + col of the first in row-major order; INT64_MAX: none */
} WfWatch;

/* Constant numbers that a kernel looks up: columns one after another, f32 or f64. */
typedef struct WfFrameTable {
    const void *cells;
    int64_t rows;
} WfFrameTable;

typedef struct WfFrame {
    /* in[k][r]: pixel `col` of row `row + r` of the kernel's input k, in the input's type. A reader
     * with a window uses r from -up to rows + down - 1, and pixels from -left to padded + right -
     * 1: all of these are there. out[j][r]: likewise for the kernel's output j, in the stored type;
     * it never overlaps an input. Rows need no more alignment than their type. */
    const void *const *const *in;
    void *const *const *out;
    int64_t rows;   /* rows of this turn */
    int64_t first;  /* pixel of a row to begin with, a multiple of WF_LANES */
    int64_t width;  /* pixels wanted */
    int64_t padded; /* pixels computed: a multiple of WF_LANES, at most width rounded up to that */
    int64_t col, row; /* of the first pixel, in the node's raster; may lie outside it */
    int64_t raster_width, raster_height;
    WfWatch *watch;                       /* one for each watch of the kernel */
    int64_t watch_from, watch_to;         /* pixels of a row that count: those of the tile */
    int64_t watch_row_from, watch_row_to; /* rows of this turn that count */
    const double *scalars;                /* values of lazy scalars known by now, or NULL */
    const WfFrameTable *tables; /* each of the kernel's, from this worker's own memory node */
    const void *closure;        /* as code/ gave it with the function */
    void *scratch; /* of a kernel that calls a native function on rows: the stage's native_at */
} WfFrame;

/* Runs all rows, pixels from first to padded. Reads frame and inputs; writes outputs and watch.
 * Cannot fail. */
typedef void WfKernelFn(const WfFrame *frame);

typedef struct WfCompiled {
    WfKernelFn *run;
    WfKernelFn
        *plain; /* the same bits, where no pixel that it reads is odd (WF_PLAIN_LIMIT); NULL */
    const void *closure;
} WfCompiled;

#endif
