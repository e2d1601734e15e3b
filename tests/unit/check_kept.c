/*
 * check_kept.c - a raster that is kept between two phases: written by tiles, read by blocks,
 * without a trace in its folder.
 */
#include "harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "io/kept.h"

enum { WIDTH = WF_KEPT_BLOCK + 3, HEIGHT = 2 * WF_KEPT_BLOCK + 1, BLOCKS = 2 * 3 };

static WfKept *kept_of(WeftType type)
{
    WeftErr err = { 0 };
    WfKept *kept =
        wf_kept_new("slope", &(WeftGrid) { .width = WIDTH, .height = HEIGHT }, type, &err);

    ck_assert_msg(kept != NULL, "%s", err.message);
    return kept;
}

/* Make the file in a new folder, which it gives. */
static const char *begin(WfKept *kept)
{
    const char *folder = harness_folder();
    WeftErr err = { 0 };
    char path[4096];

    snprintf(path, sizeof path, "%s/out.tif", folder);
    ck_assert_msg(wf_kept_begin(kept, path, &err), "%s", err.message);
    return folder;
}

static float pixel(int64_t x, int64_t y)
{
    return (float)(y * WIDTH + x);
}

/* Tiles of one block, and what is left of one at the edges. */
static void write_all(const WfKept *kept)
{
    enum { STRIDE = WF_KEPT_BLOCK + 64 };
    static float tile[WF_KEPT_BLOCK * STRIDE];
    WeftErr err = { 0 };

    for (WfRect r = { .y0 = 0 }; r.y0 < HEIGHT; r.y0 += WF_KEPT_BLOCK)
        for (r.x0 = 0; r.x0 < WIDTH; r.x0 += WF_KEPT_BLOCK) {
            r.x1 = r.x0 + WF_KEPT_BLOCK < WIDTH ? r.x0 + WF_KEPT_BLOCK : WIDTH;
            r.y1 = r.y0 + WF_KEPT_BLOCK < HEIGHT ? r.y0 + WF_KEPT_BLOCK : HEIGHT;
            for (int64_t y = r.y0; y < r.y1; y++)
                for (int64_t x = r.x0; x < r.x1; x++)
                    tile[(y - r.y0) * STRIDE + x - r.x0] = pixel(x, y);
            ck_assert_msg(wf_kept_write(kept, r, tile, STRIDE * sizeof *tile, &err), "%s",
                          err.message);
        }
}

static void check_block(WfStores *stores, int store, int64_t block_x, int64_t block_y)
{
    static float block[WF_KEPT_BLOCK * WF_KEPT_BLOCK];
    const int band = 1;
    const size_t offset = 0;
    int64_t bytes;

    ck_assert(
        wf_store_read(stores, store, 0, block_x, block_y, &band, 1, &offset, block, &bytes, NULL));
    for (int64_t i = 0; i < WF_KEPT_BLOCK * WF_KEPT_BLOCK; i++) {
        int64_t x = block_x * WF_KEPT_BLOCK + i % WF_KEPT_BLOCK;
        int64_t y = block_y * WF_KEPT_BLOCK + i / WF_KEPT_BLOCK;

        if (x < WIDTH && y < HEIGHT && block[i] != pixel(x, y))
            ck_abort_msg("(%d, %d): %g", (int)x, (int)y, (double)block[i]);
    }
}

START_TEST(blocks_are_what_tiles_have_written)
{
    WfStores *stores = wf_stores_new(NULL);
    WfKept *kept = kept_of(WEFT_F32);
    int store = wf_kept_store(kept, stores, NULL);

    ck_assert_int_ge(store, 0);
    begin(kept);
    write_all(kept);
    for (int i = 0; i < BLOCKS; i++)
        check_block(stores, store, i % 2, i / 2);
    wf_stores_free(stores);
    wf_kept_free(kept);
}
END_TEST

START_TEST(the_file_has_no_name)
{
    WfKept *kept = kept_of(WEFT_F64);
    DIR *folder;
    int names = 0;

    folder = opendir(begin(kept));
    ck_assert_ptr_nonnull(folder);
    while (readdir(folder))
        names++;
    closedir(folder);
    ck_assert_int_eq(names, 2); /* . and .. */
    wf_kept_free(kept);
}
END_TEST

START_TEST(blocks_at_the_edges_take_whole_ones)
{
    WfKept *kept = kept_of(WEFT_F64);

    ck_assert_int_eq(wf_kept_bytes(kept), BLOCKS * 8 * WF_KEPT_BLOCK * WF_KEPT_BLOCK);
    wf_kept_free(kept);
}
END_TEST

START_TEST(without_an_output_the_file_lies_in_tmpdir)
{
    WfKept *kept = kept_of(WEFT_F32);
    WeftErr err = { 0 };

    setenv("TMPDIR", "/nowhere/at/all", 1);
    ck_assert(!wf_kept_begin(kept, NULL, &err));
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_str_eq(err.message, "cannot keep slope in a temporary file of 6 MB in "
                                  "/nowhere/at/all: No such file or directory");
    wf_kept_free(kept);
}
END_TEST

START_TEST(a_tile_between_blocks_is_a_bug)
{
    WfKept *kept = kept_of(WEFT_F32);
    WeftErr err = { 0 };
    float row[WF_KEPT_BLOCK] = { 0 };

    begin(kept);
    ck_assert(!wf_kept_write(kept, (WfRect) { 64, 0, 128, 1 }, row, sizeof row, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    wf_kept_free(kept);
}
END_TEST

START_TEST(memory_that_fails_is_said)
{
    const WeftGrid grid = { .width = WIDTH, .height = HEIGHT, .crs = "somewhere" };

    for (int n = 1; n <= 3; n++) {
        WeftErr err = { 0 };

        wf_mem_fail_at(n);
        ck_assert_ptr_null(wf_kept_new("slope", &grid, WEFT_F32, &err));
        wf_mem_fail_at(0);
        ck_assert_int_eq(err.code, WEFT_EMEM);
    }
}
END_TEST

CHECK_MAIN("kept", blocks_are_what_tiles_have_written, the_file_has_no_name,
           blocks_at_the_edges_take_whole_ones, without_an_output_the_file_lies_in_tmpdir,
           a_tile_between_blocks_is_a_bug, memory_that_fails_is_said)
