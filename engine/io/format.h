/*
 * format.h - which of GDAL's drivers makes a file.
 */
#ifndef WF_FORMAT_H
#define WF_FORMAT_H

#include <gdal.h>

#include "base/err.h"

/* The driver called `format`; where that is NULL, the one whose files end as `path` does, and GTiff
 * for a name (or NULL) without an extension. It can write rasters. NULL with err set. */
GDALDriverH wf_format_driver(const char *format, const char *path, WeftErr *err);

#endif
