/*
 * weft.h - raster operations as a graph, compiled, partitioned and run.
 *
 * A graph grows node by node; each node is one band, lazy, with a known grid and type. Nothing is
 * computed until weft_run. What is asked for in one call is computed together, each input block
 * read once. Functions that can fail take `WeftErr *err` last: bool true is done, WEFT_NONE or
 * NULL is not done. One thread at a time may use a graph or an engine.
 */
#ifndef WEFT_H
#define WEFT_H

#include <stdio.h>

#include "op.h"

#define WEFT_VERSION "0.1.0"

#pragma GCC visibility push(default)

/* ------------------------------------------------------------------------------- errors */

typedef enum WeftCode {
    WEFT_OK,
    WEFT_ENAME,   /* no such operator, parameter, band, option */
    WEFT_EARG,    /* a value that does not fit */
    WEFT_ETYPE,   /* bool, integer, real mixed up */
    WEFT_EGRID,   /* grids that differ */
    WEFT_EIO,     /* reading or writing failed */
    WEFT_EDATA,   /* pixels that the script does not allow (clipped, collisions, too large) */
    WEFT_EMEM,    /* memory, or the budget */
    WEFT_EHOST,   /* this machine lacks something */
    WEFT_ECANCEL, /* interrupted */
    WEFT_EBUG     /* our own mistake */
} WeftCode;

/* The first thing that went wrong. Zero it before use; only the first failure is kept. Empty
 * text, line 0 and col, row, block -1 (wf_fail sets these) mean unknown. */
typedef struct WeftErr {
    WeftCode code;
    char message[768]; /* what is wrong, in the script's words, with values */
    char hint[512];    /* what to do instead */
    char file[256];    /* the script, and the line where the raster at fault was made */
    int line;
    char calls[256]; /* the callers, where that line lies in a function: "a.lua:12, a.lua:40" */
    char op[48];
    char path[512]; /* the raster file */
    int64_t block;
    int64_t col, row;
} WeftErr;

/* One or two lines as a user sees them: "ndvi.lua:4: add: ..." and "  hint". Returns buffer. */
const char *weft_err_text(const WeftErr *err, char *buffer, size_t size);

/* ------------------------------------------------------------------------------- grids */

/* Where a raster without a transform lies: ground control points, or rational polynomials. It has
 * no part in comparing grids, and is written to files that nothing was moved in. */
typedef struct WeftControl {
    const struct WeftControlPoint {
        const char *id;
        double col, row;
        double x, y, z; /* in crs */
    } *points;
    int point_count;
    const char *crs;             /* WKT, of the points; or NULL */
    const char *const *rational; /* "NAME=VALUE" as GDAL's RPC domain has them, NULL at the end; or
                                  * NULL */
} WeftControl;

/* Where a raster lies. transform is GDAL's: x = t[0] + col * t[1] + row * t[2], y alike with
 * t[3..5], for pixel corners. crs is canonical WKT or NULL; equal systems have equal text. Grids
 * whose systems differ in that one of them says what heights are combine; the result's says it. */
typedef struct WeftGrid {
    int64_t width, height;
    double transform[6];
    bool georeferenced; /* transform means something */
    const char *crs;
    const WeftControl *control; /* or NULL */
    const char
        *flat; /* crs without what it says of heights; NULL: nothing. The graph fills it in */
} WeftGrid;

/* What x and y are in, as people write it: "m", "ft", "degrees", else the CRS's own word (in the
 * buffer); "" without a CRS. */
const char *weft_grid_unit(const WeftGrid *grid, char *buffer, size_t size);

/* ------------------------------------------------------------------------------- graphs */

typedef struct WeftGraph WeftGraph;
typedef int32_t WeftNode; /* its number in the graph; inputs are always older */
#define WEFT_NONE ((WeftNode)(-1))

WeftGraph *weft_graph_new(WeftErr *err);
void weft_graph_free(WeftGraph *graph); /* takes NULL */

/* Script place given to the nodes made from now on. The text is copied. */
void weft_graph_at(WeftGraph *graph, const char *file, int line, const char *calls);

/* ieee: division by zero, log(0) and 0^negative give infinities instead of invalid. */
void weft_graph_ieee(WeftGraph *graph, bool on);

/* Told about things that are legal and probably not meant; default: standard error. */
typedef void WeftWarn(void *context, const char *text);
void weft_graph_warn(WeftGraph *graph, WeftWarn *warn, void *context);

