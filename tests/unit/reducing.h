/*
 * reducing.h - a reduction by itself: on arrays, as one piece, or cut, merged and packed at random.
 */
#ifndef REDUCING_H
#define REDUCING_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/catalog.h"
#include "weft.h"

enum { REDUCING_INPUTS = 4, REDUCING_PASSES = 16 };

/* What is reduced. Pixels are f64, and rounded where wide is false. */
typedef struct Reducing {
    const char *op;
    int64_t width, height;
    int input_count;
    const double *in[REDUCING_INPUTS];
    bool wide[REDUCING_INPUTS];
    WeftRange range[REDUCING_INPUTS]; /* zeroed: nothing is known */
    double numbers[2], settings[20];
    const double *table;
    int64_t table_count;
} Reducing;

/* A room that counts, and refuses beyond its limit. */
typedef struct ReducingRoom {
    WeftRoom room;
    int64_t used, peak, limit;
} ReducingRoom;

static inline void *reducing_resize(WeftRoom *room, void *old, size_t bytes)
{
    ReducingRoom *counted = (ReducingRoom *)room;
    size_t *head = old ? (size_t *)old - 2 : NULL;
    int64_t used = counted->used + (int64_t)bytes - (head ? (int64_t)*head : 0);

    if (bytes && counted->limit && used > counted->limit)
        return NULL;
    counted->used = used;
    counted->peak = used > counted->peak ? used : counted->peak;
    if (!bytes) {
        free(head);
        return NULL;
    }
    head = realloc(head, bytes + 2 * sizeof *head);
    *head = bytes;
    return head + 2;
}

static inline uint64_t reducing_random(uint64_t *seed)
{
    uint64_t v = *seed += 0x9e3779b97f4a7c15;

    v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
    v = (v ^ v >> 27) * 0x94d049bb133111eb;
    return v ^ v >> 31;
}

static inline WeftReduceSetup reducing_setup(Reducing *what)
{
    for (int i = 0; i < what->input_count; i++)
        if (what->range[i].lo == 0 && what->range[i].hi == 0)
            what->range[i] = (WeftRange) { .lo = -INFINITY, .hi = INFINITY };
    return (WeftReduceSetup) { .input_count = what->input_count,
                               .ranges = what->range,
                               .wide = what->wide,
                               .numbers = what->numbers,
                               .settings = what->settings,
                               .table = what->table,
                               .table_count = what->table_count,
                               .width = what->width,
                               .height = what->height };
}

/* Give a rectangle of pixels to a state. What lies beyond it in the last leaf is noise. */
static inline bool reducing_take(const WeftReduce *reduce, void *state, const Reducing *what,
                                 int64_t col, int64_t row, int64_t cols, int64_t rows)
{
    size_t stride = (size_t)(cols + 63) / 64 * 64 * 8;
    char *held = malloc(stride * (size_t)(rows * what->input_count));
    const void **lines = calloc((size_t)(rows * what->input_count), sizeof *lines);
    const void *const *in[REDUCING_INPUTS];
    bool done;

    for (int k = 0; k < what->input_count; k++) {
        in[k] = lines + k * rows;
        for (int64_t r = 0; r < rows; r++) {
            char *line = held + stride * (size_t)(k * rows + r);

            memset(line, 0x40, stride);
            lines[k * rows + r] = line;
            for (int64_t c = 0; c < cols; c++) {
                double v = what->in[k][(row + r) * what->width + col + c];

                if (what->wide[k])
                    ((double *)line)[c] = v;
                else
                    ((float *)line)[c] = (float)v;
            }
        }
    }
    done = reduce->take(
        state, &(WeftReduceRows) { .in = in, .col = col, .row = row, .cols = cols, .rows = rows });
    free(lines);
    free(held);
    return done;
}

/* Through bytes and back; with a size that must be the one told. */
static inline void *reducing_travel(const WeftReduce *reduce, const WeftReduceSetup *setup,
                                    WeftRoom *room, void *state)
{
    size_t size = reduce->pack(state, NULL);
    unsigned char *bytes = malloc(size);
    void *made;

    ck_assert_uint_eq(reduce->pack(state, bytes), size);
    made = reduce->unpack(setup, room, bytes, size);
    ck_assert_ptr_nonnull(made);
    free(bytes);
    reduce->close(state);
    return made;
}

/* Some columns of a band of rows, in turns of one to three rows, each to a state at random. */
static inline void reducing_column(const WeftReduce *reduce, const Reducing *what, void **states,
                                   int state_count, uint64_t *seed, int64_t col, int64_t cols,
                                   int64_t top, int64_t bottom)
{
    while (top < bottom) {
        int64_t rows = 1 + (int64_t)(reducing_random(seed) % 3);
        int s = (int)(reducing_random(seed) % (uint64_t)state_count);

        rows = top + rows > bottom ? bottom - top : rows;
        ck_assert(reducing_take(reduce, states[s], what, col, top, cols, rows));
        top += rows;
    }
}

/* Rectangles whose columns begin at multiples of 64, from below; seed 0: all in one piece. */
static inline void reducing_cut(const WeftReduce *reduce, const Reducing *what, void **states,
                                int state_count, uint64_t *seed)
{
    if (!*seed)
        ck_assert(reducing_take(reduce, states[0], what, 0, 0, what->width, what->height));
    for (int64_t top = (what->height - 1) / 4 * 4; *seed && top >= 0; top -= 4) {
        int64_t bottom = top + 4 < what->height ? top + 4 : what->height;

        for (int64_t col = 0; col < what->width;) {
            int64_t cols = 64 * (int64_t)(1 + reducing_random(seed) % 3);

            cols = col + cols > what->width ? what->width - col : cols;
            reducing_column(reduce, what, states, state_count, seed, col, cols, top, bottom);
            col += cols;
        }
    }
}

