/*
 * percents.h - percentiles as parameters, and between which two values of an order they lie.
 */
#ifndef WEFT_PERCENTS_H
#define WEFT_PERCENTS_H

#include "reduce.h"

enum { PERCENTS_MAX = 16 };

/* What stands for a percentile that lies between two values, by numpy's names. */
typedef enum WfPercentMethod {
    WF_PERCENT_LINEAR,
    WF_PERCENT_LOWER,
    WF_PERCENT_HIGHER,
    WF_PERCENT_NEAREST, /* of two equally near the one with the even number */
    WF_PERCENT_MIDPOINT,
    WF_PERCENT_MEDIAN_UNBIASED /* type 8: linear, with a place of its own */
} WfPercentMethod;
#define PERCENT_METHODS "linear|lower|higher|nearest|midpoint|median_unbiased"

typedef struct WfPercents {
    int count;
    double p[PERCENTS_MAX]; /* 0 to 100 */
    WfPercentMethod method;
} WfPercents;

/* From the settings that PERCENT_PARAMS declare; percentiles that are not given are NaN. */
WfPercents wf_percents(const double *settings);

/* Where percentile i lies in the order of n > 0 values, from 0 to n - 1; what stands for it, if
 * that is `between` two values, from 0, the lower of which has the number low. */
double wf_percents_at(const WfPercents *percents, int i, uint64_t n);
double wf_percents_between(const WfPercents *percents, double between, uint64_t low);

/* The numbers from 0 of the two values around percentile i, and how far it lies between them. */
typedef struct WfPlace {
    uint64_t low, high;
    double between;
} WfPlace;
WfPlace wf_percents_place(const WfPercents *percents, int i, uint64_t n);
double wf_percents_value(double low, double high, double between);

#define PERCENT(number)              \
    { .name = "p" #number,           \
      .kind = WEFT_PARAM_REAL,       \
      .optional = (number) > 1,      \
      .fallback = __builtin_nan(""), \
      .low = 0,                      \
      .high = 100,                   \
      .help = (number) == 1 ? "percentiles, a column for each" : "another one" }
#define PERCENT_PARAMS                                                                           \
    PERCENT(1), PERCENT(2), PERCENT(3), PERCENT(4), PERCENT(5), PERCENT(6), PERCENT(7),          \
        PERCENT(8), PERCENT(9), PERCENT(10), PERCENT(11), PERCENT(12), PERCENT(13), PERCENT(14), \
        PERCENT(15), PERCENT(16),                                                                \
        { .name = "method",                                                                      \
          .kind = WEFT_PARAM_CHOICE,                                                             \
          .optional = true,                                                                      \
          .option = true,                                                                        \
          .choices = PERCENT_METHODS,                                                            \
          .help = "what stands for a percentile between two values" }
#define PERCENT_FORMULA                                                                   \
    "type 7: at (n - 1) p / 100 in the order from 0, linear between two values; type 8, " \
    "median_unbiased: at (n + 1/3) p / 100 - 2/3"
#define PERCENT_SOURCE "Hyndman, Fan 1996; rounding as in numpy.percentile"

#endif
