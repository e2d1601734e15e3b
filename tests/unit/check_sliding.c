/* check_sliding.c - what a statistic of a window tells its function on rows. */
#include "harness.h"

#include "bands.h"
#include "graph/sight.h"
#include "pass/sliding.h"

/* Parameters of the functions, in order (ops/rows/cells.h). */
enum { MISSING, MIN_VALID, SHRINK, CELLS, SURE, PERCENT };

/* 3 x 3 without the centre, and all of it. */
static const double hole[] = { 1, 1, 1, 1, 0, 1, 1, 1, 1 };
static const double whole[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };

static const WfFocal median = { .stat = WF_STAT_MEDIAN,
                                .width = 3,
                                .height = 3,
                                .weights = whole,
                                .beyond = WF_BEYOND_NEAREST,
                                .min_valid = 1 };

static const WfNode *node_of(WfGraph *graph, WeftNode input, const WfFocal *focal)
{
    WfAround around;
    WeftNode node;

    wf_around_start(&around, graph, input, focal, &bands_err);
    node = bands_sure(wf_sliding_stat(&around));
    return &graph->nodes[node];
}

/* A parameter of the node that a statistic of a raster of u8 becomes. */
static double setting_of(WfFocal focal, bool gaps, int setting)
{
    WfGraph *graph = bands_graph();
    WeftNode input = gaps ? bands_gaps(graph, WEFT_U8, 255) : bands_load(graph, WEFT_U8);
    double value = node_of(graph, input, &focal)->settings[setting];

    wf_graph_free(graph);
    return value;
}

START_TEST(each_statistic_has_its_function)
{
    static const struct {
        WfStat stat;
        const char *name;
    } pairs[] = {
        { WF_STAT_MEDIAN, "window_median" },   { WF_STAT_PERCENTILE, "window_percentile" },
        { WF_STAT_MODE, "window_mode" },       { WF_STAT_MINORITY, "window_minority" },
        { WF_STAT_VARIETY, "window_variety" }, { WF_STAT_FIRST, "window_first" },
        { WF_STAT_LAST, "window_last" },       { WF_STAT_ARGMIN, "window_argmin" },
        { WF_STAT_ARGMAX, "window_argmax" },
    };
    WfGraph *graph = bands_graph();
    WeftNode input = bands_load(graph, WEFT_U8);
    WfFocal focal = median;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        focal.stat = pairs[i].stat;
        ck_assert_str_eq(node_of(graph, input, &focal)->op->name, pairs[i].name);
    }
    wf_graph_free(graph);
}
END_TEST

START_TEST(cells_are_listed_as_runs_row_by_row)
{
    static const double runs[] = { -1, -1, 1, 0, -1, -1, 0, 1, 1, 1, -1, 1 };
    WfGraph *graph = bands_graph();
    WfFocal focal = median;
    const double *table;
    int count;

    focal.weights = hole;
    table = wf_window_table(node_of(graph, bands_load(graph, WEFT_U8), &focal), &count);
    ck_assert_int_eq(count, sizeof runs / sizeof *runs);
    ck_assert_mem_eq(table, runs, sizeof runs);
    wf_graph_free(graph);
}
END_TEST

START_TEST(cells_without_weight_are_not_counted)
{
    WfFocal focal = median;

    focal.weights = hole;
    ck_assert_double_eq(setting_of(focal, false, CELLS), 8);
}
END_TEST

START_TEST(the_window_reaches_half_its_size_to_each_side)
{
    static const double ones[] = { 1, 1, 1, 1, 1 };
    WfGraph *graph = bands_graph();
    WfFocal focal = median;
    WeftWindow window;

    focal.width = 5;
    focal.height = 1;
    focal.weights = ones;
    window = wf_window_of(node_of(graph, bands_load(graph, WEFT_U8), &focal), 0);
    ck_assert_int_eq(window.left, 2);
    ck_assert_int_eq(window.right, 2);
    ck_assert_int_eq(window.up, 0);
    ck_assert_int_eq(window.down, 0);
    wf_graph_free(graph);
}
END_TEST

