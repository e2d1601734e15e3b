/*
 * gdal_call.h - calling GDAL: set-up, pixel types, and its messages as errors of ours.
 */
#ifndef WF_GDAL_CALL_H
#define WF_GDAL_CALL_H

#include <gdal.h>

#include "base/err.h"

/* Register the drivers, once for the process. GDAL's block cache is made empty, unless the user has
 * set GDAL_CACHEMAX: decoded blocks are ours to keep. */
void wf_gdal_start(void);
/* Files that are read through that cache (VRT) get a small one. */
void wf_gdal_allow_cache(void);

/* What GDAL says between begin and end goes here, not to standard error. Must be left by
 * wf_call_end in the same thread. */
typedef struct WfCall {
    char text[400]; /* the first error; while there is none, the first warning; else empty */
    bool failed;    /* an error was met */
    bool damaged;   /* so was a warning that pixels are not what they were */
    bool memory;    /* the error was a lack of memory */
    int full;       /* errno where the disk was full when the error was met; or 0 */
    WeftCode code;  /* that an error of ours gets; 0: WEFT_EIO */
} WfCall;

void wf_call_begin(WfCall *call);
void wf_call_end(WfCall *call);
/* An error of ours from `what` and GDAL's words. Gives false. */
bool wf_call_fail(const WfCall *call, WeftErr *err, const char *path, const char *what, ...)
    __attribute__((format(printf, 4, 5)));

/* The type of a band's pixels as read; WEFT_AUTO where there is none. */
WeftType wf_gdal_type(GDALRasterBandH band);
/* As what GDAL holds it. With PIXELTYPE where GDAL is older than Int8: see wf_gdal_signed_byte. */
GDALDataType wf_gdal_data_type(WeftType type);
/* Set a band's nodata value, which is one of the type. */
CPLErr wf_gdal_nodata(GDALRasterBandH band, WeftType type, double value);
/* Masks of u8: one for all bands, inside the file whatever the user's configuration says; or one
 * for each, beside it. */
bool wf_gdal_add_masks(GDALDatasetH data, int count);
/* i8 must be asked for with the creation option PIXELTYPE=SIGNEDBYTE. */
bool wf_gdal_signed_byte(WeftType type);

#endif
