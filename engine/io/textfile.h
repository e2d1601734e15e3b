/*
 * textfile.h - text files that appear whole: under a temporary name until they are finished.
 */
#ifndef WF_TEXTFILE_H
#define WF_TEXTFILE_H

#include <stdio.h>

#include "weft.h"

/* May it be written? Devices and pipes may. */
bool wf_textfile_check(const char *path, WeftErr *err);
/* Tells `warn` of what killed runs have left beside it. */
WeftTextFile *wf_textfile_new(const char *path, WeftWarn *warn, void *context, WeftErr *err);
FILE *wf_textfile_stream(WeftTextFile *file);
bool wf_textfile_finish(WeftTextFile *file, WeftErr *err);
void wf_textfile_free(WeftTextFile *file);

#endif
