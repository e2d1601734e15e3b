/*
 * check_ranges.c - what an operator promises of its results holds for random inputs.
 *
 * Each operator's kernels are run on pixels drawn from random ranges: results must lie in the range
 * its RANGE function gives for these, be whole or valid where it says so, and carry NaN where the
 * operator says that its arithmetic does.
 */
#include "harness.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graph/catalog.h"
#include "graph/native.h"

enum { TRIALS = 4000, DRAWS = 12 };

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % below;
}

static double share(void)
{
    return draw(1u << 30) * 0x1p-30;
}

/* Ends of real ranges are floats: pass/infer sees to that. */
static const double ends[] = {
    -INFINITY, -1e38f, -0x1p53, -0x1p24, -1e5, -1000, -7,  -2,  -1,     -0.5,   0,     0.1f,
    0.5,       1,      2,       3,       5,    63,    255, 1e5, 0x1p24, 0x1p53, 1e38f, INFINITY
};

static double draw_end(bool whole)
{
    for (;;) {
        double v = ends[draw(sizeof ends / sizeof *ends)];

        if (!whole || isinf(v) || (floor(v) == v && fabs(v) <= 0x1p53))
            return v;
    }
}

static WeftRange draw_range(const WeftOp *op, int input)
{
    WeftRange r = { .valid = draw(2) };
    double a, b;

    if (input < 32 && op->bools >> input & 1) {
        r.boolean = r.whole = true;
        r.lo = draw(4) == 0;
        r.hi = 1;
        return r;
    }
    r.whole = draw(2) || (input < 32 && op->wholes >> input & 1);
    a = draw_end(r.whole);
    b = draw_end(r.whole);
    r.lo = fmin(a, b);
    r.hi = fmax(a, b);
    if (draw(5) == 0) /* as constants are */
        r.lo = r.hi = isinf(r.lo) ? 1 : r.lo;
    return r;
}

static double draw_setting(const WeftParam *p)
{
    switch (p->kind) {
    case WEFT_PARAM_INTEGER:
        return p->low + draw((uint32_t)(p->high - p->low) + 1);
    case WEFT_PARAM_CHOICE:
    case WEFT_PARAM_FLAG:
        return draw(strcmp(p->name, "ieee") == 0 ? 2 : p->kind == WEFT_PARAM_CHOICE ? 3 : 2);
    case WEFT_PARAM_TYPE:
        return 1 + draw(WEFT_TYPE_COUNT - 1);
    default:
        return draw(100);
    }
}

/* A value of the range that the pixel type can hold. */
static double draw_value(WeftRange r, bool wide)
{
    double v = draw(3) ? r.lo + share() * (r.hi - r.lo) : draw(2) ? r.lo : r.hi;

    if (!isfinite(r.lo) || !isfinite(r.hi))
        v = draw(3) ? (draw(2) ? 1 : -1) * exp2((int)draw(60) - 20) * share() : v;
    if (!r.valid && draw(4) == 0)
        return (double)NAN;
    if (r.whole)
        v = round(v);
    v = fmin(fmax(v, r.lo), r.hi);
    return wide ? v : (double)(float)v;
}

typedef struct Case {
    const WeftOp *op;
    WeftRange in[WEFT_ARGS_MAX], result;
    int inputs, count; /* inputs: values and NUMBERs; count: with settings */
} Case;

static void draw_case(const WeftOp *op, Case *c)
{
    *c = (Case) { .op = op };
    for (int i = 0; i < op->inputs; i++)
        c->in[c->count++] = draw_range(op, i);
    for (const WeftParam *p = op->params; p && p->name; p++)
        if (p->kind == WEFT_PARAM_NUMBER) {
            double v = draw_end(true);

            v = isinf(v) ? 2 : v;
            c->in[c->count++] = (WeftRange) { .lo = v, .hi = v, .whole = true, .valid = true };
        }
    c->inputs = c->count;
    for (const WeftParam *p = op->params; p && p->name; p++)
        if (p->kind != WEFT_PARAM_NUMBER) {
            double v = draw_setting(p);

            c->in[c->count++] = (WeftRange) { .lo = v, .hi = v, .whole = true, .valid = true };
        }
    c->result = op->range(c->in, c->count);
}

static bool within(WeftRange r, double limit)
{
    return r.lo >= -limit && r.hi <= limit;
}

/* What pass/infer demands before it takes f32. */
static bool fits_f32(const Case *c)
{
    for (int i = 0; i < c->inputs; i++)
        if (c->in[i].whole && !within(c->in[i], 0x1p24))
            return false;
    return !c->result.whole || within(c->result, 0x1p24);
}

