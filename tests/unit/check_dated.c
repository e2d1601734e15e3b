/*
 * check_dated.c - times of bands as files say them: axes of time, GRIB, names, scenes.
 */
#include "rasters.h"

#include <math.h>

#include "base/date.h"
#include "io/dated.h"
#include "io/store.h"

/* ------------------------------------------------------------------------------- values */

/* The moment as text, or why there is none. */
static const char *moment(const char *value, const char *units, const char *calendar)
{
    static char text[300];
    double seconds = NAN;

    if (!wf_dated_value(value, units, calendar, &seconds, text, sizeof text))
        wf_date_text(seconds, text);
    return text;
}

START_TEST(units_are_spelt_in_several_ways)
{
    static const char *const days[] = { "days", "day", "d", "Days", "DAYS" };
    static const char *const hours[] = { "hours", "hour", "hr", "hrs", "h" };

    for (int i = 0; i < 5; i++) {
        char units[64];

        snprintf(units, sizeof units, "%s since 2000-01-01", days[i]);
        ck_assert_str_eq(moment("1.5", units, NULL), "2000-01-02 12:00:00");
        snprintf(units, sizeof units, "%s since 2000-01-01", hours[i]);
        ck_assert_str_eq(moment("1.5", units, NULL), "2000-01-01 01:30:00");
    }
    ck_assert_str_eq(moment("90", "minutes since 2000-01-01", NULL), "2000-01-01 01:30:00");
    ck_assert_str_eq(moment("90", "secs since 2000-01-01", NULL), "2000-01-01 00:01:30");
    ck_assert_str_eq(moment("90", "ms since 2000-01-01", NULL), "2000-01-01 00:00:00.09");
    ck_assert_str_eq(moment("2", "weeks since 2000-01-01", NULL), "2000-01-15");
    ck_assert_str_eq(moment("-1", "days SINCE 2000-01-01", NULL), "1999-12-31");
}
END_TEST

START_TEST(a_calendar_counts_its_own_days)
{
    const char *units = "days since 1850-01-01";

    ck_assert_str_eq(moment("60265", units, "standard"), "2015-01-01");
    ck_assert_str_eq(moment("60265", units, "proleptic_gregorian"), "2015-01-01");
    ck_assert_str_eq(moment("60225", units, "noleap"), "2015-01-01");
    ck_assert_str_eq(moment("60225", units, "365_day"), "2015-01-01");
    ck_assert_str_eq(moment("60390", units, "all_leap"), "2015-01-01");
    ck_assert_str_eq(moment("59400", units, "360_day"), "2015-01-01");
    ck_assert_str_eq(moment("0", units, "julian"), "1850-01-13");
}
END_TEST

/* Reanalyses of the atmosphere count hours from the first year, as if the Julian calendar were ours
 * until 1582. */
START_TEST(the_standard_calendar_is_julian_at_first)
{
    ck_assert_str_eq(moment("17522904", "hours since 1-1-1 00:00:0.0", NULL), "2000-01-01");
    ck_assert_str_eq(moment("730119", "days since 0001-01-01", "proleptic_gregorian"),
                     "2000-01-01");
    ck_assert_str_eq(moment("1", "days since 1582-10-04", "gregorian"), "1582-10-15");
}
END_TEST

START_TEST(rounding_of_values_is_taken_back)
{
    ck_assert_str_eq(moment("54786.04166666666", "days since 1850-01-01", NULL),
                     "2000-01-01 01:00:00");
    ck_assert_str_eq(moment("0.3333333333333333", "days since 2000-01-01", NULL),
                     "2000-01-01 08:00:00");
}
END_TEST

