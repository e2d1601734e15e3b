/*
 * emit_value.c - nodes, their types, and the functions that are being written.
 *
 * Reads the plan; writes the module.
 */
#include <string.h>

#include "code/emitter.h"

const WfNode *wf_emit_node_of(const WfEmitter *e, WeftNode node)
{
    return &e->plan->graph->nodes[node];
}

WeftNode wf_emit_end(const WfEmitter *e, WeftNode node)
{
    return e->plain ? wf_graph_plain(e->plan->graph, node) : node;
}

Type wf_emit_real_type(const WfEmitter *e, bool wide)
{
    return wide ? e->f64 : e->f32;
}

Value wf_emit_real(WfEmitter *e, Value v, bool wide)
{
    bool is_wide = LLVMTypeOf(v) == e->f64;

    if (is_wide == wide)
        return v;
    return wide ? LLVMBuildFPExt(e->at, v, e->f64, "") : LLVMBuildFPTrunc(e->at, v, e->f32, "");
}

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