/* An operator's description by name; NULL with the nearest name in err's hint. */
const WeftOp *weft_op_find(const char *name, WeftErr *err);

/* Writes the operator's help (signature, brief, parameters, example) into buffer. */
const char *weft_op_help(const WeftOp *op, char *buffer, size_t size);

typedef struct WeftArg {
    const char *name;    /* of the parameter; or NULL: the next one not given yet, in order */
    WeftNode node;       /* a NUMBER may be a node without a grid; WEFT_NONE otherwise */
    double number;       /* value of NUMBER, INTEGER, REAL; FLAG 0 or 1 */
    bool integer;        /* number was written as an integer */
    const char *text;    /* value of CHOICE and TYPE, name of a UNIT; NULL otherwise */
    const double *cells; /* value of TABLE: rows x columns, row by row; copied; NULL otherwise */
    int64_t rows;
    int columns;
} WeftArg;

/* op(inputs..., args...). Checks counts, names, values, grids and types. Parameters named "ieee"
 * are filled in by the graph, "zunit" by the first input's unit where that is a length. */
WeftNode weft_apply(WeftGraph *graph, const char *op, const WeftNode *inputs, int input_count,
                    const WeftArg *args, int arg_count, WeftErr *err);

/* A reduction of rasters by the operator's name, alike: a table, which has no grid, for WeftAsk and
 * weft_cell. */
WeftNode weft_reduce(WeftGraph *graph, const char *op, const WeftNode *inputs, int input_count,
                     const WeftArg *args, int arg_count, WeftErr *err);

/* A number of its table, which stands wherever a number does; invalid where there is none. Rows and
 * columns count from 0. */
WeftNode weft_cell(WeftGraph *graph, WeftNode reduction, int64_t row, int column, WeftErr *err);

/* A number; without a grid (NULL) it combines with any raster. integer: 3 rather than 3.0. */
WeftNode weft_constant(WeftGraph *graph, double value, bool integer, const WeftGrid *grid,
                       WeftErr *err);

/* A source without a file on a grid: op is of shape INDEX (random, row, col, x, y, area) or "lon",
 * "lat". Parameters that come from the grid are filled in. */
WeftNode weft_generate(WeftGraph *graph, const char *op, const WeftGrid *grid, const WeftArg *args,
                       int arg_count, WeftErr *err);

/* A statistic of the cells around each pixel. Zero means default. */
typedef struct WeftFocal {
    const char *stat;  /* count pixels sum mean min max range std var median mode minority variety
                        * first last, "p90" (a percentile); "convolve": sum of weight times value;
                        * "sobel", "laplace": 3 x 3 with weights of their own */
    const char *shape; /* square: width x height, also with weights; circle, annulus: radius;
                        * gaussian: sigma, with stat mean. NULL: square */
    int width, height; /* odd; 0: as the other */
    double radius, inner;           /* cells with inner <= distance <= radius of the centre */
    double cell_width, cell_height; /* in units of radius; 0: 1 */
    double sigma, truncate;         /* in cells; the window ends at truncate * sigma, 0: 4 */
    const double
        *weights;        /* height x width, row by row; NULL: all 1. By weight: mean, sum, convolve;
                          * to the others a cell with a weight other than 0 is in the window */
    bool flip;           /* turn the weights by 180 degrees: a convolution, not a correlation */
    const char *edges;   /* nearest reflect mirror constant wrap shrink invalid; NULL: shrink, and
                          * reflect for convolve, sobel, laplace */
    double constant;     /* for edges constant */
    const char *invalid; /* propagate skip center fill_center; NULL: center, and propagate for
                          * convolve, sobel, laplace */
    int min_valid;       /* with skip and center: fewer valid cells give invalid; 0: 1 */
    int ddof;            /* std and var divide by n - ddof: 0 or 1 */
} WeftFocal;

/* A statistic of the window around each pixel of a raster. Edge rules act on the input's own
 * values. It adds the nodes by which both engines evaluate it: pixels at an offset and operators
 * on them. */
WeftNode weft_focal(WeftGraph *graph, WeftNode input, const WeftFocal *focal, WeftErr *err);