START_TEST(a_window_that_shrinks_finds_invalid_cells_outside)
{
    WfGraph *graph = bands_graph();
    WfFocal focal = median;
    const WfNode *node;

    focal.beyond = WF_BEYOND_SHRINK;
    node = node_of(graph, bands_load(graph, WEFT_U8), &focal);
    ck_assert_double_eq(node->settings[SHRINK], 1);
    ck_assert_int_eq(wf_window_of(node, 0).edges, WF_BEYOND_INVALID);
    wf_graph_free(graph);
}
END_TEST

START_TEST(the_percentile_follows_the_common_parameters)
{
    WfFocal focal = median;

    focal.stat = WF_STAT_PERCENTILE;
    focal.percent = 37.5;
    ck_assert_double_eq(setting_of(focal, false, PERCENT), 37.5);
}
END_TEST

START_TEST(values_outside_make_every_result_sure)
{
    ck_assert_double_eq(setting_of(median, false, SURE), 1);
}
END_TEST

START_TEST(invalid_pixels_leave_no_result_sure)
{
    ck_assert_double_eq(setting_of(median, true, SURE), 0);
}
END_TEST

START_TEST(invalid_cells_outside_leave_no_result_sure)
{
    WfFocal focal = median;

    focal.beyond = WF_BEYOND_INVALID;
    ck_assert_double_eq(setting_of(focal, false, SURE), 0);
}
END_TEST

START_TEST(a_window_that_shrinks_is_sure_of_its_centre)
{
    WfFocal focal = median;

    focal.beyond = WF_BEYOND_SHRINK;
    ck_assert_double_eq(setting_of(focal, false, SURE), 1);
    focal.weights = hole;
    ck_assert_double_eq(setting_of(focal, false, SURE), 0);
}
END_TEST

START_TEST(a_window_that_shrinks_may_have_too_few_cells)
{
    WfFocal focal = median;

    focal.beyond = WF_BEYOND_SHRINK;
    focal.missing = WF_MISSING_SKIP;
    focal.min_valid = 2;
    ck_assert_double_eq(setting_of(focal, false, SURE), 0);
}
END_TEST

START_TEST(a_constant_that_needs_f64_widens_the_input)
{
    WfGraph *graph = bands_graph();
    WfFocal focal = median;
    WeftNode input = bands_load(graph, WEFT_U8);
    const WfNode *node;

    focal.beyond = WF_BEYOND_CONSTANT;
    focal.constant = 16777217;
    node = node_of(graph, input, &focal);
    ck_assert(graph->nodes[node->inputs[0]].wide);
    focal.constant = 16777216;
    node = node_of(graph, input, &focal);
    ck_assert_int_eq(node->inputs[0], input);
    wf_graph_free(graph);
}
END_TEST

START_TEST(memory_that_fails_is_said)
{
    WfGraph *graph = bands_graph();
    WeftErr err = { 0 };
    WfAround around;

    wf_around_start(&around, graph, bands_load(graph, WEFT_U8), &median, &err);
    wf_mem_fail_at(1);
    ck_assert_int_eq(wf_sliding_stat(&around), WEFT_NONE);
    wf_mem_fail_at(0);
    ck_assert_int_eq(err.code, WEFT_EMEM);
    wf_graph_free(graph);
}
END_TEST

CHECK_MAIN("sliding", each_statistic_has_its_function, cells_are_listed_as_runs_row_by_row,
           cells_without_weight_are_not_counted, the_window_reaches_half_its_size_to_each_side,
           a_window_that_shrinks_finds_invalid_cells_outside,
           the_percentile_follows_the_common_parameters, values_outside_make_every_result_sure,
           invalid_pixels_leave_no_result_sure, invalid_cells_outside_leave_no_result_sure,
           a_window_that_shrinks_is_sure_of_its_centre,
           a_window_that_shrinks_may_have_too_few_cells, a_constant_that_needs_f64_widens_the_input,
           memory_that_fails_is_said)
