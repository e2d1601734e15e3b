/*
 * leftover.h - temporary files of runs that were killed: told of, and removed.
 */
#ifndef WF_LEFTOVER_H
#define WF_LEFTOVER_H

#include "weft.h"

/* Lock what was just made: an open file, or a folder. False: somebody clears up and has it already,
 * or has removed it. Where the file system knows no locks, true: nobody can clear up there. */
bool wf_leftover_lock(int file, const char *name);

/* Before `final` is written: remove temporaries for it that no process holds any more, and tell of
 * each. Only names that wf_temporary_new and wf_temporary_apart give are touched. */
void wf_leftover_clear(const char *final, WeftWarn *warn, void *context);

#endif
