/*
 * emit_call.c - an operator called on a node's arguments.
 *
 * Reads the plan; writes the module.
 */
#include <stddef.h>
#include <stdio.h>

#include "code/emitter.h"

Value wf_emit_operand(WfEmitter *e, WeftNode input, bool wide)
{
    const WfNode *node = wf_emit_node_of(e, input);

    if (node->op->shape == WEFT_CONSTANT)
        return LLVMConstReal(wf_emit_real_type(e, wide), node->value);
    return wf_emit_real(e, e->values[input], wide);
}

int wf_emit_arguments(WfEmitter *e, const WfNode *node, Value args[WEFT_ARGS_MAX])
{
    int count = 0;

    for (int i = 0; i < node->input_count; i++)
        args[count++] = wf_emit_operand(e, node->inputs[i], node->wide_inside);
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
