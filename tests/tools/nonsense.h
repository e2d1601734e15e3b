/*
 * nonsense.h - scripts and calc expressions that mean nothing, some of which can be parsed, and
 * bytes that are damaged.
 */
#ifndef NONSENSE_H
#define NONSENSE_H

#include <string.h>

#include "dsl.h"
#include "random.h"

enum { TEXT_MAX = 4096 };

typedef struct Text {
    char bytes[TEXT_MAX];
    int length;
} Text;

static inline void add(Text *t, const char *piece)
{
    int length = (int)strlen(piece);

    if (t->length + length >= TEXT_MAX)
        return;
    memcpy(t->bytes + t->length, piece, (size_t)length + 1);
    t->length += length;
}

#define ANY(r, list) ((list)[below(r, (int)(sizeof(list) / sizeof *(list)))])

static const char *const numbers[] = {
    "0",       "1",
    "2",       "-1",
    "3",       "0.5",
    "1e-4",    "255",
    "65536",   "1e308",
    "-0.0",    "(0/0)",
    "(1/0)",   "63",
    "2^53",    "9007199254740993",
    "1e-320",  "-7",
    "100",     "0x7f",
    "1 << 62", "math.mininteger",
    "5",       "-1000000",
};
static const char *const texts[] = {
    "'u8'",   "'bool'",    "'nearest'",    "'half_even'",     "'out.tif'",       "'a.tif'",
    "''",     "'%s%n'",    "'\\0'",        "'f64'",           "'deflate'",       "'PNG'",
    "'mask'", "'i64'",     "'wrap'",       "'red'",           "'nowhere/x.tif'", "'zstd'",
    "'jpeg'", "'error'",   "'nudge'",      "('x'):rep(5000)", "'A ? B : 1'",     "'EPSG:4326'",
    "'COG'",  "'viridis'", "'\\xff\\xfe'",
};
static const char *const options[] = {
    "type",  "nodata",   "format",  "compress",  "predictor", "level",   "blocksize", "round",
    "names", "overflow", "collide", "overwrite", "durable",   "options", "like",      "seed",
    "mask",  "crs",      "bands",   "scale",     "low",       "high",    "col",       "row",
    "width", "height",   "step",    "from",      "to",        "cmap",    "stretch",   "band",
};
static const char *const lua_words[] = {
    "local",
    "=",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ".",
    "..",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "^",
    "~",
    "&",
    "|",
    "<",
    ">=",
    "==",
    "~=",
    "and",
    "or",
    "not",
    "nil",
    "end",
    "then",
    "if",
    "else",
    "for",
    "in",
    "return",
    "do",
    "#",
    ";",
    "a",
    "b",
    "c",
    "weft",
    "v",
    "function",
    "...",
    "while",
    "goto",
    "::x::",
    "repeat",
    "until",
    "true",
    "--[[",
    "--",
    "[[",
    "]]",
    "'",
    "\"",
    "pcall",
    "error",
    "setmetatable",
    "pairs",
    "tostring",
    "coroutine.wrap",
    "a.b",
};
static const char *const calc_words[] = {
    "+",   "-",   "*",     "/",  "//", "%",    "^",    "&",  "|",   "^^",   "~",     "<<",   ">>",
    "<",   "<=",  "==",    "!=", ">",  ">=",   "and",  "or", "not", "!",    "?",     ":",    "(",
    ")",   ",",   "A",     "B",  "C",  "A[1]", "C[3]", "[",  "]",   "null", "pi",    "true", "'u8'",
    "nan", "inf", "A[99]", "--", "&&", "=",    "{",    ".",  "1e",  "0x",   "1e999", "\"",   "\n",
};

static const WfFunction *const lists[] = { wf_opening_functions, wf_grids_functions,
                                           wf_saving_functions,  wf_reading_functions,
                                           wf_calc_functions,    wf_preview_functions };

/* An operator's or a function's name. */
static const char *pick_name(Random *r)
{
    const WfFunction *list = ANY(r, lists);
    int count = 0;

    if (below(r, 4))
        return weft_op_table[below(r, weft_op_count)]->name;
    while (list[count].name)
        count++;
    return list[below(r, count)].name;
}

