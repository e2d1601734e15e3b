/*
 * finite.c - the least and the greatest finite value of a raster, and how many are infinite: what
 * bins and the like can be made of.
 */
#include <math.h>

#include "leaf.h"
#include "packing.h"

enum { VERSION = 1, COLUMNS = 4 };

typedef struct Finite {
    WeftRoom *room;
    bool wide;
    double low, high; /* the wrong way round: there is none */
    uint64_t below, above;
} Finite;

static void finite_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    (void)setup;
    *least = *most = (int64_t)sizeof(Finite);
}

static void *finite_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    Finite *state = wf_room_new(room, sizeof *state);

    if (!state)
        return NULL;
    state->room = room;
    state->wide = setup->wide[0];
    state->low = INFINITY;
    state->high = -INFINITY;
    return state;
}

static void finite_close(void *closed)
{
    Finite *state = closed;

    if (state)
        wf_room_free(state->room, state);
}

static void widen(Finite *state, double low, double high)
{
    state->low = low < state->low ? low : state->low;
    state->high = high > state->high ? high : state->high;
}

static void take_leaf(Finite *state, const WfLeaf *leaf)
{
    double low, high;

    wf_leaf_extremes(leaf, &low, &high);
    if (isfinite(low) && isfinite(high)) {
        widen(state, low, high);
        return;
    }
    for (int i = 0; i < leaf->count; i++) {
        double v = leaf->x[i];

        if (isfinite(v))
            widen(state, v, v);
        state->below += v == -INFINITY;
        state->above += v == INFINITY;
    }
}

static bool finite_take(void *into, const WeftReduceRows *rows)
{
    Finite *state = into;
    WfLeaf leaf;

    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            wf_leaf_load(&leaf, rows->in[0][r], state->wide, at, rows->cols);
            take_leaf(state, &leaf);
        }
    return true;
}

static bool finite_merge(void *into, const void *from)
{
    Finite *state = into;
    const Finite *other = from;

    widen(state, other->low, other->high);
    state->below += other->below;
    state->above += other->above;
    return true;
}

static size_t finite_pack(const void *from, unsigned char *bytes)
{
    const Finite *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_f64(&pack, state->low + 0.0); /* no negative zero */
    wf_pack_f64(&pack, state->high + 0.0);
    wf_pack_u64(&pack, state->below);
    wf_pack_u64(&pack, state->above);
    return wf_pack_end(&pack);
}

static void *finite_unpack(const WeftReduceSetup *setup, WeftRoom *room, const unsigned char *bytes,
                           size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    Finite *state = pack.bad ? NULL : finite_open(setup, room);

    if (!state)
        return NULL;
    state->low = wf_unpack_f64(&pack);
    state->high = wf_unpack_f64(&pack);
    state->below = wf_unpack_u64(&pack);
    state->above = wf_unpack_u64(&pack);
    if (wf_unpack_end(&pack))
        return state;
    finite_close(state);
    return NULL;
}

static int64_t finite_rows(const void *state)
{
    (void)state;
    return 1;
}

static int finite_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return COLUMNS;
}

static void finite_fill(const void *from, double *cells)
{
    const Finite *state = from;
    bool any = state->low <= state->high;

    cells[0] = any ? state->low + 0.0 : (double)NAN;
    cells[1] = any ? state->high + 0.0 : (double)NAN;
    cells[2] = (double)state->below;
    cells[3] = (double)state->above;
}

REDUCTION(finite, .brief = "the least and the greatest finite value of a raster", .arguments = "x",
          .inputs = 1,
          .help =
              "One row. Columns: low, high, how many pixels are infinite below them, and above. "
              "Without a finite value low and high are invalid.",
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .bytes = finite_bytes,
                                          .open = finite_open,
                                          .take = finite_take,
                                          .merge = finite_merge,
                                          .close = finite_close,
                                          .pack = finite_pack,
                                          .unpack = finite_unpack,
                                          .rows = finite_rows,
                                          .columns = finite_columns,
                                          .fill = finite_fill });
