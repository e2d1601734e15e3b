/*
 * check_kernels.c - native kernels against arithmetic done another way: long double functions of
 * the C library, integers, fmod; and what the watches count.
 */
#include "harness.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pixel.h"
#include "graph/catalog.h"
#include "graph/native.h"

enum { ARGUMENTS = 3000, PAIRS = 20000 };

static uint64_t state = 1;

static uint64_t draw(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 20 ^ state << 17;
}

static double share(void)
{
    return (double)(draw() >> 24 & 0xfffffffffu) * 0x1p-36;
}

/* v rounded to f32, whatever the compiler thinks of conversions side by side. */
static double as_float(double v)
{
    volatile float f = (float)v;

    return (double)f;
}

static double call(const char *name, bool wide, const double *args, int count)
{
    WeftErr err = { 0 };
    const WeftOp *op = wf_catalog_find(name, &err);

    ck_assert_msg(op != NULL, "%s", err.message);
    return wf_native_call(op->kernel[wide], wide, args, count);
}

/* ------------------------------------------------------------------ transcendental functions */

typedef struct Function {
    const char *name;
    long double (*of)(long double);
    double lo, hi; /* arguments, evenly */
    bool scales;   /* arguments of all magnitudes up to hi as well */
    int settings;  /* further arguments of 0 */
} Function;

static long double degl(long double v)
{
    return v * 57.295779513082320876798154814105L;
}
static long double radl(long double v)
{
    return v * 0.017453292519943295769236907684886L;
}

static const Function functions[] = {
    { "sqrt", sqrtl, 0, 1e6, true, 0 },     { "cbrt", cbrtl, -1e6, 1e6, true, 0 },
    { "exp", expl, -80, 88, true, 0 },      { "exp2", exp2l, -120, 127, true, 0 },
    { "log", logl, 1e-6, 10, true, 1 },     { "log2", log2l, 1e-6, 10, true, 1 },
    { "log10", log10l, 1e-6, 10, true, 1 }, { "sin", sinl, -100, 100, true, 0 },
    { "cos", cosl, -100, 100, true, 0 },    { "tan", tanl, -100, 100, true, 0 },
    { "asin", asinl, -1, 1, true, 0 },      { "acos", acosl, -1, 1, true, 0 },
    { "atan", atanl, -50, 50, true, 0 },    { "sinh", sinhl, -80, 80, true, 0 },
    { "cosh", coshl, -80, 80, true, 0 },    { "tanh", tanhl, -10, 10, true, 0 },
    { "deg", degl, -10, 10, true, 0 },      { "rad", radl, -400, 400, true, 0 },
};

/* Distance in units in the last place of the pixel type at the true value. */
static double ulps(double got, long double want, bool wide)
{
    int digits = wide ? DBL_MANT_DIG : FLT_MANT_DIG, least = wide ? -1074 : -149, exponent;
    long double unit;

    if (got == want)
        return 0;
    if (fabsl(want) > (wide ? (long double)DBL_MAX : (long double)FLT_MAX))
        return isinf(got) ? 0 : INFINITY;
    frexpl(want, &exponent);
    unit = ldexpl(1, exponent - digits > least ? exponent - digits : least);
    return (double)(fabsl(got - want) / unit);
}

static double argument(const Function *f, bool wide)
{
    double v = f->lo + share() * (f->hi - f->lo);

    if (f->scales && draw() % 4 == 0) /* down to 1e-30 */
        v = (f->lo < 0 && draw() % 2 ? -1 : 1) * fabs(f->hi) * exp2(-100 * share());
    return wide ? v : as_float(v);
}

START_TEST(kernels_functions_are_within_4_ulp)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        for (int wide = 0; wide < 2; wide++) {
            const Function *f = &functions[i];
            double worst = 0, where = 0;

            for (int n = 0; n < ARGUMENTS; n++) {
                double args[2] = { argument(f, wide), 0 };
                double error =
                    ulps(call(f->name, wide, args, 1 + f->settings), f->of(args[0]), wide);

                where = error > worst ? args[0] : where;
                worst = fmax(worst, error);
            }
            ck_assert_msg(worst <= 4, "%s %s: %g ulp at %.17g", f->name, wide ? "f64" : "f32",
                          worst, where);
        }
}
END_TEST

static void check_pairs(const char *name, long double (*of)(long double, long double), double low,
                        double high, int settings)
{
    for (int n = 0; n < 2 * ARGUMENTS; n++) {
        bool wide = n % 2;
        double args[3] = { low + share() * (high - low), -8 + 16 * share(), 0 };
        double error;

        for (int i = 0; i < 2 && !wide; i++)
            args[i] = as_float(args[i]);
        if (n % 3 == 0)
            args[1] = round(args[1]);
        error = ulps(call(name, wide, args, 2 + settings), of(args[0], args[1]), wide);
        ck_assert_msg(error <= 4, "%s(%.17g, %.17g) %s: %g ulp", name, args[0], args[1],
                      wide ? "f64" : "f32", error);
    }
}

