/*
 * check_arrange.c - spans of many zones in their order, and features of one zone made one.
 */
#include "polygons.h"

#include <stdio.h>

#include "io/arrange.h"

/* The spans as text once arranged: "row col count zone weight; ...". */
static const char *arranged(const WfSpan *list, int count, bool unite)
{
    static char text[512];
    WfSpans spans = { .list = malloc((size_t)count * sizeof *list), .count = count, .room = count };
    char *at = text;

    memcpy(spans.list, list, (size_t)count * sizeof *list);
    ck_assert(wf_spans_arrange(&spans, unite, NULL));
    *at = '\0';
    for (int i = 0; i < spans.count; i++)
        at += sprintf(at, "%s%g %g %g %g %g", i ? "; " : "", spans.list[i].row, spans.list[i].col,
                      spans.list[i].count, spans.list[i].zone, spans.list[i].weight);
    wf_spans_free(&spans);
    return text;
}
#define ARRANGED(unite, ...)                   \
    arranged((const WfSpan[]) { __VA_ARGS__ }, \
             (int)(sizeof((const WfSpan[]) { __VA_ARGS__ }) / sizeof(WfSpan)), unite)

START_TEST(spans_are_sorted_by_row_column_and_zone)
{
    ck_assert_str_eq(
        ARRANGED(false, { 2, 0, 1, 0, 1 }, { 1, 5, 1, 1, 1 }, { 1, 5, 2, 0, 1 }, { 1, 3, 9, 2, 1 }),
        "1 3 9 2 1; 1 5 2 0 1; 1 5 1 1 1; 2 0 1 0 1");
}
END_TEST

START_TEST(zones_may_overlap_each_other)
{
    ck_assert_str_eq(ARRANGED(true, { 0, 0, 4, 1, 1 }, { 0, 2, 4, 0, 1 }), "0 0 4 1 1; 0 2 4 0 1");
}
END_TEST

START_TEST(pixels_of_several_features_of_a_zone_are_in_it_once)
{
    ck_assert_str_eq(ARRANGED(true, { 0, 0, 4, 0, 1 }, { 0, 2, 4, 0, 1 }, { 0, 3, 1, 0, 1 }),
                     "0 0 6 0 1");
}
END_TEST

START_TEST(weights_of_one_zone_add_up_to_1_at_most)
{
    ck_assert_str_eq(
        ARRANGED(true, { 0, 0, 3, 0, 0.5 }, { 0, 1, 3, 0, 0.25 }, { 0, 2, 1, 0, 0.75 }),
        "0 0 1 0 0.5; 0 1 1 0 0.75; 0 2 1 0 1; 0 3 1 0 0.25");
}
END_TEST

START_TEST(gaps_stay_gaps)
{
    ck_assert_str_eq(ARRANGED(true, { 0, 0, 2, 0, 1 }, { 0, 3, 2, 0, 1 }, { 1, 3, 1, 0, 1 }),
                     "0 0 2 0 1; 0 3 2 0 1; 1 3 1 0 1");
}
END_TEST

CHECK_MAIN("arrange", spans_are_sorted_by_row_column_and_zone, zones_may_overlap_each_other,
           pixels_of_several_features_of_a_zone_are_in_it_once,
           weights_of_one_zone_add_up_to_1_at_most, gaps_stay_gaps)