static const char *broken(const Case *c, const double *args, double got)
{
    bool invalid = false;

    for (int i = 0; i < c->inputs; i++)
        invalid |= isnan(args[i]);
    if (isnan(got))
        return c->result.valid && (c->op->invalid == WEFT_DECIDES || !invalid) ? "is invalid"
                                                                               : NULL;
    if (invalid && c->op->invalid == WEFT_SPREADS)
        return NULL; /* the emitter sees to it */
    if (invalid && c->op->invalid == WEFT_CARRIES)
        return "does not carry NaN";
    if (got < c->result.lo || got > c->result.hi)
        return "is outside its range";
    return c->result.whole && floor(got) != got ? "is not whole" : NULL;
}

static int try_case(const Case *c, bool wide)
{
    double args[WEFT_ARGS_MAX];
    int failed = 0;

    for (int n = 0; n < DRAWS && !failed; n++) {
        double got;
        const char *wrong;

        for (int i = 0; i < c->count; i++)
            args[i] = draw_value(c->in[i], wide);
        got = wf_native_call(c->op->kernel[wide], wide, args, c->count);
        wrong = broken(c, args, got);
        if (!wrong && !c->result.whole)
            wrong = broken(c, args, (double)(float)got);
        if (wrong) {
            printf("%s %s: %.17g %s [%.17g, %.17g]\n", c->op->name, wide ? "f64" : "f32", got,
                   wrong, c->result.lo, c->result.hi);
            for (int i = 0; i < c->count; i++)
                printf("    %.17g of [%.17g, %.17g]%s\n", args[i], c->in[i].lo, c->in[i].hi,
                       c->in[i].whole ? " whole" : "");
            failed++;
        }
    }
    return failed;
}

/* The check of 64-bit reading breaks its promise only in a run that fails. What is looked up in a
 * table is in its column's range; a table that is drawn would not suit the other settings. */
static bool has_promise(const WeftOp *op)
{
    return op->kernel[0] && op->range && op->shape == WEFT_POINT && !wf_catalog_table(op) &&
           strcmp(op->name, "exact53") != 0;
}

START_TEST(ranges_hold_for_every_operator)
{
    int failed = 0, tried = 0;

    for (int i = 0; i < weft_op_count; i++) {
        const WeftOp *op = weft_op_table[i];
        int bad = 0;
        Case c;

        state = 1;
        for (int t = 0; has_promise(op) && t < TRIALS && bad < 3; t++) {
            draw_case(op, &c);
            if (fits_f32(&c))
                bad += try_case(&c, false);
            bad += try_case(&c, true);
            tried++;
        }
        failed += bad;
    }
    ck_assert_int_eq(failed, 0);
    ck_assert_int_gt(tried, 50 * TRIALS);
}
END_TEST

static WeftRange range_by(const char *name, const WeftRange *in, int count)
{
    WeftErr err = { 0 };

    return wf_catalog_find(name, &err)->range(in, count);
}

static void check_range(WeftRange r, double lo, double hi, bool whole, bool valid)
{
    ck_assert_double_eq(r.lo, lo);
    ck_assert_double_eq(r.hi, hi);
    ck_assert_int_eq(r.whole, whole);
    ck_assert_int_eq(r.valid, valid);
}

/* Ranges are worth their cost only where they are tight. */
START_TEST(ranges_of_integers_are_tight)
{
    const WeftRange u8 = { .hi = 255, .whole = true, .valid = true };
    const WeftRange u16 = { .hi = 65535, .whole = true, .valid = true };
    const WeftRange two = { .lo = 2, .hi = 2, .whole = true, .valid = true };
    const WeftRange no = { .whole = true, .valid = true };

    check_range(range_by("add", (WeftRange[]) { u8, u16 }, 2), 0, 65790, true, true);
    check_range(range_by("sub", (WeftRange[]) { u8, u16 }, 2), -65535, 255, true, true);
    check_range(range_by("mul", (WeftRange[]) { u8, u16 }, 2), 0, 16711425, true, true);
    check_range(range_by("pow", (WeftRange[]) { u8, two, no }, 3), 0, 65025, true, true);
    check_range(range_by("floordiv", (WeftRange[]) { u8, two }, 2), 0, 127, true, true);
    check_range(range_by("mod", (WeftRange[]) { u16, two }, 2), 0, 1, true, true);
    check_range(range_by("bitand", (WeftRange[]) { u16, u8 }, 2), 0, 255, true, true);
    check_range(range_by("bitor", (WeftRange[]) { u16, u8 }, 2), 0, 65535, true, true);
    check_range(range_by("shl", (WeftRange[]) { u8, two }, 2), 0, 1020, true, true);
    check_range(range_by("clamp", (WeftRange[]) { u16, no, two }, 3), 0, 2, true, true);
    check_range(range_by("div", (WeftRange[]) { u8, two, no }, 3), 0, 127.5, false, true);
    check_range(range_by("div", (WeftRange[]) { two, u8, no }, 3), -INFINITY, INFINITY, false,
                false);
}
END_TEST

CHECK_MAIN("ranges", ranges_hold_for_every_operator, ranges_of_integers_are_tight)
