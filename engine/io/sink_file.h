/*
 * sink_file.h - how an output file is to be made, and whether it can.
 */
#ifndef WF_SINK_FILE_H
#define WF_SINK_FILE_H

#include "graph/meaning.h"

/* What weft_save says, settled. */
typedef struct WfSinkFile {
    const char *path;
    const WeftGrid *grid;
    int band_count;                   /* without the mask band */
    const char *const *names;         /* or NULL */
    const WfMeaning *const *meanings; /* of each band, NULL among them where nothing is known; or
                                       * NULL */
    const WeftRange *ranges; /* of each band's valid pixels as they are stored; NULL: any */
    WeftType type;           /* BOOL is written as u8 */
    bool has_nodata;
    double nodata;
    int mask_count; /* 0, 1 for all bands, or as many as bands. Band `band_count` + i of writes is
                     * the i-th: u8, 255 valid, 0 not */
    bool alpha;     /* pixels are invalid where a band, whose meaning says so, is 0 */
    const char *format, *compress;
    int predictor, level, blocksize;
    bool keep, durable;
    const char *const *options; /* or NULL */
    int workers;                /* that compress */
} WfSinkFile;

/* What is known of a file before it is made. */
typedef struct WfLayout {
    int block_width, block_height; /* that tiles must respect */
    bool unable;    /* it was refused for its type, nodata value or mask: another may do */
    bool rough;     /* the format changes values a little, and has no way not to */
    char lost[400]; /* what it drops of what is known of the bands: "the unit of band 1"; or "" */
} WfLayout;

/* Check a file before anything is computed: folder writable, format known and able, options known,
 * and, where the format is no plain GeoTIFF, whether a small file of the kind keeps pixels and what
 * is invalid. Not also read or written elsewhere is the caller's. Creates nothing that stays. */
bool wf_sink_plan(const WfSinkFile *file, WfLayout *layout, WeftErr *err);

#endif
