/*
 * check_ops.c - every operator's .example, and tests/ops/vectors.txt, through the graph.
 *
 * A line is `name({1, 2, null}, 3, key=value) -> {4, 5, null}`: braces are rasters, a semicolon
 * ends a row, null is invalid; braces in braces
 * are a table, each its row. Each runs twice, with inputs and kernels of f32 and of f64. Numbers
 * are compared as f32; `~>` allows 4 ulp of f32; a line that begins with `f64 ` runs in f64 only
 * and is compared as f64.
 */
#include "harness.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pixel.h"
#include "fields.h"
#include "graph/apply.h"
#include "graph/catalog.h"
#include "pass/pass.h"

enum { CELLS = 64, INPUTS = 8, ARGS = 8, TEXTS = 64 };

typedef struct Cells {
    double value[CELLS];
    bool negative_zero[CELLS]; /* written as -0 */
    int count, width;
    bool whole, boolean;
} Cells;

typedef struct Line {
    const char *at; /* what is still to be read */
    char name[TEXTS];
    Cells input[INPUTS];
    int input_count;
    WeftArg arg[ARGS];
    char key[ARGS][TEXTS], text[ARGS][TEXTS];
    int arg_count;
    double table[CELLS]; /* of the argument that is one */
    Cells expected;
    bool near, only_wide;
} Line;

/* ------------------------------------------------------------------ reading a line */

static bool skip(Line *line, const char *token)
{
    while (isspace((unsigned char)*line->at))
        line->at++;
    if (strncmp(line->at, token, strlen(token)) != 0)
        return false;
    line->at += strlen(token);
    return true;
}

static void read_word(Line *line, char word[TEXTS])
{
    int length = 0;

    skip(line, "");
    while ((isalnum((unsigned char)*line->at) || *line->at == '_' ||
            (*line->at == '-' && length > 0)) &&
           length < TEXTS - 1)
        word[length++] = *line->at++;
    word[length] = '\0';
}

/* A number, null, true or false; *whole and *boolean say how it was written. */
static bool read_value(Line *line, double *value, bool *whole, bool *boolean)
{
    const char *start;
    char *end;

    *boolean = *whole = true;
    if (skip(line, "null") || skip(line, "true") || skip(line, "false")) {
        *value = line->at[-1] == 'l' ? (double)NAN : line->at[-2] == 'u';
        return true;
    }
    *boolean = false;
    skip(line, "");
    start = line->at;
    *value = strtod(start, &end);
    line->at = end;
    for (const char *c = start; c < end; c++)
        *whole = *whole && (isdigit((unsigned char)*c) || *c == '-');
    return end != start;
}

static bool read_cells(Line *line, Cells *cells)
{
    bool more;

    *cells = (Cells) { .whole = true, .boolean = true };
    do {
        bool whole, boolean;
        int i = cells->count++;

        if (i == CELLS || !read_value(line, &cells->value[i], &whole, &boolean))
            return false;
        cells->negative_zero[i] = cells->value[i] == 0 && signbit(cells->value[i]);
        cells->whole = cells->whole && whole;
        cells->boolean = cells->boolean && boolean;
        if (skip(line, ";")) {
            cells->width = cells->width ? cells->width : cells->count;
            more = cells->count % cells->width == 0;
        } else {
            more = skip(line, ",");
        }
    } while (more);
    cells->width = cells->width ? cells->width : cells->count;
    return skip(line, "}") && cells->count % cells->width == 0;
}

static bool read_text(Line *line, int i)
{
    read_word(line, line->text[i]);
    line->arg[i].text = line->text[i];
    return line->text[i][0] != '\0';
}

static bool read_argument(Line *line)
{
    int i = line->arg_count++;
    WeftArg *arg = &line->arg[i];
    const char *start;
    bool boolean;

    if (i == ARGS)
        return false;
    *arg = (WeftArg) { .node = WEFT_NONE };
    skip(line, "");
    start = line->at;
    read_word(line, line->key[i]);
    if (line->key[i][0] && skip(line, "="))
        arg->name = line->key[i];
    else
        line->at = start;
    if (skip(line, "\""))
        return read_text(line, i) && skip(line, "\"");
    return read_value(line, &arg->number, &arg->integer, &boolean) || read_text(line, i);
}

