/*
 * calc.c - weft.calc: an expression with full comparison and logic, to graph nodes.
 *
 * A Pratt parser that builds as it reads: each operand is a value on the Lua stack, each operator
 * replaces its operands by its result. Needs: the table of inputs. Writes new nodes.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calc.h"

/* From loose to tight. */
enum {
    BIND_NONE,
    BIND_TERNARY,
    BIND_OR,
    BIND_AND,
    BIND_NOT,
    BIND_COMPARE,
    BIND_BITOR,
    BIND_XOR,
    BIND_BITAND,
    BIND_SHIFT,
    BIND_SUM,
    BIND_PRODUCT,
    BIND_UNARY,
    BIND_POWER
};
enum { DEPTH = 1000 };

static const struct Infix {
    const char *sign, *op;
    int bind;
} infixes[] = {
    { "or", "or", BIND_OR },
    { "and", "and", BIND_AND },
    { "==", "eq", BIND_COMPARE },
    { "!=", "ne", BIND_COMPARE },
    { "~=", "ne", BIND_COMPARE },
    { "<", "lt", BIND_COMPARE },
    { "<=", "le", BIND_COMPARE },
    { ">", "gt", BIND_COMPARE },
    { ">=", "ge", BIND_COMPARE },
    { "|", "bitor", BIND_BITOR },
    { "^^", "bitxor", BIND_XOR },
    { "&", "bitand", BIND_BITAND },
    { "<<", "shl", BIND_SHIFT },
    { ">>", "shr", BIND_SHIFT },
    { "+", "add", BIND_SUM },
    { "-", "sub", BIND_SUM },
    { "*", "mul", BIND_PRODUCT },
    { "/", "div", BIND_PRODUCT },
    { "//", "floordiv", BIND_PRODUCT },
    { "%", "mod", BIND_PRODUCT },
    { "^", "pow", BIND_POWER },
};

static const char *const brackets =
    "A[2] is the second band, A[1, -1] the neighbour a column right and a row up";

static void parse(lua_State *L, WfCalc *calc, int bind);

static const WeftOp *operator(lua_State *L, const char *name)
{
    WeftErr err = WF_NO_ERR;
    const WeftOp *op = weft_op_find(name, &err);

    if (op)
        return op;
    snprintf(err.op, sizeof err.op, "calc");
    wf_raise(L, &err);
}

static void expect(lua_State *L, WfCalc *calc, const char *sign, const char *why)
{
    if (calc->token != WF_CALC_SIGN || !wf_calc_is(calc, sign))
        wf_raisef(L, WEFT_EARG, "calc", why, "expected `%s`, found %s", sign,
                  wf_calc_shown(L, calc));
    wf_calc_next(L, calc);
}

/* The operator on the `count` values at the top of the stack; `place` is where it is written. */
static void apply(lua_State *L, WfCalc *calc, const char *name, int count, const char *place)
{
    const char *here = calc->at;

    calc->at = place;
    wf_operate(L, operator(L, name), lua_gettop(L) - count + 1);
    calc->at = here;
}

/* ------------------------------------------------------------------------------- values */

static void push_number(lua_State *L, const WfCalc *calc)
{
    lua_pushlstring(L, calc->start, calc->length);
    lua_stringtonumber(L, lua_tostring(L, -1));
    lua_remove(L, -2);
}

/* true is 0 == 0: there are no other boolean constants. */
static void push_boolean(lua_State *L, WfCalc *calc, bool value)
{
    lua_pushinteger(L, 0);
    lua_pushinteger(L, 0);
    apply(L, calc, value ? "eq" : "ne", 2, calc->at);
}

static void push_null(lua_State *L)
{
    WeftErr err = WF_NO_ERR;
    WeftNode node = weft_constant(wf_script_graph(L), NAN, false, NULL, &err);

    if (node == WEFT_NONE)
        wf_raise(L, &err);
    wf_raster_new(L, 1)->bands[0].node = node;
}

static void push_input(lua_State *L, const WfCalc *calc, const char *name)
{
    if (!wf_option_push(L, WF_CALC_INPUTS, name))
        wf_calc_unknown_input(L, calc, name);
    if (lua_type(L, -1) != LUA_TNUMBER && !wf_raster_test(L, -1))
        wf_raster_wrong(L, lua_gettop(L), "calc", name, "a raster or a number");
}

