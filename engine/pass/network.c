/*
 * network.c - sorting by a network of exchanges (Batcher's odd-even merge, Knuth 5.2.2M).
 *
 * Needs: inferred nodes. Writes new nodes.
 */
#include "pass/network.h"

static bool exchange(const WfBuild *build, WeftNode *a, WeftNode *b, const char *lo_op,
                     const char *hi_op)
{
    WeftNode lo = wf_build_2(build, lo_op, *a, *b);
    WeftNode hi = wf_build_2(build, hi_op, *a, *b);

    *a = lo;
    *b = hi;
    return lo != WEFT_NONE && hi != WEFT_NONE;
}

bool wf_network_sort(const WfBuild *build, WeftNode *nodes, int count, const char *lo,
                     const char *hi)
{
    int top = 1;

    while (2 * top < count)
        top *= 2;
    for (int p = top; p > 0; p /= 2) {
        int q = top, r = 0, d = p;

        for (;;) {
            for (int i = 0; i < count - d; i++)
                if ((i & p) == r && !exchange(build, &nodes[i], &nodes[i + d], lo, hi))
                    return false;
            if (q == p)
                break;
            d = q - p;
            q /= 2;
            r = p;
        }
    }
    return true;
}
