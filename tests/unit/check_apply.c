/* check_apply.c - inputs and arguments are checked before a node is made of them. */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "graph/apply.h"
#include "graph/catalog.h"
#include "graph/sound.h"

static void kernel(void)
{
}

static const WeftOp sample = {
    .name = "sample",
    .inputs = 1,
    .kernel = { kernel, kernel },
    .params =
        (const WeftParam[]) {
            { .name = "low" },
            { .name = "share", .low = 0, .high = 1, .optional = true, .fallback = 0.5 },
            { .name = "bits",
              .kind = WEFT_PARAM_INTEGER,
              .low = 1,
              .high = 16,
              .optional = true,
              .fallback = 8 },
            { .name = "round",
              .kind = WEFT_PARAM_CHOICE,
              .optional = true,
              .option = true,
              .fallback = 1,
              .choices = "up|down|half_even" },
            { .name = "type",
              .kind = WEFT_PARAM_TYPE,
              .optional = true,
              .option = true,
              .fallback = WEFT_F32 },
            { .name = "ieee", .kind = WEFT_PARAM_FLAG, .optional = true, .option = true },
            { .name = NULL },
        },
};
static const WeftOp two = { .name = "two", .inputs = 2 };
static const WeftOp many = { .name = "many", .inputs = 2, .more = true, .chain = true };
static const WeftOp some = {
    .name = "some",
    .inputs = 1,
    .more = true,
    .kernel = { kernel, kernel },
};
static const WeftOp seeded = {
    .name = "seeded",
    .shape = WEFT_INDEX,
    .params = (const WeftParam[]) { { .name = "seed", .kind = WEFT_PARAM_REAL }, { .name = NULL } },
};

static const WeftOp steep = {
    .name = "steep",
    .inputs = 1,
    .params =
        (const WeftParam[]) {
            { .name = "zunit",
              .kind = WEFT_PARAM_UNIT,
              .optional = true,
              .option = true,
              .fallback = __builtin_nan("") },
            { .name = "xyunit",
              .kind = WEFT_PARAM_UNIT,
              .optional = true,
              .option = true,
              .fallback = __builtin_nan("") },
            { .name = NULL },
        },
};

static const WeftOp ends = {
    .name = "ends",
    .inputs = 1,
    .kernel = { kernel, kernel },
    .params =
        (const WeftParam[]) {
            { .name = "low", .finite = true },
            { .name = "high", .over = "low" },
            { .name = NULL },
        },
};

/* Position of each setting of `sample`. */
enum { BITS, ROUND, TYPE, IEEE };

static WfGraph *graph;
static WeftErr err;
static WeftNode raster, flag, number;

/* %0 an integer raster, %1 a bool, %2 a number */
static void start(void)
{
    WeftGrid grid = { .width = 3, .height = 2 };
    WfSource source = { .path = "a.tif", .band = 1 };

    graph = wf_graph_new(NULL);
    wf_graph_at(graph, &(WfPlaceOf) { .file = "s.lua", .line = 3 });
    raster = wf_graph_load(graph, &source, &grid, NULL);
    graph->nodes[raster].range = (WeftRange) { .hi = 255, .whole = true };
    source.band = 2;
    flag = wf_graph_load(graph, &source, &grid, NULL);
    graph->nodes[flag].range = (WeftRange) { .hi = 1, .whole = true, .boolean = true };
    number = wf_graph_constant(graph, 7, true, NULL, NULL);
}

static WeftArg value(const char *name, double v)
{
    return (WeftArg) { .name = name, .number = v, .node = WEFT_NONE };
}

static WeftArg word(const char *name, const char *text)
{
    return (WeftArg) { .name = name, .text = text, .node = WEFT_NONE };
}

/* `sample` on the raster with these arguments; low = 0 unless given. */
#define SAMPLE(...) sample_with((WeftArg[]) { __VA_ARGS__ }, COUNT(__VA_ARGS__))
#define COUNT(...) ((int)(sizeof((WeftArg[]) { __VA_ARGS__ }) / sizeof(WeftArg)))

