/*
 * rect.h - rectangles of pixels, half open: x0 <= x < x1, y0 <= y < y1.
 */
#ifndef WF_RECT_H
#define WF_RECT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct WfRect {
    int64_t x0, y0, x1, y1;
} WfRect;

bool wf_rect_empty(WfRect r);
int64_t wf_rect_width(WfRect r);
int64_t wf_rect_height(WfRect r);
int64_t wf_rect_area(WfRect r);
bool wf_rect_equal(WfRect a, WfRect b);
bool wf_rect_holds(WfRect outer, WfRect inner); /* an empty inner is held */
WfRect wf_rect_meet(WfRect a, WfRect b);        /* empty results are {0, 0, 0, 0} */
WfRect wf_rect_join(WfRect a, WfRect b);        /* the smallest that holds both */
WfRect wf_rect_shift(WfRect r, int64_t dx, int64_t dy);

/* The cells of a grid of cell_width x cell_height, from (0, 0), that r touches. */
WfRect wf_rect_cells(WfRect r, int64_t cell_width, int64_t cell_height);

#endif
