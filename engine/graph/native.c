/*
 * native.c - an operator's native function on one pixel: what folding and the reference call.
 *
 * Kernels are C functions of a fixed number of arguments, all of one pixel type; each number has
 * its own call here. Needs: nothing; writes nothing.
 */
#include "graph/native.h"

#include <assert.h>
#include <math.h>

#define TYPES_1(px) px
#define TYPES_2(px) px, px
#define TYPES_3(px) TYPES_2(px), px
#define TYPES_4(px) TYPES_3(px), px
#define TYPES_5(px) TYPES_4(px), px
#define TYPES_6(px) TYPES_5(px), px
#define TYPES_7(px) TYPES_6(px), px
#define TYPES_8(px) TYPES_7(px), px
#define TYPES_9(px) TYPES_8(px), px
#define TYPES_10(px) TYPES_9(px), px
#define TYPES_11(px) TYPES_10(px), px
#define TYPES_12(px) TYPES_11(px), px
#define TYPES_13(px) TYPES_12(px), px
#define TYPES_14(px) TYPES_13(px), px
#define TYPES_15(px) TYPES_14(px), px
#define TYPES_16(px) TYPES_15(px), px
#define TYPES_17(px) TYPES_16(px), px
#define TYPES_18(px) TYPES_17(px), px
#define TYPES_19(px) TYPES_18(px), px
#define TYPES_20(px) TYPES_19(px), px
#define TYPES_21(px) TYPES_20(px), px
#define TYPES_22(px) TYPES_21(px), px
#define TYPES_23(px) TYPES_22(px), px
#define TYPES_24(px) TYPES_23(px), px

#define VALUES_1 a[0]
#define VALUES_2 VALUES_1, a[1]
#define VALUES_3 VALUES_2, a[2]
#define VALUES_4 VALUES_3, a[3]
#define VALUES_5 VALUES_4, a[4]
#define VALUES_6 VALUES_5, a[5]
#define VALUES_7 VALUES_6, a[6]
#define VALUES_8 VALUES_7, a[7]
#define VALUES_9 VALUES_8, a[8]
#define VALUES_10 VALUES_9, a[9]
#define VALUES_11 VALUES_10, a[10]
#define VALUES_12 VALUES_11, a[11]
#define VALUES_13 VALUES_12, a[12]
#define VALUES_14 VALUES_13, a[13]
#define VALUES_15 VALUES_14, a[14]
#define VALUES_16 VALUES_15, a[15]
#define VALUES_17 VALUES_16, a[16]
#define VALUES_18 VALUES_17, a[17]
#define VALUES_19 VALUES_18, a[18]
#define VALUES_20 VALUES_19, a[19]
#define VALUES_21 VALUES_20, a[20]
#define VALUES_22 VALUES_21, a[21]
#define VALUES_23 VALUES_22, a[22]
#define VALUES_24 VALUES_23, a[23]

