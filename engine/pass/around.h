/*
 * around.h - the cells around a pixel: what those outside and the invalid ones count as.
 */
#ifndef WF_AROUND_H
#define WF_AROUND_H

#include "pass/build.h"
#include "pass/focal.h"

/* How many cells count; decides whether a statistic has to skip. */
typedef enum WfCells {
    WF_CELLS_ALL,    /* those of the window, or the result is invalid by itself */
    WF_CELLS_INSIDE, /* those inside the raster */
    WF_CELLS_COUNTED /* those that are valid: known pixel by pixel */
} WfCells;

typedef struct WfAround {
    WfBuild build;
    const WfFocal *focal;
    WeftNode input;
    bool sure; /* no pixel of the input is invalid */
    WfBeyond beyond;
    double constant;
    bool whole; /* all cells are integers: they add up exactly */
    bool wide;  /* they are held in f64; else real results are held in f32 */
    WfCells cells;
    int members; /* cells of the window */
    bool middle; /* its centre is one */
} WfAround;

void wf_around_start(WfAround *around, WfGraph *graph, WeftNode input, const WfFocal *focal,
                     WeftErr *err);
static inline bool wf_around_has(const WfAround *around, int dx, int dy)
{
    const WfFocal *focal = around->focal;

    return focal->weights[(dy + focal->height / 2) * focal->width + dx + focal->width / 2] != 0;
}

/* Cells outside the raster stand for values. */
static inline bool wf_around_stands(WfBeyond beyond)
{
    return beyond != WF_BEYOND_INVALID && beyond != WF_BEYOND_SHRINK;
}

/* Invalid cells count as the centre's value, and there may be some. */
static inline bool wf_around_fills(const WfAround *around)
{
    return around->focal->missing == WF_MISSING_FILL_CENTER && around->cells != WF_CELLS_ALL &&
           !(around->sure && around->beyond == WF_BEYOND_SHRINK);
}

/* What a cell of the window is worth to a sum. */
typedef enum WfWorth {
    WF_WORTH_VALUE,  /* 0 where it is skipped */
    WF_WORTH_VALID,  /* 1, or 0 where it is skipped */
    WF_WORTH_INSIDE, /* 1, or 0 outside the raster, where edges are shrink */
    WF_WORTH_FILLED  /* 1 where it is to be filled with the centre, or 0 */
} WfWorth;
WeftNode wf_around_worth(const WfAround *around, WfWorth worth, int dx, int dy);
/* The same as a term of a sum. exact: integers stay what they are, as they are all that is added
 * up; what is real is in f64. */
WeftNode wf_around_term(const WfAround *around, WfWorth worth, int dx, int dy, bool exact);

/* A node in f64; and a real result that was computed so, held as the cells are. */
WeftNode wf_around_widen(const WfAround *around, WeftNode node);
WeftNode wf_around_held(const WfAround *around, WeftNode result);

/* The cell as it is, whatever the others are: invalid where it is to be skipped. */
WeftNode wf_around_raw(const WfAround *around, int dx, int dy);

#endif
