/*
 * weft_files.c - files of the caller's own: pictures and texts, written as outputs are.
 */
#include "conductor.h"

#include "io/picture.h"
#include "io/site.h"
#include "io/textfile.h"

bool weft_picture(WeftGraph *graph, const char *path, const char *format, const uint8_t *rgba,
                  int width, int height, WeftErr *err)
{
    return wf_picture_write(path, format, rgba, width, height, graph->warn, graph->warn_context,
                            err);
}

bool weft_picture_check(const char *path, const char *format, WeftErr *err)
{
    return wf_picture_check(path, format, err);
}

bool weft_textfile_check(const char *path, WeftErr *err)
{
    return wf_textfile_check(path, err);
}

WeftTextFile *weft_textfile_new(WeftGraph *graph, const char *path, WeftErr *err)
{
    return wf_textfile_new(path, graph->warn, graph->warn_context, err);
}

FILE *weft_textfile_stream(WeftTextFile *file)
{
    return wf_textfile_stream(file);
}

bool weft_textfile_finish(WeftTextFile *file, WeftErr *err)
{
    return wf_textfile_finish(file, err);
}

void weft_textfile_free(WeftTextFile *file)
{
    wf_textfile_free(file);
}
