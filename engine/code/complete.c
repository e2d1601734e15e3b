/*
 * complete.c - an emitted module made whole: loop, operators, processor, vector mathematics.
 *
 * Takes from the bitcode embedded in the program what the module calls, makes all but the entry
 * part of it, and offers SLEEF's vector functions to the vectoriser. Needs: bitcode made by the
 * build. Writes the module.
 */
#include "code/complete.h"

#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "code/mathlib.h"

/* Operators and the loop, read function by function as they are needed. */
static LLVMModuleRef open_bitcode(LLVMContextRef context, const char *complaint, WeftErr *err)
{
    size_t size = (size_t)(wf_bitcode_end - wf_bitcode);
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRange((const char *)wf_bitcode, size, "operators", true);
    LLVMModuleRef module;

    if (!LLVMGetBitcodeModuleInContext2(context, buffer, &module))
        return module;
    LLVMDisposeMemoryBuffer(buffer);
    wf_fail(err, WEFT_EBUG, "the operators' bitcode cannot be read: %s", complaint);
    return NULL;
}

/* The loop that the module declares: no other function of it is named so. */
static LLVMValueRef find_loop(LLVMModuleRef module)
{
    static const char name[] = "wf_kernel";
    LLVMValueRef f = LLVMGetFirstFunction(module);

    while (f && strncmp(LLVMGetValueName(f), name, sizeof name - 1) != 0)
        f = LLVMGetNextFunction(f);
    return f;
}

/* Link into the module what it needs of the bitcode: definitions that may be discarded are linked
 * only where they are used. The loop, which nothing uses, is kept. */
static bool link_bitcode(LLVMModuleRef module, const char *loop, const char *complaint,
                         WeftErr *err)
{
    LLVMModuleRef bitcode = open_bitcode(LLVMGetModuleContext(module), complaint, err);

    if (!bitcode)
        return false;
    for (LLVMValueRef f = LLVMGetFirstFunction(bitcode); f; f = LLVMGetNextFunction(f))
        if (!LLVMIsDeclaration(f) && strcmp(LLVMGetValueName(f), loop) != 0)
            LLVMSetLinkage(f, LLVMLinkOnceODRLinkage);
    LLVMSetTarget(module, LLVMGetTarget(bitcode));
    LLVMSetDataLayout(module, LLVMGetDataLayoutStr(bitcode));
    if (LLVMLinkModules2(module, bitcode))
        return wf_fail(err, WEFT_EBUG, "operators do not link: %s", complaint);
    return true;
}

/* A call whose arguments are not those of the operator would be undefined. */
static bool check_calls(LLVMModuleRef module, WeftErr *err)
{
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f)) {
        const char *name = LLVMGetValueName(f);
        bool is_operator = strncmp(name, "weft_k_", 7) == 0 || strncmp(name, "weft_w_", 7) == 0;

        if (is_operator && LLVMIsDeclaration(f))
            return wf_fail(err, WEFT_EBUG, "no function %s among the operators", name);
        for (LLVMUseRef use = LLVMGetFirstUse(f); use; use = LLVMGetNextUse(use))
            if (LLVMIsACallInst(LLVMGetUser(use)) &&
                LLVMGetCalledFunctionType(LLVMGetUser(use)) != LLVMGlobalGetValueType(f))
                return wf_fail(err, WEFT_EBUG, "%s is called with other arguments than it has",
                               name);
    }
    return true;
}

static void set_attribute(LLVMContextRef context, LLVMValueRef function, const char *name,
                          const char *value)
{
    LLVMAddAttributeAtIndex(function, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                            LLVMCreateStringAttribute(context, name, (unsigned)strlen(name), value,
                                                      (unsigned)strlen(value)));
}

static void set_flag(LLVMContextRef context, LLVMValueRef function, const char *name)
{
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));

    LLVMAddAttributeAtIndex(function, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                            LLVMCreateEnumAttribute(context, kind, 0));
}

/* The bitcode was made for the base instruction set; from now on all is for this machine. */
static void set_host(LLVMContextRef context, const WfHost *host, LLVMValueRef function)
{
    static const char *const old[] = { "target-cpu", "target-features", "tune-cpu",
                                       "min-legal-vector-width", "prefer-vector-width" };
    static const char unwinding[] = "uwtable";
    char bits[16];

    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        LLVMRemoveStringAttributeAtIndex(function, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
                                         old[i], (unsigned)strlen(old[i]));
    LLVMRemoveEnumAttributeAtIndex(
        function, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
        LLVMGetEnumAttributeKindForName(unwinding, sizeof unwinding - 1));
    snprintf(bits, sizeof bits, "%d", host->vector_bits);
    set_attribute(context, function, "target-cpu", host->cpu);
    set_attribute(context, function, "target-features", host->features);
    if (host->forced)
        set_attribute(context, function, "prefer-vector-width", bits);
    set_flag(context, function, "nounwind");
}

