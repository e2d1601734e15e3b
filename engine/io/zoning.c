/*
 * zoning.c - polygons of a vector file as pixels of a grid.
 *
 * Features are read one by one and their spans made at once; then features are sorted by their id
 * and numbered, and the spans get their order. Needs: vector, polygon. Reads the file.
 */
#include "io/zoning.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grid.h"
#include "base/text.h"
#include "io/gdal_call.h"
#include "io/arrange.h"
#include "io/vector.h"

enum { MESSAGE_ID = 60 };

/* A feature that was read. Until all are known, its number stands in its spans. */
typedef struct Member {
    char *text;    /* its id */
    int64_t value; /* the same, where ids are integers */
    int number, zone;
} Member;

typedef struct Reading {
    WfVector vector;
    const WeftGrid *grid;
    double slack; /* what corners may miss by rounding, in pixels */
    WfRule rule;
    Member *members;
    int count, room;
    WfPolygon polygon;    /* of the feature that is read */
    int surfaces, others; /* polygons in it, and what is none */
    int64_t mixed;        /* features with both */
    WfSpans spans;
    double box[4]; /* of all corners */
    WeftErr *err;
} Reading;

/* ------------------------------------------------------------------------------- geometry */

/* What the rounding of coordinates as large as the grid's is in its pixels. */
static double slack_of(const WeftGrid *grid)
{
    const double *t = grid->transform;
    double large = 0;

    for (int corner = 0; corner < 4 && grid->georeferenced; corner++) {
        double x, y;

        wf_grid_xy(grid, corner & 1 ? (double)grid->width : 0,
                   corner & 2 ? (double)grid->height : 0, &x, &y);
        large = fmax(large, fmax(fabs(x), fabs(y)) / fmin(hypot(t[1], t[4]), hypot(t[2], t[5])));
    }
    return fmax(4 * DBL_EPSILON * large, 1e-9);
}

/* Corners that are meant to lie on the edge or in the middle of pixels do. */
static double settled(double v, double slack)
{
    double half = round(v * 2) / 2;

    return fabs(v - half) < slack ? half : v;
}

static bool corner_at(Reading *reading, OGRGeometryH ring, int i, double *col, double *row)
{
    double x = OGR_G_GetX(ring, i), y = OGR_G_GetY(ring, i), *box = reading->box;

    if (!wf_grid_colrow(reading->grid, x, y, col, row) || !isfinite(*col) || !isfinite(*row))
        return false;
    box[0] = fmin(box[0], x);
    box[1] = fmin(box[1], y);
    box[2] = fmax(box[2], x);
    box[3] = fmax(box[3], y);
    *col = settled(*col, reading->slack);
    *row = settled(*row, reading->slack);
    return true;
}

static bool refuse_corner(Reading *reading, const Member *member)
{
    wf_fail(reading->err, WEFT_EDATA, "%s: zone %.*s has a corner without a place in the raster",
            reading->vector.path, MESSAGE_ID, member->text);
    return wf_hint(reading->err, "is its coordinate system declared rightly?");
}

static bool add_ring(Reading *reading, OGRGeometryH ring, const Member *member)
{
    int count = OGR_G_GetPointCount(ring);
    double first_col = 0, first_row = 0, col = 0, row = 0;

    for (int i = 0; i <= count && count > 0; i++) { /* the last side closes it, if nothing else */
        double last_col = col, last_row = row;

        if (i == count) {
            col = first_col;
            row = first_row;
        } else if (!corner_at(reading, ring, i, &col, &row)) {
            return refuse_corner(reading, member);
        }
        if (i == 0) {
            first_col = col;
            first_row = row;
        } else if (!wf_polygon_side(&reading->polygon, last_col, last_row, col, row,
                                    reading->err)) {
            return false;
        }
    }
    return true;
}

static bool refuse_kind(Reading *reading, OGRGeometryH shape, const Member *member)
{
    wf_fail(reading->err, WEFT_ETYPE, "%s: zone %.*s is a %s, not a polygon", reading->vector.path,
            MESSAGE_ID, member->text, OGRGeometryTypeToName(OGR_G_GetGeometryType(shape)));
    return wf_hint(reading->err, "where = \"OGR_GEOMETRY LIKE '%%POLYGON'\" leaves others out");
}

/* Its members, or patches, may lie over each other in the plane. */
static bool has_parts(OGRwkbGeometryType type)
{
    return type == wkbGeometryCollection || OGR_GT_IsSubClassOf(type, wkbPolyhedralSurface);
}

static bool add_shape(Reading *reading, OGRGeometryH shape, const Member *member);