/* A statistic of each pixel across rasters. Zero means default. */
typedef struct WeftSeries {
    const char *stat; /* those of WeftFocal; argmin argmax (places from 1) mad (median absolute
                       * deviation); slope intercept r p of the least-squares line over x */
    const double *x;  /* of each raster, finite; NULL: 1, 2, 3 ... */
    int ddof;         /* std and var divide by n - ddof: 0 or 1 */
} WeftSeries;

/* A statistic of each pixel's valid values in rasters of one grid, in their order; ties go to the
 * earliest raster, in mode and minority to the smallest value. */
WeftNode weft_series(WeftGraph *graph, const WeftNode *inputs, int count, const WeftSeries *series,
                     WeftErr *err);

/* A statistic of each pixel's vectors of bands: "medoid" (the vector nearest to all others in sum)
 * or "geomedian" (the point nearest to all). inputs[band * count + raster]; results: a node for
 * each band. A vector with an invalid band is skipped. */
bool weft_series_vectors(WeftGraph *graph, const WeftNode *inputs, int count, int bands,
                         const char *stat, WeftNode *results, WeftErr *err);

/* At each pixel the one of rasters of one grid whose number, from 1, the index says; invalid where
 * it says another. */
WeftNode weft_pick(WeftGraph *graph, const WeftNode *inputs, int count, WeftNode index,
                   WeftErr *err);

/* What is known of a node. */
const WeftGrid *weft_node_grid(const WeftGraph *graph, WeftNode node); /* NULL: a number */
WeftType weft_node_type(const WeftGraph *graph, WeftNode node);
WeftRange weft_node_range(const WeftGraph *graph, WeftNode node);
const char *weft_node_unit(const WeftGraph *graph, WeftNode node); /* "ft"; "": none is known */
const char *weft_type_name(WeftType type);                         /* "u8" ... "bool", "auto" */
WeftType weft_type_of(const char *name, WeftErr *err); /* WEFT_AUTO with err set: no such type */
/* Do two paths name one file, however they are spelt? It need not exist yet. */
bool weft_same_file(const char *a, const char *b);

/* Coordinates that cannot be those of the grid's CRS: a text that says so, which the caller frees.
 * NULL: nothing is amiss. What weft_open meets, it tells as a warning. */
char *weft_grid_doubt(const WeftGrid *grid);
/* A system of coordinates from EPSG:n, WKT, PROJ ... to canonical WKT, owned by the graph. */
const char *weft_crs(WeftGraph *graph, const char *text, WeftErr *err);

/* What the numbers of a band of classes stand for: entry i is of value i. */
typedef struct WeftColor {
    uint8_t red, green, blue, alpha;
} WeftColor;

typedef struct WeftLegend {
    const WeftColor *colors; /* all 0: none */
    int color_count;
    const char *const *categories; /* "": none */
    int category_count;
} WeftLegend;

/* Give the values of a node a legend, which operators that give values of their input keep, and
 * files are written with. The node is one that nothing was made of yet. Copied. */
bool weft_legend(WeftGraph *graph, WeftNode node, const WeftLegend *legend, WeftErr *err);

/* ------------------------------------------------------------------------------- files */

typedef struct WeftOpen {
    const char *crs; /* overrides or supplies the file's; NULL */
    bool has_nodata; /* use `nodata` instead of what the bands declare */
    double nodata;
    bool raw;      /* leave band scale and offset alone (scale=false) */
    bool lossy;    /* integers beyond 2^53 may be rounded */
    bool unmasked; /* the file's masks and alpha bands invalidate nothing (mask=false) */
    WeftNode mask; /* a bool node, true is valid, in place of these; WEFT_NONE */
} WeftOpen;

typedef struct WeftBand {
    const char *name;   /* description, or "" */
    const char *interp; /* colour interpretation: "Red", "Gray", "Alpha", "Undefined" ... */
    WeftType type;
    bool has_nodata;
    double nodata;        /* i64 and u64: nearest f64 */
    char nodata_text[32]; /* exact */
    double scale, offset; /* 1 and 0 where none */
    const char *mask;     /* "none", "nodata", "mask", "alpha" */
    const char *unit;     /* or "" */
    WeftLegend legend;
    double time; /* when it was taken or is valid, in seconds since 1970-01-01 UTC; NaN:
                  * the file does not say, or calls it by a date that there is not */
} WeftBand;

