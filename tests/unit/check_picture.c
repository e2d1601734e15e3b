/*
 * check_picture.c - RGBA pixels as files.
 */
#include "rasters.h"

#include "io/picture.h"

START_TEST(a_picture_reads_back_equal)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "p.png");
    uint8_t rgba[7 * 5 * 4], got[7 * 5 * 4];
    WeftErr err = { 0 };
    GDALDatasetH data;

    for (int i = 0; i < (int)sizeof rgba; i++)
        rgba[i] = (uint8_t)(i * 37);
    ck_assert_msg(wf_picture_write(path, NULL, rgba, 7, 5, NULL, NULL, &err), "%s", err.message);
    data = GDALOpen(path, GA_ReadOnly);
    ck_assert_int_eq(GDALGetRasterCount(data), 4);
    ck_assert_int_eq(
        GDALDatasetRasterIO(data, GF_Read, 0, 0, 7, 5, got, 7, 5, GDT_Byte, 4, NULL, 4, 28, 1),
        CE_None);
    ck_assert_mem_eq(got, rgba, sizeof rgba);
    GDALClose(data);
    ck_assert_int_eq(count_files(folder, "p"), 1);
}
END_TEST

/* The driver that reads it, its bands, and its first pixel. */
static void expect_picture(const char *path, const char *driver, int bands, const uint8_t *pixel)
{
    GDALDatasetH data = GDALOpen(path, GA_ReadOnly);
    uint8_t got[4];

    ck_assert_msg(data != NULL, "%s", path);
    ck_assert_str_eq(GDALGetDriverShortName(GDALGetDatasetDriver(data)), driver);
    ck_assert_int_eq(GDALGetRasterCount(data), bands);
    ck_assert_int_eq(
        GDALDatasetRasterIO(data, GF_Read, 0, 0, 1, 1, got, 1, 1, GDT_Byte, bands, NULL, 0, 0, 1),
        CE_None);
    ck_assert_mem_eq(got, pixel, (size_t)bands);
    GDALClose(data);
}

START_TEST(a_picture_has_the_format_of_its_extension)
{
    static const struct {
        const char *name, *format, *driver;
        int bands;
        uint8_t pixel[4];
    } cases[] = {
        { "p.TIF", NULL, "GTiff", 4, { 0, 0, 0, 0 } },
        { "p.jp2", "png", "PNG", 4, { 0, 0, 0, 0 } },
        { "p.bmp", NULL, "BMP", 3, { 255, 255, 255 } }, /* no alpha: invalid is white */
        { "p.jpg", NULL, "JPEG", 3, { 255, 255, 255 } },
        { "p", NULL, "GTiff", 4, { 0, 0, 0, 0 } },
    };
    uint8_t rgba[16 * 16 * 4] = { 0 };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *folder = harness_folder(), *path = in_folder(folder, cases[i].name);
        WeftErr err = { 0 };

        ck_assert_msg(wf_picture_write(path, cases[i].format, rgba, 16, 16, NULL, NULL, &err),
                      "%s: %s", path, err.message);
        expect_picture(path, cases[i].driver, cases[i].bands, cases[i].pixel);
        ck_assert_int_eq(count_files(folder, "p"), 1); /* no .aux.xml */
    }
}
END_TEST

START_TEST(what_cannot_be_drawn_is_told_beforehand)
{
    const char *folder = harness_folder();
    static const char *const names[] = { "p.png", "p.jpg", "p.TIF", "p", "p.kmz" };
    WeftErr gif = { 0 }, unknown = { 0 }, fine = { 0 };

    ck_assert(!wf_picture_check(in_folder(folder, "p.gif"), NULL, &gif));
    ck_assert_ptr_nonnull(strstr(gif.message, "format GIF cannot hold a picture"));
    ck_assert(!wf_picture_check(in_folder(folder, "p.pgn"), NULL, &unknown));
    ck_assert_ptr_nonnull(strstr(unknown.message, ".pgn"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg(!GDALGetDriverByName("KMLSUPEROVERLAY") ||
                          wf_picture_check(in_folder(folder, names[i]), NULL, &fine),
                      "%s: %s", names[i], fine.message);
    ck_assert_int_eq(count_files(folder, "p."), 0);
}
END_TEST

START_TEST(a_picture_in_no_folder_is_an_error)
{
    uint8_t rgba[4] = { 0 };
    WeftErr err = { 0 };

    ck_assert(!wf_picture_write("/nowhere/p.png", NULL, rgba, 1, 1, NULL, NULL, &err));
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_ptr_nonnull(strstr(err.message, "/nowhere/p.png"));
}
END_TEST

START_TEST(a_picture_without_pixels_is_an_error)
{
    WeftErr err = { 0 };

    ck_assert(!wf_picture_write("p.png", NULL, NULL, 0, 5, NULL, NULL, &err));
    ck_assert_int_eq(err.code, WEFT_EARG);
}
END_TEST

CHECK_MAIN("picture", a_picture_reads_back_equal, a_picture_has_the_format_of_its_extension,
           what_cannot_be_drawn_is_told_beforehand, a_picture_in_no_folder_is_an_error,
           a_picture_without_pixels_is_an_error)
