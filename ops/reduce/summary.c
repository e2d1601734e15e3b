/*
 * summary.c - all statistics of a raster that need no order of its values.
 */
#include "tally.h"

typedef struct Summary {
    WeftRoom *room;
    WfTallyForm form;
    WfLimbs pool;
    bool wide;
    int64_t width;
    uint64_t pixels;
    uint64_t tally[]; /* form.size bytes */
} Summary;

enum { VERSION = 1 };

/* All that sums can come to need is a few kilobytes: so they always have it. */
static void summary_bytes(const WeftReduceSetup *setup, int64_t *least, int64_t *most)
{
    WfTallyForm form = wf_tally_form(WEFT_WANT_ALL, false);

    *least = *most = (int64_t)sizeof(Summary) + form.size + wf_tally_most(&form, setup, 0);
}

static void *summary_open(const WeftReduceSetup *setup, WeftRoom *room)
{
    WfTallyForm form = wf_tally_form(WEFT_WANT_ALL, false);
    Summary *state = wf_room_new(room, sizeof *state + (size_t)form.size);

    if (!state)
        return NULL;
    state->room = state->pool.room = room;
    state->form = form;
    state->wide = setup->wide[0];
    state->width = setup->width;
    return state;
}

static void summary_close(void *closed)
{
    Summary *state = closed;

    if (!state)
        return;
    wf_limbs_free(&state->pool);
    wf_room_free(state->room, state);
}

static bool summary_take(void *into, const WeftReduceRows *rows)
{
    Summary *state = into;
    WfLeaf leaf;

    for (int64_t r = 0; r < rows->rows; r++)
        for (int64_t at = 0; at < rows->cols; at += LEAF) {
            WfRun run = { .leaf = &leaf,
                          .index = (rows->row + r) * state->width + rows->col + at + 1 };

            wf_leaf_load(&leaf, rows->in[0][r], state->wide, at, rows->cols);
            run.count = leaf.count;
            if (!wf_tally_take(&state->form, state->tally, &state->pool, &run))
                return false;
        }
    state->pixels += (uint64_t)(rows->rows * rows->cols);
    return true;
}

static bool summary_merge(void *into, const void *from)
{
    Summary *state = into;
    const Summary *other = from;

    state->pixels += other->pixels;
    return wf_tally_merge(&state->form, state->tally, &state->pool, other->tally, &other->pool);
}

static size_t summary_pack(const void *from, unsigned char *bytes)
{
    const Summary *state = from;
    WfPack pack = wf_pack_begin(VERSION, bytes);

    wf_pack_u64(&pack, state->pixels);
    wf_tally_pack(&state->form, state->tally, &state->pool, &pack);
    return wf_pack_end(&pack);
}

static void *summary_unpack(const WeftReduceSetup *setup, WeftRoom *room,
                            const unsigned char *bytes, size_t size)
{
    WfUnpack pack = wf_unpack_begin(VERSION, bytes, size);
    Summary *state = pack.bad ? NULL : summary_open(setup, room);

    if (!state)
        return NULL;
    state->pixels = wf_unpack_u64(&pack);
    if (wf_tally_unpack(&state->form, state->tally, &state->pool, &pack) && wf_unpack_end(&pack))
        return state;
    summary_close(state);
    return NULL;
}

static int64_t summary_rows(const void *state)
{
    (void)state;
    return 1;
}

static int summary_columns(const WeftReduceSetup *setup)
{
    (void)setup;
    return TALLY_COLUMNS;
}

static void summary_fill(const void *from, double *cells)
{
    const Summary *state = from;

    wf_tally_fill(&state->form, state->tally, &state->pool, (double)state->pixels, cells);
}

REDUCTION(summary, .brief = "statistics of all pixels of a raster", .arguments = "x", .inputs = 1,
          .help = "One row. Columns: " TALLY_HELP ".",
          .formula = "exact sums of leaves of 64 pixels, each taken from its first valid value",
          .source = "Kulisch, long accumulators; Chan, Golub, LeVeque 1983, shifted moments",
          .reduce = &(const WeftReduce) { .version = VERSION,
                                          .bytes = summary_bytes,
                                          .open = summary_open,
                                          .take = summary_take,
                                          .merge = summary_merge,
                                          .close = summary_close,
                                          .pack = summary_pack,
                                          .unpack = summary_unpack,
                                          .rows = summary_rows,
                                          .columns = summary_columns,
                                          .fill = summary_fill });
