/*
 * worker.c - pinned threads, started once, parked between runs.
 *
 * Needs: topo. Work is one function and a round number under a lock; a worker that sees a new
 * round does the work and counts itself done. Signals stay with the program's other threads.
 */
#include "run/worker.h"

#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/err.h"

enum { STACK_BYTES = 8 << 20 }; /* LLVM recurses deeply */

typedef struct Thread {
    pthread_t id;
    int number;
    WfWorkers *workers;
} Thread;

struct WfWorkers {
    const WfTopo *topo;
    Thread *threads;
    int count;            /* threads that were started */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t wake, idle;
    int64_t round; /* of the work; 0: none yet */
    int busy;      /* threads that have not finished it */
    bool quit;
    WfWork *work;
    void *context;
};

static void *serve(void *argument)
{
    const Thread *thread = argument;
    WfWorkers *workers = thread->workers;
    int64_t seen = 0;

    (void)wf_topo_pin(workers->topo, thread->number); /* slower unpinned, but right */
    wf_worker_float_mode();
    pthread_mutex_lock(&workers->lock);
    while (!workers->quit) {
        WfWork *work = workers->work;
        void *context = workers->context;

        if (workers->round == seen) {
            pthread_cond_wait(&workers->wake, &workers->lock);
            continue;
        }
        seen = workers->round;
        pthread_mutex_unlock(&workers->lock);
        work(context, thread->number);
        pthread_mutex_lock(&workers->lock);
        if (--workers->busy == 0)
            pthread_cond_broadcast(&workers->idle);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

/* Start the threads with all signals blocked, as they inherit it. */
static bool start_threads(WfWorkers *workers, int count, WeftErr *err)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    int failed = 0;

    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (workers->count < count && !failed) {
        Thread *thread = &workers->threads[workers->count];

        *thread = (Thread) { .number = workers->count, .workers = workers };
        failed = pthread_create(&thread->id, &attributes, serve, thread);
        workers->count += !failed;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (!failed)
        return true;
    wf_fail(err, WEFT_EHOST, "worker %d of %d cannot be started: %s", workers->count + 1, count,
            strerror(failed));
    return wf_hint(err, "give fewer with --threads");
}

WfWorkers *wf_workers_new(const WfTopo *topo, WeftErr *err)
{
    int count = wf_topo_machine(topo)->worker_count;
    WfWorkers *workers = wf_zalloc(sizeof *workers, err);
    pthread_condattr_t attributes;

    if (!workers)
        return NULL;
    workers->topo = topo;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->wake, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&workers->idle, &attributes);
    pthread_condattr_destroy(&attributes);
    workers->threads = wf_calloc((size_t)count, sizeof *workers->threads, err);
    if (!workers->threads || !start_threads(workers, count, err))
        goto fail;
    return workers;
fail:
    wf_workers_free(workers);
    return NULL;
}

void wf_workers_free(WfWorkers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->quit = true;
    pthread_cond_broadcast(&workers->wake);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i].id, NULL);
    pthread_cond_destroy(&workers->wake);
    pthread_cond_destroy(&workers->idle);
    pthread_mutex_destroy(&workers->lock);
    wf_free(workers->threads);
    wf_free(workers);
}

void wf_workers_begin(WfWorkers *workers, WfWork *work, void *context)
{
    pthread_mutex_lock(&workers->lock);
    workers->work = work;
    workers->context = context;
    workers->busy = workers->count;
    workers->round++;
    pthread_cond_broadcast(&workers->wake);
    pthread_mutex_unlock(&workers->lock);
}

bool wf_workers_wait(WfWorkers *workers, double seconds)
{
    struct timespec until;
    bool done;
    int late = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    if (seconds > 0) {
        until.tv_sec += (time_t)seconds;
        until.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
    }
    pthread_mutex_lock(&workers->lock);
    while (workers->busy > 0 && late != ETIMEDOUT) {
        if (seconds < 0)
            pthread_cond_wait(&workers->idle, &workers->lock);
        else
            late = pthread_cond_timedwait(&workers->idle, &workers->lock, &until);
    }
    done = workers->busy == 0;
    pthread_mutex_unlock(&workers->lock);
    return done;
}

const WfTopo *wf_workers_topo(const WfWorkers *workers)
{
    return workers->topo;
}

void wf_worker_float_mode(void)
{
    fesetenv(FE_DFL_ENV);
}

double wf_worker_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
