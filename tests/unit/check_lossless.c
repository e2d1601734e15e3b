/*
 * check_lossless.c - drivers are asked to keep pixels as they are, unless the user decides.
 */
#include "rasters.h"

#include "io/lossless.h"

START_TEST(drivers_are_asked_to_keep_pixels)
{
    char **jp2 = NULL, **bytes = NULL, **floats = NULL, **told = CSLAddString(NULL, "QUALITY=40");
    GDALDriverH openjpeg, package;

    GDALAllRegister();
    openjpeg = GDALGetDriverByName("JP2OpenJPEG");
    package = GDALGetDriverByName("GPKG");
    if (openjpeg) {
        wf_lossless_add(openjpeg, "NONE", WEFT_U16, &jp2);
        ck_assert_str_eq(CSLFetchNameValue(jp2, "REVERSIBLE"), "YES");
        ck_assert_str_eq(CSLFetchNameValue(jp2, "QUALITY"), "100");
        wf_lossless_add(openjpeg, "NONE", WEFT_U16, &told); /* the user decides */
        ck_assert_int_eq(CSLCount(told), 1);
    }
    if (package) {
        wf_lossless_add(package, "NONE", WEFT_U8, &bytes);
        ck_assert_str_eq(CSLFetchNameValue(bytes, "TILE_FORMAT"), "PNG");
        wf_lossless_add(package, "NONE", WEFT_F32, &floats);
        ck_assert_int_eq(CSLCount(floats), 0);
    }
    CSLDestroy(jp2);
    CSLDestroy(bytes);
    CSLDestroy(floats);
    CSLDestroy(told);
}
END_TEST

START_TEST(who_names_a_quality_has_declined)
{
    char **list = CSLAddString(NULL, "QUALITY=40");

    ck_assert(wf_lossless_declined("NONE", list) && !wf_lossless_declined("DEFLATE", NULL));
    ck_assert(wf_lossless_declined("JPEG", NULL));
    CSLDestroy(list);
}
END_TEST

CHECK_MAIN("lossless", drivers_are_asked_to_keep_pixels, who_names_a_quality_has_declined)