static const WfNode *sample_with(const WeftArg *args, int count)
{
    WeftNode node = wf_apply(graph, &sample, &raster, 1, args, count, &err);

    return node == WEFT_NONE ? NULL : &graph->nodes[node];
}

static void check_refused(const WfNode *node, WeftCode code, const char *message)
{
    ck_assert_ptr_null(node);
    ck_assert_str_eq(err.message, message);
    ck_assert_int_eq(err.code, code);
    ck_assert_str_eq(err.op, "sample");
    ck_assert_int_eq(err.line, 3);
    ck_assert_int_eq(graph->count, 3);
}

START_TEST(numbers_become_constants_without_a_grid)
{
    const WfNode *node;

    start();
    node = SAMPLE(value(NULL, 2));
    ck_assert_int_eq(node->input_count, 3);
    ck_assert_int_eq(node->inputs[0], raster);
    ck_assert_double_eq(graph->nodes[node->inputs[1]].value, 2);
    ck_assert_double_eq(graph->nodes[node->inputs[2]].value, 0.5);
    ck_assert_ptr_null(graph->nodes[node->inputs[1]].grid);
    ck_assert(wf_graph_sound(graph, NULL));
}
END_TEST

START_TEST(a_number_may_be_a_node_without_a_grid)
{
    start();
    ck_assert_int_eq(SAMPLE({ .node = number })->inputs[1], number);
}
END_TEST

START_TEST(a_raster_is_no_number)
{
    start();
    check_refused(SAMPLE({ .node = flag }), WEFT_ETYPE, "\"low\" must be a number, not a raster");
    ck_assert_str_eq(err.hint, "sample(a, low, share, bits, {round=, type=, ieee=})");
}
END_TEST

START_TEST(missing_options_take_their_fallback)
{
    const WfNode *node;

    start();
    node = SAMPLE(value("low", 2));
    ck_assert_int_eq(node->setting_count, 4);
    ck_assert_double_eq(node->settings[BITS], 8);
    ck_assert_double_eq(node->settings[ROUND], 1);
    ck_assert_double_eq(node->settings[TYPE], WEFT_F32);
    ck_assert_double_eq(node->settings[IEEE], 0);
}
END_TEST

START_TEST(ieee_comes_from_the_graph)
{
    start();
    graph->ieee = true;
    ck_assert_double_eq(SAMPLE(value(NULL, 2))->settings[IEEE], 1);
    ck_assert_double_eq(SAMPLE(value(NULL, 2), value("ieee", 0))->settings[IEEE], 0);
}
END_TEST

START_TEST(given_settings_reach_the_node)
{
    const WfNode *node;

    start();
    node =
        SAMPLE(word("type", "u16"), word("round", "half_even"), value(NULL, 2), value("bits", 3));
    ck_assert_double_eq(node->settings[BITS], 3);
    ck_assert_double_eq(node->settings[ROUND], 2);
    ck_assert_double_eq(node->settings[TYPE], WEFT_U16);
}
END_TEST

START_TEST(unnamed_arguments_fill_the_places_left)
{
    const WfNode *node;

    start();
    node = SAMPLE(value("share", 0.25), value(NULL, 2), value(NULL, 5));
    ck_assert_double_eq(graph->nodes[node->inputs[1]].value, 2);
    ck_assert_double_eq(graph->nodes[node->inputs[2]].value, 0.25);
    ck_assert_double_eq(node->settings[BITS], 5);
}
END_TEST

START_TEST(a_missing_parameter_is_named)
{
    start();
    check_refused(SAMPLE(value("bits", 2)), WEFT_EARG, "\"low\" is missing");
}
END_TEST

