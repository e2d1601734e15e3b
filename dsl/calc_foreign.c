/*
 * calc_foreign.c - what other languages write, as an expression of calc: the corrected text for a
 * hint.
 *
 * Reads the expression's text only, from a place that calc could not read. Pushes texts.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "calc.h"

enum { PARTS = 8, SHOWN = 300 };

/* $1, $2 ... are the arguments, $* is all of them; count -1: any number. */
static const struct {
    const char *name;
    int count;
    const char *form;
} functions[] = {
    { "if", 3, "($1 ? $2 : $3)" },
    { "if", 2, "($1 ? $2 : null)" },
    { "ifelse", 3, "($1 ? $2 : $3)" },
    { "con", 3, "($1 ? $2 : $3)" },
    { "isnan", 1, "(not isvalid($1))" },
    { "isnull", 1, "(not isvalid($1))" },
    { "isna", 1, "(not isvalid($1))" },
    { "isfinite", 1, "isvalid($1)" },
    { "notnull", 1, "isvalid($1)" },
    { "null", 0, "null" },
    { "logical_or", 2, "($1 or $2)" },
    { "logical_and", 2, "($1 and $2)" },
    { "logical_not", 1, "(not $1)" },
    { "greater", 2, "($1 > $2)" },
    { "greater_equal", 2, "($1 >= $2)" },
    { "less", 2, "($1 < $2)" },
    { "less_equal", 2, "($1 <= $2)" },
    { "equal", 2, "($1 == $2)" },
    { "not_equal", 2, "($1 != $2)" },
    { "power", 2, "($1 ^ $2)" },
    { "square", 1, "($1 ^ 2)" },
    { "maximum", -1, "max($*)" },
    { "minimum", -1, "min($*)" },
    { "nanmax", -1, "nmax($*)" },
    { "nanmin", -1, "nmin($*)" },
    { "nansum", -1, "nsum($*)" },
    { "nanmean", -1, "nmean($*)" },
    { "clip", 3, "clamp($*)" },
    { "absolute", 1, "abs($1)" },
    { "fabs", 1, "abs($1)" },
    { "rint", 1, "round($1)" },
    { "ln", 1, "log($1)" },
    { "arcsin", 1, "asin($1)" },
    { "arccos", 1, "acos($1)" },
    { "arctan", 1, "atan($1)" },
    { "arctan2", 2, "atan2($*)" },
    { "int", 1, "trunc($1)" },
    { "float", 1, "cast($1, \"f32\")" },
    { "double", 1, "cast($1, \"f64\")" },
};

/* `word`: ours stands between blanks, or begins a name. */
static const struct {
    const char *sign, *ours;
    bool word;
} signs[] = {
    { "**", "^", false },  { "<>", "!=", false },  { "&&&", "and", true },
    { "|||", "or", true }, { "&&", "and", true },  { "||", "or", true },
    { "np.", "", true },   { "numpy.", "", true }, { "math.", "", true },
};

enum { SIGN_COUNT = sizeof signs / sizeof *signs };

static bool starts(const char *at, const char *sign)
{
    return !strncmp(at, sign, strlen(sign));
}

/* What stands in brackets from `open` on, cut at the commas that are its own. Gives the place
 * behind the closing bracket; NULL: there is none, or too many parts. */
static const char *cut_arguments(const char *open, const char *parts[], size_t lengths[],
                                 int *count)
{
    const char *from = open + 1;
    int depth = 0;

    *count = 0;
    for (const char *at = open; *at; at++) {
        depth += *at == '(' || *at == '[';
        depth -= *at == ')' || *at == ']';
        if (*at == '"' || *at == '\'') {
            at = strchr(at + 1, *at);
            if (!at)
                return NULL;
        } else if ((*at == ',' && depth == 1) || depth == 0) {
            const char *end = at;
            while (from < end && isspace((unsigned char)*from))
                from++;
            while (end > from && isspace((unsigned char)end[-1]))
                end--;
            if (*count == PARTS)
                return NULL;
            if (depth || end > from || *count) {
                parts[*count] = from;
                lengths[(*count)++] = (size_t)(end - from);
            }
            if (!depth)
                return at + 1;
            from = at + 1;
        }
    }
    return NULL;
}

static void add_form(luaL_Buffer *out, const char *form, const char *const parts[],
                     const size_t lengths[], int count)
{
    for (; *form; form++) {
        if (*form != '$') {
            luaL_addchar(out, *form);
        } else if (*++form == '*') {
            for (int i = 0; i < count; i++) {
                luaL_addstring(out, i ? ", " : "");
                luaL_addlstring(out, parts[i], lengths[i]);
            }
        } else {
            luaL_addlstring(out, parts[*form - '1'], lengths[*form - '1']);
        }
    }
}

/* The text with [from, to) replaced by the text at the top of the stack, which is replaced by
 * "write ..."; of a long one only the new part. */
