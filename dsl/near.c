/*
 * near.c - the nearest of several names to a misspelt one.
 *
 * Reads names; writes its own state.
 */
#include <stdio.h>
#include <string.h>

#include "dsl.h"

enum { NAME_MAX_COMPARED = 40 };

/* Edit distance with neighbouring letters swapped as one step. */
static int distance(const char *a, const char *b)
{
    int before[NAME_MAX_COMPARED + 1] = { 0 }, last[NAME_MAX_COMPARED + 1] = { 0 };
    int now[NAME_MAX_COMPARED + 1] = { 0 };
    int na = (int)strlen(a), nb = (int)strlen(b);

    if (na > NAME_MAX_COMPARED || nb > NAME_MAX_COMPARED)
        return NAME_MAX_COMPARED;
    for (int j = 0; j <= nb; j++)
        last[j] = j;
    for (int i = 1; i <= na; i++) {
        now[0] = i;
        for (int j = 1; j <= nb; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = before[j - 2] + 1 < best ? before[j - 2] + 1 : best;
            now[j] = best;
        }
        memcpy(before, last, sizeof last);
        memcpy(last, now, sizeof now);
    }
    return last[nb];
}

void wf_near_start(WfNearest *near, const char *wanted)
{
    int length = (int)strlen(wanted);

    *near = (WfNearest) { .wanted = wanted };
    near->distance = length < 2 ? 1 : length < 6 ? 2 : length < 9 ? 3 : 4; /* farther is no slip */
}

void wf_near_try(WfNearest *near, const char *name)
{
    int d = distance(near->wanted, name);

    if (d >= near->distance)
        return;
    near->distance = d;
    snprintf(near->best, sizeof near->best, "%s", name);
}

const char *wf_near_hint(WfNearest *near)
{
    if (!*near->best)
        return NULL;
    snprintf(near->hint, sizeof near->hint, "did you mean \"%s\"?", near->best);
    return near->hint;
}