/* The rest of {{1, 2}, {3, 4}}. */
static bool read_table(Line *line)
{
    int i = line->arg_count++, count = 0;
    bool whole, boolean;

    if (i == ARGS)
        return false;
    line->arg[i] = (WeftArg) { .node = WEFT_NONE, .cells = line->table };
    do {
        if (!skip(line, "{"))
            return false;
        line->arg[i].rows++;
        do {
            if (count == CELLS || !read_value(line, &line->table[count++], &whole, &boolean))
                return false;
        } while (skip(line, ","));
        line->arg[i].columns = count / (int)line->arg[i].rows;
        if (!skip(line, "}") || count != line->arg[i].columns * (int)line->arg[i].rows)
            return false;
    } while (skip(line, ","));
    return skip(line, "}");
}

static bool read_given(Line *line)
{
    if (!skip(line, "{"))
        return read_argument(line);
    skip(line, "");
    if (*line->at == '{')
        return read_table(line);
    return line->input_count < INPUTS && read_cells(line, &line->input[line->input_count++]);
}

static bool read_line(const char *text, Line *line)
{
    *line = (Line) { .at = text };
    line->only_wide = skip(line, "f64 ");
    read_word(line, line->name);
    if (!skip(line, "("))
        return false;
    while (!skip(line, ")")) {
        if (!read_given(line))
            return false;
        skip(line, ",");
    }
    line->near = skip(line, "~>");
    return (line->near || skip(line, "->")) && skip(line, "{") && read_cells(line, &line->expected);
}

/* ------------------------------------------------------------------ running it */

/* The type of a file these values could come from. */
static WeftType type_of(const Cells *cells, bool wide)
{
    double most = 0;

    for (int i = 0; i < cells->count; i++)
        most = isnan(cells->value[i]) ? most : fmax(most, fabs(cells->value[i]));
    if (cells->boolean)
        return WEFT_BOOL;
    if (!cells->whole)
        return wide ? WEFT_F64 : WEFT_F32;
    return most > 0x1p31 - 1 ? WEFT_I64 : most > 32767 || wide ? WEFT_I32 : WEFT_I16;
}

static WeftNode add_input(WfGraph *graph, const Line *line, int i, bool wide, const WeftGrid *grid,
                          WeftErr *err)
{
    WfSource source = { .path = "",
                        .band = i + 1,
                        .type = type_of(&line->input[i], wide),
                        .width = grid->width,
                        .height = grid->height,
                        .has_nodata = true };

    return wf_graph_load(graph, &source, grid, err);
}

static bool infer_all(WfGraph *graph, WeftErr *err)
{
    for (int i = 0; i < graph->count; i++)
        if (!wf_infer_node(graph, i, err))
            return false;
    return true;
}

/* The line as a graph; gives the node to look at. */
static WeftNode build(WfGraph *graph, const Line *line, bool wide, WeftErr *err)
{
    WeftGrid shape = { .width = line->expected.width,
                       .height = line->expected.count / line->expected.width };
    const WeftGrid *grid = wf_graph_grid(graph, &shape, err);
    const WeftOp *op = wf_catalog_find(line->name, err);
    WeftNode inputs[INPUTS], root;
    bool changed;

    if (!grid || !op)
        return WEFT_NONE;
    for (int i = 0; i < line->input_count; i++)
        inputs[i] = add_input(graph, line, i, wide, grid, err);
    if (!infer_all(graph, err))
        return WEFT_NONE;
    root = wf_apply(graph, op, inputs, line->input_count, line->arg, line->arg_count, err);
    if (root == WEFT_NONE)
        return WEFT_NONE;
    if (op->shape == WEFT_INDEX)
        graph->nodes[root].grid = grid;
    if (!infer_all(graph, err) || !wf_pass_lower(graph, &root, 1, &changed, err))
        return WEFT_NONE;
    for (int i = 0; wide && i < graph->count; i++)
        if (graph->nodes[i].op->kernel[0])
            graph->nodes[i].wide = graph->nodes[i].wide_inside = true;
    return root;
}

