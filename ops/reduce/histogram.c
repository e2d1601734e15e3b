/*
 * histogram.c - how many pixels lie in each of some equal bins.
 *
 * The edges decide, as they are told: a pixel is in the bin whose lower edge is the last that is
 * not above it. A multiplication finds the bin, or its neighbour; a search does where the range is
 * so narrow that edges coincide. Where the ends are so far apart that their difference is no
 * double, all is halved until it is a value again.
 */
#include <math.h>

#include "leaf.h"
#include "packing.h"

typedef struct Histogram {
    WeftRoom *room;
    bool wide, usable; /* there is a range */
    int64_t bins;
    double low, high, scale;
    double part; /* of a value that differences are made of: 1, or a half */
    uint64_t below, above;
    uint64_t *counts; /* bins of them */
    double *edges;    /* one more */
} Histogram;

enum { VERSION = 1 };

static int64_t bins_of(const WeftReduceSetup *setup)
{
    return (int64_t)setup->settings[0];
}

static size_t array_bytes(int64_t bins)
{
    return (size_t)(2 * bins + 1) * sizeof(double);
}

static void histogram_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    *least = *most = (int64_t)(sizeof(Histogram) + array_bytes(bins_of(setup)));
}

/* Half a unit to each side, as numpy does; more where that is lost beside a large value. */
static void widen_point(Histogram *state)
{
    double room = fmax(0.5, fabs(state->low) * __DBL_EPSILON__);

    state->low = fmax(state->low - room, -__DBL_MAX__);
    state->high = fmin(state->high + room, __DBL_MAX__);
}

/* Edges as numpy's linspace has them. */
static void set_edges(Histogram *state)
{
    double low = state->low * state->part, span = state->high * state->part - low;
    double step = span / (double)state->bins;

    for (int64_t i = 0; i < state->bins; i++)
        state->edges[i] = ((double)i * step + low) / state->part;
    state->edges[state->bins] = state->high;
    state->scale = (double)state->bins / span;
}

static void *histogram_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    Histogram *state = wf_room_new(room, sizeof *state + array_bytes(bins_of(setup)));

    if (!state)
        return NULL;
    state->room = room;
    state->wide = setup->wide[0];
    state->bins = bins_of(setup);
    state->counts = (uint64_t *)(state + 1);
    state->edges = (double *)(state->counts + state->bins);
    state->low = setup->numbers[0];
    state->high = setup->numbers[1];
    if (state->low == state->high && isfinite(state->low))
        widen_point(state);
    state->usable = state->low < state->high && isfinite(state->low) && isfinite(state->high);
    state->part = isfinite(state->high - state->low) ? 1 : 0.5;
    if (state->usable)
        set_edges(state);
    return state;
}

static void histogram_close(void *closed)
{
    Histogram *state = closed;

    if (state)
        wf_room_free(state->room, state);
}

/* The last bin whose lower edge is not above v. */
static int64_t search(const Histogram *state, double v)
{
    int64_t bin = 0, end = state->bins;

    while (end - bin > 1) {
        int64_t middle = bin + (end - bin) / 2;

        if (state->edges[middle] <= v)
            bin = middle;
        else
            end = middle;
    }
    return bin;
}

/* v lies between the ends. The scale is infinite where the range is below normal numbers. */
static int64_t bin_of(const Histogram *state, double v)
{
    const double *edges = state->edges;
    double place = (v * state->part - state->low * state->part) * state->scale;
    int64_t last = state->bins - 1, bin = place < (double)last ? (int64_t)place : last;

    bin -= v < edges[bin];
    bin += v >= edges[bin + 1] && bin < last;
    return v < edges[bin] || (v >= edges[bin + 1] && bin < last) ? search(state, v) : bin;
}

