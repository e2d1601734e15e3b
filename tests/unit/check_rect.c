/* check_rect.c - rectangles are half open, and empty ones are harmless. */
#include "harness.h"

#include "base/rect.h"

static const WfRect unit = { 0, 0, 1, 1 };

START_TEST(a_rectangle_without_pixels_is_empty)
{
    ck_assert(wf_rect_empty((WfRect) { 3, 3, 3, 9 }));
    ck_assert(wf_rect_empty((WfRect) { 3, 9, 5, 3 }));
    ck_assert(!wf_rect_empty(unit));
}
END_TEST

START_TEST(an_empty_rectangle_has_no_size)
{
    WfRect r = { 5, 0, 2, 4 };

    ck_assert_int_eq(wf_rect_width(r), 0);
    ck_assert_int_eq(wf_rect_height(r), 0);
    ck_assert_int_eq(wf_rect_area(r), 0);
}
END_TEST

START_TEST(area_passes_32_bits)
{
    ck_assert_int_eq(wf_rect_area((WfRect) { 0, 0, 100000, 100000 }), 10000000000);
}
END_TEST

START_TEST(meeting_is_the_common_part)
{
    WfRect r = wf_rect_meet((WfRect) { 0, 0, 5, 5 }, (WfRect) { 3, -2, 9, 4 });

    ck_assert(wf_rect_equal(r, (WfRect) { 3, 0, 5, 4 }));
}
END_TEST

START_TEST(neighbours_meet_in_nothing)
{
    WfRect r = wf_rect_meet((WfRect) { 0, 0, 5, 5 }, (WfRect) { 5, 0, 9, 5 });

    ck_assert(wf_rect_equal(r, (WfRect) { 0, 0, 0, 0 }));
}
END_TEST

START_TEST(joining_covers_both)
{
    WfRect r = wf_rect_join((WfRect) { 0, 0, 2, 2 }, (WfRect) { 5, 6, 7, 8 });

    ck_assert(wf_rect_equal(r, (WfRect) { 0, 0, 7, 8 }));
}
END_TEST

START_TEST(joining_with_nothing_changes_nothing)
{
    WfRect nothing = { 100, 100, 100, 200 };

    ck_assert(wf_rect_equal(wf_rect_join(unit, nothing), unit));
    ck_assert(wf_rect_equal(wf_rect_join(nothing, unit), unit));
    ck_assert(wf_rect_equal(wf_rect_join(nothing, nothing), (WfRect) { 0, 0, 0, 0 }));
}
END_TEST

START_TEST(holding_includes_the_edges)
{
    WfRect outer = { 0, 0, 5, 5 };

    ck_assert(wf_rect_holds(outer, outer));
    ck_assert(!wf_rect_holds(outer, (WfRect) { 0, 0, 6, 5 }));
    ck_assert(!wf_rect_holds(outer, (WfRect) { -1, 0, 2, 5 }));
    ck_assert(wf_rect_holds(outer, (WfRect) { 9, 9, 9, 9 }));
}
END_TEST

START_TEST(shifting_moves_all_edges)
{
    ck_assert(wf_rect_equal(wf_rect_shift(unit, -3, 4), (WfRect) { -3, 4, -2, 5 }));
}
END_TEST

START_TEST(cells_are_those_touched)
{
    WfRect r = wf_rect_cells((WfRect) { 511, 256, 513, 512 }, 512, 256);

    ck_assert(wf_rect_equal(r, (WfRect) { 0, 1, 2, 2 }));
}
END_TEST

START_TEST(cells_left_of_zero_are_negative)
{
    WfRect r = wf_rect_cells((WfRect) { -1, -512, 1, 0 }, 512, 512);

    ck_assert(wf_rect_equal(r, (WfRect) { -1, -1, 1, 0 }));
}
END_TEST

START_TEST(nothing_touches_no_cell)
{
    ck_assert(wf_rect_empty(wf_rect_cells((WfRect) { 7, 7, 7, 9 }, 4, 4)));
}
END_TEST

CHECK_MAIN("rect", a_rectangle_without_pixels_is_empty, an_empty_rectangle_has_no_size,
           area_passes_32_bits, meeting_is_the_common_part, neighbours_meet_in_nothing,
           joining_covers_both, joining_with_nothing_changes_nothing, holding_includes_the_edges,
           shifting_moves_all_edges, cells_are_those_touched, cells_left_of_zero_are_negative,
           nothing_touches_no_cell)
