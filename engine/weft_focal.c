/*
 * weft_focal.c - a window and its rules, as a caller names them, to pass/focal.
 *
 * Checks names and numbers; makes the weights of circles, annuli and bells. Writes new nodes.
 */
#include "conductor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pass/build.h"
#include "pass/focal.h"
#include "pass/inherit.h"
#include "pass/linear.h"
#include "pass/pass.h"

typedef struct Name {
    const char *name;
    int value;
} Name;

static const Name edges[] = {
    { "nearest", WF_BEYOND_NEAREST }, { "reflect", WF_BEYOND_REFLECT },
    { "mirror", WF_BEYOND_MIRROR },   { "constant", WF_BEYOND_CONSTANT },
    { "wrap", WF_BEYOND_WRAP },       { "shrink", WF_BEYOND_SHRINK },
    { "invalid", WF_BEYOND_INVALID }, { NULL, 0 },
};

static const Name missing[] = {
    { "propagate", WF_MISSING_PROPAGATE },
    { "skip", WF_MISSING_SKIP },
    { "center", WF_MISSING_CENTER },
    { "fill_center", WF_MISSING_FILL_CENTER },
    { NULL, 0 },
};

enum { SQUARE, CIRCLE, ANNULUS, GAUSSIAN };
static const Name shapes[] = {
    { "square", SQUARE },     { "circle", CIRCLE }, { "annulus", ANNULUS },
    { "gaussian", GAUSSIAN }, { NULL, 0 },
};

/* A window on its way to nodes. */
typedef struct Window {
    const WeftFocal *asked;
    WfFocal focal;
    double *weights;
    int shape;
    WeftErr *err;
} Window;

/* ------------------------------------------------------------------------------- names */

static int find(const Name *names, const char *name)
{
    for (int i = 0; names[i].name; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].value;
    return -1;
}

static const char *name_at(const void *list, int i)
{
    return ((const Name *)list)[i].name;
}

/* The nearest name first, then all of them. */
static bool refuse_name(const Name *names, const char *what, const char *name, WeftErr *err)
{
    WfText list = { 0 };
    const char *near;
    int count = 0;

    while (names[count].name)
        count++;
    near = wf_nearest(name, names, count, name_at);
    if (near)
        wf_text_add(&list, "did you mean \"%s\"? ", near);
    for (int i = 0; i < count; i++)
        wf_text_add(&list, "%s%s", i ? ", " : "", names[i].name);
    wf_fail(err, WEFT_ENAME, "there is no %s \"%.40s\"", what, name);
    if (!list.failed)
        wf_hint(err, "%s", list.text);
    wf_text_free(&list);
    return false;
}

static bool read_name(const Name *names, const char *what, const char *name, int *value,
                      WeftErr *err)
{
    *value = find(names, name);
    return *value >= 0 || refuse_name(names, what, name, err);
}

static bool read_stat(Window *window)
{
    const char *name = window->asked->stat;
    WfFocal *focal = &window->focal;
    WfStat stat = WF_STAT_SUM;

    if (!name)
        return wf_fail(window->err, WEFT_EARG, "the statistic is missing");
    if (strcmp(name, "convolve") != 0 &&
        !wf_stat_find(name, WF_STAT_ARGMAX, "statistic of a window", &stat, &focal->percent,
                      window->err))
        return false;
    focal->stat = stat;
    focal->weighted = (window->asked->weights || window->shape == GAUSSIAN) &&
                      (stat == WF_STAT_SUM || stat == WF_STAT_MEAN);
    return true;
}

/* ------------------------------------------------------------------------------- rules */

static bool read_rules(Window *window, bool linear)
{
    const WeftFocal *asked = window->asked;
    const char *beyond = asked->edges ? asked->edges : linear ? "reflect" : "shrink";
    const char *invalid = asked->invalid ? asked->invalid : linear ? "propagate" : "center";
    int value;

    if (!read_name(edges, "rule for edges", beyond, &value, window->err))
        return false;
    window->focal.beyond = (WfBeyond)value;
    window->focal.constant = asked->constant;
    if (!read_name(missing, "rule for invalid pixels", invalid, &value, window->err))
        return false;
    window->focal.missing = (WfMissing)value;
    if (asked->ddof != 0 && asked->ddof != 1)
        return wf_fail(window->err, WEFT_EARG, "\"ddof\" must be 0 or 1, not %d", asked->ddof);
    window->focal.ddof = asked->ddof;
    return true;
}

static bool read_min_valid(Window *window)
{
    const WfFocal *focal = &window->focal;
    int asked = window->asked->min_valid, cells = 0;

    for (int i = 0; i < focal->width * focal->height; i++)
        cells += focal->weights[i] != 0;
    window->focal.min_valid = asked ? asked : 1;
    if (cells == 0)
        return wf_fail(window->err, WEFT_EARG, "the window has no cell");
    if (asked && focal->missing != WF_MISSING_SKIP && focal->missing != WF_MISSING_CENTER)
        return wf_fail(window->err, WEFT_EARG,
                       "\"min_valid\" goes with invalid=\"skip\" or \"center\"");
    if (asked < 0 || asked > cells)
        return wf_fail(window->err, WEFT_EARG,
                       "\"min_valid\" must be 1 to %d, the cells of the window, not %d", cells,
                       asked);
    return true;
}

