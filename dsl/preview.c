/*
 * preview.c - pictures: r:plot to a file, r:show in the terminal.
 *
 * One band goes through a colour map, three or more as red, green, blue; invalid pixels are
 * transparent. Computed only at the pixels shown. Writes one file or standard output.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "dsl.h"

typedef struct Picture {
    int width, height;
    const char *cmap;
    const char *format; /* plot: or NULL */
    double stretch[2];  /* percentiles */
    bool exact;
    int64_t step;  /* of the raster, per pixel shown */
    uint8_t *rgba; /* a userdata */
} Picture;

static const WfOption plot_options[] = {
    { "format", WF_TEXT, offsetof(Picture, format) },
    { "width", WF_WHOLE, offsetof(Picture, width) },
    { "cmap", WF_TEXT, offsetof(Picture, cmap) },
    { "stretch", WF_OWN },
    { "exact", WF_FLAG, offsetof(Picture, exact) },
    { NULL, WF_OWN },
};

static const WfOption *const show_options = plot_options + 1; /* no file, no format */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double percentile(const double *sorted, size_t count, double p)
{
    double at = p / 100 * (double)(count - 1), step, t;
    size_t low = (size_t)at;

    if (low + 1 >= count)
        return sorted[count - 1];
    step = sorted[low + 1] - sorted[low];
    t = at - (double)low;
    return isfinite(step) ? sorted[low] + step * t : sorted[low] * (1 - t) + sorted[low + 1] * t;
}

/* Values that become black and white (or the ends of the map): percentiles of the finite ones. */
static void find_stretch(lua_State *L, const double *values, size_t count, const Picture *p,
                         double ends[2])
{
    double *sorted = lua_newuserdatauv(L, (count ? count : 1) * sizeof *sorted, 0);
    size_t valid = 0;

    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            sorted[valid++] = values[i];
    qsort(sorted, valid, sizeof *sorted, compare);
    for (int i = 0; i < 2; i++)
        ends[i] = valid ? percentile(sorted, valid, p->stretch[i]) : i;
    lua_pop(L, 1);
}

/* Where both ends are one value, what lies beside it is still told from it. */
static double stretched(double value, const double ends[2])
{
    double part = isfinite(ends[1] - ends[0]) ? 1 : 0.5, low = ends[0] * part;

    if (!(ends[1] > ends[0]))
        return value < ends[0] ? 0 : value > ends[0] ? 1 : 0.5;
    return (value * part - low) / (ends[1] * part - low);
}

