/*
 * tally.c - the statistics of one value in one group of pixels.
 *
 * Of a run come a count n, its first valid value c, and sums S1, S2 of d = x - c and d^2. The exact
 * sums take n c + S1 and n c^2 + 2 c S1 + S2, every product without rounding, so that the spread
 * n squares - sum^2 holds to the last bits. Where d or d^2 leave the range of doubles, pixels are
 * taken one by one, which the pixels of the run alone decide.
 */
#include "tally.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ the form */

static int part(WfTallyForm *form, bool wanted, size_t size)
{
    int at = form->size;

    if (!wanted)
        return -1;
    form->size += (int)size;
    return at;
}

WfTallyForm wf_tally_form(unsigned want, bool weighted)
{
    WfTallyForm form = { .size = sizeof(int64_t) };
    bool sum = want & (WEFT_WANT_SUM | WEFT_WANT_SPREAD);

    form.sum = part(&form, sum, sizeof(WfExact));
    form.squares = part(&form, want & WEFT_WANT_SPREAD, sizeof(WfExact));
    form.weight = part(&form, sum && weighted, sizeof(WfExact));
    form.min = part(&form, want & (WEFT_WANT_MIN | WEFT_WANT_ARGMIN), sizeof(double));
    form.max = part(&form, want & (WEFT_WANT_MAX | WEFT_WANT_ARGMAX), sizeof(double));
    form.first = part(&form, want & WEFT_WANT_FIRST, sizeof(double));
    form.last = part(&form, want & WEFT_WANT_LAST, sizeof(double));
    form.argmin = part(&form, want & WEFT_WANT_ARGMIN, sizeof(int64_t));
    form.argmax = part(&form, want & WEFT_WANT_ARGMAX, sizeof(int64_t));
    form.first_at = part(&form, want & WEFT_WANT_FIRST, sizeof(int64_t));
    form.last_at = part(&form, want & WEFT_WANT_LAST, sizeof(int64_t));
    return form;
}

/* Integers up to 2^53 and their squares have no bits below 1 and less than 192 in all. All that is
 * made of f32 is a multiple of 2^-149, of squares 2^-298, and less than 2^256 times the pixels. */
int64_t wf_tally_most(const WfTallyForm *form, const WeftReduceSetup *setup, int input)
{
    WeftRange range = setup->ranges[input];
    bool whole = range.whole && range.lo >= -0x1p53 && range.hi <= 0x1p53;
    bool any = form->weight >= 0 || setup->wide[input];
    int sum = any ? EXACT_HIGHEST - EXACT_LOWEST : 8, squares = any ? sum : 12;
    int64_t most = form->weight >= 0 ? wf_limbs_most(sum) : 0;

    if (whole && form->weight < 0)
        return 0;
    most += form->sum >= 0 ? wf_limbs_most(sum) : 0;
    return most + (form->squares >= 0 ? wf_limbs_most(squares) : 0);
}

/* A part of a tally; NULL: the form has none. The count is its first eight bytes. */
static void *at(void *tally, int place)
{
    return place < 0 ? NULL : (char *)tally + place;
}
static const void *read_at(const void *tally, int place)
{
    return place < 0 ? NULL : (const char *)tally + place;
}
static int64_t count_of(const void *tally)
{
    return *(const int64_t *)tally;
}

/* ------------------------------------------------------------------ sums */

typedef struct Sums {
    WfExact *sum, *squares, *weight;
    WfLimbs *pool;
} Sums;

/* Multiply limbs by a mantissa; the product is one limb longer. */
static void scale(uint64_t *limb, int count, uint64_t mantissa)
{
    uint64_t carry = 0;

    for (int i = 0; i <= count; i++) {
        WfWide next = (WfWide)(i < count ? limb[i] : 0) * mantissa + carry;

        limb[i] = (uint64_t)next;
        carry = (uint64_t)(next >> 64);
    }
}

