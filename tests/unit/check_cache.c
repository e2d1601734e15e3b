/* Objects come back as they were kept, or not at all. */
#include "harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "code/cache.h"

static WfCacheKey key_of(const char *text)
{
    return wf_cache_key((const void *const[]) { text }, (size_t[]) { strlen(text) }, 1);
}

static char *path_of(const char *folder, const WfCacheKey *key)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, key->name);
    return path;
}

static bool has(const char *folder, const WfCacheKey *key, const char *object)
{
    size_t size = 0;
    char *found = wf_cache_load(folder, key, &size);
    bool equal = found && size == strlen(object) && memcmp(found, object, size) == 0;

    wf_free(found);
    return equal;
}

static const char *filled(WfCacheKey *key)
{
    const char *folder = harness_folder();

    *key = key_of("a");
    wf_cache_store(folder, key, "machine code", 12, WF_CACHE_LIMIT);
    ck_assert(has(folder, key, "machine code"));
    return folder;
}

static bool misses(const char *folder, const WfCacheKey *key)
{
    size_t size;
    void *found = wf_cache_load(folder, key, &size);

    wf_free(found);
    return !found;
}

START_TEST(an_object_comes_back_under_its_key_only)
{
    WfCacheKey key, other = key_of("b");
    const char *folder = filled(&key);

    ck_assert(misses(folder, &other));
}
END_TEST

START_TEST(parts_of_a_key_are_kept_apart)
{
    WfCacheKey a = wf_cache_key((const void *const[]) { "ab", "c" }, (size_t[]) { 2, 1 }, 2);
    WfCacheKey b = wf_cache_key((const void *const[]) { "a", "bc" }, (size_t[]) { 1, 2 }, 2);

    ck_assert_mem_ne(a.bytes, b.bytes, sizeof a.bytes);
    ck_assert_str_ne(a.name, b.name);
}
END_TEST

START_TEST(any_damaged_byte_makes_a_miss)
{
    WfCacheKey key;
    const char *folder = filled(&key), *path = path_of(folder, &key);
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    for (off_t at = 0; at < st.st_size; at++) {
        int file = open(path, O_RDWR);
        unsigned char byte;

        ck_assert_int_eq(pread(file, &byte, 1, at), 1);
        byte ^= 0x10;
        ck_assert_int_eq(pwrite(file, &byte, 1, at), 1);
        ck_assert_msg(misses(folder, &key), "byte %d", (int)at);
        byte ^= 0x10;
        ck_assert_int_eq(pwrite(file, &byte, 1, at), 1);
        close(file);
    }
    ck_assert(has(folder, &key, "machine code"));
}
END_TEST

START_TEST(a_shortened_or_lengthened_entry_is_a_miss)
{
    WfCacheKey key;
    const char *folder = filled(&key), *path = path_of(folder, &key);
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(truncate(path, st.st_size + 1), 0);
    ck_assert(misses(folder, &key));
    for (off_t size = st.st_size - 1; size >= 0; size -= 5) {
        ck_assert_int_eq(truncate(path, size), 0);
        ck_assert(misses(folder, &key));
    }
}
END_TEST

START_TEST(an_entry_that_others_may_write_is_a_miss)
{
    WfCacheKey key;
    const char *folder = filled(&key);

    ck_assert_int_eq(chmod(path_of(folder, &key), 0620), 0);
    ck_assert(misses(folder, &key));
}
END_TEST

START_TEST(a_folder_that_others_may_write_is_not_used)
{
    WfCacheKey key, next = key_of("next");
    const char *folder = filled(&key);

    ck_assert_int_eq(chmod(folder, 0777), 0);
    ck_assert(misses(folder, &key));
    wf_cache_store(folder, &next, "x", 1, WF_CACHE_LIMIT);
    ck_assert_int_ne(access(path_of(folder, &next), F_OK), 0);
}
END_TEST

