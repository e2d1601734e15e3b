/*
 * emit_watch.c - the counters of a kernel's watches, as IR.
 *
 * wf_begin clears a row's counters, the body adds its pixel, wf_flush adds the row to
 * frame->watch. A row's counters lie in loop.c's local array until the optimiser makes registers
 * of them; without watches nothing is written. Reads the plan; writes the emitter's module.
 */
#include "code/emitter.h"

#include <stddef.h>

#include "code/acc.h"

static Value acc_field(WfEmitter *e, int w, size_t at)
{
    return wf_emit_offset(e, e->acc, (int64_t)((size_t)w * sizeof(WfAcc) + at));
}

/* i1: the pixel is one of those that count. */
static Value is_watched(WfEmitter *e, Value index)
{
    Value from = wf_emit_field(e, e->i64, offsetof(WfFrame, watch_from), "from");
    Value to = wf_emit_field(e, e->i64, offsetof(WfFrame, watch_to), "to");

    from = LLVMBuildTrunc(e->at, from, e->i32, "");
    to = LLVMBuildTrunc(e->at, to, e->i32, "");
    return LLVMBuildAnd(e->at, LLVMBuildICmp(e->at, LLVMIntSGE, index, from, ""),
                        LLVMBuildICmp(e->at, LLVMIntSLT, index, to, ""), "counts");
}

/* Counts of a row stay below 2^31, and 32-bit numbers fill as many lanes as f32. */
void wf_emit_watches(WfEmitter *e)
{
    Value none = LLVMConstInt(e->i32, INT32_MAX, false), index, counts;

    if (e->kernel->watch_count == 0)
        return;
    index = LLVMBuildTrunc(e->at, e->index, e->i32, "i");
    counts = is_watched(e, index);
    for (int w = 0; w < e->kernel->watch_count; w++) {
        const WfNode *node = wf_emit_node_of(e, wf_emit_end(e, e->kernel->watches[w].node));
        Value args[WEFT_ARGS_MAX], seen, hit, old, here, count;
        Value first_at = acc_field(e, w, offsetof(WfAcc, first));
        Value count_at = acc_field(e, w, offsetof(WfAcc, count));

        seen = wf_emit_call(e, "weft_w_", node, args, wf_emit_arguments(e, node, args));
        hit = LLVMBuildFCmp(e->at, LLVMRealUNE, seen, LLVMConstReal(LLVMTypeOf(seen), 0), "");
        hit = LLVMBuildAnd(e->at, hit, counts, "hit");
        count = LLVMBuildLoad2(e->at, e->i32, count_at, "");
        count = LLVMBuildAdd(e->at, count, LLVMBuildZExt(e->at, hit, e->i32, ""), "count");
        LLVMBuildStore(e->at, count, count_at);
        old = LLVMBuildLoad2(e->at, e->i32, first_at, "");
        here = LLVMBuildSelect(e->at, hit, index, none, "");
        here = LLVMBuildSelect(e->at, LLVMBuildICmp(e->at, LLVMIntSLT, here, old, ""), here, old,
                               "first");
        LLVMBuildStore(e->at, here, first_at);
    }
}

void wf_emit_begin(WfEmitter *e)
{
    wf_emit_open(e, "wf_begin", TAKES_ACC);
    for (int w = 0; w < e->kernel->watch_count; w++) {
        LLVMBuildStore(e->at, LLVMConstInt(e->i32, 0, false),
                       acc_field(e, w, offsetof(WfAcc, count)));
        LLVMBuildStore(e->at, LLVMConstInt(e->i32, INT32_MAX, false),
                       acc_field(e, w, offsetof(WfAcc, first)));
    }
    LLVMBuildRetVoid(e->at);
}

/* Add a row's counters to frame->watch, whose `first` is a place in the whole raster, if the row
 * counts. */
static void flush_watch(WfEmitter *e, int w, Value watches, Value row_start, Value row_counts)
{
    Value watch = wf_emit_offset(e, watches, (int64_t)((size_t)w * sizeof(WfWatch)));
    Value count_at = wf_emit_offset(e, watch, offsetof(WfWatch, count));
    Value first_at = wf_emit_offset(e, watch, offsetof(WfWatch, first));
    Value count = LLVMBuildLoad2(e->at, e->i32, acc_field(e, w, offsetof(WfAcc, count)), "count");
    Value first = LLVMBuildLoad2(e->at, e->i32, acc_field(e, w, offsetof(WfAcc, first)), "first");
    Value old = LLVMBuildLoad2(e->at, e->i64, count_at, ""), found, place;

    count = LLVMBuildSExt(e->at, count, e->i64, "");
    count = LLVMBuildSelect(e->at, row_counts, count, LLVMConstInt(e->i64, 0, false), "");
    LLVMBuildStore(e->at, LLVMBuildAdd(e->at, old, count, ""), count_at);
    old = LLVMBuildLoad2(e->at, e->i64, first_at, "");
    place = LLVMBuildAdd(e->at, row_start, LLVMBuildSExt(e->at, first, e->i64, ""), "place");
    found = LLVMBuildAnd(
        e->at, LLVMBuildICmp(e->at, LLVMIntNE, first, LLVMConstInt(e->i32, INT32_MAX, false), ""),
        LLVMBuildICmp(e->at, LLVMIntSLT, place, old, ""), "found");
    found = LLVMBuildAnd(e->at, found, row_counts, "");
    LLVMBuildStore(e->at, LLVMBuildSelect(e->at, found, place, old, ""), first_at);
}

/* i1: the row is one of those that count. */
static Value is_watched_row(WfEmitter *e)
{
    Value from = wf_emit_field(e, e->i64, offsetof(WfFrame, watch_row_from), "from");
    Value to = wf_emit_field(e, e->i64, offsetof(WfFrame, watch_row_to), "to");

    return LLVMBuildAnd(e->at, LLVMBuildICmp(e->at, LLVMIntSGE, e->row, from, ""),
                        LLVMBuildICmp(e->at, LLVMIntSLT, e->row, to, ""), "counts");
}

void wf_emit_flush(WfEmitter *e)
{
    Value watches, start, counts;

    wf_emit_open(e, "wf_flush", TAKES_FRAME | TAKES_ROW | TAKES_ACC);
    if (e->kernel->watch_count > 0) {
        start = wf_emit_field(e, e->i64, offsetof(WfFrame, row), "row");
        start = LLVMBuildAdd(e->at, start, e->row, "");
        start = LLVMBuildMul(
            e->at, start, wf_emit_field(e, e->i64, offsetof(WfFrame, raster_width), "stride"), "");
        start = LLVMBuildAdd(e->at, start, wf_emit_field(e, e->i64, offsetof(WfFrame, col), "col"),
                             "start");
        watches = wf_emit_field(e, e->ptr, offsetof(WfFrame, watch), "watch");
        counts = is_watched_row(e);
        for (int w = 0; w < e->kernel->watch_count; w++)
            flush_watch(e, w, watches, start, counts);
    }
    LLVMBuildRetVoid(e->at);
}
