/*
 * jit.h - emitted kernels to machine code in this process.
 */
#ifndef WF_JIT_H
#define WF_JIT_H

#include <llvm-c/Core.h>

#include "base/err.h"
#include "plan/frame.h"

typedef struct WfJit WfJit;

typedef struct WfJitOptions {
    const char *cache; /* folder of compiled objects; "": none */
    int vector_bits;   /* 128, 256, 512; 0: what LLVM prefers for the processor */
} WfJitOptions;

/* A session for this machine, with an LLVM context of its own; any thread, one at a time. */
WfJit *wf_jit_new(const WfJitOptions *options, WeftErr *err);
void wf_jit_free(WfJit *jit); /* unloads all functions; takes NULL */
LLVMContextRef wf_jit_context(const WfJit *jit);

/* The function of an emitted module, which is consumed. Equal modules give one function. */
WfKernelFn *wf_jit_add(WfJit *jit, LLVMModuleRef module, WeftErr *err);

int wf_jit_function_count(const WfJit *jit);
int wf_jit_compiled_count(const WfJit *jit); /* the others came from the cache */
int wf_jit_scalar_count(const WfJit *jit);   /* compiled, but their loop could not be vectorised */

#endif
