/*
 * jit.c - emitted kernels to machine code: optimise, generate, keep, load.
 *
 * A module of three straight lines is completed with loop.c and the operators it calls, optimised
 * for this machine and loaded as an object. The object is kept in the cache under a hash of
 * everything it was made from, so that equal kernels are optimised once. Writes the cache folder.
 */
#include "code/jit.h"

#include <llvm-c/LLJIT.h>
#include <llvm-c/Orc.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <sleef.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "code/cache.h"
#include "code/complete.h"
#include "code/mathlib.h"

static const char passes[] = "globaldce,default<O3>";

#define TEXT_OF(x) #x
#define VERSION_OF(a, b, c) TEXT_OF(a) "." TEXT_OF(b) "." TEXT_OF(c)
static const char sleef[] =
    VERSION_OF(SLEEF_VERSION_MAJOR, SLEEF_VERSION_MINOR, SLEEF_VERSION_PATCHLEVEL);

typedef struct Function {
    WfCacheKey key;
    WfKernelFn *run;
} Function;

struct WfJit {
    LLVMContextRef context;
    LLVMTargetMachineRef machine;
    LLVMOrcLLJITRef orc;
    WfHost host; /* its texts are LLVM's, to be disposed of */
    char *triple;
    char *cache;
    Function *functions;
    int function_count, function_room;
    int compiled_count, scalar_count;
    bool scalar;         /* of the module being compiled: a loop was not vectorised */
    char complaint[256]; /* LLVM's first error about it */
};

/* ------------------------------------------------------------------ LLVM's errors */

/* Without a handler LLVM prints, and ends the process on an error. */
static void take_diagnostic(LLVMDiagnosticInfoRef info, void *context)
{
    WfJit *jit = context;
    LLVMDiagnosticSeverity severity = LLVMGetDiagInfoSeverity(info);
    char *text;

    if (severity == LLVMDSWarning)
        jit->scalar = true; /* the only warning: a loop marked for vectorising could not be */
    if (severity != LLVMDSError || jit->complaint[0])
        return;
    text = LLVMGetDiagInfoDescription(info);
    snprintf(jit->complaint, sizeof jit->complaint, "%s", text);
    LLVMDisposeMessage(text);
}

/* Takes LLVM's error; true is none. */
static bool succeeded(LLVMErrorRef error, const char *what, WeftErr *err)
{
    char *text;

    if (!error)
        return true;
    text = LLVMGetErrorMessage(error);
    wf_fail(err, WEFT_EBUG, "%s: %s", what, text);
    LLVMDisposeErrorMessage(text);
    return false;
}

/* ------------------------------------------------------------------ compiling */

static bool optimise(WfJit *jit, LLVMModuleRef module, WeftErr *err)
{
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(module, passes, jit->machine, options);

    LLVMDisposePassBuilderOptions(options);
    if (!succeeded(error, "a kernel cannot be optimised", err))
        return false;
    if (jit->complaint[0])
        return wf_fail(err, WEFT_EBUG, "a kernel cannot be compiled: %s", jit->complaint);
    return true;
}

/* The module's object; NULL. */
static LLVMMemoryBufferRef compile(WfJit *jit, LLVMModuleRef module, const char *entry,
                                   WeftErr *err)
{
    LLVMMemoryBufferRef object;
    char *text = NULL;

    jit->scalar = false;
    jit->complaint[0] = '\0';
    if (!wf_complete(module, &jit->host, entry, jit->complaint, err) || !optimise(jit, module, err))
        return NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(jit->machine, module, LLVMObjectFile, &text, &object)) {
        wf_fail(err, WEFT_EBUG, "no machine code for a kernel: %s", text);
        LLVMDisposeMessage(text);
        return NULL;
    }
    jit->compiled_count++;
    jit->scalar_count += jit->scalar;
    return object;
}

/* ------------------------------------------------------------------ loading */

