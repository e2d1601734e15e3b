/*
 * lexer.c - Lua source as tokens: names, words, numbers, texts, signs; comments are skipped.
 *
 * Needs nothing of Lua. Reads the text; writes the reader.
 */
#include <ctype.h>
#include <string.h>

#include "dsl.h"

static const char *const words[] = { "and",   "break", "do",       "else", "elseif", "end",
                                     "false", "for",   "function", "goto", "if",     "in",
                                     "local", "nil",   "not",      "or",   "repeat", "return",
                                     "then",  "true",  "until",    "while" };
static const char *const signs[] = { "...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>" };

static char peek(const WfLua *lua, size_t i)
{
    return (size_t)(lua->end - lua->at) > i ? lua->at[i] : '\0';
}

static void count_lines(WfLua *lua, const char *from, const char *to)
{
    for (; from < to; from++)
        lua->next_line += *from == '\n';
}

/* At [[ or [==[: the place after its closing bracket; NULL: no long bracket here; end of the text
 * where it does not close. */
static const char *long_end(const WfLua *lua, bool *closed)
{
    const char *at = lua->at + 1;
    size_t level = 0;

    while (at < lua->end && *at == '=') {
        at++;
        level++;
    }
    if (at >= lua->end || *at != '[')
        return NULL;
    for (at++; at < lua->end; at++) {
        size_t i = 1;
        if (*at != ']')
            continue;
        while (at + i < lua->end && i <= level && at[i] == '=')
            i++;
        if (i == level + 1 && at + i < lua->end && at[i] == ']') {
            *closed = true;
            return at + i + 1;
        }
    }
    *closed = false;
    return lua->end;
}

static bool skip_comment(WfLua *lua)
{
    const char *start = lua->at, *end = NULL;
    bool closed = true;

    if (peek(lua, 0) != '-' || peek(lua, 1) != '-')
        return false;
    lua->at += 2;
    if (peek(lua, 0) == '[')
        end = long_end(lua, &closed);
    if (!end)
        for (end = lua->at; end < lua->end && *end != '\n';)
            end++;
    count_lines(lua, start, end);
    lua->at = end;
    return true;
}

static void read_string(WfLua *lua)
{
    char quote = *lua->at;
    const char *at = lua->at + 1;

    lua->token = WF_LUA_STRING;
    while (at < lua->end && *at != quote && *at != '\n') {
        at += *at == '\\' && at + 1 < lua->end ? 2 : 1;
    }
    if (at >= lua->end || *at != quote)
        lua->token = WF_LUA_BAD;
    else
        at++;
    lua->at = at < lua->end ? at : lua->end;
}

static void read_number(WfLua *lua)
{
    bool hex = peek(lua, 0) == '0' && (peek(lua, 1) == 'x' || peek(lua, 1) == 'X');

    lua->token = WF_LUA_NUMBER;
    lua->at++;
    while (lua->at < lua->end &&
           (isalnum((unsigned char)*lua->at) || *lua->at == '.' ||
            ((*lua->at == '+' || *lua->at == '-') && strchr(hex ? "pP" : "eE", lua->at[-1]))))
        lua->at++;
}

static void read_name(WfLua *lua)
{
    while (lua->at < lua->end && (isalnum((unsigned char)*lua->at) || *lua->at == '_'))
        lua->at++;
    lua->length = (size_t)(lua->at - lua->start);
    lua->token = WF_LUA_NAME;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (wf_lua_is(lua, words[i]))
            lua->token = WF_LUA_WORD;
}

static void read_sign(WfLua *lua)
{
    lua->token = strchr("+-*/%^#&~|<>=(){}[];:,.", *lua->at) ? WF_LUA_SIGN : WF_LUA_BAD;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t length = strlen(signs[i]);
        if ((size_t)(lua->end - lua->at) >= length && !memcmp(lua->at, signs[i], length)) {
            lua->at += length;
            return;
        }
    }
    lua->at++;
}

void wf_lua_start(WfLua *lua, const char *text, size_t length)
{
    *lua = (WfLua) { .at = text, .end = text + length, .line = 1, .next_line = 1 };
    wf_lua_next(lua);
}

void wf_lua_next(WfLua *lua)
{
    const char *end = NULL;
    bool closed = true;

    for (;;) {
        while (lua->at < lua->end && isspace((unsigned char)*lua->at))
            lua->next_line += *lua->at++ == '\n';
        if (!skip_comment(lua))
            break;
    }
    lua->line = lua->next_line;
    lua->start = lua->at;
    if (lua->at >= lua->end) {
        lua->token = WF_LUA_END;
    } else if (*lua->at == '[' && (end = long_end(lua, &closed))) {
        lua->token = closed ? WF_LUA_STRING : WF_LUA_BAD;
        lua->at = end;
    } else if (*lua->at == '"' || *lua->at == '\'') {
        read_string(lua);
    } else if (isdigit((unsigned char)*lua->at) ||
               (*lua->at == '.' && isdigit((unsigned char)peek(lua, 1)))) {
        read_number(lua);
    } else if (isalpha((unsigned char)*lua->at) || *lua->at == '_') {
        read_name(lua);
    } else {
        read_sign(lua);
    }
    lua->length = (size_t)(lua->at - lua->start);
    count_lines(lua, lua->start, lua->at);
}

bool wf_lua_is(const WfLua *lua, const char *text)
{
    return strlen(text) == lua->length && !memcmp(lua->start, text, lua->length) &&
           lua->token != WF_LUA_STRING;
}
