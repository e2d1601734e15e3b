/*
 * cache.c - compiled objects in a folder of the user's own.
 *
 * An entry is a header (magic, key, length, hash of the object) and the object. It is written
 * under a temporary name and renamed, so a reader sees all of it or nothing. The folder and its
 * entries must belong to the user and be writable by nobody else: what lies there is executed.
 * The hash is LLVM's BLAKE3. Reads and writes files below the folder only.
 */
#include "code/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <llvm-c/blake3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/litter.h"
#include "base/mem.h"

static const char entry_magic[8] = "WEFTOBJ1";

typedef struct Header {
    char magic[8];
    uint8_t key[32];
    uint64_t size;
    uint8_t hash[LLVM_BLAKE3_OUT_LEN];
} Header;

/* An entry or a forgotten temporary of the folder. */
typedef struct Entry {
    char name[64];
    int64_t size;
    struct timespec used;
} Entry;

static void hash_of(const void *data, size_t size, uint8_t hash[LLVM_BLAKE3_OUT_LEN])
{
    llvm_blake3_hasher hasher;

    llvm_blake3_hasher_init(&hasher);
    llvm_blake3_hasher_update(&hasher, data, size);
    llvm_blake3_hasher_finalize(&hasher, hash, LLVM_BLAKE3_OUT_LEN);
}

static bool is_ours(const struct stat *st)
{
    return st->st_uid == geteuid() && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* The folder, opened, if it is ours alone; -1. */
static int open_folder(const char *folder)
{
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;

    if (dir < 0)
        return -1;
    if (fstat(dir, &st) == 0 && is_ours(&st))
        return dir;
    close(dir);
    return -1;
}

/* Make the folder and those above it that are missing. */
static void make_folder(const char *folder)
{
    char path[4096];
    size_t length = strlen(folder);

    if (length >= sizeof path)
        return;
    memcpy(path, folder, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        path[i] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return;
        path[i] = folder[i];
    }
}

static bool read_all(int file, void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = read(file, (char *)data + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static bool write_all(int file, const void *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(file, (const char *)data + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

/* The object of an opened entry if all of it is as it was written. */
static void *read_entry(int file, const WfCacheKey *key, size_t *size)
{
    uint8_t hash[LLVM_BLAKE3_OUT_LEN];
    Header header;
    struct stat st;
    void *object;

    if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode) || !is_ours(&st) ||
        !read_all(file, &header, sizeof header) ||
        memcmp(header.magic, entry_magic, sizeof entry_magic) != 0 ||
        memcmp(header.key, key->bytes, sizeof header.key) != 0 || header.size == 0 ||
        header.size > WF_CACHE_LIMIT || (uint64_t)st.st_size != sizeof header + header.size)
        return NULL;
    object = wf_zalloc(header.size, NULL);
    if (!object)
        return NULL;
    if (read_all(file, object, header.size)) {
        hash_of(object, header.size, hash);
        if (memcmp(hash, header.hash, sizeof hash) == 0) {
            *size = header.size;
            return object;
        }
    }
    wf_free(object);
    return NULL;
}

/* ------------------------------------------------------------------ bounded size */

static int by_age(const void *a, const void *b)
{
    const Entry *x = a, *y = b;

    if (x->used.tv_sec != y->used.tv_sec)
        return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
    if (x->used.tv_nsec != y->used.tv_nsec)
        return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* All entries of the folder; only names that this file gives are looked at. */
static Entry *list_entries(int dir, int *count)
{
    int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), room = 0;
    DIR *list = fd < 0 ? NULL : fdopendir(fd);
    Entry *entries = NULL;
    struct dirent *d;

    *count = 0;
    if (!list) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    while ((d = readdir(list))) {
        struct stat st;

        if (strncmp(d->d_name, "wf_", 3) != 0 || strlen(d->d_name) >= sizeof entries->name ||
            fstatat(dir, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (!wf_grow(&entries, *count, &room, sizeof *entries, NULL))
            break;
        entries[*count] = (Entry) { .size = st.st_size, .used = st.st_mtim };
        strcpy(entries[*count].name, d->d_name);
        (*count)++;
    }
    closedir(list);
    return entries;
}

/* A temporary whose process has gone: KEY.PID. */
static bool is_forgotten(const char *name)
{
    const char *dot = strchr(name, '.');
    long process = dot ? strtol(dot + 1, NULL, 10) : 0;

    return process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

static void remove_oldest(int dir, int64_t limit)
{
    int64_t total = 0;
    int count;
    Entry *entries = list_entries(dir, &count);

    for (int i = 0; i < count; i++) {
        if (is_forgotten(entries[i].name) && unlinkat(dir, entries[i].name, 0) == 0)
            entries[i].size = 0;
        total += entries[i].size;
    }
    if (total > limit) {
        qsort(entries, (size_t)count, sizeof *entries, by_age);
        for (int i = 0; i < count && total > limit; i++)
            if (unlinkat(dir, entries[i].name, 0) == 0)
                total -= entries[i].size;
    }
    wf_free(entries);
}

/* Signals clear the temporary file. */
static WfLitter *add_litter(const char *folder, const char *name)
{
    char path[4096 + 80];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return wf_litter_add(path, NULL);
}

/* ------------------------------------------------------------------ shared */

WfCacheKey wf_cache_key(const void *const *parts, const size_t *sizes, int count)
{
    llvm_blake3_hasher hasher;
    WfCacheKey key;

    llvm_blake3_hasher_init(&hasher);
    for (int i = 0; i < count; i++) {
        uint64_t size = sizes[i];

        llvm_blake3_hasher_update(&hasher, &size, sizeof size);
        llvm_blake3_hasher_update(&hasher, parts[i], sizes[i]);
    }
    llvm_blake3_hasher_finalize(&hasher, key.bytes, sizeof key.bytes);
    memcpy(key.name, "wf_", 4);
    for (int i = 0; i < 16; i++)
        snprintf(key.name + 3 + 2 * i, 3, "%02x", key.bytes[i]);
    return key;
}

void *wf_cache_load(const char *folder, const WfCacheKey *key, size_t *size)
{
    int dir = folder[0] ? open_folder(folder) : -1, file;
    void *object = NULL;

    if (dir < 0)
        return NULL;
    file = openat(dir, key->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0) {
        object = read_entry(file, key, size);
        if (object)
            futimens(file, NULL); /* used just now: the last to be removed */
        close(file);
    }
    close(dir);
    return object;
}

void wf_cache_store(const char *folder, const WfCacheKey *key, const void *object, size_t size,
                    int64_t limit)
{
    Header header = { .size = size };
    char temporary[64];
    WfLitter *litter;
    int dir, file;
    bool done;

    if (!folder[0] || size == 0 || (int64_t)(sizeof header + size) > limit)
        return;
    make_folder(folder);
    dir = open_folder(folder);
    if (dir < 0)
        return;
    memcpy(header.magic, entry_magic, sizeof header.magic);
    memcpy(header.key, key->bytes, sizeof header.key);
    hash_of(object, size, header.hash);
    snprintf(temporary, sizeof temporary, "%s.%ld", key->name, (long)getpid());
    litter = add_litter(folder, temporary);
    unlinkat(dir, temporary, 0);
    file = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file >= 0) {
        done = write_all(file, &header, sizeof header) && write_all(file, object, size);
        done = close(file) == 0 && done;
        if (!done || renameat(dir, temporary, dir, key->name) != 0)
            unlinkat(dir, temporary, 0);
        remove_oldest(dir, limit);
    }
    wf_litter_forget(litter);
    close(dir);
}
