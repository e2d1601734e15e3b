/*
 * weft_open.c - rasters of files: opened as a script asks for them, with nodata, masks and scale.
 *
 * Needs: io/store, graph/, pass/infer. Reads files' descriptions; computes nothing.
 */
#include "conductor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/grid.h"
#include "base/pixel.h"
#include "pass/pass.h"

static void warn(WeftGraph *graph, const char *format, const char *path, int band)
{
    char text[512];

    snprintf(text, sizeof text, format, path, band);
    graph->warn(graph->warn_context, text);
}

static WeftNode apply_number(WeftGraph *graph, const char *name, WeftNode input, double number,
                             bool integer, WeftErr *err)
{
    WeftNode inputs[2] = { input, weft_constant(graph, number, integer, NULL, err) };

    return inputs[1] == WEFT_NONE ? WEFT_NONE : wf_applied(graph, name, inputs, 2, NULL, 0, err);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_options(const WeftOpen *a, const WeftOpen *b)
{
    return same_text(a->crs, b->crs) && a->has_nodata == b->has_nodata &&
           (!a->has_nodata || a->nodata == b->nodata || (isnan(a->nodata) && isnan(b->nodata))) &&
           a->raw == b->raw && a->lossy == b->lossy && a->unmasked == b->unmasked &&
           a->mask == b->mask;
}

/* Told once for each file, however often it is opened. */
static void tell_doubt(WeftGraph *graph, int store)
{
    const char *doubt = wf_stores_doubt(graph->stores, store);

    for (int i = 0; doubt && i < graph->opened_count; i++)
        if (graph->opened[i]->store == store)
            return;
    if (doubt)
        graph->warn(graph->warn_context, doubt);
}

static WfOpened *find_opened(WeftGraph *graph, int store, const WeftOpen *options)
{
    for (int i = 0; i < graph->opened_count; i++)
        if (graph->opened[i]->store == store && same_options(&graph->opened[i]->options, options))
            return graph->opened[i];
    return NULL;
}

char *weft_grid_doubt(const WeftGrid *grid)
{
    WfText text = { 0 };
    WeftErr err = { 0 };

    if (wf_grid_doubt(grid, &text))
        return wf_text_take(&text, &err);
    wf_text_free(&text);
    return NULL;
}

/* Once for each file and CRS. */
static void tell_coordinates(WeftGraph *graph, const WfOpened *opened)
{
    WfText text = { 0 };
    int i = 0;

    while (graph->opened[i]->store != opened->store ||
           !same_text(graph->opened[i]->options.crs, opened->options.crs))
        i++;
    wf_text_add(&text, "%s: ", opened->file.path);
    if (graph->opened[i] == opened && wf_grid_doubt(&opened->file.grid, &text) && !text.failed)
        graph->warn(graph->warn_context, text.text);
    wf_text_free(&text);
}

static WfOpened *add_opened(WeftGraph *graph, int store, const WeftOpen *options, WeftErr *err)
{
    WfArena *arena = graph->nodes->arena;
    const WeftFile *file = wf_stores_file(graph->stores, store);
    WfOpened *opened = wf_arena_zalloc(arena, sizeof *opened, err);

    if (!opened)
        return NULL;
    opened->bands = wf_arena_zalloc(arena, (size_t)file->band_count * sizeof(WeftNode), err);
    if (!opened->bands)
        return NULL;
    for (int i = 0; i < file->band_count; i++)
        opened->bands[i] = WEFT_NONE;
    opened->file = *file;
    opened->store = store;
    opened->options = *options;
    if (options->crs) {
        opened->file.grid.crs = wf_stores_crs(graph->stores, options->crs, err);
        opened->options.crs = wf_arena_strdup(arena, options->crs, err);
        if (!opened->file.grid.crs || !opened->options.crs)
            return NULL;
        opened->file.grid.flat = wf_stores_flat(graph->stores, opened->file.grid.crs);
    }
    if (!wf_grow(&graph->opened, graph->opened_count, &graph->opened_room, sizeof(WfOpened *), err))
        return NULL;
    graph->opened[graph->opened_count++] = opened;
    return opened;
}

const WeftFile *weft_open(WeftGraph *graph, const char *path, const WeftOpen *options, WeftErr *err)
{
    static const WeftOpen plain = { .mask = WEFT_NONE };
    WfOpened *opened;
    int store = wf_stores_open(graph->stores, path, err);

    if (store < 0) {
        wf_err_at(err, &graph->nodes->place, "open");
        return NULL;
    }
    options = options ? options : &plain;
    opened = find_opened(graph, store, options);
    if (!opened) {
        tell_doubt(graph, store);
        opened = add_opened(graph, store, options, err);
        if (opened)
            tell_coordinates(graph, opened);
    }
    if (!opened)
        wf_err_at(err, &graph->nodes->place, "open");
    return opened ? &opened->file : NULL;
}

/* The nodata a script names instead of the file's. */
static bool override_nodata(WfSource *source, const WeftOpen *options)
{
    bool fits = wf_pixel_holds(source->type, options->nodata);

    source->has_nodata = fits;
    source->nodata = options->nodata;
    if (fits && source->type == WEFT_I64)
        source->nodata_bits = (uint64_t)(int64_t)options->nodata;
    if (fits && source->type == WEFT_U64)
        source->nodata_bits = (uint64_t)options->nodata;
    return fits;
}

static WeftNode load(WeftGraph *graph, const WfOpened *opened, int band, bool mask, WeftErr *err)
{
    WfSource source = { .store = opened->store };
    bool dropped = false;
    const WeftOpen *options = &opened->options;

    if (!wf_stores_source(graph->stores, opened->store, band, mask, &source, &dropped, err))
        return WEFT_NONE;
    if (!mask && options->has_nodata)
        dropped = !override_nodata(&source, options);
    if (dropped)
        warn(graph, "%s: band %d cannot hold its nodata value, which is ignored", opened->file.path,
             band);
    source.lossy = options->lossy;
    return wf_described(graph, wf_graph_load(graph->nodes, &source, &opened->file.grid, err), err);
}

/* Where the script's own mask is true; without one, where the file's mask or alpha band is not 0.
 */
static WeftNode masked(WeftGraph *graph, const WfOpened *opened, int band, WeftNode node,
                       WeftErr *err)
{
    WeftNode mask = opened->options.mask;
    bool own = mask != WEFT_NONE;

    if (node == WEFT_NONE || (!own && (opened->options.unmasked ||
                                       !wf_stores_has_mask(graph->stores, opened->store, band))))
        return node;
    if (!own) {
        mask = load(graph, opened, band, true, err);
        mask = mask == WEFT_NONE ? mask : apply_number(graph, "ne", mask, 0, true, err);
    }
    if (mask == WEFT_NONE)
        return mask;
    return wf_applied(graph, "mask", (WeftNode[]) { node, mask }, 2, NULL, 0, err);
}

static bool has_scale(const WeftBand *band)
{
    return band->scale != 1 || band->offset != 0;
}

/* A band's unit is that of its scaled values, which have no scale any more: numbers as they are
 * stored have none. */
static WeftNode scaled(WeftGraph *graph, const WfOpened *opened, const WeftBand *band,
                       WeftNode node, WeftErr *err)
{
    const WfMeaning meaning = { .unit = band->unit, .interp = band->interp, .scale = 1 };

    if (opened->options.raw || !has_scale(band))
        return node;
    if (node != WEFT_NONE && band->scale != 1)
        node = apply_number(graph, "mul", node, band->scale, false, err);
    if (node != WEFT_NONE && band->offset != 0)
        node = apply_number(graph, "add", node, band->offset, false, err);
    if (node == WEFT_NONE)
        return WEFT_NONE;
    graph->nodes->nodes[node].meaning = wf_graph_meaning(graph->nodes, &meaning, err);
    if (!graph->nodes->nodes[node].meaning)
        return WEFT_NONE;
    return wf_measured(graph, node, band->unit, err);
}

WeftNode weft_band(WeftGraph *graph, const WeftFile *file, int band, WeftErr *err)
{
    WfOpened *opened = (WfOpened *)file;
    const WeftBand *about;
    WeftNode node;

    if (band < 1 || band > file->band_count) {
        wf_fail(err, WEFT_ENAME, "%s has %d band%s, there is no band %d", file->path,
                file->band_count, file->band_count == 1 ? "" : "s", band);
        wf_err_at(err, &graph->nodes->place, NULL);
        return WEFT_NONE;
    }
    if (opened->bands[band - 1] != WEFT_NONE)
        return opened->bands[band - 1];
    about = &file->bands[band - 1];
    graph->nodes->place.by = "open";
    node = load(graph, opened, band, false, err);
    if (!has_scale(about))
        node = wf_measured(graph, node, about->unit, err);
    if (node != WEFT_NONE && !opened->options.lossy &&
        (about->type == WEFT_I64 || about->type == WEFT_U64))
        node = wf_applied(graph, "exact53", &node, 1, NULL, 0, err);
    node = masked(graph, opened, band, node, err);
    node = scaled(graph, opened, about, node, err);
    graph->nodes->place.by = NULL;
    opened->bands[band - 1] = node;
    return node;
}
