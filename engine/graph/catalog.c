/*
 * catalog.c - operators by name; the nearest name for a misspelt one; the words of help.
 *
 * Needs: the table of operators that the build makes. Reads descriptions only.
 */
#include "graph/catalog.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/pixel.h"

/* Hidden operators are nobody's nearest name. */
static const char *op_name_at(const void *list, int i)
{
    const WeftOp *op = ((const WeftOp *const *)list)[i];

    return op->hidden ? "" : op->name;
}

static const char *param_name_at(const void *list, int i)
{
    return ((const WeftParam *)list)[i].name;
}

static int compare(const void *name, const void *entry)
{
    return strcmp(name, (*(const WeftOp *const *)entry)->name);
}

const WeftOp *wf_catalog_find(const char *name, WeftErr *err)
{
    const WeftOp *const *found =
        bsearch(name, weft_op_table, (size_t)weft_op_count, sizeof *weft_op_table, compare);
    const char *near;

    if (found)
        return *found;
    wf_fail(err, WEFT_ENAME, "there is no operator \"%.60s\"", name);
    near = wf_nearest(name, weft_op_table, weft_op_count, op_name_at);
    if (near)
        wf_hint(err, "did you mean \"%s\"?", near);
    wf_hint(err, "`weft ops` lists them");
    return NULL;
}

const WeftOp *weft_op_find(const char *name, WeftErr *err)
{
    const WeftOp *op = wf_catalog_find(name, err);

    if (op && op->hidden) {
        wf_fail(err, WEFT_ENAME, "there is no operator \"%s\"", name);
        wf_hint(err, "`weft ops` lists them");
        return NULL;
    }
    return op;
}

int wf_catalog_param_count(const WeftOp *op)
{
    int count = 0;

    while (op->params && op->params[count].name)
        count++;
    return count;
}

int wf_catalog_number_count(const WeftOp *op)
{
    int count = 0;

    for (int i = 0; i < wf_catalog_param_count(op); i++)
        count += op->params[i].kind == WEFT_PARAM_NUMBER;
    return count;
}

int wf_catalog_setting_count(const WeftOp *op)
{
    return wf_catalog_param_count(op) - wf_catalog_number_count(op) -
           (wf_catalog_table(op) != NULL);
}

const WeftParam *wf_catalog_table(const WeftOp *op)
{
    int count = wf_catalog_param_count(op);

    return count && op->params[count - 1].kind == WEFT_PARAM_TABLE ? &op->params[count - 1] : NULL;
}

int wf_catalog_param(const WeftOp *op, const char *name, WeftErr *err)
{
    int count = wf_catalog_param_count(op);
    WfText signature = { 0 };
    const char *near;

    for (int i = 0; i < count; i++)
        if (strcmp(op->params[i].name, name) == 0)
            return i;
    wf_fail(err, WEFT_ENAME, "there is no parameter \"%.60s\"", name);
    near = count ? wf_nearest(name, op->params, count, param_name_at) : NULL;
    wf_catalog_signature(op, &signature);
    if (near)
        wf_hint(err, "did you mean \"%s\"? %s", near, signature.failed ? "" : signature.text);
    else if (!signature.failed)
        wf_hint(err, "%s", signature.text);
    wf_text_free(&signature);
    return -1;
}

/* The value inputs: those the operator names, or a, b, c ... */
static void add_inputs(const WeftOp *op, WfText *text)
{
    if (op->arguments)
        wf_text_add(text, "%s", op->arguments);
    for (int i = 0; !op->arguments && i < op->inputs; i++)
        wf_text_add(text, "%s%c", i ? ", " : "", 'a' + i);
    if (op->more && !(op->arguments && strstr(op->arguments, "...")))
        wf_text_add(text, "%s...", op->inputs ? ", " : "");
}

void wf_catalog_signature(const WeftOp *op, WfText *text)
{
    int count = wf_catalog_param_count(op);
    const char *comma = op->inputs || op->more ? ", " : "", *brace;

    if (op->shape == WEFT_INDEX) {
        wf_text_add(text, "%s{like=", op->name);
        for (int i = 0; i < count; i++)
            if (op->params[i].option)
                wf_text_add(text, ", %s=", op->params[i].name);
        wf_text_add(text, "}");
        return;
    }
    wf_text_add(text, "%s(", op->name);
    add_inputs(op, text);
    for (int i = 0; i < count; i++)
        if (!op->params[i].option) {
            wf_text_add(text, "%s%s", comma, op->params[i].name);
            comma = ", ";
        }
    brace = "{";
    for (int i = 0; i < count; i++)
        if (op->params[i].option) {
            wf_text_add(text, "%s%s%s=", comma, brace, op->params[i].name);
            comma = ", ";
            brace = "";
        }
    wf_text_add(text, "%s)", *brace ? "" : "}");
}