START_TEST(months_and_years_have_a_length_where_all_are_alike)
{
    ck_assert_str_eq(moment("13", "months since 2000-01-01", "360_day"), "2001-02-01");
    ck_assert_str_eq(moment("2", "years since 2000-03-01", "noleap"), "2002-03-01");
    ck_assert_str_eq(moment("2", "common_years since 2001-01-01", NULL), "2003-01-01");
    ck_assert_str_eq(
        moment("1", "months since 2000-01-01", NULL),
        "\"months since 2000-01-01\" has no fixed length in the calendar \"standard\"");
    ck_assert_str_eq(moment("1", "months since 2000-01-01", "noleap"),
                     "\"months since 2000-01-01\" has no fixed length in the calendar \"noleap\"");
}
END_TEST

START_TEST(dates_may_be_written_as_numbers)
{
    ck_assert_str_eq(moment("20180710.25", "day as %Y%m%d.%f", NULL), "2018-07-10 06:00:00");
    ck_assert_str_eq(moment("20181310", "day as %Y%m%d.%f", NULL), "20181310 is no date");
}
END_TEST

START_TEST(what_has_no_date_of_ours_says_why)
{
    ck_assert_str_eq(moment("59.5", "days since 1850-01-01", "360_day"),
                     "1850-02-30 of the calendar \"360_day\" is no date of ours");
    ck_assert_str_eq(moment("59", "days since 1850-01-01", "all_leap"),
                     "1850-02-29 of the calendar \"all_leap\" is no date of ours");
    ck_assert_str_eq(moment("1", "days since 0000-01-01", NULL),
                     "\"days since 0000-01-01\" begins at no date of the calendar \"standard\"");
    ck_assert_str_eq(moment("1", "days since then", NULL),
                     "\"days since then\" begins at no date of the calendar \"standard\"");
    ck_assert_str_eq(moment("1", "days since 2000-01-01", "lunar"),
                     "the calendar \"lunar\" is not known");
    ck_assert_str_eq(moment("noon", "days since 2000-01-01", NULL), "\"noon\" is no number");
    ck_assert_str_eq(moment("1e30", "days since 2000-01-01", NULL), "it is too far away");
}
END_TEST

/* ------------------------------------------------------------------------------- files */

/* A VRT without sources; items of the file and of each band as "KEY=V|KEY=V". */
static const char *virtual_file(const char *items, const char *const *bands, int count)
{
    const char *path = in_folder(harness_folder(), "times.vrt");
    GDALDatasetH data;
    char **list = CSLTokenizeString2(items, "|", 0);

    GDALAllRegister();
    data = GDALCreate(GDALGetDriverByName("VRT"), path, 4, 3, count, GDT_Byte, NULL);
    GDALSetMetadata(data, list, NULL);
    GDALSetGeoTransform(data, (double[]) { 600000, 10, 0, 5000000, 0, -10 });
    CSLDestroy(list);
    for (int i = 0; i < count; i++) {
        GDALRasterBandH band = GDALGetRasterBand(data, i + 1);

        list = CSLTokenizeString2(bands[i], "|", 0);
        GDALSetMetadata(band, list, NULL);
        GDALSetDescription(
            band, list && CSLFetchNameValue(list, "NAME") ? CSLFetchNameValue(list, "NAME") : "");
        CSLDestroy(list);
    }
    GDALClose(data);
    return path;
}

/* Times of all bands, "-" where there is none; then what is told. */
static const char *times_of(const char *path)
{
    static char text[1024];
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    int store = wf_stores_open(stores, path, &err);
    const WeftFile *file;
    const char *doubt;
    char *at = text, date[48];

    ck_assert_msg(store >= 0, "%s", err.message);
    file = wf_stores_file(stores, store);
    doubt = wf_stores_doubt(stores, store);
    for (int i = 0; i < file->band_count; i++)
        at += sprintf(at, "%s%s", i ? ", " : "",
                      isnan(file->bands[i].time) ? "-" : wf_date_text(file->bands[i].time, date));
    if (doubt)
        sprintf(at, "; %s", strstr(doubt, "band "));
    wf_stores_free(stores);
    return text;
}
#define TIMES(items, ...)                                               \
    times_of(virtual_file(items, (const char *const[]) { __VA_ARGS__ }, \
                          (int)(sizeof((const char *const[]) { __VA_ARGS__ }) / sizeof(char *))))

