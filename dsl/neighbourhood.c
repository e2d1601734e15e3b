/*
 * neighbourhood.c - windows of focal, convolve, gaussian, sobel, laplace, dilate, erode.
 *
 * Reads sizes, radii, tables of weights and options; the engine checks and lowers what they mean.
 * Goes band by band. Writes new nodes.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dsl.h"

enum { SIZE_MAX_CELLS = 8191 }; /* of a window's side: the engine refuses less, with its reason */

/* What the options of any of these functions fill. */
typedef struct Window {
    WeftFocal focal;
    const char *units;
    bool has_constant;
} Window;

#define AT(member) offsetof(Window, member)
#define EDGES                                                      \
    { "edges", WF_TEXT, AT(focal.edges) }, { "constant", WF_OWN }, \
        { "invalid", WF_TEXT, AT(focal.invalid) },                 \
    {                                                              \
        "min_valid", WF_WHOLE, AT(focal.min_valid)                 \
    }

/* ------------------------------------------------------------------------------- numbers */

static int odd_size(lua_State *L, int index, const char *op, const char *name)
{
    int64_t size = wf_check_whole(L, index, op, name);
    char hint[80];

    if (size >= 1 && size <= SIZE_MAX_CELLS && size % 2 == 1)
        return (int)size;
    if (size < 1 || size > SIZE_MAX_CELLS)
        wf_raisef(L, WEFT_EARG, op, NULL, "%s must lie between 1 and %d cells, not %lld", name,
                  SIZE_MAX_CELLS, (long long)size);
    snprintf(hint, sizeof hint, "a window has a cell in its middle: %lld or %lld",
             (long long)size - 1, (long long)size + 1);
    wf_raisef(L, WEFT_EARG, op, hint, "%s must be odd, not %lld", name, (long long)size);
}

/* The pair of numbers in the table at index. */
static void read_pair(lua_State *L, int index, const char *op, const char *name, const char *form,
                      double pair[2])
{
    if (wf_list_count(L, index, op, "number", form) != 2)
        wf_raisef(L, WEFT_EARG, op, form, "%s must be one number or two", name);
    for (int i = 0; i < 2; i++) {
        lua_rawgeti(L, index, i + 1);
        pair[i] = wf_check_number(L, -1, op, name);
        lua_pop(L, 1);
    }
}

/* size = 5 or {5, 3} */
static void read_size(lua_State *L, int index, const char *op, WeftFocal *focal)
{
    double pair[2];

    if (!lua_istable(L, index)) {
        focal->width = focal->height = odd_size(L, index, op, "size");
        return;
    }
    read_pair(L, index, op, "size", "size = 5, or {5, 3}: width and height", pair);
    lua_rawgeti(L, index, 1);
    focal->width = odd_size(L, lua_gettop(L), op, "size");
    lua_rawgeti(L, index, 2);
    focal->height = odd_size(L, lua_gettop(L), op, "size");
    lua_pop(L, 2);
}

/* radius = 3 or {2, 4} */
static void read_radius(lua_State *L, int index, const char *op, WeftFocal *focal)
{
    double pair[2] = { 0, 0 };

    if (lua_istable(L, index))
        read_pair(L, index, op, "radius", "radius = 3, or {2, 4}: inner and outer", pair);
    else
        pair[1] = wf_check_number(L, index, op, "radius");
    if (!(pair[0] >= 0) || !(pair[1] >= 0) || isinf(pair[1]))
        wf_raisef(L, WEFT_EARG, op, NULL, "radius must be 0 or more, not %.14g",
                  pair[0] >= 0 ? pair[1] : pair[0]);
    if (pair[1] < pair[0])
        wf_raisef(L, WEFT_EARG, op, "radius = {2, 4}: inner and outer",
                  "the inner radius, %.14g, is larger than the outer, %.14g", pair[0], pair[1]);
    focal->inner = pair[0];
    focal->radius = pair[1];
}