static inline void add_bytes(Text *t, Random *r)
{
    for (int i = below(r, 200); i > 0 && t->length < TEXT_MAX - 1; i--)
        t->bytes[t->length++] = (char)below(r, below(r, 2) ? 256 : 128);
    t->bytes[t->length] = '\0';
}

static inline void add_value(Text *t, Random *r, int depth);

/* As many arguments as the operator of that name takes, as a rule. */
static inline int arguments_of(Random *r, const char *name)
{
    const WeftOp *op = weft_op_find(name, NULL);
    int count = op ? op->inputs : 1;

    for (const WeftParam *p = op ? op->params : NULL; p && p->name && !p->optional; p++)
        count++;
    return below(r, 6) ? count : below(r, 5);
}

static inline void add_list(Text *t, Random *r, int count, int depth)
{
    for (int k = 0; k < count; k++) {
        add(t, k ? ", " : "");
        add_value(t, r, depth - 1);
    }
}

static inline void add_table(Text *t, Random *r, int depth)
{
    add(t, "{");
    for (int i = below(r, 5); i > 0; i--) {
        if (below(r, 2)) {
            add(t, ANY(r, options));
            add(t, " = ");
        }
        add_value(t, r, depth - 1);
        add(t, ", ");
    }
    add(t, "}");
}

static inline void add_call(Text *t, Random *r, int depth)
{
    static const char *const signs[] = { " + ", " - ",  " * ", " / ",  " // ",
                                         " % ", " ^ ",  " & ", " | ",  " << ",
                                         " ~ ", " .. ", " < ", " == ", " and " };

    const char *name = pick_name(r);

    switch (below(r, 3)) {
    case 0:
        add(t, "weft.");
        add(t, name);
        add(t, "(");
        add_list(t, r, arguments_of(r, name), depth);
        break;
    case 1:
        add(t, "pick(");
        add(t, ANY(r, numbers));
        add(t, "):");
        add(t, name);
        add(t, "(");
        add_list(t, r, arguments_of(r, name) - 1, depth);
        break;
    default:
        add(t, "(");
        add_value(t, r, depth - 1);
        add(t, ANY(r, signs));
        add_value(t, r, depth - 1);
        break;
    }
    add(t, ")");
}

static inline void add_value(Text *t, Random *r, int depth)
{
    int what = below(r, depth > 0 ? 12 : 7);

    if (what < 3) {
        add(t, "pick(");
        add(t, ANY(r, numbers));
        add(t, ")");
    } else if (what < 5) {
        add(t, ANY(r, numbers));
    } else if (what == 5) {
        add(t, ANY(r, texts));
    } else if (what == 6) {
        add(t, below(r, 2) ? "nil" : below(r, 2) ? "true" : "print");
    } else if (what < 10) {
        add_call(t, r, depth);
    } else {
        add_table(t, r, depth);
    }
}

/* Statements that can be parsed, each on its own; what they give can be picked by later ones. */
static inline void add_statements(Text *t, Random *r)
{
    add(t, "local v = { a, b, c, 1, 'u8' }\n"
           "local function pick(i)\n"
           "    return v[i == i and i > 0 and i < 1e6 and i // 1 % #v + 1 or 1]\n"
           "end\n"
           "local function try(f)\n"
           "    local ok, x = pcall(f)\n"
           "    if ok then v[#v + 1] = x else tostring(x) end\n"
           "end\n");
    for (int i = 3 + below(r, 12); i > 0; i--) {
        add(t, "try(function() return ");
        add_call(t, r, 2);
        add(t, " end)\n");
    }
    add(t, "try(function() return v[#v]:save('out.tif') end)\n"
           "try(function() return v[#v - 1]:cast('u8'):save('out.tif', ");
    add_table(t, r, 1);
    add(t, ") end)\n");
}

