/*
 * weft_show.c - texts for people: graph, passes, plan, IR, machine, files.
 *
 * Computes and writes nothing but pictures that it is handed.
 */
#include "conductor.h"

#include <string.h>

#include "graph/show.h"
#include "pass/pass.h"

/* What the outputs read, as it was written. */
static bool show_graph(WeftGraph *graph, WeftShow what, const WeftSave *saves, int save_count,
                       WfText *text, WeftErr *err)
{
    int count = 0, room = 0;
    WeftNode *roots = NULL;
    WfGraph *shown = NULL;

    for (int i = 0; i < save_count; i++)
        for (int b = 0; b < saves[i].band_count; b++) {
            if (!wf_grow(&roots, count, &room, sizeof *roots, err))
                goto fail;
            roots[count++] = saves[i].bands[b];
        }
    shown = wf_graph_copy(graph->nodes, roots, count, err);
    if (shown && what == WEFT_SHOW_DOT)
        wf_graph_dot(shown, roots, count, text);
    else if (shown)
        wf_graph_show(shown, roots, count, text);
fail:
    wf_graph_free(shown);
    wf_free(roots);
    return shown != NULL;
}

static bool show_plan(WeftEngine *engine, WfRequest *request, WeftShow what, WfText *text,
                      WeftErr *err)
{
    WfPlan *plan = wf_request_plan(request, engine, err);
    bool done = plan != NULL;

    if (plan && what == WEFT_SHOW_IR)
        done = wf_code_show(plan, text, err);
    else if (plan)
        wf_plan_show(plan, text);
    wf_plan_free(plan);
    return done;
}

char *weft_show(WeftEngine *engine, WeftGraph *graph, WeftShow what, const WeftSave *saves,
                int save_count, WeftErr *err)
{
    WfText text = { 0 };
    WfRequest request = { 0 };
    bool done;

    if (what == WEFT_SHOW_GRAPH || what == WEFT_SHOW_DOT)
        done = show_graph(graph, what, saves, save_count, &text, err);
    else if (!wf_request_open(&request, graph, saves, save_count, NULL, 0, err))
        done = false;
    else if (what == WEFT_SHOW_PASSES)
        done = wf_pass_run(request.graph, request.roots, request.target_count, &text, err);
    else
        done = show_plan(engine, &request, what, &text, err);
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

bool weft_picture(const char *path, const uint8_t *rgba, int width, int height, WeftErr *err)
{
    return wf_sink_picture(path, rgba, width, height, err);
}
