/*
 * terms.h - weighted nodes, and their sum.
 */
#ifndef WF_TERMS_H
#define WF_TERMS_H

#include "pass/build.h"

typedef struct WfTerm {
    WeftNode cell;
    double weight; /* not 0 */
} WfTerm;

typedef struct WfTerms {
    const WfBuild *build;
    WfTerm *term; /* freed by wf_terms_free */
    int count, room;
    int middle, away; /* the term nearest to the window's middle, and how near it is */
} WfTerms;

/* Add one; away: how far from the middle, in any unit. False, with err set: no memory. */
bool wf_terms_add(WfTerms *terms, WeftNode cell, double weight, int away);
void wf_terms_free(WfTerms *terms);

/* Where the weights add up to 0, write the same sum as one of differences, so that cells that are
 * all alike give exactly 0: of cells whose weights are opposite, else to a level, which is near the
 * cells: that of the node, or of the middle term where it is WEFT_NONE. */
void wf_terms_compare(WfTerms *terms, WeftNode level);

/* Weight times cell, added up. The terms are not what they were. */
WeftNode wf_terms_sum(WfTerms *terms);

#endif