/* ------------------------------------------------------------------------------- weights */

static bool set_size(Window *window, double half_width, double half_height)
{
    if (!(half_width >= 0 && half_width <= WF_FOCAL_REACH && half_height >= 0 &&
          half_height <= WF_FOCAL_REACH))
        return wf_fail(window->err, WEFT_EARG, "a window may reach %d cells to each side",
                       WF_FOCAL_REACH);
    window->focal.width = 2 * (int)half_width + 1;
    window->focal.height = 2 * (int)half_height + 1;
    window->weights = wf_calloc((size_t)window->focal.width * (size_t)window->focal.height,
                                sizeof *window->weights, window->err);
    window->focal.weights = window->weights;
    return window->weights != NULL;
}

static bool make_square(Window *window)
{
    const WeftFocal *asked = window->asked;
    int width = asked->width ? asked->width : asked->height, count;
    int height = asked->height ? asked->height : width;

    if (width < 1 || height < 1 || width % 2 == 0 || height % 2 == 0)
        return wf_fail(window->err, WEFT_EARG,
                       "a window is an odd number of cells wide and high, not %d x %d", width,
                       height);
    if (!set_size(window, width / 2, height / 2))
        return false;
    count = width * height;
    for (int i = 0; i < count; i++) {
        window->weights[i] = asked->weights ? asked->weights[asked->flip ? count - 1 - i : i] : 1;
        if (!isfinite(window->weights[i]))
            return wf_fail(window->err, WEFT_EARG, "weight %d of the kernel is no number", i + 1);
    }
    return true;
}

/* Cells with inner <= distance <= radius; distances that differ by rounding only count as equal. */
static bool make_round(Window *window)
{
    const WeftFocal *asked = window->asked;
    double x = asked->cell_width ? asked->cell_width : 1, room = 1e-12;
    double y = asked->cell_height ? asked->cell_height : 1;
    double outer = asked->radius, inner = window->shape == ANNULUS ? asked->inner : 0;
    double *weight;

    if (!(outer >= 0) || !(inner >= 0) || !(inner <= outer) || !(x > 0) || !(y > 0))
        return wf_fail(window->err, WEFT_EARG, "a radius from %g to %g is none", inner, outer);
    if (!set_size(window, floor(outer / x * (1 + room)), floor(outer / y * (1 + room))))
        return false;
    weight = window->weights;
    for (int dy = -(window->focal.height / 2); dy <= window->focal.height / 2; dy++)
        for (int dx = -(window->focal.width / 2); dx <= window->focal.width / 2; dx++) {
            double far = dx * x * dx * x + dy * y * dy * y;

            *weight++ = far >= inner * inner * (1 - room) && far <= outer * outer * (1 + room);
        }
    return true;
}

/* exp(-d^2 / 2 sigma^2) as far as SciPy has it: int(truncate * sigma + 0.5) cells. */
static bool make_bell(Window *window)
{
    const WeftFocal *asked = window->asked;
    double sigma = asked->sigma, cut = asked->truncate ? asked->truncate : 4, sum = 0;
    double half = floor(cut * sigma + 0.5), *weight;

    if (!(sigma > 0) || !(cut > 0))
        return wf_fail(window->err, WEFT_EARG, "sigma and truncate must be above 0");
    if (!set_size(window, half, half))
        return false;
    for (double d = -half; d <= half; d++)
        sum += exp(-0.5 * d * d / (sigma * sigma));
    weight = window->weights;
    for (double dy = -half; dy <= half; dy++)
        for (double dx = -half; dx <= half; dx++)
            *weight++ = exp(-0.5 * dx * dx / (sigma * sigma)) / sum *
                        (exp(-0.5 * dy * dy / (sigma * sigma)) / sum);
    return true;
}

static bool make_weights(Window *window)
{
    switch (window->shape) {
    case SQUARE:
        return make_square(window);
    case GAUSSIAN:
        if (!window->asked->stat || strcmp(window->asked->stat, "mean") != 0)
            return wf_fail(window->err, WEFT_EARG, "a gaussian window goes with the mean");
        return make_bell(window);
    default:
        return make_round(window);
    }
}

/* Weighing has its limits. */
static bool check_weights(Window *window)
{
    const WfFocal *focal = &window->focal;
    double sum = 0;

    for (int i = 0; i < focal->width * focal->height; i++)
        sum += focal->weights[i];
    if (focal->weighted && focal->stat == WF_STAT_MEAN && fabs(sum) < 1e-12) {
        wf_fail(window->err, WEFT_EARG, "the weights add up to 0: there is no mean");
        return wf_hint(window->err, "convolve gives the sum of weight times value");
    }
    return !focal->weighted || wf_linear_check(focal, window->err);
}

/* ------------------------------------------------------------------------------- nodes */

