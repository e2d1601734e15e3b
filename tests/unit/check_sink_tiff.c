/*
 * check_sink_tiff.c - the layout of plain GeoTIFF: quick, sparse until written, and full disks.
 */
#include "rasters.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io/sink.h"

static WeftGrid grid;

static WfSinkFile file_in(const char *folder, int size, WeftType type)
{
    grid = (WeftGrid) { .width = size, .height = size };
    return (WfSinkFile) { .path = in_folder(folder, "a.tif"),
                          .grid = &grid,
                          .band_count = 1,
                          .type = type,
                          .workers = 1 };
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Bytes on disk of the only temporary in a folder. */
static int64_t bytes_on_disk(const char *folder)
{
    char **names = VSIReadDir(folder);
    int64_t bytes = -1;
    struct stat found;

    for (int i = 0; i < CSLCount(names); i++)
        if (strstr(names[i], ".part") && stat(in_folder(folder, names[i]), &found) == 0)
            bytes = found.st_blocks * 512;
    CSLDestroy(names);
    return bytes;
}

START_TEST(a_large_layout_is_quick_and_sparse)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_in(folder, 40000, WEFT_U8);
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    double start = seconds(), took;

    ck_assert_msg(wf_sinks_add_file(sinks, &file, &err) == 0, "%s", err.message);
    took = seconds() - start;
    if (took > 0.5)
        fprintf(stderr, "layout of 40000 x 40000 took %.2f s\n", took);
    ck_assert_int_lt(bytes_on_disk(folder), 4 << 20);
    wf_sinks_free(sinks);
}
END_TEST

START_TEST(what_a_tile_has_beyond_the_raster_is_zero)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_in(folder, 20, WEFT_U8);
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    uint8_t pixels[400], tile[32 * 32];
    GDALDatasetH data;
    int64_t bytes;
    int beyond = 0;

    memset(pixels, 77, sizeof pixels);
    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    ck_assert(
        wf_sink_write(sinks, 0, 0, (WfRect) { 0, 0, 20, 20 }, WEFT_U8, pixels, 20, &bytes, &err));
    ck_assert_int_eq(bytes, 400);
    ck_assert(wf_sinks_commit(sinks, &err));
    wf_sinks_free(sinks);
    data = GDALOpen(file.path, GA_ReadOnly);
    ck_assert_int_eq(GDALReadBlock(GDALGetRasterBand(data, 1), 0, 0, tile), CE_None);
    for (int i = 0; i < 32 * 32; i++)
        beyond += tile[i] != (i % 32 < 20 && i / 32 < 20 ? 77 : 0);
    ck_assert_int_eq(beyond, 0);
    GDALClose(data);
}
END_TEST

/* A limit on the size of files stands for a full disk. */
START_TEST(a_write_that_fails_is_an_error_and_leaves_nothing)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_in(folder, 1024, WEFT_F64);
    struct rlimit limit = { 3 << 20, 3 << 20 };
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    double *pixels = calloc(512 * 512, sizeof *pixels);
    int64_t bytes;

    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert(!wf_sink_write(sinks, 0, 0, (WfRect) { 512, 512, 1024, 1024 }, WEFT_F64, pixels,
                             512 * 8, &bytes, &err));
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_str_eq(err.path, file.path);
    ck_assert_ptr_nonnull(strstr(err.message, "File too large"));
    wf_sinks_free(sinks);
    ck_assert_int_eq(count_files(folder, "a"), 0);
    free(pixels);
}
END_TEST

/* The same through GDAL's writer, whose errors may come only when it is closed. */
START_TEST(a_compressed_write_that_fails_is_an_error_and_leaves_nothing)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_in(folder, 512, WEFT_F64);
    struct rlimit limit = { 1 << 20, 1 << 20 };
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    double *pixels = calloc(512 * 512, sizeof *pixels);
    int64_t bytes;
    bool done;

    for (int i = 0; i < 512 * 512; i++)
        pixels[i] = (double)((unsigned)i * 2654435761u) * 1.234567891;
    file.compress = "deflate";
    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    done = wf_sink_write(sinks, 0, 0, (WfRect) { 0, 0, 512, 512 }, WEFT_F64, pixels, 512 * 8,
                         &bytes, &err) &&
           wf_sinks_commit(sinks, &err);
    ck_assert(!done);
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_ptr_nonnull(strstr(err.message, "File too large"));
    wf_sinks_free(sinks);
    ck_assert_int_eq(count_files(folder, "a"), 0);
    free(pixels);
}
END_TEST

START_TEST(writes_after_one_that_failed_tell_its_reason)
{
    WfSinkFile file = file_in(harness_folder(), 1024, WEFT_F64);
    struct rlimit limit = { 1 << 20, 1 << 20 };
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    double *pixels = calloc(512 * 512, sizeof *pixels);
    int failures = 0;
    int64_t bytes;

    for (int i = 0; i < 512 * 512; i++)
        pixels[i] = (double)((unsigned)i * 2654435761u) * 1.234567891;
    file.compress = "lzw";
    file.workers = 1;
    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    for (int i = 0; i < 4; i++) {
        int64_t x = i % 2 * 512, y = i / 2 * 512;

        err = (WeftErr) { 0 };
        if (wf_sink_write(sinks, 0, 0, (WfRect) { x, y, x + 512, y + 512 }, WEFT_F64, pixels,
                          512 * 8, &bytes, &err))
            continue;
        failures++;
        ck_assert_ptr_nonnull(strstr(err.message, "File too large"));
    }
    ck_assert_int_gt(failures, 1);
    wf_sinks_free(sinks);
    free(pixels);
}
END_TEST

CHECK_MAIN("sink_tiff", a_large_layout_is_quick_and_sparse,
           what_a_tile_has_beyond_the_raster_is_zero,
           a_write_that_fails_is_an_error_and_leaves_nothing,
           a_compressed_write_that_fails_is_an_error_and_leaves_nothing,
           writes_after_one_that_failed_tell_its_reason)
