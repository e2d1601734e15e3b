/*
 * infer.c - grid, pixel type and range of each node; all type and grid errors are born here.
 *
 * Needs: inputs described. Reads the operator's description and the inputs' (describe.c says what
 * follows from them); writes the grid and the part of WfNode that is infer's.
 */
#include "pass/pass.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/pixel.h"
#include "base/units.h"
#include "graph/apply.h"
#include "graph/catalog.h"
#include "graph/rules.h"
#include "pass/describe.h"
#include "pass/inherit.h"

/* ------------------------------------------------------------------ what an input may be */

/* The operator's own name of a value input: "cond", or a, b, c ... */
static const char *argument_name(const WeftOp *op, int input, char buffer[32])
{
    const char *name = op->arguments;

    for (int i = 0; name && i < input; i++)
        name = (name = strchr(name, ',')) ? name + 1 + strspn(name + 1, " ") : NULL;
    if (name && *name && *name != '.')
        snprintf(buffer, 32, "%.*s", (int)strcspn(name, ", "), name);
    else if (!op->arguments && input < 26)
        snprintf(buffer, 32, "%c", 'a' + input);
    else
        snprintf(buffer, 32, "input %d", input + 1);
    return buffer;
}

static const char *kind_name(const WfNode *node, char buffer[48])
{
    char number[32];

    if (node->op->shape == WEFT_CONSTANT && !node->grid && !node->range.boolean)
        snprintf(buffer, 48, "the number %s", wf_number(node->value, number));
    else
        snprintf(buffer, 48, "%s", weft_type_name(node->type));
    return buffer;
}

static bool check_bool(const WfNode *node, int input, const WfNode *in, WeftErr *err)
{
    char name[32], kind[48];

    if (input >= 32 || !(node->op->bools >> input & 1) || in->range.boolean)
        return true;
    wf_fail(err, WEFT_ETYPE, "%s must be bool, not %s", argument_name(node->op, input, name),
            kind_name(in, kind));
    return wf_hint(err, in->range.whole ? "write r:ne(0)" : "compare it: r:gt(0), r:ne(0)");
}

static bool check_whole(const WfNode *node, int input, const WfNode *in, WeftErr *err)
{
    char name[32], kind[48];

    if (input >= 32 || !(node->op->wholes >> input & 1) || in->range.whole)
        return true;
    wf_fail(err, WEFT_ETYPE, "%s must be integer-valued, not %s",
            argument_name(node->op, input, name), kind_name(in, kind));
    return wf_hint(err, in->grid ? "write r:round(), r:floor() or r:trunc()"
                                 : "write it without a decimal point");
}

/* A table is no pixel: only cell reads it, and cell reads nothing else. A reduction takes rasters.
 */
static bool check_shape(const WfNode *node, int input, int values, const WfNode *in, WeftErr *err)
{
    bool table = in->op->shape == WEFT_REDUCE, wanted = node->op->shape == WEFT_SCALAR;
    char name[32], kind[48];

    if (table && !wanted) {
        wf_fail(err, WEFT_ETYPE, "%s is a table of %s, not pixels",
                input < values ? argument_name(node->op, input, name) : "a number", in->op->name);
        return wf_hint(err, "cell(table, row, column) gives one of its numbers");
    }
    if (wanted && !table)
        return wf_fail(err, WEFT_ETYPE, "takes the table of a reduction, not %s",
                       kind_name(in, kind));
    if (node->op->shape == WEFT_REDUCE && input < values && !in->grid)
        return wf_fail(err, WEFT_ETYPE, "takes rasters, not %s", kind_name(in, kind));
    return true;
}

