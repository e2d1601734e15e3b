/*
 * validity.h - what can be proven of where bands are invalid, before any pixel is known.
 */
#ifndef WF_VALIDITY_H
#define WF_VALIDITY_H

#include "graph/graph.h"

/* What is proven of some bands. False is "not proven". */
typedef struct WfValidity {
    bool same;   /* all are invalid at the same pixels */
    bool alpha;  /* none is invalid but where the alpha band among them, which is read as it is from
                  * a file, is 0 */
    bool veiled; /* with an alpha band: the others are invalid wherever it is 0 */
} WfValidity;

/* alpha: index of the band that is written as an alpha band, or -1. */
bool wf_validity_of(const WfGraph *graph, const WeftNode *bands, int count, int alpha,
                    WfValidity *validity, WeftErr *err);

#endif
