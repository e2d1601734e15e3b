/*
 * weft_zones.c - polygons of vector files for scripts, as spans.
 *
 * Needs: io/zoning. Reads the file.
 */
#include "conductor.h"

#include <stdio.h>
#include <string.h>

#include "base/grid.h"
#include "io/zoning.h"

static void warn_mixed(WeftGraph *graph, const char *path, int64_t mixed)
{
    char text[512];

    if (!mixed)
        return;
    snprintf(text, sizeof text,
             "%s: lines or points beside the polygons of %lld feature%s have no area and are left "
             "out",
             path, (long long)mixed, mixed == 1 ? "" : "s");
    graph->warn(graph->warn_context, text);
}

static bool apart(const double a[4], const double b[4])
{
    return a[0] >= b[2] || a[2] <= b[0] || a[1] >= b[3] || a[3] <= b[1];
}

static void add_box(WfText *text, const double box[4])
{
    wf_text_add(text, "x %.9g to %.9g, y %.9g to %.9g", box[0], box[2], box[1], box[3]);
}

/* No zone has a pixel: as a rule they are meant to lie elsewhere. */
static void tell_empty(WeftGraph *graph, const char *path, const char *rule, const WeftZones *zones,
                       const WeftGrid *grid)
{
    bool centres = !rule || strcmp(rule, "center") == 0;
    WfText text = { 0 };
    double box[4];

    wf_grid_box(grid, 0, box);
    if (zones->box[0] > zones->box[2]) {
        wf_text_add(&text, "%.100s: no feature has a polygon", path);
    } else {
        wf_text_add(&text, "%.100s: no polygon %s: polygons ", path,
                    centres && !apart(zones->box, box)
                        ? "holds a pixel's centre (rule = \"touched\" takes what they touch)"
                        : "touches the raster");
        add_box(&text, zones->box);
        wf_text_add(&text, "; raster ");
        add_box(&text, box);
    }
    if (!text.failed)
        graph->warn(graph->warn_context, text.text);
    wf_text_free(&text);
}

WeftZones *weft_zones(WeftGraph *graph, const char *path, const WeftZoning *options,
                      const WeftGrid *grid, WeftErr *err)
{
    WeftZoning own = options ? *options : (WeftZoning) { .layer = NULL };
    int64_t held = wf_graph_table_bytes(graph->nodes);
    WeftZones *zones;

    if (own.memory)
        own.memory = own.memory > held ? own.memory - held : 1;
    zones = wf_zones_read(path, &own, grid, err);
    if (!zones) {
        wf_err_at(err, &graph->nodes->place, "zonal");
        return NULL;
    }
    warn_mixed(graph, path, zones->mixed);
    if (zones->count > 0 && zones->spans.row_count == 0)
        tell_empty(graph, path, own.rule, zones, grid);
    return zones;
}

void weft_zones_free(WeftZones *zones)
{
    wf_zones_free(zones);
}
