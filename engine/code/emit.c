/*
 * emit.c - one kernel of a plan to straight-line LLVM IR.
 *
 * wf_body does one pixel: loads, operators, invalid rule, watches, stores. wf_begin and wf_flush
 * set and hand over the counters of a row. There are no branches and no loops: those are loop.c's.
 * Reads the plan and its graph; writes a new module.
 */
#include "code/emit.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "code/acc.h"
#include "code/emitter.h"
#include "plan/read.h"
#include "graph/catalog.h"

const WfNode *wf_emit_node_of(const WfEmitter *e, WeftNode node)
{
    return &e->plan->graph->nodes[node];
}

Type wf_emit_real_type(const WfEmitter *e, bool wide)
{
    return wide ? e->f64 : e->f32;
}

/* v in f32 or f64; constants fold to constants. */
Value wf_emit_real(WfEmitter *e, Value v, bool wide)
{
    bool is_wide = LLVMTypeOf(v) == e->f64;

    if (is_wide == wide)
        return v;
    return wide ? LLVMBuildFPExt(e->at, v, e->f64, "") : LLVMBuildFPTrunc(e->at, v, e->f32, "");
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
        return LLVMConstReal(wf_emit_real_type(e, wide), node->value);
    return wf_emit_real(e, e->values[input], wide);
}

/* Inputs, then settings, in the type the kernel computes in. */
int wf_emit_arguments(WfEmitter *e, const WfNode *node, Value args[WEFT_ARGS_MAX])
{
    int count = 0;

    for (int i = 0; i < node->input_count; i++)
        args[count++] = operand(e, node->inputs[i], node->wide_inside);
    for (int i = 0; i < node->setting_count; i++)
        args[count++] = LLVMConstReal(wf_emit_real_type(e, node->wide_inside), node->settings[i]);
    return count;
}

/* The pointer to a node's table and its rows, from the frame. */
static int table_arguments(WfEmitter *e, const WfNode *node, Value *args)
{
    int64_t at = wf_plan_table(e->plan, e->kernel, node) * (int64_t)sizeof(WfFrameTable);
    Value tables = wf_emit_field(e, e->ptr, offsetof(WfFrame, tables), "tables");

    args[0] = wf_emit_load(
        e, e->ptr, wf_emit_offset(e, tables, at + (int64_t)offsetof(WfFrameTable, cells)), "table");
    args[1] = wf_emit_load(e, e->i64,
                           wf_emit_offset(e, tables, at + (int64_t)offsetof(WfFrameTable, rows)),
                           "entries");
    return 2;
}

/* weft_k_NAME or weft_w_NAME of a node's operator on arguments made by `arguments`. */
Value wf_emit_call(WfEmitter *e, const char *prefix, const WfNode *node, const Value *args,
                   int count)
{
    Value all[WEFT_ARGS_MAX + 4], function;
    Type types[WEFT_ARGS_MAX + 4], type, px = wf_emit_real_type(e, node->wide_inside);
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
    if (node->table)
        n += table_arguments(e, node, all + n);
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
        (node->table && wf_plan_table(e->plan, e->kernel, node) < 0) ||
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
    return wf_emit_real(e, v, node->wide);
}

/* The same for all pixels: its load leaves the loop. */
static Value scalar(WfEmitter *e, WeftNode number)
{
    Value all = wf_emit_field(e, e->ptr, offsetof(WfFrame, scalars), "scalars");
    int64_t at = wf_plan_scalar(e->plan, number) * (int64_t)sizeof(double);

    return wf_emit_load(e, e->f64, wf_emit_offset(e, all, at), "scalar");
}

static bool emit_nodes(WfEmitter *e, WeftErr *err)
{
    int count = e->plain ? e->kernel->plain_count : e->kernel->node_count;

    for (int i = 0; i < count; i++) {
        WeftNode number = e->plain ? e->kernel->plain_nodes[i] : e->kernel->nodes[i];
        const WfNode *node = wf_emit_node_of(e, number);
        WfRead read;
        Value v;

        if (!wf_read_find(e->plan, e->kernel, number, &read, err))
            return false;
        if (read.input >= 0)
            v = wf_emit_real(e, wf_emit_read(e, &read), node->wide);
        else if (node->op->shape == WEFT_CONSTANT)
            v = LLVMConstReal(wf_emit_real_type(e, node->wide), node->value);
        else if (node->op->shape == WEFT_SCALAR)
            v = scalar(e, number);
        else
            v = operator_node(e, node, err);
        if (!v)
            return false;
        e->values[number] = v;
    }
    return true;
}

WeftNode wf_emit_end(const WfEmitter *e, WeftNode node)
{
    return e->plain ? wf_graph_plain(e->plan->graph, node) : node;
}

/* Store a node to frame->out[j], or to the ring that the kernel fills. */
static bool emit_store(WfEmitter *e, WeftNode node, int j, WeftType type, WeftErr *err)
{
    Value v;

    node = wf_emit_end(e, node);
    if (!is_known(e, node, err))
        return false;
    v = operand(e, node, wf_emit_node_of(e, node)->wide);
    if (j < 0)
        wf_emit_ring(e, type, v);
    else
        wf_emit_output(e, j, type, v);
    return true;
}

/* Outputs, or the ring that the kernel fills. */
static bool emit_stores(WfEmitter *e, WeftErr *err)
{
    const WfRing *ring = e->kernel->ring >= 0 ? &e->plan->rings[e->kernel->ring] : NULL;

    for (int j = 0; j < e->kernel->output_count; j++) {
        const WfPlanOutput *output = &e->plan->outputs[e->kernel->outputs[j]];

        if (!emit_store(e, output->node, j, output->type, err))
            return false;
    }
    if (!ring)
        return true;
    if (e->kernel->output_count > 0)
        return wf_fail(err, WEFT_EBUG, "a kernel fills a ring and has outputs too");
    return emit_store(e, ring->node, -1, ring->type, err);
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

LLVMModuleRef wf_emit_kernel(LLVMContextRef context, const WfPlan *plan, int kernel, bool plain,
                             WeftErr *err)
{
    WfEmitter e = {
        .plan = plan, .kernel = &plan->kernels[kernel], .plain = plain, .context = context
    };
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
