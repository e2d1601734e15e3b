/*
 * operate.c - operators as Lua functions and methods: from values on the stack to graph nodes.
 *
 * One function serves all operators; what it takes is read from the operator's description. It
 * goes band by band: a one-band raster combines with an n-band one. Writes new nodes.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dsl.h"

enum { ARGS_ROOM = 2 * WEFT_ARGS_MAX };

typedef struct Call {
    const WeftOp *op;
    int first; /* stack index of the first value */
    int input_count;
    int band_count;  /* of the result */
    int names_from;  /* stack index of the raster whose names the result takes; 0: none */
    WeftNode *nodes; /* input_count for one band */
    WeftArg args[ARGS_ROOM];
    const WfRaster *lazy[ARGS_ROOM]; /* of each argument: the scalars it is, one a band; or NULL */
    int arg_count;
    int options; /* stack index of the table with colours and names of classes; 0: there is none */
    int kept;    /* stack index of a table that keeps what arguments point to; 0: nothing does */
} Call;

static const char *input_name(const WeftOp *op, int i, char buffer[32])
{
    const char *at = op->arguments;

    for (int k = 0; at && k < i; k++) {
        at = strchr(at, ',');
        at = at ? at + 1 : NULL;
    }
    if (!at) {
        snprintf(buffer, 32, "argument %d", i + 1);
        return buffer;
    }
    at += strspn(at, " ");
    snprintf(buffer, 32, "%.*s", (int)strcspn(at, ", ."), at);
    return buffer;
}

static bool has_names(lua_State *L, int index)
{
    bool any = lua_getiuservalue(L, index, 1) == LUA_TTABLE;

    lua_pop(L, 1);
    return any;
}

/* Names travel where they cannot mislead: from the only named operand, or from operands that
 * agree. */
static void choose_names(lua_State *L, Call *call)
{
    for (int i = 0; i < call->input_count; i++) {
        int index = call->first + i, other = call->names_from;
        const WfRaster *raster = wf_raster_test(L, index);
        if (!raster || raster->band_count != call->band_count || !has_names(L, index))
            continue;
        if (other <= 0) {
            call->names_from = other ? other : index;
            continue;
        }
        for (int b = 0; b < call->band_count && call->names_from > 0; b++)
            if (strcmp(wf_raster_name(L, index, b), wf_raster_name(L, other, b)))
                call->names_from = -1;
    }
    call->names_from = call->names_from < 0 ? 0 : call->names_from;
}

static void join_bands(lua_State *L, Call *call, const WfRaster *raster)
{
    if (!raster || raster->band_count == 1)
        return;
    if (call->band_count != 1 && call->band_count != raster->band_count)
        wf_raisef(L, WEFT_EARG, call->op->name, "pick bands: r[1], r:select{1, 2}",
                  "a raster of %d bands and one of %d do not combine", call->band_count,
                  raster->band_count);
    call->band_count = raster->band_count;
}

static void count_bands(lua_State *L, Call *call)
{
    char name[32];

    call->band_count = 1;
    for (int i = 0; i < call->input_count; i++) {
        const WfRaster *raster = wf_raster_test(L, call->first + i);
        if (!raster && lua_type(L, call->first + i) != LUA_TNUMBER)
            wf_raster_wrong(L, call->first + i, call->op->name, input_name(call->op, i, name),
                            "a raster or a number");
        join_bands(L, call, raster);
    }
    for (int i = 0; i < call->arg_count; i++)
        join_bands(L, call, call->lazy[i]);
}

static WeftNode number_node(lua_State *L, int index, const char *op)
{
    WeftErr err = WF_NO_ERR;
    bool integer = lua_isinteger(L, index);
    double value = lua_tonumber(L, index);
    WeftNode node;

    if (integer &&
        (value >= 9223372036854775808.0 || (lua_Integer)value != lua_tointeger(L, index)))
        wf_raisef(L, WEFT_EARG, op, NULL, "%lld cannot be held exactly: it lies beyond 2^53",
                  (long long)lua_tointeger(L, index));
    node = weft_constant(wf_script_graph(L), value, integer, NULL, &err);
    if (node == WEFT_NONE)
        wf_raise(L, &err);
    return node;
}

