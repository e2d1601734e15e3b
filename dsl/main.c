/*
 * main.c - the program weft: command line, exit status, signals.
 *
 * Results go to standard output, everything else to standard error. Exit status: 0 done, 1 the
 * script or the run failed, 2 the command line is wrong, 130 interrupted (143 by SIGTERM, 129 by
 * SIGHUP).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lualib.h>

#include "command.h"

static bool is_script(const char *name)
{
    size_t length = strlen(name);

    return length > 4 && !strcmp(name + length - 4, ".lua");
}

static const WfCommand *find_command(const char *name)
{
    WfNearest near;

    wf_near_start(&near, name);
    for (const WfCommand *c = wf_commands; c->name; c++) {
        if (!strcmp(c->name, name))
            return c;
        wf_near_try(&near, c->name);
    }
    if (is_script(name))
        return wf_commands; /* run */
    fprintf(stderr, "weft: no command \"%s\"%s%s\n", name, wf_near_hint(&near) ? "; " : "",
            wf_near_hint(&near) ? wf_near_hint(&near) : "; weft --help lists them");
    return NULL;
}

/* Longest option table: all settings, those of a command, help, version, the end. */
enum { OPTIONS_MAX = 32, FIRST_SETTING = 1000, OPTION_HELP = 2000, OPTION_VERSION };

static int fill_options(struct option *options, const WfCommand *command)
{
    int count = 0;

    for (const struct option *own = command ? command->options : NULL; own && own->name; own++)
        options[count++] = *own;
    for (int i = 0; wf_settings_table[i].name; i++) {
        const WfSetting *s = &wf_settings_table[i];
        bool taken = s->lua_only;
        for (int k = 0; k < count && !taken; k++)
            taken = !strcmp(options[k].name, s->name);
        if (!taken)
            options[count++] = (struct option) {
                .name = s->name,
                .has_arg = s->argument ? required_argument : no_argument,
                .val = FIRST_SETTING + i,
            };
    }
    options[count++] = (struct option) { .name = "help", .val = OPTION_HELP };
    options[count++] = (struct option) { .name = "version", .val = OPTION_VERSION };
    options[count] = (struct option) { .name = NULL };
    return count;
}

/* An argument that begins with a dash without being an option is put aside: getopt meets another in
 * its place. */
static void put_aside(const WfCommand *command, char **argument, WfAsked *asked)
{
    static char place[] = "";

    if (!*argument || !command || !command->plain || asked->plain || !command->plain(*argument))
        return;
    asked->plain = *argument;
    *argument = place;
}

/* Options before (command NULL) or after the command. Returns the exit status where the program
 * ends here, else -1; optind is the first argument that is none. */
static int read_options(int argc, char **argv, const WfCommand *command, WfSettings *settings,
                        WfAsked *asked)
{
    struct option options[OPTIONS_MAX];
    char shorts[128];
    const char *letters = command ? command->shorts : "+h";
    WeftErr err = { 0 };
    int option;

    fill_options(options, command);
    snprintf(shorts, sizeof shorts, "%.*s:%s", *letters == '+', letters,
             letters + (*letters == '+')); /* a missing value is told from an unknown option */
    optind = 0;                            /* a fresh start for getopt */
    opterr = 0;
    for (;;) {
        char **argument = &argv[optind ? optind : 1];
        if (wf_usage_foreign(command, *argument))
            return 2;
        put_aside(command, argument, asked);
        option = getopt_long(argc, argv, shorts, options, NULL);
        if (option == -1)
            return -1;
        if (option == 'h' || option == OPTION_HELP) {
            wf_usage(command);
            return 0;
        }
        if (option == OPTION_VERSION) {
            puts("weft " WEFT_VERSION);
            return 0;
        }
        if (option == '?' || option == ':') {
            wf_usage_unknown(command, options, argv[optind - 1], optopt, option == ':');
            return 2;
        }
        if (option >= FIRST_SETTING) {
            if (wf_settings_set(settings, wf_settings_table[option - FIRST_SETTING].name,
                                optarg ? optarg : "", &err))
                continue;
            fprintf(stderr, "weft: --%s\n", err.message);
            return 2;
        }
        if (!command->option(asked, option, optarg))
            return 2;
    }
}

