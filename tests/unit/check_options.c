/*
 * check_options.c - creation options by name.
 */
#include "rasters.h"

#include "io/options.h"

START_TEST(options_are_read_into_a_list)
{
    static const char *const texts[] = { "tiled=YES", "BLOCKXSIZE=64", NULL };
    char **list;

    GDALAllRegister();
    ck_assert(wf_options_read(GDALGetDriverByName("GTiff"), texts, &list, NULL));
    ck_assert_str_eq(CSLFetchNameValue(list, "TILED"), "YES");
    ck_assert_str_eq(CSLFetchNameValue(list, "BLOCKXSIZE"), "64");
    CSLDestroy(list);
    ck_assert(wf_options_read(GDALGetDriverByName("GTiff"), NULL, &list, NULL));
    ck_assert_ptr_null(list);
}
END_TEST

START_TEST(values_are_those_the_driver_lists)
{
    GDALDriverH driver;
    WeftErr err = { 0 };

    GDALAllRegister();
    driver = GDALGetDriverByName("GTiff");
    ck_assert(wf_options_value(driver, "COMPRESS", "LZW", "compression", &err));
    ck_assert(wf_options_value(driver, "ZLEVEL", "9", "level", &err)); /* it lists none */
    ck_assert(!wf_options_value(driver, "COMPRESS", "LZZ", "compression", &err));
    ck_assert_str_eq(err.hint, "did you mean \"LZW\"?");
    ck_assert(wf_options_known(driver, "blockxsize") && !wf_options_known(driver, "BLOCKSIZE"));
}
END_TEST

CHECK_MAIN("options", options_are_read_into_a_list, values_are_those_the_driver_lists)
