/*
 * aside.c - something made in a thread of its own while its owner goes on.
 */
#include "run/aside.h"

#include <pthread.h>
#include <signal.h>

#include "base/mem.h"

struct WfAside {
    pthread_t thread;
    void (*make)(void *context);
    void *context;
};

static void *work(void *argument)
{
    WfAside *aside = argument;

    aside->make(aside->context);
    return NULL;
}

WfAside *wf_aside_start(void (*make)(void *context), void *context)
{
    WfAside *aside = wf_zalloc(sizeof *aside, NULL);
    sigset_t all, before;
    bool started;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (aside)
        *aside = (WfAside) { .make = make, .context = context };
    started = aside && pthread_create(&aside->thread, NULL, work, aside) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        return aside;
    wf_free(aside);
    make(context);
    return NULL;
}

void wf_aside_wait(WfAside *aside)
{
    if (!aside)
        return;
    pthread_join(aside->thread, NULL);
    wf_free(aside);
}
