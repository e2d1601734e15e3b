/*
 * network.h - sorting by a network of exchanges, which costs the same for any values.
 */
#ifndef WF_NETWORK_H
#define WF_NETWORK_H

#include "pass/build.h"

/* Sort nodes in place. lo and hi name the operators that give the first and the second of two.
 * What leads to places that nobody reads is never computed. */
bool wf_network_sort(const WfBuild *build, WeftNode *nodes, int count, const char *lo,
                     const char *hi);

#endif
