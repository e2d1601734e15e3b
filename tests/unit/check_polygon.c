/*
 * check_polygon.c - which pixels belong to a polygon under each rule.
 */
#include "polygons.h"

static const char *drawn(WfPolygon *polygon, WfRule rule)
{
    return picture_of(weights_of(polygon, rule, 4, 4), 4, 4);
}

START_TEST(a_centre_on_a_left_or_top_edge_is_in_on_a_right_or_bottom_edge_out)
{
    WfPolygon p = { 0 };

    RING(&p, 0.5, 0.5, 2.5, 0.5, 2.5, 2.5, 0.5, 2.5);
    ck_assert_str_eq(drawn(&p, WF_RULE_CENTER), "##../##../..../....");
}
END_TEST

START_TEST(polygons_that_share_a_side_share_no_centre_and_leave_none_out)
{
    WfPolygon left = { 0 }, right = { 0 };
    double *a, *b;

    RING(&left, 0, 0, 3.3, 0, 0.7, 4, 0, 4);
    RING(&right, 4, 4, 0.7, 4, 3.3, 0, 4, 0);
    a = weights_of(&left, WF_RULE_CENTER, 4, 4);
    b = weights_of(&right, WF_RULE_CENTER, 4, 4);
    for (int i = 0; i < 16; i++)
        ck_assert(a[i] + b[i] == 1);
    free(a);
    free(b);
}
END_TEST

START_TEST(holes_are_left_out_whatever_their_direction)
{
    for (int turned = 0; turned < 2; turned++) {
        WfPolygon p = { 0 };

        RING(&p, 0, 0, 4, 0, 4, 4, 0, 4);
        if (turned)
            RING(&p, 1, 1, 3, 1, 3, 3, 1, 3);
        else
            RING(&p, 1, 1, 1, 3, 3, 3, 3, 1);
        ck_assert_str_eq(drawn(&p, WF_RULE_CENTER), "####/#..#/#..#/####");
    }
}
END_TEST

START_TEST(pixels_that_only_their_edges_touch_are_not_touched)
{
    WfPolygon p = { 0 };

    RING(&p, 1, 1, 3, 1, 3, 3, 1, 3);
    ck_assert_str_eq(drawn(&p, WF_RULE_TOUCHED), "..../.##./.##./....");
}
END_TEST

START_TEST(any_shared_area_touches)
{
    WfPolygon p = { 0 };

    RING(&p, 0.9999, 0.9999, 3.0001, 1, 1, 2.0001);
    ck_assert_str_eq(drawn(&p, WF_RULE_TOUCHED), "####/####/##../....");
}
END_TEST

START_TEST(a_sliver_between_centres_has_no_centre_but_touches)
{
    WfPolygon p = { 0 }, q = { 0 };

    RING(&p, 0.6, 0, 0.9, 0, 0.9, 4, 0.6, 4);
    RING(&q, 0.6, 0, 0.9, 0, 0.9, 4, 0.6, 4);
    ck_assert_str_eq(drawn(&p, WF_RULE_CENTER), "..../..../..../....");
    ck_assert_str_eq(drawn(&q, WF_RULE_TOUCHED), "#.../#.../#.../#...");
}
END_TEST

START_TEST(fractions_are_the_covered_area)
{
    WfPolygon p = { 0 };
    double *w;

    RING(&p, 0.5, 0.25, 2.5, 0.25, 2.5, 2, 0.5, 2);
    w = weights_of(&p, WF_RULE_FRACTION, 3, 3);
    ck_assert_double_eq_tol(w[0], 0.375, 1e-15);
    ck_assert_double_eq_tol(w[1], 0.75, 1e-15);
    ck_assert_double_eq_tol(w[5], 0.5, 1e-15);
    ck_assert(w[4] == 1 && w[6] == 0);
    free(w);
}
END_TEST

START_TEST(fractions_of_a_triangle_across_many_pixels_add_up_to_its_area)
{
    WfPolygon p = { 0 };
    double *w;

    RING(&p, 0.3, 0.7, 17.9, 3.1, 5.4, 18.8);
    w = weights_of(&p, WF_RULE_FRACTION, 20, 20);
    ck_assert_double_eq_tol(sum_of(w, 400), fabs(17.6 * 18.1 - 5.1 * 2.4) / 2, 1e-11);
    free(w);
}
END_TEST

START_TEST(rings_that_cross_count_even_and_odd)
{
    WfPolygon p = { 0 };
    double *w;

    RING(&p, 0, 0, 2, 2, 2, 0, 0, 2); /* a bow tie, both parts within each pixel row */
    w = weights_of(&p, WF_RULE_FRACTION, 2, 2);
    for (int i = 0; i < 4; i++)
        ck_assert_double_eq_tol(w[i], 0.5, 1e-15);
    free(w);
}
END_TEST

