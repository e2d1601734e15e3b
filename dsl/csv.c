/*
 * csv.c - results as CSV files, from tables of numbers without a Lua value for each.
 *
 * A file is written beside its place and takes it when it is whole. Needs tables of results
 * (reducing.c). The file is in a box, as what is put into it is on Lua's stack.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

/* ------------------------------------------------------------------------------- fields */

/* A text in quotes where it would not stand for itself. */
static void put_text(FILE *file, const char *text)
{
    bool plain = !strpbrk(text, ",\"\r\n");

    if (plain) {
        fputs(text, file);
        return;
    }
    putc('"', file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

/* In as few digits as read back the same. An integer is written as such: beyond 1e15 if it is
 * meant to be one. */
static void put_number(FILE *file, double value, bool whole)
{
    char text[32];

    if (value == trunc(value) && fabs(value) < (whole ? 0x1p63 : 1e15) &&
        (whole || value || !signbit(value)))
        snprintf(text, sizeof text, "%lld", (long long)value);
    else
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, value);
            if (strtod(text, NULL) == value)
                break;
        }
    fputs(text, file);
}

/* The integer or text at the top of the stack, which it leaves. */
static void put_top(FILE *file, lua_State *L)
{
    if (lua_isinteger(L, -1))
        put_number(file, (double)lua_tointeger(L, -1), true);
    else if (lua_type(L, -1) == LUA_TSTRING)
        put_text(file, lua_tostring(L, -1));
    lua_pop(L, 1);
}

/* ------------------------------------------------------------------------------- rows */

typedef struct Column {
    const WeftTable *table;
    int64_t column;
    bool whole;      /* integers */
    double fallback; /* where there is no value; NaN: nothing */
    int64_t next;    /* the row after the one that was found last */
} Column;

/* A part of a file: rows of tables by their places, or those that begin with the numbers of keys.
 * What Lua owns is told by its place on the stack, 0: there is none. */
typedef struct Part {
    int front;    /* the first field of all rows */
    int keys;     /* the list of first fields */
    bool counted; /* the number of a key is its place from 0; otherwise itself */
    int64_t count;
    Column *columns;
    int column_count;
} Part;

/* The row of a table that begins with a number, mostly the one after that before; -1. */
static int64_t row_of(Column *column, double number)
{
    const WeftTable *table = column->table;
    int64_t row = column->next;

    if (row >= table->row_count || table->cells[row * table->column_count] != number)
        row = wf_cells_find(table, number);
    if (row >= 0)
        column->next = row + 1;
    return row;
}

static void put_cell(FILE *file, Column *column, int64_t row)
{
    double value = column->fallback;

    if (row >= 0 &&
        !isnan(column->table->cells[row * column->table->column_count + column->column]))
        value = column->table->cells[row * column->table->column_count + column->column];
    if (!isnan(value))
        put_number(file, value, column->whole);
}

/* The key of a row as its first field; gives its number. */
static double put_key(FILE *file, lua_State *L, const Part *part, int64_t row)
{
    double number;

    lua_rawgeti(L, part->keys, row + 1);
    number = part->counted ? (double)row : lua_tonumber(L, -1);
    put_top(file, L);
    return number;
}

static void put_part(FILE *file, lua_State *L, Part *part)
{
    bool first = !part->front && !part->keys;

    for (int64_t row = 0; row < part->count; row++) {
        double number = part->keys ? put_key(file, L, part, row) : 0;

        if (part->front) {
            lua_pushvalue(L, part->front);
            put_top(file, L);
        }
        for (int c = 0; c < part->column_count; c++) {
            Column *column = &part->columns[c];

            if (c || !first)
                putc(',', file);
            put_cell(file, column, part->keys ? row_of(column, number) : row);
        }
        putc('\n', file);
    }
}

/* Push field `name` of the table at index; 0: there is none, otherwise its place. */
static int field(lua_State *L, int index, const char *name)
{
    return lua_getfield(L, index, name) == LUA_TNIL ? 0 : lua_gettop(L);
}