START_TEST(a_dimension_of_time_dates_its_bands)
{
    ck_assert_str_eq(TIMES("time#units=days since 1850-01-01|time#calendar=noleap",
                           "NETCDF_DIM_time=59", "NETCDF_DIM_time=365"),
                     "1850-03-01, 1851-01-01");
    ck_assert_str_eq(TIMES("x#units=m", "NETCDF_DIM_time=59"), "-");
    ck_assert_str_eq(TIMES("time#units=1", "NETCDF_DIM_time=59"), "-");
}
END_TEST

START_TEST(a_dimension_of_any_name_and_group_may_be_of_time)
{
    ck_assert_str_eq(TIMES("record#units=hours since 2000-01-01", "NETCDF_DIM_record=1"),
                     "2000-01-01 01:00:00");
    ck_assert_str_eq(
        TIMES("/land/daily/t#units=days since 2000-01-01|/land/t2#units=m", "NETCDF_DIM_t=1"),
        "2000-01-02");
    ck_assert_str_eq(TIMES("", "DIM_time_INDEX=0|DIM_time_VALUE=36|DIM_time_UNIT=hours since "
                               "2000-01-01"),
                     "2000-01-02 12:00:00");
}
END_TEST

START_TEST(of_several_dimensions_the_time_that_is_valid_counts)
{
    const char *file = "time#units=days since 2000-01-01|run#units=days since 2000-01-01|"
                       "lev#units=m";

    ck_assert_str_eq(TIMES(file, "NETCDF_DIM_lev=7|NETCDF_DIM_run=1|NETCDF_DIM_time=3"),
                     "2000-01-04");
    ck_assert_str_eq(TIMES(file, "NETCDF_DIM_time=3|NETCDF_DIM_run=1"), "2000-01-04");
    ck_assert_str_eq(TIMES("a#units=days since 2000-01-01|b#units=days since 2000-01-01|"
                           "b#standard_name=forecast_reference_time",
                           "NETCDF_DIM_a=3|NETCDF_DIM_b=1"),
                     "2000-01-04");
    ck_assert_str_eq(TIMES("a#units=days since 2000-01-01|b#units=days since 2000-01-01",
                           "NETCDF_DIM_a=3|NETCDF_DIM_b=1"),
                     "-; band 1 has no time: it lies on several dimensions of time");
}
END_TEST

START_TEST(a_band_of_a_date_that_is_not_ours_has_no_time_and_is_told)
{
    ck_assert_str_eq(TIMES("time#units=days since 1850-01-01|time#calendar=360_day",
                           "NETCDF_DIM_time=57", "NETCDF_DIM_time=58", "NETCDF_DIM_time=59",
                           "NETCDF_DIM_time=60"),
                     "1850-02-28, -, -, 1850-03-01; band 2 has no time: 1850-02-29 of the calendar "
                     "\"360_day\" is no date of ours (nor has another)");
}
END_TEST

START_TEST(fields_of_grib_are_dated_by_when_they_are_valid)
{
    ck_assert_str_eq(TIMES("", "GRIB_REF_TIME=1531202400|GRIB_VALID_TIME=1531288800",
                           "GRIB_VALID_TIME=  1531288800 sec UTC"),
                     "2018-07-11 06:00:00, 2018-07-11 06:00:00");
    ck_assert_str_eq(TIMES("", "GRIB_VALID_TIME=soon"), "-");
}
END_TEST

START_TEST(names_that_are_all_dates_are_times)
{
    ck_assert_str_eq(TIMES("", "NAME=2018-07-10", "NAME=20180711"), "2018-07-10, 2018-07-11");
    ck_assert_str_eq(TIMES("", "NAME=20180710", "NAME=B04"), "-, -");
    ck_assert_str_eq(TIMES("", "NAME=2018-07", "NAME=2018-08"), "-, -");
}
END_TEST