START_TEST(an_unknown_parameter_is_named)
{
    start();
    check_refused(SAMPLE(value("lwo", 2)), WEFT_ENAME, "there is no parameter \"lwo\"");
    ck_assert_int_eq(strncmp(err.hint, "did you mean \"low\"?", 19), 0);
}
END_TEST

START_TEST(a_parameter_given_twice_is_named)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), value("low", 2)), WEFT_EARG, "\"low\" is given twice");
}
END_TEST

START_TEST(too_many_arguments_are_refused)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), value(NULL, 1), value(NULL, 3), value(NULL, 4)), WEFT_EARG,
                  "takes 3 arguments beside the rasters, got more");
}
END_TEST

START_TEST(numbers_keep_within_their_bounds)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), value(NULL, 1.5)), WEFT_EARG,
                  "\"share\" must be 0 to 1, not 1.5");
}
END_TEST

START_TEST(a_bound_refuses_nan)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), value(NULL, (double)NAN)), WEFT_EARG,
                  "\"share\" must be 0 to 1, not nan");
}
END_TEST

START_TEST(integers_are_whole)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), value("bits", 2.5)), WEFT_EARG,
                  "\"bits\" must be a whole number, not 2.5");
}
END_TEST

START_TEST(integers_keep_within_their_bounds)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), value("bits", 17)), WEFT_EARG,
                  "\"bits\" must be 1 to 16, not 17");
}
END_TEST

START_TEST(a_setting_is_no_raster)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), { .name = "bits", .node = raster }), WEFT_ETYPE,
                  "\"bits\" must be a whole number, not a raster");
}
END_TEST

START_TEST(a_wrong_choice_is_told_all_choices)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), word("round", "halfway")), WEFT_EARG,
                  "\"round\" must be up, down, half_even, not \"halfway\"");
}
END_TEST

START_TEST(a_wrong_type_is_told_all_types)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), word("type", "u9")), WEFT_ENAME,
                  "there is no pixel type \"u9\"");
    ck_assert_ptr_nonnull(strstr(err.hint, "u8 i8 u16"));
}
END_TEST

START_TEST(a_flag_is_true_or_false)
{
    start();
    check_refused(SAMPLE(value(NULL, 2), value("ieee", 2)), WEFT_EARG,
                  "\"ieee\" must be true or false, not 2");
}
END_TEST

static void check_count(const WeftOp *op, int count, const char *message)
{
    WeftNode inputs[WEFT_ARGS_MAX + 1] = { 0 };
    WeftErr refused = { 0 };
    WeftNode node = wf_apply(graph, op, inputs, count, NULL, 0, &refused);

    ck_assert_str_eq(refused.message, message);
    ck_assert_int_eq(node == WEFT_NONE, *message != '\0');
}

/* The settings zunit and xyunit of `steep` on the raster, whose values are in that unit. */
static const double *units_of(const char *unit, const WeftArg *args, int count)
{
    WeftNode node;

    graph->nodes[raster].unit = unit;
    node = wf_apply(graph, &steep, &raster, 1, args, count, &err);
    return node == WEFT_NONE ? NULL : graph->nodes[node].settings;
}

START_TEST(a_unit_is_a_name_or_metres)
{
    WeftArg name = word("xyunit", "US survey foot"), metres = value("xyunit", 111120);

    start();
    ck_assert_double_eq(units_of("", &name, 1)[1], 1200.0 / 3937);
    ck_assert_double_eq(units_of("", &metres, 1)[1], 111120);
    ck_assert(isnan(units_of("", NULL, 0)[1]));
}
END_TEST

START_TEST(a_zunit_that_is_not_given_is_the_first_inputs_unit)
{
    WeftArg metre = word("zunit", "m");

    start();
    ck_assert_double_eq(units_of("Feet", NULL, 0)[0], 0.3048);
    ck_assert_double_eq(units_of("Feet", &metre, 1)[0], 1);
    ck_assert(isnan(units_of("K", NULL, 0)[0]));
    ck_assert(isnan(units_of("", NULL, 0)[0]));
    ck_assert(isnan(units_of(NULL, NULL, 0)[0]));
    ck_assert(isnan(units_of("Feet", NULL, 0)[1]));
}
END_TEST

