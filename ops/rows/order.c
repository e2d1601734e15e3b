/*
 * order.c - medians and percentiles of windows of any size and shape.
 *
 * A window is a set of ranks, one bit each. It slides along the row: a bit for each cell that comes
 * in and goes, and a cursor that moves by words to the rank wanted. Sets begin anew with each row.
 */
#include "blend.h"
#include "ranks.h"

typedef struct Set {
    uint64_t *bits;
    int64_t word;  /* the cursor */
    int64_t below; /* bits in words before it */
} Set;

typedef struct Order {
    Ranks ranks;
    Set set;
    int64_t valid; /* cells in the set */
} Order;

static inline void put(Order *order, uint32_t rank, int by)
{
    Set *set = &order->set;

    set->bits[rank >> 6] ^= (uint64_t)1 << (rank & 63);
    set->below += (int64_t)(rank >> 6) < set->word ? by : 0;
    order->valid += rank < order->ranks.count ? by : 0;
}

/* The n-th smallest of the set, from 0, as a rank. */
static inline uint32_t nth_rank(Set *set, int64_t n)
{
    uint64_t bits;
    int64_t left;

    while (set->below > n)
        set->below -= __builtin_popcountll(set->bits[--set->word]);
    for (;;) {
        int64_t here = __builtin_popcountll(set->bits[set->word]);

        if (set->below + here > n)
            break;
        set->below += here;
        set->word++;
    }
    bits = set->bits[set->word];
    for (left = n - set->below; left > 0; left--)
        bits &= bits - 1;
    return (uint32_t)(set->word * 64 + __builtin_ctzll(bits));
}

/* Cells of the set before a rank. */
static inline int64_t count_below(Set *set, uint32_t rank)
{
    int64_t word = rank >> 6;

    while (set->word > word)
        set->below -= __builtin_popcountll(set->bits[--set->word]);
    while (set->word < word)
        set->below += __builtin_popcountll(set->bits[set->word++]);
    return set->below + __builtin_popcountll(set->bits[word] & (((uint64_t)1 << (rank & 63)) - 1));
}

/* The cells that are filled with the centre's value. */
typedef struct Filled {
    int64_t count;
    uint32_t rank;
    int64_t below; /* cells of the set before them */
} Filled;

static inline px nth_value(Order *order, const Filled *filled, int64_t n)
{
    uint32_t rank;

    if (filled->count == 0 || n < filled->below)
        rank = nth_rank(&order->set, n);
    else if (n < filled->below + filled->count)
        rank = filled->rank;
    else
        rank = nth_rank(&order->set, n - filled->count);
    return order->ranks.value[rank];
}

static inline px median_of(Order *order, const Filled *filled, int64_t count)
{
    px low;

    if (count % 2)
        return nth_value(order, filled, count / 2);
    low = nth_value(order, filled, count / 2 - 1);
    return (px)halfway_of((double)low, (double)nth_value(order, filled, count / 2));
}

/* Linear between ranks (Hyndman and Fan's 7th). */
static inline px percentile_of(Order *order, const Filled *filled, int64_t count, double percent)
{
    double place = (double)(count - 1) * percent / 100, whole = __builtin_floor(place);
    px between = (px)(place - whole), low = nth_value(order, filled, (int64_t)whole);

    if (between == 0)
        return low;
    return blend_of(low, nth_value(order, filled, (int64_t)whole + 1), between);
}

/* percent < 0: the median. */
static inline px result_at(Order *order, const WeftRows *turn, int64_t x, int64_t r, uint32_t own,
                           double percent)
{
    Filled filled = { .rank = own };
    px centre = cell_row(turn, r)[x];
    int64_t count;

    if (!cells_suffice(turn, x, r, centre, order->valid, &filled.count))
        return INVALID;
    if (filled.count)
        filled.below = count_below(&order->set, own);
    count = order->valid + filled.count;
    return percent < 0 ? median_of(order, &filled, count)
                       : percentile_of(order, &filled, count, percent);
}

