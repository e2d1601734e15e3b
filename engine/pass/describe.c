/*
 * describe.c - range, type and width of a result, from those of the operands (semantics 2.2).
 *
 * Pure functions: an operator's description and its operands' in, the result's out. Integers are
 * held in f32 within 2^24 and in f64 within 2^53; real numbers by the widest operand. The ends of
 * real ranges are moved outward to what the pixel type can hold, so that rounding keeps inside.
 */
#include "pass/describe.h"

#include <math.h>

#include "base/pixel.h"

static const double f32_whole = 0x1p24, f64_whole = 0x1p53; /* integers up to here are exact */

static bool beyond(WeftRange range, double limit)
{
    return !(range.lo >= -limit && range.hi <= limit);
}

static double f32_below(double v)
{
    float f = (float)v;

    return f > v ? nextafterf(f, -INFINITY) : f;
}

static double f32_above(double v)
{
    float f = (float)v;

    return f < v ? nextafterf(f, INFINITY) : f;
}

static WeftRange f32_outward(WeftRange range)
{
    range.lo = f32_below(range.lo);
    range.hi = f32_above(range.hi);
    return range;
}

static bool is_aside(const WeftOp *op, int operand, int values)
{
    return operand < values && operand < 32 && (op->aside >> operand & 1);
}

/* ------------------------------------------------------------------ ranges */

/* All that the operands which take part in the result may be; null ones may be nothing. */
static WeftRange hull_of(const WeftOp *op, const WfOperand *operands, int values, int count)
{
    WeftRange hull = { .whole = true, .boolean = true };
    bool any = false;

    for (int i = 0; i < count; i++) {
        WeftRange r = operands[i].range;

        if (is_aside(op, i, values) || operands[i].null)
            continue;
        hull.lo = any ? fmin(hull.lo, r.lo) : r.lo;
        hull.hi = any ? fmax(hull.hi, r.hi) : r.hi;
        hull.whole &= r.whole;
        hull.boolean &= r.boolean;
        any = true;
    }
    return hull;
}

/* What the operator's range function is given. A null takes part in no result, so it stands there
 * with the range of the others; a number may have been rounded to f32. */
static void fill_ranges(const WeftOp *op, const WfOperand *operands, int values, int count,
                        const double *settings, int setting_count, const WfTable *table,
                        WeftRange *ranges)
{
    WeftRange others = hull_of(op, operands, values, count);

    for (int i = 0; i < count; i++) {
        ranges[i] = operands[i].range;
        if (operands[i].null)
            ranges[i] = (WeftRange) {
                .lo = others.lo, .hi = others.hi, .whole = others.whole, .boolean = others.boolean
            };
        else if (operands[i].number && !ranges[i].whole)
            ranges[i] = f32_outward(ranges[i]);
    }
    for (int i = 0; i < setting_count; i++)
        ranges[count + i] = (WeftRange) { .lo = settings[i],
                                          .hi = settings[i],
                                          .whole = floor(settings[i]) == settings[i],
                                          .valid = true };
    for (int c = 0; table && c < table->columns; c++)
        ranges[count + setting_count + c] = table->ranges[c];
}

static WeftRange range_of(const WeftOp *op, const WfOperand *operands, int values, int count,
                          const WeftRange *ranges, int range_count)
{
    WeftRange hull = hull_of(op, operands, values, count);
    WeftRange range = { .lo = -INFINITY, .hi = INFINITY, .whole = count && hull.whole };

    if (op->range)
        range = op->range(ranges, range_count);
    else if (op->gives == WEFT_GIVES_KEEP)
        range = (WeftRange) { .lo = hull.lo, .hi = hull.hi, .whole = hull.whole };
    if (!(range.lo <= range.hi)) {
        range.lo = -INFINITY;
        range.hi = INFINITY;
    }
    if (op->invalid != WEFT_DECIDES)
        for (int i = 0; i < count; i++)
            range.valid &= !operands[i].null && operands[i].range.valid;
    range.boolean = false;
    return range;
}

static WeftRange bool_range(WeftRange range)
{
    range.lo = range.lo > 0 && range.lo <= 1 ? 1 : 0;
    range.hi = range.hi < 1 && range.hi >= 0 && range.lo == 0 ? 0 : 1;
    range.whole = range.boolean = true;
    return range;
}

