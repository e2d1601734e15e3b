/* check_fold.c - constants, and algebra that is exact in floating point. */
#include "harness.h"

#include "bands.h"

#include <float.h>

static bool fold(WfGraph *g, WeftNode *root)
{
    bool changed = false;

    ck_assert_msg(wf_pass_fold(g, root, 1, &changed, &bands_err), "%s", bands_err.message);
    bands_sound(g);
    return changed;
}

/* ------------------------------------------------------------------ constants */

static const WfNode *folded_number(WfGraph *g, WeftNode root)
{
    ck_assert(fold(g, &root));
    ck_assert_int_eq(g->nodes[root].op->shape, WEFT_CONSTANT);
    return &g->nodes[root];
}

START_TEST(numbers_are_computed_in_f64)
{
    WfGraph *g = bands_graph();
    WeftNode sum = bands_op(g, "add", 2, bands_real(g, 0.1), bands_real(g, 0.2));
    const WfNode *n = folded_number(g, sum);

    ck_assert_double_eq(n->value, 0.1 + 0.2);
    ck_assert(!n->integer);
    wf_graph_free(g);
}
END_TEST

START_TEST(integers_of_integers_stay_integers)
{
    WfGraph *g = bands_graph();
    WeftNode product = bands_op(g, "mul", 2, bands_int(g, 6), bands_int(g, 7));
    const WfNode *n = folded_number(g, product);

    ck_assert_double_eq(n->value, 42);
    ck_assert(n->integer);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_quotient_of_integers_is_real)
{
    WfGraph *g = bands_graph();
    const WfNode *n = folded_number(g, bands_op(g, "div", 2, bands_int(g, 6), bands_int(g, 3)));

    ck_assert_double_eq(n->value, 2);
    ck_assert(!n->integer);
    wf_graph_free(g);
}
END_TEST

START_TEST(division_by_zero_folds_to_null)
{
    WfGraph *g = bands_graph();
    const WfNode *n = folded_number(g, bands_op(g, "div", 2, bands_int(g, 1), bands_int(g, 0)));

    ck_assert(isnan(n->value));
    ck_assert(!n->integer && !n->range.valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_comparison_of_numbers_is_bool)
{
    WfGraph *g = bands_graph();
    const WfNode *n = folded_number(g, bands_op(g, "lt", 2, bands_int(g, 1), bands_int(g, 2)));

    ck_assert(n->range.boolean);
    ck_assert_int_eq(n->type, WEFT_BOOL);
    ck_assert_double_eq(n->value, 1);
    wf_graph_free(g);
}
END_TEST

START_TEST(numbers_fold_through_several_operators)
{
    WfGraph *g = bands_graph();
    WeftNode four = bands_op(g, "mul", 2, bands_int(g, 2), bands_int(g, 2));
    WeftNode root = bands_op(g, "add", 2, bands_load(g, WEFT_U8),
                             bands_op(g, "sub", 2, four, bands_op(g, "neg", 1, four)));

    ck_assert(fold(g, &root));
    ck_assert_double_eq(g->nodes[bands_input(g, root, 1)].value, 8);
    wf_graph_free(g);
}
END_TEST

START_TEST(rasters_are_not_folded)
{
    WfGraph *g = bands_graph();
    WeftNode root = bands_op(g, "add", 2, bands_load(g, WEFT_U8), bands_int(g, 2));

    ck_assert(!fold(g, &root));
    wf_graph_free(g);
}
END_TEST

static WeftNode spread(WfGraph *g, double value, bool integer)
{
    return wf_infer_constant(g, value, integer, false, &bands_grid, &bands_err);
}

START_TEST(constants_on_a_grid_fold_to_one_on_that_grid)
{
    WfGraph *g = bands_graph();
    const WfNode *n =
        folded_number(g, bands_op(g, "add", 2, spread(g, 0.1, false), bands_int(g, 2)));

    ck_assert_ptr_nonnull(n->grid);
    ck_assert_int_eq(n->type, WEFT_F32);
    ck_assert_double_eq(n->value, (double)(0.1f + 2.0f));
    wf_graph_free(g);
}
END_TEST

START_TEST(what_counts_pixels_is_not_folded)
{
    WfGraph *g = bands_graph();
    WeftArg type = { .name = "type", .node = WEFT_NONE, .text = "u8" };
    WeftNode given = spread(g, 300, true);
    WeftNode root = wf_infer_apply(g, "cast", &given, 1, &type, 1, &bands_err);

    ck_assert(!fold(g, &root));
    wf_graph_free(g);
}
END_TEST

/* ------------------------------------------------------------------ algebra */

typedef WeftNode Number(WfGraph *g, double value);

/* op(x, number) or op(number, x) of a raster: is it x afterwards? */
static bool gives_x(const char *op, WeftType type, Number *number, double value, bool swapped)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, type), n = number(g, value);
    WeftNode root = swapped ? bands_op(g, op, 2, n, x) : bands_op(g, op, 2, x, n);
    bool is_x;

    fold(g, &root);
    is_x = g->nodes[root].op->shape == WEFT_LOAD;
    wf_graph_free(g);
    return is_x;
}

