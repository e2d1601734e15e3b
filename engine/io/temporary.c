/*
 * temporary.c - names that files are written under until they are whole.
 *
 * Needs a place that was found good. Writes files and folders there.
 */
#include "io/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/leftover.h"

enum { TRIES_MAX = 16 };

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

static bool remove_companion(const char *path, const char *rest, void *context)
{
    (void)rest;
    (void)context;
    wf_litter_remove(path);
    return true;
}

static bool rename_companion(const char *path, const char *rest, void *context)
{
    const char *final = context;
    const char *extension = extension_of(name_of(final));
    char to[2 * WF_PATH_MAX];

    if (strncmp(rest, WF_PART, strlen(WF_PART)) == 0)
        rest += strlen(WF_PART);
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
    char folder[WF_PATH_MAX], letters[WF_LETTERS + 1];
    int length = (int)(own - name);

    folder_of(final, folder);
    if (strlen(folder) + strlen(name) + WF_STEM_MAX + 64 > WF_PATH_MAX)
        return wf_fail(err, WEFT_EARG, "the name of the output is too long: %.80s...", final);
    random_letters(letters, WF_LETTERS);
    print(t->stem, sizeof t->stem, "%s.%.*s.%s", folder,
          length < WF_STEM_MAX ? length : WF_STEM_MAX, name, letters);
    return true;
}

static bool choose_name(WfTemporary *t, const char *final, const char *extension, WeftErr *err)
{
    const char *own = extension_of(name_of(final));

    do {
        if (!choose_stem(t, final, err))
            return false;
        print(t->path, sizeof t->path, "%.*s" WF_PART "%.32s", WF_PATH_MAX - 40, t->stem,
              extension ? extension : own);
    } while (access(t->path, F_OK) == 0);
    t->litter = wf_litter_add(t->path, err);
    if (!t->litter)
        t->path[0] = '\0';
    return t->litter;
}

bool wf_temporary_new(WfTemporary *t, const char *final, const char *extension, WeftErr *err)
{
    t->apart = false;
    t->lock = -1;
    return choose_name(t, final, extension, err);
}

bool wf_temporary_hold(WfTemporary *t, bool *lost, WeftErr *err)
{
    const char *name = t->apart ? t->stem : t->path;

    *lost = false;
    t->lock = open(name, (t->apart ? O_RDONLY | O_DIRECTORY : O_RDWR) | O_NOFOLLOW | O_CLOEXEC);
    if (t->lock >= 0 && wf_leftover_lock(t->lock, name))
        return true;
    *lost = t->lock >= 0 || errno == ENOENT;
    if (t->lock >= 0)
        close(t->lock);
    t->lock = -1;
    return *lost ? false : fail_at(err, "cannot write", name);
}

/* Another name for what was taken away. */
static bool fail_lost(const char *final, WeftErr *err)
{
    return wf_fail(err, WEFT_EIO, "cannot write %s: its temporary files are being removed", final);
}

bool wf_temporary_create(WfTemporary *t, const char *final, WeftErr *err)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        bool lost;
        int made;

        if (!wf_temporary_new(t, final, NULL, err))
            return false;
        made = open(t->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (made < 0 && errno != EEXIST) {
            fail_at(err, "cannot write", final);
            wf_temporary_drop(t);
            return false;
        }
        if (made >= 0)
            close(made);
        if (made >= 0 && wf_temporary_hold(t, &lost, err))
            return true;
        wf_temporary_drop(t);
        if (made >= 0 && !lost)
            return false;
    }
    return fail_lost(final, err);
}

/* A folder, not held yet. */
static bool make_folder(WfTemporary *t, const char *final, WeftErr *err)
{
    int failed;

    do {
        if (!choose_stem(t, final, err))
            return false;
        strcat(t->stem, WF_PART);
        t->litter = wf_litter_add(t->stem, err);
        if (!t->litter)
            return false;
        failed = mkdir(t->stem, 0700);
        if (failed) {
            int reason = errno;

            wf_litter_forget(t->litter);
            t->litter = NULL;
            errno = reason;
        }
    } while (failed && errno == EEXIST);
    if (failed)
        return fail_at(err, "cannot make the folder", t->stem);
    print(t->path, sizeof t->path, "%.*s/%.255s", WF_PATH_MAX - 260, t->stem, name_of(final));
    return true;
}

bool wf_temporary_apart(WfTemporary *t, const char *final, WeftErr *err)
{
    bool lost = false;

    *t = (WfTemporary) { .apart = true, .lock = -1 };
    for (int i = 0; i < TRIES_MAX; i++) {
        if (!make_folder(t, final, err))
            return false;
        if (wf_temporary_hold(t, &lost, err))
            return true;
        wf_temporary_drop(t);
        if (!lost)
            return false;
    }
    return fail_lost(final, err);
}

static void let_go(WfTemporary *t)
{
    t->path[0] = '\0';
    wf_litter_forget(t->litter);
    t->litter = NULL;
    if (t->lock >= 0)
        close(t->lock);
    t->lock = -1;
}

void wf_temporary_drop(WfTemporary *t)
{
    if (!t->path[0])
        return;
    if (t->apart)
        wf_litter_remove(t->stem);
    else
        each_companion(t, remove_companion, NULL);
    let_go(t);
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
    bool done;

    keep_mode(t->path, final);
    if (!rename_main(t->path, final, keep))
        return errno == EEXIST ? wf_fail(err, WEFT_EIO, "%s exists already", final)
                               : fail_at(err, "cannot rename the finished file to", final);
    for (size_t i = 0; i < sizeof stale / sizeof *stale; i++) {
        print(beside, sizeof beside, "%s%s", final, stale[i]);
        unlink(beside);
    }
    done = each_companion(t, t->apart ? move_companion : rename_companion, (void *) final) ||
           fail_at(err, "cannot rename what belongs to", final);
    if (t->apart)
        rmdir(t->stem);
    let_go(t);
    return done;
}

/* Where a file must have a name first, signals clear that. */
static int open_unlinked(const char *folder)
{
    char path[WF_PATH_MAX + 32], letters[WF_LETTERS + 1];
    WfLitter *litter;
    int fd, reason;

    do {
        random_letters(letters, WF_LETTERS);
        print(path, sizeof path, "%.*s/.weft.%s", WF_PATH_MAX - 20, folder, letters);
        litter = wf_litter_add(path, NULL);
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        reason = errno;
        if (fd >= 0)
            unlink(path);
        wf_litter_forget(litter);
        errno = reason;
    } while (fd < 0 && errno == EEXIST);
    return fd;
}

int wf_temporary_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

    return fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL && errno != ENOENT)
               ? fd
               : open_unlinked(folder);
}
