/*
 * completion.c - completion at the prompt: globals, fields, methods, bands; else file names.
 *
 * libedit calls without a context, so the Lua state of the prompt is kept here. Reads Lua values;
 * runs no metamethod and raises nothing into libedit.
 */
#include <stdlib.h>
#include <string.h>

#include <editline/readline.h>

#include "dsl.h"

enum { FOUND_MAX = 500 };

static struct {
    lua_State *L;
    int count, next;
    char *found[FOUND_MAX]; /* handed to libedit, which frees them */
} state;

/* Offer `name` behind the first `keep` characters of the word. */
static void offer(const char *word, size_t keep, const char *name)
{
    size_t rest = strlen(word) - keep, length = strlen(name);
    char *whole;

    if (state.count == FOUND_MAX || strncmp(word + keep, name, rest))
        return;
    whole = malloc(keep + length + 1);
    if (!whole)
        return;
    memcpy(whole, word, keep);
    memcpy(whole + keep, name, length + 1);
    state.found[state.count++] = whole;
}

static void offer_keys(lua_State *L, int table, const char *word, size_t keep)
{
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            offer(word, keep, lua_tostring(L, -2));
}

static void offer_raster(lua_State *L, int index, const char *word, size_t keep)
{
    int count = wf_raster_test(L, index)->band_count;

    wf_script_table(L, "methods");
    offer_keys(L, lua_gettop(L), word, keep);
    if (word[keep - 1] == ':')
        return;
    for (int i = 0; wf_raster_properties[i]; i++)
        offer(word, keep, wf_raster_properties[i]);
    for (int i = 0; i < count; i++)
        if (*wf_raster_name(L, index, i))
            offer(word, keep, wf_raster_name(L, index, i));
}

/* Protected: the word. Follows name.name. as far as tables go. */
static int collect(lua_State *L)
{
    static const char *const words[] = { "and",    "break", "do",       "else",   "elseif", "end",
                                         "false",  "for",   "function", "if",     "in",     "local",
                                         "nil",    "not",   "or",       "repeat", "return", "then",
                                         "true",   "until", "while",    "help",   "who",    "time",
                                         "source", "quit" };
    const char *word = lua_touserdata(L, 1), *at = word;
    size_t length;

    lua_pushglobaltable(L);
    while (at[length = strcspn(at, ".:")]) {
        lua_pushlstring(L, at, length);
        if (!lua_istable(L, -2))
            return 0;
        lua_rawget(L, -2);
        at += length + 1;
        if (wf_raster_test(L, -1)) {
            if (!strpbrk(at, ".:"))
                offer_raster(L, lua_gettop(L), word, (size_t)(at - word));
            return 0;
        }
    }
    if (lua_istable(L, -1))
        offer_keys(L, lua_gettop(L), word, (size_t)(at - word));
    for (size_t i = 0; at == word && i < sizeof words / sizeof *words; i++)
        offer(word, 0, words[i]);
    return 0;
}

static char *next_found(const char *word, int first)
{
    (void)word;
    if (first == 0)
        state.next = 0;
    return state.next < state.count ? state.found[state.next++] : NULL;
}

static char **complete(const char *word, int start, int end)
{
    int top = lua_gettop(state.L);

    (void)end;
    if (start > 0 && strchr("\"'", rl_line_buffer[start - 1]))
        return NULL; /* inside a text: file names */
    rl_attempted_completion_over = 1;
    rl_completion_append_character = '\0';
    state.count = 0;
    lua_pushcfunction(state.L, collect);
    lua_pushlightuserdata(state.L, (void *)(uintptr_t)word);
    lua_pcall(state.L, 1, 0, 0);
    lua_settop(state.L, top);
    return state.count ? rl_completion_matches(word, next_found) : NULL;
}

void wf_complete_start(lua_State *L)
{
    static char breaks[] = " \t\n\"\\'><=;+-*/%^~#&|(){}[],";

    state.L = L;
    rl_readline_name = "weft";
    rl_completer_word_break_characters = breaks;
    rl_attempted_completion_function = complete;
}
