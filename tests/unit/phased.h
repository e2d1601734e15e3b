/*
 * phased.h - runs with reductions for the tests of phases: a reduction that counts exactly, files
 * in a folder, the public calls. A failure ends the test.
 *
 * "counted" takes any number of rasters of small integers. Its table has one row: valid pixels of
 * the first raster; the sum over all rasters, the k-th taken k + 1 times; the sum of row-major
 * places of valid pixels; its number `offset`; the sum of the pass before, or -1.
 */
#ifndef PHASED_H
#define PHASED_H

#include <math.h>

#include "conductor.h"
#include "graph/apply.h"
#include "pass/pass.h"
#include "rasters.h"

enum { PHASED_COUNT, PHASED_SUM, PHASED_PLACES, PHASED_OFFSET, PHASED_BEFORE, PHASED_COLUMNS };

typedef struct PhasedState {
    const WeftReduceSetup *setup;
    WeftRoom *room;
    void *ballast;
    double cells[PHASED_COLUMNS];
} PhasedState;

static inline int phased_passes(const WeftReduceSetup *setup)
{
    return (int)setup->settings[0];
}

/* The setting `ballast` is how many bytes a state wants beside itself. */
static inline void phased_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    *least = (int64_t)sizeof(PhasedState);
    *most = *least + (int64_t)setup->settings[1];
}

static inline void phased_close(void *state)
{
    PhasedState *s = state;

    if (!s)
        return;
    s->room->resize(s->room, s->ballast, 0);
    s->room->resize(s->room, s, 0);
}

static inline void *phased_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    PhasedState *s = room->resize(room, NULL, sizeof *s);

    if (!s)
        return NULL;
    *s = (PhasedState) { .setup = setup, .room = room };
    s->cells[PHASED_OFFSET] = setup->numbers[0];
    return s;
}

static inline double phased_value(const PhasedState *s, const WeftReduceRows *rows, int k,
                                  int64_t r, int64_t c)
{
    const void *row = rows->in[k][r];

    return s->setup->wide[k] ? ((const double *)row)[c] : (double)((const float *)row)[c];
}

static inline bool phased_take(void *state, const WeftReduceRows *rows)
{
    PhasedState *s = state;
    volatile double padding;

    if (rows->col % 64 != 0 || rows->rows < 1 || rows->cols < 1)
        abort();
    if (s->setup->settings[1] > 0 && !s->ballast) {
        s->ballast = s->room->resize(s->room, NULL, (size_t)s->setup->settings[1]);
        if (!s->ballast)
            return false;
    }
    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t c = 0; c < (rows->cols + 63) / 64 * 64; c++) {
            padding = phased_value(s, rows, 0, r, c);
            if (c >= rows->cols || isnan(padding))
                continue;
            s->cells[PHASED_COUNT]++;
            s->cells[PHASED_PLACES] += (double)((rows->row + r) * s->setup->width + rows->col + c);
            for (int k = 0; k < s->setup->input_count; k++)
                s->cells[PHASED_SUM] += (k + 1) * phased_value(s, rows, k, r, c);
        }
    return true;
}

static inline bool phased_merge(void *state, const void *other)
{
    PhasedState *s = state;
    const PhasedState *o = other;

    for (int c = 0; c <= PHASED_PLACES; c++)
        s->cells[c] += o->cells[c];
    return true;
}

static inline int64_t phased_rows(const void *state)
{
    (void)state;
    return 1;
}

static inline int phased_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return PHASED_COLUMNS;
}

static inline void phased_fill(const void *state, double *cells)
{
    const PhasedState *s = state, *before = s->setup->before;

    memcpy(cells, s->cells, sizeof s->cells);
    cells[PHASED_BEFORE] = before ? before->cells[PHASED_SUM] : -1;
}

static const WeftOp phased_op = {
    .name = "counted",
    .brief = "exact counts and sums",
    .shape = WEFT_REDUCE,
    .inputs = 1,
    .more = true,
    .params =
        (const WeftParam[]) {
            { .name = "offset", .kind = WEFT_PARAM_NUMBER, .optional = true },
            { .name = "passes",
              .kind = WEFT_PARAM_INTEGER,
              .optional = true,
              .fallback = 1,
              .low = 1,
              .high = 9 },
            { .name = "ballast", .kind = WEFT_PARAM_REAL, .optional = true },
            { .name = NULL },
        },
    .reduce = &(const WeftReduce) { .passes = phased_passes,
                                    .bytes = phased_bytes,
                                    .open = phased_open,
                                    .take = phased_take,
                                    .merge = phased_merge,
                                    .close = phased_close,
                                    .rows = phased_rows,
                                    .columns = phased_columns,
                                    .fill = phased_fill },
};

/* ---- graphs and runs */

typedef struct Phased {
    WeftGraph *graph;
    WeftEngine *engine;
    WeftErr err;
    WeftStats *stats;
    WeftNode x; /* the band of the file made */
    int width, height;
    char folder[256];
} Phased;

/* A file of u8 pixels by `pattern`, in blocks of 64 x 64 where options say so. */
static inline void phased_open_file(Phased *p, int width, int height, const WeftConfig *config,
                                    const char *options)
{
    const WeftFile *file;

    *p = (Phased) { .width = width, .height = height };
    snprintf(p->folder, sizeof p->folder, "%s", harness_folder());
    make_tiff(in_folder(p->folder, "x.tif"), width, height, 1, GDT_Byte, options);
    p->graph = weft_graph_new(&p->err);
    p->engine = weft_engine_new(config, &p->err);
    ck_assert(p->graph && p->engine);
    file = weft_open(p->graph, in_folder(p->folder, "x.tif"), NULL, &p->err);
    ck_assert_msg(file != NULL, "%s", p->err.message);
    p->x = weft_band(p->graph, file, 1, &p->err);
}

static inline void phased_free(Phased *p)
{
    weft_stats_free(p->stats);
    weft_engine_free(p->engine);
    weft_graph_free(p->graph);
}

static inline WeftNode phased_counted(Phased *p, const WeftNode *inputs, int count,
                                      const WeftArg *args, int arg_count)
{
    WfGraph *graph = p->graph->nodes;
    int first = graph->count;
    WeftNode node = wf_apply(graph, &phased_op, inputs, count, args, arg_count, &p->err);

    for (WeftNode n = first; node != WEFT_NONE && n < graph->count; n++)
        if (!wf_infer_node(graph, n, &p->err))
            return WEFT_NONE;
    return node;
}

static inline WeftNode phased_apply(Phased *p, const char *op, WeftNode a, WeftNode b)
{
    WeftNode node = weft_apply(p->graph, op, (WeftNode[]) { a, b }, 2, NULL, 0, &p->err);

    ck_assert_msg(node != WEFT_NONE, "%s: %s", op, p->err.message);
    return node;
}

static inline WeftNode phased_number(Phased *p, double value)
{
    return weft_constant(p->graph, value, true, NULL, &p->err);
}

static inline bool phased_run(Phased *p, const WeftWork *work)
{
    weft_stats_free(p->stats);
    p->stats = NULL;
    p->err = (WeftErr) { 0 };
    return weft_run(p->engine, p->graph, work, &p->stats, &p->err);
}

/* Sums of the pattern over all pixels: by value, and of places. */
static inline double phased_sum(const Phased *p)
{
    double sum = 0;

    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            sum += pattern(x, y, 1);
    return sum;
}

static inline double phased_places(const Phased *p)
{
    double n = (double)p->width * p->height;

    return n * (n - 1) / 2;
}

#endif
