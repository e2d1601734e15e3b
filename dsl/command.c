/*
 * command.c - what each command does: run, calc, explain, ops, info, topo, version.
 *
 * Needs: an opened state. Writes standard output, and files through the engine.
 */
#include "command.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ------------------------------------------------------------------------------- scripts */

static int run_script(lua_State *L, const WfAsked *asked)
{
    lua_createtable(L, asked->argc, 1);
    lua_pushstring(L, asked->program);
    lua_rawseti(L, -2, -1);
    for (int i = 0; i < asked->argc; i++) {
        lua_pushstring(L, asked->argv[i]);
        lua_rawseti(L, -2, i); /* arg[0] is the script, arg[-1] the program */
    }
    lua_pushvalue(L, -1);
    lua_setglobal(L, "arg");
    wf_script_file(L, asked->argv[0]);
    return 0;
}

static int explain_script(lua_State *L, const WfAsked *asked)
{
    wf_script(L)->explaining = true;
    return run_script(L, asked);
}

/* ------------------------------------------------------------------------------- calc */

enum {
    OPTION_IN = 1,
    OPTION_TYPE,
    OPTION_NODATA,
    OPTION_CO,
    OPTION_FORMAT,
    OPTION_OVERWRITE,
    OPTION_MARKDOWN,
    OPTION_STATS
};

static const struct option calc_options[] = {
    { "in", required_argument, NULL, OPTION_IN },
    { "out", required_argument, NULL, 'o' },
    { "type", required_argument, NULL, OPTION_TYPE },
    { "nodata", required_argument, NULL, OPTION_NODATA },
    { "co", required_argument, NULL, OPTION_CO },
    { "format", required_argument, NULL, OPTION_FORMAT },
    { "overwrite", optional_argument, NULL, OPTION_OVERWRITE },
    { NULL },
};

static bool add_input(WfAsked *asked, const char *name, size_t length, const char *source)
{
    for (int i = 0; i < asked->input_count; i++)
        if (strlen(asked->inputs[i].name) == length &&
            !strncmp(asked->inputs[i].name, name, length)) {
            fprintf(stderr, "weft: %s is given twice: %s and %s\n", asked->inputs[i].name,
                    asked->inputs[i].source, source);
            return false;
        }
    if (asked->input_count == WF_INPUTS_MAX || length >= sizeof asked->inputs->name || !length) {
        fprintf(stderr, "weft: %s\n", length ? "too many inputs" : "--in takes name=path");
        return false;
    }
    snprintf(asked->inputs[asked->input_count].name, sizeof asked->inputs->name, "%.*s",
             (int)length, name);
    asked->inputs[asked->input_count++].source = source;
    return true;
}

/* "-A + 1", "-sqrt(A)": more than the letter of an option, or than that and the name of a file. */
static bool begins_expression(const char *argument)
{
    if (argument[0] != '-' || !argument[1] || argument[1] == '-' || !argument[2])
        return false;
    if (argument[1] != 'o' && (argument[1] < 'A' || argument[1] > 'Z'))
        return true;
    return argument[2] == '-' || strpbrk(argument + 2, " +*^%()<>=!&|?[");
}

static const WfNote calc_notes[] = {
    { "", "" },
    { "-A FILE ... -Z FILE", "what A ... Z stand for; FILE:2 or FILE:NAME is one band" },
    { "--in NAME=FILE", "the same for a longer name" },
    { "-o FILE, --out FILE", "the output, in the format of its extension" },
    { "--format DRIVER", "a format of GDAL, whatever the extension" },
    { "--overwrite[=yes|no]", "whether a file of that name is replaced; it is" },
    { "--type TYPE", "of its pixels: u8 ... f64, or a name of GDAL's" },
    { "--nodata VALUE", "a number, nan, mask or none" },
    { "--co KEY=VALUE", "a creation option of GDAL" },
    { "", "\nAn expression may begin with a dash:" },
    { "", "  weft calc \"-A + 1\" -A a.tif -o b.tif" },
    { "", "What could as well be an option comes last, after --:" },
    { "", "  weft calc -A a.tif -o b.tif -- \"-A\"" },
    { NULL, NULL },
};

/* --overwrite, --overwrite=yes, --overwrite=no. */
static bool read_overwrite(WfAsked *asked, const char *value)
{
    asked->overwrite = value ? value : "yes";
    if (!strcmp(asked->overwrite, "yes") || !strcmp(asked->overwrite, "no"))
        return true;
    fprintf(stderr, "weft: --overwrite is yes or no, not \"%s\"\n", value);
    return false;
}

