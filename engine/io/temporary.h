/*
 * temporary.h - names that files are written under until they are whole.
 */
#ifndef WF_TEMPORARY_H
#define WF_TEMPORARY_H

#include "base/err.h"

enum { WF_PATH_MAX = 4096 };

typedef struct WfTemporary {
    char path[WF_PATH_MAX]; /* empty: there is none */
    char stem[WF_PATH_MAX]; /* what its name and those of its companions begin with */
    int slot;               /* in the table for signal handlers; -1: it was full */
    bool apart;             /* the stem is a folder of its own, in which files have final names */
} WfTemporary;

/* A new name in the folder of `final`: .STEM.XXXXXX.part.EXT. `extension` NULL: that of final.
 * Nothing is created; the name is removed if the process is told to end. */
bool wf_temporary_new(WfTemporary *t, const char *final, const char *extension, WeftErr *err);
/* A new folder beside `final`, made here, and in it a file of the final name: for drivers that
 * write names into files. */
bool wf_temporary_apart(WfTemporary *t, const char *final, WeftErr *err);
/* Remove the file and what a driver has put beside it. May be called again. */
void wf_temporary_drop(WfTemporary *t);
/* To disk. */
bool wf_temporary_sync(const WfTemporary *t, WeftErr *err);
/* Rename to `final`, with what a driver has put beside it; what lies beside an older file of that
 * name and would apply to the new one (.aux.xml, .msk, .ovr) goes. With keep, fails where final
 * exists. */
bool wf_temporary_place(WfTemporary *t, const char *final, bool keep, WeftErr *err);
bool wf_temporary_sync_folder(const char *final, WeftErr *err);

/* Async-signal-safe. */
void wf_temporary_remove_all(void);

#endif