/* The weights of one row of a kernel, the table at the top of the stack. */
static void read_weights(lua_State *L, const char *op, int row, int width, double *weights)
{
    for (int i = 0; i < width; i++) {
        lua_rawgeti(L, -1, i + 1);
        if (lua_type(L, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(L, -1)))
            wf_raisef(L, WEFT_EARG, op, NULL, "weight %d in row %d of the kernel is %s", i + 1,
                      row + 1, lua_type(L, -1) == LUA_TNUMBER ? "not finite" : wf_what(L, -1));
        weights[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
}

static int kernel_side(lua_State *L, const char *op, const char *what, int count)
{
    if (count % 2 == 0 || count > SIZE_MAX_CELLS)
        wf_raisef(L, WEFT_EARG, op,
                  "a kernel has a weight in its middle: {{0, 1, 0}, {1, 1, 1}, {0, 1, 0}}",
                  "the kernel has %d %s: it must be an odd number", count, what);
    return count;
}

/* A table of rows of weights; pushes a buffer that keeps them. */
static void read_kernel(lua_State *L, int index, const char *op, WeftFocal *focal)
{
    static const char *const form = "a list of rows: {{0, 1, 0}, {1, 1, 1}, {0, 1, 0}}";
    double *weights = NULL;
    int width;

    if (!lua_istable(L, index))
        wf_raisef(L, WEFT_EARG, op, form, "the kernel must be a table, not %s", wf_what(L, index));
    focal->height = kernel_side(L, op, "rows", wf_list_count(L, index, op, "row", form));
    for (int row = 0; row < focal->height; row++) {
        if (lua_rawgeti(L, index, row + 1) != LUA_TTABLE)
            wf_raisef(L, WEFT_EARG, op, form, "row %d of the kernel is %s", row + 1,
                      wf_what(L, -1));
        width = wf_list_count(L, -1, op, "weight", form);
        if (row == 0) {
            focal->width = kernel_side(L, op, "weights in a row", width);
            weights = lua_newuserdatauv(
                L, (size_t)focal->width * (size_t)focal->height * sizeof *weights, 0);
            lua_insert(L, -2);
        }
        if (width != focal->width)
            wf_raisef(L, WEFT_EARG, op, "its rows have equal length",
                      "row %d of the kernel has %d weights, row 1 has %d", row + 1, width,
                      focal->width);
        read_weights(L, op, row, focal->width, weights + (size_t)row * (size_t)focal->width);
        lua_pop(L, 1);
    }
    focal->weights = weights;
}

/* ------------------------------------------------------------------------------- windows */

static void read_constant(lua_State *L, int options, const char *op, Window *window)
{
    bool wanted = window->focal.edges && !strcmp(window->focal.edges, "constant");

    if (!wf_option_push(L, options, "constant"))
        return;
    window->focal.constant = wf_check_number(L, -1, op, "constant");
    lua_pop(L, 1);
    if (!wanted)
        wf_raisef(L, WEFT_EARG, op, "write edges = \"constant\" too",
                  "constant is the value outside with edges = \"constant\" only");
}

/* Which of these the options name; -1: none, more than one is an error. */
static int one_of(lua_State *L, int options, const char *op, const char *const *names)
{
    int found = -1;

    for (int i = 0; names[i]; i++) {
        if (!wf_option_push(L, options, names[i]))
            continue;
        lua_pop(L, 1);
        if (found >= 0)
            wf_raisef(L, WEFT_EARG, op, NULL, "%s and %s both say how large the window is",
                      names[found], names[i]);
        found = i;
    }
    return found;
}

static void refuse_units(lua_State *L, const char *op, const char *units)
{
    static const char *const known[] = { "cells", "map" };
    const char *hint;
    WfNearest near;

    wf_near_start(&near, units);
    for (int i = 0; i < 2; i++)
        wf_near_try(&near, known[i]);
    hint = wf_near_hint(&near);
    wf_raisef(L, WEFT_ENAME, op,
              lua_pushfstring(L, "%s%scells, map", hint ? hint : "", hint ? " " : ""),
              "there are no units \"%s\"", units);
}

/* The lengths of a cell that the radius is measured with. */
static void read_units(lua_State *L, const char *op, const WeftGrid *grid, Window *window)
{
    const double *t = grid->transform;

    window->focal.cell_width = window->focal.cell_height = 1;
    if (!window->units || !strcmp(window->units, "cells"))
        return;
    if (strcmp(window->units, "map") != 0)
        refuse_units(L, op, window->units);
    if (!(window->focal.radius > 0))
        wf_raisef(L, WEFT_EARG, op, "with units = \"map\" give a radius",
                  "size and kernel count cells");
    if (!grid->georeferenced)
        wf_raisef(L, WEFT_EARG, op, NULL, "the raster is not georeferenced: it has no map units");
    window->focal.cell_width = hypot(t[1], t[4]);
    window->focal.cell_height = hypot(t[2], t[5]);
}

/* Cells from the centre to the side of a window that holds the radius. */
static int reach(lua_State *L, const char *op, double radius, double cell)
{
    double cells = floor(radius / cell * (1 + 1e-12));

    if (!(cells <= SIZE_MAX_CELLS / 2))
        wf_raisef(L, WEFT_EARG, op, NULL, "a radius of %.14g is %.0f cells: more than %d", radius,
                  cells, SIZE_MAX_CELLS / 2);
    return (int)cells;
}

/* A square takes its size from a radius, a circle its radius from a size. */
static void settle_shape(lua_State *L, const char *op, Window *window)
{
    WeftFocal *focal = &window->focal;
    bool square = !focal->shape || !strcmp(focal->shape, "square");
    bool annulus = focal->shape && !strcmp(focal->shape, "annulus");

    if (focal->inner > 0 && !annulus)
        wf_raisef(L, WEFT_EARG, op, "write shape = \"annulus\"",
                  "a radius of two numbers is that of an annulus");
    if (focal->weights && !square)
        wf_raisef(L, WEFT_EARG, op, NULL, "the kernel says the shape: leave shape out");
    if (annulus && !focal->width && !(focal->radius > 0))
        wf_raisef(L, WEFT_EARG, op, "radius = {2, 4}", "an annulus needs a radius");
    if (annulus && focal->width)
        wf_raisef(L, WEFT_EARG, op, "radius = {2, 4}", "an annulus is given by its radius");
    if (square && !focal->width) {
        focal->width = 2 * reach(L, op, focal->radius, focal->cell_width) + 1;
        focal->height = 2 * reach(L, op, focal->radius, focal->cell_height) + 1;
        focal->radius = 0;
    } else if (!square && focal->width) {
        if (focal->width != focal->height)
            wf_raisef(L, WEFT_EARG, op, "use one size, or shape = \"square\"",
                      "a circle is as wide as it is high, not %d x %d", focal->width,
                      focal->height);
        focal->radius = focal->width / 2;
        focal->width = focal->height = 0;
    }
}

/* ------------------------------------------------------------------------------- nodes */

/* The window of each band of the raster at index 1; the result's bands from `first` are filled. */
static void apply(lua_State *L, const char *op, const WeftFocal *focal, WfRaster *result, int first)
{
    const WfRaster *raster = wf_raster_test(L, 1);
    WeftGraph *graph = wf_script_graph(L);
    WeftErr err = WF_NO_ERR;

    for (int b = 0; b < raster->band_count; b++) {
        result->bands[first + b].node = weft_focal(graph, raster->bands[b].node, focal, &err);
        if (result->bands[first + b].node == WEFT_NONE) {
            snprintf(err.op, sizeof err.op, "%s", op);
            wf_raise(L, &err);
        }
    }
}

static int push_applied(lua_State *L, const char *op, const WeftFocal *focal)
{
    WfRaster *result = wf_raster_new(L, wf_raster_test(L, 1)->band_count);

    apply(L, op, focal, result, 0);
    wf_raster_copy_names(L, 1, -1);
    wf_times_inherit(L, 1, 1, -1);
    return 1;
}

/* stat = {"mean", "std"}: the bands of all, each named after its statistic. */
static int push_list(lua_State *L, const char *op, WeftFocal *focal, int list)
{
    static const char *const form = "stat = \"mean\", or {\"mean\", \"std\"}";
    int bands = wf_raster_test(L, 1)->band_count;
    int count = wf_list_count(L, list, op, "statistic", form);
    WfRaster *result;
    int at;

    if (count < 1)
        wf_raisef(L, WEFT_EARG, op, form, "the list of statistics is empty");
    wf_list_once(L, list, op);
    result = wf_raster_new(L, bands * count);
    at = lua_gettop(L);
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, list, i + 1);
        focal->stat = wf_check_text(L, -1, op, "a statistic");
        apply(L, op, focal, result, i * bands);
        for (int b = 0; b < bands; b++) {
            const char *name = wf_raster_name(L, 1, b);
            lua_pushfstring(L, "%s%s%s", name, *name ? "_" : "", focal->stat);
            wf_raster_set_name(L, at, i * bands + b, lua_tostring(L, -1));
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return 1;
}

/* The raster and its grid. */
static const WeftGrid *begin(lua_State *L, const char *op, int options)
{
    const WfRaster *raster = wf_raster_check(L, 1, op, "the value");

    luaL_checkstack(L, 20, "too many values");
    wf_args_most(L, options, op);
    return wf_raster_need_grid(L, raster, op);
}

static int focal(lua_State *L)
{
    static const WfOption known[] = {
        { "stat", WF_OWN },
        { "size", WF_OWN },
        { "radius", WF_OWN },
        { "kernel", WF_OWN },
        { "shape", WF_TEXT, AT(focal.shape) },
        { "units", WF_TEXT, AT(units) },
        { "ddof", WF_WHOLE, AT(focal.ddof) },
        EDGES,
        { NULL, WF_OWN },
    };
    static const char *const sizes[] = { "size", "radius", "kernel", NULL };
    const WeftGrid *grid = begin(L, "focal", 2);
    Window window = { .units = NULL };
    int size, stat;

    wf_options(L, 2, "focal", known, &window);
    size = one_of(L, 2, "focal", sizes);
    if (!wf_option_push(L, 2, "stat"))
        wf_raisef(L, WEFT_EARG, "focal", "r:focal{stat = \"mean\", size = 3}",
                  "the statistic is missing");
    stat = lua_gettop(L);
    if (size < 0 || !wf_option_push(L, 2, sizes[size]))
        wf_raisef(L, WEFT_EARG, "focal", "give it size (cells), radius, or kernel",
                  "how large is the window?");
    if (size == 0)
        read_size(L, lua_gettop(L), "focal", &window.focal);
    else if (size == 1)
        read_radius(L, lua_gettop(L), "focal", &window.focal);
    else
        read_kernel(L, lua_gettop(L), "focal", &window.focal);
    read_constant(L, 2, "focal", &window);
    read_units(L, "focal", grid, &window);
    settle_shape(L, "focal", &window);
    if (lua_istable(L, stat))
        return push_list(L, "focal", &window.focal, stat);
    window.focal.stat = wf_check_text(L, stat, "focal", "stat");
    return push_applied(L, "focal", &window.focal);
}

static int convolve(lua_State *L)
{
    static const WfOption known[] = { { "flip", WF_FLAG, AT(focal.flip) },
                                      EDGES,
                                      { NULL, WF_OWN } };
    Window window = { .focal.stat = "convolve" };

    begin(L, "convolve", 3);
    wf_list_apart(L, 2, 3, "convolve");
    wf_options(L, 3, "convolve", known, &window);
    read_kernel(L, 2, "convolve", &window.focal);
    read_constant(L, 3, "convolve", &window);
    return push_applied(L, "convolve", &window.focal);
}

static int gaussian(lua_State *L)
{
    static const WfOption known[] = { { "truncate", WF_NUMBER, AT(focal.truncate) },
                                      EDGES,
                                      { NULL, WF_OWN } };
    Window window = { .focal = { .stat = "mean", .shape = "gaussian", .truncate = 4 } };

    begin(L, "gaussian", 3);
    wf_options(L, 3, "gaussian", known, &window);
    window.focal.sigma = wf_check_number(L, 2, "gaussian", "sigma");
    if (!(window.focal.sigma > 0) || isinf(window.focal.sigma))
        wf_raisef(L, WEFT_EARG, "gaussian", "sigma is in cells", "sigma must be above 0, not %.14g",
                  window.focal.sigma);
    if (!(window.focal.truncate > 0) || isinf(window.focal.truncate))
        wf_raisef(L, WEFT_EARG, "gaussian", "the window ends at truncate * sigma",
                  "truncate must be above 0, not %.14g", window.focal.truncate);
    read_constant(L, 3, "gaussian", &window);
    return push_applied(L, "gaussian", &window.focal);
}

static int fixed(lua_State *L, const char *op)
{
    static const WfOption known[] = { EDGES, { NULL, WF_OWN } };
    Window window = { .focal.stat = op };

    begin(L, op, 2);
    wf_options(L, 2, op, known, &window);
    read_constant(L, 2, op, &window);
    return push_applied(L, op, &window.focal);
}

static int sobel(lua_State *L)
{
    return fixed(L, "sobel");
}

static int laplace(lua_State *L)
{
    return fixed(L, "laplace");
}

static int extreme(lua_State *L, const char *op, const char *stat)
{
    static const WfOption known[] = { { "shape", WF_TEXT, AT(focal.shape) },
                                      EDGES,
                                      { NULL, WF_OWN } };
    Window window = { .focal = { .stat = stat, .cell_width = 1, .cell_height = 1 } };

    begin(L, op, 3);
    wf_list_apart(L, 2, 3, op);
    wf_options(L, 3, op, known, &window);
    read_size(L, 2, op, &window.focal);
    read_constant(L, 3, op, &window);
    settle_shape(L, op, &window);
    return push_applied(L, op, &window.focal);
}

static int dilate(lua_State *L)
{
    return extreme(L, "dilate", "max");
}

static int erode(lua_State *L)
{
    return extreme(L, "erode", "min");
}

#define FAMILY "neighbourhood"
const WfFunction wf_neighbourhood_functions[] = {
    { "focal", focal, true, FAMILY,
      "r:focal{stat=\"mean\", size=3 | radius=2 | kernel={{...}}, shape=\"square\", "
      "units=\"cells\",\n"
      "        edges=\"shrink\", constant=0, invalid=\"center\", min_valid=1, ddof=0}",
      "a statistic of the cells around each pixel",
      "sums and means are added up in f64 and rounded once: half a unit in the last place\n"
      "(ulp) of f32, and 2^-44 of what cancels; var and std within 1 ulp, percentiles within 1 ulp\n"
      "of the largest cell, the others exact or rounded once; equal cells have their value as mean\n"
      "and 0 as std" },
    { "convolve", convolve, true, FAMILY,
      "r:convolve({{0, 1, 0}, {1, -4, 1}, {0, 1, 0}}, {edges=\"reflect\", invalid=\"propagate\",\n"
      "           flip=false})",
      "the sum of weight times value, not normalised",
      "half an ulp of f32 and 2^-44 of the sum of abs(weight * value); where the weights add up\n"
      "to 0, of abs(weight * difference to the pixel), so that equal cells give exactly 0" },
    { "gaussian", gaussian, true, FAMILY,
      "r:gaussian(sigma, {truncate=4, edges=\"shrink\", invalid=\"center\"})",
      "smoothed by a bell of sigma cells, cut at truncate * sigma",
      "half an ulp of f32; equal cells give their value" },
    { "sobel", sobel, true, FAMILY, "r:sobel{edges=\"reflect\", invalid=\"propagate\"}",
      "the length of the gradient by Sobel's weights, not normalised",
      "2 ulp of f32; equal cells give exactly 0" },
    { "laplace", laplace, true, FAMILY, "r:laplace{edges=\"reflect\", invalid=\"propagate\"}",
      "the sum of the four neighbours less four times the cell",
      "half an ulp of f32 and 2^-44 of the sum of the differences; equal cells give exactly 0" },
    { "dilate", dilate, true, FAMILY, "r:dilate(size, {shape=\"square\", edges=\"shrink\"})",
      "the largest value in a window size cells wide", "exact" },
    { "erode", erode, true, FAMILY, "r:erode(size, {shape=\"square\", edges=\"shrink\"})",
      "the smallest value in a window size cells wide", "exact" },
    { NULL },
};