START_TEST(neutral_numbers_leave_x)
{
    ck_assert(gives_x("mul", WEFT_F32, bands_int, 1, false));
    ck_assert(gives_x("mul", WEFT_F32, bands_real, 1, true));
    ck_assert(gives_x("mul", WEFT_U8, bands_int, 1, true));
    ck_assert(gives_x("div", WEFT_F32, bands_int, 1, false));
    ck_assert(gives_x("div", WEFT_F64, bands_int, 1, false));
    ck_assert(gives_x("sub", WEFT_F32, bands_int, 0, false));
    ck_assert(gives_x("pow", WEFT_F32, bands_int, 1, false));
}
END_TEST

START_TEST(what_is_not_exact_or_of_another_type_stays)
{
    ck_assert(!gives_x("add", WEFT_F32, bands_int, 0, false)); /* -0 + 0 is 0 */
    ck_assert(!gives_x("sub", WEFT_F32, bands_real, -0.0, false));
    ck_assert(!gives_x("sub", WEFT_F32, bands_int, 0, true));
    ck_assert(!gives_x("mul", WEFT_U8, bands_real, 1, false)); /* is f32, not u8 */
    ck_assert(!gives_x("div", WEFT_U8, bands_int, 1, false));
    ck_assert(!gives_x("div", WEFT_F32, bands_int, 1, true));
    ck_assert(!gives_x("mul", WEFT_F32, bands_real, 1 + 1e-9, false));
}
END_TEST

START_TEST(signs_cancel)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_F32), minus = bands_op(g, "neg", 1, x);
    WeftNode twice = bands_op(g, "neg", 1, minus);
    WeftNode root = bands_op(g, "abs", 1, bands_op(g, "abs", 1, minus));

    ck_assert(fold(g, &root));
    ck_assert_str_eq(bands_name(g, root), "abs");
    ck_assert_str_eq(bands_name(g, bands_input(g, root, 0)), "load");
    wf_graph_free(g);
    (void)twice;
}
END_TEST

START_TEST(minus_minus_x_is_x)
{
    WfGraph *g = bands_graph();
    WeftNode root = bands_op(g, "neg", 1, bands_op(g, "neg", 1, bands_load(g, WEFT_F32)));

    ck_assert(fold(g, &root));
    ck_assert_str_eq(bands_name(g, root), "load");
    wf_graph_free(g);
}
END_TEST

