/*
 * tables.c - a copy of the plan's tables on one memory node.
 *
 * Kernels look tables up for every pixel, so each node that computes has its own. Needs: a plan.
 * Reads the graph's tables; writes the copy, before any tile runs.
 */
#include "run/tables.h"

#include <string.h>

struct WfTables {
    const WfTopo *topo;
    char *memory;
    size_t bytes;
    WfFrameTable *frames; /* of all kernels, one after another */
    int *first;           /* of each kernel's in frames */
};

static void copy_cells(const WfPlan *plan, char *memory)
{
    for (int t = 0; t < plan->table_count; t++) {
        const WfPlanTable *own = &plan->tables[t];
        const WfTable *table = own->table;
        size_t count = (size_t)table->rows * (size_t)table->columns;

        if (own->wide)
            memcpy(memory + own->at, table->wide, count * sizeof *table->wide);
        else
            memcpy(memory + own->at, table->narrow, count * sizeof *table->narrow);
    }
}

static void list_frames(WfTables *tables, const WfPlan *plan)
{
    int next = 0;

    for (int k = 0; k < plan->kernel_count; k++) {
        const WfKernel *kernel = &plan->kernels[k];

        tables->first[k] = next;
        for (int t = 0; t < kernel->table_count; t++) {
            const WfPlanTable *own = &plan->tables[kernel->tables[t]];

            tables->frames[next++] =
                (WfFrameTable) { .cells = tables->memory + own->at, .rows = own->table->rows };
        }
    }
}

WfTables *wf_tables_new(const WfPlan *plan, const WfTopo *topo, int node, WeftErr *err)
{
    WfTables *tables = wf_zalloc(sizeof *tables, err);
    size_t count = 1;

    if (!tables)
        return NULL;
    tables->topo = topo;
    tables->bytes = plan->table_bytes;
    for (int k = 0; k < plan->kernel_count; k++)
        count += (size_t)plan->kernels[k].table_count;
    tables->frames = wf_calloc(count, sizeof *tables->frames, err);
    tables->first = wf_calloc((size_t)plan->kernel_count + 1, sizeof *tables->first, err);
    if (!tables->frames || !tables->first)
        goto fail;
    if (tables->bytes) {
        tables->memory = wf_topo_alloc(topo, node, tables->bytes);
        if (!tables->memory) {
            wf_fail(err, WEFT_EMEM, "no memory for the tables of node %d", node);
            goto fail;
        }
        copy_cells(plan, tables->memory);
    }
    list_frames(tables, plan);
    return tables;
fail:
    wf_tables_free(tables);
    return NULL;
}

void wf_tables_free(WfTables *tables)
{
    if (!tables)
        return;
    if (tables->memory)
        wf_topo_release(tables->topo, tables->memory, tables->bytes);
    wf_free(tables->frames);
    wf_free(tables->first);
    wf_free(tables);
}

const WfFrameTable *wf_tables_of(const WfTables *tables, int kernel)
{
    return tables->frames + tables->first[kernel];
}

int64_t wf_tables_bytes(const WfTables *tables)
{
    return tables ? (int64_t)tables->bytes : 0;
}