static void count_leaf(Histogram *state, const WfLeaf *leaf)
{
    for (int i = 0; i < leaf->count; i++) {
        double v = leaf->x[i];

        if (v >= state->low && v <= state->high) {
            state->counts[bin_of(state, v)]++;
            continue;
        }
        state->below += v < state->low;
        state->above += v > state->high;
    }
}

static bool histogram_take(void *into, const WeftReduceRows *rows)
{
    Histogram *state = into;
    WfLeaf leaf;

    for (int64_t r = 0; state->usable && r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            wf_leaf_load(&leaf, rows->in[0][r], state->wide, at, rows->cols);
            count_leaf(state, &leaf);
        }
    return true;
}

static bool histogram_merge(void *into, const void *from)
{
    Histogram *state = into;
    const Histogram *other = from;

    for (int64_t i = 0; i < state->bins; i++)
        state->counts[i] += other->counts[i];
    state->below += other->below;
    state->above += other->above;
    return true;
}

static size_t histogram_pack(const void *from, unsigned char *bytes)
{
    const Histogram *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_u64(&pack, (uint64_t)state->bins);
    wf_pack_u64(&pack, state->below);
    wf_pack_u64(&pack, state->above);
    for (int64_t i = 0; i < state->bins; i++)
        wf_pack_u64(&pack, state->counts[i]);
    return wf_pack_end(&pack);
}

static void *histogram_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                              const unsigned char *bytes, size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    Histogram *state = pack.bad ? NULL : histogram_open(setup, room);

    if (!state)
        return NULL;
    pack.bad = wf_unpack_u64(&pack) != (uint64_t)state->bins;
    state->below = wf_unpack_u64(&pack);
    state->above = wf_unpack_u64(&pack);
    for (int64_t i = 0; i < state->bins; i++)
        state->counts[i] = wf_unpack_u64(&pack);
    if (wf_unpack_end(&pack))
        return state;
    histogram_close(state);
    return NULL;
}

static int64_t histogram_rows(const void *state)
{
    return ((const Histogram *)state)->bins + 2;
}

static int histogram_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return 3;
}

static void histogram_fill(const void *from, double *cells)
{
    const Histogram *state = from;
    double *tail = cells + 3 * state->bins;

    for (int64_t i = 0; i < 3 * (state->bins + 2); i++)
        cells[i] = (double)NAN;
    cells[0] = state->low;
    cells[3 * state->bins - 2] = state->high;
    if (!state->usable)
        return;
    for (int64_t i = 0; i < state->bins; i++) {
        cells[3 * i] = state->edges[i];
        cells[3 * i + 1] = state->edges[i + 1];
        cells[3 * i + 2] = (double)state->counts[i];
    }
    tail[2] = (double)state->below;
    tail[5] = (double)state->above;
}

REDUCTION(histogram, .brief = "pixels in equal bins between two numbers", .arguments = "x",
          .inputs = 1,
          .help = "One row for each bin. Columns: low edge, high edge, count. Then a row with the "
                  "count below low, and one with that above high. A bin has its low edge, the last "
                  "one its high edge, too; where low is high the range is half a unit to each "
                  "side. Where no range lies between low and high, which are finite, there is no "
                  "count, and no edge but these two.",
          .source = "edges and counts are those of numpy.histogram",
          PARAMS({ .name = "low", .help = "lower end", .kind = WEFT_PARAM_NUMBER },
                 { .name = "high", .help = "upper end", .kind = WEFT_PARAM_NUMBER },
                 { .name = "bins",
                   .help = "how many",
                   .kind = WEFT_PARAM_INTEGER,
                   .optional = true,
                   .fallback = 256,
                   .low = 1,
                   .high = 1 << 24 }),
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .bytes = histogram_bytes,
                                          .open = histogram_open,
                                          .take = histogram_take,
                                          .merge = histogram_merge,
                                          .close = histogram_close,
                                          .pack = histogram_pack,
                                          .unpack = histogram_unpack,
                                          .rows = histogram_rows,
                                          .columns = histogram_columns,
                                          .fill = histogram_fill });
