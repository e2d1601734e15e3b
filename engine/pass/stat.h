/*
 * stat.h - the statistics that windows and series of rasters know, and their names.
 */
#ifndef WF_STAT_H
#define WF_STAT_H

#include "base/err.h"

typedef enum WfStat {
    WF_STAT_COUNT,
    WF_STAT_PIXELS,
    WF_STAT_SUM,
    WF_STAT_MEAN,
    WF_STAT_MIN,
    WF_STAT_MAX,
    WF_STAT_RANGE,
    WF_STAT_VAR,
    WF_STAT_STD,
    WF_STAT_MEDIAN,
    WF_STAT_PERCENTILE,
    WF_STAT_MODE,
    WF_STAT_MINORITY,
    WF_STAT_VARIETY,
    WF_STAT_FIRST,
    WF_STAT_LAST,
    WF_STAT_ARGMIN, /* number of the cell in a window, row by row, or of the raster, from 1 */
    WF_STAT_ARGMAX,
    WF_STAT_MAD, /* from here on of series alone */
    WF_STAT_SLOPE,
    WF_STAT_INTERCEPT,
    WF_STAT_R,
    WF_STAT_P,
    WF_STAT_MEDOID, /* from here on of vectors of bands */
    WF_STAT_GEOMEDIAN
} WfStat;

/* The statistic of a name; "p2.5" sets percent too. last: the highest statistic that is allowed.
 * False: the error calls it a `what` and lists the names, or the nearest one. */
bool wf_stat_find(const char *name, WfStat last, const char *what, WfStat *stat, double *percent,
                  WeftErr *err);

/* What a statistic is beside the values it is made of. */
typedef enum WfStatGives {
    WF_STAT_GIVES_OTHER,
    WF_STAT_GIVES_VALUE, /* one of them */
    WF_STAT_GIVES_MIDDLE /* one of an odd number of them, else a value between two */
} WfStatGives;
WfStatGives wf_stat_gives(WfStat stat);

/* The statistic is in the unit of the values it is made of: their mean is, their count is not. */
bool wf_stat_same_unit(WfStat stat);

#endif
