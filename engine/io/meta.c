/*
 * meta.c - what a file says beside its pixels.
 *
 * Needs datasets of GDAL. What a band's values stand for is a list of facts (`facts`), each of
 * which can be written to a band and looked for in it.
 */
#include "io/meta.h"

#include <cpl_string.h>
#include <math.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "io/gdal_call.h"

/* ------------------------------------------------------------------------------- reading */

static bool read_colors(GDALRasterBandH band, WfArena *arena, WeftLegend *legend, WeftErr *err)
{
    GDALColorTableH table = GDALGetRasterColorTable(band);
    int count = table ? GDALGetColorEntryCount(table) : 0;
    WeftColor *colors;

    if (count <= 0 || GDALGetPaletteInterpretation(table) != GPI_RGB)
        return true;
    colors = wf_arena_zalloc(arena, (size_t)count * sizeof *colors, err);
    if (!colors)
        return false;
    for (int i = 0; i < count; i++) {
        const GDALColorEntry *c = GDALGetColorEntry(table, i);

        colors[i] = (WeftColor) { .red = (uint8_t)c->c1,
                                  .green = (uint8_t)c->c2,
                                  .blue = (uint8_t)c->c3,
                                  .alpha = (uint8_t)c->c4 };
    }
    legend->colors = colors;
    legend->color_count = count;
    return true;
}

static bool read_categories(GDALRasterBandH band, WfArena *arena, WeftLegend *legend, WeftErr *err)
{
    char **names = GDALGetRasterCategoryNames(band);
    int count = CSLCount(names);
    const char **own = count ? wf_arena_zalloc(arena, (size_t)count * sizeof *own, err) : NULL;

    for (int i = 0; own && i < count; i++)
        if (!(own[i] = wf_arena_strdup(arena, names[i], err)))
            return false;
    legend->categories = own;
    legend->category_count = own ? count : 0;
    return own || count == 0;
}

bool wf_legend_read(GDALRasterBandH band, WfArena *arena, WeftLegend *legend, WeftErr *err)
{
    *legend = (WeftLegend) { .color_count = 0 };
    return read_colors(band, arena, legend, err) && read_categories(band, arena, legend, err);
}

static bool read_points(GDALDatasetH data, WfArena *arena, WeftControl *control, WeftErr *err)
{
    int count = GDALGetGCPCount(data);
    const GDAL_GCP *from = GDALGetGCPs(data);
    const char *crs = GDALGetGCPProjection(data);
    struct WeftControlPoint *to =
        count ? wf_arena_zalloc(arena, (size_t)count * sizeof *to, err) : NULL;

    for (int i = 0; to && i < count; i++) {
        to[i] = (struct WeftControlPoint) { .id = wf_arena_strdup(arena, from[i].pszId, err),
                                            .col = from[i].dfGCPPixel,
                                            .row = from[i].dfGCPLine,
                                            .x = from[i].dfGCPX,
                                            .y = from[i].dfGCPY,
                                            .z = from[i].dfGCPZ };
        if (!to[i].id)
            return false;
    }
    control->points = to;
    control->point_count = to ? count : 0;
    control->crs = count && crs && *crs ? wf_arena_strdup(arena, crs, err) : NULL;
    return (to || count == 0) && (control->crs || !crs || !*crs || count == 0);
}

static bool read_rational(GDALDatasetH data, WfArena *arena, WeftControl *control, WeftErr *err)
{
    char **items = GDALGetMetadata(data, "RPC");
    int count = CSLCount(items);
    const char **own =
        count ? wf_arena_zalloc(arena, (size_t)(count + 1) * sizeof *own, err) : NULL;

    for (int i = 0; own && i < count; i++)
        if (!(own[i] = wf_arena_strdup(arena, items[i], err)))
            return false;
    control->rational = own;
    return own || count == 0;
}

bool wf_control_read(GDALDatasetH data, WfArena *arena, const WeftControl **control, WeftErr *err)
{
    WeftControl *own;

    *control = NULL;
    if (GDALGetGCPCount(data) == 0 && CSLCount(GDALGetMetadata(data, "RPC")) == 0)
        return true;
    *control = own = wf_arena_zalloc(arena, sizeof *own, err);
    return own && read_points(data, arena, own, err) && read_rational(data, arena, own, err);
}

/* ------------------------------------------------------------------------------- facts of a band
 */

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool has_unit(const WfMeaning *m)
{
    return m->unit && *m->unit;
}

static void write_unit(GDALRasterBandH band, const WfMeaning *m)
{
    GDALSetRasterUnitType(band, m->unit);
}

static bool finds_unit(GDALRasterBandH band, const WfMeaning *m)
{
    return same_text(GDALGetRasterUnitType(band), m->unit);
}

static bool has_scale(const WfMeaning *m)
{
    return m->scale != 1 || m->offset != 0;
}

static void write_scale(GDALRasterBandH band, const WfMeaning *m)
{
    GDALSetRasterScale(band, m->scale);
    GDALSetRasterOffset(band, m->offset);
}