/* Everything but the entry becomes part of it. */
static void prepare_functions(LLVMModuleRef module, const WfHost *host, const char *loop,
                              const char *entry)
{
    LLVMContextRef context = LLVMGetModuleContext(module);

    for (LLVMValueRef f = LLVMGetFirstFunction(module); f; f = LLVMGetNextFunction(f)) {
        if (LLVMIsDeclaration(f))
            continue;
        set_host(context, host, f);
        if (strcmp(LLVMGetValueName(f), loop) == 0) {
            LLVMSetValueName2(f, entry, strlen(entry));
            LLVMSetLinkage(f, LLVMExternalLinkage);
        } else {
            LLVMSetLinkage(f, LLVMInternalLinkage);
            set_flag(context, f, "alwaysinline");
        }
    }
}

/* ------------------------------------------------------------------ mathematics on vectors */

/* Declare the vector forms of a function and mark all its calls with them. Adds the declarations
 * to kept. */
static int offer_forms(LLVMModuleRef module, const WfHost *host, const WfMath *math,
                       LLVMValueRef *kept)
{
    static const char variant[] = "vector-function-abi-variant";
    LLVMValueRef scalar = LLVMGetNamedFunction(module, math->symbol);
    LLVMContextRef context = LLVMGetModuleContext(module);
    LLVMTypeRef element =
        math->wide ? LLVMDoubleTypeInContext(context) : LLVMFloatTypeInContext(context);
    LLVMAttributeRef attribute;
    char text[512];
    int count = 0;

    if (!scalar)
        return 0;
    wf_math_variants(math, host->vector_bits, text);
    attribute = LLVMCreateStringAttribute(context, variant, sizeof variant - 1, text,
                                          (unsigned)strlen(text));
    for (LLVMUseRef use = LLVMGetFirstUse(scalar); use; use = LLVMGetNextUse(use))
        if (LLVMIsACallInst(LLVMGetUser(use)))
            LLVMAddCallSiteAttribute(LLVMGetUser(use),
                                     (LLVMAttributeIndex)LLVMAttributeFunctionIndex, attribute);
    for (int i = 0; i < WF_MATH_FORMS && 128 << i <= host->vector_bits; i++) {
        LLVMTypeRef lanes = LLVMVectorType(element, (unsigned)math->form[i].lanes);
        LLVMTypeRef parameters[2] = { lanes, lanes };

        kept[count++] =
            LLVMAddFunction(module, math->form[i].symbol,
                            LLVMFunctionType(lanes, parameters, (unsigned)math->arguments, false));
    }
    return count;
}

static bool offer_vectors(LLVMModuleRef module, const WfHost *host, WeftErr *err)
{
    LLVMValueRef *kept = wf_calloc((size_t)wf_math_count * WF_MATH_FORMS, sizeof *kept, err);
    LLVMValueRef list, global;
    unsigned count = 0;

    if (!kept)
        return false;
    for (int i = 0; i < wf_math_count; i++)
        count += (unsigned)offer_forms(module, host, &wf_math[i], kept + count);
    if (count > 0) {
        list =
            LLVMConstArray2(LLVMPointerTypeInContext(LLVMGetModuleContext(module), 0), kept, count);
        global = LLVMAddGlobal(module, LLVMTypeOf(list), "llvm.compiler.used");
        LLVMSetLinkage(global, LLVMAppendingLinkage);
        LLVMSetSection(global, "llvm.metadata");
        LLVMSetInitializer(global, list);
    }
    wf_free(kept);
    return true;
}

bool wf_complete(LLVMModuleRef module, const WfHost *host, const char *entry, const char *complaint,
                 WeftErr *err)
{
    LLVMValueRef wanted = find_loop(module);
    char loop[32];

    if (!wanted)
        return wf_fail(err, WEFT_EBUG, "a kernel names no loop");
    snprintf(loop, sizeof loop, "%s", LLVMGetValueName(wanted));
    if (!link_bitcode(module, loop, complaint, err) || !check_calls(module, err))
        return false;
    prepare_functions(module, host, loop, entry);
    return offer_vectors(module, host, err);
}
