/*
 * settings.c - one table of settings, given by the command line, WEFT_* variables or weft.config.
 *
 * Needs: the environment. Writes WfSettings.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl.h"

static bool whole(const char *text, long high, int *out)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (end == text || *end || errno || value < 0 || value > high)
        return false;
    *out = (int)value;
    return true;
}

static bool flag(const char *text, bool *out)
{
    static const char *const yes[] = { "", "1", "true", "yes", "on" }, *const no[] = { "0", "false",
                                                                                       "no",
                                                                                       "off" };

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!strcmp(text, yes[i])) {
            *out = true;
            return true;
        }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (!strcmp(text, no[i])) {
            *out = false;
            return true;
        }
    return false;
}

static bool text_into(char *field, size_t size, const char *text)
{
    return snprintf(field, size, "%s", text) < (int)size;
}

static const char *set_threads(WfSettings *s, const char *value)
{
    return whole(value, 4096, &s->threads) ? NULL : "a whole number up to 4096";
}

static const char *set_tile(WfSettings *s, const char *value)
{
    return whole(value, 1 << 20, &s->tile) ? NULL : "a whole number of pixels";
}

static const char *set_memory(WfSettings *s, const char *value)
{
    static const char units[] = "KMGT";
    char *end;
    double bytes = strtod(value, &end);
    const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;

    if (unit) {
        bytes *= (double)(1ULL << (10 * (unit - units + 1)));
        end++;
        end += !strcmp(end, "iB") ? 2 : !strcmp(end, "B");
    }
    if (end == value || *end || !(bytes >= 0) || bytes > 9e18)
        return "a size like 256M or 4G";
    s->memory = (int64_t)bytes;
    return NULL;
}

static const char *set_machine(WfSettings *s, const char *value)
{
    WeftErr err = WF_NO_ERR;

    if (*value && !weft_machine_check(value, &err))
        return "a machine like \"numa:4 core:2 pu:1\"";
    return text_into(s->machine, sizeof s->machine, value) ? NULL : "a shorter text";
}

static const char *set_cache(WfSettings *s, const char *value)
{
    s->has_cache = true;
    return text_into(s->cache, sizeof s->cache, value) ? NULL : "a shorter path";
}

static const char *set_steal(WfSettings *s, const char *value)
{
    s->steal_none = !strcmp(value, "none");
    return s->steal_none || !strcmp(value, "auto") ? NULL : "auto or none";
}

static const char *set_engine(WfSettings *s, const char *value)
{
    s->reference = !strcmp(value, "reference");
    return s->reference || !strcmp(value, "jit") ? NULL : "jit or reference";
}

static const char *set_progress(WfSettings *s, const char *value)
{
    static const char *const names[] = {
        [WF_PROGRESS_AUTO] = "auto",
        [WF_PROGRESS_ALWAYS] = "always",
        [WF_PROGRESS_NEVER] = "never",
    };

    for (int i = 0; i < 3; i++)
        if (!strcmp(value, names[i])) {
            s->progress = (WfProgressWhen)i;
            return NULL;
        }
    return "auto, always or never";
}

static const char *set_stats(WfSettings *s, const char *value)
{
    return text_into(s->stats, sizeof s->stats, value) ? NULL : "a shorter path";
}

static const char *set_quiet(WfSettings *s, const char *value)
{
    return flag(value, &s->quiet) ? NULL : "true or false";
}

static const char *set_ieee(WfSettings *s, const char *value)
{
    return flag(value, &s->ieee) ? NULL : "true or false";
}

static const char *set_overwrite(WfSettings *s, const char *value)
{
    bool overwrite = true, known = flag(value, &overwrite);

    s->keep = !overwrite;
    return known ? NULL : "true or false";
}

const WfSetting wf_settings_table[] = {
    { "threads", "N", "workers; 0: one for each core that may be used", false, set_threads },
    { "memory", "SIZE", "budget for blocks, scratch and outputs: 256M, 4G", false, set_memory },
    { "tile", "N", "size of tiles in pixels; 0: chosen", false, set_tile },
    { "machine", "TEXT", "a pretended machine: \"numa:4 core:2 pu:1\"", false, set_machine },
    { "steal", "auto|none", "may a worker take tiles of another node?", false, set_steal },
    { "engine", "jit|reference", "compiled kernels, or the slow reference", false, set_engine },
    { "cache", "DIR", "folder of compiled kernels; empty: none", false, set_cache },
    { "progress", "auto|always|never", "a bar on a terminal, lines elsewhere", false,
      set_progress },
    { "stats", "FILE.json", "write what the runs did; -: to standard output", false, set_stats },
    { "quiet", NULL, "no progress, no remarks", false, set_quiet },
    { "ieee", NULL, "let infinities of x/0, log(0) and 0^-1 through", true, set_ieee },
    { "overwrite", NULL, "may an output replace an existing file?", true, set_overwrite },
    { NULL },
};

bool wf_settings_set(WfSettings *settings, const char *name, const char *value, WeftErr *err)
{
    WfNearest near;
    const char *expected, *hint;

    wf_near_start(&near, name);
    for (const WfSetting *s = wf_settings_table; s->name; s++) {
        if (strcmp(s->name, name)) {
            wf_near_try(&near, s->name);
            continue;
        }
        expected = s->set(settings, value);
        if (!expected)
            return true;
        *err = (WeftErr) { .code = WEFT_EARG, .block = -1, .col = -1, .row = -1 };
        snprintf(err->message, sizeof err->message, "%s must be %s, not \"%.100s\"", name, expected,
                 value);
        return false;
    }
    hint = wf_near_hint(&near);
    *err = (WeftErr) { .code = WEFT_ENAME, .block = -1, .col = -1, .row = -1 };
    snprintf(err->message, sizeof err->message, "no setting \"%.100s\"", name);
    snprintf(err->hint, sizeof err->hint, "%s", hint ? hint : "");
    return false;
}

bool wf_settings_start(WfSettings *settings, WeftErr *err)
{
    *settings = (WfSettings) { 0 };
    for (const WfSetting *s = wf_settings_table; s->name; s++) {
        char name[32] = "WEFT_";
        const char *value;
        for (size_t i = 0; s->name[i]; i++)
            name[5 + i] = (char)toupper((unsigned char)s->name[i]);
        value = s->lua_only ? NULL : getenv(name);
        if (!value || wf_settings_set(settings, s->name, value, err))
            continue;
        snprintf(err->hint, sizeof err->hint, "it comes from the environment: %s", name);
        return false;
    }
    return true;
}

/* Push the value at the top as a text; 4.0 is "4". NULL: it is none. */
static const char *value_text(lua_State *L)
{
    double number = lua_tonumber(L, -1);

    if (lua_type(L, -1) == LUA_TNUMBER && number == (double)(int64_t)number)
        return lua_pushfstring(L, "%I", (LUAI_UACINT)number);
    return wf_plain_text(L, -1);
}

