/*
 * signals.c - what signals do to the program: SIGINT, SIGTERM and SIGHUP stop the run and the
 * script, a second one ends the process; SIGPIPE and SIGXFSZ are errors of whoever writes.
 *
 * The handler only sets flags, cancels the engine and sets Lua hooks; what ends the process removes
 * temporaries first. Its variables are the only ones of this room outside of any object, as a
 * handler is given no context. A library leaves signals to its host: only the program comes here.
 */
#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "dsl.h"

static WfScript *volatile watched;
static const WfRunning *volatile running; /* coroutines inside one another, the innermost first */
static volatile sig_atomic_t seen, prompt, raw;
static struct termios terminal; /* as it was before the prompt changed it, where raw */

static void stop_lua(lua_State *L)
{
    lua_sethook(L, wf_script_interrupt, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT,
                1);
}

static _Noreturn void end(int number)
{
    weft_remove_temporaries();
    if (prompt && raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
    _exit(128 + number);
}

static void handle(int number)
{
    WfScript *script = watched;
    int reason = errno;

    if (prompt && number == SIGINT) {
        seen = number;
        return;
    }
    if (seen || prompt || !script)
        end(number);
    seen = number;
    script->interrupted = 1;
    if (script->engine)
        weft_engine_cancel(script->engine);
    for (const WfRunning *r = running; r; r = r->below)
        stop_lua(r->L);
    stop_lua(script->main);
    errno = reason;
}

/* A handler is forgotten by programs that the script starts; SIG_IGN would not be. */
static void go_on(int number)
{
    (void)number;
}

static void set(int number, void (*handler)(int), int flags)
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void wf_signals_start(void)
{
    struct sigaction hangup;

    set(SIGINT, handle, 0);
    set(SIGTERM, handle, 0);
    if (sigaction(SIGHUP, NULL, &hangup) != 0 || hangup.sa_handler != SIG_IGN) /* nohup */
        set(SIGHUP, handle, 0);
    set(SIGPIPE, go_on, SA_RESTART);
    set(SIGXFSZ, go_on, SA_RESTART);
}

void wf_signals_watch(WfScript *script)
{
    watched = script;
}

void wf_signals_prompt(bool waiting)
{
    if (waiting)
        raw = tcgetattr(STDIN_FILENO, &terminal) == 0;
    prompt = waiting;
}

int wf_signals_seen(void)
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

void wf_signals_enter(WfRunning *here, lua_State *L)
{
    *here = (WfRunning) { .L = L, .below = running };
    running = here;
    if (watched && watched->interrupted)
        stop_lua(L);
}

void wf_signals_leave(const WfRunning *here)
{
    running = here->below;
}
