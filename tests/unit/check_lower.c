/* check_lower.c - operators written in terms of others. */
#include "harness.h"

#include "bands.h"

static bool lower(WfGraph *g, WeftNode *root)
{
    bool changed = false;

    ck_assert_msg(wf_pass_lower(g, root, 1, &changed, &bands_err), "%s", bands_err.message);
    bands_sound(g);
    return changed;
}

/* op over `count` bands of a type, lowered. */
static WfGraph *lowered(const char *op, WeftType type, int count, WeftNode *root)
{
    WfGraph *g = bands_graph();
    WeftNode inputs[BANDS_MAX];
    WfNode before;

    for (int i = 0; i < count; i++)
        inputs[i] = bands_gaps(g, type, -1000);
    *root = bands_sure(wf_infer_apply(g, op, inputs, count, NULL, 0, &bands_err));
    before = g->nodes[*root];
    ck_assert(lower(g, root));
    ck_assert_int_eq(g->nodes[*root].type, before.type);
    ck_assert_int_eq(g->nodes[*root].wide, before.wide);
    ck_assert(before.op->kernel[0] || bands_count(g, op) == 0);
    return g;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The valid ones of `loads`, sorted; gives how many. */
static int sorted_valid(const double *loads, int n, double *valid)
{
    int count = 0;

    for (int i = 0; i < n; i++)
        if (!isnan(loads[i]))
            valid[count++] = loads[i];
    qsort(valid, (size_t)count, sizeof *valid, by_value);
    return count;
}

static double median(const double *loads, int n)
{
    double valid[BANDS_MAX];
    int count = sorted_valid(loads, n, valid);

    if (count == 0)
        return NAN;
    return count % 2 ? valid[count / 2] : (valid[count / 2 - 1] + valid[count / 2]) / 2;
}

static void check_same(double a, double b)
{
    ck_assert_msg(a == b || (isnan(a) && isnan(b)), "%.17g, not %.17g", a, b);
}

START_TEST(a_median_is_right_for_every_set_of_valid_inputs)
{
    static const double values[] = { 5, -3, 8, 8, 0, 12, -7 };

    for (int n = 1; n <= 7; n++) {
        WeftNode root;
        WfGraph *g = lowered("nmedian", WEFT_I16, n, &root);

        for (int set = 0; set < 1 << n; set++) {
            double loads[7];

            for (int i = 0; i < n; i++)
                loads[i] = set >> i & 1 ? values[i] : NAN;
            check_same(bands_value(g, root, loads), median(loads, n));
        }
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_network_sorts_any_order_of_zeros_and_ones)
{
    /* A network that sorts these sorts everything (Knuth 5.3.4, theorem Z). */
    for (int n = 8; n <= 11; n++) {
        WeftNode root;
        WfGraph *g = lowered("nmedian", WEFT_I16, n, &root);

        for (int set = 0; set < 1 << n; set += n < 10 ? 1 : 7) {
            double loads[11];

            for (int i = 0; i < n; i++)
                loads[i] = set >> i & 1;
            check_same(bands_value(g, root, loads), median(loads, n));
        }
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_median_of_bytes_is_f32_and_of_words_f64)
{
    WeftNode root;
    WfGraph *g = lowered("nmedian", WEFT_I16, 4, &root);

    ck_assert_int_eq(g->nodes[root].type, WEFT_F32);
    wf_graph_free(g);
    g = lowered("nmedian", WEFT_I32, 4, &root);
    ck_assert_int_eq(g->nodes[root].type, WEFT_F64);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_mean_skips_invalid_inputs)
{
    WeftNode root;
    WfGraph *g = lowered("nmean", WEFT_I16, 3, &root);

    check_same(bands_value(g, root, (double[]) { 1, NAN, 4 }), 2.5);
    check_same(bands_value(g, root, (double[]) { NAN, NAN, 4 }), 4);
    check_same(bands_value(g, root, (double[]) { 7, NAN, NAN }), 7);
    check_same(bands_value(g, root, (double[]) { 1, 1, 2 }), (double)(float)(4.0 / 3));
    check_same(bands_value(g, root, (double[]) { NAN, NAN, NAN }), NAN);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_mean_is_summed_in_f64_and_rounded_once)
{
    WeftNode root;
    WfGraph *g = lowered("nmean", WEFT_F32, 3, &root);
    double big = 16777216, loads[] = { big, 1, 1 }; /* in f32 the ones would vanish */

    check_same(bands_value(g, root, loads), (double)(float)((big + 2) / 3));
    ck_assert_int_eq(g->nodes[root].type, WEFT_F32);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_mean_of_one_is_the_number_itself)
{
    WeftNode root;
    WfGraph *g = lowered("nmean", WEFT_I16, 1, &root);

    check_same(bands_value(g, root, (double[]) { 5 }), 5);
    check_same(bands_value(g, root, (double[]) { NAN }), NAN);
    ck_assert_int_eq(g->nodes[root].type, WEFT_F32);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_count_counts_valid_inputs)
{
    WeftNode root;
    WfGraph *g = lowered("ncount", WEFT_I16, 3, &root);

    check_same(bands_value(g, root, (double[]) { 1, NAN, 4 }), 2);
    check_same(bands_value(g, root, (double[]) { NAN, NAN, NAN }), 0);
    check_same(bands_value(g, root, (double[]) { 0, 0, 0 }), 3);
    ck_assert_int_eq(g->nodes[root].type, WEFT_U8);
    ck_assert(g->nodes[root].range.valid);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_count_of_one_is_an_integer)
{
    WeftNode root;
    WfGraph *g = lowered("ncount", WEFT_I16, 1, &root);

    ck_assert_int_eq(g->nodes[root].type, WEFT_U8);
    ck_assert(!g->nodes[root].range.boolean);
    wf_graph_free(g);
}
END_TEST

START_TEST(chains_go_from_left_to_right)
{
    WeftNode root;
    WfGraph *g = lowered("nmin", WEFT_F32, 4, &root);

    ck_assert_int_eq(bands_count(g, "nmin"), 3);
    for (int band = 3; band > 0; band--) {
        ck_assert_int_eq(bands_input(g, root, 1), band);
        root = bands_input(g, root, 0);
    }
    ck_assert_int_eq(root, 0);
    wf_graph_free(g);
}
END_TEST

START_TEST(chains_give_what_their_pairs_give)
{
    static const struct {
        const char *op;
        double result, gaps;
    } cases[] = { { "min", -2, NAN }, { "max", 9, NAN },  { "nmin", -2, 4 },
                  { "nmax", 9, 9 },   { "nsum", 11, 13 }, { "coalesce", 4, 4 } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WeftNode root;
        WfGraph *g = lowered(cases[i].op, WEFT_I16, 3, &root);

        check_same(bands_value(g, root, (double[]) { 4, -2, 9 }), cases[i].result);
        check_same(bands_value(g, root, (double[]) { 4, NAN, 9 }), cases[i].gaps);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(an_infinity_less_an_infinity_stays_invalid_in_a_sum)
{
    static const char *const ops[] = { "nsum", "nmean" };

    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        WeftNode root;
        WfGraph *g = lowered(ops[i], WEFT_F32, 3, &root);

        check_same(bands_value(g, root, (double[]) { INFINITY, -INFINITY, 5 }), NAN);
        check_same(bands_value(g, root, (double[]) { INFINITY, NAN, 5 }), INFINITY);
        check_same(bands_value(g, root, (double[]) { NAN, NAN, NAN }), NAN);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(nodes_of_a_chain_lie_where_the_chain_lay)
{
    WeftNode root;
    WfGraph *g = lowered("min", WEFT_U8, 3, &root);

    ck_assert_int_eq(g->nodes[bands_input(g, root, 0)].place.line, 7);
    wf_graph_free(g);
}
END_TEST

START_TEST(small_powers_are_products)
{
    static const int products[] = { 0, 0, 1, 2, 2, 3, 3, 4, 3 };

    for (int n = 2; n <= 8; n++) {
        WfGraph *g = bands_graph();
        WeftNode root = bands_op(g, "pow", 2, bands_load(g, WEFT_U8), bands_int(g, n));

        ck_assert(lower(g, &root));
        ck_assert_int_eq(bands_count(g, "pow"), 0);
        ck_assert_int_eq(bands_count(g, "mul"), products[n]);
        check_same(bands_value(g, root, (double[]) { 3 }), pow(3, n));
        check_same(bands_value(g, root, (double[]) { 10 }), pow(10, n));
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(other_powers_stay)
{
    static const double exponents[] = { 0, 1, 0.5, 2.5, -2, 9 };

    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        WfGraph *g = bands_graph();
        WeftNode root = bands_op(g, "pow", 2, bands_load(g, WEFT_F32), bands_real(g, exponents[i]));

        ck_assert(!lower(g, &root));
        ck_assert_int_eq(bands_count(g, "pow"), 1);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_square_keeps_the_range_of_the_power)
{
    WfGraph *g = bands_graph();
    WeftNode root = bands_op(g, "pow", 2, bands_load(g, WEFT_I8), bands_int(g, 2));
    WfNode before = g->nodes[root];

    ck_assert(lower(g, &root));
    ck_assert_double_eq(g->nodes[root].range.lo, before.range.lo);
    ck_assert_int_eq(g->nodes[root].type, before.type);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_real_power_of_integers_stays_real)
{
    WfGraph *g = bands_graph();
    WeftNode root = bands_op(g, "pow", 2, bands_load(g, WEFT_U16), bands_real(g, 2));

    ck_assert_int_eq(g->nodes[root].type, WEFT_F32);
    ck_assert(lower(g, &root));
    ck_assert_int_eq(g->nodes[root].type, WEFT_F32);
    ck_assert(!g->nodes[root].wide);
    check_same(bands_value(g, root, (double[]) { 65535 }), (double)(float)(65535.0 * 65535.0));
    wf_graph_free(g);
}
END_TEST

START_TEST(an_operator_without_a_lower_form_stays)
{
    WfGraph *g = bands_graph();
    WeftNode root = bands_op(g, "min", 2, bands_load(g, WEFT_U8), bands_load(g, WEFT_U8));

    ck_assert(!lower(g, &root));
    ck_assert_int_eq(g->count, 3);
    wf_graph_free(g);
}
END_TEST

START_TEST(memory_that_fails_leaves_the_graph_as_it_was)
{
    for (int n = 1; n < 500; n++) {
        WfGraph *g = bands_graph();
        WeftNode a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U8);
        WeftNode root = bands_op(g, "nmedian", 3, a, b, b);
        WeftErr err = { 0 };
        int count = g->count;
        bool changed, done;

        wf_mem_fail_at(n);
        done = wf_pass_lower(g, &root, 1, &changed, &err);
        wf_mem_fail_at(0);
        if (!done) {
            ck_assert_int_eq(err.code, WEFT_EMEM);
            ck_assert_int_eq(g->count, count);
            ck_assert_str_eq(bands_name(g, root), "nmedian");
        }
        bands_sound(g);
        wf_graph_free(g);
        if (done)
            return;
    }
    ck_abort_msg("never done");
}
END_TEST

CHECK_MAIN("lower", a_median_is_right_for_every_set_of_valid_inputs,
           a_network_sorts_any_order_of_zeros_and_ones, a_median_of_bytes_is_f32_and_of_words_f64,
           a_mean_skips_invalid_inputs, a_mean_is_summed_in_f64_and_rounded_once,
           a_mean_of_one_is_the_number_itself, a_count_counts_valid_inputs,
           a_count_of_one_is_an_integer, chains_go_from_left_to_right,
           chains_give_what_their_pairs_give, an_infinity_less_an_infinity_stays_invalid_in_a_sum,
           nodes_of_a_chain_lie_where_the_chain_lay, small_powers_are_products, other_powers_stay,
           a_square_keeps_the_range_of_the_power, a_real_power_of_integers_stays_real,
           an_operator_without_a_lower_form_stays, memory_that_fails_leaves_the_graph_as_it_was)
