/*
 * kernel.h - what an operator's file is written in.
 *
 * The build compiles each file of ops/ natively (the reference) and to bitcode (what the JIT
 * inlines), both with px as float and, with PX_DOUBLE, as double. The description is made once,
 * in the native float compilation (WEFT_DESCRIBE).
 */
#ifndef WEFT_KERNEL_H
#define WEFT_KERNEL_H

#include "op.h"

/* Kernels and ranges have the arguments their operator has, needed or not. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#ifdef PX_DOUBLE
typedef double px;
typedef int64_t px_int; /* an integer as wide as px */
#define PX_NAME(prefix, name) prefix##name##_f64
#define PX_MANTISSA 53
#define PX_EXPONENT 1023
#else
typedef float px;
typedef int32_t px_int;
#define PX_NAME(prefix, name) prefix##name##_f32
#define PX_MANTISSA 24
#define PX_EXPONENT 127
#endif

#define INVALID ((px)__builtin_nan(""))
#define isinvalid(v) __builtin_isunordered((v), (v))
#define PX(number) ((px)(number)) /* a literal that is no integer: PX(0.5) */

/* Mathematics that is not one instruction comes from SLEEF, as a scalar and as vectors with equal
 * bits: MATH(exp)(v). The list is math.def. What is one instruction is a builtin: px_sqrt(v). */
#define MATH(name) PX_NAME(weft_m_, name)
#define MATH_1(name, stem, digits)                                    \
    __attribute__((const, nothrow)) float weft_m_##name##_f32(float); \
    __attribute__((const, nothrow)) double weft_m_##name##_f64(double);
#define MATH_2(name, stem, digits)                                           \
    __attribute__((const, nothrow)) float weft_m_##name##_f32(float, float); \
    __attribute__((const, nothrow)) double weft_m_##name##_f64(double, double);
#include "math.def"
#undef MATH_1
#undef MATH_2

#ifdef PX_DOUBLE
#define PX_BUILTIN(name) __builtin_##name
#else
#define PX_BUILTIN(name) __builtin_##name##f
#endif
#ifdef __clang__
#define px_sqrt __builtin_elementwise_sqrt /* the other form may set errno: it stays scalar */
#else
#define px_sqrt PX_BUILTIN(sqrt)
#endif
#define px_floor PX_BUILTIN(floor)
#define px_ceil PX_BUILTIN(ceil)
#define px_trunc PX_BUILTIN(trunc)
#define px_abs PX_BUILTIN(fabs)
#define px_copysign PX_BUILTIN(copysign)
#define px_fma PX_BUILTIN(fma)
#define px_roundeven PX_BUILTIN(roundeven)

/* For helpers of settings: they fold to nothing once the kernel is inlined. */
#define FOLDS static inline __attribute__((always_inline))

/* 2^n for a whole n from -64 to 64, exactly; anything else counts as 0. */
FOLDS px px_two_to(px n)
{
    int32_t exponent = (int32_t)(n >= -64 && n <= 64 ? n : 0);
    union {
        px_int bits;
        px value;
    } power = { .bits = (px_int)(exponent + PX_EXPONENT) << (PX_MANTISSA - 1) };

    return power.value;
}

/* KERNEL(add)(px a, px b) { return a + b; }   and, taking the same arguments,
 * WATCH(cast)(px v, ...)  { return 1 where the pixel is to be counted, else 0; }
 * Divisions and calls of MATH stand outside of ?: as what is only computed on a condition keeps
 * the loop from being vectorised. */
#define KERNEL(id) px PX_NAME(weft_k_, id)
#define WATCH(id) px PX_NAME(weft_w_, id)

/* OP(add, .brief = "sum", ...)      describes the operator whose KERNEL stands above;
 * LOWERED(nmean, .brief = ...)      one that pass/lower writes in terms of others;
 * COUNTS(cast, "clipped")           among these: the operator has a WATCH, and this is counted; a
 *                                   line WATCHED(cast); stands above OP;
 * PARAMS({ .name = ... }, ...)      among these: its parameters, in the kernel's order. */
#ifdef WEFT_DESCRIBE
#define OP(id, ...)                                                     \
    extern void weft_k_##id##_f64(void);                                \
    extern const WeftOp weft_op_##id;                                   \
    const WeftOp weft_op_##id = {                                       \
        .name = #id,                                                    \
        .kernel = { (WeftKernel)weft_k_##id##_f32, weft_k_##id##_f64 }, \
        __VA_ARGS__,                                                    \
    }
#define LOWERED(id, ...)              \
    extern const WeftOp weft_op_##id; \
    const WeftOp weft_op_##id = { .name = #id, __VA_ARGS__ }
#define WATCHED(id) extern void weft_w_##id##_f64(void)
#else
#define OP(id, ...) _Static_assert(1, #id)
#define LOWERED(id, ...) _Static_assert(1, #id)
#define WATCHED(id) _Static_assert(1, #id)
#endif
#define COUNTS(id, what) \
    .watch = { (WeftKernel)weft_w_##id##_f32, weft_w_##id##_f64 }, .counts = (what)
#define PARAMS(...)               \
    .params = (const WeftParam[]) \
    {                             \
        __VA_ARGS__,              \
        {                         \
            .name = NULL          \
        }                         \
    }

/* RANGE(add)(const WeftRange *in, int count) { ... }  for .range = range_add; see range.h */
#define RANGE(id) static __attribute__((unused)) WeftRange range_##id

#endif
