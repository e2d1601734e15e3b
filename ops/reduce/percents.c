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

double wf_percents_at(const WfPercents *percents, int i, uint64_t n)
{
    double part = percents->p[i] / 100, third = 1 / 3.0, last = (double)(n - 1), at = last * part;

    if (percents->method == WF_PERCENT_MEDIAN_UNBIASED)
        at = (double)n * part + (third + part * (1 - third - third)) - 1;
    return fmin(fmax(at, 0), last);
}

double wf_percents_between(const WfPercents *percents, double between, uint64_t low)
{
    switch (percents->method) {
    case WF_PERCENT_LOWER:
        return 0;
    case WF_PERCENT_HIGHER:
        return between > 0;
    case WF_PERCENT_NEAREST:
        return between == 0.5 ? (double)(low % 2) : between > 0.5;
    case WF_PERCENT_MIDPOINT:
        return between > 0 ? 0.5 : 0;
    default:
        return between;
    }
}

WfPlace wf_percents_place(const WfPercents *percents, int i, uint64_t n)
{
    double at = wf_percents_at(percents, i, n), whole = floor(at);
    WfPlace place = { .low = (uint64_t)whole };

    if (!(at < (double)(n - 1)))
        return (WfPlace) { .low = n - 1, .high = n - 1 };
    place.high = place.low + 1;
    place.between = wf_percents_between(percents, at - whole, place.low);
    return place;
}

double wf_percents_value(double low, double high, double between)
{
    double step = high - low;

    if (low == high || between == 0)
        return low;
    if (between == 1)
        return high;
    if (!isfinite(step)) /* between a finite and an infinite value lies the infinite one */
        return low * (1 - between) + high * between;
    return between >= 0.5 ? high - step * (1 - between) : low + step * between;
}
