/*
 * leftover.c - temporary files of runs that were killed: told of, and removed.
 *
 * A lock says whether the process that made a file still lives: the system drops it with the
 * process, also on another machine of a shared file system. Between making a file and locking it
 * somebody may clear it up, so both sides look afterwards whether what they have locked still
 * stands there: only one of them finds it so. Needs names of temporary.h. Removes files and
 * folders.
 */
#include "io/leftover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/temporary.h"

/* ------------------------------------------------------------------------------- locks */

typedef enum Held { OURS, ANOTHERS, UNKNOWN } Held;

/* Of the open file and not of the process, so that a handle closed elsewhere does not end it.
 * Folders cannot be opened for writing, which such locks need. */
static Held take_lock(int file, const struct stat *found)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int failed =
        S_ISDIR(found->st_mode) ? flock(file, LOCK_EX | LOCK_NB) : fcntl(file, F_OFD_SETLK, &whole);

    if (!failed)
        return OURS;
    return errno == EAGAIN || errno == EACCES || errno == EWOULDBLOCK ? ANOTHERS : UNKNOWN;
}

/* Is this what still stands there under that name? */
static bool stands(const struct stat *file, const char *name)
{
    struct stat found;

    return lstat(name, &found) == 0 && found.st_dev == file->st_dev && found.st_ino == file->st_ino;
}

bool wf_leftover_lock(int file, const char *name)
{
    struct stat found;

    return fstat(file, &found) == 0 && take_lock(file, &found) != ANOTHERS && stands(&found, name);
}

/* ------------------------------------------------------------------------------- clearing */

/* What temporaries of an output are called: .STEM.XXXXXX.part, with that extension or none. */
typedef struct Pattern {
    char folder[WF_PATH_MAX];
    char front[WF_STEM_MAX + 8]; /* ".STEM." */
    const char *extension;       /* of the output */
} Pattern;

static void make_pattern(const char *final, Pattern *pattern)
{
    const char *slash = strrchr(final, '/'), *name = slash ? slash + 1 : final;
    const char *dot = strrchr(name, '.');
    int length;

    pattern->extension = dot && dot != name ? dot : "";
    length = (int)(strlen(name) - strlen(pattern->extension));
    snprintf(pattern->folder, sizeof pattern->folder, "%.*s", slash ? (int)(slash - final) + 1 : 2,
             slash ? final : "./");
    snprintf(pattern->front, sizeof pattern->front, ".%.*s.",
             length < WF_STEM_MAX ? length : WF_STEM_MAX, name);
}

static bool fits(const Pattern *pattern, const char *name)
{
    size_t front = strlen(pattern->front);
    const char *rest = name + front + WF_LETTERS;

    if (strncmp(name, pattern->front, front) != 0 || strlen(name + front) < WF_LETTERS)
        return false;
    for (int i = 0; i < WF_LETTERS; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz234567", name[front + i]))
            return false;
    if (strncmp(rest, WF_PART, strlen(WF_PART)) != 0)
        return false;
    rest += strlen(WF_PART);
    return !*rest || strcmp(rest, pattern->extension) == 0 || strcmp(rest, ".tif") == 0;
}

/* Nobody holds what stands there, and it is of our own making: a file, or a folder. */
static bool is_left(const char *path)
{
    struct stat found;
    bool left;
    int file;

    if (lstat(path, &found) != 0 || (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) ||
        found.st_uid != geteuid())
        return false;
    file = open(path, (S_ISDIR(found.st_mode) ? O_RDONLY | O_DIRECTORY : O_RDWR) | O_NOFOLLOW |
                          O_NONBLOCK | O_CLOEXEC);
    left = file >= 0 && fstat(file, &found) == 0 && take_lock(file, &found) == OURS &&
           stands(&found, path) && wf_litter_remove(path);
    if (file >= 0)
        close(file);
    return left;
}

void wf_leftover_clear(const char *final, WeftWarn *warn, void *context)
{
    char path[2 * WF_PATH_MAX], text[2 * WF_PATH_MAX + 80];
    struct dirent *entry;
    Pattern pattern;
    DIR *listing;

    make_pattern(final, &pattern);
    listing = opendir(pattern.folder);
    while (listing && (entry = readdir(listing))) {
        if (!fits(&pattern, entry->d_name))
            continue;
        snprintf(path, sizeof path, "%s%s", strcmp(pattern.folder, "./") == 0 ? "" : pattern.folder,
                 entry->d_name);
        if (!is_left(path))
            continue;
        snprintf(text, sizeof text, "%s was left by a run that was killed, and is removed", path);
        if (warn)
            warn(context, text);
    }
    if (listing)
        closedir(listing);
}