typedef struct WeftFile {
    const char *path;
    const char *driver;
    WeftGrid grid;
    int band_count;
    const WeftBand *bands;
    int block_width, block_height;
    const char *compression; /* or "none" */
    const char *interleave;  /* "band", "pixel" or "" */
    int overview_count;
    int64_t bytes; /* size on disk, or -1 */
    bool area_is_point;
} WeftFile;

/* Open any raster GDAL reads. The description belongs to the graph. The same path and options
 * give the same file. NULL on failure. */
const WeftFile *weft_open(WeftGraph *graph, const char *path, const WeftOpen *options,
                          WeftErr *err);

/* Band 1 ... band_count of an opened file, with nodata, masks and scale applied. */
WeftNode weft_band(WeftGraph *graph, const WeftFile *file, int band, WeftErr *err);

/* Text for people about a file: grid, bands, types, nodata, layout, and what is slow about it. */
char *weft_info(const char *path, WeftErr *err); /* free() it */

/* ------------------------------------------------------------------------------- dates */

/* How a date is spelt. */
typedef enum WeftDate {
    WEFT_DATE_NONE,   /* it is none */
    WEFT_DATE_SHORT,  /* "2018-07", its first day; "2018-191", a day of the year: where dates are
                       * asked for, and in no name */
    WEFT_DATE_DIGITS, /* "20180710": might be a number, too */
    WEFT_DATE_FULL    /* "2018-07-10"; with a time of day "20180710T103000", "2018-07-10 10:30",
                       * "2018-07-10T10:30:00.5Z", "2018-07-10T10:30+02:00" */
} WeftDate;

/* A date of the Gregorian calendar as seconds since 1970-01-01 UTC. */
WeftDate weft_date(const char *text, double *seconds);

/* The date in the name of a file, the last part of a path, by a pattern: %Y (four digits) or %y, %m
 * or %b (Jan), %d (01), %j (001), %H %M %S; %% is a %, all else stands for itself. The first match
 * that is a date counts; one within a longer number comes last. */
bool weft_date_in(const char *name, const char *pattern, double *seconds, WeftErr *err);

/* ------------------------------------------------------------------------------- asking */

typedef enum WeftCollide { WEFT_COLLIDE_ERROR, WEFT_COLLIDE_NUDGE, WEFT_COLLIDE_ALLOW } WeftCollide;

/* One output file. Zero means default. */
typedef struct WeftSave {
    const char *path;
    const WeftNode *bands;
    const char *const *names; /* band_count band descriptions or NULL */
    int band_count;
    WeftType type;
    bool has_nodata;
    double nodata;
    bool mask_band;                   /* nodata = "mask" */
    bool no_nodata;                   /* nodata = "none": NaN in reals, an error for the rest */
    const char *format;               /* GDAL driver; NULL: by the extension */
    const char *compress;             /* NULL: none */
    int predictor, level, blocksize;  /* 0: default */
    const char *round;                /* half_away half_even floor trunc; NULL: half_away */
    const char *overflow;             /* saturate error wrap invalid; NULL: saturate */
    const char *collide;              /* error nudge allow; NULL: error */
    bool keep;                        /* overwrite=false: an existing file is an error */
    bool durable;                     /* to disk before the rename */
    const WeftLegend *const *legends; /* of each band, instead of what its values have; NULL among
                                       * them: leave it. Or NULL */
    const char *const *options; /* further "KEY=VALUE" for the driver, NULL at the end; or NULL */
} WeftSave;

/* Pixels to memory: out[(band * rows + r) * cols + c], canonical NaN where invalid, for the
 * pixels (col + c * step, row + r * step) of the raster. */
typedef struct WeftRead {
    const WeftNode *bands;
    int band_count;
    int64_t col, row, cols, rows;
    int64_t step; /* 0 and 1: every pixel */
    double *out;
} WeftRead;

/* A reduction's result: cells[row * column_count + column], NaN where there is no value. What the
 * columns are, the operator's help says. */
typedef struct WeftTable {
    int64_t row_count;
    int column_count;
    double *cells;
} WeftTable;
void weft_table_free(WeftTable *table); /* its cells; takes an empty one, and NULL */

/* A node of a WEFT_REDUCE operator, wanted as a table, which the run fills. In a graph such a node
 * has no grid and enters other operators only through weft_cell. */
typedef struct WeftAsk {
    WeftNode node;
    WeftTable *table; /* the caller's; empty before */
} WeftAsk;

