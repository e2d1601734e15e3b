/*
 * focal.h - statistics of the window around each pixel, written as nodes at an offset.
 */
#ifndef WF_FOCAL_H
#define WF_FOCAL_H

#include "graph/graph.h"
#include "pass/stat.h"

/* The choices of the operator neighbour, and shrink: cells outside are no part of the window. */
typedef enum WfBeyond {
    WF_BEYOND_INVALID,
    WF_BEYOND_NEAREST,
    WF_BEYOND_REFLECT,
    WF_BEYOND_MIRROR,
    WF_BEYOND_CONSTANT,
    WF_BEYOND_WRAP = 6, /* 5 is extend, which no window asks for */
    WF_BEYOND_SHRINK
} WfBeyond;

typedef enum WfMissing {
    WF_MISSING_PROPAGATE,
    WF_MISSING_SKIP,
    WF_MISSING_CENTER,
    WF_MISSING_FILL_CENTER
} WfMissing;

/* How cells in order are found: chosen by their number, or as a test wants it. */
typedef enum WfMethod {
    WF_METHOD_CHOSEN,
    WF_METHOD_NETWORK, /* up to WF_FOCAL_SORTED cells */
    WF_METHOD_ROWS
} WfMethod;

enum {
    WF_FOCAL_REACH = 4096,      /* a window ends so many cells from its centre at most */
    WF_FOCAL_SORTED = 49,       /* cells that are sorted, or filled one by one, at most */
    WF_FOCAL_WEIGHTS = 31 * 31, /* weights that are no product of a row and a column, at most */
    WF_FOCAL_FEW = 9            /* cells that are combined in one go */
};

typedef struct WfFocal {
    WfStat stat;
    double percent;        /* of PERCENTILE, 0 to 100 */
    int width, height;     /* odd, within WF_FOCAL_REACH */
    const double *weights; /* height x width; 0: no cell of the window; some are not */
    bool weighted;         /* SUM and MEAN by weight; the others, and false: all weights are 1 */
    WfBeyond beyond;
    double constant; /* of BEYOND_CONSTANT */
    WfMissing missing;
    int min_valid; /* with SKIP and CENTER, from 1 to the cells of the window */
    int ddof;      /* of VAR and STD: 0 or 1 */
    WfMethod method;
} WfFocal;

/* Add the nodes of a statistic of an inferred raster. How it is evaluated depends on focal, the
 * input's grid and its range alone. */
WeftNode wf_focal_apply(WfGraph *graph, WeftNode input, const WfFocal *focal, WeftErr *err);

#endif
