/*
 * lonlat.c - longitude and latitude of pixel centres, as a raster of two bands.
 *
 * Needs a grid with a CRS. A handle is one transformation, used by one hand. What cannot be
 * transformed is NaN.
 */
#include <math.h>
#include <string.h>

#include "base/grid.h"
#include "base/mem.h"
#include "io/gdal_call.h"
#include "io/store_kind.h"

typedef struct Transformation {
    OGRCoordinateTransformationH handle; /* NULL: the grid is in degrees of longitude already */
    double *x, *y;                       /* one row of a block */
    int *known;
} Transformation;

static void close_transformation(void *handle)
{
    Transformation *t = handle;

    if (t->handle)
        OCTDestroyCoordinateTransformation(t->handle);
    wf_free(t->x);
    wf_free(t->y);
    wf_free(t->known);
    wf_free(t);
}

static bool in_degrees(OGRSpatialReferenceH system)
{
    double unit = OSRIsGeographic(system) ? OSRGetAngularUnits(system, NULL) : 0;

    return fabs(unit - M_PI / 180) < 1e-12;
}

static bool make_handle(Transformation *t, const char *crs, WeftErr *err)
{
    OGRSpatialReferenceH from = wf_crs_open(crs, err), to = NULL;
    bool done = false;
    WfCall call;

    if (!from)
        return false;
    if (in_degrees(from)) {
        done = true;
        goto fail;
    }
    to = wf_crs_open("EPSG:4326", err);
    if (!to)
        goto fail;
    wf_call_begin(&call);
    t->handle = OCTNewCoordinateTransformation(from, to);
    done = t->handle != NULL;
    wf_call_end(&call);
    if (!done)
        wf_call_fail(&call, err, NULL, "no way is known from this coordinate system to WGS 84");
fail:
    OSRRelease(from);
    if (to)
        OSRRelease(to);
    return done;
}

static void *open_transformation(const WfStore *store, WeftErr *err)
{
    size_t width = (size_t)store->file.block_width;
    Transformation *t = wf_zalloc(sizeof *t, err);

    if (!t)
        return NULL;
    t->x = wf_calloc(width, sizeof *t->x, err);
    t->y = wf_calloc(width, sizeof *t->y, err);
    t->known = wf_calloc(width, sizeof *t->known, err);
    if (t->x && t->y && t->known && make_handle(t, store->file.grid.crs, err))
        return t;
    close_transformation(t);
    return NULL;
}

/* Both coordinates of one row of a block, into t->x and t->y. */
static void fill_row(const WfStore *store, Transformation *t, const WfBlockAsk *ask, int64_t row)
{
    const WeftGrid *grid = &store->file.grid;
    double col = (double)(ask->x * store->file.block_width) + 0.5;
    WfCall call;

    for (int64_t i = 0; i < ask->cols; i++)
        wf_grid_xy(grid, col + (double)i, (double)(ask->y * store->file.block_height + row) + 0.5,
                   &t->x[i], &t->y[i]);
    if (!t->handle)
        return;
    wf_call_begin(&call); /* points without a place are no errors */
    OCTTransformEx(t->handle, (int)ask->cols, t->x, t->y, NULL, t->known);
    wf_call_end(&call);
    for (int64_t i = 0; i < ask->cols; i++)
        if (!t->known[i] || !isfinite(t->x[i]) || !isfinite(t->y[i]))
            t->x[i] = t->y[i] = NAN;
}

static bool read_lonlat(const WfStore *store, void *handle, const WfBlockAsk *ask, WeftErr *err)
{
    size_t row_bytes = (size_t)store->file.block_width * sizeof(double);
    Transformation *t = handle;

    (void)err;
    for (int64_t row = 0; row < ask->rows; row++) {
        fill_row(store, t, ask, row);
        for (int i = 0; i < ask->band_count; i++)
            memcpy(ask->pixels + ask->offsets[i] + (size_t)row * row_bytes,
                   ask->bands[i] == 1 ? t->x : t->y, (size_t)ask->cols * sizeof(double));
    }
    return true;
}

const WfStoreKind wf_store_lonlat = { .open = open_transformation,
                                      .close = close_transformation,
                                      .read = read_lonlat };
