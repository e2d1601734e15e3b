/*
 * litter.h - files and folders that must not outlive the process: a list that signals clear.
 */
#ifndef WF_LITTER_H
#define WF_LITTER_H

#include "base/err.h"

typedef struct WfLitter WfLitter;

/* What stands, or will stand, at `path` goes when the process is told to end: a folder with all
 * that is in it, a file with what GDAL puts beside it (.aux.xml, .msk, .ovr). NULL with err set. */
WfLitter *wf_litter_add(const char *path, WeftErr *err);
/* It has gone, or is to stay. Takes NULL. */
void wf_litter_forget(WfLitter *litter);

/* Remove a file or a folder so. False: something of it is still there. Async-signal-safe. */
bool wf_litter_remove(const char *path);
/* All of the list. Async-signal-safe. */
void wf_litter_remove_all(void);

#endif
