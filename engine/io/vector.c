/*
 * vector.c - a layer of polygons in a vector file: which layer, which field, which features.
 *
 * Needs GDAL. Reads what the file says of its layers and fields; writes nothing.
 */
#include "io/vector.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "io/crs.h"
#include "io/gdal_call.h"

enum { NAMES_SHOWN = 10 };

static bool refuse_file(const WfCall *call, const char *path, WeftErr *err)
{
    struct stat found;

    if (strncmp(path, "/vsi", 4) != 0 && !strpbrk(path, ":={[") && stat(path, &found) != 0)
        return wf_fail(err, WEFT_EIO, "cannot open %s: %s", path, strerror(errno));
    if (!call->text[0] || strstr(call->text, "not recognized"))
        return wf_fail(err, WEFT_EIO, "cannot open %s: it is no vector file that GDAL knows", path);
    return wf_call_fail(call, err, path, "cannot open %s", path);
}

static bool open_data(WfVector *vector, WeftErr *err)
{
    WfCall call;

    wf_gdal_start();
    wf_call_begin(&call);
    vector->data = GDALOpenEx(
        vector->path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, NULL, NULL, NULL);
    wf_call_end(&call);
    return vector->data || refuse_file(&call, vector->path, err);
}

/* ------------------------------------------------------------------------------- layers */

static const char *layer_at(const void *data, int i)
{
    return OGR_L_GetName(GDALDatasetGetLayer((GDALDatasetH)data, i));
}

static bool holds_polygons(OGRLayerH layer)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_L_GetGeomType(layer));

    return type == wkbUnknown || type == wkbGeometryCollection ||
           OGR_GT_IsSubClassOf(type, wkbSurface) || OGR_GT_IsSubClassOf(type, wkbMultiSurface);
}

/* "a, b, c" of a list of names. */
static void list_names(WfText *text, const void *list, int count,
                       const char *(*name_of)(const void *list, int i))
{
    for (int i = 0; i < count && i < NAMES_SHOWN; i++)
        wf_text_add(text, "%s%.60s", i ? ", " : "", name_of(list, i));
    if (count > NAMES_SHOWN)
        wf_text_add(text, " ...");
}

static bool refuse_name(const char *path, const char *what, const char *name, const void *list,
                        int count, const char *(*name_of)(const void *list, int i), WeftErr *err)
{
    const char *near = wf_nearest(name, list, count, name_of);
    WfText names = { 0 };

    wf_fail(err, WEFT_ENAME, "%s has no %s \"%.60s\"", path, what, name);
    list_names(&names, list, count, name_of);
    if (near)
        wf_hint(err, "did you mean \"%s\"?", near);
    else if (names.text)
        wf_hint(err, "it has %s", names.text);
    wf_text_free(&names);
    return false;
}

static bool find_layer(WfVector *vector, const char *name, WeftErr *err)
{
    int count = GDALDatasetGetLayerCount(vector->data), found = 0;
    WfText names = { 0 };

    for (int i = 0; i < count; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(vector->data, i);

        if (name ? strcmp(OGR_L_GetName(layer), name) != 0 : !holds_polygons(layer))
            continue;
        wf_text_add(&names, "%s\"%.60s\"", found++ ? ", " : "", OGR_L_GetName(layer));
        vector->layer = vector->layer ? vector->layer : layer;
    }
    if (name && !found)
        refuse_name(vector->path, "layer", name, vector->data, count, layer_at, err);
    else if (!found || !holds_polygons(vector->layer))
        wf_fail(err, WEFT_ETYPE, "%s has no %s", vector->path,
                name ? "polygons in this layer" : "layer of polygons");
    else if (found > 1 && !name)
        wf_fail(err, WEFT_EARG, "%s has %d layers of polygons", vector->path, found);
    else {
        wf_text_free(&names);
        return true;
    }
    if (found > 1)
        wf_hint(err, "say which: layer = %s", names.text ? names.text : "");
    wf_text_free(&names);
    return false;
}

/* ------------------------------------------------------------------------------- fields */

static const char *field_at(const void *definition, int i)
{
    return OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn((OGRFeatureDefnH)definition, i));
}

