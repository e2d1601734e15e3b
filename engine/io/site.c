/*
 * site.c - where files may be written: asked before anything is computed.
 *
 * A file is replaced by another one, which the folder alone decides about for the system. Here it
 * is as for a file that is written in place: its mode and its owner count, too. Reads what stands
 * there.
 */
#include "io/site.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

/* Put the target of a link in the place of its name. False: it is none, or too long. */
static bool follow(char path[WF_PATH_MAX])
{
    char target[WF_PATH_MAX], joined[2 * WF_PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target - 1);
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;

    if (length <= 0)
        return false;
    target[length] = '\0';
    if (snprintf(joined, sizeof joined, "%.*s%s", target[0] == '/' ? 0 : folder, path, target) >=
        WF_PATH_MAX)
        return false;
    strcpy(path, joined);
    return true;
}

bool wf_site_find(const char *path, char final[WF_PATH_MAX], WeftErr *err)
{
    char *real = realpath(path, NULL);

    if (strlen(real ? real : path) >= WF_PATH_MAX - 300) {
        free(real);
        return wf_fail(err, WEFT_EARG, "cannot write %.80s...: the name is too long", path);
    }
    strcpy(final, real ? real : path);
    if (!real && errno == ELOOP)
        return wf_fail(err, WEFT_EIO, "cannot write %s: %s", path, strerror(ELOOP));
    for (int i = 0; !real && i < LINKS_MAX && follow(final); i++)
        ;
    free(real);
    return true;
}

static bool check_folder(const char *path, const char *final, WeftErr *err)
{
    const char *slash = strrchr(final, '/');
    char folder[WF_PATH_MAX];
    struct stat found;

    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - final) + 1 : 1,
             slash ? final : ".");
    if (strlen(slash ? slash + 1 : final) > 255)
        return wf_fail(err, WEFT_EARG, "cannot write %.80s...: the name is too long", path);
    if (stat(folder, &found) != 0)
        return wf_fail(err, WEFT_EIO, "cannot write %s: the folder %s: %s", path, folder,
                       strerror(errno));
    if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0)
        return wf_fail(err, WEFT_EIO, "cannot write %s: the folder %s may not be written to", path,
                       folder);
    return true;
}

/* What stands there is an ordinary file. The owner's right is asked of the mode, as root is granted
 * everything; the system knows of further locks: file systems that are read only, files that may
 * not be changed. */
static bool check_file(const char *path, const struct stat *found, WeftErr *err)
{
    uid_t user = geteuid();

    if (user != 0 && found->st_uid != user) {
        wf_fail(err, WEFT_EIO, "cannot write %s: it belongs to another user", path);
        return wf_hint(err, "write elsewhere, or have it removed first");
    }
    if (!(found->st_mode & S_IWUSR)) {
        wf_fail(err, WEFT_EIO, "cannot write %s: it is write-protected", path);
        return wf_hint(err, "chmod u+w permits it");
    }
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 ||
           wf_fail(err, WEFT_EIO, "cannot write %s: %s", path, strerror(errno));
}

bool wf_site_check(const char *path, bool keep, WeftErr *err)
{
    char final[WF_PATH_MAX];
    struct stat found;

    if (!path || path[0] == '\0')
        return wf_fail(err, WEFT_EARG, "the name of the output is empty");
    if (strncmp(path, "/vsi", 4) == 0)
        return wf_fail(err, WEFT_EARG, "cannot write %s: outputs are ordinary files", path);
    if (!wf_site_find(path, final, err))
        return false;
    if (stat(final, &found) != 0)
        return path[strlen(path) - 1] == '/'
                   ? wf_fail(err, WEFT_EARG, "cannot write %s: it names a folder", path)
                   : check_folder(path, final, err);
    if (S_ISDIR(found.st_mode))
        return wf_fail(err, WEFT_EARG, "cannot write %s: it is a folder", path);
    if (!S_ISREG(found.st_mode))
        return wf_fail(err, WEFT_EARG, "cannot write %s: it is no ordinary file", path);
    if (keep) {
        wf_fail(err, WEFT_EIO, "%s exists already", path);
        return wf_hint(err, "overwrite=true replaces it");
    }
    return check_file(path, &found, err) && check_folder(path, final, err);
}

bool wf_site_streams(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}