START_TEST(a_bow_tie_within_one_pixel_has_the_area_of_both_parts)
{
    WfPolygon p = { 0 };
    double *w;

    RING(&p, 0.25, 0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75);
    w = weights_of(&p, WF_RULE_FRACTION, 1, 1);
    ck_assert_double_eq_tol(w[0], 0.125, 1e-15);
    free(w);
}
END_TEST

/* Two boxes that share the pixels of a third one, as parts of one polygon. */
static void add_overlap(WfPolygon *p)
{
    RING(p, 0, 0, 2.5, 0, 2.5, 2.5, 0, 2.5);
    p->part++;
    RING(p, 1, 1, 4, 1, 4, 4, 1, 4);
}

START_TEST(parts_may_overlap)
{
    WfPolygon p = { 0 }, q = { 0 }, f = { 0 };

    add_overlap(&p);
    add_overlap(&q);
    add_overlap(&f);
    ck_assert_str_eq(drawn(&p, WF_RULE_CENTER), "##../####/.###/.###");
    ck_assert_str_eq(drawn(&q, WF_RULE_TOUCHED), "###./####/####/.###");
    ck_assert_str_eq(drawn(&f, WF_RULE_FRACTION), "##5./####/5###/.###");
}
END_TEST

START_TEST(a_hole_of_one_part_is_filled_by_another)
{
    WfPolygon p = { 0 };

    RING(&p, 0, 0, 4, 0, 4, 4, 0, 4);
    RING(&p, 1, 1, 3, 1, 3, 3, 1, 3);
    p.part++;
    RING(&p, 2, 0, 3, 0, 3, 4, 2, 4);
    ck_assert_str_eq(drawn(&p, WF_RULE_CENTER), "####/#.##/#.##/####");
}
END_TEST

START_TEST(parts_that_share_a_side_leave_no_gap)
{
    WfPolygon p = { 0 };

    RING(&p, 0, 0, 3.3, 0, 0.7, 4, 0, 4);
    p.part++;
    RING(&p, 4, 4, 0.7, 4, 3.3, 0, 4, 0);
    ck_assert_str_eq(drawn(&p, WF_RULE_FRACTION), "####/####/####/####");
}
END_TEST

START_TEST(a_part_that_folds_over_itself_is_there_once)
{
    WfPolygon p = { 0 }; /* floor, roof and two walls of a house, as patches in the plane */

    RING(&p, 0, 0, 4, 0, 4, 2, 0, 2);
    p.part++;
    RING(&p, 0, 0, 4, 0, 4, 1, 0, 1);
    p.part++;
    RING(&p, 0, 1, 4, 1, 4, 2, 0, 2);
    p.part++;
    RING(&p, 0, 0, 4, 0, 4, 0, 0, 0);
    ck_assert_str_eq(drawn(&p, WF_RULE_CENTER), "####/####/..../....");
}
END_TEST

START_TEST(eighth_bits_drop_what_is_below_a_256th)
{
    WfPolygon p = { 0 };
    double *w;

    RING(&p, 0, 0, 0.5, 0, 0.5, 1, 0, 1);
    RING(&p, 1, 0, 1.0039, 0, 1.0039, 1, 1, 1);
    RING(&p, 2, 0, 3, 0, 3, 1, 2, 1);
    w = weights_of(&p, WF_RULE_FRACTION8, 3, 1);
    ck_assert(w[0] == 128 / 255.0 && w[1] == 0 && w[2] == 1);
    free(w);
}
END_TEST

START_TEST(what_lies_outside_the_raster_is_cut_off)
{
    static const char *const expected[] = { "##../##../..../....", "##../##../..../....",
                                            "##../##../..../...." };

    for (WfRule rule = WF_RULE_CENTER; rule <= WF_RULE_FRACTION; rule++) {
        WfPolygon p = { 0 };

        RING(&p, -1e9, -50, 2, -50, 2, 2, -1e9, 2);
        ck_assert_str_eq(drawn(&p, rule), expected[rule]);
    }
}
END_TEST

START_TEST(a_slanted_side_left_of_the_raster_covers_as_much_as_it_should)
{
    WfPolygon p = { 0 };
    double *w;

    RING(&p, -3, 0, 1, 4, 4, 4, 4, 0);
    w = weights_of(&p, WF_RULE_FRACTION, 4, 4);
    ck_assert_double_eq_tol(sum_of(w, 16), 15.5, 1e-14);
    ck_assert_double_eq_tol(w[12], 0.5, 1e-14);
    free(w);
}
END_TEST

