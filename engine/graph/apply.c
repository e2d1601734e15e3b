/*
 * apply.c - an operator with its inputs and arguments, checked, to a node.
 *
 * Needs: inferred inputs. Reads the operator's description; writes new nodes.
 */
#include "graph/apply.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/pixel.h"
#include "base/text.h"
#include "base/units.h"
#include "graph/catalog.h"
#include "graph/rules.h"

enum { PARAMS_MAX = 32 }; /* of an operator without a kernel; others have fewer arguments */

/* An application on its way to a node. */
typedef struct Apply {
    WfGraph *graph;
    const WeftOp *op;
    WeftErr *err;
    const WeftArg *given[PARAMS_MAX]; /* for each parameter; NULL: missing */
    const char *unit;                 /* of the first input, or NULL */
    WeftNode numbers[PARAMS_MAX];     /* nodes of the NUMBER parameters */
    int number_count;
    double settings[PARAMS_MAX];
    int setting_count;
    const WfTable *table;
} Apply;

static bool hint_signature(const Apply *apply)
{
    WfText text = { 0 };

    wf_catalog_signature(apply->op, &text);
    if (text.text && !text.failed)
        wf_hint(apply->err, "%s", text.text);
    wf_text_free(&text);
    return false;
}

static bool check_inputs(const Apply *apply, const WeftNode *inputs, int count)
{
    const WeftOp *op = apply->op;
    bool limited = op->kernel[0] && !op->chain;

    for (int i = 0; i < count; i++)
        if (inputs[i] < 0 || inputs[i] >= apply->graph->count)
            return wf_fail(apply->err, WEFT_EARG, "input %d is no raster", i + 1);
    if (count < op->inputs || (!op->more && count > op->inputs)) {
        wf_fail(apply->err, WEFT_EARG, "takes %s%d raster%s, got %d", op->more ? "at least " : "",
                op->inputs, op->inputs == 1 ? "" : "s", count);
        return hint_signature(apply);
    }
    if (limited && count + wf_catalog_param_count(op) > WEFT_ARGS_MAX)
        return wf_fail(apply->err, WEFT_EARG, "takes no more than %d rasters, got %d",
                       WEFT_ARGS_MAX - wf_catalog_param_count(op), count);
    return true;
}

/* The symbol a script writes for an operator that has a logical form. */
static const char *symbol_of(const WeftOp *op)
{
    static const char *const symbols[][2] = {
        { "bitand", "&" },
        { "bitor", "|" },
        { "bitxor", "~" },
        { "bitnot", "~" },
    };

    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strcmp(op->name, symbols[i][0]) == 0)
            return symbols[i][1];
    return op->name;
}

/* Turn an operator on bits into its logical form where all inputs are bool. */
static bool choose_logic(Apply *apply, const WeftNode *inputs, int count)
{
    const WfNode *other = NULL;
    int bools = 0;

    for (int i = 0; i < count; i++) {
        const WfNode *node = &apply->graph->nodes[inputs[i]];

        if (node->range.boolean)
            bools++;
        else
            other = node;
    }
    if (bools == 0)
        return true;
    if (!other) {
        apply->op = wf_catalog_find(apply->op->logic, apply->err);
        return apply->op != NULL;
    }
    wf_fail(apply->err, WEFT_ETYPE, "%s on a bool and %s", symbol_of(apply->op),
            !other->grid         ? "a number"
            : other->range.whole ? "an integer raster"
                                 : "a real raster");
    if (other->grid)
        return wf_hint(apply->err, "write :ne(0) on the %s one",
                       other->range.whole ? "integer" : "real");
    return wf_hint(apply->err, "write :cast(\"u8\") on the bool to use it as a number");
}

/* Find the parameter of each argument. */
static bool match(Apply *apply, const WeftArg *args, int count)
{
    const WeftParam *params = apply->op->params;
    int param_count = wf_catalog_param_count(apply->op), places = 0;

    if (param_count > PARAMS_MAX)
        return wf_fail(apply->err, WEFT_EBUG, "has more than %d parameters", PARAMS_MAX);
    for (int i = 0; i < param_count; i++)
        places += !params[i].option;
    for (int i = 0; i < count; i++) {
        int p = 0;

        if (args[i].name) {
            p = wf_catalog_param(apply->op, args[i].name, apply->err);
            if (p < 0)
                return false;
        } else {
            while (p < param_count && (params[p].option || apply->given[p]))
                p++;
        }
        if (p == param_count) {
            wf_fail(apply->err, WEFT_EARG, "takes %d argument%s beside the rasters, got more",
                    places, places == 1 ? "" : "s");
            return hint_signature(apply);
        }
        if (apply->given[p]) {
            wf_fail(apply->err, WEFT_EARG, "\"%s\" is given twice", params[p].name);
            return hint_signature(apply);
        }
        apply->given[p] = &args[i];
    }
    return true;
}

