/*
 * check_sink_gdal.c - GDAL's writer and copies: equal when read back; nodata, masks and options
 * reach the file.
 */
#include "writers.h"

#include <unistd.h>

static WeftGrid small = { .width = 40, .height = 30 };

/* One band of 9 with a mask that is 0 in the first row, where there is one. */
static GDALDatasetH save(const WfSinkFile *file)
{
    uint8_t pixels[40 * 30], mask[40 * 30];
    WfRect all = { 0, 0, 40, 30 };
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    int64_t bytes;

    memset(pixels, 9, sizeof pixels);
    memset(mask, 255, sizeof mask);
    memset(mask, 0, 40);
    ck_assert_msg(
        wf_sinks_add_file(sinks, file, &err) == 0 &&
            wf_sink_write(sinks, 0, 0, all, WEFT_U8, pixels, 40, &bytes, &err) &&
            (!file->mask_count || wf_sink_write(sinks, 0, 1, all, WEFT_U8, mask, 40, &bytes, &err)) &&
            wf_sinks_commit(sinks, &err),
        "%s", err.message);
    wf_sinks_free(sinks);
    return GDALOpen(file->path, GA_ReadOnly);
}

START_TEST(a_copy_has_the_mask)
{
    static const char *const formats[] = { "COG", "PNG" };

    for (int i = 0; i < 2; i++) {
        WfSinkFile file = { .path = in_folder(harness_folder(), "a.x"),
                            .grid = &small,
                            .band_count = 1,
                            .type = WEFT_U8,
                            .mask_count = 1,
                            .format = formats[i],
                            .workers = 1 };
        GDALDatasetH data = save(&file);
        uint8_t got[2];

        ck_assert_int_eq(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(data, 1)), GF_Read, 5, 0, 1,
                                      2, got, 1, 2, GDT_Byte, 0, 0),
                         CE_None);
        ck_assert_int_eq(got[0], 0);
        ck_assert_int_eq(got[1], 255);
        GDALClose(data);
    }
}
END_TEST

START_TEST(a_copy_has_nodata)
{
    WfSinkFile file = { .path = in_folder(harness_folder(), "a.png"),
                        .grid = &small,
                        .band_count = 1,
                        .type = WEFT_U8,
                        .has_nodata = true,
                        .nodata = 200,
                        .format = "PNG",
                        .workers = 1 };
    GDALDatasetH data = save(&file);
    int given;

    ck_assert(GDALGetRasterNoDataValue(GDALGetRasterBand(data, 1), &given) == 200 && given);
    GDALClose(data);
}
END_TEST

START_TEST(pixel_interleaved_tiles_have_the_block_size_asked_for)
{
    static const char *const options[] = { "INTERLEAVE=PIXEL", NULL };
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = { .path = path,
                        .grid = &small,
                        .band_count = 2,
                        .type = WEFT_U8,
                        .blocksize = 16,
                        .options = options,
                        .compress = "lzw",
                        .workers = 2 };
    WfSinks *sinks = wf_sinks_new(NULL);
    uint8_t pixels[40 * 30] = { 0 };
    int width, height;
    GDALDatasetH data;
    int64_t bytes;

    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, NULL), 0);
    for (int b = 0; b < 2; b++)
        ck_assert(wf_sink_write(sinks, 0, b, (WfRect) { 0, 0, 40, 30 }, WEFT_U8, pixels, 40, &bytes,
                                NULL));
    ck_assert(wf_sinks_commit(sinks, NULL));
    wf_sinks_free(sinks);
    data = GDALOpen(path, GA_ReadOnly);
    GDALGetBlockSize(GDALGetRasterBand(data, 1), &width, &height);
    ck_assert(width == 16 && height == 16);
    ck_assert_str_eq(GDALGetMetadataItem(data, "INTERLEAVE", "IMAGE_STRUCTURE"), "PIXEL");
    ck_assert_str_eq(GDALGetMetadataItem(data, "COMPRESSION", "IMAGE_STRUCTURE"), "LZW");
    GDALClose(data);
}
END_TEST

START_TEST(compressed_files_read_back_equal)
{
    static const struct {
        WeftType type;
        const char *compress;
        int predictor, level;
    } cases[] = { { WEFT_U8, "deflate", 2, 9 },
                  { WEFT_F32, "deflate", 3, 0 },
                  { WEFT_I16, "lzw", 2, 0 },
                  { WEFT_F64, "zstd", 0, 3 },
                  { WEFT_U16, "LERC", 0, 0 } };
    const char *path = in_folder(harness_folder(), "a.tif");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfSinkFile file = file_of(path, 700, 600, 2, cases[i].type);

        file.compress = cases[i].compress;
        file.predictor = cases[i].predictor;
        file.level = cases[i].level;
        file.has_nodata = true;
        file.nodata = 200;
        write_and_check(&file, 1, 3);
    }
}
END_TEST

