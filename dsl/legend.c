/*
 * legend.c - colours and names of classes as a script writes them: colors = {[1] = "#1f77b4"}.
 *
 * Reads options; what is made lives in userdata of an anchor table.
 */
#include <stdio.h>
#include <string.h>

#include "dsl.h"

enum { CLASS_MOST = 65535 }; /* the greatest value that formats have colours for */

#define COLORS_HINT "colors = {[1] = {31, 119, 180}, [2] = \"#ff7f0e\"}"
#define CATEGORIES_HINT "categories = {[1] = \"water\", [2] = \"wood\"}"

/* ------------------------------------------------------------------------------- one value */

/* A value as a script writes it, on the stack: a number, "text", {1, 2}; else what it is. */
static const char *written(lua_State *L, int index)
{
    int type = lua_type(L, index), count;

    index = lua_absindex(L, index);
    if (type == LUA_TNUMBER)
        return wf_plain_text(L, index);
    if (type == LUA_TSTRING)
        return lua_pushfstring(L, "\"%s\"", lua_tostring(L, index));
    if (type != LUA_TTABLE)
        return lua_pushstring(L, wf_what(L, index));
    count = (int)lua_rawlen(L, index);
    lua_pushliteral(L, "{");
    for (int i = 1; i <= count && i <= 5; i++) {
        bool plain = lua_rawgeti(L, index, i) == LUA_TNUMBER;

        lua_pushfstring(L, "%s%s", i > 1 ? ", " : "", plain ? lua_tostring(L, -1) : "?");
        lua_replace(L, -2);
        lua_concat(L, 2);
    }
    lua_pushliteral(L, "}");
    lua_concat(L, 2);
    return lua_tostring(L, -1);
}

static bool read_hex(const char *text, WeftColor *color)
{
    unsigned r, g, b, a = 255;
    int used = 0;
    size_t length = strlen(text);

    if (text[0] != '#' || strspn(text + 1, "0123456789abcdefABCDEF") != length - 1 ||
        (length != 7 && length != 9) || sscanf(text + 1, "%2x%2x%2x%n", &r, &g, &b, &used) != 3)
        return false;
    if (length == 9 && sscanf(text + 7, "%2x", &a) != 1)
        return false;
    *color = (WeftColor) { (uint8_t)r, (uint8_t)g, (uint8_t)b, (uint8_t)a };
    return true;
}

/* {r, g, b} or {r, g, b, a} at the top of the stack. */
static bool read_parts(lua_State *L, WeftColor *color)
{
    uint8_t parts[4] = { 0, 0, 0, 255 };
    int count = (int)lua_rawlen(L, -1);

    for (int i = 0; i < count && i < 4; i++) {
        int is_whole;
        lua_Integer value;

        lua_rawgeti(L, -1, i + 1);
        value = lua_tointegerx(L, -1, &is_whole);
        is_whole = is_whole && lua_type(L, -1) == LUA_TNUMBER;
        lua_pop(L, 1);
        if (!is_whole || value < 0 || value > 255)
            return false;
        parts[i] = (uint8_t)value;
    }
    *color = (WeftColor) { parts[0], parts[1], parts[2], parts[3] };
    return count == 3 || count == 4;
}

/* The colour at the top of the stack. */
static WeftColor read_color(lua_State *L, const char *op, lua_Integer value)
{
    WeftColor color = { 0 };

    if (lua_type(L, -1) == LUA_TSTRING ? !read_hex(lua_tostring(L, -1), &color)
                                       : !lua_istable(L, -1) || !read_parts(L, &color))
        wf_raisef(
            L, WEFT_EARG, op, COLORS_HINT,
            "the colour of %lld is {r, g, b}, {r, g, b, a} of 0 to 255, or \"#rrggbb\", not %s",
            (long long)value, written(L, -1));
    return color;
}

/* ------------------------------------------------------------------------------- one band */

