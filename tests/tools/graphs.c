/*
 * graphs.c - random graphs: compiled equals reference bit for bit, whatever the tiles, threads,
 * machine and memory.
 *
 * graphs FIRST-SEED COUNT. Makes small rasters of all types, block layouts and nodata, draws random
 * graphs over them from the table of operators, runs each by the reference and by the JIT under
 * other settings, every third one also with the least memory that would do, and compares all
 * values. WEFT_ENGINE=reference compares the reference with itself under these settings. The last
 * line is "graphs: N passed, N failed".
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "weft.h"

enum {
    FILES = 10,
    NODES_MAX = 64,
    OUTPUTS_MAX = 3,
    WIDTH = 150,
    HEIGHT = 90,
    LEAST_EVERY = 3,
    SERIES_MAX = 7
};

typedef struct Random {
    uint64_t state;
} Random;

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(Random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int below(Random *r, int n)
{
    return (int)(draw(r) % (uint64_t)n);
}

static double pick_number(Random *r)
{
    static const double some[] = { 0, 1, -1, 2, 0.5, 3, 10, -7, 255, 0.1, 1e-4, 100, 65535, 1e6 };

    return some[below(r, (int)(sizeof some / sizeof *some))];
}

static void die(const WeftErr *err)
{
    char text[2048];

    fprintf(stderr, "%s\n", weft_err_text(err, text, sizeof text));
    exit(1);
}

/* ------------------------------------------------------------------------------- inputs */

static const struct {
    WeftType type;
    double scale, offset, nodata;
    bool has_nodata;
    int blocksize; /* 0: strips of `strip` rows */
    const char *strip, *compress;
} file_kind[FILES] = {
    { WEFT_U8, 255, 0, 17, true, 64 },
    { WEFT_I16, 2000, -1000, -9, true, 128, .compress = "deflate" },
    { WEFT_U16, 65535, 0, 0, false, 64 },
    { WEFT_I32, 4e9, -2e9, -1, true, 32 },
    { WEFT_F32, 8, -4, NAN, true, 64, .compress = "lzw" },
    { WEFT_F64, 1e5, -5e4, NAN, true, 256 },
    { WEFT_U32, 4e9, 0, 0, false, 16 },
    { WEFT_F32, 1e3, -500, -999, true, 128 },
    { WEFT_U16, 300, 0, 7, true, 0, .strip = "BLOCKYSIZE=7" },
    { WEFT_I8, 200, -100, -1, true, 0, .strip = "BLOCKYSIZE=90", .compress = "deflate" },
};

static WeftNode call(WeftGraph *graph, const char *op, const WeftNode *inputs, int count,
                     WeftErr *err)
{
    return weft_apply(graph, op, inputs, count, NULL, 0, err);
}

static WeftNode times_plus(WeftGraph *graph, WeftNode node, double a, double b, WeftErr *err)
{
    WeftNode x = call(graph, "mul",
                      (WeftNode[]) { node, weft_constant(graph, a, false, NULL, err) }, 2, err);

    return call(graph, "add", (WeftNode[]) { x, weft_constant(graph, b, false, NULL, err) }, 2,
                err);
}

/* Random values with about a tenth invalid where the type has a nodata value. */
static void make_file(const char *folder, int k, int width, int height)
{
    WeftErr err = { 0 };
    WeftGraph *graph = weft_graph_new(&err);
    WeftConfig config = { .threads = 1 };
    WeftEngine *engine = weft_engine_new(&config, &err);
    WeftGrid grid = { .width = width,
                      .height = height,
                      .transform = { 1000, 10, 0, 5000, 0, -10 },
                      .georeferenced = true };
    WeftArg seed = { .name = "seed", .node = WEFT_NONE, .number = k + 1, .integer = true };
    WeftArg seed2 = { .name = "seed", .node = WEFT_NONE, .number = k + 100, .integer = true };
    WeftNode v = weft_generate(graph, "random", &grid, &seed, 1, &err);
    WeftNode gap = weft_generate(graph, "random", &grid, &seed2, 1, &err);
    const char *options[] = { "TILED=NO", file_kind[k].strip, NULL };
    char path[512];
    WeftSave save = { .path = path,
                      .bands = &v,
                      .band_count = 1,
                      .type = file_kind[k].type,
                      .options = file_kind[k].strip ? options : NULL,
                      .blocksize = file_kind[k].blocksize,
                      .compress = file_kind[k].compress,
                      .has_nodata = file_kind[k].has_nodata,
                      .nodata = file_kind[k].nodata,
                      .collide = "nudge" };

    v = times_plus(graph, v, file_kind[k].scale, file_kind[k].offset, &err);
    gap = call(graph, "ge", (WeftNode[]) { gap, weft_constant(graph, 0.1, false, NULL, &err) }, 2,
               &err);
    if (file_kind[k].has_nodata)
        v = call(graph, "mask", (WeftNode[]) { v, gap }, 2, &err);
    snprintf(path, sizeof path, "%s/in%d.tif", folder, k);
    if (err.code ||
        !weft_run(engine, graph, &(WeftWork) { .saves = &save, .save_count = 1 }, NULL, &err))
        die(&err);
    weft_engine_free(engine);
    weft_graph_free(graph);
}

