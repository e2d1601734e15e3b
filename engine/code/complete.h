/*
 * complete.h - an emitted module made whole: loop, operators, processor, vector mathematics.
 */
#ifndef WF_COMPLETE_H
#define WF_COMPLETE_H

#include <llvm-c/Core.h>

#include "base/err.h"

/* The operators and loop.c, embedded by the build. */
extern const unsigned char wf_bitcode[], wf_bitcode_end[];

/* What code is generated for. */
typedef struct WfHost {
    char *cpu, *features; /* LLVM's names */
    int vector_bits;      /* most that may be used */
    bool forced;          /* rather than what LLVM prefers for the processor */
} WfHost;

/* Complete a module of wf_emit_kernel; `entry` is the only function left visible. complaint is
 * where the context's diagnostic handler leaves LLVM's words. False: a name or a call is wrong. */
bool wf_complete(LLVMModuleRef module, const WfHost *host, const char *entry, const char *complaint,
                 WeftErr *err);

#endif
