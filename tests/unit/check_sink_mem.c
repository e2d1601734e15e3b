/*
 * check_sink_mem.c - pixels to memory: windows, steps, types, the one NaN.
 */
#include <math.h>
#include <string.h>

#include "harness.h"
#include "io/sink.h"

/* Write the pixels of a 20 x 10 raster (value 100 row + col) in tiles of 8 x 4. */
static void write_raster(WfSinks *sinks)
{
    float tile[4 * 8];
    int64_t bytes;

    for (int64_t y = 0; y < 10; y += 4)
        for (int64_t x = 0; x < 20; x += 8) {
            WfRect rect = { x, y, x + 8 < 20 ? x + 8 : 20, y + 4 < 10 ? y + 4 : 10 };

            for (int64_t r = 0; r < 4; r++)
                for (int64_t c = 0; c < 8; c++)
                    tile[r * 8 + c] = (float)(100 * (y + r) + x + c);
            ck_assert(
                wf_sink_write(sinks, 0, 0, rect, WEFT_F32, tile, 8 * sizeof *tile, &bytes, NULL));
        }
}

START_TEST(a_window_with_a_step_gets_its_pixels_from_any_tiles)
{
    for (int64_t step = 0; step <= 3; step++) {
        int64_t each = step > 1 ? step : 1;
        double out[5 * 3];
        WeftRead read = {
            .band_count = 1, .col = 2, .row = 1, .cols = 5, .rows = 3, .step = step, .out = out
        };
        WfSinks *sinks = wf_sinks_new(NULL);

        for (int i = 0; i < 15; i++)
            out[i] = -1;
        ck_assert_int_eq(wf_sinks_add_memory(sinks, &read, NULL), 0);
        write_raster(sinks);
        for (int i = 0; i < 15; i++)
            ck_assert_double_eq(out[i], (double)(100 * (1 + i / 5 * each) + 2 + i % 5 * each));
        ck_assert(wf_sinks_commit(sinks, NULL));
        wf_sinks_free(sinks);
    }
}
END_TEST

START_TEST(bands_lie_one_after_another)
{
    double out[4] = { 0 }, pixels[2] = { 7, 8 };
    WeftRead read = { .band_count = 2, .cols = 2, .rows = 1, .out = out };
    WfSinks *sinks = wf_sinks_new(NULL);
    int64_t bytes;

    ck_assert_int_eq(wf_sinks_add_memory(sinks, &read, NULL), 0);
    ck_assert(
        wf_sink_write(sinks, 0, 1, (WfRect) { 0, 0, 2, 1 }, WEFT_F64, pixels, 16, &bytes, NULL));
    ck_assert_int_eq(bytes, 16);
    ck_assert(out[0] == 0 && out[2] == 7 && out[3] == 8);
    wf_sinks_free(sinks);
}
END_TEST

START_TEST(integers_keep_their_values)
{
    double out[2];
    WeftRead read = { .band_count = 1, .cols = 2, .rows = 1, .out = out };
    WfSinks *sinks = wf_sinks_new(NULL);
    int16_t small[2] = { -5, 300 };
    int64_t large[2] = { -9007199254740991, 3 }, bytes;

    ck_assert_int_eq(wf_sinks_add_memory(sinks, &read, NULL), 0);
    ck_assert(
        wf_sink_write(sinks, 0, 0, (WfRect) { 0, 0, 2, 1 }, WEFT_I16, small, 4, &bytes, NULL));
    ck_assert(out[0] == -5 && out[1] == 300);
    ck_assert(
        wf_sink_write(sinks, 0, 0, (WfRect) { 0, 0, 2, 1 }, WEFT_I64, large, 16, &bytes, NULL));
    ck_assert(out[0] == -9007199254740991.0 && out[1] == 3);
    wf_sinks_free(sinks);
}
END_TEST

START_TEST(every_nan_becomes_the_one)
{
    const uint32_t odd = 0xffc12345, quiet = 0x7fc00001;
    const uint64_t one = 0x7ff8000000000000;
    float pixels[2];
    double out[2];
    WeftRead read = { .band_count = 1, .cols = 2, .rows = 1, .out = out };
    WfSinks *sinks = wf_sinks_new(NULL);
    int64_t bytes;

    memcpy(&pixels[0], &odd, 4);
    memcpy(&pixels[1], &quiet, 4);
    ck_assert_int_eq(wf_sinks_add_memory(sinks, &read, NULL), 0);
    ck_assert(
        wf_sink_write(sinks, 0, 0, (WfRect) { 0, 0, 2, 1 }, WEFT_F32, pixels, 8, &bytes, NULL));
    ck_assert_mem_eq(&out[0], &one, 8);
    ck_assert_mem_eq(&out[1], &one, 8);
    wf_sinks_free(sinks);
}
END_TEST

CHECK_MAIN("sink_mem", a_window_with_a_step_gets_its_pixels_from_any_tiles,
           bands_lie_one_after_another, integers_keep_their_values, every_nan_becomes_the_one)
