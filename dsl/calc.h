/*
 * calc.h - tokens of weft.calc and the place of a mistake, between calc_lex.c and calc.c.
 */
#ifndef WF_CALC_H
#define WF_CALC_H

#include "dsl.h"

typedef enum WfCalcToken {
    WF_CALC_END,
    WF_CALC_NUMBER,
    WF_CALC_NAME,
    WF_CALC_TEXT,
    WF_CALC_SIGN /* an operator, a bracket, a comma, or one of: not and or */
} WfCalcToken;

typedef struct WfCalc {
    const char *text, *next; /* the expression; where to read on */
    WfCalcToken token;
    const char *start; /* of the token */
    size_t length;
    const char *at; /* where a mistake found now is shown */
    int depth;
} WfCalc;

/* Read the next token; raises for what is no token. */
void wf_calc_next(lua_State *L, WfCalc *calc);
bool wf_calc_is(const WfCalc *calc, const char *sign);
/* "`)`", "the number 3", "the end": the token in a message. Pushes the text, which keeps it. */
const char *wf_calc_shown(lua_State *L, const WfCalc *calc);
/* The line of text that holds `at`, and a line with a caret below it. Pushes both as one text. */
const char *wf_calc_caret(lua_State *L, const char *text, const char *at);

enum { WF_CALC_INPUTS = 1 }; /* stack index of the table of inputs */

/* An operator that the language has under its own name; or NULL. */
const WeftOp *wf_calc_operator(const char *name);
/* Push the function of Lua that is no operator alone (focal, slope with its edges, ndvi); false:
 * there is none that gives a raster. */
bool wf_calc_push_function(lua_State *L, const char *name);
/* Raise: the name at calc->at is no input, no function. */
int wf_calc_unknown_input(lua_State *L, const WfCalc *calc, const char *name);
int wf_calc_unknown_function(lua_State *L, const WfCalc *calc, const char *name);

/* What other languages write, as a hint with the corrected expression; NULL (the stack may have
 * grown): nothing is known of it. A function with its arguments; a name alone, as any text; a sign.
 */
const char *wf_calc_foreign_call(lua_State *L, const char *text, const char *name_at,
                                 size_t length);
const char *wf_calc_foreign_name(lua_State *L, const char *text, const char *name_at,
                                 size_t length);
const char *wf_calc_foreign_as(lua_State *L, const char *text, const char *at, size_t length,
                               const char *ours);
const char *wf_calc_foreign_sign(lua_State *L, const char *text, const char *at);

#endif
