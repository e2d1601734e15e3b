/*
 * sentinel.h - an output on its way to be stored, and how what is invalid is said in it.
 */
#ifndef WF_SENTINEL_H
#define WF_SENTINEL_H

#include "base/err.h"
#include "pass/settle.h"
#include "pass/validity.h"

typedef struct WfSettle {
    WfGraph *graph;
    const WeftSave *save;
    const WeftNode *bands; /* as given */
    const WfFormat *format;
    WeftNode *settled;
    int count;
    WfStorage *storage;
    bool may_collide;    /* a valid value may equal the sentinel */
    WfValidity validity; /* once it is known */
    bool proved;
    WeftRange *ranges; /* room for those of the bands */
    WeftErr first;     /* why the first storage that the format could not hold was refused */
    WeftErr *err;
} WfSettle;

static inline const WfNode *wf_settled_node(const WfSettle *s, int band)
{
    return &s->graph->nodes[s->settled[band]];
}

bool wf_settled_valid(const WfSettle *s); /* no pixel of any band can be invalid */

/* For the type that storage names and bands that are cast to it: the first way to say what is
 * invalid that applies and that the format holds; *answer says whether there is one. */
bool wf_sentinel_choose(WfSettle *s, WfHolds *answer);
/* A valid pixel of the band may be stored as v. */
bool wf_sentinel_may_store(const WfSettle *s, int band, double v);
/* Find out what is known of the bands' validity, once. */
bool wf_sentinel_prove(WfSettle *s);
/* The band that is written as an alpha band; -1: none. A band alone is no alpha band. */
int wf_sentinel_alpha(const WfSettle *s);

#endif