/* Add times * a * b * weight. */
static __attribute__((noinline)) bool enter_weighted(WfExact *sum, WfLimbs *pool, double a,
                                                     double b, double weight, unsigned times)
{
    WfFactor x = wf_factor(a), y = wf_factor(b), w = wf_factor(weight);
    int exponent = x.exponent + y.exponent + w.exponent;
    uint64_t limb[5] = { x.mantissa };

    scale(limb, 1, y.mantissa);
    scale(limb, 2, w.mantissa);
    scale(limb, 3, (uint64_t)times << (exponent & 31));
    exponent -= exponent & 31;
    if (exponent & 32)
        scale(limb, 4, UINT64_C(1) << 32);
    return wf_exact_add(sum, pool, limb, 5, exponent >> 6, x.negative != y.negative);
}

/* Add times * a * b, weighted where weights are kept. */
static inline __attribute__((always_inline)) bool enter(const Sums *sums, WfExact *sum, double a,
                                                        double b, double weight, unsigned times)
{
    if (sums->weight && weight != 1)
        return enter_weighted(sum, sums->pool, a, b, weight, times);
    return b == 1 ? wf_exact_value(sum, sums->pool, a, times)
                  : wf_exact_product(sum, sums->pool, a, b, times);
}

static bool enter_moments(const Sums *sums, const WfMoments *made, double weight)
{
    if (sums->weight && !wf_exact_value(sums->weight, sums->pool, weight, made->count))
        return false;
    if (!enter(sums, sums->sum, made->first, 1, weight, made->count) ||
        !enter(sums, sums->sum, made->sum, 1, weight, 1))
        return false;
    return !sums->squares ||
           (enter(sums, sums->squares, made->first, made->first, weight, made->count) &&
            enter(sums, sums->squares, made->first, made->sum, weight, 2) &&
            enter(sums, sums->squares, made->squares, 1, weight, 1));
}

static bool enter_pixels(const Sums *sums, const double *x, int count, double weight)
{
    for (int i = 0; i < count; i++) {
        WfMoments one = { .count = 1, .first = x[i] };

        if (isinf(x[i]))
            wf_exact_special(sums->sum, x[i]);
        else if (!isnan(x[i]) && !enter_moments(sums, &one, weight))
            return false;
    }
    return true;
}

/* d and d^2 are well within the range of doubles. */
static bool is_plain(const WfMoments *made, const double *x, int count)
{
    if (made->squares >= 0x1p-900)
        return made->squares <= 0x1p1000;
    for (int i = 0; i < count; i++)
        if (!isnan(x[i]) && x[i] != made->first)
            return false;
    return !isinf(made->first) && !isnan(made->squares);
}

/* ------------------------------------------------------------------ extremes and ends */

static int find(const double *x, double value)
{
    int i = 0;

    while (x[i] != value)
        i++;
    return i;
}

/* Take an extreme of a run that begins at index, `before` saying whether it comes before the one
 * that is there. */
static void keep_extreme(double *kept, int64_t *kept_at, bool none, bool before, double value,
                         const double *x, int64_t index)
{
    bool equal = !none && value == *kept;

    if (none || before)
        *kept = value;
    if (kept_at && (none || before || (equal && index < *kept_at))) {
        int64_t place = index + find(x, value);

        if (none || before || place < *kept_at)
            *kept_at = place;
    }
}

static void take_extremes(const WfTallyForm *form, void *tally, const WfRun *run, bool all)
{
    const double *x = run->leaf->x + run->from;
    double *min = at(tally, form->min), *max = at(tally, form->max), low, high;
    int64_t index = run->index + run->from;
    bool none = !count_of(tally);

    if (!min && !max)
        return;
    if (all)
        wf_leaf_extremes(run->leaf, &low, &high);
    else
        wf_run_extremes(x, run->count, &low, &high);
    if (min)
        keep_extreme(min, at(tally, form->argmin), none, low < *min, low, x, index);
    if (max)
        keep_extreme(max, at(tally, form->argmax), none, high > *max, high, x, index);
}