static bool find_field(WfVector *vector, const char *name, WeftErr *err)
{
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(vector->layer);
    OGRFieldType type;

    vector->field = -1;
    vector->integer = true;
    if (!name)
        return true;
    vector->field = OGR_FD_GetFieldIndex(definition, name);
    if (vector->field < 0)
        return refuse_name(vector->path, "field", name, definition,
                           OGR_FD_GetFieldCount(definition), field_at, err);
    type = OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, vector->field));
    vector->integer = type == OFTInteger || type == OFTInteger64;
    return true;
}

/* Databases look at the condition when they are asked for a feature. */
static bool select_features(WfVector *vector, const char *where, WeftErr *err)
{
    OGRFeatureH first;
    OGRErr done;
    WfCall call;

    if (!where)
        return true;
    wf_call_begin(&call);
    done = OGR_L_SetAttributeFilter(vector->layer, where);
    first = done == OGRERR_NONE ? OGR_L_GetNextFeature(vector->layer) : NULL;
    if (first)
        OGR_F_Destroy(first);
    wf_call_end(&call);
    if (done == OGRERR_NONE && !call.failed)
        return true;
    call.code = WEFT_EARG;
    wf_call_fail(&call, err, vector->path, "where = \"%.100s\" cannot be read", where);
    return wf_hint(err, "OGR's SQL: names of fields bare, texts in single quotes: "
                        "NAME = 'Olinda' AND POP > 1000");
}

/* ------------------------------------------------------------------------------- systems */

/* The layer says itself which of its coordinates is x; the grid's x always comes first. Heights are
 * nobody's business here, whatever either says of them. */
static bool make_way(WfVector *vector, OGRSpatialReferenceH layer, const char *crs, WeftErr *err)
{
    OGRSpatialReferenceH to = wf_crs_open(crs, err), from = to ? OSRClone(layer) : NULL;
    bool done = from != NULL;
    WfCall call;

    if (!from) {
        if (to)
            OSRRelease(to);
        return wf_fail(err, WEFT_EMEM, "no memory for a coordinate system");
    }
    wf_crs_flatten(from);
    wf_crs_flatten(to);
    wf_call_begin(&call);
    if (!OSRIsSame(from, to)) {
        vector->to_grid = OCTNewCoordinateTransformation(from, to);
        done = vector->to_grid != NULL;
    }
    wf_call_end(&call);
    OSRRelease(from);
    OSRRelease(to);
    return done || wf_call_fail(&call, err, NULL,
                                "no way is known from the coordinate system of %s to the raster's",
                                vector->path);
}

/* Where none is known a GeoPackage says "Undefined geographic SRS" and the like. */
static bool is_known(OGRSpatialReferenceH system)
{
    return system && !wf_crs_empty(system) && strncmp(OSRGetName(system), "Undefined ", 10) != 0;
}

static bool match_systems(WfVector *vector, const char *crs, WeftErr *err)
{
    OGRSpatialReferenceH system = OGR_L_GetSpatialRef(vector->layer);
    bool known = is_known(system);

    if (known && crs)
        return make_way(vector, system, crs, err);
    if (!known && !crs)
        return true;
    if (known) {
        wf_fail(err, WEFT_EGRID, "%s has a CRS, the raster has none", vector->path);
        return wf_hint(err, "weft.open(path, {crs=\"EPSG:...\"})");
    }
    wf_fail(err, WEFT_EGRID, "the raster has a CRS, %s has none", vector->path);
    return wf_hint(err, "ogr2ogr -a_srs EPSG:... OUT %s", vector->path);
}

/* ------------------------------------------------------------------------------- opening */

bool wf_vector_open(WfVector *vector, const char *path, const WeftZoning *options,
                    const WeftGrid *grid, WeftErr *err)
{
    *vector = (WfVector) { .path = path };
    if (open_data(vector, err) && find_layer(vector, options->layer, err) &&
        find_field(vector, options->id, err) && select_features(vector, options->where, err) &&
        match_systems(vector, grid->crs, err))
        return true;
    wf_vector_close(vector);
    return false;
}

void wf_vector_close(WfVector *vector)
{
    WfCall call;

    if (vector->to_grid)
        OCTDestroyCoordinateTransformation(vector->to_grid);
    wf_call_begin(&call); /* nothing was written, so nothing can be lost */
    if (vector->data)
        GDALClose(vector->data);
    wf_call_end(&call);
    *vector = (WfVector) { .path = vector->path };
}