START_TEST(kernels_functions_of_two_are_within_4_ulp)
{
    check_pairs("atan2", atan2l, -8, 8, 0);
    check_pairs("hypot", hypotl, -1000, 1000, 0);
    check_pairs("pow", powl, 0.001, 1000, 1);
}
END_TEST

START_TEST(kernels_sine_never_passes_one)
{
    for (int n = 0; n < PAIRS; n++)
        for (int wide = 0; wide < 2; wide++) {
            double v = (n % 200) * 1.5707963267948966 + (share() - 0.5) * 1e-3;

            ck_assert(fabs(call("sin", wide, &v, 1)) <= 1);
            ck_assert(fabs(call("cos", wide, &v, 1)) <= 1);
        }
}
END_TEST

/* All of them, from the exponent where SLEEF takes over: 456^6 is beyond 2^53. */
START_TEST(kernels_whole_powers_are_exact)
{
    for (int base = -455; base <= 455; base++) {
        double power = 1;

        for (int n = 0; n <= 53 && fabs(power) <= 0x1p53; n++, power *= base)
            for (int wide = 0; wide < 2; wide++) {
                double args[] = { base, n, 0 };

                if (wide || fabs(power) <= 0x1p24)
                    ck_assert_double_eq(call("pow", wide, args, 3), power);
            }
    }
}
END_TEST

/* ------------------------------------------------------------------ floored division */

static int64_t whole_of(int bits)
{
    int64_t v = (int64_t)(draw() & (((uint64_t)1 << (1 + draw() % (unsigned)bits)) - 1));

    return draw() % 2 ? v : -v;
}

static void check_floored(int64_t a, int64_t b, bool wide)
{
    double args[] = { (double)a, (double)b };
    int64_t q = a / b, r = a % b;

    if (r != 0 && (r < 0) != (b < 0)) {
        r += b;
        q--;
    }
    ck_assert_msg(call("floordiv", wide, args, 2) == (double)q, "%lld // %lld", (long long)a,
                  (long long)b);
    ck_assert_msg(call("mod", wide, args, 2) == (double)r, "%lld %% %lld", (long long)a,
                  (long long)b);
}

START_TEST(kernels_floored_division_is_exact_on_integers)
{
    for (int n = 0; n < PAIRS; n++)
        for (int wide = 0; wide < 2; wide++) {
            int64_t a = whole_of(wide ? 53 : 24), b = whole_of(wide ? 53 : 24);
            int64_t near = b ? a - a % b : a; /* quotients that nearly are whole */

            if (b == 0)
                continue;
            check_floored(a, b, wide);
            check_floored(near, b, wide);
            check_floored(near > 0 ? near - 1 : near + 1, b, wide);
        }
}
END_TEST

/* float_divmod of CPython 3.11, Objects/floatobject.c */
static double python_mod(double a, double b)
{
    double mod = fmod(a, b);

    return mod != 0 && (mod < 0) != (b < 0) ? mod + b : mod;
}

START_TEST(kernels_mod_of_reals_is_pythons)
{
    for (int n = 0; n < PAIRS; n++) {
        double args[] = { (share() - 0.5) * exp2(40 * share()), (share() - 0.5) * 8 };
        double narrow[] = { as_float(args[0]), as_float(args[1]) };

        if (narrow[1] == 0)
            continue;
        ck_assert_double_eq(call("mod", true, args, 2), python_mod(args[0], args[1]));
        ck_assert_double_eq(call("mod", false, narrow, 2),
                            as_float(python_mod(narrow[0], narrow[1])));
    }
}
END_TEST

/* ------------------------------------------------------------------ bits, casts, random */

START_TEST(kernels_bits_are_those_of_integers)
{
    for (int n = 0; n < PAIRS; n++)
        for (int wide = 0; wide < 2; wide++) {
            int64_t a = whole_of(wide ? 53 : 24), b = whole_of(wide ? 53 : 24);
            int low = (int)(draw() % 20), count = 1 + (int)(draw() % (wide ? 53 : 20));
            double pair[] = { (double)a, (double)b };
            double field[] = { (double)a, low, count }, by[] = { (double)a, low };

            ck_assert_double_eq(call("bitand", wide, pair, 2), (double)(a & b));
            ck_assert_double_eq(call("bitor", wide, pair, 2), (double)(a | b));
            ck_assert_double_eq(call("bitxor", wide, pair, 2), (double)(a ^ b));
            ck_assert_double_eq(call("shr", wide, by, 2), (double)(a >> low));
            ck_assert_double_eq(call("bits", wide, field, 3),
                                (double)(a >> low & (((int64_t)1 << count) - 1)));
        }
}
END_TEST