/* Length of the i-th of "a|b|c"; *at is moved there, NULL when there are fewer. */
static int choice_at(const char *choices, int i, const char **at)
{
    for (*at = choices; *at && i > 0; i--) {
        *at = strchr(*at, '|');
        *at += *at != NULL;
    }
    return *at ? (int)strcspn(*at, "|") : 0;
}

void wf_catalog_value(const WeftParam *param, double value, WfText *text)
{
    const char *at = NULL;
    int length;

    switch (param->kind) {
    case WEFT_PARAM_FLAG:
        wf_text_add(text, "%s", value != 0 ? "true" : "false");
        break;
    case WEFT_PARAM_CHOICE:
        length = choice_at(param->choices, (int)value, &at);
        wf_text_add(text, "%.*s", length, at ? at : "");
        break;
    case WEFT_PARAM_TYPE:
        wf_text_add(text, "%s", weft_type_name((WeftType)value));
        break;
    default:
        wf_text_number(text, value);
    }
}

int wf_catalog_choice(const WeftParam *param, const char *name)
{
    const char *at;

    for (int i = 0;; i++) {
        int length = choice_at(param->choices, i, &at);

        if (!at)
            return -1;
        if ((int)strlen(name) == length && memcmp(at, name, (size_t)length) == 0)
            return i;
    }
}

void wf_catalog_choices(const WeftParam *param, WfText *text)
{
    const char *at;

    for (int i = 0;; i++) {
        int length = choice_at(param->choices, i, &at);

        if (!at)
            return;
        wf_text_add(text, "%s%.*s", i ? ", " : "", length, at);
    }
}

static void add_param(const WeftParam *param, int width, WfText *text)
{
    const char *semicolon = "; ";

    wf_text_add(text, "  %-*s  %s", width, param->name, param->help ? param->help : "");
    if (!param->help)
        semicolon = "";
    if (param->kind == WEFT_PARAM_CHOICE) {
        wf_text_add(text, "%s", semicolon);
        wf_catalog_choices(param, text);
        semicolon = "; ";
    }
    if (param->low < param->high && param->kind != WEFT_PARAM_TABLE) {
        wf_text_add(text, "%s", semicolon);
        wf_text_number(text, param->low);
        wf_text_add(text, " to ");
        wf_text_number(text, param->high);
        semicolon = "; ";
    }
    if (param->optional && !isnan(param->fallback)) {
        wf_text_add(text, "%sdefault ", semicolon);
        wf_catalog_value(param, param->fallback, text);
    }
    wf_text_add(text, "\n");
}

void wf_catalog_help(const WeftOp *op, WfText *text)
{
    int count = wf_catalog_param_count(op), width = 0;

    wf_catalog_signature(op, text);
    wf_text_add(text, "\n  %s\n", op->brief ? op->brief : "");
    if (op->help)
        wf_text_add(text, "\n%s\n", op->help);
    for (int i = 0; i < count; i++)
        if ((int)strlen(op->params[i].name) > width)
            width = (int)strlen(op->params[i].name);
    if (count)
        wf_text_add(text, "\n");
    for (int i = 0; i < count; i++)
        add_param(&op->params[i], width, text);
    if (op->formula || op->source || op->example)
        wf_text_add(text, "\n");
    if (op->formula)
        wf_text_add(text, "formula: %s\n", op->formula);
    if (op->source)
        wf_text_add(text, "source:  %s\n", op->source);
    if (op->example)
        wf_text_add(text, "example: %s\n", op->example);
}

const char *weft_op_help(const WeftOp *op, char *buffer, size_t size)
{
    WfText text = { 0 };

    wf_catalog_help(op, &text);
    if (size)
        snprintf(buffer, size, "%s", text.failed ? op->name : text.text);
    wf_text_free(&text);
    return buffer;
}
