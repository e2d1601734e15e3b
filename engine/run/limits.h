/*
 * limits.h - what this process may use of the machine: CPU quota and memory, by cgroup, resource
 * limits and batch system.
 */
#ifndef WF_LIMITS_H
#define WF_LIMITS_H

#include "base/err.h"

typedef struct WfLimits {
    double quota;          /* CPUs that the cgroups allow; 0: no quota */
    int64_t memory;        /* bytes; the least of all limits */
    const char *memory_by; /* which one that was: "physical memory", "the cgroup" ... */
} WfLimits;

/* root: "" for this machine; for tests a folder that holds proc/ and sys/ of another. What cannot
 * be read limits nothing. */
WfLimits wf_limits_read(const char *root);

#endif
