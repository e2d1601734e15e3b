/*
 * weft_show.c - texts for people: graph, passes, plan, IR, machine, files.
 *
 * Computes and writes nothing.
 */
#include "conductor.h"

#include <string.h>

#include "graph/show.h"
#include "pass/pass.h"

/* All nodes that the work wants; the caller frees them. Gives their number, or -1. */
static int list_roots(const WeftWork *work, WeftNode **roots, WeftErr *err)
{
    int count = 0, room = 0;

    for (int i = 0; i < work->save_count + work->read_count + work->ask_count; i++) {
        int read = i - work->save_count, ask = read - work->read_count;
        const WeftNode *bands = ask >= 0    ? &work->asks[ask].node
                                : read >= 0 ? work->reads[read].bands
                                            : work->saves[i].bands;
        int band_count = ask >= 0    ? 1
                         : read >= 0 ? work->reads[read].band_count
                                     : work->saves[i].band_count;

        for (int b = 0; b < band_count; b++) {
            if (!wf_grow(roots, count, &room, sizeof **roots, err))
                return -1;
            (*roots)[count++] = bands[b];
        }
    }
    return count;
}

/* What the work reads, as it was written. */
static bool show_graph(WeftGraph *graph, WeftShow what, const WeftWork *work, WfText *text,
                       WeftErr *err)
{
    WeftNode *roots = NULL;
    int count = list_roots(work, &roots, err);
    WfGraph *shown = count < 0 ? NULL : wf_graph_copy(graph->nodes, roots, count, err);

    if (shown && what == WEFT_SHOW_DOT)
        wf_graph_dot(shown, roots, count, text);
    else if (shown)
        wf_graph_show(shown, roots, count, text);
    wf_graph_free(shown);
    wf_free(roots);
    return shown != NULL;
}

static void add_wait(const WfNode *node, const char **before, WfText *text)
{
    wf_text_add(text, "%s%s", *before, node->op->name);
    if (node->place.file && node->place.file[0])
        wf_text_add(text, " (%s:%d)", node->place.file, node->place.line);
    *before = ", ";
}

/* Operators that the script has written may be other ones by now: the line tells more. */
static void add_kept(const WfNode *node, const char **before, WfText *text)
{
    if (!node->place.file || !node->place.file[0]) {
        add_wait(node, before, text);
        return;
    }
    wf_text_add(text, "%sthe raster of %s:%d", *before, node->place.file, node->place.line);
    *before = ", ";
}

/* The rasters that a phase reads from where they are kept. */
static void show_kept(const WfRequest *request, const bool *marks, const char *before, WfText *text)
{
    const WfGraph *graph = request->graph;

    for (int k = 0; k < request->phasing.keeping_count; k++) {
        const WfKeeping *keeping = &request->phasing.keepings[k];
        bool read = false;

        for (WeftNode n = 0; n < graph->count; n++)
            read = read || (marks[n] && graph->nodes[n].source == keeping->source);
        if (!read)
            continue;
        add_kept(&graph->nodes[keeping->node], &before, text);
        wf_text_add(text, ", kept in a temporary file of %lld MB",
                    (long long)((wf_kept_bytes(request->kept[k]) + (1 << 20) - 1) >> 20));
    }
}

/* The reductions whose numbers a phase reads, or whose former pass it goes on from; and what is
 * kept for it. */
static void show_waits(const WfRequest *request, int number, WfText *text, bool *marks)
{
    const WfGraph *graph = request->graph;
    const WfPhase *phase = &request->phases[number];
    const char *before = ", waits for ";

    for (int t = 0; t < phase->target_count; t++)
        marks[phase->targets[t].node] = true;
    for (int r = 0; r < phase->reduction_count; r++)
        for (int i = 0; i < graph->nodes[phase->reductions[r].node].input_count; i++)
            marks[graph->nodes[phase->reductions[r].node].inputs[i]] = true;
    for (WeftNode n = graph->count - 1; n >= 0; n--)
        for (int i = 0; i < graph->nodes[n].input_count && marks[n]; i++)
            if (graph->nodes[n].op->shape != WEFT_REDUCE)
                marks[graph->nodes[n].inputs[i]] = true;
    for (int r = 0; r < phase->reduction_count; r++)
        if (phase->setups[r].pass > 0)
            marks[phase->reductions[r].node] = true;
    for (WeftNode n = 0; n < graph->count; n++) {
        const WfNode *node = &graph->nodes[n];

        if (!marks[n] || node->op->shape != WEFT_REDUCE)
            continue;
        add_wait(node, &before, text);
    }
    show_kept(request, marks, before, text);
}

/* Where there are several, which phase the plan that follows is, and what it waits for. */
static bool show_phase(const WfRequest *request, int number, WfText *text, WeftErr *err)
{
    bool *marks = NULL;

    if (request->phase_count == 1)
        return true;
    marks = wf_zalloc((size_t)request->graph->count, err);
    if (!marks)
        return false;
    wf_text_add(text, "%sphase %d of %d", number ? "\n" : "", number + 1, request->phase_count);
    show_waits(request, number, text, marks);
    wf_text_add(text, "\n");
    wf_free(marks);
    return true;
}

static bool show_plans(WeftEngine *engine, WfStores *stores, WfRequest *request, WeftShow what,
                       WfText *text, WeftErr *err)
{
    bool done = wf_phases_plan(request, engine, stores, err);

    for (int p = 0; p < request->phase_count && done; p++) {
        done = what == WEFT_SHOW_IR || show_phase(request, p, text, err);
        if (done && what == WEFT_SHOW_IR)
            done = wf_code_show(request->phases[p].plan, text, err);
        else if (done)
            wf_plan_show(request->phases[p].plan, text);
    }
    return done;
}

char *weft_show(WeftEngine *engine, WeftGraph *graph, WeftShow what, const WeftWork *work,
                WeftErr *err)
{
    WfText text = { 0 };
    WfRequest request = { 0 };
    bool done;

    if (what == WEFT_SHOW_GRAPH || what == WEFT_SHOW_DOT)
        done = show_graph(graph, what, work, &text, err);
    else if (!wf_request_open(&request, graph, work, err))
        done = false;
    else if (what == WEFT_SHOW_PASSES)
        done = wf_pass_run(request.graph, request.roots, request.target_count + request.ask_count,
                           &text, err);
    else
        done = show_plans(engine, graph->stores, &request, what, &text, err);
    wf_request_close(&request);
    if (done)
        return wf_text_take(&text, err);
    wf_text_free(&text);
    return NULL;
}

char *weft_topo(WeftEngine *engine, WeftErr *err)
{
    WfText text = { 0 };

    if (!wf_engine_machine(engine, err))
        return NULL;
    wf_topo_show(engine->topo, &text);
    return wf_text_take(&text, err);
}

char *weft_info(const char *path, WeftErr *err)
{
    WfText text = { 0 };
    WfStores *stores = wf_stores_new(err);
    int store = stores ? wf_stores_open(stores, path, err) : -1;
    bool done = store >= 0 && wf_store_info(stores, store, &text, err);

    wf_stores_free(stores);
    if (done)
        return wf_text_take(&text, err);
    wf_text_free(&text);
    return NULL;
}