static bool add_members(Reading *reading, OGRGeometryH shape, OGRwkbGeometryType type,
                        const Member *member)
{
    int count = OGR_G_GetGeometryCount(shape);

    for (int i = 0; i < count; i++) {
        reading->polygon.part += has_parts(type);
        if (!add_shape(reading, OGR_G_GetGeometryRef(shape, i), member))
            return false;
    }
    return true;
}

/* All rings of polygons, in collections too. What else a collection holds has no area, as overlays
 * leave it where polygons only touch. Depth is bounded by what GDAL reads. */
static bool add_shape(Reading *reading, OGRGeometryH shape, const Member *member)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(shape));
    int rings = OGR_G_GetGeometryCount(shape);

    if (has_parts(type) || OGR_GT_IsSubClassOf(type, wkbMultiSurface))
        return add_members(reading, shape, type, member);
    if (type != wkbPolygon && type != wkbTriangle) {
        reading->others++;
        return true;
    }
    reading->surfaces++;
    for (int i = 0; i < rings; i++)
        if (!add_ring(reading, OGR_G_GetGeometryRef(shape, i), member))
            return false;
    return true;
}

static bool transformed(Reading *reading, OGRGeometryH shape, const Member *member)
{
    OGRErr done;
    WfCall call;

    if (!reading->vector.to_grid)
        return true;
    wf_call_begin(&call);
    done = OGR_G_Transform(shape, reading->vector.to_grid);
    wf_call_end(&call);
    return done == OGRERR_NONE || refuse_corner(reading, member);
}

/* All sides of one feature. */
static bool add_feature(Reading *reading, OGRGeometryH shape, const Member *member)
{
    reading->polygon.count = reading->polygon.part = 0;
    reading->surfaces = reading->others = 0;
    if (!transformed(reading, shape, member) || !add_shape(reading, shape, member))
        return false;
    reading->mixed += reading->surfaces && reading->others;
    return reading->surfaces || !reading->others || refuse_kind(reading, shape, member);
}

/* The spans of one feature; curves become chords as GDAL makes them, and so do straight lines in
 * what could hold curves: polygons of plain rings are left. */
static bool take_shape(Reading *reading, OGRGeometryH shape, const Member *member)
{
    OGRGeometryH lines = NULL;
    bool done;

    if (!shape || OGR_G_IsEmpty(shape))
        return true;
    if (OGR_G_HasCurveGeometry(shape, 0))
        shape = lines = OGR_G_GetLinearGeometry(shape, 0, NULL);
    done = shape ? add_feature(reading, shape, member)
                 : wf_fail(reading->err, WEFT_EMEM, "no memory for a geometry");
    done = done &&
           wf_polygon_spans(&reading->polygon, reading->rule, reading->grid->width,
                            reading->grid->height, member->number, &reading->spans, reading->err);
    if (lines)
        OGR_G_DestroyGeometry(lines);
    return done;
}

/* ------------------------------------------------------------------------------- features */

static bool read_id(Reading *reading, OGRFeatureH feature, Member *member)
{
    int field = reading->vector.field;
    char text[32];

    if (field >= 0 && !OGR_F_IsFieldSetAndNotNull(feature, field)) {
        const char *name = OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, field));

        wf_fail(reading->err, WEFT_EDATA, "%s: feature %lld has no %.60s", reading->vector.path,
                (long long)OGR_F_GetFID(feature), name);
        return wf_hint(reading->err, "where = \"%.60s IS NOT NULL\" leaves it out", name);
    }
    if (reading->vector.integer) {
        member->value = field < 0 ? (int64_t)OGR_F_GetFID(feature)
                                  : (int64_t)OGR_F_GetFieldAsInteger64(feature, field);
        snprintf(text, sizeof text, "%lld", (long long)member->value);
        member->text = wf_strdup(text, reading->err);
    } else {
        member->text = wf_strdup(OGR_F_GetFieldAsString(feature, field), reading->err);
    }
    return member->text != NULL;
}

static bool take_feature(Reading *reading, OGRFeatureH feature)
{
    Member *member;

    if (!wf_grow(&reading->members, reading->count, &reading->room, sizeof(Member), reading->err))
        return false;
    member = &reading->members[reading->count];
    member->number = reading->count;
    if (!read_id(reading, feature, member))
        return false;
    reading->count++;
    return take_shape(reading, OGR_F_GetGeometryRef(feature), member);
}

static bool read_features(Reading *reading)
{
    OGRLayerH layer = reading->vector.layer;
    bool done = true;
    WfCall call;

    OGR_L_ResetReading(layer);
    while (done) {
        OGRFeatureH feature;

        wf_call_begin(&call);
        feature = OGR_L_GetNextFeature(layer);
        wf_call_end(&call);
        if (call.failed)
            done = wf_call_fail(&call, reading->err, reading->vector.path, "cannot read %s",
                                reading->vector.path);
        if (feature && done)
            done = take_feature(reading, feature);
        if (!feature)
            break;
        OGR_F_Destroy(feature);
    }
    return done;
}

