/*
 * rect.c - rectangles of pixels, half open. Values in, values out.
 */
#include "base/rect.h"

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* C's division rounds towards zero; cells need the floor. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

bool wf_rect_empty(WfRect r)
{
    return r.x0 >= r.x1 || r.y0 >= r.y1;
}

int64_t wf_rect_width(WfRect r)
{
    return wf_rect_empty(r) ? 0 : r.x1 - r.x0;
}

int64_t wf_rect_height(WfRect r)
{
    return wf_rect_empty(r) ? 0 : r.y1 - r.y0;
}

int64_t wf_rect_area(WfRect r)
{
    return wf_rect_width(r) * wf_rect_height(r);
}

bool wf_rect_equal(WfRect a, WfRect b)
{
    return a.x0 == b.x0 && a.y0 == b.y0 && a.x1 == b.x1 && a.y1 == b.y1;
}

bool wf_rect_holds(WfRect outer, WfRect inner)
{
    return wf_rect_empty(inner) || (inner.x0 >= outer.x0 && inner.x1 <= outer.x1 &&
                                    inner.y0 >= outer.y0 && inner.y1 <= outer.y1);
}

WfRect wf_rect_meet(WfRect a, WfRect b)
{
    WfRect r = {
        .x0 = larger(a.x0, b.x0),
        .y0 = larger(a.y0, b.y0),
        .x1 = smaller(a.x1, b.x1),
        .y1 = smaller(a.y1, b.y1),
    };

    return wf_rect_empty(r) ? (WfRect) { 0 } : r;
}

WfRect wf_rect_join(WfRect a, WfRect b)
{
    if (wf_rect_empty(a))
        return wf_rect_empty(b) ? (WfRect) { 0 } : b;
    if (wf_rect_empty(b))
        return a;
    return (WfRect) {
        .x0 = smaller(a.x0, b.x0),
        .y0 = smaller(a.y0, b.y0),
        .x1 = larger(a.x1, b.x1),
        .y1 = larger(a.y1, b.y1),
    };
}

WfRect wf_rect_shift(WfRect r, int64_t dx, int64_t dy)
{
    return (WfRect) { .x0 = r.x0 + dx, .y0 = r.y0 + dy, .x1 = r.x1 + dx, .y1 = r.y1 + dy };
}

WfRect wf_rect_cells(WfRect r, int64_t cell_width, int64_t cell_height)
{
    if (wf_rect_empty(r))
        return (WfRect) { 0 };
    return (WfRect) {
        .x0 = floor_div(r.x0, cell_width),
        .y0 = floor_div(r.y0, cell_height),
        .x1 = floor_div(r.x1 - 1, cell_width) + 1,
        .y1 = floor_div(r.y1 - 1, cell_height) + 1,
    };
}
