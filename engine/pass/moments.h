/*
 * moments.h - variance of a window's cells.
 */
#ifndef WF_MOMENTS_H
#define WF_MOMENTS_H

#include "pass/around.h"

/* The variance, in f64; invalid where no cell counts. */
WeftNode wf_moments_var(const WfAround *around);

#endif
