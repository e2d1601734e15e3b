/*
 * check_layers.c - zones that overlap as rasters of their numbers.
 */
#include "io/layers.h"

#include "base/mem.h"
#include "io/polygon.h"
#include "vectors.h"

enum { WIDTH = 300, HEIGHT = 4 };

static WfStores *stores;
static WfArena *arena;

static int make(WfSpan *spans, int count, int zones, int **list)
{
    WeftGrid grid = { .width = WIDTH, .height = HEIGHT };
    WeftZones all = {
        .count = zones, .spans = { .row_count = count, .column_count = 5, .cells = (double *)spans }
    };
    WeftErr err = { 0 };
    int made = wf_zones_layers(stores, arena, &all, &grid, list, &err);

    ck_assert_msg(made >= 1, "%s", err.message);
    return made;
}

/* The zone at a pixel of a store, -1: none. */
static int at(int store, int col, int row)
{
    static int32_t pixels[256 * 256];
    WeftErr err = { 0 };
    int64_t bytes;

    ck_assert(wf_store_read(stores, store, 0, col / 256, 0, (const int[]) { 1 }, 1,
                            (const size_t[]) { 0 }, pixels, &bytes, &err));
    return pixels[row * 256 + col % 256];
}

static void begin(void)
{
    WeftErr err = { 0 };

    stores = wf_stores_new(&err);
    arena = wf_arena_new(&err);
    ck_assert(stores && arena && wf_stores_hands(stores, 1, &err));
}

static void end(void)
{
    wf_stores_free(stores);
    wf_arena_free(arena);
}

START_TEST(zones_apart_share_a_raster)
{
    WfSpan spans[] = { { 0, 0, 3, 1, 1 }, { 0, 3, 290, 0, 1 }, { 2, 254, 5, 2, 1 } };
    int *list;

    begin();
    ck_assert_int_eq(make(spans, 3, 3, &list), 1);
    ck_assert(at(list[0], 0, 0) == 1 && at(list[0], 2, 0) == 1 && at(list[0], 3, 0) == 0);
    ck_assert(at(list[0], 292, 0) == 0 && at(list[0], 293, 0) == -1 && at(list[0], 0, 1) == -1);
    ck_assert(at(list[0], 255, 2) == 2 && at(list[0], 256, 2) == 2 && at(list[0], 259, 2) == -1);
    end();
}
END_TEST

START_TEST(zones_that_overlap_lie_in_different_rasters)
{
    /* 0 meets 1, 1 meets 2, 0 and 2 are apart. */
    WfSpan spans[] = { { 0, 0, 9, 0, 1 }, { 0, 8, 9, 1, 1 }, { 1, 0, 4, 1, 1 }, { 1, 2, 4, 2, 1 } };
    int *list;

    begin();
    ck_assert_int_eq(make(spans, 4, 3, &list), 2);
    ck_assert(at(list[0], 8, 0) == 0 && at(list[1], 8, 0) == 1);
    ck_assert(at(list[0], 2, 1) == 2 && at(list[1], 2, 1) == 1 && at(list[1], 4, 1) == -1);
    end();
}
END_TEST

START_TEST(a_long_zone_meets_all_that_lie_above_it)
{
    WfSpan spans[] = {
        { 0, 0, 100, 3, 1 }, { 0, 1, 1, 0, 1 }, { 0, 50, 1, 1, 1 }, { 0, 99, 5, 2, 1 }
    };
    int *list;

    begin();
    ck_assert_int_eq(make(spans, 4, 4, &list), 2);
    ck_assert(at(list[0], 50, 0) == 1 && at(list[0], 103, 0) == 2 && at(list[1], 99, 0) == 3);
    end();
}
END_TEST

START_TEST(without_spans_there_is_one_empty_raster)
{
    int *list;

    begin();
    ck_assert_int_eq(make(NULL, 0, 2, &list), 1);
    ck_assert_int_eq(at(list[0], 0, 0), -1);
    end();
}
END_TEST

CHECK_MAIN("layers", zones_apart_share_a_raster, zones_that_overlap_lie_in_different_rasters,
           a_long_zone_meets_all_that_lie_above_it, without_spans_there_is_one_empty_raster)
