/*
 * store_mem.c - rasters in memory: a function of the caller fills each block.
 *
 * Needs nothing. Writes the pixels it is asked for.
 */
#include "io/store_kind.h"

static bool read_memory(const WfStore *store, void *handle, const WfBlockAsk *ask, WeftErr *err)
{
    (void)handle;
    for (int i = 0; i < ask->band_count; i++)
        if (!store->fill(store->context, ask->bands[i], ask->x, ask->y,
                         ask->pixels + ask->offsets[i], err))
            return false;
    return true;
}

const WfStoreKind wf_store_memory = { .read = read_memory };