START_TEST(division_by_a_power_of_two_is_multiplication)
{
    static const struct {
        WeftType type;
        double divisor;
        bool folds;
    } cases[] = {
        { WEFT_F32, 2, true },         { WEFT_F32, -0.25, true },    { WEFT_F32, 3, false },
        { WEFT_F32, 0x1p126, true },   { WEFT_F32, 0x1p127, false }, { WEFT_F32, 0x1p-126, true },
        { WEFT_F32, 0x1p-127, false }, { WEFT_F64, 0x1p127, true },  { WEFT_F64, 0x1p1022, true },
        { WEFT_F64, 0x1p1023, false }, { WEFT_F32, 0, false },       { WEFT_F32, INFINITY, false },
        { WEFT_U8, 2, true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode root =
            bands_op(g, "div", 2, bands_load(g, cases[i].type), bands_real(g, cases[i].divisor));
        WfNode before = g->nodes[root];

        fold(g, &root);
        ck_assert_msg(bands_count(g, "mul") == cases[i].folds, "case %zu", i);
        ck_assert_int_eq(g->nodes[root].type, before.type);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(logic_with_constants_is_three_valued)
{
    static const struct {
        const char *op;
        bool constant;
        const char *result;
    } cases[] = { { "and", false, "constant" }, { "and", true, "gt" },  { "or", true, "constant" },
                  { "or", false, "gt" },        { "xor", false, "gt" }, { "xor", true, "xor" } };

    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode c = bands_bool(g, cases[i / 2].constant), x = bands_gaps(g, WEFT_U8, 0);
        WeftNode test = bands_op(g, "gt", 2, x, bands_int(g, 3)), root;

        root = i % 2 ? bands_op(g, cases[i / 2].op, 2, c, test)
                     : bands_op(g, cases[i / 2].op, 2, test, c);
        fold(g, &root);
        ck_assert_str_eq(bands_name(g, root), cases[i / 2].result);
        ck_assert_int_eq(g->nodes[root].type, WEFT_BOOL);
        ck_assert_ptr_eq(g->nodes[root].grid, g->nodes[x].grid);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(not_not_is_nothing)
{
    WfGraph *g = bands_graph();
    WeftNode test = bands_op(g, "gt", 2, bands_load(g, WEFT_U8), bands_int(g, 3));
    WeftNode root = bands_op(g, "not", 1, bands_op(g, "not", 1, test));

    ck_assert(fold(g, &root));
    ck_assert_str_eq(bands_name(g, root), "gt");
    wf_graph_free(g);
}
END_TEST

START_TEST(a_known_condition_chooses)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U8);
    WeftNode root = bands_op(g, "where", 3, bands_bool(g, false), a, b);

    ck_assert(fold(g, &root));
    ck_assert_str_eq(bands_name(g, root), "load");
    ck_assert_int_eq(g->sources[g->nodes[root].source].band, 2);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_choice_of_another_type_stays)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_F32);
    WeftNode root = bands_op(g, "where", 3, bands_bool(g, true), a, b);

    ck_assert(!fold(g, &root));
    ck_assert_int_eq(g->nodes[root].type, WEFT_F32);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_chosen_number_is_spread_over_the_grid)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8);
    WeftNode root = bands_op(g, "where", 3, bands_bool(g, true), bands_int(g, 5), a);

    fold(g, &root);
    ck_assert_ptr_eq(g->nodes[root].grid, g->nodes[a].grid);
    ck_assert_int_eq(g->nodes[root].type, WEFT_U8);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_chosen_real_number_is_rounded_to_f32)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_F32);
    WeftNode root = bands_op(g, "where", 3, bands_bool(g, true), bands_real(g, 0.1), a);

    ck_assert(fold(g, &root));
    ck_assert_double_eq(g->nodes[root].value, (double)0.1f);
    wf_graph_free(g);
}
END_TEST

START_TEST(what_is_never_invalid_needs_no_filling)
{
    static const struct {
        const char *op;
        bool gaps;
        const char *result;
    } cases[] = { { "fill", false, "load" },        { "fill", true, "fill" },
                  { "isvalid", false, "constant" }, { "isvalid", true, "isvalid" },
                  { "coalesce", false, "load" },    { "coalesce", true, "coalesce" },
                  { "level", false, "load" },       { "level", true, "level" } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode x = cases[i].gaps ? bands_gaps(g, WEFT_U8, 9) : bands_load(g, WEFT_U8);
        WeftArg value = bands_arg(3, true);
        WeftNode root = strcmp(cases[i].op, "fill") == 0 ? bands_with(g, "fill", x, 1, &value)
                        : strcmp(cases[i].op, "coalesce") == 0
                            ? bands_op(g, "coalesce", 2, x, bands_load(g, WEFT_U8))
                            : bands_op(g, cases[i].op, 1, x);

        fold(g, &root);
        ck_assert_str_eq(bands_name(g, root), cases[i].result);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(proven_validity_becomes_true_and_goes_on)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_U8);
    WeftNode root = bands_op(g, "mask", 2, x, bands_op(g, "isvalid", 1, x));

    ck_assert(fold(g, &root));
    ck_assert_str_eq(bands_name(g, root), "load");
    wf_graph_free(g);
}
END_TEST

