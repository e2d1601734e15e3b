/*
 * check_sink_plan.c - what is wrong with an output is said before anything is made; block layout.
 */
#include "rasters.h"

#include <unistd.h>

#include "io/sink.h"

static WeftGrid grid = { .width = 2000, .height = 1000 };
static WeftErr err;

static WfSinkFile file_in(const char *folder, const char *name)
{
    return (WfSinkFile) { .path = in_folder(folder, name),
                          .grid = &grid,
                          .band_count = 1,
                          .type = WEFT_U8,
                          .workers = 1 };
}

static void refused(const WfSinkFile *file, WeftCode code, const char *said)
{
    WfLayout layout;

    err = (WeftErr) { 0 };
    ck_assert_msg(!wf_sink_plan(file, &layout, &err), "%s was not refused", said);
    ck_assert_msg(err.code == code && strstr(err.message, said), "%d %s", err.code, err.message);
    ck_assert_str_eq(err.path, file->path);
}

static void blocks(const WfSinkFile *file, int width, int height)
{
    WfLayout layout;

    err = (WeftErr) { 0 };
    ck_assert_msg(wf_sink_plan(file, &layout, &err), "%s", err.message);
    ck_assert_int_eq(layout.block_width, width);
    ck_assert_int_eq(layout.block_height, height);
}

START_TEST(a_place_that_cannot_be_written_is_refused)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_in(folder, "none/a.tif");

    refused(&file, WEFT_EIO, "No such file or directory");
    file.path = folder;
    refused(&file, WEFT_EARG, "it is a folder");
    file.path = "/dev/null";
    refused(&file, WEFT_EARG, "no ordinary file");
    file.path = "/vsimem/a.tif";
    refused(&file, WEFT_EARG, "ordinary files");
    file.path = "";
    refused(&file, WEFT_EARG, "empty");
    ck_assert_int_eq(count_files(folder, "a"), 0);
}
END_TEST

START_TEST(an_existing_file_may_be_kept)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_in(folder, "a.tif");

    fclose(fopen(file.path, "w"));
    blocks(&file, 512, 512);
    file.keep = true;
    refused(&file, WEFT_EIO, "exists already");
}
END_TEST

START_TEST(misspelt_names_are_refused_with_the_nearest)
{
    WfSinkFile file = file_in(harness_folder(), "a.tif");

    file.format = "GTif";
    refused(&file, WEFT_ENAME, "there is no raster format \"GTif\"");
    ck_assert_ptr_nonnull(strstr(err.hint, "GTiff"));
    file.format = NULL;
    file.compress = "deflat";
    refused(&file, WEFT_ENAME, "no compression \"DEFLAT\"");
    ck_assert_ptr_nonnull(strstr(err.hint, "DEFLATE"));
    file.compress = NULL;
    file.options = (const char *const[]) { "BIGTIF=YES", NULL };
    refused(&file, WEFT_ENAME, "format GTiff has no option \"BIGTIF\"");
    ck_assert_ptr_nonnull(strstr(err.hint, "BIGTIFF"));
    file.options = (const char *const[]) { "BIGTIFF", NULL };
    refused(&file, WEFT_EARG, "not of the form KEY=VALUE");
    file.options = (const char *const[]) { "BIGTIFF=PERHAPS", NULL };
    refused(&file, WEFT_EARG, "PERHAPS");
}
END_TEST

START_TEST(numbers_that_do_not_fit_are_refused)
{
    WfSinkFile file = file_in(harness_folder(), "a.tif");

    file.blocksize = 100;
    refused(&file, WEFT_EARG, "blocksize must be a multiple of 16");
    file.blocksize = 0;
    file.level = 3;
    refused(&file, WEFT_EARG, "level does not apply");
    file.level = 0;
    file.predictor = 2;
    refused(&file, WEFT_EARG, "predictor does not apply");
    file.compress = "lzw";
    file.predictor = 3;
    refused(&file, WEFT_EARG, "predictor 3 is for f32 and f64");
    file.predictor = 7;
    refused(&file, WEFT_EARG, "predictor must be 1, 2 or 3");
}
END_TEST

START_TEST(formats_that_cannot_hold_it_are_refused)
{
    WfSinkFile file = file_in(harness_folder(), "a.png");

    file.format = "PNG";
    file.type = WEFT_F32;
    refused(&file, WEFT_EARG, "format PNG cannot hold f32");
    file.type = WEFT_U8;
    file.band_count = 7;
    refused(&file, WEFT_EARG, "format PNG cannot hold 7 bands of u8");
    file.band_count = 3;
    blocks(&file, 512, 512);
    file.compress = "deflate";
    refused(&file, WEFT_EARG, "compress does not apply to format PNG");
}
END_TEST

START_TEST(blocks_are_512_and_smaller_for_small_rasters)
{
    WfSinkFile file = file_in(harness_folder(), "a.tif");

    blocks(&file, 512, 512);
    file.blocksize = 128;
    blocks(&file, 128, 128);
    file.blocksize = 0;
    grid = (WeftGrid) { .width = 10000, .height = 600 };
    blocks(&file, 512, 512);
    grid = (WeftGrid) { .width = 20, .height = 349 };
    blocks(&file, 32, 352);
    file.options = (const char *const[]) { "BLOCKXSIZE=256", "BLOCKYSIZE=64", NULL };
    blocks(&file, 256, 64);
    file.options = (const char *const[]) { "TILED=NO", "BLOCKYSIZE=10", NULL };
    blocks(&file, 20, 10);
}
END_TEST

CHECK_MAIN("sink_plan", a_place_that_cannot_be_written_is_refused, an_existing_file_may_be_kept,
           misspelt_names_are_refused_with_the_nearest, numbers_that_do_not_fit_are_refused,
           formats_that_cannot_hold_it_are_refused, blocks_are_512_and_smaller_for_small_rasters)
