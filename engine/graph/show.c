/*
 * show.c - a graph as text, one node a line, or for Graphviz.
 *
 * The text depends on the graph alone: no addresses, no times. Reads the graph; writes the text.
 */
#include "graph/show.h"

#include <math.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"

enum { COLUMNS = 4, GAP = 2, WIDEST = 44 }; /* a longer entry pushes the rest of its line */

enum { ROWS_SHOWN = 3 };

/* table={0, 10, 1; 10, 20, 2; ... 40 rows} */
static void add_table(const WfNode *node, const char *comma, WfText *text)
{
    const WfTable *table = node->table;

    wf_text_add(text, "%s%s={", comma, wf_catalog_table(node->op)->name);
    for (int64_t r = 0; r < table->rows && r < ROWS_SHOWN; r++)
        for (int c = 0; c < table->columns; c++) {
            wf_text_add(text, "%s", c ? ", " : r ? "; " : "");
            wf_text_number(text, table->wide[c * table->rows + r]);
        }
    if (table->rows > ROWS_SHOWN)
        wf_text_add(text, "; ... %lld rows", (long long)table->rows);
    wf_text_add(text, "}");
}

static void add_setting_list(const WfNode *node, const char *comma, WfText *text)
{
    int setting = 0;

    for (int p = 0; node->op->params && node->op->params[p].name; p++) {
        const WeftParam *param = &node->op->params[p];
        double value;

        if (param->kind == WEFT_PARAM_NUMBER || setting >= node->setting_count)
            continue;
        value = node->settings[setting++];
        if ((param->kind == WEFT_PARAM_FLAG && value == 0) || isnan(value)) /* not given */
            continue;
        wf_text_add(text, "%s%s", comma, param->name);
        if (param->kind != WEFT_PARAM_FLAG) {
            wf_text_add(text, "=");
            wf_catalog_value(param, value, text);
        }
        comma = ", ";
    }
    if (node->table)
        add_table(node, comma, text);
}

static void add_constant(const WfNode *node, WfText *text)
{
    bool real = !node->integer && isfinite(node->value) && trunc(node->value) == node->value;

    wf_text_add(text, " ");
    wf_text_number(text, node->value);
    wf_text_add(text, "%s", real && fabs(node->value) < 1e15 ? ".0" : "");
}

static void add_load(const WfGraph *graph, const WfNode *node, WfText *text)
{
    const WfSource *source = &graph->sources[node->source];
    bool mask = source->band >= WF_BAND_MASK;

    wf_text_add(text, " \"%s\" %s %d", source->path ? source->path : "", mask ? "mask" : "band",
                mask ? source->band - WF_BAND_MASK : source->band);
    if (source->dx || source->dy)
        wf_text_add(text, " from %lld, %lld", (long long)source->dx, (long long)source->dy);
}

/* load "nir.tif" band 1; sub %0, %1; cast %3, type=u8, round=half_away */
static void add_what(const WfGraph *graph, const WfNode *node, bool inputs, WfText *text)
{
    wf_text_add(text, "%s", node->op->name);
    if (node->op->shape == WEFT_CONSTANT)
        add_constant(node, text);
    if (node->op->shape == WEFT_LOAD)
        add_load(graph, node, text);
    for (int i = 0; inputs && i < node->input_count; i++)
        wf_text_add(text, "%s%%%d", i ? ", " : " ", (int)node->inputs[i]);
    add_setting_list(node, inputs && node->input_count ? ", " : " ", text);
}

/* "[0, 255] valid" where no pixel can be invalid. */
static void add_range(const WfNode *node, WfText *text)
{
    wf_text_add(text, "[");
    wf_text_number(text, node->range.lo);
    wf_text_add(text, ", ");
    wf_text_number(text, node->range.hi);
    wf_text_add(text, "]%s", node->range.valid ? " valid" : "");
}

static bool is_root(WeftNode node, const WeftNode *roots, int root_count)
{
    for (int i = 0; i < root_count; i++)
        if (roots[i] == node)
            return true;
    return false;
}

