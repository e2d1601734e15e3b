/*
 * student.c - steps of the least-squares line across rasters.
 *
 * Hidden point operators, put in by pass/trend, always in f64.
 */
#include "range.h"

enum { SHIFT = 24, STEPS = 24 };

/* A loop that stayed would keep the kernel's from being vectorised. */
#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED
#endif

/* Where sums of squares are exact enough to be equal to their product, rounding may pass 1. */
KERNEL(correlate)(px xx, px xy, px yy)
{
    px r = xy / px_sqrt(xx * yy);

    r = r > 1 ? 1 : r < -1 ? -1 : r;
    return !(xx > 0) ? INVALID : yy == 0 ? 0 : r;
}

RANGE(correlate)(const WeftRange *in, int count)
{
    return range_of(-1, 1, false, false);
}

OP(correlate, .brief = "correlation, from sums of squares and products", .family = "lowered",
   .formula = "xy / sqrt(xx yy)", .help = "0 where y does not differ, invalid where x does not.",
   .arguments = "xx, xy, yy", .inputs = 3, .hidden = true, .gives = WEFT_GIVES_DOUBLE,
   .range = range_correlate,
   .example = "correlate({2, 2, 0, null}, {-2, 0, 0, 1}, {2, 0, 1, 1}) -> {-1, 0, null, null}");

/* Gamma(a + 1/2) / Gamma(a) for a > 0: the asymptotic series (Tricomi and Erdelyi 1951) at
 * a + SHIFT, and back by the recurrence of Gamma. */
FOLDS px gamma_ratio(px a)
{
    px z = 1 / (a + SHIFT), back = 1, series = PX(39325.0 / 33554432);

    UNROLLED
    for (int i = 0; i < SHIFT; i++)
        back *= (a + i) / (a + i + PX(0.5));
    series = series * z + PX(869.0 / 4194304);
    series = series * z - PX(399.0 / 262144);
    series = series * z - PX(21.0 / 32768);
    series = series * z + PX(5.0 / 1024);
    series = series * z + PX(1.0 / 128);
    series = series * z - PX(1.0 / 8);
    return px_sqrt(a + SHIFT) * (1 + z * series) * back;
}

/* The continued fraction of the incomplete beta function by Lentz's method (Numerical Recipes 6.4):
 * for x below (p + 1) / (p + q + 2) so many steps leave less than rounding does. */
FOLDS px beta_fraction(px x, px p, px q)
{
    px c = 1, d = 1 / (1 - (p + q) * x / (p + 1)), h = d;

    UNROLLED
    for (int m = 1; m <= STEPS; m++) {
        px even = m * (q - m) * x / ((p + 2 * m - 1) * (p + 2 * m));
        px odd = -(p + m) * (p + q + m) * x / ((p + 2 * m) * (p + 2 * m + 1));

        d = 1 / (1 + even * d);
        c = 1 + even / c;
        h *= d * c;
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        h *= d * c;
    }
    return h;
}

/* I_w(a, 1/2), the regularised incomplete beta function, with w = 1 - r^2, a = (n - 2) / 2; from
 * its other end where that converges faster. */
KERNEL(student)(px r, px n)
{
    px a = n > 2 ? (n - 2) / 2 : 1, size = px_abs(r) < 1 ? px_abs(r) : 1;
    px w = (1 - size) * (1 + size);
    int other = w > (a + 1) / (a + PX(2.5));
    px p = other ? PX(0.5) : a, q = other ? a : PX(0.5);
    px front = MATH(pow)(w, a) * size * gamma_ratio(a) * PX(0.56418958354775628695) / p;
    px part = front * beta_fraction(other ? size * size : w, p, q);
    px whole = other ? 1 - part : part;

    whole = whole < 0 ? 0 : whole > 1 ? 1 : whole;
    return n > 2 ? whole : r == 0 ? 1 : 0;
}

RANGE(student)(const WeftRange *in, int count)
{
    return range_of(0, 1, false, false);
}

OP(student, .brief = "how probable a correlation is without any relation: two-sided",
   .family = "lowered", .formula = "I_(1 - r^2)((n - 2) / 2, 1 / 2)",
   .source = "Abramowitz and Stegun 1964, 26.5 and 26.7", .arguments = "r, n", .inputs = 2,
   .hidden = true, .gives = WEFT_GIVES_DOUBLE, .aside = 2, .range = range_student,
   .example = "student({0.5, 1, 0, 0, null}, {4, 5, 9, 2, 3}) -> {0.5, 0, 1, 1, null}");