/* One number in square brackets, with its sign: a band, or half of a neighbour. */
static void push_index(lua_State *L, WfCalc *calc)
{
    bool minus = calc->token == WF_CALC_SIGN && wf_calc_is(calc, "-");

    if (minus)
        wf_calc_next(L, calc);
    if (calc->token != WF_CALC_NUMBER)
        wf_raisef(L, WEFT_EARG, "calc", brackets, "expected a number, found %s",
                  wf_calc_shown(L, calc));
    push_number(L, calc);
    if (minus)
        lua_arith(L, LUA_OPUNM);
    wf_calc_next(L, calc);
}

static void pick_band(lua_State *L, WfCalc *calc, const char *place)
{
    calc->at = place;
    if (!wf_raster_test(L, -2))
        wf_raisef(L, WEFT_EARG, "calc", NULL, "a number has no bands");
    wf_raster_push_band(L, -2, wf_raster_band_of(L, -2, lua_gettop(L), "calc"));
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* A[2]: band 2. A[dcol, drow]: the value there, seen from each pixel. */
static void index_value(lua_State *L, WfCalc *calc)
{
    const char *place = calc->start;
    bool neighbour;

    wf_calc_next(L, calc);
    push_index(L, calc);
    neighbour = calc->token == WF_CALC_SIGN && wf_calc_is(calc, ",");
    if (neighbour) {
        wf_calc_next(L, calc);
        push_index(L, calc);
    }
    expect(L, calc, "]", brackets);
    if (neighbour)
        apply(L, calc, "neighbour", 3, place);
    else
        pick_band(L, calc, place);
    calc->at = calc->start;
}

/* The grid of the inputs, for sources like row() and x(). */
static const WeftGrid *input_grid(lua_State *L, const char *name)
{
    const WeftGrid *grid = NULL;
    int top = lua_gettop(L);

    for (lua_pushnil(L); !grid && lua_next(L, WF_CALC_INPUTS); lua_pop(L, 1))
        if (wf_raster_test(L, -1))
            grid = wf_raster_grid(L, wf_raster_test(L, -1));
    lua_settop(L, top); /* where the search ended early a key is left */
    if (!grid)
        wf_raisef(L, WEFT_EARG, "calc", NULL, "%s() needs an input with a grid", name);
    return grid;
}

static bool is_sign(const WfCalc *calc, const char *sign)
{
    return calc->token == WF_CALC_SIGN && wf_calc_is(calc, sign);
}

/* A value, a text, or a list of such in square brackets, which becomes a table. */
static void parse_value(lua_State *L, WfCalc *calc)
{
    luaL_checkstack(L, 12, "the expression is too deep");
    if (++calc->depth > DEPTH)
        wf_raisef(L, WEFT_EARG, "calc", NULL, "the expression is nested more than %d deep", DEPTH);
    if (calc->token == WF_CALC_TEXT) {
        lua_pushlstring(L, calc->start + 1, calc->length - 2);
        wf_calc_next(L, calc);
    } else if (is_sign(calc, "[")) {
        lua_newtable(L);
        wf_calc_next(L, calc);
        while (!is_sign(calc, "]")) {
            parse_value(L, calc);
            lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
            if (!is_sign(calc, "]"))
                expect(L, calc, ",", NULL);
        }
        wf_calc_next(L, calc);
    } else {
        parse(L, calc, BIND_NONE);
    }
    calc->depth--;
}

/* The value of an option: true and false are Lua's there. */
static void parse_setting(lua_State *L, WfCalc *calc)
{
    if (calc->token == WF_CALC_NAME && (wf_calc_is(calc, "true") || wf_calc_is(calc, "false"))) {
        lua_pushboolean(L, wf_calc_is(calc, "true"));
        wf_calc_next(L, calc);
    } else {
        parse_value(L, calc);
    }
}

/* One argument: a value, or name=value, which goes into the table at `options`. True: it was a
 * value and lies on the stack. */
static bool parse_argument(lua_State *L, WfCalc *calc, int options)
{
    if (calc->token == WF_CALC_NAME) {
        const char *after = calc->start + calc->length;
        after += strspn(after, " \t\r\n");
        if (after[0] == '=' && after[1] != '=') {
            lua_pushlstring(L, calc->start, calc->length);
            calc->next = after + 1;
            wf_calc_next(L, calc);
            parse_setting(L, calc);
            lua_rawset(L, options);
            return false;
        }
    }
    parse_value(L, calc);
    return true;
}

/* Values from `first` on, and options where there are named ones, to a function of Lua; its result
 * is left at `first`. */
static void call_function(lua_State *L, const char *name, int first)
{
    int count = lua_gettop(L) - first + 1;

    if (!wf_calc_push_function(L, name))
        return;
    lua_insert(L, first);
    lua_call(L, count, LUA_MULTRET);
    if (lua_gettop(L) != first || !wf_raster_test(L, first))
        wf_raisef(L, WEFT_EARG, "calc", "call it in Lua, and name what it gives in the inputs",
                  "%s gives no single raster", name);
}

/* name(a, b, ...): the name's token is read, ( is the current one. */
static void call(lua_State *L, WfCalc *calc, const char *name, const char *place)
{
    const WeftOp *op = wf_calc_operator(name);
    int options, first;
    bool named = false, ours;

    calc->at = place;
    ours = wf_calc_push_function(L, name);
    if (ours)
        lua_pop(L, 1);
    else if (!op)
        wf_calc_unknown_function(L, calc, name);
    lua_newtable(L);
    options = lua_gettop(L);
    first = options + 1;
    wf_calc_next(L, calc);
    while (!is_sign(calc, ")")) {
        luaL_checkstack(L, 10, "too many arguments");
        named = !parse_argument(L, calc, options) || named;
        if (is_sign(calc, ")"))
            break;
        expect(L, calc, ",", NULL);
    }
    calc->at = place;
    if (!ours && op->shape == WEFT_INDEX) {
        if (lua_gettop(L) >= first)
            wf_raisef(L, WEFT_EARG, "calc", "name it: random(seed=1)", "%s takes no values", name);
        wf_generate(L, name, input_grid(L, name), options);
    } else {
        if (named)
            lua_pushvalue(L, options);
        if (ours)
            call_function(L, name, first);
        else
            wf_operate(L, op, first);
    }
    lua_remove(L, options);
    wf_calc_next(L, calc);
}

static void parse_name(lua_State *L, WfCalc *calc)
{
    const char *place = calc->start, *name;

    lua_pushlstring(L, calc->start, calc->length);
    name = lua_tostring(L, -1);
    wf_calc_next(L, calc);
    if (calc->token == WF_CALC_SIGN && wf_calc_is(calc, "(")) {
        call(L, calc, name, place);
    } else {
        calc->at = place;
        if (!strcmp(name, "true") || !strcmp(name, "false"))
            push_boolean(L, calc, *name == 't');
        else if (!strcmp(name, "null"))
            push_null(L);
        else
            push_input(L, calc, name);
    }
    lua_remove(L, -2);
}

/* ------------------------------------------------------------------------------- expressions */

/* What an expression can begin with. */
static void parse_prefix(lua_State *L, WfCalc *calc, int bind)
{
    static const struct {
        const char *sign, *op;
        int bind;
    } prefixes[] = { { "-", "neg", BIND_UNARY },
                     { "!", "not", BIND_UNARY },
                     { "~", "bitnot", BIND_UNARY },
                     { "not", "not", BIND_NOT } };
    const char *place = calc->start;

    if (calc->token == WF_CALC_NUMBER) {
        push_number(L, calc);
        wf_calc_next(L, calc);
        return;
    }
    if (calc->token == WF_CALC_NAME) {
        parse_name(L, calc);
        return;
    }
    for (size_t i = 0; calc->token == WF_CALC_SIGN && i < sizeof prefixes / sizeof *prefixes; i++) {
        if (!wf_calc_is(calc, prefixes[i].sign))
            continue;
        if (prefixes[i].bind < bind && prefixes[i].bind == BIND_NOT)
            wf_raisef(L, WEFT_EARG, "calc", "put it in brackets: (not ...)",
                      "`not` binds loosely and cannot stand here");
        wf_calc_next(L, calc);
        parse(L, calc, prefixes[i].bind);
        if (i == 0 && lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) != 0)
            lua_arith(L, LUA_OPUNM); /* a number stays one that is known */
        else
            apply(L, calc, prefixes[i].op, 1, place);
        return;
    }
    if (calc->token != WF_CALC_SIGN || !wf_calc_is(calc, "("))
        wf_raisef(L, WEFT_EARG, "calc",
                  calc->token == WF_CALC_TEXT ? "texts are only arguments: cast(A, \"u8\")" : NULL,
                  "expected a value, found %s", wf_calc_shown(L, calc));
    wf_calc_next(L, calc);
    parse(L, calc, BIND_NONE);
    expect(L, calc, ")", NULL);
}