/* The greatest value that the table at the top of the stack names. */
static int greatest_key(lua_State *L, const char *op, const char *option, const char *hint)
{
    int greatest = -1;

    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        int is_whole;
        lua_Integer key = lua_tointegerx(L, -2, &is_whole);

        if (lua_type(L, -2) != LUA_TNUMBER || !is_whole || key < 0 || key > CLASS_MOST) {
            lua_pop(L, 1);
            wf_raisef(L, WEFT_EARG, op, hint, "%s names values from 0 to %d, not %s", option,
                      CLASS_MOST, written(L, -1));
        }
        greatest = key > greatest ? (int)key : greatest;
    }
    return greatest;
}

static void read_colors(lua_State *L, const char *op, int anchors, WeftLegend *legend)
{
    int count = greatest_key(L, op, "colors", COLORS_HINT) + 1;
    WeftColor *colors = wf_anchor(L, anchors, (size_t)count * sizeof *colors);

    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        lua_Integer value = lua_tointeger(L, -2);

        colors[value] = read_color(L, op, value);
    }
    legend->colors = colors;
    legend->color_count = count;
}

static void read_categories(lua_State *L, const char *op, int anchors, WeftLegend *legend)
{
    int count = greatest_key(L, op, "categories", CATEGORIES_HINT) + 1;
    const char **names = wf_anchor(L, anchors, (size_t)count * sizeof *names);

    for (int i = 0; i < count; i++)
        names[i] = "";
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        lua_Integer value = lua_tointeger(L, -2);

        if (lua_type(L, -1) != LUA_TSTRING)
            wf_raisef(L, WEFT_EARG, op, CATEGORIES_HINT, "the name of %lld is a text, not %s",
                      (long long)value, written(L, -1));
        names[value] = lua_tostring(L, -1);
        lua_pushvalue(L, -1);
        luaL_ref(L, anchors);
    }
    legend->categories = names;
    legend->category_count = count;
}

/* ------------------------------------------------------------------------------- all bands */

static const struct {
    const char *option, *hint;
    void (*read)(lua_State *L, const char *op, int anchors, WeftLegend *legend);
} parts[] = {
    { "colors", COLORS_HINT, read_colors },
    { "categories", CATEGORIES_HINT, read_categories },
};

/* The table at the top of the stack is a list of tables, one a band: {r, g, b} is none. */
static bool is_list(lua_State *L)
{
    bool list = lua_rawlen(L, -1) > 0;

    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        bool map = lua_istable(L, -1);

        if (map) {
            map = lua_rawgeti(L, -1, 1) != LUA_TNUMBER;
            lua_pop(L, 1);
        }
        list = list && (map || (lua_isboolean(L, -1) && !lua_toboolean(L, -1)));
    }
    return list;
}

static void read_part(lua_State *L, size_t part, const char *op, int bands, int anchors,
                      WeftLegend **legends)
{
    const char *option = parts[part].option;
    bool list;

    if (!lua_istable(L, -1))
        wf_raisef(L, WEFT_EARG, op, parts[part].hint, "%s must be a table, not %s", option,
                  written(L, -1));
    list = is_list(L);
    if (list ? (int)lua_rawlen(L, -1) != bands : bands != 1)
        wf_raisef(L, WEFT_EARG, op, "false leaves a band as it is", "%s of %d band%s must be %s",
                  option, bands, bands == 1 ? "" : "s",
                  bands == 1 ? "one table" : "a list of as many tables");
    for (int i = 0; i < bands; i++) {
        if (list)
            lua_rawgeti(L, -1, i + 1);
        else
            lua_pushvalue(L, -1);
        wf_table_own(L, lua_gettop(L));
        if (lua_istable(L, -1)) {
            if (!legends[i])
                legends[i] = wf_anchor(L, anchors, sizeof **legends);
            parts[part].read(L, op, anchors, legends[i]);
        }
        lua_pop(L, 1);
    }
}

bool wf_legend_option(const char *name)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strcmp(parts[i].option, name))
            return true;
    return false;
}

const WeftLegend *const *wf_legends_read(lua_State *L, int options, const char *op, int bands,
                                         int anchors)
{
    WeftLegend **legends = NULL;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!wf_option_push(L, options, parts[i].option))
            continue;
        if (!legends)
            legends = wf_anchor(L, anchors, (size_t)bands * sizeof *legends);
        read_part(L, i, op, bands, anchors, legends);
        lua_pop(L, 1);
    }
    return (const WeftLegend *const *)legends;
}