START_TEST(an_entry_of_another_user_is_a_miss)
{
    WfCacheKey key;
    const char *folder = filled(&key);

    if (geteuid() != 0 || chown(path_of(folder, &key), 12345, 12345) != 0) {
        harness_skip("only root can give a file away");
        return;
    }
    ck_assert(misses(folder, &key));
}
END_TEST

START_TEST(a_link_in_place_of_an_entry_is_a_miss)
{
    WfCacheKey key;
    const char *folder = filled(&key);
    char kept[300];

    snprintf(kept, sizeof kept, "%s/kept", folder);
    ck_assert_int_eq(rename(path_of(folder, &key), kept), 0);
    ck_assert_int_eq(symlink(kept, path_of(folder, &key)), 0);
    ck_assert(misses(folder, &key));
}
END_TEST

START_TEST(missing_folders_are_made_for_the_user_alone)
{
    WfCacheKey key = key_of("a");
    char folder[256];
    struct stat st;

    snprintf(folder, sizeof folder, "%s/x/y/weft", harness_folder());
    wf_cache_store(folder, &key, "code", 4, WF_CACHE_LIMIT);
    ck_assert(has(folder, &key, "code"));
    ck_assert_int_eq(stat(folder, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0700);
}
END_TEST

START_TEST(no_folder_keeps_nothing)
{
    WfCacheKey key = key_of("a");

    wf_cache_store("", &key, "code", 4, WF_CACHE_LIMIT);
    ck_assert(misses("", &key));
}
END_TEST

START_TEST(beyond_the_limit_the_least_recently_used_go)
{
    const char *folder = harness_folder();
    char object[1000] = { 1 };
    WfCacheKey keys[4];

    for (int i = 0; i < 4; i++) {
        struct timespec old[2] = { { .tv_sec = 1000 + i }, { .tv_sec = 1000 + i } };

        keys[i] = key_of((const char *[]) { "a", "b", "c", "d" }[i]);
        if (i == 3)
            wf_free(wf_cache_load(folder, &keys[0], &(size_t) { 0 })); /* used again */
        wf_cache_store(folder, &keys[i], object, sizeof object, 3500);
        if (i < 3)
            ck_assert_int_eq(utimensat(AT_FDCWD, path_of(folder, &keys[i]), old, 0), 0);
    }
    ck_assert(!misses(folder, &keys[0]));
    ck_assert(misses(folder, &keys[1]));
    ck_assert(!misses(folder, &keys[2]));
    ck_assert(!misses(folder, &keys[3]));
}
END_TEST

/* Written by a process that was killed, and by one that lives. */
START_TEST(temporaries_of_ended_processes_go)
{
    WfCacheKey key, other = key_of("b");
    const char *folder = filled(&key);
    char left[300], used[300];
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    snprintf(left, sizeof left, "%s.%ld", path_of(folder, &key), (long)child);
    snprintf(used, sizeof used, "%s.%ld", path_of(folder, &key), (long)getppid());
    fclose(fopen(left, "w"));
    fclose(fopen(used, "w"));
    wf_cache_store(folder, &other, "machine code", 12, WF_CACHE_LIMIT);
    ck_assert_int_eq(access(left, F_OK), -1);
    ck_assert_int_eq(access(used, F_OK), 0);
    ck_assert(has(folder, &key, "machine code"));
}
END_TEST

CHECK_MAIN("cache", an_object_comes_back_under_its_key_only, parts_of_a_key_are_kept_apart,
           any_damaged_byte_makes_a_miss, a_shortened_or_lengthened_entry_is_a_miss,
           an_entry_that_others_may_write_is_a_miss, a_folder_that_others_may_write_is_not_used,
           an_entry_of_another_user_is_a_miss, a_link_in_place_of_an_entry_is_a_miss,
           missing_folders_are_made_for_the_user_alone, no_folder_keeps_nothing,
           beyond_the_limit_the_least_recently_used_go, temporaries_of_ended_processes_go)