START_TEST(a_unit_in_metres_has_bounds)
{
    static const double wrong[] = { 0, -1, 1e-13, 1e13, INFINITY, NAN };

    start();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        WeftArg arg = value("zunit", wrong[i]);

        err = (WeftErr) { 0 };
        ck_assert_ptr_null(units_of("", &arg, 1));
        ck_assert_ptr_nonnull(
            strstr(err.message, "a unit's name, or metres from 1e-12 to 1e12, not "));
    }
    err = (WeftErr) { 0 };
    ck_assert_ptr_null(
        units_of("", &(WeftArg) { .name = "zunit", .node = raster, .number = 1 }, 1));
    ck_assert_int_eq(err.code, WEFT_ETYPE);
}
END_TEST

START_TEST(an_unknown_unit_is_told_the_nearest)
{
    WeftArg arg = word("zunit", "foots");

    start();
    ck_assert_ptr_null(units_of("", &arg, 1));
    ck_assert_str_eq(err.message, "there is no unit of length \"foots\"");
    ck_assert_ptr_nonnull(strstr(err.hint, "did you mean \"foot\"?"));
}
END_TEST

START_TEST(inputs_are_counted)
{
    start();
    check_count(&two, 1, "takes 2 rasters, got 1");
    check_count(&two, 2, "");
    check_count(&two, 3, "takes 2 rasters, got 3");
    check_count(&many, 1, "takes at least 2 rasters, got 1");
    check_count(&sample, 2, "takes 1 raster, got 2");
    check_count(&seeded, 1, "takes 0 rasters, got 1");
}
END_TEST

START_TEST(a_chain_takes_any_number_of_inputs)
{
    WeftNode inputs[100] = { 0 }, node;

    start();
    node = wf_apply(graph, &many, inputs, 100, NULL, 0, &err);
    ck_assert_int_eq(graph->nodes[node].input_count, 100);
}
END_TEST

START_TEST(a_kernel_that_is_no_chain_has_a_largest_number_of_inputs)
{
    start();
    check_count(&some, 24, "");
    check_count(&some, 25, "takes no more than 24 rasters, got 25");
}
END_TEST

START_TEST(an_input_outside_the_graph_is_refused)
{
    WeftNode inputs[] = { 0, 99 };

    start();
    ck_assert_int_eq(wf_apply(graph, &two, inputs, 2, NULL, 0, &err), WEFT_NONE);
    ck_assert_str_eq(err.message, "input 2 is no raster");
}
END_TEST

static WeftNode bitand(WeftNode a, WeftNode b)
{
    return wf_apply(graph, wf_catalog_find("bitand", NULL), (WeftNode[]) { a, b }, 2, NULL, 0,
                    &err);
}

START_TEST(bits_of_two_bools_are_logic)
{
    start();
    ck_assert_str_eq(graph->nodes[bitand(flag, flag)].op->name, "and");
    ck_assert_str_eq(graph->nodes[bitand(raster, number)].op->name, "bitand");
}
END_TEST

START_TEST(bits_of_a_bool_and_an_integer_are_refused)
{
    start();
    ck_assert_int_eq(bitand(flag, raster), WEFT_NONE);
    ck_assert_int_eq(err.code, WEFT_ETYPE);
    ck_assert_str_eq(err.message, "& on a bool and an integer raster");
    ck_assert_str_eq(err.hint, "write :ne(0) on the integer one");
}
END_TEST

START_TEST(bits_of_a_bool_and_a_number_are_refused)
{
    start();
    ck_assert_int_eq(bitand(flag, number), WEFT_NONE);
    ck_assert_str_eq(err.message, "& on a bool and a number");
}
END_TEST