#define CASE(px, n) \
    case n:         \
        return ((px(*)(TYPES_##n(px)))kernel)(VALUES_##n);
#define CASE_AT(px, n) \
    case n:            \
        return ((px(*)(int64_t, int64_t, TYPES_##n(px)))kernel)(col, row, VALUES_##n);
#define CASE_TABLE(px, n) \
    case n:               \
        return ((px(*)(TYPES_##n(px), const px *, int64_t))kernel)(VALUES_##n, table, rows);
#define CASES(each, px)                                                                          \
    each(px, 1) each(px, 2) each(px, 3) each(px, 4) each(px, 5) each(px, 6) each(px, 7)          \
        each(px, 8) each(px, 9) each(px, 10) each(px, 11) each(px, 12) each(px, 13) each(px, 14) \
            each(px, 15) each(px, 16) each(px, 17) each(px, 18) each(px, 19) each(px, 20)        \
                each(px, 21) each(px, 22) each(px, 23) each(px, 24)
_Static_assert(WEFT_ARGS_MAX == 24, "a call for each number of arguments");

#define CALLS(px, suffix)                                                                        \
    static px call_##suffix(WeftKernel kernel, const px *a, int count)                           \
    {                                                                                            \
        switch (count) {                                                                         \
            CASES(CASE, px)                                                                      \
        default:                                                                                 \
            return ((px(*)(void))kernel)();                                                      \
        }                                                                                        \
    }                                                                                            \
    static px call_at_##suffix(WeftKernel kernel, int64_t col, int64_t row, const px *a,         \
                               int count)                                                        \
    {                                                                                            \
        switch (count) {                                                                         \
            CASES(CASE_AT, px)                                                                   \
        default:                                                                                 \
            return ((px(*)(int64_t, int64_t))kernel)(col, row);                                  \
        }                                                                                        \
    }                                                                                            \
    static px call_table_##suffix(WeftKernel kernel, const px *table, int64_t rows, const px *a, \
                                  int count)                                                     \
    {                                                                                            \
        switch (count) {                                                                         \
            CASES(CASE_TABLE, px)                                                                \
        default:                                                                                 \
            return ((px(*)(const px *, int64_t))kernel)(table, rows);                            \
        }                                                                                        \
    }

CALLS(float, f32)
CALLS(double, f64)

static void to_floats(const double *args, int count, float floats[WEFT_ARGS_MAX])
{
    for (int i = 0; i < count; i++)
        floats[i] = (float)args[i];
}

/* A node's arguments in its kernel's order; gives how many. */
static int arguments_of(const WfNode *node, const double *inputs, double args[WEFT_ARGS_MAX])
{
    int count = 0;

    assert(node->input_count + node->setting_count <= WEFT_ARGS_MAX);
    for (int i = 0; i < node->input_count; i++)
        args[count++] = inputs[i];
    for (int i = 0; i < node->setting_count; i++)
        args[count++] = node->settings[i];
    return count;
}

double wf_native_call(WeftKernel kernel, bool wide, const double *args, int count)
{
    float floats[WEFT_ARGS_MAX];

    assert(kernel && count >= 0 && count <= WEFT_ARGS_MAX);
    if (wide)
        return call_f64(kernel, args, count);
    to_floats(args, count, floats);
    return call_f32(kernel, floats, count);
}

double wf_native_call_at(WeftKernel kernel, bool wide, int64_t col, int64_t row, const double *args,
                         int count)
{
    float floats[WEFT_ARGS_MAX];

    assert(kernel && count >= 0 && count <= WEFT_ARGS_MAX);
    if (wide)
        return call_at_f64(kernel, col, row, args, count);
    to_floats(args, count, floats);
    return call_at_f32(kernel, col, row, floats, count);
}

double wf_native_call_table(WeftKernel kernel, bool wide, const WfTable *table, const double *args,
                            int count)
{
    float floats[WEFT_ARGS_MAX];

    assert(kernel && table && count >= 0 && count <= WEFT_ARGS_MAX);
    if (wide)
        return call_table_f64(kernel, table->wide, table->rows, args, count);
    to_floats(args, count, floats);
    return call_table_f32(kernel, table->narrow, table->rows, floats, count);
}

double wf_native_node(const WfNode *node, const double *inputs, int64_t col, int64_t row)
{
    const WeftOp *op = node->op;
    double args[WEFT_ARGS_MAX], result;
    int count;

    if (op->shape == WEFT_CONSTANT)
        return node->value; /* its readers convert it */
    if (op->invalid == WEFT_SPREADS)
        for (int i = 0; i < node->input_count; i++)
            if (isnan(inputs[i]))
                return (double)NAN;
    count = arguments_of(node, inputs, args);
    if (node->table)
        result = wf_native_call_table(op->kernel[node->wide_inside], node->wide_inside, node->table,
                                      args, count);
    else if (op->shape == WEFT_INDEX)
        result = wf_native_call_at(op->kernel[node->wide_inside], node->wide_inside, col, row, args,
                                   count);
    else
        result = wf_native_call(op->kernel[node->wide_inside], node->wide_inside, args, count);
    return node->wide ? result : (double)(float)result;
}

bool wf_native_watch(const WfNode *node, const double *inputs)
{
    double args[WEFT_ARGS_MAX];
    int count = arguments_of(node, inputs, args);

    return wf_native_call(node->op->watch[node->wide_inside], node->wide_inside, args, count) != 0;
}
