/* check_plain.c - what stands for a node where nothing is odd: the same bits, with less work. */
#include "harness.h"

#include "windows.h"
#include "graph/sound.h"

enum { SIDE = 20, REACH = 3 };

static const double bell[49] = { 1,  2, 3, 4, 3, 2, 1,  2,  4,  6, 8, 6, 4, 2, 3,  6, 9,
                                 12, 9, 6, 3, 4, 8, 12, 16, 12, 8, 4, 3, 6, 9, 12, 9, 6,
                                 3,  2, 4, 6, 8, 6, 4,  2,  1,  2, 3, 4, 3, 2, 1 };
static const double ones[49] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

static WeftNode statistic(Windows *w, WfStat stat, bool weighted, WfBeyond beyond,
                          WfMissing missing)
{
    WfFocal f = { .stat = stat,
                  .percent = 30,
                  .width = stat == WF_STAT_MODE ? 3 : 7,
                  .height = stat == WF_STAT_MODE ? 3 : 7,
                  .weights = weighted ? bell : ones,
                  .weighted = weighted,
                  .beyond = beyond,
                  .missing = missing,
                  .min_valid = missing == WF_MISSING_SKIP ? 5 : 1 };
    WeftNode root = bands_sure(wf_focal_apply(w->graph, w->input, &f, &bands_err));

    ck_assert_msg(wf_pass_run(w->graph, &root, 1, NULL, &bands_err), "%s", bands_err.message);
    ck_assert(wf_plain(w->graph, &bands_err));
    ck_assert(wf_graph_sound(w->graph, &bands_err));
    return root;
}

/* Off the edge, where windows have nothing but the raster's pixels. */
static void check_bits(Windows *w, WeftNode root, const char *what)
{
    WeftNode plain = wf_graph_plain(w->graph, root);

    for (int row = REACH; row < SIDE - REACH; row++)
        for (int col = REACH; col < SIDE - REACH; col++) {
            double a = windows_at(w, root, col, row, 24), b = windows_at(w, plain, col, row, 24);

            if (memcmp(&a, &b, sizeof a) != 0)
                ck_abort_msg("%s at %d, %d: %.17g, not %.17g", what, col, row, b, a);
        }
}

START_TEST(plain_nodes_have_the_bits_of_those_that_skip)
{
    for (int stat = 0; stat <= WF_STAT_LAST; stat++)
        for (int weighted = 0; weighted <= (stat == WF_STAT_SUM || stat == WF_STAT_MEAN);
             weighted++)
            for (int rule = 0; rule < WINDOWS_RULES; rule++)
                for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++) {
                    Windows *w = windows_new(WEFT_F32, SIDE, SIDE, false);
                    char what[64];

                    snprintf(what, sizeof what, "stat %d%s, beyond %d, missing %d", stat,
                             weighted ? " weighted" : "", windows_rules[rule], missing);
                    check_bits(w,
                               statistic(w, (WfStat)stat, weighted, windows_rules[rule],
                                         (WfMissing)missing),
                               what);
                    windows_free(w);
                }
}
END_TEST

/* Nodes of an operator that a node is made of, through all that others read of it. */
static int count_op(const WfGraph *g, WeftNode node, const char *op)
{
    bool *needed = calloc((size_t)g->count, sizeof *needed);
    int count = 0;

    needed[node] = true;
    for (WeftNode n = node; n >= 0; n--) {
        if (!needed[n])
            continue;
        count += strcmp(g->nodes[n].op->name, op) == 0;
        for (int i = 0; i < g->nodes[n].input_count; i++)
            needed[g->nodes[n].inputs[i]] = true;
    }
    free(needed);
    return count;
}

START_TEST(a_mean_counts_nothing_where_all_is_valid)
{
    Windows *w = windows_new(WEFT_F32, SIDE, SIDE, false);
    WeftNode root = statistic(w, WF_STAT_MEAN, false, WF_BEYOND_REFLECT, WF_MISSING_CENTER);

    ck_assert_int_gt(count_op(w->graph, root, "isvalid"), 0);
    ck_assert_int_eq(count_op(w->graph, wf_graph_plain(w->graph, root), "isvalid"), 0);
    ck_assert_int_eq(count_op(w->graph, wf_graph_plain(w->graph, root), "mask"), 0);
    windows_free(w);
}
END_TEST

START_TEST(a_maximum_compares_without_tests)
{
    Windows *w = windows_new(WEFT_F32, SIDE, SIDE, false);
    WeftNode root = statistic(w, WF_STAT_MAX, false, WF_BEYOND_INVALID, WF_MISSING_SKIP);
    const WfNode *plain = &w->graph->nodes[wf_graph_plain(w->graph, root)];

    ck_assert_int_gt(count_op(w->graph, root, "nmax"), 0);
    ck_assert_str_eq(plain->op->name, "max");
    ck_assert(plain->range.valid);
    windows_free(w);
}
END_TEST

START_TEST(an_infinite_range_is_none_within_the_limit)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_F32), right, sum;
    WeftArg args[] = { bands_arg(1, true), bands_arg(0, true) };

    right = bands_with(g, "neighbour", x, 2, args);
    sum = bands_op(g, "sub", 2, right, x);
    ck_assert(!g->nodes[sum].range.valid);
    ck_assert(wf_plain(g, &bands_err));
    ck_assert(g->nodes[wf_graph_plain(g, sum)].range.valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_graph_without_windows_has_no_plain_nodes)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_F32), sum = bands_op(g, "isvalid", 1, x);
    int count = g->count;

    ck_assert(wf_plain(g, &bands_err));
    ck_assert_int_eq(g->count, count);
    ck_assert_int_eq(wf_graph_plain(g, sum), sum);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("plain", plain_nodes_have_the_bits_of_those_that_skip,
           a_mean_counts_nothing_where_all_is_valid, a_maximum_compares_without_tests,
           an_infinite_range_is_none_within_the_limit, a_graph_without_windows_has_no_plain_nodes)
