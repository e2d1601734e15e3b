/*
 * settle.h - how each saved band is stored: type, sentinel, casts and counts (semantics 1.3, 2.3).
 *
 * Turns a band into the node that is stored: cast (where the type does not hold the node's range),
 * collide (where a valid value may equal the sentinel), seal (invalid becomes the sentinel).
 */
#ifndef WF_SETTLE_H
#define WF_SETTLE_H

#include "graph/graph.h"

typedef enum WfSentinel {
    WF_SENTINEL_NONE,  /* no pixel can be invalid */
    WF_SENTINEL_VALUE, /* `nodata` */
    WF_SENTINEL_MASK,  /* a mask band for all bands */
    WF_SENTINEL_MASKS, /* a mask band for each */
    WF_SENTINEL_ALPHA  /* one of the bands is an alpha band, and 0 just where they are invalid */
} WfSentinel;

/* All bands of a file share type and sentinel. */
typedef struct WfStorage {
    WeftType type;
    WfSentinel kind;
    double nodata; /* a value of `type`; NaN for floats by default */
    bool veils;    /* a band is written as an alpha band, and pixels that are not known to be
                    * invalid may lie where it is 0 */
} WfStorage;

/* What the output's format can hold, asked for each storage that comes into question, in order. */
typedef enum WfHolds {
    WF_HOLDS,
    WF_HOLDS_NOT, /* not this one: another may do */
    WF_HOLDS_NONE /* it is wrong in any case */
} WfHolds;
typedef struct WfFormat {
    /* ranges: of each band's valid pixels. Sets err unless it holds. */
    WfHolds (*holds)(void *context, const WfStorage *storage, const WeftRange *ranges,
                     WeftErr *err);
    void *context;
} WfFormat;

/* What to do with one saved file. settled[i] is the node to store for band i, masks[i] that of mask
 * band i (1 valid), of which there are none, one or as many as bands. The graph grows and is
 * inferred. format NULL: holds all. */
bool wf_settle(WfGraph *graph, const WeftSave *save, const WeftNode *bands, const WfFormat *format,
               WeftNode *settled, WeftNode *masks, WfStorage *storage, WeftErr *err);

#endif