static void take_ends(const WfTallyForm *form, void *tally, const WfRun *run)
{
    const double *x = run->leaf->x + run->from;
    int64_t *first_at = at(tally, form->first_at), *last_at = at(tally, form->last_at);
    int64_t index = run->index + run->from;
    int i;

    if (first_at && (!*first_at || index < *first_at)) {
        for (i = 0; isnan(x[i]);)
            i++;
        if (!*first_at || index + i < *first_at) {
            *first_at = index + i;
            *(double *)at(tally, form->first) = x[i];
        }
    }
    if (last_at && index + run->count > *last_at) {
        for (i = run->count - 1; isnan(x[i]);)
            i--;
        if (index + i > *last_at) {
            *last_at = index + i;
            *(double *)at(tally, form->last) = x[i];
        }
    }
}

bool wf_tally_take(const WfTallyForm *form, void *tally, WfLimbs *pool, const WfRun *run)
{
    const double *x = run->leaf->x + run->from;
    bool all = run->count == run->leaf->count;
    unsigned valid;

    if (form->sum >= 0) {
        Sums sums = { at(tally, form->sum), at(tally, form->squares), at(tally, form->weight),
                      pool };
        WfMoments made = all ? wf_leaf_moments(run->leaf) : wf_run_moments(x, run->count);

        valid = made.count;
        if (valid &&
            !(is_plain(&made, x, run->count) ? enter_moments(&sums, &made, run->weight)
                                             : enter_pixels(&sums, x, run->count, run->weight)))
            return false;
    } else {
        valid = wf_run_valid(x, run->count);
    }
    if (!valid)
        return true;
    take_extremes(form, tally, run, all);
    take_ends(form, tally, run);
    *(int64_t *)tally += valid;
    return true;
}

/* ------------------------------------------------------------------ merging */

static void merge_extreme(double *kept, int64_t *kept_at, const double *other,
                          const int64_t *other_at, bool none, bool before)
{
    bool equal = *other == *kept;

    if (none || before)
        *kept = *other;
    if (kept_at && (none || before || (equal && *other_at < *kept_at)))
        *kept_at = *other_at;
}

static void merge_end(double *kept, int64_t *kept_at, const double *other, const int64_t *other_at,
                      bool before)
{
    if (*other_at && (!*kept_at || before)) {
        *kept = *other;
        *kept_at = *other_at;
    }
}

static void merge_places(const WfTallyForm *form, void *tally, const void *other)
{
    double *min = at(tally, form->min), *max = at(tally, form->max);
    const double *low = read_at(other, form->min), *high = read_at(other, form->max);
    int64_t *first_at = at(tally, form->first_at), *last_at = at(tally, form->last_at);
    const int64_t *other_first = read_at(other, form->first_at);
    const int64_t *other_last = read_at(other, form->last_at);
    bool none = !count_of(tally);

    if (min)
        merge_extreme(min, at(tally, form->argmin), low, read_at(other, form->argmin), none,
                      *low < *min);
    if (max)
        merge_extreme(max, at(tally, form->argmax), high, read_at(other, form->argmax), none,
                      *high > *max);
    if (first_at)
        merge_end(at(tally, form->first), first_at, read_at(other, form->first), other_first,
                  *other_first < *first_at);
    if (last_at)
        merge_end(at(tally, form->last), last_at, read_at(other, form->last), other_last,
                  *other_last > *last_at);
}

bool wf_tally_merge(const WfTallyForm *form, void *tally, WfLimbs *pool, const void *other,
                    const WfLimbs *others)
{
    const int sums[] = { form->sum, form->squares, form->weight };

    if (!count_of(other))
        return true;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        if (sums[i] >= 0 &&
            !wf_exact_merge(at(tally, sums[i]), pool, read_at(other, sums[i]), others))
            return false;
    merge_places(form, tally, other);
    *(int64_t *)tally += count_of(other);
    return true;
}

/* ------------------------------------------------------------------ the byte form */

/* Parts of eight bytes begin after the sums. */
static int words_from(const WfTallyForm *form)
{
    int sums = (form->sum >= 0) + (form->squares >= 0) + (form->weight >= 0);

    return (int)sizeof(int64_t) + sums * (int)sizeof(WfExact);
}