/* ------------------------------------------------------------------------------- graphs */

typedef struct Drawing {
    Random random;
    WeftGraph *graph;
    WeftNode nodes[NODES_MAX];
    int count;
    int64_t width, height;
} Drawing;

enum { TABLE_ROWS = 300 };

/* Space for the words of one operator's choices, and for its table. */
typedef char Words[WEFT_ARGS_MAX][32];
typedef double Cells[TABLE_ROWS * 3];

static bool fits(const WeftGraph *graph, const WeftOp *op, int i, WeftNode node)
{
    WeftRange range = weft_node_range(graph, node);

    if (op->bools >> i & 1)
        return range.boolean;
    if (op->wholes >> i & 1)
        return range.whole && !range.boolean;
    return true;
}

/* One of "a|b|c". */
static const char *draw_choice(Random *r, const char *choices, char word[32])
{
    int count = 1;

    for (const char *c = choices; *c; c++)
        count += *c == '|';
    for (int skip = below(r, count); skip > 0; skip--)
        choices = strchr(choices, '|') + 1;
    snprintf(word, 32, "%.*s", (int)strcspn(choices, "|"), choices);
    return word;
}

static WeftArg draw_argument(Random *r, const WeftParam *param, char word[32])
{
    WeftArg arg = { .name = param->name, .node = WEFT_NONE, .number = pick_number(r) };

    arg.integer = arg.number == floor(arg.number);
    if (param->kind == WEFT_PARAM_INTEGER && param->low < 0) { /* an offset */
        arg.number = below(r, 5) - 2;
        arg.integer = true;
    } else if (param->kind == WEFT_PARAM_INTEGER) {
        arg.number = param->low < param->high ? param->low + below(r, 12) : below(r, 8);
        arg.integer = true;
    } else if (param->kind == WEFT_PARAM_FLAG) {
        arg.number = below(r, 2);
    } else if (param->kind == WEFT_PARAM_TYPE) {
        arg.text = weft_type_name((WeftType)(WEFT_U8 + below(r, WEFT_F64)));
    } else if (param->kind == WEFT_PARAM_CHOICE) {
        arg.text = draw_choice(r, param->choices, word);
    }
    return arg;
}

/* Rows of `columns` numbers, the first rising; of three, ranges that touch or leave a gap. Values
 * are whole, mostly. */
static WeftArg draw_table(Random *r, const WeftParam *param, Cells cells)
{
    static const double steps[] = { 0.5, 1, 3, 1000 };
    static const int rows[] = { 1, 2, 7, 8, 16, 40, TABLE_ROWS };
    WeftArg arg = { .name = param->name, .node = WEFT_NONE, .cells = cells };
    double step = steps[below(r, 4)], at = (below(r, 40) - 30) * step;
    bool gaps = below(r, 2), whole = below(r, 3) > 0;

    arg.rows = rows[below(r, (int)(sizeof rows / sizeof *rows))];
    arg.columns = (int)param->low + below(r, (int)(param->high - param->low) + 1);
    for (int64_t i = 0; i < arg.rows; i++) {
        double *cell = cells + i * arg.columns;

        cell[0] = at;
        if (arg.columns == 3)
            cell[1] = at + step;
        cell[arg.columns - 1] = (below(r, 500) - 50) * (whole ? 1 : 0.37);
        at += step * (gaps ? 1 + below(r, 3) : 1);
    }
    return arg;
}

