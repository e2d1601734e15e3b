/*
 * sketch.c - approximate percentiles of a raster in one pass, with a bound on the value.
 *
 * Counts values by sign, exponent and the upper bits of the mantissa. A bucket's values differ from
 * its middle by no more than `error` of themselves, so that counting alone keeps the bound: buckets
 * are fixed, and merge in any order. Buckets of one exponent are a page, made when it is needed.
 */
#include <math.h>
#include <string.h>

#include "leaf.h"
#include "packing.h"
#include "percents.h"

enum { VERSION = 1, PAGES = 4096, MANTISSA = 52 };

typedef struct Sketch {
    WeftRoom *room;
    bool wide;
    int bits; /* of the mantissa */
    WfPercents percents;
    uint64_t *pages[PAGES]; /* by sign and exponent; NULL: no value */
} Sketch;

static int bits_of(const WeftReduceSetup *setup)
{
    int bits = 1;

    while (bits < MANTISSA && ldexp(1, -bits - 1) > setup->settings[0])
        bits++;
    return bits;
}

static size_t page_bytes(int bits)
{
    return sizeof(uint64_t) << bits;
}

static void sketch_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    int64_t page = (int64_t)page_bytes(bits_of(setup));
    int64_t pages =
        setup->wide[0] ? PAGES : 2 * 280; /* exponents of f32, with those below normal */

    *least = (int64_t)sizeof(Sketch) + page;
    *most = wf_reduce_bytes(sizeof(Sketch), page, pages);
}

static void *sketch_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    Sketch *state = wf_room_new(room, sizeof *state);

    if (!state)
        return NULL;
    state->room = room;
    state->wide = setup->wide[0];
    state->bits = bits_of(setup);
    state->percents = wf_percents(setup->settings + 1);
    return state;
}

static void sketch_close(void *closed)
{
    Sketch *state = closed;

    if (!state)
        return;
    for (int i = 0; i < PAGES; i++)
        wf_room_free(state->room, state->pages[i]);
    wf_room_free(state->room, state);
}

/* A page, made where there is none. NULL: there is no room. */
static uint64_t *page_of(Sketch *state, uint64_t page)
{
    if (!state->pages[page])
        state->pages[page] = wf_room_new(state->room, page_bytes(state->bits));
    return state->pages[page];
}

static bool count_leaf(Sketch *state, const WfLeaf *leaf)
{
    uint64_t mask = ((uint64_t)1 << state->bits) - 1, bits;

    for (int i = 0; i < leaf->count; i++) {
        double v = leaf->x[i] + 0.0; /* no negative zero */
        uint64_t *page;

        if (isnan(v))
            continue;
        memcpy(&bits, &v, sizeof bits);
        page = page_of(state, bits >> MANTISSA);
        if (!page)
            return false;
        page[bits >> (MANTISSA - state->bits) & mask]++;
    }
    return true;
}

static bool sketch_take(void *into, const WeftReduceRows *rows)
{
    Sketch *state = into;
    WfLeaf leaf;

    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            wf_leaf_load(&leaf, rows->in[0][r], state->wide, at, rows->cols);
            if (!count_leaf(state, &leaf))
                return false;
        }
    return true;
}

static bool sketch_merge(void *into, const void *from)
{
    Sketch *state = into;
    const Sketch *other = from;

    for (uint64_t i = 0; i < PAGES; i++) {
        uint64_t *page = other->pages[i] ? page_of(state, i) : NULL;

        if (!other->pages[i])
            continue;
        if (!page)
            return false;
        for (size_t k = 0; k < (size_t)1 << state->bits; k++)
            page[k] += other->pages[i][k];
    }
    return true;
}

static size_t sketch_pack(const void *from, unsigned char *bytes)
{
    const Sketch *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_u64(&pack, (uint64_t)state->bits);
    for (uint64_t i = 0; i < PAGES; i++) {
        if (!state->pages[i])
            continue;
        wf_pack_u64(&pack, i);
        for (size_t k = 0; k < (size_t)1 << state->bits; k++)
            wf_pack_u64(&pack, state->pages[i][k]);
    }
    return wf_pack_end(&pack);
}