typedef struct Task {
    const WfCommand *command;
    WfSettings *settings;
    WfAsked *asked;
    int status;
} Task;

/* What is still to be done when a script has ended. Gives the exit status. */
static int finish(lua_State *L, Task *task, bool failed)
{
    WfScript *script = wf_script(L);
    const char *stats = script ? script->settings.stats : "";
    WeftErr err = WF_NO_ERR;
    char text[1024];

    wf_signals_watch(NULL);
    lua_sethook(L, NULL, 0, 0); /* an interrupt must not meet what follows: nobody would catch it */
    wf_output_flush();
    if (failed) {
        wf_fault_tell(L);
        task->status = 1;
    }
    if (script)
        script->L = L;
    if (*stats && !wf_result_write(script, stats, &err)) {
        fprintf(stderr, "weft: %s\n", weft_err_text(&err, text, sizeof text));
        task->status = 1;
    }
    if (wf_signals_seen())
        task->status = 128 + wf_signals_seen();
    return task->status;
}

/* os.exit(status, close) of a script; the Task is upvalue 1. */
static int exit_script(lua_State *L)
{
    Task *task = lua_touserdata(L, lua_upvalueindex(1));
    bool close = lua_toboolean(L, 2);

    task->status = lua_isboolean(L, 1) ? !lua_toboolean(L, 1) : (int)luaL_optinteger(L, 1, 0);
    task->status = finish(L, task, false);
    if (close)
        lua_close(L);
    exit(task->status);
}

/* What the program does that Lua would not know of. */
static void open_program(lua_State *L, Task *task)
{
    wf_coroutines_open(L);
    lua_getglobal(L, "os");
    lua_pushlightuserdata(L, task);
    lua_pushcclosure(L, exit_script, 1);
    lua_setfield(L, -2, "exit");
    lua_pop(L, 1);
}

/* Protected: a Task. */
static int work(lua_State *L)
{
    Task *task = lua_touserdata(L, 1);
    WfScript *script;

    luaL_openlibs(L);
    luaL_requiref(L, "weft", wf_script_open, 1);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, wf_script_open);
    lua_setfield(L, -2, "weft"); /* required once more it is the same */
    open_program(L, task);
    lua_settop(L, 0);
    script = wf_script(L);
    script->settings = *task->settings;
    script->program = true;
    wf_signals_watch(script);
    task->status = task->command ? task->command->run(L, task->asked) : wf_repl(L);
    return 0;
}

int main(int argc, char **argv)
{
    WfSettings settings;
    WfAsked asked = { .program = argv[0] };
    Task task = { .settings = &settings, .asked = &asked };
    WeftErr err = { 0 };
    char text[1024];
    lua_State *L;
    int status;

    wf_output_start();
    wf_signals_start();
    if (!wf_settings_start(&settings, &err)) {
        fprintf(stderr, "weft: %s\n", weft_err_text(&err, text, sizeof text));
        return 2;
    }
    status = read_options(argc, argv, NULL, &settings, &asked);
    if (status >= 0)
        return status;
    if (optind < argc) {
        int first = optind;
        task.command = find_command(argv[first]);
        if (!task.command)
            return 2;
        if (!strcmp(argv[first], task.command->name))
            argv[first] = argv[0]; /* the name in messages of getopt */
        else
            argv[--first] = argv[0]; /* a script is its first argument */
        status = read_options(argc - first, argv + first, task.command, &settings, &asked);
        if (status >= 0)
            return status;
        asked.argc = argc - first - optind;
        asked.argv = argv + first + optind;
        if (asked.argc < task.command->least || asked.argc > task.command->most) {
            fprintf(stderr, "usage: weft %s\n", task.command->usage);
            return 2;
        }
    }
    if (!wf_result_check(settings.stats, &err)) {
        fprintf(stderr, "weft: %s\n", weft_err_text(&err, text, sizeof text));
        return 1;
    }
    L = luaL_newstate();
    if (!L) {
        fputs("weft: not enough memory\n", stderr);
        return 1;
    }
    lua_pushcfunction(L, work);
    lua_pushlightuserdata(L, &task);
    status = finish(L, &task, lua_pcall(L, 1, 0, 0) != LUA_OK);
    lua_close(L);
    return status;
}
