/*
 * graph.h - nodes in an array; inputs always older than users, so no cycles can be written.
 *
 * A node is one band. Its description (grid, range, type) is filled in by pass/infer.
 */
#ifndef WF_GRAPH_H
#define WF_GRAPH_H

#include "base/err.h"
#include "base/grid.h"
#include "base/mem.h"
#include "graph/meaning.h"

/* One band of an opened file, or its mask, as the planner sees it: plain data. */
typedef struct WfSource {
    int store;             /* number of the store in io/; bands of one file share it. -1: none
                            * yet, a raster that an earlier phase keeps; its LOAD has that as an
                            * input until the phases are found */
    const char *path;      /* for messages */
    int band;              /* what wf_store_read takes: 1 ... n, or a mask (WF_BAND_MASK + n) */
    WeftType type;         /* of the pixels in decoded blocks */
    int64_t width, height; /* of the file */
    int block_width, block_height; /* of the decoded blocks */
    int64_t dx, dy;           /* pixel (c, r) of the node is pixel (c + dx, r + dy) of the file */
    bool has_nodata;          /* compared in the band's own type */
    double nodata;            /* NaN matches NaN */
    uint64_t nodata_bits;     /* i64 and u64: the exact value */
    bool lossy;               /* 64-bit integers beyond 2^53 may be rounded */
    bool costly;              /* to decode a block takes much longer than to copy it */
    const WfMeaning *meaning; /* of its values; NULL: nothing is known */
} WfSource;
enum { WF_BAND_MASK = 1 << 20 };

/* Constant numbers that a kernel looks up, or a reduction reads, column by column. */
typedef struct WfTable {
    int64_t rows;
    int columns;
    const double *wide;      /* wide[column * rows + row] */
    const float *narrow;     /* the same, rounded; NULL for a reduction */
    const WeftRange *ranges; /* of each column; valid: no cell is NaN */
    uint64_t hash;
} WfTable;

typedef struct WfNode {
    const WeftOp *op;
    int input_count; /* value inputs, then one for each NUMBER parameter */
    WeftNode *inputs;
    double *settings; /* the other parameters, in op->params order without the NUMBERs; of a ROWS
                       * node its windows and table after them (sight.h) */
    int setting_count;
    const WfTable *table; /* of an operator with a TABLE; else NULL */
    double value;         /* CONSTANT */
    bool integer;         /* CONSTANT: written as an integer */
    int source;           /* LOAD: index into graph->sources; else -1 */
    const WeftGrid *grid; /* NULL: a number, the same for all pixels */
    WfPlaceOf place;
    const char *unit; /* of its values, as the file writes it: "ft"; "" where none is known. Who
                       * makes the node may set it; NULL: pass/infer takes it from the inputs. What
                       * has the same values keeps it */

    /* by pass/infer */
    WeftRange range;
    WeftType type;    /* as r.type and as saved without type= */
    bool wide;        /* the result is held in f64 */
    bool wide_inside; /* the kernel computes in f64 */
    bool inexact;     /* integer-valued, but may pass 2^53 and be rounded */

    /* by pass/inherit, of values that are those of files */
    WfOrigin origin;
    const WfMeaning *meaning; /* NULL: nothing is known */
} WfNode;

typedef struct WfGraph {
    WfArena *arena; /* owns everything below but the arrays themselves and tables */
    WfNode *nodes;
    int count, room;
    WfSource *sources;
    int source_count, source_room;
    const WeftGrid **grids; /* each different one once */
    int grid_count, grid_room;
    const WfMeaning **meanings; /* each different one once */
    int meaning_count, meaning_room;
    const WfTable **tables; /* each different one once; copies of the graph may share them */
    int table_count, table_room;
    const char **units; /* each different one once */
    int unit_count, unit_room;
    WfPlaceOf place; /* given to new nodes; its texts are never NULL */
    bool ieee;

    /* by pass/plain; NULL: not made */
    WeftNode *plain; /* of each of the first plain_count nodes: what gives the same where no pixel
                      * that its kernel reads is odd */
    int plain_count;
} WfGraph;

/* A pixel is odd if it is invalid, or further from 0 than this. Sums and squares of others stay
 * finite in f32, so that it can be proven that they are valid. */
#define WF_PLAIN_LIMIT 0x1p60

static inline WeftNode wf_graph_plain(const WfGraph *graph, WeftNode node)
{
    return node < graph->plain_count ? graph->plain[node] : node;
}

WfGraph *wf_graph_new(WeftErr *err);
void wf_graph_free(WfGraph *graph);
void wf_graph_at(WfGraph *graph, const WfPlaceOf *place); /* copies (file and calls are shared) */

/* Operators that the graph makes by itself. */
extern const WeftOp wf_op_constant, wf_op_load;

/* Add a node; arrays are copied. Checks nothing: graph/apply does. */
WeftNode wf_graph_add(WfGraph *graph, const WeftOp *op, const WeftNode *inputs, int input_count,
                      const double *settings, int setting_count, WeftErr *err);
WeftNode wf_graph_constant(WfGraph *graph, double value, bool integer, const WeftGrid *grid,
                           WeftErr *err);
/* A band of a file. Equal sources share one entry of graph->sources. */
WeftNode wf_graph_load(WfGraph *graph, const WfSource *source, const WeftGrid *grid, WeftErr *err);
void wf_graph_drop(WfGraph *graph, WeftNode node); /* the newest node only: it was refused */

/* A grid owned by the graph; equal ones (to the bit) give the same pointer. */
const WeftGrid *wf_graph_grid(WfGraph *graph, const WeftGrid *grid, WeftErr *err);

/* What values stand for, owned by the graph; equal ones give the same pointer. */
const WfMeaning *wf_graph_meaning(WfGraph *graph, const WfMeaning *meaning, WeftErr *err);
/* A unit's name owned by the graph; equal ones give the same pointer. NULL and "": "". */
const char *wf_graph_unit(WfGraph *graph, const char *unit, WeftErr *err);

/* A table that the graph has, of cells that lie row by row; equal ones (to the bit, but for the
 * payload of NaN) give the same pointer. narrow: kernels read it. */
const WfTable *wf_graph_table(WfGraph *graph, const double *cells, int64_t rows, int columns,
                              bool narrow, WeftErr *err);
/* A table of another graph, which has it too. */
const WfTable *wf_graph_table_of(WfGraph *graph, const WfTable *table, WeftErr *err);
void wf_graph_free_tables(WfGraph *graph); /* those that no other graph has */
/* What tables of reductions take: spans of polygons, which can be many. */
int64_t wf_graph_table_bytes(const WfGraph *graph);

/* A copy of what `roots` need (all nodes keep their places); roots are renumbered. Grids, sources
 * and texts are copied too, tables are shared: the original may go. */
WfGraph *wf_graph_copy(const WfGraph *graph, WeftNode *roots, int root_count, WeftErr *err);

#endif
