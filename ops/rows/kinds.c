/*
 * kinds.c - how many different values a window has, and which is the most or the least frequent.
 *
 * Each value of the segment has a counter. The value looked for is kept while cells come and go.
 * When it has been lost it is looked up: among the counters behind it, as others before had a worse
 * one, and only where none is as good as it was among all. Counters begin anew with each row.
 */
#include "ranks.h"

/* No window has so many cells; the counter of invalid cells begins where it is never looked for. */
enum { NONE = 1 << 29, INVALIDS = 1 << 30 };

typedef enum Wanted { MOST, LEAST, VARIETY } Wanted;

typedef struct Kinds {
    Ranks ranks;
    int32_t *count; /* of each rank, and of invalid cells */
    int64_t valid;
    int64_t variety;
    int64_t best; /* the first rank with the best count; NONE: there is none */
    int32_t best_count;
    bool lost; /* it has that no longer: no count is better still, and no rank before has it */
} Kinds;

static inline void offer(Kinds *kinds, uint32_t rank, int32_t count, bool most)
{
    bool better = most ? count > kinds->best_count : count < kinds->best_count;

    if (better || (count == kinds->best_count && rank <= kinds->best)) {
        kinds->best = rank;
        kinds->best_count = count;
        kinds->lost = false;
    }
}

static inline void take_in(Kinds *kinds, uint32_t rank, Wanted wanted)
{
    int32_t count = ++kinds->count[rank];

    kinds->valid += rank < kinds->ranks.count;
    if (wanted == VARIETY)
        kinds->variety += count == 1;
    else if (wanted == MOST)
        offer(kinds, rank, count, true);
    else if (rank == kinds->best)
        kinds->lost = true;
    else if (count == 1)
        offer(kinds, rank, count, false);
}

static inline void let_go(Kinds *kinds, uint32_t rank, Wanted wanted)
{
    int32_t count = --kinds->count[rank];

    kinds->valid -= rank < kinds->ranks.count;
    if (wanted == VARIETY)
        kinds->variety -= count == 0;
    else if (wanted == MOST)
        kinds->lost |= rank == kinds->best;
    else if (count > 0)
        offer(kinds, rank, count, false);
    else
        kinds->lost |= rank == kinds->best;
}

/* ------------------------------------------------------------------ looking it up */

/* The largest counter; or, with all counters one less and no sign, the smallest above 0. */
static int32_t extreme_count(const int32_t *count, uint32_t kinds, bool most)
{
    uint32_t largest = 0, smallest = UINT32_MAX;

    for (uint32_t i = 0; i < kinds && most; i++)
        largest = (uint32_t)count[i] > largest ? (uint32_t)count[i] : largest;
    for (uint32_t i = 0; i < kinds && !most; i++)
        smallest = (uint32_t)count[i] - 1 < smallest ? (uint32_t)count[i] - 1 : smallest;
    return (int32_t)(most ? largest : smallest + 1);
}

/* The first rank from `at` on with that counter; `kinds`: none. Blocks without it are passed over
 * quickly. */
static uint32_t first_with(const int32_t *count, uint32_t at, uint32_t kinds, int32_t wanted)
{
    enum { BLOCK = 64 };

    for (; at + BLOCK <= kinds; at += BLOCK) {
        int32_t found = 0;

        for (int i = 0; i < BLOCK; i++)
            found |= -(count[at + (uint32_t)i] == wanted);
        if (found)
            break;
    }
    while (at < kinds && count[at] != wanted)
        at++;
    return at;
}

static inline void forget(Kinds *kinds, bool most)
{
    kinds->lost = false;
    kinds->best = NONE;
    kinds->best_count = most ? 0 : NONE;
}

/* The window's own cells, at column 0 of `at`, and the centre. */
static inline void look_at_cells(Kinds *kinds, const WeftRows *turn, const uint32_t *at,
                                 uint32_t own, bool most)
{
    for (int i = 0; i < run_count(turn); i++) {
        const uint32_t *rank = at + kinds->ranks.leave[i], *last = at + kinds->ranks.enter[i];

        while (rank != last) {
            rank += kinds->ranks.height;
            if (*rank < kinds->ranks.count)
                offer(kinds, *rank, kinds->count[*rank], most);
        }
    }
    if (own < kinds->ranks.count && kinds->count[own] > 0)
        offer(kinds, own, kinds->count[own], most);
}

/* Whatever is less work: the cells of the window, or counters, several at once: those behind the
 * one that was lost first. */
static inline void look_up(Kinds *kinds, const WeftRows *turn, const uint32_t *at, uint32_t own,
                           bool most)
{
    enum { AT_ONCE = 64 }; /* counters looked at in the time of a cell */
    uint32_t count = kinds->ranks.count, next = count;
    bool few = turn->settings[CELLS] * AT_ONCE < count;

    if (!few && kinds->best != NONE)
        next = first_with(kinds->count, (uint32_t)kinds->best, count, kinds->best_count);
    if (next < count) {
        kinds->best = next;
        kinds->lost = false;
        return;
    }
    forget(kinds, most);
    if (few) {
        look_at_cells(kinds, turn, at, own, most);
        return;
    }
    kinds->best_count = extreme_count(kinds->count, count, most);
    kinds->best = first_with(kinds->count, 0, count, kinds->best_count);
}

/* ------------------------------------------------------------------ results */