/* Cells of a window: few, or for one in three more than a network sorts. */
static void draw_window(Random *r, WeftFocal *focal)
{
    bool large = below(r, 3) == 0;

    if (*focal->shape == 's') {
        focal->width = 1 + 2 * below(r, large ? 8 : 4);
        focal->height = 1 + 2 * below(r, large ? 5 : 4);
        return;
    }
    focal->radius = 1 + below(r, large ? 7 : 3);
    if (*focal->shape == 'a')
        focal->inner = focal->radius * 0.5;
}

/* One more statistic of a window; false where it is refused. */
static bool grow_focal(Drawing *d)
{
    Random *r = &d->random;
    char stat[32], shape[32], edges[32], invalid[32];
    WeftFocal focal = { .stat = stat, .shape = shape, .edges = edges, .invalid = invalid };
    WeftErr err = { 0 };
    WeftNode node, input = d->nodes[below(r, d->count)];

    if (!weft_node_grid(d->graph, input))
        return false;
    draw_choice(r,
                "mean|sum|min|max|range|count|pixels|std|var|median|mode|minority|variety|first|"
                "last|argmin|argmax|p90|sobel|laplace",
                stat);
    draw_choice(r, "square|square|circle|annulus", shape);
    draw_choice(r, "nearest|reflect|mirror|constant|wrap|shrink|invalid", edges);
    draw_choice(r, "propagate|skip|center|fill_center", invalid);
    if (below(r, 5) == 0) {
        snprintf(stat, sizeof stat, "mean");
        snprintf(shape, sizeof shape, "gaussian");
        focal.sigma = 0.5 + below(r, 3);
    } else if (strcmp(stat, "sobel") != 0 && strcmp(stat, "laplace") != 0) {
        draw_window(r, &focal);
    }
    focal.constant = pick_number(r);
    node = weft_focal(d->graph, input, &focal, &err);
    if (node == WEFT_NONE)
        return false;
    d->nodes[d->count++] = node;
    return true;
}

/* One more statistic across rasters, or a choice among them; false where it is refused. */
static bool grow_series(Drawing *d)
{
    Random *r = &d->random;
    double x[SERIES_MAX];
    char stat[32];
    WeftNode inputs[SERIES_MAX], node;
    WeftSeries series = { .stat = stat, .x = below(r, 2) ? x : NULL, .ddof = below(r, 2) };
    WeftErr err = { 0 };
    int count = 1 + below(r, SERIES_MAX);

    draw_choice(r,
                "count|pixels|sum|mean|min|max|range|std|var|median|mode|minority|variety|first|"
                "last|argmin|argmax|mad|p90|p2.5|slope|intercept|r|p",
                stat);
    for (int i = 0; i < count; i++) {
        inputs[i] = d->nodes[below(r, d->count)];
        x[i] = pick_number(r);
        if (!weft_node_grid(d->graph, inputs[i]))
            return false;
    }
    if (below(r, 8) == 0)
        node = weft_pick(d->graph, inputs, count, d->nodes[below(r, d->count)], &err);
    else
        node = weft_series(d->graph, inputs, count, &series, &err);
    if (node == WEFT_NONE)
        return false;
    d->nodes[d->count++] = node;
    return true;
}

/* One more operator on nodes that suit it; false where none does or it is refused. */
static bool grow(Drawing *d)
{
    const WeftOp *op = weft_op_table[below(&d->random, weft_op_count)];
    WeftNode inputs[WEFT_ARGS_MAX];
    WeftArg args[WEFT_ARGS_MAX];
    WeftErr err = { 0 };
    int count = op->inputs, arg_count = 0;
    WeftNode node;
    Words words;
    Cells cells;

    if (below(&d->random, 12) == 0)
        return grow_focal(d);
    if (below(&d->random, 16) == 0)
        return grow_series(d);
    if (op->hidden || (op->shape != WEFT_POINT && op->shape != WEFT_FOCAL))
        return false;
    if (op->more)
        count += below(&d->random, 3);
    for (int i = 0; i < count; i++) {
        int tries = 0;

        do {
            inputs[i] = d->nodes[below(&d->random, d->count)];
        } while (!fits(d->graph, op, i, inputs[i]) && ++tries < 40);
        if (tries == 40)
            return false;
    }
    for (const WeftParam *p = op->params; p && p->name; p++)
        if (!p->optional || (below(&d->random, 2) && strcmp(p->name, "ieee") != 0)) {
            args[arg_count] = p->kind == WEFT_PARAM_TABLE
                                  ? draw_table(&d->random, p, cells)
                                  : draw_argument(&d->random, p, words[arg_count]);
            arg_count++;
        }
    node = weft_apply(d->graph, op->name, inputs, count, args, arg_count, &err);
    if (node == WEFT_NONE || !weft_node_grid(d->graph, node))
        return false;
    d->nodes[d->count++] = node;
    return true;
}

