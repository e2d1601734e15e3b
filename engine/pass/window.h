/*
 * window.h - the eight neighbours of each pixel, as terrain operators see them.
 */
#ifndef WF_WINDOW_H
#define WF_WINDOW_H

#include "pass/build.h"

/* The differences of the neighbours to the centre in reading order, held in f32: subtracted as x is
 * held, then rounded. edges is a name of the parameter of terrain operators. All eight are invalid
 * where the centre is. False, with err set: not done. */
bool wf_window_differences(const WfBuild *build, WeftNode x, const char *edges, WeftNode d[8]);

/* A node of an operator without inputs, on a grid. */
WeftNode wf_window_index(const WfBuild *build, const char *op, const WeftArg *args, int arg_count,
                         const WeftGrid *grid);

#endif
