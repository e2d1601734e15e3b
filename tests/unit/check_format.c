/*
 * check_format.c - the driver of a file, by its name and by the extension.
 */
#include "rasters.h"

#include "io/format.h"

static const char *driver_of(const char *format, const char *path)
{
    GDALDriverH driver = wf_format_driver(format, path, NULL);

    return driver ? GDALGetDriverShortName(driver) : "none";
}

static void refused(const char *format, const char *path, const char *message, const char *hint)
{
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_format_driver(format, path, &err));
    ck_assert_msg(strstr(err.message, message) != NULL, "%s: %s", path, err.message);
    ck_assert_msg(strstr(err.hint, hint) != NULL, "%s: %s", path, err.hint);
}

START_TEST(a_format_is_found_whatever_the_case)
{
    GDALAllRegister();
    ck_assert_str_eq(driver_of("cog", "a.tif"), "COG");
    ck_assert_str_eq(driver_of("GTiff", "a.png"), "GTiff"); /* whatever the extension */
    ck_assert_str_eq(driver_of("gtiff", "a.unknown"), "GTiff");
}
END_TEST

START_TEST(a_driver_that_only_reads_is_refused)
{
    GDALAllRegister();
    refused("DIMAP", "a.tif", "cannot write rasters as \"DIMAP\"", "gdalinfo --formats");
    refused(NULL, "a.n1", "GDAL reads .n1 files (ESAT), but cannot write them", ".tif .png");
}
END_TEST

START_TEST(an_extension_says_the_format)
{
    static const char *const cases[][2] = {
        { "a.tif", "GTiff" }, { "a.TIFF", "GTiff" },      { "/x.y/a.png", "PNG" },
        { "a.jpg", "JPEG" },  { "a.jpeg", "JPEG" },       { "a.img", "HFA" },
        { "a.nc", "netCDF" }, { "a.b.asc", "AAIGrid" },   { "a.png.tif", "GTiff" },
        { "a.webp", "WEBP" }, { "a.jp2", "JP2OpenJPEG" }, { "a.hgt", "SRTMHGT" },
    };

    GDALAllRegister();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (GDALGetDriverByName(cases[i][1]))
            ck_assert_str_eq(driver_of(NULL, cases[i][0]), cases[i][1]);
}
END_TEST

START_TEST(a_name_without_extension_is_a_geotiff)
{
    static const char *const names[] = { "a", "a.", "out.png/a", "../a", ".hidden", "" };

    GDALAllRegister();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_str_eq(driver_of(NULL, names[i]), "GTiff");
    ck_assert_str_eq(driver_of(NULL, NULL), "GTiff");
}
END_TEST

START_TEST(an_unknown_extension_is_no_geotiff)
{
    GDALAllRegister();
    refused(NULL, "run.2020", "files that end in .2020", "known: .tif .png");
    refused(NULL, "a.tif.gz", "files that end in .gz", "format=\"GTiff\"");
    refused(NULL, "a.pgn", "files that end in .pgn", "did you mean .png?");
    refused(NULL, "a.geojson", "files that end in .geojson", "known: .tif");
}
END_TEST

START_TEST(one_extension_of_several_formats_is_no_choice)
{
    GDALAllRegister();
    refused(NULL, "a.grd", "several formats: GSAG, GSBG", "format=\"GSAG\"");
}
END_TEST

START_TEST(a_vrt_holds_no_pixels)
{
    GDALAllRegister();
    refused(NULL, "a.VRT", "a .vrt file holds no pixels", "gdalbuildvrt");
    refused("vrt", "a.tif", "format VRT holds no pixels", "gdalbuildvrt");
}
END_TEST

CHECK_MAIN("format", a_format_is_found_whatever_the_case, a_driver_that_only_reads_is_refused,
           an_extension_says_the_format, a_name_without_extension_is_a_geotiff,
           an_unknown_extension_is_no_geotiff, one_extension_of_several_formats_is_no_choice,
           a_vrt_holds_no_pixels)
