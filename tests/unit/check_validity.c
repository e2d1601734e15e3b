/* check_validity.c - what is proven of where bands are invalid. */
#include "harness.h"

#include "bands.h"
#include "pass/validity.h"

static WfValidity of(const WfGraph *g, const WeftNode *bands, int count, int alpha)
{
    WfValidity v;

    ck_assert(wf_validity_of(g, bands, count, alpha, &v, &bands_err));
    bands_ok();
    return v;
}

static bool same(const WfGraph *g, WeftNode a, WeftNode b)
{
    return of(g, (WeftNode[]) { a, b }, 2, -1).same;
}

/* The band again, as a script that opens a file twice has it. */
static WeftNode again(WfGraph *g, WeftNode load)
{
    WeftNode node = wf_graph_load(g, &g->sources[g->nodes[load].source], &bands_grid, &bands_err);

    ck_assert(wf_infer_node(g, node, &bands_err));
    return node;
}

static WeftNode seen(WfGraph *g, WeftNode mask)
{
    return bands_op(g, "ne", 2, again(g, mask), bands_int(g, 0));
}

START_TEST(bands_that_are_never_invalid_are_so_alike)
{
    WfGraph *g = bands_graph();

    ck_assert(same(g, bands_load(g, WEFT_U8), bands_load(g, WEFT_U16)));
    wf_graph_free(g);
}
END_TEST

START_TEST(each_band_with_nodata_has_its_own_invalid_pixels)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_gaps(g, WEFT_U8, 7), b = bands_gaps(g, WEFT_U8, 7);

    ck_assert(!same(g, a, b));
    ck_assert(!same(g, a, bands_load(g, WEFT_U8)));
    ck_assert(same(g, a, again(g, a)));
    ck_assert(!same(g, bands_load(g, WEFT_F32), bands_load(g, WEFT_F32))); /* NaN is invalid */
    wf_graph_free(g);
}
END_TEST

START_TEST(bands_under_one_mask_of_their_file_are_invalid_alike)
{
    WfGraph *g = bands_graph();
    WeftNode mask = bands_load(g, WEFT_U8), a = bands_load(g, WEFT_U8), b = bands_load(g, WEFT_U8);
    WeftNode x = bands_op(g, "mask", 2, a, seen(g, mask));
    WeftNode y = bands_op(g, "mask", 2, b, seen(g, mask));

    ck_assert(same(g, x, y));
    ck_assert(!same(g, x, b));
    ck_assert(!same(g, x, bands_op(g, "mask", 2, b, seen(g, bands_load(g, WEFT_U8)))));
    ck_assert(!same(g, x, bands_op(g, "mask", 2, bands_gaps(g, WEFT_U8, 7), seen(g, mask))));
    wf_graph_free(g);
}
END_TEST

START_TEST(arithmetic_that_always_has_a_result_adds_no_invalid_pixel)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_gaps(g, WEFT_U8, 7), b = bands_load(g, WEFT_U8);

    ck_assert(same(g, bands_op(g, "add", 2, a, b), bands_op(g, "mul", 2, b, a)));
    ck_assert(same(g, a, bands_op(g, "neg", 1, a)));
    ck_assert(!same(g, a, bands_op(g, "sqrt", 1, bands_op(g, "sub", 2, a, b))));
    ck_assert(!same(g, a, bands_op(g, "div", 2, a, b)));
    wf_graph_free(g);
}
END_TEST

START_TEST(what_chooses_is_a_reason_of_its_own)
{
    WfGraph *g = bands_graph();
    WeftNode a = bands_gaps(g, WEFT_U8, 7), b = bands_gaps(g, WEFT_U8, 7);
    WeftNode first = bands_op(g, "coalesce", 2, a, b);

    ck_assert(!same(g, a, first));
    ck_assert(same(g, first, bands_op(g, "neg", 1, bands_op(g, "coalesce", 2, a, b))));
    wf_graph_free(g);
}
END_TEST

START_TEST(colours_under_their_alpha_band_need_no_other_sentinel)
{
    WfGraph *g = bands_graph();
    WeftNode alpha = bands_load(g, WEFT_U8), red = bands_load(g, WEFT_U8);
    WeftNode bands[] = { bands_op(g, "mask", 2, red, seen(g, alpha)), again(g, alpha) };
    WfValidity v = of(g, bands, 2, 1);

    ck_assert(v.alpha && v.veiled && !v.same);
    bands[0] = bands_op(g, "mask", 2, bands_gaps(g, WEFT_U8, 7), seen(g, alpha));
    v = of(g, bands, 2, 1); /* invalid elsewhere, too */
    ck_assert(!v.alpha && v.veiled);
    bands[0] = red; /* valid pixels would be hidden */
    v = of(g, bands, 2, 1);
    ck_assert(!v.alpha && !v.veiled);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN("validity", bands_that_are_never_invalid_are_so_alike,
           each_band_with_nodata_has_its_own_invalid_pixels,
           bands_under_one_mask_of_their_file_are_invalid_alike,
           arithmetic_that_always_has_a_result_adds_no_invalid_pixel,
           what_chooses_is_a_reason_of_its_own,
           colours_under_their_alpha_band_need_no_other_sentinel)