/* Weights of sum 1 make a mean of any kind: a height stays one. Those of other sums may turn it
 * into something else. */
static bool keeps_unit(const Window *window)
{
    const WfFocal *focal = &window->focal;
    double sum = 0;

    if (strcmp(window->asked->stat, "convolve") != 0)
        return wf_stat_same_unit(focal->stat);
    for (int i = 0; i < focal->width * focal->height; i++)
        sum += focal->weights[i];
    return fabs(sum - 1) < 1e-9;
}

/* Each window holds all its cells, or has no result. */
static bool is_full(const WfFocal *focal, const WfNode *input)
{
    bool propagates = focal->missing == WF_MISSING_PROPAGATE;

    return focal->beyond != WF_BEYOND_SHRINK && (input->range.valid || propagates) &&
           (focal->beyond != WF_BEYOND_INVALID || propagates);
}

/* Of a statistic that is one of the cells: what these have of their file. */
static void inherit(const Window *window, WfGraph *graph, WeftNode node, WeftNode input)
{
    const WfFocal *focal = &window->focal;
    WfStatGives gives = strcmp(window->asked->stat, "convolve") == 0 ? WF_STAT_GIVES_OTHER
                                                                     : wf_stat_gives(focal->stat);
    bool between = gives == WF_STAT_GIVES_MIDDLE && !is_full(focal, &graph->nodes[input]);
    int cells = 0;

    for (int i = 0; i < focal->width * focal->height; i++)
        cells += focal->weights[i] != 0;
    if (gives == WF_STAT_GIVES_OTHER || (gives == WF_STAT_GIVES_MIDDLE && cells % 2 == 0))
        return;
    wf_inherit_values(graph, node, &input, 1, between);
    if (focal->beyond == WF_BEYOND_CONSTANT)
        graph->nodes[node].origin.pure &= focal->constant != graph->nodes[node].origin.nodata;
}

static WeftNode apply(WfGraph *graph, WeftNode input, const WeftFocal *asked, bool linear,
                      WeftErr *err)
{
    Window window = { .asked = asked, .err = err };
    WeftNode node = WEFT_NONE;
    int before = graph->count;

    if (read_name(shapes, "shape", asked->shape ? asked->shape : "square", &window.shape, err) &&
        read_stat(&window) && read_rules(&window, linear) && make_weights(&window) &&
        read_min_valid(&window) && check_weights(&window))
        node = wf_focal_apply(graph, input, &window.focal, err);
    if (node >= before) { /* it may be the input itself */
        graph->nodes[node].unit = keeps_unit(&window) ? wf_infer_unit(graph, &input, 1) : "";
        inherit(&window, graph, node, input);
    }
    wf_free(window.weights);
    return node;
}

static WeftNode apply_fixed(WfGraph *graph, WeftNode input, const WeftFocal *asked,
                            const double *weights, WeftErr *err)
{
    WeftFocal focal = *asked;

    focal.stat = "convolve";
    focal.shape = NULL;
    focal.width = focal.height = 3;
    focal.weights = weights;
    focal.flip = false;
    return apply(graph, input, &focal, true, err);
}

static WeftNode laplace(WfGraph *graph, WeftNode input, const WeftFocal *focal, WeftErr *err)
{
    return apply_fixed(graph, input, focal, (const double[]) { 0, 1, 0, 1, -4, 1, 0, 1, 0 }, err);
}

/* The length of the gradient. */
static WeftNode sobel(WfGraph *graph, WeftNode input, const WeftFocal *focal, WeftErr *err)
{
    const WfBuild build = { .graph = graph, .err = err };
    WeftNode across, down;

    across =
        apply_fixed(graph, input, focal, (const double[]) { -1, 0, 1, -2, 0, 2, -1, 0, 1 }, err);
    down = apply_fixed(graph, input, focal, (const double[]) { -1, -2, -1, 0, 0, 0, 1, 2, 1 }, err);
    return wf_build_2(&build, "hypot", across, down);
}

static WeftNode lower(WfGraph *graph, WeftNode input, const WeftFocal *focal, WeftErr *err)
{
    const char *stat = focal->stat ? focal->stat : "";

    if (input < 0 || input >= graph->count || !graph->nodes[input].grid) {
        wf_fail(err, WEFT_EARG, "a number has no window");
        return WEFT_NONE;
    }
    if (strcmp(stat, "sobel") == 0)
        return sobel(graph, input, focal, err);
    if (strcmp(stat, "laplace") == 0)
        return laplace(graph, input, focal, err);
    return apply(graph, input, focal, strcmp(stat, "convolve") == 0, err);
}

WeftNode weft_focal(WeftGraph *graph, WeftNode input, const WeftFocal *focal, WeftErr *err)
{
    int before = graph->nodes->count;
    WeftNode node = lower(graph->nodes, input, focal, err);

    if (node != WEFT_NONE)
        return node;
    while (graph->nodes->count > before)
        wf_graph_drop(graph->nodes, graph->nodes->count - 1);
    wf_err_at(err, &graph->nodes->place, "focal");
    return WEFT_NONE;
}
