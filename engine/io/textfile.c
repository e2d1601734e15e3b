/*
 * textfile.c - text files that appear whole: under a temporary name until they are finished.
 *
 * Devices and pipes are written as they are. Writes the file.
 */
#include "io/textfile.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "io/leftover.h"
#include "io/temporary.h"

struct WeftTextFile {
    FILE *stream; /* NULL: closed */
    bool streams; /* no file that could be put into a place */
    WfTemporary temporary;
    char path[WF_PATH_MAX], final[WF_PATH_MAX]; /* as given; with links followed */
};

static bool refuse(WeftErr *err, const char *path)
{
    return wf_fail(err, WEFT_EIO, "cannot write %s: %s", path, strerror(errno));
}

static bool open_place(WeftTextFile *file, WeftWarn *warn, void *context, WeftErr *err)
{
    if (!wf_site_check(file->path, false, err) || !wf_site_find(file->path, file->final, err))
        return false;
    wf_leftover_clear(file->final, warn, context);
    return wf_temporary_create(&file->temporary, file->final, err);
}

bool wf_textfile_check(const char *path, WeftErr *err)
{
    return wf_site_streams(path) || wf_site_check(path, false, err);
}

WeftTextFile *wf_textfile_new(const char *path, WeftWarn *warn, void *context, WeftErr *err)
{
    WeftTextFile *file = wf_zalloc(sizeof *file, err);
    bool done;

    if (!file)
        return NULL;
    snprintf(file->path, sizeof file->path, "%s", path);
    file->streams = wf_site_streams(path);
    done = file->streams || open_place(file, warn, context, err);
    if (done && !(file->stream = fopen(file->streams ? path : file->temporary.path, "we")))
        done = refuse(err, path);
    if (done)
        return file;
    wf_textfile_free(file);
    return NULL;
}

FILE *wf_textfile_stream(WeftTextFile *file)
{
    return file->stream;
}

/* The reason that counts is the first one, which closing may hide. */
bool wf_textfile_finish(WeftTextFile *file, WeftErr *err)
{
    bool done = fflush(file->stream) == 0 && !ferror(file->stream);
    int reason = errno, closed = fclose(file->stream);

    file->stream = NULL;
    if (!done)
        errno = reason;
    if (!done || closed != 0)
        return refuse(err, file->path);
    return file->streams || wf_temporary_place(&file->temporary, file->final, false, err);
}

void wf_textfile_free(WeftTextFile *file)
{
    if (!file)
        return;
    if (file->stream)
        fclose(file->stream);
    wf_temporary_drop(&file->temporary);
    wf_free(file);
}
