/*
 * check_gdal_call.c - GDAL's messages as errors of ours, and types both ways.
 */
#include "rasters.h"

#include <cpl_error.h>
#include <errno.h>

#include "io/gdal_call.h"

START_TEST(the_first_error_is_kept_without_path_and_full_stop)
{
    WeftErr err = { 0 };
    WfCall call;

    wf_call_begin(&call);
    CPLError(CE_Warning, CPLE_AppDefined, "odd");
    CPLError(CE_Failure, CPLE_AppDefined, "/x/a.tif: bad\nblock.");
    CPLError(CE_Failure, CPLE_AppDefined, "later");
    wf_call_end(&call);
    ck_assert(call.failed);
    ck_assert(!wf_call_fail(&call, &err, "/x/a.tif", "cannot read block %d", 3));
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_str_eq(err.message, "cannot read block 3: bad block");
}
END_TEST

START_TEST(the_function_that_speaks_is_not_named)
{
    static const char *const said[] = { "TIFFFillTile:Read error",
                                        "VRT::Band::IRasterIO:Read error" };

    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        WeftErr err = { 0 };
        WfCall call;

        wf_call_begin(&call);
        CPLError(CE_Failure, CPLE_AppDefined, "%s", said[i]);
        wf_call_end(&call);
        wf_call_fail(&call, &err, NULL, "x");
        ck_assert_str_eq(err.message, "x: Read error");
    }
}
END_TEST

START_TEST(a_place_that_is_not_known_is_left_out)
{
    WeftErr err = { 0 };
    WfCall call;

    wf_call_begin(&call);
    CPLError(CE_Failure, CPLE_AppDefined, "Read error at scanline 4294967295; got 5 bytes");
    wf_call_end(&call);
    wf_call_fail(&call, &err, NULL, "x");
    ck_assert_str_eq(err.message, "x: Read error; got 5 bytes");
}
END_TEST

START_TEST(a_full_disk_is_told_where_a_driver_does_not)
{
    WeftErr err = { 0 };
    WfCall call;

    wf_call_begin(&call);
    errno = ENOSPC;
    CPLError(CE_Failure, CPLE_AppDefined, "libpng: Write Error");
    wf_call_end(&call);
    wf_call_fail(&call, &err, NULL, "x");
    ck_assert_str_eq(err.message, "x: libpng: Write Error: No space left on device");
}
END_TEST

START_TEST(a_warning_is_no_error_unless_it_tells_damage)
{
    WfCall call;

    wf_call_begin(&call);
    CPLError(CE_Warning, CPLE_AppDefined, "tags are not sorted");
    wf_call_end(&call);
    ck_assert(!call.failed && !call.damaged);
    wf_call_begin(&call);
    CPLError(CE_Warning, CPLE_AppDefined, "Corrupt JPEG data: premature end of data segment");
    wf_call_end(&call);
    ck_assert(!call.failed && call.damaged);
}
END_TEST

START_TEST(a_lack_of_memory_is_told_as_such)
{
    WeftErr err = { 0 };
    WfCall call;

    wf_call_begin(&call);
    CPLError(CE_Failure, CPLE_OutOfMemory, "cannot allocate");
    wf_call_end(&call);
    wf_call_fail(&call, &err, NULL, "x");
    ck_assert_int_eq(err.code, WEFT_EMEM);
}
END_TEST

START_TEST(types_go_both_ways)
{
    const char *path = in_folder(harness_folder(), "a.tif");

    for (WeftType type = WEFT_U8; type <= WEFT_F64; type++) {
        GDALDatasetH data = make_raster("GTiff", path, 4, 4, 1, wf_gdal_data_type(type),
                                        wf_gdal_signed_byte(type) ? "PIXELTYPE=SIGNEDBYTE" : "");

        GDALClose(data);
        data = GDALOpen(path, GA_ReadOnly);
        ck_assert_int_eq(wf_gdal_type(GDALGetRasterBand(data, 1)), type);
        GDALClose(data);
    }
}
END_TEST

CHECK_MAIN("gdal_call", the_first_error_is_kept_without_path_and_full_stop,
           the_function_that_speaks_is_not_named, a_place_that_is_not_known_is_left_out,
           a_full_disk_is_told_where_a_driver_does_not,
           a_warning_is_no_error_unless_it_tells_damage, a_lack_of_memory_is_told_as_such,
           types_go_both_ways)