/* Tell what a parameter wants and what it was given. */
static bool refuse(const Apply *apply, const WeftParam *param, const char *wanted,
                   const WeftArg *arg)
{
    char number[32];
    WeftCode code = arg->node == WEFT_NONE ? WEFT_EARG : WEFT_ETYPE;

    if (arg->node != WEFT_NONE)
        wf_fail(apply->err, code, "\"%s\" must be %s, not a raster", param->name, wanted);
    else if (arg->text)
        wf_fail(apply->err, code, "\"%s\" must be %s, not \"%.60s\"", param->name, wanted,
                arg->text);
    else
        wf_fail(apply->err, code, "\"%s\" must be %s, not %s", param->name, wanted,
                wf_number(arg->number, number));
    return hint_signature(apply);
}

static bool check_bounds(const Apply *apply, const WeftParam *param, const WeftArg *arg)
{
    char wanted[80], low[32], high[32];

    if (!(param->low < param->high) || (arg->number >= param->low && arg->number <= param->high))
        return true;
    snprintf(wanted, sizeof wanted, "%s to %s", wf_number(param->low, low),
             wf_number(param->high, high));
    return refuse(apply, param, wanted, arg);
}

static bool take_number(Apply *apply, const WeftParam *param, const WeftArg *arg)
{
    WeftNode node = arg->node;

    if (node != WEFT_NONE) {
        if (node < 0 || node >= apply->graph->count || apply->graph->nodes[node].grid)
            return refuse(apply, param, "a number", arg);
    } else {
        if (arg->text)
            return refuse(apply, param, "a number", arg);
        if (param->finite && isinf(arg->number))
            return refuse(apply, param, "a finite number", arg);
        if (!check_bounds(apply, param, arg))
            return false;
        node = wf_graph_constant(apply->graph, arg->number, arg->integer, NULL, apply->err);
        if (node == WEFT_NONE)
            return false;
    }
    apply->numbers[apply->number_count++] = node;
    return true;
}

static bool read_choice(const Apply *apply, const WeftParam *param, const WeftArg *arg,
                        double *value)
{
    WfText names = { 0 };
    int choice = arg->text ? wf_catalog_choice(param, arg->text) : -1;

    *value = choice;
    if (choice >= 0)
        return true;
    wf_catalog_choices(param, &names);
    refuse(apply, param, names.text && !names.failed ? names.text : "one of its choices", arg);
    wf_text_free(&names);
    return false;
}

static bool read_type(const Apply *apply, const WeftParam *param, const WeftArg *arg, double *value)
{
    WeftType type = arg->text ? weft_type_of(arg->text, apply->err) : WEFT_AUTO;

    *value = type;
    /* Where the name is unknown, the error of weft_type_of is kept. */
    return type != WEFT_AUTO || refuse(apply, param, "the name of a type", arg);
}

static bool read_unit(const Apply *apply, const WeftParam *param, const WeftArg *arg, double *value)
{
    if (arg->text) {
        *value = wf_unit_metres(arg->text);
        return *value > 0 || wf_unit_refuse(arg->text, apply->err);
    }
    return (arg->node == WEFT_NONE && arg->number >= 1e-12 && arg->number <= 1e12) ||
           refuse(apply, param, "a unit's name, or metres from 1e-12 to 1e12", arg);
}

/* The value of a parameter that is no NUMBER. */
static bool read_setting(const Apply *apply, const WeftParam *param, const WeftArg *arg,
                         double *value)
{
    bool number = arg->node == WEFT_NONE && !arg->text;

    *value = arg->number;
    switch (param->kind) {
    case WEFT_PARAM_INTEGER:
        if (!number || !isfinite(arg->number) || trunc(arg->number) != arg->number)
            return refuse(apply, param, "a whole number", arg);
        return check_bounds(apply, param, arg);
    case WEFT_PARAM_FLAG:
        return (number && (arg->number == 0 || arg->number == 1)) ||
               refuse(apply, param, "true or false", arg);
    case WEFT_PARAM_CHOICE:
        return read_choice(apply, param, arg, value);
    case WEFT_PARAM_TYPE:
        return read_type(apply, param, arg, value);
    case WEFT_PARAM_UNIT:
        return read_unit(apply, param, arg, value);
    default:
        if (!number || isnan(arg->number))
            return refuse(apply, param, "a number", arg);
        return check_bounds(apply, param, arg);
    }
}

static bool take_table(Apply *apply, const WeftParam *param, const WeftArg *arg)
{
    if (!arg->cells)
        return refuse(apply, param, "a table of numbers", arg);
    if (arg->rows < 1)
        return wf_fail(apply->err, WEFT_EARG, "\"%s\" is empty", param->name);
    if (arg->columns < param->low || arg->columns > param->high) {
        wf_fail(apply->err, WEFT_EARG, "a row of \"%s\" has %d numbers", param->name, arg->columns);
        return wf_hint(apply->err,
                       param->low < param->high ? "a row has %.0f or %.0f numbers"
                                                : "a row has %.0f numbers",
                       param->low, param->high);
    }
    apply->table = wf_graph_table(apply->graph, arg->cells, arg->rows, arg->columns,
                                  apply->op->shape != WEFT_REDUCE, apply->err);
    return apply->table != NULL;
}

