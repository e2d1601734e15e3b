/*
 * percents.c - percentiles between two values of an order.
 */
#include "percents.h"

#include <math.h>

WfPercents wf_percents(const double *settings)
{
    WfPercents percents = { 0 };

    for (int i = 0; i < PERCENTS_MAX; i++)
        if (!isnan(settings[i]))
            percents.p[percents.count++] = settings[i];
    percents.method = (WfPercentMethod)settings[PERCENTS_MAX];
    return percents;
}

/* Where percentile p lies in the order of n values. */
static double place_of(WfPercentMethod method, double p, double n)
{
    double part = p / 100, third = 1 / 3.0, at = (n - 1) * part;

    switch (method) {
    case WF_PERCENT_LOWER:
        return floor(at);
    case WF_PERCENT_HIGHER:
        return ceil(at);
    case WF_PERCENT_NEAREST:
        return rint(at);
    case WF_PERCENT_MIDPOINT:
        return 0.5 * (floor(at) + ceil(at));
    case WF_PERCENT_MEDIAN_UNBIASED:
        return n * part + (third + part * (1 - third - third)) - 1;
    default:
        return at;
    }
}

WfPlace wf_percents_place(const WfPercents *percents, int i, uint64_t n)
{
    double at = place_of(percents->method, percents->p[i], (double)n), whole = floor(at);
    WfPlace place = { 0 };

    if (!(at < (double)(n - 1)))
        return (WfPlace) { .low = n - 1, .high = n - 1 };
    if (at <= 0)
        return place;
    place.low = (uint64_t)whole;
    place.high = place.low + 1;
    place.between = at - whole;
    return place;
}

double wf_percents_value(double low, double high, double between)
{
    double step = high - low;

    if (low == high || between == 0)
        return low;
    return between >= 0.5 ? high - step * (1 - between) : low + step * between;
}
