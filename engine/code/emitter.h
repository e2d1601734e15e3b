/*
 * emitter.h - what the files that write a kernel's IR share. Only they include it.
 */
#ifndef WF_EMITTER_H
#define WF_EMITTER_H

#include <llvm-c/Core.h>

#include "plan/read.h"
#include "plan/plan.h"

typedef LLVMValueRef Value;
typedef LLVMTypeRef Type;

typedef struct WfEmitter {
    const WfPlan *plan;
    const WfKernel *kernel;
    bool plain; /* the kernel's plain form */
    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMBuilderRef at;
    Type f32, f64, i32, i64, ptr;
    Value frame, row, index, acc; /* parameters of the function being written */
    Value *values;                /* by node: its value in the type it is held in */
} WfEmitter;

/* Parameters of the emitted functions, in the order of loop.c. */
enum { TAKES_FRAME = 1, TAKES_ROW = 2, TAKES_INDEX = 4, TAKES_ACC = 8 };

const WfNode *wf_emit_node_of(const WfEmitter *e, WeftNode node);

/* The node of the form being written that gives an output, a ring or a counter of the kernel. */
WeftNode wf_emit_end(const WfEmitter *e, WeftNode node);

Type wf_emit_real_type(const WfEmitter *e, bool wide);
/* v in f32 or f64; constants fold to constants. */
Value wf_emit_real(WfEmitter *e, Value v, bool wide);

/* Begin a function with some of the parameters, which `e` then holds. */
void wf_emit_open(WfEmitter *e, const char *name, unsigned takes);

/* base moved on by bytes; a field of the frame, which does not change during a turn. */
Value wf_emit_offset(WfEmitter *e, Value base, int64_t bytes);
Value wf_emit_field(WfEmitter *e, Type type, size_t at, const char *name);
/* A load of what does not change during a turn. */
Value wf_emit_load(WfEmitter *e, Type type, Value address, const char *name);

/* The pixel that read says (its input is not -1), in the type its node is held in. */
Value wf_emit_read(WfEmitter *e, const WfRead *read);
/* Store v, of any node, to frame->out[j]; or unchanged, if that is a ring. */
void wf_emit_output(WfEmitter *e, int j, WeftType type, Value v);
void wf_emit_ring(WfEmitter *e, int j, WeftType type, Value v);

/* A node's value as an argument of a kernel that computes in f32 or f64. */
Value wf_emit_operand(WfEmitter *e, WeftNode input, bool wide);
/* A node's arguments in its kernel's order and type, inputs before settings; gives how many. */
int wf_emit_arguments(WfEmitter *e, const WfNode *node, Value args[WEFT_ARGS_MAX]);
/* prefix ("weft_k_", "weft_w_") and the operator's name, called on them. */
Value wf_emit_call(WfEmitter *e, const char *prefix, const WfNode *node, const Value *args,
                   int count);

/* Declare the loop that suits the kernel. */
bool wf_emit_loop(WfEmitter *e, WeftErr *err);

/* Counters: set at the start of a row, added to in the body, handed over at the end. */
void wf_emit_begin(WfEmitter *e);
void wf_emit_watches(WfEmitter *e);
void wf_emit_flush(WfEmitter *e);

#endif
