/*
 * stat.c - statistics by name.
 *
 * Reads and writes nothing but its arguments.
 */
#include "pass/stat.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct {
    const char *name;
    WfStat stat;
    bool same_unit; /* as that of the values */
    WfStatGives gives;
} stats[] = {
    { "count", WF_STAT_COUNT, false },
    { "pixels", WF_STAT_PIXELS, false },
    { "sum", WF_STAT_SUM, true },
    { "mean", WF_STAT_MEAN, true },
    { "min", WF_STAT_MIN, true, WF_STAT_GIVES_VALUE },
    { "max", WF_STAT_MAX, true, WF_STAT_GIVES_VALUE },
    { "range", WF_STAT_RANGE, true },
    { "std", WF_STAT_STD, true },
    { "var", WF_STAT_VAR, false },
    { "median", WF_STAT_MEDIAN, true, WF_STAT_GIVES_MIDDLE },
    { "mode", WF_STAT_MODE, true, WF_STAT_GIVES_VALUE },
    { "minority", WF_STAT_MINORITY, true, WF_STAT_GIVES_VALUE },
    { "variety", WF_STAT_VARIETY, false },
    { "first", WF_STAT_FIRST, true, WF_STAT_GIVES_VALUE },
    { "last", WF_STAT_LAST, true, WF_STAT_GIVES_VALUE },
    { "argmin", WF_STAT_ARGMIN, false },
    { "argmax", WF_STAT_ARGMAX, false },
    { "mad", WF_STAT_MAD, true },
    { "slope", WF_STAT_SLOPE, false },
    { "intercept", WF_STAT_INTERCEPT, true },
    { "r", WF_STAT_R, false },
    { "p", WF_STAT_P, false },
    { "medoid", WF_STAT_MEDOID, true, WF_STAT_GIVES_VALUE },
    { "geomedian", WF_STAT_GEOMEDIAN, true },
};
enum { STATS = sizeof stats / sizeof *stats };

/* "p90", "p2.5" */
static bool read_percentile(const char *name, double *percent)
{
    char *end;

    if (name[0] != 'p' || !name[1] || !strchr("0123456789.", name[1]))
        return false;
    *percent = strtod(name + 1, &end);
    return *end == '\0' && *percent >= 0 && *percent <= 100;
}

static const char *name_at(const void *list, int i)
{
    const WfStat *last = list;

    return stats[i].stat <= *last ? stats[i].name : "";
}

static bool refuse(const char *name, WfStat last, const char *what, WeftErr *err)
{
    const char *near = wf_nearest(name, &last, STATS, name_at);
    WfText list = { 0 };

    if (near && *near)
        wf_text_add(&list, "did you mean \"%s\"? ", near);
    for (int i = 0; i < STATS; i++)
        if (stats[i].stat <= last)
            wf_text_add(&list, "%s, ", stats[i].name);
    wf_text_add(&list, "p0 ... p100");
    wf_fail(err, WEFT_ENAME, "there is no %s \"%.40s\"", what, name);
    if (!list.failed)
        wf_hint(err, "%s", list.text);
    wf_text_free(&list);
    return false;
}

bool wf_stat_find(const char *name, WfStat last, const char *what, WfStat *stat, double *percent,
                  WeftErr *err)
{
    for (int i = 0; i < STATS; i++)
        if (stats[i].stat <= last && strcmp(stats[i].name, name) == 0) {
            *stat = stats[i].stat;
            return true;
        }
    *stat = WF_STAT_PERCENTILE;
    return read_percentile(name, percent) || refuse(name, last, what, err);
}

bool wf_stat_same_unit(WfStat stat)
{
    for (int i = 0; i < STATS; i++)
        if (stats[i].stat == stat)
            return stats[i].same_unit;
    return true; /* a percentile */
}

WfStatGives wf_stat_gives(WfStat stat)
{
    for (int i = 0; i < STATS; i++)
        if (stats[i].stat == stat)
            return stats[i].gives;
    return WF_STAT_GIVES_OTHER; /* a percentile */
}
