/*
 * brief.h - long lists of like things, and reaches, told in a few words.
 */
#ifndef WF_BRIEF_H
#define WF_BRIEF_H

#include "base/text.h"
#include "plan/plan.h"

/* Add lines to text. Parts are lines indented by two and what is indented further below them; of
 * many parts in a row that differ in digits only, and of many such lines of a part, the first and
 * the last are told, and how many lie between. */
void wf_brief_lines(const char *lines, WfText *text);

/* "sub, add, div"; of many names each once, with its number: "30 turn, 136 lesser". name_of gives
 * the i-th, NULL for one to leave out. False: there was none. */
bool wf_brief_names(const void *list, int count, const char *(*name_of)(const void *list, int i),
                    WfText *text);

/* "1 pixel around", "2 pixels left, 1 down" */
void wf_brief_reach(WfReach reach, WfText *text);

static inline const char *wf_plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

#endif
