/*
 * meaning.h - what the values of a band stand for beside their numbers: plain data.
 */
#ifndef WF_MEANING_H
#define WF_MEANING_H

#include "base/mem.h"
#include "weft.h"

/* What a file says of a band's values, and the next file should say of the same values. */
typedef struct WfMeaning {
    const char *unit;     /* or NULL */
    const char *interp;   /* colour interpretation by GDAL's name; NULL where it says nothing */
    double scale, offset; /* of numbers that are left as they were stored; 1 and 0: none */
    WeftLegend legend;
} WfMeaning;

/* The nodata value of the file that a node's values are from. */
typedef struct WfOrigin {
    bool found;
    bool pure;     /* no valid value can equal it */
    double nodata; /* as the file's type stores it */
} WfOrigin;

bool wf_meaning_empty(const WfMeaning *meaning);
bool wf_meaning_same(const WfMeaning *a, const WfMeaning *b);
bool wf_meaning_is_alpha(const WfMeaning *meaning); /* takes NULL */
const WfMeaning *wf_meaning_copy(WfArena *arena, const WfMeaning *meaning, WeftErr *err);

#endif
