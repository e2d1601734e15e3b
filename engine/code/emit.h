/*
 * emit.h - a kernel of a plan to LLVM IR: three straight lines that loop.c calls.
 */
#ifndef WF_EMIT_H
#define WF_EMIT_H

#include <llvm-c/Core.h>

#include "plan/plan.h"

/* A module with wf_begin, wf_body and wf_flush for plan->kernels[kernel], or for its plain form if
 * it has one, calling the operators' weft_k_ and weft_w_ functions, which it only declares, as it
 * does the loop of loop.c that calls them. No addresses, no names of files or nodes:
 * kernels that compute the same have the same text. The caller disposes of it. */
LLVMModuleRef wf_emit_kernel(LLVMContextRef context, const WfPlan *plan, int kernel, bool plain,
                             WeftErr *err);

#endif