static void draw_graph(Drawing *d, const char *folder, uint64_t seed)
{
    WeftErr err = { 0 };
    int wanted, tries = 0;

    *d = (Drawing) { .random = { seed }, .width = WIDTH, .height = HEIGHT };
    d->graph = weft_graph_new(&err);
    if (!d->graph)
        die(&err);
    weft_graph_ieee(d->graph, below(&d->random, 8) == 0);
    for (int i = 0; i < 3; i++) {
        char path[512];
        const WeftFile *file;

        snprintf(path, sizeof path, "%s/in%d.tif", folder, below(&d->random, FILES));
        file = weft_open(d->graph, path, NULL, &err);
        d->nodes[d->count] = file ? weft_band(d->graph, file, 1, &err) : WEFT_NONE;
        if (d->nodes[d->count++] == WEFT_NONE)
            die(&err);
    }
    d->nodes[d->count++] = weft_constant(d->graph, pick_number(&d->random), false, NULL, &err);
    d->nodes[d->count++] = weft_constant(d->graph, below(&d->random, 9), true, NULL, &err);
    wanted = d->count + 3 + below(&d->random, 20);
    while (d->count < wanted && tries++ < 400)
        grow(d);
}

/* ------------------------------------------------------------------------------- comparing */

/* What a run gave: values, or the error that its pixels are. */
typedef struct Result {
    double *values; /* outputs * width * height */
    WeftErr err;
} Result;

static Result compute(const Drawing *d, const WeftConfig *config, int outputs, WeftStats **stats)
{
    Result result = { .err = { .block = -1, .col = -1, .row = -1 } };
    WeftEngine *engine = weft_engine_new(config, &result.err);
    int64_t pixels = d->width * d->height;
    WeftRead reads[OUTPUTS_MAX];

    result.values = calloc((size_t)(pixels * outputs), sizeof *result.values);
    for (int i = 0; i < outputs; i++)
        reads[i] = (WeftRead) { .bands = &d->nodes[d->count - 1 - i],
                                .band_count = 1,
                                .cols = d->width,
                                .rows = d->height,
                                .out = result.values + i * pixels };
    if (!engine || !result.values)
        die(&result.err);
    weft_run(engine, d->graph, &(WeftWork) { .reads = reads, .read_count = outputs }, stats,
             &result.err);
    weft_engine_free(engine);
    return result;
}

static bool counted(const WeftStats *stats, uint64_t seed, const char *way)
{
    bool same = stats->pixels_planned == stats->pixels_computed &&
                stats->blocks_planned == stats->blocks_decoded &&
                stats->memory_peak <= stats->memory_predicted;

    if (!same)
        printf("seed %llu, %s: pixels %lld of %lld, blocks %lld of %lld, memory %lld of %lld\n",
               (unsigned long long)seed, way, (long long)stats->pixels_computed,
               (long long)stats->pixels_planned, (long long)stats->blocks_decoded,
               (long long)stats->blocks_planned, (long long)stats->memory_peak,
               (long long)stats->memory_predicted);
    return same;
}

static bool same_error(const WeftErr *a, const WeftErr *b)
{
    return a->code == b->code && strcmp(a->message, b->message) == 0 && a->col == b->col &&
           a->row == b->row;
}

static bool compare(const Result *a, const Result *b, int64_t pixels, int64_t count, uint64_t seed,
                    const char *way)
{
    if (!same_error(&a->err, &b->err)) {
        printf("seed %llu, %s: \"%s\" at (%lld, %lld), reference \"%s\" at (%lld, %lld)\n",
               (unsigned long long)seed, way, b->err.message, (long long)b->err.col,
               (long long)b->err.row, a->err.message, (long long)a->err.col, (long long)a->err.row);
        return false;
    }
    for (int64_t i = 0; a->err.code == WEFT_OK && i < count; i++)
        if (memcmp(&a->values[i], &b->values[i], sizeof *a->values) != 0) {
            printf("seed %llu, %s: output %lld, pixel %lld: reference %.17g, not %.17g\n",
                   (unsigned long long)seed, way, (long long)(i / pixels), (long long)(i % pixels),
                   a->values[i], b->values[i]);
            return false;
        }
    return true;
}

