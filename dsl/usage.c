/*
 * usage.c - how the program is called: its help, and what to say of options that it does not have.
 *
 * Reads the tables of commands and settings. Writes texts in lines of 80 characters; one that is
 * longer than the terminal goes through $PAGER.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"

enum { WIDTH = 80, COLUMN = 32 };

/* ------------------------------------------------------------------------------- pages */

static bool fits(const char *text)
{
    struct winsize window = { .ws_row = 0 };
    int lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) < 0 || !window.ws_row || lines < window.ws_row;
}

void wf_page(const char *text)
{
    const char *pager = getenv("PAGER");
    FILE *page = NULL;

    fflush(stdout);
    if (pager && *pager && isatty(STDOUT_FILENO) && !fits(text))
        page = popen(pager, "w");
    fputs(text, page ? page : stdout);
    if (page)
        pclose(page);
}

/* ------------------------------------------------------------------------------- help */

/* "  left    right", the right side in as many lines as it takes. */
static void put_entry(FILE *out, const char *left, const char *right)
{
    int at = fprintf(out, "  %s", left);

    if (at > COLUMN - 2) {
        fputc('\n', out);
        at = 0;
    }
    while (*right) {
        size_t room = WIDTH - COLUMN, length = strlen(right);

        if (length > room) {
            length = room;
            while (length && right[length] != ' ')
                length--;
            length = length ? length : room;
        }
        fprintf(out, "%*s%.*s\n", COLUMN - at, "", (int)length, right);
        right += length;
        right += strspn(right, " ");
        at = 0;
    }
}

static void put_commands(FILE *out)
{
    fputs("usage: weft [OPTIONS] [COMMAND]\n\n", out);
    put_entry(out, "weft", "the prompt");
    for (const WfCommand *c = wf_commands; c->name; c++) {
        char left[100];
        snprintf(left, sizeof left, "weft %s", c->usage);
        put_entry(out, left, c->brief);
    }
    put_entry(out, "weft SCRIPT.lua [ARGS...]", "the same as weft run");
}

void wf_usage(const WfCommand *command)
{
    size_t size;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return;
    if (command) {
        fprintf(out, "usage: weft %s\n       %s\n", command->usage, command->brief);
        for (const WfNote *note = command->notes; note && note->left; note++)
            if (*note->left)
                put_entry(out, note->left, note->right);
            else
                fprintf(out, "%s\n", note->right);
    } else {
        put_commands(out);
    }
    fputs("\noptions, also as variables WEFT_NAME:\n", out);
    for (const WfSetting *s = wf_settings_table; s->name; s++) {
        char option[64];
        snprintf(option, sizeof option, "--%s%s%s", s->name, s->argument ? " " : "",
                 s->argument ? s->argument : "");
        if (!s->lua_only)
            put_entry(out, option, s->help);
    }
    if (fclose(out) == 0)
        wf_page(text);
    free(text);
}

/* ------------------------------------------------------------------------------- unknown options
 */

/* What other tools call it. ? stands for one letter. */
static const struct {
    const char *name, *ours;
} foreign[] = {
    { "--outfile", "-o out.tif is the output" },
    { "--output", "-o out.tif is the output" },
    { "--calc", "the expression stands alone: weft calc \"A + 1\" -A a.tif -o out.tif" },
    { "--expression", "the expression stands alone: weft calc \"A + 1\" -A a.tif -o out.tif" },
    { "--?_band", "-A a.tif:2 takes the second band" },
    { "--?", "-A a.tif is an input" },
    { "--input", "-A a.tif is an input" },
    { "--allBands", "-A a.tif takes all bands" },
    { "--NoDataValue", "--nodata VALUE" },
    { "--dst-nodata", "--nodata VALUE" },
    { "-a_nodata", "--nodata VALUE" },
    { "--of", "--format DRIVER; without it the extension says the format" },
    { "-of", "--format DRIVER; without it the extension says the format" },
    { "--output-format", "--format DRIVER; without it the extension says the format" },
    { "--driver", "--format DRIVER; without it the extension says the format" },
    { "-ot", "--type TYPE" },
    { "--ot", "--type TYPE" },
    { "--dtype", "--type TYPE" },
    { "--output-data-type", "--type TYPE" },
    { "-co", "--co KEY=VALUE" },
    { "--creation-option", "--co KEY=VALUE" },
    { "--hideNoData", "pixels without data are invalid by themselves" },
};

static bool matches(const char *name, size_t length, const char *pattern)
{
    if (strlen(pattern) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (pattern[i] != '?' && pattern[i] != name[i])
            return false;
    return true;
}

static const char *foreign_hint(const char *argument)
{
    size_t length = strcspn(argument, "=");

    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (matches(argument, length, foreign[i].name))
            return foreign[i].ours;
    return NULL;
}

bool wf_usage_foreign(const WfCommand *command, const char *argument)
{
    const char *hint = command && command->plain && argument && argument[0] == '-' &&
                               argument[1] != '-' && argument[1] && argument[2]
                           ? foreign_hint(argument)
                           : NULL;

    if (hint)
        fprintf(stderr, "weft: no option %s\n  %s\n", argument, hint);
    return hint != NULL;
}

/* A long option that getopt has refused: with a value too many, too few, or unknown. */
static void tell_long(const WfCommand *command, const struct option *options, const char *argument)
{
    size_t length = strcspn(argument + 2, "=");
    const char *hint = command && command->plain ? foreign_hint(argument) : NULL;
    char name[64], near_hint[100] = "";
    WfNearest near;

    snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), argument + 2);
    wf_near_start(&near, name);
    for (const struct option *o = options; o->name; o++) {
        if (!strcmp(o->name, name)) {
            fprintf(stderr, "weft: --%s takes %s value\n", name,
                    o->has_arg == no_argument ? "no" : "a");
            return;
        }
        wf_near_try(&near, o->name);
    }
    if (*near.best)
        snprintf(near_hint, sizeof near_hint, "did you mean --%s?", near.best);
    fprintf(stderr, "weft: no option --%s\n  %s%s%s\n", name,
            hint         ? hint
            : *near_hint ? near_hint
                         : "weft ",
            hint || *near_hint ? ""
            : command          ? command->name
                               : "",
            hint || *near_hint ? ""
            : command          ? " --help lists them"
                               : "--help lists them");
}

/* In the middle of -abc the argument that getopt has read last is another one. */
static bool is_long(const struct option *options, const char *argument, int letter)
{
    size_t length;

    if (!argument || strncmp(argument, "--", 2) != 0)
        return false;
    length = strcspn(argument + 2, "=");
    for (const struct option *o = options; o->name; o++)
        if (o->val == letter && !strncmp(o->name, argument + 2, length))
            return true;
    return letter == 0;
}

void wf_usage_unknown(const WfCommand *command, const struct option *options, const char *argument,
                      int letter, bool missing)
{
    if (is_long(options, argument, letter))
        tell_long(command, options, argument);
    else if (missing)
        fprintf(stderr, "weft: -%c takes a value\n", letter);
    else
        fprintf(stderr, "weft: no option -%c\n  weft %s%s--help lists them\n", letter,
                command ? command->name : "", command ? " " : "");
}
