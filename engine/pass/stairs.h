/*
 * stairs.h - rules of a reclass as limits, each with the value from there on.
 */
#ifndef WF_STAIRS_H
#define WF_STAIRS_H

#include "graph/rules.h"

/* Limits are values of the pixel type, ascending. value[k] stands from limit[k] on, value[0] below
 * limit[1]; limit[0] is not used. Where named[k] is 0, pixels keep their value. */
typedef struct WfStairs {
    double *limit, *value, *named;
    int64_t count; /* at least 1 */
    bool keep;     /* some are not named */
} WfStairs;

/* wide: pixels are f64, otherwise f32. */
bool wf_stairs_make(WfStairs *stairs, const WfNode *reclass, bool wide, WeftErr *err);
void wf_stairs_free(WfStairs *stairs); /* takes one half made */

#endif
