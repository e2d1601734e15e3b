/*
 * cut.h - where a loop that is too long for one kernel is cut into parts.
 */
#ifndef WF_CUT_H
#define WF_CUT_H

#include "plan/assemble.h"

/* Ranks of the class's nodes, which are in no part yet. */
void wf_cut_ranks(WfFuse *f);

/* Whether a kernel of these ends is short enough. Marks its nodes. */
bool wf_cut_fits(WfFuse *f, const WfEnds *ends);

/* If it is not, put its nodes into parts, and mark as ringed what these hand over. */
bool wf_cut(WfFuse *f, const WfEnds *ends, WeftErr *err);

#endif