/* The condition is on the stack, ? is the current token. */
static void parse_ternary(lua_State *L, WfCalc *calc)
{
    const char *place = calc->start;

    wf_calc_next(L, calc);
    parse(L, calc, BIND_NONE);
    expect(L, calc, ":", "write condition ? value : other");
    parse(L, calc, BIND_TERNARY - 1);
    apply(L, calc, "where", 3, place);
}

static const struct Infix *infix(const WfCalc *calc)
{
    for (size_t i = 0; calc->token == WF_CALC_SIGN && i < sizeof infixes / sizeof *infixes; i++)
        if (wf_calc_is(calc, infixes[i].sign))
            return &infixes[i];
    return NULL;
}

static void parse_infix(lua_State *L, WfCalc *calc, const struct Infix *in)
{
    const char *place = calc->start;
    bool right = in->bind == BIND_POWER;

    wf_calc_next(L, calc);
    parse(L, calc, right ? in->bind - 1 : in->bind);
    if (in->bind == BIND_COMPARE && infix(calc) && infix(calc)->bind == BIND_COMPARE)
        wf_raisef(L, WEFT_EARG, "calc", "write A < B and B < C", "comparisons do not chain");
    apply(L, calc, in->op, 2, place);
}

/* Reads as much as binds tighter than `bind`; leaves one value on the stack. */
static void parse(lua_State *L, WfCalc *calc, int bind)
{
    luaL_checkstack(L, 12, "the expression is too deep");
    if (++calc->depth > DEPTH)
        wf_raisef(L, WEFT_EARG, "calc", "give parts of it names in Lua",
                  "the expression is nested more than %d deep", DEPTH);
    parse_prefix(L, calc, bind);
    for (;;) {
        const struct Infix *in = infix(calc);
        if (calc->token == WF_CALC_SIGN && wf_calc_is(calc, "["))
            index_value(L, calc);
        else if (in && in->bind > bind)
            parse_infix(L, calc, in);
        else if (calc->token == WF_CALC_SIGN && wf_calc_is(calc, "?") && bind < BIND_TERNARY)
            parse_ternary(L, calc);
        else
            break;
    }
    calc->depth--;
}

