/*
 * scan.c - a look at a script before it runs: where would Lua make a boolean of a raster?
 *
 * Follows which names hold rasters (assigned from weft.* or from expressions of such names) and
 * tells of NAME == literal and of and, or, not on them. It reads Lua's grammar loosely: where it
 * loses its way it tells less, never something wrong about the rest. Needs no Lua state.
 */
#include <stdio.h>
#include <string.h>

#include "dsl.h"

enum { NAMES = 2048, MARKS = 256, TARGETS = 32, DEPTH = 150 };

typedef struct Name {
    const char *start;
    size_t length;
    bool raster;
    bool outside; /* what it was when the block at `level` began */
    int level;    /* of the block that gave it what it holds */
} Name;

typedef struct Scan {
    WfLua lua;
    const char *last; /* where the token before ended */
    Name names[NAMES];
    int count;
    int marks[MARKS]; /* where blocks began in names */
    int mark_count, depth;
    bool lost; /* too deep or too long: stop */
    const WfScanTo *to;
} Scan;

/* What is known of an expression. */
typedef struct Operand {
    bool raster, literal, alone; /* alone: a name without .band or (...) */
    const char *start;           /* the text of a name with what follows it; NULL: another one */
    size_t length;
} Operand;

/* Functions and methods that give no raster. */
static const char *const plain[] = { "save",      "save_all",   "at",   "sample",   "read",
                                     "info",      "dot",        "show", "explain",  "plot",
                                     "config",    "help",       "glob", "grid",     "stats",
                                     "histogram", "percentile", "freq", "crosstab", "zonal",
                                     "compute",   "value" };

static Operand expression(Scan *s, int bind);
static void block(Scan *s);

static bool among(const WfLua *lua, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] && wf_lua_is(lua, list[i]))
            return true;
    return false;
}

static bool is_plain(const WfLua *lua)
{
    return among(lua, plain, sizeof plain / sizeof *plain);
}

bool wf_scan_gives_raster(const char *name)
{
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (!strcmp(plain[i], name))
            return false;
    return true;
}

static bool is_property(const WfLua *lua)
{
    for (int i = 0; wf_raster_properties[i]; i++)
        if (wf_lua_is(lua, wf_raster_properties[i]))
            return true;
    return false;
}

static void next(Scan *s)
{
    s->last = s->lua.at;
    wf_lua_next(&s->lua);
}

static bool accept(Scan *s, const char *text)
{
    bool found = wf_lua_is(&s->lua, text);

    if (found)
        next(s);
    return found;
}

/* ------------------------------------------------------------------------------- names */

static Name *find(Scan *s, const char *start, size_t length)
{
    for (int i = s->count - 1; i >= 0; i--)
        if (s->names[i].length == length && !memcmp(s->names[i].start, start, length))
            return &s->names[i];
    return NULL;
}

static void declare(Scan *s, const char *start, size_t length, bool raster)
{
    if (s->count == NAMES) {
        s->lost = true;
        return;
    }
    s->names[s->count++] = (Name) { .start = start,
                                    .length = length,
                                    .raster = raster,
                                    .outside = raster,
                                    .level = s->mark_count };
}

static void set(Scan *s, Name *name, bool raster)
{
    if (s->mark_count > name->level) {
        name->outside = name->raster;
        name->level = s->mark_count;
    }
    name->raster = raster;
}

/* A name that the text does not assign, as the script holds it already. */
static bool is_held(const Scan *s, const char *start, size_t length)
{
    return s->to->holds && s->to->holds(s->to->context, start, length);
}

static void open_block(Scan *s)
{
    if (s->mark_count == MARKS)
        s->lost = true;
    else
        s->marks[s->mark_count++] = s->count;
}

/* Nobody knows whether a block was run: what it made of a name from outside counts where it was the
 * same before. */
static void close_block(Scan *s)
{
    if (s->mark_count > 0)
        s->count = s->marks[--s->mark_count];
    for (int i = 0; i < s->count; i++) {
        Name *name = &s->names[i];

        if (name->level > s->mark_count) {
            name->raster = name->raster && name->outside;
            name->outside = name->raster;
            name->level = s->mark_count;
        }
    }
}

/* ------------------------------------------------------------------------------- finds */

static void tell_compare(Scan *s, int line, const char *sign, const Operand *raster)
{
    char text[300];
    bool shown =
        raster->start && raster->length < 40 && !memchr(raster->start, '\n', raster->length);
    const char *name = shown ? raster->start : "r";
    int length = shown ? (int)raster->length : 1;

    snprintf(text, sizeof text,
             "Lua decides `%.*s %s ...` by itself and makes no raster: write %.*s:%s(...)", length,
             name, sign, length, name, *sign == '=' ? "eq" : "ne");
    s->to->tell(s->to->context, line, text);
}

static void tell_logic(Scan *s, int line, const char *word)
{
    char text[300];

    snprintf(text, sizeof text, "Lua's `%s` makes no raster: write %s, or weft.calc", word,
             !strcmp(word, "and")  ? "a & b"
             : !strcmp(word, "or") ? "a | b"
                                   : "~a");
    s->to->tell(s->to->context, line, text);
}