/* Load an object and find its entry. NULL, with err set, if a symbol is missing. */
static WfKernelFn *load_object(WfJit *jit, LLVMMemoryBufferRef object, const char *entry,
                               WeftErr *err)
{
    LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(jit->orc);
    LLVMOrcExecutorAddress address = 0;

    if (!succeeded(LLVMOrcLLJITAddObjectFile(jit->orc, library, object),
                   "a kernel cannot be loaded", err) ||
        !succeeded(LLVMOrcLLJITLookup(jit->orc, &address, entry), "a kernel cannot be loaded", err))
        return NULL;
    return (WfKernelFn *)(uintptr_t)address;
}

static LLVMMemoryBufferRef cached_object(WfJit *jit, const WfCacheKey *key)
{
    LLVMMemoryBufferRef buffer;
    size_t size;
    void *object = wf_cache_load(jit->cache, key, &size);

    if (!object)
        return NULL;
    buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(object, size, key->name);
    wf_free(object);
    return buffer;
}

static WfKernelFn *make_function(WfJit *jit, LLVMModuleRef module, const WfCacheKey *key,
                                 WeftErr *err)
{
    LLVMMemoryBufferRef object = cached_object(jit, key);

    if (!object) {
        object = compile(jit, module, key->name, err);
        if (!object)
            return NULL;
        wf_cache_store(jit->cache, key, LLVMGetBufferStart(object), LLVMGetBufferSize(object),
                       WF_CACHE_LIMIT);
    }
    return load_object(jit, object, key->name, err);
}

/* Everything that decides what the object will be. */
static WfCacheKey key_of(const WfJit *jit, LLVMModuleRef module)
{
    char *ir = LLVMPrintModuleToString(module), versions[128];
    const void *parts[] = { ir, wf_bitcode, versions, jit->host.cpu, jit->host.features, passes };
    size_t sizes[] = { strlen(ir),
                       (size_t)(wf_bitcode_end - wf_bitcode),
                       0,
                       strlen(jit->host.cpu),
                       strlen(jit->host.features),
                       sizeof passes };
    unsigned major, minor, patch;
    WfCacheKey key;

    LLVMGetVersion(&major, &minor, &patch);
    sizes[2] = (size_t)snprintf(versions, sizeof versions,
                                "weft %s LLVM %u.%u.%u SLEEF %s bits %d %d", WEFT_VERSION, major,
                                minor, patch, sleef, jit->host.vector_bits, jit->host.forced);
    key = wf_cache_key(parts, sizes, sizeof sizes / sizeof *sizes);
    LLVMDisposeMessage(ir);
    return key;
}

/* ------------------------------------------------------------------ the session */

static bool define_symbols(WfJit *jit, WeftErr *err)
{
    static const struct {
        const char *symbol;
        void (*address)(void);
    } memory[] = { { .symbol = "memcpy", .address = (void (*)(void))memcpy },
                   { .symbol = "memset", .address = (void (*)(void))memset },
                   { .symbol = "memmove", .address = (void (*)(void))memmove } };
    enum { MEMORY = sizeof memory / sizeof *memory };
    LLVMJITSymbolFlags flags = { .GenericFlags = LLVMJITSymbolGenericFlagsExported |
                                                 LLVMJITSymbolGenericFlagsCallable };
    LLVMOrcCSymbolMapPair *pairs =
        wf_calloc((size_t)wf_math_count * (1 + WF_MATH_FORMS) + MEMORY, sizeof *pairs, err);
    size_t count = 0;
    LLVMErrorRef error;

    if (!pairs)
        return false;
#define DEFINE(symbol, function)                                     \
    pairs[count++] = (LLVMOrcCSymbolMapPair)                         \
    {                                                                \
        .Name = LLVMOrcLLJITMangleAndIntern(jit->orc, (symbol)),     \
        .Sym = { .Address = (uintptr_t)(function), .Flags = flags }, \
    }
    for (int i = 0; i < wf_math_count; i++) {
        DEFINE(wf_math[i].symbol, wf_math[i].address);
        for (int k = 0; k < WF_MATH_FORMS; k++)
            DEFINE(wf_math[i].form[k].symbol, wf_math[i].form[k].address);
    }
    for (int i = 0; i < MEMORY; i++)
        DEFINE(memory[i].symbol, memory[i].address);
#undef DEFINE
    error = LLVMOrcJITDylibDefine(LLVMOrcLLJITGetMainJITDylib(jit->orc),
                                  LLVMOrcAbsoluteSymbols(pairs, count));
    wf_free(pairs);
    return succeeded(error, "symbols of the compiled kernels", err);
}

