/*
 * graphs.c - random graphs: compiled equals reference bit for bit, whatever the tiles, threads,
 * machine and memory.
 *
 * graphs FIRST-SEED COUNT. Makes small rasters of all types, block layouts and nodata, draws random
 * graphs over them from the table of operators, runs each by the reference and by the JIT under
 * other settings, every third one also with the least memory that would do and a little more, and
 * compares all values. WEFT_ENGINE=reference compares the reference with itself under these
 * settings. The last line is "graphs: N passed, N failed".
 */
#include "drawing.h"

#include <unistd.h>

enum { LEAST_EVERY = 3 };

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

/* A budget of one byte is refused, and the hint says what would do; that does, and so does a little
 * more, which later phases may use to keep blocks. */
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
    if (!agrees(d, reference, &config, outputs, seed, "least memory"))
        return false;
    config.memory += (int64_t)(seed * 7919 % 3000000);
    return agrees(d, reference, &config, outputs, seed, "little memory");
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
