/* check_stairs.c - rules become limits, in the pixel type. */
#include "harness.h"

#include <math.h>

#include "pass/stairs.h"
#include "tables.h"

static WfStairs stairs_of(WfGraph *g, const double *rules, int64_t rows, const WeftArg *further,
                          bool wide)
{
    WeftNode node = bands_sure(tables_reclass(g, bands_load(g, WEFT_F64), rules, rows, 3, further));
    WfStairs s;

    ck_assert(wf_stairs_make(&s, &g->nodes[node], wide, &bands_err));
    return s;
}

START_TEST(gaps_lie_between_ranges)
{
    static const double rules[] = { 20, 30, 2, 0, 10, 1 };
    WfGraph *g = bands_graph();
    WfStairs s = stairs_of(g, rules, 2, NULL, true);

    ck_assert_int_eq(s.count, 5);
    ck_assert(isnan(s.value[0]) && s.value[1] == 1 && isnan(s.value[2]) && s.value[3] == 2);
    ck_assert(s.limit[1] == 0 && s.limit[2] == 10 && s.limit[3] == 20);
    ck_assert(s.limit[4] == nextafter(30, 31));
    ck_assert(!s.keep);
    wf_stairs_free(&s);
    wf_graph_free(g);
}
END_TEST

START_TEST(an_open_end_is_the_next_number_of_the_pixel_type)
{
    static const double rules[] = { 0, 0.1, 1, 0.1, 5, 2 };
    WeftArg right = { .name = "closed", .node = WEFT_NONE, .text = "right" };
    WfGraph *g = bands_graph();
    WfStairs wide = stairs_of(g, rules, 2, &right, true);
    WfStairs narrow = stairs_of(g, rules, 2, &right, false);

    ck_assert(wide.limit[2] == nextafter(0.1, 1));
    ck_assert(narrow.limit[2] == (double)nextafterf(0.1f, 1));
    wf_stairs_free(&wide);
    wf_stairs_free(&narrow);
    wf_graph_free(g);
}
END_TEST

START_TEST(limits_that_change_nothing_are_left_out)
{
    static const double rules[] = { 0, 1, 7, 1, 2, 7, 2, 3, 7 };
    WfGraph *g = bands_graph();
    WfStairs s = stairs_of(g, rules, 3, NULL, true);

    ck_assert_int_eq(s.count, 3);
    wf_stairs_free(&s);
    wf_graph_free(g);
}
END_TEST

START_TEST(ends_that_round_to_one_leave_the_first_rule)
{
    static const double rules[] = { 0, 0.1, 1, 0.1 + 1e-12, 5, 2 };
    WeftArg both = { .name = "closed", .node = WEFT_NONE, .text = "both" };
    WfGraph *g = bands_graph();
    WfStairs s = stairs_of(g, rules, 2, &both, false);

    ck_assert(s.limit[2] == (double)nextafterf(0.1f, 1) && s.value[1] == 1 && s.value[2] == 2);
    wf_stairs_free(&s);
    wf_graph_free(g);
}
END_TEST

START_TEST(infinite_ends_are_held)
{
    static const double rules[] = { -INFINITY, 0, 1, 0, INFINITY, 2 };
    WfGraph *g = bands_graph();
    WfStairs s = stairs_of(g, rules, 2, NULL, false);

    ck_assert_int_eq(s.count, 3);
    ck_assert(s.limit[1] == -INFINITY && s.limit[2] == 0 && s.value[2] == 2);
    wf_stairs_free(&s);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("stairs", gaps_lie_between_ranges, an_open_end_is_the_next_number_of_the_pixel_type,
           limits_that_change_nothing_are_left_out, ends_that_round_to_one_leave_the_first_rule,
           infinite_ends_are_held)
