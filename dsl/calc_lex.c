/*
 * calc_lex.c - the words of a calc expression, and the caret under a mistake.
 *
 * Reads the expression; writes the token. Raises for characters that mean nothing.
 */
#include <ctype.h>
#include <string.h>

#include "calc.h"

/* Longer signs first. */
static const char *const signs[] = { "<<", ">>", "^^", "//", "==", "!=", "~=", "<=", ">=", "<",
                                     ">",  "+",  "-",  "*",  "/",  "%",  "^",  "&",  "|",  "~",
                                     "!",  "?",  ":",  "(",  ")",  "[",  "]",  ",",  NULL };

static const struct {
    const char *sign, *hint;
} mistaken[] = {
    { "&&", "write and" },
    { "||", "write or" },
    { "**", "write ^" },
    { "<>", "write !=" },
    { "{", "round brackets group, ( ); lists stand in square ones: isin(A, [1, 2])" },
    { ";", "calc takes one expression" },
    { ".", "a band is picked by its number: A[2]" },
};

static bool starts(const char *at, const char *sign)
{
    return !strncmp(at, sign, strlen(sign));
}

static void skip_blanks(WfCalc *calc)
{
    for (;;) {
        while (isspace((unsigned char)*calc->next))
            calc->next++;
        if (!starts(calc->next, "--"))
            return;
        calc->next += strcspn(calc->next, "\n");
    }
}

static void set(WfCalc *calc, WfCalcToken token, const char *end)
{
    calc->token = token;
    calc->length = (size_t)(end - calc->start);
    calc->next = end;
}

static void read_number(lua_State *L, WfCalc *calc)
{
    const char *at = calc->start;
    bool hex = at[0] == '0' && (at[1] == 'x' || at[1] == 'X');

    while (isalnum((unsigned char)*at) || *at == '.' ||
           ((*at == '+' || *at == '-') && strchr(hex ? "pP" : "eE", at[-1])))
        at++;
    set(calc, WF_CALC_NUMBER, at);
    lua_pushlstring(L, calc->start, calc->length);
    if (!lua_stringtonumber(L, lua_tostring(L, -1)))
        wf_raisef(L, WEFT_EARG, "calc", NULL, "`%s` is no number", lua_tostring(L, -1));
    lua_pop(L, 2);
}

static void read_name(WfCalc *calc)
{
    const char *at = calc->start;

    while (isalnum((unsigned char)*at) || *at == '_')
        at++;
    set(calc, WF_CALC_NAME, at);
    if (wf_calc_is(calc, "not") || wf_calc_is(calc, "and") || wf_calc_is(calc, "or"))
        calc->token = WF_CALC_SIGN;
}

static void read_text(lua_State *L, WfCalc *calc)
{
    const char *end = strchr(calc->start + 1, *calc->start);

    if (!end)
        wf_raisef(L, WEFT_EARG, "calc", NULL, "a text has no end");
    set(calc, WF_CALC_TEXT, end + 1);
}

static void read_sign(lua_State *L, WfCalc *calc)
{
    const char *corrected = wf_calc_foreign_sign(L, calc->text, calc->start);

    if (corrected)
        wf_raisef(L, WEFT_EARG, "calc", corrected, "`%.*s` is no operator here",
                  *calc->start == '.' ? 1 : 2, calc->start);
    if (*calc->start == '=' && calc->start[1] != '=')
        wf_raisef(L, WEFT_EARG, "calc", wf_calc_foreign_as(L, calc->text, calc->start, 1, "=="),
                  "`=` is no operator here");
    for (size_t i = 0; i < sizeof mistaken / sizeof *mistaken; i++)
        if (starts(calc->start, mistaken[i].sign))
            wf_raisef(L, WEFT_EARG, "calc", mistaken[i].hint, "`%s` is no operator here",
                      mistaken[i].sign);
    for (int i = 0; signs[i]; i++)
        if (starts(calc->start, signs[i])) {
            set(calc, WF_CALC_SIGN, calc->start + strlen(signs[i]));
            return;
        }
    wf_raisef(L, WEFT_EARG, "calc", NULL,
              isprint((unsigned char)*calc->start) ? "`%c` means nothing here"
                                                   : "the byte %d means nothing here",
              (unsigned char)*calc->start);
}

void wf_calc_next(lua_State *L, WfCalc *calc)
{
    skip_blanks(calc);
    calc->start = calc->at = calc->next;
    if (!*calc->start)
        set(calc, WF_CALC_END, calc->start);
    else if (isdigit((unsigned char)*calc->start) ||
             (*calc->start == '.' && isdigit((unsigned char)calc->start[1])))
        read_number(L, calc);
    else if (isalpha((unsigned char)*calc->start) || *calc->start == '_')
        read_name(calc);
    else if (*calc->start == '"' || *calc->start == '\'')
        read_text(L, calc);
    else
        read_sign(L, calc);
}

bool wf_calc_is(const WfCalc *calc, const char *sign)
{
    return strlen(sign) == calc->length && !strncmp(calc->start, sign, calc->length);
}

const char *wf_calc_shown(lua_State *L, const WfCalc *calc)
{
    if (calc->token == WF_CALC_END)
        return lua_pushliteral(L, "the end");
    lua_pushlstring(L, calc->start, calc->length > 40 ? 40 : calc->length);
    return lua_pushfstring(L, "`%s`", lua_tostring(L, -1));
}

const char *wf_calc_caret(lua_State *L, const char *text, const char *at)
{
    enum { WIDTH = 76 }; /* of the part of a long line that is shown */
    const char *start = at, *end = at + strcspn(at, "\n");
    bool cut;
    luaL_Buffer lines;

    while (start > text && start[-1] != '\n')
        start--;
    cut = at - start > WIDTH - 10;
    if (cut)
        start = at - (WIDTH - 10);
    while (start < at && ((unsigned char)*start & 0xC0) == 0x80)
        start++; /* not in the middle of a character */
    if (end - start > WIDTH)
        end = start + WIDTH;
    luaL_buffinit(L, &lines);
    luaL_addstring(&lines, cut ? "..." : "");
    luaL_addlstring(&lines, start, (size_t)(end - start));
    luaL_addstring(&lines, *end && *end != '\n' ? "...\n" : "\n");
    luaL_addstring(&lines,
                   cut ? "     " : "  "); /* the first line is indented by who prints the hint */
    for (; start < at; start++)
        if (((unsigned char)*start & 0xC0) != 0x80)
            luaL_addchar(&lines, *start == '\t' ? '\t' : ' ');
    luaL_addchar(&lines, '^');
    luaL_pushresult(&lines);
    return lua_tostring(L, -1);
}
