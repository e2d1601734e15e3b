/* check_trial.c - what formats do to a few pixels. */
#include "harness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/gdal_call.h"
#include "io/trial.h"

static WeftErr err;
static const WeftGrid grid = {
    .width = 40, .height = 30, .transform = { 100, 10, 0, 200, 0, -10 }, .georeferenced = true
};

static WfSinkFile file_of(const char *path, const char *format)
{
    return (WfSinkFile) { .path = path,
                          .grid = &grid,
                          .band_count = 1,
                          .type = WEFT_U8,
                          .format = format,
                          .workers = 1 };
}

static WfTrial try(const WfSinkFile *file)
{
    WfTrial trial;
    WfMake make;

    err = (WeftErr) { 0 };
    ck_assert_msg(wf_make_plan(&make, file, NULL, &err), "%s", err.message);
    ck_assert(wf_trial_run(&make, file, &trial, &err));
    wf_make_free(&make);
    return trial;
}

static WfLayout layout_of(const WfSinkFile *file, bool *done)
{
    WfLayout layout;

    err = (WeftErr) { 0 };
    *done = wf_sink_plan(file, &layout, &err);
    return layout;
}

START_TEST(a_format_that_keeps_all_is_found_to)
{
    static const char *const formats[] = { "GTiff", "COG", "HFA", "PNG", "netCDF" };
    const char *folder = harness_folder();

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char path[300];
        WfSinkFile file = file_of(path, formats[i]);
        WfTrial trial;

        snprintf(path, sizeof path, "%s/a.bin", folder);
        trial = try(&file);
        ck_assert_msg(trial.made && trial.placed && trial.valid && trial.same && !trial.lost[0],
                      "%s: %s", formats[i], trial.call.text);
    }
}
END_TEST

START_TEST(a_mask_that_a_format_drops_is_missed)
{
    WfSinkFile file = file_of("a.nc", "netCDF");
    bool done;
    WfLayout layout;

    file.mask_count = 1;
    ck_assert(!try(&file).valid);
    layout = layout_of(&file, &done);
    ck_assert(!done && layout.unable);
    ck_assert_str_eq(err.message, "format netCDF cannot hold a mask of 1 band of u8");
}
END_TEST

START_TEST(options_that_cut_bits_off_are_refused_by_name)
{
    static const char *const narrow[] = { "NBITS=4", NULL };
    const WeftRange little = { .lo = 0, .hi = 15, .whole = true, .valid = true };
    WfSinkFile file = file_of("a.tif", "GTiff");
    bool done;
    WfLayout layout;

    file.options = narrow;
    layout = layout_of(&file, &done);
    ck_assert(!done && !layout.unable);
    ck_assert_ptr_nonnull(strstr(err.message, "option NBITS=4 of format GTiff changes values: "));
    file.ranges = &little;
    layout_of(&file, &done);
    ck_assert_msg(done, "%s", err.message);
}
END_TEST

START_TEST(a_format_that_cannot_but_change_pixels_is_told_as_rough)
{
    WfSinkFile file = file_of("a.jpg", "JPEG");
    static const char *const quality[] = { "QUALITY=60", NULL };
    bool done;

    ck_assert(layout_of(&file, &done).rough && done);
    file.options = quality; /* asked for */
    ck_assert(!layout_of(&file, &done).rough && done);
}
END_TEST

START_TEST(formats_with_a_lossless_mode_are_asked_for_it)
{
    static const char *const formats[] = { "JP2OpenJPEG", "WEBP" };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        WfSinkFile file = file_of("a.bin", formats[i]);

        if (!GDALGetDriverByName(formats[i]))
            continue;
        file.band_count = 3;
        ck_assert_msg(try(&file).same, "%s", formats[i]);
    }
}
END_TEST

START_TEST(what_a_format_has_no_place_for_is_named)
{
    const WeftColor colors[] = { { 0 }, { 255, 0, 0, 255 } };
    const WfMeaning meaning = { .unit = "ft",
                                .scale = 1,
                                .legend = { .colors = colors, .color_count = 2 } };
    const WfMeaning *meanings[] = { NULL, &meaning, &meaning };
    WfSinkFile file = file_of("a.tif", "GTiff");
    bool done;
    WfLayout layout;

    file.band_count = 3;
    file.meanings = meanings;
    layout = layout_of(&file, &done);
    ck_assert(done);
    ck_assert_str_eq(layout.lost, "the colours of bands 2 and 3");
}
END_TEST

CHECK_MAIN("trial", a_format_that_keeps_all_is_found_to, a_mask_that_a_format_drops_is_missed,
           options_that_cut_bits_off_are_refused_by_name,
           a_format_that_cannot_but_change_pixels_is_told_as_rough,
           formats_with_a_lossless_mode_are_asked_for_it, what_a_format_has_no_place_for_is_named)
