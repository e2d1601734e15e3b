/*
 * refuse.c - reads and writes that fail when a test wants it.
 *
 * Two counters for each kind are the only state; they cost one relaxed atomic addition a block.
 */
#include "io/refuse.h"

#include <stdatomic.h>

static struct {
    atomic_llong counted, fail_at;
} kinds[WF_REFUSE_COUNT];

int64_t wf_io_fail_at(WfRefuse what, int64_t n)
{
    atomic_store(&kinds[what].fail_at, n > 0 ? n : 0);
    return atomic_exchange(&kinds[what].counted, 0);
}

bool wf_io_allow(WfRefuse what, const char *path, WeftErr *err)
{
    long long n = 1 + atomic_fetch_add_explicit(&kinds[what].counted, 1, memory_order_relaxed);

    if (n != atomic_load_explicit(&kinds[what].fail_at, memory_order_relaxed))
        return true;
    return wf_fail(err, WEFT_EIO, "cannot %s %s: refused for a test",
                   what == WF_REFUSE_READ ? "read" : "write", path);
}
