/*
 * crs.c - coordinate systems as canonical text: equal systems, axis order aside, give equal text.
 *
 * Needs GDAL set up. The text of a system is the WKT (2019) of the first equal one that was met.
 */
#include "io/crs.h"

#include <cpl_conv.h>
#include <string.h>

#include "base/mem.h"
#include "io/gdal_call.h"

typedef struct System {
    OGRSpatialReferenceH handle;
    char *text;
    const char *flat; /* that of the same system without heights; NULL: it says nothing of them */
} System;

struct WfSystems {
    System *known;
    int count, room;
};

static char *export_text(OGRSpatialReferenceH system, WeftErr *err)
{
    static const char *const options[] = { "FORMAT=WKT2_2019", "MULTILINE=NO", NULL };
    char *wkt = NULL, *text = NULL;
    WfCall call;

    wf_call_begin(&call);
    if (OSRExportToWktEx(system, &wkt, options) != OGRERR_NONE || !wkt || !wkt[0])
        wf_call_fail(&call, err, NULL, "the coordinate system cannot be written as WKT");
    else
        text = wf_strdup(wkt, err);
    wf_call_end(&call);
    CPLFree(wkt);
    return text;
}

static bool same(OGRSpatialReferenceH a, OGRSpatialReferenceH b)
{
    static const char *const options[] = { "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", NULL };
    WfCall call;
    bool equal;

    wf_call_begin(&call);
    equal = OSRIsSameEx(a, b, options);
    wf_call_end(&call);
    return equal;
}

bool wf_crs_empty(OGRSpatialReferenceH system)
{
    return OSRGetName(system) == NULL;
}

WfSystems *wf_systems_new(WeftErr *err)
{
    return wf_zalloc(sizeof(WfSystems), err);
}

void wf_systems_free(WfSystems *systems)
{
    if (!systems)
        return;
    for (int i = 0; i < systems->count; i++) {
        OSRRelease(systems->known[i].handle);
        wf_free(systems->known[i].text);
    }
    wf_free(systems->known);
    wf_free(systems);
}

bool wf_crs_flatten(OGRSpatialReferenceH system)
{
    int axes = OSRGetAxesCount(system);
    WfCall call;

    if (axes < 3)
        return false;
    wf_call_begin(&call);
    OSRDemoteTo2D(system, NULL);
    wf_call_end(&call);
    return OSRGetAxesCount(system) < axes;
}

/* What is the same without heights, which becomes known too. False with err set. */
static bool find_flat(WfSystems *systems, OGRSpatialReferenceH system, const char **flat,
                      WeftErr *err)
{
    OGRSpatialReferenceH level = OSRClone(system);
    bool done = level || wf_fail(err, WEFT_EMEM, "no memory for a coordinate system");

    *flat = NULL;
    if (level && wf_crs_flatten(level) && !wf_crs_empty(level))
        done = (*flat = wf_crs_text(systems, level, err)) != NULL;
    if (level)
        OSRRelease(level);
    return done;
}

const char *wf_crs_text(WfSystems *systems, OGRSpatialReferenceH system, WeftErr *err)
{
    const char *flat;
    System *added;
    char *text;

    if (!system || wf_crs_empty(system))
        return NULL;
    for (int i = 0; i < systems->count; i++)
        if (same(systems->known[i].handle, system))
            return systems->known[i].text;
    if (!find_flat(systems, system, &flat, err) ||
        !wf_grow(&systems->known, systems->count, &systems->room, sizeof(System), err))
        return NULL;
    text = export_text(system, err);
    if (!text)
        return NULL;
    added = &systems->known[systems->count];
    added->handle = OSRClone(system);
    added->text = text;
    added->flat = flat;
    if (!added->handle) {
        wf_free(text);
        wf_fail(err, WEFT_EMEM, "no memory for a coordinate system");
        return NULL;
    }
    systems->count++;
    return text;
}

const char *wf_crs_flat(const WfSystems *systems, const char *text)
{
    for (int i = 0; i < systems->count; i++)
        if (strcmp(systems->known[i].text, text) == 0)
            return systems->known[i].flat;
    return NULL;
}

const char *wf_crs_parse(WfSystems *systems, const char *text, WeftErr *err)
{
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    const char *found = NULL;
    WfCall call;
    OGRErr done;

    wf_call_begin(&call);
    done = system ? OSRSetFromUserInput(system, text) : OGRERR_NOT_ENOUGH_MEMORY;
    wf_call_end(&call);
    if (done != OGRERR_NONE || wf_crs_empty(system)) {
        wf_fail(err, WEFT_EARG, "\"%.80s\" is no coordinate system%s%s", text,
                call.text[0] ? ": " : "", call.text);
        wf_hint(err, "write a code (\"EPSG:32719\"), WKT or a PROJ string");
    } else {
        found = wf_crs_text(systems, system, err);
    }
    if (system)
        OSRRelease(system);
    return found;
}

OGRSpatialReferenceH wf_crs_open(const char *text, WeftErr *err)
{
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    WfCall call;
    OGRErr done;

    wf_call_begin(&call);
    done = system ? OSRSetFromUserInput(system, text) : OGRERR_NOT_ENOUGH_MEMORY;
    wf_call_end(&call);
    if (done == OGRERR_NONE) {
        OSRSetAxisMappingStrategy(system, OAMS_TRADITIONAL_GIS_ORDER);
        return system;
    }
    wf_fail(err, WEFT_EIO, "the coordinate system cannot be read: %s", call.text);
    if (system)
        OSRRelease(system);
    return NULL;
}
