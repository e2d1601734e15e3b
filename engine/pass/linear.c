/*
 * linear.c - sums of weighted cells.
 *
 * Weights that are a row times a column take two passes, first across, then down through a ring
 * that goes on beyond the raster. Few weights, and any others, take one. Equal weights are a sum.
 * Integers add up exactly; other sums are in f64. Where weights add up to 0, differences are taken
 * first. Needs: an inferred input. Writes new nodes.
 */
#include "pass/linear.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "pass/counted.h"
#include "pass/doubling.h"
#include "pass/terms.h"

/* Weights as a product: across[c] * down[r]. Both lie in the buffer. */
typedef struct Factors {
    double *across, *down;
    int terms; /* that are not 0, of both */
} Factors;

static double weight_at(const WfFocal *focal, int row, int col)
{
    return focal->weights[row * focal->width + col];
}

/* Rows are multiples of the one with the greatest weight, to 1e-12 of it, and 0 where it is. */
static bool factorise(const WfFocal *focal, Factors *factors)
{
    int row = 0, col = 0;

    for (int r = 0; r < focal->height; r++)
        for (int c = 0; c < focal->width; c++)
            if (fabs(weight_at(focal, r, c)) > fabs(weight_at(focal, row, col))) {
                row = r;
                col = c;
            }
    factors->terms = 0;
    for (int c = 0; c < focal->width; c++) {
        factors->across[c] = weight_at(focal, row, c);
        factors->terms += factors->across[c] != 0;
    }
    for (int r = 0; r < focal->height; r++) {
        factors->down[r] = weight_at(focal, r, col) / weight_at(focal, row, col);
        factors->terms += factors->down[r] != 0;
    }
    for (int r = 0; r < focal->height; r++)
        for (int c = 0; c < focal->width; c++) {
            double product = factors->down[r] * factors->across[c];

            if ((product == 0) != (weight_at(focal, r, c) == 0) ||
                fabs(product - weight_at(focal, r, c)) > 1e-12 * fabs(factors->across[col]))
                return false;
        }
    return true;
}

/* ------------------------------------------------------------------ weights */

static bool all_whole(const double *weights, int count)
{
    for (int i = 0; i < count; i++)
        if (weights[i] != floor(weights[i]))
            return false;
    return true;
}

/* They add up to 0, as far as their rounding lets one say. */
static bool vanish(const double *weights, int count)
{
    double sum = 0, size = 0;
    int members = 0;

    for (int i = 0; i < count; i++) {
        sum += weights[i];
        size += fabs(weights[i]);
        members += weights[i] != 0;
    }
    return fabs(sum) <= members * DBL_EPSILON * size;
}

static int cells_of(const WfFocal *focal)
{
    return focal->width * focal->height;
}

/* Integers times integers, as far as f64 holds them. */
static bool adds_exactly(const WfAround *around)
{
    const WeftRange *range = &around->build.graph->nodes[around->input].range;
    double cell = fmax(fabs(around->constant), fmax(fabs(range->lo), fabs(range->hi))), size = 0;

    for (int i = 0; i < cells_of(around->focal); i++)
        size += fabs(around->focal->weights[i]);
    return around->whole && all_whole(around->focal->weights, cells_of(around->focal)) &&
           cell * size <= 0x1p53;
}

/* Sums of weights times values are sums of differences. */
static bool differs(const WfAround *around, WfWorth worth, const double *weights, int count)
{
    return worth == WF_WORTH_VALUE && !adds_exactly(around) && vanish(weights, count);
}

/* ------------------------------------------------------------------ adding up */

/* Freed, too. NONE where not all terms are there. */
static WeftNode sum_of(WfTerms *terms, bool all)
{
    WeftNode sum = all ? wf_terms_sum(terms) : WEFT_NONE;

    wf_terms_free(terms);
    return sum;
}

/* A cell of the pixel's own kernel: one that is invalid is the centre's, one outside 0. */
static WeftNode filled_cell(const WfAround *around, int dx, int dy)
{
    const WfBuild *b = &around->build;

    return wf_around_widen(
        around, wf_build_2(b, "coalesce", wf_around_cell(around, dx, dy), wf_build_number(b, 0)));
}

static bool collect(const WfAround *around, WfWorth worth, bool filled, WfTerms *terms)
{
    const WfFocal *focal = around->focal;
    int rows = focal->height / 2, columns = focal->width / 2;
    bool exact = all_whole(focal->weights, cells_of(focal));

    for (int dy = -rows; dy <= rows; dy++)
        for (int dx = -columns; dx <= columns; dx++)
            if (wf_around_has(around, dx, dy) &&
                !wf_terms_add(terms,
                              filled ? filled_cell(around, dx, dy)
                                     : wf_around_term(around, worth, dx, dy, exact),
                              weight_at(focal, dy + rows, dx + columns), dx * dx + dy * dy))
                return false;
    return true;
}

static WeftNode direct(const WfAround *around, WfWorth worth, bool filled)
{
    const WfFocal *focal = around->focal;
    WfTerms terms = { .build = &around->build };
    bool all = collect(around, worth, filled, &terms);

    if (all && differs(around, worth, focal->weights, cells_of(focal)))
        wf_terms_compare(&terms, filled ? wf_around_widen(around, around->input) : WEFT_NONE);
    return sum_of(&terms, all);
}

/* One of the factors. */
typedef struct Line {
    const double *weights;
    int count;
    bool down;
} Line;

