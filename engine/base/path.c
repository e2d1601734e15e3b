/*
 * path.c - which file a path names, however it is spelt.
 *
 * Asks the file system: the same file, by links of either kind, and names in the same folder. Reads
 * no file.
 */
#include "base/path.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft.h"

enum { LINKS_MAX = 16 }; /* that lead to nothing, one by the other */

/* The folder of a path, with the slash, and what follows it. */
static const char *split(const char *path, char folder[PATH_MAX])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

    if (slash)
        snprintf(folder, PATH_MAX, "%.*s", (int)(name - path), path);
    else
        snprintf(folder, PATH_MAX, "./");
    return name;
}

/* Where the link at `path` leads to, from its folder if it does not say. False: it is no link. */
static bool follow(char path[PATH_MAX])
{
    char to[PATH_MAX], folder[PATH_MAX];
    ssize_t length = readlink(path, to, sizeof to - 1);

    if (length < 0)
        return false;
    to[length] = '\0';
    split(path, folder);
    if (to[0] == '/')
        return snprintf(path, PATH_MAX, "%s", to) < PATH_MAX;
    if (strlen(folder) + (size_t)length >= PATH_MAX)
        return false;
    memcpy(path, folder, strlen(folder) + 1);
    strcat(path, to);
    return true;
}

WfFileId wf_file_id(const char *path)
{
    WfFileId id = { .path = path };
    char at[PATH_MAX], folder[PATH_MAX];
    const char *name;
    struct stat status;

    if (snprintf(at, sizeof at, "%s", path) >= (int)sizeof at)
        return id;
    for (int i = 0; i < LINKS_MAX && stat(at, &status) != 0 && follow(at); i++)
        continue;
    if (stat(at, &status) != 0) {
        name = split(at, folder);
        if (!*name || strlen(name) >= sizeof id.name || stat(folder, &status) != 0)
            return id;
        memcpy(id.name, name, strlen(name) + 1);
    }
    id.known = true;
    id.device = status.st_dev;
    id.number = status.st_ino;
    return id;
}

bool wf_file_same(const WfFileId *a, const WfFileId *b)
{
    if (!a->known || !b->known)
        return strcmp(a->path, b->path) == 0;
    return a->device == b->device && a->number == b->number && strcmp(a->name, b->name) == 0;
}

bool weft_same_file(const char *a, const char *b)
{
    WfFileId x = wf_file_id(a), y = wf_file_id(b);

    return wf_file_same(&x, &y);
}