/* The line's inputs as bands of the file: f32 where a file of their type holds that. */
static void fill_bands(const WfGraph *graph, const Line *line, double *bands)
{
    int pixels = line->expected.count;

    for (int n = 0; n < graph->count; n++) {
        const WfNode *node = &graph->nodes[n];

        for (int i = 0; node->source >= 0 && i < pixels; i++) {
            double v = line->input[graph->sources[node->source].band - 1].value[i];

            bands[node->source * pixels + i] =
                line->only_wide || node->range.whole ? v : (double)(float)v;
        }
    }
}

static bool agrees(const Line *line, int i, double got)
{
    double want = line->expected.value[i];
    float a = (float)got, b = (float)want;

    if (isnan(want) || isnan(got))
        return isnan(want) && isnan(got);
    if (line->expected.negative_zero[i] && !signbit(got))
        return false;
    if (line->only_wide)
        return got == want || (line->near && fabs(got - want) <= 4 * 0x1p-52 * fabs(want));
    return a == b || (line->near && fabsf(a - b) <= 4 * 0x1p-23f * fabsf(b));
}

/* Gives what is wrong, or NULL. */
static const char *run_line(const char *text, bool wide)
{
    static char wrong[1024];
    Line line;
    WeftErr err = { 0 };
    WfGraph *graph = wf_graph_new(&err);
    WeftNode root;

    if (!read_line(text, &line))
        snprintf(wrong, sizeof wrong, "unreadable at: %.80s", line.at);
    else if (!wide && line.only_wide)
        wrong[0] = '\0';
    else if ((root = build(graph, &line, wide, &err)) == WEFT_NONE)
        snprintf(wrong, sizeof wrong, "%s", err.message);
    else {
        static double bands[INPUTS * CELLS];
        double *values, *result;

        wrong[0] = '\0';
        fill_bands(graph, &line, bands);
        values = fields_values(graph, root, bands, line.expected.width,
                               line.expected.count / line.expected.width);
        result = values + root * line.expected.count;
        for (int i = 0; i < line.expected.count && !wrong[0]; i++) {
            double got = result[i];

            if (!agrees(&line, i, got))
                snprintf(wrong, sizeof wrong, "pixel %d is %.9g, not %.9g", i, got,
                         line.expected.value[i]);
        }
        free(values);
    }
    wf_graph_free(graph);
    return wrong[0] ? wrong : NULL;
}

static int run_both(const char *text)
{
    int failed = 0;

    for (int wide = 0; wide < 2; wide++) {
        const char *wrong = run_line(text, wide);

        if (wrong)
            printf("%s  (%s)\n    %s\n", text, wide ? "f64" : "f32", wrong);
        failed += wrong != NULL;
    }
    return failed;
}

START_TEST(ops_every_example_is_true)
{
    int failed = 0;

    for (int i = 0; i < weft_op_count; i++)
        if (weft_op_table[i]->example)
            failed += run_both(weft_op_table[i]->example);
    ck_assert_int_eq(failed, 0);
}
END_TEST

START_TEST(ops_every_vector_is_met)
{
    FILE *file = fopen("tests/ops/vectors.txt", "r");
    char text[1024];
    int failed = 0, lines = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(text, sizeof text, file)) {
        text[strcspn(text, "\n")] = '\0';
        if (text[0] == '#' || text[0] == '\0')
            continue;
        failed += run_both(text);
        lines++;
    }
    fclose(file);
    ck_assert_int_eq(failed, 0);
    ck_assert_int_gt(lines, 100);
}
END_TEST

START_TEST(ops_every_user_operator_describes_itself)
{
    for (int i = 0; i < weft_op_count; i++) {
        const WeftOp *op = weft_op_table[i];

        ck_assert_msg(op->brief && islower((unsigned char)op->brief[0]) | !isalpha(op->brief[0]),
                      "%s has no brief", op->name);
        ck_assert_msg(op->family != NULL, "%s has no family", op->name);
        ck_assert_msg(op->hidden || op->example, "%s has no example", op->name);
        ck_assert_msg(op->brief[strlen(op->brief) - 1] != '.', "%s: full stop", op->name);
        for (const WeftParam *p = op->params; p && p->name; p++)
            ck_assert_msg(p->help != NULL, "%s: no help for %s", op->name, p->name);
    }
}
END_TEST

CHECK_MAIN("ops", ops_every_example_is_true, ops_every_vector_is_met,
           ops_every_user_operator_describes_itself)
