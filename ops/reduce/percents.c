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
    return percents;
}

WfPlace wf_percents_place(double p, uint64_t n)
{
    double at = (double)(n - 1) * (p / 100), whole = floor(at);
    WfPlace place = { .low = (uint64_t)whole, .between = at - whole };

    if (!(at < (double)(n - 1)))
        return (WfPlace) { .low = n - 1, .high = n - 1 };
    place.high = place.low + 1;
    return place;
}

double wf_percents_value(double low, double high, double between)
{
    double step = high - low;

    if (low == high || between == 0)
        return low;
    return between >= 0.5 ? high - step * (1 - between) : low + step * between;
}