static const char *push_corrected(lua_State *L, const char *text, const char *from, const char *to)
{
    const char *part = lua_tostring(L, -1), *end = to + strlen(to);
    size_t length = strlen(part);
    bool whole = false;

    while (isspace((unsigned char)*text))
        text++;
    while (end > to && isspace((unsigned char)end[-1]))
        end--;
    whole = from <= text && to >= end;
    if (whole && part[0] == '(' && part[length - 1] == ')') /* brackets around everything */
        lua_pushlstring(L, part + 1, length - 2);
    else if (whole || (size_t)(end - text) > SHOWN)
        lua_pushstring(L, part);
    else {
        lua_pushlstring(L, text, (size_t)(from > text ? from - text : 0));
        lua_pushlstring(L, to, (size_t)(end - to));
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, -2), part, lua_tostring(L, -1));
    }
    lua_pushfstring(L, "write %s", lua_tostring(L, -1));
    return lua_tostring(L, -1);
}

const char *wf_calc_foreign_call(lua_State *L, const char *text, const char *name_at, size_t length)
{
    const char *parts[PARTS], *open = name_at + length, *after;
    size_t lengths[PARTS];
    int count;

    open += strspn(open, " \t\r\n");
    after = *open == '(' ? cut_arguments(open, parts, lengths, &count) : NULL;
    for (size_t i = 0; after && i < sizeof functions / sizeof *functions; i++) {
        luaL_Buffer out;

        if (strlen(functions[i].name) != length ||
            strncasecmp(functions[i].name, name_at, length) != 0 ||
            (functions[i].count >= 0 && functions[i].count != count))
            continue;
        luaL_buffinit(L, &out);
        add_form(&out, functions[i].form, parts, lengths, count);
        luaL_pushresult(&out);
        return push_corrected(L, text, name_at, after);
    }
    return NULL;
}

const char *wf_calc_foreign_name(lua_State *L, const char *text, const char *name_at, size_t length)
{
    static const struct {
        const char *name, *ours;
    } words[] = { { "nan", "null" },  { "none", "null" },   { "nodata", "null" }, { "na", "null" },
                  { "true", "true" }, { "false", "false" }, { "null", "null" } };
    WeftErr err = { 0 };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].name) == length && !strncasecmp(words[i].name, name_at, length)) {
            lua_pushstring(L, words[i].ours);
            return push_corrected(L, text, name_at, name_at + length);
        }
    lua_pushlstring(L, name_at, length);
    if (weft_type_of(lua_tostring(L, -1), &err) != WEFT_AUTO) {
        lua_pushfstring(L, "\"%s\"", lua_tostring(L, -1));
        return push_corrected(L, text, name_at, name_at + length);
    }
    return NULL;
}

const char *wf_calc_foreign_as(lua_State *L, const char *text, const char *at, size_t length,
                               const char *ours)
{
    lua_pushstring(L, ours);
    return push_corrected(L, text, at, at + length);
}

/* The sign of another language at a place of the text; -1: there is none. */
static int sign_at(const char *text, const char *at)
{
    for (int i = 0; i < SIGN_COUNT; i++) {
        bool name = isalpha((unsigned char)signs[i].sign[0]);

        if (starts(at, signs[i].sign) &&
            (!name || at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_')))
            return i;
    }
    return -1;
}

static void add_sign(luaL_Buffer *out, int sign, char before, char after)
{
    const char *ours = signs[sign].ours;
    bool spaced = signs[sign].word && *ours;

    if (spaced && before != ' ')
        luaL_addchar(out, ' ');
    luaL_addstring(out, ours);
    if (spaced && after != ' ')
        luaL_addchar(out, ' ');
}

/* Where the sign that calc stumbled over begins: at the point of np.where the name before it is
 * meant. */
static bool is_foreign(const char *text, const char *at)
{
    if (*at == '.' && at > text && isalpha((unsigned char)at[-1])) {
        const char *start = at;

        while (start > text && isalnum((unsigned char)start[-1]))
            start--;
        return sign_at(text, start) >= 0;
    }
    return sign_at(text, at) >= 0;
}

const char *wf_calc_foreign_sign(lua_State *L, const char *text, const char *at)
{
    const char *from = text + strspn(text, " \t\r\n");
    luaL_Buffer out;

    if (!is_foreign(text, at) || strlen(from) > SHOWN)
        return NULL;
    luaL_buffinit(L, &out);
    for (at = from; *at;) {
        const char *quote = *at == '"' || *at == '\'' ? strchr(at + 1, *at) : NULL;
        size_t length = quote ? (size_t)(quote - at) + 1 : 1;
        int sign = quote ? -1 : sign_at(text, at);

        if (sign >= 0) {
            length = strlen(signs[sign].sign);
            add_sign(&out, sign, at > from ? at[-1] : ' ', at[length]);
        } else {
            luaL_addlstring(&out, at, length);
        }
        at += length;
    }
    luaL_pushresult(&out);
    return lua_pushfstring(L, "write %s", lua_tostring(L, -1));
}
