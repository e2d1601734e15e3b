/*
 * temporary.h - names that files are written under until they are whole.
 *
 * Whoever makes one holds it locked, so that a later run can tell what a killed one has left behind
 * from what is being written.
 */
#ifndef WF_TEMPORARY_H
#define WF_TEMPORARY_H

#include "base/litter.h"
#include "io/site.h"

enum { WF_LETTERS = 6, WF_STEM_MAX = 200 };
#define WF_PART ".part"

typedef struct WfTemporary {
    char path[WF_PATH_MAX]; /* empty: there is none */
    char stem[WF_PATH_MAX]; /* what its name and those of its companions begin with */
    WfLitter *litter;       /* signals clear it */
    int lock;               /* a descriptor of it, locked; -1: none */
    bool apart;             /* the stem is a folder of its own, in which files have final names */
} WfTemporary;

/* A new name in the folder of `final`: .STEM.XXXXXX.part.EXT. `extension` NULL: that of final.
 * Nothing is created; the name is removed if the process is told to end. */
bool wf_temporary_new(WfTemporary *t, const char *final, const char *extension, WeftErr *err);
/* The file is there now: lock it. False with *lost: a run that clears up has taken it for one left
 * over; make another. False with err set: it cannot be opened. */
bool wf_temporary_hold(WfTemporary *t, bool *lost, WeftErr *err);
/* The same where the file may be made here, empty. */
bool wf_temporary_create(WfTemporary *t, const char *final, WeftErr *err);
/* A new folder beside `final`, made here and held, and in it a file of the final name: for drivers
 * that write names into files. */
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

/* A descriptor of a new file in a folder that has no name any more; -1 with errno set. */
int wf_temporary_nameless(const char *folder);

#endif