/* The centre's value counts so many times more. */
static px filled_value(Kinds *kinds, const WeftRows *turn, const uint32_t *at, uint32_t own,
                       int64_t filled, bool most)
{
    const Kinds before = *kinds;
    px value;

    kinds->count[own] += (int32_t)filled;
    forget(kinds, most);
    look_up(kinds, turn, at, own, most);
    value = kinds->ranks.value[kinds->best];
    *kinds = before;
    kinds->count[own] -= (int32_t)filled;
    return value;
}

/* at: the ranks of the pixel's window, as enter and leave have it. */
static inline px result_at(Kinds *kinds, const WeftRows *turn, int64_t x, int64_t r,
                           const uint32_t *at, Wanted wanted)
{
    uint32_t own = at[turn->windows->left * kinds->ranks.height + turn->windows->up];
    int64_t filled;

    if (!cells_suffice(turn, x, r, cell_row(turn, r)[x], kinds->valid, &filled))
        return INVALID;
    if (wanted == VARIETY)
        return (px)(kinds->variety + (filled > 0 && kinds->count[own] == 0));
    if (filled > 0)
        return filled_value(kinds, turn, at, own, filled, wanted == MOST);
    if (kinds->lost)
        look_up(kinds, turn, at, own, wanted == MOST);
    return kinds->ranks.value[kinds->best];
}

static inline void begin_row(Kinds *kinds, const WeftRows *turn, int64_t r, Wanted wanted)
{
    const Ranks *ranks = &kinds->ranks;
    const WeftWindow *w = turn->windows;

    __builtin_memset(kinds->count, 0, ranks->count * sizeof *kinds->count);
    kinds->count[ranks->count] = wanted == MOST ? -INVALIDS : INVALIDS;
    kinds->valid = kinds->variety = 0;
    forget(kinds, wanted == MOST);
    for (int i = 0; i < run_count(turn); i++) {
        Run run = run_of(turn, i);
        const uint32_t *rank =
            ranks->rank + (w->left + run.from) * ranks->height + w->up + run.row + r;

        for (int64_t n = run.to - run.from; n >= 0; n--, rank += ranks->height)
            take_in(kinds, *rank, wanted);
    }
}

static inline void make_row(Kinds *kinds, const WeftRows *turn, int64_t start, int64_t end,
                            int64_t r, Wanted wanted)
{
    const Ranks *ranks = &kinds->ranks;
    px *to = result_row(turn, r);
    int runs = run_count(turn);

    begin_row(kinds, turn, r, wanted);
    for (int64_t x = start; x < end; x++) {
        const uint32_t *at = ranks->rank + (x - start) * ranks->height + r;

        for (int i = 0; i < runs && x > start; i++)
            let_go(kinds, at[ranks->leave[i]], wanted);
        for (int i = 0; i < runs && x > start; i++)
            take_in(kinds, at[ranks->enter[i]], wanted);
        to[x] = result_at(kinds, turn, x, r, at, wanted);
    }
}

static inline Kinds take_kinds(const WeftRows *turn, int64_t segment, Scratch *scratch)
{
    Kinds kinds = { .valid = 0 };

    ranks_take(&kinds.ranks, turn, segment, scratch);
    kinds.count = scratch_take(scratch, (size_t)(kinds.ranks.width * kinds.ranks.height) + 1,
                               sizeof *kinds.count);
    return kinds;
}

static inline __attribute__((always_inline)) void make_rows(const WeftRows *turn, Wanted wanted)
{
    int64_t segment = segment_length(turn);

    for (int64_t start = 0; start < turn->width; start += segment) {
        int64_t end = less_of(start + segment, turn->width);
        Scratch scratch = { .at = turn->scratch };
        Kinds kinds = take_kinds(turn, end - start, &scratch);

        ranks_fill(&kinds.ranks, turn, start, false);
        ranks_set_invalid(&kinds.ranks, kinds.ranks.count);
        ranks_find_edges(&kinds.ranks, turn);
        for (int64_t r = 0; r < turn->rows; r++)
            make_row(&kinds, turn, start, end, r, wanted);
    }
}

static inline size_t room_of(const WeftRows *turn)
{
    Scratch scratch = { .at = NULL };

    take_kinds(turn, segment_most(turn), &scratch);
    return scratch.bytes;
}

RANGE(kind)(const WeftRange *in, int count)
{
    return range_cells(in, CELL_PARAMS);
}

RANGE(window_variety)(const WeftRange *in, int count)
{
    return range_of(1, in[1 + CELLS].lo, true, in[1 + SURE].lo != 0);
}

ROWS(window_mode)(const WeftRows *turn)
{
    make_rows(turn, MOST);
}

ROOM(window_mode)(const WeftRows *turn)
{
    return room_of(turn);
}

ROWS_OP(window_mode, .brief = "the most frequent value of a window, the least of several",
        .family = "lowered", .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_KEEP, .range = range_kind, PARAMS(CELL_PARAMETERS));

ROWS(window_minority)(const WeftRows *turn)
{
    make_rows(turn, LEAST);
}

ROOM(window_minority)(const WeftRows *turn)
{
    return room_of(turn);
}

ROWS_OP(window_minority, .brief = "the rarest value of a window, the least of several",
        .family = "lowered", .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_KEEP, .range = range_kind, PARAMS(CELL_PARAMETERS));

ROWS(window_variety)(const WeftRows *turn)
{
    make_rows(turn, VARIETY);
}

ROOM(window_variety)(const WeftRows *turn)
{
    return room_of(turn);
}

ROWS_OP(window_variety, .brief = "number of different values of a window", .family = "lowered",
        .inputs = 1, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_INTEGER,
        .range = range_window_variety, PARAMS(CELL_PARAMETERS));