static bool calc_option(WfAsked *asked, int option, const char *value)
{
    char letter = (char)option;
    const char *equals = value ? strchr(value, '=') : NULL;

    switch (option) {
    case OPTION_IN:
        return add_input(asked, value, equals ? (size_t)(equals - value) : 0,
                         equals ? equals + 1 : value);
    case OPTION_TYPE:
        asked->type = value;
        return true;
    case OPTION_NODATA:
        asked->nodata = value;
        return true;
    case OPTION_CO:
        if (asked->co_count == WF_INPUTS_MAX || !equals) {
            fputs("weft: --co takes KEY=VALUE\n", stderr);
            return false;
        }
        asked->co[asked->co_count++] = value;
        return true;
    case OPTION_FORMAT:
        asked->format = value;
        return true;
    case OPTION_OVERWRITE:
        return read_overwrite(asked, value);
    case 'o':
        if (asked->out)
            fprintf(stderr, "weft: the output is given twice: %s and %s\n", asked->out, value);
        else
            asked->out = value;
        return asked->out == value;
    default:
        if (*value != '-')
            return add_input(asked, &letter, 1, value);
        fprintf(stderr,
                "weft: -%c takes a file, not \"%s\"; an expression -%c comes last, after --\n",
                letter, value, letter);
        return false;
    }
}

/* Where the band begins in path:BAND, a number or a name; NULL: all of it is a path. A name needs a
 * file before it, as subdatasets have colons of their own. */
static const char *find_band(const char *source)
{
    const char *colon = strrchr(source, ':');
    char path[4096];

    if (!colon || colon == source || !colon[1] || access(source, F_OK) == 0)
        return NULL;
    if (strlen(colon + 1) < 8 && strspn(colon + 1, "0123456789") == strlen(colon + 1))
        return colon + 1;
    snprintf(path, sizeof path, "%.*s", (int)(colon - source), source);
    return access(path, F_OK) == 0 ? colon + 1 : NULL;
}