void wf_tally_pack(const WfTallyForm *form, const void *tally, const WfLimbs *pool, WfPack *pack)
{
    wf_pack_u64(pack, (uint64_t)count_of(tally));
    for (int i = sizeof(int64_t); i < words_from(form); i += (int)sizeof(WfExact))
        wf_exact_pack(read_at(tally, i), pool, pack);
    for (int i = words_from(form); i < form->size; i += 8)
        wf_pack_u64(pack, *(const uint64_t *)read_at(tally, i));
}

bool wf_tally_unpack(const WfTallyForm *form, void *tally, WfLimbs *pool, WfUnpack *pack)
{
    *(uint64_t *)tally = wf_unpack_u64(pack);
    for (int i = sizeof(int64_t); i < words_from(form); i += (int)sizeof(WfExact))
        if (!wf_exact_unpack(at(tally, i), pool, pack))
            return false;
    for (int i = words_from(form); i < form->size; i += 8)
        *(uint64_t *)at(tally, i) = wf_unpack_u64(pack);
    return !pack->bad;
}

/* ------------------------------------------------------------------ the table */

/* weight: the sum of weights, exact; of unweighted pixels their count. */
static WfExact weight_of(const WfTallyForm *form, const void *tally)
{
    WfExact weight = { .limb = { (uint64_t)count_of(tally) }, .inside = true };

    return form->weight < 0 ? weight : *(const WfExact *)read_at(tally, form->weight);
}

static void fill_sums(const WfTallyForm *form, const void *tally, const WfLimbs *pool,
                      double cells[TALLY_COLUMNS])
{
    const WfExact *total = read_at(tally, form->sum), *squares = read_at(tally, form->squares);
    WfExact exact = weight_of(form, tally);
    WfScaled sum = wf_exact_round(total, pool), weight = wf_exact_round(&exact, pool), var;
    double less = wf_scaled_value(weight) - 1;

    cells[TALLY_SUM] = wf_scaled_value(sum);
    if (weight.mantissa == 0)
        return;
    cells[TALLY_MEAN] = wf_scaled_value(wf_scaled_divide(sum, weight));
    if (!squares)
        return;
    var = wf_scaled_divide(wf_exact_spread(&exact, squares, total, pool), weight);
    cells[TALLY_VAR0] = wf_scaled_value(wf_scaled_divide(var, weight));
    cells[TALLY_STD0] = wf_scaled_root(wf_scaled_divide(var, weight));
    if (!(less > 0))
        return;
    cells[TALLY_VAR1] = wf_scaled_value(wf_scaled_divide(var, wf_scaled(less)));
    cells[TALLY_STD1] = wf_scaled_root(wf_scaled_divide(var, wf_scaled(less)));
}

void wf_tally_fill(const WfTallyForm *form, const void *tally, const WfLimbs *pool, double pixels,
                   double cells[TALLY_COLUMNS])
{
    const struct {
        int place, column;
        bool index;
    } words[] = {
        { form->min, TALLY_MIN, false },      { form->max, TALLY_MAX, false },
        { form->first, TALLY_FIRST, false },  { form->last, TALLY_LAST, false },
        { form->argmin, TALLY_ARGMIN, true }, { form->argmax, TALLY_ARGMAX, true },
    };

    for (int i = 0; i < TALLY_COLUMNS; i++)
        cells[i] = (double)NAN;
    cells[TALLY_COUNT] = (double)count_of(tally);
    cells[TALLY_PIXELS] = pixels;
    if (!count_of(tally))
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].place >= 0)
            cells[words[i].column] = words[i].index
                                         ? (double)*(const int64_t *)read_at(tally, words[i].place)
                                         : *(const double *)read_at(tally, words[i].place) + 0.0;
    if (form->min >= 0 && form->max >= 0)
        cells[TALLY_RANGE] = cells[TALLY_MAX] - cells[TALLY_MIN];
    if (form->sum >= 0)
        fill_sums(form, tally, pool, cells);
}

double wf_tally_sum(const WfTallyForm *form, const void *tally, const WfLimbs *pool)
{
    if (!count_of(tally))
        return (double)NAN;
    return wf_scaled_value(wf_exact_round(read_at(tally, form->sum), pool));
}
