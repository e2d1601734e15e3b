/* check_pass.c - all passes in order; random graphs keep their values and their promises. */
#include "harness.h"

#include "bands.h"

#include <float.h>

START_TEST(the_passes_that_changed_something_are_shown_in_order)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_U8), twice = bands_op(g, "nmin", 3, x, x, bands_int(g, 3));
    WeftNode root =
        bands_op(g, "add", 2, twice, bands_op(g, "add", 2, bands_int(g, 1), bands_int(g, 2)));
    WfText text = { 0 };

    ck_assert(wf_pass_run(g, &root, 1, &text, &bands_err));
    ck_assert_ptr_null(strstr(text.text, "after infer"));
    ck_assert_ptr_nonnull(strstr(text.text, "after lower\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "after fold\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "after share\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "after trim\n"));
    ck_assert_ptr_nonnull(strstr(strstr(text.text, "after lower"), "after fold"));
    bands_sound(g);
    wf_text_free(&text);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_graph_that_is_done_is_not_shown)
{
    WfGraph *g = bands_graph();
    WeftNode root = bands_op(g, "neg", 1, bands_load(g, WEFT_U8));
    WfText text = { 0 };

    ck_assert(wf_pass_run(g, &root, 1, &text, &bands_err));
    ck_assert_ptr_null(text.text);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_vegetation_index_stays_three_operators)
{
    WfGraph *g = bands_graph();
    WeftNode n = bands_load(g, WEFT_U16), r = bands_load(g, WEFT_U16);
    WeftNode root = bands_op(g, "div", 2, bands_op(g, "sub", 2, n, r), bands_op(g, "add", 2, n, r));

    ck_assert(wf_pass_run(g, &root, 1, NULL, &bands_err));
    ck_assert_int_eq(g->count, 5);
    ck_assert_int_eq(g->nodes[root].type, WEFT_F32);
    ck_assert(!g->nodes[root].wide_inside);
    wf_graph_free(g);
}
END_TEST

START_TEST(no_number_is_left_to_compute)
{
    WfGraph *g = bands_graph();
    WeftNode half = bands_op(g, "nmean", 2, bands_int(g, 0), bands_int(g, 1));
    WeftNode root = bands_op(g, "mul", 2, bands_load(g, WEFT_U8), half);

    ck_assert(wf_pass_run(g, &root, 1, NULL, &bands_err));
    ck_assert_int_eq(g->count, 3);
    ck_assert_double_eq(g->nodes[bands_input(g, root, 1)].value, 0.5);
    wf_graph_free(g);
}
END_TEST

/* ------------------------------------------------------------------ random graphs */

typedef struct Random {
    uint64_t state;
} Random;

static uint32_t draw(Random *r, uint32_t below)
{
    r->state = r->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(r->state >> 33) % below;
}

enum { LOADS = 5, STEPS = 25, PIXELS = 40 };

static const WeftType load_types[LOADS] = { WEFT_U8, WEFT_I16, WEFT_U32, WEFT_F32, WEFT_F64 };

static WeftNode random_number(WfGraph *g, Random *r)
{
    static const double reals[] = { 0.5, 1, 0, -2, 0.1, 1e10, -0.0, 3 };
    static const double integers[] = { 0, 1, 2, -1, 3, 255, 16777217, -4 };

    switch (draw(r, 8)) {
    case 0:
        return bands_null(g);
    case 1:
        return bands_bool(g, draw(r, 2));
    case 2:
    case 3:
    case 4:
        return bands_real(g, reals[draw(r, 8)]);
    default:
        return bands_int(g, integers[draw(r, 8)]);
    }
}

static WeftNode pick(WfGraph *g, Random *r, bool boolean)
{
    for (int i = 0; i < 30; i++) {
        WeftNode node = (WeftNode)draw(r, (uint32_t)g->count);

        if (g->nodes[node].range.boolean == boolean)
            return node;
    }
    return boolean ? bands_bool(g, true) : 0;
}

/* One more operator on nodes that are there; nothing where it would be refused. */
static void random_step(WfGraph *g, Random *r)
{
    static const struct {
        const char *op;
        int inputs;
        unsigned bools;
    } ops[] = {
        { "add", 2, 0 },   { "sub", 2, 0 },      { "mul", 2, 0 },      { "div", 2, 0 },
        { "neg", 1, 0 },   { "abs", 1, 0 },      { "floordiv", 2, 0 }, { "mod", 2, 0 },
        { "gt", 2, 0 },    { "eq", 2, 0 },       { "and", 2, 3 },      { "or", 2, 3 },
        { "not", 1, 1 },   { "xor", 2, 3 },      { "where", 3, 1 },    { "mask", 2, 2 },
        { "min", 2, 0 },   { "max", 2, 0 },      { "nmin", 3, 0 },     { "nsum", 2, 0 },
        { "sqrt", 1, 0 },  { "coalesce", 2, 0 }, { "isvalid", 1, 0 },  { "floor", 1, 0 },
        { "round", 1, 0 }, { "sortlo", 2, 0 },   { "sorthi", 2, 0 },   { "halfway", 2, 0 },
        { "nmean", 3, 0 }, { "nmedian", 4, 0 },  { "ncount", 2, 0 },   { "bitand", 2, 0 },
        { "atan", 1, 0 },  { "hypot", 2, 0 },    { "exp", 1, 0 },      { "log", 1, 0 },
    };
    uint32_t which = draw(r, sizeof ops / sizeof *ops);
    WeftNode inputs[4];
    WeftErr err = { 0 };
    int before = g->count;

    for (int i = 0; i < ops[which].inputs; i++)
        inputs[i] = draw(r, 5) == 0 && !(ops[which].bools >> i & 1)
                        ? random_number(g, r)
                        : pick(g, r, ops[which].bools >> i & 1);
    before = g->count;
    if (wf_infer_apply(g, ops[which].op, inputs, ops[which].inputs, NULL, 0, &err) == WEFT_NONE)
        while (g->count > before)
            wf_graph_drop(g, g->count - 1);
}

static void random_pixel(Random *r, double *loads)
{
    static const double bytes[] = { 0, 1, 3, 255, 7, NAN };
    static const double shorts[] = { 0, -32768, 32767, -1, 100, NAN };
    static const double words[] = { 0, 4294967295, 16777217, 5, 1, NAN };
    static const double singles[] = { 0, -0.0, 0.1f, -1.5, FLT_MAX, NAN, 0x1p-149, INFINITY };
    static const double doubles[] = { 0, -0.0, 0.1, -1e300, 1e-310, NAN, -INFINITY, 3 };

    loads[0] = bytes[draw(r, 6)];
    loads[1] = shorts[draw(r, 6)];
    loads[2] = words[draw(r, 6)];
    loads[3] = singles[draw(r, 8)];
    loads[4] = doubles[draw(r, 8)];
}

static WfGraph *random_graph(Random *r)
{
    WfGraph *g = bands_graph();

    for (int i = 0; i < LOADS; i++)
        bands_gaps(g, load_types[i], 77);
    for (int i = 0; i < STEPS; i++)
        random_step(g, r);
    return g;
}

/* What infer says of a node holds for its value. */
static void check_promise(const WfGraph *g, WeftNode n, double v, uint32_t seed)
{
    const WfNode *node = &g->nodes[n];
    const WeftRange *range = &node->range;

    if (isnan(v)) {
        ck_assert_msg(!range->valid, "seed %u: %s is invalid", seed, node->op->name);
        return;
    }
    ck_assert_msg(v >= range->lo && v <= range->hi, "seed %u: %s %.17g outside [%.17g, %.17g]",
                  seed, node->op->name, v, range->lo, range->hi);
    ck_assert_msg(!range->whole || floor(v) == v, "seed %u: %s %.17g", seed, node->op->name, v);
    ck_assert_msg(!range->boolean || v == 0 || v == 1, "seed %u: %s", seed, node->op->name);
    ck_assert_msg(node->wide || (double)(float)v == v, "seed %u: %s", seed, node->op->name);
}

START_TEST(random_graphs_keep_what_infer_promises)
{
    for (uint32_t seed = 1; seed <= 150; seed++) {
        Random r = { seed };
        WfGraph *g = random_graph(&r);
        WeftNode root = g->count - 1;
        bool changed;

        ck_assert(wf_pass_lower(g, &root, 1, &changed, &bands_err)); /* kernels for all */
        for (int p = 0; p < PIXELS; p++) {
            double loads[LOADS];

            random_pixel(&r, loads);
            for (int n = 0; n < g->count; n++)
                if (g->nodes[n].op->shape != WEFT_CONSTANT)
                    check_promise(g, n, bands_value(g, n, loads), seed);
        }
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(random_graphs_keep_their_values_and_types)
{
    for (uint32_t seed = 1; seed <= 300; seed++) {
        Random r = { seed };
        WfGraph *g = random_graph(&r), *plain;
        WeftNode root = g->count - 1, other = root;
        WfNode before = g->nodes[root];
        bool changed;

        plain = wf_graph_copy(g, &other, 1, &bands_err);
        ck_assert(wf_pass_lower(plain, &other, 1, &changed, &bands_err));
        ck_assert(wf_pass_run(g, &root, 1, NULL, &bands_err));
        bands_sound(g);
        ck_assert_ptr_eq(g->nodes[root].grid, before.grid);
        if (before.grid) /* null as a number has no type */
            ck_assert_int_eq(g->nodes[root].type, before.type);
        for (int p = 0; p < PIXELS; p++) {
            double loads[LOADS], a, b;

            random_pixel(&r, loads);
            a = bands_value(plain, other, loads);
            b = bands_value(g, root, loads);
            ck_assert_msg((isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0,
                          "seed %u: %.17g, not %.17g", seed, b, a);
        }
        wf_graph_free(plain);
        wf_graph_free(g);
    }
}
END_TEST

CHECK_MAIN("pass", the_passes_that_changed_something_are_shown_in_order,
           a_graph_that_is_done_is_not_shown, a_vegetation_index_stays_three_operators,
           no_number_is_left_to_compute, random_graphs_keep_what_infer_promises,
           random_graphs_keep_their_values_and_types)