/* The set of the row's first window. */
static inline void begin_row(Order *order, const WeftRows *turn, int64_t r)
{
    const Ranks *ranks = &order->ranks;
    const WeftWindow *w = turn->windows;

    __builtin_memset(order->set.bits, 0, (ranks->count / 64 + 3) * sizeof *order->set.bits);
    order->set.word = order->set.below = order->valid = 0;
    for (int i = 0; i < run_count(turn); i++) {
        Run run = run_of(turn, i);
        const uint32_t *rank =
            ranks->rank + (w->left + run.from) * ranks->height + w->up + run.row + r;

        for (int64_t n = run.to - run.from; n >= 0; n--, rank += ranks->height)
            put(order, *rank, 1);
    }
}

static inline void make_row(Order *order, const WeftRows *turn, int64_t start, int64_t end,
                            int64_t r, double percent)
{
    const Ranks *ranks = &order->ranks;
    const uint32_t *own = ranks->rank + turn->windows->left * ranks->height + turn->windows->up + r;
    px *to = result_row(turn, r);
    int runs = run_count(turn);

    begin_row(order, turn, r);
    for (int64_t x = start; x < end; x++, own += ranks->height) {
        const uint32_t *at = ranks->rank + (x - start) * ranks->height + r;

        for (int i = 0; i < runs && x > start; i++) {
            put(order, at[ranks->leave[i]], -1);
            put(order, at[ranks->enter[i]], 1);
        }
        to[x] = result_at(order, turn, x, r, *own, percent);
    }
}

static inline Order take_order(const WeftRows *turn, int64_t segment, Scratch *scratch)
{
    Order order = { .valid = 0 };
    size_t cells;

    ranks_take(&order.ranks, turn, segment, scratch);
    cells = (size_t)(order.ranks.width * order.ranks.height);
    order.set.bits = scratch_take(scratch, cells / 64 + 3, sizeof *order.set.bits);
    return order;
}

static inline __attribute__((always_inline)) void make_rows(const WeftRows *turn, double percent)
{
    int64_t segment = segment_length(turn);

    for (int64_t start = 0; start < turn->width; start += segment) {
        int64_t end = less_of(start + segment, turn->width);
        Scratch scratch = { .at = turn->scratch };
        Order order = take_order(turn, end - start, &scratch);

        ranks_fill(&order.ranks, turn, start, true);
        ranks_set_invalid(&order.ranks, (order.ranks.count / 64 + 1) * 64);
        ranks_find_edges(&order.ranks, turn);
        for (int64_t r = 0; r < turn->rows; r++)
            make_row(&order, turn, start, end, r, percent);
    }
}

static inline size_t room_of(const WeftRows *turn)
{
    Scratch scratch = { .at = NULL };

    take_order(turn, segment_most(turn), &scratch);
    return scratch.bytes;
}

ROWS(window_median)(const WeftRows *turn)
{
    make_rows(turn, -1);
}

ROOM(window_median)(const WeftRows *turn)
{
    return room_of(turn);
}

/* With infinities among them two cells can have no middle. */
RANGE(window_median)(const WeftRange *in, int count)
{
    WeftRange cells = range_cells(in, CELL_PARAMS), values = range_in(cells);

    return range_of(values.lo, values.hi, false, cells.valid && range_finite(values));
}

ROWS_OP(window_median, .brief = "median of a window's cells", .family = "lowered", .inputs = 1,
        .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL, .same_unit = true,
        .range = range_window_median, PARAMS(CELL_PARAMETERS));

ROWS(window_percentile)(const WeftRows *turn)
{
    make_rows(turn, turn->settings[CELL_PARAMS]);
}

ROOM(window_percentile)(const WeftRows *turn)
{
    return room_of(turn);
}

RANGE(window_percentile)(const WeftRange *in, int count)
{
    WeftRange cells = range_cells(in, CELL_PARAMS + 1), values = range_in(cells);

    return range_of(values.lo, values.hi, false, cells.valid && range_finite(values));
}

ROWS_OP(window_percentile, .brief = "percentile of a window's cells", .family = "lowered",
        .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL,
        .same_unit = true, .range = range_window_percentile,
        PARAMS(CELL_PARAMETERS,
               { .name = "percent", .help = "0 to 100", .kind = WEFT_PARAM_REAL }));
