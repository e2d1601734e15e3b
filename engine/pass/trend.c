/*
 * trend.c - the least-squares line of each pixel across rasters, written as nodes.
 *
 * Two passes in f64: means of x and y over the valid pixels, then sums of products of what is left
 * beside them. r is 0 where y does not differ, and within [-1, 1]; p is that of scipy's linregress:
 * two-sided, from Student's t with n - 2 degrees of freedom. Needs: inferred inputs. Writes new
 * nodes.
 */
#include "pass/trend.h"

#include "pass/pass.h"

enum { XX, XY, YY, SUMS };

typedef struct Trend {
    const WfBuild *build;
    const WfSeries *series;
    bool related; /* R or P is wanted: YY too */
    WeftNode count, mean_x, mean_y;
    WeftNode sum[SUMS];
} Trend;

/* x of raster i, as a number in f64. */
static WeftNode x_at(const Trend *t, int i)
{
    return wf_infer_constant(t->build->graph, t->series->x[i], false, false, NULL, t->build->err);
}

/* The sum of the terms of rasters 0 ... i. */
static WeftNode add_up(const Trend *t, int i, WeftNode so_far, WeftNode term)
{
    return i == 0 ? term : wf_build_2(t->build, "add", so_far, term);
}

/* The same; an invalid pixel adds 0. */
static WeftNode add_valid(const Trend *t, int i, WeftNode so_far, WeftNode value)
{
    return add_up(t, i, so_far, wf_build_term(t->build, t->series->inputs[i], value));
}

static void find_means(Trend *t)
{
    const WfBuild *b = t->build;
    WeftNode x = WEFT_NONE, y = WEFT_NONE;

    for (int i = 0; i < t->series->count; i++) {
        WeftNode valid = wf_build_1(b, "isvalid", t->series->inputs[i]);

        x = add_up(t, i, x, wf_build_2(b, "mul", wf_build_1(b, "widen", valid), x_at(t, i)));
        y = add_valid(t, i, y, wf_build_1(b, "widen", t->series->inputs[i]));
    }
    t->mean_x = wf_build_2(b, "div", x, t->count);
    t->mean_y = wf_build_2(b, "div", y, t->count);
}

static void find_sums(Trend *t)
{
    const WfBuild *b = t->build;

    for (int i = 0; i < t->series->count; i++) {
        WeftNode y = wf_build_2(b, "sub", wf_build_1(b, "widen", t->series->inputs[i]), t->mean_y);
        WeftNode x = wf_build_2(b, "sub", x_at(t, i), t->mean_x);

        t->sum[XX] = add_valid(t, i, t->sum[XX], wf_build_2(b, "mul", x, x));
        t->sum[XY] = add_valid(t, i, t->sum[XY], wf_build_2(b, "mul", x, y));
        if (t->related)
            t->sum[YY] = add_valid(t, i, t->sum[YY], wf_build_2(b, "mul", y, y));
    }
}

WeftNode wf_trend_of(const WfBuild *build, const WfSeries *series, WeftNode count)
{
    Trend t = { .build = build, .series = series, .count = count };
    WeftNode slope, r;

    t.related = series->stat == WF_STAT_R || series->stat == WF_STAT_P;
    find_means(&t);
    find_sums(&t);
    if (t.related) {
        r = wf_build_3(build, "correlate", t.sum[XX], t.sum[XY], t.sum[YY]);
        return series->stat == WF_STAT_R ? r : wf_build_2(build, "student", r, count);
    }
    slope = wf_build_2(build, "div", t.sum[XY], t.sum[XX]);
    if (series->stat == WF_STAT_SLOPE)
        return slope;
    return wf_build_2(build, "sub", t.mean_y, wf_build_2(build, "mul", slope, t.mean_x));
}
