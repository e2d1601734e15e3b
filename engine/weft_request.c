/*
 * weft_request.c - what is asked for, made ready for the passes: a private copy of the graph, how
 * each output is stored, the layout of its blocks, one target for each band.
 *
 * Needs: settle, sink. Creates no file.
 */
#include "conductor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"

/* Bands of all saves (with room for as many masks) and reads: the most targets there can be; and
 * the asks. */
static int root_room(const WeftWork *work)
{
    int count = work->ask_count;

    for (int i = 0; i < work->save_count; i++)
        count += 2 * work->saves[i].band_count;
    for (int i = 0; i < work->read_count; i++)
        count += work->reads[i].band_count;
    return count;
}

static bool check_bands(const WeftGraph *graph, const WeftNode *bands, int count, const char *what,
                        WeftErr *err)
{
    const WeftGrid *all = NULL;

    if (count < 1)
        return wf_fail(err, WEFT_EARG, "%s: there is no band", what);
    for (int i = 0; i < count; i++) {
        const WfNode *node = &graph->nodes->nodes[bands[i]];
        const WeftGrid *before = all ? all : node->grid;
        WfText how = { 0 }, mend = { 0 };

        if (!node->grid) {
            wf_fail(err, WEFT_EGRID, "%s: this is a number, not a raster", what);
            wf_hint(err, "weft.constant(v, {like=r}) makes a raster of it");
            return wf_err_at(err, &node->place, NULL);
        }
        all = wf_grid_join(before, node->grid);
        if (all)
            continue;
        wf_grid_difference(before, node->grid, &how, &mend);
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

static WfSinkFile sink_file(const WeftSave *save, const WeftGrid *grid)
{
    return (WfSinkFile) {
        .path = save->path,
        .grid = grid,
        .band_count = save->band_count,
        .names = save->names,
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

static void set_storage(WfSinkFile *file, const WfStorage *storage)
{
    file->type = storage->type;
    file->has_nodata = storage->kind == WF_SENTINEL_VALUE;
    file->nodata = storage->nodata;
    file->mask_count = storage->kind == WF_SENTINEL_MASK    ? 1
                       : storage->kind == WF_SENTINEL_MASKS ? file->band_count
                                                            : 0;
    file->alpha = storage->kind == WF_SENTINEL_ALPHA;
}

/* A file on its way to a storage that its format holds. */
typedef struct Saving {
    WfSinkFile *file;
    WfLayout layout;
} Saving;

static WfHolds holds(void *context, const WfStorage *storage, const WeftRange *ranges, WeftErr *err)
{
    Saving *saving = context;

    set_storage(saving->file, storage);
    saving->file->ranges = ranges;
    if (wf_sink_plan(saving->file, &saving->layout, err))
        return WF_HOLDS;
    return saving->layout.unable ? WF_HOLDS_NOT : WF_HOLDS_NONE;
}

/* What a band's values stand for: what the user says, else what they have from files. */
static WfMeaning meaning_of(const WfNode *node, const WeftLegend *legend)
{
    WfMeaning meaning = node->meaning ? *node->meaning : (WfMeaning) { .scale = 1 };

    if (node->unit && *node->unit)
        meaning.unit = node->unit;
    if (legend && legend->colors) {
        meaning.legend.colors = legend->colors;
        meaning.legend.color_count = legend->color_count;
    }
    if (legend && legend->categories) {
        meaning.legend.categories = legend->categories;
        meaning.legend.category_count = legend->category_count;
    }
    return meaning;
}

static bool find_meanings(WfGraph *graph, const WeftSave *save, const WeftNode *bands,
                          WfSinkFile *file, WeftErr *err)
{
    const WfMeaning **meanings =
        wf_arena_zalloc(graph->arena, (size_t)save->band_count * sizeof *meanings, err);

    for (int i = 0; meanings && i < save->band_count; i++) {
        WfMeaning meaning =
            meaning_of(&graph->nodes[bands[i]], save->legends ? save->legends[i] : NULL);

        if (wf_meaning_empty(&meaning))
            continue;
        meanings[i] = wf_graph_meaning(graph, &meaning, err);
        if (!meanings[i])
            return false;
        file->meanings = meanings;
    }
    return meanings != NULL;
}

static void warn(WeftGraph *graph, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void warn(WeftGraph *graph, const char *format, ...)
{
    char text[1024];
    va_list rest;

    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    graph->warn(graph->warn_context, text);
}

static void tell_layout(WeftGraph *graph, const WfSinkFile *file, const WfLayout *layout,
                        bool veils)
{
    if (veils)
        warn(graph, "%s: pixels are read as invalid where its alpha band is 0", file->path);
    if (layout->rough)
        warn(graph, "%s: the format keeps pixels only nearly as they are", file->path);
    if (layout->lost[0])
        warn(graph, "%s: the format has no place for %s; left out", file->path, layout->lost);
}

/* That of all bands, which are known to lie on one. */
static const WeftGrid *common_grid(const WfGraph *graph, const WeftNode *bands, int count)
{
    const WeftGrid *grid = graph->nodes[bands[0]].grid;

    for (int i = 1; i < count; i++)
        grid = wf_grid_join(grid, graph->nodes[bands[i]].grid);
    return grid;
}

/* bands are the nodes in the private graph. */
static bool open_save(WfRequest *request, WeftGraph *graph, int number, const WeftSave *save,
                      const WeftNode *bands, WeftErr *err)
{
    WfStorage *storage = &request->storages[number];
    Saving saving = { .file = &request->files[number] };
    const WfFormat format = { .holds = holds, .context = &saving };
    size_t bands_bytes = (size_t)save->band_count * sizeof(WeftNode);
    WeftNode *settled = wf_zalloc(2 * bands_bytes, err), *masks = settled + save->band_count;
    const WeftGrid *grid = common_grid(request->graph, bands, save->band_count);
    int first = request->target_count;
    bool done = false;

    *saving.file = sink_file(save, grid);
    if (!settled || !find_meanings(request->graph, save, bands, saving.file, err) ||
        !wf_settle(request->graph, save, bands, &format, settled, masks, storage, err))
        goto fail;
    saving.file->ranges = NULL;
    set_storage(saving.file, storage);
    tell_layout(graph, saving.file, &saving.layout, storage->veils);
    for (int i = 0; i < save->band_count; i++)
        add_target(request, settled[i], number, i, storage->type);
    for (int i = 0; i < saving.file->mask_count; i++)
        add_target(request, masks[i], number, save->band_count + i, WEFT_U8);
    for (int i = first; i < request->target_count; i++) {
        request->targets[i].window = (WfRect) { 0, 0, grid->width, grid->height };
        request->targets[i].block_width = saving.layout.block_width;
        request->targets[i].block_height = saving.layout.block_height;
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
static bool open_all(WfRequest *request, WeftGraph *graph, const WeftWork *work,
                     const WeftNode *next, WeftErr *err)
{
    for (int i = 0; i < work->save_count; next += work->saves[i++].band_count)
        if (!open_save(request, graph, i, &work->saves[i], next, err))
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
        done = open_all(request, graph, work, nodes, err);
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
