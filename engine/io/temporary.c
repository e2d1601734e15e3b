/*
 * temporary.c - names that files are written under until they are whole.
 *
 * The names of the process stand in a fixed table, so that a signal handler can remove the files.
 */
#include "io/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOT_COUNT = 64, STEM_MAX = 200 };

#define PART ".part"

enum { SLOT_FREE, SLOT_TAKEN, SLOT_SET };

static struct Slot {
    atomic_int state;
    char path[WF_PATH_MAX], folder[WF_PATH_MAX]; /* a folder that goes too, where it is empty; "" */
} slots[SLOT_COUNT];

static void print(char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Names are checked for their length where they come in. */
static void print(char *out, size_t size, const char *format, ...)
{
    va_list rest;

    va_start(rest, format);
    vsnprintf(out, size, format, rest);
    va_end(rest);
}

static int take_slot(const char *path, const char *folder)
{
    for (int i = 0; i < SLOT_COUNT; i++) {
        int expected = SLOT_FREE;

        if (!atomic_compare_exchange_strong(&slots[i].state, &expected, SLOT_TAKEN))
            continue;
        print(slots[i].path, sizeof slots[i].path, "%s", path);
        print(slots[i].folder, sizeof slots[i].folder, "%s", folder);
        atomic_store(&slots[i].state, SLOT_SET);
        return i;
    }
    return -1;
}

static void free_slot(WfTemporary *t)
{
    if (t->slot >= 0)
        atomic_store(&slots[t->slot].state, SLOT_FREE);
    t->slot = -1;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void folder_of(const char *path, char folder[WF_PATH_MAX])
{
    int length = (int)(name_of(path) - path);

    print(folder, WF_PATH_MAX, "%.*s", length ? length : 2, length ? path : "./");
}

/* From the last dot of a name that does not begin it, or the end. */
static const char *extension_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot && dot != name ? dot : name + strlen(name);
}

static void random_letters(char *out, int count)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    static atomic_uint counter;
    unsigned char bytes[16];

    if (getrandom(bytes, sizeof bytes, GRND_NONBLOCK) != (ssize_t)sizeof bytes) {
        unsigned number = (unsigned)getpid() * 65537u + atomic_fetch_add(&counter, 1);

        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)(number >> (i * 5 % 32));
    }
    for (int i = 0; i < count; i++)
        out[i] = letters[bytes[i] & 31];
    out[count] = '\0';
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Call visit with each file that lies apart, or in the folder and whose name begins with t->stem:
 * its path, and its name or what follows the stem. */
