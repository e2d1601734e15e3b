/*
 * path.h - which file a path names, however it is spelt.
 */
#ifndef WF_PATH_H
#define WF_PATH_H

#include <stdbool.h>
#include <sys/types.h>

/* An existing file itself, or a folder and a name in it that nothing has yet. Not known: the folder
 * does not exist, or the path is no file's; then the path stands for itself. */
typedef struct WfFileId {
    bool known;
    dev_t device;
    ino_t number;
    char name[256]; /* "" for an existing file */
    const char *path;
} WfFileId;

/* Keeps the path. */
WfFileId wf_file_id(const char *path);
bool wf_file_same(const WfFileId *a, const WfFileId *b);

#endif
