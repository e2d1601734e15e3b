/*
 * mathlib.c - which function of SLEEF stands for each of math.def, scalar and on vectors.
 *
 * Family finz: fused multiply-add, and the same bits from the scalar and from every vector form
 * (checked by the tests for each function and width), so a pixel's value does not depend on the
 * width a loop was compiled for. Needs a processor with AVX2 and FMA.
 */
#include "code/mathlib.h"

#include <stdio.h>

/* The vector forms are declared as void(void): only their addresses are taken, and this file needs
 * no vector types. sleef.h is not included, for with AVX2 switched on it declares them too. */
#define FORMS(name, stem, digits)                        \
    void Sleef_finz_##stem##f4_##digits##avx2128(void);  \
    void Sleef_finz_##stem##f8_##digits##avx2(void);     \
    void Sleef_finz_##stem##f16_##digits##avx512f(void); \
    void Sleef_finz_##stem##d2_##digits##avx2128(void);  \
    void Sleef_finz_##stem##d4_##digits##avx2(void);     \
    void Sleef_finz_##stem##d8_##digits##avx512f(void);

#define MATH_1(name, stem, digits)                           \
    FORMS(name, stem, digits)                                \
    float Sleef_finz_##stem##f1_##digits##purecfma(float);   \
    double Sleef_finz_##stem##d1_##digits##purecfma(double); \
    float weft_m_##name##_f32(float a);                      \
    double weft_m_##name##_f64(double a);                    \
    float weft_m_##name##_f32(float a)                       \
    {                                                        \
        return Sleef_finz_##stem##f1_##digits##purecfma(a);  \
    }                                                        \
    double weft_m_##name##_f64(double a)                     \
    {                                                        \
        return Sleef_finz_##stem##d1_##digits##purecfma(a);  \
    }
#define MATH_2(name, stem, digits)                                   \
    FORMS(name, stem, digits)                                        \
    float Sleef_finz_##stem##f1_##digits##purecfma(float, float);    \
    double Sleef_finz_##stem##d1_##digits##purecfma(double, double); \
    float weft_m_##name##_f32(float a, float b);                     \
    double weft_m_##name##_f64(double a, double b);                  \
    float weft_m_##name##_f32(float a, float b)                      \
    {                                                                \
        return Sleef_finz_##stem##f1_##digits##purecfma(a, b);       \
    }                                                                \
    double weft_m_##name##_f64(double a, double b)                   \
    {                                                                \
        return Sleef_finz_##stem##d1_##digits##purecfma(a, b);       \
    }
#include "math.def"
#undef MATH_1
#undef MATH_2

#define FORM(function, count, letter) \
    {                                 \
        .symbol = #function,          \
        .address = function,          \
        .lanes = (count),             \
        .isa = (letter),              \
    }
#define ENTRY(name, stem, digits, count)                                       \
    {                                                                          \
        .symbol = "weft_m_" #name "_f32",                                      \
        .address = (void (*)(void))weft_m_##name##_f32,                        \
        .arguments = (count),                                                  \
        .form = { FORM(Sleef_finz_##stem##f4_##digits##avx2128, 4, 'b'),       \
                  FORM(Sleef_finz_##stem##f8_##digits##avx2, 8, 'd'),          \
                  FORM(Sleef_finz_##stem##f16_##digits##avx512f, 16, 'e') },   \
    },                                                                         \
        {                                                                      \
            .symbol = "weft_m_" #name "_f64",                                  \
            .address = (void (*)(void))weft_m_##name##_f64,                    \
            .arguments = (count),                                              \
            .wide = true,                                                      \
            .form = { FORM(Sleef_finz_##stem##d2_##digits##avx2128, 2, 'b'),   \
                      FORM(Sleef_finz_##stem##d4_##digits##avx2, 4, 'd'),      \
                      FORM(Sleef_finz_##stem##d8_##digits##avx512f, 8, 'e') }, \
        },

const WfMath wf_math[] = {
#define MATH_1(name, stem, digits) ENTRY(name, stem, digits, 1)
#define MATH_2(name, stem, digits) ENTRY(name, stem, digits, 2)
#include "math.def"
#undef MATH_1
#undef MATH_2
};
const int wf_math_count = sizeof wf_math / sizeof *wf_math;

void wf_math_variants(const WfMath *math, int bits, char *buffer)
{
    int length = 0;

    buffer[0] = '\0';
    for (int i = 0; i < WF_MATH_FORMS && 128 << i <= bits; i++) {
        const WfMathForm *form = &math->form[i];

        length += snprintf(buffer + length, 512 - (size_t)length, "%s_ZGV%cN%d%s_%s(%s)",
                           i ? "," : "", form->isa, form->lanes, math->arguments == 2 ? "vv" : "v",
                           math->symbol, form->symbol);
    }
}

bool wf_math_needs(bool avx2, bool fma, WeftErr *err)
{
    if (avx2 && fma)
        return true;
    wf_fail(err, WEFT_EHOST, "this processor lacks %s%s%s", avx2 ? "" : "AVX2",
            avx2 || fma ? "" : " and ", fma ? "" : "FMA");
    return wf_hint(err, "weft needs an x86-64 processor with AVX2 and FMA");
}
