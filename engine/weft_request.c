/*
 * weft_request.c - what is asked for, made ready for the passes: a private copy of the graph, how
 * each output is stored, the layout of its blocks, one target for each band.
 *
 * Needs: settle, sink. Creates no file.
 */
#include "conductor.h"

#include <string.h>

/* Bands of all saves (with room for a mask each) and reads: the most targets there can be. */
static int target_room(const WeftSave *saves, int save_count, const WeftRead *reads, int read_count)
{
    int count = 0;

    for (int i = 0; i < save_count; i++)
        count += saves[i].band_count + 1;
    for (int i = 0; i < read_count; i++)
        count += reads[i].band_count;
    return count;
}

static bool check_bands(const WeftGraph *graph, const WeftNode *bands, int count, const char *what,
                        WeftErr *err)
{
    const WfNode *first = count > 0 ? &graph->nodes->nodes[bands[0]] : NULL;

    if (!first)
        return wf_fail(err, WEFT_EARG, "%s: there is no band", what);
    for (int i = 0; i < count; i++) {
        const WfNode *node = &graph->nodes->nodes[bands[i]];
        WfText how = { 0 }, mend = { 0 };

        if (!node->grid) {
            wf_fail(err, WEFT_EGRID, "%s: this is a number, not a raster", what);
            wf_hint(err, "weft.constant(v, {like=r}) makes a raster of it");
            return wf_err_at(err, &node->place, NULL);
        }
        if (wf_grid_equal(first->grid, node->grid))
            continue;
        wf_grid_difference(first->grid, node->grid, &how, &mend);
        wf_fail(err, WEFT_EGRID, "%s: bands lie on different grids: %s", what,
                how.text ? how.text : "");
        wf_hint(err, "%s", mend.text ? mend.text : "");
        wf_text_free(&how);
        wf_text_free(&mend);
        return wf_err_at(err, &node->place, NULL);
    }
    return true;
}

static WfTarget *add_target(WfRequest *request, WeftNode node, int sink, int band, WeftType type)
{
    WfTarget *target = &request->targets[request->target_count];

    request->roots[request->target_count++] = node;
    *target = (WfTarget) { .node = node, .sink = sink, .band = band, .type = type };
    return target;
}

static WfSinkFile sink_file(const WeftSave *save, const WfStorage *storage, const WeftGrid *grid)
{
    return (WfSinkFile) {
        .path = save->path,
        .grid = grid,
        .band_count = save->band_count,
        .names = save->names,
        .type = storage->type,
        .has_nodata = storage->kind == WF_SENTINEL_VALUE,
        .nodata = storage->nodata,
        .has_mask = storage->kind == WF_SENTINEL_MASK,
        .format = save->format,
        .compress = save->compress,
        .predictor = save->predictor,
        .level = save->level,
        .blocksize = save->blocksize,
        .keep = save->keep,
        .durable = save->durable,
        .options = save->options,
        .workers = 1,
    };
}

/* bands are the nodes in the private graph. */
static bool open_save(WfRequest *request, int number, const WeftSave *save, const WeftNode *bands,
                      WeftErr *err)
{
    WfStorage *storage = &request->storages[number];
    WeftNode *settled = wf_calloc((size_t)save->band_count, sizeof *settled, err);
    WeftNode mask = WEFT_NONE;
    const WeftGrid *grid = request->graph->nodes[bands[0]].grid;
    int width, height, first = request->target_count;
    bool done = false;

    if (!settled || !wf_settle(request->graph, save, bands, settled, &mask, storage, err))
        goto fail;
    request->files[number] = sink_file(save, storage, grid);
    if (!wf_sink_plan(&request->files[number], &width, &height, err)) {
        wf_err_at(err, &request->graph->place, "save");
        goto fail;
    }
    for (int i = 0; i < save->band_count; i++)
        add_target(request, settled[i], number, i, storage->type);
    if (mask != WEFT_NONE)
        add_target(request, mask, number, save->band_count, WEFT_U8);
    for (int i = first; i < request->target_count; i++) {
        request->targets[i].window = (WfRect) { 0, 0, grid->width, grid->height };
        request->targets[i].block_width = width;
        request->targets[i].block_height = height;
    }
    done = true;
fail:
    wf_free(settled);
    return done;
}

