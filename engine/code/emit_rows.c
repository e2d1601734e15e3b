/*
 * emit_rows.c - a kernel's loads and stores, as IR.
 *
 * Addresses of pixels in the frame's rows; files' types to f32 and f64 and back, with nodata as
 * NaN; neighbours as loads at an offset. Reads the plan and its graph; writes the emitter's module.
 *
 * What a frame points to never changes during a turn, so loads of row pointers are marked
 * invariant and leave the loop.
 */
#include "code/emitter.h"

#include <math.h>
#include <stddef.h>

#include "base/pixel.h"
#include "plan/read.h"

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

static Type stored_type(const WfEmitter *e, WeftType type)
{
    const Stored *s = &stored[type];

    return s->real ? wf_emit_real_type(e, s->bits == 64)
                   : LLVMIntTypeInContext(e->context, s->bits);
}

/* ------------------------------------------------------------------ memory of the frame */

static Value int64_of(const WfEmitter *e, int64_t v)
{
    return LLVMConstInt(e->i64, (unsigned long long)v, true);
}

Value wf_emit_load(WfEmitter *e, Type type, Value address, const char *name)
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
    return wf_emit_load(e, type, wf_emit_offset(e, e->frame, (int64_t)at), name);
}

/* Address of pixel (dcol, drow) from the one computed, in the rows of frame->in[k] or out[k]. */
static Value pixel_address(WfEmitter *e, size_t rows_field, int k, int dcol, int drow, Type type,
                           const char *name)
{
    Value rows = wf_emit_field(e, e->ptr, rows_field, "");
    Value mine = wf_emit_load(e, e->ptr, element(e, e->ptr, rows, int64_of(e, k)), "");
    Value r = drow ? LLVMBuildNSWAdd(e->at, e->row, int64_of(e, drow), "") : e->row;
    Value row = wf_emit_load(e, e->ptr, element(e, e->ptr, mine, r), name);
    Value i = dcol ? LLVMBuildNSWAdd(e->at, e->index, int64_of(e, dcol), "") : e->index;

    return element(e, type, row, i);
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

/* A pixel of a file in f32 or f64, NaN where it is nodata; valid: it is not. */
static Value from_file(WfEmitter *e, const WfSource *source, Value raw, bool wide, bool valid)
{
    const Stored *s = &stored[source->type];
    Type held = wf_emit_real_type(e, wide);
    Value v, invalid;

    if (s->real)
        v = wf_emit_real(e, raw, wide);
    else
        v = s->sign ? LLVMBuildSIToFP(e->at, raw, held, "") : LLVMBuildUIToFP(e->at, raw, held, "");
    invalid = valid ? NULL : is_nodata(e, source, raw);
    if (!invalid)
        return v;
    return LLVMBuildSelect(e->at, invalid, LLVMConstReal(held, NAN), v, "valid");
}

Value wf_emit_read(WfEmitter *e, const WfRead *read)
{
    const WfPlanInput *input = &e->plan->inputs[e->kernel->inputs[read->input]];
    const WfNode *node = wf_emit_node_of(e, read->node);
    Type type = stored_type(e, input->type);
    Value raw = LLVMBuildLoad2(
        e->at, type,
        pixel_address(e, offsetof(WfFrame, in), read->input, read->dcol, read->drow, type, "in"),
        "load");

    LLVMSetAlignment(raw, stored[input->type].bits / 8);
    if (input->ring >= 0)
        return wf_emit_real(e, raw, node->wide);
    return from_file(e, &e->plan->graph->sources[node->source], raw, node->wide, read->valid);
}

/* ------------------------------------------------------------------ stores */

/* Floats: any NaN as the one quiet NaN, by its bits, for the optimiser may keep any payload. */
static Value stored_float(WfEmitter *e, Value v, bool wide)
{
    Type bits = wide ? e->i64 : e->i32;
    Value invalid, nan;

    v = wf_emit_real(e, v, wide);
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

static void store(WfEmitter *e, int j, WeftType type, Value v)
{
    Value address = pixel_address(e, offsetof(WfFrame, out), j, 0, 0, stored_type(e, type), "out");

    LLVMSetAlignment(LLVMBuildStore(e->at, v, address), stored[type].bits / 8);
}

void wf_emit_output(WfEmitter *e, int j, WeftType type, Value v)
{
    store(e, j, type,
          stored[type].real ? stored_float(e, v, type == WEFT_F64) : stored_integer(e, v, type));
}

void wf_emit_ring(WfEmitter *e, int j, WeftType type, Value v)
{
    store(e, j, type, wf_emit_real(e, v, type == WEFT_F64));
}