static bool finds_scale(GDALRasterBandH band, const WfMeaning *m)
{
    int given;

    return GDALGetRasterScale(band, &given) == m->scale &&
           GDALGetRasterOffset(band, &given) == m->offset;
}

static bool has_interp(const WfMeaning *m)
{
    return m->interp && !EQUAL(m->interp, "Undefined") && !EQUAL(m->interp, "Gray") &&
           !EQUAL(m->interp, "Palette");
}

static void write_interp(GDALRasterBandH band, const WfMeaning *m)
{
    GDALSetRasterColorInterpretation(band, GDALGetColorInterpretationByName(m->interp));
}

static bool finds_interp(GDALRasterBandH band, const WfMeaning *m)
{
    return GDALGetRasterColorInterpretation(band) == GDALGetColorInterpretationByName(m->interp);
}

static bool has_colors(const WfMeaning *m)
{
    return m->legend.color_count > 0;
}

static void write_colors(GDALRasterBandH band, const WfMeaning *m)
{
    GDALColorTableH table = GDALCreateColorTable(GPI_RGB);

    for (int i = 0; i < m->legend.color_count; i++) {
        const WeftColor *c = &m->legend.colors[i];
        const GDALColorEntry entry = { c->red, c->green, c->blue, c->alpha };

        GDALSetColorEntry(table, i, &entry);
    }
    GDALSetRasterColorTable(band, table);
    GDALDestroyColorTable(table);
}

/* What is not seen at all has no colour. Many formats keep "seen or not" alone of an alpha. */
static bool same_color(const WeftColor *a, const GDALColorEntry *b)
{
    return a->alpha == 0 || (a->red == b->c1 && a->green == b->c2 && a->blue == b->c3 &&
                             (a->alpha == b->c4 || b->c4 == 0));
}

static bool finds_colors(GDALRasterBandH band, const WfMeaning *m)
{
    GDALColorTableH table = GDALGetRasterColorTable(band);
    int count = table ? GDALGetColorEntryCount(table) : 0;

    for (int i = 0; i < m->legend.color_count; i++)
        if (i < count ? !same_color(&m->legend.colors[i], GDALGetColorEntry(table, i))
                      : m->legend.colors[i].alpha != 0)
            return false;
    return true;
}

static bool has_categories(const WfMeaning *m)
{
    return m->legend.category_count > 0;
}

static void write_categories(GDALRasterBandH band, const WfMeaning *m)
{
    char **names = NULL;

    for (int i = 0; i < m->legend.category_count; i++)
        names = CSLAddString(names, m->legend.categories[i]);
    GDALSetRasterCategoryNames(band, names);
    CSLDestroy(names);
}

static bool finds_categories(GDALRasterBandH band, const WfMeaning *m)
{
    char **names = GDALGetRasterCategoryNames(band);
    int count = CSLCount(names);

    for (int i = 0; i < m->legend.category_count; i++)
        if (!same_text(m->legend.categories[i], i < count ? names[i] : ""))
            return false;
    return true;
}

/* Colours come before the interpretation, which some formats take from them. */
static const struct {
    const char *name;
    bool (*has)(const WfMeaning *m);
    void (*write)(GDALRasterBandH band, const WfMeaning *m);
    bool (*finds)(GDALRasterBandH band, const WfMeaning *m);
} facts[] = {
    { "the unit", has_unit, write_unit, finds_unit },
    { "scale and offset", has_scale, write_scale, finds_scale },
    { "the colours", has_colors, write_colors, finds_colors },
    { "the colour interpretation", has_interp, write_interp, finds_interp },
    { "the names of classes", has_categories, write_categories, finds_categories },
};
enum { FACTS = sizeof facts / sizeof *facts };

/* ------------------------------------------------------------------------------- georeference */

static bool write_control(GDALDatasetH data, const WeftControl *control)
{
    GDAL_GCP *points = CPLCalloc((size_t)control->point_count + 1, sizeof *points);
    OGRSpatialReferenceH system = control->crs ? OSRNewSpatialReference(control->crs) : NULL;
    bool done = true;

    GDALInitGCPs(control->point_count, points);
    for (int i = 0; i < control->point_count; i++) {
        const struct WeftControlPoint *p = &control->points[i];

        CPLFree(points[i].pszId);
        points[i].pszId = CPLStrdup(p->id);
        points[i].dfGCPPixel = p->col;
        points[i].dfGCPLine = p->row;
        points[i].dfGCPX = p->x;
        points[i].dfGCPY = p->y;
        points[i].dfGCPZ = p->z;
    }
    if (control->point_count)
        done = GDALSetGCPs2(data, control->point_count, points, system) == CE_None;
    GDALDeinitGCPs(control->point_count, points);
    CPLFree(points);
    if (system)
        OSRRelease(system);
    if (done && control->rational)
        done = GDALSetMetadata(data, (CSLConstList)control->rational, "RPC") == CE_None;
    return done;
}

