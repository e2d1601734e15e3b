/* SLEEF's vector forms give the bits of the scalar ones, for each function and width. */
#include "harness.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "code/mathlib.h"

typedef float f4 __attribute__((vector_size(16)));
typedef float f8 __attribute__((vector_size(32)));
typedef float f16 __attribute__((vector_size(64)));
typedef double d2 __attribute__((vector_size(16)));
typedef double d4 __attribute__((vector_size(32)));
typedef double d8 __attribute__((vector_size(64)));

enum { ARGUMENTS = 32768, LANES = 16 };

/* Vectors of one width through a form's address; in and out hold one vector. */
#define CALL(type, isa)                                                                           \
    __attribute__((target(isa))) static void call_##type(const WfMathForm *form, int arguments,   \
                                                         const void *a, const void *b, void *out) \
    {                                                                                             \
        type x, y;                                                                                \
                                                                                                  \
        memcpy(&x, a, sizeof x);                                                                  \
        memcpy(&y, b, sizeof y);                                                                  \
        x = arguments == 2 ? ((type(*)(type, type))form->address)(x, y)                           \
                           : ((type(*)(type))form->address)(x);                                   \
        memcpy(out, &x, sizeof x);                                                                \
    }
CALL(f4, "avx2")
CALL(f8, "avx2")
CALL(f16, "avx512f")
CALL(d2, "avx2")
CALL(d4, "avx2")
CALL(d8, "avx512f")

typedef void Call(const WfMathForm *, int, const void *, const void *, void *);
static Call *const calls[2][WF_MATH_FORMS] = { { call_f4, call_f8, call_f16 },
                                               { call_d2, call_d4, call_d8 } };

static const double special[] = { 0.0,        -0.0,
                                  1.0,        -1.0,
                                  0.5,        2.0,
                                  10.0,       -10.0,
                                  1e-45,      -1e-45,
                                  1e-40,      1e-38,
                                  3.4e38,     1e300,
                                  1e-310,     4e-324,
                                  88.7,       -103.9,
                                  709.7,      -745.,
                                  710.,       1e9,
                                  125.0,      39000.0,
                                  3.14159274, 1.5707963267948966,
                                  1e15,       16777217.,
                                  INFINITY,   -INFINITY,
                                  NAN };
enum { SPECIALS = sizeof special / sizeof *special };

static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Special values, random bits, and numbers of everyday size. */
static double argument(int n, uint64_t *state, bool wide)
{
    uint64_t bits = random_bits(state);
    double v;
    float f;

    if (n < SPECIALS * SPECIALS)
        return special[n % SPECIALS];
    if (bits & 1)
        return ((double)(bits >> 12) - 0x1p51) * 0x1p-44; /* -128 ... 128 */
    if (wide) {
        memcpy(&v, &bits, sizeof v);
        return v;
    }
    memcpy(&f, &bits, sizeof f);
    return (double)f;
}

static void scalar(const WfMath *math, const void *a, const void *b, int lane, void *out)
{
    if (math->wide) {
        double x = ((const double *)a)[lane], y = ((const double *)b)[lane];

        ((double *)out)[lane] = math->arguments == 2
                                    ? ((double (*)(double, double))math->address)(x, y)
                                    : ((double (*)(double))math->address)(x);
    } else {
        float x = ((const float *)a)[lane], y = ((const float *)b)[lane];

        ((float *)out)[lane] = math->arguments == 2 ? ((float (*)(float, float))math->address)(x, y)
                                                    : ((float (*)(float))math->address)(x);
    }
}

/* Bits agree; any NaN is as good as another, for stores make them one. */
static bool same(const WfMath *math, const void *a, const void *b, int lane)
{
    if (math->wide) {
        const double *x = (const double *)a + lane, *y = (const double *)b + lane;

        return memcmp(x, y, sizeof *x) == 0 || (isnan(*x) && isnan(*y));
    }
    const float *x = (const float *)a + lane, *y = (const float *)b + lane;

    return memcmp(x, y, sizeof *x) == 0 || (isnan(*x) && isnan(*y));
}

static void put(const WfMath *math, void *to, int lane, double v)
{
    if (math->wide)
        ((double *)to)[lane] = v;
    else
        ((float *)to)[lane] = (float)v;
}

static double get(const WfMath *math, const void *from, int lane)
{
    return math->wide ? ((const double *)from)[lane] : (double)((const float *)from)[lane];
}