START_TEST(a_scene_has_the_time_that_its_satellite_took_it_and_not_that_it_was_written)
{
    const char *path =
        virtual_file("TIFFTAG_DATETIME=2019:07:10 10:30:00", (const char *const[]) { "", "" }, 2);
    GDALDatasetH data;

    ck_assert_str_eq(times_of(path), "-, -");
    data = GDALOpen(path, GA_Update);
    GDALSetMetadataItem(data, "ACQUISITIONDATETIME", "2018-07-10 10:30:00", "IMAGERY");
    GDALClose(data);
    ck_assert_str_eq(times_of(path), "2018-07-10 10:30:00, 2018-07-10 10:30:00");
}
END_TEST

/* As GDAL itself writes and reads a dimension of time. */
START_TEST(netcdf_files_are_dated)
{
    const char *path = in_folder(harness_folder(), "times.nc");
    GDALDatasetH data;

    GDALAllRegister();
    if (!GDALGetDriverByName("netCDF")) {
        harness_skip("this GDAL has no netCDF");
        return;
    }
    data = GDALOpen(virtual_file("time#units=seconds since 1970-01-01 00:00:00|"
                                 "NETCDF_DIM_EXTRA={time}|NETCDF_DIM_time_DEF={2,6}|"
                                 "NETCDF_DIM_time_VALUES={1531202400.25,1531288800}",
                                 (const char *const[]) { "NETCDF_DIM_time=1531202400.25",
                                                         "NETCDF_DIM_time=1531288800" },
                                 2),
                    GA_ReadOnly);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    GDALClose(GDALCreateCopy(GDALGetDriverByName("netCDF"), path, data, FALSE, NULL, NULL, NULL));
    CPLPopErrorHandler();
    GDALClose(data);
    ck_assert_str_eq(times_of(path), "2018-07-10 06:00:00.25, 2018-07-11 06:00:00");
}
END_TEST

START_TEST(grib_files_are_dated)
{
    const char *path = in_folder(harness_folder(), "times.grb2");
    char **options = CSLAddString(NULL, "IDS=CENTER=85 REF_TIME=2018-07-10T06:00:00Z");
    GDALDatasetH data;

    GDALAllRegister();
    if (!GDALGetDriverByName("GRIB")) {
        harness_skip("this GDAL has no GRIB");
        return;
    }
    options = CSLAddString(options, "PDS_PDTN=0");
    options =
        CSLAddString(options, "PDS_TEMPLATE_ASSEMBLED_VALUES=0 0 2 255 255 0 0 1 24 1 0 0 255 "
                              "-127 -2147483647");
    data = make_raster("MEM", "", 4, 3, 1, GDT_Float32, "");
    GDALSetGeoTransform(data, (double[]) { 10, 1, 0, 50, 0, -1 });
    GDALSetProjection(data, SRS_WKT_WGS84_LAT_LONG);
    GDALClose(GDALCreateCopy(GDALGetDriverByName("GRIB"), path, data, FALSE, options, NULL, NULL));
    GDALClose(data);
    CSLDestroy(options);
    ck_assert_str_eq(times_of(path), "2018-07-11 06:00:00");
}
END_TEST

CHECK_MAIN("dated", units_are_spelt_in_several_ways, a_calendar_counts_its_own_days,
           the_standard_calendar_is_julian_at_first, rounding_of_values_is_taken_back,
           months_and_years_have_a_length_where_all_are_alike, dates_may_be_written_as_numbers,
           what_has_no_date_of_ours_says_why, a_dimension_of_time_dates_its_bands,
           a_dimension_of_any_name_and_group_may_be_of_time,
           of_several_dimensions_the_time_that_is_valid_counts,
           a_band_of_a_date_that_is_not_ours_has_no_time_and_is_told,
           fields_of_grib_are_dated_by_when_they_are_valid, names_that_are_all_dates_are_times,
           a_scene_has_the_time_that_its_satellite_took_it_and_not_that_it_was_written,
           netcdf_files_are_dated, grib_files_are_dated)
