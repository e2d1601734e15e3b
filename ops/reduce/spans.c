/*
 * spans.c - zones that are spans of pixels, and what these have in common with rows.
 */
#include "spans.h"

enum { COLUMNS = 5 };

WfSpanTable wf_spans(const WeftReduceSetup *setup)
{
    int64_t count = setup->table ? setup->table_count / COLUMNS : 0;
    const double *table = setup->table;
    WfSpanTable spans = { .zone_count = (int64_t)setup->settings[0], .width = setup->width };

    if (!count)
        return spans;
    spans.count = count;
    spans.row = table;
    spans.col = table + count;
    spans.pixels = table + 2 * count;
    spans.zone = table + 3 * count;
    spans.weight = table + 4 * count;
    return spans;
}

bool wf_spans_weighted(const WfSpanTable *spans)
{
    for (int64_t i = 0; i < spans->count; i++)
        if (spans->weight[i] != 1)
            return true;
    return false;
}

static bool is_span(const WfSpanTable *spans, int64_t i)
{
    double zone = spans->zone[i], end = spans->col[i] + spans->pixels[i];

    return zone >= 0 && zone < (double)spans->zone_count && spans->col[i] >= 0 &&
           end <= (double)spans->width && spans->weight[i] > 0 && spans->weight[i] <= 1;
}

int64_t wf_spans_pixels(const WfSpanTable *spans)
{
    int64_t pixels = 0;

    for (int64_t i = 0; i < spans->count; i++)
        if (is_span(spans, i) && spans->pixels[i] > 0)
            pixels = wf_reduce_bytes(pixels, 1, (int64_t)spans->pixels[i]);
    return pixels;
}

/* The first span of a row, or of one below it. */
static int64_t first_span(const WfSpanTable *spans, int64_t row)
{
    int64_t low = 0, high = spans->count;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;

        if (spans->row[middle] < (double)row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

typedef struct Walk {
    const WfSpanTable *spans;
    const WeftReduceRows *rows;
    int input;
    bool wide;
    WfSpanTake *take;
    void *state;
    WfLeaf leaf;
    int64_t loaded; /* where in the row the leaf begins; -1: nowhere */
} Walk;

/* What a span has in common with row r. The leaf is read where it is not the one before. */
static bool walk_span(Walk *walk, int64_t r, int64_t span)
{
    const WfSpanTable *spans = walk->spans;
    const WeftReduceRows *rows = walk->rows;
    int64_t from = (int64_t)spans->col[span] - rows->col, to = from + (int64_t)spans->pixels[span];
    int64_t index = (rows->row + r) * spans->width + rows->col + 1;

    from = from > 0 ? from : 0;
    to = to < rows->cols ? to : rows->cols;
    for (int64_t at = from / LEAF * LEAF; from < to; at += LEAF) {
        int end = to - at < LEAF ? (int)(to - at) : LEAF;
        WfSpanRun run = { .zone = (int64_t)spans->zone[span],
                          .run = { .leaf = &walk->leaf,
                                   .from = (int)(from - at),
                                   .count = end - (int)(from - at),
                                   .index = index + at,
                                   .weight = spans->weight[span] } };

        if (walk->loaded != at)
            wf_leaf_load(&walk->leaf, rows->in[walk->input][r], walk->wide, at, rows->cols);
        walk->loaded = at;
        if (!walk->take(walk->state, &run))
            return false;
        from = at + LEAF;
    }
    return true;
}

bool wf_spans_walk(const WfSpanTable *spans, const WeftReduceRows *rows, int input, bool wide,
                   WfSpanTake *take, void *state)
{
    Walk walk = {
        .spans = spans, .rows = rows, .input = input, .wide = wide, .take = take, .state = state
    };

    for (int64_t r = 0; r < rows->rows; r++) {
        int64_t end = first_span(spans, rows->row + r + 1);

        walk.loaded = -1;
        for (int64_t i = first_span(spans, rows->row + r); i < end; i++) {
            if (spans->col[i] >= (double)(rows->col + rows->cols))
                break;
            if (is_span(spans, i) && !walk_span(&walk, r, i))
                return false;
        }
    }
    return true;
}