START_TEST(rounding_integers_is_nothing)
{
    static const char *const ops[] = { "floor", "ceil", "round", "trunc" };

    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        WfGraph *g = bands_graph();
        WeftNode whole = bands_op(g, ops[i], 1, bands_load(g, WEFT_U16));
        WeftNode real = bands_op(g, ops[i], 1, bands_load(g, WEFT_F32));

        ck_assert(fold(g, &whole));
        ck_assert_str_eq(bands_name(g, whole), "load");
        ck_assert(!fold(g, &real));
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(casts_that_change_nothing_go)
{
    static const struct {
        WeftType from;
        const char *to;
        bool goes;
    } cases[] = { { WEFT_U8, "u8", true },     { WEFT_F32, "f32", true },
                  { WEFT_F64, "f64", true },   { WEFT_U8, "u16", false },
                  { WEFT_F32, "f64", false },  { WEFT_F64, "f32", false },
                  { WEFT_U16, "u8", false },   { WEFT_U8, "bool", false },
                  { WEFT_BOOL, "bool", true }, { WEFT_U8, "f32", false } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode root = bands_cast(g, bands_load(g, cases[i].from), cases[i].to);

        fold(g, &root);
        ck_assert_msg((bands_count(g, "cast") == 0) == cases[i].goes, "case %zu", i);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(folding_changes_no_value)
{
    static const double values[] = { 0.0,    -0.0,     1,        -1,       0.1f,    -7.5, 3e38f,
                                     -3e38f, 0x1p-149, 0x1p-126, INFINITY, FLT_MAX, NAN };
    static const char *const ops[] = { "mul", "div", "sub", "add" };
    static const double numbers[] = { 1, 0, -0.0, 2, 0.5, 0x1p126, 0x1p-126, 3 };

    for (size_t i = 0; i < sizeof ops / sizeof *ops * sizeof numbers / sizeof *numbers; i++) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_load(g, WEFT_F32);
        WeftNode root = bands_op(g, ops[i % 4], 2, x, bands_real(g, numbers[i / 4]));
        double before[13];

        for (int v = 0; v < 13; v++)
            before[v] = bands_value(g, root, &values[v]);
        fold(g, &root);
        for (int v = 0; v < 13; v++) {
            double after = bands_value(g, root, &values[v]);

            ck_assert_msg((isnan(after) && isnan(before[v])) ||
                              memcmp(&after, &before[v], sizeof after) == 0,
                          "%s %g %g", ops[i % 4], values[v], numbers[i / 4]);
        }
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(memory_that_fails_leaves_the_graph_as_it_was)
{
    for (int n = 1; n < 200; n++) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_load(g, WEFT_F32);
        WeftNode root =
            bands_op(g, "div", 2, x, bands_op(g, "add", 2, bands_int(g, 1), bands_int(g, 1)));
        WeftErr err = { 0 };
        bool changed, done;
        int count = g->count;

        wf_mem_fail_at(n);
        done = wf_pass_fold(g, &root, 1, &changed, &err);
        wf_mem_fail_at(0);
        if (!done) {
            ck_assert_int_eq(err.code, WEFT_EMEM);
            ck_assert_int_eq(g->count, count);
            ck_assert_str_eq(bands_name(g, root), "div");
        }
        bands_sound(g);
        wf_graph_free(g);
        if (done)
            return;
    }
    ck_abort_msg("never done");
}
END_TEST

CHECK_MAIN("fold", numbers_are_computed_in_f64, integers_of_integers_stay_integers,
           a_quotient_of_integers_is_real, division_by_zero_folds_to_null,
           a_comparison_of_numbers_is_bool, numbers_fold_through_several_operators,
           rasters_are_not_folded, constants_on_a_grid_fold_to_one_on_that_grid,
           what_counts_pixels_is_not_folded, neutral_numbers_leave_x,
           what_is_not_exact_or_of_another_type_stays, signs_cancel, minus_minus_x_is_x,
           division_by_a_power_of_two_is_multiplication, logic_with_constants_is_three_valued,
           not_not_is_nothing, a_known_condition_chooses, a_choice_of_another_type_stays,
           a_chosen_number_is_spread_over_the_grid, a_chosen_real_number_is_rounded_to_f32,
           what_is_never_invalid_needs_no_filling, proven_validity_becomes_true_and_goes_on,
           rounding_integers_is_nothing, casts_that_change_nothing_go, folding_changes_no_value,
           memory_that_fails_leaves_the_graph_as_it_was)