static bool write_place(GDALDatasetH data, const WeftGrid *grid)
{
    if (grid->georeferenced && GDALSetGeoTransform(data, (double *)grid->transform) != CE_None)
        return false;
    if (grid->control && !grid->georeferenced && !write_control(data, grid->control))
        return false;
    return !grid->crs || GDALSetProjection(data, grid->crs) == CE_None;
}

static bool same_crs(GDALDatasetH data, const char *wkt)
{
    OGRSpatialReferenceH found = GDALGetSpatialRef(data), wanted = OSRNewSpatialReference(wkt);
    const char *options[] = { "IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                              "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", NULL };
    bool same = found && wanted && OSRIsSameEx(found, wanted, options);

    if (wanted)
        OSRRelease(wanted);
    return same;
}

static bool same_control(GDALDatasetH data, const WeftControl *control)
{
    return GDALGetGCPCount(data) == control->point_count &&
           (!control->rational || CSLCount(GDALGetMetadata(data, "RPC")) > 0);
}

/* ------------------------------------------------------------------------------- shared */

static const WfMeaning *meaning_of(const WfSinkFile *file, int band)
{
    return file->meanings ? file->meanings[band] : NULL;
}

static const char *name_of(const WfSinkFile *file, int band)
{
    return file->names && file->names[band] ? file->names[band] : "";
}

bool wf_meta_write(GDALDatasetH data, const WfSinkFile *file)
{
    if (!write_place(data, file->grid))
        return false;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    for (int i = 0; i < file->band_count; i++) {
        GDALRasterBandH band = GDALGetRasterBand(data, i + 1);
        const WfMeaning *meaning = meaning_of(file, i);

        if (*name_of(file, i))
            GDALSetDescription(band, name_of(file, i));
        for (int f = 0; meaning && f < FACTS; f++)
            if (facts[f].has(meaning))
                facts[f].write(band, meaning);
    }
    CPLPopErrorHandler();
    return true;
}

static void mend_band(GDALRasterBandH band, const WfSinkFile *file, int number)
{
    const WfMeaning *meaning = meaning_of(file, number);

    if (!same_text(GDALGetDescription(band), name_of(file, number)))
        GDALSetDescription(band, name_of(file, number));
    for (int f = 0; meaning && f < FACTS; f++)
        if (facts[f].has(meaning) && !facts[f].finds(band, meaning))
            facts[f].write(band, meaning);
}

void wf_meta_mend(const char *path, const WfSinkFile *file)
{
    GDALDatasetH data;

    if (!file->meanings)
        return;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    data = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
    for (int i = 0; data && i < file->band_count && i < GDALGetRasterCount(data); i++)
        mend_band(GDALGetRasterBand(data, i + 1), file, i);
    if (data)
        GDALClose(data);
    CPLPopErrorHandler();
}

bool wf_meta_placed(GDALDatasetH data, const WfSinkFile *file)
{
    const double *t = file->grid->transform;
    double cell = fabs(t[1]) + fabs(t[2]) + fabs(t[4]) + fabs(t[5]), found[6];

    if (!file->grid->georeferenced)
        return true;
    if (GDALGetGeoTransform(data, found) != CE_None)
        return false;
    for (int i = 0; i < 6; i++)
        if (!(fabs(found[i] - t[i]) <= (i % 3 ? 1e-6 : 1e-3) * cell))
            return false;
    return true;
}

/* "the unit of bands 1 and 2": a comma goes before all but the first. */
static void tell_lost(WfText *lost, const char *what, const int *bands, int count)
{
    wf_text_add(lost, "%s%s of band%s ", lost->length ? ", " : "", what, count == 1 ? "" : "s");
    for (int i = 0; i < count; i++)
        wf_text_add(lost, "%s%d", i == 0 ? "" : i + 1 < count ? ", " : " and ", bands[i]);
}

void wf_meta_lost(GDALDatasetH data, const WfSinkFile *file, WfText *lost)
{
    int *bands = CPLCalloc((size_t)file->band_count, sizeof *bands);

    if (file->grid->crs && !same_crs(data, file->grid->crs))
        wf_text_add(lost, "%sthe coordinate system", lost->length ? ", " : "");
    if (file->grid->control && !file->grid->georeferenced &&
        !same_control(data, file->grid->control))
        wf_text_add(lost, "%sthe ground control", lost->length ? ", " : "");
    for (int f = -1; f < FACTS; f++) {
        int count = 0;

        for (int i = 0; i < file->band_count; i++) {
            GDALRasterBandH band = GDALGetRasterBand(data, i + 1);
            const WfMeaning *meaning = meaning_of(file, i);

            if (f < 0 ? *name_of(file, i) && !same_text(GDALGetDescription(band), name_of(file, i))
                      : meaning && facts[f].has(meaning) && !facts[f].finds(band, meaning))
                bands[count++] = i + 1;
        }
        if (count)
            tell_lost(lost, f < 0 ? "the name" : facts[f].name, bands, count);
    }
    CPLFree(bands);
}