/* How polygons of a vector file become zones. Zero means default. */
typedef struct WeftZoning {
    const char *layer; /* NULL: the only layer that can hold polygons */
    const char *id;    /* the field that names zones; NULL: the feature's number */
    const char *where; /* a condition in OGR's SQL: "POP > 1000"; NULL: all features */
    const char *rule;  /* which pixels belong to a polygon; NULL: center
                        * center: their centre lies inside; on a left or top edge is in
                        * touched: they share some area with it
                        * fraction: the same, the weight is the covered part of the pixel
                        * fraction8: the same in 255 steps, below 1/256 is dropped */
    int64_t memory;    /* bytes that spans may take while they are made; 0: any */
} WeftZoning;

/* Polygons as pixels of a grid. Zones are numbered from 0 in the order of their ids: by value where
 * these are integers, otherwise by the bytes of their text. Features with one id are one zone: a
 * pixel in several of them is in it once, with the sum of the weights, at most 1. Each zone counts
 * its own pixels, so zones may overlap. A zone without a pixel has no span. */
typedef struct WeftZones {
    int count;
    char **ids;    /* as text */
    bool integer;  /* they are the text of integers */
    double box[4]; /* xmin, ymin, xmax, ymax of all polygons in the grid's CRS; xmin > xmax: none */
    WeftTable spans; /* rows of (row, col, count, zone, weight): pixels col ... col + count - 1 of a
                      * row have that weight, above 0 and at most 1, in that zone; sorted by row,
                      * col, zone. 40 bytes each, and as many again while they are made */
    int64_t mixed;   /* features that held lines or points, too, which were left out */
} WeftZones;

/* Read the polygons of any vector file that GDAL reads, as they lie on a grid. Geometries in
 * another CRS are transformed corner by corner; sides are straight in the grid's pixels. Corners
 * that miss an edge or the middle of pixels by rounding (1e-9 pixel, more where coordinates are
 * large) lie on it. Curves become chords of at most 4 degrees. A point inside an odd number of a
 * feature's rings is inside, whatever their direction, so that rings may touch or cross. Members of
 * a GEOMETRYCOLLECTION and patches of a TIN or POLYHEDRALSURFACE may overlap: a point inside any of
 * them is inside. Heights and measures are left aside. Lines and points in a collection have no
 * area and are left out, with a warning; features that hold nothing else are errors. Features
 * without a geometry are zones without a pixel. Where no zone has a pixel, a warning tells where
 * polygons and grid lie. */
WeftZones *weft_zones(WeftGraph *graph, const char *path, const WeftZoning *options,
                      const WeftGrid *grid, WeftErr *err);
void weft_zones_free(WeftZones *zones); /* takes NULL */

/* What is asked for in one run. */
typedef struct WeftWork {
    const WeftSave *saves;
    int save_count;
    const WeftRead *reads;
    int read_count;
    const WeftAsk *asks;
    int ask_count;
} WeftWork;

typedef struct WeftProgress {
    double done;    /* 0 ... 1 */
    double seconds; /* since the run began */
    double pixels_per_second;
    double left; /* seconds, guessed; negative: unknown */
    bool finished;
} WeftProgress;

typedef struct WeftConfig {
    int threads;         /* 0: one per allowed core */
    int64_t memory;      /* bytes for blocks, shoulders, scratch, outputs; 0: from the machine */
    int tile;            /* pixels; 0: chosen */
    const char *machine; /* "numa:4 core:2 pu:1": a pretended machine; NULL */
    bool steal_none;
    bool reference;    /* the reference engine instead of the JIT */
    const char *cache; /* folder of compiled kernels; NULL: default; "": none */
    void (*progress)(void *context, const WeftProgress *progress); /* or NULL */
    void *progress_context;
} WeftConfig;

/* Workers, machine and compiled code that runs share. */
typedef struct WeftEngine WeftEngine;
WeftEngine *weft_engine_new(const WeftConfig *config, WeftErr *err);
void weft_engine_free(WeftEngine *engine);
/* Whether a machine can be pretended from this text. */
bool weft_machine_check(const char *machine, WeftErr *err);
/* Bytes that a run may take; 0: the machine does not say. */
int64_t weft_engine_memory(WeftEngine *engine);

