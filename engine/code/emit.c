/*
 * emit.c - one kernel of a plan to straight-line LLVM IR.
 *
 * wf_body does one pixel: load, nodata test, operators, invalid rule, watches, stores. wf_begin
 * and wf_flush set and hand over the counters of a row. There are no branches and no loops: those
 * are loop.c's. Reads the plan and its graph; writes a new module.
 *
 * What a frame points to never changes during a turn, so those loads are marked invariant and
 * leave the loop.
 */
#include "code/emit.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/pixel.h"
#include "code/acc.h"
#include "code/emitter.h"
#include "graph/catalog.h"

/* How a stored type looks to LLVM. */
typedef struct Stored {
    unsigned bits;
    bool real, sign;
} Stored;

static const Stored stored[WEFT_TYPE_COUNT] = {
    [WEFT_U8] = { .bits = 8 },
    [WEFT_I8] = { .bits = 8, .sign = true },
    [WEFT_U16] = { .bits = 16 },
    [WEFT_I16] = { .bits = 16, .sign = true },
    [WEFT_U32] = { .bits = 32 },
    [WEFT_I32] = { .bits = 32, .sign = true },
    [WEFT_U64] = { .bits = 64 },
    [WEFT_I64] = { .bits = 64, .sign = true },
    [WEFT_F32] = { .bits = 32, .real = true },
    [WEFT_F64] = { .bits = 64, .real = true },
    [WEFT_BOOL] = { .bits = 8 },
};

const WfNode *wf_emit_node_of(const WfEmitter *e, WeftNode node)
{
    return &e->plan->graph->nodes[node];
}

static Type real_type(const WfEmitter *e, bool wide)
{
    return wide ? e->f64 : e->f32;
}

static Type stored_type(const WfEmitter *e, WeftType type)
{
    const Stored *s = &stored[type];

    return s->real ? real_type(e, s->bits == 64) : LLVMIntTypeInContext(e->context, s->bits);
}

static Value int64_of(const WfEmitter *e, int64_t v)
{
    return LLVMConstInt(e->i64, (unsigned long long)v, true);
}

/* v in f32 or f64; constants fold to constants. */
static Value to_real(WfEmitter *e, Value v, bool wide)
{
    bool is_wide = LLVMTypeOf(v) == e->f64;

    if (is_wide == wide)
        return v;
    return wide ? LLVMBuildFPExt(e->at, v, e->f64, "") : LLVMBuildFPTrunc(e->at, v, e->f32, "");
}

/* ------------------------------------------------------------------ memory of the frame */

static Value load(WfEmitter *e, Type type, Value address, const char *name)
{
    Value v = LLVMBuildLoad2(e->at, type, address, name);
    unsigned kind = LLVMGetMDKindIDInContext(e->context, "invariant.load", 14);

    LLVMSetMetadata(v, kind,
                    LLVMMetadataAsValue(e->context, LLVMMDNodeInContext2(e->context, NULL, 0)));
    return v;
}

Value wf_emit_offset(WfEmitter *e, Value base, int64_t bytes)
{
    Value by = int64_of(e, bytes);

    return LLVMBuildInBoundsGEP2(e->at, LLVMInt8TypeInContext(e->context), base, &by, 1, "");
}

static Value element(WfEmitter *e, Type type, Value base, Value i)
{
    return LLVMBuildInBoundsGEP2(e->at, type, base, &i, 1, "");
}

Value wf_emit_field(WfEmitter *e, Type type, size_t at, const char *name)
{
    return load(e, type, wf_emit_offset(e, e->frame, (int64_t)at), name);
}

/* Address of pixel `index` of row `row` of frame->in[k] or frame->out[k]. */
static Value pixel_address(WfEmitter *e, size_t rows_field, int k, Type type, const char *name)
{
    Value rows = wf_emit_field(e, e->ptr, rows_field, "");
    Value mine = load(e, e->ptr, element(e, e->ptr, rows, int64_of(e, k)), "");
    Value row = load(e, e->ptr, element(e, e->ptr, mine, e->row), name);

    return element(e, type, row, e->index);
}

/* ------------------------------------------------------------------ loads */