static const WeftParam *find_param(const WeftOp *op, const char *name)
{
    for (const WeftParam *p = op->params; p && p->name; p++)
        if (!strcmp(p->name, name))
            return p;
    return NULL;
}

/* The n-th parameter given by position; NULL: there is none. */
static const WeftParam *positional_param(const WeftOp *op, int n)
{
    for (const WeftParam *p = op->params; p && p->name; p++)
        if (!p->option && n-- == 0)
            return p;
    return NULL;
}

/* A NUMBER may be a raster without a grid: one number for all pixels of a band. */
static const WfRaster *lazy_number(lua_State *L, int index, const char *op, const char *name)
{
    const WfRaster *raster = wf_raster_test(L, index);

    if (!raster || wf_raster_grid(L, raster))
        wf_raisef(L, WEFT_EARG, op,
                  raster ? "it is the same for all pixels: 3, or r:scalar(\"mean\")" : NULL,
                  "%s must be a number, not %s", name, wf_what(L, index));
    return raster;
}

/* A word that may stand for a number is the name of a flag: default = "keep". Gives that flag. */
static const WeftParam *flag_meant(lua_State *L, const WeftOp *op, const WeftParam *param,
                                   int index)
{
    const char *word = lua_tostring(L, index);

    if (!strcmp(word, param->choices))
        return find_param(op, word);
    wf_raisef(L, WEFT_EARG, op->name, NULL, "%s must be a number or \"%s\", not \"%.60s\"",
              param->name, param->choices, word);
}

/* The table at index; its numbers live as long as the call. */
static void add_table(lua_State *L, Call *call, const WeftParam *param, int index, WeftArg *arg)
{
    wf_numbers_read(L, index, call->op->name, param, arg);
    lua_rawseti(L, call->kept, call->arg_count + 1);
}

/* The value at index as the argument for param; param NULL: the engine says that there is none. */
static void add_arg(lua_State *L, Call *call, const WeftParam *param, const char *name, int index)
{
    const char *op = call->op->name;
    WeftArg arg = { .name = name, .node = WEFT_NONE };
    WeftParamKind kind = param ? param->kind : WEFT_PARAM_REAL;

    if (call->arg_count == ARGS_ROOM)
        wf_raisef(L, WEFT_EARG, op, NULL, "too many options");
    if (kind == WEFT_PARAM_REAL && param && param->choices && lua_type(L, index) == LUA_TSTRING) {
        arg.name = flag_meant(L, call->op, param, index)->name;
        arg.number = 1;
    } else if (kind == WEFT_PARAM_TABLE)
        add_table(L, call, param, index, &arg);
    else if (param && (kind == WEFT_PARAM_CHOICE || kind == WEFT_PARAM_TYPE ||
                       (kind == WEFT_PARAM_UNIT && lua_type(L, index) == LUA_TSTRING)))
        arg.text = wf_check_text(L, index, op, name);
    else if (kind == WEFT_PARAM_UNIT && lua_type(L, index) != LUA_TNUMBER)
        wf_raisef(L, WEFT_EARG, op, "\"ft\", or metres in one: 0.3048",
                  "%s must be a unit's name or a number, not %s", name, wf_what(L, index));
    else if (kind == WEFT_PARAM_FLAG) {
        if (!lua_isboolean(L, index))
            wf_raisef(L, WEFT_EARG, op, NULL, "%s must be true or false, not %s", name,
                      wf_what(L, index));
        arg.number = lua_toboolean(L, index);
    } else if (param && kind == WEFT_PARAM_NUMBER && lua_type(L, index) != LUA_TNUMBER)
        call->lazy[call->arg_count] = lazy_number(L, index, op, name);
    else if (param)
        arg.number = wf_check_number(L, index, op, name);
    arg.integer = lua_isinteger(L, index);
    call->args[call->arg_count++] = arg;
}

/* A copy of the options takes their place: it keeps the texts that arguments point to. */
static void read_options(lua_State *L, Call *call, int index, const char *skip)
{
    wf_table_own(L, index);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *name;
        if (lua_type(L, -2) != LUA_TSTRING)
            wf_raisef(L, WEFT_EARG, call->op->name, "write {name = value}",
                      "an option has no name");
        name = lua_tostring(L, -2);
        if (skip && !strcmp(name, skip))
            continue;
        if (call->op->classes && wf_legend_option(name)) {
            call->options = index;
            continue;
        }
        add_arg(L, call, find_param(call->op, name), name, lua_gettop(L));
    }
}

