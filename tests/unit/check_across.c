/* check_across.c - statistics across rasters, against what their valid values are. */
#include "harness.h"

#include "bands.h"
#include "pass/across.h"

typedef struct Across {
    WfGraph *graph;
    WeftNode inputs[BANDS_MAX];
    int count;
} Across;

static Across across(WeftType type, int count)
{
    Across a = { .graph = bands_graph(), .count = count };

    for (int i = 0; i < count; i++)
        a.inputs[i] = bands_gaps(a.graph, type, -1000);
    return a;
}

static WeftNode stat_of(Across *a, WfSeries series)
{
    series.inputs = a->inputs;
    series.count = a->count;
    return bands_sure(wf_across_apply(a->graph, &series, &bands_err));
}

static double value_of(Across *a, WfStat stat, const double *loads)
{
    static const double x[] = { 1, 2, 3, 4, 5, 6, 7 };

    return bands_value(a->graph, stat_of(a, (WfSeries) { .stat = stat, .percent = 40, .x = x }),
                       loads);
}

static void check_near(double got, double wanted, double tolerance)
{
    ck_assert_msg(fabs(got - wanted) <= tolerance || (isnan(got) && isnan(wanted)),
                  "%.17g, not %.17g", got, wanted);
}

static const struct {
    WfStat stat;
    double some; /* of 5, invalid, -3, 8, 8, invalid, 0 */
    double none; /* where all are invalid */
} facts[] = {
    { WF_STAT_COUNT, 5, 0 },
    { WF_STAT_PIXELS, 7, 7 },
    { WF_STAT_SUM, 18, NAN },
    { WF_STAT_MEAN, 3.6, NAN },
    { WF_STAT_MIN, -3, NAN },
    { WF_STAT_MAX, 8, NAN },
    { WF_STAT_RANGE, 11, NAN },
    { WF_STAT_VAR, 19.44, NAN },
    { WF_STAT_STD, 4.409081537009721, NAN },
    { WF_STAT_MEDIAN, 5, NAN },
    { WF_STAT_PERCENTILE, 3, NAN },
    { WF_STAT_MODE, 8, NAN },
    { WF_STAT_MINORITY, -3, NAN },
    { WF_STAT_VARIETY, 4, 0 },
    { WF_STAT_FIRST, 5, NAN },
    { WF_STAT_LAST, 0, NAN },
    { WF_STAT_ARGMIN, 3, NAN },
    { WF_STAT_ARGMAX, 4, NAN },
    { WF_STAT_MAD, 3, NAN },
    { WF_STAT_SLOPE, -0.2, NAN },
    { WF_STAT_INTERCEPT, 4.4, NAN },
    { WF_STAT_R, -0.09072184232530289, NAN },
    { WF_STAT_P, 0.8846480097813099, NAN }, /* scipy.stats.linregress */
};
enum { FACTS = sizeof facts / sizeof *facts };

START_TEST(invalid_values_are_skipped)
{
    static const double loads[] = { 5, NAN, -3, 8, 8, NAN, 0 };

    for (int i = 0; i < FACTS; i++) {
        Across a = across(WEFT_F64, 7);

        check_near(value_of(&a, facts[i].stat, loads), facts[i].some, 1e-14 * 20);
        wf_graph_free(a.graph);
    }
}
END_TEST

START_TEST(without_a_valid_value_a_result_is_invalid_or_counts_0)
{
    static const double loads[] = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };

    for (int i = 0; i < FACTS; i++) {
        Across a = across(WEFT_F32, 7);

        check_near(value_of(&a, facts[i].stat, loads), facts[i].none, 0);
        wf_graph_free(a.graph);
    }
}
END_TEST

