/* check_aside.c - what is made in a thread of its own is made when waiting ends. */
#include "harness.h"

#include <signal.h>

#include "base/mem.h"
#include "run/aside.h"

typedef struct Made {
    int times;
    bool blocked; /* signals, in the thread that made it */
} Made;

static void make(void *context)
{
    Made *made = context;
    sigset_t now;

    pthread_sigmask(SIG_SETMASK, NULL, &now);
    made->blocked = sigismember(&now, SIGINT) == 1;
    made->times++;
}

START_TEST(it_is_made_once_when_waiting_ends)
{
    Made made = { 0 };

    wf_aside_wait(wf_aside_start(make, &made));
    ck_assert_int_eq(made.times, 1);
}
END_TEST

START_TEST(signals_go_to_its_owner)
{
    Made made = { 0 };
    sigset_t now;

    wf_aside_wait(wf_aside_start(make, &made));
    ck_assert(made.blocked);
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    ck_assert_int_eq(sigismember(&now, SIGINT), 0);
}
END_TEST

START_TEST(without_memory_for_a_thread_it_is_made_at_once)
{
    Made made = { 0 };
    WfAside *aside;

    wf_mem_fail_at(1);
    aside = wf_aside_start(make, &made);
    wf_mem_fail_at(0);
    ck_assert_ptr_null(aside);
    ck_assert_int_eq(made.times, 1);
    wf_aside_wait(aside);
}
END_TEST

CHECK_MAIN("aside", it_is_made_once_when_waiting_ends, signals_go_to_its_owner,
           without_memory_for_a_thread_it_is_made_at_once)
