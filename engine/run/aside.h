/*
 * aside.h - something made in a thread of its own while its owner goes on.
 */
#ifndef WF_ASIDE_H
#define WF_ASIDE_H

typedef struct WfAside WfAside;

/* Begin make(context), with signals blocked. NULL where there is no thread for it: then it has been
 * made. */
WfAside *wf_aside_start(void (*make)(void *context), void *context);
/* Return when it is made. Takes NULL; once for each. */
void wf_aside_wait(WfAside *aside);

#endif
