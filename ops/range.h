/*
 * range.h - arithmetic on ranges, for the RANGE functions of operators.
 *
 * A range is a promise about every pixel, whatever type it was computed in. Whole values are exact,
 * so their ends are too. The ends of other ranges are moved outward to floats, which hold the
 * rounded result of any correctly rounded operation on f32 or f64; range_loose adds room for
 * functions with an error of a few ulp.
 */
#ifndef WEFT_RANGE_H
#define WEFT_RANGE_H

#include "kernel.h"

/* The C library's, of which ops/ includes no header: ranges are found natively. */
double fabs(double v);
double fmin(double a, double b);
double fmax(double a, double b);

#define RANGE_INFINITY __builtin_inf()
#define RANGE_EXACT 9007199254740992.0 /* 2^53 */

/* The nearest float below or above, the number itself where it is one. */
static inline double range_down(double v)
{
    float f = (float)v;

    return (double)((double)f > v ? __builtin_nextafterf(f, -__builtin_inff()) : f);
}
static inline double range_up(double v)
{
    float f = (float)v;

    return (double)((double)f < v ? __builtin_nextafterf(f, __builtin_inff()) : f);
}

/* The usual result: lo and hi may be NaN (nothing known) and are moved outward unless whole. */
static inline WeftRange range_of(double lo, double hi, bool whole, bool valid)
{
    lo = isinvalid(lo) ? -RANGE_INFINITY : whole ? lo : range_down(lo);
    hi = isinvalid(hi) ? RANGE_INFINITY : whole ? hi : range_up(hi);
    return (WeftRange) { .lo = lo, .hi = hi, .whole = whole, .valid = valid };
}

/* The same with room for an error of 16 ulp in f32. */
static inline WeftRange range_loose(double lo, double hi, bool valid)
{
    const double room = 1.0 / (1 << 20);

    lo -= fabs(lo) * room;
    hi += fabs(hi) * room;
    return range_of(lo, hi, false, valid);
}

static inline WeftRange range_unknown(bool valid)
{
    return (WeftRange) { .lo = -RANGE_INFINITY, .hi = RANGE_INFINITY, .valid = valid };
}

static inline WeftRange range_bool(bool valid)
{
    return (WeftRange) { .hi = 1, .whole = true, .boolean = true, .valid = valid };
}

/* An input as its kernel meets it: constants such as 0.1 rounded to either type. */
static inline WeftRange range_in(WeftRange r)
{
    WeftRange held = range_of(r.lo, r.hi, r.whole, r.valid);

    held.boolean = r.boolean;
    return held;
}

/* No value at all: the range of `null`. */
static inline bool range_empty(WeftRange r)
{
    return !(r.lo <= r.hi);
}
static inline bool range_has(WeftRange r, double v)
{
    return !(v < r.lo || v > r.hi);
}
static inline bool range_finite(WeftRange r)
{
    return r.lo > -RANGE_INFINITY && r.hi < RANGE_INFINITY;
}
static inline bool range_within(WeftRange r, double lo, double hi)
{
    return r.lo >= lo && r.hi <= hi;
}
/* One value, and not a rounded one. */
static inline bool range_point(WeftRange r)
{
    return r.lo == r.hi && range_down(r.lo) == r.lo;
}
static inline double range_size(WeftRange r)
{
    return fmax(fabs(r.lo), fabs(r.hi));
}

/* Values of either; the validity is the caller's to say. */
static inline WeftRange range_join(WeftRange a, WeftRange b, bool valid)
{
    WeftRange join = range_empty(a) ? b : a;

    if (!range_empty(a) && !range_empty(b)) {
        join.lo = fmin(a.lo, b.lo);
        join.hi = fmax(a.hi, b.hi);
        join.whole = a.whole && b.whole;
        join.boolean = a.boolean && b.boolean;
    }
    join.valid = valid;
    return join;
}

/* Between the least and the greatest of four corners; NaN corners are skipped. */
static inline WeftRange range_corners(double a, double b, double c, double d, bool whole,
                                      bool valid)
{
    return range_of(fmin(fmin(a, b), fmin(c, d)), fmax(fmax(a, b), fmax(c, d)), whole, valid);
}

#endif
