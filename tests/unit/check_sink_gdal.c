/*
 * check_sink_gdal.c - copies to other formats: nodata, masks and options reach the file.
 */
#include "rasters.h"

#include "io/sink.h"

static WeftGrid grid = { .width = 40, .height = 30 };

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
            (!file->has_mask || wf_sink_write(sinks, 0, 1, all, WEFT_U8, mask, 40, &bytes, &err)) &&
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
                            .grid = &grid,
                            .band_count = 1,
                            .type = WEFT_U8,
                            .has_mask = true,
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
                        .grid = &grid,
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
                        .grid = &grid,
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

CHECK_MAIN("sink_gdal", a_copy_has_the_mask, a_copy_has_nodata,
           pixel_interleaved_tiles_have_the_block_size_asked_for)
