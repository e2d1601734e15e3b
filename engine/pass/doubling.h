/*
 * doubling.h - what an associative operation makes of all cells of a window.
 */
#ifndef WF_DOUBLING_H
#define WF_DOUBLING_H

#include "pass/around.h"

enum { WF_STATE_PARTS = 3 };

/* What is known of some cells. */
typedef struct WfState {
    WeftNode part[WF_STATE_PARTS];
    int64_t cells;
} WfState;

typedef struct WfFold WfFold;
struct WfFold {
    const WfAround *around;
    WfState (*cell)(const WfFold *fold, int dx, int dy);                     /* of one cell */
    WfState (*join)(const WfFold *fold, const WfState *a, const WfState *b); /* of other cells */
    int parts;
    bool overlap;   /* cells may be in both of what is joined: min, max */
    WfWorth worth;  /* for sums */
    const char *op; /* for what one operator joins */
};

/* Rows of equal neighbours are joined by doubling: in rings of 4, 16, 64 ... cells, from which any
 * length is put together; a rectangle's rows again, downward. part[0] is WEFT_NONE on failure. */
WfState wf_fold_window(const WfFold *fold);

/* Sum of what the cells are worth: exact for integers, else in f64. */
WeftNode wf_fold_sum(const WfAround *around, WfWorth worth);

#endif