/* ------------------------------------------------------------------------------- expressions */

static void list(Scan *s, const char *end)
{
    while (!s->lost && s->lua.token != WF_LUA_END && !wf_lua_is(&s->lua, end)) {
        const char *before = s->lua.start;
        expression(s, 0);
        if (!accept(s, ",") && !accept(s, ";") && s->lua.start == before)
            next(s);
    }
    accept(s, end);
}

/* { is read. */
static void table(Scan *s)
{
    while (!s->lost && s->lua.token != WF_LUA_END && !wf_lua_is(&s->lua, "}")) {
        const char *before = s->lua.start;
        WfLua ahead = s->lua;

        wf_lua_next(&ahead);
        if (s->lua.token == WF_LUA_NAME && wf_lua_is(&ahead, "=")) {
            s->lua = ahead;
            next(s);
        } else if (accept(s, "[")) {
            expression(s, 0);
            accept(s, "]");
            accept(s, "=");
        }
        expression(s, 0);
        if (!accept(s, ",") && !accept(s, ";") && s->lua.start == before)
            next(s);
    }
    accept(s, "}");
}

/* The parameters and the body; the word function (and a name) is read. */
static void function(Scan *s)
{
    open_block(s);
    accept(s, "(");
    while (s->lua.token != WF_LUA_END && !wf_lua_is(&s->lua, ")")) {
        if (s->lua.token == WF_LUA_NAME)
            declare(s, s->lua.start, s->lua.length, false);
        next(s);
    }
    accept(s, ")");
    block(s);
    accept(s, "end");
    close_block(s);
}

static bool arguments(Scan *s)
{
    if (s->lua.token == WF_LUA_STRING)
        next(s);
    else if (accept(s, "("))
        list(s, ")");
    else if (accept(s, "{"))
        table(s);
    else
        return false;
    return true;
}

/* What follows a name or a bracket: .band [1] :method(...) (...). weft: it is the table weft. */
static void suffixes(Scan *s, Operand *o, bool weft)
{
    bool gives = false; /* a function of weft that gives a raster was named */

    while (!s->lost) {
        if (accept(s, ".")) {
            gives = weft && !is_plain(&s->lua);
            o->raster = o->raster && !is_property(&s->lua);
            next(s);
        } else if (accept(s, ":")) {
            o->raster = o->raster && !is_plain(&s->lua);
            next(s);
            arguments(s);
        } else if (accept(s, "[")) {
            expression(s, 0);
            accept(s, "]");
            gives = false;
        } else if (arguments(s)) {
            o->raster = gives;
            gives = false;
        } else {
            return;
        }
        weft = false;
        o->alone = false;
        if (o->start)
            o->length = (size_t)(s->last - o->start);
    }
}

static Operand primary(Scan *s)
{
    static const char *const literals[] = { "true", "false" };
    Operand o = { .raster = false };
    WfLua *lua = &s->lua;

    if (lua->token == WF_LUA_NUMBER || lua->token == WF_LUA_STRING || among(lua, literals, 2)) {
        o.literal = true;
        next(s);
    } else if (lua->token == WF_LUA_NAME) {
        const Name *name = find(s, lua->start, lua->length);
        bool weft = wf_lua_is(lua, "weft");
        o = (Operand) { .raster = name ? name->raster : is_held(s, lua->start, lua->length),
                        .alone = true,
                        .start = lua->start,
                        .length = lua->length };
        next(s);
        suffixes(s, &o, weft);
    } else if (accept(s, "(")) {
        o = expression(s, 0);
        o.start = NULL;
        o.alone = false;
        accept(s, ")");
        suffixes(s, &o, false);
    } else if (accept(s, "{")) {
        table(s);
    } else if (accept(s, "function")) {
        function(s);
    } else if (wf_lua_is(lua, "nil") || wf_lua_is(lua, "...")) {
        next(s);
    }
    return o;
}

static const struct Binary {
    const char *sign;
    int left, right;
} binaries[] = {
    { "or", 1, 1 },  { "and", 2, 2 }, { "==", 3, 3 },  { "~=", 3, 3 },   { "<", 3, 3 },
    { "<=", 3, 3 },  { ">", 3, 3 },   { ">=", 3, 3 },  { "|", 4, 4 },    { "~", 5, 5 },
    { "&", 6, 6 },   { "<<", 7, 7 },  { ">>", 7, 7 },  { "..", 9, 8 },   { "+", 10, 10 },
    { "-", 10, 10 }, { "*", 11, 11 }, { "/", 11, 11 }, { "//", 11, 11 }, { "%", 11, 11 },
    { "^", 14, 13 },
};

static const struct Binary *binary(const WfLua *lua)
{
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if ((lua->token == WF_LUA_SIGN || lua->token == WF_LUA_WORD) &&
            wf_lua_is(lua, binaries[i].sign))
            return &binaries[i];
    return NULL;
}

