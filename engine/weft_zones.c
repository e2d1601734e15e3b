/*
 * weft_zones.c - polygons of vector files for scripts: as spans, and as rasters of zones.
 *
 * Needs: io/zoning, io/layers, pass/infer. Reads the file; writes new nodes.
 */
#include "conductor.h"
#include "io/layers.h"
#include "io/zoning.h"
#include "pass/pass.h"

WeftZones *weft_zones(WeftGraph *graph, const char *path, const WeftZoning *options,
                      const WeftGrid *grid, WeftErr *err)
{
    static const WeftZoning plain = { .layer = NULL };
    WeftZones *zones = wf_zones_read(path, options ? options : &plain, grid, err);

    if (!zones)
        wf_err_at(err, &graph->nodes->place, "zonal");
    return zones;
}

void weft_zones_free(WeftZones *zones)
{
    wf_zones_free(zones);
}

static WeftNode load(WeftGraph *graph, int store, const WeftGrid *grid, WeftErr *err)
{
    WfSource source = { .store = store };
    WeftNode node;
    bool dropped;

    if (!wf_stores_source(graph->stores, store, 1, false, &source, &dropped, err))
        return WEFT_NONE;
    node = wf_graph_load(graph->nodes, &source, grid, err);
    if (node != WEFT_NONE && !wf_infer_node(graph->nodes, node, err)) {
        wf_graph_drop(graph->nodes, node);
        return WEFT_NONE;
    }
    return node;
}

WeftNode *weft_zone_rasters(WeftGraph *graph, const WeftZones *zones, const WeftGrid *grid,
                            int *count, WeftErr *err)
{
    WfArena *arena = graph->nodes->arena;
    WeftNode *nodes;
    int *stores;

    *count = wf_zones_layers(graph->stores, arena, zones, grid, &stores, err);
    nodes = *count > 0 ? wf_arena_zalloc(arena, (size_t)*count * sizeof *nodes, err) : NULL;
    for (int i = 0; nodes && i < *count; i++) {
        nodes[i] = load(graph, stores[i], grid, err);
        if (nodes[i] == WEFT_NONE)
            nodes = NULL;
    }
    if (!nodes)
        wf_err_at(err, &graph->nodes->place, "zonal");
    return nodes;
}