static WeftRange whole_range(WeftRange range)
{
    range.whole = true;
    range.lo = ceil(range.lo) + 0.0; /* not -0 */
    range.hi = floor(range.hi) + 0.0;
    if (!(range.lo <= range.hi)) {
        range.lo = -INFINITY;
        range.hi = INFINITY;
    }
    return range;
}

/* ------------------------------------------------------------------ types and widths */

static bool any_wide(const WeftOp *op, const WfOperand *operands, int values, int count)
{
    for (int i = 0; i < count; i++) {
        const WfOperand *o = &operands[i];

        if (is_aside(op, i, values) || o->null)
            continue;
        if (o->range.whole ? beyond(o->range, f32_whole) : o->wide && !o->number)
            return true;
    }
    return false;
}

static bool any_wide_inside(const WfOperand *operands, int count)
{
    for (int i = 0; i < count; i++) {
        const WfOperand *o = &operands[i];

        if (!o->null &&
            ((o->wide && !o->number) || (o->range.whole && beyond(o->range, f32_whole))))
            return true;
    }
    return false;
}

static bool all_numbers(const WfOperand *operands, int count)
{
    for (int i = 0; i < count; i++)
        if (!operands[i].number)
            return false;
    return count > 0;
}

/* The common type of the rasters whose values a KEEP operator may give; AUTO where there are
 * numbers only. */
static WeftType kept_type(const WeftOp *op, const WfOperand *operands, int values)
{
    WeftType type = WEFT_AUTO;

    for (int i = 0; i < values; i++) {
        const WfOperand *o = &operands[i];

        if (is_aside(op, i, values) || o->number || o->null)
            continue;
        type = type == WEFT_AUTO ? o->type : wf_describe_common(type, o->type);
    }
    return type;
}

static WeftType whole_type(WeftRange range)
{
    return beyond(range, f64_whole) ? WEFT_F64 : wf_pixel_smallest(range.lo, range.hi);
}

/* The file's type, unless a number beside the rasters goes beyond it. */
static WeftType keep_whole_type(WeftType type, WeftRange range)
{
    if (type == WEFT_AUTO || !wf_pixel(type)->whole)
        return whole_type(range);
    if (type == WEFT_BOOL && !range.boolean)
        type = WEFT_U8;
    if (range.lo >= wf_describe_lowest(type) && range.hi <= wf_describe_highest(type))
        return type;
    return wf_pixel_smallest(fmin(range.lo, wf_pixel(type)->lo),
                             fmax(range.hi, wf_pixel(type)->hi));
}

static void hold_whole(WfOperand *result)
{
    result->range = whole_range(result->range);
    result->wide = beyond(result->range, f32_whole);
    result->inexact = beyond(result->range, f64_whole);
}

static void hold_real(WfOperand *result, bool wide)
{
    result->range.whole = false;
    result->wide = wide;
    result->type = wide ? WEFT_F64 : WEFT_F32;
    if (!wide)
        result->range = f32_outward(result->range);
}

static void hold_type(WfOperand *result, WeftType type)
{
    const WeftRange *range = &result->range;

    if (type == WEFT_AUTO || !wf_pixel(type)->whole) {
        hold_real(result, type != WEFT_F32);
        return;
    }
    result->range.lo = fmax(range->lo, wf_pixel(type)->lo);
    result->range.hi = fmin(range->hi, wf_pixel(type)->hi);
    if (!(range->lo <= range->hi)) {
        result->range.lo = wf_pixel(type)->lo;
        result->range.hi = wf_pixel(type)->hi;
    }
    result->range.boolean = type == WEFT_BOOL;
    hold_whole(result);
    result->type = type;
}

static WeftType type_setting(const WeftOp *op, const double *settings)
{
    int setting = 0;

    for (const WeftParam *p = op->params; p && p->name; p++) {
        if (p->kind == WEFT_PARAM_TYPE)
            return (WeftType)settings[setting];
        setting += p->kind != WEFT_PARAM_NUMBER;
    }
    return WEFT_AUTO;
}

/* ------------------------------------------------------------------ shared */