static bool each_companion(const WfTemporary *t,
                           bool (*visit)(const char *path, const char *rest, void *context),
                           void *context)
{
    const char *stem = t->apart ? "" : name_of(t->stem);
    char folder[WF_PATH_MAX], path[2 * WF_PATH_MAX];
    struct dirent *entry;
    bool done = true;
    DIR *listing;

    if (t->apart)
        print(folder, sizeof folder, "%.*s/", WF_PATH_MAX - 2, t->stem);
    else
        folder_of(t->stem, folder);
    listing = opendir(folder);
    if (!listing)
        return false;
    while (done && (entry = readdir(listing))) {
        if (strncmp(entry->d_name, stem, strlen(stem)) != 0 || is_dots(entry->d_name))
            continue;
        print(path, sizeof path, "%s%s", folder, entry->d_name);
        done = visit(path, entry->d_name + strlen(stem), context);
    }
    closedir(listing);
    return done;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

/* Some drivers make folders. */
static bool remove_companion(const char *path, const char *rest, void *context)
{
    enum { FOLDERS_OPEN = 16 };

    (void)rest;
    (void)context;
    nftw(path, remove_entry, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
    return true;
}

static bool rename_companion(const char *path, const char *rest, void *context)
{
    const char *final = context;
    const char *extension = extension_of(name_of(final));
    char to[2 * WF_PATH_MAX];

    if (strncmp(rest, PART, strlen(PART)) == 0)
        rest += strlen(PART);
    print(to, sizeof to, "%.*s%s", (int)(extension - final), final, rest);
    return rename(path, to) == 0;
}

static bool move_companion(const char *path, const char *name, void *context)
{
    char folder[WF_PATH_MAX], to[2 * WF_PATH_MAX];

    folder_of(context, folder);
    print(to, sizeof to, "%s%s", folder, name);
    return rename(path, to) == 0;
}

static bool fail_at(WeftErr *err, const char *what, const char *path)
{
    wf_fail(err, WEFT_EIO, "%s %s: %s", what, path, strerror(errno));
    return wf_err_path(err, path, -1);
}

/* The new file may be read and written by those who could the old one. */
static void keep_mode(const char *path, const char *final)
{
    struct stat old;

    if (stat(final, &old) == 0 && chmod(path, old.st_mode & 0777) != 0)
        errno = 0; /* another's file: the new one is ours */
}

static bool rename_main(const char *path, const char *final, bool keep)
{
    if (!keep)
        return rename(path, final) == 0;
    if (renameat2(AT_FDCWD, path, AT_FDCWD, final, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (access(final, F_OK) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(path, final) == 0;
}

/* A stem that nothing has: .NAME.XXXXXX in the folder of `final`. */
static bool choose_stem(WfTemporary *t, const char *final, WeftErr *err)
{
    const char *name = name_of(final), *own = extension_of(name);
    char folder[WF_PATH_MAX], letters[8];
    int length = (int)(own - name);

    folder_of(final, folder);
    if (strlen(folder) + strlen(name) + STEM_MAX + 64 > WF_PATH_MAX)
        return wf_fail(err, WEFT_EARG, "the name of the output is too long: %.80s...", final);
    random_letters(letters, 6);
    print(t->stem, sizeof t->stem, "%s.%.*s.%s", folder, length < STEM_MAX ? length : STEM_MAX,
          name, letters);
    return true;
}

bool wf_temporary_new(WfTemporary *t, const char *final, const char *extension, WeftErr *err)
{
    const char *own = extension_of(name_of(final));

    t->apart = false;
    do {
        if (!choose_stem(t, final, err))
            return false;
        print(t->path, sizeof t->path, "%.*s" PART "%.32s", WF_PATH_MAX - 40, t->stem,
              extension ? extension : own);
    } while (access(t->path, F_OK) == 0);
    t->slot = take_slot(t->path, "");
    return true;
}

bool wf_temporary_apart(WfTemporary *t, const char *final, WeftErr *err)
{
    t->path[0] = '\0';
    t->apart = true;
    do {
        if (!choose_stem(t, final, err))
            return false;
        strcat(t->stem, PART);
    } while (mkdir(t->stem, 0700) != 0 && errno == EEXIST);
    if (access(t->stem, W_OK) != 0)
        return fail_at(err, "cannot make the folder", t->stem);
    print(t->path, sizeof t->path, "%.*s/%.255s", WF_PATH_MAX - 260, t->stem, name_of(final));
    t->slot = take_slot(t->path, t->stem);
    return true;
}

void wf_temporary_drop(WfTemporary *t)
{
    if (!t->path[0])
        return;
    each_companion(t, remove_companion, NULL);
    if (t->apart)
        rmdir(t->stem);
    t->path[0] = '\0';
    free_slot(t);
}

static bool sync_path(const char *path, int flags, WeftErr *err)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;

    if (!done)
        fail_at(err, "cannot write to disk", path);
    if (fd >= 0)
        close(fd);
    return done;
}

bool wf_temporary_sync(const WfTemporary *t, WeftErr *err)
{
    return sync_path(t->path, O_RDONLY, err);
}

bool wf_temporary_sync_folder(const char *final, WeftErr *err)
{
    char folder[WF_PATH_MAX];

    folder_of(final, folder);
    return sync_path(folder, O_RDONLY | O_DIRECTORY, err);
}

bool wf_temporary_place(WfTemporary *t, const char *final, bool keep, WeftErr *err)
{
    static const char *const stale[] = { ".aux.xml", ".msk", ".ovr", ".msk.ovr" };
    char beside[WF_PATH_MAX + 16];

    keep_mode(t->path, final);
    if (!rename_main(t->path, final, keep))
        return errno == EEXIST ? wf_fail(err, WEFT_EIO, "%s exists already", final)
                               : fail_at(err, "cannot rename the finished file to", final);
    for (size_t i = 0; i < sizeof stale / sizeof *stale; i++) {
        print(beside, sizeof beside, "%s%s", final, stale[i]);
        unlink(beside);
    }
    t->path[0] = '\0';
    free_slot(t);
    if (!each_companion(t, t->apart ? move_companion : rename_companion, (void *) final))
        return fail_at(err, "cannot rename what belongs to", final);
    if (t->apart)
        rmdir(t->stem);
    return true;
}

void wf_temporary_remove_all(void)
{
    for (int i = 0; i < SLOT_COUNT; i++)
        if (atomic_load(&slots[i].state) == SLOT_SET) {
            unlink(slots[i].path);
            if (slots[i].folder[0])
                rmdir(slots[i].folder);
        }
}