/* i1: raw is the band's nodata, compared in the file's type. NULL: none can be. */
static Value is_nodata(WfEmitter *e, const WfSource *source, Value raw)
{
    const Stored *s = &stored[source->type];
    Type type = stored_type(e, source->type);
    uint64_t bits;

    if (!source->has_nodata)
        return NULL;
    if (s->real)
        return LLVMBuildFCmp(
            e->at, LLVMRealOEQ, raw,
            LLVMConstReal(type, s->bits == 32 ? (double)(float)source->nodata : source->nodata),
            "");
    if (s->bits < 64 && !wf_pixel_holds(source->type, source->nodata))
        return NULL;
    bits = s->bits == 64 ? source->nodata_bits : (uint64_t)(int64_t)source->nodata;
    return LLVMBuildICmp(e->at, LLVMIntEQ, raw, LLVMConstInt(type, bits, s->sign), "");
}

static int input_of(const WfEmitter *e, int source)
{
    for (int k = 0; k < e->kernel->input_count; k++)
        if (e->plan->inputs[e->kernel->inputs[k]].source == source)
            return k;
    return -1;
}

static Value load_node(WfEmitter *e, const WfNode *node, WeftErr *err)
{
    const WfSource *source = &e->plan->graph->sources[node->source];
    const Stored *s = &stored[source->type];
    Type type = stored_type(e, source->type), held = real_type(e, node->wide);
    int k = input_of(e, node->source);
    Value raw, v, invalid;

    if (k < 0) {
        wf_fail(err, WEFT_EBUG, "a kernel reads band %d of %s, which is none of its inputs",
                source->band, source->path ? source->path : "a file");
        return NULL;
    }
    raw =
        LLVMBuildLoad2(e->at, type, pixel_address(e, offsetof(WfFrame, in), k, type, "in"), "load");
    LLVMSetAlignment(raw, s->bits / 8);
    if (s->real)
        v = to_real(e, raw, node->wide);
    else
        v = s->sign ? LLVMBuildSIToFP(e->at, raw, held, "") : LLVMBuildUIToFP(e->at, raw, held, "");
    invalid = is_nodata(e, source, raw);
    if (!invalid)
        return v;
    return LLVMBuildSelect(e->at, invalid, LLVMConstReal(held, NAN), v, "valid");
}

/* ------------------------------------------------------------------ operators */

/* The node comes earlier in the kernel. */
static bool is_known(const WfEmitter *e, WeftNode node, WeftErr *err)
{
    if (e->values[node] || wf_emit_node_of(e, node)->op->shape == WEFT_CONSTANT)
        return true;
    return wf_fail(err, WEFT_EBUG, "a kernel uses %s before it is computed",
                   wf_emit_node_of(e, node)->op->name);
}

/* A node's value as an argument of a kernel that computes in f32 or f64. */
static Value operand(WfEmitter *e, WeftNode input, bool wide)
{
    const WfNode *node = wf_emit_node_of(e, input);

    if (node->op->shape == WEFT_CONSTANT)
        return LLVMConstReal(real_type(e, wide), node->value);
    return to_real(e, e->values[input], wide);
}

/* Inputs, then settings, in the type the kernel computes in. */
int wf_emit_arguments(WfEmitter *e, const WfNode *node, Value args[WEFT_ARGS_MAX])
{
    int count = 0;

    for (int i = 0; i < node->input_count; i++)
        args[count++] = operand(e, node->inputs[i], node->wide_inside);
    for (int i = 0; i < node->setting_count; i++)
        args[count++] = LLVMConstReal(real_type(e, node->wide_inside), node->settings[i]);
    return count;
}

/* weft_k_NAME or weft_w_NAME of a node's operator on arguments made by `arguments`. */
Value wf_emit_call(WfEmitter *e, const char *prefix, const WfNode *node, const Value *args,
                   int count)
{
    Value all[WEFT_ARGS_MAX + 2], function;
    Type types[WEFT_ARGS_MAX + 2], type, px = real_type(e, node->wide_inside);
    char name[96];
    int n = 0;

    if (node->op->shape == WEFT_INDEX) {
        Value col = wf_emit_field(e, e->i64, offsetof(WfFrame, col), "");
        Value row = wf_emit_field(e, e->i64, offsetof(WfFrame, row), "");

        all[n++] = LLVMBuildAdd(e->at, col, e->index, "col");
        all[n++] = LLVMBuildAdd(e->at, row, e->row, "row");
    }
    for (int i = 0; i < count; i++)
        all[n++] = args[i];
    for (int i = 0; i < n; i++)
        types[i] = LLVMTypeOf(all[i]);
    type = LLVMFunctionType(px, types, (unsigned)n, false);
    snprintf(name, sizeof name, "%s%s_%s", prefix, node->op->name,
             node->wide_inside ? "f64" : "f32");
    function = LLVMGetNamedFunction(e->module, name);
    if (!function)
        function = LLVMAddFunction(e->module, name, type);
    return LLVMBuildCall2(e->at, type, function, all, (unsigned)n, node->op->name);
}