/* Values before the options: inputs, and parameters up to a TABLE given by position. */
static int values_before(const WeftOp *op)
{
    int places = 0;

    for (const WeftParam *p = op->params; p && p->name; p++) {
        places += !p->option;
        if (p->kind == WEFT_PARAM_TABLE && !p->option)
            return op->inputs + places;
    }
    return op->inputs;
}

/* Parameters and options may be nil: f(a, nil) is f(a). Rasters may not. */
static int last_given(lua_State *L, const Call *call)
{
    const WeftOp *op = call->op;
    int last = lua_gettop(L);

    while (last >= call->first + op->inputs && lua_isnil(L, last) && (!op->more || op->params))
        last--;
    return last;
}

/* "clamp(x, low, high)": how it is called, with the parameters that go by position. */
static void usage(const WeftOp *op, char *buffer, size_t size)
{
    size_t used =
        (size_t)snprintf(buffer, size, "%s(%s", op->name, op->arguments ? op->arguments : "a");

    for (const WeftParam *p = op->params; p && p->name && used < size; p++)
        if (!p->option)
            used += (size_t)snprintf(buffer + used, size - used, ", %s", p->name);
    if (used < size)
        snprintf(buffer + used, size - used, ")");
}

static int too_many(lua_State *L, const WeftOp *op, int given)
{
    char hint[200];

    usage(op, hint, sizeof hint);
    return wf_raisef(L, WEFT_EARG, op->name, hint, "%d arguments are too many", given);
}

const char *wf_statistic_hint(lua_State *L, const char *name)
{
    bool known;

    wf_script_table(L, "vocabulary");
    known = lua_getfield(L, -1, name) != LUA_TNIL ||
            (*name == 'p' && name[1] && strspn(name + 1, "0123456789.") == strlen(name + 1));
    lua_pop(L, 2);
    return known ? lua_pushfstring(L, "r:stats(\"%s\") is that of all pixels", name) : NULL;
}

/* r:max() asks for a statistic. */
static void expect_another(lua_State *L, const WeftOp *op, int given)
{
    const char *hint = op->more && given == 1 ? wf_statistic_hint(L, op->name) : NULL;

    if (hint)
        wf_raisef(L, WEFT_EARG, op->name, hint, "a raster alone has no %s for each pixel",
                  op->name);
}

static void read_call(lua_State *L, Call *call)
{
    const WeftOp *op = call->op;
    int last = last_given(L, call);

    luaL_checkstack(L, 20, "too many values");
    lua_newtable(L);
    call->kept = lua_gettop(L);
    if (last >= call->first + values_before(op) && lua_istable(L, last)) {
        read_options(L, call, last, NULL);
        last--;
    }
    int given = last - call->first + 1;
    expect_another(L, op, given);
    call->input_count = op->more || given < op->inputs ? given : op->inputs;
    for (int i = call->input_count; i < given; i++) {
        const WeftParam *param = positional_param(op, i - call->input_count);
        if (!param)
            too_many(L, op, given);
        add_arg(L, call, param, param->name, call->first + i);
    }
    count_bands(L, call);
    choose_names(L, call);
}

static WeftNode band_of(const WfRaster *raster, int band)
{
    return raster->bands[raster->band_count == 1 ? 0 : band].node;
}

/* One node for each band. Numbers among the inputs become one constant for all bands. */
static void apply_bands(lua_State *L, Call *call, WfRaster *result)
{
    WeftErr err = WF_NO_ERR;
    WeftGraph *graph = wf_script_graph(L);

    for (int i = 0; i < call->input_count; i++)
        if (lua_type(L, call->first + i) == LUA_TNUMBER)
            call->nodes[i] = number_node(L, call->first + i, call->op->name);
    for (int b = 0; b < call->band_count; b++) {
        for (int i = 0; i < call->input_count; i++) {
            const WfRaster *raster = wf_raster_test(L, call->first + i);
            if (raster)
                call->nodes[i] = band_of(raster, b);
        }
        for (int i = 0; i < call->arg_count; i++)
            if (call->lazy[i])
                call->args[i].node = band_of(call->lazy[i], b);
        result->bands[b].node = weft_apply(graph, call->op->name, call->nodes, call->input_count,
                                           call->args, call->arg_count, &err);
        if (result->bands[b].node == WEFT_NONE)
            wf_raise(L, &err);
    }
}