START_TEST(a_mask_lies_inside_the_file)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");
    static const char *const compress[] = { NULL, "deflate" };

    for (int i = 0; i < 2; i++) {
        WfSinkFile file = file_of(path, 700, 600, 2, WEFT_F32);

        file.mask_count = 1;
        file.compress = compress[i];
        write_and_check(&file, 1, 2);
        ck_assert_int_eq(count_files(folder, "a"), 1);
    }
}
END_TEST

START_TEST(options_that_change_the_layout_read_back_equal)
{
    static const char *const lists[][3] = {
        { "TILED=NO", NULL },
        { "INTERLEAVE=PIXEL", NULL },
        { "INTERLEAVE=PIXEL", "COMPRESS=DEFLATE", NULL },
        { "TILED=NO", "COMPRESS=LZW", NULL },
        { "ENDIANNESS=BIG", NULL },
        { "BIGTIFF=YES", "BLOCKXSIZE=128", NULL },
        { "SPARSE_OK=TRUE", NULL },
    };
    const char *path = in_folder(harness_folder(), "a.tif");

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        WfSinkFile file = file_of(path, 700, 300, 3, WEFT_U16);

        file.options = lists[i];
        write_and_check(&file, 1, 2);
    }
}
END_TEST

START_TEST(four_byte_bands_are_no_alpha)
{
    const char *path = in_folder(harness_folder(), "a.tif");

    for (int i = 0; i < 2; i++) {
        WfSinkFile file = file_of(path, 100, 100, 4 + i, WEFT_U8);

        write_and_check(&file, 1, 1);
        file.options = (const char *const[]) { "INTERLEAVE=PIXEL", NULL };
        write_and_check(&file, 1, 1);
    }
}
END_TEST

START_TEST(other_formats_read_back_equal)
{
    static const struct {
        const char *format, *name;
        WeftType type;
        int bands;
    } cases[] = { { "COG", "a.tif", WEFT_F32, 2 },  { "PNG", "a.png", WEFT_U8, 1 },
                  { "ENVI", "a.img", WEFT_I16, 2 }, { "HFA", "b.img", WEFT_F64, 1 },
                  { "png", "b.png", WEFT_U16, 3 },  { "ENVI", "plain", WEFT_U8, 1 } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *folder = harness_folder();
        WfSinkFile file =
            file_of(in_folder(folder, cases[i].name), 700, 600, cases[i].bands, cases[i].type);

        if (!GDALGetDriverCount())
            GDALAllRegister();
        if (!GDALGetDriverByName(cases[i].format))
            continue;
        file.format = cases[i].format;
        write_and_check(&file, 1, 2);
        ck_assert_int_eq(count_files(folder, ".part"), 0);
    }
}
END_TEST

START_TEST(a_cog_is_a_cog)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = file_of(path, 700, 600, 1, WEFT_F32);
    GDALDatasetH data;

    file.format = "COG";
    file.compress = "deflate";
    file.level = 9;
    file.predictor = 3;
    file.blocksize = 256;
    file.has_nodata = true;
    file.nodata = NAN;
    write_and_check(&file, 1, 2);
    data = GDALOpen(path, GA_ReadOnly);
    ck_assert_str_eq(GDALGetMetadataItem(data, "LAYOUT", "IMAGE_STRUCTURE"), "COG");
    ck_assert_int_gt(GDALGetOverviewCount(GDALGetRasterBand(data, 1)), 0);
    GDALClose(data);
}
END_TEST

START_TEST(what_a_driver_puts_beside_its_file_moves_along)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_of(in_folder(folder, "a.png"), 50, 40, 1, WEFT_U8);

    file.format = "PNG";
    write_and_check(&file, 1, 1);
    ck_assert_int_eq(access(in_folder(folder, "a.png.aux.xml"), F_OK), 0);
}
END_TEST

CHECK_MAIN("sink_gdal", a_copy_has_the_mask, a_copy_has_nodata,
           pixel_interleaved_tiles_have_the_block_size_asked_for, compressed_files_read_back_equal,
           a_mask_lies_inside_the_file, options_that_change_the_layout_read_back_equal,
           four_byte_bands_are_no_alpha, other_formats_read_back_equal, a_cog_is_a_cog,
           what_a_driver_puts_beside_its_file_moves_along)
