/*
 * sink_try.c - whether a format keeps what a file is to hold, judged by a trial.
 *
 * Needs a plan of the file. What another type, nodata value or mask could mend is told from what it
 * could not.
 */
#include <cpl_string.h>
#include <stdio.h>
#include <string.h>

#include "base/pixel.h"
#include "base/text.h"
#include "io/lossless.h"
#include "io/trial.h"

static const char *format_of(const WfMake *make)
{
    return GDALGetDriverShortName(make->driver);
}

static bool refuse_kind(const WfMake *make, const WfSinkFile *file, const WfTrial *trial,
                        WeftErr *err)
{
    WfCall call = trial->call;

    call.code = WEFT_EARG;
    return wf_call_fail(&call, err, NULL, "format %s cannot hold %d band%s of %s so",
                        format_of(make), file->band_count, file->band_count == 1 ? "" : "s",
                        weft_type_name(file->type));
}

static bool refuse_place(const WfMake *make, WeftErr *err)
{
    wf_fail(err, WEFT_EARG, "format %s cannot hold where this raster lies", format_of(make));
    return wf_hint(err, "save it as GTiff, which can");
}

static bool refuse_gaps(const WfMake *make, const WfSinkFile *file, WeftErr *err)
{
    char number[32];

    if (file->mask_count)
        wf_fail(err, WEFT_EARG, "format %s cannot hold a mask of %d band%s of %s", format_of(make),
                file->band_count, file->band_count == 1 ? "" : "s", weft_type_name(file->type));
    else if (file->has_nodata)
        wf_fail(err, WEFT_EARG,
                "format %s cannot hold invalid pixels as nodata %s in %d band%s of %s",
                format_of(make), wf_number(file->nodata, number), file->band_count,
                file->band_count == 1 ? "" : "s", weft_type_name(file->type));
    else
        wf_fail(err, WEFT_EARG, "format %s takes valid pixels of %d band%s of %s for invalid ones",
                format_of(make), file->band_count, file->band_count == 1 ? "" : "s",
                weft_type_name(file->type));
    return wf_hint(err, "GTiff holds it; r:fill(v) gives invalid pixels a value");
}

static bool refuse_values(const WfMake *make, const WfTrial *trial, const char *why,
                          const char *mend, WeftErr *err)
{
    char wrote[32], found[32];

    wf_fail(err, WEFT_EARG, "%s of format %s changes values: %s is read back as %s", why,
            format_of(make), wf_number(trial->wrote, wrote), wf_number(trial->found, found));
    return wf_hint(err, "%s", mend);
}

/* "NBITS=4, ..." as the user wrote them. */
static void list_options(const WfSinkFile *file, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; file->options && file->options[i]; i++) {
        size_t length = strlen(text);

        snprintf(text + length, size - length, "%s%s", i ? ", " : "option ", file->options[i]);
    }
}

/* Without the user's options it would be kept. */
static bool by_options(const WfSinkFile *file, WeftErr *err)
{
    WfSinkFile plain = *file;
    WfTrial trial = { .made = false };
    WfMake make;
    bool mended;

    if (!file->options || !file->options[0])
        return false;
    plain.options = NULL;
    if (!wf_make_plan(&make, &plain, NULL, err))
        return false;
    mended = wf_trial_run(&make, &plain, &trial, err) && trial.made && trial.same;
    wf_make_free(&make);
    return mended;
}

static bool judge_values(const WfMake *make, const WfSinkFile *file, const WfTrial *trial,
                         WfLayout *layout, WeftErr *err)
{
    char options[160];

    if (make->declined)
        return true;
    if (by_options(file, NULL)) {
        list_options(file, options, sizeof options);
        return refuse_values(
            make, trial, options,
            "leave it out, or bring the values into what it holds: r:clamp(lo, hi)", err);
    }
    if (wf_lossless_never(make->driver)) {
        layout->rough = true;
        return true;
    }
    layout->unable = true;
    return refuse_values(make, trial, weft_type_name(file->type),
                         "GTiff keeps them; or cast to a type that the format holds", err);
}

bool wf_make_try(const WfMake *make, const WfSinkFile *file, WfLayout *layout, WeftErr *err)
{
    WfTrial trial;

    if (!wf_trial_run(make, file, &trial, err))
        return false;
    if (!trial.made) {
        layout->unable = true;
        return refuse_kind(make, file, &trial, err);
    }
    if (!trial.placed)
        return refuse_place(make, err);
    if (!trial.same && !judge_values(make, file, &trial, layout, err))
        return false;
    if (!trial.valid) {
        layout->unable = true;
        return refuse_gaps(make, file, err);
    }
    memcpy(layout->lost, trial.lost, sizeof layout->lost);
    return true;
}