/* Colours and names of the classes that the result has. */
static void name_classes(lua_State *L, const Call *call, WfRaster *result)
{
    WeftErr err = WF_NO_ERR;
    const WeftLegend *const *legends =
        wf_legends_read(L, call->options, call->op->name, call->band_count, call->kept);

    for (int b = 0; legends && b < call->band_count; b++)
        if (legends[b] && !weft_legend(wf_script_graph(L), result->bands[b].node, legends[b], &err))
            wf_raise(L, &err);
}

int wf_operate(lua_State *L, const WeftOp *op, int first)
{
    Call call = { .op = op, .first = first };
    WfRaster *result;

    read_call(L, &call);
    call.nodes = lua_newuserdatauv(L, (size_t)(call.input_count + 1) * sizeof *call.nodes, 0);
    result = wf_raster_new(L, call.band_count);
    apply_bands(L, &call, result);
    if (call.options)
        name_classes(L, &call, result);
    if (call.names_from)
        wf_raster_copy_names(L, call.names_from, -1);
    wf_times_inherit(L, first, first + call.input_count - 1, -1);
    lua_replace(L, first);
    lua_settop(L, first);
    return 1;
}

int wf_generate(lua_State *L, const char *name, const WeftGrid *grid, int options)
{
    WeftErr err = WF_NO_ERR, none = { 0 };
    const WeftOp plain = { .name = name };
    const WeftOp *op = weft_op_find(name, &none);
    Call call = { .op = op ? op : &plain };
    WfRaster *result;
    WeftNode node;

    lua_newtable(L);
    call.kept = lua_gettop(L);
    if (options && lua_istable(L, options))
        read_options(L, &call, options, "like");
    node = weft_generate(wf_script_graph(L), name, grid, call.args, call.arg_count, &err);
    if (node == WEFT_NONE)
        return wf_raise(L, &err);
    result = wf_raster_new(L, 1);
    result->bands[0].node = node;
    lua_remove(L, call.kept);
    return 1;
}

static int call_operator(lua_State *L)
{
    return wf_operate(L, lua_touserdata(L, lua_upvalueindex(1)), 1);
}

bool wf_operate_is(lua_State *L, int index)
{
    return lua_tocfunction(L, index) == call_operator;
}

static int call_generator(lua_State *L)
{
    const char *name = lua_tostring(L, lua_upvalueindex(1));

    wf_args_most(L, 1, name);
    if (!lua_istable(L, 1) && !lua_isnil(L, 1)) {
        char hint[100];
        snprintf(hint, sizeof hint, "write weft.%s{like = r}", name);
        wf_raisef(L, WEFT_EARG, name, hint, "options are needed, not %s", wf_what(L, 1));
    }
    wf_table_own(L, 1);
    return wf_generate(L, name, wf_grid_like(L, 1, name, true), 1);
}

static void add_generator(lua_State *L, int weft, const char *name)
{
    lua_pushstring(L, name);
    lua_pushcclosure(L, call_generator, 1);
    lua_setfield(L, weft, name);
}

void wf_operate_open(lua_State *L, int weft, int methods)
{
    for (int i = 0; i < weft_op_count; i++) {
        const WeftOp *op = weft_op_table[i];
        if (op->hidden)
            continue;
        if (op->shape == WEFT_INDEX) {
            add_generator(L, weft, op->name);
            continue;
        }
        lua_pushlightuserdata(L, (void *)(uintptr_t)op);
        lua_pushcclosure(L, call_operator, 1);
        lua_pushvalue(L, -1);
        lua_setfield(L, weft, op->name);
        lua_setfield(L, methods, op->name);
    }
    add_generator(L, weft, "lon");
    add_generator(L, weft, "lat");
}
