/*
 * weft_zones.c - polygons of vector files for scripts, as spans.
 *
 * Needs: io/zoning. Reads the file.
 */
#include "conductor.h"

#include <stdio.h>

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

WeftZones *weft_zones(WeftGraph *graph, const char *path, const WeftZoning *options,
                      const WeftGrid *grid, WeftErr *err)
{
    WeftZoning own = options ? *options : (WeftZoning) { .layer = NULL };
    int64_t held = wf_graph_table_bytes(graph->nodes);
    WeftZones *zones;

    if (own.memory)
        own.memory = own.memory > held ? own.memory - held : 1;
    zones = wf_zones_read(path, &own, grid, err);
    if (zones)
        warn_mixed(graph, path, zones->mixed);
    else
        wf_err_at(err, &graph->nodes->place, "zonal");
    return zones;
}

void weft_zones_free(WeftZones *zones)
{
    wf_zones_free(zones);
}