START_TEST(polygons_beside_the_raster_have_no_pixel)
{
    static const double shifts[][2] = { { -9, 0 }, { 9, 0 }, { 0, -9 }, { 0, 9 } };

    for (int i = 0; i < 4; i++)
        for (WfRule rule = WF_RULE_CENTER; rule < WF_RULE_COUNT; rule++) {
            double x = shifts[i][0], y = shifts[i][1];
            WfPolygon p = { 0 };

            RING(&p, x, y, x + 3, y, x + 3, y + 3, x, y + 3);
            ck_assert_str_eq(drawn(&p, rule), "..../..../..../....");
        }
}
END_TEST

/* A star of many corners against points sampled in each pixel. */
static bool inside(const double *corners, int count, double x, double y)
{
    bool in = false;

    for (int i = 0; i < count; i++) {
        const double *a = corners + 2 * i, *b = corners + 2 * ((i + 1) % count);

        if ((a[1] <= y) != (b[1] <= y) && x >= a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]))
            in = !in;
    }
    return in;
}

enum { CORNERS = 23, SIDE = 12, SAMPLES = 64 };

static void random_corners(double *corners, int seed)
{
    srand((unsigned)seed);
    for (int i = 0; i < 2 * CORNERS; i++)
        corners[i] = rand() / (RAND_MAX + 1.0) * 16 - 2;
}

static void compare_samples(int seed)
{
    double corners[2 * CORNERS], *w;
    WfPolygon p = { 0 };

    random_corners(corners, seed);
    add_corners(&p, corners, CORNERS);
    w = weights_of(&p, WF_RULE_FRACTION, SIDE, SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) {
        int in = 0;

        for (int s = 0; s < SAMPLES * SAMPLES; s++)
            in += inside(corners, CORNERS, i % SIDE + (s % SAMPLES + 0.5) / SAMPLES,
                         (double)(i / SIDE) + (s / SAMPLES + 0.5) / SAMPLES);
        ck_assert_double_eq_tol(w[i], in / (double)(SAMPLES * SAMPLES), 0.02);
    }
    free(w);
}

START_TEST(random_rings_agree_with_samples)
{
    for (int seed = 1; seed <= 20; seed++)
        compare_samples(seed);
}
END_TEST

static void compare_centres(int seed)
{
    double corners[2 * CORNERS], *w;
    WfPolygon p = { 0 };

    random_corners(corners, seed);
    add_corners(&p, corners, CORNERS);
    w = weights_of(&p, WF_RULE_CENTER, SIDE, SIDE);
    for (int i = 0; i < SIDE * SIDE; i++)
        ck_assert(w[i] == inside(corners, CORNERS, i % SIDE + 0.5, (double)(i / SIDE) + 0.5));
    free(w);
}

START_TEST(random_rings_have_the_centres_that_lie_inside)
{
    for (int seed = 1; seed <= 20; seed++)
        compare_centres(seed);
}
END_TEST

static void compare_touched(int seed)
{
    double corners[2 * CORNERS], *w, *t;
    WfPolygon p = { 0 }, q = { 0 };

    random_corners(corners, seed);
    add_corners(&p, corners, CORNERS);
    add_corners(&q, corners, CORNERS);
    w = weights_of(&p, WF_RULE_FRACTION, SIDE, SIDE);
    t = weights_of(&q, WF_RULE_TOUCHED, SIDE, SIDE);
    for (int i = 0; i < SIDE * SIDE; i++)
        ck_assert(t[i] == (w[i] > 0));
    free(w);
    free(t);
}

START_TEST(what_is_touched_is_what_has_a_fraction)
{
    for (int seed = 1; seed <= 20; seed++)
        compare_touched(seed);
}
END_TEST

CHECK_MAIN("polygon", a_centre_on_a_left_or_top_edge_is_in_on_a_right_or_bottom_edge_out,
           polygons_that_share_a_side_share_no_centre_and_leave_none_out,
           holes_are_left_out_whatever_their_direction,
           pixels_that_only_their_edges_touch_are_not_touched, any_shared_area_touches,
           a_sliver_between_centres_has_no_centre_but_touches, fractions_are_the_covered_area,
           fractions_of_a_triangle_across_many_pixels_add_up_to_its_area,
           rings_that_cross_count_even_and_odd,
           a_bow_tie_within_one_pixel_has_the_area_of_both_parts, parts_may_overlap,
           a_hole_of_one_part_is_filled_by_another, parts_that_share_a_side_leave_no_gap,
           a_part_that_folds_over_itself_is_there_once, eighth_bits_drop_what_is_below_a_256th,
           what_lies_outside_the_raster_is_cut_off,
           a_slanted_side_left_of_the_raster_covers_as_much_as_it_should,
           polygons_beside_the_raster_have_no_pixel, random_rings_agree_with_samples,
           random_rings_have_the_centres_that_lie_inside, what_is_touched_is_what_has_a_fraction)