/* The program writes them when the script has ended; nobody else would. */
static void check_stats(lua_State *L, const WfScript *script, const char *path)
{
    WeftErr err = WF_NO_ERR;

    if (!script->program)
        wf_raisef(L, WEFT_EARG, "config", "save and compute return what a run did",
                  "stats are written by the program weft only");
    if (wf_result_check(path, &err))
        return;
    snprintf(err.op, sizeof err.op, "config");
    wf_raise(L, &err);
}

int wf_settings_config(lua_State *L)
{
    WfScript *script = wf_script(L);
    WfSettings changed = script->settings;
    WeftErr err = WF_NO_ERR;

    wf_args_most(L, 1, "config");
    if (!lua_istable(L, 1))
        wf_raisef(L, WEFT_EARG, "config", "write weft.config{threads = 2}",
                  "options are needed, not %s", wf_what(L, 1));
    wf_table_own(L, 1);
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 2)) {
        const char *name, *value;
        if (lua_type(L, -2) != LUA_TSTRING)
            wf_raisef(L, WEFT_EARG, "config", "write {name = value}", "an option has no name");
        name = lua_tostring(L, -2);
        value = value_text(L);
        if (!value)
            wf_raisef(L, WEFT_EARG, "config", NULL, "%s cannot be %s", name, wf_what(L, -1));
        if (!wf_settings_set(&changed, name, value, &err)) {
            snprintf(err.op, sizeof err.op, "config");
            return wf_raise(L, &err);
        }
    }
    if (strcmp(changed.stats, script->settings.stats) != 0)
        check_stats(L, script, changed.stats);
    script->settings = changed;
    weft_graph_ieee(script->graph, changed.ieee);
    wf_script_forget_engine(script);
    return 0;
}
