/*
 * sink_file.h - how an output file is to be made, and whether it can.
 */
#ifndef WF_SINK_FILE_H
#define WF_SINK_FILE_H

#include "weft.h"

/* What weft_save says, settled. */
typedef struct WfSinkFile {
    const char *path;
    const WeftGrid *grid;
    int band_count;           /* without the mask band */
    const char *const *names; /* or NULL */
    WeftType type;            /* BOOL is written as u8 */
    bool has_nodata;
    double nodata;
    bool has_mask; /* band `band_count` of writes is the mask: u8, 255 valid, 0 not */
    const char *format, *compress;
    int predictor, level, blocksize;
    bool keep, durable;
    const char *const *options; /* or NULL */
    int workers;                /* that compress */
} WfSinkFile;

/* Check a file before anything is computed: folder writable, format known and able, options known,
 * not also read or written elsewhere is the caller's. Creates nothing. Gives the block layout that
 * tiles must respect. */
bool wf_sink_plan(const WfSinkFile *file, int *block_width, int *block_height, WeftErr *err);

#endif