static void check_form(const WfMath *math, int f)
{
    const WfMathForm *form = &math->form[f];
    double a[LANES], b[LANES], one[LANES], many[LANES];
    uint64_t state = 42;

    for (int n = 0; n < ARGUMENTS; n += form->lanes) {
        for (int lane = 0; lane < form->lanes; lane++) {
            put(math, a, lane, argument(n + lane, &state, math->wide));
            put(math, b, lane,
                n < SPECIALS * SPECIALS ? special[(n + lane) / SPECIALS % SPECIALS]
                                        : argument(n + lane, &state, math->wide));
            scalar(math, a, b, lane, one);
        }
        calls[math->wide][f](form, math->arguments, a, b, many);
        for (int lane = 0; lane < form->lanes; lane++)
            ck_assert_msg(same(math, one, many, lane), "%s(%a, %a) = %a, but %s gives %a",
                          math->symbol, get(math, a, lane), get(math, b, lane),
                          get(math, one, lane), form->symbol, get(math, many, lane));
    }
}

static void check_width(int f)
{
    for (int i = 0; i < wf_math_count; i++)
        check_form(&wf_math[i], f);
}

START_TEST(forms_of_128_bits_give_the_scalar_bits)
{
    check_width(0);
}
END_TEST

START_TEST(forms_of_256_bits_give_the_scalar_bits)
{
    check_width(1);
}
END_TEST

START_TEST(forms_of_512_bits_give_the_scalar_bits)
{
    if (__builtin_cpu_supports("avx512f"))
        check_width(2);
    else
        harness_skip("no AVX-512");
}
END_TEST

static const WfMath *math_of(const char *symbol)
{
    for (int i = 0; i < wf_math_count; i++)
        if (strcmp(wf_math[i].symbol, symbol) == 0)
            return &wf_math[i];
    return NULL;
}

START_TEST(variants_are_named_as_the_vector_abi_says)
{
    char text[512];

    wf_math_variants(math_of("weft_m_exp_f32"), 256, text);
    ck_assert_str_eq(text, "_ZGVbN4v_weft_m_exp_f32(Sleef_finz_expf4_u10avx2128),"
                           "_ZGVdN8v_weft_m_exp_f32(Sleef_finz_expf8_u10avx2)");
    wf_math_variants(math_of("weft_m_pow_f64"), 128, text);
    ck_assert_str_eq(text, "_ZGVbN2vv_weft_m_pow_f64(Sleef_finz_powd2_u10avx2128)");
}
END_TEST

START_TEST(the_widest_variants_fit_their_buffer)
{
    for (int i = 0; i < wf_math_count; i++) {
        char text[512];

        wf_math_variants(&wf_math[i], 512, text);
        ck_assert_uint_lt(strlen(text), 511);
        ck_assert_int_eq(text[strlen(text) - 1], ')');
    }
}
END_TEST

START_TEST(functions_are_near_their_mathematical_values)
{
    double (*log10_f64)(double) = (double (*)(double))math_of("weft_m_log10_f64")->address;
    double (*hypot_f64)(double, double) =
        (double (*)(double, double))math_of("weft_m_hypot_f64")->address;
    double (*atan2_f64)(double, double) =
        (double (*)(double, double))math_of("weft_m_atan2_f64")->address;

    ck_assert_double_eq_tol(log10_f64(1000), 3, 1e-15);
    ck_assert_double_eq_tol(hypot_f64(3, 4), 5, 1e-15);
    ck_assert_double_eq_tol(atan2_f64(1, -1), 2.356194490192345, 4e-15);
}
END_TEST

START_TEST(an_older_processor_is_refused_by_what_it_lacks)
{
    WeftErr err = { 0 };

    ck_assert(wf_math_needs(true, true, NULL));
    ck_assert(!wf_math_needs(true, false, &err));
    ck_assert_int_eq(err.code, WEFT_EHOST);
    ck_assert_str_eq(err.message, "this processor lacks FMA");
    err = (WeftErr) { 0 };
    ck_assert(!wf_math_needs(false, false, &err));
    ck_assert_str_eq(err.message, "this processor lacks AVX2 and FMA");
}
END_TEST

CHECK_MAIN("mathlib", forms_of_128_bits_give_the_scalar_bits,
           forms_of_256_bits_give_the_scalar_bits, forms_of_512_bits_give_the_scalar_bits,
           variants_are_named_as_the_vector_abi_says, the_widest_variants_fit_their_buffer,
           functions_are_near_their_mathematical_values,
           an_older_processor_is_refused_by_what_it_lacks)
