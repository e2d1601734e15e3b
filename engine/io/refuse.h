/*
 * refuse.h - reads and writes that fail when a test wants it.
 */
#ifndef WF_REFUSE_H
#define WF_REFUSE_H

#include "base/err.h"

typedef enum WfRefuse {
    WF_REFUSE_READ,  /* a block of a file */
    WF_REFUSE_WRITE, /* a tile of a file; finishing and renaming one count as well */
    WF_REFUSE_COUNT
} WfRefuse;

/* Fault tests: the n-th read or write from now fails (1: the next), once; 0: none. Gives the number
 * of them since the last call. The counters are the process's, as those of wf_mem_fail_at. */
int64_t wf_io_fail_at(WfRefuse what, int64_t n);

/* Counts one; false with err set where it is the one to fail. */
bool wf_io_allow(WfRefuse what, const char *path, WeftErr *err);

#endif