static bool take_argument(Apply *apply, const WeftParam *param, const WeftArg *arg)
{
    WeftArg fallback = { .node = WEFT_NONE, .number = param->fallback };
    double *setting = &apply->settings[apply->setting_count];

    fallback.integer = trunc(param->fallback) == param->fallback;
    if (!arg && strcmp(param->name, "ieee") == 0)
        fallback.number = apply->graph->ieee;
    else if (!arg && strcmp(param->name, "zunit") == 0 && wf_unit_metres(apply->unit) > 0)
        fallback.number = wf_unit_metres(apply->unit);
    else if (!arg && !param->optional) {
        wf_fail(apply->err, WEFT_EARG, "\"%s\" is missing", param->name);
        return hint_signature(apply);
    }
    if (param->kind == WEFT_PARAM_NUMBER)
        return take_number(apply, param, arg ? arg : &fallback);
    if (param->kind == WEFT_PARAM_TABLE)
        return (!arg && param->optional) || take_table(apply, param, arg ? arg : &fallback);
    apply->setting_count++;
    if (arg)
        return read_setting(apply, param, arg, setting);
    *setting = fallback.number;
    return true;
}

/* The literal that a NUMBER parameter is. False: it is known later, or is no number. */
static bool literal_of(const Apply *apply, const char *name, double *value)
{
    const WeftParam *params = apply->op->params;
    const WfNode *node;
    int number = 0, p = 0;

    for (; strcmp(params[p].name, name) != 0; p++)
        number += params[p].kind == WEFT_PARAM_NUMBER;
    node = &apply->graph->nodes[apply->numbers[number]];
    *value = node->value;
    return node->op->shape == WEFT_CONSTANT && !isnan(node->value);
}

/* Ends that are the wrong way round leave nothing between them. */
static bool check_order(const Apply *apply)
{
    const WeftParam *params = apply->op->params;
    char above[32], below[32];
    double low, high;

    for (int p = 0; params && params[p].name; p++) {
        if (!params[p].over || !literal_of(apply, params[p].over, &low) ||
            !literal_of(apply, params[p].name, &high) || high >= low)
            continue;
        wf_fail(apply->err, WEFT_EARG, "\"%s\", %s, lies above \"%s\", %s", params[p].over,
                wf_number(low, above), params[p].name, wf_number(high, below));
        return hint_signature(apply);
    }
    return true;
}

static WeftNode add_node(const Apply *apply, const WeftNode *inputs, int count)
{
    int all_count = count + apply->number_count;
    WeftNode few[PARAMS_MAX], *all = few, node = WEFT_NONE;

    if (all_count > PARAMS_MAX)
        all = wf_calloc((size_t)all_count, sizeof *all, apply->err);
    if (!all)
        return WEFT_NONE;
    for (int i = 0; i < count; i++)
        all[i] = inputs[i];
    for (int i = 0; i < apply->number_count; i++)
        all[count + i] = apply->numbers[i];
    node = wf_graph_add(apply->graph, apply->op, all, all_count, apply->settings,
                        apply->setting_count, apply->err);
    if (all != few)
        wf_free(all);
    if (node != WEFT_NONE)
        apply->graph->nodes[node].table = apply->table;
    return node;
}

WeftNode wf_apply(WfGraph *graph, const WeftOp *op, const WeftNode *inputs, int input_count,
                  const WeftArg *args, int arg_count, WeftErr *err)
{
    Apply apply = { .graph = graph, .op = op, .err = err };
    int before = graph->count, param_count;
    WeftNode node;

    if (!check_inputs(&apply, inputs, input_count) ||
        (op->logic && !choose_logic(&apply, inputs, input_count)) ||
        !match(&apply, args, arg_count))
        goto fail;
    apply.unit = input_count ? graph->nodes[inputs[0]].unit : NULL;
    param_count = wf_catalog_param_count(apply.op);
    for (int p = 0; p < param_count; p++)
        if (!take_argument(&apply, &apply.op->params[p], apply.given[p]))
            goto fail;
    if (!check_order(&apply))
        goto fail;
    if (apply.table && !wf_rules_check(apply.op, apply.table, apply.settings, err))
        goto fail;
    node = add_node(&apply, inputs, input_count);
    if (node != WEFT_NONE)
        return node;
fail:
    while (graph->count > before)
        wf_graph_drop(graph, graph->count - 1);
    wf_err_at(err, &graph->place, op->name);
    return WEFT_NONE;
}
