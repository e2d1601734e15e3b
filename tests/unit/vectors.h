/*
 * vectors.h - vector files and grids for tests.
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <cpl_error.h>
#include <math.h>
#include <ogr_api.h>

#include "io/crs.h"
#include "io/store.h"
#include "io/zoning.h"
#include "rasters.h"

/* A GeoJSON file; features as "NAME|WKT" or "|WKT" (no name), "NAME|" (no geometry). */
static inline const char *make_vector(const char *folder, const char *crs,
                                      const char *const *features, int count)
{
    const char *path = in_folder(folder, "zones.gpkg");
    OGRSpatialReferenceH system = OSRNewSpatialReference(NULL);
    GDALDatasetH data;
    OGRLayerH layer;
    OGRFieldDefnH name = OGR_Fld_Create("NAME", OFTString),
                  code = OGR_Fld_Create("CODE", OFTInteger);

    GDALAllRegister();
    CPLPushErrorHandler(CPLQuietErrorHandler); /* surfaces of patches are no standard GeoPackage */
    remove(path);
    data = GDALCreate(GDALGetDriverByName("GPKG"), path, 0, 0, 0, GDT_Unknown, NULL);
    ck_assert(!crs || OSRSetFromUserInput(system, crs) == OGRERR_NONE);
    layer = GDALDatasetCreateLayer(data, "places", crs ? system : NULL, wkbUnknown, NULL);
    OGR_L_CreateField(layer, name, 1);
    OGR_L_CreateField(layer, code, 1);
    for (int i = 0; i < count; i++) {
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        char text[64], *wkt = strchr(features[i], '|') + 1;
        OGRGeometryH shape = NULL;

        snprintf(text, sizeof text, "%.*s", (int)(wkt - features[i] - 1), features[i]);
        if (*text)
            OGR_F_SetFieldString(feature, 0, text);
        OGR_F_SetFieldInteger(feature, 1, 30 - 10 * i);
        if (*wkt) {
            ck_assert(OGR_G_CreateFromWkt(&wkt, NULL, &shape) == OGRERR_NONE);
            OGR_F_SetGeometryDirectly(feature, shape);
        }
        ck_assert(OGR_L_CreateFeature(layer, feature) == OGRERR_NONE);
        OGR_F_Destroy(feature);
    }
    GDALClose(data);
    CPLPopErrorHandler();
    OGR_Fld_Destroy(name);
    OGR_Fld_Destroy(code);
    OSRRelease(system);
    return path;
}
#define VECTOR(folder, crs, ...)                                    \
    make_vector(folder, crs, (const char *const[]) { __VA_ARGS__ }, \
                (int)(sizeof((const char *const[]) { __VA_ARGS__ }) / sizeof(char *)))

/* 8 x 6 cells of 10, north up, from (1000, 2060) at the upper left. */
static inline WeftGrid plain_grid(const char *crs)
{
    return (WeftGrid) { .width = 8,
                        .height = 6,
                        .transform = { 1000, 10, 0, 2060, 0, -10 },
                        .georeferenced = true,
                        .crs = crs };
}

#endif