static bool check_inputs(const WfGraph *graph, const WfNode *node, int values, WeftErr *err)
{
    for (int i = 0; i < node->input_count; i++)
        if (!check_shape(node, i, values, &graph->nodes[node->inputs[i]], err))
            return false;
    for (int i = 0; i < values; i++) {
        const WfNode *in = &graph->nodes[node->inputs[i]];

        if (!check_bool(node, i, in, err) || !check_whole(node, i, in, err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ grids */

static bool fail_grids(const WeftGrid *a, const WeftGrid *b, WeftErr *err)
{
    WfText how = { 0 }, mend = { 0 };

    wf_grid_difference(a, b, &how, &mend);
    if (how.failed || mend.failed) {
        wf_fail(err, WEFT_EMEM, "out of memory");
    } else {
        wf_fail(err, WEFT_EGRID, "inputs lie on different grids: %s", how.text ? how.text : "");
        wf_hint(err, "%s", mend.text ? mend.text : "");
    }
    wf_text_free(&how);
    wf_text_free(&mend);
    return false;
}

/* The first operand's that has one, or that says what heights are or where its pixels lie by ground
 * control; sources have theirs already. */
static bool find_grid(const WfGraph *graph, WfNode *node, WeftErr *err)
{
    if (node->input_count)
        node->grid = NULL;
    for (int i = 0; i < node->input_count; i++) {
        const WeftGrid *grid = graph->nodes[node->inputs[i]].grid;
        const WeftGrid *both = node->grid && grid ? wf_grid_join(node->grid, grid) : grid;

        if (node->grid && grid && !both)
            return fail_grids(node->grid, grid, err);
        node->grid = both ? both : node->grid;
    }
    return true;
}

/* ------------------------------------------------------------------ description */

static WfOperand operand_of(const WfNode *node)
{
    return (WfOperand) { .range = node->range,
                         .type = node->type,
                         .wide = node->wide,
                         .number = !node->grid,
                         .null = node->op->shape == WEFT_CONSTANT && isnan(node->value) };
}

static void set_description(WfNode *node, const WfOperand *result)
{
    node->range = result->range;
    node->type = result->type;
    node->wide = result->wide;
    node->wide_inside = result->wide_inside;
    node->inexact = result->inexact;
}

/* f(a, b, c) is described as f(f(a, b), c), so that lowering changes nothing. */
static WfOperand describe_chain(const WfNode *node, WfOperand *operands, int values,
                                WeftRange *ranges)
{
    int numbers = node->input_count - values;
    WfOperand pair[WEFT_ARGS_MAX] = { 0 };

    assert(numbers + 2 <= WEFT_ARGS_MAX);
    memcpy(pair + 2, operands + values, (size_t)numbers * sizeof *pair);
    pair[0] = operands[0];
    for (int i = 1; i < values; i++) {
        pair[1] = operands[i];
        pair[0] = wf_describe(node->op, pair, 2, 2 + numbers, node->settings, node->setting_count,
                              node->table, ranges);
    }
    return pair[0];
}

/* Rules that name every value of the input leave no pixel invalid. */
static bool is_covered(const WfNode *node, WeftRange input)
{
    return node->table && wf_rules_cover(node->op, node->table, node->settings, input) &&
           (input.valid || !isnan(node->settings[WF_RULES_INVALID]));
}

static bool describe_node(const WfGraph *graph, WfNode *node, int values, WeftErr *err)
{
    size_t count = (size_t)node->input_count, settings = (size_t)node->setting_count;
    size_t columns = node->table ? (size_t)node->table->columns : 0;
    WfOperand *operands = wf_calloc(count + 1, sizeof *operands, err), result;
    WeftRange *ranges =
        operands ? wf_calloc(count + settings + columns + 1, sizeof *ranges, err) : NULL;

    if (!ranges) {
        wf_free(operands);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        operands[i] = operand_of(&graph->nodes[node->inputs[i]]);
    if (node->op->chain && node->op->inputs == 2 && values > 2)
        result = describe_chain(node, operands, values, ranges);
    else
        result = wf_describe(node->op, operands, values, (int)count, node->settings,
                             node->setting_count, node->table, ranges);
    result.range.valid = result.range.valid || is_covered(node, operands[0].range);
    set_description(node, &result);
    wf_free(operands);
    wf_free(ranges);
    return true;
}

static void describe_load(const WfGraph *graph, WfNode *node)
{
    const WfSource *s = &graph->sources[node->source];
    bool huge = s->type == WEFT_I64 || s->type == WEFT_U64; /* nodata is not exact as f64 */
    bool never_invalid = !s->has_nodata || (!huge && !wf_pixel_holds(s->type, s->nodata));
    WfOperand result = wf_describe_file(s->type, never_invalid, s->lossy);

    set_description(node, &result);
}

static void describe_constant(WfNode *node)
{
    WfOperand result =
        wf_describe_constant(node->value, node->integer, node->range.boolean, !node->grid);

    set_description(node, &result);
}

/* A table has no pixels; its cells are real numbers of which nothing is known before it is made. */
static void describe_table(WfNode *node)
{
    node->grid = NULL;
    node->range = (WeftRange) { .lo = -INFINITY, .hi = INFINITY };
    node->type = WEFT_F64;
    node->wide = node->wide_inside = true;
    node->inexact = false;
}

/* Columns and rows: an INDEX operator that gives integers counts pixels of its grid. */
static void describe_index(WfNode *node)
{
    int64_t size = node->grid->width > node->grid->height ? node->grid->width : node->grid->height;
    WeftRange range = { .lo = 0, .hi = (double)(size - 1), .whole = true, .valid = true };

    node->range = range;
    node->type = wf_pixel_smallest(range.lo, range.hi);
    node->wide = node->wide_inside = range.hi > 0x1p24;
    node->inexact = false;
}

/* A window needs a raster. A neighbour of a number is that number (pass/lower leaves it out). */
static bool describe_window_of_number(const WfGraph *graph, WfNode *node, WeftErr *err)
{
    const WfNode *in = &graph->nodes[node->inputs[0]];
    char kind[48];
    WfOperand same;

    if (strcmp(node->op->name, "neighbour") != 0) {
        wf_fail(err, WEFT_ETYPE, "takes a raster, not %s", kind_name(in, kind));
        return wf_err_at(err, &node->place, node->op->name);
    }
    same = operand_of(in);
    same.wide_inside = in->wide_inside;
    same.inexact = in->inexact;
    set_description(node, &same);
    return true;
}

static bool same_description(const WfNode *a, const WfNode *b)
{
    return a->op == b->op && a->grid == b->grid && a->type == b->type && a->wide == b->wide &&
           a->wide_inside == b->wide_inside && a->inexact == b->inexact &&
           memcmp(&a->range.lo, &b->range.lo, sizeof a->range.lo) == 0 &&
           memcmp(&a->range.hi, &b->range.hi, sizeof a->range.hi) == 0 &&
           a->range.whole == b->range.whole && a->range.boolean == b->range.boolean &&
           a->range.valid == b->range.valid;
}

/* What a node has been given stays, as does what it had before it was rebuilt. */
static void describe_unit(const WfGraph *graph, WfNode *node)
{
    bool kept = node->op->gives == WEFT_GIVES_KEEP || node->op->same_unit;
    int values = node->input_count - wf_catalog_number_count(node->op);

    if (!node->unit)
        node->unit = kept && !node->range.boolean ? wf_infer_unit(graph, node->inputs, values) : "";
}

static bool describe(WfGraph *graph, WeftNode number, WeftErr *err)
{
    WfNode *node = &graph->nodes[number];
    int values;

    if (node->op->shape == WEFT_CONSTANT) {
        describe_constant(node);
        return true;
    }
    if (node->op->shape == WEFT_LOAD) {
        describe_load(graph, node);
        return true;
    }
    values = node->input_count - wf_catalog_number_count(node->op);
    if (!check_inputs(graph, node, values, err) || !find_grid(graph, node, err))
        return wf_err_at(err, &node->place, node->op->name);
    if (node->op->shape == WEFT_REDUCE || node->op->shape == WEFT_SCALAR) {
        describe_table(node);
        return true;
    }
    if (node->op->shape == WEFT_FOCAL && !node->grid)
        return describe_window_of_number(graph, node, err);
    if (node->op->shape == WEFT_INDEX && node->op->gives == WEFT_GIVES_INTEGER &&
        !node->op->range && node->grid) {
        describe_index(node);
        return true;
    }
    return describe_node(graph, node, values, err);
}

/* ------------------------------------------------------------------ shared */

const char *wf_infer_unit(const WfGraph *graph, const WeftNode *inputs, int count)
{
    const char *agreed = "";

    for (int i = 0; i < count; i++) {
        const char *unit = graph->nodes[inputs[i]].unit;

        if (!unit || !*unit)
            continue;
        if (*agreed && !wf_unit_same(agreed, unit))
            return "";
        agreed = *agreed ? agreed : unit;
    }
    return agreed;
}

bool wf_infer_node(WfGraph *graph, WeftNode number, WeftErr *err)
{
    if (!describe(graph, number, err))
        return false;
    describe_unit(graph, &graph->nodes[number]);
    wf_inherit(graph, number);
    return true;
}

WeftNode wf_infer_apply(WfGraph *graph, const char *name, const WeftNode *inputs, int input_count,
                        const WeftArg *args, int arg_count, WeftErr *err)
{
    const WeftOp *op = wf_catalog_find(name, err);
    int before = graph->count;
    WeftNode node = op ? wf_apply(graph, op, inputs, input_count, args, arg_count, err) : WEFT_NONE;

    for (int i = before; node != WEFT_NONE && i < graph->count; i++)
        if (!wf_infer_node(graph, i, err))
            node = WEFT_NONE;
    while (node == WEFT_NONE && graph->count > before)
        wf_graph_drop(graph, graph->count - 1);
    return node;
}

WeftNode wf_infer_constant(WfGraph *graph, double value, bool integer, bool boolean,
                           const WeftGrid *grid, WeftErr *err)
{
    WeftNode node = wf_graph_add(graph, &wf_op_constant, NULL, 0, NULL, 0, err);

    if (node == WEFT_NONE)
        return WEFT_NONE;
    graph->nodes[node].value = value;
    graph->nodes[node].integer = integer;
    graph->nodes[node].grid = grid;
    graph->nodes[node].source = -1;
    graph->nodes[node].unit = "";
    graph->nodes[node].range.boolean = boolean;
    describe_constant(&graph->nodes[node]);
    return node;
}

bool wf_pass_infer(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err)
{
    (void)roots;
    (void)root_count;
    *changed = false;
    for (int i = 0; i < graph->count; i++) {
        WfNode before = graph->nodes[i];

        if (!wf_infer_node(graph, i, err))
            return false;
        *changed |= !same_description(&before, &graph->nodes[i]);
    }
    return true;
}
