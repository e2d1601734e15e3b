/*
 * lossless.h - options by which drivers keep pixels as they are, and those that ask for less.
 */
#ifndef WF_LOSSLESS_H
#define WF_LOSSLESS_H

#include <gdal.h>

#include "weft.h"

/* Add what a driver needs to lose nothing of this type with this compression, unless the list asks
 * for less. */
void wf_lossless_add(GDALDriverH driver, const char *compress, WeftType type, char ***list);
/* The list, or the compression, asks for pixels that are only nearly what they were. */
bool wf_lossless_declined(const char *compress, char **list);
/* The driver has no way to keep pixels as they are. */
bool wf_lossless_never(GDALDriverH driver);

#endif
