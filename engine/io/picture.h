/*
 * picture.h - RGBA pixels as a file of the format that its name says.
 */
#ifndef WF_PICTURE_H
#define WF_PICTURE_H

#include "weft.h"

/* rgba: four bytes a pixel, row by row. `format` NULL: that of the extension; drawn on white where
 * it has no alpha. The file appears when it is whole. */
bool wf_picture_write(const char *path, const char *format, const uint8_t *rgba, int width,
                      int height, WeftWarn *warn, void *context, WeftErr *err);
/* What is wrong with the name and the format, before there are pixels. Writes nothing. */
bool wf_picture_check(const char *path, const char *format, WeftErr *err);

#endif