START_TEST(without_memory_the_graph_stays_as_it_was)
{
    WeftArg low = value(NULL, 2);
    WeftNode node = WEFT_NONE;

    start();
    for (int i = 0; i < 2000; i++) /* so that arrays have to grow */
        wf_graph_constant(graph, i, true, NULL, NULL);
    graph->room = graph->count;
    for (int n = 1; node == WEFT_NONE; n++) {
        WeftErr failed = { 0 };
        int before = graph->count;

        wf_mem_fail_at(n);
        node = wf_apply(graph, &sample, &raster, 1, &low, 1, &failed);
        wf_mem_fail_at(0);
        if (node == WEFT_NONE) {
            ck_assert_int_eq(failed.code, WEFT_EMEM);
            ck_assert_int_eq(graph->count, before);
        }
    }
    ck_assert(wf_graph_sound(graph, NULL));
}
END_TEST

static bool ends_stand(WeftNode low, double from, double to)
{
    WeftArg args[2] = { { .name = "low", .node = low, .number = from },
                        { .name = "high", .node = WEFT_NONE, .number = to } };

    err = (WeftErr) { 0 };
    return wf_apply(graph, &ends, &raster, 1, args, 2, &err) != WEFT_NONE;
}

START_TEST(ends_that_are_known_are_in_order)
{
    start();
    ck_assert(ends_stand(WEFT_NONE, 0, 10) && ends_stand(WEFT_NONE, 10, 10));
    ck_assert(!ends_stand(WEFT_NONE, 10, 0));
    ck_assert_str_eq(err.message, "\"low\", 10, lies above \"high\", 0");
    ck_assert(!ends_stand(number, 0, 6));
    ck_assert(ends_stand(number, 0, (double)NAN));
    ck_assert(wf_graph_sound(graph, NULL));
}
END_TEST

START_TEST(an_end_that_is_known_later_may_turn_out_as_it_will)
{
    WeftNode later;

    start();
    later = wf_graph_add(graph, wf_catalog_find("neg", NULL), &number, 1, NULL, 0, NULL);
    ck_assert(ends_stand(later, 0, -100));
}
END_TEST

START_TEST(a_literal_may_have_to_be_finite)
{
    start();
    ck_assert(!ends_stand(WEFT_NONE, -INFINITY, 0));
    ck_assert_str_eq(err.message, "\"low\" must be a finite number, not -inf");
    ck_assert(ends_stand(WEFT_NONE, 0, INFINITY));
}
END_TEST

CHECK_MAIN("apply", numbers_become_constants_without_a_grid, a_number_may_be_a_node_without_a_grid,
           a_raster_is_no_number, missing_options_take_their_fallback, ieee_comes_from_the_graph,
           given_settings_reach_the_node, unnamed_arguments_fill_the_places_left,
           a_missing_parameter_is_named, an_unknown_parameter_is_named,
           a_parameter_given_twice_is_named, too_many_arguments_are_refused,
           numbers_keep_within_their_bounds, a_bound_refuses_nan, integers_are_whole,
           integers_keep_within_their_bounds, a_setting_is_no_raster,
           a_wrong_choice_is_told_all_choices, a_wrong_type_is_told_all_types,
           a_flag_is_true_or_false, a_unit_is_a_name_or_metres,
           a_zunit_that_is_not_given_is_the_first_inputs_unit, a_unit_in_metres_has_bounds,
           an_unknown_unit_is_told_the_nearest, inputs_are_counted,
           a_chain_takes_any_number_of_inputs,
           a_kernel_that_is_no_chain_has_a_largest_number_of_inputs,
           an_input_outside_the_graph_is_refused, bits_of_two_bools_are_logic,
           bits_of_a_bool_and_an_integer_are_refused, bits_of_a_bool_and_a_number_are_refused,
           without_memory_the_graph_stays_as_it_was, ends_that_are_known_are_in_order,
           an_end_that_is_known_later_may_turn_out_as_it_will, a_literal_may_have_to_be_finite)
