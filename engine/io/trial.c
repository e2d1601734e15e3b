/*
 * trial.c - a few pixels made as a file will be, and read back.
 *
 * What a driver does to types, nodata values, masks, digits and legends shows only when it is
 * tried. Needs a plan of the file. Leaves no file.
 */
#include "io/trial.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/leftover.h"
#include "io/meta.h"
#include "io/probe.h"

static bool make_tiff(const WfMake *make, const WfProbe *probe, const char *path)
{
    GDALDatasetH data =
        GDALCreate(GDALGetDriverByName("GTiff"), path, probe->width, probe->height,
                   probe->file->band_count, wf_gdal_data_type(probe->file->type), make->create);
    bool done = data && wf_meta_write(data, probe->file) && wf_probe_write(probe, data);

    if (data)
        GDALClose(data);
    return done;
}

/* By the way the file itself is made. */
static bool make_file(const WfMake *make, const WfProbe *probe, const char *path, const char *raw)
{
    if (!make_tiff(make, probe, make->copy ? raw : path) ||
        (make->copy && !wf_gdal_copy(make, probe->file, raw, path, NULL)))
        return false;
    wf_meta_mend(path, probe->file);
    return true;
}

static void look(const WfProbe *probe, const char *path, WfTrial *trial)
{
    GDALDatasetH data = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                   NULL, NULL, NULL);
    WfText lost = { 0 };
    WfProbed found;

    trial->made = data && wf_probe_compare(probe, data, &found);
    if (trial->made) {
        trial->placed = wf_meta_placed(data, probe->file);
        trial->valid = found.valid;
        trial->same = found.same;
        trial->wrote = found.wrote;
        trial->found = found.found;
        wf_meta_lost(data, probe->file, &lost);
        snprintf(trial->lost, sizeof trial->lost, "%s", lost.text ? lost.text : "");
        wf_text_free(&lost);
    }
    if (data)
        GDALClose(data);
}

/* A path in a folder in this one. */
static void name_trial(char path[WF_PATH_MAX], const char *folder, const char *inner,
                       const char *name, const char *extension)
{
    snprintf(path, WF_PATH_MAX, "%.*s/%s%s%.16s", WF_PATH_MAX - 40, folder, inner, name, extension);
}

/* In this folder, which goes. A file is moved once it is made; some remember where they were. */
static void try_in(const WfMake *make, const WfProbe *probe, const char *folder, WfTrial *trial)
{
    const char *slash = strrchr(probe->file->path, '/');
    const char *dot = strrchr(slash ? slash + 1 : probe->file->path, '.'), *own = dot ? dot : "";
    char raw[WF_PATH_MAX], path[WF_PATH_MAX], moved[WF_PATH_MAX], from[WF_PATH_MAX],
        to[WF_PATH_MAX];

    name_trial(raw, folder, "raw", "", ".tif");
    name_trial(from, folder, "made", "", "");
    name_trial(to, folder, "here", "", "");
    name_trial(path, folder, "made", "/trial", own);
    name_trial(moved, folder, "here", "/trial", own);
    *trial = (WfTrial) { .made = false };
    wf_call_begin(&trial->call);
    VSIMkdir(folder, 0700);
    if (VSIMkdir(from, 0700) == 0 && make_file(make, probe, path, raw) && !trial->call.failed &&
        VSIRename(from, to) == 0)
        look(probe, moved, trial);
    wf_call_end(&trial->call);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    VSIRmdirRecursive(folder);
    CPLPopErrorHandler();
}

/* Where there is no such place nothing is made. */
static void try_on_disk(const WfMake *make, const WfProbe *probe, WfTrial *trial)
{
    const char *place = getenv("TMPDIR");
    char final[WF_PATH_MAX];
    WfTemporary folder;

    snprintf(final, sizeof final, "%.*s/weft-trial", WF_PATH_MAX - 40,
             place && *place ? place : "/tmp");
    wf_leftover_clear(final, NULL, NULL);
    if (!wf_temporary_apart(&folder, final, NULL))
        return;
    try_in(make, probe, folder.stem, trial);
    wf_temporary_drop(&folder);
}

bool wf_trial_run(const WfMake *make, const WfSinkFile *file, WfTrial *trial, WeftErr *err)
{
    bool memory = GDALGetMetadataItem(make->driver, GDAL_DCAP_VIRTUALIO, NULL) != NULL;
    char folder[64];
    WfProbe probe;

    *trial = (WfTrial) { .made = false };
    if (!wf_probe_new(&probe, file, err))
        return false;
    snprintf(folder, sizeof folder, "/vsimem/weft-%p", (const void *)make);
    if (memory)
        try_in(make, &probe, folder, trial);
    if (!trial->made)
        try_on_disk(make, &probe, trial);
    wf_probe_free(&probe);
    return true;
}