static bool read_page(Sketch *state, WfUnpack *pack)
{
    uint64_t number = wf_unpack_u64(pack), *page;

    if (number >= PAGES || state->pages[number])
        return false;
    page = page_of(state, number);
    if (!page)
        return false;
    for (size_t k = 0; k < (size_t)1 << state->bits; k++)
        page[k] = wf_unpack_u64(pack);
    return !pack->bad;
}

static void *sketch_unpack(const WeftReduceSetup *setup, WeftRoom *room, const unsigned char *bytes,
                           size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    Sketch *state = pack.bad ? NULL : sketch_open(setup, room);
    bool good;

    if (!state)
        return NULL;
    good = wf_unpack_u64(&pack) == (uint64_t)state->bits;
    while (good && pack.left)
        good = read_page(state, &pack);
    if (good && wf_unpack_end(&pack))
        return state;
    sketch_close(state);
    return NULL;
}

/* ------------------------------------------------------------------ the table */

/* Pages in ascending order of their values, and buckets within a page. */
static uint64_t page_at(int i)
{
    return i < PAGES / 2 ? (uint64_t)(PAGES - 1 - i) : (uint64_t)(i - PAGES / 2);
}
static size_t bucket_at(const Sketch *state, int i, size_t k)
{
    return i < PAGES / 2 ? ((size_t)1 << state->bits) - 1 - k : k;
}

/* The middle of a bucket; zero and infinity are themselves. */
static double middle(const Sketch *state, uint64_t page, size_t bucket)
{
    int rest = MANTISSA - state->bits;
    uint64_t bits = page << MANTISSA | (uint64_t)bucket << rest;
    double low, high;

    memcpy(&low, &bits, sizeof low);
    if (isinf(low) || (page % (PAGES / 2) == 0 && bucket == 0))
        return low + 0.0;
    bits += ((uint64_t)1 << rest) - 1;
    memcpy(&high, &bits, sizeof high);
    return low + (high - low) / 2;
}

static double value_at(const Sketch *state, uint64_t rank)
{
    uint64_t below = 0;

    for (int i = 0; i < PAGES; i++) {
        uint64_t page = page_at(i);

        for (size_t k = 0; state->pages[page] && k < (size_t)1 << state->bits; k++) {
            below += state->pages[page][bucket_at(state, i, k)];
            if (below > rank)
                return middle(state, page, bucket_at(state, i, k));
        }
    }
    return (double)NAN;
}

static int64_t sketch_rows(const void *state)
{
    (void)state;
    return 1;
}

static int sketch_columns(const WeftReduceSetup *setup)
{
    return wf_percents(setup->settings + 1).count;
}

static void sketch_fill(const void *from, double *cells)
{
    const Sketch *state = from;
    uint64_t total = 0;

    for (int i = 0; i < PAGES; i++)
        for (size_t k = 0; state->pages[i] && k < (size_t)1 << state->bits; k++)
            total += state->pages[i][k];
    for (int i = 0; i < state->percents.count; i++) {
        WfPlace place = { 0 };

        cells[i] = (double)NAN;
        if (!total)
            continue;
        place = wf_percents_place(&state->percents, i, total);
        cells[i] = wf_percents_value(value_at(state, place.low), value_at(state, place.high),
                                     place.between);
    }
}

REDUCTION(sketch, .brief = "approximate percentiles of a raster, in one pass", .arguments = "x",
          .inputs = 1,
          .help = "One row, a column for each percentile. Either value that a percentile lies "
                  "between is off by no more than error times itself; zero and infinity are exact. "
                  "Counts take 4 to 8 bytes / error for each power of two that occurs, of either "
                  "sign.",
          .formula = PERCENT_FORMULA, .source = "Masson, Rim, Lee 2019, with fixed buckets",
          PARAMS({ .name = "error",
                   .help = "bound of the relative error of a value",
                   .kind = WEFT_PARAM_REAL,
                   .low = 1e-6,
                   .high = 0.25 },
                 PERCENT_PARAMS),
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .bytes = sketch_bytes,
                                          .open = sketch_open,
                                          .take = sketch_take,
                                          .merge = sketch_merge,
                                          .close = sketch_close,
                                          .pack = sketch_pack,
                                          .unpack = sketch_unpack,
                                          .rows = sketch_rows,
                                          .columns = sketch_columns,
                                          .fill = sketch_fill });
