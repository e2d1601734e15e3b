/*
 * check_limits.c - quota and memory from cgroups of both versions, their parents, limits, Slurm.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "harness.h"
#include "run/limits.h"

static const char *root;

/* Write a file of the pretended system, with the folders above it. */
static void put(const char *path, const char *text)
{
    char command[640], name[512];
    FILE *file;

    snprintf(name, sizeof name, "%s/%s", root, path);
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", name);
    ck_assert_int_eq(system(command), 0);
    file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void version_2(const char *group)
{
    char line[256];

    root = harness_folder();
    unsetenv("SLURM_MEM_PER_NODE");
    snprintf(line, sizeof line, "0::%s\n", group);
    put("proc/self/cgroup", line);
    put("proc/self/mountinfo", "22 1 0:20 / / rw - ext4 /dev/sda rw\n"
                               "31 22 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n");
}

static void version_1(const char *group)
{
    char text[512];

    root = harness_folder();
    unsetenv("SLURM_MEM_PER_NODE");
    snprintf(text, sizeof text, "4:memory:%s\n2:cpu,cpuacct:%s\n1:name=systemd:/\n", group, group);
    put("proc/self/cgroup", text);
    put("proc/self/mountinfo", "32 31 0:29 / /sys/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
                               "35 31 0:32 / /sys/memory rw - cgroup cgroup rw,memory\n");
}

START_TEST(without_cgroups_there_is_no_quota_and_memory_is_the_machines)
{
    WfLimits limits;

    root = harness_folder();
    unsetenv("SLURM_MEM_PER_NODE");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 0);
    ck_assert_int_gt(limits.memory, 1 << 20);
    ck_assert_int_lt(limits.memory, INT64_MAX);
}
END_TEST

START_TEST(version_2_gives_quota_and_memory)
{
    WfLimits limits;

    version_2("/job");
    put("sys/fs/cgroup/job/cpu.max", "150000 100000\n");
    put("sys/fs/cgroup/job/memory.max", "50000000\n");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 1.5);
    ck_assert_int_eq(limits.memory, 50000000);
    ck_assert_str_eq(limits.memory_by, "the cgroup's memory");
}
END_TEST

START_TEST(version_2_max_is_no_limit)
{
    WfLimits limits;

    version_2("/job");
    put("sys/fs/cgroup/job/cpu.max", "max 100000\n");
    put("sys/fs/cgroup/job/memory.max", "max\n");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 0);
    ck_assert_str_ne(limits.memory_by, "the cgroup's memory");
}
END_TEST

START_TEST(the_least_of_all_parents_holds)
{
    WfLimits limits;

    version_2("/a/b/c");
    put("sys/fs/cgroup/a/b/c/cpu.max", "400000 100000\n");
    put("sys/fs/cgroup/a/b/memory.max", "70000000\n");
    put("sys/fs/cgroup/a/cpu.max", "200000 100000\n");
    put("sys/fs/cgroup/memory.max", "60000000\n");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 2);
    ck_assert_int_eq(limits.memory, 60000000);
}
END_TEST

START_TEST(version_1_gives_quota_and_memory)
{
    WfLimits limits;

    version_1("/x/y");
    put("sys/cpu/x/y/cpu.cfs_quota_us", "-1\n");
    put("sys/cpu/x/y/cpu.cfs_period_us", "100000\n");
    put("sys/cpu/x/cpu.cfs_quota_us", "50000\n");
    put("sys/cpu/x/cpu.cfs_period_us", "100000\n");
    put("sys/memory/x/y/memory.limit_in_bytes", "9223372036854771712\n");
    put("sys/memory/memory.limit_in_bytes", "80000000\n");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 0.5);
    ck_assert_int_eq(limits.memory, 80000000);
}
END_TEST

START_TEST(a_container_sees_its_own_group_at_the_mount)
{
    WfLimits limits;

    version_2("/docker/123");
    put("proc/self/mountinfo", "31 22 0:28 /docker/123 /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    put("sys/fs/cgroup/cpu.max", "300000 100000\n");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 3);
}
END_TEST

START_TEST(a_group_outside_the_mount_is_read_at_the_mount)
{
    WfLimits limits;

    version_2("/../../other");
    put("sys/fs/cgroup/cpu.max", "100000 100000\n");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 1);
}
END_TEST

START_TEST(slurm_and_resource_limits_count)
{
    struct rlimit before, small;
    WfLimits limits;

    root = harness_folder();
    setenv("SLURM_MEM_PER_NODE", "100", 1);
    limits = wf_limits_read(root);
    ck_assert_int_eq(limits.memory, 100 << 20);
    ck_assert_str_eq(limits.memory_by, "SLURM_MEM_PER_NODE");
    unsetenv("SLURM_MEM_PER_NODE");
    getrlimit(RLIMIT_DATA, &before);
    small = before;
    small.rlim_cur = (rlim_t)200 << 20;
    ck_assert_int_eq(setrlimit(RLIMIT_DATA, &small), 0);
    limits = wf_limits_read(root);
    setrlimit(RLIMIT_DATA, &before); /* sanitizers need more */
    ck_assert_int_eq(limits.memory, 200 << 20);
    ck_assert_str_eq(limits.memory_by, "RLIMIT_DATA");
}
END_TEST

START_TEST(damaged_files_limit_nothing)
{
    WfLimits limits;

    version_2("/job");
    put("proc/self/mountinfo", "garbage\n\n - \n31 22 0:28 / /sys/fs/cgroup rw - cgroup2 x rw\n");
    put("sys/fs/cgroup/job/cpu.max", "much\n");
    put("sys/fs/cgroup/job/memory.max", "");
    limits = wf_limits_read(root);
    ck_assert(limits.quota == 0);
    ck_assert_str_ne(limits.memory_by, "the cgroup's memory");
}
END_TEST

CHECK_MAIN("limits", without_cgroups_there_is_no_quota_and_memory_is_the_machines,
           version_2_gives_quota_and_memory, version_2_max_is_no_limit,
           the_least_of_all_parents_holds, version_1_gives_quota_and_memory,
           a_container_sees_its_own_group_at_the_mount,
           a_group_outside_the_mount_is_read_at_the_mount, slurm_and_resource_limits_count,
           damaged_files_limit_nothing)
