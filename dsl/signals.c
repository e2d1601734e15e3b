/*
 * signals.c - SIGINT, SIGTERM and SIGHUP: the first stops the run and the script, the second ends
 * the process.
 *
 * The handler only sets flags, cancels the engine and sets a Lua hook. Its variables are the only
 * ones of this room outside of any object, as a handler is given no context.
 */
#include <string.h>
#include <unistd.h>

#include "dsl.h"

static WfScript *volatile watched;
static volatile sig_atomic_t seen, prompt;

static void handle(int number)
{
    WfScript *script = watched;

    if (prompt && number == SIGINT) {
        seen = 1;
        return;
    }
    if (seen || prompt || !script) {
        weft_remove_temporaries();
        _exit(130);
    }
    seen = 1;
    script->interrupted = 1;
    if (script->engine)
        weft_engine_cancel(script->engine);
    lua_sethook(script->main, wf_script_interrupt,
                LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

void wf_signals_watch(WfScript *script)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction action = { .sa_handler = script ? handle : SIG_DFL };

    watched = script;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

void wf_signals_prompt(bool waiting)
{
    prompt = waiting;
}

bool wf_signals_seen(void)
{
    return seen;
}

void wf_signals_forget(WfScript *script)
{
    seen = 0;
    script->interrupted = 0;
    lua_sethook(script->main, NULL, 0, 0);
    if (script->engine)
        weft_engine_resume(script->engine);
}
