/*
 * edges.h - which pixel stands for one beyond the raster's edge.
 */
#ifndef WF_EDGES_H
#define WF_EDGES_H

#include "plan/plan.h"

#define WF_NO_INDEX INT64_MIN

/* The index inside [0, size) whose value index i has: i itself where it lies inside. REFLECT and
 * MIRROR fold as often as it takes. WF_NO_INDEX: a constant stands there (INVALID, CONSTANT).
 * EXTEND gives i wherever it lies, and WRAP, as a file is there beyond its edges. size > 0. */
int64_t wf_edges_index(WfEdges edges, int64_t i, int64_t size);

/* i modulo n, never negative: where row i lies among n that are kept. n > 0. */
int64_t wf_edges_modulo(int64_t i, int64_t n);

/* The pixel of INVALID or CONSTANT for an input, in its rows' type, from to[0] on: NaN or the
 * file's nodata value, or the input's constant. */
void wf_edges_pixel(const WfPlan *plan, const WfPlanInput *input, char to[8]);

#endif