/* The list at the top of the stack, which is popped. */
static void read_stretch(lua_State *L, const char *op, Picture *p)
{
    static const char *const form = "stretch must be two percentiles: {2, 98}";

    if (!lua_istable(L, -1) || wf_list_count(L, -1, op, "percentile", NULL) != 2)
        wf_raisef(L, WEFT_EARG, op, NULL, "%s", form);
    for (int i = 0; i < 2; i++) {
        if (lua_rawgeti(L, -1, i + 1) != LUA_TNUMBER)
            wf_raisef(L, WEFT_EARG, op, NULL, "%s", form);
        p->stretch[i] = lua_tonumber(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    if (!(p->stretch[0] >= 0 && p->stretch[0] < p->stretch[1] && p->stretch[1] <= 100))
        wf_raisef(L, WEFT_EARG, op, NULL, "%s", form);
}

static void read_options(lua_State *L, const char *op, int index, const WfOption *known, Picture *p)
{
    uint8_t rgb[3];
    WfNearest near;

    wf_options(L, index, op, known, p);
    if (wf_option_push(L, index, "stretch"))
        read_stretch(L, op, p);
    if (wf_option_push(L, index, "width") && (p->width < 1 || p->width > 30000))
        wf_raisef(L, WEFT_EARG, op, NULL, "width must lie between 1 and 30000, not %d", p->width);
    wf_near_start(&near, p->cmap);
    for (int i = 0; wf_colour_name(i); i++)
        wf_near_try(&near, wf_colour_name(i));
    if (!wf_colour(p->cmap, 0, rgb))
        wf_raisef(L, WEFT_ENAME, op,
                  wf_near_hint(&near) ? wf_near_hint(&near) : "grey viridis magma terrain ndvi",
                  "no colour map \"%s\"", p->cmap);
}

/* One band into the picture; a pixel is shown where all bands are valid. skip and stride: from
 * pixel to pixel shown, and from row to row, of the values. */
static void draw_band(const Picture *p, const double *values, int64_t skip, int64_t stride,
                      const double ends[2], int band, bool mixed)
{
    for (int64_t y = 0; y < p->height; y++)
        for (int64_t x = 0; x < p->width; x++) {
            double value = values[y * skip * stride + x * skip];
            uint8_t *pixel = p->rgba + 4 * (y * p->width + x), rgb[3];

            if (isnan(value) || (band && !pixel[3])) {
                memset(pixel, 0, 4);
                continue;
            }
            wf_colour(mixed ? "grey" : p->cmap, stretched(value, ends), rgb);
            if (mixed)
                pixel[band] = rgb[band];
            else
                memcpy(pixel, rgb, 3);
            pixel[3] = 255;
        }
}

/* Pixel values of the raster at index to RGBA. With exact, every pixel of the raster is read, and
 * the stretch is that of all of them. */
static void draw(lua_State *L, const char *op, int index, const WeftGrid *grid, Picture *p)
{
    const WfRaster *raster = wf_raster_test(L, index);
    int bands = raster->band_count >= 3 ? 3 : 1;
    WfRaster *shown = wf_raster_new(L, bands);
    int64_t skip = p->exact ? p->step : 1;
    WeftRead read = { .step = p->exact ? 1 : p->step };

    for (int b = 0; b < bands; b++)
        shown->bands[b] = raster->bands[b];
    read.cols = p->exact ? grid->width : p->width;
    read.rows = p->exact ? grid->height : p->height;
    const double *values = wf_read_pixels(L, lua_gettop(L), &read, op);
    size_t count = (size_t)read.cols * (size_t)read.rows;
    p->rgba = lua_newuserdatauv(L, (size_t)p->width * (size_t)p->height * 4, 0);
    memset(p->rgba, 0, (size_t)p->width * (size_t)p->height * 4);
    for (int b = 0; b < bands; b++) {
        const double *band = values + (size_t)b * count;
        double ends[2];
        find_stretch(L, band, count, p, ends);
        draw_band(p, band, skip, read.cols, ends, b, bands == 3);
    }
}

static void choose_size(const WeftGrid *grid, int widest, Picture *p)
{
    int64_t width = p->width ? p->width : widest;

    p->step = (grid->width + width - 1) / width;
    p->step = p->step < 1 ? 1 : p->step;
    p->width = (int)((grid->width + p->step - 1) / p->step);
    p->height = (int)((grid->height + p->step - 1) / p->step);
}

static int refuse(lua_State *L, WeftErr *err)
{
    snprintf(err->op, sizeof err->op, "plot");
    return wf_raise(L, err);
}

static int plot(lua_State *L)
{
    const WeftGrid *grid =
        wf_raster_need_grid(L, wf_raster_check(L, 1, "plot", "the value"), "plot");
    Picture picture = { .cmap = "viridis", .stretch = { 2, 98 } };
    WeftErr err = WF_NO_ERR;
    const char *path;

    wf_args_most(L, 3, "plot");
    path = wf_check_text(L, 2, "plot", "the path");
    read_options(L, "plot", 3, plot_options, &picture);
    if (!weft_picture_check(path, picture.format, &err))
        return refuse(L, &err);
    if (wf_script(L)->explaining)
        return 0;
    choose_size(grid, 1024, &picture);
    draw(L, "plot", 1, grid, &picture);
    if (!weft_picture(wf_script_graph(L), path, picture.format, picture.rgba, picture.width,
                      picture.height, &err))
        return refuse(L, &err);
    if (picture.step > 1 && !picture.exact && !wf_script(L)->settings.quiet)
        fprintf(stderr, "%s: approximate: one column and row of %lld is shown\n", path,
                (long long)picture.step);
    return 0;
}

static void put_cell(const uint8_t *top, const uint8_t *bottom)
{
    if (!top[3] && !bottom[3])
        fputs("\033[0m ", stdout);
    else if (!top[3])
        printf("\033[0;38;2;%d;%d;%dm\u2584", bottom[0], bottom[1], bottom[2]);
    else if (!bottom[3])
        printf("\033[0;38;2;%d;%d;%dm\u2580", top[0], top[1], top[2]);
    else
        printf("\033[38;2;%d;%d;%d;48;2;%d;%d;%dm\u2580", top[0], top[1], top[2], bottom[0],
               bottom[1], bottom[2]);
}

static int show(lua_State *L)
{
    const WeftGrid *grid =
        wf_raster_need_grid(L, wf_raster_check(L, 1, "show", "the value"), "show");
    Picture picture = { .cmap = "viridis", .stretch = { 2, 98 } };
    static const uint8_t nothing[4];
    struct winsize window = { .ws_col = 0 };

    wf_args_most(L, 2, "show");
    read_options(L, "show", 2, show_options, &picture);
    if (wf_script(L)->explaining)
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) < 0 || !window.ws_col)
        window.ws_col = 80;
    choose_size(grid, window.ws_col, &picture);
    draw(L, "show", 1, grid, &picture);
    for (int y = 0; y < picture.height; y += 2) {
        for (int x = 0; x < picture.width; x++) {
            const uint8_t *top = picture.rgba + 4 * ((size_t)y * (size_t)picture.width + (size_t)x);
            put_cell(top, y + 1 < picture.height ? top + 4 * (size_t)picture.width : nothing);
        }
        puts("\033[0m");
    }
    if (picture.step > 1 && !picture.exact)
        printf("approximate: one column and row of %lld is shown\n", (long long)picture.step);
    return 0;
}

const WfFunction wf_preview_functions[] = {
    { "plot", plot, true, "asking for results",
      "r:plot(\"p.png\", {width=, cmap=\"viridis\", stretch={2, 98}, exact=false, format=})",
      "a picture of one band, or of three as red, green, blue, in the format of the extension; "
      "cmap: grey viridis magma terrain ndvi" },
    { "show", show, true, "asking for results", "r:show{width=, cmap=, stretch=}",
      "a picture in the terminal" },
    { NULL },
};
