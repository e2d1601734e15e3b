/*
 * weft_zones.c - polygons of vector files for scripts, as spans.
 *
 * Needs: io/zoning. Reads the file.
 */
#include "conductor.h"
#include "io/zoning.h"

WeftZones *weft_zones(WeftGraph *graph, const char *path, const WeftZoning *options,
                      const WeftGrid *grid, WeftErr *err)
{
    WeftZoning own = options ? *options : (WeftZoning) { .layer = NULL };
    int64_t held = wf_graph_table_bytes(graph->nodes);
    WeftZones *zones;

    if (own.memory)
        own.memory = own.memory > held ? own.memory - held : 1;
    zones = wf_zones_read(path, &own, grid, err);
    if (!zones)
        wf_err_at(err, &graph->nodes->place, "zonal");
    return zones;
}

void weft_zones_free(WeftZones *zones)
{
    wf_zones_free(zones);
}