START_TEST(values_of_the_inputs_keep_their_type_and_real_results_follow_it)
{
    static const struct {
        WfStat stat;
        WeftType i16, i32, f64;
    } types[] = {
        { WF_STAT_MIN, WEFT_I16, WEFT_I32, WEFT_F64 },
        { WF_STAT_MODE, WEFT_I16, WEFT_I32, WEFT_F64 },
        { WF_STAT_FIRST, WEFT_I16, WEFT_I32, WEFT_F64 },
        { WF_STAT_MEAN, WEFT_F32, WEFT_F64, WEFT_F64 },
        { WF_STAT_STD, WEFT_F32, WEFT_F64, WEFT_F64 },
        { WF_STAT_MEDIAN, WEFT_F32, WEFT_F64, WEFT_F64 },
        { WF_STAT_SLOPE, WEFT_F32, WEFT_F64, WEFT_F64 },
        { WF_STAT_MAD, WEFT_F32, WEFT_F64, WEFT_F64 },
        { WF_STAT_COUNT, WEFT_U8, WEFT_U8, WEFT_U8 },
        { WF_STAT_ARGMAX, WEFT_U8, WEFT_U8, WEFT_U8 },
    };
    static const double x[] = { 1, 2, 3 };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (int k = 0; k < 3; k++) {
            Across a = across((WeftType[]) { WEFT_I16, WEFT_I32, WEFT_F64 }[k], 3);
            WeftNode node = stat_of(&a, (WfSeries) { .stat = types[i].stat, .x = x });
            WeftType wanted = k == 0 ? types[i].i16 : k == 1 ? types[i].i32 : types[i].f64;

            ck_assert_msg(a.graph->nodes[node].type == wanted, "statistic %d: %s, not %s",
                          types[i].stat, weft_type_name(a.graph->nodes[node].type),
                          weft_type_name(wanted));
            wf_graph_free(a.graph);
        }
}
END_TEST

