/*
 * weft_request.c - what is asked for, made ready for the passes: a private copy of the graph, how
 * each output is stored, the layout of its blocks, one target for each band.
 *
 * Needs: settle, sink. Creates no file.
 */
#include "conductor.h"

#include <string.h>

#include "base/path.h"

/* Bands of all saves (with room for a mask each) and reads: the most targets there can be; and the
 * asks. */
static int root_room(const WeftWork *work)
{
    int count = work->ask_count;

    for (int i = 0; i < work->save_count; i++)
        count += work->saves[i].band_count + 1;
    for (int i = 0; i < work->read_count; i++)
        count += work->reads[i].band_count;
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

static bool refuse_twins(const char *a, const char *b, WeftErr *err)
{
    if (strcmp(a, b) == 0)
        return wf_fail(err, WEFT_EARG, "two outputs have the same path %s", a);
    return wf_fail(err, WEFT_EARG, "two outputs are one file: %s and %s", a, b);
}

/* Each output is a file of its own. */
static bool check_paths(const WeftGraph *graph, const WeftSave *saves, int count, WeftErr *err)
{
    WfFileId *files = wf_calloc((size_t)count + 1, sizeof *files, err);
    bool done = files != NULL;

    for (int i = 0; i < count && done; i++) {
        files[i] = wf_file_id(saves[i].path);
        for (int j = 0; j < i && done; j++)
            if (wf_file_same(&files[j], &files[i])) {
                done = refuse_twins(saves[j].path, saves[i].path, err);
                wf_err_at(err, &graph->nodes->place, "save");
            }
    }
    wf_free(files);
    return done;
}

static bool allocate(WfRequest *request, int room, WeftErr *err)
{
    request->roots = wf_calloc((size_t)room + 1, sizeof *request->roots, err);
    request->targets = wf_calloc((size_t)room + 1, sizeof *request->targets, err);
    request->files = wf_calloc((size_t)request->file_count + 1, sizeof *request->files, err);
    request->storages = wf_calloc((size_t)request->file_count + 1, sizeof *request->storages, err);
    return request->roots && request->targets && request->files && request->storages;
}

static bool check_ask(const WeftGraph *graph, WeftNode number, WeftErr *err)
{
    const WfNode *node = &graph->nodes->nodes[number];

    if (node->op->shape == WEFT_REDUCE)
        return true;
    wf_fail(err, WEFT_EARG, "%s gives no table", node->op->name);
    return wf_err_at(err, &node->place, node->op->name);
}

/* All bands, then the nodes asked for. Gives their number, or -1. */
static int list_nodes(const WeftGraph *graph, const WeftWork *work, WeftNode *nodes, WeftErr *err)
{
    int count = 0;

    for (int i = 0; i < work->save_count; i++) {
        const WeftSave *save = &work->saves[i];

        if (!check_bands(graph, save->bands, save->band_count, "save", err))
            return -1;
        memcpy(nodes + count, save->bands, (size_t)save->band_count * sizeof *nodes);
        count += save->band_count;
    }
    for (int i = 0; i < work->read_count; i++) {
        const WeftRead *read = &work->reads[i];

        if (!check_bands(graph, read->bands, read->band_count, "read", err))
            return -1;
        memcpy(nodes + count, read->bands, (size_t)read->band_count * sizeof *nodes);
        count += read->band_count;
    }
    for (int i = 0; i < work->ask_count; i++) {
        if (!check_ask(graph, work->asks[i].node, err))
            return -1;
        nodes[count++] = work->asks[i].node;
    }
    return count;
}

/* `next` are the nodes listed, in the private graph. */
static bool open_all(WfRequest *request, const WeftWork *work, const WeftNode *next, WeftErr *err)
{
    for (int i = 0; i < work->save_count; next += work->saves[i++].band_count)
        if (!open_save(request, i, &work->saves[i], next, err))
            return false;
    for (int i = 0; i < work->read_count; next += work->reads[i++].band_count)
        if (!open_read(request, work->save_count + i, &work->reads[i], next, err))
            return false;
    for (int i = 0; i < work->ask_count; i++)
        request->roots[request->target_count + i] = next[i];
    return true;
}

bool wf_request_open(WfRequest *request, WeftGraph *graph, const WeftWork *work, WeftErr *err)
{
    int room = root_room(work), count = -1;
    WeftNode *nodes = wf_calloc((size_t)room + 1, sizeof *nodes, err);
    bool done = false;

    *request = (WfRequest) { .file_count = work->save_count,
                             .read_count = work->read_count,
                             .ask_count = work->ask_count,
                             .table_bytes = wf_graph_table_bytes(graph->nodes) };
    if (nodes && check_paths(graph, work->saves, work->save_count, err) &&
        allocate(request, room, err))
        count = list_nodes(graph, work, nodes, err);
    if (count >= 0)
        request->graph = wf_graph_copy(graph->nodes, nodes, count, err);
    if (request->graph) {
        wf_graph_at(request->graph, &graph->nodes->place);
        done = open_all(request, work, nodes, err);
    }
    wf_free(nodes);
    return done;
}

void wf_request_close(WfRequest *request)
{
    wf_phases_free(request);
    wf_graph_free(request->graph);
    wf_free(request->roots);
    wf_free(request->targets);
    wf_free(request->files);
    wf_free(request->storages);
    *request = (WfRequest) { 0 };
}
