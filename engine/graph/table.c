/*
 * table.c - the tables that nodes carry: each different one once in a graph, and shared with its
 * copies.
 *
 * A table is one piece of memory that belongs to all graphs that have it. Reads the caller's cells;
 * writes the graph's list of tables.
 */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "graph/graph.h"

/* A table with what it owns behind it. */
typedef struct Shared {
    WfTable table; /* first */
    atomic_int graphs;
} Shared;

/* What a table is made from, row by row. */
typedef struct Cells {
    const double *cells;
    int64_t rows;
    int columns;
} Cells;

static double cell_at(const Cells *from, int64_t i)
{
    double v = from->cells[i % from->rows * from->columns + i / from->rows];

    return isnan(v) ? (double)NAN : v;
}

static int64_t count_of(const Cells *from)
{
    return from->rows * from->columns;
}

static uint64_t bits_of(double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static uint64_t hash_of(const Cells *from)
{
    uint64_t hash = (uint64_t)count_of(from);

    for (int64_t i = 0; i < count_of(from); i++) {
        hash = (hash ^ bits_of(cell_at(from, i))) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return hash;
}

static bool same_cells(const WfTable *table, const Cells *from)
{
    if (table->rows != from->rows || table->columns != from->columns)
        return false;
    for (int64_t i = 0; i < count_of(from); i++)
        if (bits_of(table->wide[i]) != bits_of(cell_at(from, i)))
            return false;
    return true;
}

/* Real values may have been rounded to f32: such ends are moved outward. */
static WeftRange range_of(const double *cells, int64_t rows)
{
    WeftRange r = { .lo = INFINITY, .hi = -INFINITY, .whole = true, .valid = true };

    for (int64_t i = 0; i < rows; i++) {
        r.valid &= !isnan(cells[i]);
        r.whole &= isnan(cells[i]) || floor(cells[i]) == cells[i];
        r.lo = cells[i] < r.lo ? cells[i] : r.lo;
        r.hi = cells[i] > r.hi ? cells[i] : r.hi;
    }
    if (!r.whole && r.lo <= r.hi) {
        r.lo = (float)r.lo > r.lo ? nextafterf((float)r.lo, -INFINITY) : (float)r.lo;
        r.hi = (float)r.hi < r.hi ? nextafterf((float)r.hi, INFINITY) : (float)r.hi;
    }
    return r;
}

static WfTable *make(const Cells *from, bool narrow, uint64_t hash, WeftErr *err)
{
    size_t count = (size_t)count_of(from), ranges_bytes = (size_t)from->columns * sizeof(WeftRange);
    size_t each = sizeof(double) + narrow * sizeof(float);
    Shared *made = wf_zalloc(sizeof *made + ranges_bytes + count * each, err);
    WeftRange *ranges = (WeftRange *)(made + 1);
    double *wide;
    float *rounded;

    if (!made)
        return NULL;
    wide = (double *)(ranges + from->columns);
    rounded = narrow ? (float *)(wide + count) : NULL;
    for (size_t i = 0; i < count; i++) {
        wide[i] = cell_at(from, (int64_t)i);
        if (narrow)
            rounded[i] = (float)wide[i];
    }
    for (int c = 0; c < from->columns; c++)
        ranges[c] = range_of(wide + c * from->rows, from->rows);
    made->table = (WfTable) { .rows = from->rows,
                              .columns = from->columns,
                              .wide = wide,
                              .narrow = rounded,
                              .ranges = ranges,
                              .hash = hash };
    atomic_init(&made->graphs, 0);
    return &made->table;
}

/* False: the graph has it not. */
static bool keep(WfGraph *graph, const WfTable *table, WeftErr *err)
{
    if (!wf_grow(&graph->tables, graph->table_count, &graph->table_room, sizeof *graph->tables,
                 err))
        return false;
    graph->tables[graph->table_count++] = table;
    atomic_fetch_add(&((Shared *)table)->graphs, 1);
    return true;
}

const WfTable *wf_graph_table(WfGraph *graph, const double *cells, int64_t rows, int columns,
                              bool narrow, WeftErr *err)
{
    const Cells from = { cells, rows, columns };
    uint64_t hash = hash_of(&from);
    WfTable *table;

    for (int i = 0; i < graph->table_count; i++) {
        const WfTable *old = graph->tables[i];

        if (old->hash == hash && (old->narrow != NULL) == narrow && same_cells(old, &from))
            return old;
    }
    table = make(&from, narrow, hash, err);
    if (!table || keep(graph, table, err))
        return table;
    wf_free(table);
    return NULL;
}

const WfTable *wf_graph_table_of(WfGraph *graph, const WfTable *table, WeftErr *err)
{
    for (int i = 0; i < graph->table_count; i++)
        if (graph->tables[i] == table)
            return table;
    return keep(graph, table, err) ? table : NULL;
}

int64_t wf_graph_table_bytes(const WfGraph *graph)
{
    int64_t bytes = 0;

    for (int i = 0; i < graph->table_count; i++)
        if (!graph->tables[i]->narrow)
            bytes += graph->tables[i]->rows * graph->tables[i]->columns * (int64_t)sizeof(double);
    return bytes;
}

void wf_graph_free_tables(WfGraph *graph)
{
    for (int i = 0; i < graph->table_count; i++)
        if (atomic_fetch_sub(&((Shared *)graph->tables[i])->graphs, 1) == 1)
            wf_free((Shared *)graph->tables[i]);
    wf_free(graph->tables);
}