/* Whether an input can be NaN as far as is known. */
static bool may_be_invalid(const WfEmitter *e, WeftNode input)
{
    const WfNode *node = wf_emit_node_of(e, input);

    return node->op->shape == WEFT_CONSTANT ? isnan(node->value) : !node->range.valid;
}

/* The rule of WEFT_SPREADS: v, or NaN where an input is. One test looks at two inputs. */
static Value spread(WfEmitter *e, const WfNode *node, const Value *args, Value v)
{
    Value odd = NULL, any = NULL;

    for (int i = 0; i < node->input_count; i++) {
        Value test;

        if (!may_be_invalid(e, node->inputs[i]))
            continue;
        if (!odd) {
            odd = args[i];
            continue;
        }
        test = LLVMBuildFCmp(e->at, LLVMRealUNO, odd, args[i], "");
        any = any ? LLVMBuildOr(e->at, any, test, "") : test;
        odd = NULL;
    }
    if (odd) {
        Value test = LLVMBuildFCmp(e->at, LLVMRealUNO, odd, odd, "");

        any = any ? LLVMBuildOr(e->at, any, test, "") : test;
    }
    return any ? LLVMBuildSelect(e->at, any, LLVMConstReal(LLVMTypeOf(v), NAN), v, "") : v;
}

static Value operator_node(WfEmitter *e, const WfNode *node, WeftErr *err)
{
    Value args[WEFT_ARGS_MAX], v;
    int inputs = node->op->inputs + wf_catalog_number_count(node->op);
    int count;

    if (!node->op->kernel[node->wide_inside] || node->input_count != inputs ||
        node->setting_count != wf_catalog_setting_count(node->op) ||
        node->input_count + node->setting_count > WEFT_ARGS_MAX) {
        wf_fail(err, WEFT_EBUG, "no kernel for %s with %d inputs", node->op->name,
                node->input_count);
        return NULL;
    }
    for (int i = 0; i < node->input_count; i++)
        if (!is_known(e, node->inputs[i], err))
            return NULL;
    count = wf_emit_arguments(e, node, args);
    v = wf_emit_call(e, "weft_k_", node, args, count);
    if (node->op->invalid == WEFT_SPREADS)
        v = spread(e, node, args, v);
    return to_real(e, v, node->wide);
}

static bool emit_nodes(WfEmitter *e, WeftErr *err)
{
    for (int i = 0; i < e->kernel->node_count; i++) {
        WeftNode number = e->kernel->nodes[i];
        const WfNode *node = wf_emit_node_of(e, number);
        Value v;

        if (node->op->shape == WEFT_CONSTANT)
            v = LLVMConstReal(real_type(e, node->wide), node->value);
        else if (node->op->shape == WEFT_LOAD)
            v = load_node(e, node, err);
        else
            v = operator_node(e, node, err);
        if (!v)
            return false;
        e->values[number] = v;
    }
    return true;
}

/* ------------------------------------------------------------------ stores */

/* Floats: any NaN as the one quiet NaN, by its bits, for the optimiser may keep any payload. */
static Value stored_float(WfEmitter *e, Value v, bool wide)
{
    Type bits = wide ? e->i64 : e->i32;
    Value invalid, nan;

    v = to_real(e, v, wide);
    invalid = LLVMBuildFCmp(e->at, LLVMRealUNO, v, v, "");
    nan = LLVMConstInt(bits, wide ? 0x7ff8000000000000u : 0x7fc00000u, false);
    return LLVMBuildSelect(e->at, invalid, nan, LLVMBuildBitCast(e->at, v, bits, ""), "");
}

