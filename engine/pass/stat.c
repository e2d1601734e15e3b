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
} stats[] = {
    { "count", WF_STAT_COUNT },
    { "pixels", WF_STAT_PIXELS },
    { "sum", WF_STAT_SUM },
    { "mean", WF_STAT_MEAN },
    { "min", WF_STAT_MIN },
    { "max", WF_STAT_MAX },
    { "range", WF_STAT_RANGE },
    { "std", WF_STAT_STD },
    { "var", WF_STAT_VAR },
    { "median", WF_STAT_MEDIAN },
    { "mode", WF_STAT_MODE },
    { "minority", WF_STAT_MINORITY },
    { "variety", WF_STAT_VARIETY },
    { "first", WF_STAT_FIRST },
    { "last", WF_STAT_LAST },
    { "argmin", WF_STAT_ARGMIN },
    { "argmax", WF_STAT_ARGMAX },
    { "mad", WF_STAT_MAD },
    { "slope", WF_STAT_SLOPE },
    { "intercept", WF_STAT_INTERCEPT },
    { "r", WF_STAT_R },
    { "p", WF_STAT_P },
    { "medoid", WF_STAT_MEDOID },
    { "geomedian", WF_STAT_GEOMEDIAN },
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