START_TEST(a_sum_of_integers_is_an_exact_integer)
{
    Across a = across(WEFT_I32, 3);
    WeftNode node = stat_of(&a, (WfSeries) { .stat = WF_STAT_SUM });
    double loads[] = { 2147483647, 2147483647, 1 };

    ck_assert_int_eq(a.graph->nodes[node].type, WEFT_I64);
    check_near(bands_value(a.graph, node, loads), 4294967295.0, 0);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(a_variance_of_1_around_a_million_keeps_its_digits)
{
    Across a = across(WEFT_F64, 4);
    WeftNode node = stat_of(&a, (WfSeries) { .stat = WF_STAT_VAR, .ddof = 1 });
    double loads[] = { 1e6 - 1, 1e6 + 1, 1e6, 1e6 };

    check_near(bands_value(a.graph, node, loads), 2.0 / 3, 1e-15);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(one_value_has_no_variance_with_ddof_1)
{
    Across a = across(WEFT_F64, 2);
    WeftNode node = stat_of(&a, (WfSeries) { .stat = WF_STAT_STD, .ddof = 1 });

    check_near(bands_value(a.graph, node, (double[]) { 3, NAN }), NAN, 0);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(a_line_needs_two_different_x)
{
    static const double x[] = { 2, 2, 5 };
    Across a = across(WEFT_F64, 3);
    WeftNode slope = stat_of(&a, (WfSeries) { .stat = WF_STAT_SLOPE, .x = x });
    WeftNode p = stat_of(&a, (WfSeries) { .stat = WF_STAT_P, .x = x });

    check_near(bands_value(a.graph, slope, (double[]) { 1, 4, NAN }), NAN, 0);
    check_near(bands_value(a.graph, p, (double[]) { 1, 4, NAN }), NAN, 0);
    check_near(bands_value(a.graph, slope, (double[]) { NAN, 4, 10 }), 2, 0);
    check_near(bands_value(a.graph, p, (double[]) { NAN, 4, 10 }), 0, 0);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(infinite_values_are_values)
{
    Across a = across(WEFT_F64, 4);
    double loads[] = { INFINITY, NAN, -INFINITY, 3 };

    check_near(value_of(&a, WF_STAT_MEDIAN, loads), 3, 0);
    ck_assert(value_of(&a, WF_STAT_MAX, loads) == INFINITY);
    check_near(value_of(&a, WF_STAT_ARGMAX, loads), 1, 0);
    check_near(value_of(&a, WF_STAT_ARGMIN, loads), 3, 0);
    wf_graph_free(a.graph);
}
END_TEST

/* Inputs are never invalid, but infinity less infinity is. */
START_TEST(a_deviation_that_is_no_number_is_left_out)
{
    Across a = across(WEFT_F64, 2);

    for (int i = 0; i < a.count; i++)
        a.inputs[i] = bands_op(a.graph, "coalesce", 2, a.inputs[i], bands_real(a.graph, 0));
    ck_assert(value_of(&a, WF_STAT_MAD, (double[]) { 1, INFINITY }) == INFINITY);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(one_value_may_be_infinite)
{
    Across a = across(WEFT_F64, 3);
    double loads[] = { NAN, INFINITY, NAN };

    ck_assert(value_of(&a, WF_STAT_PERCENTILE, loads) == INFINITY);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(a_median_computes_no_more_than_its_middle_needs)
{
    Across a = across(WEFT_U16, 30);
    WeftNode root = stat_of(&a, (WfSeries) { .stat = WF_STAT_MEDIAN });
    bool changed;

    ck_assert(wf_pass_trim(a.graph, &root, 1, &changed, &bands_err));
    ck_assert_int_le(bands_count(a.graph, "lesser") + bands_count(a.graph, "greater"), 280);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(more_rasters_than_a_network_sorts_are_one_function_on_rows)
{
    Across a = across(WEFT_U16, 2);
    WeftNode many[65], node;
    WfSeries series = { .inputs = many, .count = 65, .stat = WF_STAT_MEDIAN };

    for (int i = 0; i < 65; i++)
        many[i] = a.inputs[i % 2];
    node = bands_sure(wf_across_apply(a.graph, &series, &bands_err));
    ck_assert_str_eq(bands_name(a.graph, node), "many_median");
    ck_assert_int_eq(a.graph->nodes[node].type, WEFT_F32);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(pick_takes_the_raster_of_that_number)
{
    Across a = across(WEFT_I16, 3);
    WeftNode index = bands_gaps(a.graph, WEFT_F32, -1);
    WeftNode node = bands_sure(wf_across_pick(a.graph, a.inputs, a.count, index, &bands_err));

    ck_assert_int_eq(a.graph->nodes[node].type, WEFT_I16);
    check_near(bands_value(a.graph, node, (double[]) { 5, 6, 7, 1 }), 5, 0);
    check_near(bands_value(a.graph, node, (double[]) { 5, 6, 7, 3 }), 7, 0);
    check_near(bands_value(a.graph, node, (double[]) { 5, NAN, 7, 2 }), NAN, 0);
    check_near(bands_value(a.graph, node, (double[]) { 5, 6, 7, 0 }), NAN, 0);
    check_near(bands_value(a.graph, node, (double[]) { 5, 6, 7, 4 }), NAN, 0);
    check_near(bands_value(a.graph, node, (double[]) { 5, 6, 7, 1.5 }), NAN, 0);
    check_near(bands_value(a.graph, node, (double[]) { 5, 6, 7, NAN }), NAN, 0);
    wf_graph_free(a.graph);
}
END_TEST

START_TEST(memory_that_fails_gives_no_node)
{
    for (int i = 0; i < FACTS; i++)
        for (int64_t n = 1;; n++) {
            static const double x[] = { 1, 2, 3 };
            Across a = across(WEFT_F32, 3);
            WfSeries series = {
                .inputs = a.inputs, .count = 3, .stat = facts[i].stat, .percent = 40, .x = x
            };
            WeftErr err = { 0 };
            WeftNode node;

            wf_mem_fail_at(n);
            node = wf_across_apply(a.graph, &series, &err);
            wf_mem_fail_at(0);
            wf_graph_free(a.graph);
            ck_assert_msg((node == WEFT_NONE) == (err.code != WEFT_OK),
                          "statistic %d, allocation %d", facts[i].stat, (int)n);
            if (node != WEFT_NONE)
                break;
            ck_assert_int_eq(err.code, WEFT_EMEM);
        }
}
END_TEST

CHECK_MAIN("across", invalid_values_are_skipped,
           without_a_valid_value_a_result_is_invalid_or_counts_0,
           values_of_the_inputs_keep_their_type_and_real_results_follow_it,
           a_sum_of_integers_is_an_exact_integer, a_variance_of_1_around_a_million_keeps_its_digits,
           one_value_has_no_variance_with_ddof_1, a_line_needs_two_different_x,
           infinite_values_are_values, a_deviation_that_is_no_number_is_left_out,
           one_value_may_be_infinite, a_median_computes_no_more_than_its_middle_needs,
           more_rasters_than_a_network_sorts_are_one_function_on_rows,
           pick_takes_the_raster_of_that_number, memory_that_fails_gives_no_node)
