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

#include "io/meta.h"
#include "io/probe.h"

/* The probe in memory, with all that the file should say. */
static GDALDatasetH in_memory(const WfProbe *probe)
{
    static const char *const signed_byte[] = { "PIXELTYPE=SIGNEDBYTE", NULL };
    const WfSinkFile *file = probe->file;
    GDALDatasetH data =
        GDALCreate(GDALGetDriverByName("MEM"), "", probe->width, probe->height, file->band_count,
                   wf_gdal_data_type(file->type),
                   wf_gdal_signed_byte(file->type) ? (CSLConstList)signed_byte : NULL);

    if (data && wf_meta_write(data, file) && wf_probe_write(probe, data))
        return data;
    if (data)
        GDALClose(data);
    return NULL;
}

/* By the way the file itself is made. */
static bool make_file(const WfMake *make, const WfProbe *probe, const char *path)
{
    GDALDatasetH from = make->copy ? in_memory(probe) : NULL, to;
    bool done;

    if (make->copy)
        to = from ? GDALCreateCopy(make->driver, path, from, FALSE, make->options, NULL, NULL)
                  : NULL;
    else
        to = GDALCreate(make->driver, path, probe->width, probe->height, probe->file->band_count,
                        wf_gdal_data_type(probe->file->type), make->create);
    done = to && (make->copy || (wf_meta_write(to, probe->file) && wf_probe_write(probe, to)));
    if (to)
        GDALClose(to);
    if (from)
        GDALClose(from);
    if (done)
        wf_meta_mend(path, probe->file);
    return done;
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

/* In this folder, which goes. */
static void try_in(const WfMake *make, const WfProbe *probe, const char *folder, WfTrial *trial)
{
    const char *slash = strrchr(probe->file->path, '/');
    const char *extension = strrchr(slash ? slash + 1 : probe->file->path, '.');
    char path[WF_PATH_MAX];

    snprintf(path, sizeof path, "%.*s/trial%.16s", WF_PATH_MAX - 40, folder,
             extension ? extension : "");
    *trial = (WfTrial) { .made = false };
    wf_call_begin(&trial->call);
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
    if (make_file(make, probe, path) && !trial->call.failed)
        look(probe, path, trial);
    CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", NULL);
    wf_call_end(&trial->call);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    VSIRmdirRecursive(folder);
    CPLPopErrorHandler();
}

bool wf_trial_run(const WfMake *make, const WfSinkFile *file, WfTrial *trial, WeftErr *err)
{
    bool memory = GDALGetMetadataItem(make->driver, GDAL_DCAP_VIRTUALIO, NULL) != NULL;
    const char *place = getenv("TMPDIR");
    char folder[WF_PATH_MAX];
    WfProbe probe;

    *trial = (WfTrial) { .made = false };
    if (!wf_probe_new(&probe, file, err))
        return false;
    snprintf(folder, sizeof folder, "/vsimem/weft-%p", (const void *)make);
    if (memory)
        try_in(make, &probe, folder, trial);
    if (!trial->made) {
        snprintf(folder, sizeof folder, "%.*s/weft-XXXXXX", WF_PATH_MAX - 20,
                 place && *place ? place : "/tmp");
        if (mkdtemp(folder))
            try_in(make, &probe, folder, trial);
    }
    wf_probe_free(&probe);
    return true;
}
