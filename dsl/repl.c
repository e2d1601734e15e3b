/*
 * repl.c - the read-eval-print loop: lines, words, values, history.
 *
 * Works on a terminal (libedit) and on piped input (no prompt). Needs: a script whose signals are
 * watched. Writes standard output, the history file, globals of the script.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <editline/readline.h>

#include "dsl.h"

#define CHUNK_NAME "=repl"

typedef struct Repl {
    bool terminal;
    bool failed; /* some line raised an error */
    char history[512];
} Repl;

/* ------------------------------------------------------------------------------- history */

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700); /* one that is there already is as good; others show when writing */
        *slash = '/';
    }
}

static void open_history(Repl *repl)
{
    const char *path = getenv("WEFT_HISTORY"), *state = getenv("XDG_STATE_HOME"),
               *home = getenv("HOME");

    if (path)
        snprintf(repl->history, sizeof repl->history, "%s", path);
    else if (state && *state)
        snprintf(repl->history, sizeof repl->history, "%s/weft/history", state);
    else if (home)
        snprintf(repl->history, sizeof repl->history, "%s/.local/state/weft/history", home);
    if (!*repl->history)
        return;
    make_folders(repl->history);
    using_history();
    stifle_history(2000);
    read_history(repl->history);
}

/* ------------------------------------------------------------------------------- lines */

static void free_line(void *line)
{
    free(line);
}

/* Push one line; false at the end of the input. An interrupted line is pushed as empty. */
static bool read_line(lua_State *L, const Repl *repl, const char *prompt, bool *interrupted)
{
    WfBox *box = wf_box(L, free_line);
    size_t room = 0;
    char *line = NULL;
    ssize_t length;

    *interrupted = false;
    if (repl->terminal) {
        wf_signals_prompt(true);
        line = readline(prompt);
        wf_signals_prompt(false);
        box->p = line;
        if (wf_signals_seen()) {
            *interrupted = true;
            fputc('\n', stdout);
            lua_pop(L, 1);
            lua_pushliteral(L, "");
            return true;
        }
    } else {
        length = getline(&line, &room, stdin);
        box->p = line;
        if (length < 0)
            line = NULL;
        else if (length > 0 && line[length - 1] == '\n')
            line[length - 1] = '\0';
    }
    if (!line) {
        lua_pop(L, 1);
        return false;
    }
    lua_pushstring(L, line);
    lua_remove(L, -2);
    return true;
}

static bool incomplete(lua_State *L, int status)
{
    static const char mark[] = "<eof>";
    size_t length;
    const char *message = lua_tolstring(L, -1, &length);

    return status == LUA_ERRSYNTAX && message && length >= sizeof mark - 1 &&
           !strcmp(message + length - (sizeof mark - 1), mark);
}

/* Messages look into the text at the top of the stack. */
static void keep_typed(lua_State *L)
{
    lua_pushvalue(L, -1);
    wf_script_keep(L, "typed");
}

static void warn_scan(void *context, int line, const char *text)
{
    (void)context;
    fflush(stdout);
    fprintf(stderr, "repl:%d: warning: %s\n", line, text);
}

static bool holds_raster(void *context, const char *name, size_t length)
{
    lua_State *L = context;
    bool raster;

    lua_pushglobaltable(L);
    lua_pushlstring(L, name, length);
    lua_rawget(L, -2);
    raster = wf_raster_test(L, -1) != NULL;
    lua_pop(L, 2);
    return raster;
}

/* What was typed, and can be run, is looked at as a script is. */
static void scan_typed(lua_State *L)
{
    const char *text;
    size_t length;

    wf_script_table(L, "typed");
    text = lua_tolstring(L, -1, &length);
    wf_scan(text, length, &(WfScanTo) { .tell = warn_scan, .holds = holds_raster, .context = L });
    lua_pop(L, 1);
}

/* The text at the top of the stack as an expression. Lua's status; only where it is LUA_OK a
 * function is pushed. *more: it wants more lines. */
