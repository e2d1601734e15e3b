/*
 * check_worker.c - threads that are started once, do each piece of work once, and park.
 */
#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "harness.h"
#include "run/worker.h"

enum { MOST = 64 };

typedef struct Seen {
    atomic_int calls[MOST];
    pthread_t threads[MOST];
    sigset_t blocked[MOST];
    int rounding[MOST], cpus[MOST];
    float subnormal[MOST];
    int sleep;
} Seen;

static WfTopo *topo;

static WfWorkers *workers_of(const char *machine, int threads)
{
    WeftErr err = { .code = WEFT_OK };
    WfWorkers *workers;

    topo = wf_topo_new(machine, threads, &err);
    ck_assert_ptr_nonnull(topo);
    workers = wf_workers_new(topo, &err);
    ck_assert_msg(workers != NULL, "%s", err.message);
    return workers;
}

static void end(WfWorkers *workers)
{
    wf_workers_free(workers);
    wf_topo_free(topo);
}

static void look(void *context, int worker)
{
    Seen *seen = context;
    volatile float tiny = 1e-38f;
    cpu_set_t set;

    atomic_fetch_add(&seen->calls[worker], 1);
    seen->threads[worker] = pthread_self();
    pthread_sigmask(SIG_BLOCK, NULL, &seen->blocked[worker]);
    seen->rounding[worker] = fegetround();
    seen->subnormal[worker] = tiny / 16;
    sched_getaffinity(0, sizeof set, &set);
    seen->cpus[worker] = CPU_COUNT(&set);
    usleep((useconds_t)seen->sleep);
}

START_TEST(each_worker_does_each_work_once_in_its_own_thread)
{
    WfWorkers *workers = workers_of("numa:2 core:3 pu:1", 0);
    Seen seen = { .sleep = 0 };

    for (int round = 1; round <= 200; round++) {
        wf_workers_begin(workers, look, &seen);
        ck_assert(wf_workers_wait(workers, -1));
        for (int w = 0; w < 6; w++)
            ck_assert_int_eq(atomic_load(&seen.calls[w]), round);
    }
    for (int w = 1; w < 6; w++)
        ck_assert(!pthread_equal(seen.threads[w], seen.threads[w - 1]));
    ck_assert_int_eq(atomic_load(&seen.calls[6]), 0);
    end(workers);
}
END_TEST

START_TEST(signals_are_blocked_and_arithmetic_is_plain)
{
    WfWorkers *workers;
    Seen seen = { .sleep = 0 };
    sigset_t before, after;

    pthread_sigmask(SIG_BLOCK, NULL, &before);
    fesetround(FE_UPWARD); /* the caller's mode is not the workers' */
    workers = workers_of(NULL, 0);
    wf_workers_begin(workers, look, &seen);
    ck_assert(wf_workers_wait(workers, -1));
    ck_assert(sigismember(&seen.blocked[0], SIGINT) && sigismember(&seen.blocked[0], SIGTERM));
    ck_assert_int_eq(seen.rounding[0], FE_TONEAREST);
    ck_assert(seen.subnormal[0] > 0);
    ck_assert_int_eq(seen.cpus[0], 1); /* pinned */
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    ck_assert_int_eq(sigismember(&before, SIGINT), sigismember(&after, SIGINT));
    end(workers);
}
END_TEST

START_TEST(waiting_gives_up_after_its_time)
{
    WfWorkers *workers = workers_of("core:1 pu:1", 0);
    Seen seen = { .sleep = 300000 };
    double begun = wf_worker_clock();

    wf_workers_begin(workers, look, &seen);
    ck_assert(!wf_workers_wait(workers, 0.02));
    ck_assert(wf_worker_clock() - begun < 0.25);
    ck_assert(wf_workers_wait(workers, -1));
    ck_assert(wf_worker_clock() - begun >= 0.29);
    end(workers);
}
END_TEST

START_TEST(workers_that_never_worked_can_be_freed)
{
    end(workers_of("numa:4 core:4 pu:1", 0));
    wf_workers_free(NULL);
}
END_TEST

START_TEST(the_float_mode_can_be_mended)
{
    fesetround(FE_DOWNWARD);
    wf_worker_float_mode();
    ck_assert_int_eq(fegetround(), FE_TONEAREST);
}
END_TEST

CHECK_MAIN("worker", each_worker_does_each_work_once_in_its_own_thread,
           signals_are_blocked_and_arithmetic_is_plain, waiting_gives_up_after_its_time,
           workers_that_never_worked_can_be_freed, the_float_mode_can_be_mended)
