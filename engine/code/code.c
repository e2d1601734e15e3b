/*
 * code.c - WfCode: one function for each kernel of a plan, compiled or interpreted.
 *
 * Reads the plan; writes only what it makes. Both engines call the same SLEEF functions, which
 * decide what the processor must have.
 */
#include "code/code.h"

#include <stdio.h>
#include <stdlib.h>

#include "code/emit.h"
#include "code/interp.h"
#include "code/jit.h"
#include "code/mathlib.h"
#include "code/rowwise.h"

struct WfCode {
    int kernel_count;
    WfCompiled *kernels;
    WfJit *jit;          /* NULL: the reference */
    WfInterp **interps;  /* the reference's closures, by kernel; NULL for functions on rows */
    WfRowwise **rowwise; /* the closures of functions on rows, by kernel */
};

static WfCode *new_code(const WfPlan *plan, WeftErr *err)
{
    WfCode *code;

    if (!wf_math_needs(__builtin_cpu_supports("avx2"), __builtin_cpu_supports("fma"), err))
        return NULL;
    code = wf_zalloc(sizeof *code, err);
    if (!code)
        return NULL;
    code->kernels = wf_calloc((size_t)plan->kernel_count, sizeof *code->kernels, err);
    code->rowwise = wf_calloc((size_t)plan->kernel_count, sizeof *code->rowwise, err);
    if (!code->kernels || !code->rowwise) {
        wf_code_free(code);
        return NULL;
    }
    code->kernel_count = plan->kernel_count;
    return code;
}

/* A function on rows: the same in both engines. */
static bool take_rowwise(WfCode *code, const WfPlan *plan, int k, WeftErr *err)
{
    code->rowwise[k] = wf_rowwise_new(plan, k, err);
    code->kernels[k] = (WfCompiled) { .run = wf_rowwise_run, .closure = code->rowwise[k] };
    return code->rowwise[k] != NULL;
}

static WfKernelFn *compile_form(WfJit *jit, const WfPlan *plan, int kernel, bool plain,
                                WeftErr *err)
{
    LLVMModuleRef module = wf_emit_kernel(wf_jit_context(jit), plan, kernel, plain, err);

    return module ? wf_jit_add(jit, module, err) : NULL;
}

static bool compile(WfCode *code, const WfPlan *plan, int k, WeftErr *err)
{
    WfCompiled *compiled = &code->kernels[k];

    if (wf_rowwise_is(plan, k))
        return take_rowwise(code, plan, k, err);
    compiled->run = compile_form(code->jit, plan, k, false, err);
    if (!compiled->run || plan->kernels[k].plain_count == 0)
        return compiled->run != NULL;
    compiled->plain = compile_form(code->jit, plan, k, true, err);
    return compiled->plain != NULL;
}

static bool interpret(WfCode *code, const WfPlan *plan, int k, WeftErr *err)
{
    if (wf_rowwise_is(plan, k))
        return take_rowwise(code, plan, k, err);
    code->interps[k] = wf_interp_new(plan, k, err);
    code->kernels[k] = (WfCompiled) { .run = wf_interp_run, .closure = code->interps[k] };
    return code->interps[k] != NULL;
}

WfCode *wf_code_jit(const WfPlan *plan, const char *cache, WeftErr *err)
{
    WfCode *code = new_code(plan, err);

    if (!code)
        return NULL;
    code->jit = wf_jit_new(&(WfJitOptions) { .cache = cache }, err);
    if (!code->jit)
        goto fail;
    for (int k = 0; k < plan->kernel_count; k++)
        if (!compile(code, plan, k, err))
            goto fail;
    return code;
fail:
    wf_code_free(code);
    return NULL;
}

WfCode *wf_code_reference(const WfPlan *plan, WeftErr *err)
{
    WfCode *code = new_code(plan, err);

    if (!code)
        return NULL;
    code->interps = wf_calloc((size_t)plan->kernel_count, sizeof *code->interps, err);
    if (!code->interps)
        goto fail;
    for (int k = 0; k < plan->kernel_count; k++)
        if (!interpret(code, plan, k, err))
            goto fail;
    return code;
fail:
    wf_code_free(code);
    return NULL;
}

void wf_code_free(WfCode *code)
{
    if (!code)
        return;
    wf_jit_free(code->jit);
    for (int k = 0; code->interps && k < code->kernel_count; k++)
        wf_interp_free(code->interps[k]);
    for (int k = 0; code->rowwise && k < code->kernel_count; k++)
        wf_rowwise_free(code->rowwise[k]);
    wf_free(code->interps);
    wf_free(code->rowwise);
    wf_free(code->kernels);
    wf_free(code);
}

WfCompiled wf_code_kernel(const WfCode *code, int kernel)
{
    return code->kernels[kernel];
}

int wf_code_function_count(const WfCode *code)
{
    return code->jit ? wf_jit_function_count(code->jit) : code->kernel_count;
}

bool wf_code_was_cached(const WfCode *code)
{
    return code->jit && wf_jit_compiled_count(code->jit) == 0;
}

static bool show_form(LLVMContextRef context, const WfPlan *plan, int kernel, bool plain,
                      WfText *text, WeftErr *err)
{
    LLVMModuleRef module = wf_emit_kernel(context, plan, kernel, plain, err);
    char *ir;

    if (!module)
        return false;
    ir = LLVMPrintModuleToString(module);
    wf_text_add(text, "%s; kernel %d%s\n%s", kernel || plain ? "\n" : "", kernel,
                plain ? ", plain" : "", ir);
    LLVMDisposeMessage(ir);
    LLVMDisposeModule(module);
    return true;
}

bool wf_code_show(const WfPlan *plan, WfText *text, WeftErr *err)
{
    LLVMContextRef context = LLVMContextCreate();
    bool done = true;

    for (int k = 0; k < plan->kernel_count && done; k++) {
        if (wf_rowwise_is(plan, k)) {
            wf_text_add(text, "%s; kernel %d: a function on rows\n", k ? "\n" : "", k);
            continue;
        }
        done = show_form(context, plan, k, false, text, err);
        if (done && plan->kernels[k].plain_count > 0)
            done = show_form(context, plan, k, true, text, err);
    }
    LLVMContextDispose(context);
    return done;
}

const char *wf_code_cache_folder(char *buffer, size_t size)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length = 0;

    buffer[0] = '\0';
    if (cache && cache[0] == '/')
        length = snprintf(buffer, size, "%s/weft", cache);
    else if (home && home[0] == '/')
        length = snprintf(buffer, size, "%s/.cache/weft", home);
    if (length < 0 || (size_t)length >= size)
        buffer[0] = '\0';
    return buffer;
}
