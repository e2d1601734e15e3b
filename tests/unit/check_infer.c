/* check_infer.c - grids, types and ranges of nodes, and the errors in them. */
#include "harness.h"

#include "bands.h"

START_TEST(the_types_of_sums_and_quotients)
{
    static const struct {
        const char *op;
        WeftType a, b, result;
    } cases[] = {
        { "add", WEFT_U8, WEFT_U8, WEFT_I16 },    { "sub", WEFT_U8, WEFT_U8, WEFT_I16 },
        { "sub", WEFT_U16, WEFT_U16, WEFT_I32 },  { "mul", WEFT_U8, WEFT_U8, WEFT_U16 },
        { "mul", WEFT_U16, WEFT_U16, WEFT_U32 },  { "add", WEFT_U32, WEFT_U32, WEFT_I64 },
        { "mul", WEFT_U32, WEFT_U32, WEFT_F64 },  { "div", WEFT_U8, WEFT_U8, WEFT_F32 },
        { "div", WEFT_I32, WEFT_U8, WEFT_F64 },   { "add", WEFT_I32, WEFT_F32, WEFT_F64 },
        { "add", WEFT_U16, WEFT_F32, WEFT_F32 },  { "add", WEFT_F32, WEFT_F64, WEFT_F64 },
        { "gt", WEFT_F64, WEFT_U8, WEFT_BOOL },   { "min", WEFT_U8, WEFT_I8, WEFT_I16 },
        { "max", WEFT_U32, WEFT_U32, WEFT_U32 },  { "add", WEFT_BOOL, WEFT_BOOL, WEFT_U8 },
        { "atan2", WEFT_U8, WEFT_U16, WEFT_F32 }, { "atan2", WEFT_U8, WEFT_U32, WEFT_F64 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode r =
            bands_op(g, cases[i].op, 2, bands_load(g, cases[i].a), bands_load(g, cases[i].b));

        ck_assert_msg(g->nodes[r].type == cases[i].result, "%s, case %zu: %s", cases[i].op, i,
                      weft_type_name(g->nodes[r].type));
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_product_beyond_2_to_53_is_marked_inexact)
{
    WfGraph *g = bands_graph();
    WeftNode u32 = bands_load(g, WEFT_U32);
    WeftNode sum = bands_op(g, "add", 2, u32, u32), product = bands_op(g, "mul", 2, u32, u32);

    ck_assert(!g->nodes[sum].inexact && g->nodes[sum].wide);
    ck_assert(g->nodes[product].inexact && g->nodes[product].wide);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_real_factor_keeps_f32_and_an_integer_one_integers)
{
    WfGraph *g = bands_graph();
    WeftNode u16 = bands_load(g, WEFT_U16);
    WeftNode tenth = bands_op(g, "mul", 2, u16, bands_real(g, 0.1));
    WeftNode twice = bands_op(g, "mul", 2, u16, bands_int(g, 2));
    WeftNode twofold = bands_op(g, "mul", 2, u16, bands_real(g, 2));

    ck_assert_int_eq(g->nodes[tenth].type, WEFT_F32);
    ck_assert_int_eq(g->nodes[twice].type, WEFT_I32);
    ck_assert_int_eq(g->nodes[twofold].type, WEFT_F32);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_comparison_with_a_great_integer_computes_in_f64)
{
    WfGraph *g = bands_graph();
    WeftNode f32 = bands_load(g, WEFT_F32);
    WeftNode small = bands_op(g, "gt", 2, f32, bands_int(g, 16777216));
    WeftNode great = bands_op(g, "gt", 2, f32, bands_int(g, 16777217));

    ck_assert(!g->nodes[small].wide_inside);
    ck_assert(g->nodes[great].wide_inside && !g->nodes[great].wide);
    wf_graph_free(g);
}
END_TEST

START_TEST(integers_with_nodata_may_be_invalid_and_others_not)
{
    WfGraph *g = bands_graph();
    WeftNode gaps = bands_gaps(g, WEFT_U8, 0), whole = bands_load(g, WEFT_U8);
    WeftNode misfit = bands_gaps(g, WEFT_U16, -9999);

    ck_assert(!g->nodes[gaps].range.valid);
    ck_assert(g->nodes[whole].range.valid);
    ck_assert(g->nodes[misfit].range.valid);
    ck_assert(g->nodes[bands_op(g, "add", 2, whole, misfit)].range.valid);
    ck_assert(!g->nodes[bands_op(g, "add", 2, whole, gaps)].range.valid);
    ck_assert(g->nodes[bands_op(g, "isvalid", 1, gaps)].range.valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_chain_is_described_like_its_pairs)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_I32), b = bands_load(g, WEFT_U8), c = bands_load(g, WEFT_F32);
    WeftNode chain = bands_op(g, "max", 3, a, b, c);
    WeftNode pairs = bands_op(g, "max", 2, bands_op(g, "max", 2, a, b), c);

    ck_assert_int_eq(g->nodes[chain].type, g->nodes[pairs].type);
    ck_assert_int_eq(g->nodes[chain].wide, g->nodes[pairs].wide);
    ck_assert_double_eq(g->nodes[chain].range.lo, g->nodes[pairs].range.lo);
    wf_graph_free(g);
}
END_TEST

START_TEST(choosing_between_bools_gives_bool)
{
    WfGraph *g = bands_graph();
    WeftNode u8 = bands_load(g, WEFT_U8), yes = bands_op(g, "gt", 2, u8, bands_int(g, 3));
    WeftNode chosen = bands_op(g, "where", 3, yes, yes, bands_null(g));

    ck_assert_int_eq(g->nodes[chosen].type, WEFT_BOOL);
    ck_assert(g->nodes[chosen].range.boolean);
    wf_graph_free(g);
}
END_TEST

START_TEST(choosing_a_raster_or_null_keeps_its_type)
{
    WfGraph *g = bands_graph();
    WeftNode i8 = bands_load(g, WEFT_I8), yes = bands_op(g, "gt", 2, i8, bands_int(g, 3));
    WeftNode chosen = bands_op(g, "where", 3, yes, i8, bands_null(g));

    ck_assert_int_eq(g->nodes[chosen].type, WEFT_I8);
    ck_assert(!g->nodes[chosen].range.valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(clamping_keeps_the_files_type)
{
    WfGraph *g = bands_graph();
    WeftArg args[] = { bands_arg(0, true), bands_arg(10, true) };
    WeftNode clamped = bands_with(g, "clamp", bands_load(g, WEFT_U32), 2, args);

    ck_assert_int_eq(g->nodes[clamped].type, WEFT_U32);
    ck_assert(!g->nodes[clamped].wide && g->nodes[clamped].wide_inside);
    ck_assert_double_eq(g->nodes[clamped].range.hi, 10);
    wf_graph_free(g);
}
END_TEST

START_TEST(casts_give_the_type_asked_for)
{
    static const WeftType types[] = { WEFT_U8,  WEFT_I8,  WEFT_U16, WEFT_I16, WEFT_U32, WEFT_I32,
                                      WEFT_U64, WEFT_I64, WEFT_F32, WEFT_F64, WEFT_BOOL };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        WfGraph *g = bands_graph();
        const WfPixel *pixel = wf_pixel(types[i]);
        WeftNode cast = bands_cast(g, bands_load(g, WEFT_F64), pixel->name);

        ck_assert_int_eq(g->nodes[cast].type, types[i]);
        ck_assert_int_eq(g->nodes[cast].range.whole, pixel->whole);
        if (pixel->whole)
            ck_assert_double_le(g->nodes[cast].range.hi, pixel->hi);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(columns_and_rows_are_valid_integers_within_the_grid)
{
    WfGraph *g = bands_graph();
    WeftNode col = wf_graph_add(g, wf_catalog_find("col", NULL), NULL, 0, NULL, 0, NULL);

    g->nodes[col].grid = wf_graph_grid(g, &bands_grid, NULL);
    ck_assert(wf_infer_node(g, col, &bands_err));
    ck_assert_int_eq(g->nodes[col].type, WEFT_U8);
    ck_assert_double_eq(g->nodes[col].range.hi, 3);
    ck_assert(g->nodes[col].range.valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(an_integer_condition_is_refused)
{
    WfGraph *g = bands_graph();
    WeftNode u8 = bands_load(g, WEFT_U8);

    ck_assert_int_eq(bands_try(g, "where", 3, u8, u8, u8), WEFT_NONE);
    ck_assert_int_eq(bands_err.code, WEFT_ETYPE);
    ck_assert_str_eq(bands_err.message, "cond must be bool, not u8");
    ck_assert_str_eq(bands_err.hint, "write r:ne(0)");
    ck_assert_str_eq(bands_err.op, "where");
    ck_assert_str_eq(bands_err.file, "test.lua");
    ck_assert_int_eq(bands_err.line, 7);
    ck_assert_int_eq(g->count, 1); /* nothing of it is left */
    wf_graph_free(g);
}
END_TEST

START_TEST(a_real_condition_is_refused)
{
    WfGraph *g = bands_graph();
    WeftNode f32 = bands_load(g, WEFT_F32);

    ck_assert_int_eq(bands_try(g, "not", 1, f32), WEFT_NONE);
    ck_assert_str_eq(bands_err.message, "a must be bool, not f32");
    ck_assert_str_eq(bands_err.hint, "compare it: r:gt(0), r:ne(0)");
    wf_graph_free(g);
}
END_TEST

START_TEST(a_number_as_condition_is_named_with_its_value)
{
    WfGraph *g = bands_graph();
    WeftNode u8 = bands_load(g, WEFT_U8);

    ck_assert_int_eq(bands_try(g, "mask", 2, u8, bands_int(g, 1)), WEFT_NONE);
    ck_assert_str_eq(bands_err.message, "cond must be bool, not the number 1");
    wf_graph_free(g);
}
END_TEST

START_TEST(bits_of_real_rasters_are_refused)
{
    WfGraph *g = bands_graph();
    WeftNode f32 = bands_load(g, WEFT_F32), u8 = bands_load(g, WEFT_U8);

    ck_assert_int_eq(bands_try(g, "bitand", 2, u8, f32), WEFT_NONE);
    ck_assert_str_eq(bands_err.message, "b must be integer-valued, not f32");
    ck_assert_str_eq(bands_err.hint, "write r:round(), r:floor() or r:trunc()");
    wf_graph_free(g);
}
END_TEST

START_TEST(a_real_number_of_bits_is_refused)
{
    WfGraph *g = bands_graph();

    ck_assert_int_eq(bands_try(g, "shl", 2, bands_load(g, WEFT_U8), bands_real(g, 2)), WEFT_NONE);
    ck_assert_str_eq(bands_err.message, "by must be integer-valued, not the number 2");
    ck_assert_str_eq(bands_err.hint, "write it without a decimal point");
    wf_graph_free(g);
}
END_TEST

START_TEST(different_grids_are_refused_with_the_difference_and_the_remedy)
{
    WfGraph *g = bands_graph();
    WeftGrid shifted = bands_grid;
    WeftNode a = bands_load(g, WEFT_U8), b;
    WfText how = { 0 }, mend = { 0 };
    char message[768];

    shifted.transform[0] += 5;
    b = bands_source(g, &(WfSource) { .type = WEFT_U8 }, &shifted);
    wf_grid_difference(&bands_grid, &shifted, &how, &mend);
    ck_assert_int_eq(bands_try(g, "add", 2, a, b), WEFT_NONE);
    ck_assert_int_eq(bands_err.code, WEFT_EGRID);
    snprintf(message, sizeof message, "inputs lie on different grids: %s", how.text);
    ck_assert_str_eq(bands_err.message, message);
    ck_assert_str_eq(bands_err.hint, mend.text);
    wf_text_free(&how);
    wf_text_free(&mend);
    wf_graph_free(g);
}
END_TEST

START_TEST(the_first_operand_with_a_grid_gives_it)
{
    WfGraph *g = bands_graph();
    WeftGrid near = bands_grid;
    WeftNode a = bands_load(g, WEFT_U8), b, sum;

    near.transform[0] += 1e-5;
    b = bands_source(g, &(WfSource) { .type = WEFT_U8 }, &near);
    sum = bands_op(g, "add", 2, bands_op(g, "add", 2, bands_int(g, 1), b), a);
    ck_assert_ptr_eq(g->nodes[sum].grid, g->nodes[b].grid);
    ck_assert_ptr_ne(g->nodes[sum].grid, g->nodes[a].grid);
    wf_graph_free(g);
}
END_TEST

START_TEST(numbers_have_no_grid)
{
    WfGraph *g = bands_graph();
    WeftNode sum = bands_op(g, "add", 2, bands_int(g, 1), bands_int(g, 2));

    ck_assert_ptr_null(g->nodes[sum].grid);
    ck_assert(g->nodes[sum].wide && g->nodes[sum].wide_inside);
    wf_graph_free(g);
}
END_TEST

START_TEST(inferring_again_changes_nothing)
{
    WfGraph *g = bands_graph();
    WeftNode u8 = bands_load(g, WEFT_U8);
    WeftNode root = bands_op(g, "and", 2, bands_bool(g, true), bands_op(g, "gt", 2, u8, u8));
    bool changed = true;

    ck_assert(wf_pass_infer(g, &root, 1, &changed, &bands_err));
    ck_assert(!changed);
    wf_graph_free(g);
}
END_TEST

/* A band whose values are in that unit. */
static WeftNode load_in(WfGraph *g, WeftType type, const char *unit)
{
    WeftNode node = bands_load(g, type);

    g->nodes[node].unit = wf_graph_unit(g, unit, &bands_err);
    return node;
}

static const char *unit_of(const WfGraph *g, WeftNode node)
{
    return g->nodes[node].unit;
}

START_TEST(what_still_is_a_value_of_the_inputs_keeps_their_unit)
{
    static const char *const one[] = { "neg",   "abs",   "floor",   "ceil",   "round",
                                       "trunc", "widen", "exact53", "narrow", "tpi" };
    static const char *const two[] = { "add",   "sub",      "mod",  "min",  "max",    "hypot",
                                       "nmean", "coalesce", "nsum", "nmin", "nmedian" };
    WfGraph *g = bands_graph();
    WeftNode a = load_in(g, WEFT_F32, "ft"), b = load_in(g, WEFT_F32, "ft");

    for (size_t i = 0; i < sizeof one / sizeof *one; i++)
        ck_assert_msg(!strcmp(unit_of(g, bands_op(g, one[i], 1, a)), "ft"), "%s", one[i]);
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        ck_assert_msg(!strcmp(unit_of(g, bands_op(g, two[i], 2, a, b)), "ft"), "%s", two[i]);
    wf_graph_free(g);
}
END_TEST

START_TEST(what_is_something_else_has_no_unit)
{
    static const char *const one[] = { "sign", "sqrt", "exp", "log", "sin", "isvalid", "ncount" };
    static const char *const two[] = { "mul", "div", "floordiv", "pow", "gt", "eq", "atan2" };
    WfGraph *g = bands_graph();
    WeftNode a = load_in(g, WEFT_F32, "ft"), b = load_in(g, WEFT_F32, "ft");

    for (size_t i = 0; i < sizeof one / sizeof *one; i++)
        ck_assert_msg(!strcmp(unit_of(g, bands_op(g, one[i], 1, a)), ""), "%s", one[i]);
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        ck_assert_msg(!strcmp(unit_of(g, bands_op(g, two[i], 2, a, b)), ""), "%s", two[i]);
    wf_graph_free(g);
}
END_TEST

START_TEST(what_says_no_unit_agrees_with_any)
{
    WfGraph *g = bands_graph();
    WeftNode feet = load_in(g, WEFT_F32, "ft"), bare = bands_load(g, WEFT_F32);
    WeftNode high = bands_op(g, "gt", 2, feet, bands_int(g, 3));

    ck_assert_str_eq(unit_of(g, bands_op(g, "add", 2, bare, feet)), "ft");
    ck_assert_str_eq(unit_of(g, bands_op(g, "add", 2, feet, bands_int(g, 3))), "ft");
    ck_assert_str_eq(unit_of(g, bands_op(g, "mask", 2, feet, high)), "ft");
    ck_assert_str_eq(unit_of(g, bands_op(g, "where", 3, high, bands_int(g, 3), feet)), "ft");
    ck_assert_str_eq(unit_of(g, bands_op(g, "add", 2, bare, bare)), "");
    wf_graph_free(g);
}
END_TEST

START_TEST(two_spellings_of_a_unit_agree)
{
    WfGraph *g = bands_graph();
    WeftNode feet = load_in(g, WEFT_F32, "ft"), other = load_in(g, WEFT_F32, "Feet");

    ck_assert_str_eq(unit_of(g, bands_op(g, "add", 2, feet, other)), "ft");
    ck_assert_str_eq(unit_of(g, bands_op(g, "add", 2, other, feet)), "Feet");
    wf_graph_free(g);
}
END_TEST

START_TEST(inputs_in_different_units_give_none)
{
    WfGraph *g = bands_graph();
    WeftNode feet = load_in(g, WEFT_F32, "ft"), metres = load_in(g, WEFT_F32, "m");

    ck_assert_str_eq(unit_of(g, bands_op(g, "add", 2, feet, metres)), "");
    ck_assert_str_eq(unit_of(g, bands_op(g, "coalesce", 2, metres, feet)), "");
    wf_graph_free(g);
}
END_TEST

START_TEST(false_and_true_have_no_unit)
{
    WfGraph *g = bands_graph();
    WeftNode feet = load_in(g, WEFT_U8, "ft");
    WeftArg type = { .node = WEFT_NONE, .text = "bool" };

    ck_assert_str_eq(unit_of(g, wf_infer_apply(g, "cast", &feet, 1, &type, 1, &bands_err)), "");
    type.text = "f32";
    ck_assert_str_eq(unit_of(g, wf_infer_apply(g, "cast", &feet, 1, &type, 1, &bands_err)), "ft");
    wf_graph_free(g);
}
END_TEST

START_TEST(a_unit_set_by_hand_stays)
{
    WfGraph *g = bands_graph();
    WeftNode feet = load_in(g, WEFT_F32, "ft"), half = bands_op(g, "mul", 2, feet, feet);
    bool changed;

    g->nodes[half].unit = g->nodes[feet].unit;
    ck_assert(wf_pass_run(g, &half, 1, NULL, &bands_err));
    ck_assert(wf_pass_infer(g, &half, 1, &changed, &bands_err));
    ck_assert_str_eq(g->nodes[half].unit, "ft");
    wf_graph_free(g);
}
END_TEST

START_TEST(memory_that_fails_is_an_error)
{
    WfGraph *g = bands_graph();
    WeftNode u8 = bands_load(g, WEFT_U8), sum = bands_op(g, "add", 2, u8, u8);

    for (int n = 1; n <= 2; n++) {
        WeftErr err = { 0 };

        wf_mem_fail_at(n);
        ck_assert(!wf_infer_node(g, sum, &err));
        ck_assert_int_eq(err.code, WEFT_EMEM);
    }
    wf_mem_fail_at(0);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("infer", the_types_of_sums_and_quotients, a_product_beyond_2_to_53_is_marked_inexact,
           a_real_factor_keeps_f32_and_an_integer_one_integers,
           a_comparison_with_a_great_integer_computes_in_f64,
           integers_with_nodata_may_be_invalid_and_others_not, a_chain_is_described_like_its_pairs,
           choosing_between_bools_gives_bool, choosing_a_raster_or_null_keeps_its_type,
           clamping_keeps_the_files_type, casts_give_the_type_asked_for,
           columns_and_rows_are_valid_integers_within_the_grid, an_integer_condition_is_refused,
           a_real_condition_is_refused, a_number_as_condition_is_named_with_its_value,
           bits_of_real_rasters_are_refused, a_real_number_of_bits_is_refused,
           different_grids_are_refused_with_the_difference_and_the_remedy,
           the_first_operand_with_a_grid_gives_it, numbers_have_no_grid,
           inferring_again_changes_nothing, what_still_is_a_value_of_the_inputs_keeps_their_unit,
           what_is_something_else_has_no_unit, what_says_no_unit_agrees_with_any,
           two_spellings_of_a_unit_agree, inputs_in_different_units_give_none,
           false_and_true_have_no_unit, a_unit_set_by_hand_stays, memory_that_fails_is_an_error)
