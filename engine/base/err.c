/*
 * err.c - saying what went wrong, once, and printing it.
 *
 * Who finds a fault says it here; who calls only passes it on. Reads nothing; writes the error.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A line under construction in a buffer of fixed size; what does not fit is cut off. */
typedef struct Line {
    char *at;
    size_t room;
} Line;

static void add(Line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(Line *line, const char *format, ...)
{
    va_list list;
    int length;

    va_start(list, format);
    length = vsnprintf(line->at, line->room, format, list);
    va_end(list);
    if (length < 0 || line->room == 0)
        return;
    if ((size_t)length >= line->room)
        length = (int)line->room - 1;
    line->at += length;
    line->room -= (size_t)length;
}

static void set_text(char *field, size_t size, const char *text)
{
    if (field[0] == '\0' && text)
        snprintf(field, size, "%s", text);
}

/* What is known of the data: the file (unless the message names it already), block and pixel. */
static int add_data(Line *line, const WeftErr *err)
{
    int parts = 0;

    if (err->path[0] && !strstr(err->message, err->path))
        add(line, "%sfile %s", parts++ ? ", " : " (", err->path);
    if (err->path[0] && err->block >= 0)
        add(line, "%sblock %lld", parts++ ? ", " : " (", (long long)err->block);
    if (err->col >= 0 && err->row >= 0)
        add(line, "%spixel col %lld, row %lld", parts++ ? ", " : " (", (long long)err->col,
            (long long)err->row);
    return parts;
}

const char *weft_err_text(const WeftErr *err, char *buffer, size_t size)
{
    Line line = { .at = buffer, .room = size };
    int parts;

    if (size == 0)
        return "";
    buffer[0] = '\0';
    if (err->code == WEFT_OK)
        return buffer;
    if (err->file[0] && err->line > 0)
        add(&line, "%s:%d: ", err->file, err->line);
    else if (err->file[0])
        add(&line, "%s: ", err->file);
    if (err->op[0])
        add(&line, "%s: ", err->op);
    add(&line, "%s", err->message);
    parts = add_data(&line, err);
    if (err->calls[0])
        add(&line, "%scalled from %s", parts++ ? "; " : " (", err->calls);
    if (parts)
        add(&line, ")");
    if (err->hint[0])
        add(&line, "\n  %s", err->hint);
    return buffer;
}

bool wf_fail(WeftErr *err, WeftCode code, const char *format, ...)
{
    va_list list;

    if (!err || err->code != WEFT_OK)
        return false;
    memset(err, 0, sizeof *err);
    err->code = code;
    err->block = err->col = err->row = -1;
    va_start(list, format);
    vsnprintf(err->message, sizeof err->message, format, list);
    va_end(list);
    return false;
}

bool wf_hint(WeftErr *err, const char *format, ...)
{
    va_list list;

    if (!err || err->code == WEFT_OK || err->hint[0])
        return false;
    va_start(list, format);
    vsnprintf(err->hint, sizeof err->hint, format, list);
    va_end(list);
    return false;
}

bool wf_err_at(WeftErr *err, const WfPlaceOf *place, const char *op)
{
    if (!err || err->code == WEFT_OK)
        return false;
    if (place && place->file && place->file[0] && !err->file[0]) {
        set_text(err->file, sizeof err->file, place->file);
        err->line = place->line;
        set_text(err->calls, sizeof err->calls, place->calls);
    }
    set_text(err->op, sizeof err->op, place && place->by ? place->by : op);
    return false;
}

bool wf_err_path(WeftErr *err, const char *path, int64_t block)
{
    if (!err || err->code == WEFT_OK)
        return false;
    set_text(err->path, sizeof err->path, path);
    if (err->block < 0)
        err->block = block;
    return false;
}

bool wf_err_pixel(WeftErr *err, int64_t col, int64_t row)
{
    if (!err || err->code == WEFT_OK)
        return false;
    if (err->col < 0 && err->row < 0) {
        err->col = col;
        err->row = row;
    }
    return false;
}
