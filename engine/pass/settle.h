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
    WF_SENTINEL_MASK   /* a mask band of its own */
} WfSentinel;

/* All bands of a file share type and sentinel. */
typedef struct WfStorage {
    WeftType type;
    WfSentinel kind;
    double nodata; /* a value of `type`; NaN for floats by default */
} WfStorage;

/* What to do with one saved file. settled[i] is the node to store for band i; mask is the node of
 * the mask band (1 valid) or WEFT_NONE. The graph grows and is inferred. */
bool wf_settle(WfGraph *graph, const WeftSave *save, const WeftNode *bands, WeftNode *settled,
               WeftNode *mask, WfStorage *storage, WeftErr *err);

#endif