static bool is_source(const WfNode *node)
{
    return node->op->shape == WEFT_LOAD || node->op->shape == WEFT_INDEX ||
           node->op->shape == WEFT_CONSTANT;
}

/* How it is held where that is not the plain case, its grid, and its place in the script. */
static void add_notes(const WfNode *node, bool grid, WfText *text)
{
    const char *gap = "";

    if (node->wide || node->wide_inside) {
        wf_text_add(text, "%s",
                    !node->wide          ? "computed in f64"
                    : !node->wide_inside ? "held in f64"
                                         : "f64");
        gap = "  ";
    }
    if (node->inexact) {
        wf_text_add(text, "%sinexact", gap);
        gap = "  ";
    }
    if (grid && node->grid) {
        wf_text_add(text, "%s%lld x %lld", gap, (long long)node->grid->width,
                    (long long)node->grid->height);
        gap = "  ";
    }
    if (node->place.file && node->place.file[0])
        wf_text_add(text, "%s%s:%d", gap, node->place.file, node->place.line);
}

/* One entry of a node's line; `text` is empty before. */
static void add_cell(const WfGraph *graph, WeftNode number, int column, bool root, WfText *text)
{
    const WfNode *node = &graph->nodes[number];

    switch (column) {
    case 0:
        wf_text_add(text, "%%%d = ", (int)number);
        add_what(graph, node, true, text);
        break;
    case 1:
        wf_text_add(text, "%s", weft_type_name(node->type));
        break;
    case 2:
        add_range(node, text);
        break;
    default:
        add_notes(node, root || is_source(node), text);
    }
}

/* A text inside double quotes of Graphviz. */
static void add_quoted(WfText *text, const char *raw)
{
    for (; *raw; raw++)
        wf_text_add(text, *raw == '"' || *raw == '\\' ? "\\%c" : "%c", *raw);
}

void wf_graph_show(const WfGraph *graph, const WeftNode *roots, int root_count, WfText *text)
{
    int widths[COLUMNS] = { 0 };

    for (int pass = 0; pass < 2; pass++)
        for (WeftNode n = 0; n < graph->count; n++) {
            bool root = is_root(n, roots, root_count);
            int blanks = 0;

            for (int column = 0; column < COLUMNS; column++) {
                WfText cell = { 0 };
                int length;

                add_cell(graph, n, column, root, &cell);
                text->failed |= cell.failed;
                length = (int)cell.length;
                if (pass == 0 && length > widths[column] && length <= WIDEST)
                    widths[column] = length;
                if (pass == 1 && length)
                    wf_text_add(text, "%*s%s", blanks, "", cell.text);
                blanks = GAP + (length < widths[column] ? widths[column] - length : 0);
                wf_text_free(&cell);
            }
            wf_text_add(text, "%s", pass == 1 ? "\n" : "");
        }
    for (int i = 0; i < root_count; i++)
        wf_text_add(text, "%s%%%d", i ? ", " : "roots ", (int)roots[i]);
    wf_text_add(text, "%s", root_count ? "\n" : "");
}

void wf_graph_dot(const WfGraph *graph, const WeftNode *roots, int root_count, WfText *text)
{
    wf_text_add(text, "digraph weft {\n  node [shape=box];\n");
    for (WeftNode n = 0; n < graph->count; n++) {
        const WfNode *node = &graph->nodes[n];
        WfText label = { 0 };

        add_what(graph, node, false, &label);
        text->failed |= label.failed;
        wf_text_add(text, "  n%d [label=\"", (int)n);
        if (label.text)
            add_quoted(text, label.text);
        wf_text_add(text, "\"%s];", is_root(n, roots, root_count) ? ", peripheries=2" : "");
        for (int i = 0; i < node->input_count; i++)
            wf_text_add(text, " n%d -> n%d;", (int)node->inputs[i], (int)n);
        wf_text_add(text, "\n");
        wf_text_free(&label);
    }
    wf_text_add(text, "}\n");
}
