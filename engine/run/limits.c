/*
 * limits.c - what this process may use of the machine: CPU quota and memory.
 *
 * Reads /proc/self/cgroup and /proc/self/mountinfo to find the process's cgroups, of version 2 and
 * 1, and takes the least limit from each of them up to the root of its mount: a parent's limit
 * binds its children. Also reads the soft resource limits and SLURM_MEM_PER_NODE. Writes nothing.
 */
#include "run/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, LINE_ROOM = 8192 };

/* A cgroup of version 1 without a limit says a number near 2^63. */
#define ENDLESS ((double)((int64_t)1 << 60))

/* One line of /proc/self/mountinfo that mounts a cgroup hierarchy. */
typedef struct Mount {
    char root[PATH_ROOM];  /* the cgroup that is mounted */
    char point[PATH_ROOM]; /* where */
    char type[32], options[1024];
} Mount;

typedef void Visit(WfLimits *limits, const char *folder);

static void lower_memory(WfLimits *limits, double bytes, const char *by)
{
    if (bytes > 0 && bytes < ENDLESS && bytes < (double)limits->memory) {
        limits->memory = (int64_t)bytes;
        limits->memory_by = by;
    }
}

static void lower_quota(WfLimits *limits, double quota, double period)
{
    if (quota > 0 && period > 0 && (limits->quota == 0 || quota / period < limits->quota))
        limits->quota = quota / period;
}

/* Up to two numbers of a small file; "max" is endless. Gives how many were read. */
static int read_numbers(const char *folder, const char *name, double numbers[2])
{
    char path[PATH_ROOM + 64], text[128] = "";
    char *rest = text;
    FILE *file;
    int count = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "re");
    if (!file)
        return 0;
    if (!fgets(text, sizeof text, file))
        text[0] = '\0';
    fclose(file);
    while (count < 2) {
        char *end;

        rest += strspn(rest, " \n");
        if (strncmp(rest, "max", 3) == 0) {
            numbers[count++] = 2 * ENDLESS;
            rest += 3;
            continue;
        }
        numbers[count] = strtod(rest, &end);
        if (end == rest)
            break;
        rest = end;
        count++;
    }
    return count;
}

static void visit_v2(WfLimits *limits, const char *folder)
{
    double n[2];

    if (read_numbers(folder, "cpu.max", n) == 2 && n[0] < ENDLESS)
        lower_quota(limits, n[0], n[1]);
    if (read_numbers(folder, "memory.max", n) >= 1)
        lower_memory(limits, n[0], "the cgroup's memory");
}

static void visit_v1_cpu(WfLimits *limits, const char *folder)
{
    double quota[2], period[2];

    if (read_numbers(folder, "cpu.cfs_quota_us", quota) >= 1 &&
        read_numbers(folder, "cpu.cfs_period_us", period) >= 1)
        lower_quota(limits, quota[0], period[0]);
}

static void visit_v1_memory(WfLimits *limits, const char *folder)
{
    double n[2];

    if (read_numbers(folder, "memory.limit_in_bytes", n) >= 1)
        lower_memory(limits, n[0], "the cgroup's memory");
}

/* word is one of the comma separated words of list. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *p = list; (p = strstr(p, word)) != NULL; p += length) {
        if ((p == list || p[-1] == ',') && (p[length] == ',' || p[length] == '\0'))
            return true;
    }
    return false;
}

/* The mount of version 2 (controller "") or of a controller of version 1. */
static bool find_mount(const char *root, const char *controller, Mount *mount)
{
    char path[PATH_ROOM], line[LINE_ROOM];
    bool found = false;
    FILE *file;

    snprintf(path, sizeof path, "%s/proc/self/mountinfo", root);
    file = fopen(path, "re");
    if (!file)
        return false;
    while (!found && fgets(line, sizeof line, file)) {
        const char *tail = strstr(line, " - ");

        if (!tail || sscanf(line, "%*s %*s %*s %4095s %4095s", mount->root, mount->point) != 2 ||
            sscanf(tail, " - %31s %*s %1023s", mount->type, mount->options) != 2)
            continue;
        found = *controller
                    ? strcmp(mount->type, "cgroup") == 0 && has_word(mount->options, controller)
                    : strcmp(mount->type, "cgroup2") == 0;
    }
    fclose(file);
    return found;
}

/* Visit the cgroup `group` and its parents up to the root of its mount. */
static void climb(const char *root, const char *controller, const char *group, Visit *visit,
                  WfLimits *limits)
{
    Mount mount;
    char folder[3 * PATH_ROOM];
    size_t stem, cut;

    if (!find_mount(root, controller, &mount))
        return;
    cut = strcmp(mount.root, "/") == 0 ? 0 : strlen(mount.root);
    if (strncmp(group, mount.root, cut) == 0 && !strstr(group, ".."))
        group += cut;
    else
        group = ""; /* a container that does not see its own place: the mount is all there is */
    stem = (size_t)snprintf(folder, sizeof folder, "%s%s", root, mount.point);
    snprintf(folder + stem, sizeof folder - stem, "%s", group);
    for (;;) {
        char *slash;

        visit(limits, folder);
        slash = strrchr(folder, '/');
        if (!slash || (size_t)(slash - folder) < stem)
            break;
        *slash = '\0';
    }
}

static void read_cgroups(const char *root, WfLimits *limits)
{
    char path[PATH_ROOM], line[PATH_ROOM];
    FILE *file;

    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    file = fopen(path, "re");
    if (!file)
        return;
    while (fgets(line, sizeof line, file)) {
        char *controllers = strchr(line, ':');
        char *group = controllers ? strchr(controllers + 1, ':') : NULL;

        if (!group)
            continue;
        *controllers++ = '\0';
        *group++ = '\0';
        group[strcspn(group, "\n")] = '\0';
        if (!*controllers)
            climb(root, "", group, visit_v2, limits);
        if (has_word(controllers, "cpu"))
            climb(root, "cpu", group, visit_v1_cpu, limits);
        if (has_word(controllers, "memory"))
            climb(root, "memory", group, visit_v1_memory, limits);
    }
    fclose(file);
}

static void read_rlimit(WfLimits *limits, int resource, const char *by)
{
    struct rlimit limit;

    if (getrlimit((__rlimit_resource_t)resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        lower_memory(limits, (double)limit.rlim_cur, by);
}

WfLimits wf_limits_read(const char *root)
{
    WfLimits limits = { .memory = INT64_MAX, .memory_by = "nothing" };
    const char *slurm = getenv("SLURM_MEM_PER_NODE");

    lower_memory(&limits, (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE),
                 "physical memory");
    read_cgroups(root, &limits);
    read_rlimit(&limits, RLIMIT_AS, "RLIMIT_AS");
    read_rlimit(&limits, RLIMIT_DATA, "RLIMIT_DATA");
    if (slurm)
        lower_memory(&limits, strtod(slurm, NULL) * 1048576, "SLURM_MEM_PER_NODE");
    return limits;
}