static bool open_read(WfRequest *request, int sink, const WeftRead *read, const WeftNode *bands,
                      WeftErr *err)
{
    const WeftGrid *grid = request->graph->nodes[bands[0]].grid;
    int64_t step = read->step > 1 ? read->step : 1;
    WfRect window = { read->col, read->row, read->col + (read->cols - 1) * step + 1,
                      read->row + (read->rows - 1) * step + 1 };

    if (read->cols < 1 || read->rows < 1 || window.x0 < 0 || window.y0 < 0 ||
        window.x1 > grid->width || window.y1 > grid->height)
        return wf_fail(err, WEFT_EARG,
                       "columns %lld to %lld and rows %lld to %lld are not all inside the raster "
                       "of %lld x %lld pixels",
                       (long long)window.x0, (long long)window.x1 - 1, (long long)window.y0,
                       (long long)window.y1 - 1, (long long)grid->width, (long long)grid->height);
    for (int i = 0; i < read->band_count; i++) {
        bool wide = request->graph->nodes[bands[i]].wide;
        WfTarget *target = add_target(request, bands[i], sink, i, wide ? WEFT_F64 : WEFT_F32);

        target->window = window;
    }
    return true;
}

static bool same_path_twice(const WeftGraph *graph, const WeftSave *saves, int count, WeftErr *err)
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i; j++)
            if (strcmp(saves[i].path, saves[j].path) == 0) {
                wf_fail(err, WEFT_EARG, "two outputs have the same path %s", saves[i].path);
                return !wf_err_at(err, &graph->nodes->place, "save");
            }
    return false;
}

static bool allocate(WfRequest *request, int room, WeftErr *err)
{
    request->roots = wf_calloc((size_t)room + 1, sizeof *request->roots, err);
    request->targets = wf_calloc((size_t)room + 1, sizeof *request->targets, err);
    request->files = wf_calloc((size_t)request->file_count + 1, sizeof *request->files, err);
    request->storages = wf_calloc((size_t)request->file_count + 1, sizeof *request->storages, err);
    return request->roots && request->targets && request->files && request->storages;
}

bool wf_request_open(WfRequest *request, WeftGraph *graph, const WeftSave *saves, int save_count,
                     const WeftRead *reads, int read_count, WeftErr *err)
{
    int room = target_room(saves, save_count, reads, read_count), count = 0;
    WeftNode *bands = wf_calloc((size_t)room + 1, sizeof *bands, err), *next = bands;
    bool done = false;

    *request = (WfRequest) { .file_count = save_count, .read_count = read_count };
    if (!bands || same_path_twice(graph, saves, save_count, err) || !allocate(request, room, err))
        goto fail;
    for (int i = 0; i < save_count; i++) {
        if (!check_bands(graph, saves[i].bands, saves[i].band_count, "save", err))
            goto fail;
        memcpy(bands + count, saves[i].bands, (size_t)saves[i].band_count * sizeof *bands);
        count += saves[i].band_count;
    }
    for (int i = 0; i < read_count; i++) {
        if (!check_bands(graph, reads[i].bands, reads[i].band_count, "read", err))
            goto fail;
        memcpy(bands + count, reads[i].bands, (size_t)reads[i].band_count * sizeof *bands);
        count += reads[i].band_count;
    }
    request->graph = wf_graph_copy(graph->nodes, bands, count, err);
    if (!request->graph)
        goto fail;
    wf_graph_at(request->graph, &graph->nodes->place);
    for (int i = 0; i < save_count; next += saves[i++].band_count)
        if (!open_save(request, i, &saves[i], next, err))
            goto fail;
    for (int i = 0; i < read_count; next += reads[i++].band_count)
        if (!open_read(request, save_count + i, &reads[i], next, err))
            goto fail;
    done = true;
fail:
    wf_free(bands);
    return done;
}

void wf_request_close(WfRequest *request)
{
    wf_graph_free(request->graph);
    wf_free(request->roots);
    wf_free(request->targets);
    wf_free(request->files);
    wf_free(request->storages);
    *request = (WfRequest) { 0 };
}