/* passed: the ring of the first pass; NONE: this is it. */
static WeftNode pass(const WfAround *around, WfWorth worth, const Line *line, bool exact,
                     WeftNode passed, bool compare)
{
    const WfBuild *b = &around->build;
    WfTerms terms = { .build = b };
    bool all = true;

    for (int i = 0; all && i < line->count; i++) {
        int at = i - line->count / 2, dx = line->down ? 0 : at, dy = line->down ? at : 0;

        if (line->weights[i] != 0)
            all = wf_terms_add(&terms,
                               passed != WEFT_NONE
                                   ? wf_build_neighbour(b, passed, dx, dy, "extend", 0)
                                   : wf_around_term(around, worth, dx, dy, exact),
                               line->weights[i], abs(at));
    }
    if (all && compare)
        wf_terms_compare(&terms, WEFT_NONE);
    return sum_of(&terms, all);
}

/* Across first, unless differences are taken down alone: the sooner the better. */
static WeftNode in_two_passes(const WfAround *around, WfWorth worth, const Factors *factors)
{
    Line first = { factors->across, around->focal->width, false };
    Line second = { factors->down, around->focal->height, true };
    bool exact = all_whole(first.weights, first.count) && all_whole(second.weights, second.count);
    bool differ = differs(around, worth, first.weights, first.count);
    WeftNode passed;

    if (!differ && differs(around, worth, second.weights, second.count)) {
        Line line = first;

        first = second;
        second = line;
        differ = true;
    }
    passed = pass(around, worth, &first, exact, WEFT_NONE, differ);
    return passed == WEFT_NONE ? passed : pass(around, worth, &second, exact, passed, false);
}

/* ------------------------------------------------------------------ shared */

bool wf_linear_even(const WfAround *around)
{
    const WfFocal *focal = around->focal;
    double first = 0;

    for (int i = 0; i < focal->width * focal->height; i++) {
        if (first == 0)
            first = focal->weights[i];
        if (focal->weights[i] != 0 && focal->weights[i] != first)
            return false;
    }
    return true;
}

double wf_linear_weight(const WfAround *around)
{
    double sum = 0;

    for (int i = 0; i < around->focal->width * around->focal->height; i++)
        sum += around->focal->weights[i];
    return sum;
}

static double any_weight(const WfFocal *focal)
{
    int i = 0;

    while (focal->weights[i] == 0)
        i++;
    return focal->weights[i];
}

static bool make_factors(const WfFocal *focal, Factors *factors, bool *product, WeftErr *err)
{
    factors->across =
        wf_calloc((size_t)focal->width + (size_t)focal->height, sizeof *factors->across, err);
    if (!factors->across)
        return false;
    factors->down = factors->across + focal->width;
    *product = factorise(focal, factors);
    return true;
}

bool wf_linear_check(const WfFocal *focal, WeftErr *err)
{
    WfAround around = { .focal = focal };
    Factors factors;
    int members = 0;
    bool product;

    for (int i = 0; i < focal->width * focal->height; i++)
        members += focal->weights[i] != 0;
    if (members <= WF_FOCAL_WEIGHTS || wf_linear_even(&around))
        return true;
    if (!make_factors(focal, &factors, &product, err))
        return false;
    wf_free(factors.across);
    if (product)
        return true;
    wf_fail(err, WEFT_EARG,
            "the kernel has %d weights other than 0, and no more than %d can be "
            "evaluated one by one",
            members, WF_FOCAL_WEIGHTS);
    return wf_hint(err, "a kernel that is a column times a row may have any size");
}

static WeftNode even_sum(const WfAround *around, WfWorth worth)
{
    WeftNode sum = wf_fold_sum(around, worth);
    double weight = any_weight(around->focal);

    if (weight == 1)
        return sum;
    if (weight != floor(weight))
        sum = wf_around_widen(around, sum);
    return wf_build_2(&around->build, "mul", sum, wf_build_number(&around->build, weight));
}

/* Of weights that are not all the same. Where cells are filled and differences taken, a window that
 * is not too large is added up cell by cell: what is filled does not differ from the centre. */
static WeftNode uneven_sum(const WfAround *around, WfWorth worth, bool filled)
{
    const WfFocal *focal = around->focal;
    bool one_by_one = filled && differs(around, worth, focal->weights, cells_of(focal));
    Factors factors;
    WeftNode sum;
    bool product;

    if (!make_factors(focal, &factors, &product, around->build.err))
        return WEFT_NONE;
    product &= factors.terms + 6 < around->members;
    if (product && !(one_by_one && around->members <= WF_FOCAL_SORTED)) {
        sum = in_two_passes(around, worth, &factors);
        one_by_one = false;
    } else {
        sum = direct(around, worth, one_by_one);
    }
    wf_free(factors.across);
    if (!filled || one_by_one)
        return sum;
    return wf_around_fill(around, sum, uneven_sum(around, WF_WORTH_FILLED, false));
}

WeftNode wf_linear_sum(const WfAround *around, WfWorth worth)
{
    return wf_linear_even(around) ? even_sum(around, worth) : uneven_sum(around, worth, false);
}

WeftNode wf_linear_filled(const WfAround *around)
{
    if (!wf_around_fills(around))
        return wf_linear_sum(around, WF_WORTH_VALUE);
    if (!wf_linear_even(around))
        return uneven_sum(around, WF_WORTH_VALUE, true);
    return wf_around_fill(around, even_sum(around, WF_WORTH_VALUE),
                          even_sum(around, WF_WORTH_FILLED));
}