/* path[:BAND] as a raster on the stack. */
static void open_input(lua_State *L, int weft, const char *source)
{
    const char *band = find_band(source);

    lua_getfield(L, weft, "open");
    lua_pushlstring(L, source, band ? (size_t)(band - source) - 1 : strlen(source));
    lua_call(L, 1, 1);
    if (!band)
        return;
    if (isdigit((unsigned char)*band) && strspn(band, "0123456789") == strlen(band))
        lua_pushinteger(L, atoi(band));
    else
        lua_pushstring(L, band);
    wf_raster_push_band(L, -2, wf_raster_band_of(L, -2, lua_gettop(L), "calc"));
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* A number as C reads it: "nan" and "-inf" are numbers, too. */
static void push_number(lua_State *L, const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (lua_stringtonumber(L, text))
        return;
    if (end != text && !*end)
        lua_pushnumber(L, value);
    else
        lua_pushstring(L, text);
}

static void push_save_options(lua_State *L, const WfAsked *asked)
{
    lua_newtable(L);
    if (asked->type) {
        lua_pushstring(L, asked->type);
        lua_setfield(L, -2, "type");
    }
    if (asked->nodata) {
        push_number(L, asked->nodata);
        lua_setfield(L, -2, "nodata");
    }
    if (asked->format) {
        lua_pushstring(L, asked->format);
        lua_setfield(L, -2, "format");
    }
    if (asked->overwrite) {
        lua_pushboolean(L, !strcmp(asked->overwrite, "yes"));
        lua_setfield(L, -2, "overwrite");
    }
    if (!asked->co_count)
        return;
    lua_createtable(L, asked->co_count, 0);
    for (int i = 0; i < asked->co_count; i++) {
        lua_pushstring(L, asked->co[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "options");
}

static int calc(lua_State *L, const WfAsked *asked)
{
    if (!asked->out) {
        fputs("weft: where to? -o out.tif\n", stderr);
        return 2;
    }
    lua_getglobal(L, "weft");
    int weft = lua_gettop(L);
    lua_getfield(L, weft, "save");
    lua_getfield(L, weft, "calc");
    lua_pushstring(L, asked->plain ? asked->plain : asked->argv[0]);
    lua_newtable(L);
    for (int i = 0; i < asked->input_count; i++) {
        open_input(L, weft, asked->inputs[i].source);
        lua_setfield(L, -2, asked->inputs[i].name);
    }
    lua_call(L, 2, 1);
    lua_pushstring(L, asked->out);
    push_save_options(L, asked);
    lua_call(L, 3, 0);
    return 0;
}

/* ------------------------------------------------------------------------------- ops */

static const struct option ops_options[] = {
    { "markdown", no_argument, NULL, OPTION_MARKDOWN },
    { NULL },
};

static bool ops_option(WfAsked *asked, int option, const char *value)
{
    (void)value;
    (void)option;
    asked->markdown = true;
    return true;
}

static int ops(lua_State *L, const WfAsked *asked)
{
    if (asked->markdown)
        wf_help_markdown(L);
    else if (asked->argc)
        wf_help_of(L, asked->argv[0]);
    else
        wf_help_list(L);
    lua_pushfstring(L, "%s%s", lua_tostring(L, -1), asked->argc && !asked->markdown ? "\n" : "");
    wf_page(lua_tostring(L, -1));
    return 0;
}

/* ------------------------------------------------------------------------------- info */

static const struct option info_options[] = {
    { "stats", no_argument, NULL, OPTION_STATS },
    { NULL },
};

static bool info_option(WfAsked *asked, int option, const char *value)
{
    (void)value;
    (void)option;
    asked->stats = true;
    return true;
}

/* A line of statistics for each band. */
static void print_stats(lua_State *L, const char *path)
{
    wf_script_table(L, "summary");
    lua_getglobal(L, "weft");
    open_input(L, lua_gettop(L), path);
    lua_remove(L, -2);
    lua_call(L, 1, 1);
    fputs(lua_tostring(L, -1), stdout);
}

static int print_text(lua_State *L, WfBox *box, char *text, const WeftErr *err)
{
    wf_push_text(L, box, text, err);
    fputs(lua_tostring(L, -1), stdout);
    return 0;
}

static int info(lua_State *L, const WfAsked *asked)
{
    WeftErr err = WF_NO_ERR;
    WfBox *box = wf_box(L, free);

    print_text(L, box, weft_info(asked->argv[0], &err), &err);
    if (asked->stats)
        print_stats(L, asked->argv[0]);
    return 0;
}

static int topo(lua_State *L, const WfAsked *asked)
{
    WeftErr err = WF_NO_ERR;
    WfBox *box = wf_box(L, free);

    (void)asked;
    return print_text(L, box, weft_topo(wf_script_engine(L), &err), &err);
}

static int version(lua_State *L, const WfAsked *asked)
{
    (void)L;
    (void)asked;
    puts("weft " WEFT_VERSION);
    return 0;
}

/* Any capital letter names an input of calc. */
#define LETTERS "A:B:C:D:E:F:G:H:I:J:K:L:M:N:O:P:Q:R:S:T:U:V:W:X:Y:Z:"

const WfCommand wf_commands[] = {
    { .name = "run",
      .usage = "run SCRIPT [ARGS...]",
      .brief = "run a script",
      .least = 1,
      .most = INT_MAX,
      .shorts = "+h",
      .run = run_script },
    { .name = "calc",
      .usage = "calc EXPR -A a.tif[:BAND] -o out.tif",
      .brief = "one expression over files; more by weft calc --help",
      .least = 1,
      .most = 1,
      .shorts = "ho:" LETTERS,
      .plain = begins_expression,
      .options = calc_options,
      .option = calc_option,
      .run = calc,
      .notes = calc_notes },
    { .name = "explain",
      .usage = "explain SCRIPT [ARGS...]",
      .brief = "what run would do; nothing is computed",
      .least = 1,
      .most = INT_MAX,
      .shorts = "+h",
      .run = explain_script },
    { .name = "ops",
      .usage = "ops [NAME]",
      .brief = "the operators, or one operator's help",
      .most = 1,
      .shorts = "h",
      .options = ops_options,
      .option = ops_option,
      .run = ops },
    { .name = "info",
      .usage = "info FILE [--stats]",
      .brief = "a raster file: grid, bands, layout, and what is slow about it",
      .least = 1,
      .most = 1,
      .shorts = "h",
      .options = info_options,
      .option = info_option,
      .run = info },
    { .name = "topo",
      .usage = "topo",
      .brief = "the machine as the engine sees it",
      .shorts = "h",
      .run = topo },
    { .name = "version",
      .usage = "version",
      .brief = "the version",
      .shorts = "h",
      .run = version },
    { .name = NULL },
};
