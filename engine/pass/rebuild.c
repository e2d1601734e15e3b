/*
 * rebuild.c - writing a graph anew, node by node, so that inputs stay older than their users.
 *
 * Reads the former nodes, writes graph->nodes. A node that is kept keeps its description too: what
 * stands for its inputs has the same values, held the same way.
 */
#include "pass/rebuild.h"

#include <assert.h>

bool wf_rebuild_start(WfRebuild *r, WfGraph *graph, WeftErr *err)
{
    *r = (WfRebuild) { .graph = graph,
                       .old = graph->nodes,
                       .old_count = graph->count,
                       .old_room = graph->room,
                       .place = graph->place };
    r->map = wf_calloc((size_t)graph->count + 1, sizeof *r->map, err);
    if (!r->map)
        return false;
    for (int i = 0; i < r->old_count; i++)
        r->map[i] = WEFT_NONE;
    graph->nodes = NULL;
    graph->count = graph->room = 0;
    return true;
}

WeftNode wf_rebuild_copy(WfGraph *graph, const WfNode *node, const WeftNode *inputs, WeftErr *err)
{
    WeftNode copy;
    WfNode *made;
    WfNode image = *node;

    graph->place = node->place;
    copy = wf_graph_add(graph, image.op, inputs, image.input_count, image.settings,
                        image.setting_count, err);
    if (copy == WEFT_NONE)
        return WEFT_NONE;
    made = &graph->nodes[copy];
    image.inputs = made->inputs;
    image.settings = made->settings;
    *made = image;
    return copy;
}

WeftNode wf_rebuild_keep(WfRebuild *r, WeftNode old, WeftErr *err)
{
    const WfNode *node = &r->old[old];
    WeftNode *inputs = wf_calloc((size_t)node->input_count + 1, sizeof *inputs, err);

    if (!inputs)
        return WEFT_NONE;
    for (int i = 0; i < node->input_count; i++) {
        inputs[i] = r->map[node->inputs[i]];
        assert(inputs[i] != WEFT_NONE);
    }
    r->map[old] = wf_rebuild_copy(r->graph, node, inputs, err);
    wf_free(inputs);
    return r->map[old];
}

bool wf_rebuild_end(WfRebuild *r, WeftNode *roots, int root_count, bool done)
{
    r->graph->place = r->place;
    if (done) {
        for (int i = 0; i < root_count; i++)
            roots[i] = r->map[roots[i]];
        wf_free(r->old);
    } else {
        wf_free(r->graph->nodes);
        r->graph->nodes = r->old;
        r->graph->count = r->old_count;
        r->graph->room = r->old_room;
    }
    wf_free(r->map);
    return done;
}
