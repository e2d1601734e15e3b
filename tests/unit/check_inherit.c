/* check_inherit.c - what nodes have of the files that their values are from. */
#include "harness.h"

#include "bands.h"
#include "pass/inherit.h"

static const char *const wood[] = { "none", "wood" };
static const WfMeaning classes = { .scale = 1,
                                   .legend = { .categories = wood, .category_count = 2 } };

static WeftNode classed(WfGraph *g, double nodata)
{
    WfSource source = {
        .type = WEFT_U8, .has_nodata = true, .nodata = nodata, .meaning = &classes
    };

    return bands_source(g, &source, &bands_grid);
}

static WfOrigin origin(const WfGraph *g, WeftNode node)
{
    return g->nodes[node].origin;
}

START_TEST(operators_that_give_values_keep_nodata_and_meaning)
{
    static const struct {
        const char *op;
        int inputs;
    } cases[] = { { "min", 2 }, { "max", 2 }, { "nmin", 2 }, { "nmax", 3 }, { "coalesce", 3 } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode a = classed(g, 7), b = classed(g, 7), c = classed(g, 7);
        WeftNode x = cases[i].inputs == 2 ? bands_op(g, cases[i].op, 2, a, b)
                                          : bands_op(g, cases[i].op, 3, a, b, c);

        ck_assert_msg(origin(g, x).found && origin(g, x).pure && origin(g, x).nodata == 7, "%s",
                      cases[i].op);
        ck_assert_msg(g->nodes[x].meaning && g->nodes[x].meaning == g->nodes[a].meaning, "%s",
                      cases[i].op);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_condition_has_no_part_in_it)
{
    WfGraph *g = bands_graph();
    WeftNode a = classed(g, 7), other = bands_gaps(g, WEFT_U8, 9);
    WeftNode cond = bands_op(g, "gt", 2, other, bands_int(g, 3));

    ck_assert(origin(g, bands_op(g, "mask", 2, a, cond)).found);
    ck_assert(origin(g, bands_op(g, "where", 3, cond, a, bands_null(g))).pure);
    ck_assert(!origin(g, bands_op(g, "where", 3, cond, a, other)).found);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_number_beside_them_may_equal_the_nodata_value)
{
    WfGraph *g = bands_graph();
    WeftNode a = classed(g, 7), cond = bands_op(g, "gt", 2, a, bands_int(g, 3));
    WfOrigin other = origin(g, bands_op(g, "where", 3, cond, a, bands_int(g, 8)));
    WfOrigin equal = origin(g, bands_op(g, "where", 3, cond, a, bands_int(g, 7)));

    ck_assert(other.found && other.pure);
    ck_assert(equal.found && !equal.pure);
    wf_graph_free(g);
}
END_TEST

START_TEST(other_values_have_neither)
{
    WfGraph *g = bands_graph();
    WeftNode a = classed(g, 7), x = bands_op(g, "add", 2, a, bands_int(g, 0));

    ck_assert(!origin(g, x).found);
    ck_assert_ptr_null(g->nodes[x].meaning);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_cast_keeps_the_meaning_where_it_keeps_the_values)
{
    WfGraph *g = bands_graph();
    WeftNode a = classed(g, 7);

    ck_assert_ptr_eq(g->nodes[bands_cast(g, a, "i16")].meaning, g->nodes[a].meaning);
    ck_assert_ptr_eq(g->nodes[bands_cast(g, a, "f32")].meaning, g->nodes[a].meaning);
    ck_assert_ptr_null(g->nodes[bands_cast(g, a, "i8")].meaning);
    wf_graph_free(g);
}
END_TEST

START_TEST(rasters_that_disagree_leave_nothing)
{
    WfGraph *g = bands_graph();
    WeftNode a = classed(g, 7), b = bands_gaps(g, WEFT_U8, 7);
    WeftNode x = bands_op(g, "nmax", 2, a, b);

    ck_assert(origin(g, x).found); /* the nodata values agree, the meanings do not */
    ck_assert_ptr_null(g->nodes[x].meaning);
    ck_assert(!origin(g, bands_op(g, "nmax", 2, a, classed(g, 8))).found);
    ck_assert(!origin(g, bands_op(g, "nmax", 2, a, bands_load(g, WEFT_U8))).found);
    wf_graph_free(g);
}
END_TEST

START_TEST(values_between_two_cannot_be_an_end_of_all)
{
    static const struct {
        double nodata;
        bool pure;
    } cases[] = { { 0, true }, { 255, true }, { 7, false } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode a = classed(g, cases[i].nodata), x = bands_op(g, "add", 2, a, bands_int(g, 0));

        wf_inherit_values(g, x, &a, 1, true);
        ck_assert(origin(g, x).found && origin(g, x).pure == cases[i].pure);
        ck_assert_ptr_null(g->nodes[x].meaning);
        wf_inherit_values(g, x, &a, 1, false);
        ck_assert(origin(g, x).pure);
        ck_assert_ptr_eq(g->nodes[x].meaning, g->nodes[a].meaning);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_copy_of_the_graph_has_them_too)
{
    WfGraph *g = bands_graph(), *copy;
    WeftNode roots[] = { bands_op(g, "nmax", 2, classed(g, 7), classed(g, 7)) };

    copy = wf_graph_copy(g, roots, 1, &bands_err);
    wf_graph_free(g);
    ck_assert(copy->nodes[roots[0]].origin.found);
    ck_assert_str_eq(copy->nodes[roots[0]].meaning->legend.categories[1], "wood");
    wf_graph_free(copy);
}
END_TEST

CHECK_MAIN("inherit", operators_that_give_values_keep_nodata_and_meaning,
           a_condition_has_no_part_in_it, a_number_beside_them_may_equal_the_nodata_value,
           other_values_have_neither, a_cast_keeps_the_meaning_where_it_keeps_the_values,
           rasters_that_disagree_leave_nothing, values_between_two_cannot_be_an_end_of_all,
           a_copy_of_the_graph_has_them_too)