static bool find_host(WfJit *jit, int vector_bits, WeftErr *err)
{
    LLVMTargetRef target;
    char *text = NULL;

    if (LLVMInitializeNativeTarget() || LLVMInitializeNativeAsmPrinter())
        return wf_fail(err, WEFT_EHOST, "LLVM has no code generator for this processor");
    jit->triple = LLVMGetDefaultTargetTriple();
    jit->host.cpu = LLVMGetHostCPUName();
    jit->host.features = LLVMGetHostCPUFeatures();
    jit->host.vector_bits = strstr(jit->host.features, "+avx512f") ? 512 : 256;
    jit->host.forced = vector_bits > 0 && vector_bits <= jit->host.vector_bits;
    if (jit->host.forced)
        jit->host.vector_bits = vector_bits;
    if (LLVMGetTargetFromTriple(jit->triple, &target, &text)) {
        wf_fail(err, WEFT_EHOST, "LLVM has no code generator for %s: %s", jit->triple, text);
        LLVMDisposeMessage(text);
        return false;
    }
    jit->machine =
        LLVMCreateTargetMachine(target, jit->triple, jit->host.cpu, jit->host.features,
                                LLVMCodeGenLevelAggressive, LLVMRelocPIC, LLVMCodeModelSmall);
    return jit->machine ||
           wf_fail(err, WEFT_EHOST, "LLVM cannot generate code for %s", jit->host.cpu);
}

WfJit *wf_jit_new(const WfJitOptions *options, WeftErr *err)
{
    WfJit *jit = wf_zalloc(sizeof *jit, err);

    if (!jit)
        return NULL;
    jit->cache = wf_strdup(options->cache ? options->cache : "", err);
    if (!jit->cache || !find_host(jit, options->vector_bits, err))
        goto fail;
    jit->context = LLVMContextCreate();
    LLVMContextSetDiagnosticHandler(jit->context, take_diagnostic, jit);
    if (!succeeded(LLVMOrcCreateLLJIT(&jit->orc, NULL), "LLVM's loader", err) ||
        !define_symbols(jit, err))
        goto fail;
    return jit;
fail:
    wf_jit_free(jit);
    return NULL;
}

void wf_jit_free(WfJit *jit)
{
    if (!jit)
        return;
    if (jit->orc)
        LLVMConsumeError(LLVMOrcDisposeLLJIT(jit->orc));
    if (jit->machine)
        LLVMDisposeTargetMachine(jit->machine);
    if (jit->context)
        LLVMContextDispose(jit->context);
    LLVMDisposeMessage(jit->triple);
    LLVMDisposeMessage(jit->host.cpu);
    LLVMDisposeMessage(jit->host.features);
    wf_free(jit->functions);
    wf_free(jit->cache);
    wf_free(jit);
}

LLVMContextRef wf_jit_context(const WfJit *jit)
{
    return jit->context;
}

WfKernelFn *wf_jit_add(WfJit *jit, LLVMModuleRef module, WeftErr *err)
{
    WfCacheKey key = key_of(jit, module);
    WfKernelFn *run = NULL;

    for (int i = 0; i < jit->function_count && !run; i++)
        if (memcmp(jit->functions[i].key.bytes, key.bytes, sizeof key.bytes) == 0)
            run = jit->functions[i].run;
    if (!run && wf_grow(&jit->functions, jit->function_count, &jit->function_room,
                        sizeof *jit->functions, err)) {
        run = make_function(jit, module, &key, err);
        if (run)
            jit->functions[jit->function_count++] = (Function) { .key = key, .run = run };
    }
    LLVMDisposeModule(module);
    return run;
}

int wf_jit_function_count(const WfJit *jit)
{
    return jit->function_count;
}

int wf_jit_compiled_count(const WfJit *jit)
{
    return jit->compiled_count;
}

int wf_jit_scalar_count(const WfJit *jit)
{
    return jit->scalar_count;
}
