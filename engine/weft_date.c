/*
 * weft_date.c - dates as texts and in names, for callers of the engine.
 */
#include "base/date.h"

WeftDate weft_date(const char *text, double *seconds)
{
    return wf_date_read(text, seconds);
}

bool weft_date_in(const char *name, const char *pattern, double *seconds, WeftErr *err)
{
    return wf_date_in(name, pattern, seconds, err);
}
