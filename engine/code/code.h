/*
 * code.h - WfCode: one function for each kernel of a plan.
 */
#ifndef WF_CODE_H
#define WF_CODE_H

#include "plan/plan.h"

typedef struct WfCode WfCode;

/* Compile the plan's kernels with LLVM for this machine. Kernels with equal code share one
 * function. `cache` is the folder of compiled objects, "" for none; a damaged or foreign entry is
 * ignored. May be called in any thread, one at a time. */
WfCode *wf_code_jit(const WfPlan *plan, const char *cache, WeftErr *err);
/* The same kernels pixel by pixel through the native operators: the oracle. It has no plain forms,
 * which thereby are held to the bits of the others. */
WfCode *wf_code_reference(const WfPlan *plan, WeftErr *err);
void wf_code_free(WfCode *code); /* unloads the functions; takes NULL */

WfCompiled wf_code_kernel(const WfCode *code, int kernel);
int wf_code_function_count(const WfCode *code); /* different functions */
bool wf_code_was_cached(const WfCode *code);    /* nothing had to be compiled */

/* The kernels' IR before optimisation. */
bool wf_code_show(const WfPlan *plan, WfText *text, WeftErr *err);

/* Default folder of compiled objects ($XDG_CACHE_HOME/weft ...), or "" where there is none. */
const char *wf_code_cache_folder(char *buffer, size_t size);

#endif