/* What a run did. Strings and arrays belong to the stats. */
typedef struct WeftOutputStats {
    char *path;
    WeftType type;
    char nodata[32]; /* "nan", "-9999", "mask", "alpha", "none" */
    int64_t invalid; /* of each band, added up */
    int64_t clipped, collisions;
    int64_t lost; /* valid pixels of bands that share a mask which says they are not */
    int64_t clipped_col, clipped_row, collision_col, collision_row; /* the first; -1 */
    int64_t lost_col, lost_row;
    WeftType clipped_to; /* the type that clipped; AUTO: none, or several casts did */
} WeftOutputStats;

typedef struct WeftKernelStats {
    int stage;
    char *nodes; /* operator names, comma separated */
    char *lines; /* "ndvi.lua:4, ndvi.lua:7" */
    int64_t pixels_planned, pixels_computed;
    int64_t pixels_plain; /* of these, made by a form for pixels among valid ones alone */
    double seconds;
} WeftKernelStats;

typedef struct WeftWorkerStats {
    int cpu, node;
    int64_t tiles;
    double decode, compute, write, wait;
} WeftWorkerStats;

typedef struct WeftStats {
    double seconds, plan_seconds, compile_seconds;
    bool reference, pretended;
    int nodes, workers, stages;
    int64_t pixels_planned, pixels_computed;
    int64_t tiles_planned, tiles_run, stolen_near, stolen_far;
    int64_t blocks_in_files, blocks_planned, blocks_decoded;
    int64_t blocks_kept; /* needed by a later stage again, which has found them in memory */
    int64_t bytes_read, bytes_written, bytes_near, bytes_far;
    int64_t memory_predicted, memory_peak;
    WeftKernelStats *kernel;
    int kernel_count;
    WeftWorkerStats *worker;
    int worker_count;
    WeftOutputStats *output;
    int output_count;
} WeftStats;

void weft_stats_free(WeftStats *stats);

/* Compute all of the work together. stats may be NULL. Nothing appears under a final name, and no
 * table is filled, unless the whole call succeeds. Frees nothing of the graph. */
bool weft_run(WeftEngine *engine, WeftGraph *graph, const WeftWork *work, WeftStats **stats,
              WeftErr *err);

/* Texts for people; free() them. */
typedef enum WeftShow {
    WEFT_SHOW_GRAPH,  /* as written */
    WEFT_SHOW_PASSES, /* after each pass that changed it */
    WEFT_SHOW_PLAN,   /* stages, kernels, tiles, ledger, placement, memory: `explain` */
    WEFT_SHOW_IR,     /* LLVM IR of the kernels, before optimisation */
    WEFT_SHOW_DOT     /* Graphviz */
} WeftShow;
char *weft_show(WeftEngine *engine, WeftGraph *graph, WeftShow what, const WeftWork *work,
                WeftErr *err);
char *weft_topo(WeftEngine *engine, WeftErr *err);

/* Files of the caller's own appear whole, as outputs do: they are written under a temporary name
 * beside their place, which weft_remove_temporaries knows. What killed runs have left there is
 * removed, and told by the graph's warnings. The checks say beforehand whether a place is good. */
/* Write an RGBA picture (4 bytes a pixel, row by row) in a format of GDAL (NULL: that of the
 * extension); on white where it has no alpha. */
bool weft_picture(WeftGraph *graph, const char *path, const char *format, const uint8_t *rgba,
                  int width, int height, WeftErr *err);
bool weft_picture_check(const char *path, const char *format, WeftErr *err);
/* A text: write the stream, then finish. Devices and pipes are written as they are. */
typedef struct WeftTextFile WeftTextFile;
bool weft_textfile_check(const char *path, WeftErr *err);
WeftTextFile *weft_textfile_new(WeftGraph *graph, const char *path, WeftErr *err);
FILE *weft_textfile_stream(WeftTextFile *file);
bool weft_textfile_finish(WeftTextFile *file, WeftErr *err); /* closes; false: it is not there */
void weft_textfile_free(WeftTextFile *file); /* removes what was not finished; takes NULL */

/* May be called from a signal handler: stop the run that is going on, if any. */
void weft_engine_cancel(WeftEngine *engine);
bool weft_engine_cancelled(const WeftEngine *engine);
void weft_engine_resume(WeftEngine *engine); /* forget a cancel */
/* May be called from a signal handler that is about to end the process: removes temporaries. */
void weft_remove_temporaries(void);

#pragma GCC visibility pop

#endif
