/*
 * build.c - expressions of nodes, written as nested calls.
 *
 * Needs: inferred inputs. Writes new nodes.
 */
#include "pass/build.h"

#include <math.h>

#include "pass/pass.h"

static WeftNode apply(const WfBuild *build, const char *op, const WeftNode *inputs, int count)
{
    for (int i = 0; i < count; i++)
        if (inputs[i] == WEFT_NONE)
            return WEFT_NONE;
    return wf_infer_apply(build->graph, op, inputs, count, NULL, 0, build->err);
}

WeftNode wf_build_1(const WfBuild *build, const char *op, WeftNode a)
{
    return apply(build, op, &a, 1);
}

WeftNode wf_build_2(const WfBuild *build, const char *op, WeftNode a, WeftNode b)
{
    return apply(build, op, (WeftNode[]) { a, b }, 2);
}

WeftNode wf_build_3(const WfBuild *build, const char *op, WeftNode a, WeftNode b, WeftNode c)
{
    return apply(build, op, (WeftNode[]) { a, b, c }, 3);
}

WeftNode wf_build_term(const WfBuild *build, WeftNode input, WeftNode value)
{
    if (input == WEFT_NONE || build->graph->nodes[input].range.valid)
        return value;
    return wf_build_3(build, "where", wf_build_1(build, "isvalid", input), value,
                      wf_build_number(build, 0));
}

WeftNode wf_build_number(const WfBuild *build, double value)
{
    bool integer = value == floor(value) && fabs(value) < 0x1p53;

    return wf_infer_constant(build->graph, value, integer, false, NULL, build->err);
}

WeftNode wf_build_neighbour(const WfBuild *build, WeftNode node, int dcol, int drow,
                            const char *edges, double constant)
{
    WeftArg args[] = {
        { .name = "dcol", .node = WEFT_NONE, .number = dcol, .integer = true },
        { .name = "drow", .node = WEFT_NONE, .number = drow, .integer = true },
        { .name = "edges", .node = WEFT_NONE, .text = edges },
        { .name = "constant", .node = WEFT_NONE, .number = constant },
    };

    if (node == WEFT_NONE)
        return WEFT_NONE;
    return wf_infer_apply(build->graph, "neighbour", &node, 1, args, 4, build->err);
}
