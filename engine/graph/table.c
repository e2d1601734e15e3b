/*
 * table.c - the tables that nodes carry: each different one once, in both pixel types.
 *
 * Reads the caller's cells; writes the graph's list of tables, in its arena.
 */
#include <math.h>
#include <string.h>

#include "graph/graph.h"

static uint64_t bits_of(double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return isnan(v) ? 0x7ff8000000000000u : bits;
}

static uint64_t hash_of(const double *cells, int64_t count)
{
    uint64_t hash = (uint64_t)count;

    for (int64_t i = 0; i < count; i++) {
        hash = (hash ^ bits_of(cells[i])) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 29;
    }
    return hash;
}

static bool same_cells(const double *a, const double *b, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        if (bits_of(a[i]) != bits_of(b[i]))
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

static WfTable *copy_of(WfGraph *graph, const double *cells, int64_t rows, int columns,
                        WeftErr *err)
{
    size_t count = (size_t)rows * (size_t)columns;
    WfTable *table = wf_arena_zalloc(graph->arena, sizeof *table, err);
    double *wide = wf_arena_zalloc(graph->arena, count * sizeof *wide, err);
    float *narrow = wf_arena_zalloc(graph->arena, count * sizeof *narrow, err);
    WeftRange *ranges = wf_arena_zalloc(graph->arena, (size_t)columns * sizeof *ranges, err);

    if (!table || !wide || !narrow || !ranges)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        wide[i] = isnan(cells[i]) ? (double)NAN : cells[i];
        narrow[i] = (float)wide[i];
    }
    for (int c = 0; c < columns; c++)
        ranges[c] = range_of(wide + c * rows, rows);
    *table = (WfTable) { .rows = rows,
                         .columns = columns,
                         .wide = wide,
                         .narrow = narrow,
                         .ranges = ranges,
                         .hash = hash_of(wide, (int64_t)count) };
    return table;
}

const WfTable *wf_graph_table(WfGraph *graph, const double *cells, int64_t rows, int columns,
                              WeftErr *err)
{
    uint64_t hash = hash_of(cells, rows * columns);
    WfTable *table;

    for (int i = 0; i < graph->table_count; i++) {
        const WfTable *old = graph->tables[i];

        if (old->hash == hash && old->rows == rows && old->columns == columns &&
            same_cells(old->wide, cells, rows * columns))
            return old;
    }
    if (!wf_grow(&graph->tables, graph->table_count, &graph->table_room, sizeof *graph->tables,
                 err))
        return NULL;
    table = copy_of(graph, cells, rows, columns, err);
    if (table)
        graph->tables[graph->table_count++] = table;
    return table;
}