/* Protected: inputs, the parser. */
static int parse_all(lua_State *L)
{
    WfCalc *calc = lua_touserdata(L, 2);

    wf_calc_next(L, calc);
    parse(L, calc, BIND_NONE);
    if (calc->token != WF_CALC_END)
        wf_raisef(L, WEFT_EARG, "calc", NULL, "expected an operator, found %s",
                  wf_calc_shown(L, calc));
    return 1;
}

/* What has no name cannot be meant. */
static void check_names(lua_State *L)
{
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1))
        if (lua_type(L, -2) != LUA_TSTRING)
            wf_raisef(L, WEFT_EARG, "calc", "inputs are named: {A = raster}",
                      "an input has no name");
}

static int calculate(lua_State *L)
{
    WfCalc calc = { .text = wf_check_text(L, 1, "calc", "the expression") };

    wf_args_most(L, 2, "calc");
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    if (!lua_istable(L, 2))
        wf_raisef(L, WEFT_EARG, "calc", "write weft.calc([[ A + B ]], {A = a, B = b})",
                  "the inputs must be a table, not %s", wf_what(L, 2));
    if (strlen(calc.text) != lua_rawlen(L, 1))
        wf_raisef(L, WEFT_EARG, "calc", NULL, "the expression has a zero byte");
    wf_table_own(L, 2);
    check_names(L);
    calc.next = calc.at = calc.text;
    lua_pushcfunction(L, parse_all);
    lua_pushvalue(L, 2);
    lua_pushlightuserdata(L, &calc);
    if (lua_pcall(L, 2, 1, 0) != LUA_OK) {
        const char *lines = wf_calc_caret(L, calc.text, calc.at);
        lua_insert(L, -2);
        wf_fault_hint(L, lines);
        return lua_error(L);
    }
    if (!wf_raster_test(L, -1)) { /* a number alone becomes a raster without a grid */
        lua_pushinteger(L, 0);
        apply(L, &calc, "add", 2, calc.at);
    }
    return 1;
}

const WfFunction wf_calc_functions[] = {
    { "calc", calculate, false, "expressions", "calc([[ A > 0 and B == 2 ? A : null ]], {A=, B=})",
      "an expression with comparisons, and, or, not, ?: and all operators as functions" },
    { NULL },
};