/* Everything that is cast to a type is one of its values; what was changed to get there counts,
 * unless it wraps, as it was told to. */
START_TEST(kernels_cast_counts_what_it_clips)
{
    WeftErr err = { 0 };
    const WeftOp *cast = wf_catalog_find("cast", &err);

    for (int type = WEFT_U8; type <= WEFT_I64; type++)
        for (int n = 0; n < 400; n++) {
            double v = (share() - 0.5) * exp2(70 * share());
            int overflow = n / 4 % 4;
            double args[] = { v, type, n % 4, overflow };
            double rounded[] = { v, WEFT_F64, n % 4, 0 };
            double got = wf_native_call(cast->kernel[1], true, args, 4), near;
            bool counted = wf_native_call(cast->watch[1], true, args, 4) != 0;

            rounded[1] = WEFT_I64; /* wide enough to leave most alone */
            near = wf_native_call(cast->kernel[1], true, rounded, 4);
            ck_assert(isnan(got) || wf_pixel_holds((WeftType)type, got));
            ck_assert_int_eq(isnan(got), counted && overflow == 3);
            if (fabs(v) < 0x1p62)
                ck_assert_int_eq(counted, overflow != 2 && !wf_pixel_holds((WeftType)type, near));
        }
}
END_TEST

START_TEST(kernels_watches_count_their_pixels)
{
    struct {
        const char *name;
        double args[4];
        int count;
        bool counted;
    } cases[] = {
        { "cast", { 255.4, WEFT_U8, 0, 0 }, 4, false },
        { "cast", { 255.5, WEFT_U8, 0, 0 }, 4, true },
        { "cast", { -0.4, WEFT_U8, 0, 0 }, 4, false },
        { "cast", { NAN, WEFT_U8, 0, 0 }, 4, false },
        { "cast", { 300, WEFT_U8, 0, 1 }, 4, true },
        { "cast", { 300, WEFT_U8, 0, 2 }, 4, false }, /* what wraps is wanted */
        { "cast", { 300, WEFT_U8, 0, 3 }, 4, true },
        { "cast", { 300, WEFT_BOOL, 0, 0 }, 4, false },
        { "cast", { 1e30, WEFT_F32, 0, 0 }, 4, false },
        { "collide", { 5, 5, 0, 1 }, 4, true },
        { "collide", { NAN, 5, 0, 1 }, 4, false },
        { "seal", { NAN, 5 }, 2, true },
        { "seal", { 5, 5 }, 2, false },
        { "exact53", { 0x1p53 - 1 }, 1, false },
        { "exact53", { 0x1p53 }, 1, true },
        { "exact53", { -0x1p53 - 2 }, 1, true },
        { "exact53", { NAN }, 1, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WeftErr err = { 0 };
        const WeftOp *op = wf_catalog_find(cases[i].name, &err);

        ck_assert_msg(wf_native_call(op->watch[1], true, cases[i].args, cases[i].count) ==
                          cases[i].counted,
                      "%s of case %zu", cases[i].name, i);
    }
}
END_TEST

START_TEST(kernels_random_is_uniform_and_the_same_in_both_types)
{
    WeftErr err = { 0 };
    const WeftOp *op = wf_catalog_find("random", &err);
    double args[] = { 7, 1 }, sum = 0;
    int tenth[10] = { 0 };

    for (int64_t n = 0; n < PAIRS; n++) {
        double v = wf_native_call_at(op->kernel[0], false, n % 200, n / 200, args, 2);

        ck_assert_double_eq(wf_native_call_at(op->kernel[1], true, n % 200, n / 200, args, 2), v);
        ck_assert(v >= 0 && v < 1);
        tenth[(int)(v * 10)]++;
        sum += v;
    }
    ck_assert(fabs(sum / PAIRS - 0.5) < 0.01);
    for (int i = 0; i < 10; i++)
        ck_assert(abs(tenth[i] - PAIRS / 10) < PAIRS / 10 / 8);
}
END_TEST

CHECK_MAIN("kernels", kernels_functions_are_within_4_ulp, kernels_functions_of_two_are_within_4_ulp,
           kernels_sine_never_passes_one, kernels_whole_powers_are_exact,
           kernels_floored_division_is_exact_on_integers, kernels_mod_of_reals_is_pythons,
           kernels_bits_are_those_of_integers, kernels_cast_counts_what_it_clips,
           kernels_watches_count_their_pixels, kernels_random_is_uniform_and_the_same_in_both_types)
