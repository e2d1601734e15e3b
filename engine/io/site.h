/*
 * site.h - where files may be written: asked before anything is computed.
 */
#ifndef WF_SITE_H
#define WF_SITE_H

#include "base/err.h"

enum { WF_PATH_MAX = 4096 };

/* The file that `path` stands for: links are followed, also one to a file that is not there yet. */
bool wf_site_find(const char *path, char final[WF_PATH_MAX], WeftErr *err);
/* May a new file take that place? The folder is there and may be written to; what stands there is
 * an ordinary file whose owner may write it, and ours; with keep, nothing does. */
bool wf_site_check(const char *path, bool keep, WeftErr *err);
/* A device or a pipe, which is written as it is. */
bool wf_site_streams(const char *path);

#endif
