/*
 * picture.h - RGBA pixels as a PNG file.
 */
#ifndef WF_PICTURE_H
#define WF_PICTURE_H

#include "weft.h"

/* rgba: four bytes a pixel, row by row. The file appears when it is whole. */
bool wf_picture_write(const char *path, const uint8_t *rgba, int width, int height, WeftWarn *warn,
                      void *context, WeftErr *err);

#endif
