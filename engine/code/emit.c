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

#include "code/acc.h"
#include "code/emitter.h"
#include "plan/read.h"
#include "graph/catalog.h"

/* ------------------------------------------------------------------ operators */

/* The node comes earlier in the kernel. */
static bool is_known(const WfEmitter *e, WeftNode node, WeftErr *err)
{
    if (e->values[node] || wf_emit_node_of(e, node)->op->shape == WEFT_CONSTANT)
        return true;
    return wf_fail(err, WEFT_EBUG, "a kernel uses %s before it is computed",
                   wf_emit_node_of(e, node)->op->name);
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

/* Store a node to frame->out[j], which is an output or a ring. */
static bool emit_store(WfEmitter *e, WeftNode node, int j, WeftType type, bool ring, WeftErr *err)
{
    Value v;

    node = wf_emit_end(e, node);
    if (!is_known(e, node, err))
        return false;
    v = wf_emit_operand(e, node, wf_emit_node_of(e, node)->wide);
    if (ring)
        wf_emit_ring(e, j, type, v);
    else
        wf_emit_output(e, j, type, v);
    return true;
}

/* Outputs, or the rings that the kernel fills. */
static bool emit_stores(WfEmitter *e, WeftErr *err)
{
    if (e->kernel->ring_count && e->kernel->output_count)
        return wf_fail(err, WEFT_EBUG, "a kernel fills a ring and has outputs too");
    for (int j = 0; j < e->kernel->output_count; j++) {
        const WfPlanOutput *output = &e->plan->outputs[e->kernel->outputs[j]];

        if (!emit_store(e, output->node, j, output->type, false, err))
            return false;
    }
    for (int j = 0; j < e->kernel->ring_count; j++) {
        const WfRing *ring = &e->plan->rings[e->kernel->rings[j]];

        if (!emit_store(e, ring->node, j, ring->type, true, err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ the kernel */

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
    done = emit_body(&e, err) && wf_emit_loop(&e, err);
    if (done)
        wf_emit_flush(&e);
    LLVMDisposeBuilder(e.at);
    wf_free(e.values);
    if (done)
        return e.module;
    LLVMDisposeModule(e.module);
    return NULL;
}