/* ------------------------------------------------------------------------------- zones */

static int by_value(const void *a, const void *b)
{
    const Member *m = a, *n = b;

    return m->value != n->value ? (m->value > n->value) - (m->value < n->value)
                                : m->number - n->number;
}

static int by_text(const void *a, const void *b)
{
    const Member *m = a, *n = b;
    int order = strcmp(m->text, n->text);

    return order ? order : m->number - n->number;
}

/* Sorts features by id; equal ids are one zone, which takes over the text. */
static bool number_zones(Reading *reading, WeftZones *zones)
{
    zones->integer = reading->vector.integer;
    zones->mixed = reading->mixed;
    zones->ids = wf_calloc((size_t)reading->count + 1, sizeof *zones->ids, reading->err);
    if (!zones->ids)
        return false;
    if (reading->count > 1)
        qsort(reading->members, (size_t)reading->count, sizeof(Member),
              zones->integer ? by_value : by_text);
    for (int i = 0; i < reading->count; i++) {
        Member *member = &reading->members[i];

        if (zones->count == 0 || strcmp(member->text, zones->ids[zones->count - 1]) != 0) {
            zones->ids[zones->count++] = member->text;
            member->text = NULL;
        }
        member->zone = zones->count - 1;
    }
    return true;
}

/* From features' numbers to zones' in the spans. */
static bool assign_zones(Reading *reading)
{
    int *zone_of = wf_calloc((size_t)reading->count + 1, sizeof *zone_of, reading->err);

    if (!zone_of)
        return false;
    for (int i = 0; i < reading->count; i++)
        zone_of[reading->members[i].number] = reading->members[i].zone;
    for (int i = 0; i < reading->spans.count; i++)
        reading->spans.list[i].zone = zone_of[(int)reading->spans.list[i].zone];
    wf_free(zone_of);
    return true;
}

static bool make_zones(Reading *reading, WeftZones *zones)
{
    if (!number_zones(reading, zones) || !assign_zones(reading) ||
        !wf_spans_arrange(&reading->spans, zones->count < reading->count, reading->err))
        return false;
    zones->spans = (WeftTable) { .row_count = reading->spans.count,
                                 .column_count = sizeof(WfSpan) / sizeof(double),
                                 .cells = (double *)reading->spans.list };
    memcpy(zones->box, reading->box, sizeof zones->box);
    reading->spans = (WfSpans) { 0 };
    return true;
}

static const char *rule_at(const void *list, int i)
{
    return ((const char *const *)list)[i];
}

static bool read_rule(const char *name, WfRule *rule, WeftErr *err)
{
    const char *near;

    *rule = WF_RULE_CENTER;
    for (int i = 0; name && i < WF_RULE_COUNT; i++)
        if (strcmp(name, wf_rule_names[i]) == 0) {
            *rule = (WfRule)i;
            return true;
        }
    if (!name)
        return true;
    wf_fail(err, WEFT_ENAME, "there is no rule \"%.60s\"", name);
    near = wf_nearest(name, wf_rule_names, WF_RULE_COUNT, rule_at);
    if (near)
        wf_hint(err, "did you mean \"%s\"?", near);
    return wf_hint(err, "rule is center, touched, fraction or fraction8");
}

WeftZones *wf_zones_read(const char *path, const WeftZoning *options, const WeftGrid *grid,
                         WeftErr *err)
{
    Reading reading = { .grid = grid,
                        .slack = slack_of(grid),
                        .box = { INFINITY, INFINITY, -INFINITY, -INFINITY },
                        .err = err };
    int64_t most = options->memory / WF_SPAN_BYTES;
    WeftZones *zones = NULL;
    bool done = false;

    if (!read_rule(options->rule, &reading.rule, err) ||
        !wf_vector_open(&reading.vector, path, options, grid, err))
        return NULL;
    reading.spans.most = options->memory && most < 1 ? 1 : most;
    zones = wf_zalloc(sizeof *zones, err);
    done = zones && read_features(&reading) && make_zones(&reading, zones);
    for (int i = 0; i < reading.count; i++)
        wf_free(reading.members[i].text);
    wf_free(reading.members);
    wf_polygon_free(&reading.polygon);
    wf_spans_free(&reading.spans);
    wf_vector_close(&reading.vector);
    if (done)
        return zones;
    wf_zones_free(zones);
    return NULL;
}

void wf_zones_free(WeftZones *zones)
{
    if (!zones)
        return;
    for (int i = 0; i < zones->count; i++)
        wf_free(zones->ids[i]);
    wf_free(zones->ids);
    wf_free(zones->spans.cells);
    wf_free(zones);
}