static int load_expression(lua_State *L, bool *more)
{
    int status;

    lua_pushfstring(L, "return %s", lua_tostring(L, -1));
    keep_typed(L);
    status = luaL_loadbufferx(L, lua_tostring(L, -1), lua_rawlen(L, -1), CHUNK_NAME, "t");
    *more = incomplete(L, status);
    lua_remove(L, -2);
    if (status != LUA_OK)
        lua_pop(L, 1);
    return status;
}

/* Replace the text at the top by its function, reading more lines while Lua wants them. Returns
 * Lua's status; the message is left on the stack. */
static int load_lines(lua_State *L, const Repl *repl)
{
    int status = LUA_OK;
    bool interrupted = false, more = false;

    while (load_expression(L, &more) != LUA_OK) {
        wf_repl_keep_locals(L, lua_tostring(L, -1), lua_rawlen(L, -1));
        keep_typed(L);
        status = luaL_loadbufferx(L, lua_tostring(L, -1), lua_rawlen(L, -1), CHUNK_NAME, "t");
        lua_remove(L, -2);
        more = status != LUA_OK && (more || incomplete(L, status));
        if (!more || !read_line(L, repl, "  ... ", &interrupted))
            break;
        if (interrupted) { /* the lines so far are dropped */
            lua_pop(L, 2);
            status = luaL_loadstring(L, "");
            break;
        }
        lua_pushfstring(L, "%s\n%s", lua_tostring(L, -3), lua_tostring(L, -1));
        lua_replace(L, -4);
        lua_pop(L, 2);
        status = LUA_OK;
    }
    lua_remove(L, -2);
    if (status == LUA_OK && !interrupted)
        scan_typed(L);
    return status;
}

/* ------------------------------------------------------------------------------- values */

/* Characters in a line of the terminal. */
static int line_length(void)
{
    struct winsize window = { .ws_col = 0 };

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col >= 20 ? window.ws_col
                                                                                 : 80;
}

/* A value as text, tables with what is in them. */
static const char *push_value(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TTABLE)
        return luaL_tolstring(L, index, NULL);
    wf_script_table(L, "printed");
    lua_pushvalue(L, index);
    lua_pushinteger(L, line_length());
    lua_call(L, 2, 1);
    return lua_tostring(L, -1);
}

static void print_value(lua_State *L, int index)
{
    bool text = lua_type(L, index) == LUA_TSTRING;
    const char *value = push_value(L, index);

    if (text && !strchr(value, '\n'))
        printf("\"%s\"\n", value);
    else
        printf("%s%s", value, *value && value[strlen(value) - 1] == '\n' ? "" : "\n");
    lua_pop(L, 1);
}

static int print_results(lua_State *L)
{
    int count = lua_gettop(L);

    for (int i = 1; i <= count; i++)
        print_value(L, i);
    wf_output_flush();
    return 0;
}

static void report(lua_State *L, Repl *repl)
{
    lua_sethook(wf_script(L)->main, NULL, 0, 0); /* an interrupt is over once it is reported */
    wf_output_flush();
    wf_fault_tell(L);
    repl->failed = true;
}

/* Call the function at the top of the stack, print its results and keep the first one as _. */
static void run(lua_State *L, Repl *repl)
{
    int base = lua_gettop(L) - 1, count;

    if (lua_pcall(L, 0, LUA_MULTRET, 0) != LUA_OK) {
        report(L, repl);
        return;
    }
    count = lua_gettop(L) - base;
    if (!count)
        return;
    if (!lua_isnil(L, base + 1)) {
        lua_pushvalue(L, base + 1);
        lua_setglobal(L, "_");
    }
    luaL_checkstack(L, 5, NULL);
    lua_pushcfunction(L, print_results);
    lua_insert(L, base + 1);
    if (lua_pcall(L, count, 0, 0) != LUA_OK)
        report(L, repl);
}

/* ------------------------------------------------------------------------------- words */

static void word_help(lua_State *L, Repl *repl, const char *rest)
{
    (void)repl;
    if (*rest)
        wf_help_of(L, rest);
    else
        wf_help_list(L);
    lua_pushfstring(
        L, "%s%s%s",
        *rest ? "" : "words: help NAME, who, time EXPR, source FILE, quit; all else is Lua\n\n",
        lua_tostring(L, -1), *rest ? "\n" : "");
    wf_page(lua_tostring(L, -1));
    lua_pop(L, 2);
}