WfOperand wf_describe(const WeftOp *op, const WfOperand *operands, int values, int count,
                      const double *settings, int setting_count, const WfTable *table,
                      WeftRange *ranges)
{
    WfOperand result = { .number = all_numbers(operands, count) };
    bool wide = result.number || any_wide(op, operands, values, count);
    WeftRange hull = hull_of(op, operands, values, count);
    WeftType kept = kept_type(op, operands, values);

    fill_ranges(op, operands, values, count, settings, setting_count, table, ranges);
    result.range = range_of(op, operands, values, count, ranges,
                            count + setting_count + (table ? table->columns : 0));
    if (op->gives == WEFT_GIVES_BOOL) {
        result.range = bool_range(result.range);
        result.type = WEFT_BOOL;
    } else if (op->gives == WEFT_GIVES_TYPE) {
        hold_type(&result, type_setting(op, settings));
    } else if (op->gives == WEFT_GIVES_KEEP && result.range.whole) {
        result.range.boolean = (kept == WEFT_BOOL || (kept == WEFT_AUTO && hull.boolean)) &&
                               result.range.lo >= 0 && result.range.hi <= 1;
        hold_whole(&result);
        result.type = result.range.boolean ? WEFT_BOOL : keep_whole_type(kept, result.range);
    } else if (op->gives == WEFT_GIVES_INTEGER ||
               (op->gives == WEFT_GIVES_ARITH && result.range.whole)) {
        hold_whole(&result);
        result.type = whole_type(result.range);
    } else {
        hold_real(&result, wide || op->gives == WEFT_GIVES_DOUBLE);
    }
    result.wide |= result.number;
    result.wide_inside = result.wide || any_wide_inside(operands, count);
    return result;
}

WfOperand wf_describe_constant(double value, bool integer, bool boolean, bool number)
{
    WfOperand result = { .number = number, .null = isnan(value) };

    result.range = (WeftRange) { .lo = value, .hi = value, .valid = !result.null };
    if (result.null) { /* fits wherever a value, a condition or an integer is wanted */
        result.range.whole = result.range.boolean = true;
        result.type = number ? WEFT_F64 : WEFT_F32;
    } else if (integer || boolean) {
        hold_whole(&result);
        result.range.boolean = boolean && (value == 0 || value == 1);
        result.type = result.range.boolean ? WEFT_BOOL : whole_type(result.range);
    } else {
        hold_real(&result, number);
    }
    result.wide |= number;
    result.wide_inside = result.wide;
    return result;
}

WfOperand wf_describe_file(WeftType type, bool never_invalid, bool lossy)
{
    WfOperand result = { .type = type };
    bool whole = wf_pixel(type)->whole;

    result.range = (WeftRange) { .lo = wf_describe_lowest(type),
                                 .hi = wf_describe_highest(type),
                                 .whole = whole,
                                 .boolean = type == WEFT_BOOL,
                                 .valid = whole && never_invalid };
    result.wide = whole ? beyond(result.range, f32_whole) : type == WEFT_F64;
    result.wide_inside = result.wide;
    result.inexact = lossy && whole && beyond(result.range, f64_whole);
    return result;
}

WeftType wf_describe_common(WeftType a, WeftType b)
{
    const WfPixel *pa = wf_pixel(a), *pb = wf_pixel(b);

    if (a == b)
        return a;
    if (pa->whole && pb->whole) {
        if (a != WEFT_BOOL && pa->lo <= pb->lo && pa->hi >= pb->hi)
            return a;
        if (b != WEFT_BOOL && pb->lo <= pa->lo && pb->hi >= pa->hi)
            return b;
        return wf_pixel_smallest(fmin(pa->lo, pb->lo), fmax(pa->hi, pb->hi));
    }
    if (a == WEFT_F64 || b == WEFT_F64)
        return WEFT_F64;
    if (pa->whole ? pa->hi > f32_whole : pb->whole && pb->hi > f32_whole)
        return WEFT_F64;
    return WEFT_F32;
}

double wf_describe_lowest(WeftType type)
{
    return wf_pixel(type)->whole ? wf_pixel(type)->lo : -INFINITY;
}

double wf_describe_highest(WeftType type)
{
    return !wf_pixel(type)->whole ? INFINITY
           : type == WEFT_U64     ? 0x1p64
           : type == WEFT_I64     ? 0x1p63
                                  : wf_pixel(type)->hi;
}
