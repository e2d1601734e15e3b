/*
 * check_picture.c - RGBA pixels as PNG.
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
    ck_assert_msg(wf_picture_write(path, rgba, 7, 5, NULL, NULL, &err), "%s", err.message);
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

START_TEST(a_picture_in_no_folder_is_an_error)
{
    uint8_t rgba[4] = { 0 };
    WeftErr err = { 0 };

    ck_assert(!wf_picture_write("/nowhere/p.png", rgba, 1, 1, NULL, NULL, &err));
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_ptr_nonnull(strstr(err.message, "/nowhere/p.png"));
}
END_TEST

START_TEST(a_picture_without_pixels_is_an_error)
{
    WeftErr err = { 0 };

    ck_assert(!wf_picture_write("p.png", NULL, 0, 5, NULL, NULL, &err));
    ck_assert_int_eq(err.code, WEFT_EARG);
}
END_TEST

CHECK_MAIN("picture", a_picture_reads_back_equal, a_picture_in_no_folder_is_an_error,
           a_picture_without_pixels_is_an_error)