/* All pixels once; the states merged in an order that the seed decides. */
static inline void *reducing_pass(const WeftReduce *reduce, const WeftReduceSetup *setup,
                                  WeftRoom *room, const Reducing *what, uint64_t seed)
{
    int count = seed ? 2 + (int)(reducing_random(&seed) % 4) : 1;
    void *states[8];

    for (int i = 0; i < count; i++)
        ck_assert_ptr_nonnull(states[i] = reduce->open(setup, room));
    reducing_cut(reduce, what, states, count, &seed);
    while (count > 1) {
        int into = (int)(reducing_random(&seed) % (uint64_t)count), from = count - 1;

        if (reducing_random(&seed) % 2)
            states[from] = reducing_travel(reduce, setup, room, states[from]);
        if (into == from)
            into = 0;
        ck_assert(reduce->merge(states[into], states[from]));
        reduce->close(states[from]);
        count--;
    }
    return states[0];
}

/* The table; free its cells. */
static inline WeftTable reducing_table(Reducing *what, uint64_t seed)
{
    const WeftReduce *reduce = wf_catalog_find(what->op, NULL)->reduce;
    ReducingRoom room = { .room = { reducing_resize } };
    WeftReduceSetup setup = reducing_setup(what);
    int passes = reduce->passes ? reduce->passes(&setup) : 1;
    void *state[REDUCING_PASSES] = { NULL };
    WeftTable table;
    int64_t least, most, allowed = 0;

    for (int p = 0; p < passes; p++) {
        setup.pass = p;
        setup.before = NULL;
        reduce->bytes(&setup, &least, &most);
        allowed += most;
        setup.before = p ? state[p - 1] : NULL;
        state[p] = reducing_pass(reduce, &setup, &room.room, what, seed ? seed + (uint64_t)p : 0);
        if (!seed)
            ck_assert_int_le(room.peak, allowed);
    }
    table.row_count = reduce->rows(state[passes - 1]);
    table.column_count = reduce->columns(&setup);
    table.cells = malloc((size_t)table.row_count * (size_t)table.column_count * 8 + 8);
    reduce->fill(state[passes - 1], table.cells);
    for (int p = 0; p < passes; p++)
        reduce->close(state[p]);
    ck_assert_int_eq(room.used, 0);
    return table;
}

/* The table has the same bits however the pixels are cut and merged. */
static inline void reducing_same(Reducing *what, int tries)
{
    WeftTable whole = reducing_table(what, 0);

    for (int i = 1; i <= tries; i++) {
        WeftTable cut = reducing_table(what, (uint64_t)i);

        ck_assert_int_eq(cut.row_count, whole.row_count);
        ck_assert_int_eq(cut.column_count, whole.column_count);
        for (int64_t k = 0; k < whole.row_count * whole.column_count; k++)
            ck_assert_msg(memcmp(&cut.cells[k], &whole.cells[k], 8) == 0 ||
                              (isnan(cut.cells[k]) && isnan(whole.cells[k])),
                          "%s, try %d, row %d, column %d: %a, in one piece %a", what->op, i,
                          (int)(k / whole.column_count), (int)(k % whole.column_count),
                          cut.cells[k], whole.cells[k]);
        free(cut.cells);
    }
    free(whole.cells);
}

/* Of a state's bytes, each changed, or cut anywhere (some hundred places): refused, with nothing
 * left behind. */
static inline void reducing_damage(Reducing *what)
{
    const WeftReduce *reduce = wf_catalog_find(what->op, NULL)->reduce;
    WeftReduceSetup setup = reducing_setup(what);
    ReducingRoom room = { .room = { reducing_resize } };
    void *state = reducing_pass(reduce, &setup, &room.room, what, 0);
    size_t size = reduce->pack(state, NULL);
    unsigned char *bytes = malloc(size);

    reduce->pack(state, bytes);
    for (size_t i = 0; i < size; i += 1 + size / 300) {
        bytes[i] ^= 0x10;
        ck_assert_ptr_null(reduce->unpack(&setup, &room.room, bytes, size));
        bytes[i] ^= 0x10;
        ck_assert_ptr_null(reduce->unpack(&setup, &room.room, bytes, i));
    }
    reduce->close(state);
    ck_assert_int_eq(room.used, 0);
    free(bytes);
}

/* Noise of every size, of either sign, with invalid and infinite pixels and equal ones. */
static inline double *reducing_noise(int64_t count, uint64_t seed)
{
    static const double odd[] = { 0, -0.0, 1e300, -1e300, 1e-300, 5e-324, -5e-324, 1e38, 1e-45 };
    double *noise = malloc((size_t)count * sizeof *noise);

    for (int64_t i = 0; i < count; i++) {
        uint64_t what = reducing_random(&seed) % 64;
        double small = (double)(int64_t)reducing_random(&seed) * 0x1p-63;

        noise[i] = what < 9    ? odd[what]
                   : what < 16 ? (double)NAN
                   : what < 40 ? (double)(int64_t)(small * 8)
                               : ldexp(small, (int)(reducing_random(&seed) % 60) - 30);
    }
    return noise;
}

#endif