/* Globals that the user made: those that were not there when the loop began. */
static void word_who(lua_State *L, Repl *repl, const char *rest)
{
    (void)repl;
    (void)rest;
    wf_script_table(L, "help");
    lua_getfield(L, -1, "who");
    wf_script_table(L, "globals");
    lua_call(L, 1, 1);
    fputs(lua_tostring(L, -1), stdout);
    lua_pop(L, 2);
}

static void word_time(lua_State *L, Repl *repl, const char *rest)
{
    struct timespec start, end;

    lua_pushstring(L, rest);
    if (load_lines(L, repl) != LUA_OK) {
        report(L, repl);
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    run(L, repl);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.3f s\n",
           (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec));
}

static void word_source(lua_State *L, Repl *repl, const char *rest)
{
    (void)repl;
    lua_newtable(L);
    wf_script_file(L, rest);
}

static const struct Word {
    const char *name;
    bool needs; /* alone on its line it is a Lua name */
    void (*run)(lua_State *L, Repl *repl, const char *rest);
} words[] = {
    { "help", false, word_help },
    { "who", false, word_who },
    { "time", true, word_time },
    { "source", true, word_source },
};

/* A line that begins with one of the words, not used as a Lua name: help(x), time = 3. */
static const struct Word *find_word(const char *line, const char **rest)
{
    line += strspn(line, " \t");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].name);
        if (strncmp(line, words[i].name, length) || (line[length] && !strchr(" \t", line[length])))
            continue;
        *rest = line + length + strspn(line + length, " \t");
        if (**rest == '=' || **rest == ',' || (words[i].needs && !**rest))
            return NULL;
        return &words[i];
    }
    return NULL;
}

/* ------------------------------------------------------------------------------- the loop */

/* Protected: the line, the Repl. */
static int run_line(lua_State *L)
{
    Repl *repl = lua_touserdata(L, 2);
    const char *line = lua_tostring(L, 1), *rest = "";
    const struct Word *word = find_word(line, &rest);

    if (word) {
        lua_pushstring(L, rest);
        size_t length = strlen(rest);
        while (length && strchr(" \t", rest[length - 1]))
            length--;
        lua_pushlstring(L, rest, length);
        word->run(L, repl, lua_tostring(L, -1));
        return 0;
    }
    lua_pushvalue(L, 1);
    if (load_lines(L, repl) != LUA_OK)
        report(L, repl);
    else
        run(L, repl);
    return 0;
}

static void remember_globals(lua_State *L)
{
    lua_newtable(L);
    lua_pushglobaltable(L);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushboolean(L, true);
        lua_rawset(L, -6);
    }
    lua_pop(L, 1);
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "_");
    wf_script_keep(L, "globals");
}

int wf_repl(lua_State *L)
{
    Repl repl = { .terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) };
    WfScript *script = wf_script(L);
    bool interrupted;

    if (repl.terminal) {
        printf("weft %s, Lua 5.4. Try: help\n", WEFT_VERSION);
        open_history(&repl);
        wf_complete_start(L);
    }
    remember_globals(L);
    for (;;) {
        wf_signals_forget(script);
        lua_settop(L, 0);
        if (!read_line(L, &repl, "weft> ", &interrupted))
            break;
        const char *line = lua_tostring(L, -1);
        if (interrupted || !line[strspn(line, " \t\r")])
            continue;
        if (!strcmp(line, "quit") || !strcmp(line, "exit"))
            break;
        if (repl.terminal && *repl.history) {
            add_history(line);
            write_history(repl.history);
        }
        lua_pushcfunction(L, run_line);
        lua_insert(L, 1);
        lua_pushlightuserdata(L, &repl);
        if (lua_pcall(L, 2, 0, 0) != LUA_OK)
            report(L, &repl);
        if (wf_signals_seen() && (!repl.terminal || wf_signals_seen() != SIGINT))
            break;
    }
    if (repl.terminal)
        fputc('\n', stdout);
    return repl.failed && !repl.terminal ? 1 : 0;
}
