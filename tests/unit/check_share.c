/* check_share.c - equal nodes become one. */
#include "harness.h"

#include "bands.h"

static bool share(WfGraph *g, WeftNode *roots, int count)
{
    bool changed = false;

    ck_assert(wf_pass_share(g, roots, count, &changed, &bands_err));
    bands_sound(g);
    return changed;
}

START_TEST(equal_expressions_become_one)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U8), roots[2];

    for (int i = 0; i < 2; i++)
        roots[i] = bands_op(g, "mul", 2, bands_op(g, "sub", 2, a, b), bands_int(g, 3));
    ck_assert(share(g, roots, 2));
    ck_assert_int_eq(roots[0], roots[1]);
    ck_assert_int_eq(bands_count(g, "sub"), 1);
    wf_graph_free(g);
}
END_TEST

START_TEST(loads_of_one_band_become_one)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_U8);
    WeftNode roots[] = { a, wf_graph_load(g, &g->sources[0], &bands_grid, &bands_err) };

    ck_assert(wf_infer_node(g, roots[1], &bands_err));
    ck_assert(share(g, roots, 2));
    ck_assert_int_eq(roots[0], roots[1]);
    wf_graph_free(g);
}
END_TEST

START_TEST(sums_and_products_commute_and_differences_do_not)
{
    static const struct {
        const char *op;
        bool shared;
    } cases[] = { { "add", true },  { "mul", true },  { "eq", true },    { "sub", false },
                  { "div", false }, { "min", false }, { "atan2", false } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode a = bands_load(g, WEFT_F32), b = bands_load(g, WEFT_F32);
        WeftNode roots[] = { bands_op(g, cases[i].op, 2, a, b), bands_op(g, cases[i].op, 2, b, a) };

        ck_assert_msg(share(g, roots, 2) == cases[i].shared, "%s", cases[i].op);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(what_looks_alike_and_differs_stays_apart)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_F32), roots[4];

    roots[0] = bands_op(g, "mul", 2, a, bands_int(g, 1));
    roots[1] = bands_op(g, "mul", 2, a, bands_real(g, 1));
    roots[2] = bands_op(g, "add", 2, a, bands_real(g, 0.0));
    roots[3] = bands_op(g, "add", 2, a, bands_real(g, -0.0));
    share(g, roots, 4);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++)
            ck_assert_int_ne(roots[i], roots[j]);
    wf_graph_free(g);
}
END_TEST

START_TEST(settings_count)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_load(g, WEFT_F32);
    WeftNode roots[] = { bands_cast(g, a, "u8"), bands_cast(g, a, "u16"), bands_cast(g, a, "u8") };

    ck_assert(share(g, roots, 3));
    ck_assert_int_ne(roots[0], roots[1]);
    ck_assert_int_eq(roots[0], roots[2]);
    wf_graph_free(g);
}
END_TEST

START_TEST(grids_that_agree_but_differ_in_bits_stay_apart)
{
    WfGraph *g = bands_graph();
    WeftGrid near = bands_grid;
    WeftNode a = bands_load(g, WEFT_F32), b, roots[2];

    near.transform[0] += 1e-5;
    b = bands_source(g, &(WfSource) { .type = WEFT_F32 }, &near);
    roots[0] = bands_op(g, "add", 2, a, b);
    roots[1] = bands_op(g, "add", 2, b, a);
    ck_assert(!share(g, roots, 2));
    wf_graph_free(g);
}
END_TEST

START_TEST(true_and_the_integer_1_stay_apart)
{
    WfGraph *g = bands_graph();
    WeftNode roots[] = { bands_bool(g, true), bands_int(g, 1), bands_bool(g, true) };

    ck_assert(share(g, roots, 3));
    ck_assert_int_ne(roots[0], roots[1]);
    ck_assert_int_eq(roots[0], roots[2]);
    wf_graph_free(g);
}
END_TEST

START_TEST(memory_that_fails_leaves_the_graph_as_it_was)
{
    for (int n = 1; n < 40; n++) {
        WfGraph *g = bands_graph();
        WeftNode a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U8), roots[2];
        WeftErr err = { 0 };
        bool changed, done;
        int count;

        for (int i = 0; i < 2; i++)
            roots[i] = bands_op(g, "sub", 2, a, b);
        count = g->count;
        wf_mem_fail_at(n);
        done = wf_pass_share(g, roots, 2, &changed, &err);
        wf_mem_fail_at(0);
        if (!done) {
            ck_assert_int_eq(err.code, WEFT_EMEM);
            ck_assert_int_eq(g->count, count);
            ck_assert_int_ne(roots[0], roots[1]);
        }
        bands_sound(g);
        wf_graph_free(g);
        if (done)
            return;
    }
    ck_abort_msg("never done");
}
END_TEST

CHECK_MAIN("share", equal_expressions_become_one, loads_of_one_band_become_one,
           sums_and_products_commute_and_differences_do_not,
           what_looks_alike_and_differs_stays_apart, settings_count,
           grids_that_agree_but_differ_in_bits_stay_apart, true_and_the_integer_1_stay_apart,
           memory_that_fails_leaves_the_graph_as_it_was)