/* Integers: the value is one of the type by now; NaN cannot occur, yet must not be undefined. */
static Value stored_integer(WfEmitter *e, Value v, WeftType type)
{
    Value invalid = LLVMBuildFCmp(e->at, LLVMRealUNO, v, v, "");

    v = LLVMBuildSelect(e->at, invalid, LLVMConstReal(LLVMTypeOf(v), 0), v, "");
    return stored[type].sign ? LLVMBuildFPToSI(e->at, v, stored_type(e, type), "")
                             : LLVMBuildFPToUI(e->at, v, stored_type(e, type), "");
}

static bool emit_stores(WfEmitter *e, WeftErr *err)
{
    for (int j = 0; j < e->kernel->output_count; j++) {
        const WfPlanOutput *output = &e->plan->outputs[e->kernel->outputs[j]];
        Type type = stored_type(e, output->type);
        Value v, store, address;

        if (!is_known(e, output->node, err))
            return false;
        address = pixel_address(e, offsetof(WfFrame, out), j, type, "out");
        v = operand(e, output->node, wf_emit_node_of(e, output->node)->wide);
        v = stored[output->type].real ? stored_float(e, v, output->type == WEFT_F64)
                                      : stored_integer(e, v, output->type);
        store = LLVMBuildStore(e->at, v, address);
        LLVMSetAlignment(store, stored[output->type].bits / 8);
    }
    return true;
}

/* ------------------------------------------------------------------ the three functions */

void wf_emit_open(WfEmitter *e, const char *name, unsigned takes)
{
    const struct {
        const char *name;
        Type type;
        Value *slot;
    } all[] = { { .name = "frame", .type = e->ptr, .slot = &e->frame },
                { .name = "r", .type = e->i64, .slot = &e->row },
                { .name = "i", .type = e->i64, .slot = &e->index },
                { .name = "acc", .type = e->ptr, .slot = &e->acc } };
    Type types[4];
    Value function;
    unsigned count = 0;

    for (unsigned k = 0; k < 4; k++)
        if (takes & 1u << k)
            types[count++] = all[k].type;
    function = LLVMAddFunction(
        e->module, name, LLVMFunctionType(LLVMVoidTypeInContext(e->context), types, count, false));
    for (unsigned k = 0, p = 0; k < 4; k++) {
        if (!(takes & 1u << k))
            continue;
        *all[k].slot = LLVMGetParam(function, p++);
        LLVMSetValueName2(*all[k].slot, all[k].name, strlen(all[k].name));
    }
    LLVMPositionBuilderAtEnd(e->at, LLVMAppendBasicBlockInContext(e->context, function, ""));
}

static bool emit_body(WfEmitter *e, WeftErr *err)
{
    wf_emit_open(e, "wf_body", TAKES_FRAME | TAKES_ROW | TAKES_INDEX | TAKES_ACC);
    if (!emit_nodes(e, err))
        return false;
    wf_emit_watches(e);
    if (!emit_stores(e, err))
        return false;
    LLVMBuildRetVoid(e->at);
    return true;
}

LLVMModuleRef wf_emit_kernel(LLVMContextRef context, const WfPlan *plan, int kernel, WeftErr *err)
{
    WfEmitter e = { .plan = plan, .kernel = &plan->kernels[kernel], .context = context };
    bool done;

    if (e.kernel->watch_count > WF_ACC_MAX) {
        wf_fail(err, WEFT_EARG, "%d counters in one kernel; at most %d are possible",
                e.kernel->watch_count, WF_ACC_MAX);
        wf_hint(err, "save fewer bands in one call");
        return NULL;
    }
    e.values = wf_calloc((size_t)plan->graph->count, sizeof *e.values, err);
    if (!e.values)
        return NULL;
    e.f32 = LLVMFloatTypeInContext(context);
    e.f64 = LLVMDoubleTypeInContext(context);
    e.i32 = LLVMInt32TypeInContext(context);
    e.i64 = LLVMInt64TypeInContext(context);
    e.ptr = LLVMPointerTypeInContext(context, 0);
    e.module = LLVMModuleCreateWithNameInContext("weft", context);
    e.at = LLVMCreateBuilderInContext(context);
    wf_emit_begin(&e);
    done = emit_body(&e, err);
    if (done)
        wf_emit_flush(&e);
    LLVMDisposeBuilder(e.at);
    wf_free(e.values);
    if (done)
        return e.module;
    LLVMDisposeModule(e.module);
    return NULL;
}
