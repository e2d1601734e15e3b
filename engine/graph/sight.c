/*
 * sight.c - what nodes read beyond their own pixel: neighbours, and functions on rows.
 *
 * A ROWS node's settings are its parameters, six numbers for the window of each input, and a table.
 * So it is copied, compared and shared like any other node. Reads nodes; writes new ones.
 */
#include "graph/sight.h"

#include <string.h>

#include "graph/catalog.h"

enum { ROOM_ALIGN = 64 };

/* A window's numbers, and the settings of the operator neighbour. */
enum { LEFT, UP, RIGHT, DOWN, EDGES, CONSTANT, WINDOW_NUMBERS };
enum { NEIGHBOUR_DCOL, NEIGHBOUR_DROW, NEIGHBOUR_EDGES, NEIGHBOUR_CONSTANT };

static int beyond(double offset)
{
    return offset > 0 ? (int)offset : 0;
}

static WeftWindow neighbour_window(const double *s)
{
    return (WeftWindow) {
        .left = beyond(-s[NEIGHBOUR_DCOL]),
        .up = beyond(-s[NEIGHBOUR_DROW]),
        .right = beyond(s[NEIGHBOUR_DCOL]),
        .down = beyond(s[NEIGHBOUR_DROW]),
        .edges = (int)s[NEIGHBOUR_EDGES],
        .constant = s[NEIGHBOUR_CONSTANT],
    };
}

WeftWindow wf_window_of(const WfNode *node, int i)
{
    const double *s = node->settings;

    if (node->op->shape == WEFT_FOCAL)
        return neighbour_window(s);
    s += wf_catalog_setting_count(node->op) + i * WINDOW_NUMBERS;
    return (WeftWindow) {
        .left = (int)s[LEFT],
        .up = (int)s[UP],
        .right = (int)s[RIGHT],
        .down = (int)s[DOWN],
        .edges = (int)s[EDGES],
        .constant = s[CONSTANT],
    };
}

void wf_window_set_edges(WfNode *node, int i, int edges)
{
    bool focal = node->op->shape == WEFT_FOCAL;
    int at =
        focal ? NEIGHBOUR_EDGES : wf_catalog_setting_count(node->op) + i * WINDOW_NUMBERS + EDGES;

    node->settings[at] = edges;
}

int wf_window_settings(const WfNode *node)
{
    int count = wf_catalog_setting_count(node->op);

    if (node->op->shape != WEFT_ROWS ||
        node->setting_count < count + node->input_count * WINDOW_NUMBERS)
        return node->setting_count;
    return count;
}

const double *wf_window_table(const WfNode *node, int *count)
{
    int before = wf_catalog_setting_count(node->op) + node->input_count * WINDOW_NUMBERS;

    *count = node->setting_count - before;
    return node->settings + before;
}

/* The setting that says which result a node is; -1: there is only one. */
static int result_setting(const WeftOp *op)
{
    return op->several ? wf_catalog_setting_count(op) - 1 : -1;
}

int wf_window_result(const WfNode *node)
{
    int at = result_setting(node->op);

    return at < 0 ? 0 : (int)node->settings[at];
}

bool wf_window_together(const WfNode *a, const WfNode *b)
{
    if (a->op != b->op || !a->op->several || a->grid != b->grid || a->wide != b->wide ||
        a->wide_inside != b->wide_inside || a->input_count != b->input_count ||
        a->setting_count != b->setting_count ||
        memcmp(a->inputs, b->inputs, (size_t)a->input_count * sizeof *a->inputs) != 0)
        return false;
    for (int i = 0; i < a->setting_count; i++)
        if (i != result_setting(a->op) &&
            memcmp(&a->settings[i], &b->settings[i], sizeof *a->settings) != 0)
            return false;
    return true;
}

WeftNode wf_window_add(WfGraph *graph, const WeftOp *op, const WeftNode *inputs, int input_count,
                       const double *params, const WeftWindow *windows, const double *table,
                       int table_count, WeftErr *err)
{
    int own = wf_catalog_setting_count(op), count = own + input_count * WINDOW_NUMBERS;
    double *settings = wf_calloc((size_t)(count + table_count) + 1, sizeof *settings, err);
    WeftNode node;

    if (!settings)
        return WEFT_NONE;
    memcpy(settings, params, (size_t)own * sizeof *settings);
    for (int i = 0; i < input_count; i++) {
        double *s = settings + own + i * WINDOW_NUMBERS;

        s[LEFT] = windows[i].left;
        s[UP] = windows[i].up;
        s[RIGHT] = windows[i].right;
        s[DOWN] = windows[i].down;
        s[EDGES] = windows[i].edges;
        s[CONSTANT] = windows[i].constant;
    }
    if (table_count)
        memcpy(settings + count, table, (size_t)table_count * sizeof *settings);
    node = wf_graph_add(graph, op, inputs, input_count, settings, count + table_count, err);
    wf_free(settings);
    return node;
}

WeftRows wf_window_turn(const WfNode *node, WeftWindow *windows)
{
    WeftRows turn = { .input_count = node->input_count,
                      .windows = windows,
                      .settings = node->settings };

    for (int i = 0; i < node->input_count; i++)
        windows[i] = wf_window_of(node, i);
    turn.table = wf_window_table(node, &turn.table_count);
    if (node->grid) {
        turn.raster_width = node->grid->width;
        turn.raster_height = node->grid->height;
    }
    return turn;
}

static size_t aligned(size_t bytes)
{
    return (bytes + ROOM_ALIGN - 1) / ROOM_ALIGN * ROOM_ALIGN;
}

size_t wf_window_own_room(const WfNode *node, int64_t rows, int64_t width)
{
    WeftRowsRoom *room = node->op->room[node->wide_inside];
    WeftWindow windows[node->input_count + 1];
    WeftRows turn = wf_window_turn(node, windows);

    turn.rows = rows;
    turn.width = width;
    return room ? aligned(room(&turn)) : 0;
}

size_t wf_window_room(const WfNode *node, int results, int64_t rows, int64_t width)
{
    size_t bytes = wf_window_own_room(node, rows, width), all = (size_t)results * (size_t)rows;

    if (node->wide == node->wide_inside)
        return bytes;
    return bytes + aligned((size_t)width * sizeof(double)) * all + aligned(all * sizeof(void *));
}