/* The same as the reference, and all counted as planned. */
static bool agrees(const Drawing *d, const Result *reference, const WeftConfig *config, int outputs,
                   uint64_t seed, const char *way)
{
    WeftStats *stats = NULL;
    Result result = compute(d, config, outputs, &stats);
    int64_t pixels = d->width * d->height;
    bool same = compare(reference, &result, pixels, pixels * outputs, seed, way) &&
                (!stats || counted(stats, seed, way));

    weft_stats_free(stats);
    free(result.values);
    return same;
}

/* A budget of one byte is refused, and the hint says what would do; that does. */
static bool agrees_with_least(const Drawing *d, const Result *reference, WeftConfig config,
                              int outputs, uint64_t seed)
{
    Result refused;
    long long least = 0;

    config.memory = 1;
    refused = compute(d, &config, outputs, NULL);
    free(refused.values);
    if (refused.err.code == WEFT_EMEM)
        sscanf(refused.err.hint, "--memory %lld", &least);
    if (least <= 0) {
        printf("seed %llu: one byte of memory gives \"%s\", hint \"%s\"\n",
               (unsigned long long)seed, refused.err.message, refused.err.hint);
        return false;
    }
    config.memory = least - 1;
    refused = compute(d, &config, outputs, NULL);
    free(refused.values);
    if (refused.err.code != WEFT_EMEM) {
        printf("seed %llu: the least memory is said to be %lld, but less does\n",
               (unsigned long long)seed, least);
        return false;
    }
    config.memory = least;
    return agrees(d, reference, &config, outputs, seed, "least memory");
}

static bool try_seed(const char *folder, uint64_t seed, bool reference_only)
{
    static const WeftConfig ways[] = {
        { .threads = 1 },
        { .threads = 2, .tile = 64 },
        { .threads = 5, .tile = 256 },
        { .machine = "numa:4 core:2 pu:1", .tile = 128 },
        { .threads = 3, .steal_none = true },
    };
    WeftConfig way = ways[seed % (sizeof ways / sizeof *ways)];
    WeftConfig straight = { .threads = 2, .reference = true };
    Drawing d;
    Result reference;
    int outputs;
    bool same;

    draw_graph(&d, folder, seed);
    outputs = 1 + below(&d.random, OUTPUTS_MAX);
    while (outputs > 1 && !weft_node_grid(d.graph, d.nodes[d.count - outputs]))
        outputs--;
    if (!weft_node_grid(d.graph, d.nodes[d.count - 1])) {
        weft_graph_free(d.graph);
        return true;
    }
    way.reference = reference_only;
    reference = compute(&d, &straight, outputs, NULL);
    if (reference.err.code == WEFT_EARG) { /* settings that do not go together: nothing to run */
        free(reference.values);
        weft_graph_free(d.graph);
        return true;
    }
    if (reference.err.code != WEFT_OK && reference.err.code != WEFT_EDATA)
        die(&reference.err);
    same = agrees(&d, &reference, &way, outputs, seed, "other settings");
    if (same && seed % LEAST_EVERY == 0)
        same = agrees_with_least(&d, &reference, way, outputs, seed);
    free(reference.values);
    weft_graph_free(d.graph);
    return same;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/weft-graphs-XXXXXX", command[64];
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    int count = argc > 2 ? atoi(argv[2]) : 100, failed = 0;
    const char *engine = getenv("WEFT_ENGINE");
    bool reference_only = engine && strcmp(engine, "reference") == 0;

    if (!mkdtemp(folder))
        return 1;
    for (int k = 0; k < FILES; k++)
        make_file(folder, k, WIDTH, HEIGHT);
    for (int i = 0; i < count; i++)
        failed += !try_seed(folder, first + (uint64_t)i, reference_only);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        return 1;
    printf("graphs: %d passed, %d failed\n", count - failed, failed);
    return failed ? 1 : 0;
}
