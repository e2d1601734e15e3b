/*
 * litter.c - files and folders that must not outlive the process: a list that signals clear.
 *
 * The list only grows, by one compare and exchange, and its nodes are used again, never freed: so a
 * signal handler may walk it at any moment. What it removes it finds by system calls alone.
 */
#include "base/litter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"

enum { PATH_BYTES = 4096, SUFFIX_BYTES = 16, DEPTH_MAX = 16, ENTRIES_BYTES = 2048 };

typedef enum State { UNUSED, WRITTEN, SET } State;

struct WfLitter {
    WfLitter *next; /* towards the first that was made; never changes */
    atomic_int state;
    atomic_uint turn; /* counts the paths it has held */
    char path[PATH_BYTES];
};

static _Atomic(WfLitter *) newest;

/* ------------------------------------------------------------------------------- the list */

static WfLitter *find_unused(void)
{
    for (WfLitter *node = atomic_load(&newest); node; node = node->next) {
        int expected = UNUSED;

        if (atomic_compare_exchange_strong(&node->state, &expected, WRITTEN))
            return node;
    }
    return NULL;
}

static WfLitter *make_node(WeftErr *err)
{
    WfLitter *node = wf_zalloc(sizeof *node, err);

    if (!node)
        return NULL;
    atomic_init(&node->state, WRITTEN);
    atomic_init(&node->turn, 0);
    node->next = atomic_load(&newest);
    while (!atomic_compare_exchange_weak(&newest, &node->next, node))
        ;
    return node;
}

WfLitter *wf_litter_add(const char *path, WeftErr *err)
{
    WfLitter *node;

    if (strlen(path) >= PATH_BYTES) {
        wf_fail(err, WEFT_EARG, "the name of a file is too long: %.80s...", path);
        return NULL;
    }
    node = find_unused();
    if (!node && !(node = make_node(err)))
        return NULL;
    strcpy(node->path, path);
    atomic_fetch_add(&node->turn, 1);
    atomic_store(&node->state, SET);
    return node;
}

void wf_litter_forget(WfLitter *litter)
{
    if (litter)
        atomic_store(&litter->state, UNUSED);
}

/* ------------------------------------------------------------------------------- removing */

/* As the system gives it: readdir allocates, which a signal handler must not. */
typedef struct Entry {
    uint64_t inode;
    int64_t offset;
    unsigned short bytes;
    unsigned char type;
    char name[];
} Entry;

static bool remove_at(int folder, const char *name, int depth);

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* As long as there is something that goes: a folder that changes may be listed in part. */
static void clear_folder(int folder, int depth)
{
    _Alignas(Entry) char entries[ENTRIES_BYTES];
    int removed;

    do {
        long bytes;

        removed = 0;
        lseek(folder, 0, SEEK_SET);
        while ((bytes = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0)
            for (long at = 0; at < bytes; at += ((Entry *)(entries + at))->bytes) {
                const char *name = ((Entry *)(entries + at))->name;

                removed += !is_dots(name) && remove_at(folder, name, depth);
            }
    } while (removed > 0);
}

static bool remove_at(int folder, const char *name, int depth)
{
    int inside;

    if (unlinkat(folder, name, 0) == 0)
        return true;
    if ((errno != EISDIR && errno != EPERM) || depth == DEPTH_MAX)
        return false;
    inside = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inside >= 0) {
        clear_folder(inside, depth + 1);
        close(inside);
    }
    return unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

static void remove_beside(const char *path)
{
    static const char beside[][SUFFIX_BYTES] = { ".aux.xml", ".msk", ".msk.aux.xml", ".ovr" };
    char name[PATH_BYTES + SUFFIX_BYTES];
    size_t length = strlen(path);

    if (length >= PATH_BYTES)
        return;
    memcpy(name, path, length);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        memcpy(name + length, beside[i], SUFFIX_BYTES);
        unlink(name);
    }
}

bool wf_litter_remove(const char *path)
{
    bool gone = remove_at(AT_FDCWD, path, 0) || errno == ENOENT;

    remove_beside(path);
    return gone;
}

/* A path that is just being written is left to the thread that writes it: nothing stands there yet.
 */
void wf_litter_remove_all(void)
{
    for (WfLitter *node = atomic_load(&newest); node; node = node->next) {
        unsigned turn = atomic_load(&node->turn);
        char path[PATH_BYTES];

        if (atomic_load(&node->state) != SET)
            continue;
        memcpy(path, node->path, sizeof path);
        if (atomic_load(&node->state) == SET && atomic_load(&node->turn) == turn)
            wf_litter_remove(path);
    }
}