/* The columns {table, column, whole, fallback} of a list, in memory that Lua owns, at the top. */
static void read_columns(lua_State *L, int list, Part *part)
{
    int top;

    part->column_count = (int)lua_rawlen(L, list);
    part->columns = lua_newuserdatauv(L, (size_t)(part->column_count + 1) * sizeof(Column), 0);
    top = lua_gettop(L);
    for (int i = 0; i < part->column_count; i++) {
        Column *column = &part->columns[i];

        lua_rawgeti(L, list, i + 1);
        for (int k = 1; k <= 4; k++)
            lua_rawgeti(L, top + 1, k);
        *column = (Column) { .table = wf_cells_check(L, top + 2),
                             .column = luaL_checkinteger(L, top + 3),
                             .whole = lua_toboolean(L, top + 4),
                             .fallback = luaL_optnumber(L, top + 5, (double)NAN) };
        lua_settop(L, top);
    }
}

/* The part {columns=, front=, keys=, counted=} at an index; what it needs stays on the stack. */
static void read_part(lua_State *L, int index, Part *part)
{
    luaL_checkstack(L, 20, NULL);
    part->front = field(L, index, "front");
    part->keys = field(L, index, "keys");
    lua_getfield(L, index, "counted");
    part->counted = lua_toboolean(L, -1);
    lua_getfield(L, index, "columns");
    read_columns(L, lua_gettop(L), part);
    part->count = part->keys           ? (int64_t)lua_rawlen(L, part->keys)
                  : part->column_count ? part->columns[0].table->row_count
                                       : 0;
}

/* ------------------------------------------------------------------------------- files */

static int refuse(lua_State *L, const char *op, WeftErr *err)
{
    snprintf(err->op, sizeof err->op, "%s", op);
    return wf_raise(L, err);
}

static void free_file(void *file)
{
    weft_textfile_free(file);
}

static void put_header(FILE *file, lua_State *L, int list)
{
    for (int64_t i = 1; i <= (int64_t)lua_rawlen(L, list); i++) {
        if (i > 1)
            putc(',', file);
        lua_rawgeti(L, list, i);
        put_top(file, L);
    }
    putc('\n', file);
}

/* csv(path, header, parts, op): the lines of a header and of all parts. With keys a part has a
 * line for each, the key in front, and what is found in rows that begin with its number; else a
 * line for each row of its first table. */
static int csv(lua_State *L)
{
    const char *op = luaL_checkstring(L, 4), *path = wf_check_text(L, 1, op, "the path");
    int count = (int)lua_rawlen(L, 3);
    Part *parts = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *parts, 0);
    WeftErr err = WF_NO_ERR;
    WfBox *box;

    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, 3, i + 1);
        read_part(L, lua_gettop(L), &parts[i]);
    }
    box = wf_box(L, free_file);
    box->p = weft_textfile_new(wf_script_graph(L), path, &err);
    if (!box->p)
        return refuse(L, op, &err);
    put_header(weft_textfile_stream(box->p), L, 2);
    for (int i = 0; i < count; i++)
        put_part(weft_textfile_stream(box->p), L, &parts[i]);
    if (!weft_textfile_finish(box->p, &err))
        return refuse(L, op, &err);
    return 0;
}

/* csv_place(path, op): raises where csv could not write. */
static int csv_place(lua_State *L)
{
    const char *op = luaL_checkstring(L, 2), *path = wf_check_text(L, 1, op, "the path");
    WeftErr err = WF_NO_ERR;

    return weft_textfile_check(path, &err) ? 0 : refuse(L, op, &err);
}

void wf_csv_open(lua_State *L, int tools)
{
    lua_pushcfunction(L, csv);
    lua_setfield(L, tools, "csv");
    lua_pushcfunction(L, csv_place);
    lua_setfield(L, tools, "csv_place");
}
