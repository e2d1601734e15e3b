/*
 * lower_neighbour.c - neighbours of numbers, and those that hold more than their raster.
 *
 * Needs: an inferred graph. Writes new nodes.
 */
#include "pass/lower_neighbour.h"

#include "pass/build.h"
#include "pass/pass.h"

/* A pixel is not its own neighbour: a ring may be read beyond the raster, under the rule named
 * here. Where it can hold numbers that its raster cannot, that one is widened first. */
WeftNode wf_lower_neighbour(WfGraph *graph, const WfNode *node, const WeftNode *inputs,
                            WeftErr *err)
{
    const WfNode *x = &graph->nodes[inputs[0]];
    WeftNode wide, made;

    if (!node->grid)
        return inputs[0];
    if (!node->wide || x->wide)
        return WEFT_NONE;
    wide = wf_build_1(&(WfBuild) { .graph = graph, .err = err }, "widen", inputs[0]);
    if (wide == WEFT_NONE)
        return WEFT_NONE;
    made = wf_graph_add(graph, node->op, &wide, 1, node->settings, node->setting_count, err);
    return made != WEFT_NONE && wf_infer_node(graph, made, err) ? made : WEFT_NONE;
}
