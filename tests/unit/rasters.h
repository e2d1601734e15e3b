/*
 * rasters.h - small raster files for the tests of engine/io: made and read back by GDAL alone.
 */
#ifndef RASTERS_H
#define RASTERS_H

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "weft.h"

/* The value of pixel (col, row) of band b (from 1) in all made files; fits every type. */
static inline double pattern(int64_t col, int64_t row, int b)
{
    return (double)((col * 7 + row * 13 + b * 29) % 120);
}

static inline const char *in_folder(const char *folder, const char *name)
{
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* A file with the pattern; options is "K=V K=V". Left open for more to be said of it. */
static inline GDALDatasetH make_raster(const char *driver, const char *path, int width, int height,
                                       int bands, GDALDataType type, const char *options)
{
    char **list = CSLTokenizeString2(options, " ", 0);
    double *row = malloc((size_t)width * sizeof *row);
    GDALDatasetH data;

    GDALAllRegister();
    data = GDALCreate(GDALGetDriverByName(driver), path, width, height, bands, type, list);
    ck_assert_ptr_nonnull(data);
    for (int b = 1; b <= bands; b++)
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++)
                row[x] = pattern(x, y, b);
            ck_assert_int_eq(GDALRasterIO(GDALGetRasterBand(data, b), GF_Write, 0, y, width, 1, row,
                                          width, 1, GDT_Float64, 0, 0),
                             CE_None);
        }
    CSLDestroy(list);
    free(row);
    return data;
}

static inline void make_tiff(const char *path, int width, int height, int bands, GDALDataType type,
                             const char *options)
{
    GDALClose(make_raster("GTiff", path, width, height, bands, type, options));
}

/* Files in a folder whose names contain `part`. */
static inline int count_files(const char *folder, const char *part)
{
    char **names = VSIReadDir(folder);
    int count = 0;

    for (int i = 0; i < CSLCount(names); i++)
        count += strstr(names[i], part) != NULL;
    CSLDestroy(names);
    return count;
}

#endif
