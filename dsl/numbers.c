/*
 * numbers.c - a table of numbers in Lua, rows of equal length or values by key, for an operator.
 *
 * Needs: the description of the parameter. Writes a buffer that Lua owns; raises where the table is
 * not what the operator takes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dsl.h"

/* A table on its way to an argument. */
typedef struct Rows {
    lua_State *L;
    int index;
    const char *op;
    const WeftParam *param;
    int64_t count;
    int columns; /* as many as the first row has; of keys and values: 2 */
    double *cells;
} Rows;

/* A cell at the top of the stack; weft.invalid may stand where `may` says. `where` and `number` say
 * which it is. */
static double cell_of(const Rows *rows, bool may, const char *where, int64_t number)
{
    lua_State *L = rows->L;
    bool invalid;

    if (lua_type(L, -1) == LUA_TNUMBER)
        return lua_tonumber(L, -1);
    wf_script_table(L, "invalid");
    invalid = lua_rawequal(L, -1, -2);
    lua_pop(L, 1);
    if (invalid && may)
        return (double)NAN;
    wf_raisef(L, WEFT_EARG, rows->op, rows->param->choices, "%s: %s %lld is %s, not a number",
              rows->param->name, where, (long long)number,
              invalid ? "weft.invalid" : wf_what(L, -1));
}

/* Row `row` from 1, at the top of the stack. */
static void read_row(Rows *rows, int64_t row)
{
    lua_State *L = rows->L;
    int wanted = (int)rows->param->high, count;
    char where[40];

    snprintf(where, sizeof where, "row %lld: number", (long long)row);
    if (!lua_istable(L, -1))
        wf_raisef(L, WEFT_EARG, rows->op, rows->param->choices, "%s: row %lld is %s, not a table",
                  rows->param->name, (long long)row, wf_what(L, -1));
    count = wf_list_count(L, -1, rows->op, "number", rows->param->choices);
    if (count != wanted)
        wf_raisef(L, WEFT_EARG, rows->op, rows->param->choices,
                  "%s: row %lld has %d numbers, not %d", rows->param->name, (long long)row, count,
                  wanted);
    for (int c = 0; c < wanted; c++) {
        lua_rawgeti(L, -1, c + 1);
        rows->cells[(row - 1) * wanted + c] =
            cell_of(rows, rows->param->keyed && c == wanted - 1, where, c + 1);
        lua_pop(L, 1);
    }
}

static void read_list(Rows *rows)
{
    lua_State *L = rows->L;

    if (lua_rawlen(L, rows->index) != (size_t)rows->count)
        wf_raisef(L, WEFT_EARG, rows->op, rows->param->choices,
                  "%s: rows are a list, but there are keys too", rows->param->name);
    for (int64_t r = 1; r <= rows->count; r++) {
        lua_rawgeti(L, rows->index, r);
        read_row(rows, r);
        lua_pop(L, 1);
    }
}

static int compare_keys(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* {[key] = value}: Lua gives them in no order. */
static void read_keys(Rows *rows)
{
    lua_State *L = rows->L;
    int64_t i = 0;

    for (lua_pushnil(L); lua_next(L, rows->index); lua_pop(L, 1), i++) {
        if (lua_type(L, -2) != LUA_TNUMBER)
            wf_raisef(L, WEFT_EARG, rows->op, rows->param->choices, "%s: a key is %s, not a number",
                      rows->param->name, wf_what(L, -2));
        if (lua_istable(L, -1))
            wf_raisef(L, WEFT_EARG, rows->op, rows->param->choices,
                      "%s: rows and single values are mixed", rows->param->name);
        rows->cells[2 * i] = lua_tonumber(L, -2);
        rows->cells[2 * i + 1] = cell_of(rows, true, "value", i + 1);
    }
    qsort(rows->cells, (size_t)rows->count, 2 * sizeof *rows->cells, compare_keys);
}

/* How many entries there are, and whether the first one met is a row. */
static bool count_entries(Rows *rows)
{
    lua_State *L = rows->L;
    bool list = true;

    for (lua_pushnil(L); lua_next(L, rows->index); lua_pop(L, 1))
        if (rows->count++ == 0)
            list = lua_istable(L, -1);
    return list;
}

void wf_numbers_read(lua_State *L, int index, const char *op, const WeftParam *param, WeftArg *arg)
{
    Rows rows = { .L = L, .index = lua_absindex(L, index), .op = op, .param = param };
    bool list;

    luaL_checkstack(L, 10, "too many values");
    if (!lua_istable(L, index))
        wf_raisef(L, WEFT_EARG, op, param->choices, "%s must be a table, not %s", param->name,
                  wf_what(L, index));
    wf_table_own(L, rows.index);
    list = count_entries(&rows) || !param->keyed;
    if (rows.count == 0)
        wf_raisef(L, WEFT_EARG, op, param->choices, "%s: the table is empty", param->name);
    rows.columns = list ? (int)param->high : 2;
    rows.cells =
        lua_newuserdatauv(L, (size_t)rows.count * (size_t)rows.columns * sizeof *rows.cells, 0);
    if (list)
        read_list(&rows);
    else
        read_keys(&rows);
    arg->cells = rows.cells;
    arg->rows = rows.count;
    arg->columns = rows.columns;
}
