/*
 * weft_units.c - warnings about units of heights that mean little, or not what the CRS means.
 *
 * Reads nodes' units and grids. Each unit is told once for each CRS.
 */
#include "conductor.h"

#include <math.h>
#include <string.h>

#include "base/units.h"

static bool has_param(const WeftOp *op, const char *name)
{
    for (const WeftParam *p = op->params; p && p->name; p++)
        if (strcmp(p->name, name) == 0)
            return true;
    return false;
}

static bool is_given(const WeftArg *args, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (args[i].name && strcmp(args[i].name, name) == 0)
            return true;
    return false;
}

/* True once for each pair. Without memory it is told again. */
static bool is_new(WeftGraph *graph, const char *unit, const char *crs)
{
    for (int i = 0; i < graph->told_count; i++)
        if (strcmp(graph->told[i].unit, unit) == 0 && strcmp(graph->told[i].crs, crs) == 0)
            return false;
    if (wf_grow(&graph->told, graph->told_count, &graph->told_room, sizeof *graph->told, NULL))
        graph->told[graph->told_count++] = (WfTold) { .unit = unit, .crs = crs };
    return true;
}

static void tell(WeftGraph *graph, const char *op, const char *unit, const WfGround *ground)
{
    WfText text = { 0 };

    if (wf_unit_metres(unit) > 0)
        wf_text_add(
            &text,
            "%s: heights are in \"%.40s\" by the band, in units of %.7g m by the CRS: the band "
            "counts, unless zunit= says more",
            op, unit, ground->height);
    else if (ground->vertical)
        wf_text_add(
            &text,
            "%s: \"%.40s\", the unit of the heights, is no known length: they count as units of "
            "%.7g m, as the CRS says, unless zunit= says more",
            op, unit, ground->height);
    else
        wf_text_add(
            &text,
            "%s: \"%.40s\", the unit of the heights, is no known length: they count as metres, "
            "unless zunit= says more",
            op, unit);
    if (!text.failed)
        graph->warn(graph->warn_context, text.text);
    wf_text_free(&text);
}

/* A foot and a US survey foot are one to whom names them "ft": they differ by two millionths. */
static bool agrees(const char *unit, const WfGround *ground)
{
    double metres = wf_unit_metres(unit);

    return metres > 0 && (!ground->vertical || fabs(metres / ground->height - 1) < 1e-4);
}

void wf_units_tell(WeftGraph *graph, const WeftOp *op, WeftNode input, const WeftArg *args,
                   int arg_count)
{
    const WfNode *node = &graph->nodes->nodes[input];
    WfGround ground;

    if (!node->grid || !node->unit || !*node->unit || !has_param(op, "zunit") ||
        is_given(args, arg_count, "zunit"))
        return;
    ground = wf_grid_ground(node->grid);
    if (!agrees(node->unit, &ground) &&
        is_new(graph, node->unit, node->grid->crs ? node->grid->crs : ""))
        tell(graph, op->name, node->unit, &ground);
}