static Operand join(Scan *s, const struct Binary *op, int line, const Operand *a, const Operand *b)
{
    bool picks = *op->sign == 'o'; /* a or b: the one or the other */
    Operand o = { .raster = picks ? b->raster
                                  : op->left > 3 && op->left != 9 && (a->raster || b->raster) };

    if (op->left == 3 && (op->sign[1] == '=' && (*op->sign == '=' || *op->sign == '~')) &&
        ((a->raster && b->literal) || (b->raster && a->literal)))
        tell_compare(s, line, op->sign, a->raster ? a : b);
    if (op->left < 3 && a->raster) /* what may be nil or false may well stand on the left */
        tell_logic(s, line, op->sign);
    return o;
}

static Operand expression(Scan *s, int bind)
{
    static const char *const unary[] = { "not", "-", "#", "~" };
    const struct Binary *op;
    Operand o;

    if (++s->depth > DEPTH)
        s->lost = true;
    if (s->lost)
        return (Operand) { .raster = false };
    if (s->lua.token != WF_LUA_STRING && among(&s->lua, unary, 4)) {
        bool negates = wf_lua_is(&s->lua, "not"), counts = wf_lua_is(&s->lua, "#");
        int line = s->lua.line;
        next(s);
        o = expression(s, 12);
        if (negates && o.raster)
            tell_logic(s, line, "not");
        o = (Operand) { .raster = o.raster && !negates && !counts };
    } else {
        o = primary(s);
    }
    while (!s->lost && (op = binary(&s->lua)) && op->left > bind) {
        int line = s->lua.line;
        next(s);
        Operand right = expression(s, op->right);
        o = join(s, op, line, &o, &right);
    }
    s->depth--;
    return o;
}

/* ------------------------------------------------------------------------------- statements */

/* Names on the left, expressions on the right; = is the current token or there is none. */
static void assign(Scan *s, const Operand *targets, int count, bool local)
{
    bool rasters[TARGETS] = { false };
    int i = 0;

    if (accept(s, "="))
        do {
            Operand value = expression(s, 0);
            if (i < TARGETS)
                rasters[i++] = value.raster;
        } while (!s->lost && accept(s, ","));
    for (i = 0; i < count; i++) {
        Name *known = NULL;
        if (!targets[i].alone)
            continue;
        if (!local)
            known = find(s, targets[i].start, targets[i].length);
        if (known)
            set(s, known, rasters[i]);
        else
            declare(s, targets[i].start, targets[i].length, rasters[i]);
    }
}

/* The word local is read. */
static void local(Scan *s)
{
    Operand targets[TARGETS];
    int count = 0;

    if (accept(s, "function")) {
        declare(s, s->lua.start, s->lua.length, false);
        next(s);
        function(s);
        return;
    }
    while (s->lua.token == WF_LUA_NAME && count < TARGETS) {
        targets[count++] =
            (Operand) { .alone = true, .start = s->lua.start, .length = s->lua.length };
        next(s);
        if (accept(s, "<")) {
            next(s);
            accept(s, ">");
        }
        if (!accept(s, ","))
            break;
    }
    assign(s, targets, count, true);
}

static void simple(Scan *s)
{
    Operand targets[TARGETS];
    const char *before = s->lua.start;
    int count = 0;

    do
        targets[count++] = expression(s, 0);
    while (!s->lost && count < TARGETS && accept(s, ","));
    if (wf_lua_is(&s->lua, "="))
        assign(s, targets, count, false);
    if (s->lua.start == before)
        next(s); /* nothing that begins an expression */
}

/* Statements up to the `end` that belongs to this block, which is left to the caller. */
static void block(Scan *s)
{
    int nested = 0;

    while (!s->lost && s->lua.token != WF_LUA_END) {
        if (wf_lua_is(&s->lua, "end") || wf_lua_is(&s->lua, "until")) {
            if (nested-- == 0)
                return;
            close_block(s);
            next(s);
        } else if (accept(s, "do") || accept(s, "then") || accept(s, "repeat")) {
            open_block(s);
            nested++;
        } else if (accept(s, "else")) {
            close_block(s);
            open_block(s);
        } else if (accept(s, "elseif")) {
            close_block(s);
            nested--;
        } else if (accept(s, "local")) {
            local(s);
        } else if (accept(s, "function")) {
            while (s->lua.token != WF_LUA_END && !wf_lua_is(&s->lua, "("))
                next(s);
            function(s);
        } else if (s->lua.token == WF_LUA_WORD && !wf_lua_is(&s->lua, "not") &&
                   !wf_lua_is(&s->lua, "nil")) {
            next(s); /* if while for in return break goto: an expression may follow */
        } else {
            simple(s);
        }
    }
}

void wf_scan(const char *text, size_t length, const WfScanTo *to)
{
    Scan scan = { .to = to };

    wf_lua_start(&scan.lua, text, length);
    do {
        block(&scan);
        wf_lua_next(&scan.lua);
    } while (!scan.lost && scan.lua.token != WF_LUA_END);
}