static inline void add_expression(Text *t, Random *r, int depth)
{
    static const char *const leaves[] = { "A",  "B",    "C[2]", "C",   "A[1]", "null", "pi",
                                          "1",  "0",    "-2",   "0.5", "3e9",  "true", "255",
                                          "07", "0x1F", "(A)",  "(B)", "1e-3", "2" };
    static const char *const signs[] = { "+",  "-",  "*",  "/",  "//",    "%",   "^",
                                         "&",  "|",  "^^", "<<", ">>",    "<",   "<=",
                                         "==", "!=", ">",  ">=", " and ", " or " };
    static const char *const fronts[] = { "-", "~", "not ", "!", "" };
    int what = depth > 0 ? below(r, 10) : 0;
    const char *name = weft_op_table[below(r, weft_op_count)]->name;

    if (what < 2) {
        add(t, ANY(r, leaves));
    } else if (what < 5) {
        add_expression(t, r, depth - 1);
        add(t, ANY(r, signs));
        add_expression(t, r, depth - 1);
    } else if (what < 7) {
        add(t, ANY(r, fronts));
        add(t, "(");
        add_expression(t, r, depth - 1);
        add(t, ")");
    } else if (what == 7) {
        add_expression(t, r, depth - 1);
        add(t, " > 1 ? ");
        add_expression(t, r, depth - 1);
        add(t, " : ");
        add_expression(t, r, depth - 1);
    } else {
        add(t, name);
        add(t, "(");
        for (int i = arguments_of(r, name), k = 0; k < i; k++) {
            add(t, k ? ", " : "");
            add_expression(t, r, depth - 1);
        }
        add(t, ")");
    }
}

static inline void add_soup(Text *t, Random *r, const char *const *words, int count)
{
    for (int i = 1 + below(r, 40); i > 0; i--) {
        int what = below(r, 8);

        add(t, what == 0 ? ANY(r, numbers) : what == 1 ? pick_name(r) : words[below(r, count)]);
        add(t, below(r, 5) ? " " : "");
    }
}

/* Very deep, or very long. */
static inline void add_tower(Text *t, Random *r, const char *const *words, int count)
{
    const char *word = words[below(r, count)];

    for (int i = below(r, 1500); i > 0; i--)
        add(t, word);
    add(t, below(r, 2) ? "A" : "");
}

static inline void damage(Random *r, char *bytes, int *length)
{
    for (int i = 1 + below(r, 8); i > 0 && *length > 1; i--) {
        int at = below(r, below(r, 2) && *length > 600 ? 600 : *length);
        int run = 1 + below(r, *length - at < 16 ? *length - at : 16);

        switch (below(r, 6)) {
        case 0:
            *length = below(r, 3) ? *length : at;
            break;
        case 1:
            memset(bytes + at, below(r, 2) ? 0 : 0xff, (size_t)run);
            break;
        case 2:
            memmove(bytes + at, bytes + at + run, (size_t)(*length - at - run));
            *length -= run;
            break;
        default:
            bytes[at] = (char)(below(r, 2) ? bytes[at] ^ 1 << below(r, 8) : below(r, 256));
        }
    }
}

#define SOUP(t, r, add, words) add(t, r, words, (int)(sizeof(words) / sizeof *(words)))

static inline void make_script(Text *t, Random *r)
{
    int what = below(r, 10);

    t->length = 0;
    add(t, "");
    if (what == 0) {
        add_bytes(t, r);
    } else if (what == 1) {
        SOUP(t, r, add_soup, lua_words);
    } else if (what == 2) {
        SOUP(t, r, add_tower, lua_words);
    } else {
        add_statements(t, r);
        if (what == 3)
            damage(r, t->bytes, &t->length);
    }
}

static inline void make_expression(Text *t, Random *r)
{
    int what = below(r, 10);

    t->length = 0;
    add(t, "");
    if (what == 0)
        add_bytes(t, r);
    else if (what == 1)
        SOUP(t, r, add_tower, calc_words);
    else if (what < 4)
        SOUP(t, r, add_soup, calc_words);
    else
        add_expression(t, r, 1 + below(r, 5));
    if (what == 9)
        damage(r, t->bytes, &t->length);
}

#endif
