/*
 * help.c - the operators' descriptions as Lua tables; the texts themselves are made in the prelude.
 *
 * Needs: "help" of the registry, a table of functions {of, list, markdown, who}. Pushes texts.
 */
#include <string.h>

#include "dsl.h"

static void set(lua_State *L, const char *field, const char *text)
{
    if (!text)
        return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, field);
}

int wf_help_operators(lua_State *L)
{
    char text[4096];

    lua_newtable(L);
    for (int i = 0; i < weft_op_count; i++) {
        const WeftOp *op = weft_op_table[i];
        if (op->hidden)
            continue;
        lua_createtable(L, 0, 4);
        set(L, "name", op->name);
        set(L, "family", op->family ? op->family : "others");
        set(L, "brief", op->brief);
        set(L, "help", weft_op_help(op, text, sizeof text));
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    }
    return 1;
}

/* Calls a function of the prelude's help and leaves its text. */
static void call_help(lua_State *L, const char *function, const char *argument)
{
    wf_script_table(L, "help");
    lua_getfield(L, -1, function);
    lua_remove(L, -2);
    lua_pushstring(L, argument);
    lua_call(L, 1, 1);
}

void wf_help_list(lua_State *L)
{
    call_help(L, "list", NULL);
}

void wf_help_markdown(lua_State *L)
{
    call_help(L, "markdown", NULL);
}

int wf_help_of(lua_State *L, const char *name)
{
    call_help(L, "of", name);
    return 1;
}

static int help(lua_State *L)
{
    if (lua_isnoneornil(L, 1))
        wf_help_list(L);
    else
        wf_help_of(L, wf_check_text(L, 1, "help", "the name"));
    return 1;
}

const WfFunction wf_help_functions[] = {
    { "help", help, false, "asking for results", "help(), help(\"slope\")",
      "this text about one name, or the list of all" },
    { NULL },
};
